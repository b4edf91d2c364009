/*
 * Services that watch others: fail2ban, ClamAV, xinetd. Their messages by syslog; fail2ban.c and
 * clamav.c hand over the lines of the daemons' own files.
 * Documents: fail2ban (server/actions.py, server/filter.py); clamd.conf(5), clamscan(1); xinetd's
 * log.c.
 *
 * Hostile: names of scanned files, which may end in ": Eicar FOUND" themselves. A signature's name
 * has no blank and stands behind the last ": ".
 */
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 8192u

static const struct ir_phrase ban_rows[] = {
    {"[%r] Ban %a", "ban", IR_SAYS_NOTHING},
    {"[%r] Restore Ban %a", "ban", IR_SAYS_NOTHING},
    {"[%r] Unban %a", "unban", IR_SAYS_NOTHING},
    {"[%r] %a already banned", "ban", IR_SAYS_NOTHING},
    {"[%r] Increase Ban %a (%z", "ban", IR_SAYS_NOTHING},
    {"[%r] Found %a - %z", "found", IR_SAYS_NOTHING},
    {"[%r] Found %a", "found", IR_SAYS_NOTHING},
    {"[%r] Ignore %a %z", "ignore", IR_SAYS_NOTHING},
};

/* "NOTICE  [sshd] Ban 192.0.2.1"; the level is missing when the tag's writer dropped it. */
void ir_syslog_fail2ban(const struct ir_syslog *h, struct ir_event *ev)
{
    static const struct ir_str levels[] = {IR_S("NOTICE"), IR_S("INFO"),  IR_S("WARNING"),
                                           IR_S("ERROR"),  IR_S("DEBUG"), IR_S("CRITICAL")};
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (ir_str_starts(s, levels[i]) && levels[i].n < s.n && s.p[levels[i].n] == ' ') {
            ir_event_set(ev, IR_F_LOG_LEVEL, ir_str_head(s, levels[i].n));
            s = ir_str_trim(ir_str_skip(s, levels[i].n));
            break;
        }
    ir_phrase_any(ev, s, ban_rows, sizeof ban_rows / sizeof *ban_rows);
}

/* "instream(192.0.2.1@1234)" and "fd[10]" are no files. */
static void scanned(struct ir_event *ev, struct ir_str path)
{
    ir_syslog_take(&path, IR_S("ScanOnAccess: "));
    ir_syslog_take(&path, IR_S("-> "));
    if (ir_str_starts(path, IR_S("instream(")) || ir_str_starts(path, IR_S("fd["))) return;
    if (path.n > 0) ir_event_set(ev, IR_F_FILE_PATH, path);
}

void ir_syslog_clamav(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX || !ir_syslog_drop_end(&s, IR_S(" FOUND"))) return;
    size_t at = ir_str_rfind(s, IR_S(": "));
    if (at == IR_NPOS) return;
    struct ir_str name = ir_str_skip(s, at + 2);
    if (name.n == 0 || ir_str_chr(name, ' ') != IR_NPOS) return;
    if (name.p[name.n - 1] == ')') name = ir_str_head(name, ir_str_rchr(name, '(')); /* hash:size */
    scanned(ev, ir_str_head(s, at));
    ir_event_set(ev, IR_F_RULE_NAME, name);
    ir_syslog_action(ev, "detected");
    ir_event_source(ev, IR_LS_ANTIVIRUS);
}

static const struct ir_phrase xinetd_rows[] = {
    {"START: %w pid=%d from=%a", "service_connection", IR_SAYS_NOTHING},
    {"START: %w from=%a", "service_connection", IR_SAYS_NOTHING},
    {"FAIL: %w %x from=%a", "service_refused", IR_SAYS_FAILURE},
    {"FAIL: %w from=%a", "service_refused", IR_SAYS_FAILURE},
    {"EXIT: %w %z", "service_end", IR_SAYS_NOTHING},
    {"USERID: %w %s: %u", NULL, IR_SAYS_NOTHING},
};

void ir_syslog_xinetd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    size_t colon = ir_str_find(ir_str_head(s, 10), IR_S(": "));
    if (ir_phrase_any(ev, s, xinetd_rows, sizeof xinetd_rows / sizeof *xinetd_rows) == NULL ||
        colon == IR_NPOS)
        return;
    struct ir_str name = ir_str_skip(s, colon + 2);
    size_t blank = ir_str_chr(name, ' ');
    ir_event_set(ev, IR_F_SERVICE_NAME, ir_str_head(name, blank));
}
