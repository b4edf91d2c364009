/*
 * Cells of CSV files. See cell.h for what is guarded and why.
 */
#include "report/cell.h"

#include "base/time.h"
#include "base/utf8.h"

#define CELL_MAX ((size_t)64 << 20)

/* Blanks that a spreadsheet trims before it looks for a formula. */
static bool is_blank(int32_t cp)
{
    return cp == ' ' || cp == '\n' || cp == 0x0b || cp == 0x0c || cp == 0xa0 || cp == 0x3000 ||
           cp == 0xfeff || (cp >= 0x2000 && cp <= 0x200b);
}

static bool is_formula(struct ir_str s)
{
    while (s.n > 0) {
        int32_t cp;
        size_t n = ir_utf8_decode(s, &cp);
        if (!is_blank(cp))
            return cp == '=' || cp == '+' || cp == '-' || cp == '@' || cp == '\t' || cp == '\r' ||
                   cp == 0xff1d || cp == 0xff0b || cp == 0xff0d || cp == 0xff20;
        s = ir_str_skip(s, n);
    }
    return false;
}

static void separate(struct ir_buf *out, bool *first)
{
    if (!*first) ir_buf_chr(out, ',');
    *first = false;
}

/* `seen` is what stands in the cell. */
static void put(struct ir_buf *out, struct ir_buf *seen)
{
    struct ir_str text = ir_buf_view(seen);
    bool quote = false;
    if (seen->full) out->full = true; /* a cut cell must not pass for a whole one */
    for (size_t i = 0; i < text.n && !quote; i++)
        quote = text.p[i] == '"' || text.p[i] == ',' || text.p[i] == ';' || text.p[i] == ' ' ||
                text.p[i] == '\n';
    if (!quote) {
        ir_buf_str(out, text);
    } else {
        ir_buf_chr(out, '"');
        for (size_t at; (at = ir_str_chr(text, '"')) != IR_NPOS; text = ir_str_skip(text, at + 1)) {
            ir_buf_add(out, text.p, at + 1);
            ir_buf_chr(out, '"');
        }
        ir_buf_str(out, text);
        ir_buf_chr(out, '"');
    }
    ir_buf_free(seen);
}

void ir_cell_text(struct ir_buf *out, bool *first, struct ir_str s)
{
    struct ir_buf seen = IR_BUF(CELL_MAX);
    separate(out, first);
    if (is_formula(s)) ir_buf_chr(&seen, '\'');
    ir_visible(&seen, s, 0);
    put(out, &seen);
}

void ir_cell_lines(struct ir_buf *out, bool *first, struct ir_str s)
{
    struct ir_buf seen = IR_BUF(CELL_MAX);
    struct ir_str line;
    bool ended = false;
    separate(out, first);
    while (ir_str_line(&s, &line, &ended)) {
        if (is_formula(line)) ir_buf_chr(&seen, '\'');
        ir_visible(&seen, line, 0);
        if (ended) ir_buf_chr(&seen, '\n');
    }
    put(out, &seen);
}

void ir_cell_u64(struct ir_buf *out, bool *first, uint64_t n)
{
    separate(out, first);
    ir_buf_fmt(out, "%llu", (unsigned long long)n);
}

void ir_cell_time(struct ir_buf *out, bool *first, bool known, int64_t ns)
{
    char text[IR_TIME_TEXT];
    separate(out, first);
    if (known) ir_buf_add(out, text, ir_time_rfc3339(ns, text));
}

void ir_cell_entities(struct ir_buf *out, bool *first, const struct ir_finding *f)
{
    struct ir_buf all = IR_BUF(CELL_MAX);
    for (size_t i = 0; i < f->nentity; i++) {
        ir_buf_fmt(&all, "%s%s=", i ? "; " : "", f->entity[i].name);
        ir_buf_str(&all, f->entity[i].value);
    }
    if (all.full) out->full = true;
    ir_cell_text(out, first, ir_buf_view(&all));
    ir_buf_free(&all);
}

void ir_cell_tags(struct ir_buf *out, bool *first, const struct ir_finding *f)
{
    struct ir_buf all = IR_BUF(CELL_MAX);
    for (size_t i = 0; i < f->ntags; i++) {
        if (i > 0) ir_buf_chr(&all, ',');
        ir_buf_str(&all, f->tags[i]);
    }
    if (all.full) out->full = true;
    ir_cell_text(out, first, ir_buf_view(&all));
    ir_buf_free(&all);
}

void ir_cell_end(struct ir_buf *out)
{
    ir_buf_add(out, "\r\n", 2);
}

struct ir_str ir_finding_entity(const struct ir_finding *f, const char *name)
{
    for (size_t i = 0; i < f->nentity; i++)
        if (strcmp(f->entity[i].name, name) == 0) return f->entity[i].value;
    return IR_S("");
}
