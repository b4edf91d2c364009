/*
 * A case report as a page that is whole in itself: for A4 print first, for a screen too. See
 * casedoc.h. Classification, exercise mark and number stand on every sheet: they are head and foot
 * of the one table that the text stands in, which browsers repeat on each. The page's policy
 * allows its own style by digest and nothing else.
 */
#include "base/base64.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "report/casedoc.h"
#include "report/html_out.h"

#define FEW_ROWS 5u

/* clang-format off: one line of the text a line */
static const char style[] =
    ":root{color-scheme:light "
    "dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#c3cad3;--box:#f3f6f9;--acc:#0b4f8a;--mark:#"
    "a40e26}\n"
    "@media "
    "(prefers-color-scheme:dark){:root{--bg:#0f1419;--fg:#e6e9ed;--dim:#9aa4af;--line:#3d4650;--"
    "box:#181e25;--acc:#7cb7ff;--mark:#ff8a94}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.65 "
    "system-ui,-apple-system,'Segoe UI','Hiragino Sans','Yu Gothic UI',Meiryo,'Noto Sans CJK "
    "JP','Noto Sans JP',sans-serif}\n"
    ".sheet{width:100%;max-width:54rem;margin:0 auto;border-collapse:collapse}\n"
    ".sheet>*>tr>td{padding:.5rem 1.2rem;text-align:left}\n"
    ".band{display:flex;gap:1rem;justify-content:space-between;flex-wrap:wrap;color:var(--dim);"
    "font-size:.8rem;border-bottom:1px solid var(--line)}\n"
    "tfoot .band{border:0;border-top:1px solid var(--line)}\n"
    ".tlp{background:#000;font-weight:700;padding:0 "
    ".5em;border-radius:.2em;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".red{color:#ff2b2b}.amber{color:#ffc000}.green{color:#33ff00}.clear{color:#fff}\n"
    ".mark{color:var(--mark);font-weight:700;letter-spacing:.1em}\n"
    ".water{position:fixed;left:0;top:38%;width:100%;text-align:center;font-size:min(15vw,9rem);"
    "font-weight:700;line-height:1;color:var(--mark);opacity:.13;transform:rotate(-28deg);pointer-"
    "events:none;white-space:nowrap}\n"
    "h1{font-size:1.5rem;line-height:1.35;margin:.6rem 0 .3rem}\n"
    "h2{font-size:1.08rem;margin:1.3rem 0 .4rem;padding-left:.5rem;border-left:.3rem solid "
    "var(--acc);line-height:1.4}\n"
    "h3{font-size:1rem;margin:1rem 0 .3rem}h4{font-size:.95rem;margin:.8rem 0 .2rem}\n"
    "p{margin:.35rem 0;overflow-wrap:anywhere}\n"
    ".lead{font-size:1.06rem;font-weight:600}\n"
    ".small,.none{color:var(--dim);font-size:.86rem}\n"
    ".box{border:1px solid var(--line);border-radius:.3rem;background:var(--box);padding:.5rem "
    ".8rem}\n"
    ".wide{overflow-x:auto}\n"
    ".data{border-collapse:collapse;width:100%;font-size:.9rem;margin:.3rem 0 .7rem}\n"
    ".data th,.data td{border:1px solid var(--line);padding:.2rem "
    ".5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:4.2em}\n"
    ".data thead th{background:var(--box);font-weight:600;overflow-wrap:normal}\n"
    ".data tbody th{font-weight:600}.data th "
    "small{font-weight:400;font-size:.92em;color:var(--dim)}\n"
    ".facts tbody th{width:28%}.plain tbody th{width:38%}.facts th:nth-child(3){width:6.5em}.facts "
    "th:nth-child(4){width:9.5em}.n{white-space:nowrap}.w6{width:6%}.w9{width:9%}.w12{width:12%}."
    "w15{width:15%}.w18{width:18%}.w21{width:21%}.w24{width:24%}.w27{width:27%}.w30{width:30%}.w33{"
    "width:33%}.w36{width:36%}.w39{width:39%}.w42{width:42%}.w45{width:45%}.w48{width:48%}.w51{"
    "width:51%}.w54{width:54%}.w57{width:57%}.w60{width:60%}.w63{width:63%}.w66{width:66%}\n"
    ".plain thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}\n"
    ".right{text-align:right}\n"
    "@media screen{.sheet{table-layout:fixed}.data .g{min-width:11em}}\n"
    "@media screen and (max-width:42em){.facts "
    "thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}\n"
    ".facts tr{display:grid;grid-template-columns:auto 1fr;border:1px solid "
    "var(--line);padding:.2rem .5rem}.facts tbody th,.facts td:nth-child(2){grid-column:1/3}\n"
    ".facts tbody th,.facts td{border:0;padding:0 1em 0 0;width:auto;white-space:normal}.facts "
    "td:nth-child(n+3){font-size:.86em;color:var(--dim)}.facts td.e:nth-child(n+3){display:none}}\n"
    "ul{margin:.3rem 0;padding-left:1.4rem}li{overflow-wrap:anywhere}\n"
    ".x{font-style:normal;background:var(--box);color:var(--mark);font-size:.85em}\n"
    "@page{size:A4;margin:11mm 13mm 11mm}\n"
    "@media "
    "print{:root{color-scheme:light;--bg:#fff;--fg:#000;--dim:#444;--line:#999;--box:#f1f3f5;--acc:"
    "#0b4f8a;--mark:#a40e26}\n"
    "body{font-size:9.5pt;line-height:1.4}.sheet{max-width:none}.sheet>*>tr>td{padding:1mm "
    "0}.wide{overflow:visible}\n"
    ".sheet>*>tr>td{padding-right:1px}.sheet>tbody>tr>td{padding-bottom:0}main>:last-child{margin-"
    "bottom:0}\n"
    ".band{font-size:8pt}.lead{font-size:10.5pt}.small,.none{font-size:8.4pt}\n"
    "h1{font-size:15pt;margin:1mm 0}h2{font-size:11pt;margin:3mm 0 "
    "1mm}h3{font-size:10pt;margin:2mm 0 1mm}h2,h3,h4{break-after:avoid}\n"
    ".data{font-size:8.6pt;margin:1mm 0 2mm}.data th,.data td{padding:.35mm 1.5mm}.data "
    "tr,li,.few{break-inside:avoid}p{orphans:2;widows:2}\n"
    ".data tbody tr:first-child{break-after:avoid}.data tbody "
    "tr:last-child,main>p:last-child{break-before:avoid}\n"
    "thead .band{margin-bottom:1mm}tfoot .band{margin-top:1mm}}\n";
/* clang-format on */

static void h(struct ir_buf *out, const char *markup)
{
    ir_buf_str(out, ir_str_z(markup));
}

/* A date, a number, a name or a word or two: not to be torn apart. */
static bool is_short(struct ir_str s)
{
    size_t width = 0;
    while (s.n > 0 && width <= 18) {
        int32_t cp;
        s = ir_str_skip(s, ir_utf8_decode(s, &cp));
        if (cp < ' ') return false;
        width += cp < 0x1100 ? 1 : 2;
    }
    return width <= 18;
}

/* "2026-11-18 09:20:40+09:00": may be torn between date and time, nowhere else. */
static bool is_time(struct ir_str s)
{
    return s.n > 11 && s.n <= 26 && s.p[10] == ' ' && is_short(ir_str_head(s, 10)) &&
           s.p[4] == '-' && s.p[7] == '-' && is_short(ir_str_skip(s, 11));
}

static bool is_part(char c)
{
    return ir_isalnum(c) || c == '-' || c == ':' || c == '+';
}

/* Bytes from `s` on that are one date, time, number of an exhibit or of a telephone: browsers would
 * end a line at its hyphens and signs. */
static size_t whole_word(struct ir_str s)
{
    size_t n = 0, signs = 0, digits = 0;
    for (; n < s.n && is_part(s.p[n]); n++) {
        signs += !ir_isalnum(s.p[n]);
        digits += ir_isdigit(s.p[n]);
    }
    while (n > 0 && !ir_isalnum(s.p[n - 1])) { /* the end of a sentence or bracket */
        n--;
        signs--;
    }
    const struct ir_str minute = ir_str_head(s, 16); /* of a line, or no more of a time */
    if (n == 10 && is_time(minute) && (s.n == 16 || !is_part(s.p[16]))) n = 16;
    return signs > 0 && digits > signs && n <= 20 ? n : 0;
}

/* Lines of a value stay lines; its direction stays within it. */
static void text(struct ir_buf *out, struct ir_str s)
{
    struct ir_str one;
    bool ended, first = true;
    while (ir_str_line(&s, &one, &ended)) {
        if (!first) h(out, "<br>");
        first = false;
        while (one.n > 0) {
            size_t n = 0, whole = 0;
            bool begins = true;
            while (n < one.n && !(begins && (whole = whole_word(ir_str_skip(one, n))) > 0)) {
                begins = !is_part(one.p[n]);
                n++;
            }
            ir_h_text(out, ir_str_head(one, n));
            one = ir_str_skip(one, n);
            if (whole == 0) continue;
            h(out, "<span class=n>");
            ir_h_text(out, ir_str_head(one, whole));
            h(out, "</span>");
            one = ir_str_skip(one, whole);
        }
    }
}

/* A style is a word of ours or none: what else a template says never reaches an attribute. */
static const char *class_of(struct ir_str said)
{
    static const char *const known[] = {"lead", "small", "box", "right", "none", "facts", "plain"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ir_str_eq(said, ir_str_z(known[i]))) return known[i];
    return "text";
}

static void cell(struct ir_buf *out, const char *tag, struct ir_str s)
{
    const bool whole = is_short(s) || (is_time(s) && s.n <= 16);
    const bool empty = ir_str_eq(s, IR_S("—")); /* where there is little room it says nothing */
    ir_buf_fmt(out, "<%s%s%s dir=auto>", tag, strcmp(tag, "th") == 0 ? " scope=row" : "",
               empty   ? " class='n e'"
               : whole ? " class=n"
                       : "");
    if (is_time(s) && !whole) {
        h(out, "<span class=n>");
        text(out, ir_str_head(s, 10));
        h(out, "</span> <span class=n>");
        text(out, ir_str_skip(s, 11));
        h(out, "</span>");
    } else if (strcmp(tag, "th") == 0 && ir_str_chr(s, '\n') != IR_NPOS) {
        text(out, ir_str_cut(&s, '\n')); /* what it is called, then its id or the like */
        h(out, "<br><small>");
        text(out, s);
        h(out, "</small>");
    } else {
        text(out, s);
    }
    ir_buf_fmt(out, "</%s>", tag);
}

/* Columns of a line of text in a table, on A4 upright and across. */
#define LINE_COLUMNS 108u
#define LINE_ACROSS  160u
#define MANY_COLUMNS 9u /* do not fit upright */

static size_t wide_columns(const struct ir_doc_block *b)
{
    return b->ncolumns < MANY_COLUMNS ? LINE_COLUMNS : LINE_ACROSS;
}

#define ROWS_SEEN 200u /* of a table, and bytes of a cell: enough to know how wide a column is */
#define CELL_SEEN 400u

static size_t columns_of(struct ir_str s)
{
    size_t width = 0;
    for (s = ir_str_head(s, CELL_SEEN); s.n > 0;) {
        int32_t cp;
        s = ir_str_skip(s, ir_utf8_decode(s, &cp));
        width += cp < 0x1100 ? 1 : 2;
    }
    return width;
}

/* How wide a column of words, dates and figures must be; of one of sentences and digests its
 * weight: of four times the text it gets twice the room. */
static size_t column_need(const struct ir_doc_block *b, unsigned column, bool *ret_long)
{
    size_t sum = 0, most = 6, rows = 0, lines = 0;
    *ret_long = false;
    for (size_t i = b->ncolumns + column; i < b->ncells && rows < ROWS_SEEN; i += b->ncolumns) {
        struct ir_str one, rest = ir_str_head(b->cell[i], CELL_SEEN);
        bool ended;
        rows++;
        while (ir_str_line(&rest, &one, &ended)) {
            const size_t width = is_time(one) && one.n > 16 ? 14 : columns_of(one);
            *ret_long |= !is_short(one) && !is_time(one);
            if (width > most) most = width;
            sum += width;
            lines++;
        }
    }
    if (!*ret_long) return most + 2;
    const size_t text = most + (lines > 0 ? sum / lines : 0);
    size_t weight = 16;
    while (weight * weight < 16 * text && weight < 64)
        weight++;
    return weight;
}

/* Columns of sentences share what those of words leave, which browsers would give to any; in parts
 * of three of a hundred, as classes say it. 0: as the browser likes. */
static unsigned column_share(const struct ir_doc_block *b, unsigned column)
{
    size_t rest = wide_columns(b), all = 0, own = 0;
    if (b->style.n > 0 || b->ncolumns < 4) return 0;
    for (unsigned i = 0; i < b->ncolumns; i++) {
        bool is_long;
        const size_t need = column_need(b, i, &is_long);
        if (!is_long)
            rest -= need < rest ? need : rest;
        else
            all += need;
        if (is_long && i == column) own = need;
    }
    if (own == 0) return 0;
    const size_t share = 100 * rest * own / all / wide_columns(b) / 3 * 3;
    return share < 6 ? 6 : share > 66 ? 66 : (unsigned)share;
}

/* A heading of one word, which Japanese would be torn in anywhere. */
static bool is_word(const struct ir_doc_block *b, struct ir_str s)
{
    return b->ncolumns < MANY_COLUMNS && s.n <= 21 && columns_of(s) <= 14 &&
           ir_str_chr(s, ' ') == IR_NPOS;
}

static void table(struct ir_buf *out, const struct ir_doc_block *b)
{
    const bool few = b->ncells <= (FEW_ROWS + 1) * b->ncolumns; /* not worth a break */
    ir_buf_fmt(out, "<div class='wide%s'><table class='data %s'><thead><tr>", few ? " few" : "",
               class_of(b->style));
    for (unsigned i = 0; i < b->ncolumns; i++) {
        const unsigned share = column_share(b, i);
        if (share > 0)
            ir_buf_fmt(out, "<th scope=col class='g w%u'>", share);
        else
            h(out, is_word(b, b->cell[i]) ? "<th scope=col class=n>" : "<th scope=col>");
        text(out, b->cell[i]);
        h(out, "</th>");
    }
    h(out, "</tr></thead><tbody>\n");
    for (size_t i = b->ncolumns; i < b->ncells; i += b->ncolumns) {
        h(out, "<tr>");
        for (unsigned c = 0; c < b->ncolumns; c++)
            cell(out, c == 0 ? "th" : "td", b->cell[i + c]);
        h(out, "</tr>\n");
    }
    h(out, "</tbody></table></div>\n");
}

static void block(struct ir_buf *out, const struct ir_doc_block *b)
{
    switch (b->kind) {
    case IR_DOC_HEADING:
        ir_buf_fmt(out, "<h%u>", b->level);
        text(out, b->text);
        ir_buf_fmt(out, "</h%u>\n", b->level);
        return;
    case IR_DOC_TEXT:
        if (b->text.n == 0) return;
        ir_buf_fmt(out, "<p class=%s dir=auto>", class_of(b->style));
        text(out, b->text);
        h(out, "</p>\n");
        return;
    case IR_DOC_TABLE: table(out, b); return;
    case IR_DOC_LIST:
        h(out, "<ul>");
        for (size_t i = 0; i < b->ncells; i++) {
            h(out, "<li dir=auto>");
            text(out, b->cell[i]);
            h(out, "</li>\n");
        }
        h(out, "</ul>\n");
    }
}

static void classification(struct ir_buf *out, const struct ir_casedoc *d)
{
    const char *colour = ir_str_starts(d->tlp, IR_S("TLP:RED"))     ? "red"
                         : ir_str_starts(d->tlp, IR_S("TLP:AMBER")) ? "amber"
                         : ir_str_starts(d->tlp, IR_S("TLP:GREEN")) ? "green"
                                                                    : "clear";
    ir_buf_fmt(out, "<span class='tlp %s'>", colour);
    ir_h_plain(out, d->tlp);
    h(out, "</span>");
    if (d->mark.n == 0) return;
    h(out, "<span class=mark>");
    ir_h_plain(out, d->mark);
    h(out, "</span>");
}

static void band(struct ir_buf *out, const struct ir_casedoc *d, const char *part, bool first)
{
    const bool letter = d->letter && d->mark.n == 0;
    if (letter && first) return; /* it has a letter's own head */
    ir_buf_fmt(out, "<%s><tr><td><div class=band>", part);
    if (letter) { /* classification and number are for the house */
        h(out, "<span>");
        ir_h_text(out, d->organisation);
        ir_buf_fmt(out, "</span></div></td></tr></%s>\n", part);
        return;
    }
    classification(out, d);
    h(out, "<span>");
    ir_h_text(out, first ? d->organisation : d->as_of_shown);
    h(out, "</span><span>");
    ir_h_text(out, d->number);
    ir_buf_fmt(out, "</span></div></td></tr></%s>\n", part);
}

static const char across[] = "@page{size:A4 landscape}.sheet{max-width:none}"
                             "@media screen{.data .g{min-width:8em}}"
                             "@media print{body{line-height:1.3}.data{font-size:8pt}}";

static bool is_across(const struct ir_casedoc *d)
{
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next)
        if (b->kind == IR_DOC_TABLE && b->ncolumns >= MANY_COLUMNS) return true;
    return false;
}

