/*
 * Findings out of groups: filters and order. What stood at their origins is fetch.c's.
 */
#include <fnmatch.h>
#include <stdlib.h>

#include "run/reduce_int.h"

struct ir_finding_state *ir_finding_add(struct ir_reduce *d)
{
    if (d->nfindings == d->capfindings) {
        size_t cap = d->capfindings ? d->capfindings * 2 : 256;
        struct ir_finding_state *p = realloc(d->finding, cap * sizeof *p);
        if (p == NULL) return NULL;
        d->finding = p;
        d->capfindings = cap;
    }
    struct ir_finding_state *f = &d->finding[d->nfindings++];
    *f = (struct ir_finding_state){0};
    return f;
}

void ir_finding_free(struct ir_finding_state *f)
{
    free((void *)(uintptr_t)f->excerpt.p);
    free(f->place);
    ir_common_free(f->common);
    free(f->sha);
    free(f->have_sha);
}

void ir_findings_free(struct ir_reduce *d)
{
    for (size_t i = 0; i < d->nfindings; i++)
        ir_finding_free(&d->finding[i]);
    free(d->finding);
    d->finding = NULL;
    d->nfindings = d->capfindings = 0;
}

static bool rule_named(const struct ir_rule_info *r, const char *const *only)
{
    if (only == NULL || only[0] == NULL) return true;
    for (; *only != NULL; only++)
        if (ir_rule_named(r, ir_str_z(*only))) return true;
    return false;
}

/* Calls with each name and value of a group's key; for rules the entity fields, for correlations
 * group-by. */
static bool key_part(const struct ir_reduce *d, const struct ir_group_state *g, uint32_t i,
                     struct ir_str *rest, struct ir_str *ret_name, struct ir_str *ret_value)
{
    if (!ir_key_next(rest, ret_value)) return false;
    const struct ir_corr *c = d->s->rules->rule[g->rule]->corr;
    *ret_name =
        g->kind == IR_RUN_CORR ? c->group_by[i] : ir_names_text(d->s->names, ir_entity_fields[i]);
    return true;
}

static bool entity_fits(const char *want, struct ir_str name, struct ir_str value)
{
    struct ir_str w = ir_str_z(want), rest = w;
    struct ir_str left = ir_str_cut(&rest, '=');
    if (rest.p != NULL && ir_str_ieq(left, name) && ir_str_ieq(rest, value)) return true;
    return ir_str_ieq(w, value);
}

static enum ir_level rule_level(const struct ir_rule_info *r)
{
    return r->level < 0 ? IR_LEVEL_INFORMATIONAL : (enum ir_level)r->level;
}

bool ir_finding_wanted(const struct ir_reduce *d, uint32_t rule)
{
    const struct ir_scan_options *o = &d->s->o;
    const struct ir_rule_info *r = &d->s->rules->rule[rule]->info;
    const enum ir_level level = rule_level(r);
    if (level < o->min_level && !(level + 1 == o->min_level && ir_rules_has_critical(d->s->rules)))
        return false;
    return rule_named(r, o->only_rules);
}

/* One of the entities that were asked for is the group's, or what the finding's records have in
 * common: all that is printed. */
static bool entity_wanted(const struct ir_reduce *d, const struct ir_group_state *g,
                          const struct ir_finding_state *f)
{
    const char *const *want = d->s->o.only_entity;
    if (want == NULL || *want == NULL) return true;
    for (; *want != NULL; want++) {
        struct ir_str rest = g->key, name, value;
        for (uint32_t i = 0; key_part(d, g, i, &rest, &name, &value); i++)
            if (value.p != NULL && entity_fits(*want, name, value)) return true;
        for (uint32_t k = 0; f != NULL && k < IR_COMMON_FIELDS; k++)
            if (ir_common_get(f->common, d->s->names, k, &name, &value) &&
                entity_fits(*want, name, value))
                return true;
    }
    return false;
}

static bool names_host(struct ir_str name)
{
    return ir_str_eq(name, IR_S("host.name")) || ir_str_eq(name, IR_S("destination.ip")) ||
           ir_str_eq(name, IR_S("destination.domain"));
}

/* The first host of the finding that is critical, in f->critical. */
static void find_critical(const struct ir_reduce *d, const struct ir_group_state *g,
                          struct ir_finding_state *f)
{
    struct ir_str rest = g->key, name, value;
    for (uint32_t i = 0; f->critical.n == 0 && key_part(d, g, i, &rest, &name, &value); i++)
        if (names_host(name) && ir_host_is_critical(d->s->rules, value)) f->critical = value;
    for (uint32_t k = 0; f->critical.n == 0 && k < IR_COMMON_FIELDS; k++)
        if (ir_common_get(f->common, d->s->names, k, &name, &value) && names_host(name) &&
            ir_host_is_critical(d->s->rules, value))
            f->critical = value;
}

