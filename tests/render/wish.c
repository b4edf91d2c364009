/*
 * From a rule's condition to values that fulfil it. At each "or" a way goes another direction: the
 * first ways take the first, second, third … alternative everywhere, the last ones mix them. What
 * a condition forbids is left to chance: the defaults of the renderers differ from way to way.
 */
#include "render.h"

#define WAYS_DIAGONAL 48u
#define WAYS_MIXED    8u

struct walk {
    struct wish *w;
    unsigned way, point; /* of the alternatives met so far */
    unsigned most;       /* alternatives at one point */
};

static unsigned pick(struct walk *k, unsigned n)
{
    unsigned p = k->point++;
    if (n > k->most) k->most = n;
    if (n < 2) return 0;
    if (k->way < WAYS_DIAGONAL) return k->way % n;
    uint32_t h = (k->way * 2654435761u) ^ (p * 40503u + 77u);
    h = (h ^ h >> 15) * 2246822519u;
    return (h ^ h >> 13) % n;
}

static void add(struct walk *k, struct wish_value v)
{
    struct wish *w = k->w;
    if (w->n < WISH_VALUES_MAX) w->v[w->n++] = v;
}

/* Values that stand for one written value (the dashes of windash) are alternatives also in |all.
 * The loader keeps long lists of exact values apart. */
static void item(struct walk *k, const struct ir_item *it)
{
    if (!it->all && it->nvals + it->nexact > 0) {
        unsigned i = pick(k, it->nvals + it->nexact);
        if (i >= it->nvals)
            add(k, (struct wish_value){.item = it, .exact = it->exact[i - it->nvals]});
        else
            add(k, (struct wish_value){
                       .item = it, .val = it->vals[i].kind == IR_VAL_NULL ? NULL : &it->vals[i]});
        return;
    }
    for (uint32_t i = 0; i < it->nvals; i++) {
        uint32_t n = 1;
        while (it->vals[i + n - 1].more && i + n < it->nvals)
            n++;
        add(k, (struct wish_value){.item = it, .val = &it->vals[i + pick(k, n)]});
        i += n - 1;
    }
}

static void forbid(struct walk *k, const struct ir_node *n)
{
    if (n->op == IR_NODE_ITEM && k->w->nno < WISH_VALUES_MAX) k->w->no[k->w->nno++] = n->item;
    for (uint32_t i = 0; n->op != IR_NODE_ITEM && i < n->nkids; i++)
        forbid(k, n->kids[i]);
}

static void walk(struct walk *k, const struct ir_node *n)
{
    if (n->op == IR_NODE_NOT) forbid(k, n);
    if (n->op == IR_NODE_ITEM && !n->item->negate) item(k, n->item);
    if (n->op == IR_NODE_OR) walk(k, n->kids[pick(k, n->nkids)]);
    for (uint32_t i = 0; n->op == IR_NODE_AND && i < n->nkids; i++)
        walk(k, n->kids[i]);
}

void wish_make(const struct ir_rule *r, unsigned way, struct wish *ret_w)
{
    *ret_w = (struct wish){.rule = r, .way = way, .broken = WISH_UNBROKEN};
    struct walk k = {.w = ret_w, .way = way};
    if (r->root != NULL) walk(&k, r->root);
}

unsigned wish_ways(const struct ir_rule *r)
{
    struct wish w = {.n = 0};
    unsigned most = 4; /* other alternatives open others: look down a few ways */
    for (unsigned way = 0; r->root != NULL && way < WAYS_DIAGONAL; way++) {
        struct walk k = {.w = &w, .way = way};
        w.n = w.nno = 0;
        walk(&k, r->root);
        if (k.most > most) most = k.most;
    }
    return most >= WAYS_DIAGONAL ? WAYS_DIAGONAL + WAYS_MIXED : most;
}

/* ---- texts ---- */

static bool named(struct ir_str field, const char *fields)
{
    struct ir_str rest = ir_str_z(fields);
    do
        if (ir_str_eq(ir_str_cut(&rest, ','), field)) return true;
    while (rest.p != NULL);
    return false;
}

