/*
 * The page's tables of entities: who, from where, on what. The worst first; long tables are folded.
 */
#include "report/html_out.h"
#include "report/page.h"

#define OPEN_ROWS   15u  /* in sight; the others are folded */
#define ROLE_ROWS   300u /* of one table */
#define SELECT_ROWS 100u
#define WHOLE_MAX   40u /* bytes of a name that is not broken: an IPv6 address has 39 */

static void head(struct ir_page *p, enum ir_word heading)
{
    static const enum ir_word columns[] = {IR_W_KIND,    IR_W_LEVEL,      IR_W_FINDINGS,
                                           IR_W_EVENTS,  IR_W_FIRST_SEEN, IR_W_LAST_SEEN,
                                           IR_W_LEADS_TO};
    ir_h(p, "<div class=wide><table class=ent><thead><tr>");
    ir_h_in(p, "<th scope=col>", heading, "</th>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        ir_h_in(p, i == 2 || i == 3 ? "<th scope=col class=r>" : "<th scope=col>", columns[i],
                "</th>");
    ir_h(p, "</tr></thead><tbody>\n");
}

static void row(struct ir_page *p, uint32_t number)
{
    const struct ir_gather_entity *e = &p->g->entity[number];
    ir_buf_fmt(p->out, "<tr data-l=%d data-e=' %u '><th scope=row><bdi%s>", (int)e->level, number,
               e->value.n <= WHOLE_MAX ? " class=s" : "");
    ir_h_cut(p->out, e->value, IR_H_VALUE_MAX);
    ir_h(p, "</bdi></th><td>");
    ir_h_text(p->out, ir_str_z(ir_word_field(e->name)));
    ir_h(p, "</td><td>");
    ir_h_level(p, e->level);
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, e->findings);
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, e->count);
    ir_h(p, "</td><td>");
    ir_h_time(p, e->has_time, e->from);
    ir_h(p, "</td><td>");
    ir_h_time(p, e->has_time, e->to);
    ir_h(p, "</td><td>");
    for (uint32_t i = 0; i < e->nlinks; i++)
        ir_buf_fmt(p->out, "%s<a href=#f%u>#%u</a>", i ? " " : "", e->link[i] + 1, e->link[i] + 1);
    ir_h(p, "</td></tr>\n");
}

static void role(struct ir_page *p, enum ir_role want, enum ir_word heading)
{
    uint32_t n = 0, all = 0;
    for (uint32_t i = 0; i < p->g->nentities; i++)
        all += ir_field_role(p->g->entity[i].name) == want;
    if (all == 0) return;
    head(p, heading);
    for (uint32_t i = 0; i < p->g->nentities && n < ROLE_ROWS && ir_h_drain(p); i++) {
        uint32_t number = p->g->by_weight[i];
        if (ir_field_role(p->g->entity[number].name) != want) continue;
        if (n++ == OPEN_ROWS) {
            ir_h(p, "</tbody></table></div>\n");
            ir_h_fold(p, IR_W_SHOW_MORE, (all < ROLE_ROWS ? all : ROLE_ROWS) - OPEN_ROWS);
            head(p, heading);
        }
        row(p, number);
    }
    ir_h(p, "</tbody></table></div>\n");
    if (all > n) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_ENTITIES_LEFT, all - n);
        ir_h(p, "</p>\n");
    }
    if (n > OPEN_ROWS) ir_h(p, "</details>\n");
}

void ir_html_entities(struct ir_page *p)
{
    ir_h_section(p, "entities", IR_W_ENTITIES);
    if (p->g->nentities == 0) ir_h_in(p, "<p>", IR_W_ENTITIES_NONE, "</p>\n");
    role(p, IR_ROLE_WHO, IR_W_ROLE_WHO);
    role(p, IR_ROLE_FROM, IR_W_ROLE_FROM);
    role(p, IR_ROLE_ON, IR_W_ROLE_ON);
    if (p->g->left_out > 0) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_ENTITIES_LEFT, p->g->left_out);
        ir_h(p, "</p>\n");
    }
    ir_h(p, "</section>\n");
}

static void choices(struct ir_page *p)
{
    ir_h_in(p, "<option value=''>", IR_W_FILTER_ALL, "</option>");
    for (uint32_t i = 0; i < p->g->nentities && i < SELECT_ROWS; i++) {
        uint32_t number = p->g->by_weight[i];
        const struct ir_gather_entity *e = &p->g->entity[number];
        ir_buf_fmt(p->out, "<option value=%u>", number);
        ir_h_plain(p->out, ir_str_head(e->value, 80));
        ir_h(p, " (");
        ir_h_plain(p->out, ir_str_z(ir_word_field(e->name)));
        ir_h(p, ")</option>");
    }
}

/* Without script there is nothing to filter with: the script shows it. */
void ir_html_filter(struct ir_page *p)
{
    ir_h(p, "<div id=bar role=search hidden data-shown='");
    ir_h_word(p, IR_W_FILTER_SHOWN);
    ir_h(p, "'>\n<fieldset>");
    ir_h_in(p, "<legend>", IR_W_LEVEL, "</legend>");
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        ir_buf_fmt(p->out, "<label><input type=checkbox value=%d checked> %s</label> ", l,
                   ir_word_level((enum ir_level)l));
    ir_h_in(p, "</fieldset>\n<label>", IR_W_FILTER_TEXT,
            " <input type=search id=q autocomplete=off></label>\n");
    ir_h_in(p, "<label>", IR_W_FILTER_ENTITY, " <select id=e>");
    choices(p);
    ir_h(p, "</select></label>\n");
    ir_h_in(p, "<button type=button id=reset>", IR_W_FILTER_RESET, "</button>\n");
    ir_h_in(p, "<button type=button id=openall>", IR_W_OPEN_ALL, "</button>\n");
    ir_h_in(p, "<button type=button id=closeall>", IR_W_CLOSE_ALL, "</button>\n");
    ir_h(p, "<output id=shown aria-live=polite></output></div>\n");
}
