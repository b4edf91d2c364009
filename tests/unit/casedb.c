/*
 * The case database: what is written comes back, each change is in the trail, and every way to
 * change the file past the library is found and named: edit, delete, insert, reorder, truncation,
 * of the trail and of the tables.
 */
#include <errno.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "casedb/audit.h"
#include "casedb/query.h"
#include "tap.h"

#define NOW INT64_C(1795309323123000000)

static char dir[4000], path[4096];

static struct ir_casedb *open_db(enum ir_casedb_mode mode)
{
    struct ir_casedb *db = NULL;
    struct ir_err err = {0};
    const int rc = ir_casedb_open(path, mode, &db, &err);
    if (rc != IR_OK) printf("# open: %d %s\n", rc, err.msg);
    return db;
}

static void remove_db(void)
{
    char side[4200];
    unlink(path);
    snprintf(side, sizeof side, "%s-wal", path);
    unlink(side);
    snprintf(side, sizeof side, "%s-shm", path);
    unlink(side);
}

static int add_note(struct ir_casedb *db, const char *incident, int no, const char *text)
{
    const struct ir_value v[] = {IR_V_Z("incident_id", incident), IR_V_INT("no", no),
                                 IR_V_Z("author", "Sato"), IR_V_Z("at", "2026-11-22T01:02:03.000Z"),
                                 IR_V_Z("text", text)};
    return ir_record_insert(db, "note", NULL, v, 5, NULL, NULL);
}

static int add_incident(struct ir_casedb *db, const char *no, char id[IR_ID_TEXT])
{
    const struct ir_value v[] = {IR_V_Z("no", no),
                                 IR_V_Z("tlp", "amber"),
                                 IR_V_INT("exercise", 0),
                                 IR_V_Z("title", "見知らぬログイン"),
                                 IR_V_Z("opened_at", "2026-11-22T01:02:03.000Z"),
                                 IR_V_Z("opened_by", "Sato"),
                                 IR_V_Z("phase", "detect")};
    struct ir_err err = {0};
    const int rc = ir_record_insert(db, "incident", NULL, v, 7, id, &err);
    if (rc != IR_OK) printf("# %s\n", err.msg);
    return rc;
}

/* A case with notes: 1 + 4 inserts, 2 updates. */
static void fill(char id[IR_ID_TEXT])
{
    remove_db();
    struct ir_casedb *db = open_db(IR_CASEDB_MAKE);
    struct ir_value v[] = {IR_V_Z("title", "Unknown log-in"), IR_V_Z("lead", "Tanaka")};
    ir_casedb_begin(db, "Sato", NOW, NULL);
    add_incident(db, "CASE-2026-001", id);
    for (int i = 1; i <= 4; i++)
        add_note(db, id, i, i == 2 ? "a \"quoted\" \\ line\nand 二行目" : "text");
    ir_casedb_commit(db, NULL);
    ir_casedb_begin(db, "Tanaka", NOW + 1000000000, NULL);
    ir_record_update(db, "incident", id, v, 2, NULL);
    v[1] = IR_V_NULL("lead");
    ir_record_update(db, "incident", id, v, 2, NULL);
    ok(ir_casedb_commit(db, NULL) == IR_OK, "a case is written");
    ir_casedb_close(db);
}

static struct ir_audit_fault last;
static char last_text[4][200];

static void on_fault(void *user, const struct ir_audit_fault *f)
{
    (void)user;
    printf("# fault: seq %lld %s %s %s: %s\n", (long long)f->seq, f->table, f->row, f->field,
           f->what);
    snprintf(last_text[0], 200, "%s", f->table);
    snprintf(last_text[1], 200, "%s", f->row);
    snprintf(last_text[2], 200, "%s", f->field);
    last.seq = f->seq;
}

