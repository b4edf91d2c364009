/*
 * A first look at all findings, for documents. See gather.h.
 *
 * Values are an attacker's: he can make as many entities as he likes. Beyond the limit new ones are
 * only counted; those that came before go on.
 */
#include "report/gather.h"

#include <stdlib.h>

#include "report/words.h"

#define ARENA_MAX ((size_t)128 << 20)
#define VALUE_MAX 512u /* bytes of a value that tell it from others, and that are shown */

static void *room(void *p, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap) return p;
    uint32_t more = *cap > 0 ? *cap * 2 : 64;
    void *q = realloc(p, more * size);
    if (q == NULL) return NULL;
    *cap = more;
    return q;
}

/* One that is not known counts as the lowest. */
static enum ir_level level_of(const struct ir_finding *f)
{
    return (unsigned)f->level < IR_LEVEL_MAX ? f->level : IR_LEVEL_INFORMATIONAL;
}

static void widen(bool *has_time, int64_t *from, int64_t *to, const struct ir_finding *f)
{
    if (!f->has_time) return;
    if (!*has_time || f->first_seen < *from) *from = f->first_seen;
    if (!*has_time || f->last_seen > *to) *to = f->last_seen;
    *has_time = true;
}

/* Text of a rule as one paragraph: its lines are those of the YAML file. */
static struct ir_str paragraph(struct ir_gather *g, struct ir_str text)
{
    while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
        text.n--;
    char *p = ir_arena_alloc(&g->arena, text.n);
    for (size_t i = 0; p != NULL && i < text.n; i++)
        p[i] = text.p[i] == '\n' ? ' ' : text.p[i];
    return ir_str_n(p, p != NULL ? text.n : 0);
}

static struct ir_str of_reader(const struct ir_gather *g, struct ir_str l10n, struct ir_str english)
{
    return g->for_people && l10n.n > 0 ? l10n : english;
}

static bool new_rule(struct ir_gather *g, const struct ir_finding *f)
{
    struct ir_gather_rule *p = room(g->rule, g->nrules, &g->caprules, sizeof *p);
    if (p == NULL) return false;
    g->rule = p;
    struct ir_str *tags = ir_arena_alloc(&g->arena, f->ntags * sizeof *tags);
    for (size_t i = 0; tags != NULL && i < f->ntags; i++)
        tags[i] = ir_arena_dup(&g->arena, f->tags[i]);
    p[g->nrules++] =
        (struct ir_gather_rule){.id = ir_arena_dup(&g->arena, f->rule_id),
                                .title = paragraph(g, of_reader(g, f->title_l10n, f->title)),
                                .next = paragraph(g, of_reader(g, f->next_l10n, f->next)),
                                .about = paragraph(g, of_reader(g, f->about_l10n, f->about)),
                                .tags = tags,
                                .ntags = tags != NULL ? f->ntags : 0,
                                .level = level_of(f)};
    return true;
}

static bool add_rule(struct ir_gather *g, const struct ir_finding *f, uint32_t number)
{
    struct ir_buf key = IR_BUF((size_t)1 << 22);
    bool fresh = false;
    ir_buf_chr(&key, (char)level_of(f));
    ir_buf_fmt(&key, "%zu:", f->rule_id.n);
    ir_buf_str(&key, f->rule_id);
    ir_buf_str(&key, f->title);
    uint32_t *at = ir_map_put(&g->by_rule, ir_buf_view(&key), &fresh);
    ir_buf_free(&key);
    if (at == NULL) return false;
    if (fresh) *at = g->nrules;
    if (fresh && !new_rule(g, f)) return false;
    struct ir_gather_rule *r = &g->rule[*at];
    r->n++;
    r->count += f->count;
    widen(&r->has_time, &r->from, &r->to, f);
    g->of[number] = *at;
    return true;
}

static bool entity_key(struct ir_buf *key, const struct ir_entity *e)
{
    ir_buf_clear(key);
    ir_buf_str(key, ir_str_z(e->name));
    ir_buf_chr(key, '\0');
    ir_buf_str(key, ir_str_head(e->value, VALUE_MAX));
    return !key->full;
}

