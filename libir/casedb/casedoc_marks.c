/*
 * What a report can tell only when all of its facts have been asked for: which are missing, and
 * what changed since an earlier report. See casedoc.h. Both lists name facts away from their
 * headings.
 */
#include "casedb/asof.h"
#include "casedb/casedoc_int.h"
#include "casedb/query.h"

/* Its label may make sense below its heading only. */
static struct ir_str name_of(const struct ir_doc_maker *m, const struct ir_doc_fact *f)
{
    return ir_template_fact_name(m->ask->templates, f->name, m->ja);
}

static int fill_missing(struct ir_doc_maker *m, const struct ir_yaml *block)
{
    const struct ir_casedoc *d = m->doc;
    size_t n = 0;
    for (size_t i = 0; i < d->nfacts; i++)
        n += d->fact[i].value.n == 0;
    if (n == 0) return IR_OK;
    struct ir_doc_block *b;
    int rc = ir_doc_heading(m, block, ir_yaml_get(block, "missing"));
    if (rc != IR_OK) return rc;
    if ((b = ir_doc_add_table(m, IR_DOC_TABLE, 2, 2 * (n + 1))) == NULL) return ir_doc_memory(m);
    b->cell[b->ncells++] = ir_doc_word(m, IR_S("item"));
    b->cell[b->ncells++] = ir_doc_word(m, IR_S("fact_name"));
    for (size_t i = 0; i < d->nfacts; i++) {
        if (d->fact[i].value.n > 0) continue;
        b->cell[b->ncells++] = name_of(m, &d->fact[i]);
        b->cell[b->ncells++] = d->fact[i].name;
    }
    return IR_OK;
}

/* What other records told then, where nobody states the fact. */
static int known_then(struct ir_doc_maker *m, struct ir_str when, struct ir_doc_rows *ret_known)
{
    struct ir_query q;
    int64_t seq = 0;
    *ret_known = (struct ir_doc_rows){0};
    int rc = ir_query_open(&q, m->db, "SELECT max(seq) FROM audit WHERE at <= ?1", m->err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, when);
    rc = ir_query_next(&q, m->err);
    if (rc == IR_OK) seq = ir_query_int(&q, 0);
    ir_query_close(&q);
    if (rc != IR_OK) return rc < 0 ? rc : IR_OK;
    if (m->ask->as_of != 0) ir_asof_leave(m->db);
    rc = ir_asof_enter(m->db, seq, m->err);
    if (rc == IR_OK) rc = ir_doc_rows_of(m, ir_doc_known_sql, SIZE_MAX, ret_known);
    ir_asof_leave(m->db);
    if (rc == IR_OK && m->ask->as_of != 0) rc = ir_asof_enter(m->db, m->doc->audit_seq, m->err);
    return rc;
}

static int fill_difference(struct ir_doc_maker *m, const struct ir_yaml *block)
{
    const struct ir_casedoc *d = m->doc;
    const struct ir_yaml *since = ir_yaml_get(block, "since");
    struct ir_str before;
    int rc = ir_doc_report_before(m, ir_yaml_text(block, "difference"), &before);
    if (rc != IR_OK) return rc;
    if (before.p == NULL) return ir_doc_empty_words(m, block, "never");
    if (since != NULL) {
        const struct ir_str column = IR_S("since");
        const struct ir_doc_rows one = {&column, 1, 1, &before};
        struct ir_doc_block *b = ir_doc_add(m, IR_DOC_TEXT);
        if (b == NULL) return ir_doc_memory(m);
        if ((rc = ir_doc_fill(m, since, &one, 0, &b->text)) != IR_OK) return rc;
    }
    const struct ir_doc_rows known = m->known;
    struct ir_doc_rows then;
    if ((rc = known_then(m, before, &then)) != IR_OK) return rc;
    struct ir_doc_block **place = m->tail;
    struct ir_doc_block *b = ir_doc_add_table(m, IR_DOC_TABLE, 3, 3 * (d->nfacts + 1));
    if (b == NULL) return ir_doc_memory(m);
    b->cell[b->ncells++] = ir_doc_word(m, IR_S("item"));
    b->cell[b->ncells++] = ir_doc_word(m, IR_S("before"));
    b->cell[b->ncells++] = ir_doc_word(m, IR_S("now"));
    for (size_t i = 0; i < d->nfacts; i++) {
        const struct ir_doc_fact *f = &d->fact[i];
        struct ir_doc_fact old;
        if (ir_str_eq(f->name, IR_S("report.number")))
            continue; /* of the report, not of the case */
        m->known = then;
        ir_doc_fact_at(m, f->name, before, &old);
        m->known = known;
        if (ir_str_eq(old.value, f->value) && ir_str_eq(old.confidence, f->confidence)) continue;
        b->cell[b->ncells++] = name_of(m, f);
        b->cell[b->ncells++] = ir_doc_fact_text(m, &old, f->filter, true);
        b->cell[b->ncells++] = ir_doc_fact_text(m, f, f->filter, true);
    }
    if (b->ncells > 3) return IR_OK;
    *place = NULL;
    m->tail = place;
    return ir_doc_empty_words(m, block, "empty");
}

static const struct ir_doc_mark *mark_at(const struct ir_doc_maker *m, const struct ir_doc_block *b)
{
    for (size_t i = 0; i < m->nmarks; i++)
        if (m->mark[i].place == b) return &m->mark[i];
    return NULL;
}

int ir_doc_fill_marks(struct ir_doc_maker *m)
{
    for (struct ir_doc_block **at = &m->doc->blocks; *at != NULL;) {
        struct ir_doc_block *rest = (*at)->next;
        const struct ir_doc_mark *mark = mark_at(m, *at);
        if (mark == NULL) {
            at = &(*at)->next;
            continue;
        }
        *at = NULL;
        m->tail = at;
        m->of = mark->of;
        const int rc =
            mark->missing ? fill_missing(m, mark->block) : fill_difference(m, mark->block);
        if (rc != IR_OK) return rc;
        *m->tail = rest;
        at = m->tail;
    }
    return IR_OK;
}
