/*
 * Foreign text in Markdown. See md_out.h.
 */
#include "report/md_out.h"

#include <strings.h>

#include "base/utf8.h"

#define TEXT_MAX ((size_t)1 << 22)

static bool word(struct ir_str s, size_t i)
{
    return i < s.n && ir_isalnum(s.p[i]);
}

/* :smile: but not the colons of 06:45:28 */
static bool shortcode(struct ir_str s)
{
    bool sign = s.n > 1 && (s.p[1] == '+' || s.p[1] == '-');
    size_t n = 1;
    for (; n < s.n && (word(s, n) || s.p[n] == '_' || s.p[n] == '+' || s.p[n] == '-'); n++)
        sign = sign || ir_isalpha(s.p[n]);
    return sign && n < s.n && s.p[n] == ':';
}

static bool entity(struct ir_str s)
{
    size_t n = 1;
    while (n < s.n && (word(s, n) || s.p[n] == '#'))
        n++;
    return n > 1 && n < s.n && s.p[n] == ';';
}

/*
 * Whether the byte, taken as it is, could become markup, a link, a mention or a sign. No more is
 * escaped: times, addresses and names stay as they are, for people who read or search the source.
 * Without brackets no parenthesis and no exclamation mark does anything.
 */
static bool alive(struct ir_str s, size_t i)
{
    switch (s.p[i]) {
    case '_': return i == 0 || !word(s, i - 1) || !word(s, i + 1);
    case ':': return (i + 1 < s.n && s.p[i + 1] == '/') || shortcode(ir_str_skip(s, i));
    case '.': return i >= 3 && strncasecmp(s.p + i - 3, "www", 3) == 0;
    case '&': return entity(ir_str_skip(s, i));
    case '\0': return false;
    default: return strchr("\\`*[]<>#|~@$", s.p[i]) != NULL;
    }
}

void ir_md_text(struct ir_buf *out, struct ir_str raw)
{
    struct ir_buf seen = IR_BUF(TEXT_MAX);
    ir_visible(&seen, raw, 0);
    for (size_t i = 0; i < seen.n; i++) {
        if (alive(ir_buf_view(&seen), i)) ir_buf_chr(out, '\\');
        ir_buf_chr(out, seen.p[i]);
    }
    if (seen.full) out->full = true;
    ir_buf_free(&seen);
}

void ir_md_line(struct ir_buf *out, struct ir_str raw)
{
    size_t digits = 0;
    while (digits < raw.n && ir_isdigit(raw.p[digits]))
        digits++;
    if (raw.n > 0 && strchr("-=+", raw.p[0]) != NULL && raw.p[0] != '\0') ir_buf_chr(out, '\\');
    if (digits > 0 && digits < raw.n && strchr(".)", raw.p[digits]) != NULL) {
        ir_buf_str(out, ir_str_head(raw, digits));
        ir_buf_chr(out, '\\');
        raw = ir_str_skip(raw, digits);
    }
    ir_md_text(out, raw);
}

static size_t longest_ticks(struct ir_str s)
{
    size_t most = 0, run = 0;
    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == '`' ? run + 1 : 0;
        if (run > most) most = run;
    }
    return most;
}

static void ticks(struct ir_buf *out, size_t n)
{
    while (n-- > 0)
        ir_buf_chr(out, '`');
}

void ir_md_code(struct ir_buf *out, struct ir_str raw, size_t max, bool cell)
{
    struct ir_buf seen = IR_BUF(TEXT_MAX);
    struct ir_str head = ir_utf8_head(raw, max);
    ir_visible(&seen, head, 0);
    if (head.n < raw.n) ir_buf_str(&seen, IR_S("…"));
    struct ir_str s = ir_buf_view(&seen);
    size_t fence = longest_ticks(s) + 1;
    bool pad = s.n == 0 || s.p[0] == '`' || s.p[s.n - 1] == '`' || s.p[0] == ' ';
    ticks(out, fence);
    if (pad) ir_buf_chr(out, ' ');
    for (size_t i = 0; i < s.n; i++) {
        if (cell && s.p[i] == '|') ir_buf_chr(out, '\\');
        ir_buf_chr(out, s.p[i]);
    }
    if (pad) ir_buf_chr(out, ' ');
    ticks(out, fence);
    if (seen.full) out->full = true;
    ir_buf_free(&seen);
}

static void block_line(struct ir_buf *out, uint64_t number, char mark, struct ir_str line,
                       bool more)
{
    ir_buf_chr(out, mark);
    if (number > 0) ir_buf_fmt(out, "%7llu  ", (unsigned long long)number);
    ir_visible(out, line, 0);
    if (more) ir_buf_str(out, IR_S("…"));
    ir_buf_chr(out, '\n');
}

static void block_lines(struct ir_buf *out, struct ir_str lines, uint64_t number, char mark,
                        bool more)
{
    while (lines.p != NULL && lines.n > 0) {
        struct ir_str line = ir_str_cut(&lines, '\n');
        bool last = lines.p == NULL || lines.n == 0;
        block_line(out, number, mark, line, more && last);
        if (number > 0) number++;
    }
}

void ir_md_record(struct ir_buf *out, const struct ir_origin *o)
{
    struct ir_buf text = IR_BUF(TEXT_MAX);
    uint64_t before = 0;
    if (o->excerpt.n == 0) return;
    for (size_t i = 0; i < o->before.n; i++)
        before += o->before.p[i] == '\n';
    block_lines(&text, o->before, o->line > before ? o->line - before : 0, ' ', false);
    block_lines(&text, o->excerpt, o->line, '>', o->excerpt.n < o->length);
    block_lines(&text, o->after, o->line > 0 ? o->line + o->lines + 1 : 0, ' ', false);
    size_t fence = longest_ticks(ir_buf_view(&text)) + 1;
    if (fence < 3) fence = 3;
    ir_buf_chr(out, '\n');
    ticks(out, fence);
    ir_buf_str(out, IR_S("text\n"));
    ir_buf_str(out, ir_buf_view(&text));
    ticks(out, fence);
    ir_buf_chr(out, '\n');
    if (text.full) out->full = true;
    ir_buf_free(&text);
}
