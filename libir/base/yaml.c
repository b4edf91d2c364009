/*
 * libyaml's events to trees. libyaml checks the grammar; this file bounds what a hostile rule may
 * cost.
 */
#include "base/yaml.h"

#include "base/intl.h"

#include <yaml.h>

struct anchor {
    struct ir_str name;
    const struct ir_yaml *node;
    struct anchor *older;
};

struct builder {
    struct ir_arena *arena;
    yaml_parser_t parser;
    struct anchor *anchors;
    struct ir_err *err;
    struct {
        struct ir_yaml *node;
        struct ir_yaml **tail;
        bool want_key;
        unsigned keys;
        struct ir_str key;
    } stack[IR_YAML_DEPTH_MAX];
    unsigned depth;
    uint32_t nodes;
    struct ir_yaml *root;
};

static int fail(struct builder *b, uint32_t line, const char *what)
{
    ir_err_at(b->err, NULL, -1, line);
    return ir_fail(b->err, IR_BAD, "%s", what);
}

static int parser_fail(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    ir_err_at(b->err, NULL, -1, (int64_t)p->problem_mark.line + 1);
    return ir_fail(b->err, IR_BAD, "not YAML: %-s", p->problem ? p->problem : N_("cannot be read"));
}

static int set_anchor(struct builder *b, const yaml_char_t *name, const struct ir_yaml *node)
{
    if (name == NULL) return IR_OK;
    struct anchor *a = ir_arena_alloc(b->arena, sizeof *a);
    if (a == NULL) return fail(b, node->line, "out of memory");
    *a = (struct anchor){ir_arena_dup(b->arena, ir_str_z((const char *)name)), node, b->anchors};
    b->anchors = a;
    return IR_OK;
}

/* What `<<` brings stands behind the map's own keys, without those that it has. */
static int merge_into(struct builder *b, struct ir_yaml *map, struct ir_yaml ***tail,
                      const struct ir_yaml *from)
{
    for (const struct ir_yaml *k = from->kids; k != NULL; k = k->next) {
        b->nodes += k->weight;
        if (b->nodes > IR_YAML_NODES_MAX) return fail(b, map->line, "too large a document");
        if (ir_yaml_get(map, k->key.p) != NULL) continue;
        struct ir_yaml *copy = ir_arena_alloc(b->arena, sizeof *copy);
        if (copy == NULL) return fail(b, map->line, "out of memory");
        *copy = *k;
        copy->next = NULL;
        **tail = copy;
        *tail = &copy->next;
        map->weight += k->weight;
    }
    return IR_OK;
}

/* The YAML merge key (<<: *base, or a list of these), as other readers of rules take it. */
static int merge(struct builder *b, struct ir_yaml *map, struct ir_yaml **tail)
{
    struct ir_yaml **link = &map->kids;
    while (*link != NULL &&
           !(ir_str_eq((*link)->key, IR_S("<<")) && (*link)->kind != IR_YAML_SCALAR))
        link = &(*link)->next;
    const struct ir_yaml *key = *link;
    if (key == NULL) return IR_OK;
    if (tail == &(*link)->next) tail = link;
    *link = key->next;
    const struct ir_yaml *from = key->kind == IR_YAML_LIST ? key->kids : key;
    for (int rc = IR_OK; from != NULL; from = key->kind == IR_YAML_LIST ? from->next : NULL) {
        if (from->kind != IR_YAML_MAP) return fail(b, key->line, "'<<' takes maps only");
        if ((rc = merge_into(b, map, &tail, from)) != IR_OK) return rc;
    }
    return IR_OK;
}

