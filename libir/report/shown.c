/*
 * What a document has shown already. See shown.h.
 */
#include "report/shown.h"

static uint64_t lines_in(struct ir_str text)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

enum ir_shown_what ir_shown_before(struct ir_shown *s, const struct ir_origin *o, uint32_t number,
                                   uint32_t *ret_number)
{
    const uint64_t before = lines_in(o->before), end = o->line + o->lines;
    const struct ir_shown_place *around = NULL;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct ir_shown_place *p = &s->at[i];
        if (strcmp(p->path, o->path) != 0) continue;
        if (p->offset == o->offset) {
            *ret_number = p->number;
            return IR_SHOWN_RECORD;
        }
        if (around == NULL && o->line > 0 && p->first <= o->line && end <= p->last) around = p;
    }
    if (around != NULL) {
        *ret_number = around->number;
        return IR_SHOWN_AROUND;
    }
    if (s->n == IR_SHOWN_MAX) return IR_SHOWN_NEW;
    struct ir_shown_place *p = &s->at[s->n++];
    *p = (struct ir_shown_place){.path = o->path, .offset = o->offset, .number = number};
    if (o->line > before) {
        p->first = o->line - before;
        p->last = end + lines_in(o->after);
    }
    return IR_SHOWN_NEW;
}
