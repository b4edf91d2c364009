/*
 * The external merge. In memory and on disk a record is: struct head, the key, then n items.
 * Records of a segment are sorted by (correlation, key), items by (time, input, offset). The file
 * is ours, unlinked and native byte order: nobody else reads it.
 */
#include "run/spill.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

#define SEGMENTS_MAX 4096u
#define READ_BUFFER  ((size_t)32 << 10)
#define WRITE_BUFFER ((size_t)1 << 20)
#define TIES_MAX     64u /* events of one moment that are put in another order */

struct head {
    uint32_t corr, keylen, n, pad;
    uint64_t hash; /* of the key: compared before it */
};

struct item {
    struct ir_corr_event ev;
    struct ir_place place;
};

struct record { /* one append, in memory */
    uint32_t corr;
    uint64_t hash;
    struct ir_str key;
    size_t item, n; /* in sp->items */
};

struct segment { /* on disk, and its reading state */
    uint64_t at, end;
    struct head h;
    char *key;
    char *buf; /* read ahead: file bytes from `at` on are buf[used..nbuf) */
    size_t nbuf, used;
    bool live;
};

struct ir_spill {
    struct ir_spill_file *file;
    struct ir_arena keys;
    struct record *rec;
    size_t nrec, caprec;
    struct item *items;
    size_t nitems, capitems;
    struct segment seg[SEGMENTS_MAX];
    size_t nseg;
    uint64_t lost;
    struct ir_corr_event *ev; /* of the group that is given back */
    struct ir_place *place;
    struct item *gather;
    size_t ngather, capgather;
};

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
        free(sp->seg[i].key);
        free(sp->seg[i].buf);
    }
    ir_arena_free(&sp->keys);
    free(sp->rec);
    free(sp->items);
    free(sp->ev);
    free(sp->place);
    free(sp->gather);
    free(sp);
}

uint64_t ir_spill_lost(const struct ir_spill *sp)
{
    return sp->lost;
}

static int cmp_record(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    if (x->corr != y->corr) return x->corr < y->corr ? -1 : 1;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    int c = ir_str_cmp(x->key, y->key);
    return c != 0 ? c : (x->item > y->item) - (x->item < y->item);
}

static int cmp_item(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->ev.time != y->ev.time) return x->ev.time < y->ev.time ? -1 : 1;
    if (x->place.input != y->place.input) return x->place.input < y->place.input ? -1 : 1;
    if (x->place.offset != y->place.offset) return x->place.offset < y->place.offset ? -1 : 1;
    if (x->ev.ref != y->ev.ref) return x->ev.ref < y->ev.ref ? -1 : 1;
    return (x->ev.value > y->ev.value) - (x->ev.value < y->ev.value);
}

/* Events of the same time out of several inputs: nobody knows which came first, and syslog knows
 * seconds only. They go in the order of the correlation's rules, as far as the order within each
 * input allows: a chain that could be is found. */
static void fit_ties(struct item *it, size_t n)
{
    struct item in[TIES_MAX];
    size_t at[TIES_MAX], end[TIES_MAX], k = 0;
    if (n > TIES_MAX || it[0].place.input == it[n - 1].place.input) return;
    memcpy(in, it, n * sizeof *it);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || in[i].place.input != in[i - 1].place.input) at[k++] = i;
        end[k - 1] = i + 1;
    }
    for (size_t out = 0; out < n; out++) {
        size_t best = k;
        for (size_t i = 0; i < k; i++)
            if (at[i] < end[i] && (best == k || in[at[i]].ev.ref < in[at[best]].ev.ref)) best = i;
        it[out] = in[at[best]++];
    }
}

static void sort_items(struct item *it, size_t n)
{
    size_t i = 1;
    while (i < n && cmp_item(&it[i - 1], &it[i]) <= 0)
        i++;
    if (i < n) qsort(it, n, sizeof *it, cmp_item);
}

/* A whole group's events, as they are given back. */
static void arrange(struct item *it, size_t n)
{
    sort_items(it, n);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && it[j].ev.time == it[i].ev.time;)
            j++;
        if (j - i > 1) fit_ties(it + i, j - i);
    }
}

