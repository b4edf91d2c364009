/*
 * What the fuzz targets of line formats share: each line of the input parsed in a block of exactly
 * its size. stamp must accept what parse accepts with the same time, a record that is not verbatim
 * must be known to need parsing, and what is not derived must lie in the record: in records that
 * are verbatim, or in all (strict).
 */
#ifndef IR_TESTS_FUZZ_LINES_H
#define IR_TESTS_FUZZ_LINES_H

#include <stdlib.h>

#include "format/format.h"

static inline bool fuzz_inside(struct ir_str v, struct ir_str rec)
{
    return v.n == 0 || (v.p >= rec.p && v.p + v.n <= rec.p + rec.n);
}

/* A log source that the format does not name: rules of it are tried only on parsed records. */
static inline bool fuzz_foreign_source(const struct ir_parser *p, const struct ir_event *ev)
{
    for (uint32_t v = 0; p->fmt->sources != NULL && v < ev->nviews; v++)
        for (unsigned i = 0; i < ev->views[v].nsources; i++)
            if (!ir_format_may_be(p->fmt, ev->raw, ev->views[v].sources[i])) return true;
    return false;
}

static inline void fuzz_line(struct ir_parser *p, struct ir_str rec, struct ir_event *ev,
                             bool strict)
{
    const struct ir_clock clock = p->clock;
    const struct ir_format *took;
    ir_event_begin(ev, rec, 0, 1);
    int quick = p->fmt->stamp(p, rec, ev);
    int64_t when = ev->time;
    p->clock = clock;
    ir_event_begin(ev, rec, 0, 1);
    if (p->fmt->parse(p, rec, ev) != quick) abort();
    if (quick == IR_OK) {
        bool parsed = ir_format_must_parse(p->fmt, rec); /* then stamp's word is not asked */
        if (when != ev->time && !parsed) abort();
        if ((!ev->verbatim || fuzz_foreign_source(p, ev)) && !parsed) abort();
        for (uint32_t i = 0; (strict || ev->verbatim) && i < ev->nfields; i++)
            if (!ev->fields[i].derived && !fuzz_inside(ev->fields[i].val, rec)) abort();
    }
    ir_event_begin(ev, rec, 0, 1); /* what the format refuses, another takes */
    if (ir_parser_record(p, rec, ev, &took) != IR_OK) abort();
}

static inline int fuzz_lines(const char *format, bool strict, const uint8_t *data, size_t size)
{
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(1 << 20);
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p = {.fmt = ir_format_by_name(ir_str_z(format)), .names = names};
    struct ir_str rest = ir_str_n((const char *)data, size);
    if ((p.fmt->flags & IR_FMT_HEADER) && p.fmt->open(&p) != IR_OK) abort();
    p.clock.anchor = INT64_C(1763812800000000000);
    p.clock.year = size % 2 ? 2025 : 0; /* for stamps without one: given, or to be guessed */
    ir_formats_choose(NULL, rest, NULL);
    while (ev != NULL && rest.n > 0) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        char *copy = malloc(line.n ? line.n : 1);
        if (copy == NULL) break;
        if (line.n > 0) memcpy(copy, line.p, line.n);
        ev->want_all = line.n % 2 == 0;
        fuzz_line(&p, ir_str_n(copy, line.n), ev, strict);
        free(copy);
        ir_arena_reset(&arena);
    }
    ir_event_free(ev);
    ir_arena_free(&arena);
    if (p.fmt->flags & IR_FMT_HEADER) p.fmt->close(&p);
    ir_names_free(names);
    return 0;
}

#endif
