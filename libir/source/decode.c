/*
 * The walk over the members of a compressed stream: member, padding, next member; and after damage
 * a search for the next member's magic. Not here: the codecs (codec_*.c) and files (reader.c).
 *
 * A damaged member often swallows the start of the next one before its decoder notices (think of a
 * file cut short, to which the next rotation was appended). So the last HISTORY bytes of compressed
 * input are kept, and the search starts that far back: a bzip2
 * block may take 900 kB, a zstd block 128 KiB.
 */
#include "source/decode.h"

#include "base/buf.h"
#include "base/intl.h"
#include "source/reader.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef IR_TINY
#define HISTORY  ((size_t)16 << 10)
#define READ_MAX ((size_t)4 << 10)
#else
#define HISTORY  ((size_t)1 << 20)
#define READ_MAX ((size_t)256 << 10)
#endif
#define IN_SIZE (2 * HISTORY + READ_MAX)
/* Steps end at multiples of this in the output. Bombs are judged there and only there, so that a
 * second reading with other buffers ends at the same byte. */
#define JUDGE ((uint64_t)64 << 10)

enum state { HEAD, MEMBER, SEARCH, DONE };

struct ir_decode {
    const struct ir_codec_ops *ops;
    void *codec;
    ir_decode_fill *fill;
    void *user;
    enum state state;
    unsigned char *in; /* IN_SIZE bytes; in[0] is byte `base` of the compressed stream */
    uint64_t base;
    size_t pos, end; /* next byte to take; end of what is there */
    bool eof;
    bool refused; /* fill failed: fill_err holds why, until it is said */
    struct ir_err fill_err;
    uint64_t member;     /* where the current member starts */
    uint64_t member_out; /* and its first byte in the output */
    uint64_t out;
    unsigned damages, empties;
    /* SEARCH: */
    const char *why; /* of the damage; NULL: only foreign bytes after a good member */
    bool truncated;
    bool zeros;         /* all bytes passed so far were zero */
    uint64_t lost_from; /* where damage was seen or foreign bytes start */
};

struct ir_decode *ir_decode_new(enum ir_codec codec, ir_decode_fill *fill, void *user)
{
    struct ir_decode *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->ops = ir_codec_ops(codec);
    d->fill = fill;
    d->user = user;
    d->in = malloc(IN_SIZE);
    d->codec = d->ops->open();
    if (d->in == NULL || d->codec == NULL) {
        ir_decode_free(d);
        return NULL;
    }
    return d;
}

void ir_decode_free(struct ir_decode *d)
{
    if (d == NULL) return;
    if (d->codec != NULL) d->ops->close(d->codec);
    free(d->in);
    free(d);
}

/* Has at least n bytes at pos, or eof. Keeps HISTORY bytes before pos. */
static void need(struct ir_decode *d, size_t n)
{
    while (!d->eof && d->end - d->pos < n) {
        if (d->pos >= 2 * HISTORY) {
            size_t drop = d->pos > HISTORY ? d->pos - HISTORY : 0;
            memmove(d->in, d->in + drop, d->end - drop);
            d->base += drop;
            d->pos -= drop;
            d->end -= drop;
        }
        size_t got = 0;
        size_t want = IN_SIZE - d->end < READ_MAX ? IN_SIZE - d->end : READ_MAX;
        int rc = d->fill(d->user, (char *)d->in + d->end, want, &got, &d->fill_err);
        d->end += got;
        if (rc != IR_OK) d->eof = true;
        if (rc < 0) d->refused = true;
    }
}

static struct ir_str head_at(const struct ir_decode *d, size_t pos)
{
    return ir_str_head(ir_str_n((const char *)d->in + pos, d->end - pos), IR_MAGIC_SIZE);
}

/* Damage, at what was unpacked so far. */
static struct ir_err *here(struct ir_decode *d, struct ir_err *err)
{
    ir_err_at(err, NULL, (int64_t)d->out, 0);
    return err;
}

/* Goes looking for the next member. why NULL: after a good member. */
static void start_search(struct ir_decode *d, const char *why, bool truncated)
{
    d->state = SEARCH;
    d->why = why;
    d->truncated = truncated;
    d->zeros = true;
    d->lost_from = d->base + d->pos;
    if (why == NULL) return;
    size_t back = d->pos > HISTORY ? d->pos - HISTORY : 0;
    uint64_t first = d->member + 1; /* never the same member again */
    if (d->base + back < first) back = (size_t)(first - d->base);
    d->pos = back;
}

/* Between members: IR_OK to go on, IR_END, or IR_WARN. */
static int at_head(struct ir_decode *d, struct ir_err *err)
{
    need(d, IR_MAGIC_SIZE);
    if (d->pos == d->end) {
        d->state = DONE;
        if (!d->refused) return IR_END;
        ir_err_at(err, NULL, (int64_t)d->out, 0);
        return ir_fail(err, IR_WARN, "%s", d->fill_err.msg);
    }
    if (!d->ops->magic(head_at(d, d->pos))) {
        start_search(d, NULL, false);
        return IR_OK;
    }
    if (!d->ops->restart(d->codec)) {
        d->state = DONE;
        return ir_fail(err, IR_FATAL, "out of memory for %s data", d->ops->name);
    }
    d->member = d->base + d->pos;
    d->member_out = d->out;
    d->state = MEMBER;
    return IR_OK;
}

