/*
 * Which fields of an event stand for a Sigma field name.
 */
#include "rules/load.h"

static const struct {
    struct ir_str scope, product, sigma, ours;
} rows[] = {
#define ALIAS(scope, product, sigma, ours) {IR_S(scope), IR_S(product), IR_S(sigma), IR_S(ours)},
#include "rules/aliases.def"
#undef ALIAS
};

#define NROWS (sizeof rows / sizeof *rows)

static bool in_scope(size_t row, const struct ir_logsource *ls)
{
    bool scope = rows[row].scope.n == 0 || ir_str_ieq(rows[row].scope, ls->category) ||
                 ir_str_ieq(rows[row].scope, ls->service);
    bool product = rows[row].product.n == 0 || ls->product.n == 0 ||
                   ir_str_ieq(rows[row].product, ls->product);
    return scope && product;
}

const uint32_t *ir_alias_fields(struct ir_build *b, struct ir_str field)
{
    uint32_t ids[NROWS + 2], n = 0;
    ids[n++] = ir_names_add(b->names, field);
    for (size_t i = 0; i < NROWS; i++)
        if (ir_str_eq(rows[i].sigma, field) && in_scope(i, &b->logsource))
            ids[n++] = ir_names_add(b->names, rows[i].ours);
    ids[n++] = 0;
    uint32_t *list = ir_arena_alloc(b->arena, n * sizeof *list);
    if (list != NULL) memcpy(list, ids, n * sizeof *list);
    return list;
}

const char *ir_alias_meaning(struct ir_str field)
{
    for (size_t i = 0; i < NROWS; i++)
        if (ir_str_ieq(rows[i].sigma, field)) return rows[i].ours.p;
    return NULL;
}
