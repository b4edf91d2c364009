/*
 * The external merge's second half: the segments and the buffer, group by group. The source with
 * the smallest group is at the top of a heap, so that a group costs a few comparisons however many
 * segments there are.
 */
#include <stdlib.h>

#include "base/io.h"
#include "run/spill_int.h"

#define READ_BUFFER ((size_t)32 << 10)
#define TIES_MAX    64u /* events of one moment that are put in another order */

static int cmp_item(const void *a, const void *b)
{
    const struct ir_spill_item *x = a, *y = b;
    if (x->ev.time != y->ev.time) return x->ev.time < y->ev.time ? -1 : 1;
    if (x->place.input != y->place.input) return x->place.input < y->place.input ? -1 : 1;
    if (x->place.offset != y->place.offset) return x->place.offset < y->place.offset ? -1 : 1;
    if (x->ev.ref != y->ev.ref) return x->ev.ref < y->ev.ref ? -1 : 1;
    return (x->ev.value > y->ev.value) - (x->ev.value < y->ev.value);
}

/* Events of the same time out of several inputs: nobody knows which came first, and syslog knows
 * seconds only. They go in the order of the correlation's rules, as far as the order within each
 * input allows: a chain that could be is found. */
static void fit_ties(struct ir_spill_item *it, size_t n)
{
    struct ir_spill_item in[TIES_MAX];
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

static void sort_items(struct ir_spill_item *it, size_t n)
{
    size_t i = 1;
    while (i < n && cmp_item(&it[i - 1], &it[i]) <= 0)
        i++;
    if (i < n) qsort(it, n, sizeof *it, cmp_item);
}

/* A whole group's events, as they are given back. */
static void arrange(struct ir_spill_item *it, size_t n)
{
    sort_items(it, n);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && it[j].ev.time == it[i].ev.time;)
            j++;
        if (j - i > 1) fit_ties(it + i, j - i);
    }
}

/* The next n bytes of a segment; p NULL: they are passed over. */
static bool get(struct ir_spill *sp, struct ir_spill_source *s, void *p, size_t n)
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
        if (p != NULL) {
            memcpy(p, s->buf + s->used, part);
            p = (char *)p + part;
        }
        s->used += part;
        s->at += part;
        n -= part;
    }
    return true;
}

static bool is_buffer(const struct ir_spill *sp, const struct ir_spill_source *s)
{
    return s == &sp->src[sp->nseg];
}

static bool has_more(const struct ir_spill *sp, const struct ir_spill_source *s)
{
    return is_buffer(sp, s) ? sp->next < sp->nrec : s->at < s->end;
}

/* The next record's head and key. */
static bool next_record(struct ir_spill *sp, struct ir_spill_source *s)
{
    if (is_buffer(sp, s)) {
        s->h = *ir_spill_sorted(sp, sp->next);
        s->key = ir_spill_key(ir_spill_sorted(sp, sp->next));
        return true;
    }
    if (!get(sp, s, &s->h, sizeof s->h)) return false;
    const size_t n = ir_spill_padded(s->h.keylen);
    void *own = s->own;
    if (!ir_spill_grow(&own, n + 1, &s->cap, 1)) return false;
    s->key = s->own = own;
    return get(sp, s, s->own, n);
}

/* The items of the record at hand, to those of the group: as many as it may have, the rest is lost.
 */
static bool take_items(struct ir_spill *sp, struct ir_spill_source *s)
{
    const size_t room = IR_SPILL_GROUP_MAX - sp->ngather, n = s->h.n < room ? s->h.n : room;
    void *v = sp->gather;
    if (!ir_spill_grow(&v, sp->ngather + n, &sp->capgather, sizeof *sp->gather)) return false;
    sp->gather = v;
    struct ir_spill_item *to = sp->gather + sp->ngather;
    sp->ngather += n;
    sp->lost += s->h.n - n;
    if (!is_buffer(sp, s))
        return get(sp, s, to, n * sizeof *to) && get(sp, s, NULL, (s->h.n - n) * sizeof *to);
    memcpy(to, s->key + ir_spill_padded(s->h.keylen), n * sizeof *to);
    sp->next++;
    return true;
}

