/*
 * Reading controls. See control.h. Keys that are not known are refused: a misspelt one would leave
 * out a question of the audit.
 */
#include "casedb/control.h"

#include <stdlib.h>

#include "base/intl.h"
#include "casedb/figure.h"

#define ARENA_MAX ((size_t)32 << 20)

struct ir_controls {
    struct ir_arena arena;
    struct {
        struct ir_str id;
        const struct ir_yaml *root;
    } v[IR_CONTROLS_MAX]; /* ascending by their ids' numbers */
    size_t n;
};

struct ir_controls *ir_controls_new(void)
{
    struct ir_controls *c = calloc(1, sizeof *c);
    if (c != NULL) c->arena = IR_ARENA(ARENA_MAX);
    return c;
}

void ir_controls_free(struct ir_controls *c)
{
    if (c == NULL) return;
    ir_arena_free(&c->arena);
    free(c);
}

const struct ir_yaml *ir_control_at(const struct ir_controls *c, size_t i)
{
    return i < c->n ? c->v[i].root : NULL;
}

bool ir_want_parse(struct ir_str said, enum ir_want *ret_w, int64_t *ret_n)
{
    static const struct ir_str signs[] = {{">=", 2}, {"<=", 2}, {"=", 1}};
    for (unsigned i = 0; i < 3; i++) {
        if (!ir_str_starts(said, signs[i])) continue;
        *ret_w = (enum ir_want)i;
        return ir_str_i64(ir_str_trim(ir_str_skip(said, signs[i].n)), ret_n);
    }
    return false;
}

static int wrong(struct ir_err *err, const struct ir_yaml *at, const char *what)
{
    ir_err_at(err, NULL, -1, at != NULL ? at->line : 0);
    if (at != NULL && at->key.n > 0)
        return ir_fail(err, IR_BAD, N_("control: %.*s: %-s"), IR_FMT(ir_str_head(at->key, 80)),
                       what);
    return ir_fail(err, IR_BAD, N_("control: %-s"), what);
}

/* The keys of an entry: those before words stand for themselves, the rest are en and ja. */
static const struct form {
    const char *key[8];
    unsigned words; /* where they begin */
} check_form = {{"figure", "want", "ask", "records", "missing"}, 2},
  objective_form = {
      {"figure", "want", "owner", "objective", "indicator", "action", "resources", "method"}, 3};

static int check_entry(const struct ir_yaml *e, const struct form *form, struct ir_err *err)
{
    enum ir_want want;
    int64_t n;
    if (e->kind != IR_YAML_MAP) return wrong(err, e, N_("not a map"));
    for (const struct ir_yaml *k = e->kids; k != NULL; k = k->next) {
        unsigned i = 0;
        while (i < 8 && form->key[i] != NULL && !ir_str_eq(k->key, ir_str_z(form->key[i])))
            i++;
        if (i == 8 || form->key[i] == NULL) return wrong(err, k, N_("no key of this place"));
    }
    for (unsigned i = 0; i < 8 && form->key[i] != NULL; i++) {
        const struct ir_yaml *k = ir_yaml_get(e, form->key[i]);
        if (k == NULL) return wrong(err, e, N_("an entry that lacks a key"));
        if (i >= form->words ? ir_words(k, false).n == 0 : k->kind != IR_YAML_SCALAR)
            return wrong(err, k, N_("no words: a text, or en and ja"));
    }
    if (!ir_figure_known(ir_yaml_text(e, "figure")))
        return wrong(err, ir_yaml_get(e, "figure"), N_("no figure of this name"));
    if (!ir_want_parse(ir_yaml_text(e, "want"), &want, &n))
        return wrong(err, ir_yaml_get(e, "want"), N_("write >= N, <= N or = N"));
    return IR_OK;
}

static int check_list(const struct ir_yaml *list, const struct form *form, struct ir_err *err)
{
    int rc = IR_OK;
    if (list == NULL) return IR_OK;
    if (list->kind != IR_YAML_LIST) return wrong(err, list, N_("not a list"));
    for (const struct ir_yaml *e = list->kids; e != NULL && rc == IR_OK; e = e->next)
        rc = check_entry(e, form, err);
    return rc;
}

static int check_root(const struct ir_yaml *root, struct ir_err *err)
{
    static const char *const keys[] = {"id", "version", "title", "checks", "objectives"};
    if (root == NULL || root->kind != IR_YAML_MAP) return wrong(err, root, N_("not a map"));
    for (const struct ir_yaml *k = root->kids; k != NULL; k = k->next) {
        unsigned i = 0;
        while (i < 5 && !ir_str_eq(k->key, ir_str_z(keys[i])))
            i++;
        if (i == 5) return wrong(err, k, N_("no key of this place"));
    }
    const struct ir_str id = ir_yaml_text(root, "id");
    if (id.n == 0 || id.n > 40) return wrong(err, root, N_("it has no id"));
    if (ir_words(ir_yaml_get(root, "title"), false).n == 0)
        return wrong(err, root, N_("it has no title"));
    const int rc = check_list(ir_yaml_get(root, "checks"), &check_form, err);
    return rc == IR_OK ? check_list(ir_yaml_get(root, "objectives"), &objective_form, err) : rc;
}

/* "5.9" before "5.24", "5.28" before "6.8": by the numbers, then by the text. */
static int compare(struct ir_str a, struct ir_str b)
{
    struct ir_str ra = a, rb = b;
    while (ra.n > 0 && rb.n > 0) {
        int64_t na, nb;
        if (!ir_str_i64(ir_str_cut(&ra, '.'), &na) || !ir_str_i64(ir_str_cut(&rb, '.'), &nb)) break;
        if (na != nb) return na < nb ? -1 : 1;
    }
    return ir_str_cmp(a, b);
}

int ir_controls_add(struct ir_controls *c, struct ir_str yaml, struct ir_err *err)
{
    struct ir_yaml *root = NULL;
    int rc = ir_yaml_first(&c->arena, yaml, &root, err);
    if (rc == IR_OK) rc = check_root(root, err);
    if (rc != IR_OK) return rc;
    const struct ir_str id = ir_yaml_text(root, "id");
    size_t at = 0;
    while (at < c->n && compare(c->v[at].id, id) < 0)
        at++;
    if (at == c->n || !ir_str_eq(c->v[at].id, id)) {
        if (c->n == IR_CONTROLS_MAX) return wrong(err, root, N_("too many controls"));
        memmove(c->v + at + 1, c->v + at, (c->n - at) * sizeof *c->v);
        c->n++;
    }
    c->v[at].id = id;
    c->v[at].root = root;
    return IR_OK;
}
