/*
 * Cisco: "%FACILITY-n-MNEMONIC: text" of IOS, and "%ASA-n-nnnnnn: text" of firewalls, whose rows
 * are in syslog_asa.c. Before the '%' stand, as the device and its relays like: a sequence number,
 * the origin's name, a second stamp ("*" when its clock was never set), ": ".
 * Document: Cisco IOS System Message Guides; `service sequence-numbers`, `service timestamps`,
 * `logging origin-id`.
 *
 * Hostile: names of users who try to log in. Nothing that a client chooses stands at the start, so
 * a line is Cisco's only when nothing but the above stands before the '%'.
 */
#include "format/syslog_cisco.h"

#include "format/stamp.h"

#define JUNK_MAX    112u /* bytes before the '%' */
#define CODE_MAX    64u
#define MESSAGE_MAX 4096u

static const struct ios_row {
    struct ir_str code; /* without the level: "SEC-IPACCESSLOGP" */
    struct ir_phrase phrase;
} ios_rows[] = {
#define IOS(code, text, action, says) {IR_S(code), {text, action, IR_SAYS_##says}},
#include "format/syslog_cisco.def"
#undef IOS
};

static bool is_code_char(char c)
{
    return (c >= 'A' && c <= 'Z') || ir_isdigit(c) || c == '_' || c == '-';
}

/* Bytes of "%WORDS-n-WORDS" and what ends it (':' or, on old PIXes, a blank); 0: none. */
static size_t code_at(struct ir_str s)
{
    size_t i = 1, level = 0;
    if (s.n < 8 || s.p[0] != '%' || !ir_isalpha(s.p[1])) return 0;
    for (; i < s.n && i < CODE_MAX && is_code_char(s.p[i]); i++)
        if (s.p[i] == '-' && i + 2 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '7' &&
            s.p[i + 2] == '-')
            level = i + 1;
    if (level == 0 || level + 2 >= i || i >= s.n) return 0;
    if (s.p[i] == ':') return i + 1;
    return s.p[i] == ' ' && ir_isdigit(s.p[i - 1]) ? i : 0;
}

/* "123: " */
static size_t number_at(struct ir_str s)
{
    size_t n = ir_syslog_digits(s).n;
    return n > 0 && n <= 10 && n + 1 < s.n && s.p[n] == ':' && s.p[n + 1] == ' ' ? n + 2 : 0;
}

/* "*Mar  1 00:00:00.003 UTC: ": bytes; *ret_stamp is what can be read as a time. */
static size_t stamp_at(struct ir_str s, struct ir_str *ret_stamp)
{
    size_t star = s.n > 0 && (s.p[0] == '*' || s.p[0] == '.');
    struct ir_str at = ir_str_skip(s, star);
    size_t n = ir_stamp_shape(at), zone = 0;
    if (n == 0) return 0;
    *ret_stamp = ir_str_head(at, n + 8);
    struct ir_str rest = ir_str_skip(at, n);
    if (rest.n > 1 && rest.p[0] == ' ' && ir_isalpha(rest.p[1]))
        for (zone = 1; zone < rest.n && zone < 8 && ir_isalnum(rest.p[zone]);)
            zone++;
    rest = ir_str_skip(rest, zone);
    if (rest.n < 2 || rest.p[0] != ':' || rest.p[1] != ' ') return 0;
    return star + n + zone + 2;
}

/* "JST: " that is left of a stamp before it, or "router: " between number and stamp. */
static size_t word_at(struct ir_str s, bool any)
{
    size_t n = 0;
    while (n < s.n && n < 64 &&
           (any ? ir_isalnum(s.p[n]) || memchr("-_.", s.p[n], 3) != NULL
                : s.p[n] >= 'A' && s.p[n] <= 'Z'))
        n++;
    if (n < 2 || (!any && n > 5) || n + 1 >= s.n) return 0;
    return s.p[n] == ':' && s.p[n + 1] == ' ' ? n + 2 : 0;
}

