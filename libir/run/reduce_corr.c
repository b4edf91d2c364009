/*
 * Correlations over the groups that the map stage fed: sort by time, slide the window, and let what
 * fires feed the correlations that refer to it, level by level. Groups are in shards by a hash of
 * their key, and threads take a shard each; what fired is put together in the order of shards.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/time.h"
#include "run/reduce_int.h"

#define CORR_ORIGINS 16u
#define FIRINGS_MAX  10u /* findings of one group; the last one stands for all that follow */

struct shard { /* of one level, and what fired in it */
    struct ir_reduce *d;
    struct ir_spill *spill;
    struct fired {
        uint32_t corr;
        struct ir_str key;
        struct ir_finding_state f;
    } * fired;
    size_t n, cap;
    struct ir_arena keys;
    struct ir_indexes fires, holds; /* of the group at hand, for correlations above */
    bool ok;
};

struct firing { /* one group of one correlation */
    struct ir_reduce *d;
    struct shard *sh;
    uint32_t corr;
    struct ir_str key;
    const struct ir_corr_event *ev;
    const struct ir_place *place;
    uint32_t fired;
    bool failed;
};

static bool note(struct ir_indexes *x, size_t i)
{
    if (x->n == x->cap) {
        size_t cap = x->cap ? x->cap * 2 : 256;
        size_t *p = realloc(x->at, cap * sizeof *p);
        if (p == NULL) return false;
        x->at = p;
        x->cap = cap;
    }
    x->at[x->n++] = i;
    return true;
}

/* The first events, the one that fulfilled the condition, and the last one. */
static uint32_t choose_places(const struct firing *fi, const struct ir_corr_fired *f,
                              struct ir_place *out, uint32_t *ret_shown)
{
    uint32_t n = 0;
    for (size_t i = f->first; i <= f->last; i++) {
        if (n >= CORR_ORIGINS - 2 && i != f->at && i != f->last) continue;
        if (i == f->at) *ret_shown = n;
        out[n++] = fi->place[i];
    }
    return n;
}

static struct ir_finding_state *new_finding(struct firing *fi)
{
    struct shard *sh = fi->sh;
    if (sh->n == sh->cap) {
        size_t cap = sh->cap ? sh->cap * 2 : 64;
        struct fired *p = realloc(sh->fired, cap * sizeof *p);
        if (p == NULL) return NULL;
        sh->fired = p;
        sh->cap = cap;
    }
    struct ir_str key = ir_arena_dup(&sh->keys, fi->key);
    if (key.p == NULL) return NULL;
    sh->fired[sh->n] = (struct fired){.corr = fi->corr, .key = key};
    return &sh->fired[sh->n++].f;
}

static bool add_finding(struct firing *fi, const struct ir_corr_fired *f)
{
    struct ir_finding_state *x = new_finding(fi);
    if (x == NULL) return false;
    x->count = f->count;
    x->has_time = true;
    x->first = fi->ev[f->first].time;
    x->last = fi->ev[f->last].time;
    x->place = malloc(CORR_ORIGINS * sizeof *x->place);
    x->fired = (struct ir_fired){.count = f->count, .measure = f->measure};
    if (x->place == NULL) return false;
    x->nplaces = choose_places(fi, f, x->place, &x->shown);
    return true;
}

/* An attacker who comes back every hour shall not bury the rest: later firings join the last
 * finding. */
static bool report(struct firing *fi, const struct ir_corr_fired *f)
{
    if (fi->fired++ < FIRINGS_MAX) return add_finding(fi, f);
    struct ir_finding_state *x = &fi->sh->fired[fi->sh->n - 1].f;
    x->count += f->count;
    x->last = fi->ev[f->last].time;
    x->fired.later++;
    return true;
}

static void on_fire(void *user, const struct ir_corr_fired *f)
{
    struct firing *fi = user;
    const struct ir_rule *r = fi->d->s->rules->rule[fi->corr];
    if (!r->info.silent && ir_finding_wanted(fi->d, fi->corr) && !report(fi, f)) fi->failed = true;
    if (fi->d->s->feeds[fi->corr].n > 0 && !note(&fi->sh->fires, f->at)) fi->failed = true;
}

static void on_hold(void *user, size_t event)
{
    struct firing *fi = user;
    if (!note(&fi->sh->holds, event)) fi->failed = true;
}

