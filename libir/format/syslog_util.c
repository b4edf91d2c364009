/*
 * What the dissectors share: the table of programs, and small readers of addresses and key=value
 * text.
 */
#include "base/ip.h"
#include "format/syslog.h"

static const struct ir_syslog_program programs[] = {
#define PROGRAM(name, dissect, source, auth) {IR_S(name), dissect, IR_LS_##source, auth},
#include "format/syslog_programs.def"
#undef PROGRAM
};

/* Letters, digits, '-' and '_' only: nothing to take off. */
static bool is_plain(struct ir_str tag)
{
    for (size_t i = 0; i < tag.n; i++)
        if (!ir_isalnum(tag.p[i]) && tag.p[i] != '_' && (tag.p[i] != '-' || i == 0)) return false;
    return true;
}

struct ir_str ir_syslog_normal(struct ir_str tag)
{
    if (is_plain(tag)) return tag;
    /* "postfix/smtpd", "postfix-out/submission/smtpd": the family, as its daemons have common names
     */
    if (ir_str_istarts(tag, IR_S("postfix")) && ir_str_chr(tag, '/') != IR_NPOS)
        return ir_str_head(tag, 7);
    if (ir_str_starts(tag, IR_S("-- "))) tag = ir_str_skip(tag, 3);
    for (size_t i = 0; i < tag.n; i++)
        if (tag.p[i] == '(' || tag.p[i] == ' ' || tag.p[i] == '[' || tag.p[i] == ']')
            tag = ir_str_head(tag, i);
    size_t slash = ir_str_rchr(tag, '/');
    if (slash != IR_NPOS) tag = ir_str_skip(tag, slash + 1);
    size_t at = ir_str_chr(tag, '@'); /* sshd@12-….service */
    ir_syslog_drop_end(&tag, IR_S(".service"));
    return at == IR_NPOS || at == 0 ? tag : ir_str_head(tag, at);
}

const struct ir_syslog_program *ir_syslog_program(struct ir_str tag)
{
    /* length and first letter of each name in a byte, for memchr: there are hundreds */
#define KEY(n, first) (unsigned char)((n) << 5 ^ ((first)&31))
    static const unsigned char keys[] = {
#define PROGRAM(name, dissect, source, auth) KEY(sizeof(name) - 1, (name)[0]),
#include "format/syslog_programs.def"
#undef PROGRAM
    };
    struct ir_str name = ir_syslog_normal(tag);
    const unsigned char *at = keys, *end = keys + sizeof keys;
    if (name.n == 0 || name.n > 255) return NULL;
    const unsigned char key = KEY(name.n, name.p[0]);
    for (; (at = memchr(at, key, (size_t)(end - at))) != NULL; at++)
        if (ir_str_ieq(programs[at - keys].name, name)) return &programs[at - keys];
    return NULL;
#undef KEY
}

void ir_syslog_action(struct ir_event *ev, const char *action)
{
    ir_event_derive(ev, IR_F_EVENT_ACTION, ir_str_z(action));
}

void ir_syslog_outcome(struct ir_event *ev, bool success)
{
    ir_event_derive(ev, IR_F_EVENT_OUTCOME, success ? IR_S("success") : IR_S("failure"));
}

void ir_syslog_logon(struct ir_event *ev, const char *action, bool success)
{
    ir_syslog_action(ev, action);
    ir_syslog_outcome(ev, success);
    ir_event_source(ev, IR_LS_AUTHENTICATION);
}

void ir_syslog_user(struct ir_event *ev, enum ir_field_id id, struct ir_str name)
{
    if (name.n > 0) ir_event_set(ev, id, name);
}

bool ir_syslog_take(struct ir_str *s, struct ir_str prefix)
{
    if (!ir_str_starts(*s, prefix)) return false;
    *s = ir_str_skip(*s, prefix.n);
    return true;
}

bool ir_syslog_drop_end(struct ir_str *s, struct ir_str suffix)
{
    if (!ir_str_ends(*s, suffix)) return false;
    s->n -= suffix.n;
    return true;
}

/* A dotted quad written as IPv6 is the IPv4 address for everybody who reads it. */
static struct ir_str without_mapping(struct ir_str addr)
{
    if (!ir_str_istarts(addr, IR_S("::ffff:"))) return addr;
    struct ir_str v4 = ir_str_skip(addr, 7);
    struct ir_ip ip;
    return ir_str_chr(v4, '.') != IR_NPOS && ir_ip_parse(v4, &ip) ? v4 : addr;
}

