/*
 * F5 BIG-IP: its daemons write a level and an eight-digit number before the message, so that a
 * syslog header's host is followed by two words instead of a tag.
 * Document: F5, "BIG-IP log messages" (the number is listed there); K13317 for failed logins.
 *
 *     Nov  2 01:02:03 lb1 notice mcpd[5678]: 01070638:5: Pool /Common/web member down
 *     Nov  2 01:02:03 lb1 info httpd[99]: 01070417:6: AUDIT - user bob - RAW: httpd(mod_auth_pam):
 *         User=bob tty=(unknown) host=192.0.2.1 failed to login after 1 attempts
 *
 * Hostile: the user name of a failed login, and what other programs log in the same shape; only the
 * number behind the pid proves the message.
 */
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u
#define ID          12u /* "hhhhhhhh:d: " */
#define LEVEL_MAX   12u
#define DAEMON_MAX  40u

static const struct ir_phrase rows[] = {
    {"AUDIT - %s - RAW: %w User=%u tty=%s host=%a failed to login after %d attempts%z",
     "admin_login", IR_SAYS_LOGIN_FAILED},
    {"AUDIT - %s - RAW: %w user=%u(%w) partition=%s host=%a attempts=%d start=%z", "admin_login",
     IR_SAYS_LOGIN},
};

static bool is_id(struct ir_str s)
{
    if (s.n < ID || s.p[8] != ':' || !ir_isdigit(s.p[9]) || memcmp(s.p + 10, ": ", 2) != 0)
        return false;
    for (size_t i = 0; i < 8; i++)
        if (ir_hexval(s.p[i]) < 0) return false;
    return true;
}

/* Behind "level daemon[pid]: ", as IR_NPOS or where the number is. */
size_t ir_syslog_bigip_at(struct ir_str s)
{
    size_t i = 0;
    if (is_id(s)) return 0;
    while (i < s.n && i < LEVEL_MAX && ir_isalpha(s.p[i]))
        i++;
    if (i == 0 || i >= s.n || s.p[i] != ' ') return IR_NPOS;
    struct ir_str rest = ir_str_head(ir_str_skip(s, i + 1), DAEMON_MAX);
    size_t end = ir_str_find(rest, IR_S("]: "));
    if (end == IR_NPOS || ir_str_chr(rest, ' ') < end) return IR_NPOS; /* one word: the daemon */
    i += end + 4;
    return is_id(ir_str_skip(s, i)) ? i : IR_NPOS;
}

/* The words before the message, which the header took for no tag. */
static void origin(const struct ir_syslog *h, struct ir_event *ev)
{
    if (h->tag.n > 0 || h->msg.p <= h->rest.p) return;
    struct ir_str before = ir_str_head(h->rest, (size_t)(h->msg.p - h->rest.p));
    struct ir_str words = ir_str_trim(before), level;
    struct ir_syslog daemon = {0};
    size_t blank = ir_str_rchr(words, ' ');
    if (blank == IR_NPOS) return;
    level = ir_str_head(words, blank);
    if (ir_syslog_tag(ir_str_skip(before, blank + 1), &daemon) == 0) return;
    ir_event_set(ev, IR_F_PROCESS_NAME, daemon.tag);
    if (daemon.pid.n > 0) ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, daemon.pid);
    size_t host = ir_str_rchr(level, ' ');
    if (host != IR_NPOS) level = ir_str_skip(level, host + 1);
    ir_event_set(ev, IR_F_LOG_SEVERITY, level);
}

void ir_syslog_bigip(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_event_source(ev, IR_LS_F5_BIGIP);
    origin(h, ev);
    ir_event_set(ev, IR_F_EVENT_CODE, ir_str_head(h->msg, 8));
    struct ir_str text = ir_str_trim(ir_str_skip(h->msg, ID));
    if (text.n <= MESSAGE_MAX) ir_phrase_any(ev, text, rows, sizeof rows / sizeof *rows);
}
