/*
 * The checks of a case (see check.h).
 */
#include "evidence/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/map.h"
#include "evidence/check_int.h"
#include "evidence/checkpoint.h"
#include "evidence/files.h"
#include "evidence/howto.h"
#include "evidence/stamp.h"

#define CONTROL_MAX ((size_t)1 << 20)

struct check {
    int case_fd;
    struct ir_custody *c;
    const struct ir_check_report *report;
    struct ir_check_totals *t;
    struct ir_buf ca; /* certificates for time-stamps */
};

__attribute__((format(printf, 3, 4))) static void problem(struct check *k, const char *place,
                                                          const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    k->t->problems++;
    k->report->problem(k->report->user, place, text);
}

static int read_custody(struct check *k, const char *name, struct ir_buf *out)
{
    struct ir_err err = {0};
    ir_buf_clear(out);
    int rc = ir_file_read(ir_custody_fd(k->c), name, CONTROL_MAX, out, &err);
    if (rc != IR_OK) {
        char place[600];
        snprintf(place, sizeof place, "custody/%s", name);
        problem(k, place, "%s", rc == IR_END ? "is missing" : err.msg);
    }
    return rc;
}

/* "checkpoint-000007.witness.sig" → "witness"; without a role it is the examiner's. */
static void role_of(const char *sig, const char *checkpoint, char *out, size_t size)
{
    struct ir_str s = ir_str_skip(ir_str_z(sig), strlen(checkpoint) + 1);
    s.n = s.n > 4 ? s.n - 4 : 0; /* ".sig", or "sig" alone */
    snprintf(out, size, "%.*s", (int)(s.n ? s.n : 8), s.n ? s.p : "examiner");
}

static void check_signature(struct check *k, const char *sig, const char *checkpoint,
                            struct ir_str text)
{
    char role[64], file[128], place[400], key_place[160];
    struct ir_buf bytes = IR_BUF(CONTROL_MAX), pem = IR_BUF(CONTROL_MAX),
                  right = IR_BUF(CONTROL_MAX);
    struct ir_key *key = NULL;
    struct ir_err err = {0};
    role_of(sig, checkpoint, role, sizeof role);
    snprintf(file, sizeof file, "keys/%s.pub.pem", role);
    snprintf(key_place, sizeof key_place, "custody/%s", file);
    snprintf(place, sizeof place, "custody/%s", sig);
    if (read_custody(k, sig, &bytes) != IR_OK || read_custody(k, file, &pem) != IR_OK) goto out;
    if (ir_key_public(ir_buf_view(&pem), &key, &err) != IR_OK)
        problem(k, key_place, "%s", err.msg);
    else if (!ir_key_pem(key, &right) || !ir_str_eq(ir_buf_view(&pem), ir_buf_view(&right)))
        problem(k, key_place, "is not written as keys are: it was changed");
    else if (bytes.n != IR_SIG_BYTES || !ir_key_verify(key, text, (const unsigned char *)bytes.p))
        problem(k, place, "the signature does not belong to this checkpoint and this key");
    else
        k->t->signatures++;
out:
    ir_key_free(key);
    ir_buf_free(&bytes);
    ir_buf_free(&pem);
    ir_buf_free(&right);
}

