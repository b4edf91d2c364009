/*
 * Building groups. Literals are deduplicated over the rules of a group, so that a text which many
 * rules need is searched once.
 */
#include "rules/prefilter.h"

#include <pthread.h>
#include <stdlib.h>

#include "rules/literal.h"
#include "rules/set.h"

#define NUMBERS_MAX 32u
#define NUMBER_KEY_COST                                                                            \
    0.01 /* a rule whose literals are commoner than this hangs on its EventID instead */
#define FITS_WORDS ((IR_LS_LIMIT + 63) / 64)

struct required {
    struct ir_literals lits; /* n == 0: none */
    double *number;
    uint32_t nnumbers;
};

struct ir_groups {
    struct ir_rules *rs;
    uint64_t (*fits)[FITS_WORDS]; /* [rule] bit set of log sources */
    struct required *req;         /* [rule] */
    struct ir_needs *needs;       /* [rule] of those that have neither literals nor numbers */
    struct ir_map lits;           /* literal → its number */
    pthread_mutex_t lock;
    struct ir_group *list;
};

/* The matcher skips values whose literal the search did not find: only for rules that are in the
 * database. */
static void watch_values(struct ir_groups *g, const struct ir_literals *l)
{
    for (uint32_t k = 0; k < l->n; k++) {
        bool fresh = false;
        uint32_t *at = ir_map_put(&g->lits, l->lit[k].text, &fresh);
        if (at == NULL) continue;
        if (fresh) *at = g->lits.n;
        if (l->lit[k].val != NULL) l->lit[k].val->lit = *at;
    }
}

static uint32_t literal_number(const struct ir_groups *g, struct ir_str text)
{
    uint32_t at = ir_map_find(&g->lits, text);
    return at == UINT32_MAX ? 0 : g->lits.items[at].value;
}

uint32_t ir_groups_nlits(const struct ir_groups *g)
{
    return g->lits.n + 1;
}

static void require(struct ir_groups *g, size_t i)
{
    const struct ir_rule *r = g->rs->rule[i];
    struct required *q = &g->req[i];
    double nums[NUMBERS_MAX];
    if (r->root == NULL) return;
    if (!ir_literals_required(&g->rs->arena, r->root, &q->lits)) q->lits.n = 0;
    if (q->lits.n > 0 && q->lits.cost < NUMBER_KEY_COST) return;
    if (!ir_numbers_required(r->root, IR_F_SG_EVENT_ID, nums, NUMBERS_MAX, &q->nnumbers)) {
        q->nnumbers = 0;
        if (q->lits.n == 0) ir_needs_of(&g->rs->arena, r->root, &g->needs[i]);
        return;
    }
    q->number = ir_arena_alloc(&g->rs->arena, q->nnumbers * sizeof *q->number);
    if (q->number == NULL)
        q->nnumbers = 0;
    else
        memcpy(q->number, nums, q->nnumbers * sizeof *nums);
}

struct ir_groups *ir_groups_new(struct ir_rules *rs)
{
    struct ir_groups *g = calloc(1, sizeof *g);
    if (g == NULL) return NULL;
    g->rs = rs;
    pthread_mutex_init(&g->lock, NULL);
    g->fits = calloc(rs->nrules + 1, sizeof *g->fits);
    g->req = calloc(rs->nrules + 1, sizeof *g->req);
    g->needs = calloc(rs->nrules + 1, sizeof *g->needs);
    if (g->fits == NULL || g->req == NULL || g->needs == NULL) {
        ir_groups_free(g);
        return NULL;
    }
    for (size_t i = 0; i < rs->nrules; i++) {
        const struct ir_rule *r = rs->rule[i];
        if (r->info.kind != IR_RULE_DETECTION) continue;
        require(g, i);
        if (g->req[i].nnumbers == 0) watch_values(g, &g->req[i].lits);
        for (unsigned ls = 1; ls < IR_LS_LIMIT; ls++)
            if (ir_logsource_fits(r->info.logsource, ir_names_source(rs->names, (uint16_t)ls)))
                g->fits[i][ls / 64] |= UINT64_C(1) << (ls % 64);
    }
    return g;
}

static void group_free(struct ir_group *gr)
{
    if (gr == NULL) return;
    hs_free_database(gr->db);
    free(gr->rules);
    free(gr->base);
    free(gr->says);
    free(gr->always);
    ir_always_free(&gr->unsearched);
    free(gr->by_number);
    free(gr->owners);
    free(gr->first);
    free(gr->rule_lit);
    free(gr);
}

void ir_groups_free(struct ir_groups *g)
{
    if (g == NULL) return;
    while (g->list != NULL) {
        struct ir_group *gr = g->list;
        g->list = gr->next;
        group_free(gr);
    }
    pthread_mutex_destroy(&g->lock);
    ir_map_free(&g->lits);
    free(g->fits);
    free(g->req);
    free(g->needs);
    free(g);
}

