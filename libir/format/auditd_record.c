/*
 * One audit line: node, type, stamp, and its name=value fields. Nothing is decoded or interpreted
 * here (auditd_decode.c), and nothing is joined (auditd.c).
 *
 *   node=HOST type=TYPE msg=audit(SECONDS.MS:SERIAL): name=value … msg='inner fields'<1d>TAIL="…"
 *
 * Format: auparse of https://github.com/linux-audit/audit-userspace, kernel/audit.c.
 */
#include "base/time.h"
#include "format/auditd_int.h"

#define FIELDS_MAX       512u  /* of a record; a real one has at most about 40 … */
#define FIELDS_EXECVE    4096u /* … but an EXECVE has as many as arguments fit into 8 KB */
#define ENRICHED         '\x1d'
#define ENRICHED_RSYSLOG IR_S("#035") /* what rsyslog makes of it */

/* The kernel writes it without quotes, as no string of somebody's choice can stand. libaudit quotes
 * even its "?", but for a command that somebody typed. */
bool ir_aud_none(const struct ir_aud_kv *kv)
{
    if (ir_str_eq(kv->val, IR_S("?")))
        return kv->quote == 0 || (kv->part != IR_AUD_OUTER && !ir_str_eq(kv->name, IR_S("cmd")));
    return kv->quote == 0 && !kv->derived &&
           (kv->val.n == 0 || ir_str_eq(kv->val, IR_S("(null)")) ||
            ir_str_eq(kv->val, IR_S("(none)")));
}

static bool take(struct ir_str *s, struct ir_str prefix)
{
    if (!ir_str_starts(*s, prefix)) return false;
    *s = ir_str_skip(*s, prefix.n);
    return true;
}

static struct ir_str take_digits(struct ir_str *s)
{
    size_t n = 0;
    while (n < s->n && ir_isdigit(s->p[n]))
        n++;
    struct ir_str d = ir_str_head(*s, n);
    *s = ir_str_skip(*s, n);
    return d;
}

/* "SECONDS.FRACTION:SERIAL)" and what follows it up to the fields. Some relays drop the fraction.
 */
static bool stamp(struct ir_str s, struct ir_aud_head *h)
{
    uint64_t sec;
    struct ir_str d = take_digits(&s);
    if (!ir_str_u64(d, &sec) || sec > INT64_C(9223372035)) return false;
    int64_t ns = (int64_t)sec * IR_NS, unit = IR_NS;
    if (take(&s, IR_S("."))) {
        d = take_digits(&s);
        for (size_t i = 0; i < d.n && unit > 1; i++)
            ns += (d.p[i] - '0') * (unit /= 10);
        if (d.n == 0) return false;
    }
    if (!take(&s, IR_S(":"))) return false;
    h->serial_text = take_digits(&s);
    if (!ir_str_u64(h->serial_text, &h->serial) || !take(&s, IR_S(")"))) return false;
    take(&s, IR_S(":"));
    h->ns = ns;
    h->stamped = true;
    h->body = ir_str_trim(s);
    return true;
}

/* The name and number of a type as logged: SYSCALL, 1300, UNKNOWN[1334]. */
static bool type_of(struct ir_str t, struct ir_aud_head *h)
{
    uint64_t number = 0;
    if (t.n == 0 || t.n > 64) return false;
    h->type = t;
    struct ir_str digits = t;
    if (ir_str_starts(t, IR_S("UNKNOWN[")) && t.p[t.n - 1] == ']')
        digits = ir_str_n(t.p + 8, t.n - 9);
    if (ir_str_u64(digits, &number) && number < 10000) {
        h->type_no = (unsigned)number;
        struct ir_str name = ir_aud_type_name(h->type_no);
        if (name.p != NULL) h->type = name;
        return true;
    }
    h->type_no = ir_aud_type_number(t);
    return true;
}

/* journald and audisp hand on "SYSCALL arch=…" without a stamp: only known names are believed, and
 * UNKNOWN[1334]. */
static bool bare(struct ir_str s, struct ir_aud_head *h)
{
    size_t n = ir_str_chr(s, ' ');
    if (n == IR_NPOS || n > 40 || ir_isdigit(s.p[0])) return false;
    if (!type_of(ir_str_head(s, n), h)) return false;
    h->body = ir_str_trim(ir_str_skip(s, n));
    return h->type_no != 0 && ir_str_chr(ir_str_head(h->body, 400), '=') != IR_NPOS;
}

