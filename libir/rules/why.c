/*
 * Reasons in words, by running the matcher's own evaluation piece by piece: there is no second
 * engine that could disagree.
 */
#include "rules/why.h"

#include "base/intl.h"
#include "base/utf8.h"
#include "rules/eval.h"
#include "rules/set.h"

#define SHOWN_ITEMS  3u
#define SHOWN_BYTES  160u
#define SHOWN_BEFORE 40u /* of a long value before what fits */
#define SHOWN_VALUES 4u

struct why {
    struct ir_eval *e;
    struct ir_buf *out;
    unsigned shown;
    bool marked; /* explain: the first failing item was marked */
};

_Static_assert((SHOWN_ITEMS + 1) * sizeof(struct ir_why_fact) + SHOWN_ITEMS * 3 * SHOWN_BYTES <=
                   IR_WHY_MAX,
               "the facts of one event must fit");

static struct ir_str clip(struct ir_str s)
{
    return ir_str_head(s, SHOWN_BYTES);
}

/* The first value that the item sees in the event. */
static struct ir_str seen_value(const struct ir_eval *e, const struct ir_item *it)
{
    struct ir_str v = {NULL, 0};
    for (const uint32_t *id = it->fields; id != NULL && *id != 0 && v.p == NULL; id++)
        v = ir_event_get(e->ev, *id, e->view);
    return v;
}

/* What a regular expression found says more than the expression. */
static struct ir_str matched_text(const struct ir_eval *e, const struct ir_val *v,
                                  struct ir_str seen)
{
    if (v->kind != IR_VAL_REGEX || seen.p == NULL ||
        pcre2_match(v->regex, (PCRE2_SPTR)seen.p, seen.n, 0, 0, e->match_data, e->match_context) <
            0)
        return v->text;
    const size_t *at = pcre2_get_ovector_pointer(e->match_data);
    return at[0] <= at[1] && at[1] <= seen.n ? ir_str_n(seen.p + at[0], at[1] - at[0]) : v->text;
}

/* The rule's value that holds, for items that are an OR; for |all the first. */
static const struct ir_val *holding_val(struct ir_eval *e, const struct ir_item *it)
{
    struct ir_item one = *it;
    one.nvals = 1;
    one.nexact = one.twin = 0;
    one.whole = NULL;
    one.all = false;
    for (uint32_t i = 0; i < it->nvals; i++) {
        one.vals = &it->vals[i];
        if (ir_eval_item(e, &one)) return one.vals;
    }
    return NULL;
}

/* The field among the item's whose value fits, and that value: a request fits decoded, and not as
 * it was sent. */
static struct ir_str held_value(struct ir_eval *e, const struct ir_item *it, uint32_t *ret_field)
{
    struct ir_item one = *it;
    uint32_t ids[2] = {0, 0};
    one.fields = ids;
    one.twin = 0;
    for (const uint32_t *id = it->fields; *id != 0; id++) {
        ids[0] = *id;
        const struct ir_str v = ir_event_get(e->ev, *id, e->view);
        if (v.p == NULL || !ir_eval_item(e, &one)) continue;
        *ret_field = *id;
        return v;
    }
    for (const uint32_t *id = it->fields; *id != 0; id++) {
        *ret_field = *id;
        const struct ir_str v = ir_event_get(e->ev, *id, e->view);
        if (v.p != NULL) return v;
    }
    *ret_field = it->fields[0];
    return ir_str_n(NULL, 0);
}

