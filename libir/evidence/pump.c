/*
 * A ring of chunks between one reader and the digest threads (see pump.h).
 */
#include "evidence/pump.h"

#include <pthread.h>
#include <stdlib.h>

#define CHUNKS 8u
#define ZEROS  ((size_t)4 << 20) /* of a hole in one entry of the ring */
#define ALIGN  ((size_t)4096)    /* what reading past the page cache asks of memory */

struct worker {
    struct ir_pump *p;
    struct ir_digest digest; /* of one algorithm */
    uint64_t done;           /* chunks of this stream that it has taken */
    pthread_t thread;
    bool running;
};

struct ir_pump {
    pthread_mutex_t lock;
    pthread_cond_t filled, freed;
    char *mem, *zeros; /* zeros: one chunk, which stays in the processor's cache */
    size_t n[CHUNKS];
    bool hole[CHUNKS]; /* n[i] zeros, and nothing in mem */
    uint64_t put;      /* chunks of this stream that the threads may take */
    size_t waiting;    /* bytes of a first chunk that nobody was woken for yet */
    unsigned set, nworkers;
    struct worker workers[IR_DIGEST_ALG_MAX];
    bool stop;
};

static void *work(void *user)
{
    struct worker *w = user;
    struct ir_pump *p = w->p;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (w->done >= p->put && !p->stop)
            pthread_cond_wait(&p->filled, &p->lock);
        if (p->stop) break;
        const size_t at = w->done % CHUNKS;
        size_t n = p->n[at];
        const bool hole = p->hole[at];
        pthread_mutex_unlock(&p->lock);
        for (; hole && n > IR_PUMP_CHUNK; n -= IR_PUMP_CHUNK)
            ir_digest_add(&w->digest, p->zeros, IR_PUMP_CHUNK);
        ir_digest_add(&w->digest, hole ? p->zeros : p->mem + at * IR_PUMP_CHUNK, n);
        pthread_mutex_lock(&p->lock);
        w->done++;
        pthread_cond_signal(&p->freed);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct ir_pump *ir_pump_new(unsigned set)
{
    struct ir_pump *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->filled, NULL);
    pthread_cond_init(&p->freed, NULL);
    p->set = set;
    p->mem = aligned_alloc(ALIGN, CHUNKS * IR_PUMP_CHUNK);
    p->zeros = calloc(1, IR_PUMP_CHUNK);
    bool good = p->mem != NULL && p->zeros != NULL;
    for (unsigned a = 0; good && a < IR_DIGEST_ALG_MAX; a++) {
        if (!(set & IR_DIGEST_BIT(a))) continue;
        struct worker *w = &p->workers[p->nworkers++];
        w->p = p;
        good = ir_digest_open(&w->digest, IR_DIGEST_BIT(a)) &&
               pthread_create(&w->thread, NULL, work, w) == 0;
        w->running = good;
    }
    if (good) return p;
    ir_pump_free(p);
    return NULL;
}

void ir_pump_free(struct ir_pump *p)
{
    if (p == NULL) return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->filled);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->nworkers; i++) {
        if (p->workers[i].running) pthread_join(p->workers[i].thread, NULL);
        ir_digest_close(&p->workers[i].digest);
    }
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->filled);
    pthread_cond_destroy(&p->freed);
    free(p->mem);
    free(p->zeros);
    free(p);
}

void ir_pump_begin(struct ir_pump *p)
{
    pthread_mutex_lock(&p->lock); /* the threads wait: the last stream ended */
    p->put = 0;
    p->waiting = 0;
    for (unsigned i = 0; i < p->nworkers; i++) {
        p->workers[i].done = 0;
        ir_digest_begin(&p->workers[i].digest);
    }
    pthread_mutex_unlock(&p->lock);
}

static uint64_t slowest(const struct ir_pump *p)
{
    uint64_t min = p->put;
    for (unsigned i = 0; i < p->nworkers; i++)
        if (p->workers[i].done < min) min = p->workers[i].done;
    return min;
}

/* There must be room. */
static void publish(struct ir_pump *p, size_t n, bool hole)
{
    pthread_mutex_lock(&p->lock);
    p->n[p->put % CHUNKS] = n;
    p->hole[p->put % CHUNKS] = hole;
    p->put++;
    pthread_cond_broadcast(&p->filled);
    pthread_mutex_unlock(&p->lock);
}

/* Whoever reads asks for a second chunk before he knows that there is none: the first waits until
 * the second is filled. */
char *ir_pump_buffer(struct ir_pump *p)
{
    if (p->waiting > 0) return p->mem + IR_PUMP_CHUNK;
    pthread_mutex_lock(&p->lock);
    while (p->put - slowest(p) >= CHUNKS)
        pthread_cond_wait(&p->freed, &p->lock);
    char *chunk = p->mem + p->put % CHUNKS * IR_PUMP_CHUNK;
    pthread_mutex_unlock(&p->lock);
    return chunk;
}

void ir_pump_put(struct ir_pump *p, size_t n)
{
    if (n == 0) return;
    if (p->put == 0 && p->waiting == 0) {
        p->waiting = n;
        return;
    }
    if (p->waiting > 0) publish(p, p->waiting, false);
    p->waiting = 0;
    publish(p, n, false);
}

void ir_pump_zeros(struct ir_pump *p, uint64_t n)
{
    if (n > 0 && p->waiting > 0) publish(p, p->waiting, false);
    if (n > 0) p->waiting = 0;
    while (n > 0) {
        const size_t part = n < ZEROS ? (size_t)n : ZEROS;
        ir_pump_buffer(p); /* room */
        publish(p, part, true);
        n -= part;
    }
}

bool ir_pump_end(struct ir_pump *p, struct ir_digest_sum *ret_sum)
{
    struct ir_digest_sum one;
    bool good = true;
    ret_sum->set = 0;
    pthread_mutex_lock(&p->lock);
    while (slowest(p) < p->put)
        pthread_cond_wait(&p->freed, &p->lock);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->nworkers; i++) {
        struct ir_digest *d = &p->workers[i].digest;
        if (p->waiting > 0) ir_digest_add(d, p->mem, p->waiting);
        good = ir_digest_end(d, &one) && good;
        for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
            if (one.set & IR_DIGEST_BIT(a)) memcpy(ret_sum->v[a], one.v[a], IR_DIGEST_BYTES);
        ret_sum->set |= one.set;
    }
    p->waiting = 0;
    return good;
}
