/*
 * What becomes of a pattern's groups: fields, types, values that mean something, given fields, log
 * sources, time. A key of the pattern's own entry goes before the same key of the whole format.
 */
#include "base/intl.h"
#include "format/described_int.h"

#define NAME_MAX_BYTES 128u
#define NEAR_MIN       6u /* shorter names are near to everything */

static const struct {
    const char *word;
    enum ir_described_type type;
} types[] = {{"text", IR_DESCRIBED_TEXT},
             {"int", IR_DESCRIBED_INT},
             {"number", IR_DESCRIBED_NUMBER},
             {"ip", IR_DESCRIBED_IP},
             {"port", IR_DESCRIBED_PORT}};

/* ---- names of fields */

/* Without what people confuse: case, and the signs between words. */
static size_t plain_name(struct ir_str s, char out[NAME_MAX_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < NAME_MAX_BYTES; i++)
        if (ir_isalnum(s.p[i])) out[n++] = ir_lower(s.p[i]);
    return n;
}

/* One letter too many, too few, or another one. */
static bool one_slip(const char *a, size_t na, const char *b, size_t nb)
{
    size_t from = 0, end = 0;
    if (na > nb + 1 || nb > na + 1) return false;
    while (from < na && from < nb && a[from] == b[from])
        from++;
    while (end < na - from && end < nb - from && a[na - 1 - end] == b[nb - 1 - end])
        end++;
    return na - from - end <= 1 && nb - from - end <= 1;
}

/* The ECS name that was probably meant, or empty. */
static struct ir_str near_name(const struct ir_names *names, struct ir_str s)
{
    char mine[NAME_MAX_BYTES], other[NAME_MAX_BYTES];
    const size_t n = plain_name(s, mine);
    for (uint32_t i = 1; i < IR_F_STATIC_MAX && n >= NEAR_MIN; i++) {
        struct ir_str known = ir_names_text(names, i);
        if (ir_str_chr(known, '.') == IR_NPOS) continue;
        const size_t m = plain_name(known, other);
        if (one_slip(mine, n, other, m)) return known;
    }
    return ir_str_n("", 0);
}

static bool good_name(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == 0x7f) return false;
    return s.n > 0 && s.n < NAME_MAX_BYTES;
}

/* The name's place in the format's table; UINT32_MAX: refused. */
static uint32_t name_of(struct ir_described_loader *l, const struct ir_yaml *at, struct ir_str s)
{
    struct ir_described *d = l->d;
    for (uint32_t i = 0; i < d->nnames; i++)
        if (ir_str_eq(d->names[i], s)) return i;
    if (!good_name(s) || d->nnames == IR_DESCRIBED_NAMES_MAX) {
        ir_described_error(l, at,
                           d->nnames == IR_DESCRIBED_NAMES_MAX
                               ? N_("too many different fields")
                               : N_("not a field name: no blanks, at most 127 bytes"));
        return UINT32_MAX;
    }
    if (ir_names_find(l->set->names, s) == IR_F_NONE) {
        struct ir_str near = near_name(l->set->names, s);
        if (near.n > 0)
            ir_described_warn(l, at, "field %.*s: is %.*s meant?", IR_FMT(s), IR_FMT(near));
    }
    d->names[d->nnames] = s;
    return d->nnames++;
}

/* ---- what is given */

static const struct ir_described_const *read_consts(struct ir_described_loader *l,
                                                    const struct ir_yaml *map,
                                                    const struct ir_described_const *more,
                                                    const struct ir_yaml *instead)
{
    if (map != NULL && map->kind != IR_YAML_MAP) {
        ir_described_error(l, map, "fields and their values are wanted: event.outcome: failure");
        return more;
    }
    for (const struct ir_yaml *k = map != NULL ? map->kids : NULL; k != NULL; k = k->next) {
        if (instead != NULL && ir_yaml_get(instead, k->key.p) != NULL) continue;
        struct ir_described_const *c = ir_arena_zalloc(&l->set->arena, sizeof *c);
        if (k->kind != IR_YAML_SCALAR || c == NULL) {
            ir_described_error(l, k, "a given field has one text");
            continue;
        }
        c->name = name_of(l, k, k->key);
        c->text = k->text;
        c->next = more;
        if (c->name != UINT32_MAX) more = c;
    }
    return more;
}

static const struct ir_described_value *read_values(struct ir_described_loader *l,
                                                    const struct ir_yaml *map)
{
    const struct ir_described_value *first = NULL, **tail = &first;
    if (map == NULL) return NULL;
    if (map->kind != IR_YAML_MAP) {
        ir_described_error(l, map, "values: for each group, its texts and the fields they mean");
        return NULL;
    }
    for (const struct ir_yaml *k = map->kids; k != NULL; k = k->next) {
        struct ir_described_value *v = ir_arena_zalloc(&l->set->arena, sizeof *v);
        if (v == NULL) break;
        v->text = k->key;
        v->consts = read_consts(l, k, NULL, NULL);
        *tail = v;
        tail = &v->next;
    }
    return first;
}

