/*
 * The external merge of rows. See sort.h. In memory and in the file a row is its key, its bytes and
 * padding to 8. Runs are merged by levels, IR_SORT_FAN_IN of one level at a time, so that neither
 * memory nor the number of passes grows much with the size. The file is native: nobody reads it.
 */
#include "run/sort.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intl.h"
#include "base/io.h"

#define READ_BUFFER  ((size_t)64 << 10)
#define WRITE_BUFFER ((size_t)1 << 20)

_Static_assert(sizeof(struct ir_sort_key) % 8 == 0, "rows are aligned to 8");
_Static_assert(IR_SORT_ROW_MAX < IR_SORT_BUFFER, "a row fits");

struct entry { /* of the index that is sorted instead of the rows */
    int64_t time;
    uint32_t untimed, at; /* at: of the row, in units of 8 bytes */
};

struct run {
    uint64_t at, end;
    unsigned level;
};

struct reader {
    uint64_t at, end; /* what of the run is not in buf yet */
    char *buf;
    size_t n, used, cap;
    struct ir_sort_key key;
    const char *row;
};

struct ir_sort {
    int fd;
    char *rows;
    size_t used;
    struct entry *entry;
    size_t nentries, capentries;
    struct run *run;
    size_t nruns, capruns;
    uint64_t file_end;
    struct ir_buf out;
};

struct ir_sort *ir_sort_new(int fd)
{
    struct ir_sort *so = calloc(1, sizeof *so);
    if (so == NULL) return NULL;
    so->fd = fd;
    so->out = IR_BUF(WRITE_BUFFER * 2);
    so->rows = malloc(IR_SORT_BUFFER);
    if (so->rows != NULL) return so;
    ir_sort_free(so);
    return NULL;
}

void ir_sort_free(struct ir_sort *so)
{
    if (so == NULL) return;
    free(so->rows);
    free(so->entry);
    free(so->run);
    ir_buf_free(&so->out);
    free(so);
}

