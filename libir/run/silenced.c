/*
 * Two scans compared, finding by finding. See silenced.h.
 */
#include "run/silenced.h"

#include <stdlib.h>

struct table { /* all rules with findings; in the end only those that lost some */
    struct ir_silenced *s;
    struct ir_map at;
    size_t cap;
};

static struct ir_silenced_rule *row(struct table *t, const struct ir_finding *f)
{
    struct ir_silenced *s = t->s;
    bool fresh = false;
    uint32_t *at = ir_map_put(&t->at, f->rule_id, &fresh);
    if (at == NULL) return NULL;
    if (!fresh) return &s->rule[*at];
    if (s->nrules == t->cap) {
        const size_t cap = t->cap ? t->cap * 2 : 64;
        struct ir_silenced_rule *p = realloc(s->rule, cap * sizeof *p);
        if (p == NULL) return NULL;
        s->rule = p;
        t->cap = cap;
    }
    *at = (uint32_t)s->nrules;
    s->rule[s->nrules] = (struct ir_silenced_rule){.id = ir_arena_dup(&s->texts, f->rule_id),
                                                   .title = ir_arena_dup(&s->texts, f->title_l10n)};
    return &s->rule[s->nrules++];
}

static bool count_left(struct table *t, struct ir_scan *with)
{
    for (size_t i = 0; i < ir_scan_nfindings(with); i++) {
        struct ir_finding f;
        ir_scan_finding(with, i, &f);
        struct ir_silenced_rule *r = row(t, &f);
        uint32_t *at = ir_map_put(&t->s->left, ir_str_z(f.id), NULL);
        if (r == NULL || at == NULL) return false;
        *at = (uint32_t)i;
        r->findings_left++;
        r->hits_left += f.count;
    }
    return true;
}

static bool count_all(struct table *t, struct ir_scan *without, struct ir_scan *with)
{
    struct ir_silenced *s = t->s;
    const size_t n = ir_scan_nfindings(without);
    uint64_t same = 0;
    s->gone = calloc(n + 1, sizeof *s->gone);
    if (s->gone == NULL) return false;
    for (size_t i = 0; i < n; i++) {
        struct ir_finding f, g;
        ir_scan_finding(without, i, &f);
        struct ir_silenced_rule *r = row(t, &f);
        if (r == NULL) return false;
        r->findings++;
        r->hits += f.count;
        if (f.level > r->level) r->level = f.level;
        const uint32_t at = ir_map_find(&s->left, ir_str_z(f.id));
        if (at == UINT32_MAX) {
            s->gone[s->ngone++] = i;
            continue;
        }
        const uint64_t count = f.count;
        ir_scan_finding(with, s->left.items[at].value, &g);
        s->fewer += g.count < count;
        same++;
    }
    s->fresh = ir_scan_nfindings(with) - same;
    return true;
}

static void drop_untouched(struct ir_silenced *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->nrules; i++)
        if (s->rule[i].findings != s->rule[i].findings_left ||
            s->rule[i].hits != s->rule[i].hits_left)
            s->rule[n++] = s->rule[i];
    s->nrules = n;
}

int ir_silenced_compare(struct ir_scan *without, struct ir_scan *with, struct ir_silenced *ret_s,
                        struct ir_err *err)
{
    struct table t = {.s = ret_s};
    *ret_s = (struct ir_silenced){0};
    const bool ok = count_left(&t, with) && count_all(&t, without, with);
    if (ok) drop_untouched(ret_s);
    ir_map_free(&t.at);
    return ok ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
}

void ir_silenced_free(struct ir_silenced *s)
{
    free(s->rule);
    free(s->gone);
    ir_map_free(&s->left);
    ir_arena_free(&s->texts);
    *s = (struct ir_silenced){0};
}
