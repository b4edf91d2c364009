/*
 * ir_format_nginx_error, line by line: see fuzz_lines.h.
 */
#include "fuzz_lines.h"

extern const struct ir_format ir_format_nginx_error;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lines(&ir_format_nginx_error, data, size);
}