static int64_t faults(const struct ir_audit_head *anchor, size_t n)
{
    struct ir_audit_result r;
    struct ir_err err = {0};
    struct ir_casedb *db = open_db(IR_CASEDB_WRITE);
    last.seq = -1;
    const int rc = ir_audit_verify(db, anchor, n, on_fault, NULL, &r, &err);
    if (rc != IR_OK) printf("# verify: %s\n", err.msg);
    ir_casedb_close(db);
    return rc == IR_OK ? (int64_t)r.faults : -1;
}

/* What somebody does who has the file and no conscience. */
static void tamper(const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    sqlite3_open(path, &db);
    sqlite3_exec(db, "DROP TRIGGER audit_update; DROP TRIGGER audit_delete;", NULL, NULL, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) ok(false, "tamper: %s", why);
    sqlite3_free(why);
    sqlite3_close(db);
}

static void written(void)
{
    char id[IR_ID_TEXT];
    struct ir_query q;
    struct ir_audit_head head;
    fill(id);
    struct ir_casedb *db = open_db(IR_CASEDB_READ);
    ir_query_open(&q, db, "SELECT title, lead, no FROM incident WHERE id = ?1", NULL);
    ir_query_text_arg(&q, 1, ir_str_z(id));
    is_int(ir_query_next(&q, NULL), IR_OK, "the case is there");
    is_str(ir_query_text(&q, 0), "Unknown log-in", "its title");
    ok(ir_query_null(&q, 1), "a text may be taken away again");
    ir_query_close(&q);
    is_int(ir_audit_head(db, &head, NULL), IR_OK, "there is a head");
    is_int(head.seq, 7, "each change is one row of the trail");
    ir_query_open(&q, db, "SELECT actor, fields FROM audit WHERE seq = 6", NULL);
    ir_query_next(&q, NULL);
    is_str(ir_query_text(&q, 0), "Tanaka", "who it was");
    is_str(ir_query_text(&q, 1),
           "{\"title\":[\"見知らぬログイン\",\"Unknown log-in\"],\"lead\":[null,\"Tanaka\"]}",
           "old and new");
    ir_query_close(&q);
    ir_casedb_close(db);
    is_int(faults(NULL, 0), 0, "nothing is wrong with it");
}

static void tampered(void)
{
    static const struct {
        const char *sql, *what;
        int64_t seq;
        const char *table, *field;
    } t[] = {
        {"UPDATE incident SET title = 'x'", "a field edited", 0, "incident", "title"},
        {"UPDATE incident SET lead = 'x'", "a field filled that was empty", 0, "incident", "lead"},
        {"UPDATE incident SET level = 'x'", "a field that no change ever named", 0, "incident",
         "level"},
        {"DELETE FROM note WHERE no = 3", "a row deleted", 0, "note", ""},
        {"INSERT INTO note VALUES ('n', (SELECT id FROM incident), 9, 'x', 'x', 'x')",
         "a row inserted", 0, "note", ""},
        {"UPDATE audit SET actor = 'Suzuki' WHERE seq = 3", "an actor of the trail", 3, "note", ""},
        {"UPDATE audit SET at = '2026-11-21T01:02:03.000Z' WHERE seq = 7", "a time of the trail", 7,
         "incident", ""},
    };
    char id[IR_ID_TEXT];
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        fill(id);
        tamper(t[i].sql);
        is_int(faults(NULL, 0), 1, "found: %s", t[i].what);
        is_int(last.seq, t[i].seq, "  its place in the trail");
        is_str(ir_str_z(last_text[0]), t[i].table, "  the table");
        is_str(ir_str_z(last_text[2]), t[i].field, "  the field");
    }
}

