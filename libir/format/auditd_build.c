/*
 * One event of the records of one audit serial: what they say together goes into view 0, under
 * auditd's own names and under ECS names. The other views are auditd_views.c.
 *
 * Identity (pid, uid, auid, ses) is taken from the kernel's part of a record only, never from
 * msg='…'.
 */
#include "base/ip.h"
#include "format/auditd_int.h"

#define ARGS_MAX 512u /* process.args; the command line holds them all */

static bool has(struct ir_str v)
{
    return v.n > 0;
}

static void set(const struct ir_aud_ctx *c, uint32_t id, struct ir_str v)
{
    if (has(v)) ir_event_set(c->ev, id, v);
}

static void derive(const struct ir_aud_ctx *c, uint32_t id, struct ir_str v)
{
    if (has(v)) ir_event_derive(c->ev, id, v);
}

static void number(const struct ir_aud_ctx *c, uint32_t id, struct ir_str v)
{
    uint64_t n;
    if (has(v)) ir_event_add(c->ev, id, ir_str_u64(v, &n) ? IR_V_NUMBER : IR_V_STRING, v);
}

/* What an embedding format (syslog) has set already stays. */
static void set_new(const struct ir_aud_ctx *c, uint32_t id, struct ir_str v)
{
    if (ir_event_get(c->ev, id, 0).p == NULL) set(c, id, v);
}

/* ---- reading the group ---- */

const struct ir_aud_rec *ir_aud_of_type(const struct ir_aud_ctx *c, unsigned type)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (c->recs[i].h.type_no == type) return &c->recs[i];
    return NULL;
}

static struct ir_str from(const struct ir_aud_ctx *c, unsigned type, struct ir_str name)
{
    const struct ir_aud_rec *r = ir_aud_of_type(c, type);
    return r ? ir_aud_get(r, name, IR_AUD_OUTER) : ir_str_n(NULL, 0);
}

/* The system call, else what caused the event (AVC, USER_…), else whatever there is. */
static const struct ir_aud_rec *main_record(const struct ir_aud_ctx *c)
{
    const struct ir_aud_rec *r = ir_aud_of_type(c, IR_AUD_SYSCALL);
    if (r == NULL) r = ir_aud_of_type(c, IR_AUD_URINGOP);
    for (uint32_t i = 0; r == NULL && i < c->n; i++) {
        switch (c->recs[i].h.type_no) {
        case IR_AUD_PATH:
        case IR_AUD_CWD:
        case IR_AUD_EXECVE:
        case IR_AUD_SOCKADDR:
        case IR_AUD_PROCTITLE:
        case IR_AUD_EOE: break;
        default: r = &c->recs[i];
        }
    }
    return r ? r : &c->recs[0];
}

static struct ir_str syscall_name(const struct ir_aud_rec *r)
{
    uint64_t nr;
    struct ir_str s = ir_aud_get(r, IR_S("SYSCALL"), IR_AUD_TAIL);
    if (has(s) && !ir_str_starts(s, IR_S("unknown"))) return s;
    if (r->h.type_no != IR_AUD_SYSCALL) return ir_str_n(NULL, 0);
    s = ir_aud_get(r, IR_S("syscall"), IR_AUD_OUTER);
    if (!ir_str_u64(s, &nr)) return s;
    return ir_aud_syscall(ir_aud_get(r, IR_S("arch"), IR_AUD_OUTER), nr);
}

static bool one_of(struct ir_str s, const struct ir_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ir_str_eq(s, names[i])) return true;
    return false;
}

/* socketcall(2) of 32-bit machines: its first argument is the call, in hex. */
static const struct ir_str out_calls[] = {
    {"connect", 7}, {"sendto", 6}, {"sendmsg", 7}, {"sendmmsg", 8}};
static const struct ir_str out_numbers[] = {{"3", 1}, {"b", 1}, {"10", 2}, {"14", 2}};
static const struct ir_str in_calls[] = {
    {"accept", 6}, {"accept4", 7}, {"recvfrom", 8}, {"recvmsg", 7}};
