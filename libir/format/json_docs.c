/*
 * JSON documents: pretty-printed objects one after the other, or an array of objects. Here they are
 * only cut apart; json_walk.c reads each. An object that does not end, or bytes between objects
 * that are not JSON, become damaged records of their own, so that nothing is lost silently.
 * Document: RFC 8259.
 */
#include "base/json.h"
#include "format/json_walk.h"

/* An attacker's lone '{' must not swallow the rest of a log. An object that has not ended after so
 * many bytes is given up; where the grammar breaks before, it is given up there. */
#define OBJECT_MAX ((size_t)8 << 20)
/* A break within so few containers is looked at again from the next line that begins with '{',
 * which costs one more look for each container. */
#define RETRY_DEPTH 8u

enum end { WHOLE, OPEN, BROKEN };

struct extent {
    enum end end;
    size_t n; /* WHOLE: of the object; else how far it was good */
    size_t depth;
};

enum {
    BLANK = 1, /* what a byte outside strings can be; 0: nothing in JSON */
    SCALAR,
    UP,
    DOWN,
    BETWEEN,
    QUOTE,
};

static const uint8_t classes[256] = {
    [' '] = BLANK,   ['\t'] = BLANK,  ['\n'] = BLANK, ['\r'] = BLANK,
    ['{'] = UP,      ['['] = UP,      ['}'] = DOWN,   [']'] = DOWN,
    [','] = BETWEEN, [':'] = BETWEEN, ['"'] = QUOTE,  ['0' ... '9'] = SCALAR,
    ['+'] = SCALAR,  ['-'] = SCALAR,  ['.'] = SCALAR, ['a' ... 'z'] = SCALAR,
    ['E'] = SCALAR,
};

/* Behind the closing quote of the string whose text begins at p; NULL when a line ends first, end +
 * 1 when the bytes do. Quotes are sought first: to seek the line end first would cost a long line
 * over and over. */
static const char *string_end(const char *p, const char *end)
{
    const char *from = p;
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (memchr(p, '\n', (size_t)((quote ? quote : end) - p))) return NULL;
        if (quote == NULL) return end + 1;
        const char *run = quote; /* of backslashes before the quote: an odd one escapes it */
        while (run > from && run[-1] == '\\')
            run--;
        p = quote + 1;
        if (((quote - run) & 1) == 0) return p;
    }
}

/* The object at the start of s: brackets, strings and what may stand before a bracket; the rest of
 * the grammar is the reader's. */
static struct extent object_extent(struct ir_str s)
{
    const char *p = s.p, *end = s.p + s.n;
    uint8_t before = BETWEEN;
    size_t depth = 0;
    while (p < end) {
        uint8_t c = classes[(unsigned char)*p];
        const char *next_p = p + 1;
        bool bad = c == 0 || (c == UP && before != BETWEEN && before != UP) ||
                   (c == UP && depth == IR_JSON_DEPTH_MAX);
        if (c == QUOTE) next_p = string_end(p + 1, end);
        if (bad || next_p == NULL) return (struct extent){BROKEN, (size_t)(p - s.p), depth};
        if (next_p > end) break;
        if (c == UP) depth++;
        if (c == DOWN && --depth == 0) return (struct extent){WHOLE, (size_t)(next_p - s.p), 0};
        if (c != BLANK) before = c;
        p = next_p;
    }
    return (struct extent){OPEN, s.n, depth};
}

/* evtx_dump writes "Record 12" above each object: the length of such a line with its end, or 0. */
static size_t record_line(struct ir_str s)
{
    size_t n = sizeof "Record " - 1, digits = n;
    if (!ir_str_starts(s, IR_S("Record "))) return 0;
    while (n < s.n && ir_isdigit(s.p[n]))
        n++;
    if (n == digits) return 0;
    while (n < s.n && s.p[n] == '\r')
        n++;
    return n < s.n && s.p[n] == '\n' ? n + 1 : 0;
}