bool ir_aud_head(struct ir_str rec, struct ir_aud_head *ret_h)
{
    struct ir_aud_head h = {0};
    struct ir_str s = rec;
    if (take(&s, IR_S("node="))) {
        size_t n = ir_str_chr(ir_str_head(s, 256), ' ');
        if (n == IR_NPOS) return false;
        h.node = ir_str_head(s, n);
        s = ir_str_skip(s, n + 1);
    }
    if (!take(&s, IR_S("type="))) {
        if (h.node.p != NULL || !bare(s, &h)) return false;
        *ret_h = h;
        return true;
    }
    size_t n = ir_str_chr(ir_str_head(s, 80), ' ');
    if (n == IR_NPOS || !type_of(ir_str_head(s, n), &h)) return false;
    s = ir_str_skip(s, n + 1);
    take(&s, IR_S("msg="));
    if (!take(&s, IR_S("audit(")) || !stamp(s, &h)) return false;
    *ret_h = h;
    return true;
}

/* "audit[12]: " and the like; false when s does not begin with a tag that carries audit records. */
static bool take_tag(struct ir_str *s)
{
    static const struct ir_str tags[] = {
        {"audispd", 7}, {"audisp-syslog", 13}, {"auditd", 6}, {"audit", 5}, {"kernel", 6}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        struct ir_str r = *s;
        if (!take(&r, tags[i])) continue;
        if (take(&r, IR_S("["))) {
            take_digits(&r);
            if (!take(&r, IR_S("]"))) continue;
        }
        if (!take(&r, IR_S(":"))) continue;
        *s = ir_str_trim(r);
        return true;
    }
    return false;
}

/* The kernel ring's "[   12.345678] ". */
static bool take_uptime(struct ir_str *s)
{
    size_t n = ir_str_chr(ir_str_head(*s, 24), ']');
    if (s->n == 0 || s->p[0] != '[' || n == IR_NPOS) return false;
    for (size_t i = 1; i < n; i++)
        if (!ir_isdigit(s->p[i]) && s->p[i] != '.' && s->p[i] != ' ') return false;
    *s = ir_str_trim(ir_str_skip(*s, n + 1));
    return true;
}

struct ir_str ir_auditd_body(struct ir_str msg)
{
    struct ir_aud_head h;
    struct ir_str s = ir_str_trim(msg);
    for (int i = 0; i < 4 && (take_tag(&s) || take_uptime(&s)); i++)
        continue;
    return ir_aud_head(s, &h) ? s : ir_str_n(NULL, 0);
}

/* ---- fields ---- */

struct lex {
    const char *p, *end;
    struct ir_aud_rec *r;
    uint32_t cap;
    enum ir_aud_part part;
    struct ir_str qualifier; /* the word before: LOGIN records say "old auid=… new auid=…" */
};

static void put(struct lex *x, struct ir_str name, struct ir_str val, char quote)
{
    if (x->r->nkv == x->cap) {
        x->r->truncated = true;
        return;
    }
    const uint32_t mark = ir_aud_mark(name);
    x->r->marks |= ir_aud_mark_bit(mark);
    x->r->kv[x->r->nkv++] = (struct ir_aud_kv){
        .name = name, .val = val, .mark = mark, .quote = quote, .part = (uint8_t)x->part};
}

enum { NAME = 1, STOP = 2, EQUALS = 4, LOOSE = 8 };
/* What may stand in a field's name; what may end an unquoted value (0x1d, blank, "#035"); what does
 * not belong to one although it stands at its end. */
static const uint8_t class_of[256] = {
    ['0' ... '9'] = NAME, ['A' ... 'Z'] = NAME, ['a' ... 'z'] = NAME, ['_'] = NAME,  ['-'] = NAME,
    ['['] = NAME,         [']'] = NAME,         [' '] = STOP,         ['#'] = STOP,  [0x1d] = STOP,
    ['='] = EQUALS,       ['"'] = LOOSE,        ['\''] = LOOSE,       [','] = LOOSE, [';'] = LOOSE,
};

static inline bool is_name(char c)
{
    return class_of[(unsigned char)c] & NAME;
}

static inline bool is_stop(char c)
{
    return class_of[(unsigned char)c] & STOP;
}

static bool at_tail(const struct lex *x)
{
    if (*x->p != ENRICHED && *x->p != '#') return false;
    return x->part == IR_AUD_OUTER &&
           (*x->p == ENRICHED ||
            ir_str_starts(ir_str_n(x->p, (size_t)(x->end - x->p)), ENRICHED_RSYSLOG));
}

