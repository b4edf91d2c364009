/*
 * Titles of rules by their ids. See rule_titles.h.
 */
#include "rule_titles.h"

#include "rules_load.h"
#include "where.h"

enum { RULE, ENGLISH, TITLE, ABOUT, COLUMNS };

struct ir_doc_given rule_titles(struct ir_arena *arena, const struct cmd *cmd,
                                const struct env *env)
{
    static const struct ir_str columns[COLUMNS] = {
        {"rule", 4}, {"english", 7}, {"title", 5}, {"about", 5}};
    struct ir_doc_given g = {IR_S("rule_titles"), {.name = columns, .ncolumns = COLUMNS}};
    const struct opt_list none = {.n = 0};
    struct rules_loaded l;
    struct ir_buf dir = IR_BUF(1 << 13);
    const bool there = default_rules(&dir);
    ir_buf_free(&dir);
    if (!there) return g; /* a program that was copied alone */
    const size_t n = rules_load(&l, cmd, &none, true, NULL, env, NULL) == IR_EXIT_OK
                         ? ir_rules_count(l.rules)
                         : 0;
    struct ir_str *v = n > 0 ? ir_arena_alloc(arena, COLUMNS * n * sizeof *v) : NULL;
    for (size_t i = 0; v != NULL && i < n; i++) {
        const struct ir_rule_info *r = ir_rules_info(l.rules, i);
        if (r->id.n == 0 || r->title_ja.n == 0) continue;
        const struct ir_str said[COLUMNS] = {r->id, r->title, r->title_ja, r->description_ja};
        struct ir_str *row = v + COLUMNS * g.rows.n;
        bool good = true;
        for (size_t c = 0; c < COLUMNS; c++) {
            row[c] = ir_arena_dup(arena, said[c]);
            good &= said[c].n == 0 || row[c].p != NULL;
        }
        g.rows.n += good;
    }
    g.rows.value = v;
    rules_unload(&l);
    return g;
}

struct ir_str rule_title(const struct ir_doc_given *titles, struct ir_str id, struct ir_str english)
{
    for (size_t i = 0; i < titles->rows.n; i++) {
        const struct ir_str *row = titles->rows.value + i * COLUMNS;
        if (ir_str_eq(row[ENGLISH], english) || (id.n > 0 && ir_str_eq(row[RULE], id)))
            return row[TITLE];
    }
    return english;
}
