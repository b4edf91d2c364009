/*
 * Sigma rules: load, check, compile, match, explain.
 * Specification: Sigma 2.1.0 (rules, filters, correlations, modifiers, taxonomy appendices).
 *
 *     struct ir_rules *rs = ir_rules_new(names);
 *     ir_rules_add(rs, path, yaml_bytes);      // all documents of the file; failures are kept with
 * line and reason ir_rules_finish(rs, &err);               // references, filters, placeholders,
 * compile; then immutable struct ir_matcher *m = ir_matcher_new(rs);   // one per thread
 *     ir_match(m, ev, hit, user);              // calls hit(user, rule number, view) for each match
 */
#ifndef IR_RULES_RULES_H
#define IR_RULES_RULES_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"

enum ir_rule_kind { IR_RULE_DETECTION, IR_RULE_CORRELATION, IR_RULE_FILTER };

struct ir_rule_info {
    enum ir_rule_kind kind;
    const char *path;
    uint64_t line; /* where the document starts */
    struct ir_str id, name, title, description, status, author;
    int level; /* enum ir_level of report/finding.h: 0 informational … 4 critical; -1 not given */
    struct ir_logsource logsource;
    const struct ir_str *tags;
    size_t ntags;
    const struct ir_str *falsepositives;
    size_t nfalsepositives;
    struct ir_str next; /* our own key: what to do next; may be empty */
    /* our own keys, the same in Japanese; may be empty */
    struct ir_str title_ja, description_ja, next_ja;
    const struct ir_str *falsepositives_ja;
    size_t nfalsepositives_ja;
    struct ir_str
        waits;   /* placeholders without values, comma separated; then the rule never fires */
    bool silent; /* referenced by a correlation without `generate`: reports nothing by itself */
};

/* The title in the reader's language, when the rule has one in it. */
struct ir_str ir_rule_title(const struct ir_rule_info *r);
/* Has this text in a title, in whichever language it was read; the second: or this id. */
bool ir_rule_titled(const struct ir_rule_info *r, struct ir_str text);
bool ir_rule_named(const struct ir_rule_info *r, struct ir_str id_or_text);

struct ir_rules;
struct ir_rules *ir_rules_new(struct ir_names *names);
void ir_rules_free(struct ir_rules *rs);
/* Settings (rules/settings.yml): values for %placeholders%, own networks, critical hosts, working
 * hours, levels. What is read later wins. Before the rules that they are for, which take values
 * when they load. IR_BAD: err has line and reason. */
int ir_rules_values(struct ir_rules *rs, const char *path, struct ir_str yaml, struct ir_err *err);
/* The zone of the machine, for working hours that name none: seconds east of UTC. */
void ir_rules_set_zone(struct ir_rules *rs, int32_t zone_s);
/* The zone that the settings name for the working hours; false: none. */
bool ir_rules_zone(const struct ir_rules *rs, int32_t *ret_zone_s);
/* Files that tell countries (base/geo.h), borrowed; before matchers are made. */
struct ir_geo;
void ir_rules_set_geo(struct ir_rules *rs, struct ir_geo *geo);
/* A name or address, or the first label of a name, is among the critical hosts. */
bool ir_host_is_critical(const struct ir_rules *rs, struct ir_str host);
bool ir_rules_has_critical(const struct ir_rules *rs);
/* IR_OK even when documents fail: see ir_rules_failures. IR_FATAL: memory. */
int ir_rules_add(struct ir_rules *rs, const char *path, struct ir_str yaml);
/* Something that could not even be read: joins the failures. Before ir_rules_finish. */
void ir_rules_fail(struct ir_rules *rs, const char *path, uint64_t line, const char *reason);
int ir_rules_finish(struct ir_rules *rs, struct ir_err *err);

/* Documents and placeholder values taken so far, with those that failed: to see whether a directory
 * held any. */
size_t ir_rules_size(const struct ir_rules *rs);
size_t ir_rules_count(const struct ir_rules *rs); /* detection and correlation rules that loaded */
const struct ir_rule_info *ir_rules_info(const struct ir_rules *rs, size_t i);
struct ir_rules_failure {
    const char *path;
    uint64_t line;
    const char *reason;
    bool always; /* a warning that a filter or setting may do something else than it was written
                    for: every scan repeats it */
};
size_t ir_rules_nfailures(const struct ir_rules *rs);
const struct ir_rules_failure *ir_rules_failure(const struct ir_rules *rs, size_t i);
/* Things that loaded but deserve a word: what the specification forbids or leaves open, and what
 * has no effect where it stands (review.h). */
size_t ir_rules_nwarnings(const struct ir_rules *rs);
const struct ir_rules_failure *ir_rules_warning(const struct ir_rules *rs, size_t i);

#endif
