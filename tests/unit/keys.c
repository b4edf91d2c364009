/*
 * evidence/keys.h: a key is made once and whole, opens with its passphrase only, is refused when
 * others may read it, and its signature stands for these very bytes.
 */
#include "evidence/keys.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "evidence/files.h"
#include "tap.h"

static void test_names(void)
{
    static const char *const good[] = {"a", "examiner", "A-1_b.c", "\xe5\xb1\xb1\xe7\x94\xb0"};
    static const char *const bad[] = {"", ".a", "-a", "a/b", "..", "a b", "a\nb", "a%b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ok(ir_key_name_ok(good[i]), "a name (%zu)", i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_key_name_ok(bad[i]), "no name (%zu)", i);
    char text[IR_KEY_NAME + 1];
    memset(text, 'a', sizeof text);
    text[IR_KEY_NAME] = '\0';
    ok(!ir_key_name_ok(text), "a name that is too long");
    text[IR_KEY_NAME - 1] = '\0';
    ok(ir_key_name_ok(text), "and one that is not");
}

static void test_files(int dir)
{
    struct ir_err err = {0};
    struct ir_key *key = NULL;
    struct stat st;
    is_int(ir_key_make(dir, "x", IR_S("secret"), &err), IR_OK, "made: %s", err.msg);
    fstatat(dir, "x.key", &st, 0);
    is_int(st.st_mode & 07777, 0600, "for its owner");
    is_int(ir_key_make(dir, "x", IR_S("other"), &err), IR_FATAL, "not made over");
    unlinkat(dir, "x.key", 0);
    is_int(ir_key_make(dir, "x", IR_S("secret"), &err), IR_OK, "half a pair is no hindrance");
    ok(ir_key_is_locked(dir, "x"), "locked");
    is_int(ir_key_load(dir, "x", IR_S("wrong"), &key, &err), IR_BAD, "a wrong passphrase");
    ok(strstr(err.msg, "wrong") != NULL && strstr(err.msg, "secret") == NULL, "is told");
    is_int(ir_key_load(dir, "x", IR_S(""), &key, &err), IR_BAD, "none");
    is_int(ir_key_load(dir, "x", IR_S("secret"), &key, &err), IR_OK, "the right one");
    ir_key_free(key);
    ok(fchmodat(dir, "x.key", 0640, 0) == 0, "it is opened to a group");
    is_int(ir_key_load(dir, "x", IR_S("secret"), &key, &err), IR_FATAL, "others may read it");
    is_int(ir_key_load(dir, "y", IR_S(""), &key, &err), IR_END, "none of that name");
    is_int(ir_key_make(dir, "../y", IR_S(""), &err), IR_FATAL, "no way out");
    ir_file_create(dir, "z.key", 0600, IR_S("-----BEGIN PRIVATE KEY-----\nAAAA\n"), &err);
    is_int(ir_key_load(dir, "z", IR_S(""), &key, &err), IR_FATAL, "no key at all");
    char phrase[IR_PHRASE_MAX + 1];
    memset(phrase, 'p', sizeof phrase);
    is_int(ir_key_make(dir, "w", ir_str_n(phrase, sizeof phrase), &err), IR_FATAL,
           "a passphrase that is too long");
}

static void test_signature(int dir)
{
    struct ir_err err = {0};
    struct ir_key *key = NULL, *public = NULL, *other = NULL;
    struct ir_buf pem = IR_BUF(4096);
    unsigned char sig[IR_SIG_BYTES];
    char one[IR_HASH_TEXT], two[IR_HASH_TEXT];
    ir_key_make(dir, "s", IR_S(""), &err);
    ir_key_make(dir, "o", IR_S(""), &err);
    ir_key_load(dir, "s", IR_S(""), &key, &err);
    ir_key_load(dir, "o", IR_S(""), &other, &err);
    ok(!ir_key_is_locked(dir, "s"), "not locked");
    ir_file_read(dir, "s.pub.pem", 4096, &pem, &err);
    is_int(ir_key_public(ir_buf_view(&pem), &public, &err), IR_OK, "the public half");
    is_int(ir_key_sign(key, IR_S("bytes"), sig, &err), IR_OK, "signs");
    ok(ir_key_verify(public, IR_S("bytes"), sig), "these bytes");
    ok(!ir_key_verify(public, IR_S("Bytes"), sig), "no others");
    ok(!ir_key_verify(other, IR_S("bytes"), sig), "by this key");
    sig[63] ^= 1;
    ok(!ir_key_verify(public, IR_S("bytes"), sig), "with this signature");
    ok(ir_key_fingerprint(key, one) && ir_key_fingerprint(public, two), "fingerprints");
    is_str(ir_str_z(one), two, "of the public half");
    ir_key_free(public);
    public = NULL;
    is_int(ir_key_public(IR_S("-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n"),
                         &public, &err),
           IR_FATAL, "no public key");
    /* an X25519 key: of this length, and cannot sign */
    is_int(ir_key_public(IR_S("-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAk=\n"
                              "-----END PUBLIC KEY-----\n"),
                         &public, &err),
           IR_FATAL, "another kind of key");
    ir_key_free(key);
    ir_key_free(other);
    ir_buf_free(&pem);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/keys-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(mkdtemp(path) != NULL, "a directory")) return done();
    int dir = open(path, O_RDONLY | O_DIRECTORY);
    test_names();
    test_files(dir);
    test_signature(dir);
    close(dir);
    ir_fs_remove_tree(AT_FDCWD, path);
    return done();
}
