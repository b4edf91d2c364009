/*
 * The page's evidence: a record with the lines before and after it, and where records stand: path,
 * line, offset, length, digest. What is cut says so.
 */
#include "base/utf8.h"
#include "report/html_out.h"
#include "report/page.h"

#define PAPER_MAX  1200u /* bytes of a line */
#define PLACES_MAX 50u   /* of one finding */

static uint64_t lines_in(struct ir_str text)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void line_number(struct ir_page *p, uint64_t number)
{
    ir_h(p, "<b class=n>");
    if (number > 0) ir_buf_fmt(p->out, "%llu", (unsigned long long)number);
    ir_h(p, "</b> ");
}

/* number: of the first line, 0 unknown. */
static void around(struct ir_page *p, struct ir_str lines, uint64_t number)
{
    while (lines.n > 0) {
        struct ir_str line = ir_str_cut(&lines, '\n');
        ir_h(p, "<span>");
        line_number(p, number);
        ir_h_text(p->out, line);
        ir_h(p, "\n</span>");
        if (number > 0) number++;
    }
}

/* On paper a request of a whole page would bury the rest: it is cut there, and says so. */
static void hit_text(struct ir_page *p, struct ir_str line)
{
    if (line.n <= PAPER_MAX + PAPER_MAX / 4) {
        ir_h_text(p->out, line);
        return;
    }
    const size_t n = ir_utf8_head(line, PAPER_MAX).n;
    ir_h_text(p->out, ir_str_head(line, n));
    ir_h(p, "<i class=sc>");
    ir_h_text(p->out, ir_str_skip(line, n));
    ir_h(p, "</i><i class=pr>… (");
    struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
    ir_page_number(&arg[0], n);
    ir_page_number(&arg[1], line.n);
    ir_word_fill(p->out, IR_W_PAPER_CUT, arg, 2);
    ir_h(p, ")</i>");
    ir_buf_free(&arg[0]);
    ir_buf_free(&arg[1]);
}

static void hit(struct ir_page *p, const struct ir_origin *o)
{
    struct ir_str rest = o->excerpt;
    uint64_t number = o->line;
    while (rest.p != NULL) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        ir_h(p, "<mark>");
        line_number(p, number);
        hit_text(p, line);
        ir_h(p, rest.p == NULL && o->excerpt.n < o->length ? "…\n</mark>" : "\n</mark>");
        if (number > 0) number++;
    }
}

static void other(struct ir_page *p, enum ir_word w, uint32_t number)
{
    struct ir_buf link = IR_BUF(128);
    ir_buf_fmt(&link, "<a href=#f%u>#%u</a>", number, number);
    ir_word_fill(p->out, w, &link, 1);
    ir_buf_free(&link);
}

void ir_html_record(struct ir_page *p, const struct ir_origin *o, uint32_t number)
{
    const uint64_t before = lines_in(o->before);
    uint32_t at = 0;
    if (o->excerpt.n == 0) return;
    const enum ir_shown_what seen = ir_shown_before(&p->shown, o, number, &at);
    ir_h(p, seen == IR_SHOWN_RECORD ? "<details class=again><summary>"
                                    : "<details class=p open><summary>");
    if (seen == IR_SHOWN_RECORD)
        other(p, IR_W_SAME_RECORD, at);
    else
        ir_h_word(p, seen == IR_SHOWN_NEW && o->before.n + o->after.n > 0 ? IR_W_RECORD_CONTEXT
                                                                          : IR_W_RECORD);
    if (o->excerpt.n < o->length) {
        struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
        ir_page_number(&arg[0], o->excerpt.n);
        ir_page_number(&arg[1], o->length);
        ir_h(p, " (");
        ir_word_fill(p->out, IR_W_RECORD_CUT, arg, 2);
        ir_h(p, ")");
        ir_buf_free(&arg[0]);
        ir_buf_free(&arg[1]);
    }
    ir_h(p, "</summary><pre class=rec dir=ltr>");
    if (seen != IR_SHOWN_AROUND) around(p, o->before, o->line > before ? o->line - before : 0);
    hit(p, o);
    if (seen != IR_SHOWN_AROUND) around(p, o->after, o->line > 0 ? o->line + o->lines + 1 : 0);
    ir_h(p, "</pre></details>\n");
    if (seen != IR_SHOWN_AROUND) return;
    ir_h(p, "<p class=note>");
    other(p, IR_W_SAME_LINES, at);
    ir_h(p, "</p>\n");
}

static void number_in(struct ir_page *p, enum ir_word w, struct ir_str digits)
{
    struct ir_buf arg = IR_BUF(4096);
    ir_h_text(&arg, digits);
    ir_word_fill(p->out, w, &arg, 1);
    ir_buf_free(&arg);
}

static void exhibit(struct ir_page *p, const struct ir_exhibit_place *x)
{
    struct ir_buf arg[3] = {IR_BUF(4096), IR_BUF(65536), IR_BUF(256)};
    ir_h_text(&arg[0], ir_str_z(x->item));
    ir_h_text(&arg[1], x->path);
    ir_h_plain(&arg[2], ir_str_z(x->sha256));
    ir_h(p, "<br>");
    ir_word_fill(p->out, x->verified ? IR_W_EXHIBIT : IR_W_EXHIBIT_BROKEN, arg, 3);
    for (size_t i = 0; i < 3; i++)
        ir_buf_free(&arg[i]);
}

void ir_html_place(struct ir_page *p, const struct ir_origin *o)
{
    ir_h(p, "<bdi class=path>");
    ir_h_text(p->out, ir_str_z(o->path));
    ir_h(p, "</bdi> ");
    if (o->line > 0) {
        ir_h_digits(p, IR_W_LINE, o->line);
        ir_h_word(p, IR_W_LIST_COMMA);
    }
    if (o->record.n > 0) {
        number_in(p, IR_W_RECORD_NUMBER, o->record);
        ir_h_word(p, IR_W_LIST_COMMA);
    }
    ir_h_digits(p, IR_W_OFFSET, o->offset);
    ir_h_word(p, IR_W_LIST_COMMA);
    ir_h_digits(p, IR_W_LENGTH, o->length);
    ir_h(p, "<br><code class=sha>");
    if (o->sha256[0] != '\0') {
        ir_h(p, "SHA-256 ");
        ir_h_plain(p->out, ir_str_z(o->sha256));
    } else {
        ir_h_word(p, IR_W_DIGEST_UNKNOWN);
    }
    ir_h(p, "</code>");
    if (o->exhibit != NULL) exhibit(p, o->exhibit);
}

void ir_html_places(struct ir_page *p, const struct ir_finding *f)
{
    size_t shown = 0;
    if (f->norigins < 2) return;
    ir_h(p, "<details><summary>");
    ir_h_count(p, IR_W_OTHER_PLACES_1, IR_W_OTHER_PLACES, f->count > 0 ? f->count - 1 : 0);
    ir_h(p, "</summary><ol class=places>");
    for (size_t i = 0; i < f->norigins && shown < PLACES_MAX; i++) {
        if (i == f->shown) continue;
        ir_h(p, "<li>");
        ir_html_place(p, &f->origins[i]);
        ir_h(p, "</li>");
        shown++;
    }
    ir_h(p, "</ol>");
    if (f->count > shown + 1) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_PLACES_LEFT, f->count - shown - 1);
        ir_h(p, "</p>");
    }
    ir_h(p, "</details>\n");
}
