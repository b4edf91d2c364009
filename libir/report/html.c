/*
 * Findings as one HTML page that needs nothing else: no network, no script to be read.
 *
 * Its text comes from attackers. What keeps it from becoming markup is html_out.c; behind that
 * stands a Content-Security-Policy that forbids everything but the page's own style and script,
 * told by their SHA-256, so that even a slip would load nothing, run nothing and send nothing.
 */
#include <openssl/evp.h>

#include "report/html_out.h"
#include "report/page.h"

#define CONTEXT 3u

static void digest(struct ir_buf *out, const char *text)
{
    unsigned char md[EVP_MAX_MD_SIZE], base64[2 * EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_Digest(text, strlen(text), md, &n, EVP_sha256(), NULL) != 1) n = 0;
    int len = EVP_EncodeBlock(base64, md, (int)n);
    ir_buf_str(out, IR_S("'sha256-"));
    if (len > 0) ir_buf_add(out, base64, (size_t)len);
    ir_buf_chr(out, '\'');
}

static void head(struct ir_page *p)
{
    ir_buf_fmt(p->out,
               "<!DOCTYPE html>\n<html lang=%s dir=ltr>\n<head>\n<meta charset=utf-8>\n"
               "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src ",
               ir_intl_lang());
    digest(p->out, ir_html_style);
    ir_h(p, "; script-src ");
    digest(p->out, ir_html_script);
    ir_h(p, "; base-uri 'none'; form-action 'none'\">\n<meta name=referrer content=no-referrer>\n"
            "<meta name=viewport content='width=device-width,initial-scale=1'>\n"
            "<meta name=robots content=noindex>\n<title>");
    ir_h_word(p, IR_W_TITLE);
    ir_h(p, "</title>\n<style>");
    ir_h(p, ir_html_style);
    ir_h(p, "</style>\n</head>\n<body>\n");
}

static void header(struct ir_page *p)
{
    static const struct {
        const char *id;
        enum ir_word word;
    } parts[] = {{"summary", IR_W_SUMMARY},   {"timeline", IR_W_TIMELINE},
                 {"entities", IR_W_ENTITIES}, {"findings", IR_W_FINDINGS},
                 {"attack", IR_W_ATTACK},     {"inputs", IR_W_INPUTS},
                 {"unread", IR_W_UNREAD}};
    struct ir_buf arg[3] = {IR_BUF(256), IR_BUF(256), IR_BUF(256)};
    ir_h_in(p, "<a class=skip href=#findings>", IR_W_SKIP_LINK, "</a>\n<header>\n");
    ir_h_in(p, "<h1>", IR_W_TITLE, "</h1>\n<p class=meta>");
    ir_word_time(&arg[0], p->opt->now, p->opt);
    ir_h_plain(&arg[1], ir_str_z(p->opt->version != NULL ? p->opt->version : "?"));
    ir_word_zone(&arg[2], p->opt);
    ir_word_fill(p->out, IR_W_MADE, arg, 3);
    ir_h(p, "</p>\n<nav aria-label='");
    ir_h_word(p, IR_W_CONTENTS);
    ir_h(p, "'><ul>");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ir_buf_fmt(p->out, "<li><a href=#%s>", parts[i].id);
        ir_h_word(p, parts[i].word);
        ir_h(p, "</a></li>");
    }
    ir_h(p, "</ul></nav>\n</header>\n<main>\n");
    for (size_t i = 0; i < 3; i++)
        ir_buf_free(&arg[i]);
}

static void tiles(struct ir_page *p)
{
    ir_h(p, "<ul class=tiles>");
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--) {
        uint64_t n = p->d->summary->findings[l];
        ir_buf_fmt(p->out, "<li class='t%d%s'><b>", l, n == 0 ? " zero" : "");
        ir_page_number(p->out, n);
        ir_buf_fmt(p->out, "</b>%s</li>", ir_word_level((enum ir_level)l));
    }
    ir_h(p, "</ul>\n");
}

static void part(struct ir_page *p, enum ir_word heading,
                 void (*tell)(struct ir_buf *out, const struct ir_teller *t))
{
    struct ir_buf text = IR_BUF((size_t)1 << 22);
    tell(&text, &p->teller);
    if (text.n > 0) {
        ir_h_in(p, "<h3>", heading, "</h3>\n<p>");
        ir_buf_str(p->out, ir_buf_view(&text));
        ir_h(p, "</p>\n");
    }
    ir_buf_free(&text);
}

static void steps(struct ir_page *p)
{
    uint32_t rule[IR_TELL_STEPS];
    size_t n = ir_tell_first(&p->teller, rule);
    const char *at_once = ir_tell_at_once(&p->teller);
    if (n == 0 && at_once == NULL) return;
    ir_h_in(p, "<h3>", IR_W_FIRST, "</h3>\n<ol>");
    if (at_once != NULL) {
        ir_h(p, "<li>");
        ir_h_plain(p->out, ir_str_z(at_once));
        ir_h(p, "</li>\n");
    }
    for (size_t i = 0; i < n; i++) {
        const struct ir_gather_rule *r = &p->g->rule[rule[i]];
        ir_buf_fmt(p->out, "<li><a href=#r%u>", rule[i]);
        ir_h_cut(p->out, r->title, IR_H_VALUE_MAX);
        ir_h(p, "</a><br>");
        ir_h_cut(p->out, r->next, 2000);
        ir_h(p, "</li>\n");
    }
    ir_h(p, "</ol>\n");
}

static void bad(struct ir_buf *out, const struct ir_teller *t)
{
    if (t->g->worst != IR_LEVEL_MAX)
        ir_buf_fmt(out, "<span class='l l%d'>%s</span> ", (int)t->g->worst,
                   ir_word_level(t->g->worst));
    ir_tell_how_bad(out, t);
}

static void summary(struct ir_page *p)
{
    const enum ir_level worst = p->g->worst;
    ir_h_section(p, "summary", IR_W_SUMMARY);
    tiles(p);
    ir_buf_fmt(p->out, "<div class='sum s%d'>\n", worst == IR_LEVEL_MAX ? 0 : (int)worst);
    part(p, IR_W_WHAT, ir_tell_what);
    part(p, IR_W_HOW_BAD, bad);
    part(p, IR_W_SINCE, ir_tell_since);
    steps(p);
    part(p, IR_W_LACKING, ir_tell_lacking);
    ir_h(p, "</div>\n</section>\n");
}

static void document(struct ir_buf *out, const struct ir_document *d,
                     const struct ir_write_options *opt)
{
    struct ir_gather g;
    struct ir_page p = {.out = out, .opt = opt, .g = &g, .d = d, .teller = {&g, opt, ir_h_text}};
    if (!ir_gather_init(&g, d, true)) {
        out->full = true;
        ir_gather_free(&g);
        return;
    }
    head(&p);
    header(&p);
    summary(&p);
    ir_html_timeline(&p);
    ir_html_entities(&p);
    ir_html_findings(&p);
    ir_html_attack(&p);
    ir_html_inputs(&p);
    ir_html_unread(&p);
    ir_h(&p, "</main>\n<script>");
    ir_h(&p, ir_html_script);
    ir_h(&p, "</script>\n</body>\n</html>\n");
    ir_h_drain(&p);
    ir_gather_free(&g);
}

const struct ir_writer ir_writer_html = {
    .name = "html",
    .title = N_("one page to read, print and pass on"),
    .document = document,
    .context = CONTEXT,
};
