/*
 * ir case duty: which reports the facts of a case call for and by when, for one case, for cron over
 * all of them, and for facts without a case. The laws are data (casefiles/duties/); what is shown
 * is no legal advice.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "base/zone.h"
#include "case.h"
#include "casedb/duty_case.h"
#include "casedb/query.h"
#include "duties_load.h"

struct duty_options {
    struct case_options c;
    struct opt_list facts;
    const char *aware, *zone;
    uint64_t within;
    bool due;
};

#define AT(member) offsetof(struct duty_options, member)
static const struct opt duty_opts[] = {
    CASE_READ_OPTS(struct duty_options),
    {"due", 0, OPT_FLAG, AT(due), NULL,
     N_("of all cases, what is due or overdue on the strict date (status 1)"), NULL},
    {"within", 0, OPT_NUMBER, AT(within), "DAYS", N_("with --due: also what is due in DAYS days"),
     NULL},
    OPT_END,
};
static const struct opt preview_opts[] = {
    CASE_READ_OPTS(struct duty_options),
    {"aware", 0, OPT_TEXT, AT(aware), "DATE",
     N_("when it was known: 2026-04-01, 2026-04-01T09:30+09:00, now"), NULL},
    {"fact", 'f', OPT_LIST, AT(facts), "NAME=VALUE",
     N_("yes, no, unknown, a number or a range (may be repeated)"), NULL},
    {"zone", 0, OPT_TEXT, AT(zone), "ZONE",
     N_("of times that name none (default: the workspace's, else +09:00)"), NULL},
    OPT_END,
};
static const struct opt check_opts[] = {CASE_READ_OPTS(struct duty_options), OPT_END};

struct show {
    struct case_job *j;
    const char *no; /* of the case; NULL: none */
    const struct duty_options *o;
    struct ir_buf why;
    bool warned;
    struct ir_awareness known;
};

#define OF_A_CASE 12 /* columns at the end of a row that only a case has */

static struct ir_str or_null(const char *text)
{
    return text[0] != '\0' ? ir_str_z(text) : ir_str_n(NULL, 0);
}

static struct ir_str own_words(struct case_job *j, const struct ir_text2 *t)
{
    return j->json ? t->en : duties_text(t);
}

/* A second line for people: why, which no column is wide enough for. */
static void add_why(struct show *v)
{
    struct ir_buf *out = &v->j->out.buf, seen = IR_BUF(1 << 20);
    if (v->why.n == 0) return;
    ir_visible(&seen, ir_buf_view(&v->why), 0);
    ir_buf_str(out, IR_S("    "));
    ir_wrap(out, ir_buf_view(&seen), 4, 4, v->j->env->out_tty ? v->j->env->columns : 0);
    ir_buf_chr(out, '\n');
    ir_buf_free(&seen);
}

static void add_stale(struct show *v, const struct ir_duty_status *s)
{
    struct ir_buf *out = &v->j->out.buf;
    ir_buf_str(out, IR_S("    "));
    if (!s->worse) {
        ir_buf_fmt(out, "%s\n",
                   _("to be decided anew: a fact that the decision stands on was changed since"));
        return;
    }
    ir_buf_fmt(
        out, _("to be decided anew: less was known when it was found not needed (%s)"),
        duties_state(ir_str_eq(s->rule_state, ir_str_z(ir_duty_state_name(IR_DUTY_NEEDS_REVIEW)))
                         ? IR_DUTY_NEEDS_REVIEW
                         : IR_DUTY_NOT_TRIGGERED));
    ir_buf_chr(out, '\n');
}

static void warn_of_end(struct show *v, const struct ir_duty_status *s)
{
    if (s->result.ends == NULL || v->warned) return;
    char last[IR_DATE_TEXT];
    ir_date_text(s->result.ends->last, last);
    say(v->j->cmd,
        _("the calendar %.*s ends on %s: dates behind it are not shifted; add days to "
          "casefiles/holidays"),
        IR_FMT(s->result.ends->id), last);
    v->warned = true;
}

