/*
 * The head of a syslog line: PRI, stamp, host, tag and pid, in every shape that files and
 * journalctl write. Phase one (ir_syslog_accept) is on the path of each line and looks no farther
 * than it must: an RFC 3164 stamp proves syslog by itself; an ISO stamp or none at all needs a
 * "host tag[pid]:" behind it.
 *
 * RFC 3164 section 4; RFC 5424 is in syslog_5424.c; journalctl(1), option -o.
 */
#include "base/ip.h"
#include "base/time.h"
#include "format/stamp.h"
#include "format/syslog.h"

#define TAG_MAX 128u

/* Classes of bytes: 1 in a tag, 2 in a host name. ISO-stamped files run through these loops line by
 * line. */
#define T 1
#define B 3
static const uint8_t classes[256] = {
    ['!'] = T, ['#'] = T, ['$'] = T, ['%'] = B,         ['&'] = T,  ['('] = T, [')'] = T,
    ['*'] = T, ['+'] = T, [','] = T, ['-'] = B,         ['.'] = B,  ['/'] = T, ['0' ... '9'] = B,
    [':'] = 2, ['='] = T, ['@'] = T, ['A' ... 'Z'] = B, ['\\'] = T, ['_'] = B, ['a' ... 'z'] = B,
    ['{'] = T, ['|'] = T, ['}'] = T, ['~'] = T,
};
#undef T
#undef B

static inline bool is_tag_char(char c)
{
    return (classes[(unsigned char)c] & 1) != 0;
}

static inline bool is_host_char(char c)
{
    return (classes[(unsigned char)c] & 2) != 0;
}

static struct ir_str skip_blanks(struct ir_str s)
{
    while (s.n > 0 && s.p[0] == ' ')
        s = ir_str_skip(s, 1);
    return s;
}

/* "[digits]" at s: bytes taken. */
static size_t pid_at(struct ir_str s, struct ir_str *ret_pid)
{
    size_t i = 1;
    if (s.n < 3 || s.p[0] != '[') return 0;
    while (i < s.n && ir_isdigit(s.p[i]))
        i++;
    if (i == 1 || i >= s.n || s.p[i] != ']') return 0;
    *ret_pid = ir_str_n(s.p + 1, i - 1);
    return i + 1;
}

/* ':' that ends a tag: a blank or nothing follows. */
static bool colon_at(struct ir_str s, size_t i)
{
    return i < s.n && s.p[i] == ':' && (i + 1 == s.n || s.p[i + 1] == ' ' || s.p[i + 1] == '\t');
}

/* What may stand between a tag's word and its pid or colon: " 1.4.1", " (com.apple.x[12])". */
static size_t second_word(struct ir_str s, size_t i)
{
    if (i + 1 >= s.n || s.p[i] != ' ') return i;
    if (!ir_isdigit(s.p[i + 1]) && s.p[i + 1] != '(') return i;
    size_t k = i + 1;
    while (k < s.n && k < TAG_MAX && (is_tag_char(s.p[k]) || s.p[k] == '[' || s.p[k] == ']'))
        k++;
    return colon_at(s, k) ? k : i;
}

/* Takes "]" [":"] [" "] apart after a pid at i. */
static size_t after_pid(struct ir_str s, size_t i)
{
    size_t k = second_word(s, i); /* launchd[1] (com.apple.x): */
    if (k < s.n && s.p[k] == ':') k++;
    return k < s.n && s.p[k] == ' ' ? k + 1 : k;
}

/* The end of the tag's word: tag characters, and ':' inside it. */
static size_t tag_word(struct ir_str s)
{
    size_t i = ir_str_starts(s, IR_S("-- ")) ? 3 : 0; /* login(1) without a name */
    while (i < s.n && i < TAG_MAX && (is_tag_char(s.p[i]) || (s.p[i] == ':' && !colon_at(s, i))))
        i++;
    if (i > 0 && i + 1 < s.n && s.p[i] == ']' && s.p[i + 1] == '[') i++; /* "gdm-password][1]:" */
    return i;
}

/* "[wlan0]" at i: the brackets belong to the tag. */
static size_t bracket_word(struct ir_str s, size_t i)
{
    while (i < s.n && i < TAG_MAX && s.p[i] != ']' && s.p[i] != ' ')
        i++;
    return i < s.n && s.p[i] == ']' ? i + 1 : i;
}

