/*
 * Indicators of compromise. See ioc.h.
 */
#include "run/ioc.h"

#include "base/intl.h"
#include <stdio.h>

#define TEXT_MAX  2048u
#define TOKEN_MAX 64u /* the longest text of an address that is looked at */

static bool ends_word(struct ir_str *s, const char *word)
{
    if (!ir_str_istarts(*s, ir_str_z(word))) return false;
    *s = ir_str_skip(*s, strlen(word));
    return true;
}

/* What was written so that no program makes a link of it becomes what it stands for. */
static size_t refang(struct ir_str s, char *out)
{
    static const struct {
        const char *from, *to;
    } rows[] = {{"[.]", "."},   {"(.)", "."}, {"{.}", "."}, {"[dot]", "."},   {"(dot)", "."},
                {"{dot}", "."}, {"\\.", "."}, {"[:]", ":"}, {"(:)", ":"},     {"[at]", "@"},
                {"(at)", "@"},  {"[@]", "@"}, {"(@)", "@"}, {"[://]", "://"}, {"[/]", "/"}};
    size_t n = 0;
    if (ir_str_istarts(s, IR_S("hxxp")) || ir_str_istarts(s, IR_S("hxtp"))) {
        memcpy(out, "http", 4);
        n = 4;
        s = ir_str_skip(s, 4);
    }
    while (s.n > 0) {
        size_t k = 0;
        while (k < sizeof rows / sizeof *rows && !ends_word(&s, rows[k].from))
            k++;
        if (k < sizeof rows / sizeof *rows) {
            memcpy(out + n, rows[k].to, strlen(rows[k].to));
            n += strlen(rows[k].to);
            continue;
        }
        out[n++] = *s.p;
        s = ir_str_skip(s, 1);
    }
    return n;
}

/* A first column, without quotes and comment. */
static struct ir_str strip(struct ir_str line)
{
    line = ir_str_trim(line);
    if (ir_str_starts(line, IR_S("\xef\xbb\xbf"))) line = ir_str_trim(ir_str_skip(line, 3));
    if (line.n > 0 && (line.p[0] == '#' || line.p[0] == ';')) return ir_str_head(line, 0);
    if (ir_str_starts(line, IR_S("//"))) return ir_str_head(line, 0);
    if (line.n > 0 && (line.p[0] == '"' || line.p[0] == '\'')) {
        size_t end = ir_str_chr(ir_str_skip(line, 1), line.p[0]);
        return ir_str_trim(ir_str_head(ir_str_skip(line, 1), end == IR_NPOS ? line.n : end));
    }
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == ' ' || line.p[i] == '\t' || line.p[i] == ',' || line.p[i] == '|')
            return ir_str_head(line, i);
    return line;
}

static bool all_hex(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ir_hexval(s.p[i]) < 0) return false;
    return true;
}

static bool in_label(char c)
{
    return ir_isalnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* At least two labels; the last is no number, or the address of a machine would be one. */
static bool is_domain(struct ir_str s)
{
    size_t dots = 0, label = 0;
    bool letter = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.') {
            if (label == 0) return false;
            dots++;
            label = 0;
            letter = false;
            continue;
        }
        if (!in_label(s.p[i])) return false;
        letter = letter || !ir_isdigit(s.p[i]);
        label++;
    }
    return dots > 0 && label > 1 && letter;
}

static void lower(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = ir_lower(p[i]);
}

static bool is_number(struct ir_str s)
{
    uint64_t v;
    return s.n > 0 && ir_isdigit(s.p[0]) && ir_str_u64(s, &v);
}

/* Feeds name what answers by address and port, 192.0.2.7:4444 or [2001:db8::7]:443: the host alone
 * is looked for, because logs write the port in many ways or not at all. */
static struct ir_str without_port(struct ir_str s)
{
    const size_t close = s.n > 0 && s.p[0] == '[' ? ir_str_chr(s, ']') : IR_NPOS;
    const size_t colon = ir_str_chr(s, ':');
    if (close != IR_NPOS) {
        const struct ir_str rest = ir_str_skip(s, close + 1);
        const bool port = rest.n > 1 && rest.p[0] == ':' && is_number(ir_str_skip(rest, 1));
        return rest.n == 0 || port ? ir_str_n(s.p + 1, close - 1) : s;
    }
    return colon != IR_NPOS && is_number(ir_str_skip(s, colon + 1)) ? ir_str_head(s, colon) : s;
}

