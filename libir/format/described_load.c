/*
 * A document of a format file into a described format: name, titles, record start, patterns.
 * Fields and values are described_fields.c's. The file may be hostile or just wrong: everything is
 * checked here, once, and refused with the line at which it stands.
 */
#include <stdarg.h>
#include <stdio.h>

#include "format/described_int.h"

static const char *const top_keys[] = {
    "name",      "bid",     "title",    "title_ja", "description", "start",  "time",    "empty",
    "logsource", "pattern", "patterns", "fields",   "set",         "values", "samples", NULL};
static const char *const pattern_keys[] = {"pattern", "logsource", "fields", "set",
                                           "values",  "time",      NULL};

static void say(struct ir_described_loader *l, const struct ir_yaml *at, bool warning,
                const char *text)
{
    const uint64_t line = at != NULL ? at->line : l->root->line;
    if (ir_described_say(l->set, l->d->path, line, warning, "%s", text) != IR_OK) l->bad = true;
}

void ir_described_error(struct ir_described_loader *l, const struct ir_yaml *at, const char *fmt,
                        ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    l->bad = true;
    say(l, at, false, text);
}

void ir_described_warn(struct ir_described_loader *l, const struct ir_yaml *at, const char *fmt,
                       ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    say(l, at, true, text);
}

void ir_described_keys(struct ir_described_loader *l, const struct ir_yaml *map,
                       const char *const *known)
{
    for (const struct ir_yaml *k = map->kids; k != NULL; k = k->next) {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], k->key.p) != 0)
            i++;
        if (known[i] == NULL) ir_described_error(l, k, "unknown key: %.60s", k->key.p);
    }
}

static bool good_name(struct ir_str s)
{
    if (s.n == 0 || s.n > 32 || s.p[0] < 'a' || s.p[0] > 'z') return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i]) && s.p[i] != '_' && (s.p[i] < 'a' || s.p[i] > 'z')) return false;
    return true;
}

/* The user's own files come before ours, and may replace one of them. */
static void taken(struct ir_described_loader *l, const struct ir_yaml *at,
                  const struct ir_described *other)
{
    ir_described_warn(l, at, "name: %s stands in %s already: that one is used", other->format.name,
                      other->path);
    l->bad = true;
}

static void read_name(struct ir_described_loader *l)
{
    const struct ir_yaml *at = ir_yaml_get(l->root, "name");
    struct ir_str s = ir_yaml_text(l->root, "name");
    if (!good_name(s)) {
        ir_described_error(l, at, "name: wanted: 1 to 32 of a-z 0-9 _, a letter first");
        return;
    }
    l->d->format.name = s.p;
    if (ir_format_by_name(s) != NULL)
        ir_described_error(l, at, "name: %s is a format that is compiled in", s.p);
    for (size_t i = 0; i < l->set->n; i++) {
        const struct ir_described *o = l->set->described[i];
        if (strcmp(o->format.name, s.p) == 0) taken(l, at, o);
    }
}

static void read_titles(struct ir_described_loader *l)
{
    struct ir_str title = ir_yaml_text(l->root, "title");
    struct ir_str ja = ir_yaml_text(l->root, "title_ja");
    if (title.n == 0 || title.n > 200)
        ir_described_error(l, ir_yaml_get(l->root, "title"), "title: one line about the log");
    l->d->format.title = title.n > 0 ? title.p : "";
    l->d->title_ja = ja.n > 0 && ja.n <= 400 ? ja.p : NULL;
}

/* For descriptions that are not certain of their lines. */
static void read_bid(struct ir_described_loader *l)
{
    struct ir_str s = ir_yaml_text(l->root, "bid");
    uint64_t v = IR_DESCRIBED_BID;
    if (s.p != NULL && (!ir_str_u64(s, &v) || v < 1 || v > IR_DESCRIBED_BID))
        ir_described_error(l, ir_yaml_get(l->root, "bid"), "bid: a number from 1 to %d",
                           IR_DESCRIBED_BID);
    l->d->bid = (int)v;
}