static bool is_avc(const struct lex *x)
{
    return x->r->h.type_no == IR_AUD_AVC || x->r->h.type_no == IR_AUD_USER_AVC;
}

/* Transports that drop 0x1d glue the tail to the last value: key=(null)ARCH=x86_64. Returns the
 * length of the value before the glued name. The first '=' is at eq. */
static size_t glued(struct ir_str v, size_t eq)
{
    static const struct ir_str first[] = {{"ARCH=", 5}, {"AUID=", 5}, {"OAUID=", 6}, {"OUID=", 5},
                                          {"UID=", 4},  {"ID=", 3},   {"SADDR=", 6}};
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
        if (eq >= first[i].n && ir_str_ends(ir_str_head(v, eq + 1), first[i]))
            return eq + 1 - first[i].n;
    return v.n;
}

static struct ir_str unquoted(struct lex *x)
{
    const char *start = x->p, *eq = NULL;
    for (; x->p < x->end; x->p++) {
        const uint8_t class = class_of[(unsigned char)*x->p];
        if (!(class & (STOP | EQUALS))) continue;
        if (*x->p == ' ' || ((class & STOP) && at_tail(x))) break;
        if ((class & EQUALS) && eq == NULL) eq = x->p;
    }
    struct ir_str v = ir_str_n(start, (size_t)(x->p - start));
    if (x->part == IR_AUD_OUTER && eq != NULL) {
        size_t n = glued(v, (size_t)(eq - start));
        if (n < v.n) x->p = start + n;
        v.n = n;
    }
    /* Old user space messages: "(hostname=?, addr=?, terminal=pts/0 res=success)". */
    while (v.n > 0 && (class_of[(unsigned char)v.p[v.n - 1]] & LOOSE))
        v.n--;
    if (v.n > 0 && v.p[v.n - 1] == ')' && ir_str_chr(v, '(') == IR_NPOS) v.n--;
    return v;
}

static void run(struct lex *x);

/* Where the text in single quotes ends. The kernel closes it, so in a RAW record it is the last
 * byte; in an ENRICHED one the last quote before 0x1d. What stands inside may hold both: look from
 * the end. */
static const char *inner_end(const char *start, const char *end)
{
    if (end > start && end[-1] == '\'') return end - 1;
    struct ir_str s = ir_str_n(start, (size_t)(end - start));
    size_t at = ir_str_rfind(s, IR_S("'\x1d"));
    if (at == IR_NPOS) at = ir_str_rfind(s, IR_S("'#035"));
    if (at == IR_NPOS) at = ir_str_rchr(s, '\'');
    return at == IR_NPOS ? end : start + at;
}

static void inner(struct lex *x)
{
    const char *end = inner_end(x->p, x->end);
    struct lex y = *x;
    y.end = end;
    y.part = IR_AUD_INNER;
    run(&y);
    x->p = end < x->end ? end + 1 : end;
    x->part = IR_AUD_TAIL;
}

static void value(struct lex *x, struct ir_str name)
{
    char quote = x->p < x->end ? *x->p : 0;
    if (quote == '\'' && x->part == IR_AUD_OUTER && ir_str_eq(name, IR_S("msg")) &&
        x->r->h.type_no != IR_AUD_EXECVE) { /* thousands of fields there are none of a program's */
        x->p++;
        inner(x);
        return;
    }
    if (quote != '"' && quote != '\'' && quote != '{') {
        put(x, name, unquoted(x), 0);
    } else {
        const char *start = ++x->p;
        const char *q = memchr(start, quote == '{' ? '}' : quote, (size_t)(x->end - start));
        if (q == NULL && x->part != IR_AUD_OUTER) {
            /* No quote at all: a host may be called so, to hide what stands behind its name. */
            x->p = start - 1;
            put(x, name, unquoted(x), 0);
            return;
        }
        if (q == NULL) {
            x->r->damaged = true; /* the line was cut: the rest is the value */
            q = x->end;
        }
        struct ir_str v = ir_str_n(start, (size_t)(q - start));
        put(x, name, quote == '{' ? ir_str_trim(v) : v, quote);
        x->p = q < x->end ? q + 1 : q;
    }
    /* key=(null)ARCH=…, key="x"ARCH=… : the separator was lost on the way */
    if (x->part == IR_AUD_OUTER && x->p < x->end && *x->p >= 'A' && *x->p <= 'Z')
        x->part = IR_AUD_TAIL;
}

