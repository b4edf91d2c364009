/*
 * Advice by tactic.
 */
#include "run/advice.h"

static const struct {
    struct ir_str tag, text;
} table[] = {
#define ADVICE(tag, text) {IR_S(tag), IR_S(text)},
#include "run/advice.def"
#undef ADVICE
};

struct ir_str ir_advice(const struct ir_rule_info *r)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (size_t k = 0; k < r->ntags; k++)
            if (ir_str_ieq(r->tags[k], table[i].tag)) return table[i].text;
    return IR_S("Look at the record and its neighbours, ask the owner of the account or host, and "
                "note what you find.");
}
