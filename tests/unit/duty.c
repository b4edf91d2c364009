/*
 * Duties against an independent oracle: every day of 2024 to 2027, walked one by one, with the
 * holidays made from the law's rules instead of the shipped list. The oracle knows no day numbers:
 * it counts fingers on a wall calendar, so that a slip in the arithmetic cannot be in both.
 */
#include "casedb/duty.h"
#include "base/time.h"
#include "tap.h"

#define YEAR_FIRST 2024
#define YEAR_LAST  2028
#define DAYS_MAX   2000

/* A page of the wall calendar. */
static struct page {
    int y, m, d, weekday; /* 0: Sunday */
    bool holiday, closed;
} page[DAYS_MAX];
static int npages;

static int month_length(int y, int m)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : length[m - 1];
}

/* The n-th Monday of the month is this day. */
static bool monday(const struct page *p, int n)
{
    return p->weekday == 1 && (p->d - 1) / 7 == n - 1;
}

/* Act on National Holidays, article 2. The equinox days as astronomers tell them, here by the usual
 * approximation, good until 2099. */
static bool named(const struct page *p)
{
    static const int fixed[] = {101, 211, 223, 429, 503, 504, 505, 811, 1103, 1123};
    const int years = p->y - 1980;
    const int spring = (int)(20.8431 + 0.242194 * years - years / 4);
    const int autumn = (int)(23.2488 + 0.242194 * years - years / 4);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (p->m * 100 + p->d == fixed[i]) return true;
    return (p->m == 3 && p->d == spring) || (p->m == 9 && p->d == autumn) ||
           (p->m == 1 && monday(p, 2)) || (p->m == 7 && monday(p, 3)) ||
           (p->m == 9 && monday(p, 3)) || (p->m == 10 && monday(p, 2));
}

static void hang_up(void)
{
    struct page p = {YEAR_FIRST, 1, 1, 1, false, false}; /* a Monday */
    for (npages = 0; p.y <= YEAR_LAST; npages++) {
        page[npages] = p;
        page[npages].holiday = named(&p);
        p.weekday = p.weekday == 6 ? 0 : p.weekday + 1;
        if (p.d++ < month_length(p.y, p.m)) continue;
        p.d = 1;
        if (p.m++ < 12) continue;
        p.m = 1;
        p.y++;
    }
    bool owed = false; /* article 3, 2: the next day that is none stands in for a Sunday */
    for (int i = 0; i < npages; i++) {
        const bool is = named(&page[i]);
        if (is && page[i].weekday == 0) owed = true;
        if (is || !owed) continue;
        page[i].holiday = true;
        owed = false;
    }
    for (int i = 1; i + 1 < npages; i++) /* article 3, 3: between two holidays */
        if (named(&page[i - 1]) && named(&page[i + 1])) page[i].holiday = true;
    for (int i = 0; i < npages; i++) {
        const int md = page[i].m * 100 + page[i].d;
        page[i].closed = page[i].holiday || page[i].weekday == 0 || page[i].weekday == 6 ||
                         md >= 1229 || md <= 103;
    }
}

static void write_page(const struct page *p, char out[16])
{
    snprintf(out, 16, "%04u-%02u-%02u", (unsigned)p->y % 10000, (unsigned)p->m % 100,
             (unsigned)p->d % 100);
}

/* Turns pages: the day itself is the first. */
static int turn(int from, int days)
{
    while (--days > 0)
        from++;
    return from;
}

static int past_closed(int at)
{
    while (page[at].closed)
        at++;
    return at;
}

static char text[1 << 20];

static struct ir_str read_file(const char *path)
{
    FILE *f = fopen(path, "re");
    const size_t n = f != NULL ? fread(text, 1, sizeof text, f) : 0;
    if (f != NULL) fclose(f);
    return ir_str_n(text, n);
}

static struct ir_duties *load(void)
{
    static const char *const files[] = {"10-appi", "20-mynumber", "30-pmark"};
    struct ir_err err = {0};
    char path[200];
    struct ir_duties *d = ir_duties_new();
    int rc = ir_duties_calendar(d, read_file("casefiles/holidays/jp.yml"), &err);
    for (size_t i = 0; i < 3 && rc == IR_OK; i++) {
        snprintf(path, sizeof path, "casefiles/duties/%s.yml", files[i]);
        rc = ir_duties_add(d, read_file(path), &err);
    }
    if (rc == IR_OK) rc = ir_duties_finish(d, &err);
    ok(rc == IR_OK, "the rules are read: %lld %s", (long long)err.line, err.msg);
    return d;
}

static void holidays(void)
{
    /* The shipped list, line by line: no more and no fewer than the law makes. */
    struct ir_str rest = read_file("casefiles/holidays/jp.yml"), line;
    int listed = 0, made = 0, wrong = 0;
    bool ended;
    for (int i = 0; i < npages; i++)
        made += page[i].holiday;
    while (ir_str_line(&rest, &line, &ended)) {
        if (!ir_str_starts(line, IR_S("  20"))) continue;
        bool found = false;
        for (int i = 0; i < npages && !found; i++) {
            char date[16];
            write_page(&page[i], date);
            found = page[i].holiday && memcmp(line.p + 2, date, 10) == 0;
        }
        if (!found) printf("# no holiday: %.*s\n", IR_FMT(line));
        wrong += !found;
        listed++;
    }
    is_int(wrong, 0, "each listed holiday is one");
    is_int(listed, made, "each holiday of the law is listed");
}