size_t ir_syslog_tag(struct ir_str s, struct ir_syslog *h)
{
    size_t i = tag_word(s), n;
    if (i == 0 || i >= s.n) return 0;
    h->tag = ir_str_head(s, i);
    n = pid_at(ir_str_skip(s, i), &h->pid);
    if (n != 0) return after_pid(s, i + n);
    i = s.p[i] == '[' ? bracket_word(s, i) : second_word(s, i);
    struct ir_str tag = ir_str_head(s, i);
    if (!colon_at(s, i)) {
        h->tag = ir_str_n(NULL, 0);
        return 0;
    }
    h->tag = tag;
    return i + 1 < s.n && s.p[i + 1] == ' ' ? i + 2 : i + 1;
}

/* "[sshd]:" or "[sshd] " with no host before it. */
static size_t bracket_tag(struct ir_str s, struct ir_syslog *h)
{
    struct ir_ip ip;
    if (s.n < 3 || s.p[0] != '[') return 0;
    size_t end = ir_str_chr(ir_str_head(s, TAG_MAX), ']');
    if (end == IR_NPOS || end < 2) return 0;
    struct ir_str in = ir_str_n(s.p + 1, end - 1);
    if (ir_str_chr(in, ' ') != IR_NPOS || ir_ip_parse(in, &ip)) return 0;
    h->tag = in;
    end += end + 1 < s.n && s.p[end + 1] == ':' ? 2 : 1;
    return end < s.n && s.p[end] == ' ' ? end + 1 : end;
}

/* True when the first word is a tag, so that the host is missing: "sshd[8148]:" or "kernel:". An
 * IPv6 address that ends in "::" is a host. */
static bool host_is_missing(struct ir_str word)
{
    if (word.n < 2) return false;
    char last = word.p[word.n - 1];
    if (last == ':') return word.p[word.n - 2] != ':';
    return last == ']' && word.p[0] != '[' && ir_str_chr(word, '[') != IR_NPOS;
}

/* "[ID 800047 auth.info] message" of Solaris. */
static void solaris_id(struct ir_syslog *h)
{
    struct ir_str s = h->msg;
    if (!ir_syslog_take(&s, IR_S("[ID "))) return;
    size_t end = ir_str_chr(s, ']'), blank = ir_str_chr(s, ' ');
    if (end == IR_NPOS || blank == IR_NPOS || blank > end) return;
    struct ir_str level = ir_str_n(s.p + blank + 1, end - blank - 1);
    size_t dot = ir_str_chr(level, '.');
    if (dot == IR_NPOS) return;
    h->msgid = ir_str_head(s, blank);
    h->facility = ir_str_head(level, dot);
    h->severity = ir_str_skip(level, dot + 1);
    h->pri_names = false;
    h->msg = ir_str_skip(s, end + 1);
    ir_syslog_take(&h->msg, IR_S(" "));
}

/* A tag that ends with a colon: without a stamp before it nothing else proves a tag. */
static bool is_full_tag(struct ir_str s, bool need_pid)
{
    struct ir_syslog h = {0};
    size_t n = ir_syslog_tag(s, &h);
    if (n < 2 || (need_pid && h.pid.n == 0)) return false;
    if (ir_str_eq(h.tag, IR_S("proftpd")) && h.pid.n > 0) return true; /* its SystemLog */
    return s.p[n - 1] == ':' || (s.p[n - 1] == ' ' && s.p[n - 2] == ':');
}

/* A second host before the tag: programs that write a host of their own to /dev/log, where rsyslog
 * adds its own before it (nginx without "nohostname"). One of them may have its domain behind it.
 */
static struct ir_str skip_second_host(struct ir_str s, struct ir_str host)
{
    size_t n = ir_str_chr(ir_str_head(s, 256), ' ');
    if (n == IR_NPOS || n == 0 || host.n == 0) return s;
    struct ir_str word = ir_str_head(s, n), rest = ir_str_skip(s, n + 1);
    size_t common = n < host.n ? n : host.n;
    const struct ir_str more = n < host.n ? ir_str_skip(host, common) : ir_str_skip(word, common);
    if (!ir_str_eq(ir_str_head(word, common), ir_str_head(host, common))) return s;
    if (more.n > 0 && more.p[0] != '.') return s;
    return is_full_tag(rest, false) ? rest : s;
}