/* Moves pos to the next member's start. False: none up to the end. */
static bool find_member(struct ir_decode *d)
{
    for (;;) {
        need(d, IR_MAGIC_SIZE);
        if (d->pos == d->end) return false;
        if (d->ops->magic(head_at(d, d->pos))) return true;
        /* Step to the next candidate; what is passed must be looked at for zeros. */
        const unsigned char *p = d->in + d->pos, *e = d->in + d->end;
        const unsigned char *q = memchr(p + 1, d->ops->first, (size_t)(e - p - 1));
        if (q == NULL) q = e;
        for (; d->zeros && p < q; p++)
            if (*p != 0) d->zeros = false;
        d->pos = (size_t)(q - d->in);
    }
}

/* What was found between lost_from and `at`, in words; nothing when it is lawful padding. */
static void describe(const struct ir_decode *d, bool found, uint64_t at, struct ir_buf *text)
{
    uint64_t lost = at > d->lost_from ? at - d->lost_from : 0;
    if (d->why == NULL) {
        size_t unit = d->ops->padding;
        bool lawful = d->zeros && (unit ? lost % unit == 0 : found);
        if (lawful && !d->refused) return;
        ir_buf_fmt(text,
                   d->zeros
                       ? N_("%llu zero bytes after %s data at compressed byte %llu were not read")
                       : N_("%llu foreign bytes after %s data at compressed byte %llu were not "
                            "read"),
                   (unsigned long long)lost, d->ops->name, (unsigned long long)d->lost_from);
    } else if (d->truncated) {
        ir_buf_fmt(text, N_("%s data is cut short at compressed byte %llu"), d->ops->name,
                   (unsigned long long)d->lost_from);
    } else {
        ir_buf_fmt(text, N_("%s data is damaged at compressed byte %llu (%-s)"), d->ops->name,
                   (unsigned long long)d->lost_from, d->why);
    }
    if (!found && d->refused) ir_buf_fmt(text, "; %s", d->fill_err.msg);
    if (found || (d->why != NULL && lost > 0)) ir_buf_str(text, IR_S("; "));
    if (found)
        ir_buf_fmt(text, N_("reading on at the next member, compressed byte %llu"),
                   (unsigned long long)at);
    else if (d->why != NULL && lost > 0)
        ir_buf_fmt(text, N_("the %llu compressed bytes behind it are lost"),
                   (unsigned long long)lost);
}

static int search(struct ir_decode *d, struct ir_err *err)
{
    bool found = find_member(d);
    struct ir_buf text = IR_BUF(1024);
    describe(d, found, d->base + d->pos, &text);
    d->state = found ? HEAD : DONE;
    int rc = text.n > 0 ? ir_fail(here(d, err), IR_WARN, "%s", text.p) : IR_OK;
    ir_buf_free(&text);
    if (rc == IR_OK || !found || ++d->damages < IR_READER_DAMAGE_MAX) return rc;
    d->state = DONE;
    return ir_fail(here(d, err), IR_WARN, "too many damaged places: the rest was not read");
}

/* IR_OK: go on. IR_WARN, IR_FATAL: say it now. */
static int end_step(struct ir_decode *d, enum ir_codec_step step, const char *why,
                    struct ir_err *err)
{
    switch (step) {
    case IR_STEP_MORE: break;
    case IR_STEP_MEMBER:
        d->state = HEAD;
        d->empties = d->out == d->member_out ? d->empties + 1 : 0;
        if (d->empties > IR_READER_EMPTY_MAX) {
            d->state = DONE;
            return ir_fail(here(d, err), IR_WARN,
                           "too many empty members in a row: the rest was not read");
        }
        if (why != NULL) return ir_fail(here(d, err), IR_WARN, "%s data: %-s", d->ops->name, why);
        break;
    case IR_STEP_DAMAGED: start_search(d, why ? why : N_("the data is corrupt"), false); break;
    case IR_STEP_REFUSED:
        d->state = DONE;
        return ir_fail(here(d, err), IR_FATAL, "%s data is refused: %-s", d->ops->name, why);
    }
    if (d->out % JUDGE == 0 && d->out > IR_READER_RATIO_AFTER &&
        d->out / IR_READER_RATIO_MAX > d->base + d->pos) {
        d->state = DONE;
        return ir_fail(
            here(d, err), IR_WARN,
            "%s data grows more than %u-fold, like a decompression bomb: reading stopped here",
            d->ops->name, IR_READER_RATIO_MAX);
    }
    return IR_OK;
}

static int member_step(struct ir_decode *d, char *buf, size_t cap, size_t *n, struct ir_err *err)
{
    if (d->pos == d->end) need(d, 1);
    size_t nin = d->end - d->pos, room = (size_t)(JUDGE - d->out % JUDGE);
    if (room > cap - *n) room = cap - *n;
    struct ir_codec_io io = {d->in + d->pos, nin, (unsigned char *)buf + *n, room, NULL};
    enum ir_codec_step step = d->ops->step(d->codec, &io);
    d->pos += nin - io.nin;
    d->out += room - io.nout;
    *n += room - io.nout;
    if (step == IR_STEP_MORE && nin == io.nin && room == io.nout) {
        start_search(d, N_("no progress"), nin == 0);
        return IR_OK;
    }
    return end_step(d, step, io.why, err);
}

int ir_decode_read(struct ir_decode *d, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    size_t n = 0;
    int rc = IR_OK;
    while (rc == IR_OK && n < cap) {
        if (d->state == DONE) {
            rc = IR_END;
        } else if (d->state == HEAD) {
            rc = at_head(d, err);
        } else if (d->state == SEARCH) {
            rc = search(d, err);
        } else {
            rc = member_step(d, buf, cap, &n, err);
        }
    }
    if (rc == IR_END && n > 0) rc = IR_OK; /* the state keeps the end for the next call */
    *ret_n = n;
    return rc;
}
