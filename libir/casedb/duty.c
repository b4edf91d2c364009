/*
 * The set of duty rules: loading, and what refers to what. See duty.h.
 */
#include "casedb/duty_int.h"

#include <stdlib.h>

#include "base/intl.h"

#define ARENA_MAX ((size_t)32 << 20)
#define STEPS_MAX 4000u /* conditions of one duty with those that it refers to */

struct ir_duties *ir_duties_new(void)
{
    struct ir_duties *d = calloc(1, sizeof *d);
    if (d != NULL) d->arena = IR_ARENA(ARENA_MAX);
    return d;
}

void ir_duties_free(struct ir_duties *d)
{
    if (d == NULL) return;
    for (size_t i = 0; i < d->n; i++)
        free(d->rule[i]);
    ir_arena_free(&d->arena);
    free(d);
}

struct adding {
    struct ir_duties *d;
    struct ir_err *err;
};

static int add_calendar(void *user, struct ir_yaml *doc)
{
    const struct adding *a = user;
    struct ir_duties *d = a->d;
    struct ir_calendar c;
    size_t i = 0;
    const int rc = ir_calendar_read(&d->arena, doc, &c, a->err);
    if (rc != IR_OK) return rc;
    while (i < d->ncalendars && !ir_str_eq(d->calendar[i].id, c.id))
        i++;
    if (i == IR_CALENDARS_MAX) return ir_fail(a->err, IR_BAD, "too many calendars");
    d->calendar[i] = c;
    if (i == d->ncalendars) d->ncalendars++;
    return IR_OK;
}

int ir_duties_calendar(struct ir_duties *d, struct ir_str yaml, struct ir_err *err)
{
    struct adding a = {d, err};
    return ir_yaml_each(&d->arena, yaml, add_calendar, &a, err);
}

static int add_rule(void *user, struct ir_yaml *doc)
{
    const struct adding *a = user;
    struct ir_duties *d = a->d;
    struct ir_duty_rule *r = calloc(1, sizeof *r);
    size_t i = 0;
    if (r == NULL) return ir_fail(a->err, IR_FATAL, "out of memory");
    const int rc = ir_duty_read(d, doc, r, a->err);
    while (i < d->n && !(ir_str_eq(d->rule[i]->info.id, r->info.id) &&
                         d->rule[i]->info.valid_from == r->info.valid_from))
        i++;
    if (rc != IR_OK || i == IR_DUTIES_MAX) {
        free(r);
        return rc != IR_OK ? rc : ir_fail(a->err, IR_BAD, "too many duties");
    }
    if (i < d->n)
        free(d->rule[i]);
    else
        d->n++;
    d->rule[i] = r;
    return IR_OK;
}

int ir_duties_add(struct ir_duties *d, struct ir_str yaml, struct ir_err *err)
{
    struct adding a = {d, err};
    return ir_yaml_each(&d->arena, yaml, add_rule, &a, err);
}

size_t ir_duties_count(const struct ir_duties *d)
{
    return d->n;
}

const struct ir_duty_info *ir_duty_info(const struct ir_duties *d, size_t i)
{
    return &d->rule[i]->info;
}

size_t ir_duty_find(const struct ir_duties *d, struct ir_str id, int64_t day)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct ir_duty_info *info = &d->rule[i]->info;
        if (ir_str_eq(info->id, id) && day >= info->valid_from && day <= info->valid_to) return i;
    }
    return SIZE_MAX;
}

struct ir_str ir_duty_after(const struct ir_duties *d, size_t i)
{
    const struct ir_duty_rule *r = d->rule[i];
    return r->deadline[r->ndeadlines - 1].after;
}

const struct ir_duty_asks *ir_duties_fact(const struct ir_duties *d, size_t i)
{
    return i < d->nfacts ? &d->fact[i] : NULL;
}

/* Any version will do: which one counts depends on the day. */
static const struct ir_duty_rule *any_version(const struct ir_duties *d, struct ir_str id)
{
    for (size_t i = 0; i < d->n; i++)
        if (ir_str_eq(d->rule[i]->info.id, id)) return d->rule[i];
    return NULL;
}

/* What a condition that holds does: calls for the duty, frees from it, or only chooses a date. */
enum leaning { CALLS, FREES, CHOOSES };

/* What nobody stated may lead to a report too many, never to one too few. */
static int check_unstated(const struct ir_trigger *t, enum leaning l, struct ir_err *err)
{
    if (t->unless_stated.n == 0) return IR_OK;
    const enum ir_tri v = ir_duty_compare(t, t->unless_stated);
    if ((l == CALLS && v == IR_YES) || (l == FREES && v == IR_NO)) return IR_OK;
    return ir_duty_wrong(err, t->line,
                         N_("unless_stated may only call for a duty, never free from it"), t->fact);
}

/* Follows every reference; a circle of them gets too deep, a hall of mirrors too large. */
static int check(const struct ir_duties *d, const struct ir_trigger *t, enum leaning l,
                 unsigned depth, unsigned *steps, struct ir_err *err)
{
    if (depth > 2 * IR_DUTY_DEPTH_MAX || ++*steps > STEPS_MAX)
        return ir_duty_wrong(err, t->line, N_("conditions refer to each other in a circle"),
                             t->word);
    if (t->kind == IR_TRIGGER_DUTY) {
        bool found = false;
        for (size_t i = 0; i < d->n; i++) {
            if (!ir_str_eq(d->rule[i]->info.id, t->word)) continue;
            const int rc = check(d, d->rule[i]->trigger, l, depth + 1, steps, err);
            if (rc != IR_OK) return rc;
            found = true;
        }
        if (!found) return ir_duty_wrong(err, t->line, N_("there is no such duty"), t->word);
    }
    if (t->kind == IR_TRIGGER_NOT) l = l == CALLS ? FREES : l == FREES ? CALLS : CHOOSES;
    for (size_t i = 0; i < t->nkids; i++) {
        const int rc = check(d, t->kid[i], l, depth + 1, steps, err);
        if (rc != IR_OK) return rc;
    }
    return check_unstated(t, l, err);
}

static int resolve(struct ir_duties *d, struct ir_deadline *l, struct ir_err *err)
{
    for (size_t i = 0; i < d->ncalendars && l->calendar.n > 0; i++)
        if (ir_str_eq(d->calendar[i].id, l->calendar)) l->cal = &d->calendar[i];
    if (l->calendar.n > 0 && l->cal == NULL)
        return ir_duty_wrong(err, l->line, N_("there is no such calendar in casefiles/holidays"),
                             l->calendar);
    if (l->after.n > 0) {
        const struct ir_duty_rule *r = any_version(d, l->after);
        if (r == NULL) return ir_duty_wrong(err, l->line, N_("there is no such duty"), l->after);
        if (r->deadline[r->ndeadlines - 1].after.n > 0)
            return ir_duty_wrong(err, l->line, N_("that duty waits for another one itself"),
                                 l->after);
    }
    unsigned steps = 0;
    return l->when != NULL ? check(d, l->when, CHOOSES, 0, &steps, err) : IR_OK;
}

int ir_duties_finish(struct ir_duties *d, struct ir_err *err)
{
    for (size_t i = 0; i < d->n; i++) {
        unsigned steps = 0;
        int rc = check(d, d->rule[i]->trigger, CALLS, 0, &steps, err);
        for (size_t k = 0; k < d->rule[i]->ndeadlines && rc == IR_OK; k++)
            rc = resolve(d, &d->rule[i]->deadline[k], err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}
