/*
 * What the fuzz targets of line formats share: each line of the input parsed in a block of exactly
 * its size. stamp must accept what parse accepts with the same time, a record that is not verbatim
 * must be known to need parsing, and what is not derived must lie in the record.
 */
#ifndef IR_TESTS_FUZZ_LINES_H
#define IR_TESTS_FUZZ_LINES_H

#include <stdlib.h>

#include "format/format.h"

static inline void fuzz_line(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    ir_event_begin(ev, rec, 0, 1);
    int quick = p->fmt->stamp(p, rec, ev);
    int64_t when = ev->time;
    ir_event_begin(ev, rec, 0, 1);
    if (p->fmt->parse(p, rec, ev) != quick) abort();
    if (quick != IR_OK) return;
    if (when != ev->time) abort();
    bool derived = ir_format_must_parse(p->fmt, rec);
    if (!ev->verbatim && !derived) abort();
    for (uint32_t i = 0; i < ev->nfields; i++) { /* what is not derived stands in the record */
        const struct ir_field *f = &ev->fields[i];
        if (f->derived || f->val.n == 0) continue;
        if (f->val.p < rec.p || f->val.p + f->val.n > rec.p + rec.n) abort();
    }
}

static inline int fuzz_lines(const struct ir_format *fmt, const uint8_t *data, size_t size)
{
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(1 << 20);
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p = {.fmt = fmt, .names = names};
    struct ir_str rest = ir_str_n((const char *)data, size);
    p.fmt->bid(rest);
    while (ev != NULL && rest.n > 0) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        char *copy = malloc(line.n + 1);
        if (copy == NULL) break;
        if (line.n > 0) memcpy(copy, line.p, line.n);
        fuzz_line(&p, ir_str_n(copy, line.n), ev);
        free(copy);
        ir_arena_reset(&arena);
    }
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return 0;
}

#endif