/* The list beside a checkpoint: each line right, and every signature that is there in it. */
static void check_list(struct check *k, const char *checkpoint, const struct ir_map *sigs)
{
    char name[IR_CHECKPOINT_NAME + 16], place[IR_CHECKPOINT_NAME + 32], hex[IR_HASH_TEXT];
    struct ir_buf list = IR_BUF(CONTROL_MAX), file = IR_BUF(CONTROL_MAX);
    unsigned char md[IR_HASH_BYTES];
    uint32_t found = 0;
    snprintf(name, sizeof name, "%s.sha256", checkpoint);
    snprintf(place, sizeof place, "custody/%s", name);
    if (read_custody(k, name, &list) != IR_OK) goto out;
    struct ir_str rest = ir_buf_view(&list), line;
    bool ended = true;
    while (ir_str_line(&rest, &line, &ended)) {
        char who[256];
        struct ir_str path = ir_str_skip(line, 66);
        snprintf(who, sizeof who, "%.*s", (int)path.n, path.p);
        bool known = strcmp(who, checkpoint) == 0 || ir_map_find(sigs, path) != UINT32_MAX;
        if (line.n < 67 || line.p[64] != ' ' || line.p[65] != ' ' || !ended || !known) {
            problem(k, place, "a line names something that is not of this checkpoint");
            continue;
        }
        if (read_custody(k, who, &file) != IR_OK) continue;
        ir_sha256(ir_buf_view(&file), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, hex);
        if (!ir_str_eq(ir_str_head(line, 64), ir_str_z(hex)))
            problem(k, place, "%s is not what is listed: one of the two was changed", who);
        found++;
    }
    if (found != sigs->n + 1)
        problem(k, place, "does not list the checkpoint and each of its %u signatures", sigs->n);
out:
    ir_buf_free(&list);
    ir_buf_free(&file);
}

