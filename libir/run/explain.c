/*
 * Explaining rules on records. See explain.h. The outcome is the matcher's own (rules/why.h); here
 * stand the log sources, which come before any item, and the verdict in words.
 */
#include "run/explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/wrap.h"
#include "rules/eval.h"
#include "rules/set.h"
#include "rules/why.h"
#include "run/scan.h"

#define TEXT_MAX      ((size_t)1 << 20)
#define RAW_COLUMNS   300u
#define LABEL_COLUMNS 12u

struct explain {
    const struct ir_explain_options *o;
    struct ir_explain_result *r;
    struct ir_matcher *m;
    struct ir_buf text, part; /* of this record; of one view */
    struct ir_buf best;
    double best_score;
};

size_t ir_explain_parts(const struct ir_rules *rs, uint32_t i, uint32_t *list, size_t n)
{
    const struct ir_corr *c = rs->rule[i]->corr;
    for (uint32_t k = 0; c != NULL && k < c->nrefs; k++)
        n = ir_explain_parts(rs, c->rules[k], list, n);
    if (c != NULL) return n;
    for (size_t k = 0; k < n; k++)
        if (list[k] == i) return n;
    list[n] = i;
    return n + 1;
}

void ir_explain_correlation(const struct ir_rules *rs, uint32_t i, struct ir_buf *out)
{
    const struct ir_rule *r = rs->rule[i];
    if (r->corr == NULL) return;
    ir_visible(out, ir_rule_title(&r->info), 0);
    ir_buf_str(
        out, ir_intl_str(N_(": a correlation; explained are the rules whose matches it counts\n")));
}

/* How much of the tree holds, 0 to 1: only to find the record that is worth telling of. */
static double score(struct ir_eval *e, const struct ir_node *n)
{
    double sum = 0, most = 0;
    if (n->op == IR_NODE_ITEM || n->op == IR_NODE_NOT) return ir_eval_node(e, n) ? 1 : 0;
    for (uint32_t i = 0; i < n->nkids; i++) {
        double s = score(e, n->kids[i]);
        sum += s;
        if (s > most) most = s;
    }
    return n->op == IR_NODE_OR || n->nkids == 0 ? most : sum / n->nkids;
}

static bool fits(const struct explain *x, const struct ir_view *v, uint32_t rule)
{
    for (unsigned i = 0; i < v->nsources; i++)
        if (ir_groups_fits(x->o->rules->groups, rule, v->sources[i])) return true;
    return false;
}

/* With the attributes' names: `product: nginx` and `service: nginx` are different things. */
static void put_source(struct ir_buf *out, struct ir_logsource ls)
{
    const struct ir_str value[] = {ls.category, ls.product, ls.service};
    static const char *const name[] = {"category", "product", "service"};
    size_t before = out->n;
    for (size_t i = 0; i < 3; i++) {
        if (value[i].n == 0) continue;
        ir_buf_fmt(out, "%s%s=", out->n > before ? " " : "", name[i]);
        ir_visible(out, value[i], 0);
    }
    if (out->n == before) ir_buf_str(out, ir_intl_str(N_("any")));
}

/* Every log source of the event once. */
static void put_sources(struct ir_buf *out, const struct ir_event *ev)
{
    uint8_t seen[IR_LS_LIMIT] = {0};
    bool any = false;
    for (uint32_t v = 0; v < ev->nviews; v++)
        for (unsigned i = 0; i < ev->views[v].nsources; i++) {
            uint16_t s = ev->views[v].sources[i];
            if (s >= IR_LS_LIMIT || seen[s]) continue;
            seen[s] = 1;
            if (any) ir_buf_str(out, IR_S(", "));
            put_source(out, ir_names_source(ev->names, s));
            any = true;
        }
    if (!any) ir_buf_str(out, ir_intl_str(N_("none")));
}

static void put_label(struct ir_buf *out, const char *label)
{
    ir_buf_add(out, "  ", 2);
    ir_pad(out, ir_intl_str(label), LABEL_COLUMNS);
    ir_buf_add(out, "  ", 2);
}

