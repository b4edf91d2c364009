/*
 * Settings, one YAML map: see settings.h and rules/settings.yml. What is given twice counts as
 * given last: who reads several files reads the one that shall win at the end.
 *
 * A key that is none of ours is a placeholder's name. Beside a map `placeholders` it is a slip
 * instead, and a warning: a setting that does nothing must not look as if it did.
 */
#include "rules/settings.h"

#include <stdlib.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "rules/set.h"

#define PATTERNS_MAX 10000u

struct reading {
    struct ir_rules *rs;
    const char *path;
    struct ir_err *err;
};

static int wrong(struct reading *r, const struct ir_yaml *n, const char *what)
{
    if (r->err != NULL) r->err->line = n->line;
    if (n->kind == IR_YAML_SCALAR && n->text.n > 0)
        return ir_fail(r->err, IR_BAD, "%-s: '%.*s'", what, IR_FMT(ir_str_head(n->text, 60)));
    return ir_fail(r->err, IR_BAD, "%s", what);
}

/* Calls take for a scalar, or for each of a list of scalars. */
static int each_text(struct reading *r, const struct ir_yaml *n, const char *what,
                     int (*take)(struct reading *r, const struct ir_yaml *n))
{
    const struct ir_yaml *k = n->kind == IR_YAML_LIST ? n->kids : n;
    int rc = IR_OK;
    for (; rc == IR_OK && k != NULL; k = n->kind == IR_YAML_LIST ? k->next : NULL)
        rc = k->kind != IR_YAML_SCALAR || k->text.n == 0 ? wrong(r, k, what) : take(r, k);
    return rc;
}

static int put_placeholder(struct reading *r, struct ir_yaml *n)
{
    struct ir_rules *rs = r->rs;
    uint32_t *at = ir_map_put(&rs->placeholders, n->key, NULL);
    struct ir_yaml **vals = realloc(rs->placeholder_values, (rs->nplaceholders + 1) * sizeof *vals);
    if (vals != NULL) rs->placeholder_values = vals;
    if (at == NULL || vals == NULL) return ir_fail(r->err, IR_FATAL, "out of memory");
    *at = (uint32_t)rs->nplaceholders;
    rs->placeholder_values[rs->nplaceholders++] = n;
    return IR_OK;
}

static int take_network(struct reading *r, const struct ir_yaml *n)
{
    struct ir_cidr c;
    return ir_cidr_parse(n->text, &c) ? IR_OK : wrong(r, n, N_("not a network"));
}

static int own_networks(struct reading *r, struct ir_yaml *n)
{
    int rc = each_text(r, n, N_("own_networks must be a list of networks"), take_network);
    return rc == IR_OK ? put_placeholder(r, n) : rc;
}

static int take_host(struct reading *r, const struct ir_yaml *n)
{
    struct ir_settings *s = &r->rs->settings;
    struct ir_glob g;
    if (s->ncritical == PATTERNS_MAX) return wrong(r, n, N_("too many critical hosts"));
    if (!ir_glob_parse(&r->rs->arena, n->text, false, &g) ||
        !ir_pattern_make(&r->rs->arena, &g, false, &s->critical[s->ncritical++]))
        return ir_fail(r->err, IR_FATAL, "out of memory");
    return IR_OK;
}

static int critical_hosts(struct reading *r, struct ir_yaml *n)
{
    struct ir_settings *s = &r->rs->settings;
    const size_t most = n->weight < PATTERNS_MAX ? n->weight : PATTERNS_MAX;
    s->ncritical = 0;
    s->critical = ir_arena_alloc(&r->rs->arena, most * sizeof *s->critical);
    if (s->critical == NULL) return ir_fail(r->err, IR_FATAL, "out of memory");
    int rc = each_text(r, n, N_("critical_hosts must be a list of names"), take_host);
    return rc == IR_OK ? put_placeholder(r, n) : rc;
}

static int take_day(struct reading *r, const struct ir_yaml *n)
{
    int day = ir_weekday_from_name(n->text);
    if (day < 0) return wrong(r, n, N_("not a day of the week (mon … sun)"));
    r->rs->settings.hours.days |= (uint8_t)(1u << day);
    return IR_OK;
}

static int take_span(struct reading *r, const struct ir_yaml *n)
{
    return ir_hours_add_span(&r->rs->settings.hours, n->text)
               ? IR_OK
               : wrong(r, n, N_("not hours like 08:30-17:30, or too many of them"));
}

static int take_holiday(struct reading *r, const struct ir_yaml *n)
{
    return ir_hours_add_holiday(&r->rs->settings.hours, n->text)
               ? IR_OK
               : wrong(r, n, N_("not a day like 2026-12-29 or 12-29, or too many of them"));
}

