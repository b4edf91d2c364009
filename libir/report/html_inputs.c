/*
 * The page's account of what was looked at: inputs and formats, rules, ATT&CK techniques, and what
 * could not be read. A page without findings means nothing without it.
 */
#include "report/html_out.h"
#include "report/json_out.h"
#include "report/page.h"

#define OPEN_ROWS    20u
#define INPUTS_MAX   1000u
#define PROBLEMS_MAX 500u

static void attack_row(struct ir_page *p, struct ir_str technique, uint32_t from)
{
    const struct ir_gather *g = p->g;
    char buf[16];
    uint64_t n = 0;
    ir_h(p, "<tr><th scope=row><a rel='noreferrer noopener' "
            "href='https://attack.mitre.org/techniques/");
    for (size_t i = 0; i < technique.n; i++) /* letters, digits and a dot: see ir_technique */
        ir_buf_chr(p->out, technique.p[i] == '.' ? '/' : technique.p[i]);
    ir_h(p, "/'>");
    ir_h_plain(p->out, technique);
    ir_h(p, "</a> ");
    ir_h_plain(p->out, ir_technique_name(technique));
    ir_h(p, "</th><td>");
    for (uint32_t i = from; i < g->nrules; i++) {
        const struct ir_gather_rule *r = &g->rule[g->rank[i]];
        for (size_t k = 0; k < r->ntags; k++) {
            if (!ir_str_eq(ir_technique(r->tags[k], buf), technique)) continue;
            if (n > 0) ir_h_word(p, IR_W_LIST_COMMA);
            ir_buf_fmt(p->out, "<a href=#r%u>", g->rank[i]);
            ir_h_cut(p->out, r->title, IR_H_VALUE_MAX);
            ir_h(p, "</a>");
            n += r->n;
            break;
        }
    }
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, n);
    ir_h(p, "</td></tr>\n");
}

static void techniques(struct ir_page *p, struct ir_map *seen)
{
    const struct ir_gather *g = p->g;
    char buf[16];
    ir_h_in(p, "<div class=wide><table><thead><tr><th scope=col>", IR_W_TECHNIQUE, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_RULE, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_FINDINGS, "</th></tr></thead><tbody>\n");
    for (uint32_t i = 0; i < g->nrules; i++) {
        const struct ir_gather_rule *r = &g->rule[g->rank[i]];
        for (size_t k = 0; k < r->ntags; k++) {
            struct ir_str t = ir_technique(r->tags[k], buf);
            bool fresh = false;
            if (t.n > 0 && ir_map_put(seen, t, &fresh) != NULL && fresh) attack_row(p, t, i);
        }
    }
    ir_h(p, "</tbody></table></div>\n");
}

static uint64_t findings_of(const struct ir_gather *g, const struct ir_tactic *t)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < g->nrules; i++)
        for (size_t k = 0; k < g->rule[i].ntags; k++)
            if (ir_tactic(g->rule[i].tags[k]) == t) {
                n += g->rule[i].n;
                break;
            }
    return n;
}

void ir_html_attack(struct ir_page *p)
{
    struct ir_map seen = {0};
    bool any = false;
    ir_h_section(p, "attack", IR_W_ATTACK);
    for (const struct ir_tactic *t = ir_tactics; t->tag != NULL; t++) {
        uint64_t n = findings_of(p->g, t);
        if (n == 0) continue;
        if (!any) ir_h(p, "<ul class=chips>");
        any = true;
        ir_buf_fmt(p->out, "<li>%s <b>", _(t->name));
        ir_page_number(p->out, n);
        ir_h(p, "</b></li>");
    }
    if (any) {
        ir_h(p, "</ul>\n");
        techniques(p, &seen);
    } else {
        ir_h_in(p, "<p>", IR_W_ATTACK_NONE, "</p>\n");
    }
    ir_map_free(&seen);
    ir_h(p, "</section>\n");
}

/* Chips, not rows: a server room has forty formats. */
static void formats(struct ir_page *p)
{
    const struct ir_summary *s = p->d->summary;
    ir_h(p, "<ul class=chips>");
    for (size_t i = 0; i < s->nrecords; i++) {
        ir_h(p, "<li>");
        ir_h_text(p->out, ir_str_z(s->records[i].name));
        ir_h(p, " <b>");
        ir_page_number(p->out, s->records[i].n);
        ir_h(p, "</b></li>\n");
    }
    if (s->unrecognised > 0) {
        ir_h_in(p, "<li>", IR_W_UNRECOGNISED, " <b>");
        ir_page_number(p->out, s->unrecognised);
        ir_h(p, "</b></li>\n");
    }
    ir_h(p, "</ul>\n");
}

static void input_head(struct ir_page *p)
{
    ir_h_in(p, "<div class=wide><table class=files><thead><tr><th scope=col>", IR_W_FILE, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_FORMAT, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_BYTES, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_RECORDS, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_PERIOD, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_NOTE, "</th></tr></thead><tbody>\n");
}

