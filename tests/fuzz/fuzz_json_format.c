/*
 * JSON lines and JSON documents from hostile bytes. Besides not crashing: every field lies in the
 * record or the arena, cut never takes more than it was given, and next always moves on.
 */
#include <stdlib.h>

#include "format/format.h"

extern const struct ir_format ir_format_json, ir_format_json_docs;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sink;

static void touch(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        sink += (unsigned char)s.p[i];
}

static void parse(const struct ir_format *fmt, struct ir_str rec, struct ir_event *ev)
{
    struct ir_parser p = {.fmt = fmt, .names = ev->names};
    ir_event_begin(ev, rec, 0, 1);
    if (fmt->parse(&p, rec, ev) != IR_OK) return;
    touch(ev->record);
    for (uint32_t i = 0; i < ev->nfields; i++) {
        touch(ev->fields[i].val);
        touch(ev->fields[i].name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(4 << 20);
    ir_names_add(names, IR_S("HostApplication"));
    ir_names_add(names, IR_S("TargetObject"));
    struct ir_event *ev = ir_event_new(names, &arena);
    if (ev == NULL) return 0;
    struct ir_str text = ir_str_n((const char *)data, size), rest = text, rec;
    ev->want_all = size > 0 && (data[size - 1] & 1) != 0;
    ir_format_json.bid(text);
    ir_format_json_docs.bid(text);
    parse(&ir_format_json, text, ev);
    size_t cut = ir_format_json_docs.cut(text, false);
    if (cut > size) abort();
    rest.n = cut;
    for (size_t before = rest.n; ir_format_json_docs.next(&rest, &rec); before = rest.n) {
        if (rest.n >= before) abort();
        parse(&ir_format_json_docs, rec, ev);
        ir_arena_reset(&arena);
    }
    rest = text;
    while (ir_format_json_docs.next(&rest, &rec))
        parse(&ir_format_json_docs, rec, ev);
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return 0;
}
