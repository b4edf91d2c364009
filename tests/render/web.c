/*
 * Web rules as lines of logs that servers write: combined, with the virtual host before it, IIS.
 * Keywords stand where an attacker would put them: in the request, the user agent, the referrer.
 * What may not stand in a request line as it is, is percent-encoded, as browsers do; a quote in a
 * header is written \" by Apache and \x22 by nginx.
 */
#include "render.h"

#define URI   "cs-uri-query,c-uri-query,cs-uri,c-uri"
#define STEM  "cs-uri-stem,c-uri-stem"
#define AGENT "cs-user-agent,c-useragent"
#define REFER "cs-referer,cs-referrer"
#define HOST  "cs-host,r-dns"

static void encode(struct ir_str s, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\')
            ir_buf_fmt(out, "%%%02X", (unsigned)c);
        else
            ir_buf_chr(out, s.p[i]);
    }
}

static void escape(struct ir_str s, bool nginx, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '"' && s.p[i] != '\\')
            ir_buf_chr(out, s.p[i]);
        else if (nginx)
            ir_buf_fmt(out, "\\x%02X", (unsigned)(unsigned char)s.p[i]);
        else
            ir_buf_fmt(out, "\\%c", s.p[i]);
    }
}

/* The request target. Keywords that hold a blank in a request are seen only after decoding. */
static void target(struct wish *w, bool keywords, struct ir_buf *out)
{
    struct ir_buf text = IR_BUF(RENDER_MAX), query = IR_BUF(RENDER_MAX);
    bool stem = wish_text(w, STEM, "/", "/", &text);
    bool uri = wish_text(w, URI, stem ? "" : "/", w->way % 2 ? "/" : "&", &query);
    struct ir_str q = ir_buf_view(&query), t = ir_buf_view(&text);
    if (stem && uri && q.n > 0 && ir_str_ifind(t, q) == IR_NPOS) {
        if (q.p[0] != '?' && ir_str_chr(t, '?') == IR_NPOS) ir_buf_chr(&text, '?');
    } else if (uri && !ir_str_starts(q, IR_S("/")) && !ir_str_starts(q, IR_S("http"))) {
        ir_buf_chr(&text, '/');
    }
    if (ir_str_ifind(ir_buf_view(&text), q) == IR_NPOS) ir_buf_str(&text, q);
    if (text.n == 0) ir_buf_str(&text, IR_S("/index.html"));
    if (keywords && wish_has(w, "")) {
        ir_buf_str(&text, ir_str_chr(ir_buf_view(&text), '?') == IR_NPOS ? IR_S("?q") : IR_S("&q"));
        wish_text(w, "", "", "&q", &text);
    }
    encode(ir_buf_view(&text), out);
    ir_buf_free(&text);
    ir_buf_free(&query);
}

static void header(struct wish *w, const char *fields, bool keywords, const char *other,
                   struct ir_buf *out)
{
    struct ir_buf text = IR_BUF(RENDER_MAX);
    bool absent = wish_absent(w, fields), put = keywords && wish_text(w, "", "", " ", &text);
    if (absent)
        ir_buf_chr(&text, '-');
    else if (!put || wish_has(w, fields))
        wish_text_or(w, fields, " ", other, &text);
    escape(ir_buf_view(&text), w->way % 2, out);
    ir_buf_free(&text);
}

