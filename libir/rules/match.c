/*
 * From bytes or events to rule hits: candidates by the group's literals and numbers, then
 * evaluation.
 */
#include "rules/match.h"

#include <stdlib.h>

#include "rules/eval.h"
#include "rules/set.h"

#define SCAN_TEXT_MAX ((size_t)24 << 20)
#define CACHE_SLOTS   64u
/* Compiling a group's literals costs about 45 us a rule, trying a rule on an event 1 us: a group
 * that sees fewer events than this is never compiled, which makes small inputs quick. A group of
 * few rules is compiled at once: it costs next to nothing, and tests of single rules search. */
#define TRY_ALL_EVENTS 16u
#define TRY_ALL_RULES  8u

struct cached {
    struct ir_group *group;
    bool searchable; /* its index is built, and the scratch space is large enough for it */
};

struct ir_matcher {
    struct ir_rules *rs;
    bool no_prefilter;
    struct ir_eval eval;
    hs_scratch_t *scratch;
    struct cached cache[CACHE_SLOTS];
    struct ir_hits block,
        single;            /* the caller walks a block's hits while single events are searched */
    struct ir_aside aside; /* … or the block is, for events of other groups than its own */
    struct ir_buf text;    /* values of one event, for the search */
    uint32_t *stamp;       /* [rule] == gen: a candidate already */
    uint32_t *lit_seen;    /* [literal] == gen: found in this event */
    uint32_t *lit_raw;     /* … in its raw bytes */
    struct ir_said *said;
    bool lits_known; /* lit_seen tells of all literals of the group */
    uint32_t gen;
    uint32_t *cand, ncand;
    struct ir_geo_cache *places; /* NULL: no country can be told */
};

struct ir_matcher *ir_matcher_new(struct ir_rules *rs, bool no_prefilter)
{
    struct ir_matcher *m = calloc(1, sizeof *m);
    if (m == NULL) return NULL;
    m->rs = rs;
    m->no_prefilter = no_prefilter;
    m->text = IR_BUF(SCAN_TEXT_MAX);
    m->stamp = calloc(rs->nrules + 1, sizeof *m->stamp);
    m->cand = calloc(rs->nrules + 1, sizeof *m->cand);
    m->lit_seen = calloc(ir_groups_nlits(rs->groups), sizeof *m->lit_seen);
    m->lit_raw = calloc(ir_groups_nlits(rs->groups), sizeof *m->lit_raw);
    m->said = calloc(rs->ntwins, sizeof *m->said);
    const bool geo = rs->extras.geo != NULL;
    if (geo) m->places = calloc(1, sizeof *m->places);
    if (m->stamp != NULL && m->cand != NULL && m->lit_seen != NULL && m->lit_raw != NULL &&
        geo == (m->places != NULL) && ir_eval_open(&m->eval))
        return m;
    ir_matcher_free(m);
    return NULL;
}

void ir_matcher_free(struct ir_matcher *m)
{
    if (m == NULL) return;
    ir_eval_close(&m->eval);
    hs_free_scratch(m->scratch);
    ir_buf_free(&m->text);
    ir_hits_free(&m->block);
    ir_hits_free(&m->single);
    ir_aside_free(&m->aside);
    free(m->stamp);
    free(m->lit_seen);
    free(m->lit_raw);
    free(m->said);
    free(m->cand);
    free(m->places);
    free(m);
}

uint64_t ir_matcher_regex_limits(const struct ir_matcher *m)
{
    return m->eval.regex_limits;
}

/* NULL when memory is out. */
static struct cached *find_group(struct ir_matcher *m, const struct ir_group_key *key)
{
    uint64_t h = ir_hash(ir_str_n((const char *)key->sources, key->n * sizeof *key->sources),
                         key->n + (key->triggers != NULL) + (key->hints != NULL));
    struct cached *c = &m->cache[h % CACHE_SLOTS];
    if (c->group != NULL && ir_group_is(c->group, key)) return c;
    *c = (struct cached){ir_groups_get(m->rs->groups, key), false};
    return c->group != NULL ? c : NULL;
}

