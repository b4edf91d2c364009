/*
 * format/utmp.c and format/lastlog.c: records in both byte orders and sizes, records that somebody
 * zeroed, and files that lost bytes. The same as
 * utmpdump(1): see tests/diff/utmp.sh.
 */
#include "rows.h"

extern const struct ir_format ir_format_utmp, ir_format_lastlog;

struct rec {
    unsigned char b[400];
};

static void put(unsigned char *p, unsigned n, bool big, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        p[big ? n - 1 - i : i] = (unsigned char)(v >> (8 * i));
}

static void text(unsigned char *p, size_t max, const char *s)
{
    memcpy(p, s, strlen(s) < max ? strlen(s) : max);
}

static struct ir_str make(struct rec *r, bool big, bool wide, int type, const char *user,
                          const char *host)
{
    unsigned w = wide ? 8 : 4;
    memset(r, 0, sizeof *r);
    put(r->b, 2, big, (uint64_t)type);
    put(r->b + 4, 4, big, 4711);
    text(r->b + 8, 32, type == 6 ? "ssh:notty" : type == 2 ? "~" : "pts/1");
    text(r->b + 44, 32, user);
    text(r->b + 76, 256, host);
    put(r->b + 336 + w, w, big, 1795309323);
    put(r->b + 336 + 2 * w, w, big, 250000);
    memcpy(r->b + 336 + 3 * w, "\xc0\x00\x02\x07", 4);
    return ir_str_n((const char *)r->b, wide ? 400 : 384);
}

static void test_layouts(void)
{
    for (int i = 0; i < 4; i++) {
        struct lines t;
        struct rec r;
        bool big = i & 1, wide = i & 2;
        lines_open(&t, "utmp", 1795400000);
        gives(&t, make(&r, big, wide, 7, "bob", "192.0.2.7"),
              "time=2026-11-22T01:02:03.250Z|event.action=logon|event.outcome=success|"
              "user.name=bob|source.ip=192.0.2.7|process.tty.name=pts/1|process.pid=4711|"
              "message=logon user=bob line=pts/1 host=192.0.2.7|source.domain=-");
        gives(&t, make(&r, big, wide, 6, "admin", "h.example.com"),
              "event.action=logon|event.outcome=failure|user.name=admin|source.ip=192.0.2.7|"
              "source.domain=h.example.com");
        gives(&t, make(&r, big, wide, 8, "", ""),
              "event.action=logoff|user.name=-|process.tty.name=pts/1|event.outcome=-");
        gives(&t, make(&r, big, wide, 2, "reboot", "6.1.0-13-amd64"),
              "event.action=boot|source.domain=-|user.name=-|event.outcome=-");
        gives(&t, make(&r, big, wide, 6, "LOGIN", ""), "event.action=login-prompt|user.name=-");
        gives(&t, make(&r, big, wide, 7, "UNKNOWN", "192.0.2.7"),
              "event.action=logon|event.outcome=failure|user.name=UNKNOWN|source.ip=192.0.2.7");
        make(&r, big, wide, 0, "bob", "192.0.2.7");
        text(r.b + 8, 32, "ftpd812");
        gives(&t, ir_str_n((const char *)r.b, wide ? 400 : 384),
              "event.action=logon|event.outcome=success|user.name=bob|source.ip=192.0.2.7");
        memset(r.b + 44, 0, 32);
        gives(&t, ir_str_n((const char *)r.b, wide ? 400 : 384),
              "event.action=logoff|event.outcome=-|user.name=-");
        ok(has_source(&t, IR_LS_LINUX_UTMP), "log source");
        prefixes(&t, make(&r, big, wide, 7, "bob", "192.0.2.7"));
        lines_close(&t);
    }
}

/* shadow's login(1) writes the same record to wtmp and to btmp. */
static void test_btmp(void)
{
    static const char success[] = "event.outcome=success|user.name=bob",
                      failure[] = "event.action=logon|event.outcome=failure|user.name=bob";
    struct lines t;
    struct rec user, refusal, end;
    struct ir_str logon = make(&user, false, false, 7, "bob", "192.0.2.7");
    lines_open(&t, "utmp", 1795400000);
    gives(&t, logon, success);
    gives(&t, make(&refusal, false, false, 6, "eve", ""), "event.outcome=failure");
    gives(&t, logon, failure);
    gives(&t, make(&end, false, false, 8, "", ""), "event.action=logoff");
    gives(&t, logon, success); /* whatever a wtmp holds, it stays one */
    lines_close(&t);
    lines_open(&t, "utmp", 1795400000);
    t.parser.path = IR_S("/mnt/var/log/btmp.1");
    gives(&t, logon, failure);
    lines_close(&t);
    lines_open(&t, "utmp", 1795400000);
    t.parser.path = IR_S("/srv/btmp/wtmp");
    gives(&t, logon, success);
    lines_close(&t);
}

