/*
 * Numbers.
 */
#include "rules/number.h"

#include <stdlib.h>

#define FEW_DIGITS      15u  /* whole in a double */
#define NUMBER_TEXT_MAX 400u /* a double in full needs 309 digits; longer texts are no numbers */

/* Nothing but a few digits, as nearly all numbers of logs are: strtod takes ten times as long. */
static bool few_digits(struct ir_str s, struct ir_number *ret_n)
{
    int64_t v = 0;
    if (s.n == 0 || s.n > FEW_DIGITS) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!ir_isdigit(s.p[i])) return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *ret_n = (struct ir_number){true, v, (double)v};
    return true;
}

bool ir_number_parse(struct ir_str s, struct ir_number *ret_n)
{
    char buf[NUMBER_TEXT_MAX], *end;
    if (few_digits(s, ret_n)) return true;
    s = ir_str_trim(s);
    if (s.n == 0 || s.n >= sizeof buf) return false;
    for (size_t i = 0; i < s.n; i++) /* strtod also takes hex, inf and nan */
        if (!ir_isdigit(s.p[i]) && (s.p[i] == '\0' || strchr("+-.eE", s.p[i]) == NULL))
            return false;
    memcpy(buf, s.p, s.n);
    buf[s.n] = '\0';
    struct ir_number n = {.d = strtod(buf, &end)};
    if (*end != '\0' || end == buf) return false;
    n.whole = ir_str_i64(s.p[0] == '+' ? ir_str_skip(s, 1) : s, &n.i);
    *ret_n = n;
    return true;
}

int ir_number_cmp(const struct ir_number *a, const struct ir_number *b)
{
    if (a->whole && b->whole) return (a->i > b->i) - (a->i < b->i);
    return (a->d > b->d) - (a->d < b->d);
}
