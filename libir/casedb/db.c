/*
 * Opening, migrating and locking the case database. See db.h.
 */
#include "casedb/db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/intl.h"
#include "base/map.h"
#include "base/time.h"
#include "base/utf8.h"
#include "casedb/dbfile.h"

#define WAIT_MS 30000 /* for another process's transaction */
/* "irdb": tells our files from other people's databases. */
#define APPLICATION_ID 0x69726462

/* Migrations, the first one from nothing. */
static const char *const schema[] = {
#define SCHEMA(text) text,
#include "casedb/schema.def"
#undef SCHEMA
};
#define VERSION ((int)(sizeof schema / sizeof *schema))

#define KEPT_MAX 64u

struct ir_casedb {
    sqlite3 *sql;
    struct {
        sqlite3_stmt *stmt;
        uint64_t hash; /* of its text */
        bool used;
    } kept[KEPT_MAX];
    unsigned nkept;
    char *actor; /* of the transaction, NULL: there is none */
    int64_t now;
    char path[512];
};

struct sqlite3 *ir_casedb_handle(struct ir_casedb *db)
{
    return db->sql;
}

const char *ir_casedb_actor(const struct ir_casedb *db)
{
    return db->actor;
}

int64_t ir_casedb_now(const struct ir_casedb *db)
{
    return db->now;
}

bool ir_casedb_changing(const struct ir_casedb *db)
{
    return db->actor != NULL;
}

struct sqlite3_stmt *ir_casedb_take(struct ir_casedb *db, const char *sql, struct ir_err *err)
{
    const uint64_t hash = ir_hash(ir_str_z(sql), 0);
    sqlite3_stmt *s = NULL;
    for (unsigned i = 0; i < db->nkept; i++) {
        if (db->kept[i].used || db->kept[i].hash != hash ||
            strcmp(sqlite3_sql(db->kept[i].stmt), sql) != 0)
            continue;
        db->kept[i].used = true;
        return db->kept[i].stmt;
    }
    if (sqlite3_prepare_v2(db->sql, sql, -1, &s, NULL) != SQLITE_OK) {
        ir_casedb_fail(db, err);
        return NULL;
    }
    if (db->nkept < KEPT_MAX) {
        db->kept[db->nkept].stmt = s;
        db->kept[db->nkept].hash = hash;
        db->kept[db->nkept++].used = true;
    }
    return s;
}

void ir_casedb_done(struct ir_casedb *db, struct sqlite3_stmt *stmt)
{
    if (stmt == NULL) return;
    for (unsigned i = 0; i < db->nkept; i++) {
        if (db->kept[i].stmt != stmt) continue;
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
        db->kept[i].used = false;
        return;
    }
    sqlite3_finalize(stmt);
}

static void disconnect(struct ir_casedb *db)
{
    for (unsigned i = 0; i < db->nkept; i++)
        sqlite3_finalize(db->kept[i].stmt);
    db->nkept = 0;
    sqlite3_close(db->sql);
    db->sql = NULL;
}

int ir_casedb_fail(struct ir_casedb *db, struct ir_err *err)
{
    const int rc = sqlite3_errcode(db->sql);
    ir_err_at(err, db->path, -1, 0);
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return ir_fail(err, IR_BAD, "refused by the database: %s", sqlite3_errmsg(db->sql));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ir_fail(err, IR_FATAL, "another program holds the database; again");
    case SQLITE_FULL: return ir_fail(err, IR_FATAL, "the disk is full: nothing was changed");
    case SQLITE_READONLY:
        if (sqlite3_extended_errcode(db->sql) == SQLITE_READONLY_DBMOVED)
            return ir_fail(err, IR_FATAL, "a backup took its place meanwhile; again");
        return ir_fail(err, IR_FATAL, "the database cannot be written");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        if (sqlite3_extended_errcode(db->sql) == SQLITE_CORRUPT_VTAB)
            return ir_fail(err, IR_FATAL,
                           "the search index is damaged; ir case search --rebuild makes it anew");
        return ir_fail(err, IR_FATAL, "damaged, or no database; ir case restore takes a backup");
    case SQLITE_TOOBIG: return ir_fail(err, IR_BAD, "longer than 16 MiB");
    default: return ir_fail(err, IR_FATAL, "%s", sqlite3_errmsg(db->sql));
    }
}

