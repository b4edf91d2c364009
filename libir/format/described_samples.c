/*
 * The samples of a format file: lines that must fit, with the fields that they must give, and near
 * misses. They are the file's own test, run by `ir formats check`.
 */
#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "format/described_int.h"

#define ARENA_MAX ((size_t)16 << 20)

/* ---- reading them */

static const struct ir_described_wish *read_wishes(struct ir_described_loader *l,
                                                   const struct ir_yaml *map)
{
    const struct ir_described_wish *first = NULL, **tail = &first;
    if (map != NULL && map->kind != IR_YAML_MAP)
        ir_described_error(l, map, "samples: fields and their values are wanted");
    for (const struct ir_yaml *k = map != NULL ? map->kids : NULL; k != NULL; k = k->next) {
        struct ir_described_wish *w = ir_arena_zalloc(&l->set->arena, sizeof *w);
        if (w == NULL || map->kind != IR_YAML_MAP || k->kind != IR_YAML_SCALAR) {
            ir_described_error(l, k, "samples: a field has one value");
            break;
        }
        w->name = k->key;
        w->value = k->text;
        w->absent = ir_yaml_is_null(k);
        *tail = w;
        tail = &w->next;
    }
    return first;
}

static bool read_test(struct ir_described_loader *l, const struct ir_yaml *at,
                      struct ir_described_test *t)
{
    static const char *const keys[] = {"line", "miss", "time", "fields", NULL};
    struct ir_str line = ir_yaml_text(at, "line"), miss = ir_yaml_text(at, "miss");
    struct ir_str time = ir_yaml_text(at, "time");
    bool zone;
    if (at->kind != IR_YAML_MAP || (line.p == NULL) == (miss.p == NULL)) {
        ir_described_error(l, at, "samples: each has a line that fits, or a miss that must not");
        return false;
    }
    ir_described_keys(l, at, keys);
    t->line = at->line;
    t->miss = line.p == NULL;
    t->text = t->miss ? miss : line;
    while (t->text.n > 0 && t->text.p[t->text.n - 1] == '\n') /* a block scalar ends with one */
        t->text.n--;
    t->has_time = time.n > 0;
    if (t->has_time && ir_time_parse_iso(time, &t->time, &zone) != time.n)
        ir_described_error(l, at, "samples: time is written 2026-11-22T01:02:03+09:00");
    t->wishes = read_wishes(l, ir_yaml_get(at, "fields"));
    return true;
}

void ir_described_tests(struct ir_described_loader *l)
{
    const struct ir_yaml *list = ir_yaml_get(l->root, "samples");
    const struct ir_described_test **tail = &l->d->tests;
    if (list == NULL) {
        ir_described_warn(l, NULL, "no samples: nothing shows that the patterns do what is meant");
        return;
    }
    if (list->kind != IR_YAML_LIST) {
        ir_described_error(l, list, "samples: a list is wanted");
        return;
    }
    for (const struct ir_yaml *k = list->kids; k != NULL; k = k->next) {
        struct ir_described_test *t = ir_arena_zalloc(&l->set->arena, sizeof *t);
        if (t == NULL || l->d->ntests == IR_DESCRIBED_SAMPLES_MAX) {
            ir_described_error(l, k, "samples: more than %u", IR_DESCRIBED_SAMPLES_MAX);
            return;
        }
        if (!read_test(l, k, t)) continue;
        *tail = t;
        tail = &t->next;
        l->d->ntests++;
        l->d->nmisses += t->miss;
    }
}

/* ---- running them */

struct trying {
    const struct ir_described *d;
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser p;
    char reason[512];
};

static bool has_value(const struct trying *t, const struct ir_described_wish *w)
{
    const uint32_t id = ir_names_find(t->names, w->name);
    uint32_t at = id == IR_F_NONE ? IR_NOFIELD : ir_event_first(t->ev, id, 0);
    if (w->absent) return at == IR_NOFIELD;
    for (; at != IR_NOFIELD; at = ir_event_next(t->ev, at))
        if (ir_str_eq(t->ev->fields[at].val, w->value)) return true;
    return false;
}