/* What is kept of a long value: the part around what fits, in whole characters. */
static void keep_around(struct ir_why_fact *f)
{
    const struct ir_str all = f->held;
    struct ir_str what = f->value;
    while (ir_str_starts(what, IR_S("*")))
        what = ir_str_skip(what, 1);
    while (ir_str_ends(what, IR_S("*")))
        what = ir_str_head(what, what.n - 1);
    const size_t at = ir_str_ifind(all, what);
    size_t from =
        at == IR_NPOS || at + what.n <= SHOWN_BYTES || at < SHOWN_BEFORE ? 0 : at - SHOWN_BEFORE;
    size_t to = all.n - from <= SHOWN_BYTES ? all.n : from + SHOWN_BYTES;
    while (from > 0 && from < to && ((unsigned char)all.p[from] & 0xc0) == 0x80)
        from++;
    while (to < all.n && to > from && ((unsigned char)all.p[to] & 0xc0) == 0x80)
        to--;
    f->held = ir_str_n(all.p + from, to - from);
    f->cut_front = from > 0;
    f->cut_back = to < all.n;
}

static void put_fact(struct ir_buf *out, const struct ir_why_fact *f)
{
    ir_buf_add(out, (const char *)f, sizeof *f);
    ir_buf_str(out, f->value);
    ir_buf_str(out, f->seen);
    ir_buf_str(out, f->held);
}

static void add_item(struct why *w, const struct ir_item *it)
{
    struct ir_why_fact f = {.item = it};
    if (w->shown++ > SHOWN_ITEMS) return;
    if (w->shown > SHOWN_ITEMS) f.item = NULL;
    if (f.item != NULL) {
        const struct ir_str seen = seen_value(w->e, it);
        f.val = holding_val(w->e, it);
        f.value = f.val != NULL    ? matched_text(w->e, f.val, seen)
                  : it->nexact > 0 ? seen
                                   : IR_S("");
        f.has_seen = seen.p != NULL;
        f.same = ir_str_ieq(seen, f.value);
        f.seen = clip(seen);
        if (it->fields != NULL) f.held = held_value(w->e, it, &f.field);
        keep_around(&f);
        f.cut_value = f.value.n > SHOWN_BYTES;
        f.value = clip(f.value);
    }
    put_fact(w->out, &f);
}

static void add_holding(struct why *w, const struct ir_node *n)
{
    if (n->op == IR_NODE_NOT || w->shown > SHOWN_ITEMS || !ir_eval_node(w->e, n)) return;
    if (n->op == IR_NODE_ITEM) add_item(w, n->item);
    for (uint32_t i = 0; i < n->nkids; i++) {
        add_holding(w, n->kids[i]);
        if (n->op == IR_NODE_OR && w->shown > 0 && ir_eval_node(w->e, n->kids[i])) break;
    }
}

void ir_why_note(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                 struct ir_buf *out)
{
    const struct ir_rule *r = ir_matcher_rule(m, rule);
    struct why w = {.e = ir_matcher_eval(m), .out = out};
    ir_eval_begin(w.e, ev);
    w.e->view = view;
    if (r->root != NULL) add_holding(&w, r->root);
}

bool ir_why_next(struct ir_str *rest, struct ir_why_fact *ret_f)
{
    struct ir_str *const part[] = {&ret_f->value, &ret_f->seen, &ret_f->held};
    if (rest->n < sizeof *ret_f) return false; /* the notes of an event that filled the buffer */
    memcpy(ret_f, rest->p, sizeof *ret_f);
    *rest = ir_str_skip(*rest, sizeof *ret_f);
    for (size_t i = 0; i < 3; i++) {
        *part[i] = ir_str_head(*rest, part[i]->n);
        *rest = ir_str_skip(*rest, part[i]->n);
    }
    return true;
}

void ir_why_text(struct ir_str facts, struct ir_buf *out)
{
    struct ir_why_fact f;
    for (bool first = true; ir_why_next(&facts, &f); first = false) {
        if (!first) ir_buf_str(out, IR_S("; "));
        if (f.item == NULL) {
            ir_buf_str(out, IR_S("…"));
            continue;
        }
        ir_buf_str(out, f.item->fields == NULL ? IR_S("the record holds") : clip(f.item->key));
        ir_buf_str(out, IR_S(" '"));
        ir_buf_str(out, f.value);
        if (f.has_seen && !f.same) {
            ir_buf_str(out, IR_S("' in '"));
            ir_buf_str(out, f.seen);
        }
        ir_buf_chr(out, '\'');
    }
}

