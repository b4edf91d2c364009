/*
 * Writing and reading checkpoints (see checkpoint.h).
 */
#include "evidence/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/intl.h"
#include "evidence/files.h"

#define ORIGIN "ir/custody/"

static const char *const roles[IR_SIGN_MAX] = {"examiner", "witness", "receiver"};

const char *ir_signer_name(enum ir_signer_role role)
{
    return roles[role];
}

void ir_checkpoint_name(uint64_t n, char out[IR_CHECKPOINT_NAME])
{
    snprintf(out, IR_CHECKPOINT_NAME, "checkpoint-%06" PRIu64, n);
}

void ir_checkpoint_text(const struct ir_custody *c, uint64_t n, struct ir_buf *out)
{
    unsigned char root[IR_HASH_BYTES];
    ir_custody_root(c, n, root);
    ir_buf_fmt(out, ORIGIN "%s\n%" PRIu64 "\n", ir_custody_case(c), n);
    ir_base64(out, ir_str_n((const char *)root, sizeof root));
    ir_buf_chr(out, '\n');
}

bool ir_checkpoint_parse(struct ir_str text, struct ir_checkpoint *ret_cp)
{
    struct ir_buf root = IR_BUF(64);
    if (text.n == 0 || text.p[text.n - 1] != '\n') return false;
    struct ir_str rest = ir_str_head(text, text.n - 1);
    struct ir_str origin = ir_str_cut(&rest, '\n'), n = ir_str_cut(&rest, '\n');
    struct ir_str base64 = ir_str_cut(&rest, '\n');
    if (rest.p != NULL || origin.n == 0 || origin.n >= sizeof ret_cp->origin) return false;
    if (!ir_str_u64(n, &ret_cp->n) || (n.n > 1 && n.p[0] == '0')) return false;
    bool good = base64.n == 44 && ir_base64_decode(&root, base64) && root.n == IR_HASH_BYTES;
    if (good) memcpy(ret_cp->root, root.p, IR_HASH_BYTES);
    ir_buf_free(&root);
    memcpy(ret_cp->origin, origin.p, origin.n);
    ret_cp->origin[origin.n] = '\0';
    return good;
}