static bool is_about(const struct ir_item *it, const char *fields)
{
    if (it->fields == NULL) return fields[0] == '\0';
    return fields[0] != '\0' && named(it->field, fields);
}

static bool is_absent(const struct wish_value *v)
{
    return v->val == NULL && v->exact.p == NULL;
}

bool wish_has(const struct wish *w, const char *fields)
{
    for (size_t i = 0; i < w->n; i++)
        if (is_about(w->v[i].item, fields)) return true;
    return false;
}

bool wish_absent(struct wish *w, const char *fields)
{
    bool absent = false;
    for (size_t i = 0; i < w->n; i++) {
        if (!is_about(w->v[i].item, fields) || !is_absent(&w->v[i])) continue;
        w->v[i].used = absent = true;
    }
    return absent;
}

struct ir_str wish_unused(const struct wish *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!w->v[i].used && !is_absent(&w->v[i]))
            return w->v[i].item->fields ? w->v[i].item->field : IR_S("keywords");
    return ir_str_n(NULL, 0);
}

/* The literal pieces of a pattern in the letters of the rule: patterns are folded. */
static void pattern_text(const struct ir_val *v, struct ir_buf *out)
{
    const struct ir_pattern *p = &v->pattern;
    for (uint32_t s = 0; s < p->nseg; s++) {
        const struct ir_segment *seg = &p->seg[s];
        if (s > 0) ir_buf_chr(out, '_');
        size_t at = ir_str_ifind(v->text, seg->lit);
        if (seg->kind == NULL && at != IR_NPOS) {
            ir_buf_add(out, v->text.p + at, seg->lit.n);
            continue;
        }
        for (size_t i = 0; i < seg->lit.n; i++) {
            uint8_t kind = seg->kind ? seg->kind[i] : (uint8_t)IR_GLOB_BYTE;
            ir_buf_chr(out, kind == IR_GLOB_ONE ? 'x' : kind == IR_GLOB_DASH ? '-' : seg->lit.p[i]);
        }
    }
}

/* The byte that takes the place of c: another letter or digit; for a pattern that knows no letters
 * at all, what ends a name. */
static char other_byte(char c, unsigned round)
{
    if (round > 0) return round == 1 ? '/' : ' ';
    if (ir_isdigit(c)) return (char)('0' + (c - '0' + 5) % 10);
    return c == 'q' || c == 'Q' ? 'k' : 'q';
}

/* Changes one byte, as near to the middle as can be: a letter or digit when there is one. */
static void spoil(char *p, size_t n, const pcre2_code *regex)
{
    unsigned rounds = regex ? 3 : 1;
    for (size_t i = 0; i < 2 * n * rounds; i++) {
        size_t step = i % (2 * n) / 2 + i % 2, at = i % 2 ? n / 2 - step : n / 2 + step;
        if (at >= n || (!ir_isalnum(p[at]) && regex == NULL)) continue;
        char c = p[at];
        p[at] = other_byte(c, (unsigned)(i / (2 * n)));
        if (regex == NULL || !regex_matches(regex, ir_str_n(p, n))) return;
        p[at] = c;
    }
    if (n > 0) p[n / 2] = '_';
}

static void value_text(const struct wish_value *wv, bool broken, unsigned way, struct ir_buf *out)
{
    size_t before = out->n;
    const struct ir_val *v = wv->val;
    switch (v ? v->kind : IR_VAL_NULL) {
    case IR_VAL_NULL: ir_buf_str(out, wv->exact); break;
    case IR_VAL_PATTERN: pattern_text(v, out); break;
    case IR_VAL_REGEX: regex_example(v->text, way, out); break;
    case IR_VAL_CIDR: ir_buf_str(out, ir_str_head(v->text, ir_str_chr(v->text, '/'))); break;
    case IR_VAL_NUMBER:
    case IR_VAL_COMPARE: ir_buf_str(out, v->text); break;
    default: break;
    }
    if (broken && out->n > before) spoil(out->p + before, out->n - before, v ? v->regex : NULL);
}

enum place { WHOLE, START, MIDDLE, END };