/* One duty as a row; programs get everything, people what fits. */
static void show_duty(struct show *v, const struct ir_duty_status *s)
{
    struct case_job *j = v->j;
    const struct ir_duty_result *r = &s->result;
    const struct ir_duty_info *i = s->info;
    char strict[40];
    const bool open = r->due_strict[0] != '\0' && !s->sent && !s->not_needed;
    const bool shifts = j->json || strcmp(r->due_strict, r->due_shifted) != 0;
    const char *state = j->json ? ir_duty_state_name(r->state) : duties_state(r->state);
    const char *done = s->sent         ? "sent"
                       : s->stale      ? "stale"
                       : s->not_needed ? "not_needed"
                       : s->decided    ? "needed"
                                       : "";
    warn_of_end(v, s);
    duties_why(&v->why, r, s->aware, j->json);
    const struct case_cell row[] = {
        {"case", N_("case"), 13, ir_str_z(v->no), 0, false, !v->o->due},
        {"id", N_("duty"), 17, i->id, 0, false, false},
        {"state", N_("state"), 12, ir_str_z(state), 0, false, false},
        {"due_strict", N_("due, strict"), 25, case_time(j, or_null(r->due_strict), strict), 0,
         false, false},
        {"due_shifted", N_("shifted"), 10, or_null(shifts ? r->due_shifted : ""), 0, false, false},
        {"days_left", N_("days left"), 9, or_null(""), ir_duty_days_left(r, j->env->now),
         open && r->state != IR_DUTY_NOT_TRIGGERED, false},
        {"name", N_("what"), 40, own_words(j, &i->name), 0, false, false},
        {"why", "", 0, ir_buf_view(&v->why), 0, false, true},
        {"name_ja", "", 0, i->name.ja, 0, false, true},
        {"kind", "", 0, i->kind, 0, false, true},
        {"voluntary", "", 0, i->voluntary ? IR_S("yes") : IR_S("no"), 0, false, true},
        {"who", "", 0, i->who.en, 0, false, true},
        {"recipient", "", 0, i->recipient.en, 0, false, true},
        {"recipient_kind", "", 0, i->recipient_kind, 0, false, true},
        {"note", "", 0, i->note.en, 0, false, true},
        {"template", "", 0, i->template, 0, false, true},
        {"version", "", 0, i->version, 0, false, true},
        {"checked_on", "", 0, i->checked_on, 0, false, true},
        {"source", "", 0, i->source, 0, false, true},
        {"notice", "", 0, ir_str_z(duties_notice()), 0, false, true},
        {"decision", N_("decision"), 10, or_null(done), 0, false, false},
        {"decided_by", N_("by"), 12, s->decided_by, 0, false, false},
        {"reason", "", 0, s->reason, 0, false, true},
        {"sent_at", "", 0, s->sent_at, 0, false, true},
        {"receipt_no", "", 0, s->receipt_no, 0, false, true},
        {"sent_sha256", "", 0, s->sent_sha256, 0, false, true},
        {"sent_reason", "", 0, s->sent_reason, 0, false, true},
        {"decided_on", "", 0, s->rule_state, 0, false, true},
        {"facts_changed", "", 0, or_null(s->facts_changed ? "yes" : ""), 0, false, true},
        {"aware_at", "", 0, or_null(v->known.at), 0, false, true},
        {"aware_earliest", "", 0, or_null(v->known.earliest), 0, false, true},
        {"aware_reason", "", 0, or_null(v->known.reason), 0, false, true},
    };
    const size_t n = sizeof row / sizeof *row;
    if (v->no != NULL)
        case_row(j, row, n);
    else
        case_row(j, row + 1, n - 1 - OF_A_CASE);
    if (!j->json) add_why(v);
    if (!j->json && s->stale) add_stale(v, s);
}

static void end_notice(struct case_job *j)
{
    if (!j->json) ir_buf_fmt(&j->out.buf, "\n%s\n", _(duties_notice()));
}

static int each_duty(void *user, const struct ir_duty_status *s)
{
    show_duty(user, s);
    return IR_OK;
}

/* Due: nobody settled it, nothing says that it does not apply, and its time is near. What is due as
 * soon as possible has no date; it is due when it applies. A decision that stands on other facts
 * than today's is due at once. */
static int each_due(void *user, const struct ir_duty_status *s)
{
    struct show *v = user;
    const struct ir_duty_result *r = &s->result;
    const bool waits = s->aware && ir_duty_waits(s);
    const bool near = r->due_strict[0] == '\0'
                          ? r->state == IR_DUTY_TRIGGERED || s->decided
                          : ir_duty_days_left(r, v->j->env->now) <= (int64_t)v->o->within;
    if (s->stale || (waits && near)) show_duty(v, s);
    return IR_OK;
}

