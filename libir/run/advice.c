/*
 * Advice by tactic.
 */
#include "run/advice.h"

static const struct {
    struct ir_str tag, en, ja;
} table[] = {
#define ADVICE(tag, en, ja) {IR_S(tag), IR_S(en), IR_S(ja)},
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

struct ir_str ir_advice(const struct ir_rule_info *r)
{
    size_t i = row_of(r);
    if (i < ROWS) return table[i].en;
    return IR_S("Look at the record and its neighbours, ask the owner of the account or host, and "
                "note what you find.");
}

struct ir_str ir_advice_ja(const struct ir_rule_info *r)
{
    size_t i = row_of(r);
    if (i < ROWS) return table[i].ja;
    return IR_S("この記録と前後の記録を確認し、アカウントやホストの担当者に心当たりを尋ね、"
                "分かったことを記録してください。");
}
