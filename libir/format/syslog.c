/*
 * The format `syslog`: lines of syslog daemons and of journalctl, in any mixture. Each line goes
 * through the header (syslog_head.c), gets the common fields and log sources, and then the
 * dissector of its program (syslog_programs.def). A line that is no syslog is refused, never
 * guessed at.
 *
 * process.name is the tag as written without the [pid]; which service a line belongs to is decided
 * on the normalised tag.
 */
#include "format/syslog.h"

#include "base/err.h"
#include "base/map.h"
#include "format/device.h"
#include "format/generic.h"
#include "format/syslog_mail.h"

#define BID_LINES    64
#define REPEATED_MAX 1000000u
#define PORT_TAIL    24u /* " port " is looked for so far from the end */

static void add(struct ir_event *ev, enum ir_field_id id, struct ir_str v)
{
    if (v.n > 0) ir_event_set(ev, id, v);
}

static void add_number(struct ir_event *ev, enum ir_field_id id, struct ir_str v)
{
    if (v.n > 0) ir_event_add(ev, id, IR_V_NUMBER, v);
}

static void add_names(const struct ir_syslog *h, struct ir_event *ev)
{
    if (h->facility.n == 0) return;
    if (h->pri_names) {
        ir_event_derive(ev, IR_F_LOG_FACILITY, h->facility);
        ir_event_derive(ev, IR_F_LOG_SEVERITY, h->severity);
    } else {
        ir_event_set(ev, IR_F_LOG_FACILITY, h->facility);
        add(ev, IR_F_LOG_SEVERITY, h->severity);
    }
}

static void common_fields(const struct ir_syslog *h, struct ir_event *ev)
{
    add(ev, IR_F_HOST_NAME, h->host);
    if (h->tag_ours)
        ir_event_derive(ev, IR_F_PROCESS_NAME, h->tag);
    else
        add(ev, IR_F_PROCESS_NAME, h->tag);
    if (h->pid.n > 0 && ir_isdigit(h->pid.p[0]))
        add_number(ev, IR_F_PROCESS_PID, h->pid);
    else
        add(ev, IR_F_PROCESS_PID, h->pid); /* RFC 5424 lets PROCID be any word */
    add_number(ev, IR_F_LOG_PRIORITY, h->pri);
    add_names(h, ev);
    add(ev, IR_F_LOG_MSGID, h->msgid);
    ir_event_set(ev, IR_F_MESSAGE, h->msg);
    if (h->sd.n > 0) ir_syslog_sd(h, ev);
    if (h->damage != NULL) ir_event_damage(ev, h->damage);
}

static bool is_auth(const struct ir_syslog *h, const struct ir_syslog_program *prog, bool pam)
{
    if (h->facility.n > 0)
        return ir_str_eq(h->facility, IR_S("auth")) || ir_str_eq(h->facility, IR_S("authpriv"));
    return pam || (prog != NULL && prog->auth);
}

static void sources(const struct ir_syslog *h, const struct ir_syslog_program *prog, bool pam,
                    struct ir_event *ev)
{
    if (prog != NULL && prog->service != IR_LS_NONE) ir_event_source(ev, prog->service);
    if (is_auth(h, prog, pam)) ir_event_source(ev, IR_LS_LINUX_AUTH);
    if (prog != NULL && (prog->service == IR_LS_JUNIPER_JUNOS || prog->service == IR_LS_MACOS))
        return; /* no Linux */
    ir_event_source(ev, IR_LS_LINUX_SYSLOG);
    ir_event_source(ev, IR_LS_LINUX);
}

/* rsyslog's "message repeated 5 times: [ Failed password for … ]": the message within is what
 * happened, so often. The event's message stays as logged. */
static void unwrap_repeated(struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = h->msg;
    uint64_t times;
    if (!ir_syslog_take(&s, IR_S("message repeated "))) return;
    size_t blank = ir_str_chr(s, ' ');
    if (blank == IR_NPOS || !ir_str_u64(ir_str_head(s, blank), &times) || times == 0) return;
    s = ir_str_skip(s, blank);
    if (!ir_syslog_take(&s, IR_S(" times: ["))) return;
    s = ir_str_trim(s);
    if (s.n == 0 || s.p[s.n - 1] != ']') return;
    h->msg = ir_str_trim(ir_str_head(s, s.n - 1));
    ev->weight = times > REPEATED_MAX ? REPEATED_MAX : (uint32_t)times;
}

