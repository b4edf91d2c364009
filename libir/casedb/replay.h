/*
 * What each row of the tables has to hold, by the audit trail: the trail is played once from its
 * begin, in memory (some 100 bytes a field; long texts as their SHA-256), and every table is then
 * held against it, both ways.
 *
 *     struct ir_replay *p = ir_replay_new(fault, user);
 *     for (…) rc = ir_replay_change(p, seq, table, row, fields, &err);     // in order
 *     rc = ir_replay_table(p, db, "note", &rows, &err);                    // each table
 *     ir_replay_lost(p);
 *     faults += ir_replay_free(p);
 */
#ifndef IR_CASEDB_REPLAY_H
#define IR_CASEDB_REPLAY_H

#include "casedb/audit.h"

struct ir_replay;

struct ir_replay *ir_replay_new(void (*fault)(void *user, const struct ir_audit_fault *f),
                                void *user);
/* Faults that were found; NULL: none. */
uint64_t ir_replay_free(struct ir_replay *p);
/* A fault when it does not begin where the change before it ended. */
int ir_replay_change(struct ir_replay *p, int64_t seq, struct ir_str table, struct ir_str row,
                     struct ir_str fields, struct ir_err *err);
/* A fault for each row or field of the table past the trail, and for each row that stands elsewhere
 * than it was inserted; *rows counts on. */
int ir_replay_table(struct ir_replay *p, struct ir_casedb *db, const char *table, uint64_t *rows,
                    struct ir_err *err);
/* After all tables: a fault for each row that was in none of them. */
void ir_replay_lost(struct ir_replay *p);

#endif
