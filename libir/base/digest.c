/*
 * Digests by OpenSSL's EVP (see digest.h), which uses the processor's SHA instructions.
 */
#include "base/digest.h"

#include <openssl/evp.h>

static const struct {
    const char *name, *openssl;
    size_t size;
} algs[IR_DIGEST_ALG_MAX] = {
    [IR_MD5] = {"md5", "MD5", 16},
    [IR_SHA1] = {"sha1", "SHA1", 20},
    [IR_SHA256] = {"sha256", "SHA256", 32},
    [IR_SHA512] = {"sha512", "SHA512", 64},
};

bool ir_digest_open(struct ir_digest *d, unsigned set)
{
    *d = (struct ir_digest){.set = set};
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(set & IR_DIGEST_BIT(a))) continue;
        EVP_MD *md = EVP_MD_fetch(NULL, algs[a].openssl, NULL);
        d->ctx[a] = EVP_MD_CTX_new();
        bool good = md != NULL && d->ctx[a] != NULL && EVP_DigestInit_ex(d->ctx[a], md, NULL) == 1;
        EVP_MD_free(md); /* the context holds it */
        if (good) continue;
        ir_digest_close(d);
        return false;
    }
    return true;
}

void ir_digest_close(struct ir_digest *d)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        EVP_MD_CTX_free(d->ctx[a]);
    *d = (struct ir_digest){0};
}

void ir_digest_begin(struct ir_digest *d)
{
    d->failed = false;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (d->ctx[a] != NULL && EVP_DigestInit_ex(d->ctx[a], NULL, NULL) != 1) d->failed = true;
}

void ir_digest_add(struct ir_digest *d, const void *p, size_t n)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (d->ctx[a] != NULL && EVP_DigestUpdate(d->ctx[a], p, n) != 1) d->failed = true;
}

bool ir_digest_end(struct ir_digest *d, struct ir_digest_sum *ret_sum)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        unsigned n = 0;
        if (d->ctx[a] == NULL) continue;
        if (EVP_DigestFinal_ex(d->ctx[a], ret_sum->v[a], &n) != 1 || n != algs[a].size)
            d->failed = true;
    }
    ret_sum->set = d->failed ? 0 : d->set;
    return !d->failed;
}

bool ir_digest_of(unsigned set, struct ir_str bytes, struct ir_digest_sum *ret_sum)
{
    struct ir_digest d;
    if (!ir_digest_open(&d, set)) return false;
    ir_digest_begin(&d);
    ir_digest_add(&d, bytes.p, bytes.n);
    bool good = ir_digest_end(&d, ret_sum);
    ir_digest_close(&d);
    return good;
}

const char *ir_digest_name(enum ir_digest_alg alg)
{
    return algs[alg].name;
}

size_t ir_digest_size(enum ir_digest_alg alg)
{
    return algs[alg].size;
}

enum ir_digest_alg ir_digest_by_name(struct ir_str name)
{
    char plain[8];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '-') continue;
        if (n == sizeof plain) return IR_DIGEST_ALG_MAX;
        plain[n++] = name.p[i];
    }
    unsigned a = 0;
    while (a < IR_DIGEST_ALG_MAX && !ir_str_ieq(ir_str_n(plain, n), ir_str_z(algs[a].name)))
        a++;
    return (enum ir_digest_alg)a;
}

void ir_hex(const unsigned char *p, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}

bool ir_unhex(struct ir_str hex, unsigned char *out, size_t n)
{
    if (hex.n != 2 * n) return false;
    for (size_t i = 0; i < n; i++) {
        int high = ir_hexval(hex.p[2 * i]), low = ir_hexval(hex.p[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void ir_digest_hex(const struct ir_digest_sum *sum, enum ir_digest_alg alg,
                   char out[IR_DIGEST_TEXT])
{
    if (sum->set & IR_DIGEST_BIT(alg))
        ir_hex(sum->v[alg], algs[alg].size, out);
    else
        out[0] = '\0';
}
