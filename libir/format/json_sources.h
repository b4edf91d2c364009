/*
 * The leaves that tell what service wrote a JSON record and who did what, and what follows from
 * them: log sources and ECS fields.
 *
 *     struct ir_json_marks m; ir_json_marks_begin(&m);
 *     ir_json_marks_set(&m, ir_json_mark(path), value, escaped);    // for each leaf
 *     ir_json_sources(&m, ev);
 */
#ifndef IR_FORMAT_JSON_SOURCES_H
#define IR_FORMAT_JSON_SOURCES_H

#include "event/event.h"

enum ir_json_mark {
    IR_JSON_MARK_NONE,
#define ID(id) IR_JSON_MARK_##id,
#include "format/json_marks.def"
#undef ID
    IR_JSON_MARK_MAX,
};
#define IR_JSON_MARK_WORDS 4
_Static_assert(IR_JSON_MARK_MAX <= 64 * IR_JSON_MARK_WORDS, "one bit per mark");

struct ir_json_marks {
    uint64_t set[IR_JSON_MARK_WORDS], escaped[IR_JSON_MARK_WORDS]; /* bit per mark */
    struct ir_str value[IR_JSON_MARK_MAX];                         /* as it stands in the record */
};

static inline void ir_json_marks_begin(struct ir_json_marks *m)
{
    memset(m->set, 0, sizeof m->set);
    memset(m->escaped, 0, sizeof m->escaped);
}

/* The mark of a leaf's path, or IR_JSON_MARK_NONE. */
enum ir_json_mark ir_json_mark(struct ir_str path);

static inline bool ir_json_marks_has(const struct ir_json_marks *m, enum ir_json_mark mark)
{
    return (m->set[mark / 64] >> (mark % 64) & 1) != 0;
}

/* The first value stays: lists begin with what matters, and nobody appends a second truth. */
static inline void ir_json_marks_set(struct ir_json_marks *m, enum ir_json_mark mark,
                                     struct ir_str value, bool escaped)
{
    const uint64_t bit = UINT64_C(1) << (mark % 64);
    if (mark == IR_JSON_MARK_NONE || (m->set[mark / 64] & bit)) return;
    m->set[mark / 64] |= bit;
    if (escaped) m->escaped[mark / 64] |= bit;
    m->value[mark] = value;
}

/* The value, decoded into the event's arena when needed; empty when it is not there. */
struct ir_str ir_json_marks_get(const struct ir_json_marks *m, enum ir_json_mark mark,
                                struct ir_event *ev);
/* Whether a value fits "", "word", "*end" or "begin*"; case is ignored. */
bool ir_json_fits(struct ir_str pattern, struct ir_str value);

/* Adds the log sources of every row of json_sources.def that fits, and the ECS fields of these. */
void ir_json_sources(const struct ir_json_marks *m, struct ir_event *ev);
/* The second half of that: fields of the event's log sources (json_ecs.c). */
void ir_json_ecs(const struct ir_json_marks *m, struct ir_event *ev);

#endif