/* Of equal groups the earlier source first: it has the earlier events. */
static bool is_before(const struct ir_spill *sp, uint32_t a, uint32_t b)
{
    const struct ir_spill_source *x = &sp->src[a], *y = &sp->src[b];
    const int c = ir_spill_compare(&x->h, x->key, &y->h, y->key);
    return c != 0 ? c < 0 : a < b;
}

static void sift_down(struct ir_spill *sp, size_t at)
{
    const uint32_t moved = sp->heap[at];
    for (size_t kid; (kid = 2 * at + 1) < sp->nheap; at = kid) {
        if (kid + 1 < sp->nheap && is_before(sp, sp->heap[kid + 1], sp->heap[kid])) kid++;
        if (!is_before(sp, sp->heap[kid], moved)) break;
        sp->heap[at] = sp->heap[kid];
    }
    sp->heap[at] = moved;
}

static bool open_sources(struct ir_spill *sp)
{
    sp->nheap = sp->next = 0;
    sp->src[sp->nseg] = (struct ir_spill_source){0};
    if (!ir_spill_sort(sp)) return false;
    for (uint32_t i = 0; i <= sp->nseg; i++) {
        if (!has_more(sp, &sp->src[i])) continue;
        if (!next_record(sp, &sp->src[i])) return false;
        sp->heap[sp->nheap++] = i;
    }
    for (size_t i = sp->nheap / 2; i-- > 0;)
        sift_down(sp, i);
    return true;
}

/* Takes the record at the top of the heap to the group. */
static bool take_top(struct ir_spill *sp)
{
    struct ir_spill_source *s = &sp->src[sp->heap[0]];
    if (!take_items(sp, s)) return false;
    if (!has_more(sp, s))
        sp->heap[0] = sp->heap[--sp->nheap];
    else if (!next_record(sp, s))
        return false;
    if (sp->nheap > 0) sift_down(sp, 0);
    return true;
}

/* The group at the top of the heap from all sources that have it, arranged. */
static bool gather_group(struct ir_spill *sp, const struct ir_spill_head *g, const char *key)
{
    sp->ngather = 0;
    do {
        if (!take_top(sp)) return false;
        if (sp->nheap == 0) break;
        const struct ir_spill_source *top = &sp->src[sp->heap[0]];
        if (ir_spill_compare(&top->h, top->key, g, key) != 0) break;
    } while (true);
    arrange(sp->gather, sp->ngather);
    return true;
}

/* Room for exactly n: a group's events may be most of the memory there is. */
static bool fit(void **v, size_t n, size_t *cap, size_t size)
{
    if (n <= *cap) return true;
    void *p = realloc(*v, n * size);
    if (p == NULL) return false;
    *v = p;
    *cap = n;
    return true;
}

static bool split(struct ir_spill *sp)
{
    void *ev = sp->ev, *place = sp->place;
    const bool ok = fit(&ev, sp->ngather, &sp->capev, sizeof *sp->ev) &&
                    fit(&place, sp->ngather, &sp->capplace, sizeof *sp->place);
    sp->ev = ev;
    sp->place = place;
    for (size_t i = 0; ok && i < sp->ngather; i++) {
        sp->ev[i] = sp->gather[i].ev;
        sp->place[i] = sp->gather[i].place;
    }
    return ok;
}

bool ir_spill_each(struct ir_spill *sp,
                   bool (*group)(void *user, uint32_t corr, struct ir_str key,
                                 const struct ir_corr_event *ev, const struct ir_place *place,
                                 size_t n),
                   void *user)
{
    struct ir_buf key = IR_BUF(1 << 22); /* a copy: the sources go on */
    bool ok = open_sources(sp);
    while (ok && sp->nheap > 0) {
        const struct ir_spill_source *top = &sp->src[sp->heap[0]];
        const struct ir_spill_head g = top->h;
        ir_buf_clear(&key);
        ir_buf_add(&key, top->key, g.keylen);
        ok = !key.full && gather_group(sp, &g, key.p) && split(sp) &&
             group(user, g.corr, ir_buf_view(&key), sp->ev, sp->place, sp->ngather);
    }
    ir_buf_free(&key);
    return ok;
}
