/*
 * --zone. The C library knows when a zone's summer time begins: its answers are turned into a table
 * once, because the library of ir asks nobody (and in the sandbox nobody could be asked).
 */
#include "zone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "sink.h"

#define FIRST_YEAR  1985
#define LAST_YEAR   2262 /* when time in nanoseconds ends: no stamp lies behind the table */
#define STEP_S      (14 * IR_DAY_S) /* no zone changes twice within this time */
#define CHANGES_MAX 640u

static int32_t offset_at(int64_t s)
{
    const time_t t = (time_t)s;
    struct tm tm;
    return localtime_r(&t, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second in (from, to] with another offset than at from. */
static int64_t change_in(int64_t from, int64_t to)
{
    const int32_t before = offset_at(from);
    while (to - from > 1) {
        const int64_t mid = from + (to - from) / 2;
        if (offset_at(mid) == before)
            from = mid;
        else
            to = mid;
    }
    return to;
}

/* What the C library's zone is from the first year to the last. */
static bool fill(struct zone *z)
{
    int64_t s = ir_days_from_civil(FIRST_YEAR, 1, 1) * IR_DAY_S;
    const int64_t end = ir_days_from_civil(LAST_YEAR, 1, 1) * IR_DAY_S;
    int32_t offset = offset_at(s);
    z->zone = (struct ir_zone){.offset_s = offset};
    for (; s < end; s += STEP_S) {
        if (offset_at(s + STEP_S) == offset) continue;
        if (z->changes == NULL) z->changes = calloc(CHANGES_MAX, sizeof *z->changes);
        if (z->changes == NULL) return false;
        if (z->zone.n == CHANGES_MAX) break;
        offset = offset_at(s + STEP_S);
        z->changes[z->zone.n++] = (struct ir_zone_change){change_in(s, s + STEP_S) * IR_NS, offset};
    }
    z->zone.change = z->changes;
    return true;
}

static void name_machine(struct zone *z, const struct env *env)
{
    const unsigned minutes = (unsigned)abs(env->zone_s) / 60;
    const time_t now = (time_t)(env->now / IR_NS);
    struct tm tm;
    const char *name = localtime_r(&now, &tm) != NULL && tm.tm_zone != NULL ? tm.tm_zone : "";
    const bool word = ir_isalpha(name[0]) != 0 && strlen(name) < 16;
    if (env->zone_s == 0 && word)
        snprintf(z->name, sizeof z->name, "%s", name);
    else
        snprintf(z->name, sizeof z->name, "%s%s%c%02u:%02u", word ? name : "", word ? " " : "",
                 env->zone_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* "Europe/Berlin": a file below the directory of zones, and nowhere else. */
static bool has_file(const char *name)
{
    char path[256];
    if (!ir_isalpha(name[0]) || strstr(name, "..") != NULL) return false;
    for (const char *p = name; *p != '\0'; p++)
        if (!ir_isalnum(*p) && strchr("/_+-", *p) == NULL) return false;
    const int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

static bool fill_named(struct zone *z, const char *name)
{
    const char *was = getenv("TZ");
    char *keep = was != NULL ? strdup(was) : NULL;
    if (was != NULL && keep == NULL) return false;
    setenv("TZ", name, 1);
    tzset();
    const bool good = fill(z);
    if (keep != NULL)
        setenv("TZ", keep, 1);
    else
        unsetenv("TZ");
    tzset();
    free(keep);
    return good;
}

int zone_open(struct zone *z, const struct cmd *cmd, const char *text, const struct env *env)
{
    *z = (struct zone){.changes = NULL};
    bool good;
    if (text == NULL) {
        name_machine(z, env);
        good = fill(z);
    } else if (ir_zone_from_text(ir_str_z(text), &z->zone.offset_s)) {
        snprintf(z->name, sizeof z->name, "%s", text);
        good = true;
    } else if (has_file(text)) {
        snprintf(z->name, sizeof z->name, "%s", text);
        good = fill_named(z, text);
    } else {
        say(cmd,
            _("--zone: %s: no such zone; write +09:00, UTC, JST or a name below "
              "/usr/share/zoneinfo (package tzdata)"),
            text);
        return IR_EXIT_USAGE;
    }
    if (!good) say(cmd, _("out of memory"));
    return good ? IR_EXIT_OK : IR_EXIT_FAILED;
}

void zone_close(struct zone *z)
{
    free(z->changes);
    *z = (struct zone){.changes = NULL};
}
