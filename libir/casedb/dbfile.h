/*
 * Database files as a whole, whatever is in them: opening one without looking at it, and copying
 * one while others write to it.
 */
#ifndef IR_CASEDB_DBFILE_H
#define IR_CASEDB_DBFILE_H

#include <stdbool.h>

#include "base/err.h"

#define IR_DBFILE_PATH 4096u

struct sqlite3;

/* SQLite's result; the caller closes *ret also when it is an error. flags: of sqlite3_open_v2;
 * immutable: on a medium that nobody writes to. */
int ir_dbfile_connect(const char *path, int flags, bool immutable, struct sqlite3 **ret);
/* path + end. IR_BAD: it is too long. */
int ir_dbfile_beside(char out[IR_DBFILE_PATH], const char *path, const char *end,
                     struct ir_err *err);
/* The same, waiting for others' locks. *ret: NULL on failure. */
int ir_dbfile_open(const char *path, int flags, struct sqlite3 **ret, struct ir_err *err);
/* code: a result of SQLite's about the file. IR_BAD: it is damaged; IR_FATAL: all else. */
int ir_dbfile_fail(int code, const char *path, struct ir_err *err);
/* One state of `from` (source: what messages call it) as a new file of mode 0600, which needs no
 * other beside it. IR_BAD: `to` is there already. On failure nothing is left. It need not be on
 * disk yet: see ir_dbfile_name. */
int ir_dbfile_copy(struct sqlite3 *from, const char *source, const char *to, struct ir_err *err);
/* The file `made` gets its name, and both are on disk then. What had the name is gone. Nobody of
 * this process may have either open. */
int ir_dbfile_name(const char *made, const char *path, struct ir_err *err);

#endif