static void trail(void)
{
    static const struct {
        const char *sql, *what;
    } t[] = {
        {"DELETE FROM audit WHERE seq = 4", "a row of the trail deleted"},
        {"UPDATE audit SET seq = 100 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;"
         "UPDATE audit SET seq = 4 WHERE seq = 100",
         "two rows exchanged"},
        {"UPDATE audit SET seq = -seq WHERE seq > 3; UPDATE audit SET seq = 1 - seq WHERE seq < 0;"
         "INSERT INTO audit SELECT 4, at, actor, action, tbl, 'n', fields, sha256 FROM audit WHERE "
         "seq = 3",
         "a row of the trail inserted"},
        {"DELETE FROM audit WHERE seq > 5", "the end cut off, the tables left as they are"},
        {"UPDATE audit SET fields = replace(fields, 'Unknown', 'Known'); UPDATE incident SET title "
         "= 'Known log-in'",
         "table and trail changed alike"},
        {"UPDATE audit SET fields = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
         "n "
         "WHERE i < 200) SELECT json_group_object('f' || i, json('[null,1]')) FROM n) WHERE seq = "
         "6",
         "a change of more fields than any table has"},
        {"DELETE FROM audit", "everything"},
    };
    char id[IR_ID_TEXT];
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        fill(id);
        tamper(t[i].sql);
        ok(faults(NULL, 0) > 0, "found: %s", t[i].what);
    }
}

/* Who cuts off the end of the trail and takes the tables back to where they were leaves a file
 * that is whole: only a head kept elsewhere shows it. */
static void truncated(void)
{
    char id[IR_ID_TEXT];
    struct ir_audit_head head[2];
    fill(id);
    struct ir_casedb *db = open_db(IR_CASEDB_READ);
    ir_audit_head(db, &head[0], NULL);
    ir_casedb_close(db);
    is_int(faults(head, 1), 0, "the head that was kept is the head");
    tamper("DELETE FROM audit WHERE seq > 5; UPDATE incident SET title = '見知らぬログイン'");
    is_int(faults(NULL, 0), 0, "by itself it is whole");
    is_int(faults(head, 1), 1, "with the head it is not");
    is_int(last.seq, 7, "  from where on");
    head[0].seq = 5;
    is_int(faults(head, 1), 1, "another head for a row that is there");
}

static void refused(void)
{
    char id[IR_ID_TEXT];
    struct ir_err err = {0};
    fill(id);
    struct ir_casedb *db = open_db(IR_CASEDB_WRITE);
    struct ir_value v = IR_V_Z("text", "other");
    ok(add_note(db, id, 9, "x") < 0, "no change without a transaction");
    ok(ir_casedb_begin(db, "", NOW, &err) < 0, "nobody: %s", err.msg);
    ir_casedb_begin(db, "Sato", NOW, NULL);
    ok(add_note(db, "no-such-case", 9, "x") < 0, "a note of no case");
    ok(!ir_casedb_changing(db), "a failed change ends the transaction");
    ir_casedb_begin(db, "Sato", NOW, NULL);
    ok(add_note(db, id, 1, "x") < 0, "a number twice");
    ir_casedb_begin(db, "Sato", NOW, NULL);
    is_int(ir_record_update(db, "note", "x", &v, 1, &err), IR_BAD, "append-only: %s", err.msg);
    v = IR_V_Z("title", "x");
    ir_casedb_begin(db, "Sato", NOW, NULL);
    is_int(ir_record_update(db, "incident", "nowhere", &v, 1, NULL), IR_END, "no such row");
    is_int(ir_record_update(db, "audit", "1", &v, 1, NULL), IR_BAD, "the trail is no table");
    ir_casedb_begin(db, "Sato", NOW, NULL);
    add_note(db, id, 10, "gone");
    ir_casedb_rollback(db);
    ir_casedb_close(db);
    is_int(faults(NULL, 0), 0, "and nothing of it is left");
}

