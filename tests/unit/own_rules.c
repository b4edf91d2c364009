/*
 * The rules in rules/: each one for a text log must have words that stand in the raw line, or every
 * line of every log would be parsed (rules/README.md); unless its log source is one whose records
 * the formats know by words of theirs. Not for what they detect: see
 * tests/e2e/own_rules.sh. And each document speaks English and Japanese, and what it reports has
 * tags of ATT&CK and of a control, advice, and a word about what looks alike. Samples: same place.
 */
#include "format/format.h"
#include "rules/literal.h"
#include "rules/set.h"
#include "run/rulefiles.h"
#include "tests/tap.h"

#define COST_MAX 0.1 /* of all its words together; the commonest cost 0.02 each */

/* Windows events and the JSON of honeypots are parsed anyway; audit records are too, but not those
 * that came through syslog. */
static bool is_text(const struct ir_logsource *ls)
{
    return !ir_str_eq(ls->product, IR_S("windows")) && !ir_str_eq(ls->product, IR_S("opencanary"));
}

/* Any record of a text format may be of the rule's log source: nothing but the rule's own words can
 * tell which. Of other sources the formats know themselves what stands in their records (hints). */
static bool needs_words(const struct ir_logsource *ls)
{
    for (size_t i = 0; i < ir_formats_builtin.n; i++) {
        const struct ir_format *fmt = ir_formats_builtin.list[i];
        if (!(fmt->flags & IR_FMT_VERBATIM)) continue;
        for (const uint16_t *s = fmt->sources; s != NULL && *s != 0; s++)
            if (ir_logsource_fits(*ls, ir_logsource_get((enum ir_logsource_id) * s))) return true;
    }
    return false;
}

static void check(struct ir_arena *a, const struct ir_rule *r)
{
    struct ir_literals l = {0};
    if (r->root == NULL || !is_text(&r->info.logsource)) return;
    bool found = ir_literals_required(a, r->root, &l);
    if (!found && !needs_words(&r->info.logsource)) return;
    ok(found, "'%.*s' has words to search for", IR_FMT(r->info.title));
    if (found)
        ok(l.cost < COST_MAX, "'%.*s': they are rare enough (%g)", IR_FMT(r->info.title), l.cost);
}

static bool has_tag(const struct ir_rule_info *r, struct ir_str prefix)
{
    for (size_t i = 0; i < r->ntags; i++)
        if (ir_str_starts(r->tags[i], prefix)) return true;
    return false;
}

/* Something else than ASCII: Japanese that was forgotten is English. */
static bool foreign(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return true;
    return false;
}

static void check_texts(const struct ir_rule_info *r)
{
    const char *t = r->title.p;
    int n = (int)r->title.n;
    ok(foreign(r->title_ja) && foreign(r->description_ja), "'%.*s' speaks Japanese", n, t);
    ok(r->description.n > 0 && r->level >= 0, "  has a description and a level");
    if (ir_str_find(r->description, IR_S("not reported by itself")) != IR_NPOS) {
        ok(r->level == 0, "  is informational");
        return;
    }
    ok(r->next.n > 0 && foreign(r->next_ja), "  '%.*s' says what to do, in both", n, t);
    ok(r->nfalsepositives > 0 && r->nfalsepositives_ja == r->nfalsepositives,
       "  '%.*s' says what looks alike, in both", n, t);
    ok(has_tag(r, IR_S("attack.t")), "  '%.*s' has a technique", n, t);
    ok(has_tag(r, IR_S("iso27002.")), "  '%.*s' has a control", n, t);
}

int main(void)
{
    struct ir_arena a = IR_ARENA((size_t)16 << 20);
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = names ? ir_rules_new(names) : NULL;
    struct ir_err err = {0};
    size_t files = 0;
    if (!ok(rs != NULL, "memory")) return done();
    ok(ir_rulefiles_load(rs, "rules", &files, &err) == IR_OK, "rules load: %s", err.msg);
    ok(ir_rules_finish(rs, &err) == IR_OK, "rules finish: %s", err.msg);
    is_int((long long)ir_rules_nfailures(rs), 0, "none fails");
    ok(ir_rules_count(rs) >= 150, "there are enough");
    for (size_t i = 0; i < rs->nrules; i++) {
        check(&a, rs->rule[i]);
        check_texts(&rs->rule[i]->info);
    }
    ir_rules_free(rs);
    ir_names_free(names);
    ir_arena_free(&a);
    return done();
}
