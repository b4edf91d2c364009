/*
 * Which values of a record go into a filter. See tune.h.
 */
#include "base/buf.h"
#include "run/tune_int.h"

struct picking { /* one record */
    struct ir_tuning *t;
    struct ir_tune_part *p;
    struct ir_event *ev;
    uint32_t view;
    struct ir_filter_pair pair[IR_TUNE_FIELDS_MAX];
    const uint32_t *ids[IR_TUNE_FIELDS_MAX]; /* of the pairs */
    size_t n;
    bool telling; /* some pair is more than the rule asks for */
};

static struct ir_str value_of(const struct picking *x, const uint32_t *ids)
{
    struct ir_str v = {NULL, 0};
    for (; *ids != 0 && v.n == 0; ids++)
        v = ir_event_get(x->ev, *ids, x->view);
    return v;
}

static bool overlap(const uint32_t *a, const uint32_t *b)
{
    for (; *a != 0; a++)
        for (const uint32_t *k = b; *k != 0; k++)
            if (*a == *k) return true;
    return false;
}

/* The item holds for one whole text only. */
static bool is_fixed(const struct ir_item *it)
{
    const struct ir_val *v = it->vals;
    return it->fields != NULL && !it->negate && it->nexact == 0 && it->nvals == 1 &&
           it->date == IR_DATE_NONE &&
           (v->kind == IR_VAL_NUMBER || (v->kind == IR_VAL_PATTERN && v->pattern.op == IR_PAT_EQ &&
                                         v->pattern.seg[0].kind == NULL));
}

/* The rule asks for this one value in every record that it matches. */
static bool asked_for(const struct ir_node *n, const uint32_t *ids)
{
    if (n->op == IR_NODE_ITEM) return is_fixed(n->item) && overlap(n->item->fields, ids);
    bool any = false, all = n->nkids > 0;
    for (uint32_t i = 0; i < n->nkids; i++) {
        const bool so = asked_for(n->kids[i], ids);
        any |= so;
        all &= so;
    }
    return n->op == IR_NODE_AND ? any : n->op == IR_NODE_OR && all;
}

static void add(struct picking *x, struct ir_str name, const uint32_t *ids)
{
    const struct ir_str v = value_of(x, ids);
    const bool plain = asked_for(x->p->rule->root, ids);
    if (v.n == 0 || x->n == IR_TUNE_FIELDS_MAX) return;
    for (size_t i = 0; i < x->n; i++)
        if (overlap(x->ids[i], ids)) return;
    if (plain && !x->t->given) return;
    x->telling |= !plain;
    x->ids[x->n] = ids;
    x->pair[x->n++] = (struct ir_filter_pair){name, v};
}

/* What the rule matched in the record: the first branch of an OR that holds will do. */
static void add_matched(struct picking *x, struct ir_eval *e, const struct ir_node *n)
{
    if (n->op == IR_NODE_NOT || !ir_eval_node(e, n)) return;
    if (n->op == IR_NODE_ITEM && n->item->fields != NULL && !n->item->negate)
        add(x, n->item->field, n->item->fields);
    for (uint32_t i = 0; i < n->nkids; i++) {
        const bool holds = n->op == IR_NODE_OR && ir_eval_node(e, n->kids[i]);
        add_matched(x, e, n->kids[i]);
        if (holds) return;
    }
}

static bool keep(struct picking *x)
{
    struct ir_tuning *t = x->t;
    struct ir_buf key = IR_BUF((size_t)1 << 20);
    bool fresh = false;
    for (size_t i = 0; i < x->n; i++) {
        ir_buf_fmt(&key, "%zu:", x->pair[i].value.n);
        ir_buf_str(&key, x->pair[i].field);
        ir_buf_chr(&key, '=');
        ir_buf_str(&key, x->pair[i].value);
    }
    bool ok = !key.full && ir_map_put(&x->p->seen, ir_buf_view(&key), &fresh) != NULL;
    ir_buf_free(&key);
    if (!ok || !fresh) return ok;
    if (x->p->nmaps == IR_TUNE_MAPS_MAX) {
        t->rc = ir_fail(t->err, IR_BAD,
                        "its records differ in more than %u ways: name fields that are the same in "
                        "all of them with --field",
                        IR_TUNE_MAPS_MAX);
        return true;
    }
    struct ir_filter_pair *copy = ir_arena_alloc(&t->texts, (x->n + 1) * sizeof *copy);
    for (size_t i = 0; copy != NULL && i < x->n; i++) {
        copy[i] =
            (struct ir_filter_pair){x->pair[i].field, ir_arena_dup(&t->texts, x->pair[i].value)};
        if (copy[i].value.p == NULL) return false;
    }
    if (copy == NULL) return false;
    x->p->map[x->p->nmaps++] = (struct ir_filter_map){copy, x->n};
    t->r->maps++;
    return true;
}

void ir_tune_record(struct ir_tuning *t, struct ir_tune_part *p, struct ir_event *ev, uint32_t view)
{
    struct picking x = {.t = t, .p = p, .ev = ev, .view = view};
    for (size_t i = 0; i < p->nwant; i++) {
        if (t->given && value_of(&x, p->want[i].ids).n == 0)
            t->rc = ir_fail(t->err, IR_BAD,
                            "a record of the finding has no '%.*s': choose other fields with "
                            "--field",
                            IR_FMT(ir_str_head(p->want[i].name, 80)));
        add(&x, p->want[i].name, p->want[i].ids);
    }
    if (!t->given && strcmp(t->o->finding->type.p, "correlation") != 0) {
        struct ir_eval *e = ir_matcher_eval(t->m);
        ir_eval_begin(e, ev);
        e->view = view;
        add_matched(&x, e, p->rule->root);
    }
    if (t->rc == IR_OK && (x.n == 0 || !x.telling))
        t->rc = ir_fail(t->err, IR_BAD,
                        "a filter of what the rule '%.*s' asks for anyway would silence all of it: "
                        "choose other fields with --field",
                        IR_FMT(ir_str_head(p->rule->info.title, 80)));
    if (t->rc == IR_OK && !keep(&x)) t->rc = ir_fail(t->err, IR_FATAL, "out of memory");
}