static int run(struct ir_casedb *db, const char *sql, struct ir_err *err)
{
    return sqlite3_exec(db->sql, sql, NULL, NULL, NULL) == SQLITE_OK ? IR_OK
                                                                     : ir_casedb_fail(db, err);
}

static int pragma(struct ir_casedb *db, const char *sql, int *ret_v, struct ir_err *err)
{
    sqlite3_stmt *s;
    int rc = IR_OK;
    if (sqlite3_prepare_v2(db->sql, sql, -1, &s, NULL) != SQLITE_OK) return ir_casedb_fail(db, err);
    if (sqlite3_step(s) == SQLITE_ROW)
        *ret_v = sqlite3_column_int(s, 0);
    else
        rc = ir_casedb_fail(db, err);
    sqlite3_finalize(s);
    return rc;
}

/* Which version the file has; 0: it is empty. */
static int check_version(struct ir_casedb *db, int *ret_version, struct ir_err *err)
{
    int id = 0, tables = 0;
    int rc = pragma(db, "PRAGMA user_version", ret_version, err);
    if (rc == IR_OK) rc = pragma(db, "PRAGMA application_id", &id, err);
    if (rc == IR_OK) rc = pragma(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, db->path, -1, 0);
    if (id != APPLICATION_ID && (id != 0 || tables != 0))
        return ir_fail(err, IR_FATAL, "a database of another program");
    if (*ret_version > VERSION)
        return ir_fail(err, IR_FATAL,
                       "made by a newer ir (version %d of the file, this one knows %d): use that",
                       *ret_version, VERSION);
    return IR_OK;
}

/* Looks again under the lock: another process may have done it meanwhile. */
static int migrate(struct ir_casedb *db, struct ir_err *err)
{
    char sql[64];
    int version = 0;
    int rc = run(db, "BEGIN IMMEDIATE", err);
    if (rc != IR_OK) return rc;
    rc = check_version(db, &version, err);
    for (int v = version; rc == IR_OK && v < VERSION; v++)
        rc = run(db, schema[v], err);
    if (rc == IR_OK && version < VERSION) {
        snprintf(sql, sizeof sql, "PRAGMA user_version = %d", VERSION);
        rc = run(db, sql, err);
        snprintf(sql, sizeof sql, "PRAGMA application_id = %d", APPLICATION_ID);
        if (rc == IR_OK) rc = run(db, sql, err);
    }
    if (rc == IR_OK) rc = run(db, "COMMIT", err);
    if (rc != IR_OK) sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

static int set_up(struct ir_casedb *db, enum ir_casedb_mode mode, struct ir_err *err)
{
    int version = 0;
    sqlite3_busy_timeout(db->sql, WAIT_MS);
    sqlite3_extended_result_codes(db->sql, 1);
    sqlite3_limit(db->sql, SQLITE_LIMIT_LENGTH, 64 << 20);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    int rc = check_version(db, &version, err);
    if (rc == IR_OK) rc = run(db, "PRAGMA foreign_keys = ON", err);
    if (rc != IR_OK) return rc;
    if (mode == IR_CASEDB_READ) {
        if (version == VERSION) return run(db, "BEGIN", err); /* what is read is one state */
        return ir_fail(err, IR_FATAL,
                       "of an older ir: any command that changes something brings it up to date");
    }
    rc = run(db, "PRAGMA journal_mode = WAL", err);
    if (rc == IR_OK) rc = run(db, "PRAGMA synchronous = FULL", err);
    if (rc == IR_OK && version < VERSION) rc = migrate(db, err);
    return rc;
}

bool ir_casedb_build(sqlite3 *sql)
{
    for (int v = 0; v < VERSION; v++)
        if (sqlite3_exec(sql, schema[v], NULL, NULL, NULL) != SQLITE_OK) return false;
    return true;
}

static int connect(struct ir_casedb *db, const char *path, enum ir_casedb_mode mode, bool immutable,
                   struct ir_err *err)
{
    const int flags = mode == IR_CASEDB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    disconnect(db);
    if (ir_dbfile_connect(path, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, immutable,
                          &db->sql) != SQLITE_OK)
        return db->sql != NULL ? ir_casedb_fail(db, err) : ir_fail(err, IR_FATAL, "out of memory");
    return set_up(db, mode, err);
}

/* SQLite would make the file with what umask allows. A file that is there is not opened here: to
 * close it again would drop the locks that this process has on it by another connection. */
static int find(const char *path, enum ir_casedb_mode mode, struct ir_err *err)
{
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0) return IR_OK;
    if (errno == ENOENT && mode != IR_CASEDB_MAKE) return IR_END;
    if (errno != ENOENT) return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST) return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    if (fd >= 0) close(fd);
    return IR_OK;
}

