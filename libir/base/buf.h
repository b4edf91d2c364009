/*
 * The one growable byte builder. Born with a maximum; after the maximum (or out of memory) it stops
 * taking bytes and remembers it in `full`, so that a caller checks once at the end.
 *
 *     struct ir_buf b = IR_BUF(1 << 20);
 *     ir_buf_str(&b, IR_S("id=")); ir_buf_fmt(&b, "%d", 7);
 *     write(fd, b.p, b.n); ir_buf_free(&b);
 *
 * Invariant: p[n] == '\0' whenever p is not NULL.
 */
#ifndef IR_BASE_BUF_H
#define IR_BASE_BUF_H

#include "base/str.h"

struct ir_buf {
    char *p;
    size_t n, cap, max;
    bool full;
};

#define IR_BUF(maximum) ((struct ir_buf){.max = (maximum)})

void ir_buf_add_slow(struct ir_buf *b, const void *p, size_t n);
void ir_buf_fmt(struct ir_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes; false when the maximum forbids it. */
bool ir_buf_reserve(struct ir_buf *b, size_t n);
void ir_buf_clear(struct ir_buf *b); /* keeps the memory, resets full */
void ir_buf_free(struct ir_buf *b);

static inline void ir_buf_add(struct ir_buf *b, const void *p, size_t n)
{
    if (b->full || n == 0 || b->p == NULL || n >= b->cap - b->n) {
        ir_buf_add_slow(b, p, n);
        return;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

static inline void ir_buf_chr(struct ir_buf *b, char c)
{
    ir_buf_add(b, &c, 1);
}

static inline void ir_buf_str(struct ir_buf *b, struct ir_str s)
{
    ir_buf_add(b, s.p, s.n);
}

static inline struct ir_str ir_buf_view(const struct ir_buf *b)
{
    return ir_str_n(b->p ? b->p : "", b->n);
}

#endif
