/*
 * The records of an audit event: see audit.h.
 */
#include "audit.h"

#include "format/auditd_int.h"

#define CALLS_MAX 600u
#define ARGS_MAX  512u

struct audit audit_open(struct wish *w, unsigned number, bool parent, struct ir_buf *out)
{
    unsigned pid = 10000 + 4 * number;
    return (struct audit){w, out, 2 * number + !parent, pid - parent, pid - 1 - parent};
}

void audit_head(const struct audit *e, const char *type)
{
    ir_buf_fmt(e->out, "type=%s msg=audit(1795395600.%03u:%u):", type, e->serial % 1000, e->serial);
}

void audit_hex(struct ir_str s, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n; i++)
        ir_buf_fmt(out, "%02X", (unsigned)(unsigned char)s.p[i]);
}

static bool plain(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '"') return false;
    return true;
}

void audit_value(const struct audit *e, const char *name, struct ir_str s)
{
    ir_buf_fmt(e->out, " %s=", name);
    if (!plain(s)) {
        audit_hex(s, e->out);
        return;
    }
    ir_buf_chr(e->out, '"');
    ir_buf_str(e->out, s);
    ir_buf_chr(e->out, '"');
}

struct ir_str audit_base_name(struct ir_str path)
{
    size_t at = ir_str_rchr(path, '/');
    return at == IR_NPOS ? path : ir_str_skip(path, at + 1);
}

static unsigned call_number(struct ir_str name)
{
    unsigned nr = 0;
    while (nr < CALLS_MAX && !ir_str_ieq(ir_aud_syscall(IR_S("c000003e"), nr), name))
        nr++;
    return nr;
}

static struct ir_str or (struct ir_str s, struct ir_str other)
{
    return s.n > 0 ? s : other;
}

void audit_call(const struct audit *e, const struct audit_call *c)
{
    struct ir_str user = or (c->user, IR_S("hana")), exe = or (c->exe, IR_S("/usr/bin/tool"));
    bool root = ir_str_eq(user, IR_S("root"));
    audit_head(e, "SYSCALL");
    ir_buf_fmt(e->out, " arch=c000003e syscall=%u success=yes exit=0 ", call_number(c->name));
    ir_buf_str(e->out, or (c->args, IR_S("a0=ffffff9c a1=55e0 a2=241 a3=1b6")));
    ir_buf_fmt(e->out, " items=2 ppid=%u pid=%u auid=1000 uid=%s gid=1000 euid=", e->ppid, e->pid,
               root ? "0" : "1000");
    ir_buf_str(e->out, or (c->euid, root ? IR_S("0") : IR_S("1000")));
    ir_buf_str(e->out, IR_S(" suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses="));
    ir_buf_str(e->out, or (c->session, IR_S("7")));
    audit_value(e, "comm", or (c->comm, ir_str_head(audit_base_name(exe), 15)));
    audit_value(e, "exe", exe);
    if (c->key.n > 0)
        audit_value(e, "key", c->key);
    else
        ir_buf_str(e->out, IR_S(" key=(null)"));
    /* a name that is not root's stands in an ENRICHED log only */
    if (e->w->way % 2 || !(root || ir_str_eq(user, IR_S("hana"))))
        ir_buf_fmt(e->out,
                   "\x1d"
                   "ARCH=x86_64 SYSCALL=%.*s AUID=\"hana\" UID=\"%.*s\"",
                   IR_FMT(c->name), IR_FMT(user));
    ir_buf_chr(e->out, '\n');
}

void audit_execve(const struct audit *e, const struct ir_str *arg, unsigned n)
{
    char name[16];
    audit_head(e, "EXECVE");
    ir_buf_fmt(e->out, " argc=%u", n);
    for (unsigned i = 0; i < n; i++) {
        snprintf(name, sizeof name, "a%u", i);
        audit_value(e, name, arg[i]);
    }
    ir_buf_chr(e->out, '\n');
}

void audit_path(const struct audit *e, unsigned item, struct ir_str name, struct ir_str nametype)
{
    audit_head(e, "PATH");
    ir_buf_fmt(e->out, " item=%u", item);
    audit_value(e, "name", name);
    ir_buf_fmt(e->out,
               " inode=4711 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=%.*s\n",
               IR_FMT(nametype));
}

void audit_cwd(const struct audit *e, struct ir_str cwd)
{
    audit_head(e, "CWD");
    audit_value(e, "cwd", cwd);
    ir_buf_chr(e->out, '\n');
}

unsigned audit_split(struct ir_str line, struct ir_str *arg, unsigned max)
{
    unsigned n = 0;
    while (n + 1 < max && ir_str_chr(line, ' ') != IR_NPOS)
        arg[n++] = ir_str_cut(&line, ' ');
    arg[n++] = line;
    return n;
}

void audit_start(const struct audit *e, const struct audit_start *s)
{
    struct ir_str arg[ARGS_MAX];
    audit_call(e, &(struct audit_call){.name = IR_S("execve"),
                                       .args = IR_S("a0=55d0 a1=55e0 a2=55f0 a3=8"),
                                       .exe = s->exe,
                                       .user = s->user,
                                       .session = s->session});
    audit_execve(e, arg, audit_split(s->line, arg, ARGS_MAX));
    audit_head(e, "CWD");
    audit_value(e, "cwd", or (s->cwd, IR_S("/home/hana")));
    ir_buf_chr(e->out, '\n');
    audit_path(e, 0, or (s->exe, IR_S("/usr/bin/tool")), IR_S("NORMAL"));
    audit_head(e, "PROCTITLE");
    ir_buf_str(e->out, IR_S(" proctitle="));
    audit_hex(ir_str_head(s->line, 128), e->out);
    ir_buf_chr(e->out, '\n');
}

/* "/name" is a program, "/dir/name" may already be a whole path: unless that is forbidden. */
static struct ir_str directory(const struct wish *w, const char *fields, struct ir_str path)
{
    static const char *const dirs[] = {"", "/usr/bin", "/usr/local/bin", "/srv/jail", "/usr"};
    char whole[4096];
    bool short_name = ir_str_starts(path, IR_S("/")) && ir_str_rchr(path, '/') == 0;
    unsigned from = short_name ? 1 + w->way % 2 : ir_str_starts(path, IR_S("/bin/")) ? 4 : 0;
    if (!ir_str_starts(path, IR_S("/"))) return IR_S("/srv/");
    for (unsigned i = from; i < 5; i++) {
        int n = snprintf(whole, sizeof whole, "%s%.*s", dirs[i], IR_FMT(path));
        if (!wish_forbids(w, fields, ir_str_n(whole, (size_t)n))) return ir_str_z(dirs[i]);
    }
    return ir_str_z(dirs[from]);
}

void audit_path_text(struct wish *w, const char *fields, const char *others, struct ir_buf *out)
{
    struct ir_buf t = IR_BUF(RENDER_MAX);
    wish_text_or(w, fields, "/", others, &t);
    bool open = true; /* the text may be made longer */
    for (size_t i = 0; i < w->n; i++)
        if (ir_str_eq(w->v[i].item->field, ir_str_z(fields)))
            open = open && w->v[i].val != NULL && !w->v[i].val->pattern.anchored_start;
    struct ir_str s = ir_buf_view(&t);
    if (open) ir_buf_str(out, directory(w, fields, s));
    ir_buf_str(out, s);
    if (s.n > 0 && s.p[s.n - 1] == '/') ir_buf_chr(out, 'x');
    ir_buf_free(&t);
}
