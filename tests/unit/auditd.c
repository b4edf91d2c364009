/*
 * auditd: joining, decoding, views, and what an attacker tries with them. The records are our own
 * invention; the comparison with another parser's expectations is auditd_golden.c.
 */
#include "format/auditd.h"
#include "tests/tap.h"

#define EVENTS_MAX 64
#define S(at)      "msg=audit(1700000000." at "): "

struct run {
    struct ir_arena arena, blocks;
    bool hold;
    struct ir_names *names;
    struct ir_event *ev, *got[EVENTS_MAX];
    struct ir_parser p;
    uint64_t offset, line;
    uint32_t n;
};

static void keep(void *user, struct ir_event *ev)
{
    struct run *r = user;
    if (r->n++ >= EVENTS_MAX) return;
    struct ir_event *to = r->got[r->n - 1];
    struct ir_field *fields = to->fields;
    struct ir_view *views = to->views;
    struct ir_event_slot *slots = to->slots;
    memcpy(fields, ev->fields, ev->nfields * sizeof *fields);
    memcpy(views, ev->views, ev->nviews * sizeof *views);
    memcpy(slots, ev->slots, ev->nslots * sizeof *slots);
    *to = *ev;
    to->fields = fields;
    to->views = views;
    to->slots = slots;
}