static bool make_searchable(struct ir_matcher *m, struct cached *c)
{
    if (c->searchable) return true;
    if (!ir_groups_build(m->rs->groups, c->group)) return false;
    hs_database_t *db = c->group->db;
    c->searchable = db == NULL || hs_alloc_scratch(db, &m->scratch) == HS_SUCCESS;
    return c->searchable;
}

/* False for the first events of a group: all its rules are tried on them. */
static bool worth_searching(struct ir_matcher *m, struct cached *c)
{
    if (m->no_prefilter) return false;
    if (c->searchable) return true;
    if (c->group->nrules > TRY_ALL_RULES &&
        atomic_fetch_add_explicit(&c->group->tried, 1, memory_order_relaxed) < TRY_ALL_EVENTS)
        return false;
    return make_searchable(m, c);
}

const struct ir_group *ir_matcher_group(struct ir_matcher *m, const struct ir_group_key *key)
{
    struct cached *c = find_group(m, key);
    return c != NULL && make_searchable(m, c) ? c->group : NULL;
}

bool ir_matcher_must_parse(const struct ir_matcher *m, const struct ir_group *g)
{
    return m->no_prefilter ? g->nrules > 0 : g->must;
}

bool ir_match_wanted(const struct ir_group *g, const struct ir_literal_hit *hits, size_t n,
                     uint32_t *ret_hint)
{
    unsigned says = 0;
    *ret_hint = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t one = g->says[hits[i].lit];
        says |= one;
        if (one & IR_HIT_HINT) *ret_hint = hits[i].lit;
    }
    if (says & (IR_HIT_RULE | IR_HIT_TRIGGER | IR_HIT_MUST)) return true;
    return (says & IR_HIT_HINT) && (says & IR_HIT_MORE);
}

bool ir_match_scan(struct ir_matcher *m, const struct ir_group *g, struct ir_str bytes,
                   const struct ir_literal_hit **ret_hits, size_t *ret_n)
{
    bool ok = ir_hits_search(&m->block, g->db, m->scratch, bytes);
    *ret_hits = m->block.v;
    *ret_n = ok ? m->block.n : 0;
    return ok;
}

void ir_match_block(struct ir_matcher *m, struct ir_str bytes)
{
    ir_aside_begin(&m->aside, bytes);
}

static void begin_candidates(struct ir_matcher *m)
{
    m->ncand = 0;
    m->lits_known = true;
    if (++m->gen == 0) {
        memset(m->lit_seen, 0, ir_groups_nlits(m->rs->groups) * sizeof *m->lit_seen);
        memset(m->lit_raw, 0, ir_groups_nlits(m->rs->groups) * sizeof *m->lit_raw);
        memset(m->said, 0, m->rs->ntwins * sizeof *m->said);
        memset(m->stamp, 0, m->rs->nrules * sizeof *m->stamp);
        m->gen = 1;
    }
}

static void candidate(void *user, uint32_t rule)
{
    struct ir_matcher *m = user;
    if (m->stamp[rule] == m->gen) return;
    m->stamp[rule] = m->gen;
    m->cand[m->ncand++] = rule;
}

static void all_candidates(struct ir_matcher *m, const struct ir_group *g)
{
    m->lits_known = false;
    for (uint32_t i = 0; i < g->nrules; i++)
        candidate(m, g->rules[i]);
}

/* raw: that is what was searched. */
static void by_literals(struct ir_matcher *m, const struct ir_group *g,
                        const struct ir_literal_hit *hits, size_t n, bool raw)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t lit = hits[i].lit;
        if (lit >= g->nlits + 2) continue; /* a hint or trigger: no rule's */
        if (lit >= g->nlits) {
            all_candidates(m, g);
            return;
        }
        m->lit_seen[g->rule_lit[lit]] = m->gen;
        if (raw) m->lit_raw[g->rule_lit[lit]] = m->gen;
        for (uint32_t k = g->first[lit]; k < g->first[lit + 1]; k++)
            candidate(m, g->owners[k]);
    }
}

