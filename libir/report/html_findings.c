/*
 * The page's findings, by rule: what a rule means and what to do is said once, then come its
 * findings in the order of time. The first ones of a rule stand in full; when there are many the
 * rest is a folded table, and the page as a whole has its limits, so that a browser opens it
 * whatever the log.
 */
#include "report/html_out.h"
#include "report/page.h"

#define CARDS_OF_RULE 25u
#define CARDS_MAX     800u
#define ROWS_OF_RULE  20000u
#define ROWS_MAX      20000u
#define WHY_MAX       2000u
#define BRIEF_RECORD  160u

void ir_html_keys(struct ir_page *p, const struct ir_finding *f)
{
    ir_buf_fmt(p->out, " data-l=%d data-e=' ", (int)f->level);
    for (size_t i = 0; i < f->nentity; i++) {
        uint32_t at = ir_gather_find(p->g, &f->entity[i]);
        if (at != IR_NO_ENTITY) ir_buf_fmt(p->out, "%u ", at);
    }
    ir_buf_chr(p->out, '\'');
}

void ir_html_who(struct ir_page *p, const struct ir_finding *f)
{
    size_t at = 0, n = 0;
    for (const struct ir_entity *e; (e = ir_involved(f, &at)) != NULL;) {
        if (n++ > 0) ir_h_word(p, IR_W_LIST_COMMA);
        ir_h(p, "<span class=e>");
        ir_h_text(p->out, ir_str_z(ir_word_field(e->name)));
        ir_h(p, " <bdi>");
        if (e->value.n == 0) ir_h_word(p, IR_W_EMPTY);
        ir_h_cut(p->out, e->value, IR_H_VALUE_MAX);
        ir_h(p, "</bdi></span>");
    }
}

static void row(struct ir_page *p, enum ir_word label)
{
    ir_h_in(p, "<dt>", label, "</dt><dd>");
}

static void seen(struct ir_page *p, const struct ir_finding *f)
{
    struct ir_buf arg[3] = {IR_BUF(256), IR_BUF(256), IR_BUF(256)};
    ir_word_count(&arg[0], IR_W_N_TIMES_1, IR_W_N_TIMES, f->count);
    row(p, IR_W_SEEN);
    if (f->has_time && f->last_seen / 1000000000 != f->first_seen / 1000000000) {
        ir_word_time(&arg[1], f->first_seen, p->opt);
        ir_word_time(&arg[2], f->last_seen, p->opt);
        ir_word_fill(p->out, IR_W_SEEN_SPAN, arg, 3);
    } else {
        ir_buf_str(p->out, ir_buf_view(&arg[0]));
    }
    ir_h(p, "</dd>\n");
    for (size_t i = 0; i < 3; i++)
        ir_buf_free(&arg[i]);
}

static void quoted(struct ir_buf *out, struct ir_str raw)
{
    ir_buf_str(out, IR_S("<bdi>"));
    ir_h_text(out, raw);
    ir_buf_str(out, IR_S("</bdi>"));
}

static void why(struct ir_page *p, const struct ir_finding *f)
{
    const size_t before = p->out->n;
    ir_tell_why(p->out, f->reasons, quoted);
    if (p->out->n > before) return;
    ir_h(p, "<bdi>");
    ir_h_cut(p->out, f->why, WHY_MAX);
    ir_h(p, "</bdi>");
}

static void card(struct ir_page *p, uint32_t number, const struct ir_finding *f)
{
    ir_buf_fmt(p->out, "<article class='f c%d' id=f%u", (int)f->level, number + 1);
    ir_html_keys(p, f);
    ir_buf_fmt(p->out, ">\n<h4><a href=#f%u>#%u</a> ", number + 1, number + 1);
    ir_h_time(p, f->has_time, f->time);
    ir_h(p, "</h4>\n<dl>");
    size_t at = 0;
    if (ir_involved(f, &at) != NULL) {
        row(p, IR_W_INVOLVED);
        ir_html_who(p, f);
        ir_h(p, "</dd>\n");
    }
    seen(p, f);
    if (f->why.n > 0) {
        row(p, IR_W_WHY);
        why(p, f);
        ir_h(p, "</dd>\n");
    }
    if (f->norigins > 0) {
        row(p, IR_W_WHERE);
        ir_html_place(p, &f->origins[f->shown]);
        ir_h(p, "</dd>\n");
    }
    row(p, IR_W_ID);
    ir_h(p, "<code>");
    ir_h_plain(p->out, ir_str_z(f->id));
    ir_h(p, "</code></dd></dl>\n");
    if (f->norigins > 0) ir_html_record(p, &f->origins[f->shown], number + 1);
    ir_html_places(p, f);
    ir_h(p, "</article>\n");
    p->cards++;
}