void ir_syslog_origin(struct ir_syslog *h)
{
    if (h->whole) return;
    struct ir_str s = h->rest;
    size_t n = 0, at;
    s = ir_str_skip(s, ir_syslog_bsd_level(s, h));
    h->untagged = ir_syslog_untagged(s, false, &at);
    if (h->untagged != NULL) {
        h->msg = ir_str_skip(s, at);
        return;
    }
    n = bracket_tag(s, h);
    if (n == 0) {
        size_t blank = ir_str_chr(s, ' ');
        struct ir_str word = ir_str_head(s, blank == IR_NPOS ? s.n : blank);
        if (!host_is_missing(word)) {
            if (!ir_str_eq(word, IR_S("-"))) h->host = word; /* "-": rsyslog was told none */
            s = skip_blanks(ir_str_skip(s, word.n));
            s = skip_blanks(ir_str_skip(s, ir_syslog_busybox_level(s, h)));
            s = skip_second_host(s, word);
            h->untagged = ir_syslog_untagged(s, false, &at);
            if (h->untagged != NULL) {
                h->msg = ir_str_skip(s, at);
                return;
            }
            n = bracket_tag(s, h);
        }
        if (n == 0) n = ir_syslog_tag(s, h);
    }
    h->msg = ir_str_skip(s, n);
    solaris_id(h);
}

/* "<N>" with N up to 191. */
static size_t pri_at(struct ir_str s, struct ir_syslog *h)
{
    uint64_t v;
    if (s.n < 3 || s.p[0] != '<') return 0;
    size_t end = ir_str_chr(ir_str_head(s, 5), '>');
    if (end == IR_NPOS) return 0;
    struct ir_str num = ir_str_n(s.p + 1, end - 1);
    if (!ir_str_u64(num, &v) || v > 191) return 0;
    h->pri = num;
    h->facility = ir_syslog_facility((unsigned)v);
    h->severity = ir_syslog_severity((unsigned)v);
    h->pri_names = true;
    return end + 1;
}

/* Words that application logs write where syslog has its host. */
static bool is_level_word(struct ir_str w)
{
    static const struct ir_str words[] = {IR_S("INFO"),  IR_S("WARN"),   IR_S("WARNING"),
                                          IR_S("ERROR"), IR_S("DEBUG"),  IR_S("NOTICE"),
                                          IR_S("FATAL"), IR_S("TRACE"),  IR_S("CRITICAL"),
                                          IR_S("LOG"),   IR_S("SEVERE"), IR_S("VERBOSE")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ir_str_ieq(w, words[i])) return true;
    return false;
}

/* "host message of a device without a tag", also without the host. */
static bool is_device(struct ir_str s, size_t host)
{
    size_t at;
    return ir_syslog_untagged(s, false, &at) != NULL ||
           (host < s.n && s.p[host] == ' ' &&
            ir_syslog_untagged(skip_blanks(ir_str_skip(s, host)), false, &at) != NULL);
}

/* "host tag[pid]: " or "host tag: ", also without the host when there is a pid. */
static bool looks_like_origin(struct ir_str s, bool need_pid)
{
    size_t i = 0;
    while (i < s.n && i < 256 && is_host_char(s.p[i]))
        i++;
    if (i == 0 || i >= s.n || s.p[i] != ' ' || s.p[i - 1] == ':') return is_full_tag(s, true);
    if (is_level_word(ir_str_head(s, i))) return false;
    struct ir_str rest = skip_blanks(ir_str_skip(s, i));
    return is_full_tag(rest, need_pid) ||
           (!need_pid && skip_second_host(rest, ir_str_head(s, i)).n < rest.n);
}

/* "host tag[pid] ": so rsyslog writes to its files what came to it by RFC 5424. */
static bool is_forwarded(struct ir_str s, size_t host)
{
    struct ir_syslog h = {0};
    if (host == 0 || host + 1 >= s.n || s.p[host] != ' ' || !ir_isalpha(s.p[host + 1]))
        return false;
    struct ir_str rest = ir_str_skip(s, host + 1);
    size_t n = ir_syslog_tag(rest, &h);
    return n > 0 && h.pid.n > 0 && rest.p[n - 1] == ' ' && !is_level_word(h.tag);
}

/* The same, or a device's message behind a host. */
static bool has_origin(struct ir_str s)
{
    if (looks_like_origin(s, false)) return true;
    size_t i = 0;
    while (i < s.n && i < 256 && is_host_char(s.p[i]))
        i++;
    if (is_forwarded(s, i) && !is_level_word(ir_str_head(s, i))) return true;
    return is_device(s, i);
}

static bool accept_iso(struct ir_str s, struct ir_clock *clock, struct ir_event *ev,
                       struct ir_syslog *h)
{
    struct ir_str rest;
    size_t n = ir_isdigit(s.p[0]) ? ir_stamp_iso(s, clock, ev) : ir_syslog_short_full(s, clock, ev);
    if (n == 0) n = ir_syslog_short_unix(s, ev);
    if (n == 0 || n + 1 >= s.n || s.p[n] != ' ') return false;
    rest = skip_blanks(ir_str_skip(s, n)); /* two of them in `log show --style syslog` of macOS */
    size_t at;
    if (!has_origin(rest) && ir_syslog_device_in(rest, &at) == NULL) return false;
    h->rest = rest;
    return true;
}

