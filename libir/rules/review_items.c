/*
 * `Field|modifiers: value(s)`, looked at again after it has loaded: modifiers that have no effect
 * or hide each other, and values that the specification does not foresee. Source: Sigma modifiers
 * appendix 2.1.0.
 */
#include "base/ip.h"
#include "rules/literal.h"
#include "rules/modifiers.h"
#include "rules/review.h"

#define SHOWN 60u /* bytes of a rule's text in a warning */

static bool has_word(struct ir_str list, struct ir_str word)
{
    while (list.p != NULL)
        if (ir_str_eq(ir_str_cut(&list, '|'), word)) return true;
    return false;
}

/* Encoding something twice has a meaning; anything else has not. Told once: a hostile key has as
 * many as it likes. */
static void review_repeats(const struct ir_review *v, struct ir_str rest, uint32_t line)
{
    while (rest.p != NULL) {
        struct ir_str word = ir_str_cut(&rest, '|');
        bool encodes = ir_str_starts(word, IR_S("base64")) || ir_str_starts(word, IR_S("utf16")) ||
                       ir_str_eq(word, IR_S("wide"));
        if (encodes || !has_word(rest, word)) continue;
        IR_REVIEW_NOTE(v, line, "the modifier '%.*s' stands twice", IR_FMT(word));
        return;
    }
}

static void review_shapes(const struct ir_review *v, const struct ir_chain *c, uint32_t line)
{
    const char *shape[3];
    size_t n = 0;
    if (c->contains) shape[n++] = "contains";
    if (c->startswith) shape[n++] = "startswith";
    if (c->endswith) shape[n++] = "endswith";
    for (size_t i = 0; c->re && i < n; i++)
        IR_REVIEW_NOTE(v, line, "'%s' has no effect beside 're'", shape[i]);
    if (c->re && c->cased)
        IR_REVIEW_NOTE(v, line, "'cased' has no effect beside 're', which is case-sensitive");
    if (!c->re && n > 1)
        IR_REVIEW_NOTE(v, line, "'%s' and '%s' together: taken as 'contains'", shape[0], shape[1]);
}

static void review_network(const struct ir_review *v, const struct ir_yaml *n)
{
    struct ir_cidr net;
    struct ir_ip ip;
    char text[64];
    size_t slash = ir_str_chr(n->text, '/');
    struct ir_str shown = ir_str_head(n->text, SHOWN);
    if (!ir_cidr_parse(n->text, &net)) return; /* a placeholder: its values are not the rule's */
    if (slash == IR_NPOS) {
        IR_REVIEW_NOTE(v, n->line, "'%.*s' has no prefix length: taken as one address",
                       IR_FMT(shown));
        return;
    }
    if (!ir_ip_parse(ir_str_head(n->text, slash), &ip) || memcmp(ip.b, net.ip.b, sizeof ip.b) == 0)
        return;
    size_t len = ir_ip_text(&net.ip, text);
    IR_REVIEW_NOTE(v, n->line, "'%.*s' has host bits: taken as %.*s/%u", IR_FMT(shown), (int)len,
                   text, net.bits - (net.v4 ? 96 : 0));
}

static bool has_placeholder(struct ir_str s)
{
    size_t first = ir_str_chr(s, '%');
    return first != IR_NPOS && ir_str_chr(ir_str_skip(s, first + 2), '%') != IR_NPOS;
}

static void review_regex(const struct ir_review *v, const struct ir_chain *c,
                         const struct ir_yaml *n)
{
    struct ir_str group;
    if (!ir_regex_nested(n->text, ir_chain_regex_flags(c), &group)) return;
    group = ir_str_head(group, SHOWN);
    IR_REVIEW_NOTE(v, n->line,
                   "a text can make the regular expression take very long, and then it finds "
                   "nothing: '%.*s' repeats what repeats inside. Let its parts not take the same "
                   "letters, or give nothing back: '++' and '*+' for '+' and '*'",
                   IR_FMT(group));
}

static void review_value(const struct ir_review *v, const struct ir_chain *c,
                         const struct ir_yaml *n, bool in_list)
{
    bool null = ir_yaml_is_null(n);
    if (null && in_list) IR_REVIEW_NOTE(v, n->line, "null in a list of values");
    if (null) return;
    if (c->cidr) review_network(v, n);
    if (c->re && n->kind == IR_YAML_SCALAR) review_regex(v, c, n);
    if (c->expand && !has_placeholder(n->text))
        IR_REVIEW_NOTE(v, n->line, "'expand' without a %%placeholder%%");
    if (n->text.n == 0 && (c->contains || c->startswith || c->endswith || c->re))
        IR_REVIEW_NOTE(v, n->line, "an empty value fits every text");
}

static void review_item(const struct ir_review *v, struct ir_str key, const struct ir_yaml *n)
{
    struct ir_err err = {0};
    struct ir_build b = {.err = &err};
    struct ir_str field, rest = key;
    struct ir_chain c;
    size_t count = 1;
    if (ir_chain_parse(&b, key, n->line, &field, &c) != IR_OK) return; /* did not load */
    (void)ir_str_cut(&rest, '|');
    review_repeats(v, rest, n->line);
    review_shapes(v, &c, n->line);
    if (n->kind == IR_YAML_LIST) {
        count = 0;
        for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next, count++)
            review_value(v, &c, k, true);
    } else {
        review_value(v, &c, n, false);
    }
    if (c.all && count == 1 && !c.expand) /* a placeholder may stand for several */
        IR_REVIEW_NOTE(v, n->line, "'all' on a single value");
    if (c.exists && count > 1) IR_REVIEW_NOTE(v, n->line, "'exists' with several values");
}

void ir_review_selection(const struct ir_review *v, const struct ir_yaml *sel)
{
    if (sel->kind == IR_YAML_SCALAR) {
        review_item(v, ir_str_n("", 0), sel);
        return;
    }
    for (const struct ir_yaml *k = sel->kids; k != NULL; k = k->next) {
        if (sel->kind == IR_YAML_MAP)
            review_item(v, k->key, k);
        else
            ir_review_selection(v, k); /* no deeper than a selection may be nested */
    }
}