/* The names of the signatures of one checkpoint. */
static void list_signatures(struct check *k, const char *checkpoint, struct ir_map *sigs)
{
    size_t n = strlen(checkpoint);
    int fd = openat(ir_custody_fd(k->c), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        bool is_new;
        struct ir_str name = ir_str_z(e->d_name);
        if (strncmp(e->d_name, checkpoint, n) == 0 && e->d_name[n] == '.' &&
            ir_str_ends(name, IR_S(".sig")) && ir_map_put(sigs, name, &is_new) == NULL)
            problem(k, checkpoint, "out of memory");
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
}

/* The stamp that lies beside a checkpoint; whether one should lie there is check_stamps'. */
static void check_stamp(struct check *k, uint64_t n)
{
    char place[600];
    struct ir_stamp s;
    struct ir_err err = {0};
    int rc = ir_stamp_verify(k->c, n, ir_buf_view(&k->ca), &s, &err);
    snprintf(place, sizeof place, "custody/%s", err.input);
    if (rc == IR_OK)
        k->t->stamps++;
    else if (rc != IR_END)
        problem(k, place, "%s", err.msg);
}

/* Each stamp that the log tells of, and that very one. */
static void check_stamps(struct check *k)
{
    char text[80], hex[IR_HASH_TEXT], name[64], place[80];
    unsigned char md[IR_HASH_BYTES];
    struct ir_buf file = IR_BUF(IR_STAMP_MAX + 1);
    uint64_t n;
    for (uint64_t i = 0; i < ir_custody_count(k->c); i++) {
        struct ir_str line = ir_custody_line(k->c, i);
        if (!ir_custody_text(line, "event", text, sizeof text) ||
            strcmp(text, "timestamp-attach") != 0 || !ir_json_member_u64(line, "checkpoint", &n))
            continue;
        snprintf(name, sizeof name, "checkpoint-%06" PRIu64 ".tsr", n);
        snprintf(place, sizeof place, "custody/%s", name);
        if (read_custody(k, name, &file) != IR_OK) continue;
        ir_sha256(ir_buf_view(&file), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, hex);
        ir_custody_text(line, "tsr_sha256", text, sizeof text);
        if (strcmp(text, hex) != 0)
            problem(k, place, "is not the time-stamp that line %" PRIu64 " of the log tells of",
                    i + 1);
    }
    ir_buf_free(&file);
}

static void count_problem(void *user, const char *place, const char *text)
{
    problem(user, place, "%s", text);
}

static int check_checkpoint(void *user, uint64_t n)
{
    struct check *k = user;
    char name[IR_CHECKPOINT_NAME], place[IR_CHECKPOINT_NAME + 16];
    struct ir_buf text = IR_BUF(CONTROL_MAX), right = IR_BUF(CONTROL_MAX);
    struct ir_map sigs = {0};
    ir_checkpoint_name(n, name);
    snprintf(place, sizeof place, "custody/%s", name);
    k->t->checkpoints++;
    if (read_custody(k, name, &text) != IR_OK) goto out;
    ir_checkpoint_text(k->c, n, &right);
    if (n > ir_custody_count(k->c))
        problem(k, place,
                "commits to %" PRIu64 " lines, but the log has %" PRIu64 ": lines were cut off", n,
                ir_custody_count(k->c));
    else if (!ir_str_eq(ir_buf_view(&text), ir_buf_view(&right)))
        problem(k, place,
                "is not the checkpoint of the first %" PRIu64
                " lines: it, or one of them, was changed",
                n);
    list_signatures(k, name, &sigs);
    if (sigs.n == 0) k->report->note(k->report->user, place, N_("nobody has signed it"));
    for (uint32_t i = 0; i < sigs.n; i++)
        check_signature(k, sigs.items[i].key.p, name, ir_buf_view(&text));
    check_list(k, name, &sigs);
    check_stamp(k, n);
    if (n > k->t->covered) k->t->covered = n;
out:
    ir_map_free(&sigs);
    ir_buf_free(&text);
    ir_buf_free(&right);
    return IR_OK;
}

/* What the log tells of an exhibit: its last seal, and the last verification after that. */
struct log_words {
    char seal[IR_HASH_TEXT], sealed[64], proved[64];
    uint64_t line;
    bool erased;
};

static void read_log(const struct check *k, const char *item, struct log_words *w)
{
    char text[512], event[64];
    uint64_t n, problems;
    *w = (struct log_words){0};
    for (uint64_t i = 0; k->c != NULL && i < ir_custody_count(k->c); i++) {
        struct ir_str line = ir_custody_line(k->c, i);
        if (!ir_json_member(line, "event", event, sizeof event)) continue;
        bool of_item = ir_json_member(line, "item_id", text, sizeof text);
        if (of_item && strcmp(text, item) != 0) continue;
        if (strcmp(event, "verify") == 0 && ir_json_member_u64(line, "problems", &problems) &&
            problems == 0)
            ir_json_member(line, "time_utc", w->proved, sizeof w->proved);
        if (of_item && strcmp(event, "dispose") == 0)
            w->erased =
                ir_custody_text(line, "erased", text, sizeof text) && strcmp(text, "true") == 0;
        if (!of_item || strcmp(event, "seal") != 0) continue;
        ir_json_member(line, "seal", w->seal, sizeof w->seal);
        ir_json_member(line, "time_utc", w->sealed, sizeof w->sealed);
        w->proved[0] = '\0';
        w->line = ir_json_member_u64(line, "seq", &n) ? n : i + 1;
    }
}

/* The log names a seal for each exhibit; the exhibit must have it, and no other may lie there. */
static void check_exhibit(struct check *k, const char *item)
{
    char place[400], hex[IR_HASH_TEXT];
    struct log_words w;
    struct ir_buf tag = IR_BUF(CONTROL_MAX);
    unsigned char md[IR_HASH_BYTES];
    struct ir_err err = {0};
    snprintf(place, sizeof place, "%s/tagmanifest-sha256.txt", item);
    read_log(k, item, &w);
    int rc = ir_file_read(k->case_fd, place, CONTROL_MAX, &tag, &err);
    k->t->exhibits++;
    if (rc == IR_END && w.erased) {
        k->report->note(k->report->user, item, "was disposed of and erased, as the log tells");
    } else if (rc != IR_OK) {
        problem(k, place, "%s", rc == IR_END ? "is missing: the exhibit is not whole" : err.msg);
    } else if (k->c != NULL && w.seal[0] == '\0') {
        problem(k, place, "no line of the log tells of this seal");
    } else {
        ir_sha256(ir_buf_view(&tag), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, hex);
        if (k->c != NULL && strcmp(hex, w.seal) != 0)
            problem(k, place, "its digest is not the seal in the log: the exhibit was changed");
    }
    ir_buf_free(&tag);
    const struct ir_check_exhibit x = {item, w.seal, w.sealed, w.proved, w.line, rc == IR_OK};
    if (k->report->exhibit != NULL && !(rc == IR_END && w.erased))
        k->report->exhibit(k->report->user, &x);
}

/* Directories that are bags, and items that the log says were sealed here. */
static void check_exhibits(struct check *k)
{
    struct ir_map items = {0};
    char item[256], event[64];
    struct stat st;
    bool is_new;
    int fd = openat(k->case_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char inside[300];
        snprintf(inside, sizeof inside, "%s/meta", e->d_name);
        if (e->d_name[0] != '.' && strcmp(e->d_name, "custody") != 0 &&
            fstatat(k->case_fd, inside, &st, AT_SYMLINK_NOFOLLOW) == 0)
            ir_map_put(&items, ir_str_z(e->d_name), &is_new);
    }
    if (d != NULL) closedir(d);
    for (uint64_t i = 0; k->c != NULL && i < ir_custody_count(k->c); i++) {
        struct ir_str line = ir_custody_line(k->c, i);
        if (ir_json_member(line, "event", event, sizeof event) && strcmp(event, "seal") == 0 &&
            ir_json_member(line, "item_id", item, sizeof item))
            ir_map_put(&items, ir_str_z(item), &is_new);
    }
    for (uint32_t i = 0; i < items.n; i++)
        check_exhibit(k, items.items[i].key.p);
    ir_map_free(&items);
}

/* No seal covers the two texts, and an older program wrote others: read before they are run. */
static void check_howto(const struct check *k)
{
    static const char *const names[] = {"VERIFY.txt", "VERIFY.ja.txt"};
    for (size_t i = 0; i < 2; i++)
        if (!ir_howto_same(k->case_fd, names[i]))
            k->report->note(
                k->report->user, names[i],
                N_("is not the text that this version writes: read it before it is run"));
}

int ir_check_case(int case_fd, const char *ca_file, const struct ir_check_report *report,
                  struct ir_check_totals *ret_totals, struct ir_err *err)
{
    struct check k = {.case_fd = case_fd, .report = report, .t = ret_totals};
    struct ir_err local = {0}, *e = err != NULL ? err : &local;
    *ret_totals = (struct ir_check_totals){0};
    int rc = ir_custody_open(case_fd, NULL, IR_CUSTODY_READ, NULL, &k.c, e);
    if (rc != IR_OK) {
        char place[600];
        snprintf(place, sizeof place, "%s:%" PRId64, e->input, e->line);
        problem(&k, place, "%s", e->msg);
        check_exhibits(&k); /* without the log's word for their seals */
        return rc;
    }
    k.t->lines = ir_custody_count(k.c);
    if (ir_custody_torn(k.c).n > 0)
        problem(&k, "custody/log.jsonl",
                "ends in an incomplete line: an event was cut off, or something was added (the "
                "next event takes note of it)");
    k.ca = IR_BUF(IR_STAMP_MAX + 1);
    rc = ca_file != NULL ? ir_file_read(AT_FDCWD, ca_file, IR_STAMP_MAX, &k.ca, e)
                         : ir_stamp_ca(k.c, &k.ca, e);
    if (rc != IR_OK && (rc != IR_END || ca_file != NULL))
        problem(&k, ca_file != NULL ? ca_file : "custody/tsa/ca.pem", "%s", e->msg);
    check_stamps(&k);
    ir_check_receipts(k.c, count_problem, &k);
    rc = ir_checkpoint_each(k.c, check_checkpoint, &k, e);
    if (rc == IR_OK && k.t->covered < k.t->lines)
        problem(&k, "custody/log.jsonl",
                "the lines after number %" PRIu64 " are in no checkpoint: nobody has signed them",
                k.t->covered);
    check_exhibits(&k);
    check_howto(&k);
    ir_buf_free(&k.ca);
    ir_custody_close(k.c);
    return rc;
}
