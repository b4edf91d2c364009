/*
 * The content of one file into the exhibit: one reading, all digests, holes stay holes, and what
 * happens to the file meanwhile is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/exhibit_int.h"
#include "evidence/files.h"

#define SECTOR     ((size_t)512)  /* so much a read error costs, */
#define BLOCK      ((size_t)4096) /* or so much when the next sector gives one too */
#define HOLE_STEP  ((uint64_t)64 << 20)
#define ERRORS_MAX 4096u             /* after so many the rest of the file is given up */
#define LIST_MAX   ((size_t)4 << 20) /* bytes of a list of stretches; the rest of it becomes one */

struct copy {
    struct ir_exhibit *x;
    int in, out;
    uint64_t size; /* when it was opened: what grows later is not read */
    uint64_t at;
    unsigned errors;
    bool dense; /* so many blocks that there is no room for holes */
    bool holes;
    uint64_t bad_at, bad_n;   /* what could not be read last, not in the list yet */
    uint64_t data_at, data_n; /* the last stretch of data, not in the list yet */
    const char *end;          /* why it ended early */
};

/* The descriptor of the directory of `stored`, with all above it made; borrowed. -errno. */
static int parent(struct ir_exhibit *x, struct ir_str stored, const char **ret_name)
{
    size_t slash = ir_str_rchr(stored, '/');
    struct ir_str dir = ir_str_head(stored, slash);
    *ret_name = stored.p + slash + 1;
    if (x->parent_fd >= 0 && ir_str_eq(dir, ir_str_z(x->parent))) return x->parent_fd;
    if (x->parent_fd >= 0) close(x->parent_fd);
    int fd = dup(x->fd);
    for (struct ir_str rest = dir; fd >= 0 && rest.p != NULL;) {
        char name[256];
        struct ir_str part = ir_str_cut(&rest, '/');
        snprintf(name, sizeof name, "%.*s", (int)part.n, part.p);
        if (mkdirat(fd, name, 0700) != 0 && errno != EEXIST) {
            int why = errno;
            close(fd);
            return x->parent_fd = -1, -why;
        }
        int next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int why = errno;
        close(fd);
        if (next < 0) return x->parent_fd = -1, -why;
        fd = next;
    }
    x->parent_fd = fd;
    snprintf(x->parent, sizeof x->parent, "%.*s", (int)dir.n, dir.p);
    return fd >= 0 ? fd : -errno;
}

/* Appends the stretch that is kept back, if any, and keeps [at, at + n) back; joined with it when
 * the two touch, or when the list has become so long that it must end. */
static void stretch(struct ir_buf *b, uint64_t *last, uint64_t *last_n, uint64_t at, uint64_t n)
{
    bool ends = b->n > LIST_MAX;
    if (*last_n > 0 && (ends || *last + *last_n == at)) {
        *last_n = at + n - *last;
        return;
    }
    if (*last_n > 0)
        ir_buf_fmt(b, "%s[%" PRIu64 ",%" PRIu64 "]", b->n > 0 ? "," : "[", *last, *last_n);
    *last = at;
    *last_n = n;
}

/* The list is whole. `empty`: also when it has nothing. */
static void close_list(struct ir_buf *b, uint64_t last, uint64_t last_n, bool empty)
{
    if (last_n > 0)
        ir_buf_fmt(b, "%s[%" PRIu64 ",%" PRIu64 "]", b->n > 0 ? "," : "[", last, last_n);
    if (b->n > 0)
        ir_buf_chr(b, ']');
    else if (empty)
        ir_buf_str(b, IR_S("[]"));
}

/* What can be read at `at`; when that is short, *ret_error tells whether an error comes next. */
static size_t read_some(const struct copy *c, char *buf, size_t n, uint64_t at, bool *ret_error)
{
    size_t done = 0;
    ssize_t got = 1;
    while (done < n && got > 0) {
        got = ir_io_pread_full(c->in, buf + done, n - done, at + done);
        if (got > 0) done += (size_t)got;
    }
    *ret_error = got < 0;
    return done;
}

/* n bytes at c->at, zeros for those that cannot be read. Short: the file ended, or is given up. */
static size_t read_chunk(struct copy *c, char *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        bool error;
        size_t got = read_some(c, buf + done, n - done, c->at + done, &error);
        done += got;
        if (done == n || !error || c->errors++ == ERRORS_MAX) break;
        uint64_t at = c->at + done, before = c->bad_at + c->bad_n;
        bool again = c->bad_n > 0 && before == at && at % BLOCK != 0;
        size_t lost = (again ? BLOCK : SECTOR) - (size_t)(at % (again ? BLOCK : SECTOR));
        if (lost > n - done) lost = n - done;
        memset(buf + done, 0, lost);
        stretch(&c->x->damaged, &c->bad_at, &c->bad_n, at, lost);
        done += lost;
    }
    return done;
}

static void show(const struct copy *c)
{
    const struct ir_exhibit *x = c->x;
    if (x->show != NULL) x->show(x->show_user, x->totals.files, x->totals.bytes + c->at, 0);
}

