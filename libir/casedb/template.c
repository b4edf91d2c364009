/*
 * Templates of reports: reading and checking them. See template.h. A template may come from
 * anywhere: keys that are not known are refused (a misspelt one would leave out what a report must
 * say), parts that hold themselves are found before anything is made of them.
 */
#include "casedb/template.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/intl.h"

#define ARENA_MAX  ((size_t)64 << 20)
#define BLOCKS_MAX 10000u

struct ir_templates {
    struct ir_arena arena;
    struct ir_template v[IR_TEMPLATES_MAX];
    size_t n;
    const struct ir_yaml *words;
};

/* For each kind of block: its key, and what may stand beside it. */
static const struct {
    const char *key, *beside[5];
} blocks[IR_BLOCK_MAX] = {
    [IR_BLOCK_HEADING] = {"heading", {"level"}},
    [IR_BLOCK_TEXT] = {"text", {"style"}},
    [IR_BLOCK_FACTS] = {"facts", {"plain"}},
    [IR_BLOCK_TABLE] = {"table", {"columns", "by", "empty", "limit", "last"}},
    [IR_BLOCK_LIST] = {"list", {"item", "empty", "limit", "last"}},
    [IR_BLOCK_IF] = {"if", {"is", "then", "else"}},
    [IR_BLOCK_INCLUDE] = {"include", {NULL}},
    [IR_BLOCK_MISSING] = {"missing", {NULL}},
    [IR_BLOCK_DIFFERENCE] = {"difference", {"since", "empty", "never"}},
};

static int wrong(struct ir_err *err, const struct ir_yaml *at, const char *what)
{
    ir_err_at(err, NULL, -1, at->line);
    if (at->key.n > 0)
        return ir_fail(err, IR_BAD, N_("template: %.*s: %-s"), IR_FMT(ir_str_head(at->key, 80)),
                       what);
    return ir_fail(err, IR_BAD, N_("template: %-s"), what);
}

enum ir_block_key ir_block_key(const struct ir_yaml *block, const struct ir_yaml **ret_value)
{
    for (unsigned k = 0; k < IR_BLOCK_MAX; k++)
        if ((*ret_value = ir_yaml_get(block, blocks[k].key)) != NULL) return (enum ir_block_key)k;
    return IR_BLOCK_MAX;
}

struct ir_str ir_words(const struct ir_yaml *n, bool ja)
{
    if (n == NULL) return ir_str_n(NULL, 0);
    if (n->kind == IR_YAML_SCALAR) return n->text;
    struct ir_str said = ir_yaml_text(n, ja ? "ja" : "en");
    return said.p != NULL ? said : ir_yaml_text(n, "en");
}

int ir_words_next(struct ir_str *rest, struct ir_str *ret_plain, struct ir_str *ret_name,
                  struct ir_str *ret_filter, struct ir_err *err)
{
    *ret_name = *ret_filter = ir_str_n(NULL, 0);
    const size_t open = ir_str_chr(*rest, '{');
    if (open == IR_NPOS) {
        *ret_plain = *rest;
        *rest = ir_str_n(NULL, 0);
        return IR_OK;
    }
    if (open + 1 < rest->n && rest->p[open + 1] == '{') {
        *ret_plain = ir_str_head(*rest, open + 1);
        *rest = ir_str_skip(*rest, open + 2);
        return IR_OK;
    }
    *ret_plain = ir_str_head(*rest, open);
    struct ir_str inside = ir_str_skip(*rest, open + 1);
    const size_t close = ir_str_chr(inside, '}');
    if (close == IR_NPOS || close == 0)
        return ir_fail(err, IR_BAD, "a brace without its end; a brace of the text is written {{");
    *rest = ir_str_skip(inside, close + 1);
    inside = ir_str_head(inside, close);
    *ret_name = ir_str_cut(&inside, '|');
    *ret_filter = inside;
    return IR_OK;
}

bool ir_filter_known(struct ir_str name)
{
    static const char *const known[] = {"time", "minute", "utc",   "date",   "day",
                                        "word", "defang", "plain", "number", "value"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ir_str_eq(name, ir_str_z(known[i]))) return true;
    return false;
}

static int check_text(struct ir_str text, const struct ir_yaml *at, struct ir_err *err)
{
    struct ir_str plain, name, filter;
    while (text.p != NULL) {
        if (ir_words_next(&text, &plain, &name, &filter, NULL) != IR_OK)
            return wrong(err, at, N_("a brace without its end; a brace of the text is written {{"));
        if (filter.p != NULL && !ir_filter_known(filter))
            return wrong(err, at, N_("no filter of this name"));
    }
    return IR_OK;
}