static void access_line(struct wish *w, unsigned number, struct ir_buf *out)
{
    unsigned where = w->way / 4 % 3; /* what keywords stand in */
    if (wish_has(w, HOST)) {
        wish_text(w, HOST, "", ".", out);
        ir_buf_str(out, IR_S(":443 "));
    }
    wish_text_or(w, "c-ip,src_ip", "", "203.0.113.9", out);
    ir_buf_str(out, IR_S(" - "));
    wish_text_or(w, "cs-username", "", "-", out);
    ir_buf_fmt(out, " [23/Nov/2026:%02u:%02u:%02u +0000] \"", number / 3600 % 24, number / 60 % 60,
               number % 60);
    wish_text_or(w, "cs-method", "", "GET", out);
    ir_buf_chr(out, ' ');
    target(w, where == 0, out);
    ir_buf_str(out, IR_S(" HTTP/1.1\" "));
    wish_text_or(w, "sc-status", "", "200|302|404|500", out);
    ir_buf_chr(out, ' ');
    wish_text_or(w, "sc-bytes", "", "512", out);
    ir_buf_str(out, IR_S(" \""));
    header(w, REFER, where == 2, "https://www.example.net/|-", out);
    ir_buf_str(out, IR_S("\" \""));
    header(w, AGENT, where == 1, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", out);
    ir_buf_str(out, IR_S("\"\n"));
}

/* ---- W3C extended, for the headers that no other log has ---- */

#define COMBINED                                                                                   \
    URI "," STEM "," AGENT "," REFER "," HOST                                                      \
        ",c-ip,src_ip,cs-username,cs-method,sc-status,sc-bytes"

static bool is_combined(struct ir_str field)
{
    struct ir_str rest = IR_S(COMBINED);
    while (rest.p != NULL)
        if (ir_str_eq(ir_str_cut(&rest, ','), field)) return true;
    return false;
}

/* The first wanted field that the combined log has not; p == NULL: none. */
static struct ir_str other_field(const struct wish *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].item->fields != NULL && !is_combined(w->v[i].item->field))
            return w->v[i].item->field;
    return ir_str_n(NULL, 0);
}

static void word(struct wish *w, const char *fields, const char *other, struct ir_buf *out)
{
    struct ir_buf text = IR_BUF(RENDER_MAX);
    wish_text_or(w, fields, "/", other, &text);
    for (size_t i = 0; i < text.n; i++)
        ir_buf_chr(out, text.p[i] == ' ' ? '+' : text.p[i]);
    ir_buf_chr(out, ' ');
    ir_buf_free(&text);
}

static void w3c_lines(struct wish *w, struct ir_str field, struct ir_buf *out)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", IR_FMT(field));
    ir_buf_str(out,
               IR_S("#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
                    "#Date: 2026-11-23 00:00:00\n#Fields: date time s-ip cs-method cs-uri-stem "
                    "s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status "));
    if (ir_str_starts(field, IR_S("cs-")))
        ir_buf_fmt(out, "cs(%s)", name + 3);
    else
        ir_buf_str(out, field);
    ir_buf_str(out, IR_S("\n2026-11-23 01:00:00 192.0.2.5 "));
    word(w, "cs-method", "GET", out);
    target(w, true, out);
    ir_buf_str(out, IR_S(" 443 "));
    word(w, "cs-username", "-", out);
    word(w, "c-ip,src_ip", "203.0.113.9", out);
    word(w, AGENT, "Mozilla/5.0", out);
    word(w, REFER, "-|https://www.example.net/", out);
    word(w, "sc-status", "200|302|404|500", out);
    word(w, name, "-", out);
    out->n--;
    ir_buf_chr(out, '\n');
}

static void error_line(struct wish *w, unsigned number, bool nginx, struct ir_buf *out)
{
    if (nginx)
        ir_buf_fmt(out, "2026/11/23 01:%02u:%02u [alert] 812#812: worker process %u ",
                   number / 60 % 60, number % 60, 900 + number % 1000);
    else
        ir_buf_fmt(out,
                   "[Mon Nov 23 01:%02u:%02u.123456 2026] [core:notice] [pid %u:tid 1] AH00051: ",
                   number / 60 % 60, number % 60, 900 + number % 1000);
    wish_text_or(w, "", " ", "ready", out);
    ir_buf_chr(out, '\n');
}

bool render_web(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct ir_logsource ls = w->rule->info.logsource;
    bool nginx = ir_str_ieq(ls.service, IR_S("nginx")) || ir_str_ieq(ls.product, IR_S("nginx"));
    bool apache = ir_str_ieq(ls.service, IR_S("apache")) || ir_str_ieq(ls.product, IR_S("apache"));
    if (ir_str_ieq(ls.category, IR_S("webserver")))
        other_field(w).p ? w3c_lines(w, other_field(w), out) : access_line(w, number, out);
    else if (nginx || apache)
        error_line(w, number, nginx, out);
    else
        return false;
    return true;
}
