/*
 * Searching raw records: texts, regular expressions and indicators, all in one pass. Texts are
 * found by one search of a whole block (libhs, literals only); a regular expression is tried on
 * records that hold a text it cannot match without. Texts and indicators are also found as JSON
 * writers spell them, see spelling.h.
 *
 *     struct ir_search *se = ir_search_new(ignore_case);
 *     ir_search_text(se, text, &err); ir_search_regex(se, re, &err); ir_search_ioc(se, line, …);
 *     ir_search_finish(se, &err);             // before the sandbox: code is made
 *     ir_search_block(se, data);
 *     if (ir_search_record(se, rec)) … ir_search_found(se) …  // records of data, in order
 *
 * One thread.
 */
#ifndef IR_RUN_SEARCH_H
#define IR_RUN_SEARCH_H

#include "base/buf.h"
#include "base/err.h"
#include "run/ioc.h"

#define IR_SEARCH_MAX     100000u /* texts, expressions and indicators */
#define IR_SEARCH_GIVE_UP 100u    /* records on which expressions hit their limit, then: no more */
#define IR_SEARCH_TOLD    8u      /* things named of one record */

struct ir_search;

struct ir_search *ir_search_new(bool ignore_case);
void ir_search_free(struct ir_search *se);
/* IR_OK, or IR_BAD with the reason. */
int ir_search_text(struct ir_search *se, struct ir_str text, struct ir_err *err);
int ir_search_regex(struct ir_search *se, struct ir_str re, struct ir_err *err);
/* A line of a list of indicators: IR_OK, IR_END for a line without one, IR_BAD with the reason. */
int ir_search_ioc(struct ir_search *se, struct ir_str line, struct ir_err *err);
size_t ir_search_count(const struct ir_search *se);
int ir_search_finish(struct ir_search *se, struct ir_err *err);

/* False: there is nothing in it. */
bool ir_search_block(struct ir_search *se, struct ir_str data);
/* rec lies in the last block's data, behind the records asked for before. */
bool ir_search_record(struct ir_search *se, struct ir_str rec);
/* What was found in the last record: "domain example.net, ip 192.0.2.7". */
struct ir_str ir_search_found(const struct ir_search *se);
/* Records that a regular expression could not be decided on. From IR_SEARCH_GIVE_UP on expressions
 * are not tried any more. */
uint64_t ir_search_undecided(const struct ir_search *se);

#endif
