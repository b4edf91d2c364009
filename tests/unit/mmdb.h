/*
 * Writes small GeoIP files for tests, in the MaxMind DB format 2.0
 * (https://maxmind.github.io/MaxMind-DB/): a search tree with records of 24 bits, 16 zero bytes,
 * the data section, and the metadata behind its mark.
 *
 *     struct mmdb m = mmdb_new(6);
 *     mmdb_add(&m, "2001:db8::/32", "JP", 64500, "Example Net");   // "" or 0: left out
 *     mmdb_finish(&m, &bytes);
 */
#ifndef IR_TESTS_UNIT_MMDB_H
#define IR_TESTS_UNIT_MMDB_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/ip.h"

#define MMDB_NODES 4096u
#define MMDB_NONE  0xffffffffu
#define MMDB_DATA  0x80000000u /* and the place in the data section */

struct mmdb {
    unsigned ip_version, n;
    uint32_t node[MMDB_NODES][2];
    struct ir_buf data;
};

static struct mmdb *mmdb_new(unsigned ip_version)
{
    struct mmdb *m = calloc(1, sizeof *m);
    if (m == NULL) abort();
    m->ip_version = ip_version;
    m->data = IR_BUF(1 << 20);
    m->n = 1;
    m->node[0][0] = m->node[0][1] = MMDB_NONE;
    return m;
}

static void mmdb_text(struct ir_buf *b, const char *s)
{
    const size_t n = strlen(s);
    ir_buf_chr(b, (char)(2 << 5 | (n < 29 ? n : 29)));
    if (n >= 29) ir_buf_chr(b, (char)(n - 29));
    ir_buf_add(b, s, n);
}

/* Type 5: uint16, 6: uint32; four bytes of it, or two. */
static void mmdb_number(struct ir_buf *b, unsigned type, uint32_t v)
{
    const unsigned size = type == 5 ? 2 : 4;
    ir_buf_chr(b, (char)(type << 5 | size));
    for (unsigned i = size; i-- > 0;)
        ir_buf_chr(b, (char)(v >> (8 * i)));
}

static void mmdb_map(struct ir_buf *b, unsigned n)
{
    ir_buf_chr(b, (char)(7 << 5 | n));
}

static void mmdb_add(struct mmdb *m, const char *net, const char *country, uint32_t as,
                     const char *org)
{
    struct ir_cidr c;
    if (!ir_cidr_parse(ir_str_z(net), &c)) abort();
    const uint32_t data = MMDB_DATA | (uint32_t)m->data.n;
    mmdb_map(&m->data, (unsigned)(country[0] != '\0') + (as != 0) + (org[0] != '\0'));
    if (country[0] != '\0') {
        mmdb_text(&m->data, "country");
        mmdb_map(&m->data, 1);
        mmdb_text(&m->data, "iso_code");
        mmdb_text(&m->data, country);
    }
    if (as != 0) mmdb_text(&m->data, "autonomous_system_number");
    if (as != 0) mmdb_number(&m->data, 6, as);
    if (org[0] != '\0') mmdb_text(&m->data, "autonomous_system_organization");
    if (org[0] != '\0') mmdb_text(&m->data, org);
    uint8_t bits[16]; /* in a tree of version 6 IPv4 lies below 96 zeros, in one of 4 it is all */
    memcpy(bits, c.ip.b, 16);
    if (c.v4) memset(bits, 0, 12);
    uint32_t at = 0;
    for (unsigned i = m->ip_version == 4 ? 96 : 0; i < c.bits; i++) {
        const unsigned bit = (unsigned)(bits[i / 8] >> (7 - i % 8)) & 1u;
        uint32_t *next = &m->node[at][bit];
        if (i + 1 == c.bits) {
            *next = data;
        } else if (*next >= MMDB_DATA) {
            if (m->n == MMDB_NODES) abort();
            m->node[m->n][0] = m->node[m->n][1] = *next;
            *next = m->n++;
        }
        at = *next;
    }
}

static void mmdb_record(struct ir_buf *b, const struct mmdb *m, uint32_t v)
{
    if (v == MMDB_NONE)
        v = m->n;
    else if (v & MMDB_DATA)
        v = (v & ~MMDB_DATA) + m->n + 16;
    for (unsigned i = 3; i-- > 0;)
        ir_buf_chr(b, (char)(v >> (8 * i)));
}

static void mmdb_finish(struct mmdb *m, struct ir_buf *ret_b)
{
    struct ir_buf *b = ret_b;
    for (unsigned i = 0; i < m->n; i++)
        for (unsigned k = 0; k < 2; k++)
            mmdb_record(b, m, m->node[i][k]);
    ir_buf_add(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    ir_buf_str(b, ir_buf_view(&m->data));
    ir_buf_str(b, IR_S("\xab\xcd\xefMaxMind.com"));
    mmdb_map(b, 9);
    mmdb_text(b, "node_count");
    mmdb_number(b, 6, m->n);
    mmdb_text(b, "record_size");
    mmdb_number(b, 5, 24);
    mmdb_text(b, "ip_version");
    mmdb_number(b, 5, m->ip_version);
    mmdb_text(b, "database_type");
    mmdb_text(b, "Test");
    mmdb_text(b, "languages");
    ir_buf_add(b, "\0\4", 2); /* an empty array: extended type 11 */
    mmdb_text(b, "binary_format_major_version");
    mmdb_number(b, 5, 2);
    mmdb_text(b, "binary_format_minor_version");
    mmdb_number(b, 5, 0);
    mmdb_text(b, "build_epoch");
    ir_buf_add(b, "\4\2\x6a\0\0\0", 6); /* four bytes of extended type 9, uint64 */
    mmdb_text(b, "description");
    mmdb_map(b, 0);
    ir_buf_free(&m->data);
    free(m);
}

#endif