static const struct expect {
    const char *id;
    int days, improper_days;
} expects[] = {{"appi.sokuho", 5, 5},     {"appi.kakuho", 30, 60},     {"appi.itaku", 5, 5},
               {"mynumber.sokuho", 5, 5}, {"mynumber.kakuho", 30, 60}, {"pmark.sokuho", 5, 5},
               {"pmark.kakuho", 30, 60}};

/* Said as a date, as the last nanosecond of that day in Japan, and as its first second. */
static void moments(const char *date, struct ir_moment m[3])
{
    char said[64];
    ir_moment_parse(ir_str_z(date), 0, -5 * 3600, &m[0], NULL);
    snprintf(said, sizeof said, "%sT23:59:59.999999999+09:00", date);
    ir_moment_parse(ir_str_z(said), 0, 0, &m[1], NULL);
    snprintf(said, sizeof said, "%sT00:00:00+09:00", date);
    ir_moment_parse(ir_str_z(said), 0, 0, &m[2], NULL);
}

static void every_day(const struct ir_duties *d)
{
    struct ir_duty_fact fact[] = {{IR_S("persons"), IR_S("1001")},
                                  {IR_S("my_number"), IR_S("101")},
                                  {IR_S("pmark"), IR_S("yes")},
                                  {IR_S("entrusted"), IR_S("yes")},
                                  {IR_S("improper_purpose"), IR_S("no")}};
    struct ir_duty_result r;
    struct ir_moment m[3];
    char date[16], strict[16], shifted[16];
    int checked = 0, wrong = 0;
    for (int i = 0; page[i].y < 2028; i++) {
        write_page(&page[i], date);
        moments(date, m);
        for (size_t k = 0; k < 3 * 2 * sizeof expects / sizeof *expects; k++) {
            const struct expect *e = &expects[k / 6];
            const bool improper = k / 3 % 2;
            const size_t rule = ir_duty_find(d, ir_str_z(e->id), 21000);
            const int due = turn(i, improper ? e->improper_days : e->days);
            write_page(&page[due], strict);
            write_page(&page[past_closed(due)], shifted);
            fact[4].value = improper ? IR_S("yes") : IR_S("no");
            ir_duty_evaluate(d, rule, fact, 5, &m[k % 3], NULL, &r);
            checked++;
            if (r.state == IR_DUTY_TRIGGERED && strcmp(r.due_strict, strict) == 0 &&
                strcmp(r.due_shifted, shifted) == 0)
                continue;
            if (wrong++ < 10)
                printf("# %s, %s: %s %s, the oracle says %s %s\n", e->id, date, r.due_strict,
                       r.due_shifted, strict, shifted);
        }
    }
    is_int(checked, 1461 * 42, "every day of 2024 to 2027");
    is_int(wrong, 0, "C26-3: dates of the Japanese duties agree with the oracle");
}

/* The truth tables of three values, by a rule for each. */
static void logic(void)
{
    static const char head[] = "version: 1\nname: {en: x}\nvalid_from: 2000-01-01\nsource: x\n"
                               "checked_on: 2026-01-01\ndeadline: {kind: asap}\n";
    static const char *const values[] = {"no", "yes", "unknown"};
    char yaml[1000];
    int wrong = 0;
    struct ir_duties *d = ir_duties_new();
    for (int any = 0; any < 2; any++) {
        snprintf(yaml, sizeof yaml, "id: %s\n%strigger: {%s: [{fact: a}, {not: {fact: b}}]}\n",
                 any ? "any" : "all", head, any ? "any" : "all");
        is_int(ir_duties_add(d, ir_str_z(yaml), NULL), IR_OK, "a rule");
    }
    is_int(ir_duties_finish(d, NULL), IR_OK, "both");
    for (int i = 0; i < 18; i++) {
        const int a = i % 3, b = i / 3 % 3, not_b = b == 2 ? 2 : 1 - b, any = i / 9;
        const int decides = any ? 1 : 0;
        const int want = a == decides || not_b == decides ? decides
                         : a == 2 || not_b == 2           ? 2
                                                          : 1 - decides;
        const struct ir_duty_fact fact[] = {{IR_S("a"), ir_str_z(values[a])},
                                            {IR_S("b"), ir_str_z(values[b])}};
        struct ir_duty_result r;
        ir_duty_evaluate(d, ir_duty_find(d, any ? IR_S("any") : IR_S("all"), 20000), fact, 2, NULL,
                         NULL, &r);
        if ((int)r.state != want) printf("# %d %d %d: %d, not %d\n", any, a, b, r.state, want);
        wrong += (int)r.state != want;
    }
    is_int(wrong, 0, "all, any and not of three values");
    ir_duties_free(d);
}

int main(void)
{
    hang_up();
    holidays();
    struct ir_duties *d = load();
    every_day(d);
    logic();
    ir_duties_free(d);
    return done();
}
