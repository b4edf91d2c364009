/*
 * Messages of OpenSSH's sshd: who tried, from where, with what result. The list of messages is
 * syslog_sshd.def; the texts are those of OpenSSH's auth.c, auth2.c, packet.c, sshd.c and
 * sshd-session.c.
 *
 * Hostile: user names, client versions and disconnect reasons are the attacker's words and may look
 * like the rest of a line. So every reader starts from the side that sshd wrote: the right end for
 * user names, the left end for reasons. Where both readings fit, nobody is blamed.
 *
 * event.action: ssh_login, ssh_invalid_user, ssh_not_allowed, ssh_refused, ssh_auth_limit,
 * ssh_auth_postponed, ssh_connection, ssh_disconnect, ssh_probe, ssh_timeout, ssh_negotiation,
 * ssh_reverse_mapping, ssh_session, ssh_server, ssh_key_found, ssh_key_refused, ssh_penalty.
 */
#include "format/syslog.h"

#define MESSAGE_MAX 4096u /* sshd cuts its messages at 1024 and vis(3) can make four of one */
#define FROM_TRIES  IR_SYSLOG_FROM_TRIES

enum outcome { NONE, SUCCESS, FAILURE };

struct msg {
    struct ir_str text; /* what follows the prefix, without "[preauth]" */
    enum outcome outcome;
    struct ir_event *ev;
};

static void set_reason(struct msg *m, struct ir_str reason)
{
    reason = ir_str_trim(reason);
    if (reason.n > 0) ir_event_set(m->ev, IR_F_EVENT_REASON, reason);
}

static void set_user(struct msg *m, struct ir_str user)
{
    ir_syslog_user(m->ev, IR_F_USER_NAME, user);
}

static bool take_invalid(struct msg *m, struct ir_str *s)
{
    struct ir_str before = *s;
    if (!ir_syslog_take(s, IR_S("invalid user ")) && !ir_syslog_take(s, IR_S("illegal user ")))
        return false;
    set_reason(m, ir_str_head(before, 12));
    return true;
}

static bool read_user_from(struct msg *m, struct ir_str s, enum ir_syslog_info info)
{
    struct ir_syslog_from f;
    if (ir_str_starts(s, IR_S("from ")) && ir_str_find(s, IR_S(" from ")) == IR_NPOS &&
        ir_syslog_from_tail(ir_str_skip(s, 5), &f)) {
        f.user = ir_str_n(s.p, 0); /* no name, and somebody made one blank of two */
    } else if (!ir_syslog_find_from(s, info, &f)) {
        return false;
    }
    set_user(m, f.user);
    ir_syslog_peer(m->ev, f.addr);
    ir_syslog_port(m->ev, f.port);
    return true;
}

/* The name may itself begin with "invalid user ". */
static void read_NAME_FROM(struct msg *m)
{
    if (!read_user_from(m, m->text, IR_SYSLOG_NO_INFO)) set_user(m, m->text);
}

static void read_USER_FROM(struct msg *m)
{
    take_invalid(m, &m->text);
    read_NAME_FROM(m);
}

/* "METHOD for [invalid user ]USER from …". A refused key of a known user is no failure: clients
 * offer all keys they have. Nor is the method "none", which clients try to learn the others. */
static void read_AUTH(struct msg *m)
{
    struct ir_str s = m->text;
    size_t blank = ir_str_chr(s, ' ');
    struct ir_str method = ir_str_head(s, blank == IR_NPOS ? 0 : blank);
    s = ir_str_skip(s, method.n);
    if (method.n == 0 || !ir_syslog_take(&s, IR_S(" for "))) {
        m->outcome = NONE;
        return;
    }
    ir_event_add_named(m->ev, IR_S("system.auth.ssh.method"), IR_V_STRING, method);
    bool invalid = take_invalid(m, &s), key = ir_str_eq(method, IR_S("publickey"));
    bool probing = key || ir_str_eq(method, IR_S("none"));
    if (m->outcome == FAILURE && probing && !invalid) m->outcome = NONE;
    key = key || ir_str_starts(method, IR_S("hostbased"));
    read_user_from(m, s, key ? IR_SYSLOG_KEY_INFO : IR_SYSLOG_OLD_INFO);
}

static void read_USER(struct msg *m)
{
    set_user(m, m->text);
}

/* "Authentication failure for [illegal user ]USER from ADDR[ via ADDR]". Of PAM's own texts one
 * holds " for ". */