/* Hangs the node where the open container wants it. A scalar in key place becomes the key. */
static int attach(struct builder *b, struct ir_yaml *n)
{
    if (b->depth == 0) {
        b->root = n;
        return IR_OK;
    }
    struct ir_yaml *parent = b->stack[b->depth - 1].node;
    if (parent->kind == IR_YAML_MAP) {
        if (b->stack[b->depth - 1].want_key) {
            if (n->kind != IR_YAML_SCALAR) return fail(b, n->line, "a key that is not a word");
            b->stack[b->depth - 1].key = n->text;
            b->stack[b->depth - 1].want_key = false;
            return IR_OK;
        }
        n->key = b->stack[b->depth - 1].key;
        if (++b->stack[b->depth - 1].keys > IR_YAML_KEYS_MAX)
            return fail(b, n->line, "too many keys in one map");
        if (ir_yaml_get(parent, n->key.p) != NULL) {
            ir_err_at(b->err, NULL, -1, n->line);
            return ir_fail(b->err, IR_BAD, "the key '%.80s' stands twice", n->key.p);
        }
        b->stack[b->depth - 1].want_key = true;
    }
    *b->stack[b->depth - 1].tail = n;
    b->stack[b->depth - 1].tail = &n->next;
    parent->weight += n->weight;
    return IR_OK;
}

static struct ir_yaml *new_node(struct builder *b, enum ir_yaml_kind kind, const yaml_event_t *e)
{
    if (++b->nodes > IR_YAML_NODES_MAX) return NULL;
    struct ir_yaml *n = ir_arena_zalloc(b->arena, sizeof *n);
    if (n == NULL) return NULL;
    n->kind = kind;
    n->weight = 1;
    n->line = (uint32_t)e->start_mark.line + 1;
    return n;
}

static int on_scalar(struct builder *b, const yaml_event_t *e)
{
    struct ir_yaml *n = new_node(b, IR_YAML_SCALAR, e);
    if (n == NULL) return fail(b, (uint32_t)e->start_mark.line + 1, "too large a document");
    n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    n->text =
        ir_arena_dup(b->arena, ir_str_n((const char *)e->data.scalar.value, e->data.scalar.length));
    if (n->text.p == NULL) return fail(b, n->line, "out of memory");
    int rc = set_anchor(b, e->data.scalar.anchor, n);
    return rc == IR_OK ? attach(b, n) : rc;
}

static int on_alias(struct builder *b, const yaml_event_t *e)
{
    uint32_t line = (uint32_t)e->start_mark.line + 1;
    struct ir_str name = ir_str_z((const char *)e->data.alias.anchor);
    const struct anchor *a = b->anchors;
    while (a != NULL && !ir_str_eq(a->name, name))
        a = a->older;
    if (a == NULL) return fail(b, line, "an alias without its anchor");
    for (unsigned i = 0; i < b->depth; i++)
        if (b->stack[i].node == a->node) return fail(b, line, "an alias inside its own anchor");
    struct ir_yaml *n = new_node(b, a->node->kind, e);
    b->nodes += a->node->weight;
    if (n == NULL || b->nodes > IR_YAML_NODES_MAX) return fail(b, line, "too large a document");
    *n = *a->node;
    n->next = NULL;
    return attach(b, n);
}

static int on_open(struct builder *b, const yaml_event_t *e, enum ir_yaml_kind kind,
                   const yaml_char_t *anchor)
{
    struct ir_yaml *n = new_node(b, kind, e);
    if (n == NULL) return fail(b, (uint32_t)e->start_mark.line + 1, "too large a document");
    if (b->depth == IR_YAML_DEPTH_MAX) return fail(b, n->line, "nested too deep");
    int rc = set_anchor(b, anchor, n);
    if (rc != IR_OK) return rc;
    b->stack[b->depth].node = n;
    b->stack[b->depth].tail = &n->kids;
    b->stack[b->depth].want_key = kind == IR_YAML_MAP;
    b->stack[b->depth].keys = 0;
    b->depth++;
    return IR_OK;
}

static int on_close(struct builder *b)
{
    struct ir_yaml *n = b->stack[--b->depth].node;
    int rc = n->kind == IR_YAML_MAP ? merge(b, n, b->stack[b->depth].tail) : IR_OK;
    return rc == IR_OK ? attach(b, n) : rc;
}

static int on_event(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT: return on_scalar(b, e);
    case YAML_ALIAS_EVENT: return on_alias(b, e);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, e, IR_YAML_LIST, e->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT: return on_open(b, e, IR_YAML_MAP, e->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return on_close(b);
    default: return IR_OK;
    }
}

