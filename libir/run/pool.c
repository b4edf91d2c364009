/*
 * Worker threads: each takes the next block (reading is under a lock, in input order), maps it, and
 * hands the result in. Results are merged in the order in which blocks were read, by whichever
 * worker completes the next one, so that nothing depends on the number of threads. A stateful
 * format's input is one job, together with the rest of its rotated set.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/scan_int.h"

#define RING        64u                  /* results that may wait for an earlier one */
#define WAITING_MAX ((uint64_t)16 << 20) /* bytes in them, about */
#define THREADS_MAX 64u

struct shared_stream { /* blocks of one stream may be at several workers */
    struct ir_stream st;
    unsigned users;
};

struct pool {
    struct ir_scan *s;
    pthread_mutex_t read_lock, merge_lock;
    pthread_cond_t merged;
    /* under read_lock */
    struct shared_stream *cur;
    uint32_t next_input;
    uint64_t next_number;
    uint64_t bytes_done; /* of closed inputs */
    /* under merge_lock */
    struct ir_result *ring[RING];
    uint64_t next_merge, waiting; /* waiting: bytes in the ring */
    bool merging; /* somebody merges, without the lock: what results go into is his */
    struct ir_progress progress;
    atomic_bool failed;
    _Atomic uint64_t taken; /* bytes read from disk, for progress */
};

struct job {
    struct shared_stream *ss;
    struct ir_block blk;
    uint64_t number;
    bool whole;
    uint32_t input, end; /* whole: those before `end` are of this job too */
};

static void note_problem(struct pool *p, uint32_t index, const struct ir_err *err, bool unreadable)
{
    pthread_mutex_lock(&p->merge_lock);
    while (p->merging)
        pthread_cond_wait(&p->merged, &p->merge_lock);
    struct ir_input_state *in = &p->s->input[index];
    if (in->troubles++ == 0) {
        snprintf(in->text, sizeof in->text, "%s", err->msg);
        in->trouble_at = err->offset >= 0 ? (uint64_t)err->offset : UINT64_MAX;
    }
    if (!unreadable) in->flawed++, in->damaged++;
    if (!unreadable) p->s->damaged++;
    in->unreadable |= unreadable;
    pthread_mutex_unlock(&p->merge_lock);
}

static void release(struct pool *p, struct shared_stream *ss) /* under read_lock */
{
    if (--ss->users > 0) return;
    p->bytes_done += ir_reader_taken(ir_blocks_reader(ss->st.blocks));
    if (p->taken < p->bytes_done) p->taken = p->bytes_done;
    ir_stream_close(&ss->st);
    free(ss);
}

/* NULL: it does not open, and that is noted. */
static struct shared_stream *open_stream(struct pool *p, uint32_t index)
{
    struct ir_err err = {.offset = -1};
    struct shared_stream *ss = calloc(1, sizeof *ss);
    if (ss == NULL)
        ir_fail(&err, IR_FATAL, "out of memory");
    else if (ir_stream_open(p->s, index, &ss->st, &err) == IR_OK) {
        ss->users = 1;
        return ss;
    }
    free(ss);
    note_problem(p, index, &err, true);
    return NULL;
}

/* Makes p->cur the next input that opens; false: no input is left. */
static bool next_stream(struct pool *p)
{
    while (p->cur == NULL && p->next_input < ir_inputs_count(p->s->inputs))
        p->cur = open_stream(p, p->next_input++);
    return p->cur != NULL;
}

/* Rotation cuts events in two: who gets a member of a stateful format gets all that follow it. */
static uint32_t claim_set(struct pool *p, const struct ir_stream *st) /* under read_lock */
{
    const struct ir_inputs *in = p->s->inputs;
    if (st->fmt->flags & IR_FMT_STATEFUL)
        while (p->next_input < ir_inputs_count(in) &&
               ir_inputs_get(in, p->next_input)->set == st->in->set)
            p->next_input++;
    return p->next_input;
}

static void drop_current(struct pool *p)
{
    struct shared_stream *ss = p->cur;
    p->cur = NULL;
    release(p, ss);
}

