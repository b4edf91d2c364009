/*
 * ir case timeline: what happened, in the order of time: own entries, and merged with them the
 * response log, reports, alerts and phases of the case.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/fact.h"
#include "casedb/scene.h"
#include "casedb/work.h"
#include "rule_titles.h"

#define IMPORT_MAX ((size_t)1 << 30)
#define NAMES_MAX  ((size_t)1 << 16)

struct timeline_options {
    struct case_options c;
    const char *detail, *source, *asset, *attack, *confidence, *from;
    struct opt_list evidence;
    int64_t at, until;
    uint64_t uncertainty;
    bool own;
};

#define AT(member) offsetof(struct timeline_options, member)
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct timeline_options),
    {"at", 0, OPT_TIME, AT(at), "TIME", N_("when it happened"), NULL},
    {"until", 0, OPT_TIME, AT(until), "TIME", N_("when it ended"), NULL},
    {"uncertainty", 0, OPT_NUMBER, AT(uncertainty), "SECONDS",
     N_("by how much the clock that said so may be wrong"), NULL},
    {"detail", 0, OPT_TEXT, AT(detail), "TEXT", N_("more about it"), NULL},
    {"source", 0, OPT_TEXT, AT(source), "TEXT", N_("what says so: a log and its line, a person"),
     NULL},
    {"asset", 0, OPT_TEXT, AT(asset), "NAME", N_("the machine or account that it concerns"), NULL},
    {"attack", 0, OPT_TEXT, AT(attack), "ID", N_("technique of ATT&CK: T1133"), NULL},
    {"confidence", 0, OPT_CHOICE, AT(confidence), "WORD",
     N_("how sure: confirmed, probable, possible or unknown"), ir_confidence},
    {"evidence", 0, OPT_LIST, AT(evidence), "ITEM", N_("an exhibit that shows it (repeatable)"),
     NULL},
    OPT_END,
};
static const struct opt import_opts[] = {
    CASE_WRITE_OPTS(struct timeline_options),
    {"from", 0, OPT_TEXT, AT(from), "FILE", N_("JSON lines (default: stdin)"), NULL},
    {"evidence", 0, OPT_LIST, AT(evidence), "ITEM",
     N_("an exhibit that the entries came from (repeatable)"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct timeline_options),
    {"own", 0, OPT_FLAG, AT(own), NULL, N_("only entries of the timeline itself"), NULL},
    OPT_END,
};

static void not_given(void *options, const struct env *env)
{
    struct timeline_options *o = options;
    (void)env;
    o->at = o->until = INT64_MIN;
    o->uncertainty = UINT64_MAX;
}

/* The exhibits that were said, which must belong to the case. */
static int exhibits_of(struct case_job *j, const char *id, const struct timeline_options *o,
                       struct ir_buf *names)
{
    return case_status(j,
                       ir_exhibits_named(j->db, id, o->evidence.v, o->evidence.n, names, &j->err));
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct timeline_options *o = options;
    struct ir_buf text = IR_BUF(IR_CASE_TEXT_MAX), exhibits = IR_BUF(NAMES_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], made[IR_ID_TEXT] = "", said[160];
    int64_t n = 0;
    struct case_job j;
    if (o->at == INT64_MIN) {
        say(cmd, _("--at is needed: when it happened"));
        return IR_EXIT_USAGE;
    }
    int status = case_start_text(&j, cmd, &o->c, env, operands, NULL, &text, id, no);
    if (status == IR_EXIT_OK) status = exhibits_of(&j, id, o, &exhibits);
    const struct ir_timeline_row r = {
        .at = o->at,
        .until = o->until,
        .uncertainty_s = o->uncertainty == UINT64_MAX ? -1 : (int64_t)o->uncertainty,
        .title = ir_utf8_trim(ir_buf_view(&text)),
        .detail = ir_str_z(o->detail),
        .source = ir_str_z(o->source),
        .asset = ir_str_z(o->asset),
        .attack = ir_str_z(o->attack),
        .evidence = ir_buf_view(&exhibits),
        .confidence = ir_str_z(o->confidence)};
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_timeline_add(j.db, id, &r, &n, made, &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: entry %2$lld"), no, (long long)n);
        case_made(&j, no, n, made[0] ? made : NULL, said);
    }
    ir_buf_free(&exhibits);
    ir_buf_free(&text);
    return case_close(&j, status);
}

static int import_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct timeline_options *o = options;
    struct ir_buf text = IR_BUF(IMPORT_MAX), exhibits = IR_BUF(NAMES_MAX);
    struct ir_import i = {0};
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_start_text(&j, cmd, &o->c, env, operands, o->from != NULL ? o->from : "-",
                                 &text, id, no);
    if (status == IR_EXIT_OK) status = exhibits_of(&j, id, o, &exhibits);
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_timeline_import(j.db, id, ir_buf_view(&text),
                                                    ir_buf_view(&exhibits), &i, &j.err));
    if (status == IR_EXIT_OK) {
        const struct case_cell row[] = {
            {"added", N_("added"), 8, {NULL, 0}, (int64_t)i.added, true, false},
            {"same", N_("there already"), 14, {NULL, 0}, (int64_t)i.same, true, false},
            {"with_exhibit", N_("with exhibit"), 14, {NULL, 0}, (int64_t)i.shown, true, false},
            {"bad", N_("unusable"), 0, {NULL, 0}, (int64_t)i.bad, true, false},
        };
        case_row(&j, row, sizeof row / sizeof *row);
        case_tell_marks(&j, ir_buf_view(&text), ir_buf_view(&text));
        if (i.bad > 0)
            say(cmd,
                _("%1$llu lines have no time or no title, or are no JSON; the first is line "
                  "%2$llu"),
                (unsigned long long)i.bad, (unsigned long long)i.first_bad);
    }
    ir_buf_free(&exhibits);
    ir_buf_free(&text);
    /* What could be used is kept: committed first, then told by the status. */
    status = case_close(&j, status);
    return status == IR_EXIT_OK && i.bad > 0 ? IR_EXIT_DAMAGED : status;
}

