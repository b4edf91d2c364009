/*
 * Bytes read once and digested by one thread an algorithm, while the caller reads on and writes:
 *
 *     struct ir_pump *p = ir_pump_new(IR_DIGESTS_EVIDENCE);
 *     ir_pump_begin(p);
 *     while ((n = read(fd, buf = ir_pump_buffer(p), IR_PUMP_CHUNK)) > 0) {
 *         ir_pump_put(p, n);          // shared now: read it, do not change it
 *         write(copy, buf, n);
 *     }
 *     ir_pump_end(p, &sum);
 *
 * A stream of one chunk is digested by the caller itself, since waking threads for each small file
 * would take longer than that. One stream at a time.
 */
#ifndef IR_EVIDENCE_PUMP_H
#define IR_EVIDENCE_PUMP_H

#include "base/digest.h"

#define IR_PUMP_CHUNK ((size_t)256 << 10) /* small enough for a second-level cache */

struct ir_pump;

/* NULL: memory is out, or an algorithm is not there. */
struct ir_pump *ir_pump_new(unsigned set);
void ir_pump_free(struct ir_pump *p);
void ir_pump_begin(struct ir_pump *p);
/* A chunk of IR_PUMP_CHUNK bytes to fill; waits until one is free. */
char *ir_pump_buffer(struct ir_pump *p);
/* The first n bytes of the chunk that was given last. */
void ir_pump_put(struct ir_pump *p, size_t n);
/* n zeros, as a hole in a sparse file reads. */
void ir_pump_zeros(struct ir_pump *p, uint64_t n);
/* Waits for the threads; false when an algorithm failed. */
bool ir_pump_end(struct ir_pump *p, struct ir_digest_sum *ret_sum);

#endif
