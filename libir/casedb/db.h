/*
 * The case database: one SQLite file, opened, migrated and changed in transactions.
 *
 *     struct ir_casedb *db;
 *     rc = ir_casedb_open("ir.db", IR_CASEDB_WRITE, &db, &err);
 *     rc = ir_casedb_begin(db, "Sato", now, &err);
 *     rc = ir_record_insert(db, …);               // record.h
 *     rc = ir_casedb_commit(db, &err);            // or ir_casedb_rollback(db)
 *     ir_casedb_close(db);
 *
 * Several processes may work on one file: a transaction takes the file's write lock at once and
 * waits for it, and reads inside it are what the change is based on, so no update is lost. A crash
 * leaves the last commit (WAL, synchronous=FULL). The schema is made of the files in schema/, each
 * of which brings a database from one version to the next.
 *
 * Results: IR_OK; IR_BAD, what was asked for cannot be (a reference to nothing, a value out of its
 * range); IR_FATAL, the file or the disk. A failed change ends its transaction.
 */
#ifndef IR_CASEDB_DB_H
#define IR_CASEDB_DB_H

#include "base/err.h"
#include "base/str.h"

struct ir_casedb;
struct sqlite3;

enum ir_casedb_mode {
    IR_CASEDB_READ,  /* one state, whatever others write; also on a read-only medium */
    IR_CASEDB_WRITE, /* the file must be there */
    IR_CASEDB_MAKE,  /* makes it (mode 0600) */
};

#define IR_CASEDB_TIME 25 /* "2026-11-23T05:00:00.123Z" with its NUL */

/* IR_END: there is no such file (READ, WRITE). */
int ir_casedb_open(const char *path, enum ir_casedb_mode mode, struct ir_casedb **ret_db,
                   struct ir_err *err);
void ir_casedb_close(struct ir_casedb *db);

/* actor: who the audit trail says it was, not empty; now: ns UTC. */
int ir_casedb_begin(struct ir_casedb *db, const char *actor, int64_t now, struct ir_err *err);
int ir_casedb_commit(struct ir_casedb *db, struct ir_err *err);
/* Also when there is no transaction. */
void ir_casedb_rollback(struct ir_casedb *db);
bool ir_casedb_changing(const struct ir_casedb *db);

/* The form in which times stand in the file. */
void ir_casedb_time(int64_t ns, char out[IR_CASEDB_TIME]);

/* For the other files of this layer. */
struct sqlite3_stmt;
struct sqlite3 *ir_casedb_handle(struct ir_casedb *db);
/* All tables on a connection to an empty database. */
bool ir_casedb_build(struct sqlite3 *sql);
/* A statement that is not in use, compiled once and kept; NULL: err says why. Given back with
 * ir_casedb_done, also in the middle of its rows. */
struct sqlite3_stmt *ir_casedb_take(struct ir_casedb *db, const char *sql, struct ir_err *err);
void ir_casedb_done(struct ir_casedb *db, struct sqlite3_stmt *stmt);
const char *ir_casedb_actor(const struct ir_casedb *db);
int64_t ir_casedb_now(const struct ir_casedb *db);
/* Turns the last result of SQLite's into an error of ours. */
int ir_casedb_fail(struct ir_casedb *db, struct ir_err *err);

#endif