/* A URL without its scheme: example.net/gate.php. What is all digits was meant for a network. */
static bool is_bare_url(struct ir_str s)
{
    struct ir_ip ip;
    const size_t slash = ir_str_chr(s, '/');
    if (slash == IR_NPOS || slash + 1 >= s.n || is_number(ir_str_skip(s, slash + 1))) return false;
    const struct ir_str host = without_port(ir_str_head(s, slash));
    return is_domain(host) || ir_ip_parse(host, &ip);
}

static bool covers_all(const struct ir_cidr *c)
{
    return c->bits == 0 || (c->v4 && c->bits <= 96);
}

static const char *classify(struct ir_ioc *i, char *p, size_t n)
{
    struct ir_str s = ir_str_n(p, n);
    size_t at = ir_str_chr(s, '@');
    if (!ir_ip_parse(s, &i->net.ip)) s = without_port(s);
    p = (char *)(uintptr_t)s.p;
    n = s.n;
    if ((n == 32 || n == 40 || n == 64 || n == 128) && all_hex(s)) {
        i->kind = IR_IOC_HASH;
        lower(p, n);
    } else if (ir_str_find(s, IR_S("://")) != IR_NPOS || is_bare_url(s)) {
        i->kind = IR_IOC_URL;
        if (n < 8) return N_("a URL without a host");
    } else if (ir_cidr_parse(s, &i->net)) {
        i->kind = IR_IOC_NET;
        if (covers_all(&i->net)) return N_("a network of all addresses");
    } else if (at != IR_NPOS && at > 0 && is_domain(ir_str_skip(s, at + 1))) {
        i->kind = IR_IOC_EMAIL;
        lower(p, n);
    } else {
        while (s.n > 0 && (s.p[0] == '.' || s.p[0] == '*'))
            s = ir_str_skip(s, 1);
        if (s.n > 0 && s.p[s.n - 1] == '.') s.n--;
        if (!is_domain(s))
            return N_("neither hash, address, network, domain, URL nor e-mail address");
        i->kind = IR_IOC_DOMAIN;
        lower((char *)(uintptr_t)s.p, s.n);
    }
    i->text = s;
    return NULL;
}

int ir_ioc_parse(struct ir_arena *a, struct ir_str line, struct ir_ioc *ret_i, const char **ret_why)
{
    char text[TEXT_MAX];
    struct ir_ioc i = {0};
    struct ir_str s = strip(line);
    if (s.n == 0) return 1;
    *ret_why = N_("longer than 2000 bytes");
    if (s.n > TEXT_MAX - 48) return -1;
    *ret_why = classify(&i, text, refang(s, text));
    if (*ret_why != NULL) return -1;
    i.text = ir_arena_dup(a, i.text);
    *ret_why = "out of memory";
    if (i.text.p == NULL) return -1;
    *ret_i = i;
    return 0;
}

const char *ir_ioc_kind_name(const struct ir_ioc *i)
{
    static const char *const names[] = {"hash", "url", "network", "email", "domain"};
    const bool one = i->kind == IR_IOC_NET && i->net.bits == 128;
    return one ? "ip" : names[i->kind];
}

/* The octets that all addresses of the network begin with; less than one: each that there may be.
 * The dot behind keeps 10. from being found in 100 as often as it stands there. */
static bool net4_literals(const struct ir_cidr *c, bool (*add)(void *, struct ir_str), void *user)
{
    char text[24];
    const uint8_t *b = c->ip.b + 12;
    const unsigned bits = c->bits - 96, whole = bits / 8;
    int n = 0;
    if (whole == 0) {
        for (unsigned i = 0; i < 1u << (8 - bits); i++) {
            n = snprintf(text, sizeof text, "%u.", b[0] + i);
            if (!add(user, ir_str_n(text, (size_t)n))) return false;
        }
        return true;
    }
    for (unsigned i = 0; i < whole; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, i < 3 ? "%u." : "%u", b[i]);
    return add(user, ir_str_n(text, (size_t)n));
}