int ir_casedb_open(const char *path, enum ir_casedb_mode mode, struct ir_casedb **ret_db,
                   struct ir_err *err)
{
    *ret_db = NULL;
    ir_err_at(err, path, -1, 0);
    int rc = find(path, mode, err);
    if (rc != IR_OK) return rc;
    struct ir_casedb *db = calloc(1, sizeof *db);
    if (db == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    snprintf(db->path, sizeof db->path, "%s", path);
    rc = connect(db, path, mode, false, err);
    /* A journal that cannot be read means that the file alone is not the whole. */
    if (rc != IR_OK && mode == IR_CASEDB_READ && db->sql != NULL && ir_dbfile_is_alone(path)) {
        const int code = sqlite3_errcode(db->sql) & 0xff;
        if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
            rc = connect(db, path, mode, true, err);
    }
    if (rc != IR_OK) {
        ir_casedb_close(db);
        return rc;
    }
    *ret_db = db;
    return IR_OK;
}

void ir_casedb_close(struct ir_casedb *db)
{
    if (db == NULL) return;
    if (db->sql != NULL) ir_casedb_rollback(db);
    disconnect(db);
    free(db);
}

int ir_casedb_begin(struct ir_casedb *db, const char *actor, int64_t now, struct ir_err *err)
{
    ir_err_at(err, db->path, -1, 0);
    const struct ir_str who = ir_utf8_trim(ir_str_z(actor));
    if (who.n == 0) return ir_fail(err, IR_BAD, "who does it? --actor says so");
    int rc = run(db, "BEGIN IMMEDIATE", err);
    if (rc != IR_OK) return rc;
    db->actor = strndup(who.p, who.n);
    db->now = now;
    if (db->actor != NULL) return IR_OK;
    sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
    return ir_fail(err, IR_FATAL, "out of memory");
}

int ir_casedb_commit(struct ir_casedb *db, struct ir_err *err)
{
    const int rc = run(db, "COMMIT", err);
    ir_casedb_rollback(db);
    return rc;
}

void ir_casedb_rollback(struct ir_casedb *db)
{
    if (!sqlite3_get_autocommit(db->sql)) sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
    free(db->actor);
    db->actor = NULL;
}

void ir_casedb_time(int64_t ns, char out[IR_CASEDB_TIME])
{
    struct ir_civil c;
    char text[96];
    ir_time_to_civil(ns, 0, &c);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second, c.nano / 1000000);
    memcpy(out, text, IR_CASEDB_TIME - 1); /* years of ns have four digits */
    out[IR_CASEDB_TIME - 1] = '\0';
}