static void policy(struct ir_buf *out)
{
    const char *const styles[] = {style, across};
    struct ir_digest_sum sum;
    h(out, "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src");
    for (size_t i = 0; i < 2; i++) {
        if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_str_z(styles[i]), &sum)) continue;
        h(out, " 'sha256-");
        ir_base64(out, ir_str_n((const char *)sum.v[IR_SHA256], 32));
        h(out, "'");
    }
    h(out, "; base-uri 'none'; form-action 'none'\">\n");
}

void ir_casedoc_html(struct ir_buf *out, const struct ir_casedoc *d)
{
    ir_buf_fmt(out, "<!DOCTYPE html>\n<html lang=%s>\n<head><meta charset=utf-8>\n", d->lang);
    policy(out);
    h(out, "<meta name=viewport content='width=device-width,initial-scale=1'>\n<title>");
    if (!d->letter || d->mark.n > 0) {
        ir_h_plain(out, d->number);
        h(out, " ");
    }
    ir_h_plain(out, d->title);
    h(out, "</title>\n<style>");
    h(out, style);
    if (is_across(d)) {
        h(out, "</style>\n<style>");
        h(out, across);
    }
    h(out, "</style></head>\n<body>\n");
    if (d->mark.n > 0) {
        h(out, "<div class=water aria-hidden=true>");
        ir_h_plain(out, d->mark);
        h(out, "</div>\n");
    }
    h(out, "<table class=sheet role=presentation>\n");
    band(out, d, "thead", true);
    band(out, d, "tfoot", false);
    h(out, "<tbody><tr><td><main>\n<h1>");
    text(out, d->title);
    h(out, "</h1>\n");
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next)
        block(out, b);
    h(out, "</main></td></tr></tbody></table>\n</body></html>\n");
}
