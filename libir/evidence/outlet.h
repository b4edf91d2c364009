/*
 * A file that is written front to back, with the digest of what was written.
 *
 *     struct ir_outlet o;
 *     ir_outlet_open(&o, fd, &err);
 *     ir_buf_str(&o.b, …); ir_outlet_drain(&o);      // now and then, while the buffer grows
 *     rc = ir_outlet_close(&o, &err);                // o.bytes and o.sha256 are of all
 */
#ifndef IR_EVIDENCE_OUTLET_H
#define IR_EVIDENCE_OUTLET_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

struct ir_outlet {
    int fd; /* borrowed */
    int rc; /* 0, or -errno of the first write that failed */
    uint64_t bytes;
    char sha256[IR_DIGEST_TEXT];
    struct ir_buf b; /* to be written */
    struct ir_digest d;
};

int ir_outlet_open(struct ir_outlet *o, int fd, struct ir_err *err);
/* Straight to the file, behind what is in the buffer. False: o->rc says why. */
bool ir_outlet_put(struct ir_outlet *o, const void *p, size_t n);
/* Writes the buffer when it is large. False as above. */
bool ir_outlet_drain(struct ir_outlet *o);
/* Writes the rest, and frees all. IR_FATAL: not all was written. */
int ir_outlet_close(struct ir_outlet *o, struct ir_err *err);

#endif
