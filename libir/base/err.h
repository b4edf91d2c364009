/*
 * Graded results and the caller-owned error record.
 *
 * Functions return int: IR_OK, IR_END, or a negative class. The classes say what the caller may do
 * next, not what went wrong; the text in struct ir_err says that, with input, offset and line.
 *
 *     struct ir_err err = {0};
 *     if (ir_thing(x, &err) < 0) report("%s: %s", err.input, err.msg);
 *
 * The err argument may be NULL everywhere.
 */
#ifndef IR_BASE_ERR_H
#define IR_BASE_ERR_H

#include <stdint.h>

enum ir_rc {
    IR_OK = 0,
    IR_END = 1,    /* no more */
    IR_WARN = -1,  /* kept, but damaged: count it and go on */
    IR_BAD = -2,   /* this record or rule is unusable: skip it, count it, go on */
    IR_FATAL = -3, /* this input is finished */
};

struct ir_err {
    int code;        /* an enum ir_rc, or 0 when nothing happened */
    int64_t offset;  /* bytes from the start of the input, -1 unknown */
    int64_t line;    /* 1-based, 0 unknown */
    char input[512]; /* path or label, may be empty */
    char msg[512];   /* one sentence: what is wrong, and what to do when that is known */
};

/* Fills *err (when not NULL) and returns code, so that `return ir_fail(err, IR_BAD, "…")` works.
 * Leaves input, offset and line as they are. */
int ir_fail(struct ir_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Sets where: path may be NULL (kept), offset -1 and line 0 mean unknown. */
void ir_err_at(struct ir_err *err, const char *path, int64_t offset, int64_t line);

#endif
