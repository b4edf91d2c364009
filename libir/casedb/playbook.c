/*
 * Playbooks as data. See playbook.h. A file may be a user's own or come from elsewhere, so all of
 * it is checked before anything is made of it; names of phases, steps and roles are closed lists.
 */
#include "casedb/playbook.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/intl.h"
#include "casedb/criteria.h"
#include "casedb/people.h"
#include "casedb/phase.h"
#include "casedb/query.h"
#include "casedb/work.h"

#define STEPS_MAX  200u
#define NAME_BYTES 64u

/* Letters, digits, hyphen and underscore: it becomes part of a reference. */
static bool is_name(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isalnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_') return false;
    return s.n > 0 && s.n < NAME_BYTES;
}

static bool is_role(struct ir_str s)
{
    return ir_str_eq(s, IR_S("chief")) || ir_str_eq(s, IR_S("lead")) || ir_str_eq(s, IR_S("first"));
}

static bool is_step(struct ir_str phase, struct ir_str step)
{
    const struct ir_step *s;
    for (size_t i = 0; (s = ir_step_at(i)) != NULL; i++)
        if (ir_str_eq(phase, ir_str_z(s->phase)) && ir_str_eq(step, ir_str_z(s->step))) return true;
    return false;
}

static int check_step(const struct ir_yaml *list, const struct ir_yaml *s, struct ir_err *err)
{
    const struct ir_str id = ir_yaml_text(s, "id");
    if (s->kind != IR_YAML_MAP || !is_name(id))
        return ir_yaml_wrong(err, s, N_("a step needs an id of letters, digits, - and _"));
    for (const struct ir_yaml *other = list->kids; other != s; other = other->next)
        if (ir_str_eq(id, ir_yaml_text(other, "id")))
            return ir_yaml_wrong(err, s, N_("two steps have the same id"));
    if (!is_step(ir_yaml_text(s, "phase"), ir_yaml_text(s, "step")))
        return ir_yaml_wrong(err, s, N_("no such phase and step"));
    if (!is_role(ir_yaml_text(s, "owner")))
        return ir_yaml_wrong(err, s, N_("owner: chief, lead or first"));
    return ir_yaml_text(s, "text").n > 0 ? IR_OK : ir_yaml_wrong(err, s, N_("a step needs a text"));
}

int ir_playbook_read(struct ir_arena *arena, struct ir_str text, struct ir_playbook *ret_p,
                     struct ir_err *err)
{
    struct ir_yaml *root = NULL;
    size_t n = 0;
    int rc = ir_yaml_first(arena, text, &root, err);
    if (rc != IR_OK) return rc;
    if (root == NULL || root->kind != IR_YAML_MAP)
        return ir_yaml_wrong(err, root, N_("no playbook: not a map"));
    struct ir_playbook p = {.id = ir_yaml_text(root, "id"),
                            .version = ir_yaml_text(root, "version"),
                            .kind = ir_yaml_text(root, "kind"),
                            .text = text,
                            .root = root,
                            .steps = ir_yaml_get(root, "steps")};
    if (!is_name(p.id))
        return ir_yaml_wrong(err, root, N_("a playbook needs an id of letters, digits, - and _"));
    if (p.version.n == 0 || ir_yaml_text(root, "title").n == 0)
        return ir_yaml_wrong(err, root, N_("a playbook needs a version and a title"));
    if (p.steps == NULL || p.steps->kind != IR_YAML_LIST || p.steps->kids == NULL)
        return ir_yaml_wrong(err, root, N_("a playbook needs a list of steps"));
    for (const struct ir_yaml *s = p.steps->kids; s != NULL && rc == IR_OK; s = s->next)
        rc = ++n > STEPS_MAX ? ir_yaml_wrong(err, s, N_("more than 200 steps"))
                             : check_step(p.steps, s, err);
    if (rc == IR_OK) *ret_p = p;
    return rc;
}

bool ir_playbook_fits(const struct ir_playbook *p, struct ir_str kind, struct ir_str level)
{
    const struct ir_yaml *levels = ir_yaml_get(p->root, "levels");
    if (kind.n == 0 || !ir_str_eq(kind, p->kind)) return false;
    if (levels == NULL || levels->kind != IR_YAML_LIST) return true;
    for (const struct ir_yaml *l = levels->kids; l != NULL; l = l->next)
        if (l->kind == IR_YAML_SCALAR && ir_str_eq(l->text, level)) return true;
    return false;
}

static int add_task(struct ir_casedb *db, const char *incident_id, const struct ir_playbook *p,
                    const struct ir_yaml *s, bool japanese, struct ir_err *err)
{
    char id[IR_ID_TEXT], step[2 * NAME_BYTES + 2];
    int64_t no;
    struct ir_buf owner = IR_BUF(IR_CASE_TEXT_MAX);
    snprintf(step, sizeof step, "%.*s/%.*s", IR_FMT(p->id), IR_FMT(ir_yaml_text(s, "id")));
    int rc = ir_role_person(db, ir_yaml_text(s, "owner"), true, &owner, err);
    if (rc == IR_END) { /* nobody holds it: its own name */
        ir_buf_str(&owner, ir_yaml_text(s, "owner"));
        rc = IR_OK;
    }
    const struct ir_task t = {.title = ir_scale_text(s, "text", japanese),
                              .owner = ir_buf_view(&owner),
                              .playbook_step = ir_str_z(step),
                              .phase = ir_yaml_text(s, "phase"),
                              .step = ir_yaml_text(s, "step")};
    if (rc == IR_OK) rc = ir_task_add(db, incident_id, &t, &no, id, err);
    ir_buf_free(&owner);
    return rc;
}

static int applied(struct ir_casedb *db, const char *incident_id, const char *sha256,
                   struct ir_err *err)
{
    struct ir_query q;
    int rc =
        ir_query_open(&q, db, "SELECT 1 FROM playbook WHERE incident_id = ?1 AND sha256 = ?2", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(sha256));
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    if (rc == IR_OK)
        return ir_fail(err, IR_BAD, "this version of the playbook was applied already");
    return rc == IR_END ? IR_OK : rc;
}

bool ir_playbook_digest(const struct ir_playbook *p, char ret_sha256[IR_DIGEST_TEXT])
{
    struct ir_digest_sum sum;
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), p->text, &sum)) return false;
    ir_digest_hex(&sum, IR_SHA256, ret_sha256);
    return true;
}

int ir_playbook_apply(struct ir_casedb *db, const char *incident_id, const struct ir_playbook *p,
                      bool japanese, int64_t *ret_tasks, struct ir_err *err)
{
    char sha256[IR_DIGEST_TEXT], now[IR_CASEDB_TIME];
    *ret_tasks = 0;
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK && !ir_playbook_digest(p, sha256)) rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc != IR_OK) return rc;
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V("name", p->id),
                                 IR_V("version", p->version),
                                 IR_V_Z("sha256", sha256),
                                 IR_V("content", p->text),
                                 IR_V_Z("applied_at", now),
                                 IR_V_Z("applied_by", ir_casedb_actor(db))};
    rc = applied(db, incident_id, sha256, err);
    if (rc == IR_OK)
        rc = ir_record_insert(db, "playbook", NULL, v, sizeof v / sizeof *v, NULL, err);
    for (const struct ir_yaml *s = p->steps->kids; s != NULL && rc == IR_OK; s = s->next) {
        rc = add_task(db, incident_id, p, s, japanese, err);
        ++*ret_tasks;
    }
    return rc;
}
