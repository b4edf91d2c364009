/*
 * ir_format_csv: records cut and taken in exact blocks. What cut ends, next must take whole, and a
 * block that was cut in two must give the same records as one.
 */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t records(struct ir_parser *p, struct ir_event *ev, struct ir_str all, size_t at)
{
    struct ir_str rec, part = ir_str_head(all, at);
    uint64_t n = 0;
    for (int half = 0; half < 2; half++, part = ir_str_skip(all, at))
        while (p->fmt->next(&part, &rec)) {
            const struct ir_format *took;
            if (rec.p < all.p || rec.p + rec.n > all.p + all.n) abort();
            ir_event_begin(ev, rec, 0, 1);
            ir_parser_record(p, rec, ev, &took);
            n++;
        }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(1 << 20);
    struct ir_event *ev = ir_event_new(names, &arena);
    char *copy = malloc(size ? size : 1);
    struct ir_parser p;
    if (copy != NULL && ev != NULL &&
        ir_parser_open(&p, ir_format_by_name(IR_S("csv")), names) == IR_OK) {
        if (size > 0) memcpy(copy, data, size);
        struct ir_str all = ir_str_n(copy, size);
        ev->want_all = true;
        p.fmt->bid(all);
        size_t half = p.fmt->cut(ir_str_head(all, size / 2), false);
        if (half > size / 2 || p.fmt->cut(all, true) != size) abort();
        uint64_t cut = records(&p, ev, all, half);
        if (cut != records(&p, ev, all, size)) abort();
        ir_parser_close(&p);
    }
    free(copy);
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return 0;
}
