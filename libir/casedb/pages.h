/*
 * The pages and indexes of a database file, by SQLite itself: an index that lacks a row hides it
 * from every list, though the row is what the trail says.
 *
 * It takes long, so it has a thread and a connection of its own, and goes on beside what the caller
 * does next. db stays open until its end. Not before the shape was checked (shape.h): what stands
 * in the place of ours would be run.
 */
#ifndef IR_CASEDB_PAGES_H
#define IR_CASEDB_PAGES_H

#include "casedb/audit.h"

struct ir_pages;

/* own: nobody else writes to the file or cuts it. */
int ir_pages_begin(struct ir_casedb *db, bool own, struct ir_pages **ret, struct ir_err *err);
/* Waits for it and frees p, which may be NULL: not begun. Calls fault for each thing that is found,
 * a few of them at most; ret_n: how many. IR_FATAL: it could not be found out. */
int ir_pages_end(struct ir_pages *p, void (*fault)(void *user, const struct ir_audit_fault *f),
                 void *user, uint64_t *ret_n, struct ir_err *err);
/* Reading pages where they lie in memory: half the time, and a signal that kills when somebody cuts
 * the file meanwhile. */
void ir_pages_map(struct ir_casedb *db);

#endif
