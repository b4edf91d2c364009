/*
 * A report of a case, or of all of them, as blocks of plain text, which writers (report/casedoc.h)
 * make into a page, Markdown or JSON. Made by a template (template.h) from what the database holds.
 *
 *     struct ir_casedoc_ask ask = {.templates = t, .kind = IR_S("management"), …};
 *     rc = ir_casedoc_make(db, &ask, &doc, &err);  …  ir_casedoc_free(&doc);
 *
 * The same database and the same question give the same document: no clock is read but the
 * case's own. All text is raw: an attacker may have written some of it, each writer escapes.
 */
#ifndef IR_CASEDB_CASEDOC_H
#define IR_CASEDB_CASEDOC_H

#include "casedb/duty.h"
#include "casedb/incident.h"
#include "casedb/template.h"

#define IR_DOC_VALUE_MAX 4096u  /* bytes of a value that a report shows; the rest is left out */
#define IR_DOC_ROWS_MAX  10000u /* of a list */

enum ir_doc_kind { IR_DOC_HEADING, IR_DOC_TEXT, IR_DOC_TABLE, IR_DOC_LIST };

struct ir_doc_block {
    enum ir_doc_kind kind;
    unsigned level;      /* of a heading: 2 to 4 */
    struct ir_str style; /* of a text: "", "lead", "small", "box", "right", "none"; of a table:
                            "facts", "plain": whose head says nothing that a reader would miss */
    struct ir_str text;  /* may have line ends */
    unsigned ncolumns;   /* of a table; 1 of a list */
    size_t ncells;       /* of a table: the head's cells come first */
    struct ir_str *cell;
    struct ir_doc_block *next;
};

struct ir_doc_fact {
    struct ir_str name, label, filter /* the first that was asked with */,
        value /* p NULL: unknown */, confidence, evidence, stated_by, stated_at;
};

struct ir_casedoc {
    struct ir_arena arena;
    const char *lang; /* "en", "ja" */
    struct ir_str kind, title, number /* EX-CASE-2026-001-R02; of no case: the day */, case_no,
        organisation, tlp;
    struct ir_str as_of;       /* as in the database */
    struct ir_str as_of_shown; /* in the organisation's zone */
    struct ir_str mark;        /* the watermark of an exercise; empty: a real case */
    struct ir_str template_version, template_sha256;
    struct ir_str audit_sha256; /* head of the audit trail at as_of, this report left aside */
    int64_t audit_seq;
    bool letter;         /* to outsiders: tlp and number are not shown */
    struct ir_str lacks; /* what it needs and nobody stated: "label (fact)", a line each */
    struct ir_doc_block *blocks;
    struct ir_doc_fact *fact; /* those that were asked for, in the order of asking, each once */
    size_t nfacts;
};

/* Rows of a list. */
struct ir_doc_rows {
    const struct ir_str *name; /* of the columns */
    unsigned ncolumns;
    size_t n;             /* rows */
    struct ir_str *value; /* row after row; p NULL: nothing */
};
struct ir_doc_given {
    struct ir_str name;
    struct ir_doc_rows rows;
};

/* A report is of a case, or (incident_id NULL) of the organisation: then its lists are those that
 * are given, and the one called "values" is the row of its values. Of a case, the list rule_titles
 * (rule, english, title, about) may be given: what rules are called and look for in the report's
 * language. Whatever stands under a rule's id or English title is called so. */
struct ir_casedoc_ask {
    const struct ir_templates *templates;
    const struct ir_duties *duties; /* NULL: only what persons decided about them */
    struct ir_str kind;
    const char *incident_id;
    const char *lang;
    const char *author;
    int64_t no;     /* of the report within the case */
    int64_t as_of;  /* ns UTC; 0: the last change */
    int32_t zone_s; /* of the organisation */
    const struct ir_doc_given *given;
    size_t ngiven;
};

/* IR_BAD: no such template, or it asks for what there is not: err->input, err->line. Free in any
 * case. */
int ir_casedoc_make(struct ir_casedb *db, const struct ir_casedoc_ask *ask,
                    struct ir_casedoc *ret_doc, struct ir_err *err);
void ir_casedoc_free(struct ir_casedoc *doc);

#endif
