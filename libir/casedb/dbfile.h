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
/* A result of SQLite's which means that the file cannot be read, whoever asks. */
bool ir_dbfile_is_damage(int code);
/* As a failing disk may leave it; to open it would make SQLite remove its journal. */
bool ir_dbfile_is_empty(const char *path);
/* No journal beside it holds a part of what it is. */
bool ir_dbfile_is_alone(const char *path);
/* The file and its journals, as far as they are there. A journal that stays is taken for that of
 * the next file of the name, whatever is in it. */
void ir_dbfile_remove(const char *path);
/* To what has the name `to`. */
int ir_dbfile_move_journals(const char *path, const char *to, struct ir_err *err);
/* Nobody else who asks makes files in the directory of path until *ret_fd is closed. IR_FATAL:
 * somebody does, and for long. *ret_fd: -1 where directories cannot be locked. */
int ir_dbfile_claim(const char *path, int *ret_fd, struct ir_err *err);
/* One state of `from` (source: what messages call it) as a new file of mode 0600, which needs no
 * other beside it. IR_BAD: `to` is there already. On failure nothing is left. It need not be on
 * disk yet: see ir_dbfile_name. */
int ir_dbfile_copy(struct sqlite3 *from, const char *source, const char *to, struct ir_err *err);
/* The file `made` gets its name, and both are on disk then. over: what had the name is gone; else
 * IR_BAD when something has it. Nobody of this process may have either open. */
int ir_dbfile_name(const char *made, const char *path, bool over, struct ir_err *err);

#endif
