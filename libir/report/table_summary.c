/*
 * The summary of a scan in words. It says what was looked at and, above all, what was not: an empty
 * list of findings means nothing without it.
 */
#include "base/intl.h"
#include "report/json_out.h"
#include "report/page.h"
#include "report/words.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define WORST_FROM     4u  /* findings */
#define ALIKE_MAX      16u /* reasons */
#define ALIKE_FROM     3u
#define MANY_FROM      100u
#define TITLE_MAX      300u /* bytes */
#define SHOWN_MAX      10u  /* inputs and rules named one by one; the rest is a number */

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

/* one, many: as ir_page_plural takes them. */
static void add_if(struct ir_buf *line, uint64_t n, const char *one, const char *many)
{
    if (n == 0) return;
    if (line->n > 0) ir_buf_str(line, ir_intl_str(N_(", ")));
    ir_page_plural(line, n, one, many);
}

/* A count of a name that is data: "syslog 12". */
static void add_named(struct ir_buf *line, uint64_t n, const char *name)
{
    struct ir_buf number = IR_BUF(64);
    if (n > 0) {
        if (line->n > 0) ir_buf_str(line, ir_intl_str(N_(", ")));
        ir_page_number(&number, n);
        ir_buf_fmt(line, _("%1$s %2$s"), number.p != NULL ? number.p : "", name);
    }
    ir_buf_free(&number);
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
    struct ir_buf time = IR_BUF(1 << 10);
    if (s->since != INT64_MIN && s->until != INT64_MAX) {
        ir_page_period(&time, s->since, s->until, opt);
        ir_buf_fmt(line, _("from %s, as asked for"), time.p != NULL ? time.p : "");
    } else {
        ir_page_time(&time, s->since != INT64_MIN ? s->since : s->until, opt);
        ir_buf_fmt(line,
                   s->since != INT64_MIN ? _("from %s on, as asked for")
                                         : _("up to %s, as asked for"),
                   time.p != NULL ? time.p : "");
    }
    ir_buf_free(&time);
    ir_page_line(out, N_("only"), ir_buf_view(line), opt);
}

static void findings(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                     const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        add_named(line, s->findings[l], ir_word_level((enum ir_level)l));
    if (total_findings(s) == 0) {
        if (total_records(s) + s->unrecognised == 0) {
            ir_buf_str(line, ir_intl_str(N_("none, because no record was read")));
        } else if (rules_usable(s) == 0) {
            ir_buf_str(line, ir_intl_str(N_("none, but no rule is usable on these logs: "
                                            "nothing was looked for")));
        } else if (outside(s)) {
            ir_buf_str(line, ir_intl_str(N_(
                                 "none, because no record lies in the time that was asked for")));
        } else {
            ir_page_plural(line, rules_usable(s), "none: of %s usable rule none matched",
                           "none: of %s usable rules none matched");
        }
    }
    ir_page_line(out, N_("found"), ir_buf_view(line), opt);
    if (total_findings(s) == 0 && (rules_usable(s) == 0 || total_records(s) == 0))
        ir_page_line(out, N_("next"), ir_str_z(ir_word(IR_W_CHECK_INPUTS)), opt);
}

/* What to read first, where more was found than one screen shows. */
static void worst(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                  const struct ir_write_options *opt)
{
    if (total_findings(s) < WORST_FROM) return;
    for (size_t i = 0; i < s->nworst; i++) {
        const struct ir_worst *w = &s->worst[i];
        ir_buf_clear(line);
        ir_buf_fmt(line, _("%s: "), ir_word_level(w->level));
        ir_buf_str(line, ir_str_head(w->title, TITLE_MAX));
        if (w->findings > 1) ir_page_plural(line, w->findings, " (%s time)", " (%s times)");
        if (w->has_time) {
            ir_buf_str(line, ir_intl_str(N_(", ")));
            ir_page_time(line, w->time, opt);
        }
        ir_page_line(out, i == 0 ? N_("worst") : "", ir_buf_view(line), opt);
    }
    if (total_findings(s) >= MANY_FROM)
        ir_page_line(out, N_("hint"),
                     ir_intl_str(N_("--output html shows so many by rule, with a filter; "
                                    "--min-level high shows the worst only")),
                     opt);
}