static void read_PAM(struct msg *m)
{
    const struct ir_str tries = IR_S("Have exhausted maximum number of retries for service");
    size_t skip = ir_str_starts(m->text, tries) ? tries.n : 0;
    size_t at = ir_str_find(ir_str_skip(m->text, skip), IR_S(" for "));
    if (at != IR_NPOS) at += skip;
    if (at == IR_NPOS) {
        m->outcome = NONE;
        set_reason(m, m->text);
        return;
    }
    struct ir_str s = ir_str_skip(m->text, at + 5);
    set_reason(m, ir_str_head(m->text, at));
    if (!ir_syslog_take(&s, IR_S("illegal user "))) ir_syslog_take(&s, IR_S("invalid user "));
    if (!read_user_from(m, s, IR_SYSLOG_NO_INFO)) m->outcome = NONE;
}

/* "ADDR[ port N]" at the start: returns what follows. */
static struct ir_str take_addr(struct msg *m, struct ir_str s)
{
    struct ir_str addr = ir_syslog_addr_token(s);
    ir_syslog_peer(m->ev, addr);
    s = ir_str_skip(s, addr.n);
    if (ir_syslog_take(&s, IR_S(" port "))) {
        struct ir_str port = ir_syslog_digits(s);
        ir_syslog_port(m->ev, port);
        s = ir_str_skip(s, port.n);
    }
    return s;
}

static void read_ADDR(struct msg *m)
{
    struct ir_str rest = take_addr(m, m->text);
    ir_syslog_take(&rest, IR_S(": "));
    set_reason(m, rest);
}

static void read_ROOT_REFUSED(struct msg *m)
{
    ir_event_derive(m->ev, IR_F_USER_NAME, IR_S("root"));
    take_addr(m, m->text);
}

static void read_LAST_FROM(struct msg *m)
{
    struct ir_syslog_from f;
    struct ir_str left = m->text;
    for (int i = 0; i < FROM_TRIES; i++) {
        size_t at = ir_str_rfind(left, IR_S(" from "));
        if (at == IR_NPOS) return;
        left = ir_str_head(m->text, at);
        if (!ir_syslog_from_tail(ir_str_skip(m->text, at + 6), &f)) continue;
        ir_syslog_peer(m->ev, f.addr);
        ir_syslog_port(m->ev, f.port);
        return;
    }
}

/* Where the last " port N" that ends the text or stands before ':' begins; IR_NPOS when none. */
static size_t last_port(struct ir_str s, struct ir_str *ret_port)
{
    struct ir_str left = s;
    for (int i = 0; i < FROM_TRIES; i++) {
        size_t at = ir_str_rfind(left, IR_S(" port "));
        if (at == IR_NPOS) return IR_NPOS;
        *ret_port = ir_syslog_digits(ir_str_skip(s, at + 6));
        struct ir_str rest = ir_str_skip(s, at + 6 + ret_port->n);
        if (ret_port->n > 0 && (rest.n == 0 || rest.p[0] == ':')) return at;
        left = ir_str_head(s, at);
    }
    return IR_NPOS;
}

/* "[kind user ]USER ADDR port N[: REASON]" from the right end; or "ADDR" alone. */
static void read_peer(struct msg *m, struct ir_str s)
{
    struct ir_str port;
    bool named = ir_syslog_take(&s, IR_S("authenticating user ")) || take_invalid(m, &s) ||
                 ir_syslog_take(&s, IR_S("user "));
    size_t at = last_port(s, &port);
    if (at == IR_NPOS) {
        if (ir_str_starts(s, IR_S("remote host")) || ir_str_eq(s, IR_S("peer"))) return;
        struct ir_str rest = take_addr(m, named ? ir_str_skip(s, ir_str_rchr(s, ' ') + 1) : s);
        ir_syslog_take(&rest, IR_S(": "));
        set_reason(m, rest);
        return;
    }
    struct ir_str head = ir_str_head(s, at);
    size_t blank = ir_str_rchr(head, ' ');
    ir_syslog_peer(m->ev, blank == IR_NPOS ? head : ir_str_skip(head, blank + 1));
    ir_syslog_port(m->ev, port);
    if (named && blank != IR_NPOS) set_user(m, ir_str_head(head, blank));
    struct ir_str rest = ir_str_skip(s, at + 6 + port.n);
    if (ir_syslog_take(&rest, IR_S(": "))) set_reason(m, rest);
}

static void read_PEER(struct msg *m)
{
    read_peer(m, m->text);
}

/* The reason "Change of username …" repeats user names; only what stands before it is sshd's. Two
 * such texts mean that a name holds one: then nobody is blamed. */
static void read_DISCONNECTING(struct msg *m)
{
    const struct ir_str change = IR_S(": Change of username or service not allowed: (");
    size_t at = ir_str_find(m->text, change);
    if (at == IR_NPOS) {
        read_peer(m, m->text);
        return;
    }
    set_reason(m, ir_str_skip(m->text, at + 2));
    if (ir_str_rfind(m->text, change) != at) return;
    m->outcome = FAILURE;
    read_peer(m, ir_str_head(m->text, at));
}

