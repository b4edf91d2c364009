/*
 * RFC 5424: version, stamp, host, app, procid, msgid, structured data; the names of facilities and
 * severities (RFC 5424 tables 1 and 2, in syslog.conf's spelling).
 */
#include "format/stamp.h"
#include "format/syslog.h"

#define SD_NAME_MAX 128u /* RFC: 32; kept wider, because writers do not keep to it */

struct ir_str ir_syslog_facility(unsigned pri)
{
    static const struct ir_str names[] = {
        IR_S("kern"),     IR_S("user"),   IR_S("mail"),   IR_S("daemon"), IR_S("auth"),
        IR_S("syslog"),   IR_S("lpr"),    IR_S("news"),   IR_S("uucp"),   IR_S("cron"),
        IR_S("authpriv"), IR_S("ftp"),    IR_S("ntp"),    IR_S("audit"),  IR_S("alert"),
        IR_S("clock"),    IR_S("local0"), IR_S("local1"), IR_S("local2"), IR_S("local3"),
        IR_S("local4"),   IR_S("local5"), IR_S("local6"), IR_S("local7")};
    return pri / 8 < sizeof names / sizeof names[0] ? names[pri / 8] : ir_str_n("", 0);
}

struct ir_str ir_syslog_severity(unsigned pri)
{
    static const struct ir_str names[] = {IR_S("emerg"), IR_S("alert"),   IR_S("crit"),
                                          IR_S("err"),   IR_S("warning"), IR_S("notice"),
                                          IR_S("info"),  IR_S("debug")};
    return names[pri % 8];
}

/* The next blank-separated word; "-" (NILVALUE) gives an empty view. */
static bool word(struct ir_str *s, struct ir_str *ret_word)
{
    size_t i = ir_str_chr(*s, ' ');
    size_t n = i == IR_NPOS ? s->n : i;
    *ret_word = ir_str_head(*s, n);
    *s = ir_str_skip(*s, n + 1);
    if (n == 1 && ret_word->p[0] == '-') *ret_word = ir_str_n(ret_word->p, 0);
    return n > 0;
}

/* The characters that '\\' takes the meaning from (section 6.3.3). */
static bool is_escaped(char c)
{
    return c == '"' || c == '\\' || c == ']';
}

/* Length of all "[…]" elements at s; 0 when one does not end. A quoted ']' or '"' is escaped or
 * inside quotes. */
static size_t sd_length(struct ir_str s)
{
    bool in = false, quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            if (c == '\\' && i + 1 < s.n && is_escaped(s.p[i + 1]))
                i++;
            else if (c == '"')
                quoted = false;
        } else if (!in) {
            if (c != '[') return i;
            in = true;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ']') {
            in = false;
        }
    }
    return in ? 0 : s.n;
}

static void sd_and_message(struct ir_str s, struct ir_syslog *h)
{
    if (s.n > 0 && s.p[0] == '-') {
        s = ir_str_skip(s, 1);
    } else if (s.n > 0 && s.p[0] == '[') {
        size_t n = sd_length(s);
        if (n == 0) h->damage = "structured data without end";
        h->sd = ir_str_head(s, n);
        s = ir_str_skip(s, n);
    }
    ir_syslog_take(&s, IR_S(" "));
    ir_syslog_take(&s, IR_S("\xef\xbb\xbf"));
    h->msg = s;
}

bool ir_syslog_5424(struct ir_str s, struct ir_clock *clock, struct ir_event *ev,
                    struct ir_syslog *h)
{
    if (s.n < 12 || s.p[0] < '1' || s.p[0] > '9' || s.p[1] != ' ') return false;
    s = ir_str_skip(s, 2);
    if (s.p[0] == '-') {
        s = ir_str_skip(s, 1);
    } else {
        size_t n = ir_stamp_iso(s, clock, ev);
        if (n == 0 && (n = ir_stamp_shape(s)) != 0) h->damage = IR_SYSLOG_NO_DATE;
        if (n == 0) return false;
        s = ir_str_skip(s, n);
    }
    if (!ir_syslog_take(&s, IR_S(" "))) return false;
    if (!word(&s, &h->host) || !word(&s, &h->tag) || !word(&s, &h->pid) || !word(&s, &h->msgid))
        return false;
    sd_and_message(s, h);
    h->whole = true;
    return true;
}

/* The value between quotes at *s (after the '"'), decoded when needed; *s is left behind the
 * closing one. */
static struct ir_str sd_value(struct ir_str *s, struct ir_event *ev, bool *ret_derived)
{
    size_t i = 0;
    bool escaped = false;
    for (; i < s->n && s->p[i] != '"'; i++) {
        if (s->p[i] != '\\' || i + 1 >= s->n || !is_escaped(s->p[i + 1])) continue;
        escaped = true;
        i++;
    }
    struct ir_str v = ir_str_head(*s, i);
    *s = ir_str_skip(*s, i + 1);
    *ret_derived = false;
    char *out = escaped ? ir_arena_alloc(ev->arena, v.n) : NULL;
    if (out == NULL) return v;
    size_t n = 0;
    for (i = 0; i < v.n; i++) {
        if (v.p[i] == '\\' && i + 1 < v.n && is_escaped(v.p[i + 1])) i++;
        out[n++] = v.p[i];
    }
    *ret_derived = true;
    return ir_str_n(out, n);
}

static void sd_add(struct ir_event *ev, struct ir_str id, struct ir_str name, struct ir_str value,
                   bool derived)
{
    size_t n = id.n + 1 + name.n;
    if (name.n == 0 || id.n > SD_NAME_MAX || name.n > SD_NAME_MAX) return;
    char *key = ir_arena_alloc(ev->arena, n);
    if (key == NULL) return;
    memcpy(key, id.p, id.n);
    key[id.n] = '.';
    memcpy(key + id.n + 1, name.p, name.n);
    if (derived) ev->verbatim = false;
    ir_event_add_named(ev, ir_str_n(key, n), IR_V_STRING, value);
}

/* One element's parameters, after its '['; *s is left behind the ']'. */
static void sd_element(struct ir_str *s, struct ir_event *ev)
{
    size_t i = 0;
    while (i < s->n && s->p[i] != ' ' && s->p[i] != ']')
        i++;
    struct ir_str id = ir_str_head(*s, i);
    *s = ir_str_skip(*s, i);
    while (s->n > 0 && s->p[0] != ']') {
        while (s->n > 0 && s->p[0] == ' ')
            *s = ir_str_skip(*s, 1);
        size_t eq = 0;
        while (eq < s->n && memchr("= ]\"", s->p[eq], 4) == NULL)
            eq++;
        if (eq + 1 >= s->n || s->p[eq] != '=' || s->p[eq + 1] != '"') {
            *s = ir_str_skip(*s, eq + (eq < s->n && s->p[eq] != ']'));
            continue;
        }
        struct ir_str name = ir_str_head(*s, eq);
        *s = ir_str_skip(*s, eq + 2);
        bool derived;
        struct ir_str value = sd_value(s, ev, &derived);
        sd_add(ev, id, name, value, derived);
    }
    *s = ir_str_skip(*s, 1);
}

void ir_syslog_sd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = h->sd;
    while (s.n > 0 && s.p[0] == '[') {
        s = ir_str_skip(s, 1);
        sd_element(&s, ev);
    }
}
