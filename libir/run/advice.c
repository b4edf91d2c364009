/*
 * Advice by tactic.
 */
#include "run/advice.h"

#include "base/intl.h"

static const struct {
    struct ir_str tag;
    const char *text;
} table[] = {
#define ADVICE(tag, text) {IR_S(tag), text},
#include "run/advice.def"
#undef ADVICE
};

#define ROWS (sizeof table / sizeof *table)

static size_t row_of(const struct ir_rule_info *r)
{
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < r->ntags; k++)
            if (ir_str_ieq(r->tags[k], table[i].tag)) return i;
    return ROWS;
}

const char *ir_advice(const struct ir_rule_info *r)
{
    size_t i = row_of(r);
    if (i < ROWS) return table[i].text;
    return N_(
        "Look at the record and its neighbours, ask the owner of the account or host, and note "
        "what you find.");
}
