/*
 * format/registry.c: the list, the choice by bids, and the chain of formats for single records.
 */
#include "syslog_test.h"

static void chosen(const char *head, const char *want)
{
    int bids[512] = {0};
    const struct ir_format *f = ir_formats_choose(NULL, ir_str_z(head), bids);
    is_str(ir_str_z(f->name), want, "format of '%.40s'", head);
    for (size_t i = 0; i < ir_formats_builtin.n; i++)
        if (bids[i] < 0 || bids[i] > 100)
            ok(false, "bid %d of %s", bids[i], ir_formats_builtin.list[i]->name);
}

static void test_list(void)
{
    size_t n = 0;
    for (; ir_formats_builtin.list[n] != NULL; n++) {
        const struct ir_format *f = ir_formats_builtin.list[n];
        ok(ir_format_by_name(ir_str_z(f->name)) == f, "%s is found by name", f->name);
        ok(f->title != NULL && f->title[0] != '\0', "%s has a title", f->name);
        ok(f->bid != NULL, "%s bids", f->name);
        bool joins = (f->flags & IR_FMT_STATEFUL) != 0;
        ok(joins == (f->feed != NULL) && joins == (f->flush != NULL), "%s: feed and flush",
           f->name);
        ok(joins || f->parse != NULL, "%s parses", f->name);
        bool docs = (f->flags & IR_FMT_DOCUMENTS) != 0;
        ok(!docs || (f->cut != NULL && f->next != NULL), "%s cuts its documents", f->name);
        bool last = ir_formats_builtin.list[n + 1] == NULL;
        ok(last == ((f->flags & IR_FMT_FALLBACK) != 0), "%s: only the last takes all", f->name);
    }
    is_int((long long)ir_formats_builtin.n, (long long)n, "the count");
    ok(ir_format_by_name(IR_S("SysLog")) == ir_format_by_name(IR_S("syslog")), "case is ignored");
    ok(ir_format_by_name(IR_S("no such")) == NULL, "an unknown name");
    ok(ir_format_by_name(IR_S("")) == NULL, "no name");
}

static void test_choice(void)
{
    chosen("Nov 22 01:02:03 web sshd[1]: hello\nNov 22 01:02:04 web cron[2]: x\n", "syslog");
    chosen("2026-11-22T01:02:03.123456+09:00 web sshd[1]: hello\n", "syslog");
    chosen("<34>1 2026-11-22T01:02:03Z web app - - - hello\n", "syslog");
    chosen("web sshd[1]: hello\nweb sshd[2]: hello\n", "syslog");
    chosen("[    0.000000] Linux version\n[    0.000001] Command line:\n", "syslog");
    chosen("Nov 22 01:02:03 a b: c\nsome words\nNov 22 01:02:03 a b: c\n", "syslog");
    chosen("type=SYSCALL msg=audit(1763800000.123:7): arch=c000003e\n", "auditd");
    chosen("192.0.2.1 - - [22/Nov/2026:01:02:03 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n",
           "apache_access");
    chosen("{\"a\":1}\n{\"a\":2}\n", "json");
    chosen("a line\nand another\n", "text");
    chosen("2026-11-22 01:02:03 INFO main: hello\n", "text");
    chosen("", "text");
    chosen("\n\n\n", "text");
}

static void takes(struct lines *t, const char *text, const char *want, bool unrecognised)
{
    line(t, text);
    is_str(ir_str_z(t->took->name), want, "who takes '%.60s'", text);
    is_int((t->ev->flags & IR_EV_UNRECOGNISED) != 0, unrecognised, "recognised: '%.60s'", text);
    is_str(t->ev->raw, text, "raw of '%.60s'", text);
}

static void test_chain(void)
{
    struct lines t;
    lines_open(&t, "apache_access", 1763800000);
    takes(&t, "Nov 22 01:02:03 web sshd[1]: hello", "syslog", false);
    takes(&t, "    at java.lang.Thread.run(Thread.java:1)", "text", true);
    takes(&t, "2026-11-22 01:02:03 strange words", "text", true);
    ok(t.ev->flags & IR_EV_TIME, "a time is found all the same");
    takes(&t, "", "text", true);
    takes(&t, "\x01\xff", "text", true);
    lines_close(&t);
    lines_open(&t, "syslog", 1763800000);
    takes(&t, "192.0.2.1 - - [22/Nov/2026:01:02:03 +0900] \"GET / HTTP/1.1\" 200 5",
          "apache_access", false);
    takes(&t, "Nov 22 01:02:03", "text", true);
    is_int(t.parser.clock.month, 0, "a refused record does not move the clock");
    lines_close(&t);
    lines_open(&t, "text", 1763800000);
    takes(&t, "2026-11-22 01:02:03 strange words", "text", false);
    takes(&t, "strange words", "text", true);
    is_str(field(&t, IR_F_MESSAGE), "strange words", "the message is the whole line");
    lines_close(&t);
}

int main(void)
{
    test_list();
    test_choice();
    test_chain();
    return done();
}
