/*
 * The record that a finding shows, and the lines before and after it. What people read to judge a
 * finding; the record itself is told by its digest.
 *
 * Lines can be long and findings many, and a log's author chooses both: every line is cut to
 * IR_CONTEXT_LINE bytes, and the more findings there are, the fewer lines each keeps.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "run/reduce_int.h"
#include "source/blocks.h"

#define EXCERPT_MAX  1024u
#define EXCERPT_FULL 8192u /* while findings are few */
#define FEW_FINDINGS 2000u
#define LINE_READ    ((size_t)2048) /* bytes looked through a line that is asked for */
#define WINDOW_MIN   ((size_t)4096)
#define WINDOW_MAX   ((size_t)64 << 10)
#define KEPT_MAX     ((size_t)32 << 20) /* of all findings, on either side */

struct ir_around ir_around_plan(unsigned lines, size_t nfindings)
{
    struct ir_around a = {.excerpt = EXCERPT_MAX};
    if (lines == 0) return a;
    a.lines = lines < IR_CONTEXT_MAX ? lines : IR_CONTEXT_MAX;
    a.window = a.lines * LINE_READ;
    if (a.window < WINDOW_MIN) a.window = WINDOW_MIN;
    if (a.window > WINDOW_MAX) a.window = WINDOW_MAX;
    a.share = KEPT_MAX / (nfindings > 0 ? nfindings : 1);
    if (nfindings <= FEW_FINDINGS) a.excerpt = EXCERPT_FULL;
    return a;
}

void ir_around_widen(const struct ir_around *a, struct ir_range *range)
{
    if (a->lines == 0 || range->length + 2 * a->window > IR_RECORD_MAX) return;
    size_t lead = range->offset < a->window ? (size_t)range->offset : a->window;
    range->offset -= lead;
    range->length += lead + a->window;
    range->lead = lead;
    range->optional = a->window;
}

static struct ir_str without_cr(struct ir_str line)
{
    return line.n > 0 && line.p[line.n - 1] == '\r' ? ir_str_head(line, line.n - 1) : line;
}

static void put_line(struct ir_buf *out, struct ir_str line)
{
    const struct ir_str head = ir_utf8_head(line, IR_CONTEXT_LINE);
    ir_buf_str(out, head);
    if (head.n < line.n) ir_buf_str(out, IR_S("…"));
    ir_buf_chr(out, '\n');
}

static size_t kept_of(struct ir_str line)
{
    return (line.n < IR_CONTEXT_LINE ? line.n : IR_CONTEXT_LINE) + 4; /* "…\n" */
}

/* The last lines of `text`; they were found from its end. whole: it begins where a line does. */
static void lines_before(const struct ir_around *a, struct ir_str text, bool whole,
                         struct ir_buf *out)
{
    struct ir_str line[IR_CONTEXT_MAX];
    uint32_t n = 0;
    size_t kept = 0;
    if (text.n > 0 && text.p[text.n - 1] != '\n') {
        /* The record does not begin with its line, as a member of a JSON list. */
        size_t at = ir_str_rchr(text, '\n');
        text = ir_str_head(text, at == IR_NPOS ? 0 : at + 1);
    }
    while (n < a->lines && text.n > 0) {
        struct ir_str rest = ir_str_head(text, text.n - 1);
        size_t at = ir_str_rchr(rest, '\n');
        if (at == IR_NPOS && !whole) break;
        line[n] = without_cr(ir_str_skip(rest, at == IR_NPOS ? 0 : at + 1));
        kept += kept_of(line[n]);
        if (kept > a->share) break;
        n++;
        text = ir_str_head(text, at == IR_NPOS ? 0 : at + 1);
    }
    while (n-- > 0)
        put_line(out, line[n]);
}

/* whole: the input ends with `text`, so that its last line is one. */
static void lines_after(const struct ir_around *a, struct ir_str text, bool whole,
                        struct ir_buf *out)
{
    size_t kept = 0;
    struct ir_str head = text, first = ir_str_trim(without_cr(ir_str_cut(&head, '\n')));
    if (first.n == 0 || ir_str_eq(first, IR_S(","))) text = head; /* the end of the record's line */
    for (uint32_t n = 0; n < a->lines && text.n > 0; n++) {
        if (!whole && ir_str_chr(text, '\n') == IR_NPOS) break;
        const struct ir_str line = without_cr(ir_str_cut(&text, '\n'));
        kept += kept_of(line);
        if (kept > a->share) break;
        put_line(out, line);
    }
}

void ir_around_keep(const struct ir_around *a, struct ir_finding_state *f, struct ir_str all,
                    size_t lead, size_t size)
{
    struct ir_buf b = IR_BUF((size_t)1 << 20);
    ir_buf_reserve(&b, size < a->excerpt ? size : a->excerpt);
    if (b.p == NULL) return;
    const struct ir_str record = ir_str_head(ir_str_skip(all, lead), size);
    const size_t excerpt = ir_utf8_head(record, a->excerpt).n;
    ir_buf_str(&b, ir_str_head(record, excerpt));
    if (a->lines > 0 && all.n >= lead + size) {
        struct ir_str tail = ir_str_skip(all, lead + size);
        lines_before(a, ir_str_head(all, lead), lead < a->window, &b);
        size_t before = b.n - excerpt;
        lines_after(a, tail, tail.n < a->window, &b);
        f->before = ir_str_n(b.p + excerpt, before);
        f->after = ir_str_n(b.p + excerpt + before, b.n - excerpt - before);
    }
    for (size_t i = 0; i < record.n; i++)
        f->record_lines += record.p[i] == '\n';
    f->excerpt = ir_str_n(b.p, excerpt); /* its memory is the finding's now */
}