/* The next block, or the next input that is read whole. False at the end. */
static bool take_job(struct pool *p, struct job *j)
{
    bool got = false;
    pthread_mutex_lock(&p->read_lock);
    while (!got && !p->failed && next_stream(p)) {
        struct shared_stream *ss = p->cur;
        struct ir_err err = {.offset = -1};
        j->ss = ss;
        j->input = ss->st.index;
        j->whole = ss->st.whole;
        if (j->whole) {
            p->cur = NULL; /* the worker takes over our hold of it */
            j->end = claim_set(p, &ss->st);
            got = true;
            continue;
        }
        int rc = ir_blocks_next(ss->st.blocks, &j->blk, &err);
        if (rc == IR_WARN || rc == IR_FATAL) note_problem(p, ss->st.index, &err, rc == IR_FATAL);
        if (rc == IR_OK || (rc == IR_WARN && j->blk.n > 0)) {
            ss->users++;
            got = true;
        } else if (rc != IR_WARN) {
            drop_current(p);
        }
    }
    if (got) j->number = p->next_number++;
    p->taken = p->bytes_done + (p->cur ? ir_reader_taken(ir_blocks_reader(p->cur->st.blocks)) : 0);
    pthread_mutex_unlock(&p->read_lock);
    return got;
}

static void report_progress(struct pool *p, uint32_t input) /* under merge_lock */
{
    if (p->s->o.progress == NULL) return;
    p->progress.bytes_done = p->taken;
    p->progress.input = input + 1;
    p->progress.inputs = ir_inputs_count(p->s->inputs);
    p->progress.path = ir_inputs_get(p->s->inputs, input)->path;
    p->progress.hits = ir_reduce_hits(p->s->reduce);
    p->s->o.progress(p->s->o.user, &p->progress);
}

/* The next one in order. The lock is not held meanwhile, so that the others can hand in theirs. */
static void merge(struct pool *p, struct ir_result *r) /* under merge_lock */
{
    p->merging = true;
    pthread_mutex_unlock(&p->merge_lock);
    ir_reduce_merge(p->s->reduce, r);
    pthread_mutex_lock(&p->merge_lock);
    p->merging = false;
    report_progress(p, r->input);
}

/* True when there is a place in the ring, and the one that all others wait for has it always. */
static bool has_place(const struct pool *p, const struct ir_result *r) /* under merge_lock */
{
    const uint64_t ahead = r->number - p->next_merge;
    return ahead == 0 || (ahead < RING && p->waiting < WAITING_MAX);
}

/* Waits for its place in the ring, then merges all that is ready, unless somebody does already. */
static void hand_in(struct pool *p, struct ir_result *r)
{
    pthread_mutex_lock(&p->merge_lock);
    while (!has_place(p, r) && !p->failed)
        pthread_cond_wait(&p->merged, &p->merge_lock);
    if (p->failed) {
        ir_result_free(r);
        pthread_mutex_unlock(&p->merge_lock);
        return;
    }
    p->ring[r->number % RING] = r;
    p->waiting += r->held;
    while (!p->merging) {
        struct ir_result *ready = p->ring[p->next_merge % RING];
        if (ready == NULL || ready->number != p->next_merge) break;
        p->ring[p->next_merge % RING] = NULL;
        p->waiting -= ready->held;
        merge(p, ready);
        ir_result_free(ready);
        p->next_merge++;
        pthread_cond_broadcast(&p->merged);
    }
    pthread_mutex_unlock(&p->merge_lock);
}

static struct ir_result *new_result(const struct pool *p, uint64_t number, uint32_t input)
{
    struct ir_result *r =
        ir_result_new((uint32_t)p->s->o.formats->n + 1, ir_names_count(p->s->names));
    if (r == NULL) return NULL;
    r->number = number;
    r->input = input;
    return r;
}

/* A part of a whole stream: merged when all before it are, so that memory does not grow with the
 * input. */
static struct ir_result *hand_in_part(void *user, struct ir_result *r)
{
    struct pool *p = user;
    struct ir_result *next = new_result(p, r->number, r->input);
    pthread_mutex_lock(&p->merge_lock);
    while (p->next_merge != r->number && !p->failed)
        pthread_cond_wait(&p->merged, &p->merge_lock);
    if (!p->failed) merge(p, r);
    pthread_cond_broadcast(&p->merged);
    pthread_mutex_unlock(&p->merge_lock);
    ir_result_free(r);
    return next;
}