static void put_head(struct explain *x, const struct ir_event *ev, const char *path,
                     const char *format)
{
    struct ir_buf *b = &x->text;
    ir_visible(b, ir_str_z(path), 0);
    ir_buf_fmt(b, ":%llu: ", (unsigned long long)ev->views[0].line);
    if (ev->flags & IR_EV_UNRECOGNISED)
        ir_buf_str(b, ir_intl_str(N_("a record of no known format")));
    else
        ir_buf_fmt(b, _("a record of format %s"), format);
    ir_buf_chr(b, '\n');
    put_label(b, N_("record"));
    ir_visible(b, ev->raw, RAW_COLUMNS);
    ir_buf_chr(b, '\n');
    put_label(b, N_("log sources"));
    put_sources(&x->text, ev);
    ir_buf_chr(b, '\n');
}

/* The text of a view's explanation, indented. */
static void put_lines(struct explain *x, struct ir_str text)
{
    while (text.n > 0) {
        ir_buf_str(&x->text, IR_S("    "));
        ir_buf_str(&x->text, ir_str_cut(&text, '\n'));
        ir_buf_chr(&x->text, '\n');
    }
}

/* "[-] CommandLine|contains: 'x'": the line that ends in the mark. */
static struct ir_str reason(struct ir_str text)
{
    while (text.n > 0) {
        struct ir_str line = ir_str_cut(&text, '\n');
        const struct ir_str mark = ir_intl_str(IR_WHY_FAILS);
        if (!ir_str_ends(line, mark)) continue;
        line.n -= mark.n;
        return ir_str_trim(line);
    }
    return ir_str_n("", 0);
}

/* Which of the event's parts: auditd's records are views of one event. */
static void put_view(struct explain *x, const struct ir_event *ev, uint32_t v)
{
    if (ev->nviews == 1) return;
    ir_buf_fmt(&x->text, _("  part %u of the event, at line %llu:"), v,
               (unsigned long long)ev->views[v].line);
    for (unsigned i = 0; i < ev->views[v].nsources; i++) {
        ir_buf_chr(&x->text, i ? ',' : ' ');
        put_source(&x->text, ir_names_source(ev->names, ev->views[v].sources[i]));
    }
    ir_buf_chr(&x->text, '\n');
}

static void put_verdict(struct explain *x, bool matched, struct ir_str why)
{
    if (matched) {
        ir_buf_fmt(&x->text, "  %s\n", _("matches"));
        return;
    }
    ir_buf_fmt(&x->text, "  %s", _("does not match"));
    if (why.n > 0) {
        ir_buf_str(&x->text, ir_intl_str(ir_str_starts(why, IR_S("[+]"))
                                             ? N_(", because this holds and must not: ")
                                             : N_(", because this does not hold: ")));
        ir_buf_str(&x->text, ir_str_skip(why, 4));
    }
    ir_buf_chr(&x->text, '\n');
}

static void put_misfit(struct explain *x, const struct ir_event *ev, uint32_t rule)
{
    ir_buf_fmt(&x->text, "    [-] %s: ", _("log source"));
    put_source(&x->text, ir_rules_info(x->o->rules, rule)->logsource);
    ir_buf_fmt(&x->text, "%s\n  ", _(IR_WHY_FAILS));
    struct ir_buf want = IR_BUF(1 << 12), have = IR_BUF(1 << 14);
    put_source(&want, ir_rules_info(x->o->rules, rule)->logsource);
    put_sources(&have, ev);
    ir_buf_fmt(&x->text,
               _("does not match, because the rule is for logs of %1$s, and this record is of "
                 "%2$s\n"),
               want.p != NULL ? want.p : "", have.p != NULL ? have.p : "");
    ir_buf_free(&want);
    ir_buf_free(&have);
}

/* One rule on the event: the view that matches, or else the fitting ones, best first. True when it
 * matches. */