/* The first group; an address may be written in many ways. */
static bool net6_literals(const struct ir_cidr *c, bool (*add)(void *, struct ir_str), void *user)
{
    char text[8];
    const unsigned group = (unsigned)c->ip.b[0] << 8 | c->ip.b[1];
    if (c->bits < 16) return add(user, IR_S(":"));
    if (group == 0) return add(user, IR_S("::")) && add(user, IR_S("0:"));
    int n = snprintf(text, sizeof text, "%x:", group);
    return add(user, ir_str_n(text, (size_t)n));
}

bool ir_ioc_literals(const struct ir_ioc *i, bool (*add)(void *user, struct ir_str lit), void *user)
{
    if (i->kind != IR_IOC_NET) return add(user, i->text);
    return i->net.v4 ? net4_literals(&i->net, add, user) : net6_literals(&i->net, add, user);
}

/* The byte before `at` ends what stood before: no letter, digit or any of `more`; or it ends an
 * escape of a URL (%2F) or of JSON (\n). */
static bool begins(struct ir_str data, size_t at, const char *more)
{
    if (at == 0) return true;
    const char c = data.p[at - 1];
    if (!ir_isalnum(c) && (unsigned char)c < 0x80 && (c == '\0' || strchr(more, c) == NULL))
        return true;
    if (at >= 3 && data.p[at - 3] == '%' && ir_hexval(data.p[at - 2]) >= 0 && ir_hexval(c) >= 0)
        return true;
    return at >= 2 && data.p[at - 2] == '\\' && strchr("nrtbf", c) != NULL && c != '\0';
}

/* What follows does not go on with the name. A dot may end a sentence. */
static bool ends(struct ir_str data, size_t end, bool dot_goes_on)
{
    if (end >= data.n) return true;
    const char c = data.p[end];
    if (in_label(c)) return false;
    return !dot_goes_on || c != '.' || end + 1 >= data.n || !in_label(data.p[end + 1]);
}

static bool in_token(char c, bool v4)
{
    return ir_isdigit(c) || c == '.' || (!v4 && (ir_hexval(c) >= 0 || c == ':'));
}

/* The whole address around the literal. */
static bool verify_net(const struct ir_cidr *net, struct ir_str data, size_t at, size_t end)
{
    struct ir_ip ip;
    size_t from = at;
    while (from > 0 && end - from < TOKEN_MAX && in_token(data.p[from - 1], net->v4))
        from--;
    while (end < data.n && end - from < TOKEN_MAX && in_token(data.p[end], net->v4))
        end++;
    if (end - from >= TOKEN_MAX) return false;
    if (!begins(data, from, "")) return false;
    if (end < data.n && ir_isalnum(data.p[end])) return false;
    struct ir_str s = ir_str_n(data.p + from, end - from);
    while (s.n > 0 && s.p[0] == '.')
        s = ir_str_skip(s, 1);
    while (s.n > 0 && s.p[s.n - 1] == '.')
        s.n--;
    if (ir_ip_parse(s, &ip)) return ir_cidr_has(net, &ip);
    if (s.n > 1 && s.p[s.n - 1] == ':') s.n--; /* "2001:db8::1: refused" */
    return ir_ip_parse(s, &ip) && ir_cidr_has(net, &ip);
}

bool ir_ioc_verify(const struct ir_ioc *i, struct ir_str data, size_t at, size_t end)
{
    switch (i->kind) {
    case IR_IOC_HASH: return begins(data, at, "") && ends(data, end, false);
    case IR_IOC_URL:
        return begins(data, at, ir_str_find(i->text, IR_S("://")) != IR_NPOS ? "+" : "-_") &&
               (end >= data.n || !ir_isalnum(data.p[end]));
    case IR_IOC_EMAIL: return begins(data, at, "._+-") && ends(data, end, true);
    case IR_IOC_DOMAIN: return begins(data, at, "-_") && ends(data, end, true);
    case IR_IOC_NET: return verify_net(&i->net, data, at, end);
    }
    return false;
}