static void start(struct run *r)
{
    *r = (struct run){.arena = IR_ARENA((size_t)256 << 20), .names = ir_names_new()};
    static const char *const asked[] = {"a0",   "a1",  "a2",  "a3",        "name",  "exe", "comm",
                                        "key",  "ses", "uid", "nametype",  "laddr", "op",  "pid",
                                        "addr", "cmd", "res", "proctitle", "ARCH",  "data"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        ir_names_add(r->names, ir_str_z(asked[i]));
    r->ev = ir_event_new(r->names, &r->arena);
    for (int i = 0; i < EVENTS_MAX; i++)
        r->got[i] = ir_event_new(r->names, &r->arena);
    r->p = (struct ir_parser){.fmt = &ir_format_auditd, .names = r->names, .emit = keep, .user = r};
    ok(ir_format_auditd.open(&r->p) == IR_OK, "opens");
}

static void stop(struct run *r)
{
    ir_format_auditd.close(&r->p);
    for (int i = 0; i < EVENTS_MAX; i++)
        ir_event_free(r->got[i]);
    ir_event_free(r->ev);
    ir_names_free(r->names);
    ir_arena_free(&r->arena);
    ir_arena_free(&r->blocks);
}

/* The line is fed from memory that is gone afterwards, as a block may be before its group is
 * complete. A record that is an event alone refers to its block, which then must stay (`hold`). */
static int feed_n(struct run *r, struct ir_str line)
{
    struct ir_str copy = ir_arena_dup(&r->blocks, line);
    if (copy.p == NULL) return IR_FATAL;
    int rc = ir_format_auditd.feed(&r->p, copy, r->offset, ++r->line, r->ev);
    r->offset += line.n + 1;
    if (!r->hold) {
        memset((char *)(uintptr_t)copy.p, 'X', copy.n);
        ir_arena_free(&r->blocks);
    }
    return rc;
}

static int feed(struct run *r, const char *line)
{
    return feed_n(r, ir_str_z(line));
}

static void flush(struct run *r)
{
    ir_format_auditd.flush(&r->p, r->ev);
}

static struct ir_str get(const struct run *r, uint32_t at, uint32_t view, const char *name)
{
    uint32_t id = ir_names_find(r->names, ir_str_z(name));
    if (at >= r->n || id == IR_F_NONE) return IR_S("<no such event or name>");
    return ir_event_get(r->got[at], id, view);
}

/* The first view of that log source (and record type, when given); UINT32_MAX when there is none.
 */
static uint32_t view_of(const struct run *r, uint32_t at, enum ir_logsource_id ls, const char *type)
{
    if (at >= r->n) return UINT32_MAX;
    const struct ir_event *ev = r->got[at];
    for (uint32_t v = 0; v < ev->nviews; v++)
        for (uint16_t i = 0; i < ev->views[v].nsources; i++)
            if (ev->views[v].sources[i] == ls &&
                (type == NULL || ir_str_eq(get(r, at, v, "type"), ir_str_z(type))))
                return v;
    return UINT32_MAX;
}

#define SYSCALL_EXEC                                                                               \
    "arch=c000003e syscall=59 success=yes exit=0 a0=7ffd a1=26 a2=3 a3=1 items=2 ppid=%s pid=%s "  \
    "auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm=%s exe=%s key=%s"

static void exec_event(struct run *r, const char *at, const char *ppid, const char *pid,
                       const char *comm, const char *exe, const char *args)
{
    char line[4096], head[64];
    snprintf(head, sizeof head, "msg=audit(1700000000.%s): ", at);
    snprintf(line, sizeof line, "type=SYSCALL %s" SYSCALL_EXEC, head, ppid, pid, comm, exe,
             "726F6F7463016D6473");
    feed(r, line);
    snprintf(line, sizeof line, "type=EXECVE %s%s", head, args);
    feed(r, line);
    snprintf(line, sizeof line, "type=CWD %scwd=\"/srv/x\"", head);
    feed(r, line);
    snprintf(line, sizeof line, "type=PROCTITLE %sproctitle=6C73002D6C00", head);
    feed(r, line);
    snprintf(line, sizeof line, "type=EOE %s", head);
    feed(r, line);
}

static void test_exec(void)
{
    struct run r;
    start(&r);
    exec_event(&r, "100:7", "1", "900", "\"bash\"", "\"/bin/bash\"", "argc=1 a0=\"-bash\"");
    exec_event(&r, "200:8", "900", "901", "\"ls\"", "2F746D702F61206C73",
               "argc=3 a0=\"ls\" a1=2D6C2061 a2=\"777\"");
    is_int(r.n, 2, "two events, and no third for the EOE after PROCTITLE");
    is_str(get(&r, 1, 0, "process.executable"), "/tmp/a ls", "exe with a blank is decoded");
    is_str(get(&r, 1, 0, "process.command_line"), "ls -l a 777", "command line");
    is_str(get(&r, 1, 0, "process.title"), "ls -l", "title without its last NUL");
    is_str(get(&r, 1, 0, "SYSCALL"), "execve", "number 59 of x86_64");
    is_str(get(&r, 1, 0, "ARCH"), "x86_64", "machine");
    is_str(get(&r, 1, 0, "event.code"), "SYSCALL", "code");
    is_str(get(&r, 1, 0, "event.action"), "execve", "action");
    is_str(get(&r, 1, 0, "event.outcome"), "success", "outcome");
    is_str(get(&r, 1, 0, "user.audit.id"), "1000", "auid");
    uint32_t v = view_of(&r, 1, IR_LS_LINUX_AUDITD, "SYSCALL");
    is_str(get(&r, 1, v, "a1"), "26", "SYSCALL's a1 is its own, and no hex text");
    is_str(get(&r, 1, v, "exe"), "/tmp/a ls", "SYSCALL's view sees exe");
    is_int((long long)r.got[1]->views[v].line, 6, "the view's line");
    v = view_of(&r, 1, IR_LS_LINUX_AUDITD, "EXECVE");
    is_str(get(&r, 1, v, "a1"), "-l a", "EXECVE's a1 is decoded");
    is_str(get(&r, 1, v, "a2"), "777", "a quoted number stays");
    is_str(get(&r, 1, v, "a3"), NULL, "and it has no a3: SYSCALL's is not seen");
    v = view_of(&r, 1, IR_LS_LINUX_PROCESS_CREATION, NULL);
    ok(v != UINT32_MAX, "a process was created");
    is_str(get(&r, 1, v, "LogonId"), "3", "session");
    is_str(get(&r, 1, v, "process.parent.executable"), "/bin/bash", "the parent's program");
    is_str(get(&r, 1, v, "process.parent.command_line"), "-bash", "its command line");
    uint32_t id = ir_event_first(r.got[1], IR_F_PROCESS_PARENT_COMMAND_LINE, v);
    ok(id != IR_NOFIELD && !r.got[1]->fields[id].derived, "which is no text for keyword rules");
    v = view_of(&r, 0, IR_LS_LINUX_PROCESS_CREATION, NULL);
    is_str(get(&r, 0, v, "process.parent.executable"), NULL, "init was never seen to start");
    is_int((long long)r.got[1]->views[v].line, 7, "shown by the record with the command");
    is_str(get(&r, 1, v, "user.name"), "root", "0 is root on every Linux");
    is_str(get(&r, 1, v, "user.id"), "0", "uid");
    is_str(get(&r, 1, 0, "user.audit.name"), NULL, "no name of 1000 is known");
    is_str(get(&r, 1, v, "process.working_directory"), "/srv/x", "working directory");
    uint32_t key = ir_event_first(r.got[1], ir_names_find(r.names, IR_S("key")), 0);
    is_str(r.got[1]->fields[key].val, "rootc", "first key");
    key = ir_event_next(r.got[1], key);
    if (ok(key != IR_NOFIELD, "there is a second key"))
        is_str(r.got[1]->fields[key].val, "mds", "second key");
    ok(ir_str_find(r.got[1]->keytext, IR_S("ls -l a 777")) != IR_NPOS, "keywords see arguments");
    ok(!r.got[1]->verbatim, "values are not all in raw");
    ok(ir_str_starts(r.got[1]->raw, IR_S("type=SYSCALL")), "raw outlived the block");
    is_int(r.got[1]->time, INT64_C(1700000000200000000), "time");
    stop(&r);
}

static void test_not_exec(void)
{
    struct run r;
    start(&r);
    feed(&r, "type=SYSCALL " S("1:1") "arch=c000003e syscall=59 success=no exit=-13 ppid=1 pid=2 "
                                      "uid=0 comm=\"sh\" exe=\"/bin/sh\" key=(null)");
    feed(&r, "type=PROCTITLE " S("1:1") "proctitle=\"sh\"");
    ok(view_of(&r, 0, IR_LS_LINUX_PROCESS_CREATION, NULL) == UINT32_MAX,
       "a failed execve created nothing");
    is_str(get(&r, 0, 0, "error.code"), "EACCES", "error name");
    is_str(get(&r, 0, 0, "event.outcome"), "failure", "outcome");
    is_str(get(&r, 0, 0, "key"), NULL, "(null) is no key");
    feed(&r, "type=SYSCALL " S("2:2") "arch=c000003e syscall=1073742344 success=yes exit=0 ppid=1 "
                                      "pid=2 uid=0 comm=\"sh\" exe=\"/bin/sh\" key=(null)");
    feed(&r, "type=EOE " S("2:2"));
    is_str(get(&r, 1, 0, "SYSCALL"), "execve", "x32: bit 30, and an execve of its own");
    ok(view_of(&r, 1, IR_LS_LINUX_PROCESS_CREATION, NULL) != UINT32_MAX, "creates a process");
    stop(&r);
}

static void test_pieces(void)
{
    struct run r;
    start(&r);
    feed(&r, "type=SYSCALL " S("1:1") "arch=c00000b7 syscall=221 success=yes exit=0 ppid=1 pid=2 "
                                      "auid=4294967295 uid=33 comm=\"sh\" exe=\"/bin/sh\"");
    feed(&r, "type=EXECVE " S("1:1") "argc=3 a0=\"sh\" a1_len=12 a1[0]=2D63");
    feed(&r, "type=EXECVE " S("1:1") "a1[1]=2065 a1[2]=\"x\"");
    feed(&r, "type=EXECVE " S("1:1") "a2=\"\"");
    flush(&r);
    is_int(r.n, 1, "one event");
    is_str(get(&r, 0, 0, "process.command_line"), "sh -c ex ", "pieces are one argument");
    uint32_t v = view_of(&r, 0, IR_LS_LINUX_AUDITD, "EXECVE");
    is_str(get(&r, 0, v, "a1"), "-c ex", "a1");
    is_str(get(&r, 0, v, "a2"), "", "an empty argument is there");
    is_int(r.got[0]->nviews, 4, "base, process, SYSCALL, one EXECVE");
    is_str(get(&r, 0, 0, "user.audit.id"), NULL, "auid was never set");
    is_str(get(&r, 0, 0, "SYSCALL"), "execve", "number 221 of aarch64");
    stop(&r);
}

static void test_joining(void)
{
    struct run r;
    start(&r);
    feed(&r, "node=a type=AVC " S("1:5") "avc:  denied  { read write } for  pid=7 comm=\"x\"");
    feed(&r, "node=b type=AVC " S("1:5") "apparmor=\"ALLOWED\" operation=\"open\" pid=8");
    feed(&r, "node=a type=SYSCALL " S("1:5") "arch=40000003 syscall=11 pid=7 success=no");
    is_int(r.n, 0, "nothing is complete");
    feed(&r, "node=b type=PROCTITLE " S("1:5") "proctitle=\"y\"");
    feed(&r, "node=a type=EOE " S("1:5"));
    is_int(r.n, 2, "node tells two events with one serial apart");
    is_str(get(&r, 0, 0, "host.name"), "b", "b ended first");
    is_str(get(&r, 0, 0, "event.outcome"), "success", "apparmor let it");
    is_str(get(&r, 1, 0, "SYSCALL"), "execve", "number 11 of i386");
    uint32_t v = view_of(&r, 1, IR_LS_LINUX_AUDITD, "AVC");
    is_int((long long)r.got[1]->views[v].line, 1, "the AVC's view points at its line");
    feed(&r, "type=PATH msg=audit(1700000000.001:5): item=0 name=\"/old\" nametype=NORMAL");
    feed(&r, "type=PATH msg=audit(1700009000.001:5): item=0 name=\"/new\" nametype=NORMAL");
    is_int(r.n, 3, "two seconds later the first is complete");
    is_str(get(&r, 2, 0, "file.path"), "/old", "and not mixed with its namesake after the boot");
    feed(&r, "type=USER_LOGIN msg=audit(1700009000.001:6): pid=1 uid=0 msg='op=login res=failed'");
    is_int(r.n, 4, "user space records wait for nothing");
    feed(&r, "type=EOE msg=audit(1700009001.001:99): ");
    is_int(r.n, 5, "an EOE without its event is told: somebody took the rest");
    is_int(feed(&r, "hello"), IR_BAD, "not a record");
    is_int(feed(&r, "type=SYSCALL msg=audit(17000x.1:1): pid=1"), IR_BAD, "no stamp");
    is_int(feed(&r, "type=SYSCALL msg=audit(99999999999999999999.1:1): pid=1"), IR_BAD, "no time");
    flush(&r);
    is_int(r.n, 6, "the end of input closes the rest");
    stop(&r);
}

static void test_limits(void)
{
    struct run r;
    char line[256];
    start(&r);
    for (unsigned i = 0; i < 100000 && r.n == 0; i++) {
        snprintf(line, sizeof line, "type=PATH " S("1:7") "item=%u name=\"/f%u\" nametype=CREATE",
                 i, i);
        feed(&r, line);
    }
    if (ok(r.n == 1, "a group without end is closed by its limit")) {
        ok(r.got[0]->flags & IR_EV_TRUNCATED, "and says so");
        ok(r.got[0]->nviews <= IR_EVENT_VIEWS_MAX, "views have a limit");
        ok(r.p.damaged > 0, "and it is counted");
        uint32_t last = r.got[0]->nviews - 1, paths = 0;
        for (uint32_t i = 0; i < r.got[0]->nfields; i++)
            paths += r.got[0]->fields[i].view == last && r.got[0]->fields[i].id == IR_F_FILE_PATH;
        ok(paths <= 1, "the last view is not a bin for all others");
    }
    flush(&r);
    uint32_t before = r.n;
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(line, sizeof line, "node=n%u type=PATH " S("1:7") "item=0 name=\"/f\"", i);
        feed(&r, line);
    }
    ok(r.n > before && r.n < before + 5000, "open groups have a limit, and wait up to it");
    flush(&r);
    is_int(r.n, before + 5000, "and none is lost");
    size_t big = (size_t)3 << 20;
    char *huge = malloc(big);
    if (huge != NULL) {
        memset(huge, 'A', big);
        int n = snprintf(huge, big, "type=CWD " S("9:9") "cwd=");
        huge[n] = 'A';
        before = r.n;
        is_int(feed_n(&r, ir_str_n(huge, big)), IR_OK, "a line of 3 MB");
        flush(&r);
        is_int(r.n, before + 1, "is one event");
        free(huge);
    }
    stop(&r);
}