void ir_syslog_message(struct ir_parser *p, struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_syslog_is_sysmon(h)) { /* what it tells is of another process than itself */
        h->tag = h->pid = ir_str_n(NULL, 0);
        common_fields(h, ev);
        sources(h, NULL, false, ev);
        ir_syslog_sysmon(h, ev);
        return;
    }
    common_fields(h, ev);
    if (h->damage != NULL) p->damaged++;
    unwrap_repeated(h, ev);
    size_t at;
    if (h->untagged == NULL) h->untagged = ir_syslog_untagged(h->msg, true, &at);
    if (h->untagged != NULL) {
        h->untagged->dissect(h, ev);
        return;
    }
    const struct ir_syslog_program *prog = ir_syslog_program(h->tag);
    bool pam = ir_syslog_pam(h, ev);
    sources(h, prog, pam, ev);
    if (!pam && prog != NULL && prog->dissect != NULL) prog->dissect(h, ev);
    if (!pam && prog == NULL) ir_generic_message(ev, h->msg);
    if (prog != NULL && prog->service == IR_LS_LINUX_SSHD) ir_syslog_peers(p, h, ev);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p};
    if (!ir_syslog_accept(rec, &p->clock, ev, &h)) return IR_BAD;
    if (h.border != NULL) { /* no program's message: no log source */
        ir_event_set(ev, IR_F_MESSAGE, h.msg);
        ir_syslog_action(ev, h.border);
        return IR_OK;
    }
    ir_syslog_origin(&h);
    struct ir_device_head head;
    const struct ir_device *device = h.untagged == NULL ? ir_syslog_device(&h, ev, &head) : NULL;
    if (device == NULL) {
        ir_syslog_message(p, &h, ev);
        return IR_OK;
    }
    common_fields(&h, ev);
    device->body(&head, h.msg, ev);
    return IR_OK;
}

/* The tag and the message's first letters tell the program and what it says: a few bytes are enough
 * to see something new. */
static uint64_t kind_of(const struct ir_syslog *h)
{
    struct ir_str s = h->rest;
    if (h->whole) return ir_hash(h->tag, ir_hash(ir_str_head(h->msg, 8), 1));
    size_t host = ir_str_chr(ir_str_head(s, 256), ' ');
    if (host == IR_NPOS) return 0;
    s = ir_str_skip(s, host + 1);
    size_t tag = 0;
    while (tag < s.n && tag < 32 && s.p[tag] != '[' && s.p[tag] != ':' && s.p[tag] != ' ')
        tag++;
    struct ir_str after = ir_str_skip(s, tag);
    size_t colon = ir_str_chr(ir_str_head(after, 16), ':');
    uint64_t word = 0;
    if (colon != IR_NPOS && colon + 10 <= after.n) memcpy(&word, after.p + colon + 2, 8);
    return ir_hash(ir_str_head(s, tag), word);
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h; /* accept writes what it reads, but for the PRI; clearing all costs more */
    h.pri = h.rest = ir_str_n(NULL, 0);
    h.whole = false;
    h.damage = NULL;
    if (!ir_syslog_accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ev->kind = kind_of(&h);
    if (h.damage != NULL) ir_event_damage(ev, h.damage);
    size_t body = h.rest.p != NULL ? (size_t)(h.rest.p - rec.p) : 0;
    if (!h.whole && h.pri.n == 0 && body > 8 && body <= 48 && ir_isalnum(rec.p[0]) &&
        ir_isdigit(rec.p[body - 2]))
        ev->body = (uint32_t)body - 1; /* with the blank that ends the stamp */
    return IR_OK;
}

/* Lines whose tag is a word of ours: dmesg's, and vsftpd's own file ("Sun Nov 22 …"); structured
 * data (RFC 5424) with escapes, whose values are not what stands in the record. And a line that
 * begins with journald's tag for audit records, where the triggers do not see it. */
static bool derived(struct ir_str rec)
{
    struct ir_str s = rec;
    if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0) s = ir_str_skip(s, 3);
    if (s.n > 0 && s.p[0] == '<') {
        if (ir_str_chr(s, '\\') != IR_NPOS) return true;
        size_t end = ir_str_chr(ir_str_head(s, 6), '>');
        if (end != IR_NPOS) s = ir_str_skip(s, end + 1);
    }
    return s.n < 8 || s.p[0] == '[' || ir_str_starts(s, IR_S("audit")) ||
           (s.p[3] == ' ' && ir_isalpha(s.p[4]));
}

/* Among the first lines: all syslog 85, most 50 and more, some a little. Lines without a stamp
 * prove less. */
