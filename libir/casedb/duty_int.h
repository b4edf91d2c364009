/*
 * What the files of the duty rules share. See duty.h.
 */
#ifndef IR_CASEDB_DUTY_INT_H
#define IR_CASEDB_DUTY_INT_H

#include "casedb/duty.h"

#define IR_DUTY_DEPTH_MAX     12u /* of a trigger, with the triggers that it refers to */
#define IR_DUTY_KIDS_MAX      16u
#define IR_DUTY_DEADLINES_MAX 4u
#define IR_CALENDARS_MAX      16u
#define IR_DUTY_FACTS_MAX     256u

enum ir_trigger_kind {
    IR_TRIGGER_ALL,
    IR_TRIGGER_ANY,
    IR_TRIGGER_NOT,
    IR_TRIGGER_IS,       /* word: yes, no or a word */
    IR_TRIGGER_MORE,     /* > number */
    IR_TRIGGER_AT_LEAST, /* >= number */
    IR_TRIGGER_DUTY,     /* word: an id */
};

struct ir_trigger {
    enum ir_trigger_kind kind;
    uint32_t line;
    struct ir_str fact, word, unless_stated;
    struct ir_str at_most; /* the fact that counts those among whom they are */
    int64_t number;
    struct ir_text2 text;
    const struct ir_trigger *kid[IR_DUTY_KIDS_MAX];
    size_t nkids;
};

struct ir_deadline {
    struct ir_str kind, calendar, after;
    const struct ir_trigger *when; /* NULL: always */
    const struct ir_calendar *cal; /* set by finish; NULL: none */
    int64_t amount;                /* 0: as soon as possible */
    enum ir_duty_unit unit;
    bool count_first, shift;
    uint32_t line;
};

struct ir_duty_rule {
    struct ir_duty_info info;
    const struct ir_trigger *trigger;
    struct ir_deadline deadline[IR_DUTY_DEADLINES_MAX];
    size_t ndeadlines;
};

struct ir_duties {
    struct ir_arena arena;
    struct ir_duty_rule *rule[IR_DUTIES_MAX];
    size_t n;
    struct ir_calendar calendar[IR_CALENDARS_MAX];
    size_t ncalendars;
    struct ir_duty_asks fact[IR_DUTY_FACTS_MAX];
    size_t nfacts;
};

/* duty_read.c: one document. */
int ir_duty_read(struct ir_duties *d, const struct ir_yaml *doc, struct ir_duty_rule *ret_r,
                 struct ir_err *err);
/* duty_eval.c: what a condition (of the kinds that compare) says of a value; p NULL: unknown. */
enum ir_tri ir_duty_compare(const struct ir_trigger *t, struct ir_str value);
int ir_duty_wrong(struct ir_err *err, uint32_t line, const char *what, struct ir_str word);

#endif
