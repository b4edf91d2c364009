/*
 * Changing the case database: each row that is written puts a row into the audit trail.
 *
 *     const struct ir_value v[] = {IR_V("title", title), IR_V_INT("count", 3), IR_V_NULL("lead")};
 *     rc = ir_record_insert(db, "incident", NULL, v, 3, id, &err);   // makes an id
 *     rc = ir_record_update(db, "incident", id, v, 1, &err);         // what is equal is no change
 *
 * Inside a transaction only (db.h). Names of tables and fields come from the program, never from a
 * user. Texts are UTF-8: what is not, and NUL, becomes U+FFFD. Tables that tables.def calls APPEND
 * refuse updates. There is no delete.
 */
#ifndef IR_CASEDB_RECORD_H
#define IR_CASEDB_RECORD_H

#include "casedb/db.h"

#define IR_ID_TEXT       37u                /* a UUID with its NUL */
#define IR_RECORD_MAX    64u                /* fields of a table */
#define IR_CASE_TEXT_MAX ((size_t)16 << 20) /* bytes of a field */

enum ir_value_kind { IR_VALUE_NULL, IR_VALUE_TEXT, IR_VALUE_INT };

struct ir_value {
    const char *field;
    enum ir_value_kind kind;
    struct ir_str text;
    int64_t n;
};

/* An empty text, or one of blanks alone, is kept as NULL: there is one way to say nothing. */
#define IR_V(name, str)     ((struct ir_value){(name), IR_VALUE_TEXT, (str), 0})
#define IR_V_Z(name, z)     IR_V(name, ir_str_z(z))
#define IR_V_INT(name, num) ((struct ir_value){(name), IR_VALUE_INT, {NULL, 0}, (num)})
#define IR_V_NULL(name)     ((struct ir_value){(name), IR_VALUE_NULL, {NULL, 0}, 0})

/* id: NULL makes a random UUID; ret_id may be NULL. */
int ir_record_insert(struct ir_casedb *db, const char *table, const char *id,
                     const struct ir_value *v, size_t n, char ret_id[IR_ID_TEXT],
                     struct ir_err *err);
/* IR_END: there is no such row. */
int ir_record_update(struct ir_casedb *db, const char *table, const char *id,
                     const struct ir_value *v, size_t n, struct ir_err *err);
void ir_record_new_id(char out[IR_ID_TEXT]);

/* The tables, in the order of tables.def; NULL after the last. */
const char *ir_record_table(size_t i);

#endif
