/*
 * Findings for people at a terminal: one block a finding, in time order, then the summary in words.
 *
 *     HIGH     2026-11-22 10:02:03+09:00  Password guessing over SSH
 *       who     source IP address 203.0.113.5, user root
 *       seen    12 times, the last at 2026-11-22 10:04:00+09:00
 *       why     …
 *       where   /var/log/auth.log:123
 *       record  Nov 22 10:02:03 …
 *       next    …
 */
#include "base/time.h"
#include "base/utf8.h"
#include "report/page.h"
#include "report/words.h"

#define LINE_MAX_BYTES   ((size_t)1 << 20)
#define VALUE_MAX        300u /* bytes of one value: a request can have megabytes; jsonl has it whole */
#define WHY_MAX          2000u
#define IR_LEVEL_COLUMNS 9u /* of ir_page_level */
#define SECOND           INT64_C(1000000000)

/* Appends s, or its beginning up to whole characters and "…". */
static void add_cut(struct ir_buf *line, struct ir_str s, size_t max)
{
    const struct ir_str head = ir_utf8_head(s, max);
    ir_buf_str(line, head);
    if (head.n < s.n) ir_buf_str(line, IR_S("…"));
}

static void text_line(struct ir_buf *out, struct ir_buf *line, const char *label, struct ir_str s,
                      const struct ir_write_options *opt)
{
    if (s.n == 0) return;
    ir_buf_clear(line);
    add_cut(line, s, WHY_MAX);
    ir_page_line(out, label, ir_buf_view(line), opt);
}

static void headline(struct ir_buf *out, const struct ir_finding *f,
                     const struct ir_write_options *opt)
{
    struct ir_buf title = IR_BUF(LINE_MAX_BYTES);
    size_t used = IR_LEVEL_COLUMNS, before;
    ir_visible(&title, f->title_l10n.n > 0 ? f->title_l10n : f->title, VALUE_MAX);
    ir_page_level(out, f->level, opt);
    before = out->n;
    if (f->has_time)
        ir_page_time(out, f->time, opt);
    else
        ir_buf_str(out, ir_intl_str(N_("time unknown")));
    used += out->n - before + 2 + ir_columns(ir_buf_view(&title));
    if (opt->columns > 0 && used > opt->columns)
        ir_buf_fmt(out, "\n%*s", (int)IR_LEVEL_COLUMNS, "");
    else
        ir_buf_add(out, "  ", 2);
    if (opt->colour) ir_buf_str(out, IR_S("\033[1m"));
    ir_buf_str(out, ir_buf_view(&title));
    if (opt->colour) ir_buf_str(out, IR_S("\033[0m"));
    ir_buf_chr(out, '\n');
    ir_buf_free(&title);
}

