/*
 * The external merge's first half: the buffer, and writing it as a sorted segment. See spill_int.h.
 */
#include <stdlib.h>

#include "base/io.h"
#include "run/spill_int.h"

#define WRITE_BUFFER ((size_t)1 << 20)
#define AHEAD        6u /* records: they lie anywhere in memory */

struct ir_spill *ir_spill_new(struct ir_spill_file *file)
{
    struct ir_spill *sp = calloc(1, sizeof *sp);
    if (sp != NULL) sp->file = file;
    return sp;
}

void ir_spill_free(struct ir_spill *sp)
{
    if (sp == NULL) return;
    for (size_t i = 0; i < sp->nseg; i++) {
        free(sp->src[i].own);
        free(sp->src[i].buf);
    }
    free(sp->bytes);
    free(sp->order);
    free(sp->ev);
    free(sp->place);
    free(sp->gather);
    free(sp);
}

uint64_t ir_spill_lost(const struct ir_spill *sp)
{
    return sp->lost;
}

bool ir_spill_grow(void **v, size_t n, size_t *cap, size_t size)
{
    if (n <= *cap) return true;
    size_t want = *cap ? *cap * 2 : 256;
    while (want < n)
        want *= 2;
    void *p = realloc(*v, want * size);
    if (p == NULL) return false;
    *v = p;
    *cap = want;
    return true;
}

static const struct ir_spill_head *record_at(const struct ir_spill *sp, const struct ir_rank *r)
{
    return (const struct ir_spill_head *)(const void *)(sp->bytes + 8 * (size_t)r->at);
}

static int cmp_record(const void *a, const void *b, void *user)
{
    const struct ir_rank *x = a, *y = b;
    const struct ir_spill_head *r = record_at(user, x), *s = record_at(user, y);
    const int c = ir_spill_compare(r, ir_spill_key(r), s, ir_spill_key(s));
    return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

static size_t size_of(const struct ir_spill_head *h)
{
    return sizeof *h + ir_spill_padded(h->keylen) + h->n * sizeof(struct ir_spill_item);
}

bool ir_spill_sort(struct ir_spill *sp)
{
    void *v = sp->order;
    if (!ir_spill_grow(&v, 2 * sp->nrec, &sp->caporder, sizeof *sp->order)) return false;
    sp->order = v;
    size_t at = 0;
    for (size_t i = 0; i < sp->nrec; i++) {
        struct ir_rank *r = &sp->order[i];
        r->at = (uint32_t)(at / 8);
        r->rank = record_at(sp, r)->rank;
        at += size_of(record_at(sp, r));
    }
    struct ir_rank *sorted = ir_rank_sort(sp->order, sp->order + sp->nrec, sp->nrec);
    for (size_t i = 0, j; i < sp->nrec; i = j) { /* few groups have the rank of another */
        for (j = i + 1; j < sp->nrec && sorted[j].rank == sorted[i].rank;)
            j++;
        if (j - i > 1) qsort_r(sorted + i, j - i, sizeof *sorted, cmp_record, sp);
    }
    sp->sorted = sorted;
    return true;
}

static bool write_out(struct ir_spill_file *f)
{
    if (!f->failed && f->out.n > 0) f->failed = ir_io_write_all(f->fd, f->out.p, f->out.n) < 0;
    ir_buf_clear(&f->out);
    return !f->failed;
}

static bool put(struct ir_spill *sp, const void *p, size_t n)
{
    struct ir_spill_file *f = sp->file;
    f->end += n;
    f->out.max = WRITE_BUFFER * 2;
    while (n > 0 && !f->failed) {
        size_t part = n < WRITE_BUFFER - f->out.n ? n : WRITE_BUFFER - f->out.n;
        ir_buf_add(&f->out, p, part);
        p = (const char *)p + part;
        n -= part;
        f->failed |= f->out.full;
        if (f->out.n == WRITE_BUFFER) write_out(f);
    }
    return !f->failed;
}

/* Sorts the buffer and writes it as one segment. What cannot be written is lost. */
static void flush(struct ir_spill *sp)
{
    const uint64_t start = sp->file->end;
    bool ok = sp->file->fd >= 0 && sp->nseg < IR_SPILL_SEGMENTS_MAX && ir_spill_sort(sp);
    for (size_t i = 0; ok && i < sp->nrec; i++) {
        const struct ir_spill_head *h = ir_spill_sorted(sp, i);
        if (i + AHEAD < sp->nrec) __builtin_prefetch(ir_spill_sorted(sp, i + AHEAD));
        ok = put(sp, h, size_of(h));
    }
    ok = ok && write_out(sp->file);
    if (ok)
        sp->src[sp->nseg++] = (struct ir_spill_source){.at = start, .end = sp->file->end};
    else
        sp->lost += sp->nitems;
    sp->nbytes = sp->nrec = sp->nitems = 0;
}

bool ir_spill_add(struct ir_spill *sp, uint32_t corr, struct ir_str key, uint64_t hash,
                  const struct ir_corr_event *ev, const struct ir_place *place, uint32_t n)
{
    /* 16 bits tell all but very many correlations apart, 48 most keys of one */
    const struct ir_spill_head h = {(uint64_t)corr << 48 | hash >> 16, corr, (uint32_t)key.n, n, 0};
    void *v = sp->bytes;
    if (!ir_spill_grow(&v, sp->nbytes + size_of(&h), &sp->capbytes, 1)) return false;
    sp->bytes = v;
    char *to = sp->bytes + sp->nbytes;
    memcpy(to, &h, sizeof h);
    to += sizeof h;
    memset(to, 0, ir_spill_padded(key.n)); /* nothing of other memory in the file */
    if (key.n > 0) memcpy(to, key.p, key.n);
    to += ir_spill_padded(key.n);
    for (uint32_t i = 0; i < n; i++, to += sizeof(struct ir_spill_item))
        *(struct ir_spill_item *)(void *)to = (struct ir_spill_item){ev[i], place[i]};
    sp->nbytes += size_of(&h);
    sp->nrec++;
    sp->nitems += n;
    if (sp->nbytes >= IR_SPILL_BUFFER) flush(sp);
    return true;
}
