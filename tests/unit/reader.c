/*
 * The reader: every codec, whole and damaged, from files, pipes and memory.
 */
#include "source/reader.h"

#include <sys/stat.h>

#include "packed.h"
#include "tap.h"

/* So many that a damaged member is longer than one read, and shorter than what the search looks
 * back. */
#ifdef IR_TINY
#define MIDDLE_LINES 300
#else
#define MIDDLE_LINES 20000
#endif

static const char *const codec_names[] = {"plain", "gzip", "xz", "zstd", "bzip2"};

struct result {
    struct ir_buf out;
    int last;     /* IR_END or IR_FATAL */
    int warnings; /* and the last of them */
    struct ir_err err;
};

static struct result drain(struct ir_reader *r, size_t step)
{
    struct result res = {.out = IR_BUF((size_t)1 << 30)};
    char *buf = malloc(step);
    size_t n;
    struct ir_err err = {0};
    for (;;) {
        int rc = ir_reader_read(r, buf, step, &n, &err);
        ir_buf_add(&res.out, buf, n);
        if (rc == IR_OK && n == 0) abort(); /* the contract: never OK with nothing */
        if (rc == IR_WARN) {
            res.warnings++;
            res.err = err;
        } else if (rc != IR_OK) {
            res.last = rc;
            if (rc == IR_FATAL) res.err = err;
            break;
        }
    }
    free(buf);
    return res;
}

static struct result read_bytes_as(struct ir_str raw, size_t step, const char *name)
{
    struct ir_reader *r;
    struct result res = {.last = IR_BAD};
    int fd = memory_file(raw);
    if (ir_reader_open_fd(fd, name, &r, &res.err) == IR_OK) {
        res = drain(r, step);
        ir_reader_close(r);
    }
    close(fd);
    return res;
}

static struct result read_bytes(struct ir_str raw, size_t step)
{
    return read_bytes_as(raw, step, "memory");
}

static void whole_and_joined(enum ir_codec c)
{
    struct ir_buf text = IR_BUF(1 << 24), raw = IR_BUF(1 << 24), twice = IR_BUF(1 << 24);
    lines(&text, 5000);
    pack(&raw, c, ir_buf_view(&text));
    for (size_t step = 1; step < 1000000; step = step * 37 + 1) {
        struct result r = read_bytes(ir_buf_view(&raw), step);
        ok(r.last == IR_END && r.warnings == 0 &&
               ir_str_eq(ir_buf_view(&r.out), ir_buf_view(&text)),
           "%s comes back whole in steps of %zu", codec_names[c], step);
        ir_buf_free(&r.out);
    }
    for (int i = 0; i < 3; i++)
        ir_buf_str(&twice, ir_buf_view(&raw));
    struct result r = read_bytes(ir_buf_view(&twice), 4000);
    ok(r.warnings == 0, "%s: three members without a warning", codec_names[c]);
    is_int((long long)r.out.n, 3 * (long long)text.n, "%s: all three were read", codec_names[c]);
    ir_buf_free(&r.out);
    ir_buf_free(&twice);
    ir_buf_free(&raw);
    ir_buf_free(&text);
}

/* Good bytes first, then one warning at the right offset, then the end. */
static void cut_short(enum ir_codec c)
{
    struct ir_buf text = IR_BUF(1 << 24), raw = IR_BUF(1 << 24);
    lines(&text, 20000);
    pack(&raw, c, ir_buf_view(&text));
    struct result r = read_bytes(ir_str_head(ir_buf_view(&raw), raw.n * 3 / 4), 7777);
    is_int(r.last, IR_END, "%s cut short ends", codec_names[c]);
    is_int(r.warnings, 1, "%s cut short warns once", codec_names[c]);
    is_int(r.err.offset, (long long)r.out.n, "%s: the warning names the offset", codec_names[c]);
    ok(strstr(r.err.msg, "cut short") != NULL, "%s: says cut short: %s", codec_names[c], r.err.msg);
    ok(r.out.n > text.n / 2 && r.out.n < text.n && memcmp(r.out.p, text.p, r.out.n) == 0,
       "%s: what is delivered (%zu of %zu) is the start of the text", codec_names[c], r.out.n,
       text.n);
    ir_buf_free(&r.out);
    ir_buf_free(&raw);
    ir_buf_free(&text);
}

