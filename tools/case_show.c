/*
 * ir case show: one case on one screen, for somebody who must know in half a minute where it
 * stands and what is next. All texts are made visible: an attacker may have written some of them.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/duty_case.h"
#include "casedb/phase.h"
#include "casedb/query.h"
#include "casefiles.h"
#include "duties_load.h"

#define LINES 5 /* of a list */
#define WIDTH 100

struct show_options {
    struct case_options c;
};

static const struct opt opts[] = {CASE_READ_OPTS(struct show_options), OPT_END};

struct show {
    struct case_job *j;
    const char *id;
    struct ir_query q; /* the case's row */
    int64_t open, done, overdue, acts, exhibits, sealed, duties, events, lessons, links;
    int64_t passed; /* how often the gate before recovery was passed for a reason */
    char phase[32], step[32];
    bool ruled; /* the rules of duties were found */
    struct waiting {
        int64_t due_ns; /* INT64_MAX: no date */
        char due[IR_CASEDB_TIME], duty[240];
    } wait[LINES]; /* the first of the duties, by their dates */
};

enum { NO, TITLE, KIND, PHASE, STEP, LEVEL, LEAD, TLP, OPENED, EXERCISE, CLOSED, MERGED, ID };

/* SQL stands as it reads best. ?1 the case, ?2 now. */
/* clang-format off */
#define OF(table, what) "(SELECT count(*) FROM " table " WHERE incident_id = ?1 " what ")"
static const char counts_sql[] =
    "SELECT " OF("task", "AND state IN ('open', 'doing')")
    ", " OF("task", "AND state = 'done'")
    ", " OF("task", "AND state IN ('open', 'doing') AND due_at < ?2")
    ", " OF("act", "")
    ", " OF("exhibit", "")
    ", " OF("exhibit", "AND seal IS NOT NULL")
    ", " OF("event", "")
    ", " OF("lesson", "AND state <> 'dropped'")
    ", " OF("transition", "AND to_phase = 'recover' AND override IS NOT NULL")
    ", (SELECT count(*) FROM link WHERE ?1 IN (from_id, to_id))";
#undef OF
/* clang-format on */

