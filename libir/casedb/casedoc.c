/*
 * A report of a case out of its template, block by block. See casedoc.h. The items of the reports
 * to authorities, and what each must say, stand in the templates (casefiles/templates/).
 */
#include "casedb/casedoc.h"

#include <stdio.h>

#include "base/intl.h"
#include "casedb/asof.h"
#include "casedb/casedoc_int.h"
#include "casedb/query.h"

#define ARENA_MAX ((size_t)256 << 20)

struct ir_doc_block *ir_doc_add(struct ir_doc_maker *m, enum ir_doc_kind kind)
{
    struct ir_doc_block *b = ir_arena_zalloc(&m->doc->arena, sizeof *b);
    if (b == NULL) return NULL;
    b->kind = kind;
    *m->tail = b;
    m->tail = &b->next;
    m->last = b;
    return b;
}

struct ir_doc_block *ir_doc_add_table(struct ir_doc_maker *m, enum ir_doc_kind kind,
                                      unsigned ncolumns, size_t ncells)
{
    struct ir_doc_block *b = ir_doc_add(m, kind);
    if (b == NULL) return NULL;
    b->ncolumns = ncolumns;
    b->cell = ir_arena_zalloc(&m->doc->arena, ncells * sizeof *b->cell);
    return b->cell != NULL ? b : NULL;
}

static int wrong(struct ir_doc_maker *m, const struct ir_yaml *at, const char *what)
{
    if (m->err != NULL) ir_err_at(m->err, m->of->path.p, -1, at->line);
    return ir_fail(m->err, IR_BAD, N_("template: %.*s: %-s"), IR_FMT(ir_str_head(at->text, 80)),
                   what);
}

static bool yes(const struct ir_yaml *block, const char *key)
{
    return ir_str_eq(ir_yaml_text(block, key), IR_S("yes"));
}

int ir_doc_heading(struct ir_doc_maker *m, const struct ir_yaml *block, const struct ir_yaml *words)
{
    uint64_t level = 2;
    struct ir_doc_block *b = ir_doc_add(m, IR_DOC_HEADING);
    if (b == NULL) return ir_doc_memory(m);
    ir_str_u64(ir_yaml_text(block, "level"), &level);
    b->level = level < 2 ? 2 : level > 4 ? 4 : (unsigned)level;
    return ir_doc_fill(m, words, NULL, 0, &b->text);
}

static int make_text(struct ir_doc_maker *m, const struct ir_yaml *words, struct ir_str style)
{
    struct ir_doc_block *b = ir_doc_add(m, IR_DOC_TEXT);
    if (b == NULL) return ir_doc_memory(m);
    b->style = style;
    return ir_doc_fill(m, words, NULL, 0, &b->text);
}

/* A table of facts right behind another is more of it: conditions between them must not show. */
static struct ir_doc_block *facts_table(struct ir_doc_maker *m, struct ir_str style,
                                        unsigned columns, size_t n)
{
    static const char *const head[] = {"item", "content", "confidence", "evidence"};
    struct ir_doc_block *b = m->last;
    if (b != NULL && b->kind == IR_DOC_TABLE && ir_str_eq(b->style, style)) {
        struct ir_str *more =
            ir_arena_zalloc(&m->doc->arena, (b->ncells + n * columns) * sizeof *more);
        if (more == NULL) return NULL;
        memcpy(more, b->cell, b->ncells * sizeof *more);
        b->cell = more;
        return b;
    }
    b = ir_doc_add_table(m, IR_DOC_TABLE, columns, (n + 1) * columns);
    if (b == NULL) return NULL;
    b->style = style;
    while (b->ncells < columns) {
        b->cell[b->ncells] = ir_doc_word(m, ir_str_z(head[b->ncells]));
        b->ncells++;
    }
    return b;
}

