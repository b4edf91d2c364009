/*
 * Criteria tables. See criteria.h.
 */
#include "casedb/criteria.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/json.h"

static bool has_id(const struct ir_yaml *n)
{
    return n->kind == IR_YAML_MAP && ir_yaml_text(n, "id").n > 0;
}

static int check_levels(const struct ir_scale *s, struct ir_err *err)
{
    for (const struct ir_yaml *l = s->levels->kids; l != NULL; l = l->next) {
        if (!has_id(l)) return ir_yaml_wrong(err, l, N_("a level has no id"));
        const struct ir_yaml *list = ir_yaml_get(l, "criteria");
        for (const struct ir_yaml *c = list != NULL ? list->kids : NULL; c != NULL; c = c->next)
            if (!has_id(c)) return ir_yaml_wrong(err, c, N_("a criterion has no id"));
    }
    return IR_OK;
}

int ir_scale_read(struct ir_arena *arena, struct ir_str text, struct ir_scale *ret_s,
                  struct ir_err *err)
{
    struct ir_yaml *root = NULL;
    const int rc = ir_yaml_first(arena, text, &root, err);
    if (rc < 0) return rc;
    if (root == NULL || root->kind != IR_YAML_MAP)
        return ir_yaml_wrong(err, root, N_("no criteria table"));
    *ret_s = (struct ir_scale){ir_yaml_text(root, "id"), ir_yaml_text(root, "version"), root,
                               ir_yaml_get(root, "levels")};
    if (ret_s->id.n == 0 || ret_s->id.n > 60)
        return ir_yaml_wrong(err, root, N_("the table has no id"));
    if (ret_s->version.n == 0 || ret_s->version.n > 60)
        return ir_yaml_wrong(err, root, N_("the table has no version"));
    if (ret_s->levels == NULL || ret_s->levels->kind != IR_YAML_LIST || ret_s->levels->kids == NULL)
        return ir_yaml_wrong(err, root, N_("the table has no levels"));
    return check_levels(ret_s, err);
}

static bool in_list(const struct ir_yaml *list, struct ir_str word)
{
    for (const struct ir_yaml *w = list != NULL ? list->kids : NULL; w != NULL; w = w->next)
        if (ir_str_ieq(w->text, word)) return true;
    return false;
}

const struct ir_yaml *ir_scale_level(const struct ir_scale *s, struct ir_str said)
{
    for (const struct ir_yaml *l = s->levels->kids; l != NULL; l = l->next)
        if (ir_str_ieq(ir_yaml_text(l, "id"), said) || in_list(ir_yaml_get(l, "words"), said))
            return l;
    return NULL;
}

struct ir_str ir_scale_text(const struct ir_yaml *node, const char *key, bool japanese)
{
    char ja[64];
    snprintf(ja, sizeof ja, "%s_ja", key);
    const struct ir_str text = japanese ? ir_yaml_text(node, ja) : ir_str_n(NULL, 0);
    return text.n > 0 ? text : ir_yaml_text(node, key);
}

/* The level that has this criterion. */
static const struct ir_yaml *level_of(const struct ir_scale *s, struct ir_str criterion)
{
    for (const struct ir_yaml *l = s->levels->kids; l != NULL; l = l->next) {
        const struct ir_yaml *list = ir_yaml_get(l, "criteria");
        for (const struct ir_yaml *c = list != NULL ? list->kids : NULL; c != NULL; c = c->next)
            if (ir_str_ieq(ir_yaml_text(c, "id"), criterion)) return l;
    }
    return NULL;
}

/* The criterion that is meant: by its id, or by words of its text that no other has. NULL: none. */
static const struct ir_yaml *find_criterion(const struct ir_scale *s, struct ir_str said)
{
    const struct ir_yaml *found = NULL;
    for (const struct ir_yaml *l = s->levels->kids; l != NULL; l = l->next) {
        const struct ir_yaml *list = ir_yaml_get(l, "criteria");
        for (const struct ir_yaml *c = list != NULL ? list->kids : NULL; c != NULL; c = c->next) {
            if (ir_str_ieq(ir_yaml_text(c, "id"), said)) return c;
            if (ir_str_find_word(ir_yaml_text(c, "text"), said) == IR_NPOS &&
                ir_str_find_word(ir_yaml_text(c, "text_ja"), said) == IR_NPOS)
                continue;
            if (found != NULL) return NULL;
            found = c;
        }
    }
    return found;
}

static bool is_behind(const struct ir_yaml *a, const struct ir_yaml *b)
{
    for (const struct ir_yaml *l = a; l != NULL; l = l->next)
        if (l == b) return true;
    return false;
}

static int unknown_criterion(const struct ir_scale *s, const char *said, struct ir_err *err)
{
    return ir_fail(err, IR_BAD, "no criterion of %.*s: '%.60s'; ir case criteria lists them",
                   IR_FMT(s->id), said);
}

int ir_scale_judge(const struct ir_scale *s, const char *outcome, const char *level,
                   const char *const *criterion, size_t n, struct ir_judgement *ret_j,
                   struct ir_err *err)
{
    const struct ir_yaml *worst = NULL, *at = NULL;
    *ret_j = (struct ir_judgement){.criteria = IR_BUF(1 << 16)};
    snprintf(ret_j->scale, sizeof ret_j->scale, "%.*s/%.*s", IR_FMT(s->id), IR_FMT(s->version));
    for (size_t i = 0; i < n; i++) {
        const struct ir_yaml *c = find_criterion(s, ir_str_z(criterion[i]));
        if (c == NULL) return unknown_criterion(s, criterion[i], err);
        const struct ir_str id = ir_yaml_text(c, "id");
        const struct ir_yaml *l = level_of(s, id);
        if (worst == NULL || is_behind(worst, l)) worst = l;
        ir_buf_chr(&ret_j->criteria, i == 0 ? '[' : ',');
        ir_json_write_str(&ret_j->criteria, id);
    }
    if (n > 0) ir_buf_chr(&ret_j->criteria, ']');
    if (ret_j->criteria.full) return ir_fail(err, IR_BAD, "too many criteria");
    at = level != NULL && *level != '\0' ? ir_scale_level(s, ir_str_z(level)) : worst;
    if (at == NULL && level != NULL && *level != '\0')
        return ir_fail(err, IR_BAD, "no level of %.*s: '%.60s'; ir case criteria lists them",
                       IR_FMT(s->id), level);
    if (at == NULL) return IR_OK;
    const struct ir_yaml *outcomes = ir_yaml_get(at, "outcomes");
    ret_j->level = ir_yaml_text(at, "id");
    if (outcomes != NULL && outcomes->kids != NULL && !in_list(outcomes, ir_str_z(outcome)))
        return ir_fail(err, IR_BAD, "level %.*s of %.*s is not for the outcome %s",
                       IR_FMT(ret_j->level), IR_FMT(s->id), outcome);
    return IR_OK;
}
