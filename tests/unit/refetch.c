/*
 * Reading records again: the same bytes as at the first time, from every kind of input.
 */
#include "source/refetch.h"

#include <sys/stat.h>

#include "packed.h"
#include "source/blocks.h"
#include "tap.h"

#define NRANGES 400

struct want {
    const struct ir_buf *text;
    const struct ir_range *ranges;
    size_t calls, wrong, short_of;
};

static void got(void *user, size_t i, const struct ir_fetched *f)
{
    const struct ir_str bytes = f->text;
    struct want *w = user;
    const struct ir_range *r = &w->ranges[i];
    if (i != w->calls++) w->wrong++;
    if (bytes.n < r->length) w->short_of++;
    if (bytes.n > r->length || r->offset + bytes.n > w->text->n ||
        memcmp(bytes.p, w->text->p + r->offset, bytes.n) != 0)
        w->wrong++;
}

/* Sorted, overlapping, doubled, empty and long ones. */
static void make_ranges(struct ir_range *r, size_t size)
{
    uint64_t at = 0;
    for (size_t i = 0; i < NRANGES; i++) {
        r[i] = (struct ir_range){at,
                                 i % 7 == 0    ? 0
                                 : i % 50 == 1 ? IR_RECORD_MAX / 3
                                               : 40 + i,
                                 0, false};
        if (r[i].offset + r[i].length > size) r[i].length = size - r[i].offset;
        if (i % 3 != 0) at += (uint64_t)(size - at) / (NRANGES - i);
    }
}

static void all_codecs(void)
{
    struct ir_buf text = IR_BUF((size_t)1 << 28), raw = IR_BUF((size_t)1 << 28);
    struct ir_range ranges[NRANGES];
    lines(&text, 2 * IR_RECORD_MAX / 50);
    make_ranges(ranges, text.n);
    for (enum ir_codec c = IR_CODEC_NONE; c < IR_CODEC_MAX; c++) {
        struct ir_input in = {.path = "-", .is_stdin = true};
        struct ir_err err = {0};
        ir_buf_clear(&raw);
        pack(&raw, c, ir_buf_view(&text));
        in.spool_fd = memory_file(ir_buf_view(&raw));
        for (int round = 0; round < 2; round++) {
            struct want w = {.text = &text, .ranges = ranges};
            is_int(ir_refetch(&in, IR_ENC_UTF8, ranges, NRANGES, got, &w, &err), IR_OK,
                   "codec %d %s", c, err.msg);
            is_int((long long)w.calls, NRANGES, "every range was given");
            is_int((long long)w.wrong, 0, "with the right bytes");
        }
        /* half of it is gone */
        if (ftruncate(in.spool_fd, (off_t)raw.n / 2) != 0) abort();
        struct want w = {.text = &text, .ranges = ranges};
        is_int(ir_refetch(&in, IR_ENC_UTF8, ranges, NRANGES, got, &w, &err), IR_WARN,
               "codec %d, cut: %s", c, err.msg);
        ok(w.calls == NRANGES && w.wrong == 0 && w.short_of > NRANGES / 4 && w.short_of < NRANGES,
           "what is there is right (%zu came short)", w.short_of);
        close(in.spool_fd);
    }
    ir_buf_free(&text);
    ir_buf_free(&raw);
}

static void refusals(void)
{
    struct ir_range unsorted[2] = {{10, 1, 0, false}, {9, 1, 0, false}};
    struct ir_buf none = IR_BUF(100);
    struct want w = {.text = &none, .ranges = unsorted};
    struct ir_input in = {.path = "/nonexistent/file", .spool_fd = -1};
    struct ir_err err = {0};
    is_int(ir_refetch(&in, IR_ENC_UTF8, unsorted, 2, got, &w, &err), IR_BAD, "not sorted: %s",
           err.msg);
    is_int(ir_refetch(&in, IR_ENC_UTF8, unsorted, 1, got, &w, &err), IR_FATAL, "vanished: %s",
           err.msg);
    is_int(ir_refetch(&in, IR_ENC_UTF8, unsorted, 0, got, &w, &err), IR_OK, "nothing wanted");
    is_int((long long)w.calls, 0, "nothing was given");
}

static void from_pipe(void)
{
    int fds[2], keep = dup(STDIN_FILENO);
    struct ir_range r = {0, 5, 0, false};
    struct ir_buf text = IR_BUF(100);
    ir_buf_str(&text, IR_S("hello world"));
    struct want w = {.text = &text, .ranges = &r};
    struct ir_input in = {.path = "-", .is_stdin = true, .spool_fd = -1};
    struct ir_err err = {0};
    if (pipe(fds) != 0 || dup2(fds[0], STDIN_FILENO) < 0) abort();
    is_int(ir_refetch(&in, IR_ENC_UTF8, &r, 1, got, &w, &err), IR_FATAL,
           "a pipe without copy does not hang: %s", err.msg);
    int fd = memory_file(ir_buf_view(&text));
    if (dup2(fd, STDIN_FILENO) < 0) abort();
    is_int(ir_refetch(&in, IR_ENC_UTF8, &r, 1, got, &w, &err), IR_OK,
           "standard input that is a file");
    is_int((long long)w.wrong, 0, "is read in place");
    if (keep >= 0) dup2(keep, STDIN_FILENO);
    ir_buf_free(&text);
}

int main(void)
{
    all_codecs();
    refusals();
    from_pipe();
    return done();
}
