/*
 * Writing lists of digests (see sums.h). Hostile: names with line ends, which would begin a line of
 * their own in the list.
 */
#include "evidence/sums.h"

#include <inttypes.h>

#include "evidence/jline.h"

#define ALL_DIGESTS                                                                                \
    (IR_DIGEST_BIT(IR_MD5) | IR_DIGEST_BIT(IR_SHA1) | IR_DIGEST_BIT(IR_SHA256) |                   \
     IR_DIGEST_BIT(IR_SHA512))

unsigned ir_sums_known(enum ir_sums form)
{
    return form == IR_SUMS_HASHDEEP ? ALL_DIGESTS & ~IR_DIGEST_BIT(IR_SHA512) : ALL_DIGESTS;
}

static bool breaks_a_line(struct ir_str name)
{
    return ir_str_chr(name, '\n') != IR_NPOS || ir_str_chr(name, '\r') != IR_NPOS;
}

static void escaped(struct ir_buf *out, struct ir_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '\\' || c == '\n' || c == '\r') ir_buf_chr(out, '\\');
        ir_buf_chr(out, c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
}

bool ir_sums_unescape(char *p, size_t *n)
{
    size_t to = 0;
    for (size_t i = 0; i < *n; i++) {
        char c = p[i];
        if (c == '\\') {
            char next = ++i < *n ? p[i] : '\0';
            if (next != '\\' && next != 'n' && next != 'r') return false;
            c = next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
        }
        p[to++] = c;
    }
    *n = to;
    return true;
}

void ir_sums_head(enum ir_sums form, unsigned set, struct ir_str where, struct ir_buf *out)
{
    if (form != IR_SUMS_HASHDEEP) return;
    ir_buf_str(out, IR_S("%%%% HASHDEEP-1.0\n%%%% size,"));
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (set & IR_DIGEST_BIT(a)) ir_buf_fmt(out, "%s,", ir_digest_name((enum ir_digest_alg)a));
    ir_buf_str(out, IR_S("filename\n## Invoked from: "));
    escaped(out, where);
    ir_buf_str(out, IR_S("\n" IR_SUMS_ESCAPED "\n##\n"));
}

static void sum_lines(unsigned set, const struct ir_hashed *h, struct ir_buf *out)
{
    static const char *const tags[IR_DIGEST_ALG_MAX] = {"MD5", "SHA1", "SHA256", "SHA512"};
    char hex[IR_DIGEST_TEXT];
    bool odd = breaks_a_line(h->path) || ir_str_chr(h->path, '\\') != IR_NPOS;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(set & IR_DIGEST_BIT(a))) continue;
        ir_digest_hex(&h->sum, (enum ir_digest_alg)a, hex);
        bool tagged = (set & (set - 1)) != 0;
        if (odd) ir_buf_chr(out, '\\');
        ir_buf_str(out, ir_str_z(tagged ? tags[a] : hex));
        ir_buf_str(out, tagged ? IR_S(" (") : IR_S("  "));
        if (odd)
            escaped(out, h->path);
        else
            ir_buf_str(out, h->path);
        if (tagged) ir_buf_str(out, IR_S(") = "));
        if (tagged) ir_buf_str(out, ir_str_z(hex));
        ir_buf_chr(out, '\n');
    }
}

static void hashdeep_line(unsigned set, const struct ir_hashed *h, struct ir_buf *out)
{
    char hex[IR_DIGEST_TEXT];
    ir_buf_fmt(out, "%" PRIu64 ",", h->bytes);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(set & IR_DIGEST_BIT(a))) continue;
        ir_digest_hex(&h->sum, (enum ir_digest_alg)a, hex);
        ir_buf_str(out, ir_str_z(hex));
        ir_buf_chr(out, ',');
    }
    if (breaks_a_line(h->path) || (h->path.n > 0 && h->path.p[0] == '\\')) {
        ir_buf_chr(out, '\\');
        escaped(out, h->path);
    } else {
        ir_buf_str(out, h->path);
    }
    ir_buf_chr(out, '\n');
}

static void jsonl_line(const struct ir_hashed *h, struct ir_buf *out)
{
    char hex[IR_DIGEST_TEXT];
    struct ir_jline l = ir_jline_open(out);
    ir_jline_bytes(&l, "path", h->path);
    ir_jline_text(&l, "type", ir_str_z(h->type));
    if (h->sum.set != 0) ir_jline_number(&l, "size", h->bytes);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        ir_digest_hex(&h->sum, (enum ir_digest_alg)a, hex);
        ir_jline_text(&l, ir_digest_name((enum ir_digest_alg)a), ir_str_z(hex));
    }
    ir_jline_bytes(&l, "same_as", h->same_as);
    ir_jline_text(&l, "changed", ir_str_z(h->changed));
    ir_jline_text(&l, "problem", ir_str_z(h->problem));
    ir_jline_text(&l, "left", ir_str_z(h->left));
    ir_jline_close(&l);
}

void ir_sums_line(enum ir_sums form, unsigned set, const struct ir_hashed *h, struct ir_buf *out)
{
    if (form == IR_SUMS_JSONL)
        jsonl_line(h, out);
    else if (h->sum.set != 0 && form == IR_SUMS_HASHDEEP)
        hashdeep_line(set, h, out);
    else if (h->sum.set != 0)
        sum_lines(set, h, out);
}
