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
    for (uint32_t i = 0; i < r->nruns; i++) {
        free(r->run[i].ev);
        free(r->run[i].place);
    }
    ir_map_free(&r->index);
    ir_arena_free(&r->arena);
    free(r->run);
    free(r->records);
    free(r->sources_seen);
    free(r->fields_seen);
    free(r);
}

struct ir_run *ir_result_run(struct ir_result *r, enum ir_run_kind kind, uint32_t rule,
                             struct ir_str key, bool *ret_new)
{
    char small[512];
    struct ir_buf big = IR_BUF(1 << 20);
    uint32_t head[2] = {(uint32_t)kind, rule};
    struct ir_str full;
    if (sizeof head + key.n <= sizeof small) {
        memcpy(small, head, sizeof head);
        memcpy(small + sizeof head, key.p, key.n);
        full = ir_str_n(small, sizeof head + key.n);
    } else {
        ir_buf_add(&big, head, sizeof head);
        ir_buf_str(&big, key);
        full = ir_buf_view(&big);
    }
    uint32_t *at = ir_map_put(&r->index, full, ret_new);
    ir_buf_free(&big);
    if (at != NULL && !*ret_new) return &r->run[*at];
    if (at != NULL && r->nruns == r->capruns) {
        uint32_t cap = r->capruns ? r->capruns * 2 : 64;
        struct ir_run *p = realloc(r->run, cap * sizeof *p);
        if (p != NULL) r->run = p;
        if (p != NULL) r->capruns = cap;
    }
    if (at == NULL || r->nruns == r->capruns) {
        r->out_of_memory = true;
        return NULL;
    }
    *at = r->nruns;
    r->held += sizeof *r->run + sizeof(struct ir_map_item) + 3 * key.n + 256;
    r->run[r->nruns] =
        (struct ir_run){.kind = kind, .rule = rule, .key = ir_arena_dup(&r->arena, key)};
    if (r->run[r->nruns].key.p == NULL) r->out_of_memory = true;
    return &r->run[r->nruns++];
}

bool ir_run_reserve(struct ir_run *run, uint32_t n)
{
    if (n <= run->cap) return true;
    uint32_t cap = run->cap ? run->cap : 4;
    while (cap < n)
        cap = cap > UINT32_MAX / 2 ? UINT32_MAX : cap * 2;
    struct ir_corr_event *ev = realloc(run->ev, cap * sizeof *ev);
    if (ev != NULL) run->ev = ev;
    struct ir_place *place = realloc(run->place, cap * sizeof *place);
    if (place != NULL) run->place = place;
    if (ev == NULL || place == NULL) return false;
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
    if (!ir_run_reserve(run, run->nhits + 1)) {
        r->out_of_memory = true;
        return;
    }
    r->held += sizeof *ev + sizeof *place;
    run->ev[run->nhits] = *ev;
    run->place[run->nhits++] = *place;
}

void ir_result_damage(struct ir_result *r, const char *reason, uint64_t offset)
{
    r->damaged++;
    for (unsigned i = 0; i < IR_DAMAGE_KINDS; i++) {
        struct ir_damage *d = &r->damage[i];
        if (d->reason == NULL) *d = (struct ir_damage){reason, offset, 0};
        if (strcmp(d->reason, reason) != 0) continue;
        d->count++;
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
