/*
 * Cases as files: every byte of one is changed, left out or doubled in turn, with a digest made
 * anew that fits; none may come in as something else than what was written.
 */
#include <unistd.h>

#include "base/digest.h"
#include "casedb/bundle.h"
#include "casedb/incident.h"
#include "casedb/work.h"
#include "tap.h"

#define NOW  INT64_C(1795309323123000000)
#define STEP 13
#define TAIL 78u /* ,\n"sha256":"…"} and the line's end */

static char path[2][4096];

static struct ir_casedb *make(int i)
{
    struct ir_casedb *db = NULL;
    const char *tmp = getenv("TMPDIR");
    snprintf(path[i], sizeof path[i], "%s/bundle-%d-%d.db", tmp != NULL ? tmp : "/tmp",
             (int)getpid(), i);
    ir_casedb_open(path[i], IR_CASEDB_MAKE, &db, NULL);
    return db;
}

static void fill(struct ir_casedb *db, char id[IR_ID_TEXT])
{
    char no[IR_NO_TEXT];
    int64_t n;
    const struct ir_incident_opening o = {.title = IR_S("t \"見\""), .lead = IR_S("Sato")};
    ir_casedb_begin(db, "Sato", NOW, NULL);
    ir_incident_open(db, &o, no, id, NULL);
    ir_note_add(db, id, IR_S("line\nand 二行目"), &n, NULL, NULL);
    ir_casedb_commit(db, NULL);
    ir_casedb_begin(db, "Tanaka", NOW + 1, NULL);
    ir_incident_assign(db, id, IR_S("Tanaka"), NULL);
    ir_casedb_commit(db, NULL);
}

/* The body with the digest that it ought to have. */
static void seal(struct ir_buf *b)
{
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(b), &sum);
    ir_digest_hex(&sum, IR_SHA256, hex);
    ir_buf_fmt(b, ",\n\"sha256\":\"%s\"}\n", hex);
}

static int import(struct ir_casedb *db, struct ir_str text, struct ir_err *err)
{
    struct ir_bundle_result r;
    *err = (struct ir_err){0};
    if (ir_casedb_begin(db, "Mallory", NOW, err) != IR_OK) return IR_FATAL;
    const int rc = ir_bundle_read(db, text, &r, err);
    ir_casedb_rollback(db);
    return rc;
}

/* way 0: another bit, 1: left out, 2: twice. Only the head may differ: nothing in the file can
 * prove that, so it has to be held against what the sender says. */
static bool changes(struct ir_casedb *db, struct ir_str text, int way)
{
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_err err;
    bool good = true;
    const size_t end = text.n - TAIL, head = ir_str_find(text, IR_S("\n\"head\":\"")) + 9;
    for (size_t i = (size_t)way * 4; i < end; i += STEP) {
        ir_buf_clear(&b);
        ir_buf_str(&b, ir_str_head(text, i));
        if (way == 0) ir_buf_chr(&b, (char)(text.p[i] ^ (1 << i % 7)));
        if (way == 2) ir_buf_chr(&b, text.p[i]);
        ir_buf_str(&b, ir_str_skip(ir_str_head(text, end), i + (way < 2)));
        if (ir_str_eq(ir_str_head(text, end), ir_buf_view(&b)))
            continue; /* one of two equal ones */
        seal(&b);
        const int rc = import(db, ir_buf_view(&b), &err);
        if (rc == IR_BAD && err.line > 0) continue;
        if (rc == IR_OK && i >= head) continue;
        printf("# byte %zu: %d %s\n", i, rc, err.msg);
        good = false;
    }
    ir_buf_free(&b);
    return good;
}

static void big_and_deep(struct ir_casedb *db, struct ir_str text)
{
    struct ir_buf b = IR_BUF((size_t)64 << 20);
    struct ir_err err;
    const size_t at = ir_str_find(text, IR_S("\"tlp\":\"amber\"")) + 7;
    ir_buf_str(&b, ir_str_head(text, at));
    for (int i = 0; i < 1 << 20; i++)
        ir_buf_str(&b, IR_S("aaaaaaaaaaaaaaaaaaaa"));
    ir_buf_str(&b, ir_str_skip(ir_str_head(text, text.n - TAIL), at));
    seal(&b);
    ok(import(db, ir_buf_view(&b), &err) == IR_BAD && err.line > 0, "20 MiB in a field");
    ir_buf_clear(&b);
    ir_buf_str(&b, ir_str_head(text, at - 1));
    for (int i = 0; i < 100000; i++)
        ir_buf_chr(&b, '[');
    seal(&b);
    ok(import(db, ir_buf_view(&b), &err) == IR_BAD && err.line > 0, "100,000 lists in a field");
    ir_buf_free(&b);
}

int main(void)
{
    struct ir_buf out = IR_BUF(1 << 20), again = IR_BUF(1 << 20);
    struct ir_bundle_result r = {.rows = 0};
    struct ir_err err = {0};
    char id[IR_ID_TEXT];
    struct ir_casedb *from = make(0), *to = make(1);
    if (from == NULL || to == NULL) return 1;
    fill(from, id);
    ok(ir_bundle_write(from, id, &out, &err) == IR_OK, "a case is written");
    const struct ir_str text = ir_buf_view(&out);
    ok(import(to, text, &err) == IR_OK, "as it is it comes in: %s", err.msg);
    ok(changes(to, text, 0), "no byte of it may change");
    ok(changes(to, text, 1), "none may be left out");
    ok(changes(to, text, 2), "none may come twice");
    big_and_deep(to, text);
    ir_casedb_begin(to, "Sato", NOW, NULL);
    const int rc = ir_bundle_read(to, text, &r, &err);
    ok(rc == IR_OK && !r.same && r.changes > 0 && ir_casedb_commit(to, &err) == IR_OK,
       "after all that it comes in");
    ok(ir_bundle_write(to, id, &again, &err) == IR_OK && ir_str_eq(ir_buf_view(&again), text),
       "and goes out as it was");
    ir_casedb_close(from);
    ir_casedb_close(to);
    ir_buf_free(&out);
    ir_buf_free(&again);
    for (int i = 0; i < 2; i++)
        unlink(path[i]);
    return done();
}