static void set_level(const struct ir_reduce *d, struct ir_finding_state *f)
{
    const struct ir_group_state *g = &d->group[f->group];
    f->level = rule_level(&d->s->rules->rule[g->rule]->info);
    if (f->level == IR_LEVEL_CRITICAL || !ir_rules_has_critical(d->s->rules)) return;
    find_critical(d, g, f);
    if (f->critical.n > 0) f->level++;
}

/* Only now it is known what the records of correlations have in common, and on which host. */
static void drop_unwanted(struct ir_reduce *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->nfindings; i++) {
        struct ir_finding_state *f = &d->finding[i];
        const struct ir_group_state *g = &d->group[f->group];
        set_level(d, f);
        if (f->level < d->s->o.min_level || (g->kind == IR_RUN_CORR && !entity_wanted(d, g, f)))
            ir_finding_free(f);
        else
            d->finding[n++] = *f;
    }
    d->nfindings = n;
}

bool ir_scan_knows_entity(const struct ir_scan *s, struct ir_str name)
{
    for (const uint32_t *id = ir_entity_fields; *id != 0; id++)
        if (ir_str_ieq(name, ir_names_text(s->names, *id))) return true;
    for (size_t i = 0; i < ir_rules_count(s->rules); i++) {
        const struct ir_corr *c = s->rules->rule[i]->corr;
        for (uint32_t g = 0; c != NULL && g < c->ngroup; g++)
            if (ir_str_ieq(name, c->group_by[g])) return true;
    }
    return false;
}

struct timed_place {
    int64_t time;
    struct ir_place p;
};

static int cmp_timed(const void *a, const void *b)
{
    const struct timed_place *x = a, *y = b;
    if (x->p.has_time != y->p.has_time) return x->p.has_time ? -1 : 1;
    if (x->p.has_time && x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->p.input != y->p.input) return x->p.input < y->p.input ? -1 : 1;
    return x->p.offset < y->p.offset ? -1 : x->p.offset > y->p.offset;
}

static bool from_group(struct ir_reduce *d, uint32_t i)
{
    struct ir_group_state *g = &d->group[i];
    struct ir_finding_state *f = ir_finding_add(d);
    struct timed_place *t = malloc((g->n + 1) * sizeof *t);
    if (f != NULL) f->place = malloc((g->n + 1) * sizeof *f->place);
    bool ok = f != NULL && t != NULL && f->place != NULL;
    if (ok) {
        f->group = i;
        f->count = g->count;
        f->has_time = g->has_time;
        f->first = g->first;
        f->last = g->last;
        f->nplaces = g->n;
        for (uint32_t k = 0; k < g->n; k++)
            t[k] = (struct timed_place){g->ev[k].time, g->place[k]};
        qsort(t, g->n, sizeof *t, cmp_timed);
        for (uint32_t k = 0; k < g->n; k++)
            f->place[k] = t[k].p;
        free(g->ev); /* the finding has them now */
        free(g->place);
        g->ev = NULL;
        g->place = NULL;
        g->n = g->cap = 0;
    }
    free(t);
    return ok;
}

struct order {
    const struct ir_reduce *d;
    uint32_t rule;
    struct ir_finding_state f;
};

static int cmp_finding(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    if (x->f.has_time != y->f.has_time) return x->f.has_time ? -1 : 1;
    if (x->f.has_time && x->f.first != y->f.first) return x->f.first < y->f.first ? -1 : 1;
    const struct ir_place *p = x->f.place, *q = y->f.place;
    if (p->input != q->input) return p->input < q->input ? -1 : 1;
    if (p->offset != q->offset) return p->offset < q->offset ? -1 : 1;
    if (x->rule != y->rule) return x->rule < y->rule ? -1 : 1;
    return ir_str_cmp(x->d->group[x->f.group].key, y->d->group[y->f.group].key);
}

static bool sort_findings(struct ir_reduce *d)
{
    struct order *o = malloc((d->nfindings + 1) * sizeof *o);
    if (o == NULL) return false;
    for (size_t i = 0; i < d->nfindings; i++)
        o[i] = (struct order){d, d->group[d->finding[i].group].rule, d->finding[i]};
    qsort(o, d->nfindings, sizeof *o, cmp_finding);
    for (size_t i = 0; i < d->nfindings; i++)
        d->finding[i] = o[i].f;
    free(o);
    return true;
}

int ir_findings_make(struct ir_reduce *d, struct ir_err *err)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < d->ngroups; i++)
        if (d->group[i].kind == IR_RUN_RULE && d->group[i].n > 0 &&
            ir_finding_wanted(d, d->group[i].rule) && entity_wanted(d, &d->group[i], NULL))
            ok = from_group(d, i);
    if (ok) ok = sort_findings(d) && ir_findings_fetch(d);
    if (ok) drop_unwanted(d);
    return ok ? IR_OK : ir_fail(err, IR_FATAL, "out of memory while making findings");
}
