/*
 * Key files and signatures by libcrypto (see keys.h). Passphrases are wiped where they are copied,
 * and never reach a message.
 */
#include "evidence/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/files.h"

struct ir_key {
    EVP_PKEY *pkey;
};

#define KEY_FILE_MAX ((size_t)64 << 10)

bool ir_key_name_ok(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > IR_KEY_NAME - 1 || name[0] == '.' || name[0] == '-') return false;
    for (size_t i = 0; i < n; i++)
        if (!ir_isalnum(name[i]) && strchr("._-", name[i]) == NULL && (unsigned char)name[i] < 0x80)
            return false;
    return true;
}

static int path_of(const char *name, const char *ending, char *out, size_t size, struct ir_err *err)
{
    if (!ir_key_name_ok(name))
        return ir_fail(err, IR_FATAL,
                       "a key's name has letters, digits, '.', '_' and '-' only, and begins with "
                       "a letter or digit");
    snprintf(out, size, "%s%s", name, ending);
    ir_err_at(err, out, -1, 0);
    return IR_OK;
}

/* AES-256-CBC with a key by scrypt: what OpenSSL 1.1 and later read, in the memory that they allow
 * for it by themselves (32 MiB). */
static bool encrypt(EVP_PKEY *pkey, struct ir_str phrase, BIO *out)
{
    if (phrase.n == 0) return PEM_write_bio_PKCS8PrivateKey(out, pkey, NULL, NULL, 0, NULL, NULL);
    PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(pkey);
    X509_ALGOR *alg = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, 1 << 14, 8, 4);
    X509_SIG *box =
        plain != NULL && alg != NULL ? PKCS8_set0_pbe(phrase.p, (int)phrase.n, plain, alg) : NULL;
    if (box == NULL) X509_ALGOR_free(alg); /* else it is the box's */
    bool good = box != NULL && PEM_write_bio_PKCS8(out, box) == 1;
    X509_SIG_free(box);
    PKCS8_PRIV_KEY_INFO_free(plain);
    return good;
}

static struct ir_str bio_view(BIO *bio)
{
    char *p;
    long n = BIO_get_mem_data(bio, &p);
    return ir_str_n(p, (size_t)n);
}

static int write_pair(int dirfd, const char *name, EVP_PKEY *pkey, struct ir_str phrase,
                      struct ir_err *err)
{
    char path[IR_KEY_NAME + 16];
    struct stat st;
    BIO *secret = BIO_new(BIO_s_secmem()), *open = BIO_new(BIO_s_mem());
    int rc = IR_FATAL;
    if (secret == NULL || open == NULL || !encrypt(pkey, phrase, secret) ||
        PEM_write_bio_PUBKEY(open, pkey) != 1)
        ir_fail(err, IR_FATAL, "the key cannot be encoded");
    else if ((rc = path_of(name, ".key", path, sizeof path, err)) == IR_OK &&
             fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
        rc = ir_fail(err, IR_FATAL, "exists already, and is not overwritten");
    /* The public half first: alone, after a crash, it is in nobody's way. */
    if (rc == IR_OK) rc = path_of(name, ".pub.pem", path, sizeof path, err);
    if (rc == IR_OK) rc = ir_file_replace(dirfd, path, 0644, bio_view(open), err);
    if (rc == IR_OK) rc = path_of(name, ".key", path, sizeof path, err);
    if (rc == IR_OK) rc = ir_file_create(dirfd, path, 0600, bio_view(secret), err);
    BIO_free(secret);
    BIO_free(open);
    return rc;
}

int ir_key_make(int dirfd, const char *name, struct ir_str phrase, struct ir_err *err)
{
    if (phrase.n > IR_PHRASE_MAX) return ir_fail(err, IR_FATAL, "the passphrase is too long");
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (pkey == NULL) return ir_fail(err, IR_FATAL, "no key could be made");
    /* Two at once would make a pair of the halves of two. */
    int rc = flock(dirfd, LOCK_EX) == 0
                 ? write_pair(dirfd, name, pkey, phrase, err)
                 : ir_fail(err, IR_FATAL, "cannot be locked: %-s", ir_errno_text(errno));
    if (flock(dirfd, LOCK_UN) != 0) errno = 0;
    EVP_PKEY_free(pkey);
    return rc;
}

struct asked {
    struct ir_str phrase;
    bool was; /* the file is encrypted */
};

static int give(char *buf, int size, int writing, void *user)
{
    struct asked *a = user;
    (void)writing;
    a->was = true;
    if (a->phrase.n == 0 || a->phrase.n > (size_t)size) return -1;
    memcpy(buf, a->phrase.p, a->phrase.n);
    return (int)a->phrase.n;
}

static int open_private(int dirfd, const char *name, struct ir_buf *text, struct ir_err *err)
{
    char path[IR_KEY_NAME + 16];
    struct stat st;
    int rc = path_of(name, ".key", path, sizeof path, err);
    if (rc != IR_OK) return rc;
    if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & 077) != 0)
        return ir_fail(err, IR_FATAL,
                       "others may read this private key: chmod 600, and better make a new one");
    return ir_file_read(dirfd, path, KEY_FILE_MAX, text, err);
}

