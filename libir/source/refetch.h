/*
 * The bytes of records once more, after a scan has decided which ones matter: for findings'
 * evidence (length, digest) and for showing the lines.
 *
 *     struct ir_range want[] = {{offset, length}, …};       // sorted by offset, may overlap
 *     rc = ir_refetch(in, want, n, got, user, &err);        // calls got(user, i, bytes) for i = 0
 * … n-1
 *
 * Plain files are read at the place; compressed ones are decompressed again up to the last range,
 * in memory for one range plus a chunk. Standard input comes from the file it is, or from
 * in->spool_fd (what ir_reader_spool wrote).
 */
#ifndef IR_SOURCE_REFETCH_H
#define IR_SOURCE_REFETCH_H

#include "source/reader.h"

struct ir_range {
    uint64_t offset,
        length; /* decompressed bytes; length at most IR_RECORD_MAX, else only so many come */
    uint64_t optional; /* so many bytes at the end may lack without a warning */
};

/* got is called for every range in order, also for one that cannot be read: then with fewer bytes
 * than asked, down to none. The view is good during the call. IR_OK: all bytes of all ranges.
 * IR_WARN: some came short, *err says why. IR_BAD: not sorted, nothing done. IR_FATAL: the input
 * cannot be opened, or memory; got was called for the ranges before. */
int ir_refetch(const struct ir_input *in, const struct ir_range *ranges, size_t n,
               void (*got)(void *user, size_t i, struct ir_str bytes), void *user,
               struct ir_err *err);

#endif
