/*
 * Rules for auditd, process creation, created files and connections as audit records.
 */
#include "audit.h"

#include "base/ip.h"

#define ARGS 16u

/* Several texts of one event, freed together. */
struct texts {
    struct ir_buf v[12];
    unsigned n;
};

static struct ir_buf *text(struct texts *t)
{
    t->v[t->n] = IR_BUF(RENDER_MAX);
    return &t->v[t->n++];
}

static struct ir_str text_or(struct texts *t, struct wish *w, const char *fields, const char *other)
{
    struct ir_buf *b = text(t);
    wish_text_or(w, fields, "/", other, b);
    return ir_buf_view(b);
}

static struct ir_str path_or(struct texts *t, struct wish *w, const char *fields, const char *other)
{
    struct ir_buf *b = text(t);
    audit_path_text(w, fields, other, b);
    return ir_buf_view(b);
}

static void done(struct texts *t)
{
    for (unsigned i = 0; i < t->n; i++)
        ir_buf_free(&t->v[i]);
}

/* ---- process creation ---- */

/* The command line begins with the program's name unless the rule says how it begins. */
static struct ir_str line_of(struct texts *t, struct wish *w, const char *fields, struct ir_str exe)
{
    struct ir_buf lead = IR_BUF(RENDER_MAX), *b = text(t);
    ir_buf_str(&lead, audit_base_name(exe));
    ir_buf_str(&lead, w->way % 3 == 1 ? IR_S("") : IR_S(" "));
    if (!wish_text(w, fields, lead.p, w->way % 2 ? "" : " ", b))
        ir_buf_str(b, audit_base_name(exe));
    ir_buf_free(&lead);
    return ir_buf_view(b);
}

static void process(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0}, p = {.n = 0};
    if (wish_has(w, "ParentImage,ParentCommandLine")) {
        struct audit parent = audit_open(w, number, true, out);
        struct audit_start ps = {.exe = path_or(&p, w, "ParentImage", "/usr/bin/dash")};
        ps.line = line_of(&p, w, "ParentCommandLine", ps.exe);
        audit_start(&parent, &ps);
    }
    struct audit e = audit_open(w, number, false, out);
    struct audit_start s = {.exe = path_or(&t, w, "Image", "/usr/bin/tool")};
    s.line = line_of(&t, w, "CommandLine", s.exe);
    s.user = text_or(&t, w, "User", "hana|root");
    s.cwd = text_or(&t, w, "CurrentDirectory", "/home/hana");
    s.session = text_or(&t, w, "LogonId", "7");
    audit_start(&e, &s);
    done(&p);
    done(&t);
}

/* ---- created files and connections ---- */

static void created(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct audit e = audit_open(w, number, false, out);
    audit_call(&e, &(struct audit_call){.name = IR_S("openat"),
                                        .exe = path_or(&t, w, "Image", "/usr/bin/tool"),
                                        .user = text_or(&t, w, "User", "hana")});
    struct ir_str path = path_or(&t, w, "TargetFilename", "/srv/x");
    audit_path(&e, 0, ir_str_head(path, ir_str_rchr(path, '/') + 1), IR_S("PARENT"));
    audit_path(&e, 1, path, IR_S("CREATE"));
    done(&t);
}

static void connected(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct audit e = audit_open(w, number, false, out);
    struct ir_ip ip;
    uint64_t port = 0;
    text_or(&t, w, "Initiated", "true");
    struct ir_str to = text_or(&t, w, "DestinationIp", "203.0.113.9|198.51.100.7");
    ir_str_u64(text_or(&t, w, "DestinationPort", "443"), &port);
    audit_call(&e, &(struct audit_call){.name = IR_S("connect"),
                                        .args = IR_S("a0=3 a1=7ffc a2=10 a3=0"),
                                        .exe = path_or(&t, w, "Image", "/usr/bin/tool"),
                                        .user = text_or(&t, w, "User", "hana")});
    if (!ir_ip_parse(to, &ip)) ir_ip_parse(IR_S("203.0.113.9"), &ip);
    audit_head(&e, "SOCKADDR");
    ir_buf_fmt(out, " saddr=%s%04X", ip.v4 ? "0200" : "0A00", (unsigned)port & 0xffffu);
    if (!ip.v4) ir_buf_str(out, IR_S("00000000"));
    audit_hex(ir_str_n((const char *)ip.b + (ip.v4 ? 12 : 0), ip.v4 ? 4 : 16), out);
    ir_buf_str(out, IR_S("0000000000000000\n"));
    done(&t);
}

/* ---- auditd ---- */

/* a0 … of an EXECVE or SYSCALL record; where a rule says nothing of one, an x. */
static unsigned arguments(struct texts *t, struct wish *w, struct ir_str *arg)
{
    char name[16];
    unsigned n = 0;
    struct ir_buf *all = text(t);
    size_t start[ARGS], end[ARGS];
    for (unsigned i = 0; i < ARGS; i++) {
        snprintf(name, sizeof name, "a%u", i);
        start[i] = all->n;
        if (wish_has(w, name)) n = i + 1;
        wish_text_or(w, name, "", i == 0 ? "tool" : "x", all);
        end[i] = all->n;
    }
    for (unsigned i = 0; i < n; i++)
        arg[i] = ir_str_n(all->p + start[i], end[i] - start[i]);
    return n;
}

