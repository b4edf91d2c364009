/*
 * The formats of firewalls, appliances and of key=value text, line by line: see fuzz_lines.h. Each
 * input goes to all of them, and to syslog, which finds their messages in its lines.
 */
#include "fuzz_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"fortigate", "sophos", "sonicwall", "paloalto", "cef",
                                          "leef",      "logfmt", "kv",        "syslog"};
    if (size > 4096) size = 4096;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        fuzz_lines(formats[i], false, data, size);
    return 0;
}
