/*
 * Titles of rules by their ids. See rule_titles.h.
 */
#include "rule_titles.h"

#include "rules_load.h"
#include "where.h"

struct ir_doc_given rule_titles(struct ir_arena *arena, const struct cmd *cmd,
                                const struct env *env)
{
    static const struct ir_str columns[] = {{"rule", 4}, {"title", 5}};
    struct ir_doc_given g = {IR_S("rule_titles"), {.name = columns, .ncolumns = 2}};
    const struct opt_list none = {.n = 0};
    struct rules_loaded l;
    struct ir_buf dir = IR_BUF(1 << 13);
    const bool there = default_rules(&dir);
    ir_buf_free(&dir);
    if (!there) return g; /* a program that was copied alone */
    const size_t n = rules_load(&l, cmd, &none, true, NULL, env, NULL) == IR_EXIT_OK
                         ? ir_rules_count(l.rules)
                         : 0;
    struct ir_str *v = n > 0 ? ir_arena_alloc(arena, 2 * n * sizeof *v) : NULL;
    for (size_t i = 0; v != NULL && i < n; i++) {
        const struct ir_rule_info *r = ir_rules_info(l.rules, i);
        if (r->id.n == 0 || r->title_ja.n == 0) continue;
        v[2 * g.rows.n] = ir_arena_dup(arena, r->id);
        v[2 * g.rows.n + 1] = ir_arena_dup(arena, r->title_ja);
        if (v[2 * g.rows.n].p != NULL && v[2 * g.rows.n + 1].p != NULL) g.rows.n++;
    }
    g.rows.value = v;
    rules_unload(&l);
    return g;
}