static size_t padded(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static int cmp_key(const struct ir_sort_key *a, const struct ir_sort_key *b)
{
    if (a->untimed != b->untimed) return a->untimed < b->untimed ? -1 : 1;
    if (a->time != b->time) return a->time < b->time ? -1 : 1;
    if (a->input != b->input) return a->input < b->input ? -1 : 1;
    if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static const struct ir_sort_key *key_at(const char *rows, const struct entry *e)
{
    return (const void *)(rows + (size_t)e->at * 8);
}

static int cmp_entry(const void *x, const void *y, void *rows)
{
    const struct entry *a = x, *b = y;
    if (a->untimed != b->untimed) return a->untimed < b->untimed ? -1 : 1;
    if (a->time != b->time) return a->time < b->time ? -1 : 1;
    return cmp_key(key_at(rows, a), key_at(rows, b));
}

/* Logs are mostly in order already. */
static void sort_entries(struct ir_sort *so)
{
    size_t i = 1;
    while (i < so->nentries && cmp_entry(&so->entry[i - 1], &so->entry[i], so->rows) <= 0)
        i++;
    if (i < so->nentries) qsort_r(so->entry, so->nentries, sizeof *so->entry, cmp_entry, so->rows);
}

static int write_out(struct ir_sort *so, struct ir_err *err)
{
    int rc = so->out.full ? -ENOMEM : ir_io_write_all(so->fd, so->out.p, so->out.n);
    so->file_end += so->out.n;
    ir_buf_clear(&so->out);
    if (rc == 0) return IR_OK;
    return ir_fail(err, IR_FATAL, "cannot write the temporary file: %-s: make room in /var/tmp",
                   ir_errno_text(-rc));
}

static int put_row(struct ir_sort *so, const struct ir_sort_key *key, const char *row,
                   struct ir_err *err)
{
    static const char zeros[8];
    ir_buf_add(&so->out, key, sizeof *key);
    ir_buf_add(&so->out, row, key->n);
    ir_buf_add(&so->out, zeros, padded(key->n) - key->n);
    return so->out.n >= WRITE_BUFFER || so->out.full ? write_out(so, err) : IR_OK;
}

static int add_run(struct ir_sort *so, uint64_t at, unsigned level, struct ir_err *err)
{
    if (so->nruns == so->capruns) {
        size_t cap = so->capruns ? so->capruns * 2 : 64;
        struct run *v = realloc(so->run, cap * sizeof *v);
        if (v == NULL) return ir_fail(err, IR_FATAL, "out of memory");
        so->run = v;
        so->capruns = cap;
    }
    so->run[so->nruns++] = (struct run){at, so->file_end, level};
    return IR_OK;
}

/* Makes the next row the current one: IR_OK, IR_END, IR_FATAL. */
static int advance(struct ir_sort *so, struct reader *r, struct ir_err *err)
{
    size_t need = sizeof r->key;
    for (int part = 0; part < 2; part++) {
        if (part == 1) {
            memcpy(&r->key, r->buf + r->used, sizeof r->key);
            need = sizeof r->key + padded(r->key.n);
        }
        while (r->n - r->used < need) {
            if (r->at == r->end)
                return part == 0 && r->n == r->used
                           ? IR_END
                           : ir_fail(err, IR_FATAL, "the temporary file is damaged");
            if (r->used > 0) memmove(r->buf, r->buf + r->used, r->n - r->used);
            r->n -= r->used;
            r->used = 0;
            size_t cap = need > READ_BUFFER ? need : READ_BUFFER;
            if (cap > r->cap) {
                char *p = realloc(r->buf, cap);
                if (p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
                r->buf = p;
                r->cap = cap;
            }
            size_t want = r->cap - r->n;
            if (want > r->end - r->at) want = (size_t)(r->end - r->at);
            if (ir_io_pread_full(so->fd, r->buf + r->n, want, r->at) != (ssize_t)want)
                return ir_fail(err, IR_FATAL, "cannot read the temporary file");
            r->n += want;
            r->at += want;
        }
    }
    r->row = r->buf + r->used + sizeof r->key;
    r->used += need;
    return IR_OK;
}

static void sift_down(struct reader **heap, size_t n, size_t i)
{
    for (size_t kid; (kid = 2 * i + 1) < n; i = kid) {
        if (kid + 1 < n && cmp_key(&heap[kid + 1]->key, &heap[kid]->key) < 0) kid++;
        if (cmp_key(&heap[i]->key, &heap[kid]->key) <= 0) return;
        struct reader *t = heap[i];
        heap[i] = heap[kid];
        heap[kid] = t;
    }
}

typedef int (*row_fn)(void *user, const struct ir_sort_key *key, struct ir_str row);

/* Runs from `first` on, merged: to row, or (NULL) to the end of the file. */
static int merge(struct ir_sort *so, size_t first, row_fn row, void *user, struct ir_err *err)
{
    const size_t total = so->nruns - first;
    struct reader *reader = calloc(total, sizeof *reader), **heap = calloc(total, sizeof(void *));
    size_t n = 0;
    int rc = reader && heap ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
    for (size_t i = 0; rc == IR_OK && i < total; i++) {
        reader[i].at = so->run[first + i].at;
        reader[i].end = so->run[first + i].end;
        rc = advance(so, &reader[i], err);
        if (rc == IR_OK) heap[n++] = &reader[i];
        if (rc == IR_END) rc = IR_OK;
    }
    for (size_t i = n; i-- > 0;)
        sift_down(heap, n, i);
    while (rc == IR_OK && n > 0) {
        struct reader *r = heap[0];
        if (row == NULL)
            rc = put_row(so, &r->key, r->row, err);
        else if (row(user, &r->key, ir_str_n(r->row, r->key.n)) != 0)
            rc = IR_END;
        if (rc != IR_OK) break;
        rc = advance(so, r, err);
        if (rc == IR_END) {
            heap[0] = heap[--n];
            rc = IR_OK;
        }
        sift_down(heap, n, 0);
    }
    for (size_t i = 0; reader != NULL && i < total; i++)
        free(reader[i].buf);
    free(reader);
    free(heap);
    return rc;
}

/* As long as there are so many runs of one level at the end, they become one of the next. */
static int merge_levels(struct ir_sort *so, struct ir_err *err)
{
    int rc = IR_OK;
    while (rc == IR_OK && so->nruns >= IR_SORT_FAN_IN) {
        const size_t first = so->nruns - IR_SORT_FAN_IN;
        const unsigned level = so->run[so->nruns - 1].level;
        if (so->run[first].level != level) break;
        const uint64_t at = so->file_end;
        rc = merge(so, first, NULL, NULL, err);
        if (rc == IR_OK) rc = write_out(so, err);
        so->nruns = first;
        if (rc == IR_OK) rc = add_run(so, at, level + 1, err);
    }
    return rc;
}

static int flush(struct ir_sort *so, struct ir_err *err)
{
    const uint64_t at = so->file_end;
    int rc = IR_OK;
    if (so->fd < 0) return ir_fail(err, IR_FATAL, "no temporary file can be made in /var/tmp");
    sort_entries(so);
    for (size_t i = 0; rc == IR_OK && i < so->nentries; i++) {
        const struct ir_sort_key *key = key_at(so->rows, &so->entry[i]);
        rc = put_row(so, key, (const char *)(key + 1), err);
    }
    if (rc == IR_OK) rc = write_out(so, err);
    so->used = so->nentries = 0;
    if (rc == IR_OK) rc = add_run(so, at, 0, err);
    return rc == IR_OK ? merge_levels(so, err) : rc;
}

int ir_sort_add(struct ir_sort *so, const struct ir_sort_key *key, struct ir_str row,
                struct ir_err *err)
{
    const size_t need = sizeof *key + padded(row.n);
    if (row.n > IR_SORT_ROW_MAX) return ir_fail(err, IR_FATAL, "a row that is too long");
    if (need > IR_SORT_BUFFER - so->used) {
        int rc = flush(so, err);
        if (rc != IR_OK) return rc;
    }
    if (so->nentries == so->capentries) {
        size_t cap = so->capentries ? so->capentries * 2 : 4096;
        struct entry *v = realloc(so->entry, cap * sizeof *v);
        if (v == NULL) return ir_fail(err, IR_FATAL, "out of memory");
        so->entry = v;
        so->capentries = cap;
    }
    struct ir_sort_key *k = (void *)(so->rows + so->used);
    *k = *key;
    k->n = (uint32_t)row.n;
    k->pad = 0;
    if (row.n > 0) memcpy(k + 1, row.p, row.n);
    so->entry[so->nentries++] = (struct entry){key->time, key->untimed, (uint32_t)(so->used / 8)};
    so->used += need;
    return IR_OK;
}

int ir_sort_each(struct ir_sort *so, row_fn row, void *user, struct ir_err *err)
{
    if (so->nruns > 0) {
        int rc = so->nentries > 0 ? flush(so, err) : IR_OK;
        free(so->rows);
        so->rows = NULL;
        return rc == IR_OK ? merge(so, 0, row, user, err) : rc;
    }
    sort_entries(so);
    for (size_t i = 0; i < so->nentries; i++) {
        const struct ir_sort_key *key = key_at(so->rows, &so->entry[i]);
        if (row(user, key, ir_str_n((const char *)(key + 1), key->n)) != 0) return IR_END;
    }
    return IR_OK;
}
