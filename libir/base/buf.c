/*
 * The growable builder.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool ir_buf_reserve(struct ir_buf *b, size_t n)
{
    if (b->full) return false;
    if (b->p != NULL && n < b->cap - b->n) return true;
    if (n >= b->max - b->n) {
        b->full = true;
        return false;
    }
    size_t cap = b->cap < 64 ? 64 : b->cap;
    if (cap > b->max) cap = b->max;
    while (cap - b->n <= n)
        cap = cap > b->max / 2 ? b->max : cap * 2;
    char *p = realloc(b->p, cap);
    if (p == NULL) {
        b->full = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void ir_buf_add_slow(struct ir_buf *b, const void *p, size_t n)
{
    if (n == 0 && b->p != NULL) return;
    if (!ir_buf_reserve(b, n)) return;
    if (n > 0) memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void ir_buf_fmt(struct ir_buf *b, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) return;
    if ((size_t)n < sizeof small) {
        ir_buf_add(b, small, (size_t)n);
        return;
    }
    if (!ir_buf_reserve(b, (size_t)n + 1)) return;
    va_start(ap, fmt);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

void ir_buf_clear(struct ir_buf *b)
{
    b->n = 0;
    b->full = false;
    if (b->p != NULL) b->p[0] = '\0';
}

void ir_buf_free(struct ir_buf *b)
{
    free(b->p);
    *b = (struct ir_buf){.max = b->max};
}
