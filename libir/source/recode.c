/*
 * Conversion in steps of a chunk, with the runs of the map in a list until a block takes them.
 */
#include "source/recode.h"

#include <stdlib.h>

#ifdef IR_TINY
#define RAW ((size_t)700)
#else
#define RAW ((size_t)64 << 10)
#endif
#define TEXT (3 * RAW + 4)

struct bad { /* characters that are not valid, one behind the other */
    uint64_t text, raw, n;
};

struct ir_recode {
    struct ir_reader *r;
    struct ir_decoder d;
    char *raw; /* read and not converted */
    size_t nraw, at_raw, cap_raw;
    char text[TEXT]; /* converted and not given out */
    size_t ntext, at_text;
    uint64_t raw_pos, text_pos; /* of the next character to convert */
    int rc;                     /* what the reader said behind raw */
    struct ir_err err;
    struct ir_mark *marks;
    size_t nmarks, cap_marks;
    struct bad *bad;
    size_t nbad, cap_bad;
    bool out_of_memory;
};

struct ir_recode *ir_recode_new(const struct ir_charset *cs, enum ir_encoding e,
                                struct ir_reader *r, struct ir_str raw, int rc,
                                const struct ir_err *err)
{
    struct ir_recode *c = calloc(1, sizeof *c);
    if (c == NULL) return NULL;
    c->r = r;
    c->d = (struct ir_decoder){.cs = cs, .encoding = e};
    c->cap_raw = raw.n > RAW ? raw.n : RAW;
    c->raw = malloc(c->cap_raw);
    if (c->raw == NULL) {
        free(c);
        return NULL;
    }
    if (raw.n > 0) memcpy(c->raw, raw.p, raw.n);
    c->nraw = raw.n;
    c->at_raw = ir_charset_bom(e, raw);
    c->raw_pos = c->at_raw;
    c->rc = rc;
    if (err != NULL) c->err = *err;
    return c;
}

void ir_recode_free(struct ir_recode *c)
{
    if (c == NULL) return;
    free(c->raw);
    free(c->marks);
    free(c->bad);
    free(c);
}

enum ir_encoding ir_recode_encoding(const struct ir_recode *c)
{
    return c->d.encoding;
}

static void *room(struct ir_recode *c, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return v;
    const size_t want = *cap > 0 ? *cap * 2 : 256;
    void *p = realloc(v, want * size);
    if (p == NULL) {
        c->out_of_memory = true;
        return v;
    }
    *cap = want;
    return p;
}

static void on_run(void *user, const struct ir_mark *m, bool valid)
{
    struct ir_recode *c = user;
    const struct ir_mark *last = c->nmarks > 0 ? &c->marks[c->nmarks - 1] : NULL;
    /* the run of the call before goes on */
    const bool on = last != NULL && last->text_width == m->text_width &&
                    last->raw_width == m->raw_width &&
                    (m->text - last->text) / m->text_width * m->raw_width == m->raw - last->raw;
    if (!on) {
        c->marks = room(c, c->marks, c->nmarks, &c->cap_marks, sizeof *c->marks);
        if (c->nmarks < c->cap_marks) c->marks[c->nmarks++] = *m;
    }
    if (valid) return;
    struct bad *b = c->nbad > 0 ? &c->bad[c->nbad - 1] : NULL;
    if (b != NULL && b->text + 3 * b->n == m->text) {
        b->n++;
        return;
    }
    c->bad = room(c, c->bad, c->nbad, &c->cap_bad, sizeof *c->bad);
    if (c->nbad < c->cap_bad) c->bad[c->nbad++] = (struct bad){m->text, m->raw, 1};
}

/* More raw bytes behind those that are there. */
static void refill(struct ir_recode *c)
{
    size_t got = 0;
    if (c->at_raw > 0) memmove(c->raw, c->raw + c->at_raw, c->nraw - c->at_raw);
    c->nraw -= c->at_raw;
    c->at_raw = 0;
    if (c->rc != IR_OK || c->nraw >= c->cap_raw) return;
    c->rc = ir_reader_read(c->r, c->raw + c->nraw, c->cap_raw - c->nraw, &got, &c->err);
    c->nraw += got;
}