static const struct case_column columns[] = {
    {"at", N_("time"), 25, CASE_TIME},
    {"kind", N_("kind"), 10, CASE_TEXT},
    {"no", N_("number"), 14, CASE_TEXT},
    {"asset", N_("on what"), 16, CASE_TEXT},
    {"title", N_("what"), 0, CASE_TITLE},
    {"until", "", 0, CASE_ID},
    {"uncertainty_s", "", 0, CASE_ID},
    {"detail", "", 0, CASE_ID},
    {"source", "", 0, CASE_ID},
    {"attack", "", 0, CASE_ID},
    {"confidence", "", 0, CASE_ID},
    {"evidence", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
#define OWN                                                                                        \
    "SELECT at, 'entry' AS kind, CAST(no AS TEXT) AS no, asset, title, until, "                    \
    "CAST(uncertainty_s AS TEXT), detail, source, attack, confidence, evidence, id FROM timeline " \
    "WHERE incident_id = ?1 "
#define OTHERS                                                                                     \
    "UNION ALL SELECT at, 'act', CAST(no AS TEXT), target, actor || ': ' || action || "            \
    "coalesce(': ' || result, ''), NULL, NULL, NULL, 'clock: ' || clock, NULL, NULL, NULL, id "    \
    "FROM act WHERE incident_id = ?1 "                                                             \
    "UNION ALL SELECT coalesce(noticed_at, recorded_at), 'report', no, NULL, text, NULL, NULL, "   \
    "NULL, reporter, NULL, NULL, NULL, id FROM event WHERE incident_id = ?1 "                      \
    "UNION ALL SELECT coalesce(a.first_seen, a.filed_at), 'alert', a.no, NULL, a.title, "          \
    "a.last_seen, NULL, a.entity, a.rule_id, NULL, NULL, NULL, a.id FROM alert a JOIN event e ON " \
    "e.id = a.event_id WHERE e.incident_id = ?1 "                                                  \
    "UNION ALL SELECT at, 'phase', NULL, NULL, from_phase || ' -> ' || to_phase || coalesce(' ' "  \
    "|| step, ''), NULL, NULL, override, actor, NULL, NULL, NULL, id FROM transition WHERE "       \
    "incident_id = ?1 "

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct timeline_options *o = options;
    const struct case_list list = {o->own ? OWN "ORDER BY 1, 2, 3" : OWN OTHERS "ORDER BY 1, 2, 3",
                                   columns, sizeof columns / sizeof *columns};
    struct ir_arena arena = IR_ARENA((size_t)16 << 20);
    struct ir_doc_given titles;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_look(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK && !j.json && ir_intl_is_ja()) {
        titles = rule_titles(&arena, cmd, env);
        j.titles = &titles;
    }
    if (status == IR_EXIT_OK) status = case_print(&j, &list, id);
    status = case_close(&j, status);
    ir_arena_free(&arena);
    return status;
}

#define TIMELINE_CMD(word, what, named, table, least, most, more)                                  \
    static const struct cmd cmd_case_timeline_##word = {.name = "case timeline " #word,            \
                                                        .operands = named,                         \
                                                        .brief = what,                             \
                                                        .about = more,                             \
                                                        .opts = table,                             \
                                                        .size = sizeof(struct timeline_options),   \
                                                        .min_operands = least,                     \
                                                        .max_operands = most,                      \
                                                        .defaults = not_given,                     \
                                                        .run = word##_run}
TIMELINE_CMD(add, N_("Add an entry to the timeline of a case"), "CASE TEXT…", add_opts, 2, SIZE_MAX,
             N_("TEXT is what happened; - reads it from stdin."));
TIMELINE_CMD(list, N_("Print what happened in a case, in the order of time"), "CASE", list_opts, 1,
             1, NULL);
TIMELINE_CMD(
    import, N_("Take entries from ir scan, ir timeline or Timesketch"), "CASE", import_opts, 1, 1,
    N_("JSON lines of ir scan or ir timeline with --output jsonl, or of Timesketch. What\n"
       "is there already is not written twice. A finding in an exhibit of the case names it\n"
       "by itself, when the list has the scan's last line, which tells of the seal."));

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_timeline_add, &cmd_case_timeline_list,
                                         &cmd_case_timeline_import, NULL};

extern const struct cmd cmd_case_timeline;
const struct cmd cmd_case_timeline = {
    .name = "case timeline",
    .operands = "COMMAND",
    .brief = N_("What happened in a case, in the order of time"),
    .opts = no_opts,
    .subs = subs,
};
