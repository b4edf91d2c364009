/*
 * A child process that looks at hostile bytes for us: it gets an open file, says a text, and may do
 * nothing else. When a library falls over such bytes, or hangs, the child ends and not the
 * collection; the next question starts another.
 *
 *     struct ir_apart *a = ir_apart_new(&(struct ir_apart_job){answer, user, …});
 *     if (ir_apart_ask(a, fd, &text)) …            // the child's word: check it as anybody's
 */
#ifndef IR_EVIDENCE_APART_H
#define IR_EVIDENCE_APART_H

#include "base/buf.h"

struct ir_apart;

struct ir_apart_job {
    /* In the child: what is to be said about the file that is open as fd. */
    void (*answer)(void *user, int fd, struct ir_buf *out);
    void *user;
    int writable; /* a descriptor that the child may write to besides; -1: none */
    /* Gives up all other rights, as run/sandbox.h does; NULL: none are given up. */
    const char *(*confine)(const int *writable, unsigned n);
    unsigned seconds; /* after which a child that says nothing is killed */
};

/* NULL: memory. The child begins with the first question. */
struct ir_apart *ir_apart_new(const struct ir_apart_job *job);
void ir_apart_free(struct ir_apart *a);
/* The answer in out (cleared first). False: there is none, since the child died or took too long,
 * or the answer is larger than out may be. */
bool ir_apart_ask(struct ir_apart *a, int fd, struct ir_buf *out);

#endif
