/*
 * A duty rule out of its YAML: the grammar that duty.h tells. A rule file is data that a user may
 * have got from anywhere: keys that are not known are refused (a misspelt one would be a condition
 * that silently never counts), trees are bounded, and there is nothing in them to execute.
 */
#include "casedb/duty_int.h"

#include "base/intl.h"

int ir_duty_wrong(struct ir_err *err, uint32_t line, const char *what, struct ir_str word)
{
    ir_err_at(err, NULL, -1, line);
    if (word.n > 0)
        return ir_fail(err, IR_BAD, N_("duty rule: %.*s: %-s"), IR_FMT(ir_str_head(word, 80)),
                       what);
    return ir_fail(err, IR_BAD, "%s", what);
}

static bool yes(const struct ir_yaml *map, const char *key)
{
    return ir_str_eq(ir_yaml_text(map, key), IR_S("yes"));
}

static int known_keys(const struct ir_yaml *map, const char *const *keys, struct ir_err *err)
{
    if (map->kind != IR_YAML_MAP)
        return ir_duty_wrong(err, map->line, N_("not a map of keys and values"), IR_S(""));
    for (const struct ir_yaml *n = map->kids; n != NULL; n = n->next) {
        size_t i = 0;
        while (keys[i] != NULL && !ir_str_eq(n->key, ir_str_z(keys[i])))
            i++;
        if (keys[i] == NULL) return ir_duty_wrong(err, n->line, N_("no key of this place"), n->key);
    }
    return IR_OK;
}

static struct ir_text2 text2(const struct ir_yaml *map, const char *key)
{
    const struct ir_yaml *n = key != NULL ? ir_yaml_get(map, key) : map;
    if (n == NULL || n->kind != IR_YAML_MAP) return (struct ir_text2){{NULL, 0}, {NULL, 0}};
    return (struct ir_text2){ir_yaml_text(n, "en"), ir_yaml_text(n, "ja")};
}

static int add_fact(struct ir_duties *d, const struct ir_trigger *t, struct ir_err *err)
{
    const bool word = t->kind == IR_TRIGGER_IS && !ir_str_eq(t->word, IR_S("yes")) &&
                      !ir_str_eq(t->word, IR_S("no"));
    for (size_t i = 0; i < d->nfacts; i++)
        if (ir_str_eq(d->fact[i].name, t->fact)) {
            d->fact[i].word |= word;
            return IR_OK;
        }
    if (d->nfacts == IR_DUTY_FACTS_MAX)
        return ir_duty_wrong(err, t->line, N_("too many facts"), IR_S(""));
    d->fact[d->nfacts++] = (struct ir_duty_asks){t->fact, t->text, word};
    return IR_OK;
}

static int read_leaf(struct ir_duties *d, const struct ir_yaml *n, struct ir_trigger *t,
                     struct ir_err *err)
{
    static const char *const keys[] = {"fact",    "is", ">",  ">=", "unless_stated",
                                       "at_most", "en", "ja", NULL};
    const struct ir_yaml *is = ir_yaml_get(n, "is"), *more = ir_yaml_get(n, ">"),
                         *least = ir_yaml_get(n, ">=");
    const struct ir_yaml *number = more != NULL ? more : least;
    int rc = known_keys(n, keys, err);
    if (rc != IR_OK) return rc;
    t->fact = ir_yaml_text(n, "fact");
    if (t->fact.n == 0) return ir_duty_wrong(err, n->line, N_("a fact needs a name"), IR_S(""));
    if ((is != NULL) + (more != NULL) + (least != NULL) > 1)
        return ir_duty_wrong(err, n->line, N_("only one of is, > and >="), t->fact);
    t->kind = more != NULL ? IR_TRIGGER_MORE : least != NULL ? IR_TRIGGER_AT_LEAST : IR_TRIGGER_IS;
    t->word = is != NULL ? is->text : IR_S("yes");
    if (number != NULL && (!ir_str_i64(number->text, &t->number) || t->number < 0))
        return ir_duty_wrong(err, number->line, N_("not a number"), number->text);
    t->unless_stated = ir_yaml_text(n, "unless_stated");
    t->at_most = ir_yaml_text(n, "at_most");
    t->text = text2(n, NULL);
    return add_fact(d, t, err);
}

static int read_trigger(struct ir_duties *d, const struct ir_yaml *n, unsigned depth,
                        const struct ir_trigger **ret_t, struct ir_err *err);

