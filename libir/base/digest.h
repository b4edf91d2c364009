/*
 * Several digests of one stream of bytes, in one reading. OpenSSL's algorithms are looked up once
 * and the contexts used again, which a tree of small files would else pay for each file.
 *
 *     struct ir_digest d;
 *     if (!ir_digest_open(&d, IR_DIGESTS_EVIDENCE)) …
 *     ir_digest_begin(&d); ir_digest_add(&d, p, n); … ir_digest_end(&d, &sum);
 *     ir_digest_hex(&sum, IR_SHA256, text);
 *     ir_digest_close(&d);
 *
 * One thread each, but two threads may add the same bytes to two of them.
 */
#ifndef IR_BASE_DIGEST_H
#define IR_BASE_DIGEST_H

#include "base/str.h"

/* In the order in which lists of several digests show them. */
enum ir_digest_alg { IR_MD5, IR_SHA1, IR_SHA256, IR_SHA512, IR_DIGEST_ALG_MAX };

#define IR_DIGEST_BIT(alg)  (1u << (alg))
#define IR_DIGESTS_EVIDENCE (IR_DIGEST_BIT(IR_SHA256) | IR_DIGEST_BIT(IR_SHA512))
#define IR_DIGEST_BYTES     64
#define IR_DIGEST_TEXT      (2 * IR_DIGEST_BYTES + 1)

struct evp_md_ctx_st;

struct ir_digest {
    struct evp_md_ctx_st *ctx[IR_DIGEST_ALG_MAX]; /* NULL: not of the set */
    unsigned set;                                 /* IR_DIGEST_BIT of each */
    bool failed;                                  /* since begin: OpenSSL refused something */
};

struct ir_digest_sum {
    unsigned set; /* those that are there */
    unsigned char v[IR_DIGEST_ALG_MAX][IR_DIGEST_BYTES];
};

/* False when memory is out or the library (in a FIPS mode) has no such algorithm. */
bool ir_digest_open(struct ir_digest *d, unsigned set);
void ir_digest_close(struct ir_digest *d);
void ir_digest_begin(struct ir_digest *d);
void ir_digest_add(struct ir_digest *d, const void *p, size_t n);
/* False: something failed, and *ret_sum is not to be used. */
bool ir_digest_end(struct ir_digest *d, struct ir_digest_sum *ret_sum);
/* All at once; false as above. */
bool ir_digest_of(unsigned set, struct ir_str bytes, struct ir_digest_sum *ret_sum);

/* "sha256", as names of manifests have it. */
const char *ir_digest_name(enum ir_digest_alg alg);
/* Any case, with or without the hyphen of "SHA-256"; IR_DIGEST_ALG_MAX: unknown. */
enum ir_digest_alg ir_digest_by_name(struct ir_str name);
size_t ir_digest_size(enum ir_digest_alg alg); /* bytes: 16, 20, 32, 64 */
/* Lower-case hex with a NUL. */
void ir_digest_hex(const struct ir_digest_sum *sum, enum ir_digest_alg alg,
                   char out[IR_DIGEST_TEXT]);
/* out must have room for 2 n + 1. */
void ir_hex(const unsigned char *p, size_t n, char *out);
/* Exactly 2 n digits of any case. */
bool ir_unhex(struct ir_str hex, unsigned char *out, size_t n);

#endif