static int bid(struct ir_str head)
{
    int lines = 0, good = 0, stamped = 0;
    while (head.p != NULL && head.n > 0 && lines < BID_LINES) {
        struct ir_str line = ir_str_cut(&head, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        if (line.n == 0) continue;
        struct ir_syslog h = {0};
        struct ir_clock clock = {0};
        struct ir_event scratch = {0};
        bool took = ir_syslog_accept(line, &clock, &scratch, &h);
        if (head.p == NULL && !took && lines > 0) break; /* the peek may have cut it */
        lines++;
        good += took;
        stamped +=
            took && ((scratch.flags & IR_EV_TIME) != 0 || h.damage != NULL || h.border != NULL);
    }
    if (good == 0) return 0;
    int top = stamped * 2 >= good ? 85 : 60;
    return good * 2 > lines ? 40 + (top - 40) * good / lines : 30 * good / lines + 1;
}

/* The pid behind the tag and the port near the end vary from line to line of the same attack. */
static uint64_t alike(struct ir_str body)
{
    size_t tag = 0;
    while (tag < body.n && tag < 96 && body.p[tag] != '[' && body.p[tag] != ':')
        tag++;
    struct ir_str head = ir_str_head(body, tag), msg = ir_str_skip(body, tag);
    size_t colon = ir_str_chr(ir_str_head(msg, 16), ':');
    if (colon != IR_NPOS) msg = ir_str_skip(msg, colon);
    for (size_t i = msg.n; i >= 6 && i + PORT_TAIL > msg.n; i--)
        if (msg.p[i - 2] == 't' && memcmp(msg.p + i - 6, " port ", 6) == 0) {
            msg.n = i;
            break;
        }
    return ir_hash(msg, ir_hash(head, 1));
}

static const struct ir_varying varying[] = {
    {IR_F_PROCESS_PID, 999999999}, {IR_F_SOURCE_PORT, 65535}, {IR_F_MESSAGE, 0}, {IR_F_NONE, 0}};

static const uint16_t format_sources[] = {IR_LS_LINUX,
                                          IR_LS_LINUX_SYSLOG,
                                          IR_LS_LINUX_AUTH,
                                          IR_LS_LINUX_SSHD,
                                          IR_LS_LINUX_SUDO,
                                          IR_LS_LINUX_CRON,
                                          IR_LS_LINUX_VSFTPD,
                                          IR_LS_LINUX_CLAMAV,
                                          IR_LS_LINUX_GUACAMOLE,
                                          IR_LS_DNS,
                                          IR_LS_LINUX_OPENVPN,
                                          IR_LS_LINUX_STRONGSWAN,
                                          IR_LS_LINUX_FAIL2BAN,
                                          IR_LS_LINUX_XINETD,
                                          IR_LS_CISCO_SYSLOG,
                                          IR_LS_CISCO_ASA,
                                          IR_LS_JUNIPER_JUNOS,
                                          IR_LS_JUNIPER_BGP,
                                          IR_LS_YAMAHA_RTX,
                                          IR_LS_MIKROTIK_ROUTEROS,
                                          IR_LS_SYNOLOGY_DSM,
                                          IR_LS_QNAP_QTS,
                                          IR_LS_MACOS,
                                          IR_LS_MYSQL,
                                          IR_LS_POSTGRESQL,
                                          IR_LS_F5_BIGIP,
                                          0};

/* sudo's process view, packets of firewalls (which can be damaged), root's name where it is in
 * capitals, events of Sysmon, records of other formats; and what syslog_peers.c needs. */
static const char *const triggers[] = {"COMMAND=",
                                       " SRC=",
                                       "nginx",
                                       "httpd",
                                       "apache",
                                       "audit(",
                                       " audit[",
                                       " audit: ",
                                       " audit ",
                                       "Connection from ",
                                       "connection received: host=",
                                       "Ltype: ",
                                       " ACCEPT from IP=", /* slapd */
                                       "BIND dn=\"",
                                       " tag=97 err=4",
                                       "ROOT LOGIN",
                                       "haproxy",
                                       "lighttpd",
                                       "squid",
                                       "<Event>",
                                       IR_SAMBA_TRIGGER,
#define NAMELESS(text) text,
#include "format/syslog_nameless.def"
#undef NAMELESS
#define TRIGGER(text) text,
#include "format/device_triggers.def"
#undef TRIGGER
                                       NULL};

const struct ir_format ir_format_syslog = {
    .name = "syslog",
    .title = N_("Syslog files (RFC 3164, RFC 5424, ISO stamps) and journalctl text"),
    .flags = IR_FMT_YEARLESS | IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = format_sources,
    .more = ir_syslog_more,
    .hints = ir_syslog_hints,
    .triggers = triggers,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
    .alike = alike,
    .varying = varying,
};