static const struct ir_str in_numbers[] = {{"5", 1}, {"12", 2}, {"c", 1}, {"11", 2}};

static bool calls(const struct ir_aud_ctx *c, const struct ir_str names[4],
                  const struct ir_str numbers[4])
{
    if (ir_str_eq(c->syscall, IR_S("socketcall")))
        return one_of(ir_aud_get(c->main, IR_S("a0"), IR_AUD_OUTER), numbers, 4);
    return one_of(c->syscall, names, 4);
}

/* A uid that the kernel knows; (uid_t)-1 stands for nobody, such as the auid before a log-in. */
static struct ir_str id_of(const struct ir_aud_rec *r, struct ir_str field, unsigned parts)
{
    static const struct ir_str nobody[] = {{"4294967295", 10}, {"-1", 2}, {"unset", 5}};
    struct ir_str v = ir_aud_get(r, field, parts);
    return one_of(v, nobody, 3) ? ir_str_n(NULL, 0) : v;
}

/* The name that auditd looked up (ENRICHED). Without it only 0 has one that is the same on every
 * machine: digits are no name. */
static struct ir_str name_of(const struct ir_aud_rec *r, struct ir_str looked_up,
                             struct ir_str field, unsigned parts)
{
    struct ir_str v = ir_aud_get(r, looked_up, IR_AUD_TAIL);
    if (has(v) && !ir_str_eq(v, IR_S("unset")) && !ir_str_starts(v, IR_S("unknown("))) return v;
    return ir_str_eq(id_of(r, field, parts), IR_S("0")) ? IR_S("root") : ir_str_n(NULL, 0);
}

static void read_group(struct ir_aud_ctx *c)
{
    struct ir_arena *a = c->ev->arena;
    for (uint32_t i = 0; i < c->n; i++) {
        struct ir_aud_rec *r = &c->recs[i];
        if (!ir_aud_split(r, a)) r->truncated = true;
        ir_aud_decode(r, a);
        c->ev->flags |= (r->damaged ? (uint32_t)IR_EV_DAMAGED : 0) |
                        (r->truncated ? (uint32_t)IR_EV_TRUNCATED : 0);
    }
    const struct ir_aud_rec *m = c->main = main_record(c);
    if (!ir_aud_args(c->recs, c->n, a, &c->args)) c->ev->flags |= IR_EV_TRUNCATED;
    c->syscall = syscall_name(m);
    ir_aud_keytext(c);
    c->pid = ir_aud_get(m, IR_S("pid"), IR_AUD_OUTER);
    c->ppid = ir_aud_get(m, IR_S("ppid"), IR_AUD_OUTER);
    c->user = name_of(m, IR_S("UID"), IR_S("uid"), IR_AUD_OUTER);
    c->exe = ir_aud_get(m, IR_S("exe"), IR_AUD_OUTER | IR_AUD_INNER);
    c->cwd = from(c, IR_AUD_CWD, IR_S("cwd"));
    if (c->cwd.p == NULL) c->cwd = ir_aud_get(m, IR_S("cwd"), IR_AUD_OUTER | IR_AUD_INNER);
    c->title = from(c, IR_AUD_PROCTITLE, IR_S("proctitle"));
    c->command = c->args.line;
    if (c->command.p == NULL) c->command = ir_aud_get(m, IR_S("cmd"), IR_AUD_OUTER | IR_AUD_INNER);
    if (c->command.p == NULL) c->command = c->title;
    ir_aud_sockaddr(from(c, IR_AUD_SOCKADDR, IR_S("saddr")), a, &c->addr);
    c->failed = ir_str_eq(ir_aud_get(m, IR_S("success"), IR_AUD_OUTER), IR_S("no"));
    c->exec = !c->failed &&
              (ir_str_eq(c->syscall, IR_S("execve")) || ir_str_eq(c->syscall, IR_S("execveat")) ||
               /* syslog carries each record alone */
               m->h.type_no == IR_AUD_EXECVE);
    c->connected = c->addr.ip.p != NULL && calls(c, out_calls, out_numbers);
    c->accepted = c->addr.ip.p != NULL && calls(c, in_calls, in_numbers);
}

