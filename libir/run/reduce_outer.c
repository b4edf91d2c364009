/*
 * Correlations of correlations: what an inner one found becomes events of an outer one.
 *
 * An outer one that counts events gets one a burst: an attack that goes on is one attack. One that
 * asks what happens together, or how many different values there are, gets an event for each moment
 * at which the inner condition holds: a log-in after two days of guessing follows the guessing of
 * the last minute, not its beginning.
 */
#include <stdlib.h>

#include "base/map.h"
#include "run/reduce_int.h"

/* The inner group-by value that stands for one of these names; p == NULL: none. */
static struct ir_str inner_value(const struct ir_reduce *d, const struct ir_inner *in,
                                 const uint32_t *want)
{
    const struct ir_corr *c = d->s->rules->rule[in->corr]->corr;
    struct ir_str rest = in->key, v, found = {NULL, 0};
    for (uint32_t i = 0; i < c->ngroup && ir_key_next(&rest, &v); i++) {
        uint32_t id = ir_names_find(d->s->names, c->group_by[i]);
        for (const uint32_t *w = want; *w != 0; w++)
            if (*w == id) found = v;
    }
    return found;
}

static bool outer_key(const struct ir_reduce *d, const struct ir_inner *in,
                      const struct ir_corr *outer, uint32_t ref, struct ir_buf *key)
{
    for (uint32_t k = 0; k < outer->ngroup; k++) {
        struct ir_str v = inner_value(d, in, outer->group_ids[ref][k]);
        if (v.p == NULL) return false;
        ir_key_put(key, v);
    }
    return true;
}

static bool outer_value(const struct ir_reduce *d, const struct ir_inner *in,
                        const struct ir_corr *outer, uint32_t ref, uint64_t *ret_v)
{
    *ret_v = 0;
    for (uint32_t k = 0; k < outer->ncond_field; k++)
        if (!ir_corr_value(outer, k, inner_value(d, in, outer->value_ids[ref][k]), ret_v))
            return false;
    return true;
}

static bool counts_moments(const struct ir_corr *c)
{
    return c->type == IR_CORR_TEMPORAL || c->type == IR_CORR_TEMPORAL_ORDERED ||
           c->type == IR_CORR_VALUE_COUNT;
}

static bool feed(struct ir_reduce *d, const struct ir_inner *in, const struct ir_feed *f,
                 struct ir_str key, uint64_t value)
{
    const struct ir_indexes *x =
        counts_moments(d->s->rules->rule[f->corr]->corr) ? in->holds : in->fires;
    size_t fired = 0; /* in->fires, which are all among x */
    struct ir_corr_event *ev = malloc((x->n + 1) * sizeof *ev);
    struct ir_place *place = malloc((x->n + 1) * sizeof *place);
    bool ok = ev != NULL && place != NULL;
    for (size_t i = 0; ok && i < x->n; i++) {
        const bool first = fired < in->fires->n && in->fires->at[fired] == x->at[i];
        ev[i] = (struct ir_corr_event){
            .time = in->ev[x->at[i]].time, .ref = f->ref, .weight = first, .value = value};
        fired += first;
        place[i] = in->place[x->at[i]];
    }
    pthread_mutex_lock(&d->feed_lock);
    ok = ok && ir_reduce_feed(d, f->corr, key, ir_run_hash(IR_RUN_CORR, f->corr, key), ev, place,
                              (uint32_t)x->n);
    pthread_mutex_unlock(&d->feed_lock);
    free(ev);
    free(place);
    return ok;
}

bool ir_reduce_outer(struct ir_reduce *d, const struct ir_inner *in)
{
    const struct ir_feeds *fs = &d->s->feeds[in->corr];
    bool ok = true;
    for (uint32_t i = 0; ok && i < fs->n; i++) {
        const struct ir_feed *f = &fs->feed[i];
        const struct ir_corr *outer = d->s->rules->rule[f->corr]->corr;
        struct ir_buf key = IR_BUF(1 << 20);
        uint64_t value;
        if (outer_key(d, in, outer, f->ref, &key) && outer_value(d, in, outer, f->ref, &value))
            ok = feed(d, in, f, ir_buf_view(&key), value);
        ir_buf_free(&key);
    }
    return ok;
}