static int read_kids(struct ir_duties *d, const struct ir_yaml *list, struct ir_trigger *t,
                     unsigned depth, struct ir_err *err)
{
    if (list->kind != IR_YAML_LIST || list->kids == NULL)
        return ir_duty_wrong(err, list->line, N_("all and any need a list"), IR_S(""));
    for (const struct ir_yaml *n = list->kids; n != NULL; n = n->next) {
        if (t->nkids == IR_DUTY_KIDS_MAX)
            return ir_duty_wrong(err, n->line, N_("more than 16 conditions in one list"), IR_S(""));
        const int rc = read_trigger(d, n, depth + 1, &t->kid[t->nkids++], err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

static int read_trigger(struct ir_duties *d, const struct ir_yaml *n, unsigned depth,
                        const struct ir_trigger **ret_t, struct ir_err *err)
{
    struct ir_trigger *t = ir_arena_zalloc(&d->arena, sizeof *t);
    if (t == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    *ret_t = t;
    t->line = n->line;
    if (depth > IR_DUTY_DEPTH_MAX)
        return ir_duty_wrong(err, n->line, N_("conditions are nested too deep"), IR_S(""));
    if (n->kind != IR_YAML_MAP || n->kids == NULL)
        return ir_duty_wrong(err, n->line, N_("not a condition: all, any, not, fact or duty"),
                             n->text);
    if (ir_yaml_get(n, "fact") != NULL) return read_leaf(d, n, t, err);
    if (n->kids->next != NULL)
        return ir_duty_wrong(err, n->line, N_("one condition only: all, any, not, fact or duty"),
                             IR_S(""));
    if (ir_str_eq(n->kids->key, IR_S("all")) || ir_str_eq(n->kids->key, IR_S("any"))) {
        t->kind = n->kids->key.p[1] == 'l' ? IR_TRIGGER_ALL : IR_TRIGGER_ANY;
        return read_kids(d, n->kids, t, depth, err);
    }
    if (ir_str_eq(n->kids->key, IR_S("not"))) {
        t->kind = IR_TRIGGER_NOT;
        t->nkids = 1;
        return read_trigger(d, n->kids, depth + 1, &t->kid[0], err);
    }
    t->kind = IR_TRIGGER_DUTY;
    t->word = ir_yaml_text(n, "duty");
    if (t->word.n > 0) return IR_OK;
    return ir_duty_wrong(err, n->line, N_("not a condition: all, any, not, fact or duty"),
                         n->kids->key);
}

static int read_unit(const struct ir_yaml *n, struct ir_deadline *l, struct ir_err *err)
{
    static const char *const units[] = {"d", "h", "month"};
    const struct ir_str amount = ir_yaml_text(n, "amount"), unit = ir_yaml_text(n, "unit");
    if (!ir_str_i64(amount, &l->amount) || l->amount < 1 || l->amount > 10000)
        return ir_duty_wrong(err, n->line, N_("a deadline needs an amount of 1 to 10000"), amount);
    for (unsigned i = 0; i < 3; i++)
        if (ir_str_eq(unit, ir_str_z(units[i]))) {
            l->unit = (enum ir_duty_unit)i;
            return IR_OK;
        }
    return ir_duty_wrong(err, n->line, N_("a deadline needs a unit: h, d or month"), unit);
}

static int read_deadline(struct ir_duties *d, const struct ir_yaml *n, struct ir_duty_rule *r,
                         struct ir_err *err)
{
    static const char *const keys[] = {
        "when",         "kind",     "amount", "unit",      "count_first_day",
        "shift_closed", "calendar", "after",  "voluntary", NULL};
    if (r->ndeadlines == IR_DUTY_DEADLINES_MAX)
        return ir_duty_wrong(err, n->line, N_("more than 4 deadlines"), IR_S(""));
    struct ir_deadline *l = &r->deadline[r->ndeadlines++];
    *l = (struct ir_deadline){.line = n->line};
    int rc = known_keys(n, keys, err);
    if (rc == IR_OK && ir_yaml_get(n, "when") != NULL)
        rc = read_trigger(d, ir_yaml_get(n, "when"), 0, &l->when, err);
    if (rc != IR_OK) return rc;
    l->kind = ir_yaml_text(n, "kind");
    l->calendar = ir_yaml_text(n, "calendar");
    l->after = ir_yaml_text(n, "after");
    l->count_first = yes(n, "count_first_day");
    l->shift = yes(n, "shift_closed");
    if (yes(n, "voluntary")) r->info.voluntary = true;
    r->info.kind = l->kind; /* the last one's: it counts while nothing is known */
    if (ir_str_eq(l->kind, IR_S("asap"))) return IR_OK;
    if (!ir_str_eq(l->kind, IR_S("hard")) && !ir_str_eq(l->kind, IR_S("guide")))
        return ir_duty_wrong(err, n->line, N_("a deadline is hard, guide or asap"), l->kind);
    rc = read_unit(n, l, err);
    if (rc == IR_OK && l->unit == IR_DUTY_DAYS && l->calendar.n == 0)
        rc = ir_duty_wrong(err, n->line, N_("a deadline in days needs a calendar"), IR_S(""));
    return rc;
}

static int read_deadlines(struct ir_duties *d, const struct ir_yaml *doc, struct ir_duty_rule *r,
                          struct ir_err *err)
{
    const struct ir_yaml *n = ir_yaml_get(doc, "deadline");
    int rc = IR_OK;
    if (n == NULL) return ir_duty_wrong(err, doc->line, N_("a duty needs a deadline"), r->info.id);
    if (n->kind != IR_YAML_LIST) return read_deadline(d, n, r, err);
    for (n = n->kids; n != NULL && rc == IR_OK; n = n->next)
        rc = read_deadline(d, n, r, err);
    if (rc == IR_OK && (r->ndeadlines == 0 || r->deadline[r->ndeadlines - 1].when != NULL))
        rc = ir_duty_wrong(err, doc->line, N_("the last deadline must have no condition"),
                           r->info.id);
    return rc;
}

static int read_items(struct ir_duties *d, const struct ir_yaml *list, struct ir_duty_info *info,
                      struct ir_err *err)
{
    static const char *const keys[] = {"id", "en", "ja", NULL};
    size_t n = 0;
    for (const struct ir_yaml *i = list != NULL ? list->kids : NULL; i != NULL; i = i->next)
        n++;
    struct ir_duty_item *item = ir_arena_zalloc(&d->arena, (n + 1) * sizeof *item);
    if (item == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    info->item = item;
    for (const struct ir_yaml *i = list != NULL ? list->kids : NULL; i != NULL; i = i->next) {
        const int rc = known_keys(i, keys, err);
        if (rc != IR_OK) return rc;
        item[info->nitems++] = (struct ir_duty_item){ir_yaml_text(i, "id"), text2(i, NULL)};
    }
    return IR_OK;
}

static int read_validity(const struct ir_yaml *doc, struct ir_duty_info *i, struct ir_err *err)
{
    const struct ir_str to = ir_yaml_text(doc, "valid_to");
    int64_t day;
    i->valid_to = INT64_MAX;
    if (!ir_date_parse(ir_yaml_text(doc, "valid_from"), &i->valid_from))
        return ir_duty_wrong(err, doc->line, N_("valid_from must be a date"), i->id);
    if (to.n > 0 && (!ir_date_parse(to, &i->valid_to) || i->valid_to < i->valid_from))
        return ir_duty_wrong(err, doc->line, N_("valid_to must be a date after valid_from"), i->id);
    if (i->source.n == 0 || !ir_date_parse(i->checked_on, &day))
        return ir_duty_wrong(err, doc->line,
                             N_("a duty needs a source, and checked_on: the date it was looked up"),
                             i->id);
    return IR_OK;
}

int ir_duty_read(struct ir_duties *d, const struct ir_yaml *doc, struct ir_duty_rule *ret_r,
                 struct ir_err *err)
{
    static const char *const keys[] = {
        "id",  "regime",    "version", "name",    "valid_from", "valid_to", "source", "checked_on",
        "who", "recipient", "note",    "trigger", "deadline",   "template", "items",  NULL};
    struct ir_duty_rule *r = ret_r;
    *r = (struct ir_duty_rule){.trigger = NULL};
    int rc = known_keys(doc, keys, err);
    if (rc != IR_OK) return rc;
    r->info = (struct ir_duty_info){.id = ir_yaml_text(doc, "id"),
                                    .regime = ir_yaml_text(doc, "regime"),
                                    .version = ir_yaml_text(doc, "version"),
                                    .source = ir_yaml_text(doc, "source"),
                                    .checked_on = ir_yaml_text(doc, "checked_on"),
                                    .template = ir_yaml_text(doc, "template"),
                                    .name = text2(doc, "name"),
                                    .who = text2(doc, "who"),
                                    .recipient = text2(doc, "recipient"),
                                    .note = text2(doc, "note")};
    if (ir_yaml_get(doc, "recipient") != NULL)
        r->info.recipient_kind = ir_yaml_text(ir_yaml_get(doc, "recipient"), "kind");
    if (r->info.id.n == 0 || r->info.version.n == 0 || r->info.name.en.n == 0)
        return ir_duty_wrong(err, doc->line, N_("a duty needs an id, a version and a name"),
                             r->info.id);
    if (ir_yaml_get(doc, "trigger") == NULL)
        return ir_duty_wrong(err, doc->line, N_("a duty needs a trigger"), r->info.id);
    rc = read_validity(doc, &r->info, err);
    if (rc == IR_OK) rc = read_trigger(d, ir_yaml_get(doc, "trigger"), 0, &r->trigger, err);
    if (rc == IR_OK) rc = read_deadlines(d, doc, r, err);
    return rc == IR_OK ? read_items(d, ir_yaml_get(doc, "items"), &r->info, err) : rc;
}