/* A gap that nobody must overlook before it is sent. */
static struct ir_str needed(struct ir_doc_maker *m, const struct ir_doc_fact *f)
{
    ir_buf_fmt(&m->lacks, "%s%.*s (%.*s)", m->lacks.n > 0 ? "\n" : "", IR_FMT(f->label),
               IR_FMT(f->name));
    return ir_doc_word(m, IR_S("to_fill"));
}

static int make_facts(struct ir_doc_maker *m, const struct ir_yaml *block,
                      const struct ir_yaml *list)
{
    const bool plain = yes(block, "plain");
    size_t n = 0;
    for (const struct ir_yaml *e = list->kids; e != NULL; e = e->next)
        n++;
    struct ir_doc_block *b =
        facts_table(m, plain ? IR_S("plain") : IR_S("facts"), plain ? 2 : 4, n);
    if (b == NULL) return ir_doc_memory(m);
    for (const struct ir_yaml *e = list->kids; e != NULL; e = e->next) {
        const struct ir_doc_fact *f;
        const struct ir_str label = ir_words(e, m->ja), as = ir_yaml_text(e, "as");
        const int rc = ir_doc_ask_fact(m, ir_yaml_text(e, "fact"), label, as, &f);
        if (rc != IR_OK) return rc;
        const bool known = f->value.n > 0;
        if (!known && yes(e, "optional")) continue;
        b->cell[b->ncells++] = label;
        b->cell[b->ncells++] =
            !known && yes(e, "need") ? needed(m, f) : ir_doc_fact_text(m, f, as, plain);
        if (plain) continue;
        b->cell[b->ncells++] =
            known && f->confidence.n > 0 ? ir_doc_word(m, f->confidence) : IR_S(IR_DOC_NOTHING);
        b->cell[b->ncells++] = known && f->evidence.n > 0 ? f->evidence : IR_S(IR_DOC_NOTHING);
    }
    return IR_OK;
}

int ir_doc_empty_words(struct ir_doc_maker *m, const struct ir_yaml *block, const char *key)
{
    const struct ir_yaml *words = ir_yaml_get(block, key);
    return words != NULL ? make_text(m, words, IR_S("none")) : IR_OK;
}

/* The rows that a list shows; how many were left out. Of a limit of 10 with last: 6 they are the
 * first 4 and the last 6: how it began and how it stands. */
static int cut_rows(struct ir_doc_maker *m, const struct ir_yaml *block, struct ir_doc_rows *r,
                    size_t *ret_left)
{
    uint64_t limit = IR_DOC_ROWS_MAX, last = 0;
    ir_str_u64(ir_yaml_text(block, "limit"), &limit);
    *ret_left = r->n > limit ? r->n - (size_t)limit : 0;
    r->n -= *ret_left;
    if (*ret_left == 0 || !ir_str_u64(ir_yaml_text(block, "last"), &last)) return IR_OK;
    const size_t first = last < limit ? (size_t)(limit - last) * r->ncolumns : 0;
    const size_t all = r->n * r->ncolumns, left = *ret_left * r->ncolumns;
    struct ir_str *v = ir_arena_alloc(&m->doc->arena, all * sizeof *v);
    if (v == NULL) return ir_doc_memory(m);
    memcpy(v, r->value, first * sizeof *v);
    memcpy(v + first, r->value + first + left, (all - first) * sizeof *v);
    r->value = v;
    return IR_OK;
}

static int tell_left(struct ir_doc_maker *m, size_t left)
{
    char text[200];
    struct ir_doc_block *b;
    if (left == 0) return IR_OK;
    snprintf(text, sizeof text,
             m->ja ? "ほか%zu件(ケースデータベースにあります)"
                   : "%zu more are in the case database",
             left);
    if ((b = ir_doc_add(m, IR_DOC_TEXT)) == NULL) return ir_doc_memory(m);
    b->style = IR_S("small");
    b->text = ir_arena_dup(&m->doc->arena, ir_str_z(text));
    return IR_OK;
}

