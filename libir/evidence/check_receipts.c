/*
 * The receipts of a case: those that the log tells of, against the log, their signed list and
 * themselves.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "evidence/check_int.h"
#include "evidence/files.h"
#include "evidence/receipt.h"

struct receipts {
    const struct ir_custody *c;
    void (*problem)(void *user, const char *place, const char *text);
    void *user;
    char name[64]; /* "R-0003" */
};

static int take(struct receipts *k, const char *ending, struct ir_buf *out, char place[160])
{
    struct ir_err err = {0};
    snprintf(place, 160, "custody/receipts/%s%s", k->name, ending);
    ir_buf_clear(out);
    int rc = ir_file_read(ir_custody_fd(k->c), place + 8, out->max - 1, out, &err);
    if (rc != IR_OK) k->problem(k->user, place, rc == IR_END ? "is missing" : err.msg);
    return rc;
}

/* The text: good by itself, and of this very log. */
static void check_text(struct receipts *k, struct ir_str text, uint64_t seq, const char *place)
{
    struct ir_buf right = IR_BUF(1 << 12);
    struct ir_receipt r;
    struct ir_err err = {0};
    if (ir_receipt_check(text, &r, &err) != IR_OK) {
        k->problem(k->user, place, err.msg);
        return;
    }
    ir_checkpoint_text(k->c, r.size, &right);
    if (r.seq != seq || r.size > ir_custody_count(k->c) ||
        !ir_str_eq(r.line, ir_custody_line(k->c, seq - 1)) ||
        !ir_str_eq(r.checkpoint, ir_buf_view(&right)))
        k->problem(k->user, place, "is not the receipt that the log tells of");
    ir_buf_free(&right);
}

static bool signed_by(struct receipts *k, struct ir_str list, const char *file, const char *role)
{
    struct ir_buf sig = IR_BUF(1 << 10), pem = IR_BUF(1 << 16);
    struct ir_key *key = NULL;
    char path[400];
    snprintf(path, sizeof path, "receipts/%s", file);
    bool good = ir_file_read(ir_custody_fd(k->c), path, 512, &sig, NULL) == IR_OK;
    snprintf(path, sizeof path, "keys/%s.pub.pem", role);
    good = good && ir_file_read(ir_custody_fd(k->c), path, 1 << 15, &pem, NULL) == IR_OK &&
           ir_key_public(ir_buf_view(&pem), &key, NULL) == IR_OK && sig.n == IR_SIG_BYTES &&
           ir_key_verify(key, list, (const unsigned char *)sig.p);
    ir_key_free(key);
    ir_buf_free(&sig);
    ir_buf_free(&pem);
    return good;
}

/* Every signature of the list must be good, and there must be one. */
static void check_signatures(struct receipts *k, struct ir_str list, const char *place)
{
    char role[64], where[400];
    size_t n = strlen(k->name);
    unsigned found = 0;
    int fd = openat(ir_custody_fd(k->c), "receipts", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        size_t length = strlen(e->d_name);
        if (strncmp(e->d_name, k->name, n) != 0 || e->d_name[n] != '.' || length < n + 4 ||
            strcmp(e->d_name + length - 4, ".sig") != 0)
            continue;
        size_t of = length - n > 5 ? length - n - 5 : 0;
        snprintf(role, sizeof role, "%.*s", (int)(of ? of : 8),
                 of ? e->d_name + n + 1 : "examiner");
        snprintf(where, sizeof where, "custody/receipts/%s", e->d_name);
        found++;
        if (!signed_by(k, list, e->d_name, role))
            k->problem(k->user, where, "the signature does not belong to this list and this key");
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    if (found == 0) k->problem(k->user, place, "nobody signed it");
}

static void check_one(struct receipts *k, uint64_t seq)
{
    static const char *const endings[] = {".html", ".tlog-proof", ".txt"};
    struct ir_buf list = IR_BUF(1 << 13), file = IR_BUF(IR_RECEIPT_MAX + 2), want = IR_BUF(1 << 13);
    char place[160], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    bool whole = true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (take(k, endings[i], &file, place) != IR_OK) {
            whole = false;
            continue;
        }
        ir_sha256(ir_buf_view(&file), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, hex);
        ir_buf_fmt(&want, "%s  %s%s\n", hex, k->name, endings[i]);
    }
    if (whole) check_text(k, ir_buf_view(&file), seq, place);
    if (take(k, ".sha256", &list, place) == IR_OK) {
        if (whole && !ir_str_eq(ir_buf_view(&list), ir_buf_view(&want)))
            k->problem(k->user, place, "a file of the receipt is not what is listed");
        check_signatures(k, ir_buf_view(&list), place);
    }
    ir_buf_free(&list);
    ir_buf_free(&file);
    ir_buf_free(&want);
}

void ir_check_receipts(const struct ir_custody *c,
                       void (*problem)(void *user, const char *place, const char *text), void *user)
{
    struct receipts k = {.c = c, .problem = problem, .user = user};
    char event[64], number[32];
    uint64_t seq;
    for (uint64_t i = 0; i < ir_custody_count(c); i++) {
        struct ir_str line = ir_custody_line(c, i);
        if (!ir_custody_text(line, "event", event, sizeof event) || strcmp(event, "receipt") != 0)
            continue;
        if (!ir_custody_text(line, "receipt", k.name, sizeof k.name) ||
            !ir_custody_text(line, "of_seq", number, sizeof number) ||
            !ir_str_u64(ir_str_z(number), &seq) || seq == 0 || strchr(k.name, '/') != NULL)
            continue;
        check_one(&k, seq);
    }
}
