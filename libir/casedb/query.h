/*
 * Reading the case database.
 *
 *     struct ir_query q;
 *     rc = ir_query_open(&q, db, "SELECT no, title FROM incident WHERE phase = ?1", &err);
 *     ir_query_text_arg(&q, 1, phase);
 *     while ((rc = ir_query_next(&q, &err)) == IR_OK) … ir_query_text(&q, 0) …
 *     ir_query_close(&q);
 *
 * Statements are constant texts: what users say is bound, never written into them. Texts are views
 * that last until the next row.
 */
#ifndef IR_CASEDB_QUERY_H
#define IR_CASEDB_QUERY_H

#include "casedb/db.h"

struct sqlite3_stmt;

struct ir_query {
    struct ir_casedb *db;
    struct sqlite3_stmt *stmt;
};

int ir_query_open(struct ir_query *q, struct ir_casedb *db, const char *sql, struct ir_err *err);
void ir_query_close(struct ir_query *q);
/* Arguments count from 1. A text with p NULL is null. Copied. */
void ir_query_text_arg(struct ir_query *q, int i, struct ir_str text);
void ir_query_int_arg(struct ir_query *q, int i, int64_t n);
/* IR_OK: a row; IR_END: no more. */
int ir_query_next(struct ir_query *q, struct ir_err *err);
/* Columns count from 0. p NULL: null. */
struct ir_str ir_query_text(const struct ir_query *q, int column);
int64_t ir_query_int(const struct ir_query *q, int column);
bool ir_query_null(const struct ir_query *q, int column);

/* For who does not know the statement's columns. */
int ir_query_columns(const struct ir_query *q);
const char *ir_query_name(const struct ir_query *q, int column);
bool ir_query_is_int(const struct ir_query *q, int column);

/* The one number of the one row; IR_END: no row. */
int ir_query_number(struct ir_casedb *db, const char *sql, struct ir_str arg, int64_t *ret_n,
                    struct ir_err *err);

#endif