static int working_hours(struct reading *r, struct ir_yaml *n)
{
    struct ir_settings *s = &r->rs->settings;
    int rc = IR_OK;
    s->hours = ir_hours_usual();
    if (n->kind != IR_YAML_MAP)
        return wrong(r, n, N_("working_hours must be a map with days, hours, holidays and zone"));
    for (struct ir_yaml *k = n->kids; rc == IR_OK && k != NULL; k = k->next) {
        if (ir_str_eq(k->key, IR_S("days"))) {
            s->hours.days = 0;
            rc = each_text(r, k, N_("days must be a list of days of the week"), take_day);
        } else if (ir_str_eq(k->key, IR_S("hours"))) {
            rc =
                each_text(r, k, N_("hours must be like 08:30-17:30, or a list of such"), take_span);
        } else if (ir_str_eq(k->key, IR_S("holidays"))) {
            rc = each_text(r, k, N_("holidays must be a list of dates"), take_holiday);
        } else if (ir_str_eq(k->key, IR_S("zone"))) {
            s->hours.has_zone = ir_zone_from_text(k->text, &s->hours.zone_s);
            if (!s->hours.has_zone) rc = wrong(r, k, N_("not a zone like +09:00, JST or UTC"));
        } else {
            rc = wrong(r, k, N_("working_hours has days, hours, holidays and zone only"));
        }
    }
    s->has_hours = rc == IR_OK;
    return rc;
}

static int take_country(struct reading *r, const struct ir_yaml *n)
{
    char code[3];
    return ir_country_code(n->text, code) ? IR_OK
                                          : wrong(r, n, N_("not a country of two letters (JP)"));
}

static int home_countries(struct reading *r, struct ir_yaml *n)
{
    int rc = each_text(r, n, N_("home_countries must be a list of countries"), take_country);
    return rc == IR_OK ? put_placeholder(r, n) : rc;
}

static int address_countries(struct reading *r, struct ir_yaml *n)
{
    struct ir_settings *s = &r->rs->settings;
    s->nnets = 0;
    if (n->kind != IR_YAML_MAP)
        return wrong(r, n, N_("address_countries must be a map of network to country"));
    s->net = ir_arena_alloc(&r->rs->arena, n->weight * sizeof *s->net);
    if (s->net == NULL) return ir_fail(r->err, IR_FATAL, "out of memory");
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next) {
        struct ir_geo_net *net = &s->net[s->nnets++];
        if (k->kind != IR_YAML_SCALAR || !ir_cidr_parse(k->key, &net->net))
            return wrong(r, k, N_("address_countries must be a map of network to country"));
        if (!ir_country_code(k->text, net->country))
            return wrong(r, k, N_("not a country of two letters (JP)"));
    }
    return IR_OK;
}

static int levels(struct reading *r, struct ir_yaml *n)
{
    struct ir_settings *s = &r->rs->settings;
    if (n->kind != IR_YAML_MAP) return wrong(r, n, N_("levels must be a map of rule id to level"));
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next) {
        struct ir_level_setting *l = ir_arena_zalloc(&r->rs->arena, sizeof *l);
        if (l == NULL) return ir_fail(r->err, IR_FATAL, "out of memory");
        *l = (struct ir_level_setting){k->key, ir_level_of(k->text), r->path, k->line, s->levels};
        if (k->kind != IR_YAML_SCALAR || l->level < 0)
            return wrong(r, k, N_("not a level (informational, low, medium, high, critical)"));
        s->levels = l;
    }
    return IR_OK;
}

static const struct section {
    const char *name;
    int (*read)(struct reading *r, struct ir_yaml *n);
} sections[] = {
    {"own_networks", own_networks},           {"critical_hosts", critical_hosts},
    {"working_hours", working_hours},         {"home_countries", home_countries},
    {"address_countries", address_countries}, {"levels", levels},
};

static const struct section *section_of(struct ir_str key)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (ir_str_eq(key, ir_str_z(sections[i].name))) return &sections[i];
    return NULL;
}

static int placeholders(struct reading *r, const struct ir_yaml *map)
{
    int rc = IR_OK;
    for (struct ir_yaml *k = map->kids; rc == IR_OK && k != NULL; k = k->next)
        rc = k->kind == IR_YAML_MAP ? wrong(r, k, N_("a placeholder's values must be a list"))
                                    : put_placeholder(r, k);
    return rc;
}

static int read_document(void *user, struct ir_yaml *root)
{
    struct reading *r = user;
    const bool all_named = ir_yaml_get(root, "placeholders") != NULL;
    int rc = IR_OK;
    if (root->kind != IR_YAML_MAP)
        return ir_yaml_is_null(root) ? IR_OK : wrong(r, root, N_("settings must be a map"));
    for (struct ir_yaml *k = root->kids; rc == IR_OK && k != NULL; k = k->next) {
        const struct section *s = section_of(k->key);
        const bool named = ir_str_eq(k->key, IR_S("placeholders"));
        if (ir_yaml_is_null(k)) continue; /* all below it is commented out */
        if (s != NULL)
            rc = s->read(r, k);
        else if (named && k->kind != IR_YAML_MAP)
            rc = wrong(r, k, N_("placeholders must be a map of name to values"));
        else if (named)
            rc = placeholders(r, k);
        else if (!all_named && k->kind != IR_YAML_MAP)
            rc = put_placeholder(r, k);
        else
            ir_rules_doubt(r->rs, r->path, k->line, "no such setting: '%.*s'",
                           IR_FMT(ir_str_head(k->key, 60)));
    }
    return rc;
}