/* ---- groups */

/* "NAME", [NAME, …] or {name: …, type: …} */
static void read_names(struct ir_described_loader *l, const struct ir_yaml *at,
                       struct ir_described_group *g)
{
    uint32_t n = 0;
    for (const struct ir_yaml *k = at->kids; k != NULL; k = k->next)
        n++;
    g->names = ir_arena_alloc(&l->set->arena, (n + 1) * sizeof *g->names);
    if (g->names == NULL || at->kind == IR_YAML_MAP) {
        ir_described_error(l, at, "a field name or a list of them is wanted");
        return;
    }
    const struct ir_yaml *one = at->kind == IR_YAML_LIST ? at->kids : at;
    for (; one != NULL; one = at->kind == IR_YAML_LIST ? one->next : NULL) {
        uint32_t name = one->kind == IR_YAML_SCALAR ? name_of(l, one, one->text) : UINT32_MAX;
        if (one->kind != IR_YAML_SCALAR) ir_described_error(l, one, "a field name is wanted");
        if (name != UINT32_MAX) g->names[g->nnames++] = name;
    }
}

static void read_type(struct ir_described_loader *l, const struct ir_yaml *at,
                      struct ir_described_group *g)
{
    for (size_t i = 0; at->kind == IR_YAML_SCALAR && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].word, at->text.p) != 0) continue;
        g->type = types[i].type;
        return;
    }
    ir_described_error(l, at, "type: use one of text, int, number, ip, port");
}

static void read_group(struct ir_described_loader *l, const struct ir_yaml *at, uint32_t line,
                       const char *name, struct ir_described_group *g)
{
    static const char *const keys[] = {"name", "type", NULL};
    const struct ir_yaml *names = at, *type = NULL;
    struct ir_yaml self = {.kind = IR_YAML_SCALAR, .line = line, .text = ir_str_z(name)};
    if (at != NULL && at->kind == IR_YAML_MAP) {
        ir_described_keys(l, at, keys);
        names = ir_yaml_get(at, "name");
        type = ir_yaml_get(at, "type");
    }
    if (type != NULL) read_type(l, type, g);
    read_names(l, names != NULL ? names : &self, g);
}

static const struct ir_yaml *own_or_all(struct ir_described_loader *l, const struct ir_yaml *own,
                                        const char *section, const char *key)
{
    const struct ir_yaml *k = ir_yaml_get(ir_yaml_get(own, section), key);
    return k != NULL ? k : ir_yaml_get(ir_yaml_get(l->root, section), key);
}

static bool is_time(const struct ir_described_pattern *p, uint32_t number)
{
    for (uint32_t i = 0; i < p->ntime; i++)
        if (p->time[i] == number) return true;
    return false;
}