/* last: no more bytes will come; else a list's end may go on behind them, and stays. */
static struct ir_str skip_between(struct ir_str s, bool last)
{
    if (ir_str_starts(s, IR_S("\xef\xbb\xbf"))) s = ir_str_skip(s, 3);
    for (;;) {
        size_t n = 0;
        while (n < s.n && memchr(" \t\r\n,[", s.p[n], 6))
            n++;
        if (n == 0) n = record_line(s);
        if (n == 0) n = ir_json_wrapper_open(s);
        if (n == 0) n = ir_json_wrapper_close(s);
        if (n == 0 && s.n > 0 && s.p[0] == ']' && (last || s.n > IR_JSON_WRAPPER_MAX)) n = 1;
        if (n == 0) return s;
        s = ir_str_skip(s, n);
    }
}

/* Where a broken object is given up: before a line that begins with '{', else at the line end. */
static size_t broken_end(struct ir_str s, const struct extent *x)
{
    struct ir_str good = ir_str_head(s, x->n + 2);
    size_t at = x->depth <= RETRY_DEPTH ? ir_str_find(ir_str_skip(good, 1), IR_S("\n{"))
                                        : ir_str_rfind(ir_str_skip(good, 1), IR_S("\n{"));
    if (at != IR_NPOS) return at + 1;
    size_t line = ir_str_chr(ir_str_skip(s, x->n), '\n');
    return line == IR_NPOS ? s.n : x->n + line;
}

/* The length of the record at the start of s (which is not blank); IR_NPOS: it needs more bytes. */
static size_t record_length(struct ir_str s, bool last)
{
    if (s.p[0] != '{') {
        size_t line = ir_str_chr(s, '\n');
        return line != IR_NPOS ? line : last ? s.n : IR_NPOS;
    }
    struct extent x = object_extent(s);
    if (x.end == WHOLE) return x.n;
    if (x.end == OPEN && !last && s.n <= OBJECT_MAX) return IR_NPOS;
    size_t n = broken_end(s, &x);
    return n == s.n && !last && s.n <= OBJECT_MAX ? IR_NPOS : n;
}

static size_t cut(struct ir_str data, bool last)
{
    if (last) return data.n;
    struct ir_str rest = data;
    size_t done = 0;
    for (;;) {
        rest = skip_between(rest, false);
        if (rest.n == 0) return data.n;
        if (rest.p[0] == ']') return done;
        size_t n = record_length(rest, false);
        if (n == IR_NPOS) return done;
        rest = ir_str_skip(rest, n);
        done = data.n - rest.n;
    }
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    struct ir_str s = skip_between(*rest, true);
    if (s.n == 0) {
        *rest = s;
        return false;
    }
    size_t n = record_length(s, true);
    *ret_rec = ir_str_head(s, n);
    while (ret_rec->n > 0 && memchr(" \t\r\n", ret_rec->p[ret_rec->n - 1], 4))
        ret_rec->n--;
    *rest = ir_str_skip(s, n);
    return true;
}

/* The head of something pretty-printed or of an array: '{' or '[' and then a key or an object, over
 * lines or not. */
static int bid(struct ir_str head)
{
    struct ir_str s = skip_between(head, true);
    if (ir_json_wrapper_open(ir_str_trim(head)) > 0) return 96; /* before one object a line */
    if (s.n < 2 || s.p[0] != '{') return 0;
    size_t blanks = 1;
    while (blanks < s.n && memchr(" \t\r\n", s.p[blanks], 4))
        blanks++;
    bool over_lines = memchr(s.p, '\n', blanks) != NULL;
    if (blanks == s.n || (s.p[blanks] != '"' && s.p[blanks] != '}')) return 0;
    bool array = memchr(head.p, '[', (size_t)(s.p - head.p)) != NULL;
    if (array || over_lines) return 85;
    /* several objects on a line, or one over lines; one a line is the other format's */
    return object_extent(s).end == WHOLE ? 70 : 50;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return rec.n == 0 || rec.p[0] != '{' ? IR_BAD : ir_json_event(p, rec, ev);
}

const struct ir_format ir_format_json_docs = {
    .name = "json_docs",
    .title = N_("JSON objects over several lines, or an array of them"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
