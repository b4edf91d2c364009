/*
 * What OpenSSH's sftp-server does with files, also as sshd's internal-sftp ("-l INFO" and VERBOSE).
 * Document: sftp-server.c of OpenSSH, its calls of logit and verbose.
 *
 *     session opened for local user bob from [192.0.2.1]
 *     open "/srv/a" flags READ mode 0666           close "/srv/a" bytes read 9 written 0
 *     rename old "/srv/a" new "/srv/b"             remove name "/srv/b"
 *
 * Hostile: names of files may hold quotes and the words behind them. So the end of a name is looked
 * for from the right, and of two names nothing is taken where they could be parted in two ways.
 *
 * event.action: sftp_session, sftp_status, and those of file_share.c.
 */
#include "format/file_share.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

/* Up to the last place of `end`, or with an empty one up to the quote that ends the message. */
static bool name_before(struct ir_str s, struct ir_str end, struct ir_str *ret_name,
                        struct ir_str *ret_rest)
{
    if (end.n == 0) {
        *ret_rest = end;
        *ret_name = s;
        return ir_syslog_drop_end(ret_name, IR_S("\""));
    }
    size_t at = ir_str_rfind(s, end);
    if (at == IR_NPOS) return false;
    *ret_name = ir_str_head(s, at);
    *ret_rest = ir_str_skip(s, at + end.n);
    return true;
}

/* "… read 9 written 0": what was done with the file that is closed now. */
static const char *closed_word(struct ir_str rest)
{
    const struct ir_str written = IR_S(" written ");
    size_t at = ir_str_find(rest, written);
    if (at == IR_NPOS) return NULL;
    if (!ir_str_eq(ir_str_skip(rest, at + written.n), IR_S("0"))) return "write";
    return ir_str_starts(rest, IR_S("0 ")) ? NULL : "read";
}

static const struct row {
    struct ir_str begin, end;
    const char *word; /* of file_share.c; NULL: closed_word tells */
} rows[] = {
    {IR_S("open \""), IR_S("\" flags "), "open"},
    {IR_S("close \""), IR_S("\" bytes read "), NULL},
    {IR_S("forced close \""), IR_S("\" bytes read "), NULL},
    {IR_S("remove name \""), IR_S(""), "delete"},
    {IR_S("mkdir name \""), IR_S("\" mode "), "mkdir"},
    {IR_S("rmdir name \""), IR_S(""), "rmdir"},
    {IR_S("set \""), IR_S("\" mode "), "permission change"},
    {IR_S("set \""), IR_S("\" owner "), "permission change"},
};

static bool by_row(struct ir_str s, const struct row *r, struct ir_event *ev)
{
    struct ir_str name, rest;
    if (!ir_syslog_take(&s, r->begin) || !name_before(s, r->end, &name, &rest)) return false;
    const char *word = r->word != NULL ? r->word : closed_word(rest);
    if (word == NULL) return true;
    ir_file_word(ev, ir_str_z(word));
    ir_file_renamed(ev, name, ir_str_n(NULL, 0));
    return true;
}

/* `rename old "A" new "B"`, `symlink …`; where a name holds the words between, neither is taken. */
static bool two_names(struct ir_str s, struct ir_event *ev)
{
    const struct ir_str between = IR_S("\" new \"");
    bool renamed = ir_syslog_take(&s, IR_S("rename old \"")) ||
                   ir_syslog_take(&s, IR_S("posix-rename old \""));
    if (!renamed && !ir_syslog_take(&s, IR_S("hardlink old \"")) &&
        !ir_syslog_take(&s, IR_S("symlink old \"")))
        return false;
    ir_file_word(ev, renamed ? IR_S("rename") : IR_S("create"));
    size_t at = ir_str_find(s, between);
    if (at == IR_NPOS || at != ir_str_rfind(s, between) || !ir_syslog_drop_end(&s, IR_S("\"")))
        return true;
    struct ir_str old = ir_str_head(s, at), new = ir_str_skip(s, at + between.n);
    if (renamed)
        ir_file_renamed(ev, old, new);
    else
        ir_file_renamed(ev, new, ir_str_n(NULL, 0));
    return true;
}

/* "opened for local user bob from [192.0.2.1]"; the name is one of the system's. */
static bool session(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("session opened for local user ")) &&
        !ir_syslog_take(&s, IR_S("session closed for local user ")))
        return false;
    size_t at = ir_str_rfind(s, IR_S(" from ["));
    ir_syslog_action(ev, "sftp_session");
    if (at == IR_NPOS || !ir_syslog_drop_end(&s, IR_S("]"))) return true;
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, at));
    ir_syslog_peer(ev, ir_str_skip(s, at + 7));
    return true;
}

void ir_syslog_sftp(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n == 0 || s.n > MESSAGE_MAX) return;
    ir_syslog_drop_end(&s, IR_S(" [postauth]"));
    if (session(s, ev) || two_names(s, ev)) return;
    if (ir_syslog_take(&s, IR_S("sent status "))) {
        ir_syslog_action(ev, "sftp_status");
        ir_event_set(ev, IR_F_EVENT_REASON, s);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (by_row(s, &rows[i], ev)) return;
}
