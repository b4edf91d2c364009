/*
 * Text of IP addresses and networks, both ways.
 *
 * Strict where leniency would let two readers see two addresses (no octal, no hex, no "1.2.3"),
 * with one exception: leading zeros are decimal, as log writers pad with them. Not for host names.
 * Documents: RFC 4291 2.2 (text forms), RFC 4007 11 (zones), RFC 5952 (the canonical text).
 */
#include "base/ip.h"

#include <endian.h>

#define ZONE_MAX 64u

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* Exactly four decimal parts of one to three digits. */
static bool parse_quad(struct ir_str s, uint8_t out[4])
{
    const char *p = s.p, *end = s.p + s.n;
    uint8_t quad[4];
    for (int part = 0; part < 4; part++) {
        unsigned v = 0, digits = 0;
        while (p < end && ir_isdigit(*p) && digits < 3) {
            v = v * 10 + (unsigned)(*p++ - '0');
            digits++;
        }
        if (digits == 0 || v > 255) return false;
        quad[part] = (uint8_t)v;
        if (part < 3 && (p == end || *p++ != '.')) return false;
    }
    if (p != end) return false;
    memcpy(out, quad, 4);
    return true;
}

/* One to four hex digits at *pp. */
static bool parse_group(const char **pp, const char *end, uint8_t out[2])
{
    unsigned v = 0;
    const char *p = *pp;
    while (p < end && p - *pp < 4 && ir_hexval(*p) >= 0)
        v = v << 4 | (unsigned)ir_hexval(*p++);
    if (p == *pp) return false;
    out[0] = (uint8_t)(v >> 8);
    out[1] = (uint8_t)v;
    *pp = p;
    return true;
}

/* Moves what was read after "::" to the end. */
static bool spread(uint8_t b[16], unsigned n, unsigned gap)
{
    if (gap > 16) return n == 16;
    if (n > 14) return false; /* "::" stands for at least one group */
    unsigned tail = n - gap;
    memmove(b + 16 - tail, b + gap, tail);
    memset(b + gap, 0, 16 - n);
    return true;
}

static bool parse_v6(struct ir_str s, uint8_t out[16])
{
    const char *p = s.p, *end = s.p + s.n;
    uint8_t b[16] = {0};
    unsigned n = 0, gap = 99; /* bytes read; where "::" stood */
    if (s.n < 2) return false;
    if (p[0] == ':') {
        if (p[1] != ':') return false;
        gap = 0;
        p += 2;
    }
    while (p < end) {
        if (n > 14) return false;
        struct ir_str rest = ir_str_n(p, (size_t)(end - p));
        if ((n == 12 || gap <= n) && n <= 12 && parse_quad(rest, b + n)) { /* at the end only */
            n += 4;
            p = end;
            break;
        }
        if (!parse_group(&p, end, b + n)) return false;
        n += 2;
        if (p == end) break;
        if (*p++ != ':' || p == end) return false;
        if (*p == ':') {
            if (gap <= 16) return false;
            gap = n;
            p++;
        }
    }
    if (!spread(b, n, gap)) return false;
    memcpy(out, b, 16);
    return true;
}

/* Cuts "%zone" off; false when there is one that no interface could be named by. */
static bool cut_zone(struct ir_str *s)
{
    size_t at = ir_str_chr(*s, '%');
    if (at == IR_NPOS) return true;
    struct ir_str zone = ir_str_skip(*s, at + 1);
    if (zone.n == 0 || zone.n > ZONE_MAX) return false;
    for (size_t i = 0; i < zone.n; i++)
        if (zone.p[i] <= ' ' || zone.p[i] > '~' || strchr("[]%/\"'<>", zone.p[i])) return false;
    *s = ir_str_head(*s, at);
    return true;
}