static int due_of_all(struct show *v, const struct ir_duties *d)
{
    struct case_job *j = v->j;
    struct ir_query q;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    int rc = ir_query_open(
        &q, j->db, "SELECT id, no FROM incident WHERE merged_into IS NULL ORDER BY no", &j->err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(no, sizeof no, "%.*s", IR_FMT(ir_query_text(&q, 1)));
        v->no = no;
        rc = ir_duty_awareness(j->db, id, j->zone_s, &v->known, &j->err);
        if (rc == IR_OK)
            rc = ir_duty_each(j->db, d, id, j->env->now, j->zone_s, each_due, v, &j->err);
    }
    ir_query_close(&q);
    return case_status(j, rc < 0 ? rc : IR_OK);
}

/* What was stated earlier is told beside what counts. */
static void tell_awareness(struct show *v)
{
    struct case_job *j = v->j;
    struct ir_buf *out = &j->out.buf;
    const struct ir_awareness *a = &v->known;
    char at[40], earliest[40];
    if (j->json || a->at[0] == '\0') return;
    ir_buf_fmt(out, "\n%s: %.*s (", _("known since"), IR_FMT(case_time(j, ir_str_z(a->at), at)));
    ir_visible(out, ir_str_z(a->by), 0);
    ir_buf_chr(out, ')');
    if (a->earliest[0] != '\0')
        ir_buf_fmt(out, "; %s: %.*s", _("stated before"),
                   IR_FMT(case_time(j, ir_str_z(a->earliest), earliest)));
    if (a->reason[0] != '\0') {
        ir_buf_fmt(out, "; %s: ", _("why later"));
        ir_visible(out, ir_str_z(a->reason), 0);
    }
    ir_buf_chr(out, '\n');
}

static int of_one(struct show *v, const struct ir_duties *d, const char *id)
{
    struct case_job *j = v->j;
    int rc = ir_duty_awareness(j->db, id, j->zone_s, &v->known, &j->err);
    if (rc == IR_OK) rc = ir_duty_each(j->db, d, id, j->env->now, j->zone_s, each_duty, v, &j->err);
    if (rc == IR_OK) tell_awareness(v);
    return case_status(j, rc);
}

static int duty_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct duty_options *o = options;
    struct ir_duties *d = NULL;
    struct case_job j;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct show v = {&j, no, o, IR_BUF(1 << 16), false, {.at = ""}};
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK && o->due == (operands->n > 0)) {
        say(cmd, _("name a case, or --due for all of them"));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK && !o->due) status = case_find(&j, "incident", operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    if (status == IR_EXIT_OK) status = o->due ? due_of_all(&v, d) : of_one(&v, d, id);
    if (status == IR_EXIT_OK && j.rows > 0) end_notice(&j);
    if (status == IR_EXIT_OK && o->due && j.rows > 0) status = IR_EXIT_FINDINGS;
    ir_buf_free(&v.why);
    ir_duties_free(d);
    return case_close(&j, status);
}

/* Facts of the command line, in the order in which they were given: the last one counts. */
static int take_facts(struct case_job *j, const struct ir_duties *d, const struct opt_list *said,
                      struct ir_duty_fact *fact)
{
    struct ir_fact f;
    for (size_t i = 0; i < said->n; i++) {
        if (ir_fact_parse(ir_str_z(said->v[i]), d, &f, &j->err) != IR_OK) return case_failed(j);
        if (!duties_known(j->cmd, d, f.name)) return IR_EXIT_USAGE;
        fact[i] = (struct ir_duty_fact){f.name, f.value.n > 0 ? f.value : ir_str_n(NULL, 0)};
    }
    return IR_EXIT_OK;
}

static void preview(struct show *v, const struct ir_duties *d, const struct ir_duty_fact *fact,
                    size_t n, const struct ir_moment *aware)
{
    const struct ir_moment now = {.ns = v->j->env->now, .zoned = true};
    const int64_t day = ir_moment_day(aware != NULL ? aware : &now, v->j->zone_s);
    for (size_t i = 0; i < ir_duties_count(d); i++) {
        struct ir_duty_status s = {.info = ir_duty_info(d, i), .aware = aware != NULL};
        if (ir_duty_find(d, s.info->id, day) != i) continue;
        ir_duty_evaluate(d, i, fact, n, aware, NULL, &s.result);
        show_duty(v, &s);
    }
    end_notice(v->j);
}

