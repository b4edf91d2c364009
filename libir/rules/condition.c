/*
 * The condition grammar, by recursive descent with a depth limit:
 *
 *     or   := and ("or" and)*        and := not ("and" not)*        not := "not" not | prim
 *     prim := "(" or ")" | ("1"|"any"|"all") "of" ("them"|pattern) | identifier
 *
 * Operators are taken in any case, identifiers are case-sensitive. `them` leaves out names that
 * begin with
 * '_'; a pattern matches such names only when it begins with '_' itself. A quantifier that matches
 * no selection is an error: "all of nothing" must not be true.
 */
#include "rules/condition.h"

#include "base/intl.h"
struct cond {
    struct ir_arena *a;
    struct ir_str text, tok;
    const struct ir_selection *sel;
    uint32_t nsel;
    unsigned depth;
    uint32_t parts;
    struct ir_err *err;
};

struct ir_node *ir_node_new(struct ir_arena *a, enum ir_node_op op, uint32_t nkids)
{
    struct ir_node *n = ir_arena_zalloc(a, sizeof *n);
    if (n == NULL) return NULL;
    n->op = op;
    n->nkids = nkids;
    if (nkids > 0 && (n->kids = ir_arena_zalloc(a, nkids * sizeof *n->kids)) == NULL) return NULL;
    return n;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word, parenthesis, or nothing at the end. */
static void advance(struct cond *c)
{
    while (c->text.n > 0 && is_space(c->text.p[0]))
        c->text = ir_str_skip(c->text, 1);
    size_t n = 0;
    if (c->text.n > 0 && (c->text.p[0] == '(' || c->text.p[0] == ')'))
        n = 1;
    else
        while (n < c->text.n && !is_space(c->text.p[n]) && c->text.p[n] != '(' &&
               c->text.p[n] != ')')
            n++;
    c->tok = ir_str_head(c->text, n);
    c->text = ir_str_skip(c->text, n);
}

static bool at(const struct cond *c, const char *word)
{
    return ir_str_ieq(c->tok, ir_str_z(word));
}

static struct ir_node *fail(struct cond *c, const char *what)
{
    ir_fail(c->err, IR_BAD, "condition: %-s '%.*s'", what, IR_FMT(ir_str_head(c->tok, 80)));
    return NULL;
}

static const char aggregation[] =
    N_("the abolished aggregation syntax is not supported (use a correlation):");

static bool glob(struct ir_str pattern, struct ir_str name)
{
    size_t p = 0, n = 0, star = IR_NPOS, mark = 0;
    while (n < name.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.n && pattern.p[p] == name.p[n]) {
            p++;
            n++;
        } else if (star != IR_NPOS) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool quantified(struct ir_str pattern, struct ir_str name)
{
    bool hidden = name.n > 0 && name.p[0] == '_';
    if (ir_str_ieq(pattern, IR_S("them"))) return !hidden;
    if (hidden && !(pattern.n > 0 && pattern.p[0] == '_')) return false;
    return glob(pattern, name);
}

static struct ir_node *parse_of(struct cond *c, bool all)
{
    advance(c); /* "of" */
    advance(c);
    if (c->tok.n == 0 || at(c, "(") || at(c, ")")) return fail(c, "'of' without a pattern at");
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->nsel; i++)
        n += quantified(c->tok, c->sel[i].name);
    if (n == 0) return fail(c, "no selection fits");
    c->parts += n;
    if (c->parts > IR_CONDITION_PARTS_MAX) return fail(c, "too many selections at");
    struct ir_node *node = ir_node_new(c->a, all ? IR_NODE_AND : IR_NODE_OR, n);
    if (node == NULL) return fail(c, "out of memory at");
    n = 0;
    for (uint32_t i = 0; i < c->nsel; i++)
        if (quantified(c->tok, c->sel[i].name)) node->kids[n++] = c->sel[i].node;
    advance(c);
    return node;
}

static struct ir_node *parse_or(struct cond *c);

static bool of_follows(const struct cond *c)
{
    struct cond look = *c;
    advance(&look);
    return at(&look, "of");
}

static struct ir_node *parse_prim(struct cond *c)
{
    if (c->tok.n == 0) return fail(c, "ends too early");
    if (at(c, "(")) {
        advance(c);
        struct ir_node *n = parse_or(c);
        if (n == NULL) return NULL;
        if (!at(c, ")")) return fail(c, "a closing parenthesis is missing at");
        advance(c);
        return n;
    }
    if ((at(c, "1") || at(c, "any") || at(c, "all")) && of_follows(c))
        return parse_of(c, at(c, "all"));
    if (ir_str_chr(c->tok, '|') != IR_NPOS) return fail(c, aggregation);
    for (uint32_t i = 0; i < c->nsel; i++) {
        if (!ir_str_eq(c->sel[i].name, c->tok)) continue;
        advance(c);
        return c->sel[i].node;
    }
    return fail(c, "unknown selection");
}

static struct ir_node *parse_not(struct cond *c)
{
    if (!at(c, "not")) return parse_prim(c);
    if (++c->depth > IR_CONDITION_DEPTH_MAX) return fail(c, "nested too deep at");
    advance(c);
    struct ir_node *kid = parse_not(c);
    c->depth--;
    if (kid == NULL) return NULL;
    struct ir_node *n = ir_node_new(c->a, IR_NODE_NOT, 1);
    if (n == NULL) return fail(c, "out of memory at");
    n->kids[0] = kid;
    return n;
}

/* A chain of one operator: collected first, because its length is not known. */
static struct ir_node *parse_chain(struct cond *c, const char *word, enum ir_node_op op,
                                   struct ir_node *(*part)(struct cond *))
{
    struct link {
        struct ir_node *node;
        struct link *next;
    } *first = NULL, **tail = &first;
    uint32_t n = 0;
    for (;;) {
        struct ir_node *kid = part(c);
        if (kid == NULL) return NULL;
        if (++c->parts > IR_CONDITION_PARTS_MAX) return fail(c, "too many selections at");
        struct link *l = ir_arena_alloc(c->a, sizeof *l);
        if (l == NULL) return fail(c, "out of memory at");
        *l = (struct link){kid, NULL};
        *tail = l;
        tail = &l->next;
        n++;
        if (!at(c, word)) break;
        advance(c);
    }
    if (n == 1) return first->node;
    struct ir_node *node = ir_node_new(c->a, op, n);
    if (node == NULL) return fail(c, "out of memory at");
    n = 0;
    for (struct link *l = first; l != NULL; l = l->next)
        node->kids[n++] = l->node;
    return node;
}

static struct ir_node *parse_and(struct cond *c)
{
    return parse_chain(c, "and", IR_NODE_AND, parse_not);
}

static struct ir_node *parse_or(struct cond *c)
{
    if (++c->depth > IR_CONDITION_DEPTH_MAX) return fail(c, "nested too deep at");
    struct ir_node *n = parse_chain(c, "or", IR_NODE_OR, parse_and);
    c->depth--;
    return n;
}

int ir_condition_parse(struct ir_arena *a, struct ir_str text, const struct ir_selection *sel,
                       uint32_t nsel, struct ir_node **ret_root, struct ir_err *err)
{
    struct cond c = {.a = a, .text = text, .sel = sel, .nsel = nsel, .err = err};
    advance(&c);
    struct ir_node *root = parse_or(&c);
    if (root != NULL && c.tok.n > 0)
        root = fail(&c, ir_str_starts(c.tok, IR_S("|")) ? aggregation : "unexpected word");
    if (root == NULL) return IR_BAD;
    *ret_root = root;
    return IR_OK;
}
