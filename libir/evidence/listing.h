/*
 * The lines of meta/files.jsonl, one at a time, for those who read an exhibit again.
 *
 *     ir_listing_open(bag_fd, "meta/files.jsonl", &l, &err);
 *     while ((rc = ir_listing_next(l, &line, &err)) == IR_OK) …
 *     ir_listing_close(l);
 */
#ifndef IR_EVIDENCE_LISTING_H
#define IR_EVIDENCE_LISTING_H

#include "base/err.h"
#include "base/str.h"

struct ir_listing;

int ir_listing_open(int bag_fd, const char *name, struct ir_listing **ret_l, struct ir_err *err);
/* IR_OK: a line without its end, good until the next call. IR_END. IR_WARN: the last line has no
 * end (it was cut); *ret_line is what there is. IR_FATAL: unreadable, or a line is too long. */
int ir_listing_next(struct ir_listing *l, struct ir_str *ret_line, struct ir_err *err);
/* Bytes of the lines that were given so far, with their ends. */
uint64_t ir_listing_at(const struct ir_listing *l);
void ir_listing_close(struct ir_listing *l);

#endif