static EVP_PKEY *read_private(struct ir_str pem, struct asked *a)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *pkey = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, give, a) : NULL;
    BIO_free(bio);
    return pkey;
}

static struct ir_key *wrap(EVP_PKEY *pkey, struct ir_err *err)
{
    struct ir_key *key = NULL;
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_ED25519)
        ir_fail(err, IR_FATAL, "this is no Ed25519 key");
    else if ((key = calloc(1, sizeof *key)) == NULL)
        ir_fail(err, IR_FATAL, "out of memory");
    else
        key->pkey = pkey;
    if (key == NULL) EVP_PKEY_free(pkey);
    return key;
}

int ir_key_load(int dirfd, const char *name, struct ir_str phrase, struct ir_key **ret_key,
                struct ir_err *err)
{
    struct ir_buf text = IR_BUF(KEY_FILE_MAX + 1);
    struct asked a = {.phrase = phrase};
    int rc = open_private(dirfd, name, &text, err);
    if (rc == IR_OK) {
        EVP_PKEY *pkey = read_private(ir_buf_view(&text), &a);
        if (pkey == NULL)
            rc = a.was ? ir_fail(err, IR_BAD,
                                 phrase.n > 0 ? "the passphrase is wrong"
                                              : "the key is locked: a passphrase is needed")
                       : ir_fail(err, IR_FATAL, "this is no private key in PEM");
        else
            rc = (*ret_key = wrap(pkey, err)) != NULL ? IR_OK : IR_FATAL;
    }
    if (text.p != NULL) OPENSSL_cleanse(text.p, text.cap);
    ir_buf_free(&text);
    return rc;
}

bool ir_key_is_locked(int dirfd, const char *name)
{
    struct ir_buf text = IR_BUF(KEY_FILE_MAX + 1);
    struct asked a = {0};
    if (open_private(dirfd, name, &text, NULL) == IR_OK)
        EVP_PKEY_free(read_private(ir_buf_view(&text), &a));
    if (text.p != NULL) OPENSSL_cleanse(text.p, text.cap);
    ir_buf_free(&text);
    return a.was;
}

int ir_key_public(struct ir_str pem, struct ir_key **ret_key, struct ir_err *err)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)(pem.n < KEY_FILE_MAX ? pem.n : KEY_FILE_MAX));
    EVP_PKEY *pkey = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (pkey == NULL) return ir_fail(err, IR_FATAL, "this is no public key in PEM");
    return (*ret_key = wrap(pkey, err)) != NULL ? IR_OK : IR_FATAL;
}

void ir_key_free(struct ir_key *key)
{
    if (key == NULL) return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

int ir_key_sign(const struct ir_key *key, struct ir_str bytes, unsigned char sig[IR_SIG_BYTES],
                struct ir_err *err)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = IR_SIG_BYTES;
    bool good = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
                EVP_DigestSign(ctx, sig, &n, (const unsigned char *)bytes.p, bytes.n) == 1 &&
                n == IR_SIG_BYTES;
    EVP_MD_CTX_free(ctx);
    return good ? IR_OK : ir_fail(err, IR_FATAL, "the key cannot sign");
}

bool ir_key_verify(const struct ir_key *key, struct ir_str bytes,
                   const unsigned char sig[IR_SIG_BYTES])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good =
        ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
        EVP_DigestVerify(ctx, sig, IR_SIG_BYTES, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

bool ir_key_fingerprint(const struct ir_key *key, char out[IR_HASH_TEXT])
{
    unsigned char *der = NULL, md[IR_HASH_BYTES];
    int n = i2d_PUBKEY(key->pkey, &der);
    bool good = n > 0 && ir_sha256(ir_str_n((const char *)der, (size_t)n), ir_str_n("", 0), md);
    OPENSSL_free(der);
    if (good) ir_hex(md, sizeof md, out);
    return good;
}

bool ir_key_pem(const struct ir_key *key, struct ir_buf *out)
{
    char *p;
    BIO *bio = BIO_new(BIO_s_mem());
    bool good = bio != NULL && PEM_write_bio_PUBKEY(bio, key->pkey) == 1;
    if (good) {
        long n = BIO_get_mem_data(bio, &p);
        ir_buf_add(out, p, (size_t)n);
    }
    BIO_free(bio);
    return good && !out->full;
}
