/*
 * The event: what a format parser makes of one record, and what rules and writers read.
 *
 * Fields are views into the record's bytes or the event's arena. Views split an event that is
 * several things at once: an auditd event is its single records, and a process creation, and a file
 * event. View 0 is the base: its fields are visible from every view, unless the view has a field of
 * the same name.
 *
 *     ir_event_begin(ev, raw);
 *     ir_event_set(ev, IR_F_USER_NAME, ir_str_n(p, n));       // view ev->cur_view, 0 by default
 *     ir_event_source(ev, IR_LS_LINUX_SSHD);                  // log source of ev->cur_view
 *     int v = ir_event_view(ev);                              // a new view becomes the current one
 *
 * Who owns: the struct is reused from record to record by one thread; field bytes live in the block
 * or in ev->arena, which the engine resets after a batch. A parser never keeps an event. Limits:
 * IR_EVENT_FIELDS_MAX fields, IR_EVENT_VIEWS_MAX views; more set IR_EV_TRUNCATED, which is counted.
 */
#ifndef IR_EVENT_EVENT_H
#define IR_EVENT_EVENT_H

#include "base/arena.h"
#include "base/str.h"
#include "event/logsource.h"
#include "event/names.h"

#define IR_EVENT_FIELDS_MAX 4096u
#define IR_EVENT_VIEWS_MAX  256u
#define IR_VIEW_SOURCES_MAX 12u
#define IR_NOFIELD          UINT32_MAX

enum ir_event_flags {
    IR_EV_TIME = 1,          /* time is set */
    IR_EV_ZONE_KNOWN = 2,    /* the stamp named its zone; else it was taken as told (UTC) */
    IR_EV_YEAR_INFERRED = 4, /* the stamp had no year */
    IR_EV_DAMAGED = 8,       /* kept, but something in the record was broken */
    IR_EV_TRUNCATED = 16,    /* a limit cut the record or its fields */
    IR_EV_UNRECOGNISED = 32, /* no parser knows this record; only raw (and maybe time) is there */
    IR_EV_LINKED = 64, /* gave or took values to or from other records (connections of sshd) */
};

enum ir_value_type {
    IR_V_STRING = 0, /* any bytes */
    IR_V_NUMBER,     /* val is its decimal text as logged */
    IR_V_BOOL,       /* val is "true" or "false" */
    IR_V_NULL,       /* JSON null; val is empty. Present for `exists`, absent for `null`. */
    IR_V_CONTAINER,  /* an object or array of JSON; val is empty: there, and not a text */
};

struct ir_field {
    uint32_t id; /* IR_F_… or an added name; IR_F_NONE: only `name` tells (ir parse of JSON) */
    uint16_t view;
    uint8_t type;    /* enum ir_value_type */
    uint8_t derived; /* made by us (decoded, joined, looked up): not bytes of the record */
    uint32_t next;   /* next field with this id, or IR_NOFIELD */
    struct ir_str val;
    struct ir_str name; /* set when id is IR_F_NONE */
    struct ir_str
        folded; /* case-folded val, made by the matcher when first needed (p == NULL: not yet) */
};

struct ir_view {
    uint16_t sources[IR_VIEW_SOURCES_MAX]; /* enum ir_logsource_id */
    uint16_t nsources;
    uint64_t offset; /* where this view's own record lies: bytes from the start of the input */
    uint64_t line;   /* 1-based */
    uint32_t length; /* bytes without the line end */
    uint32_t back;   /* 0: in the input that is being read. Records of one event can lie in two
                        members of a rotated log: so many members before the one being read */
};

struct ir_event {
    int64_t time;      /* ns since 1970-01-01 UTC, when IR_EV_TIME */
    uint32_t flags;    /* enum ir_event_flags */
    struct ir_str raw; /* the record's bytes without line end; a joined event: its first record */
    struct ir_str record;  /* the format's own record number as text, or empty */
    struct ir_str keytext; /* what keyword rules search besides raw and the values (auditd: joined
                              decoded text) */
    uint32_t extras;       /* what extra.h has computed: bits of enum ir_extra */
    uint32_t stamps; /* how often the time was set: more than once when it is not the line's own */
    uint32_t weight; /* times that this happened: rsyslog's "message repeated 5 times"; 1 else */
    const char *damage; /* when IR_EV_DAMAGED: what is broken, a constant text; NULL: not told */
    bool raw_keywords;  /* keywords are searched in raw (text logs); false for JSON: values only */
    bool verbatim;      /* every value that a rule can see is a part of raw, byte for byte */
    uint64_t kind; /* set by a format's `stamp`: fingerprint of what log sources and fields depend
                    * on (syslog: the program and the message's first word); 0: not told */
    uint32_t body; /* set by a format's `stamp`: where in raw that begins what follows the stamp,
                    * which starts raw and ends with a digit; 0: not told */