/* ---- the base view ---- */

static struct ir_str lower(const struct ir_aud_ctx *c, struct ir_str s)
{
    char *p = ir_arena_alloc(c->ev->arena, s.n);
    if (p == NULL) return ir_str_n(NULL, 0);
    for (size_t i = 0; i < s.n; i++)
        p[i] = ir_lower(s.p[i]);
    return ir_str_n(p, s.n);
}

static struct ir_str outcome_of(const struct ir_aud_rec *r)
{
    static const struct ir_str names[] = {
        {"success", 7}, {"res", 3}, {"result", 6}, {"seresult", 8}, {"apparmor", 8}};
    static const struct ir_str good[] = {
        {"yes", 3}, {"success", 7}, {"1", 1}, {"granted", 7}, {"allowed", 7}};
    static const struct ir_str bad[] = {{"no", 2},     {"failed", 6},  {"0", 1},
                                        {"denied", 6}, {"failure", 7}, {"fail", 4}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct ir_str v = ir_aud_get(r, names[i], IR_AUD_OUTER | IR_AUD_INNER);
        for (size_t k = 0; k < sizeof good / sizeof good[0]; k++)
            if (ir_str_ieq(v, good[k])) return IR_S("success");
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
            if (ir_str_ieq(v, bad[k])) return IR_S("failure");
    }
    return ir_str_n(NULL, 0);
}

static void what(const struct ir_aud_ctx *c)
{
    const struct ir_aud_head *h = &c->recs[0].h, *m = &c->main->h;
    if (h->stamped) {
        ir_event_time(c->ev, h->ns, IR_EV_ZONE_KNOWN);
        c->ev->record = h->serial_text;
        number(c, IR_F_AUDIT_SEQUENCE, h->serial_text);
    }
    set(c, IR_F_AUDIT_NODE, h->node);
    set_new(c, IR_F_HOST_NAME, h->node);
    set(c, IR_F_EVENT_CODE, m->type);
    derive(c, IR_F_EVENT_ACTION, c->syscall.p ? c->syscall : lower(c, m->type));
    struct ir_str out = outcome_of(c->main);
    for (uint32_t i = 0; out.p == NULL && i < c->n; i++)
        out = outcome_of(&c->recs[i]);
    derive(c, IR_F_EVENT_OUTCOME, out);
    int64_t code = 0;
    if (ir_str_i64(ir_aud_get(c->main, IR_S("exit"), IR_AUD_OUTER), &code) && code < 0 &&
        code > -4096)
        derive(c, IR_F_ERROR_CODE, ir_aud_errno((uint64_t)-code));
    set_new(c, IR_F_MESSAGE, h->body);
}

/* Also where it stands in hostname=: login and cron put it there. A host may be called
 * pts.example, so what follows tells. */
static bool is_tty(struct ir_str s)
{
    if (ir_str_starts(s, IR_S("/dev/")) || ir_str_eq(s, IR_S("console"))) return true;
    if (s.n == 0 || ir_str_chr(s, '.') != IR_NPOS || !ir_isdigit(s.p[s.n - 1])) return false;
    return s.p[0] == ':' || ir_str_starts(s, IR_S("pts")) || ir_str_starts(s, IR_S("tty")) ||
           ir_str_starts(s, IR_S("hvc"));
}