static void take_whole(struct ir_syslog *h, struct ir_str tag, struct ir_str msg)
{
    h->tag = tag;
    h->msg = msg;
    h->tag_ours = h->whole = true;
}

/* dmesg, or journalctl -o short-monotonic, which has a host and a tag with pid. The kernel's own
 * texts have words with a colon too ("usb 1-1: …"), so only its name needs no pid. */
static bool accept_uptime(struct ir_str s, struct ir_syslog *h)
{
    bool delta;
    size_t n = ir_syslog_uptime(s, &delta);
    if (n == 0 || n >= s.n) return false;
    struct ir_str rest = ir_str_skip(s, n), second = rest;
    ir_str_cut(&second, ' ');
    bool host = !host_is_missing(ir_str_head(rest, rest.n - second.n - 1));
    bool kernel = ir_str_starts(second, IR_S("kernel: "));
    if (second.n > 0 && host && looks_like_origin(rest, !kernel && !delta)) {
        h->rest = rest;
        return true;
    }
    if (delta) return false;
    take_whole(h, IR_S("kernel"), s);
    return true;
}

static bool accept_border(struct ir_str s, struct ir_syslog *h)
{
    h->border = ir_syslog_separator(s);
    if (h->border == NULL) return false;
    take_whole(h, ir_str_n(NULL, 0), s);
    return true;
}

/* The stamp's date does not exist. Everything behind it is kept; there is no time. As with dates
 * that do, RFC 3164's form and a PRI are proof enough. */
static bool accept_no_date(struct ir_str s, struct ir_syslog *h)
{
    size_t n = ir_stamp_shape(s);
    if (n == 0 || n + 1 >= s.n || s.p[n] != ' ') return false;
    struct ir_str rest = ir_str_skip(s, n + 1);
    bool proof = h->pri.n > 0 || ir_month_from_name(ir_str_head(s, 3)) != 0;
    if (!proof && !has_origin(rest)) return false;
    h->rest = rest;
    h->damage = IR_SYSLOG_NO_DATE;
    return true;
}

/* vsftpd's own file: "Fri Jan 19 12:20:33 2007 [pid 27202] [bob] FAIL LOGIN: …". */
static bool accept_vsftpd(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev,
                          struct ir_syslog *h)
{
    struct ir_str rest, pid;
    size_t n = ir_isalpha(s.p[0]) ? ir_stamp_asctime(s, clock, ev) : 0;
    rest = ir_str_skip(s, n);
    if (n == 0 || !ir_syslog_take(&rest, IR_S(" [pid "))) return false;
    size_t end = ir_str_chr(ir_str_head(rest, 12), ']');
    if (end == IR_NPOS || end == 0 || end + 1 >= rest.n) return false;
    pid = ir_str_head(rest, end);
    for (size_t i = 0; i < end; i++)
        if (!ir_isdigit(pid.p[i])) return false;
    h->pid = pid;
    take_whole(h, IR_S("vsftpd"), ir_str_skip(rest, end + 1 + (rest.p[end + 1] == ' ')));
    return true;
}

bool ir_syslog_accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                      struct ir_syslog *h)
{
    struct ir_str s = rec;
    if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0) s = ir_str_skip(s, 3);
    size_t n = pri_at(s, h);
    s = ir_str_skip(s, n);
    if (s.n < 8) return false;
    if (n != 0 && ir_syslog_5424(s, clock, ev, h)) return true;
    const struct ir_clock before = *clock;
    n = ir_stamp_rfc3164(s, clock, ev);
    if (n != 0) {
        h->rest = ir_str_skip(s, n);
        if (h->rest.n > 0 && h->rest.p[0] == ':') h->rest = ir_str_skip(h->rest, 1); /* Cisco */
        h->rest = ir_str_skip(h->rest, 1);
        if (n + 1 < s.n && (s.p[n] == ' ' || s.p[n] == ':')) return true;
        *clock = before; /* a stamp alone is no line: it must not move the year either */
        return false;
    }
    if (accept_iso(s, clock, ev, h)) return true;
    n = ir_syslog_mikrotik_stamp(s, clock, ev);
    if (n != 0) {
        h->rest = ir_str_skip(s, n + 1);
        return true;
    }
    if (accept_border(s, h) || accept_uptime(s, h)) return true;
    if (accept_vsftpd(s, clock, ev, h) || accept_no_date(s, h)) return true;
    h->rest = s;
    if (ir_syslog_cisco_line(s, clock, ev)) return true;
    return h->pri.n > 0 ? has_origin(s) : looks_like_origin(s, true);
}
