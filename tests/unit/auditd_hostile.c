/*
 * auditd: what somebody can do who chooses command lines, names and messages, or who writes to the
 * log itself. Strings of an attacker's choice are encoded as the kernel encodes them; whatever they
 * say, they must come out as they went in, and no other field may change. All records are invented.
 */
#include <stdlib.h>

#include "format/auditd.h"
#include "tests/tap.h"

#define TEXT_MAX ((size_t)1 << 16)
#ifdef IR_TINY
#define MANY 600 /* arguments; more would not fit into an event's records */
#else
#define MANY 9000
#endif

struct run {
    struct ir_arena arena;
    struct ir_names *names;
    struct ir_event *ev;
    struct ir_parser p;
    uint32_t n, flags, npaths;
    char command[TEXT_MAX], title[TEXT_MAX], cwd[TEXT_MAX], comm[TEXT_MAX], path[TEXT_MAX];
    char others[TEXT_MAX]; /* every other field: view, name, value */
    size_t nothers;
    bool file, process;
};

static struct ir_str name_of(const struct run *r, const struct ir_field *f)
{
    return f->id == IR_F_NONE ? f->name : ir_names_text(r->names, f->id);
}

static void put(char *to, struct ir_str v)
{
    snprintf(to, TEXT_MAX, "%.*s", IR_FMT(v));
}

/* The values that the attacker chose; all others are written down. */
static void take(struct run *r, const struct ir_field *f)
{
    struct ir_str name = name_of(r, f);
    static const char *const derived[] = {
        "process.args", "a0",  "a1",   "a2",      "proctitle",         "exe",
        "name",         "cmd", "argc", "message", "process.executable"};
    if (ir_str_eq(name, IR_S("process.command_line"))) {
        put(r->command, f->val);
    } else if (ir_str_eq(name, IR_S("process.title"))) {
        put(r->title, f->val);
    } else if (ir_str_eq(name, IR_S("process.working_directory")) || ir_str_eq(name, IR_S("cwd"))) {
        put(r->cwd, f->val);
    } else if (ir_str_eq(name, IR_S("process.name")) || ir_str_eq(name, IR_S("comm"))) {
        put(r->comm, f->val);
    } else if (ir_str_eq(name, IR_S("file.path"))) {
        put(r->path, f->val);
        r->npaths++;
    } else {
        for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
            if (ir_str_eq(name, ir_str_z(derived[i]))) return;
        int n = snprintf(r->others + r->nothers, TEXT_MAX - r->nothers, "%u %.*s=%.*s\n", f->view,
                         IR_FMT(name), IR_FMT(f->val));
        if (n > 0 && (size_t)n < TEXT_MAX - r->nothers) r->nothers += (size_t)n;
    }
}

static void on_event(void *user, struct ir_event *ev)
{
    struct run *r = user;
    r->n++;
    r->flags |= ev->flags;
    r->nothers = r->npaths = 0;
    r->command[0] = r->title[0] = r->cwd[0] = r->comm[0] = r->path[0] = r->others[0] = 0;
    r->file = r->process = false;
    for (uint32_t i = 0; i < ev->nfields; i++)
        take(r, &ev->fields[i]);
    for (uint32_t v = 0; v < ev->nviews; v++)
        for (uint16_t i = 0; i < ev->views[v].nsources; i++) {
            r->file |= ev->views[v].sources[i] == IR_LS_LINUX_FILE_EVENT;
            r->process |= ev->views[v].sources[i] == IR_LS_LINUX_PROCESS_CREATION;
        }
}

static struct run *start(void)
{
    struct run *r = calloc(1, sizeof *r);
    if (r == NULL) abort();
    r->arena = IR_ARENA((size_t)64 << 20);
    r->names = ir_names_new();
    r->ev = ir_event_new(r->names, &r->arena);
    r->ev->want_all = true;
    r->p = (struct ir_parser){
        .fmt = &ir_format_auditd, .names = r->names, .emit = on_event, .user = r};
    ok(ir_format_auditd.open(&r->p) == IR_OK, "opens");
    return r;
}

static void stop(struct run *r)
{
    ir_format_auditd.close(&r->p);
    ir_event_free(r->ev);
    ir_names_free(r->names);
    ir_arena_free(&r->arena);
    free(r);
}

static int feed(struct run *r, const char *line)
{
    return ir_format_auditd.feed(&r->p, ir_str_z(line), 0, 1, r->ev);
}

