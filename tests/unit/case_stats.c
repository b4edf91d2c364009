/*
 * C27-2: cases by type, volume and cost, causes that came back, how alerts ended, and how long
 * things took, of rows whose times are set: medians of odd and even counts, ranges of persons,
 * values that are no number or no time, exercises and merged cases, borders of a year in a zone.
 */
#include <unistd.h>

#include "base/buf.h"
#include "casedb/record.h"
#include "casedb/stats.h"
#include "tap.h"

#define NOW INT64_C(1795309323123000000)

static struct ir_casedb *db;
static int32_t zone_s = 9 * 3600;

/* NAME, VALUE, …, NULL. A value that begins with # is a number. */
static void put(const char *table, const char *id, const char *const *said)
{
    struct ir_value v[24];
    struct ir_err err = {0};
    size_t n = 0;
    for (; said[0] != NULL; said += 2) {
        int64_t number = 0;
        const bool is_number = said[1][0] == '#' && ir_str_i64(ir_str_z(said[1] + 1), &number);
        v[n++] = is_number ? IR_V_INT(said[0], number) : IR_V_Z(said[0], said[1]);
    }
    ir_casedb_begin(db, "Sato", NOW, NULL);
    const int rc = ir_record_insert(db, table, id, v, n, NULL, &err);
    if (rc != IR_OK) printf("# %s: %s\n", table, err.msg);
    ir_casedb_commit(db, NULL);
}
#define PUT(table, id, ...) put(table, id, (const char *const[]){__VA_ARGS__, NULL})
#define CASE(id, at, kind, exercise)                                                               \
    PUT("incident", id, "no", "CASE-" id, "title", id, "kind", kind, "opened_at", at, "opened_by", \
        "Sato", "phase", "detect", "tlp", "amber", "exercise", exercise)
#define FACT(id, name, value)                                                                      \
    PUT("fact", NULL, "incident_id", id, "name", name, "value", value, "stated_by", "Sato",        \
        "stated_at", "2026-11-23T00:00:00.000Z")

/* Rows as "a|b|c" lines. */
static bool gives(enum ir_stat which, int year, const char *want)
{
    const struct ir_period p = ir_period_year(year, zone_s);
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_err err = {0};
    struct ir_query q;
    int rc = ir_stat_open(&q, db, which, &p, &err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &err)) == IR_OK) {
        for (int i = 0; i < ir_query_columns(&q); i++) {
            if (i > 0) ir_buf_chr(&b, '|');
            ir_buf_str(&b, ir_query_text(&q, i));
        }
        ir_buf_chr(&b, '\n');
    }
    ir_query_close(&q);
    const bool same = rc == IR_END && ir_str_eq(ir_buf_view(&b), ir_str_z(want));
    if (!same) printf("# rc %d %s, got:\n%.*s", rc, err.msg, (int)b.n, b.p ? b.p : "");
    ir_buf_free(&b);
    return same;
}