static void add_link(struct ir_gather_entity *e, uint32_t number, enum ir_level level)
{
    uint32_t at = e->nlinks;
    if (at < IR_GATHER_LINKS) {
        e->nlinks++;
    } else { /* in the place of the last one that is less bad */
        while (at > 0 && e->link_level[at - 1] >= level)
            at--;
        if (at-- == 0) return;
    }
    e->link[at] = number;
    e->link_level[at] = level;
}

static bool add_entity(struct ir_gather *g, struct ir_buf *key, const struct ir_entity *e,
                       const struct ir_finding *f, uint32_t number)
{
    bool fresh = false;
    if (!entity_key(key, e)) return true;
    if (g->nentities >= IR_GATHER_ENTITIES_MAX &&
        ir_map_find(&g->by_entity, ir_buf_view(key)) == UINT32_MAX) {
        g->left_out++;
        return true;
    }
    uint32_t *at = ir_map_put(&g->by_entity, ir_buf_view(key), &fresh);
    if (at == NULL) return false;
    if (fresh) {
        struct ir_gather_entity *p = room(g->entity, g->nentities, &g->capentities, sizeof *p);
        if (p == NULL) return false;
        g->entity = p;
        struct ir_str name = ir_arena_dup(&g->arena, ir_str_z(e->name));
        struct ir_str value = ir_arena_dup(&g->arena, ir_str_head(e->value, VALUE_MAX));
        if (name.p == NULL || value.p == NULL) return false;
        p[g->nentities] =
            (struct ir_gather_entity){.name = name.p, .value = value, .number = IR_NO_ENTITY};
        *at = g->nentities++;
    }
    struct ir_gather_entity *x = &g->entity[*at];
    x->findings++;
    x->count += f->count;
    if (level_of(f) > x->level) x->level = level_of(f);
    widen(&x->has_time, &x->from, &x->to, f);
    add_link(x, number, level_of(f));
    return true;
}

struct ranked {
    int level;
    uint64_t weight;
    int64_t time;
    uint32_t number;
};

static int cmp_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->level != y->level) return x->level > y->level ? -1 : 1;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static uint32_t *sorted(struct ranked *r, uint32_t n)
{
    uint32_t *out = malloc((n + 1) * sizeof *out);
    if (r == NULL || out == NULL) {
        free(out);
        return NULL;
    }
    qsort(r, n, sizeof *r, cmp_ranked);
    for (uint32_t i = 0; i < n; i++)
        out[i] = r[i].number;
    return out;
}

/* Links were kept by how bad they are; they are read by number. */
static void sort_links(struct ir_gather_entity *e)
{
    for (uint32_t i = 1; i < e->nlinks; i++) {
        uint32_t link = e->link[i], k = i;
        for (; k > 0 && e->link[k - 1] > link; k--)
            e->link[k] = e->link[k - 1];
        e->link[k] = link;
    }
}

static bool rank(struct ir_gather *g)
{
    struct ranked *r = malloc((g->nrules + 1) * sizeof *r);
    for (uint32_t i = 0; r != NULL && i < g->nrules; i++)
        r[i] = (struct ranked){(int)g->rule[i].level, 0,
                               g->rule[i].has_time ? g->rule[i].from : INT64_MAX, i};
    g->rank = sorted(r, g->nrules);
    free(r);
    struct ranked *e = malloc((g->nentities + 1) * sizeof *e);
    for (uint32_t i = 0; i < g->nentities; i++)
        sort_links(&g->entity[i]);
    for (uint32_t i = 0; e != NULL && i < g->nentities; i++)
        e[i] = (struct ranked){(int)g->entity[i].level, g->entity[i].findings,
                               g->entity[i].has_time ? g->entity[i].from : INT64_MAX, i};
    g->by_weight = sorted(e, g->nentities);
    free(e);
    if (g->rank == NULL || g->by_weight == NULL) return false;
    uint32_t at = 0;
    for (uint32_t i = 0; i < g->nrules; i++) {
        g->rule[g->rank[i]].first = at;
        at += g->rule[g->rank[i]].n;
        g->rule[g->rank[i]].n = 0; /* counted anew below */
    }
    for (uint32_t i = 0; i < g->d->nfindings; i++) {
        struct ir_gather_rule *x = &g->rule[g->of[i]];
        g->order[x->first + x->n++] = i;
    }
    return true;
}

