/*
 * RFC 3161 by libcrypto (see stamp.h).
 */
#include "evidence/stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/checkpoint.h"
#include "evidence/files.h"

static void name_of(uint64_t n, const char *ending, char out[IR_CHECKPOINT_NAME + 16])
{
    char name[IR_CHECKPOINT_NAME];
    ir_checkpoint_name(n, name);
    snprintf(out, IR_CHECKPOINT_NAME + 16, "%s%s", name, ending);
}

static int read_beside(const struct ir_custody *c, uint64_t n, const char *ending,
                       struct ir_buf *out, struct ir_err *err)
{
    char name[IR_CHECKPOINT_NAME + 16];
    name_of(n, ending, name);
    *out = IR_BUF(IR_STAMP_MAX + 1);
    return ir_file_read(ir_custody_fd(c), name, IR_STAMP_MAX, out, err);
}

/* A query with SHA-256, a nonce of 64 bits, and the wish for the authority's certificate. */
static TS_REQ *query(const unsigned char md[IR_HASH_BYTES])
{
    TS_REQ *q = TS_REQ_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *alg = X509_ALGOR_new();
    ASN1_INTEGER *nonce = ASN1_INTEGER_new();
    unsigned char copy[IR_HASH_BYTES];
    uint64_t number = 0;
    memcpy(copy, md, sizeof copy);
    bool good = q != NULL && imprint != NULL && alg != NULL && nonce != NULL &&
                RAND_bytes((unsigned char *)&number, sizeof number) == 1 &&
                ASN1_INTEGER_set_uint64(nonce, number >> 1) == 1 &&
                X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
                TS_MSG_IMPRINT_set_algo(imprint, alg) == 1 &&
                TS_MSG_IMPRINT_set_msg(imprint, copy, sizeof copy) == 1 &&
                TS_REQ_set_version(q, 1) == 1 && TS_REQ_set_msg_imprint(q, imprint) == 1 &&
                TS_REQ_set_nonce(q, nonce) == 1 && TS_REQ_set_cert_req(q, 1) == 1;
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(alg);
    ASN1_INTEGER_free(nonce);
    if (good) return q;
    TS_REQ_free(q);
    return NULL;
}

int ir_stamp_request(const struct ir_custody *c, uint64_t n, struct ir_err *err)
{
    char name[IR_CHECKPOINT_NAME + 16];
    unsigned char md[IR_HASH_BYTES], *der = NULL;
    struct ir_buf list;
    int rc = read_beside(c, n, ".sha256", &list, err);
    if (rc == IR_OK) {
        ir_sha256(ir_buf_view(&list), ir_str_n("", 0), md);
        TS_REQ *q = query(md);
        int size = q != NULL ? i2d_TS_REQ(q, &der) : -1;
        name_of(n, ".tsq", name);
        rc = size > 0 ? ir_file_create(ir_custody_fd(c), name, 0444,
                                       ir_str_n((const char *)der, (size_t)size), err)
                      : ir_fail(err, IR_FATAL, "the request cannot be made");
        OPENSSL_free(der);
        TS_REQ_free(q);
    }
    ir_buf_free(&list);
    return rc == IR_END ? IR_FATAL : rc;
}

static X509_STORE *store_of(struct ir_str pem)
{
    X509_STORE *s = X509_STORE_new();
    BIO *bio = pem.n > 0 ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    unsigned found = 0;
    for (X509 *x; bio != NULL && s != NULL && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL));) {
        found += X509_STORE_add_cert(s, x) == 1;
        X509_free(x);
    }
    BIO_free(bio);
    ERR_clear_error();
    if (found > 0) return s;
    X509_STORE_free(s);
    return NULL;
}

/* The time that the answer tells, in ns; false: it tells none. */
static bool told_time(TS_TST_INFO *info, int64_t *ret_ns)
{
    struct tm tm;
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1) return false;
    const struct ir_civil civil = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                                   tm.tm_min,         tm.tm_sec,     0};
    return ir_time_from_civil(&civil, 0, ret_ns);
}

