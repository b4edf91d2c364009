/*
 * The bytes of records once more, after a scan has decided which ones matter: for findings'
 * evidence (length, digest) and for showing the lines.
 *
 *     struct ir_range want[] = {{offset, length}, …};       // sorted by offset, may overlap
 *     rc = ir_refetch(in, encoding, want, n, got, user, &err);        // calls got(user, i,
 * fetched)
 *                                                             // for i = 0 … n-1
 *
 * Plain files are read at the place; compressed ones are decompressed again up to the last range,
 * in memory for one range plus a chunk. Standard input comes from the file it is, or from
 * in->spool_fd (what ir_reader_spool wrote).
 */
#ifndef IR_SOURCE_REFETCH_H
#define IR_SOURCE_REFETCH_H

#include "source/reader.h"

struct ir_range {
    uint64_t offset;   /* decompressed bytes */
    uint64_t length;   /* at most IR_RECORD_MAX, else only so many come. Of these, */
    uint64_t lead;     /* so many at the start, */
    uint64_t optional; /* and so many at the end (which may lack without a warning) stand around the
                        * record; when the input is converted they count its bytes, and the rest is
                        * the length of the record's text */
};

struct ir_fetched {
    struct ir_str text; /* what came of the range; UTF-8 when the input is converted, and then its
                         * lead begins and its end ends with a line */
    size_t lead, size;  /* where in text the record is */
    struct ir_str raw;  /* the record in the input's own bytes */
};

/* encoding: what ir_blocks_encoding said when the input was read. got is called for every range in
 * order, also for one that cannot be read: then with fewer bytes than asked, down to none. The view
 * is good during the call. IR_OK: all bytes of all ranges. IR_WARN: some came short, *err says why.
 * IR_BAD: not sorted, nothing done. IR_FATAL: the input cannot be opened, or memory; got was called
 * for the ranges before. */
typedef void ir_got_fn(void *user, size_t i, const struct ir_fetched *f);
int ir_refetch(const struct ir_input *in, enum ir_encoding encoding, const struct ir_range *ranges,
               size_t n, ir_got_fn *got, void *user, struct ir_err *err);

#endif
