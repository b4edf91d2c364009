/*
 * The attributes of a document and its condition, looked at again after it has loaded. Source:
 * Sigma rules specification 2.1.0 and its JSON schemas. Items: review_items.c, correlations:
 * review_corr.c.
 */
#include "rules/review.h"

#include "base/time.h"

#define SHOWN 60u /* bytes of a rule's text in a warning */

static void review_id(const struct ir_review *v, const struct ir_yaml *doc)
{
    const struct ir_yaml *n = ir_yaml_get(doc, "id");
    struct ir_str s = ir_yaml_text(doc, "id");
    if (s.n == 0) return;
    bool good = s.n == 36;
    for (size_t i = 0; good && i < s.n; i++)
        good = i == 8 || i == 13 || i == 18 || i == 23 ? s.p[i] == '-' : ir_hexval(s.p[i]) >= 0;
    if (!good)
        IR_REVIEW_NOTE(v, n->line, "the id '%.*s' is not a UUID", IR_FMT(ir_str_head(s, SHOWN)));
}

static bool is_date(struct ir_str s)
{
    uint64_t y, m, d;
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && ir_str_u64(ir_str_n(s.p, 4), &y) &&
           ir_str_u64(ir_str_n(s.p + 5, 2), &m) && ir_str_u64(ir_str_n(s.p + 8, 2), &d) && m >= 1 &&
           m <= 12 && d >= 1 && d <= (uint64_t)ir_days_in_month((int)y, (int)m);
}

/* One word is enough: old collections have slashes in all of them. */
static void review_dates(const struct ir_review *v, const struct ir_yaml *doc)
{
    static const char *const keys[] = {"date", "modified"};
    for (size_t i = 0; i < 2; i++) {
        const struct ir_yaml *n = ir_yaml_get(doc, keys[i]);
        if (n == NULL || (n->kind == IR_YAML_SCALAR && is_date(n->text))) continue;
        IR_REVIEW_NOTE(v, n->line, "'%s' is not a date (YYYY-MM-DD)", keys[i]);
        return;
    }
}

static bool one_of(struct ir_str s, const char *const *words)
{
    for (; *words != NULL; words++)
        if (ir_str_eq(s, ir_str_z(*words))) return true;
    return false;
}

/* namespace.name, as the schema has it: lower case, digits, _ - and more dots behind the first. */
static bool is_tag(struct ir_str s)
{
    size_t dot = ir_str_chr(s, '.');
    if (dot == IR_NPOS || dot == 0 || dot + 1 == s.n) return false;
    for (size_t i = 0; i < s.n; i++) {
        bool upper = s.p[i] >= 'A' && s.p[i] <= 'Z';
        if (upper || !(ir_isalnum(s.p[i]) || strchr("._-", s.p[i]) != NULL) || s.p[i] == '\0')
            return false;
    }
    return true;
}

static void review_tags(const struct ir_review *v, const struct ir_yaml *doc)
{
    const struct ir_yaml *n = ir_yaml_get(doc, "tags");
    if (n == NULL || ir_yaml_is_null(n)) return;
    if (n->kind != IR_YAML_LIST) {
        IR_REVIEW_NOTE(v, n->line, "'tags' is not a list");
        return;
    }
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        if (k->kind != IR_YAML_SCALAR || !is_tag(k->text))
            IR_REVIEW_NOTE(v, k->line, "the tag '%.*s' is not of the form namespace.name",
                           IR_FMT(ir_str_head(k->text, SHOWN)));
}

static void review_attributes(const struct ir_review *v, const struct ir_yaml *doc)
{
    static const char *const statuses[] = {"stable",     "test",        "experimental",
                                           "deprecated", "unsupported", NULL};
    static const char *const log_source[] = {"category", "product", "service", "definition", NULL};
    struct ir_str status = ir_yaml_text(doc, "status"), taxonomy = ir_yaml_text(doc, "taxonomy");
    const struct ir_yaml *ls = ir_yaml_get(doc, "logsource");
    review_id(v, doc);
    review_dates(v, doc);
    review_tags(v, doc);
    if (status.n > 0 && !one_of(status, statuses))
        IR_REVIEW_NOTE(v, ir_yaml_get(doc, "status")->line, "unknown status '%.*s'",
                       IR_FMT(ir_str_head(status, SHOWN)));
    if (taxonomy.n > 0 && !ir_str_eq(taxonomy, IR_S("sigma")))
        IR_REVIEW_NOTE(v, ir_yaml_get(doc, "taxonomy")->line,
                       "the taxonomy '%.*s' is not known: names are taken for Sigma's",
                       IR_FMT(ir_str_head(taxonomy, SHOWN)));
    for (const struct ir_yaml *k = ls ? ls->kids : NULL; k != NULL; k = k->next)
        if (!one_of(k->key, log_source))
            IR_REVIEW_NOTE(v, k->line, "'%.*s' is no attribute of a log source and is not read",
                           IR_FMT(ir_str_head(k->key, SHOWN)));
}