/* member, broken member, member: the last one must come through */
static void resynchronise(enum ir_codec c, bool cut)
{
    struct ir_buf text = IR_BUF(1 << 24), one = IR_BUF(1 << 24), raw = IR_BUF(1 << 24);
    lines(&text, MIDDLE_LINES);
    pack(&one, c, ir_buf_view(&text));
    ir_buf_str(&raw, ir_buf_view(&one));
    if (cut) {
        ir_buf_add(&raw, one.p, one.n / 2);
    } else {
        ir_buf_str(&raw, ir_buf_view(&one));
        memset(raw.p + one.n + one.n / 2, 0xa5, 40);
    }
    ir_buf_str(&raw, ir_buf_view(&one));
    struct result r = read_bytes(ir_buf_view(&raw), 5000);
    const char *what = cut ? "cut" : "overwritten";
    is_int(r.warnings, 1, "%s, middle member %s: one warning", codec_names[c], what);
    ok(r.out.n >= 2 * text.n && memcmp(r.out.p, text.p, text.n) == 0 &&
           memcmp(r.out.p + r.out.n - text.n, text.p, text.n) == 0,
       "%s, middle member %s: the first and the last came whole (%s)", codec_names[c], what,
       r.err.msg);
    ir_buf_free(&r.out);
    ir_buf_free(&raw);
    ir_buf_free(&one);
    ir_buf_free(&text);
}

static void behind_the_end(enum ir_codec c)
{
    static const char garbage[] = "and then somebody wrote text here", zeros[512] = "";
    struct ir_buf raw = IR_BUF(1 << 20);
    pack(&raw, c, IR_S("hello\n"));
    size_t n = raw.n;
    ir_buf_add(&raw, garbage, sizeof garbage - 1);
    struct result r = read_bytes(ir_buf_view(&raw), 100);
    is_str(ir_buf_view(&r.out), "hello\n", "%s before garbage", codec_names[c]);
    ok(r.warnings == 1 && r.last == IR_END && strstr(r.err.msg, "33 foreign bytes") != NULL,
       "%s: garbage is counted: %s", codec_names[c], r.err.msg);
    ir_buf_free(&r.out);
    raw.n = n;
    ir_buf_add(&raw, zeros, sizeof zeros);
    r = read_bytes(ir_buf_view(&raw), 100);
    is_int(r.warnings, c == IR_CODEC_XZ ? 0 : 1, "%s: zero padding behind the last member",
           codec_names[c]);
    ir_buf_free(&r.out);
    pack(&raw, c, IR_S("world\n"));
    r = read_bytes(ir_buf_view(&raw), 100);
    is_str(ir_buf_view(&r.out), "hello\nworld\n", "%s: padding between members", codec_names[c]);
    is_int(r.warnings, 0, "%s: which is no damage", codec_names[c]);
    ir_buf_free(&r.out);
    ir_buf_free(&raw);
}

