/*
 * ir case criteria: the tables by which events are assessed. See case_criteria.h.
 */
#include "case_criteria.h"

#include "base/intl.h"
#include "casefiles.h"

#define ARENA_BYTES   ((size_t)64 << 20)
#define DEFAULT_TABLE "tokyo-3"

static int take_table(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    struct criteria *c = user;
    struct ir_scale scale;
    (void)path;
    const int rc = ir_scale_read(&c->arena, text, &scale, err);
    if (rc != IR_OK) return rc;
    size_t i = 0;
    while (i < c->n && !ir_str_eq(c->scale[i].id, scale.id))
        i++;
    if (i == CRITERIA_MAX) return ir_fail(err, IR_BAD, "more than 64 criteria tables");
    c->scale[i] = scale;
    if (i == c->n) c->n++;
    return IR_OK;
}

int criteria_load(struct case_job *j, struct criteria *ret_c)
{
    *ret_c = (struct criteria){.arena = IR_ARENA(ARENA_BYTES)};
    return casefiles_each(j->cmd, j->env, "criteria", ".yml", take_table, ret_c);
}

void criteria_free(struct criteria *c)
{
    ir_arena_free(&c->arena);
}

const struct ir_scale *criteria_find(struct case_job *j, const struct criteria *c, const char *id,
                                     const char *level)
{
    const struct ir_scale *found = NULL;
    char set[64] = "";
    if (id == NULL) ir_setting_get(j->db, "criteria", set, sizeof set, NULL);
    const char *want = id != NULL ? id : set[0] != '\0' ? set : DEFAULT_TABLE;
    for (size_t i = 0; i < c->n; i++)
        if (ir_str_eq(c->scale[i].id, ir_str_z(want))) found = &c->scale[i];
    if (found == NULL && id == NULL)
        say(j->cmd,
            _("no criteria table '%s', which is set: ir case criteria lists them, ir init --yes "
              "--criteria TABLE sets another"),
            want);
    else if (found == NULL)
        say(j->cmd, _("no criteria table '%s': ir case criteria lists them"), want);
    if (found == NULL || id != NULL || level == NULL || ir_scale_level(found, ir_str_z(level)))
        return found;
    for (size_t i = 0; i < c->n; i++)
        if (ir_scale_level(&c->scale[i], ir_str_z(level)) != NULL) return &c->scale[i];
    return found;
}

struct criteria_options {
    struct case_options c;
};

static const struct opt criteria_opts[] = {CASE_READ_OPTS(struct criteria_options), OPT_END};

static void print_line(struct case_job *j, const struct ir_scale *s, const struct ir_yaml *level,
                       const struct ir_yaml *criterion)
{
    const bool ja = ir_intl_is_ja();
    const struct case_cell row[] = {
        {"scale", N_("table"), 10, s->id, 0, false, false},
        {"level", N_("level"), 8, ir_yaml_text(level, "id"), 0, false, false},
        {"criterion", N_("criterion"), 16,
         criterion != NULL ? ir_yaml_text(criterion, "id") : ir_str_n(NULL, 0), 0, false, false},
        {"text", N_("what it says"), 0,
         criterion != NULL ? ir_scale_text(criterion, "text", ja)
                           : ir_scale_text(level, "title", ja),
         0, false, false},
        {"version", "", 0, s->version, 0, false, true},
        {"source", "", 0, ir_yaml_text(s->root, "source"), 0, false, true},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

static int criteria_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                        const struct env *env)
{
    const struct criteria_options *o = options;
    struct criteria c = {.n = 0};
    struct case_job j;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = criteria_load(&j, &c);
    for (size_t i = 0; status == IR_EXIT_OK && i < c.n; i++)
        for (const struct ir_yaml *l = c.scale[i].levels->kids; l != NULL; l = l->next) {
            const struct ir_yaml *list = ir_yaml_get(l, "criteria");
            print_line(&j, &c.scale[i], l, NULL);
            for (const struct ir_yaml *k = list != NULL ? list->kids : NULL; k; k = k->next)
                print_line(&j, &c.scale[i], l, k);
        }
    criteria_free(&c);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_criteria;
const struct cmd cmd_case_criteria = {
    .name = "case criteria",
    .operands = "",
    .brief = N_("List the tables of levels and criteria by which events are assessed"),
    .about = N_(
        "A table of your own is a file in casefiles/criteria/ of the workspace; see ir-case(1)."),
    .opts = criteria_opts,
    .size = sizeof(struct criteria_options),
    .run = criteria_run,
};
