/*
 * Test Anything Protocol for the unit tests: header only, one program a module, run by prove.
 * Not for the product. A test program:
 *
 *     int main(void)
 *     {
 *         ok(ir_isdigit('7'), "7 is a digit");
 *         is_int(ir_hexval('f'), 15, "hex value of %c", 'f');
 *         char path[1024];
 *         if (!ir_tap_shared("data/logs", path, sizeof path)) skip("no IR_SHARED");
 *         return done();
 *     }
 *
 * Every function returns whether the check held, so that a test can stop before it follows a bad
 * pointer.
 */
#ifndef IR_TESTS_TAP_H
#define IR_TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"

static struct {
    int run, failed;
} ir_tap;

/* One result line. '#' would begin a directive and a line end a new line, so neither gets through.
 */
__attribute__((format(printf, 2, 0))) static inline bool ir_tap_line(bool good, const char *fmt,
                                                                     va_list ap)
{
    char name[512];
    vsnprintf(name, sizeof name, fmt, ap);
    for (char *p = name; *p; p++)
        if (*p == '#' || (unsigned char)*p < ' ') *p = '.';
    printf("%sok %d - %s\n", good ? "" : "not ", ++ir_tap.run, name);
    if (!good) ir_tap.failed++;
    fflush(stdout); /* what was reached is known even when the next check crashes */
    return good;
}

/* Bytes of any kind as one comment line. */
static inline void ir_tap_show(const char *label, struct ir_str s)
{
    printf("# %s (%zu bytes): \"", label, s.n);
    for (size_t i = 0; i < s.n && i < 400; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c >= ' ' && c < 127)
            putchar(c);
        else
            printf("\\x%02x", c);
    }
    printf(s.n > 400 ? "\" and so on\n" : "\"\n");
    fflush(stdout);
}

__attribute__((format(printf, 2, 3))) static inline bool ok(bool cond, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    ir_tap_line(cond, fmt, ap);
    va_end(ap);
    return cond;
}

/* want NULL: the view itself must be without a pointer. */
__attribute__((format(printf, 3, 4))) static inline bool is_str(struct ir_str got, const char *want,
                                                                const char *fmt, ...)
{
    bool good = want ? ir_str_eq(got, ir_str_z(want)) : got.p == NULL;
    va_list ap;
    va_start(ap, fmt);
    ir_tap_line(good, fmt, ap);
    va_end(ap);
    if (!good) {
        ir_tap_show("got ", got);
        if (want)
            ir_tap_show("want", ir_str_z(want));
        else
            printf("# want no pointer\n");
    }
    return good;
}

__attribute__((format(printf, 3, 4))) static inline bool is_int(long long got, long long want,
                                                                const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    ir_tap_line(got == want, fmt, ap);
    va_end(ap);
    if (got != want)
        printf("# got  %lld (%#llx)\n# want %lld (%#llx)\n", got, (unsigned long long)got, want,
               (unsigned long long)want);
    return got == want;
}

/* Stands for one check that could not be made; said on stderr too, so that nobody misses it. */
static inline void skip(const char *reason)
{
    printf("ok %d # SKIP %s\n", ++ir_tap.run, reason);
    fprintf(stderr, "# skipped: %s\n", reason);
    fflush(stdout);
}

/* The path of rel below $IR_SHARED (default ../shared); false when nothing stands there. */
static inline bool ir_tap_shared(const char *rel, char *buf, size_t cap)
{
    const char *root = getenv("IR_SHARED");
    int n = snprintf(buf, cap, "%s/%s", root && *root ? root : "../shared", rel);
    return n > 0 && (size_t)n < cap && access(buf, R_OK) == 0;
}

/* The plan, and main's return value: a program without a single check has failed. */
static inline int done(void)
{
    printf("1..%d\n", ir_tap.run);
    if (ir_tap.failed) printf("# %d of %d failed\n", ir_tap.failed, ir_tap.run);
    return ir_tap.failed || !ir_tap.run ? 1 : 0;
}

#endif
