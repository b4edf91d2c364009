/*
 * What a rule's hit becomes: a place in the run of its entity, and in the runs of the correlations
 * that the rule feeds.
 */
#include <stdlib.h>

#include "rules/why.h"
#include "run/map_int.h"

#define CORR_KEEP   16u /* events after a correlation fired that are kept for its origins */
#define EVENT_LIMIT UINT32_MAX
#define GAP_PART    64 /* of a window: so far apart may be what is kept of a burst for it */

const uint32_t ir_entity_fields[] = {IR_F_SOURCE_IP,
                                     IR_F_SOURCE_DOMAIN,
                                     IR_F_USER_NAME,
                                     IR_F_USER_ID,
                                     IR_F_USER_TARGET_NAME,
                                     IR_F_HOST_NAME,
                                     0};

static uint64_t record_number(const struct ir_event *ev)
{
    uint64_t n;
    return ir_str_u64(ev->record, &n) ? n : UINT64_MAX;
}

static struct ir_place make_place(const struct ir_event *ev, uint32_t view)
{
    const struct ir_view *v = &ev->views[view];
    return (struct ir_place){.offset = v->offset,
                             .line = v->line,
                             .length = v->length,
                             .record = record_number(ev),
                             .has_time = (ev->flags & IR_EV_TIME) != 0};
}

static void add(struct ir_mapper *m, struct ir_run *run, const struct ir_corr_event *e,
                const struct ir_place *place, uint32_t limit)
{
    const struct ir_alike_add noted = {(uint32_t)(run - m->r->run), e->ref, limit, e->value};
    ir_alike_note(m->alike, &noted);
    ir_run_add(m->r, run, e, place, limit);
}

static void rule_hit(struct ir_mapper *m, uint32_t rule, uint32_t view,
                     const struct ir_place *place)
{
    bool fresh, named = false;
    ir_buf_clear(&m->key);
    for (const uint32_t *id = ir_entity_fields; *id != 0; id++) {
        struct ir_str v = ir_event_get(m->ev, *id, view);
        if (*id == IR_F_USER_NAME) named = v.n > 0;
        if (*id == IR_F_USER_ID && named) v = ir_str_n(NULL, 0); /* the name says it better */
        ir_key_put(&m->key, v);
    }
    struct ir_run *run = ir_result_run(m->r, IR_RUN_RULE, rule, ir_buf_view(&m->key), &fresh);
    if (run == NULL) return;
    if (fresh) {
        ir_buf_clear(&m->why);
        ir_why_note(m->matcher, m->ev, rule, view, &m->why);
        run->why = ir_arena_dup(&m->r->arena, ir_buf_view(&m->why));
    }
    const struct ir_corr_event e = {.time = m->ev->time, .weight = m->ev->weight};
    add(m, run, &e, place, IR_RUN_ORIGINS_MAX);
}

/* The first value that is none of JSON's nulls and containers, which count as absent. */
static struct ir_str value_of(const struct ir_event *ev, uint32_t id, uint32_t view)
{
    uint32_t at = ir_event_first(ev, id, view);
    while (at != IR_NOFIELD &&
           (ev->fields[at].type == IR_V_NULL || ev->fields[at].type == IR_V_CONTAINER))
        at = ir_event_next(ev, at);
    return at == IR_NOFIELD ? ir_str_n(NULL, 0) : ev->fields[at].val;
}

/* Group-by values of the event, in the correlation's order; false when one is absent. */
static bool group_key(struct ir_mapper *m, const struct ir_corr *c, uint32_t ref, uint32_t view)
{
    ir_buf_clear(&m->key);
    for (uint32_t g = 0; g < c->ngroup; g++) {
        struct ir_str v = {NULL, 0};
        for (const uint32_t *id = c->group_ids[ref][g]; *id != 0 && v.p == NULL; id++)
            v = value_of(m->ev, *id, view);
        if (v.p == NULL) return false;
        ir_key_put(&m->key, v);
    }
    return true;
}

