/*
 * Mails as reports. See mail.h. The sender may be the attacker: lengths and depth are bounded, what
 * cannot be decoded stays as it is, and nothing of it is more than text.
 */
#include "casedb/mail.h"

#include "base/base64.h"
#include "base/time.h"

#define TEXT_BYTES  ((size_t)16 << 20)
#define NAME_BYTES  4096u
#define PARTS_DEPTH 4u
#define PARTS_MAX   200u

struct ctx {
    const struct ir_charset *cs;
    struct ir_mail *m;
    bool taken; /* the text is there */
    unsigned parts;
};

/* charset empty: by the bytes. One that is not known: as it is. */
static void to_utf8(struct ctx *x, struct ir_str charset, struct ir_str bytes, struct ir_buf *out)
{
    enum ir_encoding e = charset.n > 0 ? ir_encoding_by_name(charset) : IR_ENC_AUTO;
    if (charset.n > 0 && (e == IR_ENC_MAX || e == IR_ENC_AUTO)) e = IR_ENC_UTF8;
    ir_charset_text(x->cs, e, bytes, out);
}

/* header: in a header field, where _ is a blank. */
static void unquote(struct ir_str s, bool header, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        const int hi = i + 2 < s.n ? ir_hexval(s.p[i + 1]) : -1;
        const int lo = i + 2 < s.n ? ir_hexval(s.p[i + 2]) : -1;
        if (s.p[i] == '=' && hi >= 0 && lo >= 0) {
            ir_buf_chr(out, (char)(hi * 16 + lo));
            i += 2;
        } else if (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '\n') {
            i++;
        } else if (s.p[i] == '=' && i + 2 < s.n && s.p[i + 1] == '\r' && s.p[i + 2] == '\n') {
            i += 2;
        } else {
            ir_buf_chr(out, header && s.p[i] == '_' ? ' ' : s.p[i]);
        }
    }
}

/* False: no base64, and out is as it was. Line ends and blanks do not count. */
static bool unbase64(struct ir_str s, struct ir_buf *out)
{
    struct ir_buf digits = IR_BUF(TEXT_BYTES * 2);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] > ' ') ir_buf_chr(&digits, s.p[i]);
    const bool good = !digits.full && ir_base64_decode(out, ir_buf_view(&digits));
    ir_buf_free(&digits);
    return good;
}

/* "=?charset?B?text?=" at the start of s: its length, 0: none. */
static size_t encoded_word(struct ctx *x, struct ir_str s, struct ir_buf *out)
{
    struct ir_buf bytes = IR_BUF(TEXT_BYTES);
    if (!ir_str_starts(s, IR_S("=?"))) return 0;
    struct ir_str rest = ir_str_skip(s, 2);
    struct ir_str charset = ir_str_cut(&rest, '?');
    const struct ir_str how = rest.p != NULL ? ir_str_cut(&rest, '?') : rest;
    const size_t end = rest.p != NULL ? ir_str_find(rest, IR_S("?=")) : IR_NPOS;
    if (end == IR_NPOS || how.n != 1 || charset.n == 0) return 0;
    const struct ir_str text = ir_str_head(rest, end);
    charset = ir_str_head(charset, ir_str_chr(charset, '*')); /* RFC 2231: with a language */
    bool good = true;
    if (ir_lower(how.p[0]) == 'b')
        good = unbase64(text, &bytes);
    else
        unquote(text, true, &bytes);
    if (good) to_utf8(x, charset, ir_buf_view(&bytes), out);
    ir_buf_free(&bytes);
    return good ? (size_t)(rest.p + end + 2 - s.p) : 0;
}