bool ir_ip_parse(struct ir_str s, struct ir_ip *ret_ip)
{
    uint8_t quad[4];
    if (s.n < 2) return false;
    if (s.n <= 15 && parse_quad(s, quad)) {
        memcpy(ret_ip->b, v4_prefix, sizeof v4_prefix);
        memcpy(ret_ip->b + 12, quad, 4);
        ret_ip->v4 = true;
        return true;
    }
    if (s.p[0] == '[' && s.p[s.n - 1] == ']') s = ir_str_n(s.p + 1, s.n - 2);
    if (!cut_zone(&s) || !parse_v6(s, ret_ip->b)) return false;
    ret_ip->v4 = false;
    return true;
}

static char *put_u8(char *p, unsigned v)
{
    if (v >= 100) *p++ = (char)('0' + v / 100);
    if (v >= 10) *p++ = (char)('0' + v / 10 % 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

static char *put_hex(char *p, unsigned v)
{
    for (int shift = 12; shift >= 0; shift -= 4)
        if (v >> shift != 0 || shift == 0) *p++ = "0123456789abcdef"[v >> shift & 15];
    return p;
}

/* The first of the longest runs of two or more zero groups. Returns its length. */
static unsigned zero_run(const uint8_t b[16], unsigned *ret_at)
{
    unsigned best = 1, len = 0;
    for (unsigned i = 0; i < 8; i++) {
        len = b[2 * i] == 0 && b[2 * i + 1] == 0 ? len + 1 : 0;
        if (len > best) {
            best = len;
            *ret_at = i + 1 - len;
        }
    }
    return best > 1 ? best : 0;
}

size_t ir_ip_text(const struct ir_ip *ip, char *buf)
{
    char *p = buf;
    if (memcmp(ip->b, v4_prefix, sizeof v4_prefix) == 0) {
        for (int i = 12; i < 16; i++) {
            if (i > 12) *p++ = '.';
            p = put_u8(p, ip->b[i]);
        }
    } else {
        unsigned at = 0, run = zero_run(ip->b, &at);
        for (unsigned i = 0; i < 8;) {
            if (run > 0 && i == at) {
                *p++ = ':';
                i += run;
                if (i == 8) *p++ = ':';
                continue;
            }
            if (i > 0) *p++ = ':';
            p = put_hex(p, (unsigned)ip->b[2 * i] << 8 | ip->b[2 * i + 1]);
            i++;
        }
    }
    *p = '\0';
    return (size_t)(p - buf);
}

bool ir_cidr_parse(struct ir_str s, struct ir_cidr *ret_c)
{
    struct ir_cidr c = {.bits = 128};
    size_t slash = ir_str_rchr(s, '/');
    if (!ir_ip_parse(slash == IR_NPOS ? s : ir_str_head(s, slash), &c.ip)) return false;
    c.v4 = c.ip.v4;
    if (slash != IR_NPOS) {
        uint64_t bits;
        struct ir_str text = ir_str_skip(s, slash + 1);
        if (text.n > 3 || !ir_str_u64(text, &bits) || bits > (c.v4 ? 32u : 128u)) return false;
        c.bits = (unsigned)bits + (c.v4 ? 96 : 0);
    }
    for (unsigned i = 0; i < 16; i++) {
        if (c.bits >= 8 * i + 8) continue;
        unsigned keep = c.bits > 8 * i ? c.bits - 8 * i : 0;
        c.ip.b[i] &= (uint8_t)(0xff00u >> keep);
    }
    *ret_c = c;
    return true;
}

static uint64_t half(const uint8_t b[8])
{
    uint64_t v;
    memcpy(&v, b, sizeof v);
    return be64toh(v);
}

bool ir_cidr_has(const struct ir_cidr *c, const struct ir_ip *ip)
{
    /* "::/0" means IPv6: without this it would swallow every IPv4 address by its mapped form */
    if (ip->v4 && c->bits < 96) return false;
    const uint64_t high = half(c->ip.b) ^ half(ip->b), low = half(c->ip.b + 8) ^ half(ip->b + 8);
    if (c->bits > 64) return high == 0 && low >> (128 - c->bits) == 0;
    return c->bits == 0 || high >> (64 - c->bits) == 0;
}