static void facts(TS_TST_INFO *info, struct ir_str answer, struct ir_stamp *out)
{
    unsigned char md[IR_HASH_BYTES];
    int64_t ns;
    BIGNUM *serial = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
    char *hex = serial != NULL ? BN_bn2hex(serial) : NULL;
    snprintf(out->serial, sizeof out->serial, "%s", hex != NULL ? hex : "?");
    OPENSSL_free(hex);
    BN_free(serial);
    OBJ_obj2txt(out->policy, sizeof out->policy, TS_TST_INFO_get_policy_id(info), 1);
    if (told_time(info, &ns)) ir_time_rfc3339(ns, out->time);
    ir_sha256(answer, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, out->sha256);
}

/* What OpenSSL says, in words; the most telling error is the first that has data. */
static int refuse(struct ir_err *err)
{
    const char *data = NULL, *reason = NULL;
    int flags = 0;
    unsigned long code;
    char why[200] = "";
    while ((code = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0) {
        if (why[0] != '\0') continue;
        reason = ERR_reason_error_string(code);
        snprintf(why, sizeof why, "%s%s%s", reason != NULL ? reason : "",
                 (flags & ERR_TXT_STRING) && data[0] ? ", " : "",
                 (flags & ERR_TXT_STRING) ? data : "");
    }
    return ir_fail(err, IR_BAD, "the time-stamp proves nothing: %s", why);
}

/* at: when the certificates must be valid, in ns; NULL: now. */
static int prove(TS_RESP *answer, TS_REQ *q, struct ir_str list, struct ir_str ca,
                 const int64_t *at, struct ir_err *err)
{
    X509_STORE *store = store_of(ca);
    TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
    BIO *data = BIO_new_mem_buf(list.p, (int)list.n);
    int rc = IR_OK;
    if (store == NULL)
        rc = ir_fail(err, IR_BAD, "there is no certificate to check the time-stamp against");
    else if (ctx == NULL || data == NULL || (q != NULL && !TS_REQ_to_TS_VERIFY_CTX(q, ctx)))
        rc = ir_fail(err, IR_FATAL, "out of memory, or the request is damaged");
    if (rc == IR_OK) {
        if (at != NULL)
            X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(*at / IR_NS));
        TS_VERIFY_CTX_add_flags(ctx, TS_VFY_VERSION | TS_VFY_DATA | TS_VFY_SIGNATURE);
        TS_VERIFY_CTX_set_data(ctx, data);
        TS_VERIFY_CTX_set_store(ctx, store);
        data = NULL; /* both are the context's now */
        store = NULL;
        if (TS_RESP_verify_response(ctx, answer) != 1) rc = refuse(err);
    }
    BIO_free(data);
    X509_STORE_free(store);
    TS_VERIFY_CTX_free(ctx);
    ERR_clear_error();
    return rc;
}

static TS_RESP *parse(struct ir_str answer)
{
    const unsigned char *p = (const unsigned char *)answer.p, *end = p + answer.n;
    TS_RESP *r = answer.n > 0 ? d2i_TS_RESP(NULL, &p, (long)answer.n) : NULL;
    ERR_clear_error();
    if (r != NULL && p == end && TS_RESP_get_tst_info(r) != NULL) return r;
    TS_RESP_free(r);
    return NULL;
}