/* Bytes before the code; IR_NPOS: something else stands there. */
static size_t junk(struct ir_str s, struct ir_str *ret_stamp)
{
    const char *start = s.p, *begin = s.p;
    bool numbered = false;
    *ret_stamp = ir_str_n(NULL, 0);
    s = ir_str_head(s, JUNK_MAX + CODE_MAX);
    while (s.n > 0 && (size_t)(s.p - start) <= JUNK_MAX) {
        if (s.p[0] == '%') return (size_t)(s.p - start);
        size_t n = s.p[0] == ':' && s.p > begin - 1 ? 1 : 0;
        if (n != 0 && n < s.n && s.p[n] == ' ') n++;
        if (n == 0) {
            n = number_at(s);
            numbered = numbered || n != 0;
        }
        if (n == 0) n = stamp_at(s, ret_stamp);
        if (n == 0) n = word_at(s, numbered);
        if (n == 0) return IR_NPOS;
        s = ir_str_skip(s, n);
        while (s.n > 0 && s.p[0] == ' ')
            s = ir_str_skip(s, 1);
    }
    return IR_NPOS;
}

static size_t find(struct ir_str s, struct ir_str *ret_stamp)
{
    char c = s.n > 8 ? s.p[0] : '\0';
    if (c != '%' && c != ':' && c != '*' && c != '.' && !ir_isdigit(c) && (c < 'A' || c > 'Z'))
        return IR_NPOS;
    if (memchr(s.p, '%', s.n < JUNK_MAX ? s.n : JUNK_MAX) == NULL) return IR_NPOS;
    size_t at = junk(s, ret_stamp);
    return at != IR_NPOS && code_at(ir_str_skip(s, at)) != 0 ? at : IR_NPOS;
}

size_t ir_syslog_cisco_at(struct ir_str s)
{
    struct ir_str stamp;
    return find(s, &stamp);
}

bool ir_syslog_cisco_line(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_str stamp;
    struct ir_clock own = *clock; /* a clock that was never set must not move the year */
    if (find(s, &stamp) == IR_NPOS) return false;
    if (stamp.n > 0 && ir_stamp_rfc3164(stamp, &own, ev) == 0) ir_stamp_iso(stamp, &own, ev);
    return true;
}

/* "SEC-6-IPACCESSLOGP" is the row "SEC-IPACCESSLOGP". */
static inline bool is_code(struct ir_str code, size_t level, struct ir_str row)
{
    return row.n == code.n - 2 && row.p[0] == code.p[0] && memcmp(row.p, code.p, level) == 0 &&
           memcmp(row.p + level, code.p + level + 2, row.n - level) == 0;
}

static void ios(struct ir_str code, size_t level, struct ir_str text, struct ir_event *ev)
{
    struct ir_parts parts;
    if (ir_str_find(code, IR_S("LDP")) != IR_NPOS) ir_event_source(ev, IR_LS_CISCO_LDP);
    if (ir_str_ends(code, IR_S("-BADAUTH"))) ir_event_source(ev, IR_LS_CISCO_BGP);
    size_t i = 0, n = sizeof ios_rows / sizeof *ios_rows;
    while (i < n && !is_code(code, level, ios_rows[i].code))
        i++;
    for (; i < n && is_code(code, level, ios_rows[i].code); i++) {
        const struct ios_row *r = &ios_rows[i];
        if (!ir_phrase_fits(text, r->phrase.text, &parts)) continue;
        ir_phrase_fields(ev, &parts);
        ir_phrase_says(ev, r->phrase.action, r->phrase.says);
        if (r->phrase.says == IR_SAYS_COMMAND) ir_event_source(ev, IR_LS_CISCO_AAA);
        return;
    }
}

void ir_syslog_cisco(const struct ir_syslog *h, struct ir_event *ev)
{
    size_t n = code_at(h->msg);
    if (n < 8) return;
    struct ir_str code = ir_str_n(h->msg.p + 1, n - 1), text = ir_str_skip(h->msg, n);
    if (code.p[code.n - 1] == ':') code.n--;
    size_t dash = ir_str_rchr(code, '-'), level = dash;
    while (level > 1 && !(code.p[level] == '-' && code.p[level - 2] == '-'))
        level--;
    if (level < 2) return;
    level -= 2;
    ir_event_set(ev, IR_F_EVENT_CODE, code);
    ir_event_source(ev, IR_LS_CISCO_SYSLOG);
    text = ir_str_trim(text);
    if (text.n > MESSAGE_MAX) return;
    if (ir_syslog_is_asa(ir_str_head(code, level)))
        ir_syslog_asa(ir_str_skip(code, dash + 1), text, ev);
    else
        ios(code, level, text, ev);
}