int ir_yaml_each(struct ir_arena *arena, struct ir_str text,
                 int (*doc)(void *user, struct ir_yaml *root), void *user, struct ir_err *err)
{
    struct builder b = {.arena = arena, .err = err};
    if (!yaml_parser_initialize(&b.parser)) return ir_fail(err, IR_FATAL, "out of memory");
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    /* with the encoding told, libyaml takes a byte order mark for text */
    if (ir_str_starts(text, IR_S("\xef\xbb\xbf"))) text = ir_str_skip(text, 3);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)text.p, text.n);
    int rc = IR_OK;
    bool done = false;
    while (rc == IR_OK && !done) {
        yaml_event_t e;
        if (!yaml_parser_parse(&b.parser, &e)) {
            rc = parser_fail(&b);
            break;
        }
        rc = on_event(&b, &e);
        if (rc == IR_OK && e.type == YAML_DOCUMENT_END_EVENT) {
            if (b.root != NULL) rc = doc(user, b.root);
            b.root = NULL;
            b.anchors = NULL;
            b.nodes = 0;
        }
        done = e.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&b.parser);
    return rc;
}

static int take_first(void *user, struct ir_yaml *root)
{
    struct ir_yaml **to = user;
    if (*to == NULL) *to = root;
    return IR_OK;
}

int ir_yaml_first(struct ir_arena *arena, struct ir_str text, struct ir_yaml **ret_root,
                  struct ir_err *err)
{
    *ret_root = NULL;
    return ir_yaml_each(arena, text, take_first, ret_root, err);
}

int ir_yaml_wrong(struct ir_err *err, const struct ir_yaml *at, const char *what)
{
    ir_err_at(err, NULL, -1, at != NULL ? at->line : 0);
    return ir_fail(err, IR_BAD, "%s", what);
}

struct ir_yaml *ir_yaml_get(const struct ir_yaml *map, const char *key)
{
    if (map == NULL || map->kind != IR_YAML_MAP) return NULL;
    for (struct ir_yaml *n = map->kids; n != NULL; n = n->next)
        if (strcmp(n->key.p, key) == 0) return n;
    return NULL;
}

struct ir_str ir_yaml_text(const struct ir_yaml *map, const char *key)
{
    const struct ir_yaml *n = ir_yaml_get(map, key);
    bool text = n != NULL && n->kind == IR_YAML_SCALAR && !ir_yaml_is_null(n);
    return text ? n->text : ir_str_n(NULL, 0);
}

bool ir_yaml_is_null(const struct ir_yaml *n)
{
    return n->kind == IR_YAML_SCALAR && n->plain &&
           (n->text.n == 0 || ir_str_eq(n->text, IR_S("~")) || ir_str_eq(n->text, IR_S("null")) ||
            ir_str_eq(n->text, IR_S("Null")) || ir_str_eq(n->text, IR_S("NULL")));
}

bool ir_yaml_bool(const struct ir_yaml *n, bool *ret_v)
{
    if (n->kind != IR_YAML_SCALAR || !n->plain) return false;
    *ret_v = ir_str_ieq(n->text, IR_S("true"));
    return *ret_v || ir_str_ieq(n->text, IR_S("false"));
}

struct ir_yaml *ir_yaml_merge(struct ir_arena *arena, const struct ir_yaml *base,
                              const struct ir_yaml *over)
{
    struct ir_yaml *m = ir_arena_alloc(arena, sizeof *m);
    if (m == NULL) return NULL;
    *m = over != NULL ? *over : *base;
    m->next = NULL;
    if (over == NULL || base->kind != IR_YAML_MAP || over->kind != IR_YAML_MAP) return m;
    struct ir_yaml **tail = &m->kids;
    for (const struct ir_yaml *k = base->kids; k != NULL; k = k->next) {
        const struct ir_yaml *o = ir_yaml_get(over, k->key.p);
        struct ir_yaml *c = ir_yaml_merge(arena, k, o);
        if (c == NULL) return NULL;
        c->key = k->key;
        *tail = c;
        tail = &c->next;
    }
    for (const struct ir_yaml *o = over->kids; o != NULL; o = o->next) {
        if (ir_yaml_get(base, o->key.p) != NULL) continue;
        struct ir_yaml *c = ir_arena_alloc(arena, sizeof *c);
        if (c == NULL) return NULL;
        *c = *o;
        *tail = c;
        tail = &c->next;
    }
    *tail = NULL;
    return m;
}