static void fill(void)
{
    CASE("A", "2026-01-10T00:00:00.000Z", "malware", "#0");
    CASE("B", "2026-02-10T00:00:00.000Z", "malware", "#0");
    CASE("C", "2026-12-31T16:00:00.000Z", "leak", "#0"); /* 2027 in Japan */
    CASE("D", "2025-06-01T00:00:00.000Z", "leak", "#0");
    CASE("E", "2026-03-10T00:00:00.000Z", "malware", "#1");
    PUT("incident", "F", "no", "CASE-F", "title", "F", "opened_at", "2026-04-01T00:00:00.000Z",
        "opened_by", "x", "phase", "detect", "tlp", "amber", "exercise", "#0", "merged_into", "A");
    FACT("A", "persons", "500-1500");
    FACT("A", "persons", "20-30");
    FACT("B", "persons", "about ten");
    FACT("B", "loss_yen", "99999999999999999999");
    FACT("D", "cause", "vpn  OLD");
    PUT("lesson", NULL, "incident_id", "A", "no", "#1", "measure", "update", "root_cause",
        "VPN old", "cost", "#100000", "state", "planned");
    PUT("lesson", NULL, "incident_id", "A", "no", "#2", "measure", "x", "root_cause", "VPN OLD",
        "cost", "#9223372036854775807", "state", "dropped");
    PUT("asset", NULL, "incident_id", "A", "name", "fs1");
    PUT("asset", NULL, "incident_id", "A", "name", "fs2", "role", "unaffected");
    /* Detected after 1 h, and after 2 h 30 min by a time of the organisation's clock. */
    PUT("timeline", NULL, "incident_id", "A", "no", "#1", "at", "2026-01-09T23:00:00.000Z", "title",
        "x");
    FACT("B", "occurred_at", "2026-02-10 06:30");
    FACT("A", "aware_at", "2026-01-10");
    PUT("act", NULL, "incident_id", "A", "no", "#1", "at", "2026-01-10T00:20:00.000Z", "clock", "x",
        "actor", "x", "action", "LANから隔離", "recorded_at", "2026-01-10T00:20:00.000Z");
    FACT("B", "contained_at", "no time at all");
    PUT("act", NULL, "incident_id", "A", "no", "#2", "at", "2026-01-10T12:00:00.000Z", "clock", "x",
        "actor", "x", "action", "x", "step", "restore", "recorded_at", "2026-01-10T12:00:00.000Z");
    PUT("act", NULL, "incident_id", "B", "no", "#1", "at", "2026-02-10T01:00:00.000Z", "clock", "x",
        "actor", "x", "action", "LANから切り離した", "recorded_at", "2026-02-10T01:00:00.000Z");
    PUT("act", NULL, "incident_id", "D", "no", "#1", "at", "2025-06-01T01:00:00.000Z", "clock", "x",
        "actor", "x", "action", "x", "step", "restore", "recorded_at", "2025-06-01T01:00:00.000Z");
    FACT("B", "recovered_at", "2026-02-10 10:00");
    PUT("exhibit", NULL, "incident_id", "A", "item", "EV-1", "sealed_at",
        "2026-01-10T03:00:00.000Z");
    PUT("duty", NULL, "incident_id", "A", "duty", "appi.sokuho", "version", "1", "state", "sent",
        "sent_at", "2026-01-12T15:00:00.000Z");
    PUT("transition", NULL, "incident_id", "A", "from_phase", "recover", "to_phase", "recover",
        "step", "prevent", "actor", "x", "at", "2026-01-11T00:00:00.000Z");
    PUT("event", "e1", "no", "EVT-1", "text", "x", "noticed_at", "2026-05-01T00:00:00.000Z",
        "recorded_at", "2026-05-01T00:10:00.000Z", "recorded_by", "x");
    PUT("event", "e2", "no", "EVT-2", "text", "x", "noticed_at", "2026-05-02T00:00:00.000Z",
        "recorded_at", "2026-05-02T01:00:00.000Z", "recorded_by", "x");
    PUT("event", "e3", "no", "EVT-3", "text", "x", "noticed_at", "2026-05-03T00:00:00.000Z",
        "recorded_at", "2026-05-03T00:20:00.000Z", "recorded_by", "x");
    PUT("event", "e4", "no", "EVT-4", "text", "x", "noticed_at", "2026-05-03T00:00:00.000Z",
        "recorded_at", "2026-05-03T09:00:00.000Z", "recorded_by", "x", "incident_id", "E");
    for (int i = 0; i < 4; i++) {
        const char *const id[] = {"a1", "a2", "a3", "a4"};
        PUT("alert", id[i], "no", id[i], "key", id[i], "rule_id", "r", "title", "t", "level",
            "high", "entity", "{}", "count", "#1", "finding", "{}", "filed_at",
            "2026-06-01T00:00:00.000Z");
    }
    PUT("decision", NULL, "alert_id", "a1", "outcome", "false_positive", "reason", "x", "decider",
        "x", "decided_at", "2026-06-01T02:00:00.000Z");
    PUT("decision", NULL, "alert_id", "a1", "outcome", "event", "reason", "x", "decider", "x",
        "decided_at", "2026-06-05T02:00:00.000Z");
    PUT("decision", NULL, "alert_id", "a2", "outcome", "event", "reason", "x", "decider", "x",
        "decided_at", "2026-06-01T04:00:00.000Z");
    PUT("decision", NULL, "alert_id", "a3", "outcome", "near_miss", "reason", "x", "decider", "x",
        "decided_at", "2026-06-01T09:00:00.000Z");
}

int main(void)
{
    char path[4096];
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/stats-%d.db", tmp != NULL ? tmp : "/tmp", (int)getpid());
    if (ir_casedb_open(path, IR_CASEDB_MAKE, &db, NULL) != IR_OK) return 1;
    ok(gives(IR_STAT_KIND, 0, "") && gives(IR_STAT_CAUSE, 0, "") && gives(IR_STAT_ALERT, 0, ""),
       "C27-2: no case, no figure");
    fill();
    ok(gives(IR_STAT_KIND, 2026, "malware|2|2|30|1|9223372036854775807\n"),
       "C27-2: type, volume and cost of a year; a range by its end, nothing overflows");
    ok(gives(IR_STAT_KIND, 2027, "leak|1|1|0|0|0\n"), "C27-2: a year of the organisation's clock");
    ok(gives(IR_STAT_LEVEL, 2025, "|1|1|0|0|0\n"), "C27-2: by level");
    ok(gives(IR_STAT_CAUSE, 2026, "VPN OLD|1|2|yes|CASE-A, CASE-D\n"),
       "C27-2: a cause that came back is seen whatever its case and blanks");
    ok(gives(IR_STAT_CAUSE, 2025, "vpn  OLD|1|1||CASE-D\n"), "C27-2: what came later recurs later");
    ok(gives(IR_STAT_ALERT, 2026, "event|2|50|2\n|1|25|0\nnear_miss|1|25|1\n"),
       "C25-3: how alerts ended, and how many have a reason");
    ok(gives(IR_STAT_TIME, 2026,
             "detect|2|6300|3600|9000\nrecord|3|1200|600|3600\ndecide|3|14400|7200|32400\n"
             "contain|2|2400|1200|3600\npreserve|1|10800|10800|10800\n"
             "report|1|259200|259200|259200\nrecover|2|23400|3600|43200\n"),
       "C27-2: medians and n; what is no time does not count");
    ok(gives(IR_STAT_TIME, 2025,
             "detect|0|||\nrecord|0|||\ndecide|0|||\ncontain|0|||\npreserve|0|||\nreport|0|||"
             "\nrecover|0|||\n"),
       "C27-2: a case that is still being restored has not recovered");
    struct ir_time_stat t[IR_TIMES];
    const struct ir_period p = ir_period_year(2026, zone_s);
    ok(ir_stat_times(db, &p, t, NULL) == IR_OK && strcmp(t[1].name, "record") == 0 && t[1].n == 3 &&
           t[1].median_s == 1200,
       "the medians as numbers");
    ok(ir_stat_is_time(IR_S("record")) && !ir_stat_is_time(IR_S("recor")) &&
           !ir_stat_is_time(IR_S("', 2), ('x")),
       "a name that is none");
    ir_casedb_close(db);
    unlink(path);
    return done();
}
