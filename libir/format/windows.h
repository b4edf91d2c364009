/*
 * What makes a parsed record a Windows event for rules: its log sources, Sigma's names for the
 * System attributes, ECS doubles, and the few fields that Sigma expects of Security and PowerShell
 * events. Shared by every format that carries Windows events (JSON in its wrappings, EVTX, XML in
 * syslog).
 *
 *     struct ir_windows w; ir_windows_begin(&w);
 *     // for each name and value of the record, besides adding it to the event:
 *     slot = ir_windows_slot(name, in_event_data, &weak);
 *     if (slot < IR_WIN_MAX) ir_windows_set(&w, slot, value, escaped, weak);
 *     ir_windows_time(&w, clock, ev);
 *     if (!ir_windows_finish(&w, ev)) … not a Windows event: nothing was added
 *
 * Who owns: values are views into the record or the event's arena. `renamed` says that the record
 * spelled a System attribute in another way, so that finish adds it under Sigma's name.
 */
#ifndef IR_FORMAT_WINDOWS_H
#define IR_FORMAT_WINDOWS_H

#include "event/event.h"
#include "format/format.h"

enum ir_win_slot {
#define SLOT(id, name) IR_WIN_##id,
#include "format/windows_slots.def"
#undef SLOT
    IR_WIN_MAX
};

struct ir_win_value {
    struct ir_str text;
    uint8_t type; /* enum ir_value_type */
    bool escaped; /* text is JSON string text that still holds escapes */
};

struct ir_windows {
    uint64_t set, weak, renamed; /* bit per slot */
    struct ir_win_value v[IR_WIN_MAX];
    int32_t event_id; /* after finish began; -1 unknown */
};
_Static_assert(IR_WIN_MAX <= 64, "one bit per slot");

/* Between the values of a list of EventData without names, when they become the one field `Data`.
 */
#define IR_WIN_DATA_SEP '\n'

static inline void ir_windows_begin(struct ir_windows *w)
{
    w->set = w->weak = w->renamed = 0;
    w->event_id = -1;
}

/* 4663: what was done to a file, by the rights that were used; NULL: none, or not to a file. */
const char *ir_windows_file_access(struct ir_windows *w, struct ir_event *ev);

/* The slot of a name, or IR_WIN_MAX. in_data: the name stands in event data, where System names
 * mean nothing. */
enum ir_win_slot ir_windows_slot(struct ir_str name, bool in_data, bool *ret_weak);

/* The first value of a slot wins, except that a strong one replaces a weak one. */
static inline void ir_windows_set(struct ir_windows *w, enum ir_win_slot slot,
                                  struct ir_win_value value, bool weak, bool renamed)
{
    uint64_t bit = UINT64_C(1) << slot;
    if ((w->set & bit) && ((w->weak & bit) == 0 || weak)) return;
    w->set |= bit;
    w->weak = weak ? w->weak | bit : w->weak & ~bit;
    w->renamed = renamed ? w->renamed | bit : w->renamed & ~bit;
    w->v[slot] = value;
}

/* The slot's text, decoded (into the event's arena) when needed; p == NULL when not set, null, or
 * "-". */
struct ir_str ir_windows_get(struct ir_windows *w, enum ir_win_slot slot, struct ir_event *ev);
/* Sigma's name of a System attribute's slot, or empty. */
struct ir_str ir_windows_name(enum ir_win_slot slot);
/* One of Sigma's names of System attributes, with or without a slot. */
bool ir_windows_is_system(struct ir_str name);

/* Sets the event's time from the first time slot that parses. */
void ir_windows_time(struct ir_windows *w, struct ir_clock *clock, struct ir_event *ev);
/* True: a Windows event, now with log sources and derived fields. */
bool ir_windows_finish(struct ir_windows *w, struct ir_event *ev);

/* For a record that is no Windows event: the entities that findings name (host.name, user.name,
 * source.ip), from the spellings that many programs share. `asked` is what a client chose and so no
 * host.name; it may be empty. */
void ir_windows_entities(struct ir_windows *w, struct ir_str asked, struct ir_event *ev);

/* The parts of finish, one file each. */
void ir_windows_ecs(struct ir_windows *w, struct ir_event *ev);
void ir_windows_derive(struct ir_windows *w, struct ir_event *ev, enum ir_logsource_id service);
/* Adds a field that the record does not hold under this name: only when somebody asks for the name
 * and the event has none of it. name must outlive the event. */
void ir_windows_add(struct ir_event *ev, struct ir_str name, struct ir_str val);

#endif