static int count_all(struct show *s)
{
    int64_t *const to[] = {&s->open,   &s->done,   &s->overdue, &s->acts,   &s->exhibits,
                           &s->sealed, &s->events, &s->lessons, &s->passed, &s->links};
    char now[IR_CASEDB_TIME];
    struct ir_query q;
    int rc = ir_query_open(&q, s->j->db, counts_sql, &s->j->err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(s->j->env->now, now);
    ir_query_text_arg(&q, 1, ir_str_z(s->id));
    ir_query_text_arg(&q, 2, ir_str_z(now));
    rc = ir_query_next(&q, &s->j->err);
    for (int i = 0; rc == IR_OK && i < (int)(sizeof to / sizeof *to); i++)
        *to[i] = ir_query_int(&q, i);
    ir_query_close(&q);
    return rc;
}

static int on_duty(void *user, const struct ir_duty_status *d)
{
    struct show *s = user;
    if (!ir_duty_waits(d)) return IR_OK;
    const bool dated = d->result.due_strict[0] != '\0';
    const int64_t due = dated ? d->result.due_ns : INT64_MAX;
    size_t at = s->duties < LINES ? (size_t)s->duties : LINES;
    s->duties++;
    while (at > 0 && s->wait[at - 1].due_ns > due) {
        if (at < LINES) s->wait[at] = s->wait[at - 1];
        at--;
    }
    if (at == LINES) return IR_OK;
    s->wait[at].due_ns = due;
    snprintf(s->wait[at].due, sizeof s->wait[at].due, "%s", d->result.due_strict);
    snprintf(s->wait[at].duty, sizeof s->wait[at].duty, "%s  %.*s  %.*s",
             duties_state(d->result.state), IR_FMT(d->info->id),
             IR_FMT(duties_text(&d->info->name)));
    return IR_OK;
}

/* Those that the rules call for, also when nobody thought of them yet. */
static int find_duties(struct show *s)
{
    struct case_job *j = s->j;
    struct ir_duties *d = NULL;
    s->ruled = casefiles_there(j->env, "duties");
    if (!s->ruled) { /* the rest of the case is there all the same */
        casefiles_missing(j->cmd, j->env);
        return IR_EXIT_OK;
    }
    int status = duties_load(j->cmd, j->env, NULL, &d);
    if (status == IR_EXIT_OK)
        status = case_status(
            j, ir_duty_each(j->db, d, s->id, j->env->now, j->zone_s, on_duty, s, &j->err));
    ir_duties_free(d);
    return status;
}

static void waiting(const struct show *s, struct ir_buf *out)
{
    for (int64_t i = 0; i < s->duties && i < LINES; i++) {
        char when[40];
        const struct ir_str due = case_time(s->j, ir_str_z(s->wait[i].due), when);
        ir_buf_fmt(out, "  %.*s%s", IR_FMT(due), due.n > 0 ? "  " : "");
        ir_visible(out, ir_str_z(s->wait[i].duty), WIDTH);
        ir_buf_chr(out, '\n');
    }
    if (s->duties > LINES)
        ir_buf_fmt(out, _("  and %lld more: ir case duty\n"), (long long)s->duties - LINES);
}

/* What the case waits for most. One thing, so that nobody has to choose. */
static const char *next_thing(const struct show *s)
{
    if (!ir_query_null(&s->q, MERGED)) return N_("work goes on in the case it was merged into");
    if (!ir_query_null(&s->q, CLOSED)) return N_("nothing: the case is closed");
    if (ir_query_null(&s->q, LEAD)) return N_("say who leads: ir case assign");
    if (s->overdue > 0) return N_("finish the tasks that are overdue: ir case task list");
    if (ir_query_null(&s->q, LEVEL)) return N_("say how bad it is: ir case decide, ir case set");
    if (s->sealed == 0) return N_("preserve evidence: ir evidence collect, ir case evidence link");
    if (s->duties > 0) return N_("see to the reporting duties: ir case duty");
    if (s->open > 0) return N_("work on the open tasks: ir case task list");
    if (s->acts == 0) return N_("record what was done: ir case act");
    if (strcmp(s->phase, "recover") != 0) return N_("go on to the next phase: ir case phase");
    if (s->lessons == 0) return N_("write down what is to be better: ir case lesson");
    return N_("close the case: ir case close");
}

static void label(struct ir_buf *out, const char *text)
{
    const size_t used = ir_columns(ir_str_z(text));
    ir_buf_fmt(out, "%s%*s", text, used < 10 ? (int)(12 - used) : 2, "");
}

static void steps(const struct show *s, struct ir_buf *out)
{
    const struct ir_step *t;
    const char *last = "";
    for (size_t i = 0; (t = ir_step_at(i)) != NULL; i++) {
        bool been = false;
        if (strcmp(last, t->phase) != 0) ir_buf_fmt(out, "  %s\n", _(ir_phase_title(t->phase)));
        last = t->phase;
        const bool first = s->step[0] == '\0' && i == 0;
        const bool here =
            strcmp(s->phase, t->phase) == 0 && (first || strcmp(s->step, t->step) == 0);
        ir_phase_touched(s->j->db, s->id, t, &been, NULL);
        ir_buf_fmt(out, "    [%s] %s%s\n",
                   here   ? ">"
                   : been ? "x"
                          : " ",
                   _(t->title), here ? _("  <- now") : "");
    }
}

/* The first lines of a list; sql gives a time or nothing, then texts. */
static void lines(const struct show *s, struct ir_buf *out, const char *sql)
{
    struct ir_query q;
    if (ir_query_open(&q, s->j->db, sql, NULL) != IR_OK) return;
    ir_query_text_arg(&q, 1, ir_str_z(s->id));
    ir_query_int_arg(&q, 2, LINES);
    while (ir_query_next(&q, NULL) == IR_OK) {
        char when[40];
        struct ir_buf line = IR_BUF(1 << 16);
        for (int i = 0; i < ir_query_columns(&q); i++) {
            const struct ir_str t =
                i == 0 ? case_time(s->j, ir_query_text(&q, 0), when) : ir_query_text(&q, i);
            if (t.n == 0) continue;
            if (line.n > 0) ir_buf_str(&line, IR_S("  "));
            ir_buf_str(&line, ir_str_head(t, 400));
        }
        ir_buf_str(out, IR_S("  "));
        ir_visible(out, ir_buf_view(&line), WIDTH);
        ir_buf_chr(out, '\n');
        ir_buf_free(&line);
    }
    ir_query_close(&q);
}

static void head(const struct show *s, struct ir_buf *out)
{
    char when[40];
    static const int facts[] = {KIND, LEVEL, TLP, LEAD};
    static const char *const names[] = {N_("kind"), N_("level"), "TLP", N_("lead")};
    ir_visible(out, ir_query_text(&s->q, NO), 0);
    ir_buf_str(out, IR_S("  "));
    ir_visible(out, ir_query_text(&s->q, TITLE), WIDTH);
    if (ir_query_int(&s->q, EXERCISE) != 0) ir_buf_fmt(out, "  [%s]", _("EXERCISE"));
    ir_buf_chr(out, '\n');
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        ir_buf_fmt(out, "%s%s ", i > 0 ? "  " : "", _(names[i]));
        const struct ir_str said = ir_query_text(&s->q, facts[i]);
        const struct ir_str v = facts[i] == KIND    ? case_word("kind", said)
                                : facts[i] == LEVEL ? case_word("level", said)
                                                    : said;
        ir_visible(out, v.n > 0 ? v : ir_str_z(_("not decided yet")), 40);
    }
    ir_buf_fmt(out, "  %s %.*s\n\n", _("opened"),
               IR_FMT(case_time(s->j, ir_query_text(&s->q, OPENED), when)));
}