static void indent(struct why *w, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        ir_buf_str(w->out, IR_S("  "));
}

/* A value with a line end must not look like a line of ours. */
static void quoted(struct why *w, struct ir_str s)
{
    ir_buf_chr(w->out, '\'');
    ir_visible(w->out, clip(s), 0);
    if (s.n > SHOWN_BYTES) ir_buf_str(w->out, IR_S("…"));
    ir_buf_chr(w->out, '\'');
}

static void explain_values(struct why *w, const struct ir_item *it)
{
    ir_visible(w->out, it->fields == NULL ? ir_intl_str(N_("the record holds")) : it->key, 0);
    ir_buf_chr(w->out, ':');
    uint32_t all = it->nvals + it->nexact;
    for (uint32_t i = 0; i < all && i < SHOWN_VALUES; i++) {
        ir_buf_str(w->out, i ? IR_S(", ") : IR_S(" "));
        quoted(w, i < it->nvals ? it->vals[i].text : it->exact[i - it->nvals]);
    }
    if (all > SHOWN_VALUES) ir_buf_fmt(w->out, _(" (and %u more)"), all - SHOWN_VALUES);
    if (it->fields == NULL) return;
    struct ir_str seen = seen_value(w->e, it);
    if (seen.p == NULL) {
        ir_buf_str(w->out, ir_intl_str(N_("   -- the event has no such field")));
        return;
    }
    ir_buf_str(w->out, ir_intl_str(N_("   -- the event has ")));
    quoted(w, seen);
}

/* `failing`: everything above is not as it should be, so an item that is not either is the reason;
 * a branch of an OR that another branch makes up for is none. */
static void explain_node(struct why *w, const struct ir_node *n, unsigned depth, bool wanted,
                         bool failing)
{
    static const char *const words[] = {N_("all of"), N_("any of"), N_("not"), ""};
    bool holds = ir_eval_node(w->e, n);
    failing = failing && holds != wanted;
    indent(w, depth);
    ir_buf_str(w->out, holds ? IR_S("[+] ") : IR_S("[-] "));
    if (n->label.n > 0) {
        ir_visible(w->out, n->label, 0);
        ir_buf_str(w->out, IR_S(": "));
    }
    if (n->op != IR_NODE_ITEM)
        ir_buf_str(w->out, ir_intl_str(words[n->op]));
    else
        explain_values(w, n->item);
    if (failing && n->op == IR_NODE_ITEM && !w->marked) {
        w->marked = true;
        ir_buf_str(w->out, ir_intl_str(IR_WHY_FAILS));
    }
    ir_buf_chr(w->out, '\n');
    for (uint32_t i = 0; i < n->nkids; i++)
        explain_node(w, n->kids[i], depth + 1, n->op == IR_NODE_NOT ? !wanted : wanted, failing);
}

bool ir_why_explain(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                    struct ir_buf *out)
{
    const struct ir_rule *r = ir_matcher_rule(m, rule);
    struct why w = {.e = ir_matcher_eval(m), .out = out};
    ir_eval_begin(w.e, ev);
    w.e->view = view;
    if (r->corr != NULL || r->root == NULL) {
        ir_buf_str(
            out,
            ir_intl_str(r->corr ? N_("a correlation: explain the rules that it refers to\n")
                                : N_("the rule waits for placeholder values and never fires\n")));
        return false;
    }
    uint64_t limits = w.e->regex_limits;
    bool holds = ir_eval_node(w.e, r->root);
    ir_buf_str(out, ir_intl_str(N_("condition: ")));
    ir_visible(out, r->condition, 0);
    ir_buf_chr(out, '\n');
    explain_node(&w, r->root, 0, true, true);
    if (w.e->regex_limits > limits)
        ir_buf_str(out, ir_intl_str(N_("a regular expression hit its limit and counts as not "
                                       "matching\n")));
    return holds;
}
