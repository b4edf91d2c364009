/*
 * The external merge's own (internal to run/): see spill.h. In memory and on disk a record is
 *
 *     head | key, padded to 8 bytes | n items
 *
 * and a segment is the buffer's records as they are, in the order of ir_spill_compare: a group may
 * have several in a row. The file is ours, unlinked and native byte order: nobody else reads it.
 */
#ifndef IR_RUN_SPILL_INT_H
#define IR_RUN_SPILL_INT_H

#include "base/rank.h"
#include "run/spill.h"

#define IR_SPILL_SEGMENTS_MAX 4096u

struct ir_spill_head {
    uint64_t rank; /* of the group: compared before its correlation and key */
    uint32_t corr, keylen, n, pad;
};

struct ir_spill_item {
    struct ir_corr_event ev;
    struct ir_place place;
};

struct ir_spill_source { /* of sorted records: a segment on disk, or the buffer */
    struct ir_spill_head h;
    const char *key;
    uint64_t at, end; /* segments: where the next record is */
    char *own;        /* the memory of `key` */
    size_t cap;
    char *buf; /* read ahead: file bytes from `at` on are buf[used..nbuf) */
    size_t nbuf, used;
};

struct ir_spill {
    struct ir_spill_file *file;
    char *bytes; /* the buffer: records as they came */
    size_t nbytes, capbytes, nrec, nitems;
    struct ir_rank *order; /* of the records, and as much again to sort them */
    const struct ir_rank *sorted;
    size_t caporder, next;                                 /* next: of the sorted ones */
    struct ir_spill_source src[IR_SPILL_SEGMENTS_MAX + 1]; /* the segments, then the buffer */
    size_t nseg;
    uint32_t heap[IR_SPILL_SEGMENTS_MAX + 1]; /* sources that have a record, the smallest first */
    size_t nheap;
    uint64_t lost;
    struct ir_spill_item *gather; /* the group at hand */
    size_t ngather, capgather;
    struct ir_corr_event *ev; /* the same, as it is given back */
    struct ir_place *place;
    size_t capev, capplace;
};

static inline size_t ir_spill_padded(size_t keylen)
{
    return (keylen + 7) & ~(size_t)7;
}

/* The buffer's record number i of the sorted ones. Its key stands behind the head. */
static inline const struct ir_spill_head *ir_spill_sorted(const struct ir_spill *sp, size_t i)
{
    return (const struct ir_spill_head *)(const void *)(sp->bytes + 8 * (size_t)sp->sorted[i].at);
}

static inline const char *ir_spill_key(const struct ir_spill_head *h)
{
    return (const char *)(h + 1);
}

/* Groups in order: by correlation, then by hash, then by key. */
static inline int ir_spill_compare(const struct ir_spill_head *a, const char *a_key,
                                   const struct ir_spill_head *b, const char *b_key)
{
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->corr != b->corr) return a->corr < b->corr ? -1 : 1;
    return ir_str_cmp(ir_str_n(a_key, a->keylen), ir_str_n(b_key, b->keylen));
}

/* Room for n elements; the arrays grow by doubling. False: memory. */
bool ir_spill_grow(void **v, size_t n, size_t *cap, size_t size);
/* sp->sorted: the buffer's records. False: memory. */
bool ir_spill_sort(struct ir_spill *sp);

#endif