/* One row's cells. b NULL: only looks whether the names are right. */
static int make_row(struct ir_doc_maker *m, const struct ir_yaml *columns, bool table,
                    const struct ir_doc_rows *r, size_t row, struct ir_doc_block *b)
{
    struct ir_str nothing;
    int rc = IR_OK;
    const struct ir_yaml *c = table ? columns->kids : columns;
    for (; c != NULL && rc == IR_OK; c = table ? c->next : NULL)
        rc = ir_doc_fill(m, table ? ir_yaml_get(c, "value") : c, r, row,
                         b != NULL ? &b->cell[b->ncells++] : &nothing);
    return rc;
}

/* A table or list of rows, of which there are some. */
static int show_rows(struct ir_doc_maker *m, const struct ir_yaml *block, struct ir_doc_rows r,
                     bool table)
{
    size_t left = 0, n = 0;
    const struct ir_yaml *columns = ir_yaml_get(block, table ? "columns" : "item");
    int rc = cut_rows(m, block, &r, &left);
    if (rc != IR_OK) return rc;
    for (const struct ir_yaml *c = table ? columns->kids : NULL; c != NULL; c = c->next)
        n++;
    if (!table) n = 1;
    struct ir_doc_block *b =
        ir_doc_add_table(m, table ? IR_DOC_TABLE : IR_DOC_LIST, (unsigned)n, (r.n + 1) * n);
    if (b == NULL) return ir_doc_memory(m);
    for (const struct ir_yaml *c = table ? columns->kids : NULL; c != NULL; c = c->next)
        b->cell[b->ncells++] = ir_words(c, m->ja);
    for (size_t row = 0; row < r.n && rc == IR_OK; row++)
        rc = make_row(m, columns, table, &r, row, b);
    if (rc == IR_OK && table) ir_doc_drop_empty(b, columns);
    return rc == IR_OK ? tell_left(m, left) : rc;
}

/* A table for each value of a column, which is its heading. Rows of one value stand together. */
static int show_parts(struct ir_doc_maker *m, const struct ir_yaml *block, const struct ir_yaml *by,
                      const struct ir_doc_rows *r)
{
    const size_t column = ir_doc_column(r, by->text);
    int rc = IR_OK;
    if (column == IR_NPOS) return wrong(m, by, N_("there is no column of this name"));
    for (size_t i = 0, end; i < r->n && rc == IR_OK; i = end) {
        struct ir_doc_rows part = *r;
        part.value += i * r->ncolumns;
        for (end = i; end < r->n; end++)
            if (!ir_str_eq(r->value[end * r->ncolumns + column], part.value[column])) break;
        part.n = end - i;
        struct ir_doc_block *b = ir_doc_add(m, IR_DOC_HEADING);
        if (b == NULL) return ir_doc_memory(m);
        b->level = 3;
        b->text = part.value[column];
        rc = show_rows(m, block, part, true);
    }
    return rc;
}

static int make_rows(struct ir_doc_maker *m, const struct ir_yaml *block, const struct ir_yaml *of,
                     bool table)
{
    struct ir_doc_rows r;
    const struct ir_yaml *by = ir_yaml_get(block, "by");
    int rc = ir_doc_list(m, of->text, &r);
    if (rc == IR_END) return wrong(m, of, N_("there is no list of this name"));
    if (rc != IR_OK) return rc;
    if (r.n > 0) return by != NULL ? show_parts(m, block, by, &r) : show_rows(m, block, r, table);
    /* names that are wrong are told of all the same */
    rc = make_row(m, ir_yaml_get(block, table ? "columns" : "item"), table, &r, 0, NULL);
    return rc == IR_OK ? ir_doc_empty_words(m, block, "empty") : rc;
}

static int make_blocks(struct ir_doc_maker *m, const struct ir_yaml *list);

