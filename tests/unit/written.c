/*
 * Dates as they are written in Japan: every form, every day of five decades there and back, the
 * days on which eras change, and what is refused with a reason.
 */
#include "base/written.h"

#include <stdio.h>

#include "base/time.h"
#include "tap.h"

static const char *const weekday[] = {"日", "月", "火", "水", "木", "金", "土"};

static void reads(const char *said, const char *want)
{
    char iso[IR_TIME_TEXT] = "";
    struct ir_err err = {0};
    const int rc = ir_written_time(ir_str_z(said), iso, &err);
    ok(rc == IR_OK && strcmp(iso, want) == 0, "%s is %s (%d %s%s)", said, want, rc, iso, err.msg);
}

static void refuses(const char *said, int want, const char *why)
{
    char iso[IR_TIME_TEXT] = "";
    struct ir_err err = {0};
    const int rc = ir_written_time(ir_str_z(said), iso, &err);
    ok(rc == want && strstr(err.msg, why) != NULL, "%s is refused: %s (%d %s)", said, why, rc,
       err.msg);
}

static void forms(void)
{
    static const struct {
        const char *said, *want;
    } good[] = {
        {"令和8年11月20日", "2026-11-20"},
        {"R8.11.20", "2026-11-20"},
        {"r8/11/20", "2026-11-20"},
        {"R.8.11.20", "2026-11-20"},
        {"R08-11-20", "2026-11-20"},
        {"㋿8年11月20日", "2026-11-20"},
        {"令和 8 年 11 月 20 日", "2026-11-20"},
        {"2026年11月20日 9時30分", "2026-11-20T09:30:00"},
        {"2026年11月20日9時", "2026-11-20T09:00:00"},
        {"2026/11/20", "2026-11-20"},
        {"2026/1/2 9:05", "2026-01-02T09:05:00"},
        {"2026.11.20", "2026-11-20"},
        {"西暦2026年11月20日", "2026-11-20"},
        {"２０２６／１１／２０　９：３０", "2026-11-20T09:30:00"},
        {"令和８年１１月２０日（金）午後３時半", "2026-11-20T15:30:00"},
        {"令和8年11月20日金曜日 午前9時5分7秒", "2026-11-20T09:05:07"},
        {"2026年11月20日(金曜) 正午", "2026-11-20T12:00:00"},
        {"2026/11/20 午後11:59", "2026-11-20T23:59:00"},
        {"2026/11/20 午前0時", "2026-11-20T00:00:00"},
        {"2026年11月20日 9時30分 JST", "2026-11-20T09:30:00+09:00"},
        {"2026/11/20 9:30 -03:30", "2026-11-20T09:30:00-03:30"},
        {" 2026-11-20 ", "2026-11-20"},
        {"2026-11-20T09:30+09:00", "2026-11-20T09:30+09:00"},
        {"now", "now"},
        {"＠０", "@0"},
        {"平成12年2月29日", "2000-02-29"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        reads(good[i].said, good[i].want);
}

static void borders(void)
{
    reads("昭和64年1月7日", "1989-01-07");
    reads("平成元年1月8日", "1989-01-08");
    reads("H1.1.8", "1989-01-08");
    reads("平成31年4月30日", "2019-04-30");
    reads("令和元年5月1日", "2019-05-01");
    reads("令和１年５月１日", "2019-05-01");
    reads("昭和元年12月25日", "1926-12-25");
    refuses("昭和64年1月8日", IR_BAD, "not of this era");
    refuses("平成元年1月7日", IR_BAD, "not of this era");
    refuses("平成31年5月1日", IR_BAD, "not of this era");
    refuses("令和元年4月30日", IR_BAD, "not of this era");
    refuses("昭和元年12月24日", IR_BAD, "not of this era");
    refuses("令和0年5月1日", IR_BAD, "not of this era");
}

static void refused(void)
{
    static const struct {
        const char *said;
        int rc;
        const char *why;
    } bad[] = {
        {"11月20日", IR_BAD, "of which year"},
        {"11/20 9:30", IR_BAD, "of which year"},
        {"8/11/20", IR_BAD, "four digits or its era"},
        {"26年11月20日", IR_BAD, "four digits or its era"},
        {"11/20/2026", IR_BAD, "four digits or its era"},
        {"令和8年2月29日", IR_BAD, "no such day"},
        {"2026-02-30", IR_BAD, "no such day"},
        {"2026年13月1日", IR_BAD, "no such day"},
        {"2026/0/1", IR_BAD, "no such day"},
        {"0000年1月1日", IR_BAD, "no such day"},
        {"2026年11月20日(木)", IR_BAD, "do not agree"},
        {"2026年11月20日 24時", IR_BAD, "no such time"},
        {"2026年11月20日 9時60分", IR_BAD, "no such time"},
        {"2026年11月20日 午後13時", IR_BAD, "no such time"},
        {"2026年11月20日 午前12時", IR_BAD, "noon or midnight"},
        {"2026年11月20日 午後12時30分", IR_BAD, "noon or midnight"},
        {"令和8年", IR_END, "no date"},
        {"令和8年11月", IR_END, "no date"},
        {"2026年11月20日頃", IR_END, "no date"},
        {"2026年11月20日 9", IR_END, "no date"},
        {"2026年11/20", IR_END, "no date"},
        {"大正15年12月24日", IR_END, "no date"},
        {"9時30分", IR_END, "no date"},
        {"2026-11-20 JST", IR_END, "no date"},
        {"2026年11月20日 9:30 火星", IR_END, "no date"},
        {"R8.11.20\xe2\x80\xae", IR_END, "no date"},
        {"令和8年111月20日", IR_END, "no date"},
        {"=cmd|", IR_END, "no date"},
        {"元年5月1日", IR_END, "no date"},
        {"", IR_END, "no date"},
        {"令", IR_END, "no date"},
        {"\xe4\xbb", IR_END, "no date"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuses(bad[i].said, bad[i].rc, bad[i].why);
    char iso[IR_TIME_TEXT];
    ok(ir_written_time(IR_S("2026-11-20\0T09:30"), iso, NULL) == IR_END, "a NUL ends no date");
    static char great[10 << 20];
    memset(great, '2', sizeof great);
    ok(ir_written_time(ir_str_n(great, sizeof great), iso, NULL) == IR_END, "10 MB of digits");
}

/* The year of the era, written by hand from the days on which they changed. */
static const char *era(int n, int year, int *ret_year)
{
    *ret_year = n >= 20190501 ? year - 2018 : n >= 19890108 ? year - 1988 : year - 1925;
    return n >= 20190501 ? "令和" : n >= 19890108 ? "平成" : "昭和";
}

static const char *one_day(int64_t day)
{
    static char form[8][96];
    struct ir_civil c;
    char want[16];
    int y;
    ir_time_to_civil(day * IR_DAY_S * IR_NS, 0, &c);
    const char *e = era(c.year * 10000 + c.month * 100 + c.day, c.year, &y);
    const char *w = weekday[(day + 4) % 7];
    const char letter = strcmp(e, "令和") == 0 ? 'R' : strcmp(e, "平成") == 0 ? 'H' : 'S';
    snprintf(want, sizeof want, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
    snprintf(form[0], sizeof *form, "%s%d年%d月%d日", e, y, c.month, c.day);
    snprintf(form[1], sizeof *form, "%c%d.%d.%d", letter, y, c.month, c.day);
    snprintf(form[2], sizeof *form, "%d年%d月%d日(%s)", c.year, c.month, c.day, w);
    snprintf(form[3], sizeof *form, "%d/%d/%d", c.year, c.month, c.day);
    snprintf(form[4], sizeof *form, "%s%02d年%02d月%02d日　%s曜日", e, y, c.month, c.day, w);
    snprintf(form[5], sizeof *form, "%s", want);
    snprintf(form[6], sizeof *form, "%s元年%d月%d日", e, c.month, c.day);
    for (size_t i = 0; i < (y == 1 ? 7 : 6); i++) {
        char iso[IR_TIME_TEXT] = "";
        if (ir_written_time(ir_str_z(form[i]), iso, NULL) != IR_OK || strcmp(iso, want) != 0)
            return form[i];
    }
    return NULL;
}

int main(void)
{
    const char *wrong = NULL;
    const int64_t last = ir_days_from_civil(2040, 12, 31);
    forms();
    borders();
    refused();
    for (int64_t day = 0; day <= last && wrong == NULL; day++)
        wrong = one_day(day);
    ok(wrong == NULL, "every day from 1970 to 2040, in six forms: %s", wrong ? wrong : "");
    return done();
}
