/*
 * Samba's file audit: the VFS module full_audit, which writes to syslog as smbd_audit; and the
 * daemons' own messages by syslog (samba.c). Document: vfs_full_audit(8).
 *
 *     PREFIX|OPERATION|ok|ARGUMENTS        PREFIX|OPERATION|fail (REASON)|ARGUMENTS
 *
 * The prefix is the administrator's (full_audit:prefix; "%u|%I" without one, often "%u|%I|%m|%S").
 *
 * Hostile: file names, which may hold '|'; they stand behind the result, and the first result
 * counts. Samba takes no '|' in the names of users and machines.
 *
 * event.action: as file_share.c says; else the operation's own name.
 */
#include "base/ip.h"
#include "format/file_share.h"
#include "format/syslog_mail.h"

#define PARTS_MAX 12u

/* User, address, machine, share: what the usual prefixes have, in that order. */
static void add_prefix(struct ir_event *ev, const struct ir_str *part, size_t n)
{
    struct ir_ip ip;
    size_t at = 0;
    while (at < n && !ir_ip_parse(part[at], &ip))
        at++;
    if (at < n) ir_syslog_peer(ev, part[at]);
    if (n > 0 && at > 0) {
        size_t slash = ir_str_rchr(part[0], '\\');
        if (slash != IR_NPOS) ir_event_set(ev, IR_F_USER_DOMAIN, ir_str_head(part[0], slash));
        ir_syslog_user(ev, IR_F_USER_NAME,
                       slash == IR_NPOS ? part[0] : ir_str_skip(part[0], slash + 1));
    }
    if (at + 1 < n) ir_event_add_named(ev, IR_S("samba.share"), IR_V_STRING, part[n - 1]);
}

/* The arguments end with the file; a renaming ends with the old and the new name. */
static void add_files(struct ir_event *ev, struct ir_str operation, struct ir_str args)
{
    struct ir_str last = args, before = {NULL, 0};
    size_t bar = ir_str_rchr(args, '|');
    if (bar != IR_NPOS) {
        last = ir_str_skip(args, bar + 1);
        before = ir_str_head(args, bar);
        bar = ir_str_rchr(before, '|');
        if (bar != IR_NPOS) before = ir_str_skip(before, bar + 1);
    }
    ir_event_add_named(ev, IR_S("samba.operation"), IR_V_STRING, operation);
    if (before.n > 0 && ir_str_starts(operation, IR_S("rename"))) {
        ir_file_word(ev, operation);
        ir_file_renamed(ev, before, last);
        ir_event_add_named(ev, IR_S("samba.new_path"), IR_V_STRING, last);
    } else {
        ir_file_event(ev, operation, last);
    }
}

void ir_syslog_smbd_audit(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str part[PARTS_MAX], rest = ir_str_trim(h->msg);
    size_t n = 0;
    if (rest.n > IR_MAIL_MESSAGE_MAX) return;
    while (rest.p != NULL && n < PARTS_MAX) {
        struct ir_str word = ir_str_cut(&rest, '|');
        bool good = ir_str_eq(word, IR_S("ok"));
        if (n > 0 && (good || ir_str_starts(word, IR_S("fail (")))) {
            ir_syslog_outcome(ev, good);
            if (!good && word.n > 7)
                ir_event_set(ev, IR_F_EVENT_REASON, ir_str_n(word.p + 6, word.n - 7));
            add_prefix(ev, part, n - 1);
            add_files(ev, part[n - 1], rest);
            return;
        }
        part[n++] = word;
    }
}

/* The other messages of the daemons, which come with or without their two blanks. */
void ir_syslog_smbd(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_samba_message(ir_str_trim(h->msg), ev);
}
