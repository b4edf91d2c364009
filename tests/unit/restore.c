/*
 * What is read of the case database is one state, whatever others write; and a backup that takes
 * the place of a database does so for everybody.
 */
#include <sqlite3.h>
#include <unistd.h>

#include "casedb/backup.h"
#include "casedb/query.h"
#include "casedb/setting.h"
#include "tap.h"

#define NOW INT64_C(1795309323123000000)

static char path[4096], backup[4096];

static struct ir_casedb *open_db(enum ir_casedb_mode mode)
{
    struct ir_casedb *db = NULL;
    struct ir_err err = {0};
    const int rc = ir_casedb_open(path, mode, &db, &err);
    is_int(rc, IR_OK, "open %s", err.msg);
    return db;
}

static void change(struct ir_casedb *db, const char *organisation)
{
    ok(ir_casedb_begin(db, "Sato", NOW, NULL) == IR_OK &&
           ir_setting_set(db, "organisation", ir_str_z(organisation), NULL) == IR_OK &&
           ir_casedb_commit(db, NULL) == IR_OK,
       "changed to %s", organisation);
}

static void ignore(void *user, const struct ir_audit_fault *f)
{
    (void)user;
    printf("# fault: %lld %s %s: %s\n", (long long)f->seq, f->table, f->row, f->what);
}

static void is_whole(struct ir_casedb *db, uint64_t changes, const char *what)
{
    struct ir_audit_result r;
    is_int(ir_audit_verify(db, NULL, 0, ignore, NULL, &r, NULL), IR_OK, "%s: proved", what);
    is_int((int64_t)r.faults, 0, "%s: no fault", what);
    is_int((int64_t)r.changes, (int64_t)changes, "%s: changes", what);
}

static int64_t count(struct ir_casedb *db)
{
    int64_t n = -1;
    ir_query_number(db, "SELECT count(*) FROM audit", ir_str_n(NULL, 0), &n, NULL);
    return n;
}

static void one_state(void)
{
    struct ir_casedb *writer = open_db(IR_CASEDB_MAKE);
    change(writer, "first");
    struct ir_casedb *reader = open_db(IR_CASEDB_READ);
    const int64_t before = count(reader);
    change(writer, "second");
    is_int(count(reader), before, "a reader stays with its state");
    is_whole(reader, (uint64_t)before, "it");
    ir_casedb_close(reader);
    reader = open_db(IR_CASEDB_READ);
    is_int(count(reader), before + 1, "the next one has what was written");
    ir_casedb_close(reader);
    ir_casedb_close(writer);
}

/* SQLite opens a file before it takes a lock: who is that far when the names are exchanged holds
 * the old file, and would find the new one's journal beside it. */
static void moved(void)
{
    sqlite3 *late = NULL;
    struct ir_audit_head head;
    struct ir_restored r;
    struct ir_err err = {0};
    const struct ir_restoring how = {.actor = "Sato", .now = NOW, .reason = "a test"};
    struct ir_casedb *db = open_db(IR_CASEDB_WRITE);
    is_int(ir_casedb_backup(db, backup, &head, &err), IR_OK, "a backup %s", err.msg);
    change(db, "third");
    ir_casedb_close(db);
    sqlite3_open(path, &late);
    is_int(ir_casedb_restore(path, backup, &how, &r, &err), IR_OK, "restored %s", err.msg);
    is_int(r.lost, 1, "a change was given up");
    is_int(sqlite3_exec(late, "UPDATE setting SET value = 'late'", NULL, NULL, NULL),
           SQLITE_READONLY, "the old file is not written to");
    is_int(sqlite3_exec(late, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_READONLY,
           "nor gets a journal where the new one has its own");
    sqlite3_close(late);
    db = open_db(IR_CASEDB_READ);
    is_whole(db, (uint64_t)head.seq + 1, "what was restored");
    ir_casedb_close(db);
    unlink(r.kept);
}

/* Who has read from it keeps its connection, and finds the new content there. */
static void shared(void)
{
    struct ir_restored r;
    struct ir_err err = {0};
    const struct ir_restoring how = {.actor = "Sato", .now = NOW, .reason = "again"};
    struct ir_casedb *other = open_db(IR_CASEDB_WRITE);
    change(other, "fourth");
    const int64_t before = count(other);
    is_int(ir_casedb_restore(path, backup, &how, &r, &err), IR_OK, "restored %s", err.msg);
    is_int(r.lost, 2, "changes were given up: the restoring before, and the fourth");
    is_int(count(other), before - 1, "another connection sees it");
    change(other, "fifth");
    is_whole(other, (uint64_t)before, "it goes on");
    ir_casedb_close(other);
    unlink(r.kept);
}

int main(void)
{
    const char *dir = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    snprintf(path, sizeof path, "%s/restore.db", dir);
    snprintf(backup, sizeof backup, "%s/backup.db", dir);
    unlink(path);
    unlink(backup);
    one_state();
    moved();
    shared();
    unlink(path);
    unlink(backup);
    return done();
}
