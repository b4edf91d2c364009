/*
 * Closing an exhibit: every copy is read back and compared with what was read from the source,
 * then come the manifests, the tag files, and last tagmanifest-sha256.txt, whose digest is the
 * seal.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/exhibit_int.h"
#include "evidence/export.h"
#include "evidence/files.h"
#include "evidence/hasher.h"
#include "evidence/listing.h"
#include "evidence/outlet.h"

#define TAGS_MAX ((size_t)1 << 20)

struct sealing {
    struct ir_exhibit *x;
    struct ir_outlet manifest[IR_DIGEST_ALG_MAX];
    unsigned listed; /* IR_DIGEST_BIT of those that are open */
    uint64_t files, bytes;
    char stored[IR_STORED_MAX];
    struct ir_hasher *h; /* reads the copies back */
    int rc;              /* of the first copy that is wrong */
    struct ir_err *err;
};

/* A tag file that is written line by line. */
static int open_tag(struct ir_exhibit *x, const char *name, struct ir_outlet *out,
                    struct ir_err *err)
{
    int fd = openat(x->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    ir_err_at(err, name, -1, 0);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    int rc = ir_outlet_open(out, fd, err);
    if (rc != IR_OK) close(fd);
    return rc;
}

/* rc: what was wrong before; then that is kept, unless it is only that writing was stopped. */
static int close_tag(const char *name, struct ir_outlet *out, int rc, struct ir_err *err)
{
    struct ir_err second = {0};
    int fd = out->fd, closed = ir_outlet_close(out, &second);
    if (closed == IR_OK && fsync(fd) != 0)
        closed = ir_fail(&second, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    if (close(fd) != 0 && closed == IR_OK)
        closed = ir_fail(&second, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    if (closed == IR_OK || (rc != IR_OK && rc != IR_END)) return rc;
    ir_err_at(&second, name, -1, 0);
    *err = second;
    return closed;
}

/* A tag file through the pump. */
static int digest_file(struct ir_exhibit *x, const char *path, struct ir_digest_sum *sum,
                       struct ir_err *err)
{
    ir_err_at(err, path, -1, 0);
    int fd = ir_io_open(x->fd, path, O_NOFOLLOW);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(-fd));
    ssize_t got;
    ir_pump_begin(x->pump);
    while ((got = ir_io_read_full(fd, ir_pump_buffer(x->pump), IR_PUMP_CHUNK)) > 0)
        ir_pump_put(x->pump, (size_t)got);
    bool good = ir_pump_end(x->pump, sum);
    close(fd);
    if (got < 0)
        return ir_fail(err, IR_FATAL, "cannot be read back: %-s", ir_errno_text((int)-got));
    return good ? IR_OK : ir_fail(err, IR_FATAL, "a digest failed");
}

/* One line of the list: its copy is to be read again. IR_END: one before it was wrong. */
static int take_line(struct sealing *s, struct ir_str line)
{
    struct ir_digest_sum listed = {0};
    char hex[IR_DIGEST_TEXT];
    uint64_t bytes = 0;
    if (!ir_json_member(line, "stored", s->stored, sizeof s->stored)) return IR_OK;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        enum ir_digest_alg alg = (enum ir_digest_alg)a;
        if ((s->listed & IR_DIGEST_BIT(a)) &&
            ir_json_member(line, ir_digest_name(alg), hex, sizeof hex) &&
            ir_unhex(ir_str_z(hex), listed.v[a], ir_digest_size(alg)))
            listed.set |= IR_DIGEST_BIT(a);
    }
    ir_json_member_u64(line, "bytes", &bytes);
    const struct ir_hasher_file f = {.dirfd = s->x->fd,
                                     .path = ir_str_z(s->stored),
                                     .size = bytes,
                                     .extra = &listed,
                                     .extra_n = sizeof listed};
    return ir_hasher_put(s->h, &f) ? IR_OK : IR_END;
}

static void wrong(struct sealing *s, int rc)
{
    s->rc = rc;
    ir_hasher_stop(s->h);
}

/* A copy was read back: it is what was read from the source, and enters the manifests. */
static void on_read_back(void *user, const struct ir_hasher_result *r)
{
    struct sealing *s = user;
    const struct ir_digest_sum *listed = r->extra;
    char was[IR_DIGEST_TEXT], now[IR_DIGEST_TEXT];
    ir_err_at(s->err, r->path.p, -1, 0);
    if (r->problem != NULL) {
        wrong(s, ir_fail(s->err, IR_FATAL, "cannot be read back: %-s", r->problem));
        return;
    }
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(s->listed & IR_DIGEST_BIT(a))) continue;
        ir_digest_hex(listed, (enum ir_digest_alg)a, was);
        ir_digest_hex(&r->sum, (enum ir_digest_alg)a, now);
        if (strcmp(was, now) != 0) {
            wrong(s, ir_fail(s->err, IR_BAD,
                             "the copy is not what was read from the source (%s %s, read back %s): "
                             "the medium is at fault, or somebody wrote to it",
                             ir_digest_name((enum ir_digest_alg)a), was, now));
            return;
        }
        ir_buf_fmt(&s->manifest[a].b, "%s  %s\n", now, r->path.p);
        if (!ir_outlet_drain(&s->manifest[a])) ir_hasher_stop(s->h); /* close_tag tells why */
    }
    s->files++;
    s->bytes += r->bytes;
}

