/*
 * Picking rules without a literal by the event's action and by the fields that it has.
 */
#include "rules/always.h"

#include <stdlib.h>

#include "event/event.h"
#include "event/extra.h"
#include "rules/literal.h"

#define WORDS_MAX 8u
#define WORD_MAX  48u /* a longer one: the rule is tried on every event */

/* True when the item cannot hold without its field. Computed fields come later than this test. */
static bool asks_for_field(const struct ir_item *it)
{
    if (it == NULL || it->fields == NULL || it->negate) return false;
    for (uint32_t i = 0; i < it->nvals; i++)
        if (it->vals[i].kind == IR_VAL_NULL ||
            (it->vals[i].kind == IR_VAL_EXISTS && !it->vals[i].yes))
            return false;
    for (const uint32_t *id = it->fields; *id != 0; id++)
        if (ir_extra_of(*id) != 0) return false;
    return true;
}

static void add_fields(const struct ir_node *n, struct ir_needs *needs, uint32_t *used)
{
    if (n->op == IR_NODE_AND || (n->op == IR_NODE_OR && n->nkids == 1)) {
        for (uint32_t i = 0; i < n->nkids; i++)
            add_fields(n->kids[i], needs, used);
        return;
    }
    if (n->op != IR_NODE_ITEM || *used == IR_NEEDS_FIELDS || !asks_for_field(n->item)) return;
    needs->field[(*used)++] = n->item->fields;
}

static void add_words(struct ir_arena *arena, const struct ir_node *root, struct ir_needs *needs)
{
    struct ir_str words[WORDS_MAX];
    uint32_t n = 0;
    if (!ir_words_required(root, IR_F_EVENT_ACTION, words, WORDS_MAX, &n)) return;
    for (uint32_t i = 0; i < n; i++)
        if (words[i].n > WORD_MAX) return;
    struct ir_str *v = ir_arena_alloc(arena, n * sizeof *v);
    if (v == NULL) return;
    memcpy(v, words, n * sizeof *v);
    needs->words = v;
    needs->nwords = n;
}

void ir_needs_of(struct ir_arena *arena, const struct ir_node *root, struct ir_needs *ret_needs)
{
    uint32_t used = 0;
    *ret_needs = (struct ir_needs){0};
    add_words(arena, root, ret_needs);
    add_fields(root, ret_needs, &used);
}

/* Counts each word's rules in first[word + 1]. */
static bool number_words(struct ir_always *a, const struct ir_needs *w, uint32_t *count)
{
    for (uint32_t k = 0; k < w->nwords; k++) {
        bool fresh;
        uint32_t *at = ir_map_put(&a->words, w->words[k], &fresh);
        if (at == NULL) return false;
        if (fresh) *at = a->words.n - 1;
        count[*at]++;
    }
    return true;
}

bool ir_always_build(struct ir_always *a, const uint32_t *rules, uint32_t n,
                     const struct ir_needs *needs)
{
    uint32_t total = 0;
    *a = (struct ir_always){0};
    for (uint32_t i = 0; i < n; i++)
        total += needs[rules[i]].nwords;
    uint32_t *at = calloc(total + 1, sizeof *at); /* how many, then the next free place */
    a->first = calloc(total + 1, sizeof *a->first);
    a->owner = calloc(total + 1, sizeof *a->owner);
    a->any = calloc(n + 1, sizeof *a->any);
    bool ok = at != NULL && a->first != NULL && a->owner != NULL && a->any != NULL;
    for (uint32_t i = 0; ok && i < n; i++)
        ok = number_words(a, &needs[rules[i]], at);
    for (uint32_t i = 0; ok && i < a->words.n; i++) {
        a->first[i + 1] = a->first[i] + at[i];
        at[i] = a->first[i];
    }
    for (uint32_t i = 0; ok && i < n; i++) {
        const struct ir_always_rule r = {rules[i], &needs[rules[i]]};
        if (r.needs->nwords == 0) a->any[a->nany++] = r;
        for (uint32_t k = 0; k < r.needs->nwords; k++) {
            const uint32_t word = ir_map_find(&a->words, r.needs->words[k]);
            a->owner[at[a->words.items[word].value]++] = r;
        }
    }
    free(at);
    return ok;
}

void ir_always_free(struct ir_always *a)
{
    ir_map_free(&a->words);
    free(a->first);
    free(a->owner);
    free(a->any);
}

static bool has_any(const struct ir_event *ev, const uint32_t *ids)
{
    for (; *ids != 0; ids++)
        if (ev->slots[*ids].gen == ev->gen) return true;
    return false;
}

static bool has_all(const struct ir_event *ev, const struct ir_needs *w)
{
    for (uint32_t i = 0; i < IR_NEEDS_FIELDS && w->field[i] != NULL; i++)
        if (!has_any(ev, w->field[i])) return false;
    return true;
}

struct finder {
    const struct ir_event *ev;
    void (*candidate)(void *user, uint32_t rule);
    void *user;
};

static void tell(const struct finder *f, const struct ir_always_rule *r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (has_all(f->ev, r[i].needs)) f->candidate(f->user, r[i].rule);
}

/* A letter that folds to ASCII makes a word another: then the rules say. */
static void by_word(const struct ir_always *a, const struct finder *f, struct ir_str v)
{
    char low[WORD_MAX];
    for (size_t i = 0; i < v.n; i++) {
        if ((unsigned char)v.p[i] >= 0x80) {
            tell(f, a->owner, a->first[a->words.n]);
            return;
        }
        if (i < WORD_MAX) low[i] = ir_lower(v.p[i]);
    }
    if (v.n > WORD_MAX) return;
    const uint32_t word = ir_map_find(&a->words, ir_str_n(low, v.n));
    if (word == UINT32_MAX) return;
    const uint32_t i = a->words.items[word].value;
    tell(f, a->owner + a->first[i], a->first[i + 1] - a->first[i]);
}

void ir_always_find(const struct ir_always *a, const struct ir_event *ev,
                    void (*candidate)(void *user, uint32_t rule), void *user)
{
    const struct finder f = {ev, candidate, user};
    const struct ir_event_slot *slot = &ev->slots[IR_F_EVENT_ACTION];
    tell(&f, a->any, a->nany);
    if (a->words.n == 0 || slot->gen != ev->gen) return;
    for (uint32_t at = slot->first; at != IR_NOFIELD; at = ev->fields[at].next)
        by_word(a, &f, ev->fields[at].val);
}