static void read_empty(struct ir_described_loader *l)
{
    const struct ir_yaml *at = ir_yaml_get(l->root, "empty");
    if (at == NULL) return;
    const struct ir_yaml *one = at->kind == IR_YAML_LIST ? at->kids : at;
    for (; one != NULL; one = at->kind == IR_YAML_LIST ? one->next : NULL) {
        if (one->kind != IR_YAML_SCALAR || l->d->nempty == IR_DESCRIBED_EMPTY_MAX) {
            ir_described_error(l, one, "empty: at most %u texts", IR_DESCRIBED_EMPTY_MAX);
            return;
        }
        l->d->empty[l->d->nempty++] = one->text;
    }
}

/* Lines that no pattern of a real log fits. What takes these takes anything. */
static bool is_greedy(const struct ir_described_pattern *p)
{
    static const char *const strange[] = {"x", "Lorem ipsum dolor sit amet", "!!! ??? ###",
                                          "0 1 2 3 4 5 6 7 8 9"};
    struct ir_regex_room room;
    size_t taken = 0;
    if (!ir_regex_room_open(&room, p->re.groups)) return false;
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        taken += ir_regex_match(&p->re, &room, ir_str_z(strange[i])) == IR_REGEX_FITS;
    ir_regex_room_close(&room);
    return taken > 1;
}

static bool compile(struct ir_described_loader *l, const struct ir_yaml *at, bool whole,
                    struct ir_regex *ret_re)
{
    struct ir_err err = {0};
    if (at->kind != IR_YAML_SCALAR || at->text.n == 0) {
        ir_described_error(l, at, "a pattern is a text: put it between single quotes");
        return false;
    }
    if (ir_regex_compile(&l->set->arena, at->text, whole, ret_re, &err) != IR_OK) {
        ir_described_error(l, at, "%s", err.msg);
        return false;
    }
    if (ret_re->groups + 1 > l->d->most_groups) l->d->most_groups = ret_re->groups + 1;
    if (ret_re->nameless > 0)
        ir_described_warn(l, at,
                          "a group without a name captures nothing: write (?<name>…) or (?:…)");
    return true;
}

static void read_pattern(struct ir_described_loader *l, const struct ir_yaml *at)
{
    struct ir_described *d = l->d;
    const struct ir_yaml *own = at->kind == IR_YAML_MAP ? at : NULL;
    const struct ir_yaml *text = own != NULL ? ir_yaml_get(own, "pattern") : at;
    struct ir_described_pattern *p = &d->pattern[d->npatterns];
    if (own != NULL) ir_described_keys(l, own, pattern_keys);
    if (text == NULL) {
        ir_described_error(l, at, "patterns: an entry without its pattern");
        return;
    }
    if (!compile(l, text, true, &p->re)) return;
    d->npatterns++;
    if (is_greedy(p)) {
        d->greedy = true;
        ir_described_warn(l, text,
                          "this pattern fits lines of any kind: the format is only taken "
                          "when nothing else bids, or with --format %s",
                          d->format.name != NULL ? d->format.name : "NAME");
    }
    ir_described_fields(l, own, text, p);
}

static void read_patterns(struct ir_described_loader *l)
{
    const struct ir_yaml *one = ir_yaml_get(l->root, "pattern");
    const struct ir_yaml *list = ir_yaml_get(l->root, "patterns");
    uint32_t n = 0;
    if ((one == NULL) == (list == NULL) || (list != NULL && list->kind != IR_YAML_LIST)) {
        ir_described_error(l, list, "write either pattern, or patterns with a list");
        return;
    }
    for (const struct ir_yaml *k = list != NULL ? list->kids : NULL; k != NULL; k = k->next)
        n++;
    if (n > IR_DESCRIBED_PATTERNS_MAX) {
        ir_described_error(l, list, "more than %u patterns", IR_DESCRIBED_PATTERNS_MAX);
        return;
    }
    l->d->pattern = ir_arena_zalloc(&l->set->arena, (n + 1) * sizeof *l->d->pattern);
    if (l->d->pattern == NULL) {
        ir_described_error(l, list, "out of memory");
        return;
    }
    if (one != NULL) read_pattern(l, one);
    for (const struct ir_yaml *k = list != NULL ? list->kids : NULL; k != NULL; k = k->next)
        read_pattern(l, k);
    if (l->d->npatterns == 0 && !l->bad) ir_described_error(l, list, "no pattern");
    ir_described_strangers(l);
}