static void odd_texts(void)
{
    static const char nul[] = "a\0b\xff\xe3\x81";
    char id[IR_ID_TEXT];
    struct ir_query q;
    fill(id);
    struct ir_casedb *db = open_db(IR_CASEDB_WRITE);
    char *big = malloc(10 << 20);
    memset(big, 'x', 10 << 20);
    const struct ir_value v[] = {IR_V_Z("incident_id", id), IR_V_INT("no", 20),
                                 IR_V("author", ir_str_n(nul, sizeof nul - 1)),
                                 IR_V_Z("at", "\u202e\x1b[31m'); DROP TABLE note; --"),
                                 IR_V("text", ir_str_n(big, 10 << 20))};
    ir_casedb_begin(db, "O'Brien \"\\\n", NOW, NULL);
    is_int(ir_record_insert(db, "note", NULL, v, 5, NULL, NULL), IR_OK, "a note of 10 MB");
    is_int(ir_casedb_commit(db, NULL), IR_OK, "is there");
    ir_query_open(&q, db, "SELECT author, at, length(text) FROM note WHERE no = 20", NULL);
    ir_query_next(&q, NULL);
    is_str(ir_query_text(&q, 0),
           "a\xef\xbf\xbd"
           "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
           "NUL and broken UTF-8");
    is_str(ir_query_text(&q, 1), "\u202e\x1b[31m'); DROP TABLE note; --", "all else stays");
    is_int(ir_query_int(&q, 2), 10 << 20, "nothing is cut");
    ir_query_close(&q);
    ir_casedb_close(db);
    is_int(faults(NULL, 0), 0, "the trail holds it");
    free(big);
}

static void versions(void)
{
    char id[IR_ID_TEXT];
    struct ir_casedb *db;
    struct ir_err err = {0};
    remove_db();
    is_int(ir_casedb_open(path, IR_CASEDB_WRITE, &db, &err), IR_END, "no file");
    fill(id);
    tamper("PRAGMA user_version = 99");
    ok(ir_casedb_open(path, IR_CASEDB_WRITE, &db, &err) == IR_FATAL && strstr(err.msg, "newer"),
       "a newer one: %s", err.msg);
    remove_db();
    tamper("CREATE TABLE x (y)");
    ok(ir_casedb_open(path, IR_CASEDB_MAKE, &db, &err) == IR_FATAL && strstr(err.msg, "another"),
       "somebody else's: %s", err.msg);
    remove_db();
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 9999; i++)
        fputs("no database ", f);
    fclose(f);
    ok(ir_casedb_open(path, IR_CASEDB_WRITE, &db, &err) == IR_FATAL, "no database: %s", err.msg);
}

/* Two writers at once: every change is there, each number once. */
static void together(void)
{
    char id[IR_ID_TEXT];
    int64_t n = 0;
    fill(id);
    for (int child = 0; child < 3; child++) {
        if (fork() != 0) continue;
        struct ir_casedb *db = open_db(IR_CASEDB_WRITE);
        int bad = db == NULL;
        for (int i = 0; i < 30 && !bad; i++) {
            bad = ir_casedb_begin(db, "writer", NOW, NULL) != IR_OK ||
                  ir_query_number(db, "SELECT max(no) FROM note", ir_str_n(NULL, 0), &n, NULL) !=
                      IR_OK ||
                  add_note(db, id, (int)n + 1, "together") != IR_OK ||
                  ir_casedb_commit(db, NULL) != IR_OK;
        }
        ir_casedb_close(db);
        _exit(bad);
    }
    int status, bad = 0;
    while (wait(&status) > 0)
        bad += status != 0;
    is_int(bad, 0, "three writers");
    struct ir_casedb *db = open_db(IR_CASEDB_READ);
    ir_query_number(db, "SELECT max(no) FROM note", ir_str_n(NULL, 0), &n, NULL);
    ir_casedb_close(db);
    is_int(n, 4 + 90, "no update is lost");
    is_int(faults(NULL, 0), 0, "one trail");
}

int main(void)
{
    snprintf(dir, sizeof dir, "%s", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    snprintf(path, sizeof path, "%s/case #1%%.db", dir);
    written();
    tampered();
    trail();
    truncated();
    refused();
    odd_texts();
    versions();
    together();
    remove_db();
    return done();
}