static int preview_open(struct case_job *j, const struct cmd *cmd, const struct duty_options *o,
                        const struct env *env)
{
    const int status = case_without(j, cmd, &o->c, env);
    if (o->zone == NULL || ir_zone_from_text(ir_str_z(o->zone), &j->zone_s)) return status;
    say(cmd, _("--zone: %s: write +09:00, UTC or JST"), o->zone);
    return IR_EXIT_USAGE;
}

static int preview_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct duty_options *o = options;
    struct ir_duty_fact *fact = calloc(o->facts.n + 1, sizeof *fact);
    struct ir_duties *d = NULL;
    struct ir_moment aware;
    struct case_job j;
    struct show v = {&j, NULL, o, IR_BUF(1 << 16), false, {.at = ""}};
    (void)operands;
    int status = preview_open(&j, cmd, o, env);
    if (fact == NULL) status = IR_EXIT_FAILED;
    if (status == IR_EXIT_OK && o->aware != NULL &&
        !ir_moment_parse(ir_str_z(o->aware), env->now, j.zone_s, &aware, &j.err)) {
        say(cmd, "--aware: %s: %s", o->aware, ir_local(j.err.msg));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    if (status == IR_EXIT_OK) status = take_facts(&j, d, &o->facts, fact);
    if (status == IR_EXIT_OK) preview(&v, d, fact, o->facts.n, o->aware != NULL ? &aware : NULL);
    ir_buf_free(&v.why);
    ir_duties_free(d);
    free(fact);
    return case_close(&j, status);
}

static int check_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct duty_options *o = options;
    struct ir_duties *d = NULL;
    struct case_job j;
    char from[IR_DATE_TEXT], to[IR_DATE_TEXT];
    int status = case_without(&j, cmd, &o->c, env);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, operands, &d);
    for (size_t i = 0; status == IR_EXIT_OK && i < ir_duties_count(d); i++) {
        const struct ir_duty_info *r = ir_duty_info(d, i);
        ir_date_text(r->valid_from, from);
        to[0] = '\0';
        if (r->valid_to != INT64_MAX) ir_date_text(r->valid_to, to);
        const struct case_cell row[] = {
            {"id", N_("duty"), 24, r->id, 0, false, false},
            {"version", N_("version"), 8, r->version, 0, false, false},
            {"valid_from", N_("from"), 10, ir_str_z(from), 0, false, false},
            {"valid_to", N_("until"), 10, or_null(to), 0, false, false},
            {"checked_on", N_("looked up"), 10, r->checked_on, 0, false, false},
            {"name", N_("what"), 40, own_words(&j, &r->name), 0, false, false},
            {"source", N_("source"), 0, r->source, 0, false, false},
        };
        case_row(&j, row, sizeof row / sizeof *row);
    }
    ir_duties_free(d);
    return case_close(&j, status);
}

static const struct cmd cmd_case_duty_preview = {
    .name = "case duty preview",
    .operands = "",
    .brief = N_("Compute duties and dates without a case"),
    .opts = preview_opts,
    .size = sizeof(struct duty_options),
    .run = preview_run,
};

static const struct cmd cmd_case_duty_check = {
    .name = "case duty check",
    .operands = "[FILE…]",
    .brief = N_("Check the rules of duties, and list them with their sources"),
    .opts = check_opts,
    .size = sizeof(struct duty_options),
    .max_operands = SIZE_MAX,
    .run = check_run,
};

extern const struct cmd cmd_case_duty, cmd_case_duty_aware, cmd_case_duty_decide,
    cmd_case_duty_sent;
static const struct cmd *const subs[] = {&cmd_case_duty_aware, &cmd_case_duty_decide,
                                         &cmd_case_duty_sent,  &cmd_case_duty_preview,
                                         &cmd_case_duty_check, NULL};

const struct cmd cmd_case_duty = {
    .name = "case duty",
    .operands = "[CASE]",
    .brief = N_("Show which reports a case calls for, and by when"),
    .about = N_("No legal advice: the rules are data with their sources, and a named person "
                "decides."),
    .opts = duty_opts,
    .size = sizeof(struct duty_options),
    .max_operands = 1,
    .subs = subs,
    .run = duty_run,
};
