/*
 * See ftp_command.h. Documents: RFC 959, commands and replies; IIS FTP's logging fields;
 * Pure-FTPd's altlog.c ("[]created").
 *
 * Hostile: a client of a web server may send any word for a method, and would be glad to be taken
 * for a client of FTP, as the rules about web requests are then not tried. So the answer must be
 * FTP's.
 */
#include "format/ftp_command.h"

#include "format/syslog.h"
#include "format/web_url.h"

static const struct {
    struct ir_str word;
    const char *action; /* NULL: nothing that a rule asks for */
} verbs[] = {
    {IR_S("PASS"), "ftp_login"},
    {IR_S("STOR"), "ftp_upload"},
    {IR_S("APPE"), "ftp_upload"},
    {IR_S("STOU"), "ftp_upload"},
    {IR_S("created"), "ftp_upload"},
    {IR_S("RETR"), "ftp_download"},
    {IR_S("sent"), "ftp_download"},
    {IR_S("DELE"), "ftp_delete"},
    {IR_S("RNTO"), "ftp_rename"},
    {IR_S("RNFR"), NULL},
    {IR_S("MKD"), "ftp_mkdir"},
    {IR_S("XMKD"), "ftp_mkdir"},
    {IR_S("RMD"), "ftp_rmdir"},
    {IR_S("XRMD"), "ftp_rmdir"},
    {IR_S("QUIT"), "ftp_logout"},
    {IR_S("ControlChannelOpened"), "ftp_connection"},
    {IR_S("USER"), NULL},
    {IR_S("AUTH"), NULL},
    {IR_S("CWD"), NULL},
    {IR_S("LIST"), NULL},
    {IR_S("NLST"), NULL},
    {IR_S("MLSD"), NULL},
    {IR_S("SITE"), NULL},
    {IR_S("PORT"), NULL},
    {IR_S("PASV"), NULL},
    {IR_S("EPSV"), NULL},
    {IR_S("EPRT"), NULL},
    {IR_S("TYPE"), NULL},
    {IR_S("SYST"), NULL},
    {IR_S("FEAT"), NULL},
    {IR_S("PWD"), NULL},
    {IR_S("SIZE"), NULL},
    {IR_S("MDTM"), NULL},
    {IR_S("REST"), NULL},
    {IR_S("ABOR"), NULL},
    {IR_S("PBSZ"), NULL},
    {IR_S("PROT"), NULL},
    {IR_S("NOOP"), NULL},
    {IR_S("OPTS"), NULL},
    {IR_S("CLNT"), NULL},
    {IR_S("CDUP"), NULL},
    {IR_S("MLST"), NULL},
    {IR_S("STAT"), NULL},
    {IR_S("HELP"), NULL},
    {IR_S("closed"), NULL},
    {IR_S("ControlChannelClosed"), "ftp_logout"},
    {IR_S("DataChannelOpened"), NULL},
    {IR_S("DataChannelClosed"), NULL},
};

bool ir_ftp_command(struct ir_event *ev, struct ir_str method, struct ir_str status)
{
    size_t i = 0;
    if (method.n > 0 && method.p[0] == '[') { /* the session's number */
        size_t close = ir_str_chr(method, ']');
        if (close != IR_NPOS) method = ir_str_skip(method, close + 1);
    }
    while (i < sizeof verbs / sizeof *verbs && !ir_str_eq(verbs[i].word, method))
        i++;
    if (i == sizeof verbs / sizeof *verbs) return false;
    if (verbs[i].action == NULL) return true;
    /* "331 send the password" is no failure, and what waits has no outcome */
    const bool decided = status.n == 3 && status.p[0] != '1' && status.p[0] != '3';
    ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(verbs[i].action));
    if (decided)
        ir_web_word(ev, IR_F_EVENT_OUTCOME, status.p[0] >= '4' ? IR_S("failure") : IR_S("success"));
    if (i == 0) ir_event_source(ev, IR_LS_AUTHENTICATION);
    return true;
}

/* Replies of RFC 959 and 2228 about log-ins, files and data, that HTTP has not or that no server of
 * it gives. */
static bool is_reply(struct ir_str status)
{
    const struct ir_str replies = IR_S(
        "110 120 125 150 211 212 213 214 215 220 221 225 226 227 228 229 230 232 234 235 250 257 "
        "331 332 334 335 336 350 421 425 430 434 450 452 522 530 532 533 534 535 536 537 550 551 "
        "552 553");
    return status.n == 3 && ir_isdigit(status.p[0]) && ir_str_find(replies, status) != IR_NPOS;
}

bool ir_ftp_request(struct ir_event *ev, struct ir_str request, struct ir_str status)
{
    struct ir_str argument = request, method = ir_str_cut(&argument, ' ');
    if (!is_reply(status) || ir_str_find(request, IR_S(" HTTP/")) != IR_NPOS ||
        !ir_ftp_command(ev, method, status))
        return false;
    ir_event_add_named(ev, IR_S("ftp.command"), IR_V_STRING, method);
    if (ir_str_eq(method, IR_S("USER")))
        ir_web_set(ev, IR_F_USER_NAME, argument);
    else if (argument.p != NULL && !ir_str_eq(method, IR_S("PASS")))
        ir_web_set(ev, IR_F_FILE_PATH, argument);
    return true;
}
