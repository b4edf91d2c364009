/*
 * The evidence of findings, read again from the inputs: a digest for each origin, the record that
 * is shown, the lines around it when they are asked for, and what a correlation's records have in
 * common.
 *
 * Threads share the findings out by number, a row of them each: findings are in the order of time,
 * so that a thread reads about one part of an input. What becomes of a finding depends on nothing
 * but itself.
 */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/intl.h"
#include "run/reduce_int.h"
#include "source/refetch.h"

#define THREADS_MAX  16u
#define THREAD_MIN   2000u  /* origins that are worth a thread */
#define COMMON_FIRST 20000u /* findings whose records are parsed again */

struct want { /* one origin to read again */
    uint32_t input;
    struct ir_range range;
    uint32_t finding, place;
    uint32_t size; /* of the record's text */
    bool around;   /* for its lines alone: wider, so it would come before its turn */
};

struct fetch { /* one thread's */
    struct ir_reduce *d;
    pthread_mutex_t *lock;
    size_t from, to; /* findings */
    const struct want *want;
    EVP_MD_CTX *ctx;
    struct ir_common_reader common;
    struct ir_around around;
    bool ok;
};

static int cmp_want(const void *a, const void *b)
{
    const struct want *x = a, *y = b;
    if (x->input != y->input) return x->input < y->input ? -1 : 1;
    if (x->range.offset != y->range.offset) return x->range.offset < y->range.offset ? -1 : 1;
    if (x->finding != y->finding) return x->finding < y->finding ? -1 : 1;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (int)x->around - (int)y->around;
}

static void on_bytes(void *user, size_t i, const struct ir_fetched *got)
{
    struct fetch *fe = user;
    const struct want *w = &fe->want[i];
    struct ir_finding_state *f = &fe->d->finding[w->finding];
    if (got->size < w->size) return; /* gone or changed: said by the caller */
    if (w->around) {
        ir_around_keep(&fe->around, f, got->text, got->lead, got->size);
        return;
    }
    const struct ir_str text = ir_str_head(ir_str_skip(got->text, got->lead), got->size);
    unsigned n = 32;
    f->place[w->place].length = (uint32_t)got->raw.n; /* its text may be of another length */
    f->have_sha[w->place] = EVP_DigestInit_ex(fe->ctx, NULL, NULL) == 1 &&
                            EVP_DigestUpdate(fe->ctx, got->raw.p, got->raw.n) == 1 &&
                            EVP_DigestFinal_ex(fe->ctx, f->sha[w->place], &n) == 1;
    if (fe->d->group[f->group].kind == IR_RUN_CORR && w->finding < COMMON_FIRST)
        ir_common_record(&fe->common, f, w->input, text);
    if (w->place == f->shown && fe->around.lines == 0)
        ir_around_keep(&fe->around, f, got->text, got->lead, got->size);
}

static size_t list_wants(const struct fetch *fe, struct want *w)
{
    size_t n = 0;
    for (size_t i = fe->from; i < fe->to; i++)
        for (uint32_t k = 0; k < fe->d->finding[i].nplaces; k++) {
            const struct ir_place *p = &fe->d->finding[i].place[k];
            const bool around = fe->around.lines > 0 && k == fe->d->finding[i].shown;
            struct want one = {
                .input = p->input, .finding = (uint32_t)i, .place = k, .size = p->length};
            one.range = (struct ir_range){p->offset, p->length, 0, 0};
            if (w != NULL) w[n] = one;
            n++;
            if (!around) continue;
            one.around = true;
            ir_around_widen(&fe->around, &one.range);
            if (w != NULL) w[n] = one;
            n++;
        }
    return n;
}

