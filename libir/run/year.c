/*
 * Sampling stamps and laying out years.
 */
#include "run/year.h"

#include <stdlib.h>

#include "base/time.h"

#define SAMPLE_BYTES 512u

struct walk {
    struct ir_years *y;
    size_t cap;
    int prev, year; /* month of the stamp before; years since the first stamp */
    size_t stamps, disorder;
    struct ir_yearless last;
};

/* The stamp at the start of a line, behind an optional <PRI>. */
static bool line_stamp(struct ir_str line, struct ir_yearless *ret_y)
{
    if (line.n > 0 && line.p[0] == '<') {
        size_t end = ir_str_chr(ir_str_head(line, 6), '>');
        if (end != IR_NPOS) line = ir_str_skip(line, end + 1);
    }
    return ir_yearless_parse(line, ret_y) > 0 && ret_y->year == 0;
}

static void add_point(struct walk *w, uint64_t offset, int month)
{
    struct ir_years *y = w->y;
    if (y->npoints > 0 && y->point[y->npoints - 1].year == w->year &&
        y->point[y->npoints - 1].month == month)
        return;
    if (y->npoints == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 32;
        struct ir_year_point *p = realloc(y->point, cap * sizeof *p);
        if (p == NULL) return;
        y->point = p;
        w->cap = cap;
    }
    y->point[y->npoints++] = (struct ir_year_point){offset, w->year, month};
}

static void take(struct walk *w, uint64_t offset, const struct ir_yearless *s)
{
    if (w->prev != 0) {
        if (s->month < w->prev - 6)
            w->year++;
        else if (s->month > w->prev + 6 || s->month < w->prev - 1)
            w->disorder++;
    }
    w->prev = s->month;
    w->last = *s;
    w->stamps++;
    add_point(w, offset, s->month);
}

/* Every line of a small file; of a large one, the first whole line behind each of the sample
 * places. */
static void walk_file(struct walk *w, struct ir_reader *r, uint64_t size)
{
    bool every = size <= (uint64_t)IR_YEAR_SAMPLES * SAMPLE_BYTES;
    size_t chunk = every ? (size_t)size : SAMPLE_BYTES;
    uint64_t step = every ? size + 1 : size / IR_YEAR_SAMPLES;
    char *buf = malloc(chunk + 1);
    for (uint64_t at = 0; buf != NULL && at < size; at += step) {
        size_t n;
        if (ir_reader_pread(r, buf, chunk, at, &n) != IR_OK) break;
        struct ir_str rest = ir_str_n(buf, n);
        if (at > 0) ir_str_cut(&rest, '\n');
        while (rest.p != NULL && rest.n > 0) {
            uint64_t offset = at + (uint64_t)(rest.p - buf);
            struct ir_str line = ir_str_cut(&rest, '\n');
            struct ir_yearless s;
            if (!line_stamp(line, &s)) continue;
            take(w, offset, &s);
            if (!every) break;
        }
    }
    free(buf);
}

static int last_year(const struct ir_years *y, const struct ir_yearless *s)
{
    struct ir_clock alone = {.anchor = y->anchor, .zone = y->zone};
    return ir_clock_year(&alone, s);
}

void ir_years_scan(struct ir_reader *r, uint64_t size, struct ir_str head, int64_t anchor,
                   const struct ir_zone *zone, struct ir_years *ret_y)
{
    *ret_y = (struct ir_years){.anchor = anchor, .zone = zone};
    struct walk w = {.y = ret_y};
    if (r != NULL && ir_reader_seekable(r) && ir_reader_codec(r) == IR_CODEC_NONE) {
        walk_file(&w, r, size);
        if (w.disorder > 1 + w.stamps / 100) ret_y->jumps = true;
        int shift = w.stamps > 0 ? last_year(ret_y, &w.last) - w.year : 0;
        for (size_t i = 0; i < ret_y->npoints; i++)
            ret_y->point[i].year += shift;
        return;
    }
    struct ir_yearless s;
    while (head.p != NULL && head.n > 0) {
        if (!line_stamp(ir_str_cut(&head, '\n'), &s)) continue;
        w.year = last_year(ret_y, &s);
        add_point(&w, 0, s.month);
        return;
    }
}

void ir_years_free(struct ir_years *y)
{
    free(y->point);
    *y = (struct ir_years){0};
}

struct ir_clock ir_years_clock(const struct ir_years *y, uint64_t offset)
{
    struct ir_clock c = {.anchor = y->anchor, .zone = y->zone};
    if (y->jumps || y->npoints == 0) return c;
    size_t lo = 0, hi = y->npoints; /* the last point at or before offset, else the first one */
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (y->point[mid].offset <= offset)
            lo = mid;
        else
            hi = mid;
    }
    c.year = y->point[lo].year;
    c.month = y->point[lo].month;
    return c;
}

bool ir_years_first(struct ir_str head, int64_t anchor, const struct ir_zone *zone, int64_t *ret_ns)
{
    const struct ir_years years = {.anchor = anchor, .zone = zone};
    const struct ir_clock clock = {.zone = zone};
    while (head.p != NULL && head.n > 0) {
        struct ir_str line = ir_str_cut(&head, '\n');
        struct ir_yearless s;
        if (!line_stamp(line, &s)) continue;
        struct ir_civil c = {
            last_year(&years, &s), s.month, s.day, s.hour, s.minute, s.second, s.nano};
        return ir_clock_civil(&clock, &c, ret_ns);
    }
    return false;
}