static void on_tick(void *user, uint64_t bytes)
{
    const struct sealing *s = user;
    if (s->x->show != NULL) s->x->show(s->x->show_user, s->files, bytes, s->x->totals.bytes);
}

static int open_manifests(struct sealing *s, struct ir_err *err)
{
    char name[64];
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(s->x->set & IR_DIGEST_BIT(a))) continue;
        snprintf(name, sizeof name, "manifest-%s.txt", ir_digest_name((enum ir_digest_alg)a));
        int rc = open_tag(s->x, name, &s->manifest[a], err);
        if (rc != IR_OK) return rc;
        s->listed |= IR_DIGEST_BIT(a);
    }
    return IR_OK;
}

static int close_manifests(struct sealing *s, int rc, struct ir_err *err)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (s->listed & IR_DIGEST_BIT(a)) rc = close_tag("a manifest", &s->manifest[a], rc, err);
    return rc;
}

static int read_back(struct sealing *s, struct ir_listing *l, struct ir_err *err)
{
    const struct ir_hasher_options o = {.set = s->x->set,
                                        .beneath = true,
                                        .cold = true,
                                        .told = on_read_back,
                                        .tick = on_tick,
                                        .user = s};
    struct ir_str line;
    int rc = ir_hasher_new(&o, &s->h, err), ended;
    if (rc != IR_OK) return rc;
    while ((rc = ir_listing_next(l, &line, err)) == IR_OK && take_line(s, line) == IR_OK)
        ;
    if (rc < 0) ir_hasher_stop(s->h);
    ended = ir_hasher_end(s->h, rc < 0 ? NULL : err);
    if (s->rc != IR_OK) return s->rc;
    return rc < 0 ? rc : ended;
}

static int write_manifests(struct sealing *s, struct ir_err *err)
{
    struct ir_listing *l = NULL;
    int rc = ir_listing_open(s->x->fd, "meta/files.jsonl", &l, err);
    if (rc == IR_OK) rc = open_manifests(s, err);
    if (rc == IR_OK) rc = read_back(s, l, err);
    ir_listing_close(l);
    return close_manifests(s, rc, err);
}

/* A value of bag-info.txt has no line ends; controls would hide things. */
static void info_line(struct ir_buf *b, const char *label, const char *value)
{
    if (value == NULL || *value == '\0') return;
    ir_buf_fmt(b, "%s: ", label);
    for (; *value != '\0'; value++)
        ir_buf_chr(b, (unsigned char)*value < ' ' ? ' ' : *value);
    ir_buf_chr(b, '\n');
}