static void test_user(void)
{
    struct run r;
    start(&r);
    r.hold = true;
    feed(&r,
         "type=USER_LOGIN " S(
             "1:1") "pid=10 uid=0 auid=4294967295 ses=4294967295 msg='op=login "
                    "acct=28756E6B6E6F776E207573657229 exe=\"/usr/sbin/sshd\" hostname=h.example "
                    "addr=2001:db8::7 terminal=ssh res=failed'\x1dUID=\"root\" AUID=\"unset\"");
    is_str(get(&r, 0, 0, "user.name"), "(unknown user)", "acct in hex");
    is_str(get(&r, 0, 0, "source.ip"), "2001:db8::7", "address");
    is_str(get(&r, 0, 0, "source.domain"), "h.example", "name of the other host");
    is_str(get(&r, 0, 0, "host.name"), NULL, "which is not this host");
    is_str(get(&r, 0, 0, "event.outcome"), "failure", "outcome");
    is_str(get(&r, 0, 0, "user.audit.name"), NULL, "unset is no name");
    is_str(get(&r, 0, 0, "type"), "USER_LOGIN", "a single record is its own base");
    is_int(r.got[0]->nviews, 1, "without further views");
    /* A program may write into msg what it likes. */
    feed(&r, "type=USER_AUTH " S(
                 "2:2") "pid=10 uid=1000 auid=1000 ses=2 msg='op=x acct=\"root\" "
                        "uid=0 pid=1 auid=0 type=EXECVE SYSCALL=execve UID=\"root\" acct=\"eve\" "
                        "addr=10.0.0.1 "
                        "res=success'\x1d UID=\"root\" addr=192.0.2.1 terminal=x res=failed'");
    is_str(get(&r, 1, 0, "user.id"), "1000", "uid is the kernel's");
    is_str(get(&r, 1, 0, "process.pid"), "10", "pid is the kernel's");
    is_str(get(&r, 1, 0, "uid"), "1000", "also under its own name");
    is_str(get(&r, 1, 0, "user.audit.id"), "1000", "auid is the kernel's");
    is_str(get(&r, 1, 0, "type"), "USER_AUTH", "the type is not msg's to say");
    is_str(get(&r, 1, 0, "SYSCALL"), NULL, "nor is there a system call");
    is_str(get(&r, 1, 0, "user.name"), "root", "the first account counts");
    is_str(get(&r, 1, 0, "event.outcome"), "failure", "the last result counts");
    is_str(get(&r, 1, 0, "source.ip"), "192.0.2.1", "the last address counts");
    ok(view_of(&r, 1, IR_LS_LINUX_PROCESS_CREATION, NULL) == UINT32_MAX, "no process");
    feed(&r, "type=ADD_USER " S(
                 "3:3") "pid=1 uid=0 auid=0 ses=1 msg='op=adding user acct=\"bob\" "
                        "exe=\"/usr/sbin/useradd\" hostname=? addr=? terminal=pts/1 res=success'");
    is_str(get(&r, 2, 0, "user.target.name"), "bob", "the account made");
    is_str(get(&r, 2, 0, "op"), "adding user", "op of two words");
    is_str(get(&r, 2, 0, "process.tty.name"), "pts/1", "terminal");
    is_str(get(&r, 2, 0, "source.ip"), NULL, "? is no address");
    feed(&r, "type=USER_CMD " S(
                 "4:4") "pid=1 uid=0 auid=7 ses=1 msg='cwd=\"/\" "
                        "cmd=726D202D726620 exe=\"/usr/bin/sudo\" terminal=? res=success'");
    is_str(get(&r, 3, 0, "process.command_line"), "rm -rf ", "sudo's command");
    feed(&r, "type=USER_ACCT " S("5:5") "pid=1 uid=0 msg='acct=1000 res=success'");
    is_str(get(&r, 4, 0, "user.name"), "1000", "a number is not hex text");
    stop(&r);
}