    struct ir_field *fields;
    uint32_t nfields;
    struct ir_view *views;
    uint32_t nviews;
    uint32_t cur_view;

    struct ir_arena *arena;
    const struct ir_names *names;
    bool want_all; /* keep fields whose name nobody asked for (ir parse); else a parser may drop
                      them */

    /* id → first and last field of that id; valid when gen equals this event's gen */
    struct ir_event_slot {
        uint32_t gen, first, last;
    } * slots;
    uint32_t nslots, gen;
};

/* For one thread. The arena is borrowed. NULL when memory is out. */
struct ir_event *ir_event_new(const struct ir_names *names, struct ir_arena *arena);
void ir_event_free(struct ir_event *ev);
/* Empties the event and makes view 0 with the record's place. Origin numbers may be relative to the
 * block; the engine knows. */
void ir_event_begin(struct ir_event *ev, struct ir_str raw, uint64_t offset, uint64_t line);

/* True when nothing was set since ir_event_begin. Inline: each line of a container is refused by
 * many formats before one takes it. */
static inline bool ir_event_untouched(const struct ir_event *ev)
{
    return ev->nfields == 0 && ev->nviews == 1 && ev->views[0].nsources == 0 && ev->flags == 0 &&
           ev->stamps == 0 && ev->weight == 1 && ev->record.n == 0 && ev->keytext.p == NULL &&
           ev->raw_keywords && ev->verbatim && ev->kind == 0 && ev->body == 0;
}

/* Appends a field to the current view. Repeated calls with one id make a list, in order. */
void ir_event_add(struct ir_event *ev, uint32_t id, enum ir_value_type type, struct ir_str val);
static inline void ir_event_set(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    ir_event_add(ev, id, IR_V_STRING, val);
}
/* As add, and the value is not part of raw: clears ev->verbatim (made-up fields do not). */
void ir_event_derive(struct ir_event *ev, uint32_t id, struct ir_str val);
/* The value is none of the record's bytes: what was decoded or joined on the way to ir_event_add
 * counts too, so that no format can forget to say so. The records of a joined event beyond the
 * first stand in keytext's place. */
static inline bool ir_event_made(const struct ir_event *ev, const struct ir_field *f)
{
    return f->derived || (ev->keytext.p == NULL && !ir_str_inside(f->val, ev->raw));
}
/* By name: the id is looked up; unknown names are kept only when want_all. The name must live as
 * long as the event. */
void ir_event_add_named(struct ir_event *ev, struct ir_str name, enum ir_value_type type,
                        struct ir_str val);
/* Adds a log source to the current view (once). */
void ir_event_source(struct ir_event *ev, enum ir_logsource_id ls);
/* Makes a new view the current one and returns its number; at the limit returns the last view. */
uint32_t ir_event_view(struct ir_event *ev);

static inline void ir_event_time(struct ir_event *ev, int64_t ns, uint32_t flags)
{
    ev->time = ns;
    ev->flags |= IR_EV_TIME | flags;
    ev->stamps++;
}

/* Marks the event as kept though broken; the first reason (a constant text) stays. */
static inline void ir_event_damage(struct ir_event *ev, const char *reason)
{
    if (!(ev->flags & IR_EV_DAMAGED)) ev->damage = reason;
    ev->flags |= IR_EV_DAMAGED;
}

/* First field with this id that `view` sees: its own before the base's. IR_NOFIELD when none.
 * Walk on with ir_event_next. */
uint32_t ir_event_first(const struct ir_event *ev, uint32_t id, uint32_t view);
uint32_t ir_event_next(const struct ir_event *ev, uint32_t at);
/* The first value, or an empty view with p == NULL. */
struct ir_str ir_event_get(const struct ir_event *ev, uint32_t id, uint32_t view);

#endif