/* "ADDR[ port N]:[ ]CODE: REASON". SSH_DISCONNECT_KEY_EXCHANGE_FAILED (3) with "Auth fail" is what
 * JSch says after wrong passwords; 14 is NO_MORE_AUTH_METHODS_AVAILABLE. */
static void read_RECEIVED(struct msg *m)
{
    struct ir_str rest = take_addr(m, m->text);
    if (!ir_syslog_take(&rest, IR_S(":"))) return;
    ir_syslog_take(&rest, IR_S(" "));
    struct ir_str code = ir_syslog_digits(rest);
    struct ir_str reason = ir_str_skip(rest, code.n);
    if (code.n == 0 || !ir_syslog_take(&reason, IR_S(":"))) reason = rest;
    set_reason(m, reason);
    bool jsch = ir_str_eq(code, IR_S("3")) && ir_str_ends(reason, IR_S("Auth fail"));
    if (jsch || ir_str_eq(code, IR_S("14"))) m->outcome = FAILURE;
}

/* "USER[ from ADDR] not allowed because REASON"; the reason is sshd's, the name before it is not.
 */
static void read_NOT_ALLOWED(struct msg *m)
{
    const struct ir_str words = IR_S(" not allowed because ");
    size_t at = ir_str_rfind(m->text, words);
    if (at == IR_NPOS) {
        m->outcome = NONE;
        return;
    }
    set_reason(m, ir_str_skip(m->text, at + words.n));
    struct ir_str who = ir_str_head(m->text, at);
    if (!read_user_from(m, who, IR_SYSLOG_NO_INFO)) set_user(m, who);
}

/* "USER with correct key but not from a permitted host (host=NAME, ip=ADDR[, …])." */
static void read_WRONG_HOST(struct msg *m)
{
    size_t with = ir_str_find(m->text, IR_S(" with correct key but not from a permitted "));
    size_t ip = ir_str_rfind(m->text, IR_S(" ip="));
    if (with == IR_NPOS || ip == IR_NPOS || ip < with) {
        m->outcome = NONE;
        return;
    }
    set_user(m, ir_str_head(m->text, with));
    take_addr(m, ir_str_skip(m->text, ip + 4));
}

/* libwrap: "[user@]HOST (ADDR)" or "ADDR". */
static void read_REFUSED(struct msg *m)
{
    struct ir_str s = m->text;
    size_t open = ir_str_rchr(s, '(');
    if (open != IR_NPOS && s.p[s.n - 1] == ')')
        ir_syslog_peer(m->ev, ir_str_n(s.p + open + 1, s.n - open - 2));
    else
        take_addr(m, s);
}

/* "Version;Remote: ADDR-PORT;…" of the logging patch in some distributions. */
static void read_LTYPE(struct msg *m)
{
    size_t at = ir_str_find(m->text, IR_S(";Remote: "));
    if (at == IR_NPOS) return;
    struct ir_str s = ir_str_skip(m->text, at + 9);
    s = ir_str_cut(&s, ';');
    size_t dash = ir_str_rchr(s, '-');
    if (dash == IR_NPOS) return;
    ir_syslog_peer(m->ev, ir_str_head(s, dash));
    ir_syslog_port(m->ev, ir_str_skip(s, dash + 1));
}

/* "#10 from [ADDR]:PORT on [ADDR]:PORT REASON" */
static void read_DROP(struct msg *m)
{
    size_t at = ir_str_find(m->text, IR_S(" from ["));
    if (at == IR_NPOS) return;
    struct ir_str s = ir_str_skip(m->text, at + 7);
    size_t end = ir_str_chr(s, ']');
    if (end == IR_NPOS) return;
    ir_syslog_peer(m->ev, ir_str_head(s, end));
    s = ir_str_skip(s, end + 1);
    if (ir_syslog_take(&s, IR_S(":"))) ir_syslog_port(m->ev, ir_syslog_digits(s));
}

/* "NAME [ADDR] failed - POSSIBLE BREAK-IN ATTEMPT!" */
static void read_REVERSE(struct msg *m)
{
    size_t open = ir_str_rchr(m->text, '['), end = ir_str_rchr(m->text, ']');
    if (open == IR_NPOS || end == IR_NPOS || end < open) return;
    ir_syslog_peer(m->ev, ir_str_n(m->text.p + open + 1, end - open - 1));
    set_reason(m, ir_str_skip(m->text, end + 1));
}

static void read_NASTY(struct msg *m)
{
    const struct ir_str words = IR_S(" is set up for ");
    size_t at = ir_str_rfind(m->text, words);
    if (at != IR_NPOS) take_addr(m, ir_str_skip(m->text, at + words.n));
}

/* "shell on pts/0 for USER from ADDR port N id 0" */
static void read_SESSION(struct msg *m)
{
    size_t at = ir_str_find(m->text, IR_S(" for "));
    if (at != IR_NPOS) read_user_from(m, ir_str_skip(m->text, at + 5), IR_SYSLOG_NO_INFO);
}