static void header_text(struct ctx *x, struct ir_str s, struct ir_buf *out)
{
    bool after_word = false;
    while (s.n > 0) {
        size_t blanks = 0;
        while (blanks < s.n && (unsigned char)s.p[blanks] <= ' ')
            blanks++;
        /* Blanks between two encoded words are none; a folded line's are one. */
        const size_t skipped = after_word ? blanks : 0;
        size_t n = encoded_word(x, ir_str_skip(s, skipped), out);
        after_word = n > 0;
        n += skipped;
        if (!after_word) {
            ir_buf_chr(out, blanks > 0 ? ' ' : s.p[0]);
            n = blanks > 0 ? blanks : 1;
        }
        s = ir_str_skip(s, n);
    }
}

/* The value of a header field with its folded lines. */
static struct ir_str field(struct ir_str head, const char *name)
{
    const size_t n = strlen(name);
    while (head.n > 0) {
        size_t end = 0;
        do {
            const size_t at = ir_str_chr(ir_str_skip(head, end), '\n');
            end = at == IR_NPOS ? head.n : end + at + 1;
        } while (end < head.n && (head.p[end] == ' ' || head.p[end] == '\t'));
        if (end > n && ir_str_istarts(head, ir_str_z(name)) && head.p[n] == ':') {
            struct ir_str v = ir_str_skip(ir_str_head(head, end), n + 1);
            while (v.n > 0 && (unsigned char)v.p[v.n - 1] <= ' ')
                v.n--;
            return ir_str_trim(v);
        }
        head = ir_str_skip(head, end);
    }
    return ir_str_n(NULL, 0);
}

/* "charset" of "text/plain; charset=utf-8". */
static struct ir_str parameter(struct ir_str v, const char *name)
{
    const size_t at = ir_str_ifind(v, ir_str_z(name));
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    v = ir_str_trim(ir_str_skip(v, at + strlen(name)));
    if (v.n == 0 || v.p[0] != '=') return ir_str_n(NULL, 0);
    v = ir_str_trim(ir_str_skip(v, 1));
    if (v.n > 0 && v.p[0] == '"') {
        v = ir_str_skip(v, 1);
        return ir_str_head(v, ir_str_chr(v, '"'));
    }
    size_t n = 0;
    while (n < v.n && (unsigned char)v.p[n] > ' ' && v.p[n] != ';')
        n++;
    return ir_str_head(v, n);
}

/* Cuts a mail or part at its first empty line. */
static struct ir_str cut_head(struct ir_str *rest)
{
    const struct ir_str all = *rest;
    struct ir_str line;
    bool ended;
    while (ir_str_line(rest, &line, &ended))
        if (line.n == 0) break;
    return ir_str_head(all, all.n - rest->n);
}

static void take_text(struct ctx *x, struct ir_str head, struct ir_str body)
{
    struct ir_buf bytes = IR_BUF(TEXT_BYTES);
    const struct ir_str how = field(head, "Content-Transfer-Encoding");
    if (ir_str_istarts(how, IR_S("quoted-printable")))
        unquote(body, false, &bytes);
    else if (!ir_str_istarts(how, IR_S("base64")) || !unbase64(body, &bytes))
        ir_buf_str(&bytes, body);
    to_utf8(x, parameter(field(head, "Content-Type"), "charset"), ir_buf_view(&bytes), &x->m->text);
    ir_buf_free(&bytes);
    x->taken = true;
}

static void walk(struct ctx *x, struct ir_str head, struct ir_str body, unsigned depth);

static void walk_parts(struct ctx *x, struct ir_str boundary, struct ir_str body, unsigned depth)
{
    struct ir_str line, rest = body;
    const char *from = NULL;
    bool ended;
    while (rest.n > 0 && x->parts < PARTS_MAX) {
        const char *here = rest.p;
        if (!ir_str_line(&rest, &line, &ended)) break;
        const bool border =
            ir_str_starts(line, IR_S("--")) && ir_str_starts(ir_str_skip(line, 2), boundary);
        if (!border && rest.n > 0) continue;
        if (from != NULL) {
            struct ir_str part = ir_str_n(from, (size_t)((border ? here : rest.p) - from));
            const struct ir_str head = cut_head(&part);
            x->parts++;
            walk(x, head, part, depth + 1);
        }
        from = border ? rest.p : NULL;
    }
}

