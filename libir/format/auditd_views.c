/*
 * The views of an audit event beside its base: each record with its own fields, and what the
 * records mean together: a process creation, created files, a network connection. Also the record's
 * native fields, its file path and the text for keyword rules.
 */
#include "format/auditd_int.h"

/* a0, a1 …: more would leave no room for the records behind; the command line has them all. */
#define ARGS_MAX 1024u

static void named(struct ir_event *ev, struct ir_str name, struct ir_str val, bool derived)
{
    uint32_t before = ev->nfields;
    ir_event_add_named(ev, name, IR_V_STRING, val);
    if (derived && ev->nfields > before) ev->fields[before].derived = 1;
}

/* ---- native fields ---- */

static bool is_call_arg(struct ir_str name)
{
    return name.n == 2 && name.p[0] == 'a' && name.p[1] >= '0' && name.p[1] <= '3';
}

/* What msg='…' may not say: the record's type, and the upper-case names that only auditd itself
 * adds. */
static bool is_reserved(const struct ir_aud_kv *kv)
{
    if (ir_str_eq(kv->name, IR_S("type")) || ir_str_eq(kv->name, IR_S("node"))) return true;
    if (kv->part != IR_AUD_INNER) return false;
    for (size_t i = 0; i < kv->name.n; i++)
        if (kv->name.p[i] >= 'A' && kv->name.p[i] <= 'Z') return true;
    return false;
}

/* What only the record itself is about: in the base it would look like every other record's. */
static bool is_own(struct ir_str name)
{
    return ir_str_eq(name, IR_S("name")) || ir_str_eq(name, IR_S("nametype")) ||
           ir_str_eq(name, IR_S("path")) || ir_str_eq(name, IR_S("item")) ||
           ir_str_eq(name, IR_S("items"));
}

static void field(const struct ir_aud_ctx *c, const struct ir_aud_kv *kv)
{
    bool null = kv->quote == 0 && !kv->derived && ir_str_eq(kv->val, IR_S("(null)"));
    if (kv->hidden || null || is_reserved(kv)) return;
    if (!ir_str_eq(kv->name, IR_S("key"))) {
        named(c->ev, kv->name, kv->val, kv->derived);
        return;
    }
    struct ir_str rest = kv->val;
    do
        named(c->ev, kv->name, ir_str_cut(&rest, IR_AUD_KEY_SEPARATOR), kv->derived);
    while (rest.p != NULL);
}

static void call_fields(const struct ir_aud_ctx *c, const struct ir_aud_rec *r)
{
    if (ir_aud_find(r, IR_S("SYSCALL"), IR_AUD_TAIL) == NULL && c->syscall.p != NULL)
        ir_event_derive(c->ev, IR_F_AUDIT_SYSCALL_NAME, c->syscall);
    struct ir_str arch = ir_aud_arch(ir_aud_get(r, IR_S("arch"), IR_AUD_OUTER));
    if (ir_aud_find(r, IR_S("ARCH"), IR_AUD_TAIL) == NULL && arch.p != NULL)
        named(c->ev, IR_S("ARCH"), arch, true);
}

static void address_fields(const struct ir_aud_ctx *c)
{
    const struct ir_aud_addr *a = &c->addr;
    struct ir_str fam = a->family == 1    ? IR_S("local")
                        : a->family == 2  ? IR_S("inet")
                        : a->family == 10 ? IR_S("inet6")
                        : a->family == 16 ? IR_S("netlink")
                                          : ir_str_n(NULL, 0);
    if (fam.p != NULL) named(c->ev, IR_S("saddr_fam"), fam, true);
    if (a->ip.p != NULL) named(c->ev, IR_S("laddr"), a->ip, true);
    if (a->port.p != NULL) named(c->ev, IR_S("lport"), a->port, true);
    if (a->path.p != NULL) named(c->ev, IR_S("path"), a->path, true);
}

static bool wanted(const struct ir_aud_rec *r, struct ir_str name, enum ir_aud_native how)
{
    /* An EXECVE's a0, a1[0], a1_len … come from the joined arguments. */
    if (r->h.type_no == IR_AUD_EXECVE && name.p[0] == 'a') return ir_str_eq(name, IR_S("argc"));
    if (how == IR_AUD_ALL) return true;
    bool own = is_own(name) || (r->h.type_no == IR_AUD_SYSCALL && is_call_arg(name));
    return own == (how == IR_AUD_ONLY_CALL);
}

void ir_aud_native(const struct ir_aud_ctx *c, const struct ir_aud_rec *r, enum ir_aud_native how)
{
    if (how != IR_AUD_SKIP_CALL) ir_event_set(c->ev, IR_F_AUDIT_TYPE, r->h.type);
    for (uint32_t i = 0; i < r->nkv; i++)
        if (wanted(r, r->kv[i].name, how)) field(c, &r->kv[i]);
    if (how == IR_AUD_SKIP_CALL && c->cwd.p != NULL) named(c->ev, IR_S("cwd"), c->cwd, true);
    if (r->h.type_no == IR_AUD_EXECVE)
        for (uint32_t i = 0; i < c->args.n && i < ARGS_MAX; i++)
            named(c->ev, c->args.v[i].name, c->args.v[i].val, true);
    if (r->h.type_no == IR_AUD_SYSCALL && how != IR_AUD_ONLY_CALL) call_fields(c, r);
    if (r->h.type_no == IR_AUD_SOCKADDR) address_fields(c);
}

