/*
 * Each byte of each control file of a small sealed case, and bytes of a copy, changed one at a
 * time, in its lowest bit, and letters in the bit that tells small ones from capitals: the checks
 * of the case and of its exhibit must see every one, and name the file.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "evidence/bag.h"
#include "evidence/check.h"
#include "evidence/checkpoint.h"
#include "evidence/collect.h"
#include "evidence/howto.h"
#include "tests/tap.h"

#define ITEM "EV-1-01"
#ifdef __SANITIZE_ADDRESS__
#define STEP 5 /* the same code, five times as slow: the plain build tries each byte */
#else
#define STEP 1
#endif

static char root[256];

static void fail(const char *what)
{
    printf("Bail out! %s\n", what);
    exit(1);
}

/* Two files in, sealed; two lines of the log, signed by an examiner and a witness. */
static void make_case(int dir)
{
    const struct ir_custody_tool tool = {"ir", "test", NULL};
    struct ir_custody_who who = {.actor = {.name = "Hanako"},
                                 .witness = {.name = "Taro"},
                                 .place = "Tokyo",
                                 .reason = "test"};
    struct ir_custody_event ev = {.event = "collect", .item = ITEM, .who = &who};
    const struct ir_bag_info info[] = {{"Contact-Name", "Hanako"}};
    struct ir_collect_options co = {0};
    struct ir_exhibit *x = NULL;
    struct ir_custody *c = NULL;
    struct ir_signer signers[2] = {{.role = IR_SIGN_EXAMINER}, {.role = IR_SIGN_WITNESS}};
    struct ir_key *keys[2] = {NULL, NULL};
    struct ir_err err = {0};
    char src[300], file[320], seal[IR_DIGEST_TEXT], id[2][IR_HASH_TEXT];
    snprintf(src, sizeof src, "%s/src", root);
    mkdir(src, 0700);
    for (char name = 'a'; name <= 'b'; name++) {
        snprintf(file, sizeof file, "%s/%c", src, name);
        FILE *f = fopen(file, "wb");
        if (f == NULL || fprintf(f, "content of %c\n", name) < 0 || fclose(f) != 0) fail(file);
    }
    const char *paths[] = {src};
    if (ir_exhibit_create(dir, ITEM, IR_DIGESTS_EVIDENCE, &x, &err) != IR_OK ||
        ir_collect(x, paths, 1, &co, &err) != IR_OK ||
        ir_exhibit_seal(x, info, 1, seal, &err) != IR_OK)
        fail(err.msg);
    ir_exhibit_close(x);
    if (ir_custody_open(dir, "CASE-1", IR_CUSTODY_WRITE, &tool, &c, &err) != IR_OK) fail(err.msg);
    int home = open(root, O_RDONLY | O_DIRECTORY); /* not the case: nothing else may lie there */
    for (unsigned i = 0; i < 2; i++) {
        static const char *const names[] = {"one", "two"};
        if (ir_key_make(home, names[i], IR_S(""), &err) != IR_OK ||
            ir_key_load(home, names[i], IR_S(""), &keys[i], &err) != IR_OK ||
            !ir_key_fingerprint(keys[i], id[i]))
            fail(err.msg);
        signers[i].key = keys[i];
    }
    close(home);
    who.actor.key = id[0];
    who.witness.key = id[1];
    if (ir_custody_append(c, &ev, NULL, &err) != IR_OK) fail(err.msg);
    ev.event = "seal";
    ev.seal = seal;
    if (ir_custody_append(c, &ev, NULL, &err) != IR_OK ||
        ir_checkpoint_write(c, signers, 2, &err) != IR_OK || ir_howto_write(dir, &err) != IR_OK)
        fail(err.msg);
    ir_custody_close(c);
    ir_key_free(keys[0]);
    ir_key_free(keys[1]);
}

struct seen {
    int dir;
    const char *file; /* that was changed, below the case */
    unsigned problems, named;
};

static void on_problem(void *user, const char *place, const char *text)
{
    struct seen *s = user;
    s->problems++;
    s->named += strstr(s->file, place) != NULL || strstr(place, s->file) != NULL ||
                strstr(text, s->file) != NULL;
}