/* Rules that hang on EventID: every instance of the field, in whatever view. */
static void by_number(struct ir_matcher *m, const struct ir_group *g, const struct ir_event *ev)
{
    const struct ir_event_slot *slot = &ev->slots[IR_F_SG_EVENT_ID];
    if (g->nby_number == 0 || slot->gen != ev->gen) return;
    for (uint32_t at = slot->first; at != IR_NOFIELD; at = ev->fields[at].next) {
        struct ir_number v;
        if (!ir_number_parse(ev->fields[at].val, &v)) continue;
        const double number = v.d;
        uint32_t lo = 0, hi = g->nby_number;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (g->by_number[mid].number < number)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (; lo < g->nby_number && !(g->by_number[lo].number > number); lo++)
            candidate(m, g->by_number[lo].rule);
    }
}

/* The texts of an event that rules can see and that do not stand in `whole`; parts of a text that
 * is there are not copied again. Or only those that were derived. No literal is of a made-up field.
 */
static void event_text(struct ir_matcher *m, const struct ir_event *ev, struct ir_str whole,
                       bool only_derived)
{
    struct ir_buf *b = &m->text;
    ir_buf_clear(b);
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_field *f = &ev->fields[i];
        if (only_derived && !ir_event_made(ev, f)) continue;
        if (ir_str_inside(f->val, whole) || ir_str_inside(f->val, ev->keytext) ||
            ir_field_is_made_up(f->id))
            continue;
        ir_buf_str(b, f->val);
        ir_buf_chr(b, '\0');
    }
    if (ev->keytext.p != NULL && !ir_str_inside(ev->keytext, whole)) {
        ir_buf_str(b, ev->keytext);
        ir_buf_chr(b, '\0');
    }
}

static bool view_fits(const struct ir_matcher *m, const struct ir_view *v, uint32_t rule)
{
    for (unsigned i = 0; i < v->nsources; i++)
        if (ir_groups_fits(m->rs->groups, rule, v->sources[i])) return true;
    return false;
}

static int cmp_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* By rule number: an order that no search decides. Mostly there are few. */
static void sort_candidates(struct ir_matcher *m)
{
    if (m->ncand > 24) {
        qsort(m->cand, m->ncand, sizeof *m->cand, cmp_u32);
        return;
    }
    for (uint32_t i = 1; i < m->ncand; i++) {
        uint32_t c = m->cand[i], k = i;
        for (; k > 0 && m->cand[k - 1] > c; k--)
            m->cand[k] = m->cand[k - 1];
        m->cand[k] = c;
    }
}

static void evaluate(struct ir_matcher *m, struct ir_event *ev, ir_hit_fn hit, void *user)
{
    sort_candidates(m);
    ir_eval_begin(&m->eval, ev);
    m->eval.lit_gen = m->gen;
    for (uint32_t i = 0; i < m->ncand; i++) {
        const struct ir_rule *r = m->rs->rule[m->cand[i]];
        if (r->asks != 0) ir_extra_fill(ev, &m->rs->extras, r->asks, m->places);
        for (uint32_t v = 0; v < ev->nviews; v++) {
            if (!view_fits(m, &ev->views[v], m->cand[i])) continue;
            m->eval.view = v;
            m->eval.lit_seen =
                m->lits_known ? m->lit_seen : NULL; /* a hit's reason looked at all */
            m->eval.lit_raw = m->lit_raw;
            m->eval.said = m->said;
            if (!ir_eval_node(&m->eval, r->root)) continue;
            hit(user, m->cand[i], v);
            break;
        }
    }
}

/* False: too many hits, or the text is too long. */
static bool search_text(struct ir_matcher *m, const struct ir_group *g, struct ir_str text,
                        bool raw)
{
    if (m->text.full || !ir_hits_search(&m->single, g->db, m->scratch, text)) return false;
    by_literals(m, g, m->single.v, m->single.n, raw);
    return true;
}

