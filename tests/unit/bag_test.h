/*
 * Bags made on the spot, for the tests of evidence/bag.h: files below a directory of the test's
 * own, manifests with right digests, and what a check says.
 */
#ifndef IR_TESTS_BAG_TEST_H
#define IR_TESTS_BAG_TEST_H

#include "evidence/bag.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/digest.h"
#include "tests/tap.h"

static char root[256];

static inline const char *at(const char *path)
{
    static char out[8192];
    snprintf(out, sizeof out, "%s/%s", root, path);
    return out;
}

static inline void put_bytes(const char *path, const char *bytes, size_t n)
{
    char dir[8192];
    snprintf(dir, sizeof dir, "%s", at(path));
    for (char *p = dir + strlen(root) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
        *p = '\0';
        mkdir(dir, 0700);
    }
    FILE *f = fopen(at(path), "wb");
    if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) exit(1);
}

static inline void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static inline int unlink_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void clear(void)
{
    nftw(root, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
    mkdir(root, 0700);
}

/* A manifest's line: the digest of `content`, then what follows it. */
static inline void line(const char *manifest, const char *content, const char *rest)
{
    struct ir_digest_sum sum = {0};
    char hex[IR_DIGEST_TEXT];
    const char *dash = strchr(manifest, '-');
    struct ir_str name = ir_str_n(dash + 1, strcspn(dash + 1, "."));
    enum ir_digest_alg alg = ir_digest_by_name(name);
    ir_digest_of(IR_DIGEST_BIT(alg), ir_str_z(content), &sum);
    ir_digest_hex(&sum, alg, hex);
    FILE *f = fopen(at(manifest), "ab");
    if (f == NULL || fprintf(f, "%s%s\n", hex, rest) < 0 || fclose(f) != 0) exit(1);
}

static inline void declare(const char *version)
{
    char text[128];
    snprintf(text, sizeof text, "BagIt-Version: %s\nTag-File-Character-Encoding: UTF-8\n", version);
    put("bagit.txt", text);
}

/* data/hello.txt with "hello", in manifest-sha256.txt. */
static inline void basic(const char *version)
{
    clear();
    declare(version);
    put("data/hello.txt", "hello");
    line("manifest-sha256.txt", "hello", "  data/hello.txt");
}

struct said {
    struct ir_buf problems, notes;
};

static inline void on_problem(void *user, const char *place, const char *text)
{
    ir_buf_fmt(&((struct said *)user)->problems, "%s: %s\n", place, text);
}

static inline void on_note(void *user, const char *place, const char *text)
{
    ir_buf_fmt(&((struct said *)user)->notes, "%s: %s\n", place, text);
}

static inline struct ir_bag_totals run(struct ir_bag_options o, struct said *s)
{
    const struct ir_check_report report = {.problem = on_problem, .note = on_note, .user = s};
    struct ir_bag_totals t = {.problems = 999};
    *s = (struct said){IR_BUF(1 << 20), IR_BUF(1 << 20)};
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    if (ir_bag_check(fd, &o, &report, &t, NULL) != IR_OK) t.problems = 998;
    close(fd);
    return t;
}

static inline void is_said(const struct ir_buf *b, const char *want, const char *what,
                           const char *kind)
{
    bool good = want != NULL ? b->p != NULL && strstr(b->p, want) != NULL : b->n == 0;
    if (!ok(good, "%s: %s%s", what, want != NULL ? kind : "no ", want != NULL ? "" : kind))
        ir_tap_show("said", ir_buf_view(b));
}

static inline void drop(struct said *s)
{
    ir_buf_free(&s->problems);
    ir_buf_free(&s->notes);
}

static inline struct ir_bag_totals count(struct ir_bag_options o)
{
    struct said s;
    struct ir_bag_totals t = run(o, &s);
    drop(&s);
    return t;
}

/* problem, note: words of what must be told; NULL: nothing may be. */
static inline void check(const char *what, const char *problem, const char *note)
{
    struct said s, parts;
    struct ir_bag_totals t = run((struct ir_bag_options){.mode = IR_BAG_WHOLE}, &s);
    is_said(&s.problems, problem, what, "problem");
    is_said(&s.notes, note, what, "warning");
    struct ir_bag_totals u =
        run((struct ir_bag_options){.mode = IR_BAG_WHOLE, .memory = 30, .threads = 1}, &parts);
    if (!ok(t.problems == u.problems && t.warnings == u.warnings && t.files == u.files,
            "%s: the same in parts", what)) {
        ir_tap_show("whole", ir_buf_view(&s.problems));
        ir_tap_show("parts", ir_buf_view(&parts.problems));
    }
    drop(&s);
    drop(&parts);
}

static inline void begin(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(root, sizeof root, "%s/bag", tmp != NULL ? tmp : "/tmp");
}

#endif
