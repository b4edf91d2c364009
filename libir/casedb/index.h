/*
 * The index of all texts, kept by record.c, made of the other tables: no part of the trail. One
 * that is damaged, by a bad disk or by somebody who wants something not to be found, is made anew
 * of them.
 */
#ifndef IR_CASEDB_INDEX_H
#define IR_CASEDB_INDEX_H

#include "casedb/audit.h"

/* anew: the row was there before. */
int ir_index_row(struct ir_casedb *db, const char *table, const char *id, bool anew,
                 struct ir_err *err);

/* The index's lists of words against its texts, by FTS5 itself. It takes the longest of all proofs,
 * so it has a thread and a connection of its own, and goes on beside what the caller does next. db
 * stays open until its end. */
struct ir_index_lists;
int ir_index_lists_begin(struct ir_casedb *db, struct ir_index_lists **ret, struct ir_err *err);
/* Waits for it and frees l, which may be NULL: not begun. good: the lists are. IR_FATAL: it could
 * not be found out. */
int ir_index_lists_end(struct ir_index_lists *l, bool *ret_good, struct ir_err *err);

/* Whether each row is in the index as it should be, and nothing besides. */
int ir_index_holds(struct ir_casedb *db, bool *ret_holds, struct ir_err *err);

/* The same, telling what is wrong: calls fault for each row whose text is not in it as it should
 * be, and once when the index itself is broken. good: its lists are; else the rows are not looked
 * at. ret_n: how many faults. */
int ir_index_check(struct ir_casedb *db, bool good,
                   void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                   uint64_t *ret_n, struct ir_err *err);
/* Makes it anew, inside a transaction, in the order of the trail. ret_n: of how many rows. */
int ir_index_rebuild(struct ir_casedb *db, uint64_t *ret_n, struct ir_err *err);

#endif