static void who(struct ir_buf *out, struct ir_buf *line, const struct ir_finding *f,
                const struct ir_write_options *opt)
{
    size_t at = 0;
    ir_buf_clear(line);
    for (const struct ir_entity *e; (e = ir_involved(f, &at)) != NULL;) {
        struct ir_str value = e->value;
        /* A user name such as "root, source.ip 192.0.2.1" must not look like two entities. */
        bool quote = ir_str_chr(value, ' ') != IR_NPOS || ir_str_chr(value, ',') != IR_NPOS ||
                     ir_str_find(value, IR_S("、")) != IR_NPOS;
        if (line->n > 0) ir_buf_str(line, ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_buf_fmt(line, "%s ", ir_word_field(e->name));
        if (quote) ir_buf_chr(line, '"');
        add_cut(line, value, VALUE_MAX);
        if (quote) ir_buf_chr(line, '"');
    }
    if (line->n > 0) ir_page_line(out, N_("who"), ir_buf_view(line), opt);
}

static void seen(struct ir_buf *out, struct ir_buf *line, const struct ir_finding *f,
                 const struct ir_write_options *opt)
{
    if (f->count <= 1) return;
    ir_buf_clear(line);
    ir_page_plural(line, f->count, "%s time", "%s times");
    if (f->has_time && f->last_seen / SECOND != f->first_seen / SECOND) {
        struct ir_buf period = IR_BUF(1 << 10);
        ir_page_period(&period, f->first_seen, f->last_seen, opt);
        ir_buf_fmt(line, _(", from %s"), period.p != NULL ? period.p : "");
        ir_buf_free(&period);
    }
    ir_page_line(out, N_("seen"), ir_buf_view(line), opt);
}

/* The lines around the record, when they were asked for. */
static void lines(struct ir_buf *out, const char *label, struct ir_str text,
                  const struct ir_write_options *opt)
{
    while (text.n > 0) {
        ir_page_cut(out, label, ir_str_cut(&text, '\n'), opt);
        label = "";
    }
}

static void origins(struct ir_buf *out, struct ir_buf *line, const struct ir_finding *f,
                    const struct ir_write_options *opt)
{
    size_t show = opt->max_origins == 0 ? 1 : opt->max_origins;
    if (show > f->norigins) show = f->norigins;
    for (size_t i = 0; i < show; i++) {
        /* the one that says most, then from the first on */
        const struct ir_origin *o = &f->origins[i == 0 ? f->shown : i - 1];
        ir_buf_clear(line);
        ir_buf_str(line, ir_str_z(o->path));
        if (o->line > 0)
            ir_buf_fmt(line, ":%llu", (unsigned long long)o->line);
        else
            ir_buf_fmt(line, _(" at byte %llu"), (unsigned long long)o->offset);
        if (o->record.n > 0) ir_buf_fmt(line, _(", record %.*s"), IR_FMT(o->record));
        if (i + 1 == show && f->count > show)
            ir_page_plural(line, f->count - show, " and %s more", " and %s more");
        ir_page_line(out, N_("where"), ir_buf_view(line), opt);
        if (o->exhibit != NULL) {
            ir_buf_clear(line);
            ir_buf_fmt(line, "%s: %.*s, SHA-256 %s", o->exhibit->item, IR_FMT(o->exhibit->path),
                       o->exhibit->sha256);
            ir_buf_fmt(line, o->exhibit->verified ? _(", as it was sealed")
                                                  : _(", NOT as it was sealed"));
            ir_page_line(out, N_("exhibit"), ir_buf_view(line), opt);
        }
        lines(out, N_("before"), o->before, opt);
        if (o->excerpt.n > 0) ir_page_cut(out, N_("record"), o->excerpt, opt);
        lines(out, N_("after"), o->after, opt);
    }
}

/* ir_page_line makes all of the line visible. A value that holds the quotes it stands in must not
 * go on as words of ours. */
static void as_is(struct ir_buf *out, struct ir_str raw)
{
    for (size_t i = 0; i < raw.n; i++) {
        const struct ir_str rest = ir_str_skip(raw, i);
        if (ir_str_starts(rest, IR_S("”")) || ir_str_starts(rest, IR_S("」")))
            ir_buf_chr(out, '\\');
        ir_buf_chr(out, raw.p[i]);
    }
}

static void why(struct ir_buf *out, struct ir_buf *line, const struct ir_finding *f,
                const struct ir_write_options *opt)
{
    struct ir_buf told = IR_BUF(LINE_MAX_BYTES);
    ir_tell_why(&told, f->reasons, as_is);
    text_line(out, line, N_("why"), told.n > 0 ? ir_buf_view(&told) : f->why, opt);
    ir_buf_free(&told);
}

static void finding(struct ir_buf *out, const struct ir_finding *f,
                    const struct ir_write_options *opt)
{
    struct ir_buf line = IR_BUF(LINE_MAX_BYTES);
    headline(out, f, opt);
    who(out, &line, f, opt);
    seen(out, &line, f, opt);
    why(out, &line, f, opt);
    origins(out, &line, f, opt);
    text_line(out, &line, N_("next"), f->next_l10n.n > 0 ? f->next_l10n : f->next, opt);
    ir_buf_chr(out, '\n');
    ir_buf_free(&line);
}

const struct ir_writer ir_writer_table = {
    .name = "table",
    .title = N_("blocks of text, the summary last (for people)"),
    .finding = finding,
    .summary = ir_page_summary,
};
