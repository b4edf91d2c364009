/*
 * What the files of the custody log share; nobody else's business.
 */
#ifndef IR_EVIDENCE_CUSTODY_INT_H
#define IR_EVIDENCE_CUSTODY_INT_H

#include "evidence/custody.h"

/* A line that this process appended; the views in `lines` point into it. */
struct ir_custody_own {
    struct ir_custody_own *next;
    struct ir_buf line;
};

struct ir_custody {
    int dir, fd;
    enum ir_custody_mode mode;
    struct ir_custody_tool tool;
    char case_id[256];
    struct ir_buf text; /* the log as it was read */
    struct ir_str torn; /* its incomplete last line */
    struct ir_custody_own *own;
    struct ir_str *lines;
    uint64_t n, cap;
    char head[IR_HASH_TEXT];
};

/* custody_write.c: the line of the event, without line end. */
int ir_custody_write(const struct ir_custody *c, const struct ir_custody_event *ev,
                     struct ir_buf *out, struct ir_err *err);

#endif
