/*
 * Between the files that make a report out of a template. See casedoc.h.
 */
#ifndef IR_CASEDB_CASEDOC_INT_H
#define IR_CASEDB_CASEDOC_INT_H

#include "base/buf.h"
#include "casedb/casedoc.h"

#define IR_DOC_NOTHING "—" /* a cell of which nothing is known */

#define IR_DOC_FACTS_MAX 512u
#define IR_DOC_MARKS_MAX 16u

/* Where something goes that is known at the end. */
struct ir_doc_mark {
    const struct ir_doc_block *place;
    const struct ir_yaml *block;
    const struct ir_template *of;
    bool missing; /* else a difference */
};

struct ir_doc_maker {
    struct ir_casedb *db;
    const struct ir_casedoc_ask *ask;
    struct ir_casedoc *doc;
    bool ja;
    char as_of[IR_CASEDB_TIME];
    struct ir_doc_rows values;  /* of the case, or given: one row */
    struct ir_doc_rows history; /* facts, oldest first: see ir_doc_fact_at */
    struct ir_doc_rows known;   /* facts that other records tell, while nobody stated them */
    struct ir_buf lacks;
    struct ir_doc_block **tail;
    struct ir_doc_block *last; /* the block that was made last, NULL: none */
    struct ir_doc_mark mark[IR_DOC_MARKS_MAX];
    size_t nmarks;
    const struct ir_template *of; /* whose blocks are made */
    struct ir_err *err;
};

/* casedoc.c: blocks behind the last one. NULL: memory. */
struct ir_doc_block *ir_doc_add(struct ir_doc_maker *m, enum ir_doc_kind kind);
struct ir_doc_block *ir_doc_add_table(struct ir_doc_maker *m, enum ir_doc_kind kind,
                                      unsigned ncolumns, size_t ncells);
int ir_doc_heading(struct ir_doc_maker *m, const struct ir_yaml *block,
                   const struct ir_yaml *words);
/* What a block says when it has nothing to show: the words under a key of it, if there are any. */
int ir_doc_empty_words(struct ir_doc_maker *m, const struct ir_yaml *block, const char *key);

/* casedoc_marks.c: puts what belongs there into the place of each mark. */
int ir_doc_fill_marks(struct ir_doc_maker *m);

/* casedoc_data.c. All return IR_OK or a class with *m->err filled. */
int ir_doc_head(struct ir_doc_maker *m); /* as_of and the audit's head */
int ir_doc_values(struct ir_doc_maker *m);
/* IR_END: there is no list of this name. */
int ir_doc_list(struct ir_doc_maker *m, struct ir_str name, struct ir_doc_rows *ret_rows);
/* The latest of its name at a time; false: not stated. */
bool ir_doc_fact_at(const struct ir_doc_maker *m, struct ir_str name, struct ir_str as_of,
                    struct ir_doc_fact *ret_f);
/* The as_of of the report of a kind that was sent, else of the latest before this one; p NULL:
 * none. */
int ir_doc_report_before(struct ir_doc_maker *m, struct ir_str kind, struct ir_str *ret_as_of);
/* Room for one more row; cap: for how many there is. */
int ir_doc_grow(struct ir_doc_maker *m, struct ir_doc_rows *r, size_t *cap);

/* casedoc_duties.c. IR_END: no list of duties has this name. */
int ir_doc_duties(struct ir_doc_maker *m, struct ir_str name, struct ir_doc_rows *ret_rows);
/* The duty that a kind of report is for; empty: none. */
struct ir_str ir_doc_duty_of(const struct ir_doc_maker *m, struct ir_str kind);

/* casedoc_known.c */
extern const char ir_doc_known_sql[], ir_doc_course_sql[], ir_doc_course_short_sql[];
/* The rows of a statement: ?1 the case's id, ?2 the time as of which, ?3 the author, ?4 the kind,
 * ?5 the duty that it is for. */
int ir_doc_rows_of(struct ir_doc_maker *m, const char *sql, size_t max, struct ir_doc_rows *r);
/* Takes the columns out of a table that are optional and say nothing in any row. */
void ir_doc_drop_empty(struct ir_doc_block *table, const struct ir_yaml *columns);
/* Words of the report's language for what the rows of a list name by ids: rules, duties, facts,
 * reports, playbooks. */
int ir_doc_name_rows(struct ir_doc_maker *m, struct ir_str list, struct ir_doc_rows *rows);

/* A value as a report shows it: not longer than IR_DOC_VALUE_MAX. p NULL: memory. */
struct ir_str ir_doc_keep(struct ir_arena *arena, struct ir_str s);
/* A column's place; IR_NPOS: none. */
size_t ir_doc_column(const struct ir_doc_rows *rows, struct ir_str name);

/* casedoc_text.c */
struct ir_str ir_doc_word(const struct ir_doc_maker *m, struct ir_str word); /* or itself */
struct ir_str ir_doc_filter(struct ir_doc_maker *m, struct ir_str filter, struct ir_str value);
/* Words with their values filled in. row: of a list, or NULL. */
int ir_doc_fill(struct ir_doc_maker *m, const struct ir_yaml *words, const struct ir_doc_rows *rows,
                size_t row, struct ir_str *ret_text);
/* A fact that a report asks for is remembered: what is missing is told. */
int ir_doc_ask_fact(struct ir_doc_maker *m, struct ir_str name, struct ir_str label,
                    struct ir_str filter, const struct ir_doc_fact **ret_f);
/* Its value for people; the words for unknown. plain: with its confidence unless confirmed. */
struct ir_str ir_doc_fact_text(struct ir_doc_maker *m, const struct ir_doc_fact *f,
                               struct ir_str filter, bool plain);

int ir_doc_memory(const struct ir_doc_maker *m);

#endif