static void test_names(void)
{
    struct run r;
    start(&r);
    r.hold = true;
    feed(&r, "type=USER_CMD " S("1:1") "pid=1 uid=0 auid=4294967295 ses=1 msg='cmd=6964 res=1'");
    is_str(get(&r, 0, 0, "user.name"), "root", "uid 0");
    is_str(get(&r, 0, 0, "user.audit.name"), NULL, "4294967295 is nobody");
    is_str(get(&r, 0, 0, "user.audit.id"), NULL, "and no number either");
    feed(&r, "type=USER_CMD " S("1:2") "pid=1 uid=-1 auid=-1 ses=1 msg='cmd=6964 res=1'");
    is_str(get(&r, 1, 0, "user.id"), NULL, "-1 is nobody");
    is_str(get(&r, 1, 0, "user.audit.id"), NULL, "nor here");
    feed(&r, "type=USER_CMD " S("1:3") "pid=1 uid=1000 auid=0 euid=0 msg='cmd=6964 res=1'");
    is_str(get(&r, 2, 0, "user.name"), NULL, "no name of 1000 is known");
    is_str(get(&r, 2, 0, "user.id"), "1000", "but the number is");
    is_str(get(&r, 2, 0, "user.audit.name"), "root", "auid 0");
    is_str(get(&r, 2, 0, "user.effective.name"), "root", "euid 0");
    feed(&r, "type=USER_CMD " S("1:4") "pid=1 uid=0 auid=1000 msg='cmd=6964 res=1'\x1dUID=\"toor\" "
                                       "AUID=\"alice\"");
    is_str(get(&r, 3, 0, "user.name"), "toor", "the machine's own name for 0 counts");
    is_str(get(&r, 3, 0, "user.audit.name"), "alice", "enriched");
    feed(&r, "type=USER_AUTH " S("1:5") "pid=1 uid=0 auid=1000 msg='acct=\"?\" res=failed'");
    is_str(get(&r, 4, 0, "user.name"), NULL, "? is no account, and sshd's uid is not who came");
    feed(&r, "type=USER_LOGIN " S("1:7") "pid=1 uid=0 auid=1000 msg='op=login id=1000 "
                                         "res=success'\x1dUID=\"root\" ID=\"alice\"");
    is_str(get(&r, 5, 0, "user.name"), "alice", "who logged in");
    /* A program that may write audit records cannot make itself another one's uid. */
    feed(&r, "type=USER_CMD " S("1:6") "pid=1 uid=1000 auid=1000 msg='uid=0 auid=0 UID=\"root\"'");
    is_str(get(&r, 6, 0, "user.name"), NULL, "not the message's uid");
    is_str(get(&r, 6, 0, "user.audit.name"), NULL, "nor its auid");
    stop(&r);
}