static void fetch_input(struct fetch *fe, const struct want *w, size_t n, struct ir_range *ranges)
{
    struct ir_scan *s = fe->d->s;
    struct ir_err err = {.offset = -1};
    for (size_t i = 0; i < n; i++)
        ranges[i] = w[i].range;
    fe->want = w;
    if (ir_refetch(ir_inputs_get(s->inputs, w->input), s->input[w->input].encoding, ranges, n,
                   on_bytes, fe, &err) == IR_OK)
        return;
    pthread_mutex_lock(fe->lock);
    struct ir_input_state *in = &s->input[w->input];
    if (!in->changed) {
        in->damaged++;
        s->damaged++;
    }
    in->changed = true;
    if (in->reason == NULL) {
        in->reason =
            N_("changed while it was read: some records could not be read again for their digest");
        in->first_damage = err.offset >= 0 ? (uint64_t)err.offset : UINT64_MAX;
    }
    pthread_mutex_unlock(fe->lock);
}

static bool make_room(struct fetch *fe)
{
    for (size_t i = fe->from; i < fe->to; i++) {
        struct ir_finding_state *f = &fe->d->finding[i];
        f->sha = malloc((f->nplaces + 1) * sizeof *f->sha);
        f->have_sha = calloc(f->nplaces + 1, sizeof *f->have_sha);
        if (f->sha == NULL || f->have_sha == NULL) return false;
    }
    return true;
}

static void *fetch(void *user)
{
    struct fetch *fe = user;
    size_t n = list_wants(fe, NULL);
    struct want *w = malloc((n + 1) * sizeof *w);
    struct ir_range *ranges = malloc((n + 1) * sizeof *ranges);
    fe->ctx = EVP_MD_CTX_new();
    fe->ok = ir_common_open(&fe->common, fe->d->s) && w != NULL && ranges != NULL &&
             fe->ctx != NULL && EVP_DigestInit_ex(fe->ctx, fe->d->s->sha256, NULL) == 1 &&
             make_room(fe);
    if (fe->ok) {
        list_wants(fe, w);
        qsort(w, n, sizeof *w, cmp_want);
        for (size_t from = 0, to; from < n; from = to) {
            for (to = from + 1; to < n && w[to].input == w[from].input;)
                to++;
            fetch_input(fe, w + from, to - from, ranges);
        }
    }
    ir_common_close(&fe->common);
    EVP_MD_CTX_free(fe->ctx);
    free(w);
    free(ranges);
    return NULL;
}

/* Standard input has one place to read from, whoever reads. */
static unsigned choose_threads(const struct ir_reduce *d)
{
    const struct fetch all = {.from = 0, .to = d->nfindings, .d = (struct ir_reduce *)(uintptr_t)d};
    size_t worth = list_wants(&all, NULL) / THREAD_MIN;
    unsigned want = d->s->threads < THREADS_MAX ? d->s->threads : THREADS_MAX;
    for (size_t i = 0; i < ir_inputs_count(d->s->inputs); i++)
        if (ir_inputs_get(d->s->inputs, i)->is_stdin) want = 1;
    if (worth < want) want = (unsigned)worth;
    return want > 0 ? want : 1;
}

bool ir_findings_fetch(struct ir_reduce *d)
{
    struct fetch fe[THREADS_MAX];
    pthread_t thread[THREADS_MAX];
    bool started[THREADS_MAX] = {false}, ok = true;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const unsigned n = choose_threads(d);
    for (unsigned i = 0; i < n; i++) {
        fe[i] = (struct fetch){
            .d = d, .lock = &lock, .from = d->nfindings * i / n, .to = d->nfindings * (i + 1) / n};
        fe[i].around = ir_around_plan(d->s->o.context, d->nfindings);
        started[i] = i > 0 && pthread_create(&thread[i], NULL, fetch, &fe[i]) == 0;
    }
    for (unsigned i = 0; i < n; i++)
        if (!started[i]) fetch(&fe[i]);
    for (unsigned i = 0; i < n; i++) {
        if (started[i]) pthread_join(thread[i], NULL);
        ok = ok && fe[i].ok;
    }
    return ok;
}
