/*
 * Controls as data (casefiles/controls/ID.yml): what has to be in operation, which figure of the
 * database shows it, and what to do when it does not. Made into lists, of which templates
 * (casefiles/audits/) make the forms of ISO/IEC 27001 9.1 to 9.3.
 *
 *     id: "6.8"
 *     version: 1
 *     title: {en: "…", ja: "…"}
 *     checks:
 *       - figure: reports               # figure.h
 *         want: ">= 1"                  # or <= N, = N
 *         ask: {en: "…", ja: "…"}       # what an auditor asks
 *         records: {en: "…", ja: "…"}   # the documents that show it
 *         missing: {en: "…", ja: "…"}   # what to do when it does not
 *     objectives:                       # ISMS有効性評価表
 *       - figure: time.record
 *         want: "<= 86400"              # of times: seconds
 *         owner: lead                   # chief, lead or first: who holds it answers
 *         objective, indicator, action, resources, method: {en, ja}
 *
 * Hostile: values of the database, which stay raw; the files, which are held to these keys.
 */
#ifndef IR_CASEDB_CONTROL_H
#define IR_CASEDB_CONTROL_H

#include "casedb/casedoc.h"
#include "casedb/stats.h"

#define IR_CONTROLS_MAX 100u

struct ir_controls;

struct ir_controls *ir_controls_new(void);
void ir_controls_free(struct ir_controls *c);
/* One file each; one with the id of an earlier one replaces it. IR_BAD: err->line and the reason.
 */
int ir_controls_add(struct ir_controls *c, struct ir_str yaml, struct ir_err *err);

/* The lists, by name:
 *   controls    control, title, result, checks (those that could be measured), good
 *   checks      control, title, ask, result, shown, records, todo, figure, want, value, of, last
 *   missing     the checks that are bad
 *   objectives  control, objective, indicator, action, resources, owner, due, method, evaluated,
 *               result, note, figure, want, value
 *   corrective  case, root_cause, measure, cost, due, owner, control, state, verified_at, result
 *   audits      kind, at, reviewer, result, next_due
 *   kinds, causes, alerts, times   as in stats.h; times as words
 *   values      one row: what a template may name outside of lists
 * result is "good", "bad" or "none" (nothing to measure). */
struct ir_control_lists {
    struct ir_arena arena;
    struct ir_doc_given list[11];
    size_t n, bad; /* bad: checks and objectives */
};
/* period.to stands for now. Free in any case. */
int ir_controls_evaluate(struct ir_casedb *db, const struct ir_controls *c,
                         const struct ir_duties *d, const struct ir_period *p, bool ja,
                         struct ir_control_lists *ret_l, struct ir_err *err);
void ir_control_lists_free(struct ir_control_lists *l);

/* For control_rows.c */
const struct ir_yaml *ir_control_at(const struct ir_controls *c, size_t i); /* by their ids */
enum ir_want { IR_WANT_AT_LEAST, IR_WANT_AT_MOST, IR_WANT_EQUAL };
bool ir_want_parse(struct ir_str said, enum ir_want *ret_w, int64_t *ret_n);

#endif