static void linked(const struct show *s, struct ir_buf *out)
{
    if (s->links == 0) return;
    label(out, _("linked"));
    ir_buf_fmt(out, "%lld\n", (long long)s->links);
    lines(s, out,
          "SELECT NULL, i.no, i.title, l.kind FROM link l JOIN incident i ON i.id = iif(l.from_id "
          "= ?1, l.to_id, l.from_id) WHERE ?1 IN (l.from_id, l.to_id) ORDER BY i.no LIMIT ?2");
}

/* Who went on without preserved evidence, and why. */
static void gate(const struct show *s, struct ir_buf *out)
{
    if (s->passed == 0) return;
    label(out, _("gate"));
    ir_buf_fmt(out, "%s\n", _("recovery was begun without preserved evidence:"));
    lines(s, out,
          "SELECT at, actor, override FROM transition WHERE incident_id = ?1 AND to_phase = "
          "'recover' AND override IS NOT NULL ORDER BY rowid LIMIT ?2");
}

static void page(const struct show *s, struct ir_buf *out)
{
    head(s, out);
    label(out, _("next"));
    ir_buf_fmt(out, "%s\n", _(next_thing(s)));
    label(out, _("phase"));
    ir_buf_fmt(out, "%s\n", _(ir_phase_title(s->phase) ? ir_phase_title(s->phase) : s->phase));
    steps(s, out);
    linked(s, out);
    label(out, _("tasks"));
    ir_buf_fmt(out, _("%1$lld open, %2$lld overdue, %3$lld done\n"), (long long)s->open,
               (long long)s->overdue, (long long)s->done);
    lines(s, out,
          "SELECT due_at, '#' || no || ' ' || title, owner FROM task WHERE incident_id = ?1 AND "
          "state IN ('open', 'doing') ORDER BY due_at IS NULL, due_at, no LIMIT ?2");
    label(out, _("duties"));
    if (s->ruled)
        ir_buf_fmt(out, _("%lld to be decided or sent\n"), (long long)s->duties);
    else
        ir_buf_fmt(out, "%s\n", _("unknown: the rules are missing"));
    waiting(s, out);
    label(out, _("evidence"));
    ir_buf_fmt(out, _("%1$lld exhibits, %2$lld sealed\n"), (long long)s->exhibits,
               (long long)s->sealed);
    lines(s, out,
          "SELECT sealed_at, item, description FROM exhibit WHERE incident_id = ?1 ORDER BY item "
          "LIMIT ?2");
    gate(s, out);
    label(out, _("done"));
    ir_buf_fmt(out, s->acts > 0 ? _("%lld acts; the last ones:\n") : "%lld\n", (long long)s->acts);
    lines(s, out,
          "SELECT at, actor, action, target, result FROM (SELECT * FROM act WHERE incident_id = ?1 "
          "ORDER BY at DESC, no DESC LIMIT ?2) ORDER BY at, no");
}

