/*
 * When a second search of a block pays, and what of it belongs to a record.
 */
#include "rules/aside.h"

#define WORTH_BYTES ((size_t)4 << 10) /* of a group's events, before its search is thought of */
#define WORTH_SHARE 4u                /* … and they are such a part of what came since */

void ir_aside_begin(struct ir_aside *a, struct ir_str block)
{
    a->block = block;
    for (unsigned i = 0; i < IR_ASIDE_GROUPS; i++)
        a->group[i] = (struct ir_aside_group){.hits = a->group[i].hits};
}

void ir_aside_free(struct ir_aside *a)
{
    for (unsigned i = 0; i < IR_ASIDE_GROUPS; i++)
        ir_hits_free(&a->group[i].hits);
}

/* The group's place; NULL: others have them all. */
static struct ir_aside_group *find(struct ir_aside *a, const struct ir_group *g, const char *at)
{
    for (unsigned i = 0; i < IR_ASIDE_GROUPS; i++) {
        struct ir_aside_group *s = &a->group[i];
        if (s->group == g) return s;
        if (s->group != NULL) continue;
        s->group = g;
        s->since = s->upto = at;
        return s;
    }
    return NULL;
}

/* Searches from here to the block's end, when the group's events were many up to here. */
static bool search(struct ir_aside *a, struct ir_aside_group *s, hs_scratch_t *scratch,
                   struct ir_str record)
{
    s->bytes += record.n;
    s->upto = record.p + record.n;
    if (s->bytes < WORTH_BYTES || s->bytes < (size_t)(s->upto - s->since) / WORTH_SHARE)
        return false;
    const size_t from = (size_t)(record.p - a->block.p);
    s->since = record.p;
    s->upto = record.p;
    s->searched = ir_hits_search(&s->hits, s->group->db, scratch, ir_str_skip(a->block, from));
    s->over = !s->searched;
    return s->searched;
}

bool ir_aside_hits(struct ir_aside *a, const struct ir_group *g, hs_scratch_t *scratch,
                   struct ir_str record, const struct ir_literal_hit **ret_hits, size_t *ret_n)
{
    if (!ir_str_inside(record, a->block)) return false;
    struct ir_aside_group *s = find(a, g, record.p);
    if (s == NULL || s->over || record.p < s->upto) return false;
    if (!s->searched && !search(a, s, scratch, record)) return false;
    const struct ir_hits *h = &s->hits;
    const size_t from = (size_t)(record.p - s->since), to = from + record.n;
    while (s->at < h->n && h->v[s->at].end <= from)
        s->at++;
    size_t end = s->at;
    while (end < h->n && h->v[end].end <= to)
        end++;
    *ret_hits = h->v + s->at;
    *ret_n = end - s->at;
    s->at = end;
    s->upto = record.p + record.n;
    return true;
}
