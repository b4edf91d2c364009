/*
 * An image from its beginning to its lines in the list of the exhibit (see image.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "evidence/files.h"
#include "evidence/filetype.h"
#include "evidence/image_int.h"

#define TELL_EACH_NS (IR_NS / 5)
#define BAD_LIST_MAX 10000u /* areas in the line of the list; the map has them all */

int64_t ir_image_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * IR_NS + now.tv_nsec;
}

uint64_t ir_image_failed(const struct ir_image_work *w)
{
    uint64_t areas, sum = 0;
    for (size_t i = 0; i < 3; i++)
        sum += ir_rescue_bytes(&w->map, "*/-"[i], &areas);
    return sum;
}

void ir_image_tell(struct ir_image_work *w)
{
    struct ir_image_progress p = {.size = w->map.size};
    uint64_t areas;
    int64_t now = w->job->progress != NULL ? ir_image_clock() : 0;
    if (now < w->told + TELL_EACH_NS) return;
    w->told = now;
    p.done = w->map.size - ir_rescue_bytes(&w->map, '?', &areas);
    w->job->progress(w->job->user, &p);
}

static int begin(struct ir_image_work *w)
{
    const struct ir_image_job *job = w->job;
    void *aligned = NULL;
    snprintf(w->map_name, sizeof w->map_name, "%s.map", job->name);
    snprintf(w->pieces_name, sizeof w->pieces_name, "%s.pieces", job->name);
    w->npieces = (job->drive->size + IR_IMAGE_PIECE - 1) / IR_IMAGE_PIECE;
    w->piece = calloc(w->npieces + 1, sizeof *w->piece);
    w->known = calloc(w->npieces + 1, sizeof *w->known);
    w->pump = ir_pump_new(job->set);
    if (posix_memalign(&aligned, IR_IMAGE_ALIGN, IR_PUMP_CHUNK + job->drive->sector) == 0) {
        w->chunk = aligned;
        w->sector = w->chunk + IR_PUMP_CHUNK;
    }
    if (w->piece == NULL || w->known == NULL || w->pump == NULL || w->chunk == NULL ||
        !ir_digest_open(&w->digest, IR_DIGEST_BIT(IR_SHA256)) ||
        !ir_rescue_begin(&w->map, job->drive->size))
        return ir_fail(w->err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    w->out[0].where = "the image";
    w->out[1].where = "the second copy";
    int rc = ir_image_out_open(w, &w->out[w->nout++], ir_exhibit_fd(w->x));
    if (rc == IR_OK && job->copy_fd >= 0)
        rc = ir_image_out_open(w, &w->out[w->nout++], job->copy_fd);
    return rc;
}

static void end(struct ir_image_work *w)
{
    for (unsigned i = 0; i < w->nout; i++)
        ir_image_out_close(&w->out[i]);
    if (w->pieces_fd >= 0) close(w->pieces_fd);
    ir_digest_close(&w->digest);
    ir_pump_free(w->pump);
    ir_rescue_free(&w->map);
    free(w->piece);
    free(w->known);
    free(w->chunk);
}

/* The source, compared with what it was before. */
static void judge(struct ir_image_work *w)
{
    const struct ir_drive *d = w->job->drive;
    struct statx st;
    uint64_t size = ir_drive_size(d);
    if (w->r->changed != NULL) return;
    if (size > 0 && size != d->size)
        w->r->changed = N_("has another size than before it was read");
    else if (!d->block && statx(d->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st) == 0 &&
             (st.stx_mtime.tv_sec != d->st.stx_mtime.tv_sec ||
              st.stx_mtime.tv_nsec != d->st.stx_mtime.tv_nsec))
        w->r->changed = N_("was written to while it was read");
    else if (d->in_use[0] != '\0')
        w->r->changed = N_("was in use while it was read: it may have changed meanwhile");
}

static void bad_list(struct ir_image_work *w)
{
    struct ir_buf *b = &w->r->bad_list;
    struct ir_rescue_area a;
    unsigned left = BAD_LIST_MAX;
    for (uint64_t at = 0; left > 0 && ir_rescue_find(&w->map, at, '-', &a); at = a.pos + a.size) {
        ir_buf_fmt(b, "%s[%" PRIu64 ",%" PRIu64 "]", b->n > 0 ? "," : "[", a.pos, a.size);
        left--;
    }
    if (b->n > 0) ir_buf_chr(b, ']');
    w->r->bad = ir_rescue_bytes(&w->map, '-', &w->r->bad_areas);
    w->r->size = w->map.size;
}

static int put_image(struct ir_image_work *w)
{
    char stored[600];
    snprintf(stored, sizeof stored, "data/image/%s", w->out[0].raw_name);
    struct ir_object o = {.path = ir_str_z(w->job->path),
                          .st = w->job->drive->st,
                          .stored = ir_str_z(stored),
                          .sum = w->r->sum,
                          .bytes = w->r->size,
                          .changed = w->r->changed,
                          .damaged = ir_buf_view(&w->r->bad_list)};
    if (ir_exhibit_has(w->x, o.path, false))
        return IR_OK; /* interrupted between here and the seal */
    struct ir_filetype *types = ir_filetype_new(w->job->confine);
    struct ir_filetype_result ft = {0};
    if (types != NULL) ir_filetype_of(types, w->out[0].raw, &ft);
    o.magic = ft.magic;
    o.mime = ft.mime;
    o.encoding = ft.encoding;
    int rc = ir_exhibit_put(w->x, &o, w->err);
    ir_filetype_free(types);
    return rc;
}

static int put_map(struct ir_image_work *w)
{
    char stored[600], path[600];
    struct ir_buf text = IR_BUF(IR_RESCUE_TEXT_MAX + 4096);
    struct ir_object o = {.made = "while the image was taken: what was read of its source"};
    snprintf(path, sizeof path, "image/%s", w->map_name);
    snprintf(stored, sizeof stored, "data/image/%s", w->map_name);
    o.path = ir_str_z(path);
    o.stored = ir_str_z(stored);
    int rc = ir_file_read(w->out[0].dir, w->map_name, IR_RESCUE_TEXT_MAX, &text, w->err);
    o.bytes = text.n;
    if (rc == IR_OK &&
        (!ir_digest_of(w->job->set, ir_buf_view(&text), &o.sum) ||
         statx(w->out[0].dir, w->map_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &o.st) != 0))
        rc = ir_fail(w->err, IR_FATAL, "cannot be digested");
    ir_buf_free(&text);
    if (rc != IR_OK || ir_exhibit_has(w->x, o.path, false)) return rc;
    return ir_exhibit_put(w->x, &o, w->err);
}

static int finish(struct ir_image_work *w)
{
    w->status = '+';
    bad_list(w);
    judge(w);
    w->r->one_reading = w->whole;
    int rc = ir_image_out_finish(w);
    if (rc == IR_OK && !w->whole) rc = ir_image_reread(w);
    if (rc == IR_OK) rc = ir_image_save(w, w->map.size);
    if (rc == IR_OK) rc = ir_image_pieces_begin(w);
    if (rc == IR_OK && w->r->bad_list.full)
        rc = ir_fail(w->err, IR_FATAL, "memory is out for the list of bad areas");
    if (rc == IR_OK) rc = put_image(w);
    return rc == IR_OK ? put_map(w) : rc;
}

int ir_image(struct ir_exhibit *x, const struct ir_image_job *job, struct ir_image_result *ret_r,
             struct ir_err *err)
{
    struct ir_image_work w = {.x = x,
                              .job = job,
                              .r = ret_r,
                              .pieces_fd = -1,
                              .pass = 1,
                              .out = {{.dir = -1, .raw = -1}, {.dir = -1, .raw = -1}},
                              .err = err};
    *ret_r = (struct ir_image_result){.bad_list = IR_BUF(IR_OBJECT_LINE_MAX / 4)};
    int rc = begin(&w);
    if (rc == IR_OK && job->resume) rc = ir_image_load(&w);
    if (rc == IR_OK) rc = ir_image_pieces_begin(&w);
    if (rc == IR_OK) rc = ir_image_copy(&w);
    if (rc == IR_OK) rc = ir_image_trim(&w);
    if (rc == IR_OK) rc = ir_image_scrape(&w);
    if (rc == IR_OK) rc = ir_image_retry(&w);
    if (rc == IR_OK) rc = finish(&w);
    end(&w);
    return rc;
}
