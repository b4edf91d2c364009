/*
 * Filling the caller's error record.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

int ir_fail(struct ir_err *err, int code, const char *fmt, ...)
{
    if (err == NULL) return code;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    err->code = code;
    return code;
}

void ir_err_at(struct ir_err *err, const char *path, int64_t offset, int64_t line)
{
    if (err == NULL) return;
    if (path != NULL) snprintf(err->input, sizeof err->input, "%s", path);
    err->offset = offset;
    err->line = line;
}
