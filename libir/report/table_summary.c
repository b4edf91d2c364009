/*
 * The summary of a scan in words. It says what was looked at and, above all, what was not: an empty
 * list of findings means nothing without it.
 */
#include "report/json_out.h"
#include "report/page.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define SHOWN_MAX      10u /* inputs and rules named one by one; the rest is a number */

static uint64_t total_records(const struct ir_summary *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->nrecords; i++)
        n += s->records[i].n;
    return n;
}

static uint64_t total_findings(const struct ir_summary *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < IR_LEVEL_MAX; i++)
        n += s->findings[i];
    return n;
}

/* Rules that could have fired on what was read. */
static uint64_t rules_usable(const struct ir_summary *s)
{
    uint64_t idle = s->rules_no_log_source + s->rules_field_never_seen + s->rules_waiting;
    return s->rules_loaded > idle ? s->rules_loaded - idle : 0;
}

static void add_if(struct ir_buf *line, uint64_t n, const char *words)
{
    if (n == 0) return;
    if (line->n > 0) ir_buf_add(line, ", ", 2);
    ir_page_number(line, n);
    ir_buf_fmt(line, " %s", words);
}

/* The time that was asked for has nothing of what was read. */
static bool outside(const struct ir_summary *s)
{
    return s->has_window && s->has_time && (s->last < s->since || s->first > s->until);
}

static void window(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                   const struct ir_write_options *opt)
{
    if (!s->has_window) return;
    ir_buf_clear(line);
    if (s->since != INT64_MIN) {
        ir_buf_str(line, IR_S("from "));
        ir_page_time(line, s->since, opt);
    }
    if (s->until != INT64_MAX) {
        ir_buf_str(line, s->since != INT64_MIN ? IR_S(" to ") : IR_S("up to "));
        ir_page_time(line, s->until, opt);
    }
    ir_buf_str(line, IR_S(", as asked for"));
    ir_page_line(out, "only", ir_buf_view(line), opt);
}

static void findings(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                     const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        add_if(line, s->findings[l], ir_level_name((enum ir_level)l));
    if (total_findings(s) == 0) {
        if (total_records(s) + s->unrecognised == 0) {
            ir_buf_str(line, IR_S("none, because no record was read"));
        } else if (rules_usable(s) == 0) {
            ir_buf_str(line,
                       IR_S("none, but no rule is usable on these logs: nothing was looked for"));
        } else if (outside(s)) {
            ir_buf_str(line, IR_S("none, because no record lies in the time that was asked for"));
        } else {
            ir_buf_str(line, IR_S("none: of "));
            ir_page_plural(line, rules_usable(s), "usable rule", "usable rules");
            ir_buf_str(line, IR_S(" none matched"));
        }
    }
    ir_page_line(out, "found", ir_buf_view(line), opt);
}

static void inputs(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                   const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_page_plural(line, s->inputs, "input", "inputs");
    ir_buf_add(line, ", ", 2);
    ir_page_bytes(line, s->bytes);
    add_if(line, s->unreadable, "not readable");
    add_if(line, s->skipped, "skipped");
    ir_page_line(out, "read", ir_buf_view(line), opt);

    ir_buf_clear(line);
    if (s->has_time) {
        ir_page_time(line, s->first, opt);
        ir_buf_str(line, IR_S(" to "));
        ir_page_time(line, s->last, opt);
    } else {
        ir_buf_str(line, IR_S("unknown: no record with a time was read"));
    }
    ir_page_line(out, "period", ir_buf_view(line), opt);
}

static void records(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                    const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    for (size_t i = 0; i < s->nrecords; i++)
        add_if(line, s->records[i].n, s->records[i].name);
    if (line->n == 0) ir_buf_str(line, IR_S("none"));
    ir_page_line(out, "records", ir_buf_view(line), opt);
    ir_buf_clear(line);
    add_if(line, s->unrecognised, "of no known format (searched as plain text)");
    add_if(line, s->damaged, "damaged");
    if (line->n > 0) ir_page_line(out, "", ir_buf_view(line), opt);
}

static void and_more(struct ir_buf *out, struct ir_buf *line, uint64_t n, const char *where,
                     const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_buf_str(line, IR_S("and "));
    ir_page_number(line, n);
    ir_buf_fmt(line, " more: %s", where);
    ir_page_line(out, "", ir_buf_view(line), opt);
}