/* ---- paths ---- */

/* A relative name of an …at call is relative to a directory that the record does not name, unless
 * the descriptor is AT_FDCWD: then, and only then, the working directory says where the file is. */
static bool in_cwd(const struct ir_aud_ctx *c, bool create)
{
    static const struct at {
        struct ir_str call, arg, arg_create;
    } at[] = {
#define AT(call, arg, create)                                                                      \
    {                                                                                              \
        {call, sizeof call - 1}, {arg, 2},                                                         \
        {                                                                                          \
            create, 2                                                                              \
        }                                                                                          \
    }
        AT("openat", "a0", "a0"),   AT("openat2", "a0", "a0"),   AT("mkdirat", "a0", "a0"),
        AT("mknodat", "a0", "a0"),  AT("unlinkat", "a0", "a0"),  AT("fchmodat", "a0", "a0"),
        AT("fchownat", "a0", "a0"), AT("utimensat", "a0", "a0"), AT("execveat", "a0", "a0"),
        AT("linkat", "a0", "a2"),   AT("renameat", "a0", "a2"),  AT("renameat2", "a0", "a2"),
        AT("symlinkat", "a1", "a1")
#undef AT
    };
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        if (!ir_str_eq(c->syscall, at[i].call)) continue;
        struct ir_str fd = ir_aud_get(c->main, create ? at[i].arg_create : at[i].arg, IR_AUD_OUTER);
        return fd.p == NULL || ir_str_ends(fd, IR_S("ffffff9c"));
    }
    return true;
}

struct ir_str ir_aud_path(const struct ir_aud_ctx *c, const struct ir_aud_rec *r, bool *ret_derived)
{
    const struct ir_aud_kv *kv = ir_aud_find(r, IR_S("name"), IR_AUD_OUTER);
    if (kv == NULL || kv->val.n == 0 || ir_aud_none(kv)) return ir_str_n(NULL, 0);
    struct ir_str name = kv->val;
    bool create = ir_str_eq(ir_aud_get(r, IR_S("nametype"), IR_AUD_OUTER), IR_S("CREATE"));
    *ret_derived = kv->derived;
    if (name.p[0] == '/' || c->cwd.n == 0 || !in_cwd(c, create)) return name;
    while (ir_str_starts(name, IR_S("./")))
        name = ir_str_skip(name, 2);
    size_t slash = c->cwd.p[c->cwd.n - 1] != '/';
    char *p = ir_arena_alloc(c->ev->arena, c->cwd.n + 1 + name.n);
    if (p == NULL) return kv->val;
    memcpy(p, c->cwd.p, c->cwd.n);
    p[c->cwd.n] = '/';
    if (name.n > 0) memcpy(p + c->cwd.n + slash, name.p, name.n);
    *ret_derived = true;
    return ir_str_n(p, c->cwd.n + slash + name.n);
}

/* ---- views ---- */

/* False at the limit: then the fields of one record would end up in another's view. */
static bool open_view(const struct ir_aud_ctx *c, const struct ir_aud_rec *r)
{
    if (c->ev->nviews >= IR_EVENT_VIEWS_MAX) {
        c->ev->flags |= IR_EV_TRUNCATED;
        return false;
    }
    struct ir_view *v = &c->ev->views[ir_event_view(c->ev)];
    v->offset = r->offset;
    v->line = r->line;
    v->length = r->length;
    v->back = r->back;
    return true;
}

/* What the records mean together is shown by the one that tells most of it. */
static const struct ir_aud_rec *shown_by(const struct ir_aud_ctx *c, unsigned type)
{
    const struct ir_aud_rec *r = ir_aud_of_type(c, type);
    return r ? r : c->main;
}

static void who(const struct ir_aud_ctx *c)
{
    if (c->user.n > 0) ir_event_set(c->ev, IR_F_USER_NAME, c->user);
}

static void process_view(const struct ir_aud_ctx *c)
{
    unsigned command = c->args.line.p != NULL ? IR_AUD_EXECVE : IR_AUD_PROCTITLE;
    if (!c->exec || !open_view(c, shown_by(c, command))) return;
    ir_event_source(c->ev, IR_LS_LINUX_PROCESS_CREATION);
    who(c);
    struct ir_str ses = ir_aud_get(c->main, IR_S("ses"), IR_AUD_OUTER);
    if (ses.p != NULL) ir_event_set(c->ev, IR_F_SG_LOGON_ID, ses);
    /* Not as derived values: keyword rules would search them, and report each child of a shell for
     * what its parent was told. */
    if (c->parent_exe.n > 0) ir_event_set(c->ev, IR_F_PROCESS_PARENT_EXECUTABLE, c->parent_exe);
    if (c->parent_command.n > 0)
        ir_event_set(c->ev, IR_F_PROCESS_PARENT_COMMAND_LINE, c->parent_command);
}

