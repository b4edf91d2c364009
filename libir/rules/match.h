/*
 * Matching events against a finished rule set. One matcher a thread; the rule set is shared.
 *
 *     struct ir_matcher *m = ir_matcher_new(rs, opts);
 *     ir_match_event(m, ev, hit, user);                 // any event: looks for candidates in its
 * values
 *
 * For formats whose raw bytes can be searched before parsing, a whole block is searched at once,
 * and only records with hits need parsing:
 *
 *     const struct ir_group *g = ir_matcher_group(m, &(struct ir_group_key){.sources = s, .n = n});
 *     ir_match_scan(m, g, block, &hits, &nhits);        // literal hits by end offset
 *     ir_match_record(m, g, ev, hits, n, hit, user);    // those that end inside this record
 *
 * A rule is reported once for an event, with the first view that fits.
 */
#ifndef IR_RULES_MATCH_H
#define IR_RULES_MATCH_H

#include "rules/aside.h"

typedef void (*ir_hit_fn)(void *user, uint32_t rule, uint32_t view);

struct ir_matcher;

/* NULL when memory is out. no_prefilter: every rule of the log source is evaluated. */
struct ir_matcher *ir_matcher_new(struct ir_rules *rs, bool no_prefilter);
void ir_matcher_free(struct ir_matcher *m);
/* A group that can be searched. NULL when it cannot be made: call ir_match_event for each event. */
const struct ir_group *ir_matcher_group(struct ir_matcher *m, const struct ir_group_key *key);
/* True when every record of this group must be parsed and evaluated, whatever its bytes. */
bool ir_matcher_must_parse(const struct ir_matcher *m, const struct ir_group *g);
/* True when the record with these hits must be. *ret_hint: one of the hints among them; 0: none. */
bool ir_match_wanted(const struct ir_group *g, const struct ir_literal_hit *hits, size_t n,
                     uint32_t *ret_hint);

/* *ret_hits, sorted by end, is good until the next call. False: too many (or libhs failed): treat
 * every record as if all rules were candidates, by calling ir_match_event. */
bool ir_match_scan(struct ir_matcher *m, const struct ir_group *g, struct ir_str bytes,
                   const struct ir_literal_hit **ret_hits, size_t *ret_n);
void ir_match_record(struct ir_matcher *m, const struct ir_group *g, struct ir_event *ev,
                     const struct ir_literal_hit *hits, size_t nhits, ir_hit_fn hit, void *user);
/* The records of the events to come lie in these bytes, in their order: a hint that makes
 * ir_match_event quicker. An empty one when the bytes go. */
void ir_match_block(struct ir_matcher *m, struct ir_str bytes);
void ir_match_event(struct ir_matcher *m, struct ir_event *ev, ir_hit_fn hit, void *user);
/* One rule, no prefilter, no log source check. */
bool ir_match_rule(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view);
/* Regular expressions that hit their limit so far (they count as not matching). */
uint64_t ir_matcher_regex_limits(const struct ir_matcher *m);

/* For why.c and the engine: the rule by number, and the evaluation that belongs to this matcher. */
struct ir_eval;
const struct ir_rule *ir_matcher_rule(const struct ir_matcher *m, uint32_t rule);
struct ir_eval *ir_matcher_eval(struct ir_matcher *m);

#endif