static bool corr_value(struct ir_mapper *m, const struct ir_corr *c, uint32_t ref, uint32_t view,
                       uint64_t *ret_v)
{
    *ret_v = 0;
    for (uint32_t k = 0; k < c->ncond_field; k++) {
        struct ir_str v = {NULL, 0};
        for (const uint32_t *id = c->value_ids[ref][k]; *id != 0 && v.p == NULL; id++)
            v = value_of(m->ev, *id, view);
        if (!ir_corr_value(c, k, v, ret_v)) return false;
    }
    return true;
}

static void feed(struct ir_mapper *m, const struct ir_feed *f, uint32_t view,
                 const struct ir_place *place)
{
    const struct ir_corr *c = m->s->rules->rule[f->corr]->corr;
    bool fresh;
    struct ir_corr_event e = {.time = m->ev->time, .ref = f->ref, .weight = m->ev->weight};
    if (!place->has_time || !group_key(m, c, f->ref, view)) return;
    if (c->ncond_field > 0 && !corr_value(m, c, f->ref, view, &e.value)) return;
    struct ir_run *run = ir_result_run(m->r, IR_RUN_CORR, f->corr, ir_buf_view(&m->key), &fresh);
    if (run != NULL) add(m, run, &e, place, EVENT_LIMIT);
}

bool ir_map_in_time(const struct ir_mapper *m)
{
    const struct ir_event *ev = m->ev;
    return !(ev->flags & IR_EV_TIME) || (ev->time >= m->s->o.since && ev->time <= m->s->o.until);
}

void ir_map_hit(void *user, uint32_t rule, uint32_t view)
{
    struct ir_mapper *m = user;
    if (!ir_map_in_time(m)) return;
    const struct ir_place place = make_place(m->ev, view);
    if (!m->s->rules->rule[rule]->info.silent) rule_hit(m, rule, view, &place);
    const struct ir_feeds *fs = &m->s->feeds[rule];
    for (uint32_t i = 0; i < fs->n; i++)
        feed(m, &fs->feed[i], view, &place);
}

void ir_map_again(struct ir_mapper *m, const struct ir_alike_record *e)
{
    const struct ir_place place = make_place(m->ev, 0);
    const struct ir_alike_add *adds = ir_alike_adds(m->alike, e);
    if (!ir_map_in_time(m)) return;
    for (uint32_t i = 0; i < e->nadds; i++) {
        const struct ir_alike_add *a = &adds[i];
        const struct ir_corr_event ev = {
            .time = m->ev->time, .ref = a->ref, .weight = e->weight, .value = a->value};
        ir_run_add(m->r, &m->r->run[a->run], &ev, &place, a->limit);
    }
}

static void move_place(void *user, size_t to, size_t from)
{
    struct ir_run *run = user;
    run->place[to] = run->place[from];
}

static bool in_order(const struct ir_run *run)
{
    for (uint32_t i = 1; i < run->nhits; i++)
        if (run->ev[i].time < run->ev[i - 1].time) return false;
    return true;
}

/* A correlation that this one feeds looks how long a burst goes on, in windows of its own. */
static int64_t thin_gap(const struct ir_scan *s, uint32_t rule)
{
    int64_t gap = INT64_MAX;
    for (uint32_t i = 0; i < s->feeds[rule].n; i++) {
        const int64_t span = s->rules->rule[s->feeds[rule].feed[i].corr]->corr->timespan;
        if (span / GAP_PART < gap) gap = span / GAP_PART;
    }
    return gap;
}

void ir_map_thin(struct ir_mapper *m, struct ir_result *r)
{
    for (uint32_t i = 0; i < r->nruns; i++) {
        struct ir_run *run = &r->run[i];
        if (run->kind != IR_RUN_CORR || run->nhits <= CORR_KEEP || !in_order(run)) continue;
        const struct ir_corr *c = m->s->rules->rule[run->rule]->corr;
        run->nhits = (uint32_t)ir_corr_thin(c, run->ev, run->nhits, CORR_KEEP,
                                            thin_gap(m->s, run->rule), move_place, run);
    }
}
