/*
 * JSON documents: pretty-printed objects one after the other, or an array of objects. Here they are
 * only cut apart; json_walk.c reads each. An object that does not end, or bytes between objects
 * that are not JSON, become damaged records of their own, so that nothing is lost silently.
 * Document: RFC 8259.
 */
#include "base/json.h"
#include "format/json_walk.h"

/* An attacker's lone '{' must not swallow the rest of a log: an object that has not ended after so
 * many bytes is given up at the next line that begins with '{'. */
#define OBJECT_MAX ((size_t)8 << 20)

size_t ir_json_object_end(struct ir_str text)
{
    size_t depth = 0;
    const char *p = text.p, *end = text.p + text.n;
    for (; p < end; p++) {
        switch (*p) {
        case '{':
        case '[': depth++; break;
        case '}':
        case ']':
            if (--depth == 0) return (size_t)(p + 1 - text.p);
            break;
        case '"':
            for (p++; p < end && *p != '"'; p++)
                if (*p == '\\' && ++p == end) return IR_NPOS;
            if (p == end) return IR_NPOS;
            break;
        default: break;
        }
    }
    return IR_NPOS;
}

static struct ir_str skip_between(struct ir_str s)
{
    if (ir_str_starts(s, IR_S("\xef\xbb\xbf"))) s = ir_str_skip(s, 3);
    while (s.n > 0 && memchr(" \t\r\n,[]", s.p[0], 7))
        s = ir_str_skip(s, 1);
    return s;
}

/* Where an object that does not end is given up: before the next line that begins with '{'. */
static size_t broken_end(struct ir_str s)
{
    size_t at = ir_str_find(ir_str_skip(s, 1), IR_S("\n{"));
    return at == IR_NPOS ? s.n : at + 1;
}

/* The length of the record at the start of s (which is not blank); IR_NPOS: it needs more bytes. */
static size_t record_length(struct ir_str s, bool last)
{
    if (s.p[0] != '{') {
        size_t line = ir_str_chr(s, '\n');
        return line != IR_NPOS ? line : last ? s.n : IR_NPOS;
    }
    size_t n = ir_json_object_end(s);
    if (n != IR_NPOS) return n;
    return last || s.n > OBJECT_MAX ? broken_end(s) : IR_NPOS;
}

static size_t cut(struct ir_str data, bool last)
{
    if (last) return data.n;
    struct ir_str rest = data;
    size_t done = 0;
    for (;;) {
        rest = skip_between(rest);
        if (rest.n == 0) return data.n;
        size_t n = record_length(rest, false);
        if (n == IR_NPOS) return done;
        rest = ir_str_skip(rest, n);
        done = data.n - rest.n;
    }
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    struct ir_str s = skip_between(*rest);
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
    struct ir_str s = head;
    if (ir_str_starts(s, IR_S("\xef\xbb\xbf"))) s = ir_str_skip(s, 3);
    while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4))
        s = ir_str_skip(s, 1);
    if (s.n < 2 || (s.p[0] != '{' && s.p[0] != '[')) return 0;
    bool array = s.p[0] == '[';
    s = array ? skip_between(s) : s;
    if (s.n == 0 || s.p[0] != '{') return 0;
    struct ir_str inner = ir_str_skip(s, 1);
    bool over_lines = false;
    while (inner.n > 0 && memchr(" \t\r\n", inner.p[0], 4)) {
        over_lines |= inner.p[0] == '\n';
        inner = ir_str_skip(inner, 1);
    }
    if (inner.n == 0 || (inner.p[0] != '"' && inner.p[0] != '}')) return 0;
    if (array || over_lines) return 85;
    size_t n = ir_json_object_end(s);
    if (n == IR_NPOS) return 50;
    /* several objects on a line, or one over lines; one a line is the other format's */
    return 70;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return rec.n == 0 || rec.p[0] != '{' ? IR_BAD : ir_json_event(p, rec, ev);
}

const struct ir_format ir_format_json_docs = {
    .name = "json_docs",
    .title = "JSON objects over several lines, or an array of them",
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
