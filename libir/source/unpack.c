/*
 * Which inputs are archives, archives in archives, and the limits that bound them together. An
 * archive that is made to be large, deep or endless costs what the limits allow, and is named.
 */
#include "source/unpack.h"

#include "base/intl.h"
#include "source/unpack_int.h"

#include <stdlib.h>
#include <sys/statvfs.h>

const struct ir_unpack_limits ir_unpack_defaults = {
#ifdef IR_TINY
    .member = UINT64_C(8) << 20,
    .total = UINT64_C(32) << 20,
    .members = 2000,
    .holes = UINT64_C(4) << 20,
#else
    .member = UINT64_C(64) << 30,
    .total = UINT64_C(256) << 30,
    .members = 1000000,
    .holes = UINT64_C(4) << 30,
#endif
    .ratio_after = IR_READER_RATIO_AFTER,
    .ratio = IR_READER_RATIO_MAX,
    .depth = 8,
    .keep_free = UINT64_C(1) << 30,
};

struct look { /* an input that is opened to see what it is */
    struct ir_reader *r;
    struct ir_blocks *b; /* of what cannot be read twice; owns r */
    struct ir_str head;
    unsigned kind;
};

static void unpack(struct ir_unpack *u, const struct ir_inputs_item *it, unsigned depth);

static void look_close(struct look *l)
{
    if (l->b != NULL)
        ir_blocks_close(l->b);
    else
        ir_reader_close(l->r);
    *l = (struct look){0};
}

/* False: it does not open, or memory: whoever reads it will say so. */
static bool look_open(const struct ir_input *in, struct look *l, char head[512])
{
    struct ir_err err;
    *l = (struct look){0};
    if (ir_reader_open(in, &l->r, &err) != IR_OK) return false;
    if (ir_reader_seekable(l->r)) {
        size_t n = 0;
        ir_reader_pread(l->r, head, 512, 0, &n);
        l->head = ir_str_n(head, n);
    } else {
        if (in->is_stdin && in->spool_fd >= 0) ir_reader_spool(l->r, in->spool_fd, NULL);
        int rc = ir_blocks_open_reader(l->r, &l->b, &err); /* closes r when it fails */
        if (rc == IR_OK) rc = ir_blocks_peek(l->b, &l->head, &err);
        if (rc != IR_OK) {
            if (l->b != NULL) look_close(l);
            return false;
        }
    }
    l->kind = ir_archive_detect(l->r, l->head, in->path);
    return true;
}

/* An input as it is. */
static void keep(struct ir_unpack *u, const struct ir_inputs_item *it)
{
    struct ir_inputs_item *copy = ir_list_append(u->in, it->input.path);
    if (copy == NULL) return;
    const uint32_t seq = copy->seq;
    const char *path = copy->input.path;
    *copy = *it;
    copy->seq = seq;
    copy->input.path = path;
}

/* The decompressed bytes of a stream to the temporary file: for formats that jump about. */
static bool settle(struct ir_unpack *u, struct look *l, const struct ir_inputs_item *it,
                   struct ir_inputs_item *ret_it)
{
    const size_t cap = (size_t)256 << 10;
    char *buf = malloc(cap);
    struct ir_err err = {.offset = -1};
    const uint64_t base = u->used;
    uint64_t size = 0;
    int rc = ir_blocks_pending(l->b, &err);
    bool ok = buf != NULL && ir_unpack_store(u, base, 0, l->head.p, l->head.n);
    if (ok) size = l->head.n;
    while (ok && rc == IR_OK) {
        size_t n = 0;
        rc = ir_reader_read(l->r, buf, cap, &n, &err);
        ok = ir_unpack_store(u, base, size, buf, n);
        if (ok) size += n;
    }
    if (ok && rc < 0) ir_list_note(u->in, it->input.path, IR_NOTE_DAMAGED, "%.400s", err.msg);
    free(buf);
    *ret_it = *it;
    ret_it->input.is_stdin = false;
    ret_it->input.is_part = true;
    ret_it->input.damaged = !ok || rc < 0;
    ret_it->input.fd = u->o->fd;
    ret_it->input.fd_at = base;
    ret_it->input.size = (int64_t)size;
    return size > 0;
}

static int by_path(const void *a, const void *b)
{
    const struct ir_inputs_item *x = a, *y = b;
    return strcmp(x->input.path, y->input.path);
}

