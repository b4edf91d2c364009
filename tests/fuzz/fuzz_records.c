/*
 * Formats of documents, and of lines whose header lines matter: the first line of the input names
 * the format, the rest is its input. Besides not crashing: cut never takes more than it was given,
 * next always moves on and gives parts of its input, fields lie in the record unless derived, stamp
 * accepts what parse accepts, and the parser's state survives any order of records.
 */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sink;

static void touch(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        sink += (unsigned char)s.p[i];
}

static void record(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    const struct ir_format *took;
    char *copy = malloc(rec.n ? rec.n : 1);
    if (copy == NULL) return;
    if (rec.n > 0) memcpy(copy, rec.p, rec.n);
    struct ir_str own = ir_str_n(copy, rec.n);
    ir_event_begin(ev, own, 0, 1);
    ir_parser_record(p, own, ev, &took);
    touch(ev->record);
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_str v = ev->fields[i].val;
        bool inside = v.n == 0 || (v.p >= copy && v.p + v.n <= copy + rec.n);
        if (!inside && !ev->fields[i].derived && ev->verbatim) abort();
        touch(v);
        touch(ev->fields[i].name);
    }
    free(copy);
}

static void documents(struct ir_parser *p, struct ir_str text, struct ir_event *ev)
{
    struct ir_str rest = text, rec;
    if (p->fmt->cut(text, false) > text.n || p->fmt->cut(text, true) > text.n) abort();
    for (size_t before = rest.n + 1; p->fmt->next(&rest, &rec); before = rest.n) {
        if (rest.n >= before || rec.p < text.p || rec.p + rec.n > text.p + text.n) abort();
        record(p, rec, ev);
        ir_arena_reset(ev->arena);
    }
}

static void lines(struct ir_parser *p, struct ir_str text, struct ir_event *ev)
{
    while (text.n > 0) {
        record(p, ir_str_cut(&text, '\n'), ev);
        ir_arena_reset(ev->arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str text = ir_str_n((const char *)data, size);
    const struct ir_format *fmt = ir_format_by_name(ir_str_cut(&text, '\n'));
    if (fmt == NULL || text.p == NULL || (fmt->flags & IR_FMT_STATEFUL)) return 0;
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(4 << 20);
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p;
    if (ev == NULL || ir_parser_open(&p, fmt, names) != IR_OK) abort();
    p.clock.anchor = INT64_C(1763812800000000000);
    ev->want_all = size % 2 == 0;
    fmt->bid(text);
    if (fmt->next != NULL)
        documents(&p, text, ev);
    else
        lines(&p, text, ev);
    ir_parser_close(&p);
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return 0;
}