/* One USER_LOGIN with these hostname=, addr= and terminal=. */
static void login(struct run *r, const char *host, const char *addr, const char *tty)
{
    char line[512];
    snprintf(line, sizeof line,
             "type=USER_LOGIN " S("1:1") "pid=1 uid=0 auid=1000 msg='op=login id=1000 "
                                         "hostname=%s addr=%s terminal=%s res=success'",
             host, addr, tty);
    r->n = 0;
    feed(r, line);
}

static void test_peers(void)
{
    struct run r;
    start(&r);
    r.hold = true;
    login(&r, "192.0.2.7", "?", "ssh");
    is_str(get(&r, 0, 0, "source.ip"), "192.0.2.7", "a hostname that is an address");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "is no domain");
    login(&r, "?", "?", "?");
    is_str(get(&r, 0, 0, "source.ip"), NULL, "? is nothing");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "nor a domain");
    is_str(get(&r, 0, 0, "source.address"), NULL, "nor an address");
    is_str(get(&r, 0, 0, "process.tty.name"), NULL, "nor a terminal");
    login(&r, "/dev/pts/0", "?", "pts/0");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "a terminal is no domain");
    is_str(get(&r, 0, 0, "process.tty.name"), "pts/0", "it is a terminal");
    login(&r, "tty1", "tty1", "tty1");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "nor is tty1");
    is_str(get(&r, 0, 0, "source.address"), NULL, "nor an address");
    login(&r, ":0", "?", ":0");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "nor an X display");
    login(&r, "2001:db8::5", "2001:db8::5", "ssh");
    is_str(get(&r, 0, 0, "source.ip"), "2001:db8::5", "IPv6 in both");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "and no domain");
    login(&r, "198.51.100.3", "gw.example", "ssh");
    is_str(get(&r, 0, 0, "source.ip"), "198.51.100.3", "the two changed places");
    is_str(get(&r, 0, 0, "source.domain"), "gw.example", "the name");
    login(&r, "pts.example", "192.0.2.9", "ssh");
    is_str(get(&r, 0, 0, "source.domain"), "pts.example", "a name that begins like a terminal");
    is_str(get(&r, 0, 0, "source.ip"), "192.0.2.9", "its address");
    login(&r, "h.example", "UNKNOWN", "ssh");
    is_str(get(&r, 0, 0, "source.address"), NULL, "UNKNOWN is no address");
    is_str(get(&r, 0, 0, "source.domain"), "h.example", "but the name is one");
    login(&r, "UNKNOWN", "?", "ssh");
    is_str(get(&r, 0, 0, "source.domain"), NULL, "UNKNOWN is no name");
    stop(&r);
}