static void input_row(struct ir_page *p, const struct ir_input_report *in)
{
    ir_h(p, "<tr><th scope=row><bdi class=path>");
    ir_h_text(p->out, ir_str_z(in->path));
    ir_h(p, "</bdi></th><td>");
    if (in->format != NULL)
        ir_h_text(p->out, ir_str_z(in->format));
    else
        ir_h_word(p, IR_W_NOT_OPENED);
    ir_h(p, "</td><td class=r>");
    ir_word_bytes(p->out, in->bytes);
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, in->records + in->unrecognised);
    ir_h(p, "</td><td>");
    if (in->has_time) ir_h_period(p, true, in->first, in->last);
    ir_h(p, "</td><td>");
    if (in->reason != NULL) ir_h_cut(p->out, ir_str_z(ir_local(in->reason)), IR_H_VALUE_MAX);
    if (in->unrecognised > 0) {
        ir_h(p, in->reason != NULL ? "<br>" : "");
        ir_h_word(p, IR_W_UNRECOGNISED);
        ir_h(p, " ");
        ir_page_number(p->out, in->unrecognised);
    }
    ir_h(p, "</td></tr>\n");
}

static void inputs(struct ir_page *p)
{
    size_t n = p->d->ninputs, shown = n < INPUTS_MAX ? n : INPUTS_MAX;
    if (n == 0) return;
    input_head(p);
    for (size_t i = 0; i < shown && ir_h_drain(p); i++) {
        struct ir_input_report in;
        if (i == OPEN_ROWS) {
            ir_h(p, "</tbody></table></div>\n");
            ir_h_fold(p, IR_W_SHOW_MORE, shown - OPEN_ROWS);
            input_head(p);
        }
        p->d->input(p->d->user, i, &in);
        input_row(p, &in);
    }
    ir_h(p, "</tbody></table></div>\n");
    if (n > shown) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_INPUTS_LEFT, n - shown);
        ir_h(p, "</p>\n");
    }
    if (shown > OPEN_ROWS) ir_h(p, "</details>\n");
}

static void rule_sets(struct ir_page *p)
{
    const struct ir_summary *s = p->d->summary;
    struct ir_buf arg[3] = {IR_BUF(4096), IR_BUF(64), IR_BUF(512)};
    for (size_t i = 0; i < s->nsets; i++) {
        const struct ir_set_report *set = &s->sets[i];
        for (size_t k = 0; k < 3; k++)
            ir_buf_clear(&arg[k]);
        ir_h_plain(&arg[0], ir_str_z(set->name));
        if (set->version[0] != '\0') ir_buf_chr(&arg[0], ' ');
        ir_h_plain(&arg[0], ir_str_z(set->version));
        ir_page_number(&arg[1], set->rules);
        ir_h_plain(&arg[2], ir_str_z(set->sha256));
        ir_h(p, "<p>");
        ir_word_fill(p->out, IR_W_RULE_SET, arg, 3);
        if (set->changed > 0) ir_word_gap(p->out);
        if (set->changed > 0) ir_word_fill(p->out, IR_W_RULE_SET_CHANGED, arg, 0);
        ir_h(p, "</p>\n");
    }
    for (size_t k = 0; k < 3; k++)
        ir_buf_free(&arg[k]);
}

static void coverage(struct ir_page *p)
{
    const struct ir_summary *s = p->d->summary;
    struct ir_buf arg[4] = {IR_BUF(4096), IR_BUF(4096), IR_BUF(64), IR_BUF(64)};
    ir_h(p, "<p>");
    ir_word_count(&arg[0], IR_W_N_INPUTS_1, IR_W_N_INPUTS, s->inputs);
    ir_word_bytes(&arg[1], s->bytes);
    ir_word_fill(p->out, IR_W_READ, arg, 2);
    ir_word_gap(p->out);
    ir_tell_window(p->out, &p->teller);
    ir_tell_zone(p->out, &p->teller);
    ir_h(p, "</p>\n<p>");
    for (size_t i = 0; i < 4; i++)
        ir_buf_clear(&arg[i]);
    ir_page_number(&arg[0], s->rules_loaded);
    ir_page_number(&arg[1], ir_gather_usable(s));
    ir_page_number(&arg[2], s->rules_no_log_source);
    ir_page_number(&arg[3], s->rules_field_never_seen);
    ir_word_fill(p->out, IR_W_RULES, arg, 4);
    if (s->rules_waiting > 0) ir_word_gap(p->out);
    if (s->rules_waiting > 0) ir_h_number(p, IR_W_RULES_WAITING, s->rules_waiting);
    ir_h(p, "</p>\n");
    rule_sets(p);
    ir_h(p, "<p>");
    uint64_t ms = ir_out_ms(s->elapsed_s);
    ir_buf_clear(&arg[0]);
    ir_buf_clear(&arg[1]);
    ir_buf_fmt(&arg[0], "%llu.%llu", (unsigned long long)(ms / 1000),
               (unsigned long long)(ms % 1000 / 100));
    ir_h_plain(
        &arg[1],
        ir_str_z(s->sandbox != NULL && strcmp(s->sandbox, "none") != 0 ? s->sandbox : _("none")));
    ir_word_fill(p->out, IR_W_TOOK, arg, 2);
    ir_h(p, "</p>\n");
    for (size_t i = 0; i < 4; i++)
        ir_buf_free(&arg[i]);
}