/* Room for one more element; the arrays grow by doubling. */
static bool grow(void **v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return true;
    size_t want = *cap ? *cap * 2 : 256;
    while (want <= n)
        want *= 2;
    void *p = realloc(*v, want * size);
    if (p == NULL) return false;
    *v = p;
    *cap = want;
    return true;
}

static bool collect(struct ir_spill *sp, const struct item *it, size_t n)
{
    size_t room = IR_SPILL_GROUP_MAX - sp->ngather;
    if (n > room) {
        sp->lost += n - room;
        n = room;
    }
    void *v = sp->gather;
    if (n > 0 && !grow(&v, sp->ngather + n, &sp->capgather, sizeof *sp->gather)) return false;
    sp->gather = v;
    if (n > 0) memcpy(sp->gather + sp->ngather, it, n * sizeof *it);
    sp->ngather += n;
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

static bool same_group(const struct record *a, const struct record *b)
{
    return a->corr == b->corr && a->hash == b->hash && ir_str_eq(a->key, b->key);
}

/* Sorts the buffer and writes it as one segment: a group of the buffer is one record there. */
static bool flush(struct ir_spill *sp)
{
    struct segment s = {.at = sp->file->end};
    const uint64_t items = sp->nitems;
    bool ok = sp->file->fd >= 0 && sp->nseg < SEGMENTS_MAX;
    qsort(sp->rec, sp->nrec, sizeof *sp->rec, cmp_record);
    for (size_t i = 0, j; ok && i < sp->nrec; i = j) {
        sp->ngather = 0;
        for (j = i; ok && j < sp->nrec && same_group(&sp->rec[i], &sp->rec[j]); j++)
            ok = collect(sp, sp->items + sp->rec[j].item, sp->rec[j].n);
        sort_items(sp->gather, sp->ngather);
        struct head h = {sp->rec[i].corr, (uint32_t)sp->rec[i].key.n, (uint32_t)sp->ngather, 0,
                         sp->rec[i].hash};
        ok = ok && put(sp, &h, sizeof h) && put(sp, sp->rec[i].key.p, h.keylen) &&
             put(sp, sp->gather, sp->ngather * sizeof *sp->gather);
    }
    ok = ok && write_out(sp->file);
    s.end = sp->file->end;
    if (ok)
        sp->seg[sp->nseg++] = s;
    else
        sp->lost += items;
    sp->nrec = sp->nitems = sp->ngather = 0;
    ir_arena_reset(&sp->keys);
    return true;
}

bool ir_spill_add(struct ir_spill *sp, uint32_t corr, struct ir_str key, uint64_t hash,
                  const struct ir_corr_event *ev, const struct ir_place *place, uint32_t n)
{
    void *r = sp->rec, *v = sp->items;
    bool ok = grow(&r, sp->nrec + 1, &sp->caprec, sizeof *sp->rec);
    sp->rec = r;
    ok = ok && grow(&v, sp->nitems + n, &sp->capitems, sizeof *sp->items);
    sp->items = v;
    struct ir_str copy = ir_arena_dup(&sp->keys, key);
    if (!ok || copy.p == NULL) return false;
    sp->rec[sp->nrec++] = (struct record){corr, hash, copy, sp->nitems, n};
    for (uint32_t i = 0; i < n; i++)
        sp->items[sp->nitems++] = (struct item){ev[i], place[i]};
    size_t used = sp->nitems * sizeof *sp->items + sp->nrec * sizeof *sp->rec + sp->keys.used;
    return used < IR_SPILL_BUFFER || flush(sp);
}

static bool get(struct ir_spill *sp, struct segment *s, void *p, size_t n)
{
    if (n > s->end - s->at) return false;
    if (s->buf == NULL && (s->buf = malloc(READ_BUFFER)) == NULL) return false;
    while (n > 0) {
        if (s->used == s->nbuf) {
            size_t want = s->end - s->at < READ_BUFFER ? (size_t)(s->end - s->at) : READ_BUFFER;
            if (ir_io_pread_full(sp->file->fd, s->buf, want, s->at) != (ssize_t)want) return false;
            s->used = 0;
            s->nbuf = want;
        }
        size_t part = n < s->nbuf - s->used ? n : s->nbuf - s->used;
        memcpy(p, s->buf + s->used, part);
        p = (char *)p + part;
        s->used += part;
        s->at += part;
        n -= part;
    }
    return true;
}

/* The next record's head and key; live becomes false at the segment's end. */
static bool next_record(struct ir_spill *sp, struct segment *s)
{
    s->live = s->at < s->end;
    if (!s->live) return true;
    if (!get(sp, s, &s->h, sizeof s->h)) return false;
    char *key = realloc(s->key, s->h.keylen + 1);
    if (key == NULL) return false;
    s->key = key;
    return get(sp, s, key, s->h.keylen);
}

static bool take_items(struct ir_spill *sp, struct segment *s)
{
    struct item part[64];
    for (size_t left = s->h.n; left > 0;) {
        size_t n = left < 64 ? left : 64;
        if (!get(sp, s, part, n * sizeof *part) || !collect(sp, part, n)) return false;
        left -= n;
    }
    return true;
}

/* The smallest group over the segments and the buffer; nothing left: false. */
static bool smallest(const struct ir_spill *sp, size_t rec, struct record *ret_r)
{
    bool found = rec < sp->nrec;
    if (found) *ret_r = sp->rec[rec];
    for (size_t i = 0; i < sp->nseg; i++) {
        const struct segment *s = &sp->seg[i];
        if (!s->live) continue;
        struct record r = {s->h.corr, s->h.hash, ir_str_n(s->key, s->h.keylen), 0, 0};
        struct record cur = *ret_r;
        cur.item = 0;
        if (!found || cmp_record(&r, &cur) < 0) *ret_r = r;
        found = true;
    }
    return found;
}

static bool gather_group(struct ir_spill *sp, const struct record *g, size_t *rec)
{
    bool ok = true;
    sp->ngather = 0;
    for (size_t i = 0; ok && i < sp->nseg; i++) {
        struct segment *s = &sp->seg[i];
        struct record r = {s->h.corr, s->h.hash, ir_str_n(s->key, s->live ? s->h.keylen : 0), 0, 0};
        if (s->live && same_group(&r, g)) ok = take_items(sp, s);
    }
    for (; ok && *rec < sp->nrec && same_group(&sp->rec[*rec], g); ++*rec)
        ok = collect(sp, sp->items + sp->rec[*rec].item, sp->rec[*rec].n);
    if (ok) arrange(sp->gather, sp->ngather);
    return ok;
}

static bool step_segments(struct ir_spill *sp, const struct record *g)
{
    for (size_t i = 0; i < sp->nseg; i++) {
        struct segment *s = &sp->seg[i];
        struct record r = {s->h.corr, s->h.hash, ir_str_n(s->key, s->live ? s->h.keylen : 0), 0, 0};
        if (s->live && same_group(&r, g) && !next_record(sp, s)) return false;
    }
    return true;
}

static bool split(struct ir_spill *sp)
{
    struct ir_corr_event *ev = realloc(sp->ev, (sp->ngather + 1) * sizeof *ev);
    if (ev != NULL) sp->ev = ev;
    struct ir_place *place = realloc(sp->place, (sp->ngather + 1) * sizeof *place);
    if (place != NULL) sp->place = place;
    if (ev == NULL || place == NULL) return false;
    for (size_t i = 0; i < sp->ngather; i++) {
        sp->ev[i] = sp->gather[i].ev;
        sp->place[i] = sp->gather[i].place;
    }
    return true;
}

bool ir_spill_each(struct ir_spill *sp,
                   bool (*group)(void *user, uint32_t corr, struct ir_str key,
                                 const struct ir_corr_event *ev, const struct ir_place *place,
                                 size_t n),
                   void *user)
{
    size_t rec = 0;
    struct record g = {0};
    bool ok = true;
    if (sp->nrec > 1) qsort(sp->rec, sp->nrec, sizeof *sp->rec, cmp_record);
    for (size_t i = 0; ok && i < sp->nseg; i++)
        ok = next_record(sp, &sp->seg[i]);
    while (ok && smallest(sp, rec, &g)) {
        struct ir_buf key = IR_BUF(1 << 22); /* segments step on: their key memory changes */
        ir_buf_str(&key, g.key);
        g.key = ir_buf_view(&key);
        ok = !key.full && gather_group(sp, &g, &rec) && step_segments(sp, &g) && split(sp) &&
             group(user, g.corr, g.key, sp->ev, sp->place, sp->ngather);
        ir_buf_free(&key);
    }
    return ok;
}