static void flush(struct run *r)
{
    ir_format_auditd.flush(&r->p, r->ev);
    ir_arena_reset(&r->arena);
}

/* audit_log_untrustedstring(): quoted when every byte can stand so, else hex. */
static const char *untrusted(const char *s, size_t n, char *out)
{
    bool plain = true;
    for (size_t i = 0; i < n; i++)
        plain &= s[i] != '"' && (unsigned char)s[i] > 0x20 && (unsigned char)s[i] < 0x7f;
    if (plain) {
        snprintf(out, n + 3, "\"%s\"", s);
        return out;
    }
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02X", (unsigned char)s[i]);
    return out;
}

static const char *const pieces[] = {
    " ",           "=",       "\"",     "'",           "uid=0",    "UID=\"root\"",
    "AUID=",       "\x1d",    "#035",   "res=success", "msg='",    "' ",
    "type=EXECVE", "node=x ", "a1=",    "a0=\"x\"",    "a1[0]=41", "key=\"k\"",
    "(null)",      "?",       "{",      "}",           "41",       "4",
    "hostname=h",  "addr=1",  "argc=9", "success=no",  "auid=0",   "SYSCALL=id",
    "\n",          "\r",      "\t",     "\x01",        ",",        "audit(1.1:1): ",
    "old auid=",   ")",       "op=x y", "\xff",        "-c",       "x"};

static size_t nasty(char *out, size_t max)
{
    size_t n = 0, parts = 1 + (size_t)rand() % 6;
    for (size_t i = 0; i < parts; i++) {
        const char *p = pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)];
        size_t len = strlen(p);
        if (n + len >= max) break;
        memcpy(out + n, p, len);
        n += len;
    }
    out[n] = 0;
    return n;
}

#define AT(serial) "msg=audit(1700000000.100:" serial "): "

/* One execve with these arguments, name, directory, title and file. */
static void exec(struct run *r, const char *arg, const char *name, const char *dir)
{
    char line[8192], a[2048], b[2048];
    size_t n = strlen(arg);
    snprintf(line, sizeof line,
             "type=SYSCALL " AT("7") "arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 "
                                     "a3=4 items=1 ppid=10 pid=11 auid=1000 uid=33 gid=33 euid=33 "
                                     "tty=pts0 ses=4 comm=%s exe=%s key=\"web\"",
             untrusted(name, strlen(name), a), untrusted(arg, n, b));
    feed(r, line);
    snprintf(line, sizeof line, "type=EXECVE " AT("7") "argc=3 a0=%s a1=%s a2=\"end\"",
             untrusted(name, strlen(name), a), untrusted(arg, n, b));
    feed(r, line);
    snprintf(line, sizeof line, "type=CWD " AT("7") "cwd=%s", untrusted(dir, strlen(dir), a));
    feed(r, line);
    snprintf(line, sizeof line,
             "type=PATH " AT("7") "item=0 name=%s inode=9 dev=08:01 mode=0100644 ouid=0 ogid=0 "
                                  "rdev=00:00 nametype=CREATE",
             untrusted(arg, n, b));
    feed(r, line);
    snprintf(line, sizeof line, "type=PROCTITLE " AT("7") "proctitle=%s", untrusted(arg, n, b));
    feed(r, line);
    flush(r);
}

static void test_arguments(void)
{
    struct run *r = start();
    static char baseline[TEXT_MAX];
    char arg[256], name[256], dir[256], want[1024];
    srand(5);
    exec(r, "/x", "y", "/z");
    memcpy(baseline, r->others, sizeof baseline);
    ok(strstr(baseline, "user.id=33") != NULL && strstr(baseline, "tags=web") != NULL,
       "there is something to compare");
    int moved = 0, spoiled = 0;
    for (int i = 0; i < 4000 && moved + spoiled < 5; i++) {
        arg[0] = dir[0] = '/'; /* so that the path does not depend on the directory */
        nasty(arg + 1, 250);
        nasty(name, 250);
        nasty(dir + 1, 250);
        exec(r, arg, name, dir);
        if (strcmp(r->others, baseline) != 0) {
            moved++;
            printf("# moved by: %s | %s | %s\n", arg, name, dir);
        }
        snprintf(want, sizeof want, "%s %s end", name, arg);
        if (strcmp(r->command, want) != 0 || strcmp(r->title, arg) != 0 ||
            strcmp(r->cwd, dir) != 0 || strcmp(r->comm, name) != 0 || strcmp(r->path, arg) != 0) {
            spoiled++;
            printf("# spoiled: %s | %s | %s\n", arg, name, dir);
        }
        if (!r->file || !r->process) spoiled++;
    }
    is_int(moved, 0, "no argument moves a value to another field");
    is_int(spoiled, 0, "and each comes out as it went in");
    ok(!(r->flags & (IR_EV_DAMAGED | IR_EV_TRUNCATED)), "without damage");
    stop(r);
}