static void read_groups(struct ir_described_loader *l, const struct ir_yaml *own,
                        const struct ir_yaml *at, struct ir_described_pattern *p)
{
    uint32_t count = 0, size = 0;
    const unsigned char *table = NULL;
    pcre2_pattern_info(p->re.code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(p->re.code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(p->re.code, PCRE2_INFO_NAMETABLE, &table);
    p->group = ir_arena_zalloc(&l->set->arena, (count + 1) * sizeof *p->group);
    if (count > IR_DESCRIBED_GROUPS_MAX || p->group == NULL) {
        ir_described_error(l, at, "more than %u groups in one pattern", IR_DESCRIBED_GROUPS_MAX);
        return;
    }
    for (uint32_t number = 1; number <= p->re.groups; number++)
        for (uint32_t i = 0; i < count; i++) {
            const unsigned char *e = table + (size_t)i * size;
            if ((uint32_t)(e[0] << 8 | e[1]) != number) continue;
            const char *name = ir_arena_dup(&l->set->arena, ir_str_z((const char *)e + 2)).p;
            const struct ir_yaml *field = own_or_all(l, own, "fields", name);
            if (field == NULL && is_time(p, number)) continue;
            struct ir_described_group *g = &p->group[p->ngroups++];
            g->number = number;
            read_group(l, field, at->line, name, g);
            g->values = read_values(l, own_or_all(l, own, "values", name));
        }
}

/* ---- time and log sources */

static void read_time(struct ir_described_loader *l, const struct ir_yaml *own,
                      const struct ir_yaml *at, struct ir_described_pattern *p)
{
    static const char *const keys[] = {"group", "layout", "zone", NULL};
    const struct ir_yaml *time = ir_yaml_get(own, "time");
    struct ir_err err = {0};
    if (time == NULL) time = ir_yaml_get(l->root, "time");
    if (time == NULL || time->kind != IR_YAML_MAP) {
        if (time != NULL)
            ir_described_error(l, time, "time: group, layout and zone are wanted");
        else
            ir_described_warn(l, at, "no time: the records of this pattern have none");
        return;
    }
    ir_described_keys(l, time, keys);
    if (ir_layout_compile(ir_yaml_text(time, "layout"), ir_yaml_text(time, "zone"), &p->layout,
                          &err) != IR_OK)
        ir_described_error(l, time, "%s", err.msg);
    const struct ir_yaml self = {.kind = IR_YAML_SCALAR, .text = IR_S("time")};
    const struct ir_yaml *group = ir_yaml_get(time, "group");
    if (group == NULL) group = &self;
    const struct ir_yaml *one = group->kind == IR_YAML_LIST ? group->kids : group;
    for (; one != NULL; one = group->kind == IR_YAML_LIST ? one->next : NULL) {
        int number = one->kind == IR_YAML_SCALAR
                         ? pcre2_substring_number_from_name(p->re.code, (PCRE2_SPTR)one->text.p)
                         : 0;
        if (number > 0 && p->ntime < IR_DESCRIBED_TIME_MAX)
            p->time[p->ntime++] = (uint32_t)number;
        else
            ir_described_error(l, at, "time: the pattern has no group (?<%.40s>…)",
                               one->kind == IR_YAML_SCALAR ? one->text.p : "?");
    }
}

static void read_source(struct ir_described_loader *l, const struct ir_yaml *at,
                        struct ir_described_pattern *p)
{
    static const char *const keys[] = {"category", "product", "service", "definition", NULL};
    bool known;
    char text[256];
    if (at->kind != IR_YAML_MAP) {
        ir_described_error(l, at, "logsource: category, product and service are wanted");
        return;
    }
    ir_described_keys(l, at, keys);
    struct ir_logsource ls = {ir_yaml_text(at, "category"), ir_yaml_text(at, "product"),
                              ir_yaml_text(at, "service")};
    ir_logsource_text(ls, text, sizeof text);
    if (ls.category.n + ls.product.n + ls.service.n == 0) {
        ir_described_error(l, at, "logsource: category, product or service is wanted");
        return;
    }
    uint16_t id = ir_described_source(l->set, ls, &known);
    if (id == 0 || p->nsources == IR_VIEW_SOURCES_MAX) {
        ir_described_error(l, at, "too many log sources");
        return;
    }
    if (!known)
        ir_described_warn(l, at,
                          "logsource: %s is not in the taxonomy: only rules that you write "
                          "for it will see these records",
                          text);
    p->sources[p->nsources++] = id;
}

static void read_sources(struct ir_described_loader *l, const struct ir_yaml *own,
                         const struct ir_yaml *at, struct ir_described_pattern *p)
{
    const struct ir_yaml *ls = ir_yaml_get(own, "logsource");
    if (ls == NULL) ls = ir_yaml_get(l->root, "logsource");
    if (ls == NULL) {
        ir_described_warn(l, at, "no logsource: no rule looks at the records of this pattern");
        return;
    }
    if (ls->kind != IR_YAML_LIST) read_source(l, ls, p);
    for (const struct ir_yaml *k = ls->kids; ls->kind == IR_YAML_LIST && k != NULL; k = k->next)
        read_source(l, k, p);
}

void ir_described_fields(struct ir_described_loader *l, const struct ir_yaml *own,
                         const struct ir_yaml *at, struct ir_described_pattern *p)
{
    const struct ir_yaml *set = ir_yaml_get(own, "set");
    read_time(l, own, at, p);
    read_groups(l, own, at, p);
    p->consts = read_consts(l, set, NULL, NULL);
    p->consts = read_consts(l, ir_yaml_get(l->root, "set"), p->consts, set);
    read_sources(l, own, at, p);
}

/* A key that no pattern (of from..to) has as a group: a slip that would be silence. */
static void strangers(struct ir_described_loader *l, const struct ir_yaml *map, const char *section,
                      uint32_t from, uint32_t to)
{
    if (map != NULL && map->kind != IR_YAML_MAP) {
        ir_described_error(l, map, "%s: groups of the pattern are wanted as keys", section);
        return;
    }
    for (const struct ir_yaml *k = map != NULL ? map->kids : NULL; k != NULL; k = k->next) {
        bool found = false;
        for (uint32_t i = from; i < to; i++)
            found |= pcre2_substring_number_from_name(l->d->pattern[i].re.code,
                                                      (PCRE2_SPTR)k->key.p) > 0;
        if (!found)
            ir_described_error(l, k, "%s: no pattern here has a group (?<%.40s>…)", section,
                               k->key.p);
    }
}

void ir_described_strangers(struct ir_described_loader *l)
{
    static const char *const sections[] = {"fields", "values"};
    const struct ir_yaml *list = ir_yaml_get(l->root, "patterns");
    for (size_t s = 0; s < 2 && !l->bad; s++) {
        const struct ir_yaml *one = list != NULL ? list->kids : NULL;
        strangers(l, ir_yaml_get(l->root, sections[s]), sections[s], 0, l->d->npatterns);
        for (uint32_t i = 0; one != NULL && i < l->d->npatterns; one = one->next, i++)
            strangers(l, ir_yaml_get(one, sections[s]), sections[s], i, i + 1);
    }
}