static void bombs(void)
{
    size_t n = (size_t)IR_READER_RATIO_AFTER * 2;
    char *zeros = calloc(1, n);
    /* gzip reaches 1000-fold by a hair, and only in long members */
    enum ir_codec from = n > ((size_t)1 << 20) ? IR_CODEC_GZIP : IR_CODEC_XZ;
    for (enum ir_codec c = from; c < IR_CODEC_MAX; c++) {
        struct ir_buf raw = IR_BUF(1 << 24);
        pack(&raw, c, ir_str_n(zeros, n));
        struct result r = read_bytes(ir_buf_view(&raw), 1 << 16);
        ok(r.warnings == 1 && strstr(r.err.msg, "bomb") != NULL, "%s bomb: %s", codec_names[c],
           r.err.msg);
        ok(r.out.n > IR_READER_RATIO_AFTER && r.out.n < n, "%s bomb was left early",
           codec_names[c]);
        ir_buf_free(&r.out);
        ir_buf_free(&raw);
    }
    free(zeros);

    struct ir_buf raw = IR_BUF(1 << 24), one = IR_BUF(1000);
    pack(&one, IR_CODEC_GZIP, IR_S(""));
    for (unsigned i = 0; i < IR_READER_EMPTY_MAX + 10; i++)
        ir_buf_str(&raw, ir_buf_view(&one));
    struct result r = read_bytes(ir_buf_view(&raw), 100);
    ok(r.warnings == 1 && strstr(r.err.msg, "empty members") != NULL, "empty members: %s",
       r.err.msg);
    ir_buf_free(&r.out);
    ir_buf_clear(&raw);
    for (unsigned i = 0; i < IR_READER_DAMAGE_MAX + 10; i++) {
        ir_buf_str(&raw, ir_buf_view(&one));
        raw.p[raw.n - 1] = 'x'; /* the length */
    }
    r = read_bytes(ir_buf_view(&raw), 100);
    is_int(r.warnings, IR_READER_DAMAGE_MAX, "damage without end is given up");
    ok(strstr(r.err.msg, "too many") != NULL, "and said: %s", r.err.msg);
    ir_buf_free(&r.out);
    ir_buf_free(&raw);
    ir_buf_free(&one);
}

/* A stream that asks for a dictionary of 1 GiB must be refused before memory is taken. */
static void greedy(void)
{
    struct ir_buf raw = IR_BUF(1 << 20);
    unsigned char out[4096];
    size_t n = 0;
    lzma_options_lzma opt;
    lzma_lzma_preset(&opt, 0);
    opt.dict_size = 1u << 30;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &opt}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream s = LZMA_STREAM_INIT;
    if (lzma_stream_encoder(&s, filters, LZMA_CHECK_CRC32) == LZMA_OK) {
        s.next_in = (const uint8_t *)"x\n";
        s.avail_in = 2;
        s.next_out = out;
        s.avail_out = sizeof out;
        while (lzma_code(&s, LZMA_FINISH) == LZMA_OK) {
        }
        n = sizeof out - s.avail_out;
        lzma_end(&s);
    }
    pack(&raw, IR_CODEC_XZ, IR_S("before\n"));
    ir_buf_add(&raw, out, n);
    struct result r = read_bytes(ir_buf_view(&raw), 100);
    is_int(r.last, IR_FATAL, "xz that wants too much memory: %s", r.err.msg);
    is_str(ir_buf_view(&r.out), "before\n", "what stood before it is delivered");
    ir_buf_free(&r.out);
    /* zstd: magic, window descriptor of 2^31, raw block of one byte */
    r = read_bytes(IR_S("\x28\xb5\x2f\xfd\x00\xa8\x09\x00\x00x"), 100);
    is_int(r.last, IR_FATAL, "zstd that wants too large a window: %s", r.err.msg);
    ir_buf_free(&r.out);
    ir_buf_free(&raw);
}

static void from_a_pipe(void)
{
    struct ir_buf text = IR_BUF(1 << 24), raw = IR_BUF(1 << 24);
    lines(&text, 500);
    for (enum ir_codec c = IR_CODEC_NONE; c < IR_CODEC_MAX; c++) {
        int fds[2];
        struct ir_reader *r;
        ir_buf_clear(&raw);
        pack(&raw, c, ir_buf_view(&text));
        if (pipe(fds) != 0) abort();
        if (ir_io_write_all(fds[1], raw.p, raw.n) != 0) abort(); /* fits into a pipe */
        close(fds[1]);
        if (!is_int(ir_reader_open_fd(fds[0], "-", &r, NULL), IR_OK, "open a pipe")) return;
        is_int(ir_reader_codec(r), c, "a pipe of %s is recognised", codec_names[c]);
        ok(!ir_reader_seekable(r), "a pipe is not seekable");
        int copy = memory_file(IR_S(""));
        is_int(ir_reader_spool(r, copy, NULL), IR_OK, "a pipe can be copied");
        struct result res = drain(r, 1000);
        ok(res.warnings == 0 && ir_str_eq(ir_buf_view(&res.out), ir_buf_view(&text)),
           "%s from a pipe", codec_names[c]);
        char *again = malloc(raw.n + 1);
        is_int(ir_io_pread_full(copy, again, raw.n + 1, 0), (long long)raw.n,
               "the copy is as long");
        ok(memcmp(again, raw.p, raw.n) == 0, "and the same");
        is_int((long long)ir_reader_taken(r), (long long)raw.n, "all raw bytes were counted");
        free(again);
        close(copy);
        close(fds[0]);
        ir_reader_close(r);
        ir_buf_free(&res.out);
    }
    ir_buf_free(&text);
    ir_buf_free(&raw);
}