static void execve(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct ir_str arg[ARGS + 64], path;
    struct audit e = audit_open(w, number, false, out);
    unsigned n = arguments(&t, w, arg);
    struct ir_buf *more = text(&t), *exe = text(&t);
    if (wish_text(w, "", "", " ", more)) n += audit_split(ir_buf_view(more), arg + n, 64);
    if (n == 0) arg[n++] = IR_S("tool");
    path = arg[0].n > 0 && arg[0].p[0] == '/' ? IR_S("") : IR_S("/usr/bin/");
    ir_buf_str(exe, path);
    ir_buf_str(exe, arg[0]);
    audit_call(&e, &(struct audit_call){.name = IR_S("execve"),
                                        .exe = path_or(&t, w, "exe", exe->p),
                                        .user = IR_S("hana"),
                                        .key = text_or(&t, w, "key", "")});
    audit_execve(&e, arg, n);
    done(&t);
}

static struct ir_str call_arguments(struct texts *t, struct wish *w)
{
    struct ir_str arg[ARGS];
    struct ir_buf *args = text(t);
    unsigned n = arguments(t, w, arg);
    for (unsigned i = 0; i < 4; i++) {
        struct ir_str a = i < n ? arg[i] : IR_S("8");
        ir_buf_fmt(args, "%sa%u=%.*s", i ? " " : "", i, IR_FMT(a));
    }
    return ir_buf_view(args);
}

static void call(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct ir_str arg[64];
    struct audit e = audit_open(w, number, false, out);
    bool root = ir_str_eq(text_or(&t, w, "uid", "1000"), IR_S("0"));
    audit_call(&e, &(struct audit_call){.name = text_or(&t, w, "SYSCALL,syscall", "execve"),
                                        .args = call_arguments(&t, w),
                                        .exe = path_or(&t, w, "exe", "/usr/bin/tool"),
                                        .comm = text_or(&t, w, "comm", ""),
                                        .user = root ? IR_S("root") : IR_S("hana"),
                                        .euid = text_or(&t, w, "euid", "1000"),
                                        .key = text_or(&t, w, "key", "")});
    if (wish_has(w, "cmdline"))
        audit_execve(&e, arg, audit_split(line_of(&t, w, "cmdline", IR_S("tool")), arg, 64));
    if (wish_has(w, "cwd")) audit_cwd(&e, text_or(&t, w, "cwd", "/"));
    done(&t);
}

static void path(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct audit e = audit_open(w, number, false, out);
    audit_call(&e, &(struct audit_call){.name = IR_S("openat")});
    audit_path(&e, 0, text_or(&t, w, "name", "/etc/motd"), text_or(&t, w, "nametype", "NORMAL"));
    done(&t);
}

/* What programs in user space tell: all in msg='…', but TTY, which is the kernel's. */
static void told(struct wish *w, struct ir_str type, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    char name[64];
    struct audit e = audit_open(w, number, false, out);
    snprintf(name, sizeof name, "%.*s", IR_FMT(type));
    for (char *p = name; *p != '\0'; p++)
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 32);
    audit_head(&e, name);
    ir_buf_fmt(out, " pid=%u uid=0 auid=1000 ses=7 ", e.pid);
    if (ir_str_ieq(type, IR_S("TTY"))) {
        ir_buf_str(out, IR_S("major=136 minor=0 comm=\"bash\" data=6C730D\n"));
    } else {
        struct ir_str unit = text_or(&t, w, "unit", "cron"),
                      acct = text_or(&t, w, "acct", "mallory");
        ir_buf_fmt(out, "msg='unit=%.*s acct=\"%.*s\" comm=\"systemd\" exe=\"", IR_FMT(unit),
                   IR_FMT(acct));
        ir_buf_str(out, text_or(&t, w, "exe", "/usr/lib/systemd/systemd"));
        ir_buf_str(out, IR_S("\" hostname=? addr=? terminal=? res=success'\n"));
    }
    done(&t);
}

static void auditd(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct texts t = {.n = 0};
    struct ir_str type = text_or(&t, w, "type", "");
    bool execve_like = wish_has(w, "") || (type.n == 0 && wish_has(w, "a0,a1,a2,a3,a4,a5,a6,a7"));
    if (ir_str_ieq(type, IR_S("EXECVE")) || execve_like)
        execve(w, number, out);
    else if (ir_str_ieq(type, IR_S("PATH")) || wish_has(w, "name,nametype"))
        path(w, number, out);
    else if (ir_str_ieq(type, IR_S("SYSCALL")) || type.n == 0)
        call(w, number, out);
    else
        told(w, type, number, out);
    done(&t);
}

bool render_audit(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct ir_logsource ls = w->rule->info.logsource;
    if (!ir_str_ieq(ls.product, IR_S("linux"))) return false;
    if (ir_str_ieq(ls.category, IR_S("process_creation")))
        process(w, number, out);
    else if (ir_str_ieq(ls.category, IR_S("file_event")))
        created(w, number, out);
    else if (ir_str_ieq(ls.category, IR_S("network_connection")))
        connected(w, number, out);
    else if (ls.category.n == 0 && ir_str_ieq(ls.service, IR_S("auditd")))
        auditd(w, number, out);
    else
        return false;
    return true;
}