/* Records whose values all stand in them can be searched before they are parsed. */
static bool all_made_up(const struct ir_described *d, const struct ir_names *names)
{
    for (uint32_t i = 0; i < d->npatterns; i++) {
        const struct ir_described_pattern *p = &d->pattern[i];
        for (const struct ir_described_const *c = p->consts; c != NULL; c = c->next)
            if (!ir_field_is_made_up(ir_names_find(names, d->names[c->name]))) return false;
        for (uint32_t g = 0; g < p->ngroups; g++)
            for (const struct ir_described_value *v = p->group[g].values; v != NULL; v = v->next)
                for (const struct ir_described_const *c = v->consts; c != NULL; c = c->next)
                    if (!ir_field_is_made_up(ir_names_find(names, d->names[c->name]))) return false;
    }
    return true;
}

/* The union of the patterns' log sources; false: too many for one list. */
static bool unite_sources(struct ir_described *d)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->npatterns; i++)
        for (uint32_t k = 0; k < d->pattern[i].nsources; k++) {
            uint32_t at = 0;
            while (at < n && d->sources[at] != d->pattern[i].sources[k])
                at++;
            if (at < n) continue;
            if (n == IR_VIEW_SOURCES_MAX) return false;
            d->sources[n++] = d->pattern[i].sources[k];
        }
    d->sources[n] = 0;
    return n > 0;
}

static void set_flags(struct ir_described_loader *l)
{
    struct ir_described *d = l->d;
    for (uint32_t i = 0; i < d->npatterns; i++)
        if (d->pattern[i].ntime > 0 && d->pattern[i].layout.kind == IR_LAYOUT_SYSLOG)
            d->format.flags |= IR_FMT_YEARLESS;
    if (unite_sources(d) && d->start.code == NULL && all_made_up(d, l->set->names)) {
        d->format.flags |= IR_FMT_VERBATIM;
        d->format.sources = d->sources;
    }
    ir_described_arm(d);
}

int ir_described_document(struct ir_described_set *set, const char *path,
                          const struct ir_yaml *root)
{
    struct ir_described *d = ir_arena_zalloc(&set->arena, sizeof *d);
    struct ir_str name = ir_arena_dup(&set->arena, ir_str_z(path));
    struct ir_described_loader l = {.set = set, .d = d, .root = root};
    if (d == NULL || name.p == NULL) return IR_FATAL;
    d->path = name.p;
    d->line = root->line;
    if (root->kind != IR_YAML_MAP) {
        ir_described_error(&l, root, "no format: keys such as name, title and pattern are wanted");
        return IR_OK;
    }
    if (set->n == IR_DESCRIBED_MAX) {
        ir_described_error(&l, root, "more than %u formats", IR_DESCRIBED_MAX);
        return IR_OK;
    }
    ir_described_keys(&l, root, top_keys);
    read_name(&l);
    read_titles(&l);
    read_bid(&l);
    read_empty(&l);
    const struct ir_yaml *start = ir_yaml_get(root, "start");
    if (start != NULL) compile(&l, start, false, &d->start);
    read_patterns(&l);
    ir_described_tests(&l);
    if (!l.bad) {
        set_flags(&l);
        set->described[set->n++] = d;
        return IR_OK;
    }
    for (uint32_t i = 0; i < d->npatterns; i++)
        ir_regex_free(&d->pattern[i].re);
    ir_regex_free(&d->start);
    return IR_OK;
}
