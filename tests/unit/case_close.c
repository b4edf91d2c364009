/*
 * Closing a case (5.26): everything that is missing is told at once, a closed case takes no more
 * work, and it is opened again only for a reason.
 */
#include <unistd.h>

#include "casedb/incident.h"
#include "casedb/phase.h"
#include "casedb/query.h"
#include "casedb/work.h"
#include "tap.h"

#define NOW INT64_C(1795309323123000000)

static struct ir_casedb *db;
static struct ir_duties *rules;
static char path[4096], id[IR_ID_TEXT], seen[256];

static void on_lack(void *user, const struct ir_lack *l)
{
    (void)user;
    snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s:%.*s ", ir_lack_name(l->kind),
             IR_FMT(l->what));
}

static void begin(void)
{
    ir_casedb_begin(db, "Sato", NOW, NULL);
}

static const char *lacks(void)
{
    size_t n;
    seen[0] = '\0';
    ir_close_lacks(db, rules, id, on_lack, NULL, &n, NULL);
    return seen;
}

static void fact(const char *name, const char *value)
{
    const struct ir_value v[] = {IR_V_Z("incident_id", id), IR_V_Z("name", name),
                                 IR_V_Z("value", value), IR_V_Z("stated_by", "Sato"),
                                 IR_V_Z("stated_at", "2026-11-22T01:02:03.000Z")};
    ir_record_insert(db, "fact", NULL, v, 5, NULL, NULL);
}

static void duty(char duty_id[IR_ID_TEXT])
{
    const struct ir_value v[] = {IR_V_Z("incident_id", id), IR_V_Z("duty", "appi.sokuho"),
                                 IR_V_Z("version", "1"), IR_V_Z("state", "open")};
    ir_record_insert(db, "duty", NULL, v, 4, duty_id, NULL);
}

static void closing(void)
{
    char duty_id[IR_ID_TEXT];
    struct ir_err err = {0};
    const struct ir_value sent = IR_V_Z("state", "sent");
    begin();
    fact("cause", "a <b>stolen</b> password");
    is_str(ir_str_z(lacks()), "effect:effect duty:appi.sokuho lesson:no_lesson ",
           "C26-4: all that is missing");
    fact("effect", "two days without the shop");
    fact("cause", NULL);
    is_str(ir_str_z(lacks()), "cause:cause duty:appi.sokuho lesson:no_lesson ",
           "C26-4: the latest of a fact counts");
    fact("cause", "a stolen password");
    is_int(ir_incident_close(db, rules, id, IR_S("an exercise"), &err), IR_END,
           "C26-4: not while a duty is undecided");
    duty(duty_id);
    is_int(ir_incident_close(db, rules, id, IR_S("an exercise"), &err), IR_END,
           "C26-4: nor while it is not sent");
    ir_record_update(db, "duty", duty_id, &sent, 1, NULL);
    is_int(ir_incident_close(db, rules, id, IR_S("an exercise"), &err), IR_OK, "C26-4: closed");
    ir_casedb_commit(db, NULL);
}

static void closed(void)
{
    char row[IR_ID_TEXT];
    int64_t no;
    struct ir_err err = {0};
    const struct ir_task t = {.title = IR_S("x")};
    begin();
    is_int(ir_task_add(db, id, &t, &no, row, &err), IR_BAD, "no more work: %s", err.msg);
    is_int(ir_note_add(db, id, IR_S("later"), &no, row, &err), IR_OK, "but a note");
    is_int(ir_incident_close(db, rules, id, IR_S("x"), &err), IR_BAD, "closed once: %s", err.msg);
    is_int(ir_incident_reopen(db, id, IR_S(""), &err), IR_BAD, "no reason: %s", err.msg);
    is_int(ir_incident_reopen(db, id, IR_S("it came back"), &err), IR_OK, "opened again");
    is_int(ir_task_add(db, id, &t, &no, row, &err), IR_OK, "and it takes work");
    ir_casedb_commit(db, NULL);
    ir_query_number(db,
                    "SELECT count(*) FROM incident WHERE phase = 'report' AND closed_at IS NULL",
                    ir_str_n(NULL, 0), &no, NULL);
    is_int(no, 1, "where it was closed");
}

int main(void)
{
    char no[IR_NO_TEXT];
    struct ir_err err = {0};
    const struct ir_incident_opening o = {.title = IR_S("A log-in"), .lead = IR_S("Mori")};
    snprintf(path, sizeof path, "%s/close.db", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    unlink(path);
    ok(ir_casedb_open(path, IR_CASEDB_MAKE, &db, &err) == IR_OK, "a database %s", err.msg);
    rules = ir_duties_new();
    ir_duties_add(rules,
                  IR_S("id: appi.sokuho\nversion: 1\nname: {en: x}\nvalid_from: 2022-04-01\n"
                       "source: x\nchecked_on: 2026-01-01\ntrigger: {fact: persons, '>': 9}\n"
                       "deadline: {kind: asap}\n"),
                  NULL);
    is_int(ir_duties_finish(rules, &err), IR_OK, "a duty that nobody knows whether it applies");
    begin();
    ir_incident_open(db, &o, no, id, NULL);
    is_int(ir_phase_enter(db, id, "report", IR_S(""), IR_S(""), &err), IR_OK, "a phase");
    ir_casedb_commit(db, NULL);
    closing();
    closed();
    ir_casedb_close(db);
    ir_duties_free(rules);
    return done();
}
