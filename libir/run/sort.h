/*
 * Rows in the order of time, in bounded memory: sorted runs go to a temporary file and are merged.
 *
 *     struct ir_sort *so = ir_sort_new(fd);
 *     ir_sort_add(so, &key, bytes, &err);          // any number of times
 *     ir_sort_each(so, row, user, &err);           // row(user, key, bytes), in order; once
 *
 * fd: an unnamed file that is ours alone, -1 for none (then rows that do not fit are an error). The
 * order is that of time, then input, offset and number; rows without time come last. One thread.
 */
#ifndef IR_RUN_SORT_H
#define IR_RUN_SORT_H

#include "base/err.h"
#include "base/str.h"

#ifdef IR_TINY
#define IR_SORT_BUFFER ((size_t)128 << 10)
#define IR_SORT_FAN_IN 4u
#else
#define IR_SORT_BUFFER ((size_t)64 << 20)
#define IR_SORT_FAN_IN 128u
#endif
#define IR_SORT_ROW_MAX ((size_t)96 << 10) /* bytes of one row */

struct ir_sort_key {
    int64_t time; /* ns UTC; 0 when untimed */
    uint64_t offset, number;
    uint32_t input, n; /* n: bytes of the row, set by ir_sort_add */
    uint32_t untimed, pad;
};

struct ir_sort;

struct ir_sort *ir_sort_new(int fd);
void ir_sort_free(struct ir_sort *so);
/* IR_OK or IR_FATAL. row is copied; at most IR_SORT_ROW_MAX bytes. */
int ir_sort_add(struct ir_sort *so, const struct ir_sort_key *key, struct ir_str row,
                struct ir_err *err);
/* A non-zero result of row ends the walk (IR_END). */
int ir_sort_each(struct ir_sort *so,
                 int (*row)(void *user, const struct ir_sort_key *key, struct ir_str row),
                 void *user, struct ir_err *err);

#endif
