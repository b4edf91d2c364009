/*
 * Lines of tag files (RFC 8493 section 2.2) in bounded memory, converted to UTF-8 by iconv. Hostile
 * in them: endless lines, bytes that are not of the declared encoding, names of encodings (only
 * those of the table reach iconv, which loads modules by name).
 */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/bag_int.h"

#define RAW            ((size_t)64 << 10)
#define LINE_MAX_BYTES ((size_t)1 << 20)

struct ir_bag_lines {
    struct ir_bag *b;
    char name[256];
    int fd;
    iconv_t cd; /* (iconv_t)-1: no conversion */
    bool started, end, bom, bad;
    char raw[RAW];
    size_t nraw;
    struct ir_buf text;
    size_t at;
    uint64_t number;
};

static const char *const encodings[] = {
    "UTF-8",        "UTF-16",       "UTF-16LE",   "UTF-16BE",    "UTF-32",      "UTF-32LE",
    "UTF-32BE",     "US-ASCII",     "ISO-8859-1", "ISO-8859-2",  "ISO-8859-15", "WINDOWS-1252",
    "WINDOWS-1250", "WINDOWS-1251", "SHIFT_JIS",  "WINDOWS-31J", "CP932",       "EUC-JP",
    "ISO-2022-JP",  "ASCII",        "ISO-8859-5", "ISO-8859-7",  "ISO-8859-9",  "LATIN1",
    "GB18030",      "BIG5",         "EUC-KR",     "KOI8-R",
};

bool ir_bag_encoding_known(struct ir_str name)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (ir_str_ieq(name, ir_str_z(encodings[i]))) return true;
    return false;
}

int ir_bag_lines_open(struct ir_bag *b, const char *name, const char *encoding,
                      struct ir_bag_lines **ret_l)
{
    struct stat st;
    int fd = ir_open_beneath(b->fd, name, O_RDONLY);
    if (fd == -ENOENT) return IR_END;
    struct ir_bag_lines *l = fd >= 0 ? calloc(1, sizeof *l) : NULL;
    const char *why = fd < 0                                        ? ir_errno_text(-fd)
                      : l == NULL                                   ? "out of memory"
                      : fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ? "it is no file"
                                                                    : NULL;
    if (why != NULL) {
        b->t->unreadable++;
        ir_bag_say(b, IR_BAG_PROBLEM, name, "cannot be read: %-s", why);
        if (fd >= 0) close(fd);
        free(l);
        return IR_BAD;
    }
    *l = (struct ir_bag_lines){.b = b, .fd = fd, .cd = (iconv_t)-1};
    snprintf(l->name, sizeof l->name, "%s", name);
    l->text = IR_BUF(LINE_MAX_BYTES + 8 * RAW);
    if (encoding != NULL && strcasecmp(encoding, "UTF-8") != 0)
        l->cd = iconv_open("UTF-8", encoding);
    *ret_l = l;
    return IR_OK;
}

/* A byte order mark, and without one the order of UTF-16 that makes the first character ASCII. */
static size_t begin(struct ir_bag_lines *l)
{
    const unsigned char *p = (const unsigned char *)l->raw;
    l->started = true;
    if (l->nraw >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
        l->bom = true;
        return 3;
    }
    if (l->cd == (iconv_t)-1 || l->nraw < 2 || strcasecmp(l->b->encoding, "UTF-16") != 0) return 0;
    bool little = (p[0] == 0xff && p[1] == 0xfe) || (p[0] != 0 && p[1] == 0);
    bool marked = (p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff);
    iconv_close(l->cd);
    l->cd = iconv_open("UTF-8", little ? "UTF-16LE" : "UTF-16BE");
    return marked ? 2 : 0;
}

static void convert(struct ir_bag_lines *l, size_t from)
{
    char *in = l->raw + from;
    size_t left = l->nraw - from;
    while (left > 0) {
        char out[4096], *to = out;
        size_t room = sizeof out;
        size_t rc = iconv(l->cd, &in, &left, &to, &room);
        int why = errno;
        ir_buf_add(&l->text, out, sizeof out - room);
        if (rc != (size_t)-1 || why == E2BIG) continue;
        if (why == EINVAL && !l->end) break; /* the rest comes with the next piece */
        l->bad = true;
        ir_buf_str(&l->text, IR_S("\xef\xbf\xbd"));
        in++;
        left--;
    }
    memmove(l->raw, in, left);
    l->nraw = left;
}

/* More of the file behind what is not given out yet. False: cannot be read. */
static bool fill(struct ir_bag_lines *l)
{
    size_t rest = l->text.n - l->at;
    if (rest > 0) memmove(l->text.p, l->text.p + l->at, rest);
    l->text.n = rest;
    l->at = 0;
    ssize_t got = ir_io_read_full(l->fd, l->raw + l->nraw, RAW - l->nraw);
    if (got < 0) {
        l->b->t->unreadable++;
        ir_bag_say(l->b, IR_BAG_PROBLEM, l->name, "cannot be read: %-s", ir_errno_text((int)-got));
        return false;
    }
    l->end = (size_t)got < RAW - l->nraw;
    l->nraw += (size_t)got;
    size_t from = l->started ? 0 : begin(l);
    if (l->cd != (iconv_t)-1) {
        convert(l, from);
    } else {
        ir_buf_add(&l->text, l->raw + from, l->nraw - from);
        l->nraw = 0;
    }
    return true;
}

int ir_bag_lines_next(struct ir_bag_lines *l, struct ir_bag_line *ret_line)
{
    for (;;) {
        struct ir_str rest = ir_str_skip(ir_buf_view(&l->text), l->at);
        size_t lf = ir_str_chr(rest, '\n');
        size_t cr = ir_str_chr(lf == IR_NPOS ? rest : ir_str_head(rest, lf), '\r');
        size_t n = cr != IR_NPOS ? cr : lf;
        if (n != IR_NPOS && (cr == IR_NPOS || cr + 1 < rest.n || l->end)) {
            bool both = cr != IR_NPOS && cr + 1 < rest.n && rest.p[cr + 1] == '\n';
            *ret_line = (struct ir_bag_line){ir_str_head(rest, n), ++l->number, cr == IR_NPOS};
            l->at += n + 1 + both;
            return IR_OK;
        }
        if (l->end) {
            if (rest.n == 0) return IR_END;
            *ret_line = (struct ir_bag_line){rest, ++l->number, false};
            l->at = l->text.n;
            return IR_OK;
        }
        if (rest.n > LINE_MAX_BYTES) {
            ir_bag_say(l->b, IR_BAG_PROBLEM, l->name,
                       "line %" PRIu64 " is longer than %zu bytes: the rest was not read",
                       l->number + 1, LINE_MAX_BYTES);
            return IR_BAD;
        }
        if (!fill(l)) return IR_BAD;
    }
}

bool ir_bag_lines_bom(const struct ir_bag_lines *l)
{
    return l->bom;
}

void ir_bag_lines_close(struct ir_bag_lines *l, bool tell)
{
    if (l == NULL) return;
    if (tell && l->bom) ir_bag_say(l->b, IR_BAG_WARN, l->name, "begins with a byte order mark");
    if (tell && l->bad)
        ir_bag_say(l->b, IR_BAG_PROBLEM, l->name, "holds bytes that are not %s", l->b->encoding);
    if (l->cd != (iconv_t)-1) iconv_close(l->cd);
    close(l->fd);
    ir_buf_free(&l->text);
    free(l);
}