enum ir_level ir_gather_floor(const struct ir_gather *g)
{
    return g->worst != IR_LEVEL_MAX && g->worst >= IR_LEVEL_MEDIUM ? IR_LEVEL_MEDIUM
                                                                   : IR_LEVEL_INFORMATIONAL;
}

/* When it began and ended, by the findings that count. */
static void find_period(struct ir_gather *g)
{
    for (uint32_t i = 0; i < g->nrules; i++)
        if (g->worst == IR_LEVEL_MAX || g->rule[i].level > g->worst) g->worst = g->rule[i].level;
    for (uint32_t i = 0; i < g->d->nfindings; i++) {
        struct ir_finding f;
        if (g->rule[g->of[i]].level < ir_gather_floor(g)) continue;
        g->d->finding(g->d->user, i, &f);
        if (f.has_time && (!g->has_time || f.first_seen < g->from)) g->first = i;
        widen(&g->has_time, &g->from, &g->to, &f);
    }
}

static bool repeated(const struct ir_finding *f, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(f->entity[i].name, f->entity[at].name) == 0 &&
            ir_str_eq(f->entity[i].value, f->entity[at].value))
            return true;
    return false;
}

bool ir_gather_init(struct ir_gather *g, const struct ir_document *d, bool for_people)
{
    struct ir_buf key = IR_BUF((size_t)1 << 16);
    *g = (struct ir_gather){
        .d = d, .for_people = for_people, .arena = IR_ARENA(ARENA_MAX), .worst = IR_LEVEL_MAX};
    g->of = calloc(d->nfindings + 1, sizeof *g->of);
    g->order = calloc(d->nfindings + 1, sizeof *g->order);
    bool fine = g->of != NULL && g->order != NULL && d->nfindings < UINT32_MAX;
    for (uint32_t i = 0; fine && i < d->nfindings; i++) {
        struct ir_finding f;
        d->finding(d->user, i, &f);
        fine = add_rule(g, &f, i);
        size_t at = 0;
        for (const struct ir_entity *e; fine && (e = ir_involved(&f, &at)) != NULL;)
            fine = repeated(&f, at - 1) || add_entity(g, &key, e, &f, i);
        if (f.has_time) ir_hist_add(&g->level[level_of(&f)], f.time, 1);
    }
    ir_buf_free(&key);
    if (!fine || !rank(g)) return false;
    find_period(g);
    return true;
}

void ir_gather_free(struct ir_gather *g)
{
    ir_map_free(&g->by_rule);
    ir_map_free(&g->by_entity);
    ir_arena_free(&g->arena);
    for (size_t i = 0; i < IR_LEVEL_MAX; i++)
        ir_hist_free(&g->level[i]);
    free(g->rule);
    free(g->rank);
    free(g->of);
    free(g->order);
    free(g->entity);
    free(g->by_weight);
    *g = (struct ir_gather){0};
}

uint32_t ir_gather_find(const struct ir_gather *g, const struct ir_entity *e)
{
    struct ir_buf key = IR_BUF((size_t)1 << 16);
    uint32_t at = entity_key(&key, e) ? ir_map_find(&g->by_entity, ir_buf_view(&key)) : UINT32_MAX;
    ir_buf_free(&key);
    return at == UINT32_MAX ? IR_NO_ENTITY : g->by_entity.items[at].value;
}

uint64_t ir_gather_usable(const struct ir_summary *s)
{
    uint64_t idle = s->rules_no_log_source + s->rules_field_never_seen + s->rules_waiting;
    return s->rules_loaded > idle ? s->rules_loaded - idle : 0;
}

uint64_t ir_gather_records(const struct ir_summary *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->nrecords; i++)
        n += s->records[i].n;
    return n;
}
