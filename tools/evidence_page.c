/*
 * Receipts and labels for people (see evidence_page.h). What comes from the log goes through
 * ir_visible or ir_h_text only.
 */
#include "evidence_page.h"

#include <inttypes.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/qr.h"
#include "report/html_out.h"

static void text_fact(struct ir_buf *out, const char *label, const char *value)
{
    size_t used = ir_columns(ir_str_z(label));
    ir_buf_str(out, ir_str_z(label));
    ir_buf_fmt(out, "%*s", used < 24 ? (int)(24 - used) : 2, "");
    ir_visible(out, ir_str_z(value), 0);
    ir_buf_chr(out, '\n');
}

static void html_fact(struct ir_buf *out, const char *label, const char *value)
{
    ir_buf_str(out, IR_S("<tr><th>"));
    ir_h_text(out, ir_str_z(label));
    ir_buf_str(out, IR_S("</th><td>"));
    ir_h_text(out, ir_str_z(value));
    ir_buf_str(out, IR_S("</td></tr>\n"));
}

static void html_head(struct ir_buf *out, const char *title)
{
    ir_buf_fmt(out, "<!DOCTYPE html>\n<html lang=%s>\n<meta charset=utf-8>\n", ir_intl_lang());
    ir_buf_str(out, IR_S("<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
                         "style-src 'unsafe-inline'\">\n<title>"));
    ir_h_plain(out, ir_str_z(title));
    ir_buf_str(out,
               IR_S("</title>\n<style>body{font:10pt/1.25 sans-serif;margin:12mm;max-width:186mm}"
                    "h1{margin:0 0 2mm}h2{font-size:9pt;margin:3mm 0 0}svg{float:right}"
                    "th{text-align:left;vertical-align:top;padding:0 1em 0 0;white-space:nowrap}"
                    "td,pre{word-break:break-all;padding:0}td{font-size:9pt}p{margin:2mm 0}"
                    "pre{white-space:pre-wrap;font-size:5.5pt;margin:1mm 0 0}.sign{border-top:1px "
                    "solid;width:70mm;margin:10mm 10mm 0 0;display:inline-block}.label{border:1px "
                    "solid;padding:4mm;width:140mm}.seal{font:bold 13pt/1.4 monospace;width:94mm}"
                    ".seal span{display:inline-block;margin-right:2mm}@page{size:A4;margin:12mm}"
                    "@media print{body{margin:0}}</style>\n"));
}

static void html_title(struct ir_buf *out, const char *title)
{
    ir_buf_str(out, IR_S("<h1>"));
    ir_h_text(out, ir_str_z(title));
    ir_buf_str(out, IR_S("</h1>\n"));
}

static void html_lines(struct ir_buf *out, struct ir_str text)
{
    struct ir_str line;
    bool ended;
    ir_buf_str(out, IR_S("<pre>"));
    while (ir_str_line(&text, &line, &ended)) {
        ir_h_text(out, line);
        ir_buf_chr(out, '\n');
    }
    ir_buf_str(out, IR_S("</pre>\n"));
}

static void html_heading(struct ir_buf *out, const char *text)
{
    struct ir_str rest = ir_str_z(text), line;
    bool ended;
    ir_buf_str(out, IR_S("<h2>"));
    while (ir_str_line(&rest, &line, &ended)) {
        ir_h_text(out, line);
        if (rest.n > 0) ir_buf_str(out, IR_S("<br>\n"));
    }
    ir_buf_str(out, IR_S("</h2>\n"));
}

void receipt_html(struct ir_buf *out, const struct ir_receipt *r)
{
    char title[128], seal[IR_HASH_TEXT];
    struct ir_receipt_words w;
    struct ir_buf text = IR_BUF(1 << 14);
    ir_receipt_words(r, &w);
    snprintf(title, sizeof title, "%s %s", w.title, w.name);
    html_head(out, title);
    if (ir_custody_text(r->line, "seal", seal, sizeof seal) && seal[0] != '\0')
        ir_qr_svg(out, seal, 35);
    html_title(out, title);
    ir_buf_str(out, IR_S("<table>\n"));
    ir_receipt_facts(r, html_fact, out);
    ir_buf_fmt(out, "</table>\n<p><span class=sign>%s</span><span class=sign>%s</span></p>\n",
               w.first, w.second);
    html_heading(out, ir_receipt_advice());
    html_heading(out, "ir evidence receipt --check FILE — ir がない場合 / without ir:");
    ir_receipt_recipe(r, &text);
    html_lines(out, ir_buf_view(&text));
    html_heading(out, "証明される行、その証明、鍵（テキストファイルと同じもの） / "
                      "The proved line, its proof and the key, the same as in the text file:");
    html_lines(out, r->sections);
    ir_buf_free(&text);
}

/* All but the seal. */
static void label_facts(struct ir_buf *out, const struct ir_item *item, const char *case_id,
                        void (*fact)(struct ir_buf *out, const char *label, const char *value))
{
    char number[80], way[2 * IR_LEDGER_TEXT + 100];
    fact(out, "事案 / Case", case_id);
    fact(out, "証拠品 / Exhibit", item->id);
    snprintf(number, sizeof number, "%.19s%s", item->sealed_at, item->sealed_at[0] ? "Z" : "");
    fact(out, "封印日時 / Sealed", number);
    snprintf(number, sizeof number, "%s / %s", EVIDENCE_NUMBER(item->files),
             EVIDENCE_NUMBER(item->bytes));
    fact(out, "ファイル数 / バイト数", number);
    snprintf(way, sizeof way, "%s → %s (%.19sZ)", item->from, item->to, item->since);
    if (item->state == IR_ITEM_ON_WAY)
        fact(out, "搬送中 / In transit", way);
    else
        fact(out, "保管者 / Held by", item->holder);
    fact(out, "場所 / Place", item->place);
}

void label_text(struct ir_buf *out, const struct ir_item *item, const char *case_id)
{
    label_facts(out, item, case_id, text_fact);
    text_fact(out, "封印値 / Seal", item->seal);
    ir_qr_text(out, item->seal);
}

/* In groups that two people can compare aloud; what is copied from the page has no blanks. */
static void html_seal(struct ir_buf *out, struct ir_str seal)
{
    ir_buf_str(out, IR_S("<table><tr><th>封印値 / Seal (SHA-256)</th></tr></table>\n"
                         "<p class=seal>"));
    while (seal.n > 0) {
        struct ir_str group = ir_str_head(seal, seal.n < 8 ? seal.n : 8);
        ir_buf_str(out, IR_S("<span>"));
        ir_h_text(out, group);
        ir_buf_str(out, IR_S("</span>"));
        seal = ir_str_skip(seal, group.n);
    }
    ir_buf_str(out, IR_S("</p>\n"));
}

void label_html(struct ir_buf *out, const struct ir_item *item, const char *case_id)
{
    html_head(out, item->id);
    ir_buf_str(out, IR_S("<div class=label>\n"));
    ir_qr_svg(out, item->seal, 40);
    html_title(out, item->id);
    ir_buf_str(out, IR_S("<table>\n"));
    label_facts(out, item, case_id, html_fact);
    ir_buf_str(out, IR_S("</table>\n"));
    html_seal(out, ir_str_z(item->seal));
    ir_buf_str(out, IR_S("</div>\n"));
}