static void brief(struct ir_page *p, uint32_t number, const struct ir_finding *f)
{
    const struct ir_origin *o = f->norigins > 0 ? &f->origins[f->shown] : NULL;
    ir_buf_fmt(p->out, "<tr class=f id=f%u", number + 1);
    ir_html_keys(p, f);
    ir_buf_fmt(p->out, "><td>#%u</td><td>", number + 1);
    ir_h_time(p, f->has_time, f->time);
    ir_h(p, "</td><td>");
    ir_html_who(p, f);
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, f->count);
    ir_h(p, "</td><td>");
    if (o != NULL) {
        ir_h(p, "<bdi class=path>");
        ir_h_cut(p->out, ir_str_z(o->path), IR_H_VALUE_MAX);
        if (o->line > 0) ir_buf_fmt(p->out, ":%llu", (unsigned long long)o->line);
        ir_h(p, "</bdi> <code>");
        ir_h_cut(p->out, o->excerpt, BRIEF_RECORD);
        ir_h(p, "</code>");
    }
    ir_h(p, "</td></tr>\n");
    p->rows++;
}

static void brief_head(struct ir_page *p, uint64_t n)
{
    ir_h_fold(p, IR_W_BRIEF_MORE, n);
    ir_h_in(p, "<div class=wide><table><thead><tr><th scope=col>#</th><th scope=col>", IR_W_TIME,
            "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_INVOLVED, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_EVENTS, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_WHERE, "</th></tr></thead><tbody>\n");
}

static void findings_of(struct ir_page *p, const struct ir_gather_rule *r)
{
    uint32_t i = 0, left;
    struct ir_finding f;
    for (; i < r->n && i < CARDS_OF_RULE && p->cards < CARDS_MAX && ir_h_drain(p); i++) {
        uint32_t number = p->g->order[r->first + i];
        p->d->finding(p->d->user, number, &f);
        card(p, number, &f);
    }
    if (i == r->n || p->stopped) return;
    left = r->n - i;
    uint32_t listed = left;
    if (listed > ROWS_MAX - p->rows) listed = ROWS_MAX - p->rows;
    if (listed > 0) {
        brief_head(p, listed);
        for (uint32_t k = 0; k < listed && ir_h_drain(p); k++, i++) {
            uint32_t number = p->g->order[r->first + i];
            p->d->finding(p->d->user, number, &f);
            brief(p, number, &f);
        }
        ir_h(p, "</tbody></table></div></details>\n");
    }
    if (left > listed) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_BRIEF_LEFT, left - listed);
        ir_h(p, "</p>\n");
    }
}

static void tags(struct ir_page *p, const struct ir_gather_rule *r)
{
    struct ir_buf word = IR_BUF(1 << 10);
    for (size_t i = 0; i < r->ntags; i++) {
        ir_buf_clear(&word);
        ir_h(p, "<span class=tag>");
        if (ir_word_tag(&word, r->tags[i]))
            ir_h_plain(p->out, ir_buf_view(&word));
        else
            ir_h_cut(p->out, r->tags[i], 80);
        ir_h(p, "</span> ");
    }
    ir_buf_free(&word);
}

static void rule(struct ir_page *p, uint32_t number)
{
    const struct ir_gather_rule *r = &p->g->rule[number];
    ir_buf_fmt(p->out, "<section class=rule id=r%u aria-labelledby=hr%u>\n<h3 id=hr%u>", number,
               number, number);
    ir_h_level(p, r->level);
    ir_h(p, " ");
    ir_h_cut(p->out, r->title, IR_H_VALUE_MAX);
    ir_h(p, "</h3>\n<p class=meta>");
    ir_h_count(p, IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, r->n);
    ir_h(p, " · ");
    ir_h_period(p, r->has_time, r->from, r->to);
    ir_h(p, " ");
    tags(p, r);
    ir_h(p, "</p>\n<dl>");
    if (r->about.n > 0) {
        row(p, IR_W_ABOUT);
        ir_h_cut(p->out, r->about, WHY_MAX);
        ir_h(p, "</dd>\n");
    }
    if (r->next.n > 0) {
        row(p, IR_W_NEXT);
        ir_h_cut(p->out, r->next, WHY_MAX);
        ir_h(p, "</dd>\n");
    }
    row(p, IR_W_RULE);
    ir_h(p, "<code>");
    ir_h_cut(p->out, r->id, IR_H_VALUE_MAX);
    ir_h(p, "</code></dd></dl>\n");
    findings_of(p, r);
    ir_h(p, "</section>\n");
}

void ir_html_findings(struct ir_page *p)
{
    ir_h_section(p, "findings", IR_W_FINDINGS);
    if (p->d->nfindings == 0) ir_h_in(p, "<p>", IR_W_FINDINGS_NONE, "</p>\n");
    if (p->d->nfindings > 0) ir_html_filter(p);
    for (uint32_t i = 0; i < p->g->nrules && ir_h_drain(p); i++)
        rule(p, p->g->rank[i]);
    ir_h(p, "</section>\n");
}