enum problem_kind { NOT_READ, DAMAGE, LIMIT, SKIPPED, NOTED };

static enum problem_kind kind_of(const struct ir_summary *s, size_t i)
{
    const struct ir_input_problem *p = &s->problems[i];
    if (i + s->nlimits >= s->nproblems) return LIMIT;
    if (p->unreadable) return NOT_READ;
    if (p->kind == IR_PROBLEM_REMARK) return NOTED;
    return p->kind == IR_PROBLEM_SKIPPED ? SKIPPED : DAMAGE;
}

static void problems(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                     enum problem_kind kind, const struct ir_write_options *opt)
{
    static const char *const labels[] = {"not read", "damage", "limits", "skipped", "noted"};
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < s->nproblems; i++) {
        const struct ir_input_problem *p = &s->problems[i];
        if (kind_of(s, i) != kind) continue;
        if (shown == SHOWN_MAX) {
            left++;
            continue;
        }
        ir_buf_clear(line);
        ir_buf_str(line, ir_str_z(p->path));
        if (p->offset != UINT64_MAX)
            ir_buf_fmt(line, " at byte %llu", (unsigned long long)p->offset);
        ir_buf_fmt(line, ": %s", p->reason ? p->reason : "unknown reason");
        if (p->count > 1) {
            ir_buf_str(line, IR_S(" ("));
            ir_page_plural(line, p->count, "time", "times");
            ir_buf_chr(line, ')');
        }
        ir_page_line(out, shown++ == 0 ? labels[kind] : "", ir_buf_view(line), opt);
    }
    if (left > 0) and_more(out, line, left, "see --output jsonl", opt);
}

static void rules(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                  const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_page_number(line, s->rules_loaded);
    ir_buf_str(line, IR_S(" loaded: "));
    ir_page_number(line, rules_usable(s));
    ir_buf_str(line, IR_S(" usable on these logs"));
    add_if(line, s->rules_no_log_source, "for other kinds of logs");
    add_if(line, s->rules_field_never_seen, "lacking a field that these logs never have");
    add_if(line, s->rules_waiting, "waiting for values (see --values)");
    add_if(line, s->nfailed, "not loadable");
    ir_page_line(out, "rules", ir_buf_view(line), opt);
    for (size_t i = 0; i < s->nfailed && i < SHOWN_MAX; i++) {
        const struct ir_rule_failure *r = &s->failed[i];
        ir_buf_clear(line);
        ir_buf_str(line, ir_str_z(r->path));
        if (r->line > 0) ir_buf_fmt(line, ":%llu", (unsigned long long)r->line);
        ir_buf_fmt(line, ": %s", r->reason ? r->reason : "unknown reason");
        ir_page_line(out, i == 0 ? "failed" : "", ir_buf_view(line), opt);
    }
    if (s->nfailed > SHOWN_MAX)
        and_more(out, line, s->nfailed - SHOWN_MAX, "see ir rules check", opt);
}

static void run(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                const struct ir_write_options *opt)
{
    uint64_t ms = ir_out_ms(s->elapsed_s);
    ir_buf_clear(line);
    ir_buf_fmt(line, "%llu.%llu s, sandbox: ", (unsigned long long)(ms / 1000),
               (unsigned long long)(ms % 1000 / 100));
    ir_buf_str(line, ir_str_z(s->sandbox ? s->sandbox : "none"));
    ir_page_line(out, "took", ir_buf_view(line), opt);
}

void ir_page_summary(struct ir_buf *out, const struct ir_summary *s,
                     const struct ir_write_options *opt)
{
    struct ir_buf line = IR_BUF(LINE_MAX_BYTES);
    ir_page_styled(out, total_findings(s) == 0 ? "No findings" : "Summary", IR_PAGE_BOLD, opt);
    ir_buf_chr(out, '\n');
    findings(out, &line, s, opt);
    inputs(out, &line, s, opt);
    window(out, &line, s, opt);
    records(out, &line, s, opt);
    problems(out, &line, s, NOT_READ, opt);
    problems(out, &line, s, DAMAGE, opt);
    problems(out, &line, s, LIMIT, opt);
    problems(out, &line, s, SKIPPED, opt);
    problems(out, &line, s, NOTED, opt);
    rules(out, &line, s, opt);
    run(out, &line, s, opt);
    ir_buf_free(&line);
}