static void process(const struct ir_aud_ctx *c)
{
    const struct ir_aud_rec *m = c->main;
    number(c, IR_F_PROCESS_PID, c->pid);
    number(c, IR_F_PROCESS_PARENT_PID, c->ppid);
    set(c, IR_F_PROCESS_NAME, ir_aud_get(m, IR_S("comm"), IR_AUD_OUTER | IR_AUD_INNER));
    set(c, IR_F_PROCESS_EXECUTABLE, c->exe);
    derive(c, IR_F_PROCESS_TITLE, c->title);
    derive(c, IR_F_PROCESS_COMMAND_LINE, c->command);
    for (uint32_t i = 0; i < c->args.n && i < ARGS_MAX; i++)
        ir_event_derive(c->ev, IR_F_PROCESS_ARGS, c->args.v[i].val);
    set(c, IR_F_PROCESS_WORKING_DIRECTORY, c->cwd);
    struct ir_str tty = ir_aud_get(m, IR_S("tty"), IR_AUD_OUTER);
    if (tty.p == NULL) tty = ir_aud_get(m, IR_S("terminal"), IR_AUD_OUTER | IR_AUD_INNER);
    if (is_tty(tty)) set(c, IR_F_PROCESS_TTY, tty);
}

/* Looks up the parent before this process can take its place: numbers are used again. */
static void parent(struct ir_aud_ctx *c, struct ir_aud_pids *pids)
{
    struct ir_str exe, command, node = c->main->h.node;
    if (pids == NULL || !c->exec) return;
    if (has(c->ppid) && ir_aud_pids_get(pids, node, c->ppid, &exe, &command)) {
        c->parent_exe = ir_arena_dup(c->ev->arena, exe);
        c->parent_command = ir_arena_dup(c->ev->arena, command);
    }
    if (has(c->pid)) ir_aud_pids_put(pids, node, c->pid, c->exe, c->command);
}

static bool is_group_type(unsigned t)
{
    return t == 1116 || t == 1117 || t == 1132 || t == 1133; /* ADD_, DEL_GROUP, GRP_… */
}

/* The account in acct= is not who acts but what is changed. */
static bool is_account_type(unsigned t)
{
    return t == 1102 || t == IR_AUD_USER_CHAUTHTOK || t == 1114 || t == 1115 || t == 1125 ||
           t == 1135 ||
           t == 1136; /* USER_MGMT, ADD_, DEL_USER, CHUSER_ID, ACCT_LOCK, ACCT_UNLOCK */
}

/* Written by the program that lets somebody in: its own uid says nothing of the one who comes. */
static bool is_session_type(unsigned t)
{
    return (t >= 1100 && t <= 1106 && t != 1102) ||          /* USER_AUTH to USER_END */
           t == 1109 || t == 1110 || t == 1112 || t == 1113; /* USER_ERR … USER_LOGOUT */
}

static void user(const struct ir_aud_ctx *c)
{
    const struct ir_aud_rec *m = c->main;
    struct ir_str acct = ir_aud_get(m, IR_S("acct"), IR_AUD_OUTER | IR_AUD_INNER);
    struct ir_str id = ir_aud_get(m, IR_S("id"), IR_AUD_OUTER | IR_AUD_INNER);
    struct ir_str name = c->user;
    if (is_group_type(m->h.type_no)) {
        struct ir_str grp = ir_aud_get(m, IR_S("grp"), IR_AUD_OUTER | IR_AUD_INNER);
        set(c, IR_F_GROUP_NAME, has(grp) ? grp : acct);
        set(c, IR_F_GROUP_ID, id);
    } else if (is_account_type(m->h.type_no)) {
        set(c, IR_F_USER_TARGET_NAME, acct);
        set(c, IR_F_USER_TARGET_ID, id);
    } else if (has(acct)) {
        name = acct;
    } else if (is_session_type(m->h.type_no)) {
        name = name_of(m, IR_S("ID"), IR_S("id"), IR_AUD_OUTER | IR_AUD_INNER);
    }
    set(c, IR_F_USER_NAME, name);
    set(c, IR_F_USER_ID, id_of(m, IR_S("uid"), IR_AUD_OUTER));
    set(c, IR_F_USER_EFFECTIVE_ID, id_of(m, IR_S("euid"), IR_AUD_OUTER));
    set(c, IR_F_USER_EFFECTIVE_NAME, name_of(m, IR_S("EUID"), IR_S("euid"), IR_AUD_OUTER));
    set(c, IR_F_USER_AUDIT_ID, id_of(m, IR_S("auid"), IR_AUD_OUTER));
    set(c, IR_F_USER_AUDIT_NAME, name_of(m, IR_S("AUID"), IR_S("auid"), IR_AUD_OUTER));
}