/* A document is of one kind; what would make it another is passed over when it loads. */
static void review_kind(const struct ir_review *v, const struct ir_yaml *doc,
                        const struct ir_rule *r)
{
    static const char *const kinds[] = {"correlation", "filter", "detection"};
    static const enum ir_rule_kind kind[] = {IR_RULE_CORRELATION, IR_RULE_FILTER,
                                             IR_RULE_DETECTION};
    for (size_t i = 0; i < 3; i++) {
        const struct ir_yaml *n = ir_yaml_get(doc, kinds[i]);
        if (n != NULL && kind[i] != r->info.kind)
            IR_REVIEW_NOTE(v, n->line, "'%s' is not read: the document is a %s", kinds[i],
                           r->info.kind == IR_RULE_FILTER ? "filter" : "correlation");
    }
}

/* Marks the selections that the condition reaches: their nodes carry a label. */
static void mark(struct ir_node *n)
{
    n->used = true;
    for (uint32_t i = 0; n->label.n == 0 && i < n->nkids; i++)
        mark(n->kids[i]);
}

static bool is_selection(const struct ir_rule *r, struct ir_str word)
{
    for (uint32_t i = 0; i < r->nsel; i++)
        if (ir_str_eq(r->sel[i].name, word)) return true;
    return false;
}

/* Taken here in any case; other engines take them for names. */
static void review_operators(const struct ir_review *v, const struct ir_yaml *cond,
                             const struct ir_rule *r)
{
    static const char *const operators[] = {"and", "or", "not", "of", "them", "all", "any", NULL};
    const char *p = cond->text.p, *end = p + cond->text.n;
    while (p < end) {
        const char *start = p;
        while (p < end && strchr(" \t\r\n()", *p) == NULL)
            p++;
        struct ir_str word = ir_str_n(start, (size_t)(p - start));
        for (const char *const *o = operators; *o != NULL; o++)
            if (ir_str_ieq(word, ir_str_z(*o)) && !ir_str_eq(word, ir_str_z(*o)) &&
                !is_selection(r, word))
                IR_REVIEW_NOTE(v, cond->line, "'%.*s' is not written in lower case", IR_FMT(word));
        if (p < end) p++;
    }
}

/* The body of a detection or filter. */
static void review_body(const struct ir_review *v, const struct ir_yaml *map,
                        const struct ir_rule *r)
{
    const struct ir_yaml *timeframe = ir_yaml_get(map, "timeframe");
    const struct ir_yaml *cond = ir_yaml_get(map, "condition");
    if (r->info.kind == IR_RULE_DETECTION && timeframe != NULL)
        IR_REVIEW_NOTE(v, timeframe->line, "'timeframe' has no effect: use a correlation");
    for (const struct ir_yaml *k = cond->kind == IR_YAML_LIST ? cond->kids : cond; k != NULL;
         k = cond->kind == IR_YAML_LIST ? k->next : NULL)
        review_operators(v, k, r);
    mark(r->root);
    for (uint32_t i = 0; i < r->nsel; i++) {
        const struct ir_yaml *sel = ir_yaml_get(map, r->sel[i].name.p);
        if (sel == NULL) continue;
        if (!r->sel[i].node->used)
            IR_REVIEW_NOTE(v, sel->line, "the selection '%.*s' is not used in the condition",
                           IR_FMT(ir_str_head(sel->key, SHOWN)));
        ir_review_selection(v, sel);
    }
}

void ir_review_rule(const struct ir_review *v, const struct ir_yaml *doc, const struct ir_rule *r)
{
    review_attributes(v, doc);
    review_kind(v, doc, r);
    if (r->info.kind == IR_RULE_CORRELATION)
        ir_review_correlation(v, ir_yaml_get(doc, "correlation"), r->corr);
    else
        review_body(v, ir_yaml_get(doc, r->info.kind == IR_RULE_FILTER ? "filter" : "detection"),
                    r);
}
