/*
 * Logins at what administers whole servers and networks: VMware ESXi (hostd, its shell), Proxmox
 * VE, Backup Server and Mail Gateway, pfSense, OPNsense, Webmin; and sshguard, which blocks for
 * them. Documents: the programs' sources (pfSense and OPNsense authgui.inc; Proxmox
 * PVE/APIServer/AnyEvent.pm, PVE/RPCEnvironment.pm); Broadcom KB 318876 and the events of hostd.
 *
 *     Hostd: warning hostd[99] [Originator@6876 sub=Default opID=x] Rejected password for user …
 *     pvedaemon[99]: authentication failure; rhost=::ffff:192.0.2.7 user=root@pam msg=…
 *     php-fpm[99]: /index.php: webConfigurator authentication error for user 'admin' from:
 * 192.0.2.7
 *
 * Hostile: the names that somebody types at the login; they are read to the last place where the
 * program's own words follow.
 */
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 2048u

#define ROWS(rows) rows, sizeof rows / sizeof *rows

static const struct ir_phrase web_rows[] = {
    {"Successful login for user '%u' from: %a%z", "admin_login", IR_SAYS_LOGIN},
    {"webConfigurator authentication error for user '%u' from: %a%z", "admin_login",
     IR_SAYS_LOGIN_FAILED},
    {"webConfigurator authentication error for '%u' from %a%z", "admin_login",
     IR_SAYS_LOGIN_FAILED},
    {"Web GUI authentication error for user '%u' from: %a%z", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Web GUI authentication error for user '%u' from %a%z", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Web GUI authentication error for '%u' from %a%z", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Configuration Change: %u@%a (%s): Successfully created user %U", "user_added",
     IR_SAYS_ACCOUNT},
    {"User logged out for user '%u' from: %a%z", "admin_logout", IR_SAYS_NOTHING},
    {"Session timed out for user '%u' from: %a%z", "admin_logout", IR_SAYS_NOTHING},
};

/* "/index.php: ": which page speaks. */
void ir_syslog_firewall_gui(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    size_t colon = ir_str_find(ir_str_head(s, 128), IR_S(".php: "));
    if (s.n > MESSAGE_MAX || s.n == 0 || s.p[0] != '/' || colon == IR_NPOS) return;
    ir_phrase_any(ev, ir_str_trim(ir_str_skip(s, colon + 6)), ROWS(web_rows));
}

static const struct ir_phrase sshguard_rows[] = {
    {"Attack from \"%a\" on service %z", "attack", IR_SAYS_NOTHING},
    {"Blocking \"%a/%d\" for %z", "ban", IR_SAYS_NOTHING},
    {"Blocking \"%a/%d\" forever%z", "ban", IR_SAYS_NOTHING},
    {"%a: unblocking after %z", "unban", IR_SAYS_NOTHING},
};

void ir_syslog_sshguard(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n <= MESSAGE_MAX) ir_phrase_any(ev, s, ROWS(sshguard_rows));
}

static const struct ir_phrase proxmox_rows[] = {
    {"authentication failure; rhost=%a user=%u msg=%x", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"authentication failure; rhost=%q user=%u msg=%x", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"successful auth for user '%u'", "admin_login", IR_SAYS_LOGIN},
    {"<%w> successful auth for user '%u'", "admin_login", IR_SAYS_LOGIN},
    {"<%u> starting task %s", "task_started", IR_SAYS_NOTHING},
    {"<%u> end task %s: OK", "task_ended", IR_SAYS_SUCCESS},
    {"<%u> end task %s: %x", "task_ended", IR_SAYS_FAILURE},
};

void ir_syslog_proxmox(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n <= MESSAGE_MAX) ir_phrase_any(ev, s, ROWS(proxmox_rows));
}

static const struct ir_phrase webmin_rows[] = {
    {"Successful login as %u from %a", "admin_login", IR_SAYS_LOGIN},
    {"Invalid login as %u from %a", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Non-existent login as %u from %a", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Security alert: Host %a blocked after %z", "address_blocked", IR_SAYS_NOTHING},
    {"Logout by %u from %a", "admin_logout", IR_SAYS_NOTHING},
};

void ir_syslog_webmin(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n <= MESSAGE_MAX) ir_phrase_any(ev, s, ROWS(webmin_rows));
}

static const struct ir_phrase esxi_rows[] = {
    {"Accepted password for user %u from %a", "admin_login", IR_SAYS_LOGIN},
    {"Rejected password for user %u from %a", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"User %u@%a logged in as %z", "admin_login", IR_SAYS_LOGIN},
    {"User %u@%a logged out (%z", "admin_logout", IR_SAYS_NOTHING},
    {"Cannot login %u@%a", "admin_login", IR_SAYS_FAILURE}, /* the event beside "Rejected" */
    {"Cannot login user %u@%a: %x", "admin_login", IR_SAYS_FAILURE},
    {"Account %U was created on host %z", "user_added", IR_SAYS_ACCOUNT},
    {"Account %U was removed on host %z", "user_deleted", IR_SAYS_ACCOUNT},
    {"SSH session was opened for '%u@%a'.", "session_start", IR_SAYS_NOTHING},
    {"SSH session was closed for '%u@%a'.", "session_end", IR_SAYS_NOTHING},
    {"SSH access has been enabled.", "ssh_enabled", IR_SAYS_NOTHING},
    {"SSH access has been disabled.", "ssh_disabled", IR_SAYS_NOTHING},
    {"The ESXi command line shell has been enabled.", "shell_enabled", IR_SAYS_NOTHING},
    {"Remote access for ESXi local user account '%U' has been locked for %z", "account_locked",
     IR_SAYS_NOTHING},
};

/* Without "info hostd[99] ", "[Originator@6876 sub=… opID=…] " and "Event 12 : ". */
static struct ir_str hostd_sentence(struct ir_str s)
{
    struct ir_str head = ir_str_head(s, 400);
    size_t origin = ir_str_find(head, IR_S("[Originator@"));
    if (origin != IR_NPOS) {
        size_t end = ir_str_find(ir_str_skip(head, origin), IR_S("] "));
        if (end == IR_NPOS) return ir_str_n(NULL, 0);
        s = ir_str_skip(s, origin + end + 2);
    }
    if (ir_syslog_take(&s, IR_S("Event "))) {
        size_t colon = ir_str_find(ir_str_head(s, 24), IR_S(" : "));
        if (colon != IR_NPOS) s = ir_str_skip(s, colon + 3);
    }
    return ir_str_trim(s);
}

void ir_syslog_hostd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = hostd_sentence(ir_str_trim(h->msg));
    if (s.n > 0 && s.n <= MESSAGE_MAX) ir_phrase_any(ev, s, ROWS(esxi_rows));
}

/* "[root]: esxcli vm process kill …": what was typed in ESXi's shell, and when that began. */
void ir_syslog_esxi_shell(const struct ir_syslog *h, struct ir_event *ev)
{
    static const struct ir_phrase rows[] = {
        {"[%w]: %c", "command", IR_SAYS_NOTHING},
    };
    struct ir_str s = ir_str_trim(h->msg), user = ir_str_n(NULL, 0);
    size_t end = ir_str_find(ir_str_head(s, 64), IR_S("]: "));
    if (s.n == 0 || s.p[0] != '[' || end == IR_NPOS || s.n > MESSAGE_MAX) return;
    user = ir_str_n(s.p + 1, end - 1);
    if (ir_str_chr(user, ' ') == IR_NPOS && ir_phrase_any(ev, s, ROWS(rows)) != NULL)
        ir_syslog_user(ev, IR_F_USER_NAME, user);
}