static void on_note(void *user, const char *place, const char *text)
{
    (void)user;
    (void)place;
    (void)text;
}

static void on_exhibit(void *user, const struct ir_check_exhibit *x)
{
    struct seen *s = user;
    const struct ir_check_report report = {on_problem, on_note, NULL, s, NULL, NULL};
    const struct ir_bag_options o = {.threads = 1, .exhibit = true};
    struct ir_bag_totals t;
    int fd = openat(s->dir, x->item, O_RDONLY | O_DIRECTORY);
    if (ir_bag_check(fd, &o, &report, &t, NULL) != IR_OK) s->problems++;
    close(fd);
}

static struct seen look(int dir, const char *file)
{
    struct seen s = {.dir = dir, .file = file};
    const struct ir_check_report report = {on_problem, on_note, on_exhibit, &s, NULL, NULL};
    struct ir_check_totals t;
    ir_check_case(dir, NULL, &report, &t, NULL);
    return s;
}

/* What a problem must name: the file in its exhibit. In custody/ log, checkpoint, signature and key
 * vouch for each other, and which of them is the false one cannot be told. */
static const char *place_of(const char *file)
{
    return strncmp(file, "custody/", 8) == 0 ? "custody/" : strchr(file, '/') + 1;
}

static void flip_all(int dir, const char *file)
{
    unsigned missed = 0, unnamed = 0, n = 0;
    struct stat st;
    if (fchmodat(dir, file, 0600, 0) != 0) fail(file);
    int fd = openat(dir, file, O_RDWR);
    if (fd < 0 || fstat(fd, &st) != 0) fail(file);
    const char *place = place_of(file);
    for (off_t at = 0; at < st.st_size; at += STEP) {
        unsigned char was, now;
        if (pread(fd, &was, 1, at) != 1) fail(file);
        for (unsigned k = 0; k < (ir_isalpha((char)was) ? 2u : 1u); k++, n++) {
            now = (unsigned char)(was ^ (k == 0 ? 0x01 : 0x20));
            if (pwrite(fd, &now, 1, at) != 1) fail(file);
            struct seen s = look(dir, place);
            if (s.problems == 0) {
                if (missed++ < 5) printf("# %s: byte %lld, %02x\n", file, (long long)at, now);
            } else if (s.named == 0 && unnamed++ < 5) {
                printf("# %s: byte %lld is seen, but not where\n", file, (long long)at);
            }
        }
        if (pwrite(fd, &was, 1, at) != 1) fail(file);
    }
    close(fd);
    ok(missed == 0 && unnamed == 0, "%s: each of %u changes is seen", file, n);
}

static void flip_dir(int dir, const char *path)
{
    int fd = openat(dir, path, O_RDONLY | O_DIRECTORY);
    DIR *d = fdopendir(fd);
    if (d == NULL) fail(path);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char file[600];
        struct stat st;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        if (fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            flip_all(dir, file);
    }
    closedir(d);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[300];
    snprintf(root, sizeof root, "%s", tmp != NULL ? tmp : "/tmp");
    snprintf(path, sizeof path, "%s/case", root);
    mkdir(path, 0700);
    int dir = open(path, O_RDONLY | O_DIRECTORY);
    make_case(dir);
    is_int(look(dir, "").problems, 0, "the case is good");
    flip_dir(dir, "custody");
    flip_dir(dir, "custody/keys");
    flip_dir(dir, ITEM);
    flip_dir(dir, ITEM "/meta");
    snprintf(path, sizeof path, "%s/data/fs%s/src/a", ITEM, root);
    flip_all(dir, path);
    is_int(look(dir, "").problems, 0, "with everything as it was it is good again");
    int fd = openat(dir, "VERIFY.txt", O_RDWR);
    if (pwrite(fd, "X", 1, 5) != 1) fail("VERIFY.txt");
    close(fd);
    is_int(look(dir, "VERIFY.txt").problems, 1, "another VERIFY.txt is a problem");
    close(dir);
    return done();
}