static int key_directory(const struct ir_custody *c, struct ir_err *err)
{
    ir_err_at(err, "custody/keys", -1, 0);
    if (mkdirat(ir_custody_fd(c), "keys", 0755) != 0 && errno != EEXIST)
        return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
    int fd = openat(ir_custody_fd(c), "keys", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    return fd;
}

/* The name under which this key's public half lies in custody/keys, made when it is new: ROLE, or
 * ROLE-2 and so on when somebody else signed as ROLE before. */
static int place_key(const struct ir_custody *c, const struct ir_signer *s, char *out, size_t size,
                     struct ir_err *err)
{
    struct ir_buf pem = IR_BUF(1 << 16), there = IR_BUF(1 << 16);
    char file[64];
    int fd = key_directory(c, err), rc = fd < 0 ? fd : IR_END;
    if (fd >= 0 && !ir_key_pem(s->key, &pem)) rc = ir_fail(err, IR_FATAL, "out of memory");
    for (unsigned i = 1; rc == IR_END && i < 1000; i++) {
        snprintf(out, size, i == 1 ? "%s" : "%s-%u", roles[s->role], i);
        snprintf(file, sizeof file, "%s.pub.pem", out);
        ir_buf_clear(&there);
        rc = ir_file_read(fd, file, 1 << 15, &there, err);
        if (rc == IR_END)
            rc = ir_file_create(fd, file, 0644, ir_buf_view(&pem), err);
        else if (rc == IR_OK && !ir_str_eq(ir_buf_view(&there), ir_buf_view(&pem)))
            rc = IR_END; /* somebody else's */
    }
    if (fd >= 0) close(fd);
    ir_buf_free(&pem);
    ir_buf_free(&there);
    return rc;
}

int ir_checkpoint_sign(const struct ir_custody *c, const char *name, struct ir_str text,
                       const struct ir_signer *s, struct ir_err *err)
{
    unsigned char sig[IR_SIG_BYTES];
    char role[32], file[IR_CHECKPOINT_NAME + 48];
    int rc = place_key(c, s, role, sizeof role, err);
    if (rc == IR_OK) rc = ir_key_sign(s->key, text, sig, err);
    if (rc != IR_OK) return rc;
    if (strcmp(role, roles[IR_SIGN_EXAMINER]) == 0)
        snprintf(file, sizeof file, "%s.sig", name);
    else
        snprintf(file, sizeof file, "%s.%s.sig", name, role);
    /* The same again when it was written before a process died: the algorithm has no chance in it.
     */
    return ir_file_replace(ir_custody_fd(c), file, 0444, ir_str_n((const char *)sig, sizeof sig),
                           err);
}

static bool is_signature(const struct dirent *e, const char *name)
{
    size_t n = strlen(name);
    return strncmp(e->d_name, name, n) == 0 && e->d_name[n] == '.' &&
           ir_str_ends(ir_str_z(e->d_name), IR_S(".sig"));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_line(struct ir_str bytes, const char *file, struct ir_buf *out)
{
    unsigned char md[IR_HASH_BYTES];
    char hex[IR_HASH_TEXT];
    ir_sha256(bytes, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, hex);
    ir_buf_fmt(out, "%s  %s\n", hex, file);
}

/* Lines of sha256sum for the checkpoint and each signature of it. */
static int write_list(const struct ir_custody *c, const char *name, struct ir_str checkpoint,
                      struct ir_err *err)
{
    char *files[64], list[IR_CHECKPOINT_NAME + 16];
    unsigned n = 0;
    int fd = openat(ir_custody_fd(c), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = IR_OK;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return ir_fail(err, IR_FATAL, "cannot be listed: %-s", ir_errno_text(errno));
    }
    for (struct dirent *e; n < 64 && (e = readdir(d)) != NULL;)
        if (is_signature(e, name) && (files[n] = strdup(e->d_name)) != NULL) n++;
    closedir(d);
    if (n > 0) qsort(files, n, sizeof files[0], by_name);
    struct ir_buf text = IR_BUF(1 << 16), sig = IR_BUF(1 << 16);
    list_line(checkpoint, name, &text);
    for (unsigned i = 0; i < n; i++) {
        ir_buf_clear(&sig);
        if (rc == IR_OK) rc = ir_file_read(ir_custody_fd(c), files[i], 1 << 15, &sig, err);
        if (rc == IR_OK) list_line(ir_buf_view(&sig), files[i], &text);
        free(files[i]);
    }
    snprintf(list, sizeof list, "%s.sha256", name);
    if (rc == IR_OK) rc = ir_file_replace(ir_custody_fd(c), list, 0444, ir_buf_view(&text), err);
    ir_buf_free(&text);
    ir_buf_free(&sig);
    return rc;
}

/* The checkpoint itself comes last: where it lies, what vouches for it lies beside it. */
int ir_checkpoint_write(struct ir_custody *c, const struct ir_signer *signers, unsigned n,
                        struct ir_err *err)
{
    char name[IR_CHECKPOINT_NAME];
    struct ir_buf text = IR_BUF(1 << 12), there = IR_BUF(1 << 16);
    ir_checkpoint_name(ir_custody_count(c), name);
    ir_checkpoint_text(c, ir_custody_count(c), &text);
    int rc = ir_file_read(ir_custody_fd(c), name, 1 << 15, &there, err);
    bool is_new = rc == IR_END;
    if (is_new)
        rc = IR_OK;
    else if (rc == IR_OK && !ir_str_eq(ir_buf_view(&text), ir_buf_view(&there)))
        rc = ir_fail(err, IR_FATAL, "this checkpoint is not one of this log: one was changed");
    for (unsigned i = 0; i < n && rc == IR_OK; i++)
        rc = ir_checkpoint_sign(c, name, ir_buf_view(&text), &signers[i], err);
    if (rc == IR_OK) rc = write_list(c, name, ir_buf_view(&text), err);
    if (rc == IR_OK && is_new)
        rc = ir_file_create(ir_custody_fd(c), name, 0444, ir_buf_view(&text), err);
    ir_buf_free(&text);
    ir_buf_free(&there);
    return rc;
}

bool ir_checkpoint_is_there(const struct ir_custody *c, uint64_t n)
{
    char name[IR_CHECKPOINT_NAME];
    struct stat st;
    ir_checkpoint_name(n, name);
    return fstatat(ir_custody_fd(c), name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

bool ir_checkpoint_digest(const struct ir_custody *c, uint64_t n, char out[IR_HASH_TEXT])
{
    char name[IR_CHECKPOINT_NAME + 16];
    unsigned char md[IR_HASH_BYTES];
    struct ir_buf list = IR_BUF(1 << 16);
    ir_checkpoint_name(n, name);
    memcpy(name + strlen(name), ".sha256", 8);
    bool there = n > 0 && ir_checkpoint_is_there(c, n) &&
                 ir_file_read(ir_custody_fd(c), name, 1 << 15, &list, NULL) == IR_OK;
    if (there) {
        ir_sha256(ir_buf_view(&list), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, out);
    }
    ir_buf_free(&list);
    return there;
}

void ir_checkpoint_drop_half(const struct ir_custody *c)
{
    char name[IR_CHECKPOINT_NAME + 16];
    struct stat st;
    uint64_t n = ir_custody_count(c);
    size_t end;
    if (n == 0 || ir_checkpoint_is_there(c, n)) return;
    ir_checkpoint_name(n, name);
    end = strlen(name);
    /* A request for a time-stamp comes after all of it: then it is not half, but was taken away. */
    memcpy(name + end, ".tsq", 5);
    if (fstatat(ir_custody_fd(c), name, &st, AT_SYMLINK_NOFOLLOW) == 0) return;
    name[end + 1] = '\0';
    ir_files_drop(ir_custody_fd(c), name);
    errno = 0;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

int ir_checkpoint_each(const struct ir_custody *c, int (*each)(void *user, uint64_t n), void *user,
                       struct ir_err *err)
{
    uint64_t *v = NULL, number;
    size_t n = 0, cap = 0;
    int fd = openat(ir_custody_fd(c), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = IR_OK;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return ir_fail(err, IR_FATAL, "custody cannot be listed: %-s", ir_errno_text(errno));
    }
    for (struct dirent *e; rc == IR_OK && (e = readdir(d)) != NULL;) {
        struct ir_str name = ir_str_z(e->d_name);
        if (!ir_str_starts(name, IR_S("checkpoint-")) ||
            !ir_str_u64(ir_str_skip(name, 11), &number))
            continue;
        if (n == cap) {
            uint64_t *more = realloc(v, (cap = cap ? 2 * cap : 16) * sizeof *v);
            if (more == NULL) {
                rc = ir_fail(err, IR_FATAL, "out of memory");
                break;
            }
            v = more;
        }
        v[n++] = number;
    }
    closedir(d);
    if (n > 0) qsort(v, n, sizeof *v, by_number);
    for (size_t i = 0; i < n && rc == IR_OK; i++)
        rc = each(user, v[i]);
    free(v);
    return rc;
}