int ir_rules_values(struct ir_rules *rs, const char *path, struct ir_str yaml, struct ir_err *err)
{
    struct ir_str copy = ir_arena_dup(&rs->arena, ir_str_z(path));
    struct reading r = {.rs = rs, .path = copy.p, .err = err};
    if (copy.p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    ir_err_at(err, path, -1, 0);
    return ir_yaml_each(&rs->arena, yaml, read_document, &r, err);
}

bool ir_settings_usual(struct ir_rules *rs)
{
    static const char yaml[] =
        "own_networks: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16,"
        " 127.0.0.0/8, '::1/128', 'fc00::/7', 'fe80::/10']";
    return ir_rules_values(rs, "built in", ir_str_z(yaml), NULL) == IR_OK;
}

bool ir_host_is_critical(const struct ir_rules *rs, struct ir_str host)
{
    const struct ir_settings *s = &rs->settings;
    char folded[3 * 256];
    struct ir_ip ip;
    if (host.n == 0 || host.n > 256) return false;
    const struct ir_str whole = ir_str_n(folded, ir_fold(host, folded));
    const size_t dot = ir_ip_parse(host, &ip) ? IR_NPOS : ir_str_chr(whole, '.');
    for (size_t i = 0; i < s->ncritical; i++)
        if (ir_pattern_match(&s->critical[i], whole) ||
            (dot != IR_NPOS && ir_pattern_match(&s->critical[i], ir_str_head(whole, dot))))
            return true;
    return false;
}

bool ir_rules_has_critical(const struct ir_rules *rs)
{
    return rs->settings.ncritical > 0;
}

static void apply_levels(struct ir_rules *rs)
{
    struct ir_level_setting *turned = NULL;
    while (rs->settings.levels != NULL) { /* in the order they were read: the last one wins */
        struct ir_level_setting *l = rs->settings.levels;
        rs->settings.levels = l->next;
        l->next = turned;
        turned = l;
    }
    rs->settings.levels = turned;
    for (const struct ir_level_setting *l = turned; l != NULL; l = l->next) {
        uint32_t at = ir_map_find(&rs->by_ref, l->rule);
        if (at != UINT32_MAX)
            rs->rule[rs->by_ref.items[at].value]->info.level = l->level;
        else
            ir_rules_doubt(rs, l->path, l->line, "a level for '%.*s', which is not loaded",
                           IR_FMT(ir_str_head(l->rule, 60)));
    }
}

static uint32_t asks_of_fields(const uint32_t *id)
{
    uint32_t asks = 0;
    for (; id != NULL && *id != 0; id++)
        asks |= ir_extra_of(*id);
    return asks;
}

static uint32_t asks_of_node(const struct ir_node *n)
{
    uint32_t asks = 0;
    if (n->op == IR_NODE_ITEM && n->item != NULL) {
        asks = asks_of_fields(n->item->fields);
        for (uint32_t i = 0; i < n->item->nvals; i++)
            asks |= asks_of_fields(n->item->vals[i].ref_fields);
    }
    for (uint32_t i = 0; i < n->nkids; i++)
        asks |= asks_of_node(n->kids[i]);
    return asks;
}

/* What a correlation groups by or counts is read off the events of the rules it refers to. */
static void corr_asks(struct ir_rules *rs, const struct ir_corr *c)
{
    for (uint32_t k = 0; k < c->nrefs; k++) {
        struct ir_rule *ref = rs->rule[c->rules[k]];
        for (uint32_t g = 0; g < c->ngroup; g++)
            ref->asks |= asks_of_fields(c->group_ids[k][g]);
        for (uint32_t f = 0; f < c->ncond_field; f++)
            ref->asks |= asks_of_fields(c->value_ids[k][f]);
    }
}

void ir_settings_apply(struct ir_rules *rs)
{
    apply_levels(rs);
    rs->extras.hours = rs->settings.has_hours ? &rs->settings.hours : NULL;
    rs->extras.net = rs->settings.net;
    rs->extras.nnets = rs->settings.nnets;
    for (size_t i = 0; i < rs->nrules; i++)
        if (rs->rule[i]->corr != NULL) corr_asks(rs, rs->rule[i]->corr);
    for (size_t i = 0; i < rs->nrules; i++) {
        struct ir_rule *r = rs->rule[i];
        if (r->root != NULL) r->asks |= asks_of_node(r->root);
        if (r->root == NULL || !(r->asks & IR_X_OFF_HOURS) || rs->settings.has_hours) continue;
        r->info.waits = IR_S("working_hours");
        r->root = NULL;
    }
}