static void release_job(struct pool *p, struct job *j)
{
    pthread_mutex_lock(&p->read_lock);
    release(p, j->ss);
    pthread_mutex_unlock(&p->read_lock);
    j->ss = NULL;
}

/* The job's next input that opens. True: it goes on where the last one ended. */
static bool next_member(struct pool *p, struct job *j, const struct ir_format *fmt)
{
    bool gap = false;
    while (j->ss == NULL && j->input + 1 < j->end && !p->failed) {
        j->ss = open_stream(p, ++j->input);
        gap |= j->ss == NULL;
    }
    return j->ss != NULL && !gap && j->ss->st.fmt == fmt;
}

static void do_whole(struct pool *p, struct ir_mapper *m, struct job *j, struct ir_result **r)
{
    while (j->ss != NULL && *r != NULL) {
        struct ir_err err = {.offset = -1};
        const struct ir_format *fmt = j->ss->st.fmt;
        int rc = ir_map_stream(m, &j->ss->st, &j->blk, r, hand_in_part, p, &err);
        if (rc != IR_OK) note_problem(p, j->input, &err, rc == IR_FATAL);
        release_job(p, j);
        if (!next_member(p, j, fmt)) ir_map_flush(m, *r);
        if (j->ss == NULL || *r == NULL) break;
        *r = hand_in_part(p, *r);
        if (*r != NULL) (*r)->input = j->input;
    }
    if (*r == NULL) ir_map_flush(m, NULL);
    if (j->ss != NULL) release_job(p, j);
}

static void do_job(struct pool *p, struct ir_mapper *m, struct job *j, struct ir_result **r)
{
    if (j->whole) {
        do_whole(p, m, j, r);
    } else {
        ir_map_block(m, &j->ss->st, &j->blk, *r);
        release_job(p, j);
    }
}

static void give_up(struct pool *p)
{
    pthread_mutex_lock(&p->merge_lock);
    p->failed = true;
    pthread_cond_broadcast(&p->merged);
    pthread_mutex_unlock(&p->merge_lock);
}

static void *worker(void *arg)
{
    struct pool *p = arg;
    struct ir_mapper *m = ir_mapper_new(p->s);
    struct job j = {0};
    while (m != NULL && take_job(p, &j)) {
        struct ir_result *r = new_result(p, j.number, j.input);
        if (r != NULL) do_job(p, m, &j, &r);
        if (r == NULL) {
            give_up(p);
            break;
        }
        hand_in(p, r);
    }
    ir_block_free(&j.blk);
    if (m == NULL) give_up(p);
    ir_mapper_free(m);
    return NULL;
}

static uint64_t total_bytes(const struct ir_scan *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ir_inputs_count(s->inputs); i++) {
        int64_t size = ir_inputs_get(s->inputs, i)->size;
        n += size > 0 ? (uint64_t)size : 0;
    }
    return n;
}

int ir_pool_run(struct ir_scan *s, struct ir_err *err)
{
    struct pool p = {.s = s, .progress = {.bytes_total = total_bytes(s)}};
    pthread_t thread[THREADS_MAX];
    unsigned want = s->threads < THREADS_MAX ? s->threads : THREADS_MAX, n = 0;
    pthread_mutex_init(&p.read_lock, NULL);
    pthread_mutex_init(&p.merge_lock, NULL);
    pthread_cond_init(&p.merged, NULL);
    while (n + 1 < want && pthread_create(&thread[n], NULL, worker, &p) == 0)
        n++;
    worker(&p);
    while (n > 0)
        pthread_join(thread[--n], NULL);
    for (unsigned i = 0; i < RING; i++)
        ir_result_free(p.ring[i]);
    pthread_mutex_destroy(&p.read_lock);
    pthread_mutex_destroy(&p.merge_lock);
    pthread_cond_destroy(&p.merged);
    return p.failed ? ir_fail(err, IR_FATAL, "out of memory: fewer --threads need less") : IR_OK;
}