static struct ir_input named(const char *path)
{
    return (struct ir_input){.path = path, .size = -1, .mtime = INT64_MIN, .spool_fd = -1};
}

static void from_files(void)
{
    char dir[64];
    own_dir(dir);
    struct ir_reader *r;
    struct ir_err err = {0};
    struct ir_input in = named("log");
    char buf[100];
    size_t n;

    is_int(ir_reader_open(&in, &r, &err), IR_FATAL, "a file that is not there");
    ok(strcmp(err.input, "log") == 0 && strstr(err.msg, "No such file") != NULL, "is named: %s",
       err.msg);
    if (mkfifo("log", 0600) != 0) abort();
    is_int(ir_reader_open(&in, &r, &err), IR_FATAL, "a FIFO does not hang us: %s", err.msg);
    unlink("log");

    write_file("log", IR_S("0123456789"));
    if (!is_int(ir_reader_open(&in, &r, &err), IR_OK, "open a file")) return;
    ok(ir_reader_seekable(r), "a plain file is seekable");
    is_int(ir_reader_pread(r, buf, 100, 7, &n), IR_OK, "pread near the end");
    is_str(ir_str_n(buf, n), "789", "gives what is there");
    is_int(ir_reader_pread(r, buf, 100, 10, &n), IR_END, "pread at the end");
    int fd = open("log", O_WRONLY | O_APPEND | O_CLOEXEC);
    if (ir_io_write_all(fd, "grown", 5) != 0) abort();
    struct result res = drain(r, 100);
    is_str(ir_buf_view(&res.out), "0123456789", "what came after the open is not read");
    is_int(res.warnings, 0, "growing is no damage");
    ir_buf_free(&res.out);
    ir_reader_close(r);

    if (!is_int(ir_reader_open(&in, &r, &err), IR_OK, "open again")) return;
    if (ir_reader_read(r, buf, 4, &n, &err) != IR_OK || ftruncate(fd, 6) != 0) abort();
    res = drain(r, 100);
    is_str(ir_buf_view(&res.out), "45", "a file that shrinks: what is still there");
    ok(res.warnings == 1 && strstr(res.err.msg, "shrank") != NULL, "and it is said: %s",
       res.err.msg);
    is_int(res.err.offset, 6, "with the offset");
    ir_buf_free(&res.out);
    ir_reader_close(r);
    close(fd);
    gone_dir(dir);
}

int main(void)
{
    for (enum ir_codec c = IR_CODEC_NONE; c < IR_CODEC_MAX; c++)
        whole_and_joined(c);
    for (enum ir_codec c = IR_CODEC_GZIP; c < IR_CODEC_MAX; c++) {
        cut_short(c);
        resynchronise(c, true);
        resynchronise(c, false);
        behind_the_end(c);
    }
    bombs();
    greedy();
    from_a_pipe();
    from_files();
    struct result r = read_bytes_as(IR_S("plain text\n"), 100, "auth.log.gz");
    ok(r.warnings == 1 && r.out.n == 11, "a .gz that is none is read and said: %s", r.err.msg);
    ir_buf_free(&r.out);
    r = read_bytes(IR_S(""), 100);
    ok(r.warnings == 0 && r.last == IR_END && r.out.n == 0, "an empty file");
    ir_buf_free(&r.out);
    return done();
}