static bool one_rule(struct explain *x, struct ir_event *ev, uint32_t rule, double *ret_score)
{
    const struct ir_rule *r = x->o->rules->rule[rule];
    uint32_t nfit = 0, pick = 0;
    double most = -1;
    bool matched = false;
    for (uint32_t v = 0; v < ev->nviews && !matched; v++) {
        if (!fits(x, &ev->views[v], rule)) continue;
        nfit++;
        matched = ir_match_rule(x->m, ev, rule, v);
        double s = matched || r->root == NULL ? 1 : score(ir_matcher_eval(x->m), r->root);
        if (s <= most && !matched) continue;
        most = s;
        pick = v;
    }
    *ret_score = matched ? 2 : most;
    put_label(&x->text, N_("rule"));
    ir_visible(&x->text, ir_rule_title(&r->info), 0);
    ir_buf_chr(&x->text, '\n');
    if (nfit == 0) {
        put_misfit(x, ev, rule);
        return false;
    }
    put_view(x, ev, pick);
    ir_buf_fmt(&x->text, "    [+] %s: ", _("log source"));
    put_source(&x->text, r->info.logsource);
    ir_buf_chr(&x->text, '\n');
    ir_buf_clear(&x->part);
    ir_why_explain(x->m, ev, rule, pick, &x->part);
    put_lines(x, ir_buf_view(&x->part));
    put_verdict(x, matched, reason(ir_buf_view(&x->part)));
    return matched;
}

static bool rule_matches(struct explain *x, struct ir_event *ev, uint32_t rule)
{
    for (uint32_t v = 0; v < ev->nviews; v++)
        if (fits(x, &ev->views[v], rule) && ir_match_rule(x->m, ev, rule, v)) return true;
    return false;
}

static bool wanted(const struct explain *x, const struct ir_event *ev)
{
    if (x->o->line == 0) return true;
    for (uint32_t v = 0; v < ev->nviews; v++)
        if (ev->views[v].line == x->o->line) return true;
    return false;
}

static int on_event(void *user, const struct ir_event *event, const char *path, const char *format)
{
    struct explain *x = user;
    /* The matcher folds values into the event; the parse has no further use for it. */
    struct ir_event *ev = (struct ir_event *)(uintptr_t)event;
    double most = -1, s;
    bool matched = false, done = false;
    if (!wanted(x, ev)) return 0;
    x->r->records++;
    if (!x->o->best && x->r->told >= x->o->limit) {
        for (size_t i = 0; i < x->o->nrules && !matched; i++)
            matched = rule_matches(x, ev, x->o->rule[i]);
        x->r->matched += matched;
        return 0;
    }
    ir_buf_clear(&x->text);
    put_head(x, ev, path, format);
    for (size_t i = 0; i < x->o->nrules; i++) {
        matched |= one_rule(x, ev, x->o->rule[i], &s);
        if (s > most) most = s;
    }
    x->r->matched += matched;
    if (x->o->best) {
        if (x->best.n > 0 && most <= x->best_score) return 0;
        x->best_score = most;
        ir_buf_clear(&x->best);
        ir_buf_str(&x->best, ir_buf_view(&x->text));
    } else {
        x->r->told++;
        done = !x->o->told(x->o->user, ir_buf_view(&x->text));
    }
    return done;
}

int ir_explain_run(const struct ir_explain_options *o, struct ir_explain_result *ret_r,
                   struct ir_err *err)
{
    *ret_r = (struct ir_explain_result){0};
    struct explain x = {.o = o,
                        .r = ret_r,
                        .m = ir_matcher_new(o->rules, true),
                        .text = IR_BUF(TEXT_MAX),
                        .part = IR_BUF(TEXT_MAX),
                        .best = IR_BUF(TEXT_MAX)};
    struct ir_parse_options po = {.formats = o->formats,
                                  .format = o->format,
                                  .names = o->names,
                                  .reference_time = o->reference_time,
                                  .now = o->now,
                                  .zone = o->zone,
                                  .no_sandbox = o->no_sandbox,
                                  .output_fd = o->output_fd,
                                  .event = on_event,
                                  .user = &x};
    struct ir_parse_result pr = {0};
    if (x.m == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    int rc = ir_parse_run(&o->input, 1, &po, &pr, err);
    if (x.best.n > 0) {
        ret_r->told = 1;
        o->told(o->user, ir_buf_view(&x.best));
    }
    ret_r->damaged = pr.damaged;
    ret_r->unreadable = pr.unreadable;
    for (size_t i = 0; i < pr.nproblems && ret_r->problem[0] == 0; i++)
        if (pr.problems[i].unreadable)
            snprintf(ret_r->problem, sizeof ret_r->problem, "%s: %s", pr.problems[i].path,
                     pr.problems[i].reason ? pr.problems[i].reason : "unknown reason");
    ir_parse_free(&pr);
    ir_buf_free(&x.text);
    ir_buf_free(&x.part);
    ir_buf_free(&x.best);
    ir_matcher_free(x.m);
    return rc;
}
