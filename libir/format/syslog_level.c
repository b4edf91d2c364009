/*
 * Facility and severity as words before a syslog line's host or tag: "auth.info " of busybox's
 * syslogd, "<mail.info> " of FreeBSD's with -v -v. Not for PRI and Solaris' [ID …] (syslog_head.c).
 *
 * Hostile: a message may begin with such a word; where a PRI told the level, it is text.
 */
#include "format/syslog.h"

static bool is_one_of(struct ir_str word, const struct ir_str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ir_str_eq(word, list[i])) return true;
    return false;
}

/* "auth.info" as facility and severity. */
static bool take_level(struct ir_str word, struct ir_syslog *h)
{
    static const struct ir_str facilities[] = {
        IR_S("auth"),   IR_S("authpriv"), IR_S("cron"),   IR_S("daemon"), IR_S("ftp"),
        IR_S("kern"),   IR_S("lpr"),      IR_S("mail"),   IR_S("news"),   IR_S("security"),
        IR_S("syslog"), IR_S("user"),     IR_S("uucp"),   IR_S("local0"), IR_S("local1"),
        IR_S("local2"), IR_S("local3"),   IR_S("local4"), IR_S("local5"), IR_S("local6"),
        IR_S("local7")};
    static const struct ir_str severities[] = {
        IR_S("emerg"),   IR_S("alert"),  IR_S("crit"), IR_S("err"),   IR_S("error"), IR_S("warn"),
        IR_S("warning"), IR_S("notice"), IR_S("info"), IR_S("debug"), IR_S("panic")};
    size_t dot = ir_str_chr(word, '.');
    if (dot == IR_NPOS) return false;
    struct ir_str facility = ir_str_head(word, dot), severity = ir_str_skip(word, dot + 1);
    if (!is_one_of(facility, facilities, sizeof facilities / sizeof *facilities)) return false;
    if (!is_one_of(severity, severities, sizeof severities / sizeof *severities)) return false;
    h->facility = facility;
    h->severity = severity;
    h->pri_names = false;
    return true;
}

/* "auth.info " that busybox's syslogd writes before the tag: bytes taken. With ':' or '[' behind it
 * the word is the tag. */
size_t ir_syslog_busybox_level(struct ir_str s, struct ir_syslog *h)
{
    size_t end = ir_str_chr(ir_str_head(s, 24), ' ');
    if (end == IR_NPOS || h->pri.n > 0) return 0; /* a PRI is the daemon's, the word then text */
    return take_level(ir_str_head(s, end), h) ? end + 1 : 0;
}

/* "<mail.info> " that FreeBSD's syslogd -v -v writes before the host: bytes taken. */
size_t ir_syslog_bsd_level(struct ir_str s, struct ir_syslog *h)
{
    if (s.n < 4 || s.p[0] != '<') return 0;
    size_t end = ir_str_find(ir_str_head(s, 24), IR_S("> "));
    if (end == IR_NPOS) return 0;
    struct ir_str word = ir_str_n(s.p + 1, end - 1);
    if (word.n == 0 || !take_level(word, h)) return 0;
    return end + 2;
}