static void convert(struct ir_recode *c)
{
    struct ir_decode_io io = {.raw = c->raw + c->at_raw,
                              .nraw = c->nraw - c->at_raw,
                              .text = c->text,
                              .ntext = TEXT,
                              .last = c->rc != IR_OK,
                              .run = on_run,
                              .user = c,
                              .text_at = c->text_pos,
                              .raw_at = c->raw_pos};
    ir_decode(&c->d, &io);
    c->at_raw = c->nraw - io.nraw;
    c->text_pos = io.text_at;
    c->raw_pos = io.raw_at;
    c->ntext = TEXT - io.ntext;
    c->at_text = 0;
}

int ir_recode_read(struct ir_recode *c, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    size_t n = 0;
    while (n < cap) {
        if (c->at_text < c->ntext) {
            size_t more = c->ntext - c->at_text;
            if (more > cap - n) more = cap - n;
            memcpy(buf + n, c->text + c->at_text, more);
            c->at_text += more;
            n += more;
            continue;
        }
        const size_t before = c->nraw - c->at_raw;
        convert(c);
        if (c->ntext > 0 || c->nraw - c->at_raw < before) continue;
        if (c->rc != IR_OK) break; /* and nothing is left of raw */
        refill(c);
    }
    *ret_n = n;
    if (c->out_of_memory) return ir_fail(err, IR_FATAL, "out of memory");
    if (n > 0 || cap == 0) return IR_OK; /* the result stays for the next call */
    const int rc = c->rc;
    if (rc != IR_END && err != NULL) *err = c->err;
    if (rc == IR_WARN) {
        c->rc = IR_OK; /* a record never goes on across damage, nor does a state */
        c->d.state = 0;
    }
    return rc;
}

static uint64_t raw_of(const struct ir_recode *c, size_t i, uint64_t text)
{
    const struct ir_mark *m = &c->marks[i];
    return m->raw + (text - m->text) / m->text_width * m->raw_width;
}

static void take_bad(struct ir_recode *c, uint64_t end, struct ir_recode_part *part)
{
    size_t bad = 0;
    for (; bad < c->nbad && c->bad[bad].text < end; bad++) {
        if (part->invalid == 0) part->invalid_at = c->bad[bad].raw;
        part->invalid += c->bad[bad].n;
    }
    if (bad > 0) memmove(c->bad, c->bad + bad, (c->nbad - bad) * sizeof *c->bad);
    c->nbad -= bad;
}

bool ir_recode_take(struct ir_recode *c, uint64_t text, size_t n, struct ir_mark **marks,
                    size_t *nmarks, size_t *cap, struct ir_recode_part *ret)
{
    const uint64_t end = text + n;
    size_t from = 0, to = 0;
    while (from + 1 < c->nmarks && c->marks[from + 1].text <= text)
        from++;
    for (to = from; to < c->nmarks && c->marks[to].text < end;)
        to++;
    *ret = (struct ir_recode_part){.raw_at = c->nmarks > 0 ? raw_of(c, from, text) : c->raw_pos};
    if (c->nmarks > 0 && text >= c->text_pos) ret->raw_at = c->raw_pos;
    /* what follows the text begins where the next character's escapes do */
    const uint64_t raw_end = end >= c->text_pos                           ? c->raw_pos
                             : to < c->nmarks && c->marks[to].text == end ? c->marks[to].raw
                                                                          : raw_of(c, to - 1, end);
    ret->raw_n = raw_end - ret->raw_at;
    if (*cap < to - from) {
        struct ir_mark *v = realloc(*marks, (to - from) * sizeof *v);
        if (v == NULL) return false;
        *marks = v;
        *cap = to - from;
    }
    *nmarks = to - from;
    for (size_t i = 0; i < *nmarks; i++) {
        struct ir_mark m = c->marks[from + i];
        if (m.text < text) {
            m.raw = raw_of(c, from + i, text);
            m.text = text;
        }
        m.text -= text;
        m.raw -= ret->raw_at;
        (*marks)[i] = m;
    }
    take_bad(c, end, ret);
    /* the last mark may reach into what follows */
    const size_t drop = to > 0 ? to - 1 : 0;
    if (drop > 0) memmove(c->marks, c->marks + drop, (c->nmarks - drop) * sizeof *c->marks);
    c->nmarks -= drop;
    return true;
}
