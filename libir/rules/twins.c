/*
 * Items that say the same in several rules: the same field, modifiers and values. A rule about
 * packets from outside and one about packets from inside ask the same of each packet but for one
 * thing, and an item that was evaluated for the one is not again for the other. Not for: whole
 * selections.
 */
#include "base/buf.h"
#include "rules/set.h"

#define KEY_MAX ((size_t)1 << 20) /* a longer item has no twin */

struct finder {
    struct ir_map seen; /* what an item says → its number in `item` */
    struct ir_buf key;
    struct ir_item **item;
    uint32_t nitems, room;
    uint32_t ntwins;
    bool failed;
};

static void put(struct ir_buf *b, struct ir_str s)
{
    ir_buf_add(b, &s.n, sizeof s.n);
    ir_buf_str(b, s);
}

/* Everything that the result hangs on: what the modifiers made of the values follows from the key
 * and the values as written. */
static void say(struct ir_buf *b, const struct ir_item *it)
{
    const uint8_t marks[] = {it->fields != NULL, it->all, it->negate, (uint8_t)it->date};
    ir_buf_clear(b);
    ir_buf_add(b, marks, sizeof marks);
    put(b, it->key);
    for (const uint32_t *id = it->fields; id != NULL && *id != 0; id++)
        ir_buf_add(b, id, sizeof *id);
    for (uint32_t i = 0; i < it->nvals; i++) {
        const struct ir_val *v = &it->vals[i];
        const uint32_t kind[] = {0, (uint32_t)v->kind, (uint32_t)v->pattern.op, v->more};
        ir_buf_add(b, kind, sizeof kind);
        put(b, v->text);
        for (uint32_t k = 0; k < v->pattern.nseg; k++)
            put(b, v->pattern.seg[k].lit);
        if (v->kind == IR_VAL_CIDR) ir_buf_add(b, v->cidr.ip.b, sizeof v->cidr.ip.b);
        for (const uint32_t *id = v->ref_fields; id != NULL && *id != 0; id++)
            ir_buf_add(b, id, sizeof *id);
    }
    for (uint32_t i = 0; i < it->nexact; i++)
        put(b, it->exact[i]);
}

static void look(struct finder *f, struct ir_item *it)
{
    bool fresh;
    say(&f->key, it);
    if (f->key.full) return;
    uint32_t *at = ir_map_put(&f->seen, ir_buf_view(&f->key), &fresh);
    if (at == NULL || f->nitems == f->room) {
        f->failed = true;
        return;
    }
    if (fresh) {
        *at = f->nitems;
        f->item[f->nitems++] = it;
        return;
    }
    struct ir_item *first = f->item[*at];
    if (first->twin == 0) first->twin = f->ntwins++;
    it->twin = first->twin;
}

static void walk(struct finder *f, struct ir_node *n)
{
    if (n->op == IR_NODE_ITEM && n->item != NULL && n->item->twin == 0) look(f, n->item);
    for (uint32_t i = 0; i < n->nkids; i++)
        walk(f, n->kids[i]);
}

static uint32_t count(const struct ir_node *n)
{
    uint32_t sum = 1;
    for (uint32_t i = 0; i < n->nkids; i++)
        sum += count(n->kids[i]);
    return sum;
}

int ir_rules_find_twins(struct ir_rules *rs)
{
    struct finder f = {.key = IR_BUF(KEY_MAX), .ntwins = 1};
    for (size_t i = 0; i < rs->nrules; i++)
        if (rs->rule[i]->root != NULL) f.room += count(rs->rule[i]->root);
    f.item = ir_arena_alloc(&rs->arena, f.room * sizeof *f.item);
    f.failed = f.item == NULL;
    for (size_t i = 0; !f.failed && i < rs->nrules; i++)
        if (rs->rule[i]->root != NULL) walk(&f, rs->rule[i]->root);
    ir_map_free(&f.seen);
    ir_buf_free(&f.key);
    rs->ntwins = f.ntwins;
    return f.failed ? IR_FATAL : IR_OK;
}