static bool on_group(void *user, uint32_t corr, struct ir_str key, const struct ir_corr_event *ev,
                     const struct ir_place *place, size_t n)
{
    struct shard *sh = user;
    struct firing fi = {.d = sh->d, .sh = sh, .corr = corr, .key = key, .ev = ev, .place = place};
    const bool feeds = sh->d->s->feeds[corr].n > 0;
    sh->fires.n = sh->holds.n = 0;
    bool ok = ir_correlate(sh->d->s->rules->rule[corr]->corr, ev, n, on_fire,
                           feeds ? on_hold : NULL, &fi);
    if (ok && !fi.failed && sh->fires.n > 0) {
        const struct ir_inner in = {corr, key, ev, place, &sh->fires, &sh->holds};
        ok = ir_reduce_outer(sh->d, &in);
    }
    return ok && !fi.failed;
}

bool ir_reduce_feed(struct ir_reduce *d, uint32_t corr, struct ir_str key, uint64_t hash,
                    const struct ir_corr_event *ev, const struct ir_place *place, uint32_t n)
{
    const uint32_t depth = d->s->rules->rule[corr]->corr->depth;
    const unsigned shard = (unsigned)(hash >> 32) % IR_SPILL_SHARDS;
    struct ir_spill **sp = &d->level[depth < IR_CORR_LEVELS ? depth : IR_CORR_LEVELS - 1][shard];
    if (*sp == NULL) *sp = ir_spill_new(&d->file[shard]);
    return *sp != NULL && ir_spill_add(*sp, corr, key, hash, ev, place, n);
}

static void *correlate(void *user)
{
    struct shard *sh = user;
    sh->ok = sh->spill == NULL || ir_spill_each(sh->spill, on_group, sh);
    return NULL;
}

/* A level's shards side by side, as many as there may be threads. */
static void run_shards(struct shard sh[IR_SPILL_SHARDS], unsigned threads)
{
    pthread_t thread[IR_SPILL_SHARDS];
    if (threads > IR_SPILL_SHARDS) threads = IR_SPILL_SHARDS;
    for (unsigned i = 0; i < IR_SPILL_SHARDS; i += threads) {
        bool started[IR_SPILL_SHARDS] = {false};
        for (unsigned k = i + 1; k < i + threads && k < IR_SPILL_SHARDS; k++)
            started[k] = pthread_create(&thread[k], NULL, correlate, &sh[k]) == 0;
        for (unsigned k = i; k < i + threads && k < IR_SPILL_SHARDS; k++)
            if (!started[k]) correlate(&sh[k]);
        for (unsigned k = i + 1; k < i + threads && k < IR_SPILL_SHARDS; k++)
            if (started[k]) pthread_join(thread[k], NULL);
    }
}

/* What fired becomes findings; the shard is empty then. False: memory. */
static bool take_fired(struct ir_reduce *d, struct shard *sh)
{
    bool ok = sh->ok;
    for (size_t i = 0; i < sh->n; i++) {
        struct fired *fd = &sh->fired[i];
        const struct ir_group_state *g = ir_reduce_group(d, IR_RUN_CORR, fd->corr, fd->key);
        struct ir_finding_state *x = ir_finding_add(d);
        if (x == NULL) ir_finding_free(&fd->f);
        if (x != NULL) *x = fd->f;
        if (x != NULL && g != NULL) x->group = (uint32_t)(g - d->group);
        ok = ok && x != NULL && g != NULL;
    }
    if (sh->spill != NULL) d->corr_lost += ir_spill_lost(sh->spill);
    ir_spill_free(sh->spill);
    ir_arena_free(&sh->keys);
    free(sh->fired);
    free(sh->fires.at);
    free(sh->holds.at);
    return ok;
}

int ir_reduce_correlate(struct ir_reduce *d, struct ir_err *err)
{
    bool ok = true;
    for (uint32_t depth = 1; ok && depth < IR_CORR_LEVELS; depth++) {
        struct shard sh[IR_SPILL_SHARDS];
        for (unsigned i = 0; i < IR_SPILL_SHARDS; i++) {
            sh[i] = (struct shard){.d = d, .spill = d->level[depth][i]};
            d->level[depth][i] = NULL;
        }
        run_shards(sh, d->s->threads > 0 ? d->s->threads : 1);
        for (unsigned i = 0; i < IR_SPILL_SHARDS; i++)
            ok = take_fired(d, &sh[i]) && ok;
    }
    return ok ? IR_OK
              : ir_fail(err, IR_FATAL,
                        "correlations: out of memory, or the temporary file cannot be read");
}
