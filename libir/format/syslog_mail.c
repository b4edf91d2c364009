/*
 * Clients as mail and FTP servers write them, and values that a sender cannot have forged. See
 * syslog_mail.h. Documents: none; the sources of Postfix, sendmail, Exim and ProFTPD agree so far.
 *
 * Hostile: names come from reverse DNS, which the client's network writes, so they are not looked
 * into: what counts is the bracket right behind them, which the daemon wrote.
 */
#include "format/syslog_mail.h"

#include "base/ip.h"

#define NAME_MAX_BYTES 255u

static bool is_name_char(char c)
{
    return ir_isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

size_t ir_mail_peer(struct ir_str s, struct ir_mail_peer *ret_who)
{
    size_t i = 0;
    struct ir_ip ip;
    *ret_who = (struct ir_mail_peer){0};
    while (i < s.n && i < NAME_MAX_BYTES && is_name_char(s.p[i]))
        i++;
    ret_who->name = ir_str_head(s, i);
    if (i < s.n && s.p[i] == ' ') i++;
    if (i >= s.n || s.p[i] != '[') return 0;
    struct ir_str addr = ir_str_head(ir_str_skip(s, i + 1), 64);
    size_t end = ir_str_chr(addr, ']');
    if (end == IR_NPOS || end == 0) return 0;
    addr = ir_str_head(addr, end);
    if (ir_str_istarts(addr, IR_S("IPv6:"))) addr = ir_str_skip(addr, 5);
    if (ir_ip_parse(addr, &ip))
        ret_who->ip = addr;
    else if (ret_who->name.n == 0)
        return 0;
    i += end + 2;
    if (i >= s.n || s.p[i] != ':') return i;
    struct ir_str port = ir_syslog_digits(ir_str_skip(s, i + 1));
    if (!ir_syslog_is_port(port)) return i;
    ret_who->port = port;
    return i + 1 + port.n;
}

static bool is_name(struct ir_str s)
{
    struct ir_ip ip;
    bool letter = false;
    for (size_t i = 0; i < s.n; i++)
        letter = letter || ir_isalpha(s.p[i]);
    return letter && !ir_str_eq(s, IR_S("unknown")) && !ir_ip_parse(s, &ip);
}

void ir_mail_source(struct ir_event *ev, const struct ir_mail_peer *who)
{
    if (who->ip.n > 0) ir_syslog_peer(ev, who->ip);
    if (who->port.n > 0) ir_syslog_port(ev, who->port);
    if (is_name(who->name)) ir_event_set(ev, IR_F_SOURCE_DOMAIN, who->name);
}

void ir_mail_destination(struct ir_event *ev, const struct ir_mail_peer *who)
{
    if (who->ip.n > 0) ir_event_set(ev, IR_F_DESTINATION_IP, who->ip);
    if (who->port.n > 0) ir_event_add(ev, IR_F_DESTINATION_PORT, IR_V_NUMBER, who->port);
    if (is_name(who->name)) ir_event_set(ev, IR_F_DESTINATION_DOMAIN, who->name);
}

size_t ir_mail_take_source(struct ir_str s, struct ir_event *ev)
{
    struct ir_mail_peer who;
    size_t n = ir_mail_peer(s, &who);
    if (n > 0) ir_mail_source(ev, &who);
    return n;
}

struct ir_str ir_mail_only(struct ir_str s, struct ir_str key, struct ir_str end)
{
    struct ir_str none = {NULL, 0};
    size_t at = ir_str_find(s, key);
    if (at == IR_NPOS) return none;
    s = ir_str_skip(s, at + key.n);
    if (ir_str_find(s, key) != IR_NPOS) return none;
    if (end.n == 0) return s;
    at = ir_str_find(s, end);
    return at == IR_NPOS ? none : ir_str_head(s, at);
}

void ir_mail_set_only(struct ir_event *ev, enum ir_field_id id, struct ir_str s, struct ir_str key,
                      struct ir_str end)
{
    struct ir_str v = ir_mail_only(s, key, end);
    if (v.n > 0) ir_event_set(ev, id, v);
}

void ir_mail_reply(struct ir_event *ev, struct ir_str s)
{
    struct ir_str code = ir_syslog_digits(s);
    if (code.n == 3 && s.n > 3 && (s.p[3] == ' ' || s.p[3] == '-'))
        ir_event_set(ev, IR_F_ERROR_CODE, code);
}

void ir_mail_result(struct ir_event *ev, const char *action, int outcome)
{
    ir_syslog_action(ev, action);
    if (outcome != 0) ir_syslog_outcome(ev, outcome > 0);
}

bool ir_mail_rows(const struct ir_mail_row *rows, size_t n, struct ir_str s, struct ir_event *ev,
                  struct ir_str *ret_rest)
{
    for (size_t i = 0; i < n; i++) {
        if (!ir_str_starts(s, rows[i].begin)) continue;
        struct ir_mail_peer who;
        struct ir_str rest = ir_str_skip(s, rows[i].begin.n);
        size_t at = ir_str_find(rest, rows[i].before);
        if (at == IR_NPOS) continue;
        rest = ir_str_skip(rest, at + rows[i].before.n);
        size_t taken = ir_mail_peer(rest, &who);
        if (taken == 0) continue;
        ir_mail_result(ev, rows[i].action, rows[i].outcome);
        ir_mail_source(ev, &who);
        if (ret_rest != NULL) *ret_rest = ir_str_skip(rest, taken);
        return true;
    }
    return false;
}
