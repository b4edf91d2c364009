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
#include "evidence/check_int.h"
#include "evidence/checkpoint.h"
#include "evidence/files.h"
#include "evidence/howto.h"
#include "evidence/ledger.h"
#include "evidence/stamp.h"

void ir_check_problem(struct ir_check *k, const char *place, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    k->t->problems++;
    k->report->problem(k->report->user, place, text);
}

void ir_check_unclear(struct ir_check *k, const char *place, const char *fmt, ...)
{
    char text[IR_LOCAL_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (k->report->unclear == NULL) {
        ir_check_problem(k, place, "%s", text);
        return;
    }
    k->t->unclear++;
    k->report->unclear(k->report->user, place, text);
}

void ir_check_must(struct ir_check *k, const char *fmt, ...)
{
    char name[600];
    bool is_new;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(name, sizeof name, fmt, ap);
    va_end(ap);
    for (char *end = name + strlen(name); end != NULL; end = strrchr(name, '/')) {
        *end = '\0';
        if (ir_map_put(&k->must, ir_str_z(name), &is_new) == NULL)
            ir_check_problem(k, name, "out of memory");
    }
}

int ir_check_read(struct ir_check *k, const char *name, size_t max, struct ir_buf *out)
{
    char place[600];
    struct ir_err err = {0};
    ir_buf_clear(out);
    snprintf(place, sizeof place, "custody/%s", name);
    ir_check_must(k, "%s", place);
    int rc = ir_file_read(ir_custody_fd(k->c), name, max, out, &err);
    if (rc != IR_OK) ir_check_problem(k, place, "%s", rc == IR_END ? "is missing" : err.msg);
    return rc;
}

void ir_check_sha256(struct ir_str bytes, char out[IR_HASH_TEXT])
{
    unsigned char md[IR_HASH_BYTES];
    ir_sha256(bytes, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, out);
}

static void compare(const struct ir_check *k, const char *what, const char *value)
{
    if (k->report->compare != NULL) k->report->compare(k->report->user, what, value);
}

/* When the log last tells that the whole exhibit was read and found good, since its last seal. One
 * that was away then was not read with the others. */
static void last_proved(const struct ir_check *k, const char *item, char out[64])
{
    char text[512], event[64];
    bool away = false;
    out[0] = '\0';
    for (uint64_t i = 0; i < ir_custody_count(k->c); i++) {
        struct ir_str line = ir_custody_line(k->c, i);
        if (!ir_custody_text(line, "event", event, sizeof event)) continue;
        bool of_all = !ir_custody_text(line, "item_id", text, sizeof text);
        if (!of_all && strcmp(text, item) != 0) continue;
        if (strcmp(event, "verify") == 0) {
            if (!(of_all && away) && ir_custody_text(line, "mode", text, sizeof text) &&
                strcmp(text, "whole") == 0 &&
                ir_custody_text(line, "problems", text, sizeof text) && strcmp(text, "0") == 0)
                ir_custody_text(line, "time_utc", out, 64);
        } else if (strcmp(event, "transfer-out") == 0 || strcmp(event, "dispose") == 0) {
            away = true;
        } else if (strcmp(event, "transfer-in") == 0 || strcmp(event, "check-in") == 0) {
            away = false;
        } else if (strcmp(event, "seal") == 0) {
            away = false;
            out[0] = '\0';
        }
    }
}

/* The line of the exhibit's last seal. */
static uint64_t seal_line(const struct ir_check *k, const char *item)
{
    char text[IR_LEDGER_TEXT];
    for (uint64_t i = ir_custody_count(k->c); i > 0; i--) {
        struct ir_str line = ir_custody_line(k->c, i - 1);
        if (ir_custody_text(line, "event", text, sizeof text) && strcmp(text, "seal") == 0 &&
            ir_custody_text(line, "item_id", text, sizeof text) && strcmp(text, item) == 0)
            return i;
    }
    return 0;
}

/* The exhibit lies here: its seal must be that of the log. item->seal "": none is told. */
static void check_seal(struct ir_check *k, const struct ir_item *item)
{
    char place[400], hex[IR_HASH_TEXT] = "", proved[64] = "", what[300];
    struct ir_buf tag = IR_BUF(IR_CHECK_CONTROL_MAX);
    struct ir_err err = {0};
    snprintf(place, sizeof place, "%s/tagmanifest-sha256.txt", item->id);
    int rc = ir_file_read(k->case_fd, place, IR_CHECK_CONTROL_MAX - 1, &tag, &err);
    if (rc == IR_OK) ir_check_sha256(ir_buf_view(&tag), hex);
    ir_buf_free(&tag);
    k->t->exhibits++;
    if (rc != IR_OK)
        ir_check_problem(k, place, "%s",
                         rc == IR_END ? "is missing: the exhibit is not whole" : err.msg);
    else if (k->c != NULL && item->seal[0] == '\0')
        ir_check_problem(k, place, "no line of the log tells of this seal");
    else if (k->c != NULL && strcmp(hex, item->seal) != 0)
        ir_check_problem(k, place,
                         "its digest is not the seal in the log: the exhibit was changed");
    if (k->c != NULL) last_proved(k, item->id, proved);
    const struct ir_check_exhibit x = {
        item->id,   item->seal, item->sealed_at, proved, k->c != NULL ? seal_line(k, item->id) : 0,
        rc == IR_OK};
    if (k->report->exhibit != NULL) k->report->exhibit(k->report->user, &x);
    snprintf(what, sizeof what, "seal %s", item->id);
    compare(k, what, hex);
}

static bool is_directory(int dirfd, const char *name)
{
    struct stat st;
    return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Each exhibit of the log. One that was handed over or disposed of need not be here. */
static void check_exhibits(struct ir_check *k)
{
    struct ir_ledger l;
    struct ir_err err = {0};
    if (ir_ledger_read(k->c, &l, &err) != IR_OK) {
        ir_check_problem(k, "custody/log.jsonl", "%s", err.msg);
        return;
    }
    for (size_t i = 0; i < l.n; i++) {
        const struct ir_item *item = &l.v[i];
        if (is_directory(k->case_fd, item->id)) {
            ir_check_must(k, "%s", item->id);
            check_seal(k, item);
        } else if (item->state == IR_ITEM_ON_WAY) {
            k->report->note(k->report->user, item->id,
                            N_("is not here: it was handed over, as the log tells"));
        } else if (item->state == IR_ITEM_DISPOSED) {
            k->report->note(k->report->user, item->id,
                            N_("is not here: it was disposed of, as the log tells"));
        } else if (item->seal[0] != '\0') {
            ir_check_problem(k, item->id, "is missing, though the log does not tell why");
        }
    }
    ir_ledger_free(&l);
}

/* Where the log cannot be used: directories that look like exhibits, without its word for seals. */
static void check_orphans(struct ir_check *k)
{
    int fd = openat(k->case_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char inside[300];
        struct ir_item item = {0};
        snprintf(inside, sizeof inside, "%s/meta", e->d_name);
        snprintf(item.id, sizeof item.id, "%s", e->d_name);
        if (e->d_name[0] != '.' && strcmp(e->d_name, "custody") != 0 &&
            is_directory(k->case_fd, inside))
            check_seal(k, &item);
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
}

/* The texts are those that the last line tells of. */
static void check_howto(struct ir_check *k)
{
    char told[IR_HASH_TEXT + 1], hex[IR_HASH_TEXT];
    const struct ir_str last = ir_custody_line(k->c, ir_custody_count(k->c) - 1);
    struct ir_buf text = IR_BUF(IR_CHECK_CONTROL_MAX);
    for (size_t i = 0; ir_howto_name(i) != NULL; i++) {
        const char *name = ir_howto_name(i);
        ir_buf_clear(&text);
        ir_check_must(k, "%s", name);
        int rc = ir_file_read(k->case_fd, name, IR_CHECK_CONTROL_MAX - 1, &text, NULL);
        ir_check_sha256(ir_buf_view(&text), hex);
        ir_custody_text(last, ir_howto_member(i), told, sizeof told);
        if (rc == IR_END)
            ir_check_problem(k, name, "is missing");
        else if (rc != IR_OK || strcmp(told, hex) != 0)
            ir_check_problem(k, name, "is not the text that the log tells of: do not run it");
    }
    ir_buf_free(&text);
}

/* Nothing lies in the directory but what was accounted for. The inside of an exhibit is bag.h's. */
static void check_added(struct ir_check *k, const char *dir)
{
    int fd = openat(k->case_fd, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL && errno != ENOENT) ir_check_problem(k, dir, "is no directory, or unreadable");
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char name[400];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (strcmp(dir, ".") == 0)
            snprintf(name, sizeof name, "%s", e->d_name);
        else
            snprintf(name, sizeof name, "%s/%s", dir, e->d_name);
        if (ir_map_find(&k->must, ir_str_z(name)) != UINT32_MAX) continue;
        const uint64_t n = ir_check_number(name);
        if (k->open && n == k->t->lines) continue; /* told with the checkpoint that is missing */
        if (n > k->t->lines)
            ir_check_problem(k, name,
                             "belongs to line %" PRIu64
                             ", which the log does not have: its end was "
                             "cut off, or this was added",
                             n);
        else
            ir_check_problem(k, name, "nothing in the log tells of it: it was added");
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
}

/* What only paper, or another's copy, can prove: that this is the log, and all of it. */
static void tell_head(struct ir_check *k)
{
    char text[32], what[160], hex[IR_HASH_TEXT];
    struct ir_buf checkpoint = IR_BUF(1 << 12), ca = IR_BUF(IR_STAMP_MAX + 1);
    snprintf(text, sizeof text, "%" PRIu64, k->t->lines);
    compare(k, "lines", text);
    compare(k, "last line", ir_custody_head(k->c));
    ir_checkpoint_text(k->c, k->t->lines, &checkpoint);
    struct ir_str rest = ir_buf_view(&checkpoint);
    ir_str_cut(&rest, '\n');
    ir_str_cut(&rest, '\n');
    if (rest.n > 0) checkpoint.p[checkpoint.n - 1] = '\0';
    compare(k, "root", rest.n > 0 ? rest.p : "");
    for (size_t i = 0; i < k->nkeys; i++) {
        snprintf(what, sizeof what, "key %s", k->keys[i].role);
        compare(k, what, k->keys[i].id);
    }
    if (k->t->stamps > 0 && ir_stamp_ca(k->c, &ca, NULL) == IR_OK) {
        ir_check_sha256(ir_buf_view(&ca), hex);
        compare(k, "custody/tsa/ca.pem", hex);
    }
    ir_buf_free(&checkpoint);
    ir_buf_free(&ca);
}

/* A case of which nobody signed anything is told to be so; where anybody did, the end is signed. */
static void check_covered(struct ir_check *k)
{
    char id[IR_HASH_TEXT + 1];
    bool anybody = false;
    for (uint64_t i = 0; i < k->t->lines && !anybody; i++)
        anybody = ir_custody_text(ir_custody_line(k->c, i), "actor.key_id", id, sizeof id) ||
                  ir_custody_text(ir_custody_line(k->c, i), "witness.key_id", id, sizeof id);
    if (!anybody)
        k->report->note(k->report->user, "custody/log.jsonl",
                        N_("UNSIGNED: nobody has signed this case, anybody may have written it"));
    else if (k->t->covered < k->t->lines && !k->open)
        ir_check_problem(k, "custody/log.jsonl",
                         "the lines after number %" PRIu64 " are signed by nobody", k->t->covered);
}

static void check_all(struct ir_check *k, const struct ir_check_known *known)
{
    static const char *const places[] = {".", "custody", "custody/keys", "custody/tsa",
                                         "custody/receipts"};
    ir_check_must(k, "custody/log.jsonl");
    ir_check_keys(k);
    ir_check_told(k);
    ir_check_receipts(k);
    if (k->t->lines > 0) ir_check_end(k, known);
    check_covered(k);
    check_exhibits(k);
    check_howto(k);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        check_added(k, places[i]);
    tell_head(k);
    ir_check_keys_free(k);
    ir_map_free(&k->must);
}

int ir_check_case(int case_fd, const struct ir_check_known *known,
                  const struct ir_check_report *report, struct ir_check_totals *ret_totals,
                  struct ir_err *err)
{
    struct ir_check k = {.case_fd = case_fd, .report = report, .t = ret_totals};
    struct ir_err local = {0}, *e = err != NULL ? err : &local;
    *ret_totals = (struct ir_check_totals){0};
    int rc = ir_custody_open(case_fd, NULL, IR_CUSTODY_READ, NULL, &k.c, e);
    if (rc != IR_OK) {
        char place[600];
        snprintf(place, sizeof place, "%s:%" PRId64, e->input, e->line);
        ir_check_problem(&k, place, "%s", e->msg);
        check_orphans(&k);
        return rc;
    }
    k.t->lines = ir_custody_count(k.c);
    if (ir_custody_torn(k.c).n > 0)
        ir_check_problem(&k, "custody/log.jsonl",
                         "ends in an incomplete line: an event was cut off, or something was added "
                         "(the next event takes note of it)");
    if (k.t->lines == 0) ir_check_problem(&k, "custody/log.jsonl", "is empty");
    k.ca = IR_BUF(IR_STAMP_MAX + 1);
    rc = ir_stamp_ca(k.c, &k.ca, e);
    if (rc != IR_OK && rc != IR_END) ir_check_problem(&k, "custody/tsa/ca.pem", "%s", e->msg);
    check_all(&k, known);
    ir_buf_free(&k.ca);
    ir_custody_close(k.c);
    return IR_OK;
}