/* "NAME by PAM account configuration" */
static void read_PAM_ACCOUNT(struct msg *m)
{
    if (ir_syslog_drop_end(&m->text, IR_S(" by PAM account configuration")))
        set_user(m, m->text);
    else
        m->outcome = NONE;
}

/* "bad ownership or modes for file /home/bob/.ssh/authorized_keys" */
static void read_KEY_FILE(struct msg *m)
{
    size_t slash = ir_str_find(m->text, IR_S(" /"));
    set_reason(m, ir_str_head(m->text, slash));
    if (slash != IR_NPOS) ir_event_set(m->ev, IR_F_FILE_PATH, ir_str_skip(m->text, slash + 1));
}

/* "ED25519 SHA256:… found at /home/bob/.ssh/authorized_keys:1"; which user's it is, the next line
 * tells. */
static void read_KEY_FOUND(struct msg *m)
{
    const struct ir_str words = IR_S(" found at ");
    size_t at = ir_str_find(m->text, words);
    set_reason(m, ir_str_head(m->text, at));
    if (at == IR_NPOS) return;
    struct ir_str file = ir_str_skip(m->text, at + words.n);
    file = ir_str_head(file, ir_str_rchr(file, ':'));
    if (ir_str_starts(file, IR_S("/"))) ir_event_set(m->ev, IR_F_FILE_PATH, file);
}

/* "[ for USER]" to the end */
static void read_TOO_MANY(struct msg *m)
{
    if (ir_syslog_take(&m->text, IR_S(" for "))) set_user(m, m->text);
}

/* "sftp[ by user NAME]" */
static void read_SUBSYSTEM(struct msg *m)
{
    size_t at = ir_str_find(m->text, IR_S(" by user "));
    if (at != IR_NPOS) set_user(m, ir_str_skip(m->text, at + 9));
}

/* "ipv4: new 192.0.2.1/32 deferred penalty of 5 seconds for penalty: failed authentication". A net
 * is no address. */
static void read_PENALTY(struct msg *m)
{
    size_t slash = ir_str_chr(m->text, '/');
    if (slash == IR_NPOS) return;
    struct ir_str head = ir_str_head(m->text, slash), rest = ir_str_skip(m->text, slash + 1);
    struct ir_str bits = ir_syslog_digits(rest);
    if (ir_str_eq(bits, IR_S("32")) || ir_str_eq(bits, IR_S("128")))
        ir_syslog_peer(m->ev, ir_str_skip(head, ir_str_rchr(head, ' ') + 1));
    size_t why = ir_str_find(rest, IR_S("penalty: "));
    if (why != IR_NPOS) set_reason(m, ir_str_skip(rest, why + 9));
}

static void read_REASON(struct msg *m)
{
    set_reason(m, m->text);
}

static const struct sshd_row {
    struct ir_str prefix;
    void (*read)(struct msg *m);
    const char *action;
    enum outcome outcome;
} rows[] = {
#define SSHD(prefix, how, action, outcome) {IR_S(prefix), read_##how, action, outcome},
#include "format/syslog_sshd.def"
#undef SSHD
};

/* "kernel: [  970.699396]: " before the message: some loggers pass sshd's lines through the kernel
 * log. */
static struct ir_str without_uptime(struct ir_str s)
{
    struct ir_str t = s;
    if (!ir_syslog_take(&t, IR_S("kernel:"))) return s;
    t = ir_str_trim(t);
    size_t end = ir_str_chr(ir_str_head(t, 32), ']');
    if (t.n == 0 || t.p[0] != '[' || end == IR_NPOS) return s;
    t = ir_str_skip(t, end + 1);
    ir_syslog_take(&t, IR_S(":"));
    return ir_str_trim(t);
}

void ir_syslog_sshd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n == 0 || s.n > MESSAGE_MAX) return;
    if (!ir_syslog_drop_end(&s, IR_S(" [preauth]"))) ir_syslog_drop_end(&s, IR_S(" [postauth]"));
    s = without_uptime(ir_str_trim(s));
    if (!ir_syslog_take(&s, IR_S("error: "))) ir_syslog_take(&s, IR_S("fatal: "));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (s.n == 0 || rows[i].prefix.p[0] != s.p[0] || !ir_str_starts(s, rows[i].prefix))
            continue;
        struct msg m = {ir_str_skip(s, rows[i].prefix.n), rows[i].outcome, ev};
        ir_syslog_action(ev, rows[i].action);
        rows[i].read(&m);
        if (m.outcome != NONE) ir_syslog_outcome(ev, m.outcome == SUCCESS);
        return;
    }
    ir_syslog_sftp(h, ev); /* internal-sftp behind a chroot has no other tag than sshd's */
}