/* IR_BAD: it is none after all. */
static int walk(struct ir_unpack *u, const struct ir_inputs_item *it, struct look *l,
                unsigned depth)
{
    const struct ir_archive_source src = {
        .r = l->r,
        .b = l->b,
        .kind = l->kind,
        .keys = u->o->keys,
    };
    struct ir_archive *a;
    struct ir_members m = {0};
    struct ir_err err = {.offset = -1};
    const bool guess = l->kind & IR_ARCHIVE_GUESS;
    const bool retry = l->b == NULL && l->kind == IR_ARCHIVE_PACKED;
    int rc = ir_archive_open(&src, &a, &err);
    if (rc != IR_OK) {
        if (guess) return IR_BAD;
        ir_list_note(u->in, it->input.path, IR_NOTE_UNREADABLE, "a damaged archive: %.300s",
                     err.msg);
        return IR_OK;
    }
    rc = ir_unpack_walk(u, it, a, guess || retry, &m);
    ir_archive_close(a);
    if (rc == IR_BAD && retry) { /* its content looked like an archive to libarchive */
        l->kind |= IR_ARCHIVE_RAW;
        return walk(u, it, l, depth);
    }
    if (m.n > 0) qsort(m.v, m.n, sizeof *m.v, by_path);
    for (size_t i = 0; i < m.n && !u->in->out_of_memory; i++)
        unpack(u, &m.v[i], depth + 1);
    free(m.v);
    return rc;
}

static bool may_open(struct ir_unpack *u, const struct ir_inputs_item *it, const struct look *l,
                     unsigned depth)
{
    const char *why = NULL;
    if (l->kind & IR_ARCHIVE_FOREIGN)
        why = N_("an archive or packed file of a kind that is not read: unpack it first");
    else if (u->o->fd < 0)
        why = N_("an archive: no temporary file could be made for it in /var/tmp or /tmp");
    else if (depth >= u->limit.depth)
        why = N_("archives in archives, deeper than the limit: this one was not opened");
    else if (u->stop)
        why = N_("an archive in one that met a limit: it was not opened");
    if (why == NULL) return true;
    if (!(l->kind & IR_ARCHIVE_GUESS))
        ir_list_note(u->in, it->input.path, IR_NOTE_UNREADABLE, "%s", why);
    return false;
}

/* One input that looks like an archive. True: done with it. */
static bool open_up(struct ir_unpack *u, const struct ir_inputs_item *it, struct look *l,
                    unsigned depth)
{
    char head[512];
    struct ir_inputs_item settled;
    if (!may_open(u, it, l, depth)) return !(l->kind & IR_ARCHIVE_GUESS);
    if (l->b == NULL || !(l->kind & ~(unsigned)IR_ARCHIVE_STREAMS))
        return walk(u, it, l, depth) == IR_OK;
    if (l->kind & IR_ARCHIVE_GUESS) return false; /* a program from a pipe: not worth a copy */
    const unsigned kind = l->kind;
    struct look again;
    if (!settle(u, l, it, &settled) || !look_open(&settled.input, &again, head)) return true;
    again.kind = kind;
    walk(u, &settled, &again, depth);
    look_close(&again);
    return true;
}

static void unpack(struct ir_unpack *u, const struct ir_inputs_item *it, unsigned depth)
{
    char head[512];
    struct look l;
    if (!look_open(&it->input, &l, head)) {
        keep(u, it);
        return;
    }
    if (depth == 0) {
        u->root = it->input.path;
        u->root_size = it->input.size > 0 ? (uint64_t)it->input.size : 0;
        u->root_fd = it->input.is_stdin ? it->input.spool_fd : -1;
        u->out = u->holes = u->members = 0;
        u->stop = false;
    }
    if (l.kind == 0 || !open_up(u, it, &l, depth)) {
        if (l.b == NULL && ir_archive_misnamed(l.head, it->input.path)) /* its own bytes */
            ir_list_note(u->in, it->input.path, IR_NOTE_DAMAGED,
                         "named like a packed file, but it does not begin like one: read as it is");
        const char *unread = l.kind == 0 ? ir_archive_unread(l.head) : NULL;
        if (unread != NULL) ir_list_note(u->in, it->input.path, IR_NOTE_DAMAGED, "%s", unread);
        keep(u, it);
        if (it->input.is_stdin && l.b != NULL) { /* its first bytes cannot be read again */
            u->in->stdin_blocks = l.b;
            return;
        }
    }
    look_close(&l);
}

/* The reserve must not be all that a small disk has, nor the step. */
static void set_reserve(struct ir_unpack *u)
{
    struct statvfs st;
    u->step = (uint64_t)32 << 20;
    if (u->o->fd < 0 || fstatvfs(u->o->fd, &st) < 0) return;
    const uint64_t room = (uint64_t)st.f_bavail * st.f_frsize;
    if (u->limit.keep_free > room / 4) u->limit.keep_free = room / 4;
    if (u->step > room / 4) u->step = room / 4;
}

int ir_inputs_unpack(struct ir_inputs *in, const struct ir_unpack_options *o)
{
    struct ir_unpack u = {.in = in, .o = o, .limit = o->limits ? *o->limits : ir_unpack_defaults};
    struct ir_inputs_item *old = in->items;
    const size_t n = in->n;
    in->items = NULL;
    in->n = in->cap = 0;
    set_reserve(&u);
    for (size_t i = 0; i < n && !in->out_of_memory; i++)
        if (!old[i].gone) unpack(&u, &old[i], 0);
    free(old);
    return in->out_of_memory ? IR_FATAL : IR_OK;
}