static int logons_of_bob(struct ir_str rest)
{
    struct ir_str rec;
    struct lines t;
    int n = 0;
    lines_open(&t, "utmp", 1795400000);
    while (ir_format_utmp.next(&rest, &rec))
        n += parse_one(&t, rec) == IR_OK && (t.ev->flags & IR_EV_TIME) != 0 &&
             ir_str_eq(field(&t, IR_F_USER_NAME), IR_S("bob"));
    lines_close(&t);
    return n;
}

/* Zeros in the middle, and bytes cut out: the records behind are found again. */
static void test_tampered(void)
{
    static unsigned char file[8 * 400];
    for (int wide = 0; wide < 2; wide++) {
        size_t size = wide ? 400 : 384;
        struct rec r;
        for (unsigned i = 0; i < 8; i++)
            memcpy(file + i * size, make(&r, wide, wide, 7, "bob", "192.0.2.7").p, size);
        struct ir_str all = ir_str_n((const char *)file, 8 * size);
        is_int(ir_format_utmp.bid(all), 97, "bid");
        is_int(documents(&ir_format_utmp, all), 8, "eight records");
        memset(file + 2 * size, 0, 2 * size);
        is_int(documents(&ir_format_utmp, all), 8, "zeroed ones count");
        memmove(file + size + 100, file + size + 140, 7 * size - 140);
        all.n -= 40;
        documents(&ir_format_utmp, all);
        is_int(logons_of_bob(all), 5, "40 bytes are missing, the good records are found");
    }
    struct lines t;
    lines_open(&t, "utmp", 1795400000);
    struct rec r = {0};
    gives(&t, ir_str_n((const char *)r.b, 384), "event.action=utmp-empty-record|time=-");
    refuses(&t, ir_str_n((const char *)r.b, 383));
    lines_close(&t);
    is_int(ir_format_utmp.bid(ir_str_n((const char *)r.b, 384)), 0, "no bid for zeros alone");
    is_int(ir_format_utmp.bid(IR_S("text")), 0, "nor for text");
    /* a head of its own, zeros, and something that looks like a record by chance */
    static unsigned char other[4096 + 2 * 384];
    memcpy(other, "ElfFile\0\0\0\0\0\0\0\0\0\3", 17);
    memcpy(other + 11 * 384, make(&r, false, false, 7, "bob", "192.0.2.7").p, 384);
    is_int(ir_format_utmp.bid(ir_str_n((const char *)other, sizeof other)), 0,
           "nor for another binary file that holds many zeros");
}

static void test_lastlog(void)
{
    static unsigned char file[20 * 292];
    struct lines t;
    unsigned char *p = file + 12 * 292;
    memset(file, 0, sizeof file);
    put(p, 4, false, 1795309323);
    text(p + 4, 32, "pts/0");
    text(p + 36, 256, "192.0.2.9");
    struct ir_str all = ir_str_n((const char *)file, sizeof file), rest = all, rec;
    is_int(ir_format_lastlog.bid(all), 95, "bid of lastlog");
    is_int(documents(&ir_format_lastlog, all), 1, "one login between the holes");
    lines_open(&t, "lastlog", 1795400000);
    ok(ir_format_lastlog.next(&rest, &rec), "the record");
    is_int((long long)(rec.p - all.p), 12 * 292, "is where the user's number says");
    ir_event_begin(t.ev, rec, 12 * 292, 1);
    is_int(t.parser.fmt->parse(&t.parser, rec, t.ev), IR_OK, "lastlog record");
    has_fields(&t,
               "user.id=12|source.ip=192.0.2.9|process.tty.name=pts/0|event.action=last-logon|"
               "time=2026-11-22T01:02:03Z",
               "lastlog");
    prefixes(&t, rec);
    lines_close(&t);
}

int main(void)
{
    test_layouts();
    test_btmp();
    test_tampered();
    test_lastlog();
    return done();
}
