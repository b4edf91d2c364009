/*
 * Findings read back. See told.h; the form is report/jsonl.c's. Unknown keys are passed over.
 */
#include "run/told.h"

#include <stdlib.h>

#include "base/json.h"

#define DEPTH_OF_INTEREST 3u
#define ORIGINS_MAX       256u

struct line { /* while one is read */
    struct ir_told_list *l;
    struct ir_told f;
    struct ir_told_origin origin[ORIGINS_MAX];
    struct ir_str key[DEPTH_OF_INTEREST]; /* the key at each depth */
    bool finding, kind;
    bool out_of_memory;
};

static struct ir_str text_of(struct line *x, const struct ir_json_tok *t)
{
    struct ir_str copy = ir_arena_dup(&x->l->texts, t->text);
    if (copy.p == NULL) {
        x->out_of_memory = true;
        return ir_str_n("", 0);
    }
    if (t->escaped) {
        char *p = (char *)(uintptr_t)copy.p;
        copy.n = ir_json_unescape(t->text, p);
        p[copy.n] = '\0';
    }
    return copy;
}

static void top_value(struct line *x, const struct ir_json_tok *t)
{
    const struct ir_str key = x->key[0];
    if (ir_str_eq(key, IR_S("ir.kind"))) {
        x->kind = true;
        x->finding = ir_str_eq(t->text, IR_S("finding"));
    }
    if (ir_str_eq(key, IR_S("id"))) x->f.id = text_of(x, t);
    if (ir_str_eq(key, IR_S("count"))) ir_str_u64(t->text, &x->f.count);
}

static void rule_value(struct line *x, const struct ir_json_tok *t)
{
    const struct ir_str key = x->key[1];
    if (ir_str_eq(key, IR_S("id"))) x->f.rule_id = text_of(x, t);
    if (ir_str_eq(key, IR_S("title"))) x->f.title = text_of(x, t);
    if (ir_str_eq(key, IR_S("type"))) x->f.type = text_of(x, t);
}

static void entity_value(struct line *x, const struct ir_json_tok *t)
{
    if (x->f.nentity == IR_ENTITIES_MAX || t->type != IR_JSON_STRING) return;
    struct ir_told_pair *p = &x->f.entity[x->f.nentity++];
    p->name = ir_arena_dup(&x->l->texts, x->key[1]);
    p->value = text_of(x, t);
    if (p->name.p == NULL) x->out_of_memory = true;
}

static void origin_value(struct line *x, const struct ir_json_tok *t)
{
    if (x->f.norigins == 0) return;
    struct ir_told_origin *o = &x->origin[x->f.norigins - 1];
    if (ir_str_eq(x->key[2], IR_S("path"))) o->path = text_of(x, t);
    if (ir_str_eq(x->key[2], IR_S("offset"))) ir_str_u64(t->text, &o->offset);
}

static void take(struct line *x, const struct ir_json_tok *t)
{
    const struct ir_str top = x->key[0];
    if (t->type == IR_JSON_KEY) {
        /* depth counts arrays too: origin's objects lie one deeper */
        if (t->depth >= 1 && t->depth <= DEPTH_OF_INTEREST) x->key[t->depth - 1] = t->text;
        return;
    }
    if (t->type == IR_JSON_OBJECT && t->depth == 2 && ir_str_eq(top, IR_S("origin")) &&
        x->f.norigins < ORIGINS_MAX)
        x->origin[x->f.norigins++] = (struct ir_told_origin){0};
    if (t->type == IR_JSON_OBJECT || t->type == IR_JSON_OBJECT_END || t->type == IR_JSON_ARRAY ||
        t->type == IR_JSON_ARRAY_END)
        return;
    if (t->depth == 1) top_value(x, t);
    if (t->depth == 2 && ir_str_eq(top, IR_S("rule"))) rule_value(x, t);
    if (t->depth == 2 && ir_str_eq(top, IR_S("entity"))) entity_value(x, t);
    if (t->depth == 3 && ir_str_eq(top, IR_S("origin"))) origin_value(x, t);
}

static bool keep(struct line *x)
{
    struct ir_told_list *l = x->l;
    if (l->n == l->cap) {
        const size_t cap = l->cap ? l->cap * 2 : 256;
        struct ir_told *p = realloc(l->v, cap * sizeof *p);
        if (p == NULL) return false;
        l->v = p;
        l->cap = cap;
    }
    x->f.origin = ir_arena_alloc(&l->texts, (x->f.norigins + 1) * sizeof *x->f.origin);
    if (x->f.origin == NULL || x->out_of_memory) return false;
    memcpy(x->f.origin, x->origin, x->f.norigins * sizeof *x->origin);
    l->v[l->n++] = x->f;
    return true;
}

static int one_line(struct line *x, struct ir_str text, struct ir_err *err)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    x->f = (struct ir_told){0};
    x->finding = x->kind = false;
    memset(x->key, 0, sizeof x->key);
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK)
        take(x, &t);
    if (rc != IR_END || !x->kind)
        return ir_fail(err, IR_BAD, "not a line of ir scan --output jsonl");
    if (!x->finding) return IR_OK;
    for (size_t i = 0; i < x->f.norigins; i++)
        if (x->origin[i].path.p == NULL) return ir_fail(err, IR_BAD, "an origin without a path");
    if (x->f.id.n == 0 || x->f.rule_id.n == 0)
        return ir_fail(err, IR_BAD, "a finding without an id or a rule");
    return keep(x) ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
}

int ir_told_add(struct ir_told_list *l, struct ir_str text, struct ir_err *err)
{
    struct line x = {.l = l};
    struct ir_str line;
    bool ended;
    int rc = IR_OK;
    for (int64_t n = 1; rc == IR_OK && ir_str_line(&text, &line, &ended); n++) {
        if (line.n > 0) rc = one_line(&x, line, err);
        if (rc != IR_OK) ir_err_at(err, NULL, -1, n);
    }
    return rc;
}

const struct ir_told *ir_told_find(const struct ir_told_list *l, struct ir_str id, bool *ret_many)
{
    const struct ir_told *found = NULL;
    *ret_many = false;
    for (size_t i = 0; i < l->n; i++) {
        if (ir_str_eq(l->v[i].id, id)) {
            *ret_many = false;
            return &l->v[i];
        }
        if (id.n < IR_TOLD_ID_MIN || !ir_str_starts(l->v[i].id, id)) continue;
        /* the same finding may stand in two files */
        *ret_many |= found != NULL && !ir_str_eq(found->id, l->v[i].id);
        found = &l->v[i];
    }
    return *ret_many ? NULL : found;
}

void ir_told_free(struct ir_told_list *l)
{
    free(l->v);
    ir_arena_free(&l->texts);
    *l = (struct ir_told_list){0};
}
