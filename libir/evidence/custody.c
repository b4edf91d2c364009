/*
 * Reading, checking and appending the custody log (see custody.h).
 */
#include "evidence/custody.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/checkpoint.h"
#include "evidence/custody_int.h"
#include "evidence/files.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* Room for one more line. */
static bool reserve(struct ir_custody *c)
{
    if (c->n < c->cap) return true;
    uint64_t cap = c->cap ? 2 * c->cap : 64;
    struct ir_str *more = realloc(c->lines, cap * sizeof *more);
    if (more == NULL) return false;
    c->lines = more;
    c->cap = cap;
    return true;
}

static void add_line(struct ir_custody *c, struct ir_str line)
{
    unsigned char md[IR_HASH_BYTES];
    c->lines[c->n++] = line;
    ir_sha256(line, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, c->head);
}

static bool is_json(struct ir_str line)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    ir_json_begin(&j, line);
    while ((rc = ir_json_next(&j, &t)) == IR_OK)
        if (t.depth == 0 && t.type != IR_JSON_OBJECT && t.type != IR_JSON_OBJECT_END) return false;
    return rc == IR_END;
}

/* One line against those before it. */
static int check_line(struct ir_custody *c, struct ir_str line, struct ir_err *err)
{
    char text[IR_HASH_TEXT + 64];
    uint64_t seq;
    ir_err_at(err, "custody/log.jsonl", -1, (int64_t)c->n + 1);
    if (!is_json(line)) return ir_fail(err, IR_FATAL, "the line is not a JSON object");
    if (!ir_json_member_u64(line, "seq", &seq) || seq != c->n + 1)
        return ir_fail(err, IR_FATAL,
                       "line %" PRIu64 " has another number: a line was dropped, repeated or moved",
                       c->n + 1);
    if (!ir_json_member(line, "prev", text, sizeof text) || strcmp(text, c->head) != 0)
        return ir_fail(err, IR_FATAL,
                       "the chain is broken: this line does not follow the one before it, so one "
                       "of the two was changed");
    if (!ir_json_member(line, "case_id", text, sizeof text) || strcmp(text, c->case_id) != 0)
        return ir_fail(err, IR_FATAL, "the line belongs to another case");
    return IR_OK;
}

static int check_log(struct ir_custody *c, struct ir_err *err)
{
    struct ir_str rest = ir_buf_view(&c->text), line;
    while (rest.n > 0) {
        size_t n = ir_str_chr(rest, '\n');
        if (n == IR_NPOS) { /* cut by a power failure: never acknowledged to anybody */
            c->torn = rest;
            return IR_OK;
        }
        line = ir_str_head(rest, n);
        if (c->n == 0 && c->case_id[0] == '\0')
            ir_json_member(line, "case_id", c->case_id, sizeof c->case_id);
        int rc = check_line(c, line, err);
        if (rc != IR_OK) return rc;
        if (!reserve(c)) return ir_fail(err, IR_FATAL, "out of memory");
        add_line(c, line);
        rest = ir_str_skip(rest, n + 1);
    }
    return IR_OK;
}

static int read_log(struct ir_custody *c, struct ir_err *err)
{
    struct stat st;
    ir_err_at(err, "custody/log.jsonl", -1, 0);
    if (fstat(c->fd, &st) != 0) return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    if ((uint64_t)st.st_size > IR_CUSTODY_LOG_MAX)
        return ir_fail(err, IR_FATAL, "the log is larger than %zu MiB", IR_CUSTODY_LOG_MAX >> 20);
    size_t n = (size_t)st.st_size;
    if (n > 0 && !ir_buf_reserve(&c->text, n)) return ir_fail(err, IR_FATAL, "out of memory");
    ssize_t got = n > 0 ? ir_io_pread_full(c->fd, c->text.p, n, 0) : 0;
    if (got < 0) return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text((int)-got));
    c->text.n = (size_t)got;
    size_t whole = c->text.n; /* behind the last line end a power cut may have left anything */
    while (whole > 0 && c->text.p[whole - 1] != '\n')
        whole--;
    if (memchr(c->text.p ? c->text.p : "", '\0', whole) != NULL)
        return ir_fail(err, IR_FATAL, "the log holds NUL bytes");
    return check_log(c, err);
}

static int lock(const struct ir_custody *c, bool write, struct ir_err *err)
{
    bool now = c->mode == IR_CUSTODY_READ_NOW || c->mode == IR_CUSTODY_WRITE_NOW;
    int how = (write ? LOCK_EX : LOCK_SH) | (now ? LOCK_NB : 0);
    while (flock(c->fd, how) != 0) {
        if (now && errno == EWOULDBLOCK)
            return ir_fail(err, IR_WARN, "another process writes to this case");
        if (errno != EINTR)
            return ir_fail(err, IR_FATAL, "cannot be locked: %-s", ir_errno_text(errno));
    }
    return IR_OK;
}

/* What processes that died had begun to write: nothing tells of it, so nobody could account for it.
 */
