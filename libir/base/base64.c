/*
 * Base64 (see base64.h).
 */
#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void ir_base64(struct ir_buf *out, struct ir_str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0u);
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], left > 1 ? digits[v >> 6 & 63] : '=',
                        left > 2 ? digits[v & 63] : '='};
        ir_buf_add(out, four, sizeof four);
    }
}

static int value(char c)
{
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* One group; `last` may be padded. The number of bytes, 0: not base64. */
static size_t group(const char *p, bool last, unsigned char out[3])
{
    size_t n = !last || p[3] != '=' ? 3 : p[2] != '=' ? 2 : 1;
    uint32_t v = 0;
    for (size_t i = 0; i < 4; i++) {
        int d = i <= n ? value(p[i]) : 0;
        if (d < 0) return 0;
        v = v << 6 | (uint32_t)d;
    }
    for (size_t i = 0; i < 3; i++)
        out[i] = (unsigned char)(v >> (16 - 8 * i));
    for (size_t i = n; i < 3; i++)
        if (out[i] != 0) return 0;
    return n;
}

bool ir_base64_decode(struct ir_buf *out, struct ir_str text)
{
    size_t start = out->n;
    bool good = text.n % 4 == 0;
    for (size_t i = 0; good && i < text.n; i += 4) {
        unsigned char bytes[3];
        size_t n = group(text.p + i, i + 4 == text.n, bytes);
        good = n > 0;
        ir_buf_add(out, bytes, n);
    }
    if (!good && out->p != NULL) {
        out->n = start;
        out->p[start] = '\0';
    }
    return good;
}