/* A message of a user space program: acct= and cmd= are encoded, the rest is its own. */
static void test_messages(void)
{
    struct run *r = start();
    static char baseline[TEXT_MAX];
    char text[256], line[4096], a[1024];
    static const char *const tails[] = {"'", "'\x1dUID=\"www-data\" AUID=\"alice\""};
    for (int t = 0; t < 2; t++) {
        int moved = 0, spoiled = 0;
        srand(6);
        for (int i = 0; i < 3000 && moved + spoiled < 5; i++) {
            nasty(text, 250);
            if (i == 0) snprintf(text, sizeof text, "id");
            snprintf(line, sizeof line,
                     "type=USER_CMD " AT("8") "pid=5 uid=33 auid=1000 ses=2 msg='cwd=\"/\" cmd=%s "
                                              "exe=\"/usr/bin/sudo\" terminal=pts/0 res=failed%s",
                     untrusted(text, strlen(text), a), tails[t]);
            feed(r, line);
            flush(r);
            if (i == 0) memcpy(baseline, r->others, sizeof baseline);
            if (strcmp(r->others, baseline) != 0) {
                moved++;
                printf("# moved by: %s\n", text);
            }
            if (strcmp(r->command, text) != 0) {
                spoiled++;
                printf("# spoiled: %s, %s\n", text, r->command);
            }
        }
        is_int(moved, 0, "USER_CMD: nothing moves (tail %d)", t);
        is_int(spoiled, 0, "and the command is what was typed");
        ok(strstr(baseline, "event.outcome=failure") != NULL, "it was refused");
    }
    stop(r);
}

static bool has(const struct run *r, const char *text)
{
    return strstr(r->others, text) != NULL;
}

/* A host's name is not encoded: its owner may put anything there. */
static void test_forged_results(void)
{
    static const char *const hosts[] = {
        "h res=success",          "h' res=success",    "h res=success'",
        "h' res=success '",       "h\x1dUID=\"root\"", "h'\x1dUID=\"root\" AUID=\"root\"",
        "h auid=0 uid=0 pid=1",   "h acct=\"root\"",   "h msg='acct=\"root\" res=success'",
        "h addr=127.0.0.1",       "\"h res=success",   "{ res=success }",
        "h type=ADD_USER node=n", "h SYSCALL=execve",  "h#035UID=\"root\""};
    struct run *r = start();
    char line[1024];
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        for (int enriched = 0; enriched < 2; enriched++) {
            snprintf(line, sizeof line,
                     "type=USER_LOGIN " AT("9") "pid=5 uid=33 auid=1000 ses=2 msg='op=login "
                                                "acct=\"eve\" exe=\"/usr/sbin/sshd\" hostname=%s "
                                                "addr=192.0.2.66 terminal=ssh res=failed'%s",
                     hosts[i], enriched ? "\x1dUID=\"www-data\" AUID=\"alice\"" : "");
            feed(r, line);
            flush(r);
            ok(has(r, "event.outcome=failure") && !has(r, "event.outcome=success"),
               "host %zu, %d: the log-in failed", i, enriched);
            ok(has(r, "0 user.name=eve\n") && has(r, "0 user.id=33\n"), "of eve");
            ok(has(r, "source.ip=192.0.2.66") && !has(r, "source.ip=127"), "from where it came");
            ok(!has(r, "audit.name=root") && !has(r, "user.audit.id=0"), "not by root");
            ok(has(r, "event.code=USER_LOGIN") && has(r, "process.pid=5\n"), "by sshd");
            ok(enriched == has(r, "user.audit.name=alice"), "auditd's names are auditd's");
        }
    stop(r);
}