static int check(const struct ir_custody *c, uint64_t n, TS_RESP *r, struct ir_str answer,
                 struct ir_str ca, struct ir_stamp *ret_stamp, struct ir_err *err)
{
    struct ir_buf list, request = IR_BUF(1);
    char name[IR_CHECKPOINT_NAME + 16];
    int64_t at;
    TS_REQ *q = NULL;
    int rc = read_beside(c, n, ".sha256", &list, err);
    if (rc == IR_OK) rc = read_beside(c, n, ".tsq", &request, err);
    if (rc == IR_OK) {
        const unsigned char *p = (const unsigned char *)request.p;
        if ((q = d2i_TS_REQ(NULL, &p, (long)request.n)) == NULL ||
            p != (const unsigned char *)request.p + request.n)
            rc = ir_fail(err, IR_BAD, "is no time-stamp request");
    }
    if (rc == IR_OK) {
        name_of(n, ".tsr", name);
        ir_err_at(err, name, -1, 0);
        rc = told_time(TS_RESP_get_tst_info(r), &at)
                 ? prove(r, q, ir_buf_view(&list), ca, &at, err)
                 : ir_fail(err, IR_BAD, "is no time-stamp that was granted");
    }
    if (rc == IR_OK) {
        *ret_stamp = (struct ir_stamp){.checkpoint = n};
        facts(TS_RESP_get_tst_info(r), answer, ret_stamp);
        ret_stamp->run_out = prove(r, q, ir_buf_view(&list), ca, NULL, NULL) != IR_OK;
    }
    TS_REQ_free(q);
    ir_buf_free(&list);
    ir_buf_free(&request);
    return rc == IR_END ? ir_fail(err, IR_BAD, "is missing: it belongs to a time-stamp") : rc;
}

/* Of which checkpoint line i tells that its stamp was attached; 0: of none. */
static uint64_t told(const struct ir_custody *c, uint64_t i, char ret_sha256[IR_HASH_TEXT + 1])
{
    const struct ir_str line = ir_custody_line(c, i);
    char event[64], number[32];
    uint64_t n;
    if (!ir_custody_text(line, "event", event, sizeof event) ||
        strcmp(event, "timestamp-attach") != 0 ||
        !ir_custody_text(line, "checkpoint", number, sizeof number) ||
        !ir_str_u64(ir_str_z(number), &n))
        return 0;
    ir_custody_text(line, "tsr_sha256", ret_sha256, IR_HASH_TEXT + 1);
    return n;
}

int ir_stamp_verify(const struct ir_custody *c, uint64_t seq, struct ir_str ca,
                    struct ir_stamp *ret_stamp, struct ir_err *err)
{
    char want[IR_HASH_TEXT + 1], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    struct ir_buf answer;
    const uint64_t n = told(c, seq - 1, want);
    if (n == 0) return IR_END;
    *ret_stamp = (struct ir_stamp){.checkpoint = n};
    int rc = read_beside(c, n, ".tsr", &answer, err);
    if (rc == IR_END) rc = ir_fail(err, IR_BAD, "is missing");
    if (rc == IR_OK) {
        TS_RESP *r = parse(ir_buf_view(&answer));
        ir_sha256(ir_buf_view(&answer), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, hex);
        if (strcmp(want, hex) != 0)
            rc = ir_fail(err, IR_BAD,
                         "is not the time-stamp that line %" PRIu64 " of the log tells of", seq);
        else if (r == NULL)
            rc = ir_fail(err, IR_BAD, "is no time-stamp that was granted");
        else
            rc = check(c, n, r, ir_buf_view(&answer), ca, ret_stamp, err);
        TS_RESP_free(r);
    }
    ir_buf_free(&answer);
    return rc;
}

struct search {
    const struct ir_custody *c;
    struct ir_str imprint;
    uint64_t n;
};

/* The checkpoint whose list has the digest that was stamped. */
static int matches(void *user, uint64_t n)
{
    struct search *s = user;
    unsigned char md[IR_HASH_BYTES];
    struct ir_buf list;
    if (read_beside(s->c, n, ".sha256", &list, NULL) == IR_OK) {
        ir_sha256(ir_buf_view(&list), ir_str_n("", 0), md);
        if (ir_str_eq(s->imprint, ir_str_n((const char *)md, sizeof md))) s->n = n;
    }
    ir_buf_free(&list);
    return s->n != 0;
}

static bool is_told(const struct ir_custody *c, uint64_t n)
{
    char sha256[IR_HASH_TEXT + 1];
    for (uint64_t i = 0; i < ir_custody_count(c); i++)
        if (told(c, i, sha256) == n) return true;
    return false;
}

