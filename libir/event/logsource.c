/*
 * The table of log sources and the fit of a rule's triple to an event's.
 */
#include "event/logsource.h"

#include <stdio.h>

static const struct ir_logsource table[] = {
    {{"", 0}, {"", 0}, {"", 0}},
#define LOGSOURCE(id, category, product, service)                                                  \
    {{category, sizeof(category) - 1},                                                             \
     {product, sizeof(product) - 1},                                                               \
     {service, sizeof(service) - 1}},
#include "event/logsources.def"
#undef LOGSOURCE
};

struct ir_logsource ir_logsource_get(enum ir_logsource_id id)
{
    return table[id < IR_LS_MAX ? id : IR_LS_NONE];
}

static bool part_fits(struct ir_str rule, struct ir_str event)
{
    return rule.n == 0 || ir_str_ieq(rule, event);
}

bool ir_logsource_fits(struct ir_logsource rule, struct ir_logsource event)
{
    return part_fits(rule.category, event.category) && part_fits(rule.product, event.product) &&
           part_fits(rule.service, event.service);
}

void ir_logsource_text(struct ir_logsource ls, char *buf, size_t cap)
{
    const struct ir_str parts[] = {ls.product, ls.category, ls.service};
    size_t n = 0;
    if (cap > 0) buf[0] = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n == 0 || n >= cap) continue;
        int w = snprintf(buf + n, cap - n, "%s%.*s", n ? "/" : "", IR_FMT(parts[i]));
        n += w > 0 ? (size_t)w : 0;
    }
    if (n == 0) snprintf(buf, cap, "any");
}
