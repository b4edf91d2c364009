/*
 * Filters that people type. See query.h. The text comes from the user, not from a log; limits keep
 * a mistake from costing more than a message.
 */
#include "rules/query.h"

#include <stdlib.h>

#include "base/buf.h"
#include "event/extra.h"
#include "rules/condition.h"
#include "rules/eval.h"
#include "rules/load.h"

#define DEPTH_MAX 64u
#define TEXT_MAX  65536u
#define TERMS_MAX 1024u /* side by side */

#define SHORT_FOR 8u /* fields that a short name stands for, at most */

struct term { /* of those that name a field */
    struct ir_str name;
    struct ir_node *item[SHORT_FOR];
    uint32_t n;
    bool seen;
    struct term *next;
};

struct ir_query {
    struct ir_arena arena;
    struct ir_regex_link *regexes;
    struct ir_node *root;
    struct ir_eval eval;
    struct term *terms, **last;
    uint32_t unseen, asks;
    bool wants_all, open;
};

struct parser {
    struct ir_query *q;
    struct ir_build build;
    struct ir_str all, rest;
    struct ir_err *err;
    unsigned depth;
};

/* Short names for what is asked most; several rows: any of them. */
static const struct {
    const char *name, *field;
} shorts[] = {
    {"ip", "source.ip"},
    {"ip", "destination.ip"},
    {"src", "source.ip"},
    {"dst", "destination.ip"},
    {"user", "user.name"},
    {"host", "host.name"},
    {"program", "process.name"},
    {"action", "event.action"},
    {"outcome", "event.outcome"},
    {"url", "url.original"},
    {"status", "http.response.status_code"},
};

static void skip_blanks(struct parser *p)
{
    while (p->rest.n > 0 && (p->rest.p[0] == ' ' || p->rest.p[0] == '\t' || p->rest.p[0] == '\n'))
        p->rest = ir_str_skip(p->rest, 1);
}

static int wrong(struct parser *p, const char *what)
{
    return ir_fail(p->err, IR_BAD, "%-s at character %zu", what, p->all.n - p->rest.n + 1);
}

/* A bare word, whatever its case; it ends at a blank, a parenthesis or the end. */
static bool take_word(struct parser *p, const char *word)
{
    const size_t n = strlen(word);
    skip_blanks(p);
    if (!ir_str_istarts(p->rest, ir_str_z(word))) return false;
    if (p->rest.n > n && strchr(" \t\n()", p->rest.p[n]) == NULL) return false;
    p->rest = ir_str_skip(p->rest, n);
    return true;
}

static bool take_char(struct parser *p, char c)
{
    skip_blanks(p);
    if (p->rest.n == 0 || p->rest.p[0] != c) return false;
    p->rest = ir_str_skip(p->rest, 1);
    return true;
}

/* The word stands next, and is not taken. */
static bool at_word(struct parser *p, const char *word)
{
    const struct ir_str rest = p->rest;
    bool is = take_word(p, word);
    p->rest = rest;
    return is;
}

/* How much of s may be the name of a field. */
static size_t name_length(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && (ir_isalnum(s.p[n]) || (unsigned char)s.p[n] >= 0x80 ||
                       (s.p[n] != '\0' && strchr("_.-@|", s.p[n]) != NULL)))
        n++;
    return n;
}

/* The name before a colon; empty: there is none. */
static struct ir_str take_field(struct parser *p)
{
    size_t n = name_length(p->rest);
    if (n == 0 || n >= p->rest.n || p->rest.p[n] != ':') return ir_str_n("", 0);
    struct ir_str field = ir_str_head(p->rest, n);
    p->rest = ir_str_skip(p->rest, n + 1);
    return field;
}

/* "user=root", "status >= 500", "{user: root}": as text they would be found nowhere, and look like
 * an answer. */
static bool other_grammar(struct ir_str s)
{
    const size_t n = name_length(s), signs = strspn(s.p + n, "=!<>:");
    if (n == 0) return s.p[0] == '{' || s.p[0] == '=' || s.p[0] == ':' || signs == s.n;
    if (signs == 0) return false;
    for (size_t i = 0; ir_query_known(i) != NULL; i++)
        if (ir_str_eq(ir_str_head(s, n), ir_str_z(ir_query_known(i)))) return true;
    return false;
}

