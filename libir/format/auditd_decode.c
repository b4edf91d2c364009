/*
 * Values of audit records: the hex that audit writes for strings with blanks, quotes or control
 * characters; EXECVE's arguments, which long command lines spread over pieces and records; and
 * socket addresses. Not for numbers that have names (auditd_tables.c).
 *
 * Format: audit_log_untrustedstring and audit_log_execve_info of the kernel's audit.c and
 * auditsc.c.
 */
#include "base/ip.h"
#include "format/auditd_int.h"

#define SOCKADDR_MAX 128u

/* The fields that hold strings of somebody's choice; others are never hex text: a0=7 of a SYSCALL
 * is a number, dev=ad a device. By length, those of one length behind each other. */
static const char *const text_names[] = {
    [2] = "swvm",
    [3] = "cmdcwddirexegrpkey",
    [4] = "acctcommdatafileinfonamepathpeer",
    [5] = "labelocommwatch",
    [6] = "cgroupdevicenew-fsold-fstarget",
    [7] = "new-rngold-rngprofile",
    [8] = "new-diskold-diskroot_dir",
    [9] = "new_groupproctitle",
    [11] = "new-chardevold-chardev",
    [15] = "invalid_context",
};

static bool is_text(struct ir_str name)
{
    const char *names = name.n < sizeof text_names / sizeof *text_names ? text_names[name.n] : NULL;
    for (; names != NULL && *names != '\0'; names += name.n)
        if (*names == name.p[0] && memcmp(names, name.p, name.n) == 0) return true;
    return false;
}

static bool is_hex(struct ir_str s, bool any_case)
{
    if (s.n == 0 || s.n % 2 != 0) return false;
    for (size_t i = 0; i < s.n; i++) {
        bool digit = ir_isdigit(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'F');
        if (!digit && !(any_case && ir_hexval(s.p[i]) >= 0)) return false;
    }
    return true;
}

static size_t unhex(struct ir_str s, char *out)
{
    size_t n = s.n / 2;
    for (size_t i = 0; i < n; i++)
        out[i] = (char)(ir_hexval(s.p[2 * i]) << 4 | ir_hexval(s.p[2 * i + 1]));
    return n;
}

/* A program's own message may carry what merely looks like hex (acct=1000): an encoded string has a
 * reason to be encoded, and no NUL. */
static bool has_reason(struct ir_str text)
{
    bool reason = false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == 0) return false;
        reason |= c < 0x21 || c > 0x7e || c == '"';
    }
    return reason;
}

/* A command line: arguments end in NUL, the last one's is no blank. */
static struct ir_str blanks(char *p, size_t n)
{
    while (n > 0 && p[n - 1] == '\0')
        n--;
    for (size_t i = 0; i < n; i++)
        if (p[i] == '\0') p[i] = ' ';
    return ir_str_n(p, n);
}

static void decode(struct ir_aud_rec *r, struct ir_aud_kv *kv, struct ir_arena *a)
{
    bool inner = kv->part == IR_AUD_INNER;
    if (kv->quote != 0 || !is_text(kv->name) || !is_hex(kv->val, !inner)) return;
    char *p = ir_arena_alloc(a, kv->val.n / 2);
    if (p == NULL) {
        r->truncated = true;
        return;
    }
    struct ir_str v = ir_str_n(p, unhex(kv->val, p));
    if (inner && !ir_str_eq(kv->name, IR_S("cmd")) && !ir_str_eq(kv->name, IR_S("data")) &&
        !has_reason(v))
        return;
    if (r->h.type_no == IR_AUD_PROCTITLE || ir_str_eq(kv->name, IR_S("cmd"))) v = blanks(p, v.n);
    kv->val = v;
    kv->derived = true;
}

void ir_aud_decode(struct ir_aud_rec *r, struct ir_arena *a)
{
    for (uint32_t i = 0; i < r->nkv; i++)
        if (r->kv[i].part != IR_AUD_TAIL) decode(r, &r->kv[i], a);
}

/* ---- EXECVE ---- */

/* "a12", "a12[3]": the length of "a12"; 0 for argc, a12_len and the like. */
static size_t arg_name(struct ir_str name, bool *ret_piece)
{
    size_t n = 1;
    if (name.n < 2 || name.p[0] != 'a') return 0;
    while (n < name.n && ir_isdigit(name.p[n]))
        n++;
    *ret_piece = n < name.n && name.p[n] == '[';
    return n > 1 && (n == name.n || *ret_piece) ? n : 0;
}

struct joiner {
    struct ir_aud_args *args;
    char *p;
    size_t n;
};