static void network_view(const struct ir_aud_ctx *c)
{
    if (!c->connected || !open_view(c, shown_by(c, IR_AUD_SOCKADDR))) return;
    ir_event_source(c->ev, IR_LS_LINUX_NETWORK_CONNECTION);
    who(c);
    ir_event_derive(c->ev, IR_F_SG_INITIATED, IR_S("true"));
}

static void file_view(const struct ir_aud_ctx *c, const struct ir_aud_rec *r)
{
    bool derived = false;
    if (c->failed || r->h.type_no != IR_AUD_PATH ||
        !ir_str_eq(ir_aud_get(r, IR_S("nametype"), IR_AUD_OUTER), IR_S("CREATE")))
        return;
    struct ir_str path = ir_aud_path(c, r, &derived);
    if (path.n == 0 || !open_view(c, r)) return;
    ir_event_source(c->ev, IR_LS_LINUX_FILE_EVENT);
    ir_event_derive(c->ev, IR_F_FILE_PATH, path);
    who(c);
}

static void record_view(const struct ir_aud_ctx *c, const struct ir_aud_rec *r, bool *seen_execve)
{
    if (r->h.type_no == IR_AUD_EXECVE) {
        if (*seen_execve) return; /* the first one's view has the arguments of all */
        *seen_execve = true;
    }
    if (!open_view(c, r)) return;
    ir_event_source(c->ev, IR_LS_LINUX_AUDITD);
    ir_event_source(c->ev, IR_LS_LINUX);
    ir_aud_native(c, r,
                  r == c->main && r->h.type_no == IR_AUD_SYSCALL ? IR_AUD_ONLY_CALL : IR_AUD_ALL);
}

/* ---- text for keywords ---- */

struct text {
    char *p;
    size_t n, max;
};

static void add(struct text *t, struct ir_str s)
{
    size_t n = s.n < t->max - t->n ? s.n : t->max - t->n;
    if (n > 0) memcpy(t->p + t->n, s.p, n);
    t->n += n;
}

/* " name=value". The value is from now on that of the text, so that the matcher, which searches all
 * of it, knows that it has it. */
static void add_field(struct text *t, struct ir_aud_kv *kv)
{
    const struct ir_str name = kv->name;
    if (name.n + kv->val.n + 2 > t->max - t->n) return;
    char *to = t->p + t->n;
    *to++ = ' ';
    if (name.n > 0) memcpy(to, name.p, name.n);
    to += name.n;
    *to++ = '=';
    if (kv->val.n > 0) memcpy(to, kv->val.p, kv->val.n);
    if (kv->val.p != NULL) kv->val.p = to;
    t->n += name.n + kv->val.n + 2;
}

static void record_text(const struct ir_aud_ctx *c, struct ir_aud_rec *r, struct text *t)
{
    add(t, IR_S("type="));
    add(t, r->h.type);
    for (uint32_t i = 0; i < r->nkv; i++)
        if (r->h.type_no != IR_AUD_EXECVE || r->kv[i].name.p[0] != 'a') add_field(t, &r->kv[i]);
    if (r->h.type_no == IR_AUD_SYSCALL && c->syscall.p != NULL) {
        add(t, IR_S(" SYSCALL="));
        add(t, c->syscall);
    }
    add(t, IR_S("\n"));
}

/* The command line, whose parts move with it. */
static void add_command(struct ir_aud_ctx *c, struct text *t)
{
    const char *to = t->p + t->n, *was = c->args.line.p;
    if (c->args.line.n == 0) return;
    add(t, c->args.line);
    add(t, IR_S("\n"));
    c->args.line.p = to;
    for (uint32_t i = 0; i < c->args.n; i++)
        c->args.v[i].val.p = to + (c->args.v[i].val.p - was);
}

void ir_aud_keytext(struct ir_aud_ctx *c)
{
    size_t max = c->args.line.n + 16;
    for (uint32_t i = 0; i < c->n; i++)
        max += c->recs[i].h.body.n + c->recs[i].h.type.n + 12u * (size_t)c->recs[i].nkv + 64;
    struct text t = {.p = ir_arena_alloc(c->ev->arena, max), .max = max};
    if (t.p == NULL) {
        c->ev->flags |= IR_EV_TRUNCATED;
        return;
    }
    add_command(c, &t);
    for (uint32_t i = 0; i < c->n; i++)
        record_text(c, &c->recs[i], &t);
    c->ev->keytext = ir_str_n(t.p, t.n);
}

void ir_aud_views(const struct ir_aud_ctx *c)
{
    bool seen_execve = false;
    process_view(c);
    network_view(c);
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->n > 1) record_view(c, &c->recs[i], &seen_execve);
        file_view(c, &c->recs[i]);
    }
}