static int is_present(struct ir_doc_maker *m, const struct ir_yaml *name, struct ir_str is,
                      bool *ret_yes)
{
    struct ir_doc_rows r;
    struct ir_doc_fact f;
    const size_t at = ir_doc_column(&m->values, name->text);
    if (ir_str_starts(name->text, IR_S("fact."))) {
        ir_doc_fact_at(m, ir_str_skip(name->text, 5), ir_str_z(m->as_of), &f);
        *ret_yes = is.p != NULL ? ir_str_eq(f.value, is) : f.value.n > 0;
        return IR_OK;
    }
    if (at != IR_NPOS) {
        const struct ir_str value = m->values.value[at];
        *ret_yes =
            is.p != NULL ? ir_str_eq(value, is) : value.n > 0 && !ir_str_eq(value, IR_S("0"));
        return IR_OK;
    }
    const int rc = ir_doc_list(m, name->text, &r);
    if (rc == IR_END) return wrong(m, name, N_("there is no value or list of this name"));
    *ret_yes = rc == IR_OK && r.n > 0;
    return rc;
}

static int make_if(struct ir_doc_maker *m, const struct ir_yaml *block, const struct ir_yaml *name)
{
    bool there = false;
    const int rc = is_present(m, name, ir_yaml_text(block, "is"), &there);
    const struct ir_yaml *blocks = ir_yaml_get(block, there ? "then" : "else");
    return rc == IR_OK && blocks != NULL ? make_blocks(m, blocks) : rc;
}

static int make_include(struct ir_doc_maker *m, const struct ir_yaml *name)
{
    const struct ir_template *before = m->of;
    m->of = ir_template_find(m->ask->templates, name->text);
    const int rc = make_blocks(m, m->of->blocks);
    m->of = before;
    return rc;
}

/* Both are known only when all facts have been asked for: until then an empty text holds their
 * place. */
static int put_mark(struct ir_doc_maker *m, const struct ir_yaml *block, enum ir_block_key kind)
{
    struct ir_doc_block *b = ir_doc_add(m, IR_DOC_TEXT);
    if (b == NULL) return ir_doc_memory(m);
    if (m->nmarks == IR_DOC_MARKS_MAX)
        return ir_fail(m->err, IR_BAD, N_("template: %-s"), N_("too many of missing, difference"));
    m->mark[m->nmarks++] = (struct ir_doc_mark){b, block, m->of, kind == IR_BLOCK_MISSING};
    return IR_OK;
}

static int make_blocks(struct ir_doc_maker *m, const struct ir_yaml *list)
{
    int rc = IR_OK;
    for (const struct ir_yaml *b = list->kids; b != NULL && rc == IR_OK; b = b->next) {
        const struct ir_yaml *value;
        const enum ir_block_key kind = ir_block_key(b, &value);
        switch (kind) {
        case IR_BLOCK_HEADING: rc = ir_doc_heading(m, b, value); break;
        case IR_BLOCK_TEXT: rc = make_text(m, value, ir_yaml_text(b, "style")); break;
        case IR_BLOCK_FACTS: rc = make_facts(m, b, value); break;
        case IR_BLOCK_TABLE: rc = make_rows(m, b, value, true); break;
        case IR_BLOCK_LIST: rc = make_rows(m, b, value, false); break;
        case IR_BLOCK_IF: rc = make_if(m, b, value); break;
        case IR_BLOCK_INCLUDE: rc = make_include(m, value); break;
        case IR_BLOCK_MISSING:
        case IR_BLOCK_DIFFERENCE: rc = put_mark(m, b, kind); break;
        case IR_BLOCK_MAX: break;
        }
    }
    return rc;
}

/* Empty when there is none: a report of the organisation is of no case. */
static struct ir_str value_of(const struct ir_doc_maker *m, const char *name)
{
    const size_t at = ir_doc_column(&m->values, ir_str_z(name));
    return at != IR_NPOS ? m->values.value[at] : ir_str_n(NULL, 0);
}

