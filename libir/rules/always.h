/*
 * Rules that no literal and no number tells of: they would be tried on every event. What else they
 * cannot do without picks them: a word of event.action, and fields that must be there.
 *
 *     ir_needs_of(arena, rule->root, &needs[i]);                 // once a rule
 *     ir_always_build(&a, rules, n, needs);                      // once a group
 *     ir_always_find(&a, ev, candidate, user);                   // candidate(user, rule) for some
 *
 * Like the search for literals this only ever says "the rule cannot match".
 */
#ifndef IR_RULES_ALWAYS_H
#define IR_RULES_ALWAYS_H

#include "base/map.h"
#include "rules/ast.h"

#define IR_NEEDS_FIELDS 4u

struct ir_needs {
    const struct ir_str *words;             /* folded: event.action is one of these; the arena's */
    uint32_t nwords;                        /* 0: any action will do */
    const uint32_t *field[IR_NEEDS_FIELDS]; /* of each list (0 ends it) one must be there; NULL */
};

/* Immutable once built, shared by threads. */
struct ir_always {
    struct ir_map words;
    uint32_t *first; /* word i is that of owner[first[i] .. first[i + 1]) */
    struct ir_always_rule {
        uint32_t rule;
        const struct ir_needs *needs;
    } * owner, *any; /* any: rules that name no word */
    uint32_t nany;
};

void ir_needs_of(struct ir_arena *arena, const struct ir_node *root, struct ir_needs *ret_needs);
/* needs: [rule number]; must outlive the table. False: memory; free it then too. */
bool ir_always_build(struct ir_always *a, const uint32_t *rules, uint32_t n,
                     const struct ir_needs *needs);
void ir_always_free(struct ir_always *a);
/* The same rule may be told several times. */
void ir_always_find(const struct ir_always *a, const struct ir_event *ev,
                    void (*candidate)(void *user, uint32_t rule), void *user);

#endif