bool ir_groups_fits(const struct ir_groups *g, uint32_t rule, uint16_t source)
{
    return g->fits[rule][source / 64] >> (source % 64) & 1;
}

struct lit_owner {
    struct ir_str lit;
    uint32_t rule;
};

static int cmp_owner(const void *a, const void *b)
{
    const struct lit_owner *x = a, *y = b;
    int c = ir_str_cmp(x->lit, y->lit);
    return c != 0 ? c : (x->rule > y->rule) - (x->rule < y->rule);
}

static int cmp_number(const void *a, const void *b)
{
    const struct ir_number_key *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static size_t count_texts(const char *const *texts)
{
    size_t n = 0;
    while (texts != NULL && texts[n] != NULL)
        n++;
    return n;
}

static size_t count_hints(const struct ir_hint *hints)
{
    size_t n = 0;
    while (hints != NULL && hints[n].text != NULL)
        n++;
    return n;
}

/* The i-th rule that no literal tells of. */
static uint32_t without_literal(const struct ir_group *gr, uint32_t i)
{
    return i < gr->nalways ? gr->always[i] : gr->by_number[i - gr->nalways].rule;
}

static bool any_without_literal(const struct ir_groups *g, const struct ir_group *gr,
                                uint16_t source)
{
    for (uint32_t i = 0; i < gr->nalways + gr->nby_number; i++)
        if (ir_groups_fits(g, without_literal(gr, i), source)) return true;
    return false;
}

/* What each id of the database says; literals' owners stand in own[first..). */
static void fill_says(const struct ir_groups *g, struct ir_group *gr, size_t nhints, unsigned total)
{
    for (uint32_t i = 0; i < gr->nlits; i++)
        for (uint32_t k = gr->first[i]; k < gr->first[i + 1]; k++)
            gr->says[i] |= gr->base[gr->owners[k]] ? IR_HIT_RULE : IR_HIT_MORE;
    gr->says[gr->nlits] = gr->says[gr->nlits + 1] = IR_HIT_RULE;
    for (unsigned i = gr->nlits + 2; i < total; i++)
        gr->says[i] = IR_HIT_TRIGGER;
    for (size_t i = 0; i < nhints; i++)
        gr->says[gr->nlits + 2 + i] = any_without_literal(g, gr, gr->hints[i].source)
                                          ? IR_HIT_HINT | IR_HIT_MUST
                                          : IR_HIT_HINT;
}

/* The distinct literals with their owners, then the two letters of every database, then the hints
 * and the triggers. */
static bool compile(const struct ir_groups *g, struct ir_group *gr, struct lit_owner *own, size_t n)
{
    static const char *const fold_letters[] = {"\xe2\x84\xaa", "\xc5\xbf"};
    const size_t nhints = count_hints(gr->hints), extra = 2 + nhints + count_texts(gr->triggers);
    const char **lit = calloc(n + extra, sizeof *lit);
    size_t *len = calloc(n + extra, sizeof *len);
    unsigned *flags = calloc(n + extra, sizeof *flags), *ids = calloc(n + extra, sizeof *ids);
    gr->owners = calloc(n + 1, sizeof *gr->owners);
    gr->first = calloc(n + 2, sizeof *gr->first);
    gr->rule_lit = calloc(n + 2, sizeof *gr->rule_lit);
    gr->says = calloc(n + extra, sizeof *gr->says);
    bool ok = lit && len && flags && ids && gr->owners && gr->first && gr->rule_lit && gr->says;
    if (ok) {
        qsort(own, n, sizeof *own, cmp_owner);
        for (size_t i = 0; i < n; i++) {
            if (i == 0 || !ir_str_eq(own[i].lit, own[i - 1].lit)) {
                lit[gr->nlits] = own[i].lit.p;
                len[gr->nlits] = own[i].lit.n;
                gr->rule_lit[gr->nlits] = literal_number(g, own[i].lit);
                gr->first[gr->nlits++] = (uint32_t)i;
            }
            gr->owners[i] = own[i].rule;
        }
        gr->first[gr->nlits] = (uint32_t)n;
        const unsigned total = gr->nlits + (unsigned)extra;
        for (unsigned i = 0; i < total; i++) {
            ids[i] = i;
            flags[i] = i < gr->nlits ? HS_FLAG_CASELESS : 0;
            if (i < gr->nlits) continue;
            const size_t text = i - gr->nlits;
            lit[i] = text < 2            ? fold_letters[text]
                     : text < 2 + nhints ? gr->hints[text - 2].text
                                         : gr->triggers[text - 2 - nhints];
            len[i] = strlen(lit[i]);
        }
        fill_says(g, gr, nhints, total);
        hs_compile_error_t *e = NULL;
        ok = hs_compile_lit_multi(lit, flags, ids, len, total, HS_MODE_BLOCK, NULL, &gr->db, &e) ==
             HS_SUCCESS;
        if (e != NULL) hs_free_compile_error(e);
    }
    free(lit);
    free(len);
    free(flags);
    free(ids);
    return ok;
}

struct sums {
    size_t lits, numbers;
};

static struct sums add_up(const struct ir_groups *g, const struct ir_group *gr)
{
    struct sums s = {0};
    for (uint32_t i = 0; i < gr->nrules; i++) {
        s.lits += g->req[gr->rules[i]].lits.n;
        s.numbers += g->req[gr->rules[i]].nnumbers;
    }
    return s;
}

static void place_rule(const struct ir_groups *g, struct ir_group *gr, uint32_t r,
                       struct lit_owner *own, size_t *n)
{
    const struct required *q = &g->req[r];
    if (q->nnumbers > 0) {
        for (uint32_t k = 0; k < q->nnumbers; k++)
            gr->by_number[gr->nby_number++] = (struct ir_number_key){q->number[k], r};
    } else if (q->lits.n > 0) {
        for (uint32_t k = 0; k < q->lits.n; k++)
            own[(*n)++] = (struct lit_owner){q->lits.lit[k].text, r};
    } else {
        gr->always[gr->nalways++] = r;
    }
}

static void find_must(struct ir_group *gr)
{
    for (uint32_t i = 0; i < gr->nalways + gr->nby_number; i++)
        gr->must = gr->must || gr->base[without_literal(gr, i)];
}

static bool fill(struct ir_groups *g, struct ir_group *gr)
{
    struct sums s = add_up(g, gr);
    struct lit_owner *own = malloc((s.lits + 1) * sizeof *own);
    size_t n = 0;
    gr->always = calloc(gr->nrules + 1, sizeof *gr->always);
    gr->by_number = calloc(s.numbers + 1, sizeof *gr->by_number);
    bool ok = own != NULL && gr->always != NULL && gr->by_number != NULL;
    for (uint32_t i = 0; ok && i < gr->nrules; i++)
        place_rule(g, gr, gr->rules[i], own, &n);
    if (ok) qsort(gr->by_number, gr->nby_number, sizeof *gr->by_number, cmp_number);
    if (ok) find_must(gr);
    ok = ok && ir_always_build(&gr->unsearched, gr->always, gr->nalways, g->needs);
    if (ok && (n > 0 || gr->triggers != NULL || gr->hints != NULL)) ok = compile(g, gr, own, n);
    free(own);
    return ok;
}

static bool fits_any(const struct ir_groups *g, uint32_t rule, const uint16_t *sources, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (ir_groups_fits(g, rule, sources[i])) return true;
    return false;
}

static struct ir_group *make(struct ir_groups *g, const struct ir_group_key *key)
{
    struct ir_group *gr = calloc(1, sizeof *gr);
    uint32_t nmore = 0;
    if (gr == NULL) return NULL;
    memcpy(gr->sources, key->sources, key->n * sizeof *key->sources);
    gr->nsources = key->n;
    gr->more = key->more;
    gr->hints = key->hints;
    gr->triggers = key->triggers;
    while (key->more != NULL && key->more[nmore] != 0)
        nmore++;
    gr->rules = calloc(g->rs->nrules + 1, sizeof *gr->rules);
    gr->base = calloc(g->rs->nrules + 1, sizeof *gr->base);
    bool ok = gr->rules != NULL && gr->base != NULL;
    for (uint32_t r = 0; ok && r < g->rs->nrules; r++) {
        if (g->rs->rule[r]->root == NULL) continue;
        gr->base[r] = fits_any(g, r, key->sources, key->n);
        if (gr->base[r] || fits_any(g, r, key->more, nmore)) gr->rules[gr->nrules++] = r;
    }
    if (ok) return gr;
    group_free(gr);
    return NULL;
}

bool ir_group_is(const struct ir_group *gr, const struct ir_group_key *key)
{
    return gr->triggers == key->triggers && gr->hints == key->hints && gr->more == key->more &&
           gr->nsources == key->n &&
           memcmp(gr->sources, key->sources, key->n * sizeof *key->sources) == 0;
}

struct ir_group *ir_groups_get(struct ir_groups *g, const struct ir_group_key *key)
{
    if (key->n > IR_GROUP_SOURCES_MAX) return NULL;
    pthread_mutex_lock(&g->lock);
    struct ir_group *gr = g->list;
    while (gr != NULL && !ir_group_is(gr, key))
        gr = gr->next;
    if (gr == NULL && (gr = make(g, key)) != NULL) {
        gr->next = g->list;
        g->list = gr;
    }
    pthread_mutex_unlock(&g->lock);
    return gr;
}

bool ir_groups_build(struct ir_groups *g, struct ir_group *gr)
{
    if (atomic_load_explicit(&gr->built, memory_order_acquire)) return true;
    pthread_mutex_lock(&g->lock);
    bool built = atomic_load_explicit(&gr->built, memory_order_relaxed);
    if (!built && !gr->failed) {
        built = fill(g, gr);
        gr->failed = !built;
        atomic_store_explicit(&gr->built, built, memory_order_release);
    }
    pthread_mutex_unlock(&g->lock);
    return built;
}
