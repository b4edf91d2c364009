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
    bool broken; /* half a line could not be taken off again: nothing may follow it */
    int64_t
        clock_base; /* ns of the wall clock at the start of the steady one; INT64_MIN: unknown */
    char head[IR_HASH_TEXT];
};

/* What the wall clock showed when the steady one began, ns: another value means that it was set.
 * INT64_MIN: not known. */
int64_t ir_custody_clock_base(void);
/* custody_write.c: the line of the event, with its end. *ret_base: as the line was compared with.
 */
int ir_custody_write(const struct ir_custody *c, const struct ir_custody_event *ev,
                     struct ir_buf *out, int64_t *ret_base, struct ir_err *err);

#endif
