/*
 * Closed days and moments. See calendar.h. The days themselves are data: casefiles/holidays/.
 * A file may come from a user, so everything in it is checked; dates are what a person typed.
 */
#include "casedb/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/written.h"
#include "base/zone.h"
#include "casedb/db.h"

#define DAYS_MAX 4000u
#define DAY_MAX  84005 /* 2200-01-01: room for any deadline before time ends */

static int64_t floor_day(int64_t ns, int32_t zone_s)
{
    struct ir_civil c;
    ir_time_to_civil(ns, zone_s, &c);
    return ir_days_from_civil(c.year, c.month, c.day);
}

bool ir_date_parse(struct ir_str s, int64_t *ret_day)
{
    int64_t ns;
    bool zone;
    if (s.n != 10) return false;
    char text[32];
    snprintf(text, sizeof text, "%.10sT00:00:00Z", s.p);
    if (ir_time_parse_iso(ir_str_z(text), &ns, &zone) != 20) return false;
    *ret_day = floor_day(ns, 0);
    return true;
}

void ir_date_text(int64_t day, char out[IR_DATE_TEXT])
{
    struct ir_civil c;
    ir_time_to_civil(day * IR_DAY_S * IR_NS, 0, &c);
    snprintf(out, IR_DATE_TEXT, "%04d-%02d-%02d", c.year % 10000, c.month, c.day);
}

bool ir_moment_parse(struct ir_str said, int64_t now, int32_t zone_s, struct ir_moment *ret_m,
                     struct ir_err *err)
{
    char plain[IR_TIME_TEXT];
    int64_t wall, east;
    struct ir_moment m = {.zoned = false};
    if (ir_written_time(said, plain, err) != IR_OK) return false;
    said = ir_str_z(plain);
    if (!ir_time_parse_user(said, now, 0, &wall) || !ir_time_parse_user(said, now, 3600, &east) ||
        !ir_time_parse_user(said, now, zone_s, &m.ns))
        return false;
    m.zoned = wall == east; /* our zone makes no difference: it names its own */
    m.day = floor_day(wall, 0);
    if (m.day < 0 || m.day > DAY_MAX) {
        ir_fail(err, IR_BAD, "before 1970 or after 2199");
        return false;
    }
    *ret_m = m;
    return true;
}

int64_t ir_moment_day(const struct ir_moment *m, int32_t zone_s)
{
    return m->zoned ? floor_day(m->ns, zone_s) : m->day;
}

void ir_moment_text(const struct ir_moment *m, char *out)
{
    if (m->zoned)
        ir_casedb_time(m->ns, out);
    else
        ir_date_text(m->day, out);
}

static int by_day(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool is_closed(const struct ir_calendar *c, int64_t day)
{
    struct ir_civil civil;
    const int64_t weekday = ((day + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    if (c->weekdays >> weekday & 1) return true;
    ir_time_to_civil(day * IR_DAY_S * IR_NS, 0, &civil);
    for (size_t i = 0; i < c->nyearly; i++)
        if (c->yearly[i] == civil.month * 100 + civil.day) return true;
    return bsearch(&day, c->closed, c->nclosed, sizeof day, by_day) != NULL;
}

bool ir_calendar_shift(const struct ir_calendar *c, int64_t day, int64_t *ret_day)
{
    for (; day >= c->first && day <= c->last; day++) {
        if (is_closed(c, day)) continue;
        *ret_day = day;
        return true;
    }
    return false;
}

static int read_weekdays(const struct ir_yaml *list, struct ir_calendar *c, struct ir_err *err)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (const struct ir_yaml *n = list != NULL ? list->kids : NULL; n != NULL; n = n->next) {
        unsigned i = 0;
        while (i < 7 && !ir_str_eq(n->text, ir_str_z(names[i])))
            i++;
        if (i == 7) return ir_yaml_wrong(err, n, N_("not a day of the week: sun, mon, tue …"));
        c->weekdays |= 1u << i;
    }
    if (c->weekdays == 127) return ir_yaml_wrong(err, list, N_("every day of the week is closed"));
    return IR_OK;
}

static int read_yearly(const struct ir_yaml *list, struct ir_calendar *c, struct ir_err *err)
{
    for (const struct ir_yaml *n = list != NULL ? list->kids : NULL; n != NULL; n = n->next) {
        char text[16];
        int64_t day;
        struct ir_civil civil;
        snprintf(text, sizeof text, "2024-%.*s", n->text.n <= 5 ? (int)n->text.n : 0,
                 n->text.n <= 5 && n->text.p != NULL ? n->text.p : "");
        if (!ir_date_parse(ir_str_z(text), &day))
            return ir_yaml_wrong(err, n, N_("not a day of the year: write 12-29"));
        if (c->nyearly == sizeof c->yearly / sizeof *c->yearly)
            return ir_yaml_wrong(err, n, N_("too many days"));
        ir_time_to_civil(day * IR_DAY_S * IR_NS, 0, &civil);
        c->yearly[c->nyearly++] = (uint16_t)(civil.month * 100 + civil.day);
    }
    return IR_OK;
}

static int read_closed(struct ir_arena *arena, const struct ir_yaml *map, struct ir_calendar *c,
                       struct ir_err *err)
{
    int64_t *day = ir_arena_alloc(arena, DAYS_MAX * sizeof *day);
    if (day == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    for (const struct ir_yaml *n = map != NULL ? map->kids : NULL; n != NULL; n = n->next) {
        if (c->nclosed == DAYS_MAX) return ir_yaml_wrong(err, n, N_("too many days"));
        if (!ir_date_parse(n->key, &day[c->nclosed]))
            return ir_yaml_wrong(err, n, N_("not a date"));
        if (day[c->nclosed] < c->first || day[c->nclosed] > c->last)
            return ir_yaml_wrong(err, n, N_("before the calendar's first day or after its last"));
        c->nclosed++;
    }
    qsort(day, c->nclosed, sizeof *day, by_day);
    c->closed = day;
    return IR_OK;
}

int ir_calendar_read(struct ir_arena *arena, const struct ir_yaml *doc, struct ir_calendar *ret_c,
                     struct ir_err *err)
{
    struct ir_calendar c = {.id = ir_yaml_text(doc, "id")};
    if (doc->kind != IR_YAML_MAP || c.id.n == 0)
        return ir_yaml_wrong(err, doc, N_("a calendar needs an id"));
    if (!ir_zone_from_text(ir_yaml_text(doc, "zone"), &c.zone_s))
        return ir_yaml_wrong(err, doc, N_("a calendar needs a zone, such as \"+09:00\""));
    if (!ir_date_parse(ir_yaml_text(doc, "first"), &c.first) ||
        !ir_date_parse(ir_yaml_text(doc, "last"), &c.last) || c.first > c.last)
        return ir_yaml_wrong(err, doc, N_("a calendar needs the dates of its first and last day"));
    int rc = read_weekdays(ir_yaml_get(doc, "weekdays"), &c, err);
    if (rc == IR_OK) rc = read_yearly(ir_yaml_get(doc, "every_year"), &c, err);
    if (rc == IR_OK) rc = read_closed(arena, ir_yaml_get(doc, "closed"), &c, err);
    if (rc == IR_OK) *ret_c = c;
    return rc;
}