static void search_derived(struct ir_matcher *m, const struct ir_group *g,
                           const struct ir_event *ev)
{
    if (g->db == NULL) return;
    event_text(m, ev, ir_str_n(NULL, 0), true);
    if (!search_text(m, g, ir_buf_view(&m->text), false)) all_candidates(m, g);
}

/* All that rules can see of the event is searched: the record with the block or by itself, and what
 * does not stand in it. */
static bool search_event(struct ir_matcher *m, const struct ir_group *g, const struct ir_event *ev)
{
    const struct ir_str whole = ev->raw_keywords ? ev->raw : ir_str_n(NULL, 0);
    const struct ir_literal_hit *hits;
    size_t n;
    if (g->db == NULL) return true;
    event_text(m, ev, whole, false);
    if (whole.p == NULL) return search_text(m, g, ir_buf_view(&m->text), false);
    if (ir_aside_hits(&m->aside, g, m->scratch, whole, &hits, &n)) {
        by_literals(m, g, hits, n, true);
        return m->text.n == 0 || search_text(m, g, ir_buf_view(&m->text), false);
    }
    if (m->text.n == 0) return search_text(m, g, whole, true);
    ir_buf_str(&m->text, whole);
    return search_text(m, g, ir_buf_view(&m->text), false);
}

void ir_match_record(struct ir_matcher *m, const struct ir_group *g, struct ir_event *ev,
                     const struct ir_literal_hit *hits, size_t nhits, ir_hit_fn hit, void *user)
{
    begin_candidates(m);
    if (m->no_prefilter) {
        all_candidates(m, g);
    } else {
        by_literals(m, g, hits, nhits, true);
        by_number(m, g, ev);
        ir_always_find(&g->unsearched, ev, candidate, m);
        if (!ev->verbatim && m->lits_known) search_derived(m, g, ev);
    }
    if (m->ncand > 0) evaluate(m, ev, hit, user);
}

/* All views' log sources, sorted, without doubles. */
static uint32_t event_sources(const struct ir_event *ev, uint16_t out[IR_GROUP_SOURCES_MAX])
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < ev->nviews; v++)
        for (unsigned i = 0; i < ev->views[v].nsources; i++) {
            uint16_t s = ev->views[v].sources[i];
            bool have = false;
            for (uint32_t k = 0; k < n && !have; k++)
                have = out[k] == s;
            if (!have && n < IR_GROUP_SOURCES_MAX) out[n++] = s;
        }
    for (uint32_t i = 1; i < n; i++) { /* a few */
        const uint16_t s = out[i];
        uint32_t k = i;
        for (; k > 0 && out[k - 1] > s; k--)
            out[k] = out[k - 1];
        out[k] = s;
    }
    return n;
}

void ir_match_event(struct ir_matcher *m, struct ir_event *ev, ir_hit_fn hit, void *user)
{
    uint16_t sources[IR_GROUP_SOURCES_MAX];
    uint32_t n = event_sources(ev, sources);
    const struct ir_group_key key = {.sources = sources, .n = n};
    struct cached *c = n > 0 ? find_group(m, &key) : NULL;
    if (c == NULL || c->group->nrules == 0) return;
    const struct ir_group *g = c->group;
    begin_candidates(m);
    if (worth_searching(m, c) && search_event(m, g, ev)) {
        by_number(m, g, ev);
        ir_always_find(&g->unsearched, ev, candidate, m);
    } else {
        all_candidates(m, g);
    }
    if (m->ncand > 0) evaluate(m, ev, hit, user);
}

bool ir_match_rule(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view)
{
    const struct ir_rule *r = m->rs->rule[rule];
    if (r->asks != 0) ir_extra_fill(ev, &m->rs->extras, r->asks, m->places);
    ir_eval_begin(&m->eval, ev);
    m->eval.view = view;
    return r->root != NULL && ir_eval_node(&m->eval, r->root);
}

const struct ir_rule *ir_matcher_rule(const struct ir_matcher *m, uint32_t rule)
{
    return m->rs->rule[rule];
}

struct ir_eval *ir_matcher_eval(struct ir_matcher *m)
{
    return &m->eval;
}