/* The other host as hostname= or addr= has it: p == NULL when that is none. */
static struct ir_str other_host(const struct ir_aud_ctx *c, struct ir_str field)
{
    struct ir_str v = ir_aud_get(c->main, field, IR_AUD_OUTER | IR_AUD_INNER);
    bool none = !has(v) || ir_str_ieq(v, IR_S("UNKNOWN")) || is_tty(v);
    return none ? ir_str_n(NULL, 0) : v;
}

static void network(const struct ir_aud_ctx *c)
{
    struct ir_ip ip;
    if (c->connected) {
        derive(c, IR_F_DESTINATION_IP, c->addr.ip);
        derive(c, IR_F_DESTINATION_PORT, c->addr.port);
    } else if (c->accepted) {
        derive(c, IR_F_SOURCE_IP, c->addr.ip);
        derive(c, IR_F_SOURCE_PORT, c->addr.port);
    }
    struct ir_str addr = other_host(c, IR_S("addr")), host = other_host(c, IR_S("hostname"));
    if (host.p != NULL && ir_ip_parse(host, &ip)) {
        /* Some programs log an address as the name; the library looks addr up from it. */
        bool both = addr.p != NULL && ir_ip_parse(addr, &ip);
        set(c, IR_F_SOURCE_IP, both ? addr : host);
        if (!both) set(c, IR_F_SOURCE_DOMAIN, addr);
        return;
    }
    if (addr.p != NULL) set(c, ir_ip_parse(addr, &ip) ? IR_F_SOURCE_IP : IR_F_SOURCE_ADDRESS, addr);
    set(c, IR_F_SOURCE_DOMAIN, host);
}

static void files(const struct ir_aud_ctx *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        const struct ir_aud_rec *r = &c->recs[i];
        bool derived = false;
        if (r->h.type_no != IR_AUD_PATH ||
            ir_str_eq(ir_aud_get(r, IR_S("nametype"), IR_AUD_OUTER), IR_S("PARENT")))
            continue;
        struct ir_str path = ir_aud_path(c, r, &derived);
        if (derived)
            derive(c, IR_F_FILE_PATH, path);
        else
            set(c, IR_F_FILE_PATH, path);
    }
}

/* The keys of the audit rules that fired. Some rule sets of old wrote -F key=key=NAME. */
static void tags(const struct ir_aud_ctx *c)
{
    struct ir_str rest = ir_aud_get(c->main, IR_S("key"), IR_AUD_OUTER);
    while (rest.p != NULL) {
        struct ir_str key = ir_str_cut(&rest, IR_AUD_KEY_SEPARATOR);
        set(c, IR_F_TAGS, ir_str_starts(key, IR_S("key=")) ? ir_str_skip(key, 4) : key);
    }
}

void ir_aud_build(struct ir_event *ev, struct ir_aud_rec *recs, uint32_t n,
                  struct ir_aud_pids *pids)
{
    struct ir_aud_ctx c = {.ev = ev, .recs = recs, .n = n};
    ev->verbatim = false;
    read_group(&c);
    ir_event_source(ev, IR_LS_LINUX_AUDITD);
    ir_event_source(ev, IR_LS_LINUX);
    what(&c);
    process(&c);
    parent(&c, pids);
    user(&c);
    network(&c);
    files(&c);
    tags(&c);
    ir_aud_native(&c, c.main, n == 1 ? IR_AUD_ALL : IR_AUD_SKIP_CALL);
    ir_aud_views(&c);
}
