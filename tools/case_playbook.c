/*
 * ir case playbook: procedures as data, and the tasks that are made of them. Files come with ir or
 * lie in the workspace (casefiles.h); one of the workspace with the same id stands for ir's.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/criteria.h"
#include "casedb/playbook.h"
#include "casedb/query.h"
#include "casefiles.h"

#define PLAYBOOKS_MAX 256u

struct playbook_options {
    struct case_options c;
};

static const struct opt read_opts[] = {CASE_READ_OPTS(struct playbook_options), OPT_END};
static const struct opt write_opts[] = {CASE_WRITE_OPTS(struct playbook_options), OPT_END};

struct shelf {
    struct ir_arena arena;
    struct ir_playbook *v;
    size_t n;
};

static int take(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    struct shelf *s = user;
    struct ir_playbook p;
    size_t i = 0;
    (void)path;
    const struct ir_str copy = ir_arena_dup(&s->arena, text);
    if (copy.p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    const int rc = ir_playbook_read(&s->arena, copy, &p, err);
    if (rc != IR_OK) return rc;
    while (i < s->n && !ir_str_eq(s->v[i].id, p.id))
        i++;
    if (i == PLAYBOOKS_MAX) return ir_fail(err, IR_BAD, "more than 256 playbooks");
    s->v[i] = p;
    if (i == s->n) s->n++;
    return IR_OK;
}

static int shelf_open(struct shelf *s, const struct cmd *cmd, const struct env *env)
{
    *s = (struct shelf){.arena = IR_ARENA((size_t)256 << 20)};
    s->v = calloc(PLAYBOOKS_MAX, sizeof *s->v);
    if (s->v == NULL) return IR_EXIT_FAILED;
    return casefiles_each(cmd, env, "playbooks", ".yml", take, s);
}

static void shelf_close(struct shelf *s)
{
    ir_arena_free(&s->arena);
    free(s->v);
}

/* Says when there is none. */
static const struct ir_playbook *find(const struct shelf *s, const struct cmd *cmd, const char *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (ir_str_eq(s->v[i].id, ir_str_z(id))) return &s->v[i];
    say(cmd, _("%.60s: no such playbook: see ir case playbook list"), id);
    return NULL;
}

static struct ir_str in(const struct case_job *j, const struct ir_yaml *node, const char *key)
{
    return ir_scale_text(node, key, ir_intl_is_ja() && !j->json);
}

/* key: of the words, when a reader is told them; NULL: as they stand. */
static void list_words(const struct ir_yaml *list, const char *key, struct ir_buf *out)
{
    if (list == NULL || list->kind != IR_YAML_LIST) return;
    for (const struct ir_yaml *w = list->kids; w != NULL; w = w->next)
        if (w->kind == IR_YAML_SCALAR)
            ir_buf_fmt(out, "%s%.*s", out->n > 0 ? ", " : "",
                       IR_FMT(key != NULL ? case_word(key, w->text) : w->text));
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct playbook_options *o = options;
    struct shelf s = {.n = 0};
    struct case_job j;
    (void)operands;
    int status = case_without(&j, cmd, &o->c, env); /* files are no part of the workspace */
    if (status == IR_EXIT_OK) status = shelf_open(&s, cmd, env);
    for (size_t i = 0; i < s.n; i++) {
        struct ir_buf levels = IR_BUF(1 << 12), duties = IR_BUF(1 << 16);
        char sha256[IR_DIGEST_TEXT] = "";
        const struct ir_playbook *p = &s.v[i];
        list_words(ir_yaml_get(p->root, "levels"), j.json ? NULL : "level", &levels);
        list_words(ir_yaml_get(p->root, "duties"), NULL, &duties);
        const bool known = ir_playbook_digest(p, sha256);
        const struct case_cell row[] = {
            {"name", N_("name"), 20, p->id, 0, false, false},
            {"version", N_("version"), 7, p->version, 0, false, false},
            {"kind", N_("kind"), 12, p->kind, 0, false, false},
            {"levels", N_("levels"), 14, ir_buf_view(&levels), 0, false, false},
            {"title", N_("title"), 0, in(&j, p->root, "title"), 0, false, false},
            {"title_ja", "", 0, ir_yaml_text(p->root, "title_ja"), 0, false, true},
            {"duties", "", 0, ir_buf_view(&duties), 0, false, true},
            {"sha256", "", 0, known ? ir_str_z(sha256) : ir_str_n(NULL, 0), 0, false, true},
        };
        case_row(&j, row, sizeof row / sizeof *row);
        ir_buf_free(&levels);
        ir_buf_free(&duties);
    }
    shelf_close(&s);
    return case_close(&j, status);
}

static void print_steps(struct case_job *j, const struct ir_playbook *p)
{
    for (const struct ir_yaml *s = p->steps->kids; s != NULL; s = s->next) {
        const struct case_cell row[] = {
            {"id", N_("step"), 14, ir_yaml_text(s, "id"), 0, false, false},
            {"phase", N_("phase"), 14, ir_yaml_text(s, "phase"), 0, false, false},
            {"step", "", 0, ir_yaml_text(s, "step"), 0, false, true},
            {"owner", N_("owner"), 6, ir_yaml_text(s, "owner"), 0, false, false},
            {"text", N_("what"), 70, in(j, s, "text"), 0, false, false},
            {"keep", N_("evidence to keep"), 0, in(j, s, "keep"), 0, false, false},
            {"text_ja", "", 0, ir_yaml_text(s, "text_ja"), 0, false, true},
        };
        case_row(j, row, sizeof row / sizeof *row);
    }
}

