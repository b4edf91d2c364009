/*
 * Results of the map stage.
 */
#include "run/result.h"

#include <stdlib.h>

#define RESULT_MEMORY_MAX ((size_t)64 << 20)

struct ir_result *ir_result_new(uint32_t nformats, uint32_t nfields)
{
    struct ir_result *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->nfields = nfields;
    r->records = calloc(nformats, sizeof *r->records);
    r->sources_seen = calloc(IR_SOURCE_WORDS, sizeof *r->sources_seen);
    r->fields_seen = calloc(nfields / 64 + 1, sizeof *r->fields_seen);
    r->arena = IR_ARENA(RESULT_MEMORY_MAX);
    if (r->records != NULL && r->sources_seen != NULL && r->fields_seen != NULL) return r;
    ir_result_free(r);
    return NULL;
}

void ir_result_free(struct ir_result *r)
{
    if (r == NULL) return;
    free(r->slot);
    ir_arena_free(&r->arena);
    ir_hist_free(&r->hist);
    free(r->run);
    free(r->records);
    free(r->sources_seen);
    free(r->fields_seen);
    free(r);
}

static bool grow_slots(struct ir_result *r)
{
    const uint32_t old = r->slot != NULL ? r->mask + 1 : 0, cap = old > 0 ? old * 2 : 256;
    struct ir_result_slot *slot = calloc(cap, sizeof *slot);
    if (slot == NULL) return false;
    for (uint32_t i = 0; i < old; i++) {
        if (r->slot[i].run == 0) continue;
        uint32_t at = r->slot[i].hash & (cap - 1);
        while (slot[at].run != 0)
            at = (at + 1) & (cap - 1);
        slot[at] = r->slot[i];
    }
    free(r->slot);
    r->slot = slot;
    r->mask = cap - 1;
    return true;
}

/* A new run for this slot; NULL: memory. */
static struct ir_run *add_run(struct ir_result *r, uint32_t at, const struct ir_run *like)
{
    if (r->nruns == r->capruns) {
        uint32_t cap = r->capruns ? r->capruns * 2 : 64;
        struct ir_run *p = realloc(r->run, cap * sizeof *p);
        if (p == NULL) return NULL;
        r->run = p;
        r->capruns = cap;
    }
    struct ir_run *run = &r->run[r->nruns];
    *run = *like;
    run->key = ir_arena_dup(&r->arena, like->key);
    if (run->key.p == NULL) return NULL;
    r->held += sizeof *run + 3 * run->key.n + 256;
    r->slot[at] = (struct ir_result_slot){(uint32_t)like->hash, ++r->nruns};
    return run;
}

struct ir_run *ir_result_run(struct ir_result *r, enum ir_run_kind kind, uint32_t rule,
                             struct ir_str key, bool *ret_new)
{
    const uint64_t hash = ir_run_hash(kind, rule, key);
    *ret_new = false;
    if (r->nruns >= r->mask / 2 && !grow_slots(r)) {
        r->out_of_memory = true;
        return NULL;
    }
    uint32_t at = (uint32_t)hash & r->mask;
    for (; r->slot[at].run != 0; at = (at + 1) & r->mask) {
        if (r->slot[at].hash != (uint32_t)hash) continue;
        struct ir_run *run = &r->run[r->slot[at].run - 1];
        if (run->hash == hash && run->rule == rule && run->kind == kind && ir_str_eq(run->key, key))
            return run;
    }
    const struct ir_run like = {.kind = kind, .rule = rule, .hash = hash, .key = key};
    struct ir_run *run = add_run(r, at, &like);
    *ret_new = run != NULL;
    if (run == NULL) r->out_of_memory = true;
    return run;
}

/* Room for one more. The old lists stay in the arena: half of what is used at most. */
static bool run_room(struct ir_result *r, struct ir_run *run)
{
    if (run->nhits < run->cap) return true;
    uint32_t cap = run->cap == 0 ? 1 : run->cap > UINT32_MAX / 2 ? UINT32_MAX : run->cap * 2;
    struct ir_corr_event *ev = ir_arena_alloc(&r->arena, cap * sizeof *ev);
    struct ir_place *place = ir_arena_alloc(&r->arena, cap * sizeof *place);
    if (ev == NULL || place == NULL || cap == run->cap) return false;
    if (run->nhits > 0) {
        memcpy(ev, run->ev, run->nhits * sizeof *ev);
        memcpy(place, run->place, run->nhits * sizeof *place);
    }
    run->ev = ev;
    run->place = place;
    run->cap = cap;
    return true;
}

void ir_run_add(struct ir_result *r, struct ir_run *run, const struct ir_corr_event *ev,
                const struct ir_place *place, uint32_t limit)
{
    run->count += ev->weight;
    if (place->has_time) {
        if (!run->has_time || ev->time < run->first) run->first = ev->time;
        if (!run->has_time || ev->time > run->last) run->last = ev->time;
        run->has_time = true;
    }
    if (run->nhits >= limit) return;
    if (!run_room(r, run)) {
        r->out_of_memory = true;
        return;
    }
    r->held += sizeof *ev + sizeof *place;
    run->ev[run->nhits] = *ev;
    run->place[run->nhits++] = *place;
}

void ir_result_damage(struct ir_result *r, const char *reason, uint64_t offset)
{
    ir_result_damages(r, reason, offset, 1);
}

void ir_result_damages(struct ir_result *r, const char *reason, uint64_t offset, uint64_t n)
{
    r->damaged += n;
    for (unsigned i = 0; i < IR_DAMAGE_KINDS; i++) {
        struct ir_damage *d = &r->damage[i];
        if (d->reason == NULL) *d = (struct ir_damage){reason, offset, 0};
        if (strcmp(d->reason, reason) != 0) continue;
        d->count += n;
        return;
    }
}

void ir_result_seen(struct ir_result *r, const struct ir_event *ev)
{
    for (uint32_t v = 0; v < ev->nviews; v++)
        for (unsigned i = 0; i < ev->views[v].nsources; i++) {
            uint16_t s = ev->views[v].sources[i];
            r->sources_seen[s / 64] |= UINT64_C(1) << (s % 64);
        }
    for (uint32_t i = 0; i < ev->nfields; i++) {
        uint32_t id = ev->fields[i].id;
        if (id < r->nfields) r->fields_seen[id / 64] |= UINT64_C(1) << (id % 64);
    }
}

void ir_key_put(struct ir_buf *b, struct ir_str v)
{
    uint32_t n = v.p == NULL ? UINT32_MAX : (uint32_t)(v.n > 65535 ? 65535 : v.n);
    ir_buf_add(b, &n, sizeof n);
    if (v.p != NULL) ir_buf_add(b, v.p, n);
}

bool ir_key_next(struct ir_str *rest, struct ir_str *ret_v)
{
    uint32_t n;
    if (rest->n < sizeof n) return false;
    memcpy(&n, rest->p, sizeof n);
    *rest = ir_str_skip(*rest, sizeof n);
    *ret_v = n == UINT32_MAX ? ir_str_n(NULL, 0) : ir_str_head(*rest, n);
    *rest = ir_str_skip(*rest, ret_v->n);
    return true;
}