static void test_views(void)
{
    struct run r;
    start(&r);
    feed(&r, "type=SYSCALL " S(
                 "1:1") "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c "
                        "ppid=1 pid=2 auid=1000 uid=1000 comm=\"vi\" exe=\"/bin/vi\" key=\"k\"\x1d"
                        "ARCH=x86_64 SYSCALL=openat AUID=\"alice\" UID=\"alice\"");
    feed(&r, "type=CWD " S("1:1") "cwd=\"/home/alice\"");
    feed(&r, "type=PATH " S("1:1") "item=0 name=\"./\" nametype=PARENT");
    feed(&r, "type=PATH " S("1:1") "item=1 name=\"./.x\" mode=0100644 nametype=CREATE");
    feed(&r, "type=PATH " S("1:1") "item=2 name=(null) nametype=CREATE");
    feed(&r, "type=EOE " S("1:1"));
    uint32_t v = view_of(&r, 0, IR_LS_LINUX_FILE_EVENT, NULL);
    is_str(get(&r, 0, v, "file.path"), "/home/alice/.x", "where the file is");
    is_str(get(&r, 0, v, "user.name"), "alice", "who made it");
    is_int((long long)r.got[0]->views[v].line, 4, "shown by the record with the path");
    is_str(get(&r, 0, v, "process.executable"), "/bin/vi", "with what");
    is_str(get(&r, 0, 0, "user.audit.name"), "alice", "enriched");
    v = view_of(&r, 0, IR_LS_LINUX_AUDITD, "PATH");
    is_str(get(&r, 0, v, "name"), "./", "a PATH's own name");
    is_str(get(&r, 0, 0, "name"), NULL, "and it is not the base's");
    feed(&r, "type=SYSCALL " S("2:2") "arch=c000003e syscall=257 success=yes exit=3 a0=5 pid=2 "
                                      "comm=\"vi\" exe=\"/bin/vi\"");
    feed(&r, "type=CWD " S("2:2") "cwd=\"/home/alice\"");
    feed(&r, "type=PATH " S("2:2") "item=1 name=\"x\" nametype=CREATE");
    feed(&r, "type=EOE " S("2:2"));
    is_str(get(&r, 1, 0, "file.path"), "x", "relative to descriptor 5, not to the cwd");
    feed(&r, "type=SYSCALL " S("3:3") "arch=c000003e syscall=42 success=no exit=-115 a0=3 pid=2 "
                                      "uid=33 comm=\"nc\" exe=\"/bin/nc\"");
    feed(&r, "type=SOCKADDR " S("3:3") "saddr=0200115CC633640A0000000000000000");
    feed(&r, "type=EOE " S("3:3"));
    v = view_of(&r, 2, IR_LS_LINUX_NETWORK_CONNECTION, NULL);
    is_str(get(&r, 2, v, "destination.ip"), "198.51.100.10", "address");
    is_str(get(&r, 2, v, "destination.port"), "4444", "port");
    is_str(get(&r, 2, v, "Initiated"), "true", "direction");
    is_int((long long)r.got[2]->views[v].line, 12, "shown by the record with the address");
    is_str(get(&r, 2, v, "user.id"), "33", "uid");
    is_str(get(&r, 2, v, "user.name"), NULL, "digits are no name");
    v = view_of(&r, 2, IR_LS_LINUX_AUDITD, "SOCKADDR");
    is_str(get(&r, 2, v, "laddr"), "198.51.100.10", "the record's view too");
    feed(&r, "type=SYSCALL " S("4:4") "arch=40000003 syscall=102 success=yes a0=5 pid=2");
    feed(&r, "type=SOCKADDR " S("4:4") "saddr=0A00D43100000000"
                                       "20010DB800000000000000000000000100000000");
    feed(&r, "type=EOE " S("4:4"));
    is_str(get(&r, 3, 0, "source.ip"), "2001:db8::1", "socketcall accept: the peer");
    is_str(get(&r, 3, 0, "source.port"), "54321", "its port");
    ok(view_of(&r, 3, IR_LS_LINUX_NETWORK_CONNECTION, NULL) == UINT32_MAX, "not initiated here");
    stop(&r);
}