static int check_words(const struct ir_yaml *n, struct ir_err *err)
{
    if (n->kind == IR_YAML_SCALAR) return check_text(n->text, n, err);
    if (n->kind != IR_YAML_MAP || ir_yaml_text(n, "en").p == NULL)
        return wrong(err, n, N_("no words: a text, or en and ja"));
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next) {
        if (k->kind != IR_YAML_SCALAR) return wrong(err, k, N_("no words: a text, or en and ja"));
        const int rc = check_text(k->text, k, err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

static bool is_among(struct ir_str key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && names[i] != NULL; i++)
        if (ir_str_eq(key, ir_str_z(names[i]))) return true;
    return false;
}

/* The entries of facts and columns: maps with words and the one key that they must have. */
static int check_entries(const struct ir_yaml *list, const char *must, struct ir_err *err)
{
    static const char *const fact_keys[] = {"fact", "as", "en", "ja", "need", "optional"};
    static const char *const column_keys[] = {"value", "en", "ja", "optional"};
    const bool facts = strcmp(must, "fact") == 0;
    if (list->kind != IR_YAML_LIST || list->kids == NULL) return wrong(err, list, N_("not a list"));
    for (const struct ir_yaml *e = list->kids; e != NULL; e = e->next) {
        const struct ir_yaml *v = ir_yaml_get(e, must);
        if (e->kind != IR_YAML_MAP || v == NULL || ir_yaml_text(e, "en").p == NULL)
            return wrong(err, e,
                         facts ? N_("an entry without fact or en")
                               : N_("a column without value or en"));
        for (const struct ir_yaml *k = e->kids; k != NULL; k = k->next)
            if (!is_among(k->key, facts ? fact_keys : column_keys, facts ? 6 : 4))
                return wrong(err, k, N_("no key of this place"));
        const struct ir_str as = ir_yaml_text(e, "as");
        if (as.p != NULL && !ir_filter_known(as))
            return wrong(err, e, N_("no filter of this name"));
        const int rc = facts ? IR_OK : check_words(v, err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

struct walk {
    const struct ir_templates *t;
    const struct ir_template *of; /* the file that is walked */
    struct ir_digest *digest;     /* takes each part's text */
    unsigned seen;                /* blocks: parts that hold others twice would multiply them */
};

static int check_blocks(struct walk *w, const struct ir_yaml *list, unsigned depth,
                        struct ir_err *err);

static int check_include(struct walk *w, const struct ir_yaml *at, unsigned depth,
                         struct ir_err *err)
{
    const struct ir_template *before = w->of;
    const struct ir_template *part = ir_template_find(w->t, at->text);
    if (part == NULL || part->blocks == NULL) return wrong(err, at, N_("there is no such part"));
    ir_digest_add(w->digest, part->text.p, part->text.n);
    w->of = part;
    const int rc = check_blocks(w, part->blocks, depth + 1, err);
    if (rc == IR_OK) w->of = before;
    return rc;
}

static int check_inside(struct walk *w, enum ir_block_key kind, const struct ir_yaml *block,
                        const struct ir_yaml *value, unsigned depth, struct ir_err *err)
{
    const struct ir_yaml *more;
    int rc = IR_OK;
    switch (kind) {
    case IR_BLOCK_HEADING:
    case IR_BLOCK_TEXT:
    case IR_BLOCK_MISSING: return check_words(value, err);
    case IR_BLOCK_FACTS: return check_entries(value, "fact", err);
    case IR_BLOCK_INCLUDE: return check_include(w, value, depth, err);
    case IR_BLOCK_IF:
        if ((more = ir_yaml_get(block, "then")) != NULL) rc = check_blocks(w, more, depth + 1, err);
        if (rc == IR_OK && (more = ir_yaml_get(block, "else")) != NULL)
            rc = check_blocks(w, more, depth + 1, err);
        return rc;
    case IR_BLOCK_TABLE:
        if ((more = ir_yaml_get(block, "columns")) == NULL)
            return wrong(err, value, N_("a table without columns"));
        rc = check_entries(more, "value", err);
        break;
    case IR_BLOCK_LIST:
        if ((more = ir_yaml_get(block, "item")) == NULL)
            return wrong(err, value, N_("a list without item"));
        rc = check_words(more, err);
        break;
    case IR_BLOCK_DIFFERENCE:
    case IR_BLOCK_MAX: break;
    }
    static const char *const texts[] = {"since", "empty", "never"};
    for (size_t i = 0; i < 3 && rc == IR_OK; i++)
        if ((more = ir_yaml_get(block, texts[i])) != NULL) rc = check_words(more, err);
    return rc;
}

static int check_blocks(struct walk *w, const struct ir_yaml *list, unsigned depth,
                        struct ir_err *err)
{
    if (depth > IR_TEMPLATE_DEPTH_MAX)
        return wrong(err, list, N_("too deep: a part that holds itself, or blocks within blocks"));
    if (list->kind != IR_YAML_LIST) return wrong(err, list, N_("not a list"));
    for (const struct ir_yaml *b = list->kids; b != NULL; b = b->next) {
        const struct ir_yaml *value = NULL;
        if (++w->seen > BLOCKS_MAX) return wrong(err, b, N_("too many blocks"));
        if (b->kind != IR_YAML_MAP) return wrong(err, b, N_("not a block: a map of keys"));
        const enum ir_block_key kind = ir_block_key(b, &value);
        if (kind == IR_BLOCK_MAX) return wrong(err, b, N_("no block of this kind"));
        for (const struct ir_yaml *k = b->kids; k != NULL; k = k->next)
            if (k != value && !is_among(k->key, blocks[kind].beside, 5))
                return wrong(err, k, N_("no key of this place"));
        const int rc = check_inside(w, kind, b, value, depth, err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

struct adding {
    struct ir_templates *t;
    const char *path;
    struct ir_str text;
    struct ir_err *err;
};

static int take(void *user, struct ir_yaml *root)
{
    const struct adding *a = user;
    struct ir_err *err = a->err;
    struct ir_templates *t = a->t;
    struct ir_template m = {.id = ir_yaml_text(root, "id"),
                            .version = ir_yaml_text(root, "version")};
    static const char *const keys[] = {"id", "version", "title", "blocks", "words", "letter"};
    if (root->kind != IR_YAML_MAP || m.id.p == NULL)
        return wrong(err, root, N_("not a template: it has no id"));
    for (const struct ir_yaml *k = root->kids; k != NULL; k = k->next)
        if (!is_among(k->key, keys, 6)) return wrong(err, k, N_("no key of this place"));
    m.title = ir_yaml_get(root, "title");
    m.letter = ir_str_eq(ir_yaml_text(root, "letter"), IR_S("yes"));
    m.blocks = ir_yaml_get(root, "blocks");
    if (ir_yaml_get(root, "words") != NULL) t->words = ir_yaml_get(root, "words");
    if (m.blocks == NULL && ir_yaml_get(root, "words") == NULL)
        return wrong(err, root, N_("not a template: it has no blocks"));
    m.path = ir_arena_dup(&t->arena, ir_str_z(a->path));
    m.text = ir_arena_dup(&t->arena, a->text);
    if (m.path.p == NULL || m.text.p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    size_t i = 0;
    while (i < t->n && !ir_str_eq(t->v[i].id, m.id))
        i++;
    if (i == IR_TEMPLATES_MAX) return wrong(err, root, N_("too many templates"));
    t->v[i] = m;
    if (i == t->n) t->n++;
    return IR_OK;
}

struct ir_templates *ir_templates_new(void)
{
    struct ir_templates *t = calloc(1, sizeof *t);
    if (t != NULL) t->arena = IR_ARENA(ARENA_MAX);
    return t;
}

void ir_templates_free(struct ir_templates *t)
{
    if (t == NULL) return;
    ir_arena_free(&t->arena);
    free(t);
}

int ir_templates_add(struct ir_templates *t, const char *path, struct ir_str yaml,
                     struct ir_err *err)
{
    struct adding a = {t, path, yaml, err};
    return ir_yaml_each(&t->arena, yaml, take, &a, err);
}

int ir_templates_finish(struct ir_templates *t, struct ir_err *err)
{
    const struct ir_template *words = ir_template_find(t, IR_S("words"));
    struct ir_digest_sum sum;
    struct ir_digest d;
    int rc = IR_OK;
    if (!ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256)))
        return ir_fail(err, IR_FATAL, "no SHA-256 to be had");
    for (size_t i = 0; i < t->n && rc == IR_OK; i++) {
        struct ir_template *m = &t->v[i];
        struct walk w = {t, m, &d, 0};
        char hex[IR_DIGEST_TEXT];
        ir_digest_begin(&d);
        ir_digest_add(&d, m->text.p, m->text.n);
        if (words != NULL) ir_digest_add(&d, words->text.p, words->text.n);
        if (m->title != NULL) rc = check_words(m->title, err);
        if (rc == IR_OK && m->blocks != NULL) rc = check_blocks(&w, m->blocks, 0, err);
        if (rc != IR_OK && err != NULL) ir_err_at(err, w.of->path.p, -1, err->line);
        if (!ir_digest_end(&d, &sum)) rc = ir_fail(err, IR_FATAL, "no SHA-256 to be had");
        ir_digest_hex(&sum, IR_SHA256, hex);
        memcpy(m->sha256, hex, sizeof m->sha256);
    }
    ir_digest_close(&d);
    return rc;
}

const struct ir_template *ir_template_find(const struct ir_templates *t, struct ir_str id)
{
    for (size_t i = 0; i < t->n; i++)
        if (ir_str_eq(t->v[i].id, id)) return &t->v[i];
    return NULL;
}

const struct ir_template *ir_template_at(const struct ir_templates *t, size_t i)
{
    return i < t->n ? &t->v[i] : NULL;
}

/* In an entry of facts, or in words. */
static bool asks(const struct ir_yaml *n, struct ir_str fact)
{
    struct ir_str plain, name, filter, rest = n->kind == IR_YAML_SCALAR ? n->text : IR_S("");
    if (ir_str_eq(n->key, IR_S("fact"))) return ir_str_eq(n->text, fact);
    while (rest.n > 0 && ir_words_next(&rest, &plain, &name, &filter, NULL) == IR_OK)
        if (ir_str_starts(name, IR_S("fact.")) && ir_str_eq(ir_str_skip(name, 5), fact))
            return true;
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        if (asks(k, fact)) return true;
    return false;
}

bool ir_templates_ask(const struct ir_templates *t, struct ir_str fact)
{
    for (size_t i = 0; t != NULL && i < t->n; i++)
        if (t->v[i].blocks != NULL && asks(t->v[i].blocks, fact)) return true;
    return false;
}

static bool shows(const struct ir_templates *t, const struct ir_yaml *n, struct ir_str list)
{
    static const char *const keys[] = {"table", "list", "if"};
    const struct ir_template *part = NULL;
    if (is_among(n->key, keys, 3) && ir_str_eq(n->text, list)) return true;
    if (ir_str_eq(n->key, IR_S("include"))) part = ir_template_find(t, n->text);
    if (part != NULL && part->blocks != NULL && shows(t, part->blocks, list)) return true;
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        if (shows(t, k, list)) return true;
    return false;
}

bool ir_template_shows(const struct ir_templates *t, const struct ir_template *m,
                       struct ir_str list)
{
    return m->blocks != NULL && shows(t, m->blocks, list);
}

struct ir_str ir_template_word(const struct ir_templates *t, struct ir_str word, bool ja)
{
    char key[80]; /* "fact." and a fact's name */
    if (t->words == NULL || word.n == 0 || word.n >= sizeof key ||
        memchr(word.p, '\0', word.n) != NULL)
        return ir_str_n(NULL, 0);
    memcpy(key, word.p, word.n);
    key[word.n] = '\0';
    return ir_words(ir_yaml_get(t->words, key), ja);
}

/* What an entry of facts calls it. */
static struct ir_str called(const struct ir_yaml *n, struct ir_str fact, bool ja)
{
    struct ir_str name = {NULL, 0};
    if (n->kind == IR_YAML_MAP && ir_str_eq(ir_yaml_text(n, "fact"), fact)) return ir_words(n, ja);
    for (const struct ir_yaml *k = n->kids; k != NULL && name.p == NULL; k = k->next)
        name = called(k, fact, ja);
    return name;
}

struct ir_str ir_template_fact_name(const struct ir_templates *t, struct ir_str fact, bool ja)
{
    struct ir_buf key = IR_BUF(128);
    ir_buf_str(&key, IR_S("fact."));
    ir_buf_str(&key, fact);
    struct ir_str name = ir_template_word(t, ir_buf_view(&key), ja);
    ir_buf_free(&key);
    for (size_t i = 0; i < t->n && name.p == NULL; i++)
        if (t->v[i].blocks != NULL) name = called(t->v[i].blocks, fact, ja);
    return name.p != NULL ? name : fact;
}