/* Between quotes everything stands for itself, so wildcards are escaped as Sigma wants it. */
static int take_quoted(struct parser *p, struct ir_buf *out)
{
    struct ir_str s = ir_str_skip(p->rest, 1);
    for (; s.n > 0 && s.p[0] != '"'; s = ir_str_skip(s, 1)) {
        if (s.p[0] == '\\' && s.n > 1 && (s.p[1] == '"' || s.p[1] == '\\')) s = ir_str_skip(s, 1);
        if (s.p[0] == '*' || s.p[0] == '?' || s.p[0] == '\\') ir_buf_chr(out, '\\');
        ir_buf_chr(out, s.p[0]);
    }
    if (s.n == 0) return wrong(p, "a quote that is not closed");
    p->rest = ir_str_skip(s, 1);
    return IR_OK;
}

static void take_plain(struct parser *p, struct ir_buf *out)
{
    size_t n = 0;
    while (n < p->rest.n && strchr(" \t\n()", p->rest.p[n]) == NULL)
        n++;
    ir_buf_str(out, ir_str_head(p->rest, n));
    p->rest = ir_str_skip(p->rest, n);
}

/* What the value's shape says: ">=5" a comparison, "192.0.2.0/24" a network. */
static const char *modifier_of(struct ir_str *value)
{
    static const struct {
        const char *sign, *modifier;
    } rows[] = {{">=", "|gte"}, {"<=", "|lte"}, {">", "|gt"}, {"<", "|lt"}};
    struct ir_cidr net;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ir_str_starts(*value, ir_str_z(rows[i].sign))) {
            *value = ir_str_skip(*value, strlen(rows[i].sign));
            return rows[i].modifier;
        }
    return ir_str_chr(*value, '/') != IR_NPOS && ir_cidr_parse(*value, &net) ? "|cidr" : "";
}

static int make_item(struct parser *p, struct ir_str field, const char *modifier,
                     struct ir_str value, bool plain, struct ir_node **ret_n)
{
    struct ir_arena *a = &p->q->arena;
    struct ir_buf key = IR_BUF(TEXT_MAX);
    ir_buf_str(&key, field);
    ir_buf_str(&key, ir_str_z(modifier));
    struct ir_yaml node = {.kind = IR_YAML_SCALAR, .plain = plain, .line = 1};
    node.key = ir_arena_dup(a, ir_buf_view(&key));
    node.text = ir_arena_dup(a, value);
    ir_buf_free(&key);
    *ret_n = ir_node_new(a, IR_NODE_ITEM, 0);
    if (node.key.p == NULL || node.text.p == NULL || *ret_n == NULL)
        return ir_fail(p->err, IR_FATAL, "out of memory");
    if (field.n == 0) p->q->wants_all = true;
    return ir_item_build(&p->build, node.key, &node, &(*ret_n)->item);
}

