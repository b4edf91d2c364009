/*
 * Reporting duties as data: rules that are read from casefiles/duties/, and what they say of the
 * facts of a case. Nothing here knows a law: the files do, each with its source and the date on
 * which somebody looked it up. What comes out is no legal advice; a named person decides
 * (duty_case.h).
 *
 *     struct ir_duties *d = ir_duties_new();
 *     rc = ir_duties_calendar(d, yaml, &err);      // casefiles/holidays/jp.yml
 *     rc = ir_duties_add(d, yaml, &err);           // casefiles/duties/10-appi.yml …
 *     rc = ir_duties_finish(d, &err);
 *     for (size_t i = 0; i < ir_duties_count(d); i++)
 *         ir_duty_evaluate(d, i, facts, n, &aware, NULL, &result);
 *     ir_duties_free(d);
 *
 * A fact is yes, no, a number or a word, or unknown; what nobody stated is unknown too, unless the
 * rule has `unless_stated`, which then makes it a question of the result. That may speak for the
 * duty only: a rule that frees from it because nobody stated a fact is refused. A trigger is a
 * tree: all, any, not, {fact: NAME, is: VALUE}, {fact: NAME, ">": N}, {duty: ID} (its trigger). A
 * number may be a range, "500-1500": its upper end counts. With at_most: NAME, that fact's number
 * counts where the fact itself is only yes, and rules out more where it is unknown.
 */
#ifndef IR_CASEDB_DUTY_H
#define IR_CASEDB_DUTY_H

#include "casedb/calendar.h"
#include "casedb/db.h"

#define IR_DUTIES_MAX       200u
#define IR_DUTY_REASONS_MAX 32u

struct ir_duties;

enum ir_tri { IR_NO, IR_YES, IR_UNKNOWN };

/* English and Japanese. */
struct ir_text2 {
    struct ir_str en, ja;
};

struct ir_duty_item {
    struct ir_str id;
    struct ir_text2 text;
};

enum ir_duty_unit { IR_DUTY_DAYS, IR_DUTY_HOURS, IR_DUTY_MONTHS };

/* All of it lives as long as the set. */
struct ir_duty_info {
    struct ir_str id, regime, version, source, checked_on, kind /* hard, guide, asap */;
    struct ir_str template, recipient_kind;     /* recipient_kind: as of a contact */
    struct ir_text2 name, who, recipient, note; /* who: must report, to the recipient */
    int64_t valid_from, valid_to;               /* days; valid_to INT64_MAX: in force */
    bool voluntary;                             /* nobody must */
    const struct ir_duty_item *item;
    size_t nitems;
};

struct ir_duty_asks {
    struct ir_str name;
    struct ir_text2 text;
    bool word; /* any word will do; else see ir_duty_number */
};

/* value: p NULL or "unknown" is unknown. */
struct ir_duty_fact {
    struct ir_str name, value;
};

enum ir_duty_reason_kind {
    IR_DUTY_FOR,     /* speaks for the duty */
    IR_DUTY_AGAINST, /* speaks against it */
    IR_DUTY_UNKNOWN, /* is unknown and would matter */
    IR_DUTY_ASKED,   /* nobody stated it; the rule takes value for it */
};

struct ir_duty_reason {
    enum ir_duty_reason_kind kind;
    struct ir_str fact, value; /* value p NULL: unknown */
    struct ir_text2 text;      /* the trigger's words; may be empty */
};

enum ir_duty_state { IR_DUTY_NOT_TRIGGERED, IR_DUTY_TRIGGERED, IR_DUTY_NEEDS_REVIEW };

struct ir_duty_result {
    enum ir_duty_state state;
    struct ir_duty_reason reason[IR_DUTY_REASONS_MAX];
    size_t nreasons;
    /* "2026-04-30" of duties in days, "2026-04-04T12:00:00.000Z" of the others; "": no date, as
     * nobody is known to be aware or the duty is due as soon as possible. */
    char due_strict[IR_CASEDB_TIME], due_shifted[IR_CASEDB_TIME];
    int64_t due_ns;                 /* of due_strict: the end of a day in the calendar's zone */
    const struct ir_calendar *ends; /* it ends too early to shift; due_shifted is "" then */
};

struct ir_duties *ir_duties_new(void);
void ir_duties_free(struct ir_duties *d);
/* One file each. IR_BAD: err->line and the reason; nothing of the document was kept. A calendar or
 * a duty with the id of an earlier one (a duty: also valid_from) replaces it. */
int ir_duties_calendar(struct ir_duties *d, struct ir_str yaml, struct ir_err *err);
int ir_duties_add(struct ir_duties *d, struct ir_str yaml, struct ir_err *err);
/* Resolves what refers to others; before it nothing can be evaluated. */
int ir_duties_finish(struct ir_duties *d, struct ir_err *err);

size_t ir_duties_count(const struct ir_duties *d);
const struct ir_duty_info *ir_duty_info(const struct ir_duties *d, size_t i);
/* The rule of this id that is in force on a day; SIZE_MAX: none. */
size_t ir_duty_find(const struct ir_duties *d, struct ir_str id, int64_t day);
/* The duty whose sending starts this one's clock; p NULL: awareness does. */
struct ir_str ir_duty_after(const struct ir_duties *d, size_t i);
/* The facts that the rules ask for, each once; NULL after the last. */
const struct ir_duty_asks *ir_duties_fact(const struct ir_duties *d, size_t i);

/* aware: NULL when nobody is known to be aware: no dates then. sent: when the duty of
 * ir_duty_after was sent, NULL: not yet. */
void ir_duty_evaluate(const struct ir_duties *d, size_t i, const struct ir_duty_fact *fact,
                      size_t nfacts, const struct ir_moment *aware, const struct ir_moment *sent,
                      struct ir_duty_result *ret_r);
/* The SHA-256, hex, of the values of the facts that the duty's trigger asks for: on what somebody
 * decides. False: memory. */
#define IR_DUTY_HEX 65
bool ir_duty_digest(const struct ir_duties *d, size_t i, const struct ir_duty_fact *fact,
                    size_t nfacts, const struct ir_moment *aware, char out[IR_DUTY_HEX]);
/* Whole days from now (ns UTC) until the strict date is over: 0 on its last day, negative when it
 * is overdue. */
int64_t ir_duty_days_left(const struct ir_duty_result *r, int64_t now);
/* "triggered", "not_triggered", "needs_review" */
const char *ir_duty_state_name(enum ir_duty_state s);
/* yes, no, unknown, a number of at least 0 or a range of two: what a duty can understand of a
 * value where it wants a number. False: none of these. */
bool ir_duty_number(struct ir_str value, int64_t *ret_low, int64_t *ret_high, bool *ret_known);

#endif