/* A word that names nothing: "avc:  denied  { read } for", "op=adding user", "old auid=". */
static void word(struct lex *x, const char *start)
{
    while (x->p < x->end && (!is_stop(*x->p) || (*x->p != ' ' && !at_tail(x))))
        x->p++;
    struct ir_str w = ir_str_n(start, (size_t)(x->p - start));
    x->qualifier = w;
    if (is_avc(x) && (ir_str_eq(w, IR_S("denied")) || ir_str_eq(w, IR_S("granted")))) {
        put(x, IR_S("seresult"), w, 0);
        return;
    }
    struct ir_aud_kv *last = x->r->nkv ? &x->r->kv[x->r->nkv - 1] : NULL;
    if (last != NULL && last->part == x->part && last->quote == 0 &&
        ir_str_eq(last->name, IR_S("op")))
        last->val.n = (size_t)(x->p - last->val.p);
}

static struct ir_str qualified(const struct lex *x, struct ir_str name)
{
    if (!ir_str_eq(x->qualifier, IR_S("old"))) return name;
    if (ir_str_eq(name, IR_S("auid"))) return IR_S("old-auid");
    if (ir_str_eq(name, IR_S("ses"))) return IR_S("old-ses");
    return name;
}

static void run(struct lex *x)
{
    while (x->p < x->end) {
        if (at_tail(x)) {
            x->p += *x->p == ENRICHED ? 1 : ENRICHED_RSYSLOG.n;
            x->part = IR_AUD_TAIL;
            continue;
        }
        if (*x->p == '{' && is_avc(x)) {
            value(x, IR_S("seperms"));
            continue;
        }
        if (!is_name(*x->p)) {
            x->p++;
            continue;
        }
        const char *start = x->p;
        while (x->p < x->end && is_name(*x->p))
            x->p++;
        if (x->p < x->end && *x->p == '=') {
            struct ir_str name = ir_str_n(start, (size_t)(x->p - start));
            x->p++;
            value(x, qualified(x, name));
            x->qualifier = ir_str_n(NULL, 0);
        } else {
            word(x, start);
        }
    }
}

/* Of two fields with one name in msg='…': libaudit writes addr, terminal and res behind what others
 * may have a say in (a host name), so for these the last counts, else the first. */
static bool last_counts(struct ir_str name)
{
    return ir_str_eq(name, IR_S("addr")) || ir_str_eq(name, IR_S("terminal")) ||
           ir_str_eq(name, IR_S("res"));
}

static void hide(struct ir_aud_rec *r)
{
    for (uint32_t i = 0; i < r->nkv; i++) {
        if (r->kv[i].part != IR_AUD_INNER) continue;
        for (uint32_t j = 0; j < i; j++) {
            struct ir_aud_kv *a = &r->kv[j], *b = &r->kv[i];
            if (a->mark != b->mark || a->hidden || a->part == IR_AUD_TAIL ||
                !ir_str_eq(a->name, b->name))
                continue;
            if (a->part == IR_AUD_INNER && last_counts(a->name))
                a->hidden = true;
            else
                b->hidden = true;
            break;
        }
    }
}

bool ir_aud_split(struct ir_aud_rec *r, struct ir_arena *a)
{
    struct ir_str b = r->h.body;
    uint32_t cap = 4, max = r->h.type_no == IR_AUD_EXECVE ? FIELDS_EXECVE : FIELDS_MAX;
    for (size_t i = 0; i < b.n; i++)
        cap += b.p[i] == '=';
    if (cap > max) cap = max;
    r->nkv = 0;
    r->marks = 0;
    r->kv = ir_arena_alloc(a, cap * sizeof *r->kv);
    if (r->kv == NULL) return false;
    struct lex x = {.p = b.p, .end = b.p + b.n, .r = r, .cap = cap, .part = IR_AUD_OUTER};
    run(&x);
    hide(r);
    return true;
}

const struct ir_aud_kv *ir_aud_find_marked(const struct ir_aud_rec *r, struct ir_str name,
                                           uint32_t mark, unsigned parts)
{
    for (uint32_t i = 0; i < r->nkv; i++)
        if (r->kv[i].mark == mark && (r->kv[i].part & parts) && !r->kv[i].hidden &&
            ir_str_eq(r->kv[i].name, name))
            return &r->kv[i];
    return NULL;
}