static int fill_head(struct ir_doc_maker *m)
{
    struct ir_casedoc *d = m->doc;
    char number[IR_NO_TEXT + 32], tlp[32];
    const bool exercise = value_of(m, "case.exercise").n > 0;
    d->kind = m->of->id;
    d->letter = m->of->letter;
    d->case_no = value_of(m, "case.no");
    d->organisation = value_of(m, "organisation");
    const struct ir_str marked = value_of(m, "case.tlp");
    snprintf(tlp, sizeof tlp, "TLP:%.*s", IR_FMT(ir_str_head(marked, 24)));
    if (marked.n == 0) snprintf(tlp, sizeof tlp, "TLP:AMBER");
    for (char *c = tlp; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 32);
    /* An exercise must not leave the house as the real thing. */
    const bool named = ir_str_starts(d->case_no, IR_S("EX-"));
    snprintf(number, sizeof number, "%s%.*s-R%02lld", exercise && !named ? "EX-" : "",
             IR_FMT(d->case_no), (long long)m->ask->no);
    d->tlp = ir_arena_dup(&d->arena, ir_str_z(tlp));
    d->as_of = ir_arena_dup(&d->arena, ir_str_z(m->as_of));
    d->as_of_shown = ir_doc_filter(m, IR_S("time"), d->as_of);
    d->number = m->ask->incident_id != NULL ? ir_arena_dup(&d->arena, ir_str_z(number))
                                            : ir_doc_filter(m, IR_S("date"), d->as_of);
    d->mark = exercise ? ir_doc_word(m, IR_S("exercise")) : IR_S("");
    d->template_version = m->of->version;
    d->template_sha256 = ir_arena_dup(&d->arena, ir_str_z(m->of->sha256));
    return ir_doc_fill(m, m->of->title, NULL, 0, &d->title);
}

int ir_casedoc_make(struct ir_casedb *db, const struct ir_casedoc_ask *ask,
                    struct ir_casedoc *ret_doc, struct ir_err *err)
{
    struct ir_doc_maker m = {
        .db = db, .ask = ask, .doc = ret_doc, .lacks = IR_BUF(1 << 16), .err = err};
    *ret_doc = (struct ir_casedoc){.arena = IR_ARENA(ARENA_MAX), .lang = ask->lang};
    m.ja = strcmp(ask->lang, "ja") == 0;
    m.tail = &ret_doc->blocks;
    m.of = ir_template_find(ask->templates, ask->kind);
    if (m.of == NULL || m.of->title == NULL)
        return ir_fail(err, IR_BAD, "%.*s: no report of this kind",
                       IR_FMT(ir_str_head(ask->kind, 80)));
    ret_doc->fact = ir_arena_zalloc(&ret_doc->arena, IR_DOC_FACTS_MAX * sizeof *ret_doc->fact);
    if (ret_doc->fact == NULL) return ir_doc_memory(&m);
    int rc = ir_doc_head(&m);
    if (rc == IR_OK && ask->as_of != 0) rc = ir_asof_enter(db, ret_doc->audit_seq, err);
    if (rc != IR_OK) return rc;
    rc = ir_doc_values(&m);
    if (rc == IR_OK) rc = fill_head(&m);
    if (rc == IR_OK) rc = make_blocks(&m, m.of->blocks);
    if (rc == IR_OK) rc = ir_doc_fill_marks(&m);
    if (rc == IR_OK && m.lacks.n > 0)
        ret_doc->lacks = ir_arena_dup(&ret_doc->arena, ir_buf_view(&m.lacks));
    ir_buf_free(&m.lacks);
    if (ask->as_of != 0) ir_asof_leave(db);
    return rc;
}

void ir_casedoc_free(struct ir_casedoc *doc)
{
    ir_arena_free(&doc->arena);
    *doc = (struct ir_casedoc){0};
}