static void add_arg(struct joiner *j, const struct ir_aud_kv *kv)
{
    bool piece = false;
    size_t len = arg_name(kv->name, &piece);
    if (len == 0) return;
    struct ir_str name = ir_str_head(kv->name, len);
    struct ir_aud_arg *last = j->args->n ? &j->args->v[j->args->n - 1] : NULL;
    if (!piece || last == NULL || !ir_str_eq(last->name, name)) {
        if (last != NULL) j->p[j->n++] = ' ';
        last = &j->args->v[j->args->n++];
        *last = (struct ir_aud_arg){name, ir_str_n(j->p + j->n, 0)};
    }
    if (kv->quote == 0 && is_hex(kv->val, true)) {
        j->n += unhex(kv->val, j->p + j->n);
    } else if (kv->val.n > 0) {
        memcpy(j->p + j->n, kv->val.p, kv->val.n);
        j->n += kv->val.n;
    }
    last->val.n = (size_t)(j->p + j->n - last->val.p);
}

/* A log that was copied twice: the same record again would double the command line. */
static bool is_repeated(const struct ir_aud_rec *recs, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (recs[i].h.type_no == IR_AUD_EXECVE && ir_str_eq(recs[i].h.body, recs[at].h.body))
            return true;
    return false;
}

bool ir_aud_args(const struct ir_aud_rec *recs, uint32_t n, struct ir_arena *a,
                 struct ir_aud_args *ret_args)
{
    size_t bytes = 0, fields = 0;
    *ret_args = (struct ir_aud_args){0};
    for (uint32_t i = 0; i < n; i++) {
        if (recs[i].h.type_no != IR_AUD_EXECVE) continue;
        fields += recs[i].nkv;
        bytes += recs[i].h.body.n + recs[i].nkv; /* each with a blank before it */
    }
    if (fields == 0) return true;
    struct joiner j = {.args = ret_args, .p = ir_arena_alloc(a, bytes)};
    ret_args->v = ir_arena_alloc(a, fields * sizeof *ret_args->v);
    if (j.p == NULL || ret_args->v == NULL) return false;
    for (uint32_t i = 0; i < n; i++) {
        if (recs[i].h.type_no != IR_AUD_EXECVE || is_repeated(recs, i)) continue;
        for (uint32_t k = 0; k < recs[i].nkv; k++)
            if (recs[i].kv[k].part == IR_AUD_OUTER) add_arg(&j, &recs[i].kv[k]);
    }
    if (ret_args->n > 0) ret_args->line = ir_str_n(j.p, j.n);
    return true;
}

/* ---- SOCKADDR ---- */

static struct ir_str decimal(unsigned v, struct ir_arena *a)
{
    char tmp[12];
    size_t n = sizeof tmp;
    do
        tmp[--n] = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    return ir_arena_dup(a, ir_str_n(tmp + n, sizeof tmp - n));
}

static struct ir_str ip_text(const unsigned char *b, bool v4, struct ir_arena *a)
{
    struct ir_ip ip = {.v4 = v4};
    char text[64];
    if (v4) {
        ip.b[10] = ip.b[11] = 0xff;
        memcpy(ip.b + 12, b, 4);
    } else {
        memcpy(ip.b, b, 16);
    }
    return ir_arena_dup(a, ir_str_n(text, ir_ip_text(&ip, text)));
}

/* sun_path; one that begins with NUL is abstract, written @name as ss and lsof do. */
static struct ir_str unix_path(const unsigned char *b, size_t n, struct ir_arena *a)
{
    char path[SOCKADDR_MAX];
    size_t at = 0;
    while (n > 0 && b[n - 1] == 0)
        n--;
    for (; at < n && (at == 0 || b[at] != 0); at++)
        path[at] = b[at] ? (char)b[at] : '@';
    return ir_arena_dup(a, ir_str_n(path, at));
}

bool ir_aud_sockaddr(struct ir_str hex, struct ir_arena *a, struct ir_aud_addr *ret_addr)
{
    unsigned char b[SOCKADDR_MAX];
    struct ir_aud_addr r = {0};
    if (!is_hex(hex, true) || hex.n > 2 * sizeof b || hex.n < 4) return false;
    size_t n = unhex(hex, (char *)b);
    /* The family is in the order of the machine that logged; no family is above 255. */
    r.family = b[0] ? b[0] : b[1];
    if (r.family == 2 && n >= 8) {
        r.port = decimal((unsigned)b[2] << 8 | b[3], a);
        r.ip = ip_text(b + 4, true, a);
    } else if (r.family == 10 && n >= 24) {
        r.port = decimal((unsigned)b[2] << 8 | b[3], a);
        r.ip = ip_text(b + 8, false, a);
    } else if (r.family == 1) {
        r.path = unix_path(b + 2, n - 2, a);
    }
    *ret_addr = r;
    return true;
}