static void drop_halves(const struct ir_custody *c)
{
    static const char *const places[] = {".", "keys", "tsa", "receipts"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int fd = openat(c->dir, places[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) continue;
        ir_files_drop_parts(fd);
        close(fd);
    }
    ir_checkpoint_drop_half(c);
}

static int open_files(struct ir_custody *c, int case_fd, struct ir_err *err)
{
    bool write = c->mode == IR_CUSTODY_WRITE || c->mode == IR_CUSTODY_WRITE_NOW;
    ir_err_at(err, "custody", -1, 0);
    if (write && mkdirat(case_fd, "custody", 0700) != 0 && errno != EEXIST)
        return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
    c->dir = openat(case_fd, "custody", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->dir < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    ir_err_at(err, "custody/log.jsonl", -1, 0);
    c->fd = openat(c->dir, "log.jsonl",
                   (write ? O_RDWR | O_CREAT | O_APPEND : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (c->fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    int rc = lock(c, write, err);
    if (rc == IR_OK) rc = read_log(c, err);
    if (rc == IR_OK && write) drop_halves(c);
    return rc;
}

int ir_custody_open(int case_fd, const char *case_id, enum ir_custody_mode mode,
                    const struct ir_custody_tool *tool, struct ir_custody **ret_c,
                    struct ir_err *err)
{
    struct ir_custody *c = calloc(1, sizeof *c);
    if (c == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    *c = (struct ir_custody){
        .fd = -1, .dir = -1, .mode = mode, .clock_base = ir_custody_clock_base()};
    c->text = IR_BUF(IR_CUSTODY_LOG_MAX + 1);
    if (tool != NULL) c->tool = *tool;
    memcpy(c->head, ZEROS, sizeof c->head);
    snprintf(c->case_id, sizeof c->case_id, "%s", case_id != NULL ? case_id : "");
    int rc = open_files(c, case_fd, err);
    if (rc != IR_OK) {
        ir_custody_close(c);
        return rc;
    }
    *ret_c = c;
    return IR_OK;
}

void ir_custody_close(struct ir_custody *c)
{
    if (c == NULL) return;
    for (struct ir_custody_own *o = c->own, *next; o != NULL; o = next) {
        next = o->next;
        ir_buf_free(&o->line);
        free(o);
    }
    if (c->fd >= 0) close(c->fd); /* the lock goes with it */
    if (c->dir >= 0) close(c->dir);
    ir_buf_free(&c->text);
    free(c->lines);
    free(c);
}

/* Nothing stays of a line that did not come to disk as a whole, and what a power cut left is given
 * up only to a line that holds it. */
static int write_line(struct ir_custody *c, struct ir_str line, struct ir_err *err)
{
    struct stat st;
    int why = fstat(c->fd, &st) == 0 ? 0 : -errno;
    off_t end = st.st_size - (off_t)c->torn.n;
    if (why == 0 && c->torn.n > 0 && ftruncate(c->fd, end) != 0) why = -errno;
    if (why != 0) return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-why));
    why = ir_io_write_all(c->fd, line.p, line.n);
    if (why == 0 && fsync(c->fd) != 0) why = -errno;
    if (why == 0) return IR_OK;
    c->broken = ftruncate(c->fd, end) != 0 ||
                (c->torn.n > 0 && ir_io_write_all(c->fd, c->torn.p, c->torn.n) != 0);
    return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-why));
}

int ir_custody_append(struct ir_custody *c, const struct ir_custody_event *ev, uint64_t *ret_seq,
                      struct ir_err *err)
{
    ir_err_at(err, "custody/log.jsonl", -1, (int64_t)c->n + 1);
    if (c->broken)
        return ir_fail(err, IR_FATAL, "half a line could not be taken off: nothing is added to it");
    struct ir_custody_own *own = calloc(1, sizeof *own);
    if (own == NULL || !reserve(c)) {
        free(own);
        return ir_fail(err, IR_FATAL, "out of memory");
    }
    int64_t base;
    own->line = IR_BUF(IR_CUSTODY_LINE_MAX);
    int rc = ir_custody_write(c, ev, &own->line, &base, err);
    if (rc == IR_OK) rc = write_line(c, ir_buf_view(&own->line), err);
    if (rc != IR_OK) {
        ir_buf_free(&own->line);
        free(own);
        return rc;
    }
    add_line(c, ir_str_n(own->line.p, own->line.n - 1));
    c->clock_base = base;
    c->torn = ir_str_n(NULL, 0);
    own->next = c->own;
    c->own = own;
    if (ret_seq != NULL) *ret_seq = c->n;
    return IR_OK;
}

uint64_t ir_custody_count(const struct ir_custody *c)
{
    return c->n;
}

struct ir_str ir_custody_line(const struct ir_custody *c, uint64_t i)
{
    return i < c->n ? c->lines[i] : ir_str_n("", 0);
}

struct ir_str ir_custody_torn(const struct ir_custody *c)
{
    return c->torn;
}

const char *ir_custody_case(const struct ir_custody *c)
{
    return c->case_id;
}

const char *ir_custody_head(const struct ir_custody *c)
{
    return c->head;
}

int ir_custody_fd(const struct ir_custody *c)
{
    return c->dir;
}

void ir_custody_root(const struct ir_custody *c, uint64_t n, unsigned char out[IR_HASH_BYTES])
{
    struct ir_merkle m;
    ir_merkle_begin(&m);
    for (uint64_t i = 0; i < n && i < c->n; i++)
        ir_merkle_add(&m, c->lines[i]);
    ir_merkle_root(&m, out);
}