static int show_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct playbook_options *o = options;
    struct shelf s = {.n = 0};
    struct case_job j;
    struct ir_buf duties = IR_BUF(1 << 16);
    int status = case_without(&j, cmd, &o->c, env);
    if (status == IR_EXIT_OK) status = shelf_open(&s, cmd, env);
    const struct ir_playbook *p = status == IR_EXIT_OK ? find(&s, cmd, operands->v[0]) : NULL;
    if (p != NULL && !j.json) {
        list_words(ir_yaml_get(p->root, "duties"), NULL, &duties);
        ir_visible(&j.out.buf, in(&j, p->root, "title"), 0);
        ir_buf_fmt(&j.out.buf, "\n%s: ", _("duties to check"));
        ir_visible(&j.out.buf, ir_buf_view(&duties), 0);
        ir_buf_str(&j.out.buf, IR_S("\n\n"));
    }
    if (p != NULL)
        print_steps(&j, p);
    else if (status == IR_EXIT_OK)
        status = IR_EXIT_USAGE;
    ir_buf_free(&duties);
    shelf_close(&s);
    return case_close(&j, status);
}

/* The one that is for the case's kind and level. */
static const struct ir_playbook *fitting(struct case_job *j, const struct shelf *s, const char *id)
{
    const struct ir_playbook *found = NULL;
    struct ir_query q;
    int rc = ir_query_open(&q, j->db, "SELECT kind, level FROM incident WHERE id = ?1", &j->err);
    if (rc == IR_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(id));
        rc = ir_query_next(&q, &j->err);
    }
    for (size_t i = 0; rc == IR_OK && i < s->n && found == NULL; i++)
        if (ir_playbook_fits(&s->v[i], ir_query_text(&q, 0), ir_query_text(&q, 1)))
            found = &s->v[i];
    ir_query_close(&q);
    if (found == NULL)
        say(j->cmd, _("no playbook is for this kind and level: name one, see ir case playbook "
                      "list"));
    return found;
}

static int apply_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct playbook_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[256], lang[8] = "";
    int64_t n = 0;
    struct shelf s = {.n = 0};
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = shelf_open(&s, cmd, env);
    const struct ir_playbook *p = NULL;
    if (status == IR_EXIT_OK) {
        p = operands->n > 1 ? find(&s, cmd, operands->v[1]) : fitting(&j, &s, id);
        if (p == NULL) status = IR_EXIT_USAGE;
    }
    /* the tasks stay: for those who work there, not for the terminal of whoever began */
    if (status == IR_EXIT_OK && env->lang == NULL)
        ir_setting_get(j.db, "language", lang, sizeof lang, NULL);
    const bool ja = lang[0] != '\0' ? strcmp(lang, "ja") == 0 : ir_intl_is_ja();
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_playbook_apply(j.db, id, p, ja, &n, &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: playbook %2$s, %3$lld tasks"), no, p->id.p,
                 (long long)n);
        case_made(&j, no, 0, NULL, said);
    }
    shelf_close(&s);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"playbook_step", N_("step"), 30, CASE_TEXT},
    {"no", N_("task"), 5, CASE_NUMBER},
    {"state", N_("state"), 8, CASE_TEXT},
    {"owner", N_("owner"), 14, CASE_TEXT},
    {"title", N_("what"), 0, CASE_TEXT},
    {"version", "", 0, CASE_ID},
    {"sha256", "", 0, CASE_ID},
    {"applied_at", "", 0, CASE_ID},
    {"applied_by", "", 0, CASE_ID},
};
static const struct case_list steps = {
    "SELECT t.playbook_step, t.no, t.state, t.owner, t.title, p.version, p.sha256, p.applied_at, "
    "p.applied_by FROM task t JOIN playbook p ON p.id = (SELECT id FROM playbook WHERE "
    "incident_id = t.incident_id AND name = substr(t.playbook_step, 1, instr(t.playbook_step, "
    "'/') - 1) ORDER BY rowid DESC LIMIT 1) WHERE t.incident_id = ?1 ORDER BY t.no",
    columns, sizeof columns / sizeof *columns};

static int steps_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    return case_list_of(cmd, &((const struct playbook_options *)options)->c, env, operands->v[0],
                        &steps);
}

#define PLAYBOOK_CMD(word, what, named, table, least, most, more)                                  \
    static const struct cmd cmd_case_playbook_##word = {.name = "case playbook " #word,            \
                                                        .operands = named,                         \
                                                        .brief = what,                             \
                                                        .about = more,                             \
                                                        .opts = table,                             \
                                                        .size = sizeof(struct playbook_options),   \
                                                        .min_operands = least,                     \
                                                        .max_operands = most,                      \
                                                        .run = word##_run}
PLAYBOOK_CMD(list, N_("List the playbooks"), "", read_opts, 0, 0, NULL);
PLAYBOOK_CMD(show, N_("Show the steps of a playbook"), "NAME", read_opts, 1, 1, NULL);
PLAYBOOK_CMD(apply, N_("Make the steps of a playbook tasks of a case"), "CASE [NAME]", write_opts,
             1, 2,
             N_("Without NAME the one for the case's kind and level. The case keeps the playbook\n"
                "as it stands now, with its SHA-256."));
PLAYBOOK_CMD(steps, N_("Show how far a case is in its playbooks"), "CASE", read_opts, 1, 1, NULL);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_playbook_list, &cmd_case_playbook_show,
                                         &cmd_case_playbook_apply, &cmd_case_playbook_steps, NULL};

extern const struct cmd cmd_case_playbook;
const struct cmd cmd_case_playbook = {
    .name = "case playbook",
    .operands = "COMMAND",
    .brief = N_("Procedures for kinds of incidents, and how far a case is in them"),
    .opts = no_opts,
    .subs = subs,
};
