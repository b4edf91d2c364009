/*
 * YAML documents to rules: attributes, and which of the three kinds a document is. Legacy
 * collections
 * (`action: global|reset|repeat`) are merged here. Unknown keys are ignored, as the specification
 * says.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/review.h"

struct file_load {
    struct ir_rules *rs;
    const char *path;
    const struct ir_yaml *global, *previous; /* legacy actions */
    bool shared_id; /* the document has its id from a global one, as others have */
    struct ir_err err;
};

static void add_note(struct ir_rules *rs, struct ir_note_list *list, struct ir_rules_failure f)
{
    struct ir_rules_note *n = ir_arena_zalloc(&rs->arena, sizeof *n);
    struct ir_str text = ir_arena_dup(&rs->arena, ir_str_z(f.reason));
    if (n == NULL || text.p == NULL) return;
    n->f = f;
    n->f.reason = text.p;
    if (list->tail == NULL) list->tail = &list->first;
    *list->tail = n;
    list->tail = &n->next;
    list->n++;
}

void ir_rules_note(struct ir_rules *rs, struct ir_note_list *list, const char *path, uint64_t line,
                   const char *fmt, ...)
{
    char msg[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    add_note(rs, list, (struct ir_rules_failure){path, line, msg, false});
}

void ir_rules_doubt(struct ir_rules *rs, const char *path, uint64_t line, const char *fmt, ...)
{
    char msg[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    add_note(rs, &rs->warnings, (struct ir_rules_failure){path, line, msg, true});
}

/* A list of texts (or one) of the document, views into the tree. */
static const struct ir_str *text_list(struct ir_arena *a, const struct ir_yaml *doc,
                                      const char *key, size_t *ret_n)
{
    const struct ir_yaml *n = ir_yaml_get(doc, key);
    *ret_n = 0;
    if (n == NULL || n->kind == IR_YAML_MAP || n->weight > IR_YAML_NODES_MAX) return NULL;
    struct ir_str *out = ir_arena_alloc(a, n->weight * sizeof *out);
    if (out == NULL) return NULL;
    const struct ir_yaml *k = n->kind == IR_YAML_LIST ? n->kids : n;
    for (; k != NULL; k = n->kind == IR_YAML_LIST ? k->next : NULL)
        if (k->kind == IR_YAML_SCALAR && k->text.n > 0) out[(*ret_n)++] = k->text;
    return out;
}

int ir_level_of(struct ir_str s)
{
    static const char *const names[] = {"informational", "low", "medium", "high", "critical"};
    for (int i = 0; i < 5; i++)
        if (ir_str_ieq(s, ir_str_z(names[i]))) return i;
    return -1;
}

static int load_info(struct ir_build *b, struct file_load *fl, const struct ir_yaml *doc,
                     struct ir_rule_info *i)
{
    i->path = fl->path;
    i->line = doc->kids ? doc->kids->line : doc->line;
    i->id = ir_yaml_text(doc, "id");
    i->name = ir_yaml_text(doc, "name");
    i->title = ir_yaml_text(doc, "title");
    i->description = ir_yaml_text(doc, "description");
    i->status = ir_yaml_text(doc, "status");
    i->author = ir_yaml_text(doc, "author");
    i->next = ir_yaml_text(doc, "next");
    i->title_ja = ir_yaml_text(doc, "title_ja");
    i->description_ja = ir_yaml_text(doc, "description_ja");
    i->next_ja = ir_yaml_text(doc, "next_ja");
    struct ir_str level = ir_yaml_text(doc, "level");
    i->level = ir_level_of(level);
    if (level.n > 0 && i->level < 0)
        return ir_load_fail(b, ir_yaml_get(doc, "level")->line, "unknown level '%.*s'",
                            IR_FMT(ir_str_head(level, 40)));
    if (i->title.n == 0) return ir_load_fail(b, (uint32_t)i->line, "'title' is missing");
    i->tags = text_list(b->arena, doc, "tags", &i->ntags);
    i->falsepositives = text_list(b->arena, doc, "falsepositives", &i->nfalsepositives);
    i->falsepositives_ja = text_list(b->arena, doc, "falsepositives_ja", &i->nfalsepositives_ja);
    if (i->id.n == 0) i->id = i->name.n > 0 ? i->name : i->title;
    return IR_OK;
}

static int load_logsource(struct ir_build *b, const struct ir_yaml *doc)
{
    const struct ir_yaml *n = ir_yaml_get(doc, "logsource");
    if (n == NULL) return ir_load_fail(b, doc->line, "'logsource' is missing");
    if (n->kind != IR_YAML_MAP) return ir_load_fail(b, n->line, "'logsource' must be a map");
    b->logsource = (struct ir_logsource){ir_yaml_text(n, "category"), ir_yaml_text(n, "product"),
                                         ir_yaml_text(n, "service")};
    if (b->logsource.category.n + b->logsource.product.n + b->logsource.service.n == 0)
        return ir_load_fail(b, n->line, "'logsource' names no category, product or service");
    return IR_OK;
}

static int load_detection(struct ir_build *b, const struct ir_yaml *doc, struct ir_rule *r)
{
    static const char *const skip[] = {"condition", "timeframe", NULL};
    r->info.kind = IR_RULE_DETECTION;
    int rc = load_logsource(b, doc);
    r->info.logsource = b->logsource;
    return rc == IR_OK ? ir_body_build(b, ir_yaml_get(doc, "detection"), skip, r) : rc;
}

static int load_filter(struct ir_build *b, const struct ir_yaml *doc, struct ir_rule *r)
{
    static const char *const skip[] = {"condition", "rules", NULL};
    const struct ir_yaml *f = ir_yaml_get(doc, "filter"), *rules = ir_yaml_get(f, "rules");
    size_t n;
    r->info.kind = IR_RULE_FILTER;
    int rc = load_logsource(b, doc);
    r->info.logsource = b->logsource;
    if (rc == IR_OK && rules == NULL) rc = ir_load_fail(b, f->line, "'rules' is missing");
    if (rc == IR_OK && (rules->kind == IR_YAML_MAP || ir_yaml_is_null(rules)))
        rc = ir_load_fail(b, rules->line, "'rules' must be a list of ids or names, or 'any'");
    if (rc == IR_OK) rc = ir_body_build(b, f, skip, r);
    if (rc != IR_OK) return rc;
    r->filter_doc = f;
    r->filter_refs = text_list(b->arena, f, "rules", &n);
    if (r->filter_refs == NULL) return ir_load_fail(b, rules->line, "out of memory");
    if (n == 0 && rules->kids != NULL)
        return ir_load_fail(b, rules->line, "'rules' must be ids or names");
    r->nfilter_refs = (uint32_t)n;
    if (n == 1 && ir_str_ieq(r->filter_refs[0], IR_S("any"))) r->nfilter_refs = 0;
    return IR_OK;
}

static bool push(struct ir_rule ***list, size_t *n, size_t *cap, struct ir_rule *r)
{
    if (*n == *cap) {
        size_t want = *cap ? *cap * 2 : 256;
        struct ir_rule **p = realloc(*list, want * sizeof *p);
        if (p == NULL) return false;
        *list = p;
        *cap = want;
    }
    (*list)[(*n)++] = r;
    return true;
}

/* Something in the tree turns the selection round. */
static bool negates(const struct ir_node *n)
{
    if (n->op == IR_NODE_NOT || (n->item != NULL && n->item->negate)) return true;
    for (uint32_t i = 0; i < n->nkids; i++)
        if (negates(n->kids[i])) return true;
    return false;
}

static int keep_filter(struct file_load *fl, struct ir_rule *r)
{
    struct ir_rules *rs = fl->rs;
    if (r->root != NULL && !negates(r->root))
        ir_rules_doubt(rs, r->info.path, r->info.line,
                       "the filter's condition has no 'not': its rules are left with what it "
                       "selects; to silence that, write 'not'");
    return push(&rs->filter, &rs->nfilters, &rs->capfilters, r) ? IR_OK : IR_FATAL;
}

static int keep(struct file_load *fl, struct ir_rule *r)
{
    struct ir_rules *rs = fl->rs;
    if (r->info.kind == IR_RULE_FILTER) return keep_filter(fl, r);
    const struct ir_str refs[] = {r->info.id, r->info.name};
    /* a title stands for a missing id, but nobody refers to it */
    bool used[] = {refs[0].p != r->info.title.p, refs[1].n > 0};
    for (int i = 0; i < 2; i++) { /* all are looked at before one is taken */
        uint32_t at = used[i] ? ir_map_find(&rs->by_ref, refs[i]) : UINT32_MAX;
        if (at == UINT32_MAX) continue;
        const struct ir_rule_info *o = &rs->rule[rs->by_ref.items[at].value]->info;
        if (!fl->shared_id || o->path != fl->path)
            return ir_fail(&fl->err, IR_BAD, "the id or name '%.*s' is taken by %s:%llu",
                           IR_FMT(ir_str_head(refs[i], 60)), o->path, (unsigned long long)o->line);
        used[i] = false;
    }
    for (int i = 0; i < 2; i++) {
        uint32_t *at = used[i] ? ir_map_put(&rs->by_ref, refs[i], NULL) : NULL;
        if (at != NULL) *at = (uint32_t)rs->nrules;
        if (at == NULL && used[i]) return IR_FATAL;
    }
    r->number = (uint32_t)rs->nrules;
    return push(&rs->rule, &rs->nrules, &rs->caprules, r) ? IR_OK : IR_FATAL;
}

static int load_document(struct file_load *fl, const struct ir_yaml *doc)
{
    struct ir_rules *rs = fl->rs;
    struct ir_buf waits = IR_BUF(4096);
    struct ir_build b = ir_rules_build(rs, (struct ir_logsource){0}, &waits, &fl->err);
    struct ir_rule *r = ir_arena_zalloc(&rs->arena, sizeof *r);
    if (r == NULL) return IR_FATAL;
    int rc = load_info(&b, fl, doc, &r->info);
    if (rc == IR_OK && ir_yaml_get(doc, "correlation") != NULL) {
        r->info.kind = IR_RULE_CORRELATION;
        rc = ir_corr_build(&b, ir_yaml_get(doc, "correlation"), &r->corr);
    } else if (rc == IR_OK && ir_yaml_get(doc, "filter") != NULL) {
        rc = load_filter(&b, doc, r);
    } else if (rc == IR_OK && ir_yaml_get(doc, "detection") != NULL) {
        rc = load_detection(&b, doc, r);
    } else if (rc == IR_OK) {
        rc = ir_load_fail(&b, doc->line, "neither 'detection', 'correlation' nor 'filter'");
    }
    if (rc == IR_OK) ir_review_rule(&(struct ir_review){rs, fl->path}, doc, r);
    if (rc == IR_OK && waits.n > 0) {
        r->info.waits = ir_arena_dup(&rs->arena, ir_buf_view(&waits));
        r->root = NULL;
    }
    ir_buf_free(&waits);
    return rc == IR_OK ? keep(fl, r) : rc;
}

/* Legacy collections: a global document is laid under the ones that follow it. Returns what to
 * load, or NULL for a document that is only an action. */
static const struct ir_yaml *apply_action(struct file_load *fl, struct ir_yaml *doc)
{
    struct ir_str action = ir_yaml_text(doc, "action");
    const struct ir_yaml *whole = doc;
    fl->shared_id = false;
    if (ir_str_eq(action, IR_S("global"))) {
        fl->global = doc;
        return NULL;
    }
    if (ir_str_eq(action, IR_S("reset"))) {
        fl->global = NULL;
        return NULL;
    }
    if (ir_str_eq(action, IR_S("repeat")) && fl->previous != NULL)
        whole = ir_yaml_merge(&fl->rs->arena, fl->previous, doc);
    else if (fl->global != NULL)
        whole = ir_yaml_merge(&fl->rs->arena, fl->global, doc);
    fl->previous = whole;
    fl->shared_id = whole != doc && ir_yaml_get(doc, "id") == NULL;
    return whole;
}

static int on_document(void *user, struct ir_yaml *doc)
{
    struct file_load *fl = user;
    if (ir_yaml_is_null(doc)) return IR_OK; /* an empty document between two "---" */
    const struct ir_yaml *whole = apply_action(fl, doc);
    if (whole == NULL) return IR_OK;
    fl->err = (struct ir_err){.line = doc->line};
    int rc = whole->kind == IR_YAML_MAP ? load_document(fl, whole)
                                        : ir_fail(&fl->err, IR_BAD, "not a map: not a rule");
    if (rc == IR_BAD)
        ir_rules_note(fl->rs, &fl->rs->failures, fl->path, (uint64_t)fl->err.line, "%s",
                      fl->err.msg);
    return rc == IR_BAD ? IR_OK : rc;
}

int ir_rules_add(struct ir_rules *rs, const char *path, struct ir_str yaml)
{
    struct ir_str copy = ir_arena_dup(&rs->arena, ir_str_z(path));
    if (copy.p == NULL) return IR_FATAL;
    struct file_load fl = {.rs = rs, .path = copy.p};
    struct ir_err err = {0};
    int rc = ir_yaml_each(&rs->arena, yaml, on_document, &fl, &err);
    if (rc == IR_BAD) {
        ir_rules_note(rs, &rs->failures, copy.p, (uint64_t)err.line, "%s", err.msg);
        rc = IR_OK;
    }
    return rc;
}
