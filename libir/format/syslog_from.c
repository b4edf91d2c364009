/*
 * "USER from ADDR port N ssh2: INFO": the tail that most messages of sshd have, found from the side
 * which sshd wrote. Not for other programs: their words between name and address differ.
 *
 * Document: OpenSSH auth.c (auth_log).
 */
#include "format/syslog.h"

struct ir_str ir_syslog_digits(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && ir_isdigit(s.p[i]))
        i++;
    return ir_str_head(s, i);
}

/* "ADDR[ port N][ ssh2][: INFO]" to the end of the text. */
bool ir_syslog_from_tail(struct ir_str s, struct ir_syslog_from *f)
{
    f->port = f->info = ir_str_n(NULL, 0);
    f->ssh = false;
    f->addr = ir_syslog_addr_token(s);
    s = ir_str_skip(s, f->addr.n);
    if (f->addr.n == 0) return false;
    if (ir_syslog_take(&s, IR_S(" port "))) {
        f->port = ir_syslog_digits(s);
        s = ir_str_skip(s, f->port.n);
        if (f->port.n == 0) return false;
    }
    if (ir_syslog_take(&s, IR_S(" ssh")) && s.n > 0 && ir_isdigit(s.p[0])) {
        f->ssh = true;
        s = ir_str_skip(s, 1);
    }
    if (ir_syslog_take(&s, IR_S(": "))) {
        f->info = s;
        return true;
    }
    return s.n == 0 || ir_str_starts(s, IR_S(" via ")) || ir_str_starts(s, IR_S(" id "));
}

static bool last_from(struct ir_str s, struct ir_syslog_from *f)
{
    struct ir_str left = s;
    for (int i = 0; i < IR_SYSLOG_FROM_TRIES; i++) {
        size_t at = ir_str_rfind(left, IR_S(" from "));
        if (at == IR_NPOS) return false;
        f->user = left = ir_str_head(s, at);
        if (ir_syslog_from_tail(ir_str_skip(s, at + 6), f)) return true;
    }
    return false;
}

/*
 * "USER from ADDR …". The last " from ADDR" wins: a user name can hold another one.
 *
 * Where INFO may follow, a name without a blank, followed at once by the complete form with INFO,
 * may be the true one: what comes later stands in the INFO, which clients of old could choose. It
 * is when the later one is not complete, or follows the first at once. Else INFO of a password can
 * be ruled out; of a key nobody can tell, and nobody is blamed.
 */
bool ir_syslog_find_from(struct ir_str s, enum ir_syslog_info info, struct ir_syslog_from *f)
{
    struct ir_syslog_from last;
    size_t at = ir_str_find(s, IR_S(" from "));
    if (at == IR_NPOS) return false;
    f->user = ir_str_head(s, at);
    bool first = info != IR_SYSLOG_NO_INFO && ir_str_chr(f->user, ' ') == IR_NPOS &&
                 ir_syslog_from_tail(ir_str_skip(s, at + 6), f) && f->ssh && f->info.n > 0;
    if (!first) return last_from(s, f);
    bool another = last_from(s, &last) && last.ssh && last.user.n > f->user.n;
    bool old = info == IR_SYSLOG_OLD_INFO && f->info.p[-3] == '1'; /* "ssh1: " */
    if (!another || old || last.user.p + last.user.n + 1 == f->info.p) return true;
    *f = last;
    return info != IR_SYSLOG_KEY_INFO;
}