static void inputs(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                   const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_page_plural(line, s->inputs, "%s input", "%s inputs");
    ir_buf_str(line, ir_intl_str(N_(", ")));
    ir_page_bytes(line, s->bytes);
    add_if(line, s->unreadable, "%s not readable", "%s not readable");
    add_if(line, s->skipped, "%s skipped", "%s skipped");
    ir_page_line(out, N_("read"), ir_buf_view(line), opt);

    ir_buf_clear(line);
    if (s->has_time)
        ir_page_period(line, s->first, s->last, opt);
    else
        ir_buf_str(line, ir_intl_str(N_("unknown: no record with a time was read")));
    ir_page_line(out, N_("period"), ir_buf_view(line), opt);
}

static void records(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                    const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    for (size_t i = 0; i < s->nrecords; i++)
        add_named(line, s->records[i].n, s->records[i].name);
    if (line->n == 0) ir_buf_str(line, ir_intl_str(N_("none")));
    ir_page_line(out, N_("records"), ir_buf_view(line), opt);
    ir_buf_clear(line);
    add_if(line, s->unrecognised, "%s of no known format (searched as plain text)",
           "%s of no known format (searched as plain text)");
    add_if(line, s->damaged, "%s damaged", "%s damaged");
    if (line->n > 0) ir_page_line(out, "", ir_buf_view(line), opt);
}

static void and_more(struct ir_buf *out, struct ir_buf *line, uint64_t n, const char *where,
                     const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_page_plural(line, n, "and %s more: ", "and %s more: ");
    ir_buf_str(line, ir_intl_str(where));
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

/* What many inputs have alike is told once, with their number. */
struct alike {
    const char *reason;
    size_t n;
    bool told;
};

static const char *reason_of(const struct ir_input_problem *p)
{
    return p->reason != NULL ? p->reason : N_("unknown reason");
}

/* NULL: there are more reasons than are kept. */
static struct alike *alike_of(struct alike *a, const char *reason)
{
    for (size_t i = 0; i < ALIKE_MAX; i++) {
        if (a[i].reason == NULL) a[i].reason = reason;
        if (strcmp(a[i].reason, reason) == 0) return &a[i];
    }
    return NULL;
}

static void problem(struct ir_buf *line, const struct ir_input_problem *p, size_t others)
{
    ir_buf_clear(line);
    ir_buf_str(line, ir_str_z(p->path));
    if (p->offset != UINT64_MAX)
        ir_buf_fmt(line, _(" at byte %llu"), (unsigned long long)p->offset);
    if (others > 0) ir_page_plural(line, others, " and %s more", " and %s more");
    ir_buf_fmt(line, ": %s", ir_local(reason_of(p)));
    if (p->count > 1 && others == 0) ir_page_plural(line, p->count, " (%s time)", " (%s times)");
}

static void problems(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                     enum problem_kind kind, const struct ir_write_options *opt)
{
    static const char *const labels[] = {N_("not read"), N_("damage"), N_("limits"), N_("skipped"),
                                         N_("noted")};
    struct alike all[ALIKE_MAX] = {0};
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < s->nproblems; i++) {
        struct alike *a = kind_of(s, i) == kind ? alike_of(all, reason_of(&s->problems[i])) : NULL;
        if (a != NULL) a->n++;
    }
    for (size_t i = 0; i < s->nproblems; i++) {
        const struct ir_input_problem *p = &s->problems[i];
        if (kind_of(s, i) != kind) continue;
        struct alike *a = alike_of(all, reason_of(p));
        const bool many = a != NULL && a->n > ALIKE_FROM;
        if (many && a->told) continue;
        if (shown == SHOWN_MAX) {
            left++;
            continue;
        }
        if (a != NULL) a->told = true;
        problem(line, p, many ? a->n - 1 : 0);
        ir_page_line(out, shown++ == 0 ? labels[kind] : "", ir_buf_view(line), opt);
    }
    if (left > 0) and_more(out, line, left, N_("see --output jsonl"), opt);
}

static void zone(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                 const struct ir_write_options *opt)
{
    if (s->zoneless == 0) return;
    ir_buf_clear(line);
    ir_page_plural(line, s->zoneless, "%s record names no time zone: taken as ",
                   "%s records name no time zone: taken as ");
    ir_buf_fmt(line, _("%s (see --zone)"), s->zone != NULL ? s->zone : "UTC");
    ir_page_line(out, N_("zone"), ir_buf_view(line), opt);
}

