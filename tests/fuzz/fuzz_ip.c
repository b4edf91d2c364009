/*
 * Addresses and networks: the text of what was read is read as the same, and a network has the
 * address it was written with.
 */
#include <stdlib.h>

#include "base/ip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static void text_of(const struct ir_ip *ip)
{
    char buf[46];
    struct ir_ip again;
    struct ir_str text = ir_str_n(buf, ir_ip_text(ip, buf));
    need(text.n < sizeof buf && buf[text.n] == '\0');
    need(ir_ip_parse(text, &again) && memcmp(ip->b, again.b, sizeof again.b) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str s = ir_str_n((const char *)data, size);
    struct ir_ip ip, base;
    struct ir_cidr c;
    if (ir_ip_parse(s, &ip)) text_of(&ip);
    if (ir_cidr_parse(s, &c)) {
        size_t slash = ir_str_rchr(s, '/');
        need(ir_ip_parse(slash == IR_NPOS ? s : ir_str_head(s, slash), &base));
        need(ir_cidr_has(&c, &base) && c.bits <= 128);
    }
    if (size >= 16) {
        memcpy(ip.b, data, 16);
        ip.v4 = false;
        text_of(&ip);
    }
    return 0;
}