static enum place place_of(const struct wish_value *wv)
{
    const struct ir_val *v = wv->val;
    bool start = true, end = true;
    if (v == NULL) return WHOLE;
    if (v->kind == IR_VAL_PATTERN) {
        start = v->pattern.anchored_start;
        end = v->pattern.anchored_end;
    } else if (v->kind == IR_VAL_REGEX) {
        start = ir_str_starts(v->text, IR_S("^"));
        end = ir_str_ends(v->text, IR_S("$"));
    }
    return start ? (end ? WHOLE : START) : end ? END : MIDDLE;
}

/* All values of one place; a piece that is there already is not written again. */
static size_t put(struct wish *w, const char *fields, enum place place, const char *sep,
                  struct ir_buf *out)
{
    struct ir_buf piece = IR_BUF(RENDER_MAX);
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        struct wish_value *v = &w->v[i];
        if (is_absent(v) || !is_about(v->item, fields) || place_of(v) != place) continue;
        if (place == WHOLE && n > 0) break;
        v->used = true;
        ir_buf_clear(&piece);
        value_text(v, w->broken == i, w->way, &piece);
        if (place == MIDDLE && ir_str_ifind(ir_buf_view(out), ir_buf_view(&piece)) != IR_NPOS)
            continue;
        if (n++ > 0 || (place == MIDDLE && out->n > 0)) ir_buf_str(out, ir_str_z(sep));
        ir_buf_str(out, ir_buf_view(&piece));
    }
    ir_buf_free(&piece);
    return n;
}

bool wish_text(struct wish *w, const char *fields, const char *lead, const char *sep,
               struct ir_buf *out)
{
    struct ir_buf text = IR_BUF(RENDER_MAX);
    if (!wish_has(w, fields) || wish_absent(w, fields)) return false;
    size_t n = put(w, fields, WHOLE, sep, &text);
    if (n == 0) {
        n = put(w, fields, START, sep, &text);
        if (n == 0) ir_buf_str(&text, ir_str_z(lead));
        n += put(w, fields, MIDDLE, sep, &text);
        n += put(w, fields, END, sep, &text);
    }
    ir_buf_str(out, ir_buf_view(&text));
    ir_buf_free(&text);
    return n > 0;
}

static bool forbids(const struct ir_item *it, struct ir_str folded, bool absent)
{
    for (uint32_t i = 0; i < it->nvals; i++) {
        const struct ir_val *v = &it->vals[i];
        bool text = v->kind == IR_VAL_PATTERN || v->kind == IR_VAL_NUMBER;
        if ((v->kind == IR_VAL_NULL && absent) || (text && ir_pattern_match(&v->pattern, folded)))
            return true;
    }
    for (uint32_t i = 0; i < it->nexact; i++)
        if (ir_str_eq(it->exact[i], folded)) return true;
    return false;
}

bool wish_forbids(const struct wish *w, const char *fields, struct ir_str text)
{
    char folded[4096];
    size_t n = text.n < sizeof folded ? text.n : sizeof folded;
    for (size_t i = 0; i < n; i++)
        folded[i] = ir_lower(text.p[i]);
    for (size_t i = 0; i < w->nno; i++)
        if (is_about(w->no[i], fields) &&
            forbids(w->no[i], ir_str_n(folded, n), ir_str_eq(text, IR_S("-"))))
            return true;
    return false;
}

void wish_text_or(struct wish *w, const char *fields, const char *sep, const char *others,
                  struct ir_buf *out)
{
    struct ir_str rest, choice = {NULL, 0}, one;
    unsigned n = 1, i = 0;
    if (wish_text(w, fields, "", sep, out)) return;
    for (const char *p = others; *p != '\0'; p++)
        n += *p == '|';
    for (unsigned round = 0; round < 2 && choice.p == NULL; round++) {
        rest = ir_str_z(others);
        for (i = 0; rest.p != NULL && choice.p == NULL; i++) {
            one = ir_str_cut(&rest, '|');
            if ((round > 0 || i >= w->way % n) && !wish_forbids(w, fields, one)) choice = one;
        }
    }
    rest = ir_str_z(others);
    ir_buf_str(out, choice.p ? choice : ir_str_cut(&rest, '|'));
}