static int store(const struct ir_custody *c, uint64_t n, struct ir_str answer, struct ir_err *err)
{
    char name[IR_CHECKPOINT_NAME + 16];
    struct ir_buf there;
    bool same = read_beside(c, n, ".tsr", &there, NULL) == IR_OK &&
                ir_str_eq(ir_buf_view(&there), answer) && !is_told(c, n);
    ir_buf_free(&there);
    name_of(n, ".tsr", name);
    return same ? IR_OK : ir_file_create(ir_custody_fd(c), name, 0444, answer, err);
}

int ir_stamp_attach(const struct ir_custody *c, struct ir_str answer, struct ir_str ca,
                    struct ir_stamp *ret_stamp, struct ir_err *err)
{
    TS_RESP *r = parse(answer);
    if (r == NULL) return ir_fail(err, IR_BAD, "is no time-stamp that was granted");
    ASN1_OCTET_STRING *msg =
        TS_MSG_IMPRINT_get_msg(TS_TST_INFO_get_msg_imprint(TS_RESP_get_tst_info(r)));
    struct search s = {.c = c};
    s.imprint = ir_str_n((const char *)ASN1_STRING_get0_data(msg), (size_t)ASN1_STRING_length(msg));
    int rc = ir_checkpoint_each(c, matches, &s, err);
    if (rc >= 0 && s.n == 0)
        rc = ir_fail(err, IR_BAD, "the time-stamp is for none of the checkpoints of this case");
    if (rc >= 0) rc = check(c, s.n, r, answer, ca, ret_stamp, err);
    if (rc == IR_OK) rc = store(c, s.n, answer, err);
    TS_RESP_free(r);
    return rc;
}

static int tsa_directory(const struct ir_custody *c, struct ir_err *err)
{
    ir_err_at(err, "custody/tsa", -1, 0);
    if (mkdirat(ir_custody_fd(c), "tsa", 0755) != 0 && errno != EEXIST)
        return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
    return IR_OK;
}

int ir_stamp_ca(const struct ir_custody *c, struct ir_buf *out, struct ir_err *err)
{
    return ir_file_read(ir_custody_fd(c), "tsa/ca.pem", IR_STAMP_MAX, out, err);
}

/* Each certificate of pem whose text is not in *all yet. */
static unsigned add_certificates(struct ir_str pem, struct ir_buf *all)
{
    BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
    unsigned found = 0;
    for (X509 *x; in != NULL && (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL; found++) {
        BIO *out = BIO_new(BIO_s_mem());
        char *p = NULL;
        if (out != NULL && PEM_write_bio_X509(out, x) == 1) {
            struct ir_str one = ir_str_n("", 0);
            long n = BIO_get_mem_data(out, &p);
            one = ir_str_n(p, (size_t)n);
            if (ir_str_find(ir_buf_view(all), one) == IR_NPOS) ir_buf_str(all, one);
        }
        BIO_free(out);
        X509_free(x);
    }
    BIO_free(in);
    ERR_clear_error();
    return found;
}

int ir_stamp_keep_ca(const struct ir_custody *c, struct ir_str pem, char ret_sha256[IR_HASH_TEXT],
                     struct ir_err *err)
{
    unsigned char md[IR_HASH_BYTES];
    struct ir_buf all = IR_BUF(IR_STAMP_MAX);
    int rc = tsa_directory(c, err);
    if (rc == IR_OK && (rc = ir_stamp_ca(c, &all, err)) == IR_END) rc = IR_OK;
    size_t before = all.n;
    if (rc == IR_OK && add_certificates(pem, &all) == 0)
        rc = ir_fail(err, IR_BAD, "there is no certificate (PEM) in it");
    if (rc == IR_OK && all.n > before)
        rc = ir_file_replace(ir_custody_fd(c), "tsa/ca.pem", 0644, ir_buf_view(&all), err);
    ir_sha256(ir_buf_view(&all), ir_str_n("", 0), md);
    ir_hex(md, sizeof md, ret_sha256);
    ir_buf_free(&all);
    return rc;
}