static int note_term(struct parser *p, struct ir_str name, struct ir_node *const *kid, uint32_t n)
{
    struct term *t = ir_arena_zalloc(&p->q->arena, sizeof *t);
    if (t == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    t->name = ir_arena_dup(&p->q->arena, name);
    if (t->name.p == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    for (t->n = 0; t->n < n; t->n++) {
        t->item[t->n] = kid[t->n];
        for (const uint32_t *id = kid[t->n]->item->fields; id != NULL && *id != 0; id++)
            p->q->asks |= ir_extra_of(*id);
    }
    *p->q->last = t;
    p->q->last = &t->next;
    p->q->unseen++;
    return IR_OK;
}

/* One item, or one for each field that a short name stands for. */
static int make_term(struct parser *p, struct ir_str field, struct ir_str value, bool plain,
                     struct ir_node **ret_n)
{
    const struct ir_str name = ir_str_head(field, ir_str_chr(field, '|'));
    const struct ir_str more = ir_str_skip(field, name.n);
    const char *modifier = plain && field.n > 0 && more.n == 0 ? modifier_of(&value) : "";
    uint32_t n = 0;
    struct ir_node *kid[SHORT_FOR];
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
        if (!ir_str_eq(name, ir_str_z(shorts[i].name))) continue;
        struct ir_buf full = IR_BUF(TEXT_MAX);
        ir_buf_str(&full, ir_str_z(shorts[i].field));
        ir_buf_str(&full, more);
        int rc = make_item(p, ir_buf_view(&full), modifier, value, plain, &kid[n++]);
        ir_buf_free(&full);
        if (rc != IR_OK) return rc;
    }
    if (n == 0) {
        int rc = make_item(p, field, modifier, value, plain, ret_n);
        return rc == IR_OK && name.n > 0 ? note_term(p, name, ret_n, 1) : rc;
    }
    if (note_term(p, name, kid, n) != IR_OK) return IR_FATAL;
    *ret_n = ir_node_new(&p->q->arena, IR_NODE_OR, n);
    if (*ret_n == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    memcpy((*ret_n)->kids, kid, n * sizeof *kid);
    return IR_OK;
}

static int parse_or(struct parser *p, struct ir_node **ret_n);

static int parse_term(struct parser *p, struct ir_node **ret_n)
{
    if (take_char(p, '(')) {
        if (++p->depth > DEPTH_MAX) return wrong(p, "parentheses nested too deep");
        int rc = parse_or(p, ret_n);
        p->depth--;
        if (rc == IR_OK && !take_char(p, ')')) rc = wrong(p, "a parenthesis that is not closed");
        return rc;
    }
    if (p->rest.n == 0 || p->rest.p[0] == ')' || at_word(p, "and") || at_word(p, "or"))
        return wrong(p, "a term is missing");
    struct ir_buf value = IR_BUF(TEXT_MAX * 2);
    const struct ir_str field = take_field(p);
    const bool quoted = p->rest.n > 0 && p->rest.p[0] == '"';
    int rc = IR_OK;
    if (quoted)
        rc = take_quoted(p, &value);
    else
        take_plain(p, &value);
    if (rc == IR_OK && value.n == 0 && !quoted) rc = wrong(p, "a value is missing");
    if (rc == IR_OK && !quoted && field.n == 0 && other_grammar(ir_buf_view(&value)))
        rc = ir_fail(p->err, IR_BAD,
                     "'%.*s': a field and its value are written as in user:root or status:>=500; "
                     "text goes in double quotes",
                     IR_FMT(ir_str_head(ir_buf_view(&value), 80)));
    if (rc == IR_OK) rc = make_term(p, field, ir_buf_view(&value), !quoted, ret_n);
    ir_buf_free(&value);
    return rc;
}

static int parse_not(struct parser *p, struct ir_node **ret_n)
{
    bool negate = false;
    while (take_word(p, "not") || take_char(p, '!'))
        negate = !negate;
    struct ir_node *kid;
    int rc = parse_term(p, &kid);
    if (rc != IR_OK || !negate) {
        if (rc == IR_OK) *ret_n = kid;
        return rc;
    }
    *ret_n = ir_node_new(&p->q->arena, IR_NODE_NOT, 1);
    if (*ret_n == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    (*ret_n)->kids[0] = kid;
    return IR_OK;
}

/* Several kids under one node, or the only one by itself. */
static int join(struct parser *p, enum ir_node_op op, struct ir_node **kid, uint32_t n,
                struct ir_node **ret_n)
{
    *ret_n = n == 1 ? kid[0] : ir_node_new(&p->q->arena, op, n);
    if (*ret_n == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    if (n > 1) memcpy((*ret_n)->kids, kid, n * sizeof *kid);
    return IR_OK;
}

static int parse_and(struct parser *p, struct ir_node **ret_n)
{
    struct ir_node **kid = ir_arena_alloc(&p->q->arena, TERMS_MAX * sizeof *kid);
    uint32_t n = 0;
    if (kid == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    do {
        if (n == TERMS_MAX) return wrong(p, "too many terms");
        int rc = parse_not(p, &kid[n++]);
        if (rc != IR_OK) return rc;
        skip_blanks(p);
    } while (take_word(p, "and") || (p->rest.n > 0 && p->rest.p[0] != ')' && !at_word(p, "or")));
    return join(p, IR_NODE_AND, kid, n, ret_n);
}

static int parse_or(struct parser *p, struct ir_node **ret_n)
{
    struct ir_node **kid = ir_arena_alloc(&p->q->arena, TERMS_MAX * sizeof *kid);
    uint32_t n = 0;
    if (kid == NULL) return ir_fail(p->err, IR_FATAL, "out of memory");
    do {
        if (n == TERMS_MAX) return wrong(p, "too many terms");
        int rc = parse_and(p, &kid[n++]);
        if (rc != IR_OK) return rc;
    } while (take_word(p, "or"));
    return join(p, IR_NODE_OR, kid, n, ret_n);
}

struct ir_query *ir_query_new(struct ir_names *names, struct ir_str text, struct ir_err *err)
{
    struct ir_query *q = calloc(1, sizeof *q);
    struct ir_buf waits = IR_BUF(4096);
    if (q == NULL) {
        ir_fail(err, IR_FATAL, "out of memory");
        return NULL;
    }
    q->arena = IR_ARENA((size_t)64 << 20);
    q->last = &q->terms;
    struct parser p = {.q = q, .all = text, .rest = text, .err = err};
    p.build = (struct ir_build){
        .arena = &q->arena, .names = names, .waits = &waits, .regexes = &q->regexes, .err = err};
    int rc = text.n > TEXT_MAX ? ir_fail(err, IR_BAD, "a filter that is too long")
                               : parse_or(&p, &q->root);
    skip_blanks(&p);
    if (rc == IR_OK && p.rest.n > 0) rc = wrong(&p, "something that does not belong there");
    if (rc == IR_OK && waits.n > 0) rc = ir_fail(err, IR_BAD, "placeholders have no values here");
    if (rc == IR_OK) {
        q->open = true;
        if (!ir_eval_open(&q->eval)) rc = ir_fail(err, IR_FATAL, "out of memory");
    }
    ir_buf_free(&waits);
    if (rc == IR_OK) return q;
    ir_query_free(q);
    return NULL;
}

void ir_query_free(struct ir_query *q)
{
    if (q == NULL) return;
    for (struct ir_regex_link *l = q->regexes; l != NULL; l = l->next)
        pcre2_code_free(l->code);
    if (q->open) ir_eval_close(&q->eval);
    ir_arena_free(&q->arena);
    free(q);
}

bool ir_query_wants_all(const struct ir_query *q)
{
    return q->wants_all;
}

uint32_t ir_query_asks(const struct ir_query *q)
{
    return q->asks;
}

static const char *const fields[] = {
#define FIELD(id, name) name,
#include "event/fields.def"
#undef FIELD
};

#define NSHORTS (sizeof shorts / sizeof *shorts)
#define NFIELDS (sizeof fields / sizeof *fields)

const char *ir_query_known(size_t i)
{
    if (i < NSHORTS) return shorts[i].name;
    return i - NSHORTS < NFIELDS ? fields[i - NSHORTS] : NULL;
}

bool ir_query_field(const struct ir_query *q, size_t i, struct ir_query_field *ret_f)
{
    const struct term *t = q->terms;
    for (; t != NULL && i > 0; i--)
        t = t->next;
    if (t == NULL) return false;
    *ret_f = (struct ir_query_field){.name = t->name, .seen = t->seen};
    for (size_t k = 0; ir_query_known(k) != NULL; k++)
        ret_f->known |= ir_str_eq(t->name, ir_str_z(ir_query_known(k)));
    if (!ret_f->known) ret_f->instead = ir_alias_meaning(t->name);
    return true;
}

static bool has_any(const struct ir_event *ev, const struct ir_item *it)
{
    for (const uint32_t *id = it->fields; id != NULL && *id != 0; id++)
        for (uint32_t v = 0; v < ev->nviews; v++)
            if (ir_event_get(ev, *id, v).p != NULL) return true;
    return false;
}

static void look(struct ir_query *q, const struct ir_event *ev)
{
    for (struct term *t = q->terms; t != NULL; t = t->next) {
        for (uint32_t i = 0; i < t->n && !t->seen; i++) {
            t->seen = has_any(ev, t->item[i]->item);
            q->unseen -= t->seen;
        }
    }
}

/* In any view; what says `neq` must hold in all. */
static bool item_fits(struct ir_eval *e, const struct ir_item *it)
{
    for (e->view = 0; e->view < e->ev->nviews; e->view++)
        if (ir_eval_item(e, it) != it->negate) return !it->negate;
    return it->negate;
}

static bool fits(struct ir_eval *e, const struct ir_node *n)
{
    if (n->op == IR_NODE_ITEM) return item_fits(e, n->item);
    if (n->op == IR_NODE_NOT) return !fits(e, n->kids[0]);
    const bool any = n->op == IR_NODE_OR;
    for (uint32_t i = 0; i < n->nkids; i++)
        if (fits(e, n->kids[i]) == any) return any;
    return !any;
}

bool ir_query_match(struct ir_query *q, struct ir_event *ev)
{
    if (q->unseen > 0) look(q, ev);
    ir_eval_begin(&q->eval, ev);
    return fits(&q->eval, q->root);
}
