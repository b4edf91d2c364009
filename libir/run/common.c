/*
 * What the records behind a correlation's finding have in common. A correlation knows its group-by
 * values only: an address guessed passwords, but on which host, and whose? The records are read
 * again for their digest anyway, so each is parsed once more, alone: what a format joins from
 * several records is not there.
 */
#include <stdlib.h>

#include "run/reduce_int.h"

#define ARENA_MAX ((size_t)32 << 20)

static const uint32_t fields[IR_COMMON_FIELDS] = {IR_F_HOST_NAME, IR_F_SOURCE_IP, IR_F_USER_NAME};

bool ir_common_open(struct ir_common_reader *c, struct ir_scan *s)
{
    *c = (struct ir_common_reader){.s = s, .arena = IR_ARENA(ARENA_MAX)};
    c->ev = ir_event_new(s->names, &c->arena);
    return c->ev != NULL;
}

void ir_common_close(struct ir_common_reader *c)
{
    ir_event_free(c->ev);
    ir_arena_free(&c->arena);
}

/* The event's own value before those of its views. */
static struct ir_str value_of(const struct ir_event *ev, uint32_t id)
{
    for (uint32_t v = 0; v < ev->nviews; v++) {
        struct ir_str s = ir_event_get(ev, id, v);
        if (s.n > 0) return s;
    }
    return ir_str_n(NULL, 0);
}

void ir_common_free(struct ir_common *c)
{
    for (unsigned f = 0; c != NULL && f < IR_COMMON_FIELDS; f++)
        for (uint32_t i = 0; i < c->n[f]; i++)
            free((void *)(uintptr_t)c->value[f][i].p);
    free(c);
}

static void note(struct ir_common *c, unsigned f, struct ir_str value)
{
    if (value.n == 0) {
        c->lacks[f] = true;
        return;
    }
    for (uint32_t i = 0; i < c->n[f]; i++)
        if (ir_str_eq(c->value[f][i], value)) return;
    char *copy = NULL;
    if (c->n[f] < IR_COMMON_VALUES && value.n <= IR_COMMON_LENGTH) copy = malloc(value.n);
    if (copy == NULL) {
        c->more[f] = true;
        return;
    }
    memcpy(copy, value.p, value.n);
    c->value[f][c->n[f]++] = ir_str_n(copy, value.n);
}

static void take(void *user, struct ir_event *ev)
{
    for (unsigned f = 0; f < IR_COMMON_FIELDS; f++)
        note(user, f, value_of(ev, fields[f]));
}

void ir_common_record(struct ir_common_reader *c, struct ir_finding_state *f, uint32_t input,
                      struct ir_str rec)
{
    const struct ir_format *fmt = c->s->input[input].fmt, *took;
    struct ir_parser p;
    if (fmt == NULL || (fmt->flags & IR_FMT_HEADER)) return; /* alone it says nothing */
    if (f->common == NULL) f->common = calloc(1, sizeof *f->common);
    if (f->common == NULL || ir_parser_open(&p, fmt, c->s->names) != IR_OK) return;
    p.clock.anchor = c->s->o.now;
    p.clock.zone = c->s->o.zone;
    p.emit = take;
    p.user = f->common;
    ir_event_begin(c->ev, rec, 0, 1);
    if (fmt->feed != NULL && fmt->feed(&p, rec, 0, 1, c->ev) == IR_OK) {
        fmt->flush(&p, c->ev);
    } else {
        ir_event_begin(c->ev, rec, 0, 1);
        ir_parser_record(&p, rec, c->ev, &took);
        take(f->common, c->ev);
    }
    ir_parser_close(&p);
    ir_arena_reset(&c->arena);
}

uint32_t ir_common_named(const struct ir_finding_state *f, const struct ir_names *names,
                         struct ir_reason_named ret_n[IR_COMMON_FIELDS])
{
    const struct ir_common *c = f->common;
    uint32_t n = 0;
    for (unsigned k = 0; c != NULL && k < IR_COMMON_FIELDS; k++)
        if (c->n[k] >= 2)
            ret_n[n++] = (struct ir_reason_named){ir_names_text(names, fields[k]).p, c->value[k],
                                                  c->n[k], c->more[k]};
    return n;
}

bool ir_common_get(const struct ir_common *c, const struct ir_names *names, uint32_t k,
                   struct ir_str *ret_name, struct ir_str *ret_value)
{
    if (c == NULL || c->n[k] != 1 || c->more[k] || c->lacks[k]) return false;
    *ret_name = ir_names_text(names, fields[k]);
    *ret_value = c->value[k][0];
    return true;
}

void ir_common_entity(const struct ir_finding_state *x, const struct ir_names *names,
                      struct ir_finding *f)
{
    for (unsigned k = 0; k < IR_COMMON_FIELDS && f->nentity < IR_ENTITIES_MAX; k++) {
        struct ir_str name, value;
        bool known = false; /* group-by may have it by another name */
        if (!ir_common_get(x->common, names, k, &name, &value)) continue;
        for (size_t i = 0; i < f->nentity; i++)
            known = known || ir_str_eq(f->entity[i].value, value);
        if (!known) f->entity[f->nentity++] = (struct ir_entity){name.p, value};
    }
}
