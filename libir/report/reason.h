/*
 * Why a finding stands, as facts: what of a record fits the rule, or what a correlation counted.
 * run/ makes them, tell_why.c puts them into sentences of the reader's language. Views live as
 * long as the finding's; values are raw bytes of logs and rules.
 *
 *     The command line contains “/dev/tcp/”: “sh -c …”.
 *         field           op           value     held
 */
#ifndef IR_REPORT_REASON_H
#define IR_REPORT_REASON_H

#include "base/buf.h"
#include "base/str.h"

enum ir_reason_op {
    IR_REASON_IS,
    IR_REASON_CONTAINS,
    IR_REASON_STARTS,
    IR_REASON_ENDS,
    IR_REASON_FITS,    /* wildcards */
    IR_REASON_REGEX,   /* an expression: no text for people */
    IR_REASON_NETWORK, /* CIDR */
    IR_REASON_MORE,
    IR_REASON_AT_MOST, /* of MORE and of LESS the opposite stands behind */
    IR_REASON_LESS,
    IR_REASON_AT_LEAST,
    IR_REASON_GIVEN, /* there, whatever it is */
    IR_REASON_EMPTY,
    IR_REASON_MAX
};

/* What of a time is compared. */
enum ir_reason_part {
    IR_PART_WHOLE,
    IR_PART_MINUTE,
    IR_PART_HOUR,
    IR_PART_DAY,
    IR_PART_WEEK,
    IR_PART_MONTH,
    IR_PART_YEAR,
    IR_PART_MAX
};

#define IR_REASON_ITEMS  3u
#define IR_REASON_VALUES 3u

struct ir_reason {
    enum ir_reason_op op;
    enum ir_reason_part part;
    bool negated;
    bool coded;          /* the values are looked for in Base64 */
    bool other_field;    /* value[0] is the name of another field */
    struct ir_str field; /* its name; empty: the record as a whole */
    struct ir_str value[IR_REASON_VALUES];
    uint32_t nvalues;   /* of the rule that are told or not: more than IR_REASON_VALUES or not */
    struct ir_str held; /* the record's value, or the part of it that matters; empty: not told */
    bool cut_value, cut_front, cut_back; /* of value[0]; of held */
};

enum ir_reason_count {
    IR_COUNT_EVENTS,
    IR_COUNT_VALUES,
    IR_COUNT_TOGETHER,
    IR_COUNT_ORDERED,
    IR_COUNT_SUM,
    IR_COUNT_AVERAGE,
    IR_COUNT_PERCENTILE,
    IR_COUNT_MEDIAN,
    IR_COUNT_MAX
};

#define IR_REASON_TITLES 4u
#define IR_REASON_FIELDS 8u
#define IR_REASON_BOUNDS 4u

struct ir_reason_corr { /* what a correlation counted */
    enum ir_reason_count what;
    struct ir_str title[IR_REASON_TITLES]; /* of the rules whose events it counts */
    uint32_t ntitles;                      /* of all */
    int64_t span;                          /* ns */
    struct ir_str field;                   /* whose values; empty for events */
    struct ir_str by[IR_REASON_FIELDS];    /* what the events have in common */
    uint32_t nby;
    uint64_t count;
    double measure, percent;
    struct {
        enum ir_reason_op op; /* IS, MORE, AT_MOST, LESS, AT_LEAST */
        bool negated;
        double value;
    } bound[IR_REASON_BOUNDS]; /* what the rule asks for */
    uint32_t nbounds;
    uint32_t later; /* further times, told together */
};

struct ir_reason_named { /* values that the events do not have in common */
    const char *name;
    const struct ir_str *value;
    uint32_t n;
    bool more;
};

struct ir_reasons {
    struct ir_reason item[IR_REASON_ITEMS];
    uint32_t nitems;
    bool more;                         /* items than these hold */
    const struct ir_reason_corr *corr; /* NULL: of one record */
    struct ir_reason_named named[IR_REASON_FIELDS];
    uint32_t nnamed;
    struct ir_str critical; /* the host for which the level is raised; empty: it is not */
    int raised_to;          /* enum ir_level */
};

/* The sentences. text: makes foreign text fit for the medium. Nothing for no reasons. */
void ir_tell_why(struct ir_buf *out, const struct ir_reasons *r,
                 void (*text)(struct ir_buf *out, struct ir_str raw));

#endif
