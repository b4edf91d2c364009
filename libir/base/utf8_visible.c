/*
 * Hostile text made harmless for a terminal, and how many columns text takes (width_table.def).
 *
 * An attacker who writes into a log aims at the reader's terminal: escape sequences that run or
 * hide things, bidi controls that turn a line around, invisible characters that make two names look
 * the same, heaps of combining marks that paint over the lines above. Not for HTML or CSV: the
 * writers do that. Documents: ECMA-48 (control functions), Unicode TR 36 and TR 39 (security), UAX
 * 11 (width).
 */
#include "base/utf8.h"

#define MARKS_MAX 4 /* combining marks on one character; Japanese and Vietnamese need 2 */

struct range {
    uint32_t first, last;
};

static const struct range wide[] = {
#define WIDE(first, last) {first, last},
#include "base/width_table.def"
#undef WIDE
};

static const struct range zero[] = {
#define ZERO(first, last) {first, last},
#include "base/width_table.def"
#undef ZERO
};

/* Format controls and fillers without a shape. Variation selectors stay: names in Japanese need
 * them. */
static const struct range hidden[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
    {0x061c, 0x061c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
    {0xfffe, 0xffff},   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe00ff},
    {0xe01f0, 0xe0fff},
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static bool in_ranges(const struct range *r, size_t n, uint32_t cp)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (cp > r[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && cp >= r[lo].first;
}

bool ir_cp_hidden(uint32_t cp)
{
    if (cp < 0x7f) return cp < 0x20;
    if (cp > 0x3164 && cp < 0xfdd0) return false;
    if (cp > 0xffff && (cp & 0xfffe) == 0xfffe) return true; /* never characters */
    return in_ranges(hidden, COUNT(hidden), cp);
}

static unsigned cp_columns(uint32_t cp)
{
    if (cp < 0x300) return cp >= 0x20 && (cp < 0x7f || cp >= 0xa0);
    if (in_ranges(zero, COUNT(zero), cp)) return 0;
    return in_ranges(wide, COUNT(wide), cp) ? 2 : 1;
}

size_t ir_columns(struct ir_str s)
{
    size_t columns = 0;
    while (s.n > 0) {
        int32_t cp;
        size_t n = ir_utf8_decode(s, &cp);
        columns += cp < 0 ? 1 : cp_columns((uint32_t)cp);
        s = ir_str_skip(s, n);
    }
    return columns;
}

/* Bytes of printable ASCII at the start. */
static size_t plain_run(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x7f)
        i++;
    return i;
}

static char *put_hex(char *p, uint32_t v, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        *p++ = "0123456789abcdef"[v >> shift & 15];
    return p;
}

/* The escape for a code point, or for the byte when cp is -1. Returns its length, at most 10. */
static size_t escape(int32_t cp, unsigned char byte, char out[12])
{
    char *p = out;
    *p++ = '\\';
    if (cp == '\n' || cp == '\t' || cp == '\r') {
        *p++ = cp == '\n' ? 'n' : cp == '\t' ? 't' : 'r';
    } else if (cp < 0x80) {
        *p++ = 'x';
        p = put_hex(p, byte, 2);
    } else {
        *p++ = cp > 0xffff ? 'U' : 'u';
        p = put_hex(p, (uint32_t)cp, cp > 0xffff ? 8 : 4);
    }
    return (size_t)(p - out);
}

struct piece {
    struct ir_str in;  /* rest of the input */
    struct ir_str out; /* what to write */
    size_t columns;
    bool run;  /* of ASCII: may be cut anywhere */
    int marks; /* seen on this character; MARKS_MAX when there is none to carry them */
    char text[12];
};

/* Takes the next piece off the input: a run of ASCII, one character, or one escape. */
static void next_piece(struct piece *q)
{
    size_t n = plain_run(q->in);
    q->out = ir_str_head(q->in, n);
    q->columns = n;
    q->run = n > 0;
    if (q->run) {
        q->marks = 0;
    } else {
        int32_t cp;
        n = ir_utf8_decode(q->in, &cp);
        bool show = cp >= 0 && !ir_cp_hidden((uint32_t)cp);
        q->columns = show ? cp_columns((uint32_t)cp) : 0;
        if (show && q->columns == 0 && ++q->marks > MARKS_MAX) show = false;
        if (show) {
            q->out = ir_str_head(q->in, n);
            if (q->columns > 0) q->marks = 0;
        } else {
            q->out = ir_str_n(q->text, escape(cp, (unsigned char)q->in.p[0], q->text));
            q->columns = q->out.n;
            q->marks = MARKS_MAX; /* a mark would deface the escape */
        }
    }
    q->in = ir_str_skip(q->in, n);
}

void ir_visible(struct ir_buf *out, struct ir_str s, size_t limit)
{
    struct piece q = {.in = s, .marks = MARKS_MAX};
    size_t room = limit > 0 ? limit : SIZE_MAX;
    size_t cut = out->n; /* where "…" may stand when the rest does not fit */
    while (q.in.n > 0) {
        next_piece(&q);
        if (q.columns > room) {
            if (room == 0 && cut < out->n) {
                out->n = cut;
                out->p[cut] = '\0';
            } else if (room > 0 && q.run) {
                ir_buf_str(out, ir_str_head(q.out, room - 1));
            }
            ir_buf_str(out, IR_S("\xe2\x80\xa6"));
            return;
        }
        ir_buf_str(out, q.out);
        room -= q.columns;
        if (room > 0)
            cut = out->n;
        else if (q.run && !out->full)
            cut = out->n - 1;
    }
}