/* Of the gate before recovery, as programs read it. */
static const char *gate_state(const struct show *s)
{
    return s->sealed > 0 ? "open" : s->passed > 0 ? "passed" : "shut";
}

static void object(const struct show *s)
{
    const struct ir_query *q = &s->q;
    const char *next = next_thing(s);
#define TEXT(name, column)                                                                         \
    {                                                                                              \
        .key = (name), .text = ir_query_text(q, (column))                                          \
    }
#define COUNT(name, value)                                                                         \
    {                                                                                              \
        .key = (name), .n = (value), .number = true                                                \
    }
    const struct case_cell row[] = {TEXT("no", NO),
                                    TEXT("title", TITLE),
                                    TEXT("kind", KIND),
                                    TEXT("phase", PHASE),
                                    TEXT("step", STEP),
                                    TEXT("level", LEVEL),
                                    TEXT("lead", LEAD),
                                    TEXT("tlp", TLP),
                                    TEXT("opened_at", OPENED),
                                    TEXT("closed_at", CLOSED),
                                    TEXT("merged_into", MERGED),
                                    COUNT("exercise", ir_query_int(q, EXERCISE)),
                                    COUNT("tasks_open", s->open),
                                    COUNT("tasks_overdue", s->overdue),
                                    COUNT("tasks_done", s->done),
                                    {.key = "duties_open", .n = s->duties, .number = s->ruled},
                                    COUNT("exhibits", s->exhibits),
                                    COUNT("exhibits_sealed", s->sealed),
                                    {.key = "gate", .text = ir_str_z(gate_state(s))},
                                    COUNT("acts", s->acts),
                                    COUNT("events", s->events),
                                    COUNT("lessons", s->lessons),
                                    COUNT("links", s->links),
                                    {.key = "next", .text = ir_str_z(next)},
                                    TEXT("id", ID)};
    case_row(s->j, row, sizeof row / sizeof *row);
#undef TEXT
#undef COUNT
}

static int run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
               const struct env *env)
{
    const struct show_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_look(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    struct show s = {.j = &j, .id = id};
    status = find_duties(&s);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_query_open(&s.q, j.db,
                           "SELECT i.no, i.title, i.kind, i.phase, i.step, i.level, i.lead, i.tlp, "
                           "i.opened_at, i.exercise, i.closed_at, m.no, i.id FROM incident i LEFT "
                           "JOIN incident m ON m.id = i.merged_into WHERE i.id = ?1",
                           &j.err);
    if (rc == IR_OK) {
        ir_query_text_arg(&s.q, 1, ir_str_z(id));
        rc = ir_query_next(&s.q, &j.err);
    }
    if (rc == IR_OK) rc = count_all(&s);
    if (rc == IR_OK) {
        snprintf(s.phase, sizeof s.phase, "%.*s", IR_FMT(ir_query_text(&s.q, PHASE)));
        snprintf(s.step, sizeof s.step, "%.*s", IR_FMT(ir_query_text(&s.q, STEP)));
        if (j.json)
            object(&s);
        else
            page(&s, &j.out.buf);
    }
    ir_query_close(&s.q);
    return case_close(&j, case_status(&j, rc));
}

extern const struct cmd cmd_case_show;
const struct cmd cmd_case_show = {
    .name = "case show",
    .operands = "CASE",
    .brief = N_("Show a case on one screen: where it stands, and what is next"),
    .about = N_("CASE is its number: CASE-2026-001, 2026-001, or 1."),
    .opts = opts,
    .size = sizeof(struct show_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
