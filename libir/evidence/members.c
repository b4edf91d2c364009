/*
 * Members of archives (see members.h), through source/unpack.h: into one temporary file, which is
 * emptied for each archive, since what lies between the parts of a sparse member must be zeros.
 */
#include "evidence/members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/json.h"
#include "evidence/apart.h"
#include "evidence/jline.h"
#include "source/unpack.h"

#define SECONDS_MAX 900               /* a bomb of all limits, on a slow disk */
#define LIST_MAX    ((size_t)8 << 20) /* of one archive, well below a line of the list */

static const struct ir_unpack_limits limits = {
    .member = UINT64_C(4) << 30,
    .total = UINT64_C(16) << 30,
    .holes = UINT64_C(1) << 30,
    .ratio_after = UINT64_C(64) << 20,
    .ratio = 1000,
    .depth = 4,
    .members = 100000,
    .keep_free = UINT64_C(1) << 30,
};

struct ir_members {
    int fd;
    struct ir_apart *apart; /* where libarchive is asked */
    struct ir_digest d;
    char chunk[1 << 16];
};

static void answer(void *user, int fd, struct ir_buf *out);

struct ir_members *ir_members_new(const char *(*confine)(const int *writable, unsigned n))
{
    struct ir_members *m = calloc(1, sizeof *m);
    if (m == NULL) return NULL;
    m->fd = ir_io_temporary();
    const struct ir_apart_job job = {
        .answer = answer, .user = m, .writable = m->fd, .confine = confine, .seconds = SECONDS_MAX};
    m->apart = ir_apart_new(&job);
    if (m->apart != NULL && m->fd >= 0 && ir_digest_open(&m->d, IR_DIGEST_BIT(IR_SHA256))) return m;
    ir_members_free(m);
    return NULL;
}

void ir_members_free(struct ir_members *m)
{
    if (m == NULL) return;
    ir_apart_free(m->apart);
    if (m->fd >= 0) close(m->fd);
    ir_digest_close(&m->d);
    free(m);
}

/* Path inside the archive; the whole path of what stands for the archive itself is nothing. */
static struct ir_str inside(const char *path, size_t archive)
{
    struct ir_str p = ir_str_z(path);
    return ir_str_skip(p, p.n > archive ? archive + 1 : p.n);
}

static struct ir_jline begin(struct ir_buf *out, struct ir_str path)
{
    ir_buf_chr(out, out->n > 0 ? ',' : '[');
    struct ir_jline l = {out, true};
    ir_buf_chr(out, '{');
    ir_jline_bytes(&l, "path", path);
    return l;
}

static void note(struct ir_buf *out, struct ir_str path, const char *reason)
{
    struct ir_jline l = begin(out, path);
    ir_jline_text(&l, "note", ir_str_z(reason));
    ir_buf_chr(out, '}');
}

/* A member lies whole in the temporary file. */
static void member(struct ir_members *m, const struct ir_input *in, struct ir_str path,
                   struct ir_buf *out)
{
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    uint64_t size = in->size > 0 ? (uint64_t)in->size : 0, at = 0;
    ssize_t got = 0;
    ir_digest_begin(&m->d);
    while (at < size) {
        size_t want = size - at < sizeof m->chunk ? (size_t)(size - at) : sizeof m->chunk;
        got = ir_io_pread_full(in->fd, m->chunk, want, in->fd_at + at);
        if (got <= 0) break;
        ir_digest_add(&m->d, m->chunk, (size_t)got);
        at += (uint64_t)got;
    }
    if (!ir_digest_end(&m->d, &sum) || at < size) {
        note(out, path, "could not be read");
        return;
    }
    ir_digest_hex(&sum, IR_SHA256, hex);
    struct ir_jline l = begin(out, path);
    ir_jline_number(&l, "bytes", size);
    ir_jline_text(&l, "sha256", ir_str_z(hex));
    ir_jline_flag(&l, "damaged", in->damaged);
    ir_buf_chr(out, '}');
}

static void list(struct ir_members *m, const struct ir_inputs *in, size_t archive,
                 struct ir_buf *out)
{
    for (size_t i = 0; i < ir_inputs_count(in); i++) {
        const struct ir_input *one = ir_inputs_get(in, i);
        if (!one->is_part) continue; /* the file itself: it is no archive */
        if (out->n > LIST_MAX) {
            note(out, ir_str_z(""), "further members are not listed: the list is too long");
            return;
        }
        member(m, one, inside(one->path, archive), out);
    }
    for (size_t i = 0; i < ir_inputs_notes(in) && out->n <= LIST_MAX; i++) {
        const struct ir_input_note *n = ir_inputs_note(in, i);
        note(out, inside(n->path, archive), n->reason);
    }
}

/* In the child. A first byte tells that memory did not run out. */
static void answer(void *user, int fd, struct ir_buf *out)
{
    struct ir_members *m = user;
    const struct ir_unpack_options o = {.fd = m->fd, .limits = &limits};
    char path[48];
    struct ir_buf json = IR_BUF(2 * LIST_MAX);
    struct ir_inputs *in = ir_inputs_new();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool good = in != NULL && ftruncate(m->fd, 0) == 0;
    good = good && ir_inputs_add(in, path, NULL) == IR_OK && ir_inputs_unpack(in, &o) == IR_OK &&
           ir_inputs_finish(in) == IR_OK;
    if (good) list(m, in, strlen(path), &json);
    if (json.n > 0) ir_buf_chr(&json, ']');
    if (good && !json.full) ir_buf_chr(out, '+');
    ir_buf_str(out, ir_buf_view(&json));
    ir_buf_free(&json);
    ir_inputs_free(in);
}

/* What the child says becomes part of a line: whatever it is, it must be one JSON value in it. */
static bool is_json_line(struct ir_str s)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    ir_json_begin(&j, s);
    while ((rc = ir_json_next(&j, &t)) == IR_OK)
        ;
    return rc == IR_END && s.p[0] == '[' && ir_str_chr(s, '\n') == IR_NPOS;
}

bool ir_members_of(struct ir_members *m, int fd, struct ir_buf *out)
{
    struct ir_buf said = IR_BUF(2 * LIST_MAX + 1);
    bool good = true;
    if (!ir_apart_ask(m->apart, fd, &said)) {
        note(out, ir_str_z(""), "the process that looked into it ended, or took too long");
        ir_buf_chr(out, ']');
    } else if (said.n == 0 || said.p[0] != '+') {
        good = false;
    } else if (said.n > 1 && is_json_line(ir_str_skip(ir_buf_view(&said), 1))) {
        ir_buf_str(out, ir_str_skip(ir_buf_view(&said), 1));
    }
    ir_buf_free(&said);
    return good;
}