static void test_pieces(void)
{
    struct run *r = start();
    feed(r, "type=SYSCALL " AT("1") "arch=c000003e syscall=59 success=yes pid=2 uid=0");
    for (int i = 0; i < 3; i++) {
        feed(r, "type=EXECVE " AT("1") "argc=3 a0=\"sh\" a1_len=6 a1[0]=2D6 a1[0]=2D63");
        feed(r, "type=EXECVE " AT("1") "a1[1]=20 a2=\"id\"");
    }
    flush(r);
    is_str(ir_str_z(r->command), "sh 2D6-c  id", "records written twice do not double arguments");
    /* More arguments than an event has fields. */
    feed(r, "type=SYSCALL " AT("2") "arch=c000003e syscall=59 success=yes pid=2 uid=0");
    char line[8192];
    for (int at = 0; at < MANY;) {
        int n = snprintf(line, sizeof line, "type=EXECVE " AT("2"));
        for (int i = 0; i < 300 && at < MANY; i++, at++)
            n += snprintf(line + n, sizeof line - (size_t)n, " a%d=\"x\"", at);
        feed(r, line);
    }
    feed(r, "type=PATH " AT("2") "item=0 name=\"/tmp/y\" nametype=CREATE");
    feed(r, "type=PATH " AT("2") "item=1 name=\"/etc/cron.d/x\" nametype=CREATE");
    r->n = 0;
    flush(r);
    is_int(r->n, 1, "%d arguments are one event", MANY);
    is_int((long long)strlen(r->command), MANY * 2 - 1, "whose command line has them all");
    ok(r->file, "and they do not crowd out the file behind them");
    is_int(r->npaths, 4, "each path is in the base and in its own view");
    is_str(ir_str_z(r->path), "/etc/cron.d/x", "its path");
    stop(r);
}

static void test_values(void)
{
    struct run *r = start();
    feed(r, "type=CWD " AT("1") "cwd=2F746");
    flush(r);
    is_str(ir_str_z(r->cwd), "2F746", "an odd number of digits is no hex");
    feed(r, "type=CWD " AT("2") "cwd=\"/tmp/a b c\" uid=0");
    flush(r);
    is_str(ir_str_z(r->cwd), "/tmp/a b c", "blanks within quotes");
    feed(r, "type=SYSCALL " AT("3") "arch=c000003e syscall=42 success=yes pid=2 uid=33 comm=\"a\" "
                                    "msg='uid=0 pid=1' key=\"k\"");
    flush(r);
    ok(has(r, "user.id=33") && has(r, "process.pid=2"), "the kernel's part comes first");
    stop(r);
}

/* The log itself is somebody's to write, copy and cut. */
static void test_log(void)
{
    struct run *r = start();
    is_int(feed(r, "type=CWD msg=audit(1700000000:7): cwd=\"/\""), IR_OK, "a stamp without ms");
    flush(r);
    is_int(r->n, 1, "is an event");
    r->n = 0;
    feed(r, "node=a type=CWD " AT("5") "cwd=\"/a\"");
    feed(r, "node=b type=CWD " AT("5") "cwd=\"/b\"");
    feed(r, "type=CWD " AT("5") "cwd=\"/c\"");
    flush(r);
    is_int(r->n, 3, "node tells namesakes apart, also from a record without one");
    r->n = 0;
    feed(r, "type=CWD msg=audit(1700000000.100:4294967295): cwd=\"/a\"");
    feed(r, "type=CWD msg=audit(1700000000.100:0): cwd=\"/b\"");
    feed(r, "type=PROCTITLE msg=audit(1700000000.100:4294967295): proctitle=\"a\"");
    feed(r, "type=PROCTITLE msg=audit(1700000000.100:0): proctitle=\"b\"");
    is_int(r->n, 2, "the serial wraps");
    is_str(ir_str_z(r->cwd), "/b", "and each event keeps its own");
    r->n = 0;
    for (int i = 100; i > 0; i--) { /* the clock runs backwards, no EOE */
        char line[128];
        snprintf(line, sizeof line, "type=CWD msg=audit(17000%05d.0:1): cwd=\"/\"", i * 60);
        feed(r, line);
    }
    flush(r);
    is_int(r->n, 100, "a clock that runs backwards loses nothing");
    r->n = 0;
    feed(r, "type=SYSCALL " AT("6") "arch=c000003e syscall=59 success=yes pid=2 uid=0");
    feed(r, "type=SYSCALL msg=audit(1700000100.1:7): arch=c000003e syscall=59 success=yes pid=3");
    is_int(r->n, 1, "without EOE time ends an event");
    flush(r);
    is_int(r->n, 2, "or the end of the log");
    stop(r);
}

int main(void)
{
    test_arguments();
    test_messages();
    test_forged_results();
    test_pieces();
    test_values();
    test_log();
    return done();
}