static void test_forms(void)
{
    struct run r;
    start(&r);
    r.hold = true;
    feed(&r, "audit: type=1400 audit(1700000000.5:1): apparmor=\"DENIED\" name=2F612062 pid=3");
    flush(&r);
    is_str(get(&r, 0, 0, "type"), "AVC", "kernel ring: number 1400");
    is_str(get(&r, 0, 0, "event.outcome"), "failure", "denied");
    is_str(get(&r, 0, 0, "name"), "/a b", "decoded");
    is_int(r.got[0]->time, INT64_C(1700000000500000000), "one digit of a second");
    feed(&r, "type=UNKNOWN[1334] " S("1:2") "prog-id=3 op=LOAD");
    flush(&r);
    is_str(get(&r, 1, 0, "type"), "BPF", "UNKNOWN[1334]");
    feed(&r,
         "type=SYSCALL " S("1:3") "arch=c000003e syscall=41 success=yes a0=26 key=(null)ARCH=x86"
                                  "_64 SYSCALL=socket UID=\"bob\"");
    flush(&r);
    is_str(get(&r, 2, 0, "user.name"), "bob", "the tail without its separator");
    is_str(get(&r, 2, 0, "key"), NULL, "is no key");
    feed(&r,
         "type=SYSCALL " S("1:4") "syscall=41 key=61#035ARCH=x86_64 SYSCALL=socket UID=\"bob\"");
    flush(&r);
    is_str(get(&r, 3, 0, "SYSCALL"), "socket", "rsyslog's #035");
    is_str(ir_auditd_body(IR_S("audispd: node=h type=CWD msg=audit(1.1:1): cwd=\"/\"")),
           "node=h type=CWD msg=audit(1.1:1): cwd=\"/\"", "audispd");
    is_str(ir_auditd_body(IR_S("[  12.3] audit: type=1300 audit(1.1:1): pid=1")),
           "type=1300 audit(1.1:1): pid=1", "kernel ring");
    is_str(ir_auditd_body(IR_S("audit[12]: USER_AUTH pid=1 uid=0 msg='op=x'")),
           "USER_AUTH pid=1 uid=0 msg='op=x'", "journald");
    is_str(ir_auditd_body(IR_S("audit[12]: UNKNOWN[1334] prog-id=3 op=LOAD")),
           "UNKNOWN[1334] prog-id=3 op=LOAD", "journald, a type without a name");
    is_str(ir_auditd_body(IR_S("audit[12]: hello world=1")), NULL, "not a record");
    ir_event_begin(r.ev, IR_S("whole line"), 5, 6);
    is_int(ir_format_auditd.parse(&r.p, IR_S("EXECVE argc=2 a0=\"id\" a1=\"-u\""), r.ev), IR_OK,
           "a record without a stamp");
    is_str(ir_event_get(r.ev, IR_F_PROCESS_COMMAND_LINE, 0), "id -u", "its command line");
    ok(!(r.ev->flags & IR_EV_TIME), "no time of its own");
    is_str(r.ev->raw, "whole line", "raw stays the caller's");
    is_int(ir_format_auditd.parse(&r.p, IR_S("nothing"), r.ev), IR_BAD, "not mine");
    ok(ir_format_auditd.bid(IR_S("type=CWD msg=audit(1.1:1): cwd=\"/\"\n")) >= 90, "bids");
    ok(ir_format_auditd.bid(IR_S("rest of a line\ntype=CWD msg=audit(1.1:1): ")) >= 80, "bids");
    is_int(ir_format_auditd.bid(IR_S("Nov 22 01:02:03 h sshd[1]: type=x")), 0, "not for syslog");
    stop(&r);
}

int main(void)
{
    test_exec();
    test_not_exec();
    test_pieces();
    test_joining();
    test_limits();
    test_user();
    test_names();
    test_peers();
    test_views();
    test_forms();
    return done();
}
