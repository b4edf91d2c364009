/*
 * The audit log parser on any bytes: each line is fed as a record, and parsed alone too; an empty
 * line begins the next member of a rotated set. After that every value must be readable, every view
 * must point at a record that was there, and every group must have been handed over once. Not for
 * speed or for meaning.
 */
#include <stdlib.h>

#include "format/auditd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    const struct ir_names *names;
    const struct ir_parser *parser;
    uint64_t line; /* offsets are line numbers here */
    uint64_t events, sum;
};

/* Touches every byte that a rule could read, so that the sanitizers see a view that points nowhere.
 */
static void look(void *user, struct ir_event *ev)
{
    struct seen *s = user;
    s->events++;
    for (uint32_t v = 0; v < ev->nviews; v++) {
        const struct ir_view *w = &ev->views[v];
        if (w->back > s->parser->member || w->offset > s->line || w->line != w->offset + 1) abort();
    }
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_field *f = &ev->fields[i];
        if (f->view >= ev->nviews) abort();
        for (size_t k = 0; k < f->val.n; k++)
            s->sum += (unsigned char)f->val.p[k];
        for (size_t k = 0; f->id == IR_F_NONE && k < f->name.n; k++)
            s->sum += (unsigned char)f->name.p[k];
    }
    for (size_t k = 0; k < ev->keytext.n; k++)
        s->sum += (unsigned char)ev->keytext.p[k];
    for (size_t k = 0; k < ev->raw.n; k++)
        s->sum += (unsigned char)ev->raw.p[k];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ir_format *f = &ir_format_auditd;
    struct ir_arena arena = IR_ARENA((size_t)8 << 20);
    struct ir_names *names = ir_names_new();
    struct seen seen = {.names = names};
    struct ir_parser p = {.fmt = f, .names = names, .emit = look, .user = &seen};
    seen.parser = &p;
    struct ir_event *ev = names ? ir_event_new(names, &arena) : NULL;
    struct ir_str rest = ir_str_n((const char *)data, size);
    uint64_t line = 0, taken = 0;
    if (ev == NULL || f->open(&p) != IR_OK) goto out;
    ev->want_all = true;
    if (f->bid(rest) < 0 || f->bid(rest) > 100) abort();
    while (rest.p != NULL) {
        struct ir_str rec = ir_str_cut(&rest, '\n');
        p.member += rec.n == 0;
        seen.line = line;
        ir_event_begin(ev, rec, line, line + 1);
        if (f->parse(&p, rec, ev) == IR_OK) look(&seen, ev);
        taken += f->feed(&p, rec, line, line + 1, ev) == IR_OK;
        line++;
    }
    uint64_t before = seen.events;
    f->flush(&p, ev);
    if (seen.events - before > taken) abort();
    before = seen.events;
    f->flush(&p, ev);
    if (seen.events != before) abort(); /* a group came twice */
out:
    f->close(&p);
    ir_event_free(ev);
    ir_names_free(names);
    ir_arena_free(&arena);
    return 0;
}