/* [at, end) of the file, which holds data. 0, or -errno of writing. */
static int take_data(struct copy *c, uint64_t end)
{
    while (c->at < end && c->end == NULL) {
        char *buf = ir_pump_buffer(c->x->pump);
        size_t want = end - c->at < IR_PUMP_CHUNK ? (size_t)(end - c->at) : IR_PUMP_CHUNK;
        size_t got = read_chunk(c, buf, want);
        if (c->errors > ERRORS_MAX)
            c->end = "gave too many read errors: the rest was not read";
        else if (got < want)
            c->end = "shrank while it was read: what was there is taken";
        ir_pump_put(c->x->pump, got);
        int rc = c->out >= 0 ? ir_io_write_all(c->out, buf, got) : 0;
        if (rc != 0) return rc;
        c->at += got;
        show(c);
    }
    return 0;
}

/* A hole is digested as the zeros it reads as. */
static void skip_hole(struct copy *c, uint64_t to)
{
    while (c->at < to) {
        uint64_t part = to - c->at < HOLE_STEP ? to - c->at : HOLE_STEP;
        ir_pump_zeros(c->x->pump, part);
        c->at += part;
        show(c);
    }
}

static int take(struct copy *c)
{
    int rc = 0;
    while (rc == 0 && c->at < c->size && c->end == NULL) {
        uint64_t from = c->at, to = c->size;
        if (!c->dense) ir_file_data(c->in, c->at, c->size, &from, &to);
        if (from > c->at) {
            c->holes = true;
            skip_hole(c, from);
            if (c->out >= 0 && lseek(c->out, (off_t)from, SEEK_SET) < 0) return -errno;
        }
        if (from < to) {
            stretch(&c->x->extents, &c->data_at, &c->data_n, from, to - from);
            rc = take_data(c, to);
        }
    }
    if (rc == 0 && c->holes && c->out >= 0 && ftruncate(c->out, (off_t)c->at) != 0) rc = -errno;
    return rc;
}

static bool same_time(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Compares what the file is after the reading with what it was before. */
static void judge(struct copy *c, struct ir_object *o)
{
    struct statx st;
    if (c->end != NULL) {
        o->changed = c->end;
        return;
    }
    if (statx(c->in, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st) != 0) return;
    char *what = c->x->what;
    if (st.stx_nlink == 0 && o->st.stx_nlink > 0) {
        o->changed = "was deleted, or another put in its place, while it was read";
    } else if (st.stx_size > o->st.stx_size) {
        snprintf(what, sizeof c->x->what,
                 "grew from %" PRIu64 " to %" PRIu64 " bytes while it was read: the first %" PRIu64
                 " are taken",
                 (uint64_t)o->st.stx_size, (uint64_t)st.stx_size, (uint64_t)o->st.stx_size);
        o->changed = what;
    } else if (!same_time(&st.stx_mtime, &o->st.stx_mtime) ||
               !same_time(&st.stx_ctime, &o->st.stx_ctime)) {
        o->changed = "was written to, or its metadata changed, while it was read";
    }
}

/* Attributes of the copy that help who opens it; failures do not matter, the list has the truth. */
static void dress(int out, const struct statx *st)
{
    struct timespec t[2] = {{.tv_sec = st->stx_atime.tv_sec, .tv_nsec = st->stx_atime.tv_nsec},
                            {.tv_sec = st->stx_mtime.tv_sec, .tv_nsec = st->stx_mtime.tv_nsec}};
    if (futimens(out, t) != 0) errno = 0;
}

int ir_exhibit_copy(struct ir_exhibit *x, int in, const char *area, struct ir_str safe,
                    struct ir_object *o, struct ir_err *err)
{
    struct copy c = {.x = x, .in = in, .out = -1, .size = o->st.stx_size};
    c.dense = o->st.stx_blocks > 0 && o->st.stx_blocks * 512 >= c.size;
    const char *name;
    ir_buf_clear(&x->stored);
    ir_buf_clear(&x->extents);
    ir_buf_clear(&x->damaged);
    ir_buf_fmt(&x->stored, "data/%s/", area);
    ir_buf_str(&x->stored, safe);
    ir_err_at(err, x->stored.p, -1, 0);
    if (x->stored.full) return ir_fail(err, IR_FATAL, "the path is too long");
    int dir = parent(x, ir_buf_view(&x->stored), &name);
    if (dir < 0) return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(-dir));
    c.out = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (c.out < 0) return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
    ir_pump_begin(x->pump);
    int rc = take(&c);
    bool digested = ir_pump_end(x->pump, &o->sum);
    judge(&c, o);
    if (rc == 0) dress(c.out, &o->st);
    if (close(c.out) != 0 && rc == 0) rc = -errno;
    if (rc != 0 || !digested) {
        unlinkat(dir, name, 0);
        return ir_fail(err, IR_FATAL, "cannot be written: %-s",
                       rc != 0 ? ir_errno_text(-rc) : N_("a digest failed"));
    }
    close_list(&x->extents, c.data_at, c.data_n, true);
    close_list(&x->damaged, c.bad_at, c.bad_n, false);
    o->bytes = c.at;
    o->stored = ir_buf_view(&x->stored);
    if (c.holes) o->extents = ir_buf_view(&x->extents);
    o->damaged = ir_buf_view(&x->damaged);
    return IR_OK;
}
