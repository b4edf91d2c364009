/*
 * Building and reading one event.
 */
#include "event/event.h"

#include <stdlib.h>

struct ir_event *ir_event_new(const struct ir_names *names, struct ir_arena *arena)
{
    struct ir_event *ev = calloc(1, sizeof *ev);
    if (ev == NULL) return NULL;
    ev->names = names;
    ev->arena = arena;
    ev->nslots = ir_names_count(names);
    ev->fields = malloc(IR_EVENT_FIELDS_MAX * sizeof *ev->fields);
    ev->views = calloc(IR_EVENT_VIEWS_MAX, sizeof *ev->views);
    ev->slots = calloc(ev->nslots, sizeof *ev->slots);
    if (ev->fields == NULL || ev->views == NULL || ev->slots == NULL) {
        ir_event_free(ev);
        return NULL;
    }
    return ev;
}

void ir_event_free(struct ir_event *ev)
{
    if (ev == NULL) return;
    free(ev->fields);
    free(ev->views);
    free(ev->slots);
    free(ev);
}

static void open_view(struct ir_event *ev, uint64_t offset, uint64_t line, uint32_t length)
{
    ev->cur_view = ev->nviews++;
    ev->views[ev->cur_view] = (struct ir_view){.offset = offset, .line = line, .length = length};
}

void ir_event_begin(struct ir_event *ev, struct ir_str raw, uint64_t offset, uint64_t line)
{
    if (++ev->gen == 0) { /* the stamp wrapped: old slots would look alive */
        memset(ev->slots, 0, ev->nslots * sizeof *ev->slots);
        ev->gen = 1;
    }
    ev->time = 0;
    ev->stamps = 0;
    ev->extras = 0;
    ev->flags = 0;
    ev->kind = 0;
    ev->body = 0;
    ev->weight = 1;
    ev->raw = raw;
    ev->record = ev->keytext = ir_str_n(NULL, 0);
    ev->damage = NULL;
    ev->raw_keywords = ev->verbatim = true;
    ev->nfields = ev->nviews = 0;
    open_view(ev, offset, line, raw.n > UINT32_MAX ? UINT32_MAX : (uint32_t)raw.n);
}

uint32_t ir_event_view(struct ir_event *ev)
{
    const struct ir_view base = ev->views[0];
    if (ev->nviews < IR_EVENT_VIEWS_MAX)
        open_view(ev, base.offset, base.line, base.length);
    else
        ev->flags |= IR_EV_TRUNCATED;
    return ev->cur_view;
}

static void link_slot(struct ir_event *ev, uint32_t id, uint32_t at)
{
    struct ir_event_slot *slot = &ev->slots[id];
    if (slot->gen != ev->gen) {
        *slot = (struct ir_event_slot){ev->gen, at, at};
        return;
    }
    ev->fields[slot->last].next = at;
    slot->last = at;
}

/* A field's place, filled but for name and derived; NULL at the limit. Written in place: this is on
 * the path of every field of every parsed record. */
static struct ir_field *append(struct ir_event *ev, uint32_t id, enum ir_value_type type,
                               struct ir_str val)
{
    if (ev->nfields == IR_EVENT_FIELDS_MAX) {
        ev->flags |= IR_EV_TRUNCATED;
        return NULL;
    }
    uint32_t at = ev->nfields++;
    struct ir_field *f = &ev->fields[at];
    f->id = id;
    f->view = (uint16_t)ev->cur_view;
    f->type = (uint8_t)type;
    f->derived = 0;
    f->next = IR_NOFIELD;
    f->val = val;
    f->name.p = f->folded.p = NULL;
    f->name.n = f->folded.n = 0;
    if (id != IR_F_NONE && id < ev->nslots) link_slot(ev, id, at);
    return f;
}

void ir_event_add(struct ir_event *ev, uint32_t id, enum ir_value_type type, struct ir_str val)
{
    append(ev, id, type, val);
}

void ir_event_derive(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    if (!ir_field_is_made_up(id)) ev->verbatim = false;
    struct ir_field *f = append(ev, id, IR_V_STRING, val);
    if (f != NULL) f->derived = 1;
}

void ir_event_add_named(struct ir_event *ev, struct ir_str name, enum ir_value_type type,
                        struct ir_str val)
{
    uint32_t id = ir_names_find(ev->names, name);
    if (id == IR_F_NONE && !ev->want_all) return;
    struct ir_field *f = append(ev, id, type, val);
    if (f != NULL) f->name = name;
}

void ir_event_source(struct ir_event *ev, enum ir_logsource_id ls)
{
    struct ir_view *v = &ev->views[ev->cur_view];
    for (unsigned i = 0; i < v->nsources; i++)
        if (v->sources[i] == ls) return;
    if (v->nsources < IR_VIEW_SOURCES_MAX)
        v->sources[v->nsources++] = (uint16_t)ls;
    else
        ev->flags |= IR_EV_TRUNCATED;
}

uint32_t ir_event_next(const struct ir_event *ev, uint32_t at)
{
    uint16_t view = ev->fields[at].view;
    for (at = ev->fields[at].next; at != IR_NOFIELD; at = ev->fields[at].next)
        if (ev->fields[at].view == view) return at;
    return IR_NOFIELD;
}

static uint32_t first_of_view(const struct ir_event *ev, uint32_t id, uint32_t view)
{
    if (id >= ev->nslots || ev->slots[id].gen != ev->gen) return IR_NOFIELD;
    uint32_t at = ev->slots[id].first;
    while (at != IR_NOFIELD && ev->fields[at].view != view)
        at = ev->fields[at].next;
    return at;
}

uint32_t ir_event_first(const struct ir_event *ev, uint32_t id, uint32_t view)
{
    uint32_t at = first_of_view(ev, id, view);
    return at != IR_NOFIELD || view == 0 ? at : first_of_view(ev, id, 0);
}

struct ir_str ir_event_get(const struct ir_event *ev, uint32_t id, uint32_t view)
{
    uint32_t at = ir_event_first(ev, id, view);
    return at == IR_NOFIELD ? ir_str_n(NULL, 0) : ev->fields[at].val;
}