void ir_html_inputs(struct ir_page *p)
{
    ir_h_section(p, "inputs", IR_W_INPUTS);
    coverage(p);
    if (p->d->summary->nrecords + p->d->summary->unrecognised > 0) {
        ir_h_in(p, "<h3>", IR_W_FORMATS, "</h3>\n");
        formats(p);
    }
    if (p->d->ninputs > 0) ir_h_in(p, "<h3>", IR_W_FILE, "</h3>\n");
    inputs(p);
    ir_h(p, "</section>\n");
}

static void problem_row(struct ir_page *p, const char *path, const char *at, uint64_t number,
                        enum ir_word kind, const char *reason, uint64_t count)
{
    ir_h(p, "<tr><th scope=row><bdi class=path>");
    ir_h_text(p->out, ir_str_z(path));
    ir_h(p, "</bdi>");
    if (at != NULL) ir_buf_fmt(p->out, "%s%llu", at, (unsigned long long)number);
    ir_h_in(p, "</th><td>", kind, "</td><td>");
    ir_h_text(p->out, ir_str_z(reason != NULL ? ir_local(reason) : "?"));
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, count);
    ir_h(p, "</td></tr>\n");
}

static enum ir_word kind_of(const struct ir_summary *s, size_t i)
{
    const struct ir_input_problem *q = &s->problems[i];
    if (i + s->nlimits >= s->nproblems) return IR_W_PROBLEM_LIMIT;
    if (q->unreadable) return IR_W_PROBLEM_UNREAD;
    if (q->kind == IR_PROBLEM_REMARK) return IR_W_PROBLEM_REMARK;
    return q->kind == IR_PROBLEM_SKIPPED ? IR_W_PROBLEM_SKIPPED : IR_W_PROBLEM_DAMAGE;
}

static void unread_head(struct ir_page *p)
{
    ir_h_in(p, "<div class=wide><table class=unread><thead><tr><th scope=col>", IR_W_FILE, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_KIND, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_REASON, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_EVENTS, "</th></tr></thead><tbody>\n");
}

/* Room for one more row; the rest is folded. False: enough, or the reader went away. */
static bool unread_room(struct ir_page *p, size_t *shown, size_t all)
{
    if (*shown >= PROBLEMS_MAX || !ir_h_drain(p)) return false;
    if (*shown == OPEN_ROWS) {
        ir_h(p, "</tbody></table></div>\n");
        ir_h_fold(p, IR_W_SHOW_MORE, (all < PROBLEMS_MAX ? all : PROBLEMS_MAX) - OPEN_ROWS);
        unread_head(p);
    }
    ++*shown;
    return true;
}

/* What is missing comes before what is only odd. */
static void unread_rows(struct ir_page *p, size_t *shown, size_t all)
{
    static const enum ir_word kinds[] = {IR_W_PROBLEM_UNREAD,  IR_W_PROBLEM_DAMAGE,
                                         IR_W_PROBLEM_LIMIT,   IR_W_PROBLEM_RULE,
                                         IR_W_PROBLEM_SKIPPED, IR_W_PROBLEM_REMARK};
    const struct ir_summary *s = p->d->summary;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const size_t rules = kinds[k] == IR_W_PROBLEM_RULE ? s->nfailed : 0;
        for (size_t i = 0; i < s->nproblems; i++) {
            const struct ir_input_problem *q = &s->problems[i];
            if (kind_of(s, i) != kinds[k]) continue;
            if (!unread_room(p, shown, all)) return;
            problem_row(p, q->path, q->offset != UINT64_MAX ? " @" : NULL, q->offset, kinds[k],
                        q->reason, q->count);
        }
        for (size_t i = 0; i < rules; i++) {
            const struct ir_rule_failure *r = &s->failed[i];
            if (!unread_room(p, shown, all)) return;
            problem_row(p, r->path, r->line > 0 ? ":" : NULL, r->line, kinds[k], r->reason, 1);
        }
    }
}

void ir_html_unread(struct ir_page *p)
{
    const struct ir_summary *s = p->d->summary;
    const size_t all = s->nproblems + s->nfailed;
    size_t shown = 0;
    ir_h_section(p, "unread", IR_W_UNREAD);
    if (all == 0) {
        ir_h_in(p, "<p>", IR_W_UNREAD_NONE, "</p>\n</section>\n");
        return;
    }
    unread_head(p);
    unread_rows(p, &shown, all);
    ir_h(p, "</tbody></table></div>\n");
    if (all > shown) {
        ir_h(p, "<p class=note>");
        ir_h_number(p, IR_W_INPUTS_LEFT, all - shown);
        ir_h(p, "</p>\n");
    }
    if (shown > OPEN_ROWS) ir_h(p, "</details>\n");
    ir_h(p, "</section>\n");
}