static void walk(struct ctx *x, struct ir_str head, struct ir_str body, unsigned depth)
{
    const struct ir_str type = field(head, "Content-Type");
    const struct ir_str boundary = parameter(type, "boundary");
    if (ir_str_istarts(type, IR_S("multipart/")) && boundary.n > 0 && depth < PARTS_DEPTH)
        walk_parts(x, boundary, body, depth);
    else if (!x->taken && (type.n == 0 || ir_str_istarts(type, IR_S("text/plain"))))
        take_text(x, head, body);
    else
        x->m->others++;
}

/* "Mon, 23 Nov 2026 14:00:00 +0900 (JST)" */
static bool parse_date(struct ir_str s, int64_t *ret_ns)
{
    struct ir_civil c = {0};
    uint64_t day, year, hour, minute, second = 0, zone;
    const size_t comma = ir_str_chr(s, ',');
    if (comma != IR_NPOS) s = ir_str_skip(s, comma + 1);
    struct ir_str word[5] = {{NULL, 0}};
    for (size_t i = 0; i < 5; i++) {
        s = ir_str_trim(s);
        word[i] = ir_str_cut(&s, ' ');
    }
    if (!ir_str_u64(word[0], &day) || !ir_str_u64(word[2], &year) || year > 9999) return false;
    struct ir_str clock = word[3];
    if (!ir_str_u64(ir_str_cut(&clock, ':'), &hour) ||
        !ir_str_u64(ir_str_cut(&clock, ':'), &minute))
        return false;
    if (clock.p != NULL && !ir_str_u64(clock, &second)) return false;
    if (day > 31 || hour > 23 || minute > 59 || second > 60) return false;
    c.year = (int)year;
    c.month = ir_month_from_name(word[1]);
    c.day = (int)day;
    c.hour = (int)hour;
    c.minute = (int)minute;
    c.second = (int)second;
    int32_t zone_s = 0;
    if (word[4].n == 5 && ir_str_u64(ir_str_skip(word[4], 1), &zone)) {
        zone_s = (int32_t)(zone / 100 * 3600 + zone % 100 * 60);
        if (word[4].p[0] == '-') zone_s = -zone_s;
    }
    return c.month > 0 && zone_s > -86400 && zone_s < 86400 &&
           ir_time_from_civil(&c, zone_s, ret_ns);
}

bool ir_mail_read(const struct ir_charset *cs, struct ir_str bytes, struct ir_mail *ret_m)
{
    struct ir_str body = bytes;
    if (ir_str_starts(body, IR_S("From "))) ir_str_cut(&body, '\n'); /* of an mbox */
    const struct ir_str head = cut_head(&body);
    *ret_m = (struct ir_mail){
        .from = IR_BUF(TEXT_BYTES), .subject = IR_BUF(TEXT_BYTES), .text = IR_BUF(4 * TEXT_BYTES)};
    const size_t colon = ir_str_chr(ir_str_head(head, ir_str_chr(head, '\n')), ':');
    if (colon == IR_NPOS || ir_str_chr(ir_str_head(head, colon), ' ') != IR_NPOS) return false;
    if (field(head, "From").n == 0 || body.n == 0) return false;
    struct ctx x = {.cs = cs, .m = ret_m};
    header_text(&x, ir_str_head(field(head, "From"), NAME_BYTES), &ret_m->from);
    header_text(&x, ir_str_head(field(head, "Subject"), NAME_BYTES), &ret_m->subject);
    ret_m->has_date = parse_date(field(head, "Date"), &ret_m->date);
    walk(&x, head, body, 0);
    return !ret_m->text.full && !ret_m->from.full && !ret_m->subject.full;
}

void ir_mail_free(struct ir_mail *m)
{
    ir_buf_free(&m->from);
    ir_buf_free(&m->subject);
    ir_buf_free(&m->text);
}