static int write_tags(struct sealing *s, const struct ir_bag_info *info, size_t n,
                      struct ir_err *err)
{
    static const struct ir_str head =
        IR_S("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    struct ir_buf b = IR_BUF(TAGS_MAX);
    for (size_t i = 0; i < n; i++)
        info_line(&b, info[i].label, info[i].value);
    ir_buf_fmt(&b, "Payload-Oxum: %" PRIu64 ".%" PRIu64 "\n", s->bytes, s->files);
    int rc = b.full ? ir_fail(err, IR_FATAL, "bag-info.txt would be too long") : IR_OK;
    if (rc == IR_OK) rc = ir_file_replace(s->x->fd, "bag-info.txt", 0600, ir_buf_view(&b), err);
    if (rc == IR_OK) rc = ir_file_replace(s->x->fd, "bagit.txt", 0600, head, err);
    ir_buf_free(&b);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The files of one directory of the bag, sorted, as "dir/name". */
static int tag_files(struct ir_exhibit *x, const char *dir, char **v, size_t *n, size_t max,
                     struct ir_err *err)
{
    struct stat st;
    int fd = openat(x->fd, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    ir_err_at(err, dir, -1, 0);
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return ir_fail(err, IR_FATAL, "cannot be listed: %-s", ir_errno_text(errno));
    }
    int rc = IR_OK;
    for (struct dirent *e; rc == IR_OK && (e = readdir(d)) != NULL;) {
        char path[600];
        if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
            strncmp(e->d_name, "tagmanifest-", 12) == 0)
            continue;
        snprintf(path, sizeof path, "%s%s%s", strcmp(dir, ".") == 0 ? "" : dir,
                 strcmp(dir, ".") == 0 ? "" : "/", e->d_name);
        if (*n == max || (v[*n] = strdup(path)) == NULL)
            rc = ir_fail(err, IR_FATAL, "too many tag files, or out of memory");
        else
            ++*n;
    }
    closedir(d);
    return rc;
}

/* tagmanifest-sha256.txt comes last: with it the bag is whole. */
static int write_tagmanifests(struct sealing *s, char ret_seal[IR_DIGEST_TEXT], struct ir_err *err)
{
    char *files[128];
    size_t n = 0;
    struct ir_digest_sum sum = {0};
    struct ir_buf text[IR_DIGEST_ALG_MAX];
    char hex[IR_DIGEST_TEXT], name[64];
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        text[a] = IR_BUF(TAGS_MAX);
    int rc = tag_files(s->x, ".", files, &n, 128, err);
    if (rc == IR_OK) rc = tag_files(s->x, "meta", files, &n, 128, err);
    if (n > 0) qsort(files, n, sizeof files[0], by_name);
    for (size_t i = 0; i < n; i++) {
        if (rc == IR_OK) rc = digest_file(s->x, files[i], &sum, err);
        for (unsigned a = 0; rc == IR_OK && a < IR_DIGEST_ALG_MAX; a++) {
            ir_digest_hex(&sum, (enum ir_digest_alg)a, hex);
            if (hex[0] != '\0') ir_buf_fmt(&text[a], "%s  %s\n", hex, files[i]);
        }
        free(files[i]);
    }
    static const enum ir_digest_alg order[] = {IR_MD5, IR_SHA1, IR_SHA512, IR_SHA256};
    for (size_t i = 0; rc == IR_OK && i < sizeof order / sizeof *order; i++) {
        if (!(s->x->set & IR_DIGEST_BIT(order[i]))) continue;
        snprintf(name, sizeof name, "tagmanifest-%s.txt", ir_digest_name(order[i]));
        rc = ir_file_replace(s->x->fd, name, 0444, ir_buf_view(&text[order[i]]), err);
    }
    if (rc == IR_OK && ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(&text[IR_SHA256]), &sum))
        ir_digest_hex(&sum, IR_SHA256, ret_seal);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        ir_buf_free(&text[a]);
    return rc;
}

/* Names and times for mactime, so that who gets the exhibit needs nothing of ours. */
static int write_bodyfile(struct ir_exhibit *x, struct ir_err *err)
{
    static const char name[] = "meta/bodyfile.txt";
    struct ir_outlet out;
    int rc = open_tag(x, name, &out, err);
    return rc == IR_OK ? close_tag(name, &out, ir_export_bodyfile(x->fd, &out, err), err) : rc;
}

int ir_exhibit_seal(struct ir_exhibit *x, const struct ir_bag_info *info, size_t n,
                    char ret_seal[IR_DIGEST_TEXT], struct ir_err *err)
{
    struct sealing s = {.x = x, .err = err};
    ir_err_at(err, x->item, -1, 0);
    if (fsync(x->list) != 0 || fsync(x->errors) != 0 || syncfs(x->fd) != 0)
        return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    int rc = write_manifests(&s, err);
    if (rc == IR_OK) rc = write_bodyfile(x, err);
    if (rc == IR_OK) rc = write_tags(&s, info, n, err);
    if (rc == IR_OK) rc = write_tagmanifests(&s, ret_seal, err);
    if (rc == IR_OK && syncfs(x->fd) != 0)
        rc = ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    if (rc == IR_OK) ir_exhibit_protect(x);
    return rc;
}
