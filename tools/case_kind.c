/*
 * Kinds and levels of cases as they are said. See case_kind.h. A kind that no playbook is for would
 * leave the case without a procedure, and split the statistics by kind (5.27).
 */
#include "case_kind.h"

#include "base/intl.h"
#include "base/utf8.h"
#include "case_criteria.h"
#include "casedb/playbook.h"
#include "casefiles.h"

/* Those of the Tokyo text and the two that ir adds, with which a program that was copied alone
 * still works. */
static const char *const usual[] = {"malware", "intrusion", "destruction", "tampering", "leak",
                                    "outage",  "phishing",  "lost_device", "other"};
#define USUAL (sizeof usual / sizeof *usual)

struct kinds {
    struct ir_str said;
    struct ir_buf all; /* of the files, ", " between them */
    bool found;
};

static void add(struct kinds *k, struct ir_str kind)
{
    if (ir_str_find(ir_buf_view(&k->all), kind) != IR_NPOS) return;
    if (k->all.n > 0) ir_buf_str(&k->all, IR_S(", "));
    ir_buf_str(&k->all, kind);
    const struct ir_str local = case_word("kind", kind); /* who reads no English can choose, too */
    if (local.p != kind.p) ir_buf_fmt(&k->all, "（%.*s）", IR_FMT(local));
}

static int take(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    struct kinds *k = user;
    struct ir_arena arena = IR_ARENA((size_t)16 << 20);
    struct ir_playbook p;
    (void)path;
    const int rc = ir_playbook_read(&arena, text, &p, err);
    if (rc == IR_OK) add(k, p.kind);
    if (rc == IR_OK) k->found |= ir_str_eq(k->said, p.kind);
    ir_arena_free(&arena);
    return rc;
}

/* As it is, or not at all: what is cut is another word. */
static int keep(struct case_job *j, struct ir_str word, char out[CASE_KIND_TEXT])
{
    if (word.n >= CASE_KIND_TEXT) {
        say(j->cmd, _("%.*s: longer than %d bytes: give it a shorter name in its file"),
            IR_FMT(ir_utf8_head(word, 60)), CASE_KIND_TEXT - 1);
        return IR_EXIT_USAGE;
    }
    snprintf(out, CASE_KIND_TEXT, "%.*s", IR_FMT(word));
    return IR_EXIT_OK;
}

int case_kind(struct case_job *j, const char *said, char out[CASE_KIND_TEXT])
{
    struct kinds k = {.said = ir_utf8_trim(ir_str_z(said)), .all = IR_BUF(1 << 16)};
    out[0] = '\0';
    if (k.said.n == 0) return IR_EXIT_OK;
    for (size_t i = 0; i < USUAL && !k.found; i++) {
        add(&k, ir_str_z(usual[i]));
        if (!ir_str_eq(k.said, ir_str_z(usual[i])) && !case_says(usual[i], k.said)) continue;
        k.said = ir_str_z(usual[i]);
        k.found = true;
    }
    int status = IR_EXIT_OK;
    if (!k.found && casefiles_there(j->env, "playbooks"))
        status = casefiles_each(j->cmd, j->env, "playbooks", ".yml", take, &k);
    if (status == IR_EXIT_OK && !k.found) {
        say(j->cmd, _("%1$.60s: no kind of incident: there are %2$s"), said, k.all.p);
        status = IR_EXIT_USAGE;
    }
    ir_buf_free(&k.all);
    return status == IR_EXIT_OK ? keep(j, k.said, out) : status;
}

int case_level(struct case_job *j, const char *said, char out[CASE_KIND_TEXT])
{
    struct criteria tables = {.n = 0};
    out[0] = '\0';
    if (said == NULL || ir_utf8_trim(ir_str_z(said)).n == 0) return IR_EXIT_OK;
    if (!casefiles_there(j->env, "criteria")) return keep(j, ir_str_z(said), out);
    int status = criteria_load(j, &tables);
    const struct ir_scale *s = status == IR_EXIT_OK ? criteria_find(j, &tables, NULL, said) : NULL;
    const struct ir_yaml *level =
        s != NULL ? ir_scale_level(s, ir_utf8_trim(ir_str_z(said))) : NULL;
    if (s != NULL && level == NULL)
        say(j->cmd, _("%.60s: no level of the criteria tables; ir case criteria lists them"), said);
    if (level == NULL && status == IR_EXIT_OK) status = IR_EXIT_USAGE;
    if (level != NULL) status = keep(j, ir_yaml_text(level, "id"), out);
    criteria_free(&tables);
    return status;
}