static bool is_domain(struct ir_str s)
{
    bool letter = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!ir_isalnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_') return false;
        letter = letter || ir_isalpha(s.p[i]);
    }
    return letter && s.n <= 255 && ir_isalnum(s.p[0]) && !ir_str_eq(s, IR_S("UNKNOWN"));
}

/* "tty1", "ttyS0", "pts/3", "console", "lxc/tty1", "/dev/…" and X displays such as ":0": where
 * somebody sits, not where they come from. With a dot or a dash it is a host's name. */
static bool is_tty(struct ir_str s)
{
    static const struct ir_str starts[] = {IR_S("pts/"), IR_S("vc/"), IR_S("lxc/"), IR_S("hvc"),
                                           IR_S("xvc"),  IR_S("tty"), IR_S(":")};
    if (ir_str_starts(s, IR_S("/dev/")) || ir_str_eq(s, IR_S("console")) ||
        ir_str_eq(s, IR_S("tty")) || ir_str_eq(s, IR_S("pts")))
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct ir_str rest = s;
        if (!ir_syslog_take(&rest, starts[i])) continue;
        bool display = s.p[0] == ':', digit = false;
        if (rest.n == 0 || rest.n > 12) return false;
        for (size_t k = 0; k < rest.n; k++) {
            if (!ir_isalnum(rest.p[k]) && rest.p[k] != '/' && !(display && rest.p[k] == '.'))
                return false;
            digit = digit || ir_isdigit(rest.p[k]);
        }
        return digit && (!display || ir_isdigit(rest.p[0]));
    }
    return false;
}

void ir_syslog_tty(struct ir_event *ev, struct ir_str tty)
{
    if (tty.n == 0 || ir_str_eq(tty, IR_S("none")) || ir_str_eq(tty, IR_S("(none)"))) return;
    if (ir_event_get(ev, IR_F_PROCESS_TTY, 0).p == NULL) ir_event_set(ev, IR_F_PROCESS_TTY, tty);
}

void ir_syslog_peer(struct ir_event *ev, struct ir_str addr)
{
    struct ir_ip ip;
    if (addr.n >= 2 && addr.p[0] == '[' && addr.p[addr.n - 1] == ']')
        addr = ir_str_n(addr.p + 1, addr.n - 2);
    addr = without_mapping(addr);
    if (addr.n == 0 || addr.p[0] == '(') return; /* "(null)" */
    if (ir_ip_parse(addr, &ip))
        ir_event_set(ev, IR_F_SOURCE_IP, addr);
    else if (is_tty(addr))
        ir_syslog_tty(ev, addr);
    else
        ir_event_set(ev, is_domain(addr) ? IR_F_SOURCE_DOMAIN : IR_F_SOURCE_ADDRESS, addr);
}

bool ir_syslog_is_port(struct ir_str s)
{
    uint64_t v;
    return s.n > 0 && s.n <= 5 && ir_isdigit(s.p[0]) && ir_str_u64(s, &v) && v <= 65535;
}

void ir_syslog_port(struct ir_event *ev, struct ir_str port)
{
    if (ir_syslog_is_port(port)) ir_event_add(ev, IR_F_SOURCE_PORT, IR_V_NUMBER, port);
}

struct ir_str ir_syslog_addr_token(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && (ir_isalnum(s.p[i]) || memchr(".:-_%[]", s.p[i], 7) != NULL))
        i++;
    while (i > 0 && s.p[i - 1] == ':' && !(i > 1 && s.p[i - 2] == ':'))
        i--; /* "1.2.3.4: reason" */
    return ir_str_head(s, i);
}

struct ir_str ir_syslog_value(struct ir_str s, struct ir_str key)
{
    for (size_t i = 0; i + key.n <= s.n; i++) {
        struct ir_str at = ir_str_skip(s, i);
        if (!ir_str_starts(at, key) || (i > 0 && s.p[i - 1] != ' ')) continue;
        at = ir_str_skip(at, key.n);
        size_t end = ir_str_chr(at, ' ');
        return ir_str_head(at, end == IR_NPOS ? at.n : end);
    }
    return ir_str_n(NULL, 0);
}
