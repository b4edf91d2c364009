/*
 * ir_format_unbound, line by line: see fuzz_lines.h.
 */
#include "fuzz_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lines("unbound", false, data, size);
}