static void rules(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                  const struct ir_write_options *opt)
{
    ir_buf_clear(line);
    ir_page_plural(line, s->rules_loaded, "%s loaded: ", "%s loaded: ");
    ir_page_plural(line, rules_usable(s), "%s usable on these logs", "%s usable on these logs");
    add_if(line, s->rules_no_log_source, "%s for other kinds of logs",
           "%s for other kinds of logs");
    add_if(line, s->rules_field_never_seen, "%s lacking a field that these logs never have",
           "%s lacking a field that these logs never have");
    add_if(line, s->rules_waiting, "%s waiting for values (see --values)",
           "%s waiting for values (see --values)");
    add_if(line, s->nfailed, "%s not loadable", "%s not loadable");
    ir_page_line(out, N_("rules"), ir_buf_view(line), opt);
    for (size_t i = 0; i < s->nfailed && i < SHOWN_MAX; i++) {
        const struct ir_rule_failure *r = &s->failed[i];
        ir_buf_clear(line);
        ir_buf_str(line, ir_str_z(r->path));
        if (r->line > 0) ir_buf_fmt(line, ":%llu", (unsigned long long)r->line);
        ir_buf_fmt(line, ": %s", ir_local(r->reason ? r->reason : N_("unknown reason")));
        ir_page_line(out, i == 0 ? N_("failed") : "", ir_buf_view(line), opt);
    }
    if (s->nfailed > SHOWN_MAX)
        and_more(out, line, s->nfailed - SHOWN_MAX, N_("see ir rules check"), opt);
}

static void sets(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                 const struct ir_write_options *opt)
{
    for (size_t i = 0; i < s->nsets; i++) {
        const struct ir_set_report *set = &s->sets[i];
        ir_buf_clear(line);
        ir_buf_fmt(line, "%s%s%s, ", set->name, set->version[0] ? " " : "", set->version);
        ir_page_plural(line, set->rules, "%s rule", "%s rules");
        ir_buf_fmt(line, ", SHA-256 %s", set->sha256);
        if (set->changed > 0)
            ir_buf_str(line, ir_intl_str(", NOT as it was imported: see ir rules check"));
        ir_page_line(out, i == 0 ? N_("sets") : "", ir_buf_view(line), opt);
    }
}

static void exhibits(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                     const struct ir_write_options *opt)
{
    for (size_t i = 0; i < s->nexhibits; i++) {
        const struct ir_exhibit_report *x = &s->exhibits[i];
        ir_buf_clear(line);
        ir_buf_fmt(line, "%s, ", x->item);
        ir_page_plural(line, x->files, "%s file read", "%s files read");
        ir_page_plural(line, x->verified, ", %s as it was sealed", ", %s as they were sealed");
        ir_buf_fmt(line, _(", seal %s"), x->seal[0] != '\0' ? x->seal : _("none"));
        ir_page_line(out, i == 0 ? N_("exhibit") : "", ir_buf_view(line), opt);
    }
}

static void run(struct ir_buf *out, struct ir_buf *line, const struct ir_summary *s,
                const struct ir_write_options *opt)
{
    uint64_t ms = ir_out_ms(s->elapsed_s);
    ir_buf_clear(line);
    ir_buf_fmt(line, _("%1$llu.%2$llu s, sandbox: %3$s"), (unsigned long long)(ms / 1000),
               (unsigned long long)(ms % 1000 / 100),
               s->sandbox != NULL && strcmp(s->sandbox, "none") != 0 ? s->sandbox : _("none"));
    ir_page_line(out, N_("took"), ir_buf_view(line), opt);
}

void ir_page_summary(struct ir_buf *out, const struct ir_summary *s,
                     const struct ir_write_options *opt)
{
    struct ir_buf line = IR_BUF(LINE_MAX_BYTES);
    ir_page_styled(out, total_findings(s) == 0 ? _("No findings") : _("Summary"), IR_PAGE_BOLD,
                   opt);
    ir_buf_chr(out, '\n');
    findings(out, &line, s, opt);
    worst(out, &line, s, opt);
    inputs(out, &line, s, opt);
    window(out, &line, s, opt);
    zone(out, &line, s, opt);
    records(out, &line, s, opt);
    problems(out, &line, s, NOT_READ, opt);
    problems(out, &line, s, DAMAGE, opt);
    problems(out, &line, s, LIMIT, opt);
    problems(out, &line, s, SKIPPED, opt);
    problems(out, &line, s, NOTED, opt);
    rules(out, &line, s, opt);
    sets(out, &line, s, opt);
    exhibits(out, &line, s, opt);
    run(out, &line, s, opt);
    ir_buf_free(&line);
}
