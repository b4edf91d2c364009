/*
 * The rule set's life: made, filled, finished, read, freed.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "rules/prefilter.h"
#include "rules/set.h"

#define RULES_MEMORY_MAX ((size_t)192 << 20)

struct ir_str ir_rule_title(const struct ir_rule_info *r)
{
    return ir_intl_is_ja() && r->title_ja.n > 0 ? r->title_ja : r->title;
}

bool ir_rule_titled(const struct ir_rule_info *r, struct ir_str text)
{
    return ir_str_ifind(r->title, text) != IR_NPOS || ir_str_ifind(r->title_ja, text) != IR_NPOS;
}

bool ir_rule_named(const struct ir_rule_info *r, struct ir_str id_or_text)
{
    return ir_str_ieq(r->id, id_or_text) || ir_rule_titled(r, id_or_text);
}

struct ir_rules *ir_rules_new(struct ir_names *names)
{
    struct ir_rules *rs = calloc(1, sizeof *rs);
    if (rs == NULL) return NULL;
    rs->arena = IR_ARENA(RULES_MEMORY_MAX);
    rs->names = names;
    if (ir_settings_usual(rs)) return rs;
    ir_rules_free(rs);
    return NULL;
}

void ir_rules_free(struct ir_rules *rs)
{
    if (rs == NULL) return;
    for (struct ir_regex_link *l = rs->regexes; l != NULL; l = l->next)
        pcre2_code_free(l->code);
    ir_groups_free(rs->groups);
    ir_map_free(&rs->by_ref);
    ir_map_free(&rs->placeholders);
    free(rs->rule);
    free(rs->filter);
    free(rs->placeholder_values);
    ir_arena_free(&rs->arena);
    free(rs);
}

struct ir_build ir_rules_build(struct ir_rules *rs, struct ir_logsource ls, struct ir_buf *waits,
                               struct ir_err *err)
{
    return (struct ir_build){.arena = &rs->arena,
                             .names = rs->names,
                             .logsource = ls,
                             .placeholders = &rs->placeholders,
                             .placeholder_values = rs->placeholder_values,
                             .waits = waits,
                             .regexes = &rs->regexes,
                             .err = err};
}

void ir_rules_set_zone(struct ir_rules *rs, int32_t zone_s)
{
    rs->extras.zone_s = zone_s;
}

bool ir_rules_zone(const struct ir_rules *rs, int32_t *ret_zone_s)
{
    const struct ir_hours *h = &rs->settings.hours;
    if (!h->has_zone) return false;
    *ret_zone_s = h->zone_s;
    return true;
}

void ir_rules_set_geo(struct ir_rules *rs, struct ir_geo *geo)
{
    rs->extras.geo = geo;
}

void ir_rules_fail(struct ir_rules *rs, const char *path, uint64_t line, const char *reason)
{
    struct ir_str copy = ir_arena_dup(&rs->arena, ir_str_z(path));
    if (copy.p != NULL) ir_rules_note(rs, &rs->failures, copy.p, line, "%s", reason);
}

static int index_notes(struct ir_rules *rs, struct ir_note_list *list)
{
    size_t i = 0;
    list->index = ir_arena_alloc(&rs->arena, (list->n + 1) * sizeof *list->index);
    if (list->index == NULL) return IR_FATAL;
    for (struct ir_rules_note *n = list->first; n != NULL; n = n->next)
        list->index[i++] = &n->f;
    return IR_OK;
}

int ir_rules_finish(struct ir_rules *rs, struct ir_err *err)
{
    int rc = ir_rules_apply_filters(rs);
    if (rc == IR_OK) rc = ir_rules_link_correlations(rs);
    if (rc == IR_OK) ir_settings_apply(rs);
    if (rc == IR_OK) rc = ir_rules_find_twins(rs);
    if (rc == IR_OK) rc = index_notes(rs, &rs->failures);
    if (rc == IR_OK) rc = index_notes(rs, &rs->warnings);
    if (rc == IR_OK && (rs->groups = ir_groups_new(rs)) == NULL) rc = IR_FATAL;
    rs->finished = rc == IR_OK;
    return rc == IR_OK ? rc : ir_fail(err, IR_FATAL, "out of memory while finishing the rules");
}

size_t ir_rules_size(const struct ir_rules *rs)
{
    return rs->nrules + rs->nfilters + rs->nplaceholders + rs->failures.n;
}

size_t ir_rules_count(const struct ir_rules *rs)
{
    return rs->nrules;
}

const struct ir_rule_info *ir_rules_info(const struct ir_rules *rs, size_t i)
{
    return &rs->rule[i]->info;
}

size_t ir_rules_nfailures(const struct ir_rules *rs)
{
    return rs->failures.n;
}

const struct ir_rules_failure *ir_rules_failure(const struct ir_rules *rs, size_t i)
{
    return rs->failures.index[i];
}

size_t ir_rules_nwarnings(const struct ir_rules *rs)
{
    return rs->warnings.n;
}

const struct ir_rules_failure *ir_rules_warning(const struct ir_rules *rs, size_t i)
{
    return rs->warnings.index[i];
}
