/*
 * Raw log lines made from a rule: what tests/diff/public_rules.sh feeds to the program.
 *
 *     for (unsigned way = 0; way < wish_ways(rule); way++) {
 *         struct wish w;
 *         wish_make(rule, way, &w);     // one way to fulfil the rule: values that must hold
 *         render_web(&w, number, &out); // … written as the log would have them
 *     }
 *
 * A rule is read with the library's own loader, so this proves the way from a raw line to the rule
 * and not the reading of rules: that is proved by tests/diff/golden_sigma.sh and tests/sigma/.
 */
#ifndef IR_TESTS_RENDER_H
#define IR_TESTS_RENDER_H

#include "base/buf.h"
#include "rules/set.h"

#define WISH_VALUES_MAX 96u
#define WISH_WAYS_MAX   56u
#define WISH_UNBROKEN   SIZE_MAX
#define RENDER_MAX      ((size_t)1 << 20)

struct wish_value {
    const struct ir_item *item;
    const struct ir_val *val; /* NULL: an exact text, or the field must be absent */
    struct ir_str exact;      /* p == NULL: none */
    bool used;                /* a renderer asked for its field */
};

struct wish {
    const struct ir_rule *rule;
    unsigned way;
    struct wish_value v[WISH_VALUES_MAX];
    size_t n;
    const struct ir_item *no[WISH_VALUES_MAX]; /* what stands behind a `not` */
    size_t nno;
    size_t broken; /* number of the value to spoil by one byte, or WISH_UNBROKEN */
};

/* How many ways to fulfil the rule are worth a try: each value of each list is in one of them. */
unsigned wish_ways(const struct ir_rule *r);
void wish_make(const struct ir_rule *r, unsigned way, struct wish *ret_w);
/* One of the fields is wanted or forbidden. `fields`: names with commas between; "" are keywords.
 */
bool wish_has(const struct wish *w, const char *fields);
bool wish_absent(struct wish *w, const char *fields);
/* Appends a text that fits all that is wanted of these fields: `lead` before what may stand
 * anywhere, `sep` between. Returns false, and appends nothing, when nothing is wanted of them. */
bool wish_text(struct wish *w, const char *fields, const char *lead, const char *sep,
               struct ir_buf *out);
/* The same; when nothing is wanted, the first of `others` (with '|' between) that is not forbidden:
 * ways begin at different ones. */
void wish_text_or(struct wish *w, const char *fields, const char *sep, const char *others,
                  struct ir_buf *out);
bool wish_forbids(const struct wish *w, const char *fields, struct ir_str text);
/* The name of a wanted field that no renderer had a place for; p == NULL: none. */
struct ir_str wish_unused(const struct wish *w);

/* A text that the regular expression matches, as far as its text is understood (regex.c). */
void regex_example(struct ir_str text, unsigned way, struct ir_buf *out);
bool regex_matches(const pcre2_code *re, struct ir_str text);

/* Renderers: false when the log source is none of theirs. `number` is unlike that of any other. */
bool render_audit(struct wish *w, unsigned number, struct ir_buf *out);
bool render_sysmon(struct wish *w, unsigned number, struct ir_buf *out);
bool render_web(struct wish *w, unsigned number, struct ir_buf *out);
bool render_syslog(struct wish *w, unsigned number, struct ir_buf *out);

#endif