static const char *wrong_field(struct trying *t, const struct ir_described_wish *w)
{
    const uint32_t id = ir_names_find(t->names, w->name);
    struct ir_str got = ir_event_get(t->ev, id, 0);
    if (w->absent)
        snprintf(t->reason, sizeof t->reason, N_("%.*s is '%.*s', and should not be there"),
                 IR_FMT(w->name), IR_FMT(ir_str_head(got, 100)));
    else if (got.p == NULL)
        snprintf(t->reason, sizeof t->reason, N_("%.*s is not there, and should be '%.*s'"),
                 IR_FMT(w->name), IR_FMT(ir_str_head(w->value, 100)));
    else
        snprintf(t->reason, sizeof t->reason, N_("%.*s is '%.*s', and should be '%.*s'"),
                 IR_FMT(w->name), IR_FMT(ir_str_head(got, 100)),
                 IR_FMT(ir_str_head(w->value, 100)));
    return t->reason;
}

static const char *wrong_time(struct trying *t, const struct ir_described_test *test)
{
    char got[IR_TIME_TEXT] = N_("not there"), want[IR_TIME_TEXT];
    if ((t->ev->flags & IR_EV_TIME) && t->ev->time == test->time) return NULL;
    if (t->ev->flags & IR_EV_TIME) ir_time_rfc3339(t->ev->time, got);
    ir_time_rfc3339(test->time, want);
    snprintf(t->reason, sizeof t->reason, N_("the time is %-s, and should be %s"), got, want);
    return t->reason;
}

/* NULL: the sample does what its file says. */
static const char *judge(struct trying *t, const struct ir_described_test *test, bool took)
{
    if (test->miss) return took ? N_("it fits, and should not") : NULL;
    if (!took) return N_("no pattern fits it");
    if (t->ev->flags & IR_EV_DAMAGED) return t->ev->damage;
    for (const struct ir_described_wish *w = test->wishes; w != NULL; w = w->next)
        if (!has_value(t, w)) return wrong_field(t, w);
    return test->has_time ? wrong_time(t, test) : NULL;
}

/* The text is one record of the format, and a pattern fits it. */
static bool take(struct trying *t, struct ir_str text)
{
    struct ir_str rest = text, rec = text;
    ir_event_begin(t->ev, text, 0, 1);
    if (ir_format_cuts(t->p.fmt)) {
        if (!ir_parser_next(&t->p, &rest, &rec) || rec.n != text.n) return false;
    } else if (ir_str_chr(text, '\n') != IR_NPOS) {
        return false;
    }
    return t->p.fmt->parse(&t->p, rec, t->ev) == IR_OK;
}

static void each(struct trying *t, void (*fn)(void *user, const struct ir_described_sample *s),
                 void *user)
{
    for (const struct ir_described_test *test = t->d->tests; test != NULL; test = test->next) {
        const bool took = take(t, test->text);
        const struct ir_described_sample s = {.line = test->line,
                                              .text = test->text,
                                              .miss = test->miss,
                                              .ev = took ? t->ev : NULL,
                                              .reason = judge(t, test, took)};
        fn(user, &s);
        ir_arena_reset(&t->arena);
    }
}

int ir_described_try(const struct ir_described_set *set, size_t i, int64_t anchor,
                     void (*fn)(void *user, const struct ir_described_sample *s), void *user)
{
    struct trying t = {
        .d = set->described[i], .names = ir_names_new(), .arena = IR_ARENA(ARENA_MAX)};
    int rc = t.names != NULL ? IR_OK : IR_FATAL;
    for (uint32_t k = 0; rc == IR_OK && k < t.d->nnames; k++)
        if (ir_names_add(t.names, t.d->names[k]) == IR_F_NONE) rc = IR_FATAL;
    if (rc == IR_OK) {
        ir_names_own_sources(t.names, set->own, set->nown);
        t.ev = ir_event_new(t.names, &t.arena);
        rc = t.ev != NULL ? ir_parser_open(&t.p, &t.d->format, t.names) : IR_FATAL;
    }
    if (rc == IR_OK) {
        t.p.clock.anchor = anchor;
        t.ev->want_all = true;
        each(&t, fn, user);
        ir_parser_close(&t.p);
    }
    ir_event_free(t.ev);
    ir_arena_free(&t.arena);
    ir_names_free(t.names);
    return rc;
}
