/*
 * The writers of findings, on made-up findings whose text an attacker wrote.
 */
#include "clean_json.h"
#include "finding_sample.h"
#include "report/writer.h"

static const struct ir_write_options plain = {.zone_s = 9 * 3600, .max_origins = 1};

static struct ir_str write_one(struct ir_buf *b, const char *writer, const struct ir_finding *f,
                               const struct ir_write_options *opt)
{
    ir_buf_clear(b);
    ir_writer_by_name(ir_str_z(writer))->finding(b, f, opt);
    return ir_buf_view(b);
}

static void levels(void)
{
    is_int(ir_level_by_name(IR_S("High")), IR_LEVEL_HIGH, "level of any case");
    is_int(ir_level_by_name(IR_S("info")), IR_LEVEL_INFORMATIONAL, "info is informational");
    is_int(ir_level_by_name(IR_S("severe")), IR_LEVEL_MAX, "unknown level");
    is_str(ir_str_z(ir_level_name(IR_LEVEL_CRITICAL)), "critical", "name of a level");
    is_str(ir_str_z(ir_level_name(IR_LEVEL_MAX)), "unknown", "name of no level");
    ok(ir_writer_by_name(IR_S("timesketch-csv")) != NULL, "writer by its name");
    ok(ir_writer_by_name(IR_S("timesketch_csv")) == NULL, "not by its symbol");
}

static void jsonl_finding(struct ir_buf *b)
{
    struct ir_finding f = finding_sample();
    f.norigins = 1;
    is_str(write_one(b, "jsonl", &f, &plain),
           "{\"ir.kind\":\"finding\",\"id\":\"00112233445566778899aabbccddeeff\","
           "\"@timestamp\":\"2026-11-22T02:02:03Z\",\"rule\":{\"id\":\"rule-1\",\"title\":"
           "\"Password guessing\",\"level\":\"high\",\"tags\":[\"attack.t1110\","
           "\"attack.credential_access\"],\"type\":\"sigma\"},\"entity\":{\"source.ip\":"
           "\"192.0.2.7\",\"user.name\":\"root\"},\"origin\":[{\"path\":\"/var/log/auth.log\","
           "\"offset\":123,\"line\":4,\"record\":\"\",\"length\":99,\"sha256\":\"ab12\"}],"
           "\"count\":12,\"first_seen\":\"2026-11-22T02:02:03Z\",\"last_seen\":"
           "\"2026-11-22T02:03:03.500Z\",\"why\":\"12 failures\",\"next\":\"Look for a "
           "success.\"}\n",
           "jsonl: the contract, byte for byte");
    f.has_time = false;
    ok(has(write_one(b, "jsonl", &f, &plain), "\"@timestamp\":null,"), "jsonl: no time is null");
    ok(has(ir_buf_view(b), "\"first_seen\":null,\"last_seen\":null"), "jsonl: null everywhere");
    f.entity[1].name = "source.ip";
    ok(has(write_one(b, "jsonl", &f, &plain), "\"entity\":{\"source.ip\":\"192.0.2.7\"}"),
       "jsonl: an entity twice is one key");
    f.title = IR_S("a\"\n\x1b[2J\xff\0z");
    ok(is_clean_json(write_one(b, "jsonl", &f, &plain)), "jsonl: hostile title stays JSON");
    is_int((long long)ir_str_chr(ir_buf_view(b), '\n'), (long long)b->n - 1, "jsonl: one line");
    ok(ir_str_chr(ir_buf_view(b), '\x1b') == IR_NPOS, "jsonl: no escape byte");
}

static struct ir_summary summary_sample(void)
{
    static const struct ir_count records[] = {{"syslog", 120}, {"access", 7}};
    static const struct ir_rule_failure failed[] = {{"r.yml", 3, "no title"}};
    static const struct ir_input_problem problems[] = {
        {"pipe", UINT64_MAX, 1, "a FIFO", false, IR_PROBLEM_SKIPPED},
        {"gone.log", UINT64_MAX, 1, "permission denied", true, IR_PROBLEM_DAMAGE},
        {"cut.gz", 4096, 2, "the gzip stream ends early", false, IR_PROBLEM_DAMAGE},
        {"rules", UINT64_MAX, 3, "a limit was hit", false, IR_PROBLEM_DAMAGE}};
    return (struct ir_summary){.inputs = 3,
                               .unreadable = 1,
                               .bytes = 1234567,
                               .records = records,
                               .nrecords = 2,
                               .damaged = 2,
                               .unrecognised = 5,
                               .skipped = 1,
                               .rules_loaded = 3900,
                               .rules_no_log_source = 3500,
                               .rules_field_never_seen = 12,
                               .rules_waiting = 4,
                               .failed = failed,
                               .nfailed = 1,
                               .findings = {0, 0, 1, 2, 0},
                               .has_time = true,
                               .first = T0,
                               .last = T0 + IR_LEVEL_MAX,
                               .elapsed_s = 0.4004,
                               .sandbox = "seccomp,landlock",
                               .problems = problems,
                               .nproblems = 4,
                               .nlimits = 1};
}

static struct ir_str write_summary(struct ir_buf *b, const char *writer, const struct ir_summary *s)
{
    ir_buf_clear(b);
    ir_writer_by_name(ir_str_z(writer))->summary(b, s, &plain);
    return ir_buf_view(b);
}

static void jsonl_summary(struct ir_buf *b)
{
    struct ir_summary s = summary_sample();
    is_str(write_summary(b, "jsonl", &s),
           "{\"ir.kind\":\"summary\",\"inputs\":3,\"unreadable\":1,\"bytes\":1234567,\"records\":{"
           "\"syslog\":120,\"access\":7},\"damaged\":2,\"unrecognised\":5,\"rules\":{\"loaded\":"
           "3900,\"failed\":[{\"path\":\"r.yml\",\"line\":3,\"reason\":\"no title\"}],"
           "\"no_log_source\":3500,\"field_never_seen\":12,\"waiting\":4},\"findings\":{"
           "\"critical\":0,\"high\":2,\"medium\":1,\"low\":0,\"informational\":0},\"first\":"
           "\"2026-11-22T02:02:03Z\",\"last\":\"2026-11-22T02:02:03.000000005Z\",\"elapsed_s\":"
           "0.400,\"sandbox\":\"seccomp,landlock\",\"skipped\":1,\"problems\":[{\"path\":"
           "\"pipe\",\"offset\":null,\"reason\":\"a "
           "FIFO\",\"count\":1,\"unreadable\":false,\"kind\":\"skipped\","
           "\"limit\":false},{\"path\":\"gone.log\",\"offset\":null,\"reason\":\"permission "
           "denied\",\"count\":1,"
           "\"unreadable\":true,\"limit\":false},{\"path\":\"cut.gz\",\"offset\":4096,\"reason\":"
           "\"the gzip stream "
           "ends "
           "early\",\"count\":2,\"unreadable\":false,\"limit\":false},{\"path\":\"rules\","
           "\"offset\":null,"
           "\"reason\":\"a limit was "
           "hit\",\"count\":3,\"unreadable\":false,\"limit\":true}],\"lost\":0,\"zoneless\":0,"
           "\"zone\":\"UTC\",\"since\":null,"
           "\"until\":null}\n",
           "jsonl: the summary's contract");
    s = (struct ir_summary){.elapsed_s = -1};
    ok(is_clean_json(write_summary(b, "jsonl", &s)), "jsonl: an empty summary is JSON");
    ok(has(ir_buf_view(b), "\"first\":null,\"last\":null,\"elapsed_s\":0.000"), "jsonl: nulls");
}

static void table_finding(struct ir_buf *b)
{
    struct ir_finding f = finding_sample();
    is_str(write_one(b, "table", &f, &plain),
           "HIGH     2026-11-22 11:02:03+09:00  Password guessing\n"
           "  who     source IP address 192.0.2.7, user root\n"
           "  seen    12 times, from 2026-11-22 11:02:03+09:00 to 2026-11-22 11:03:03+09:00\n"
           "  why     12 failures\n"
           "  where   /var/log/auth.log:4 and 11 more\n"
           "  record  Nov 22 11:02:03 web sshd[7]: Failed\n"
           "  next    Look for a success.\n\n",
           "table: a finding");
    struct ir_write_options narrow = plain;
    narrow.columns = 40;
    ok(has(write_one(b, "table", &f, &narrow), "  seen    12 times, from\n          2026-11-22 11"),
       "table: wraps under the text");
    ok(has(ir_buf_view(b), "  record  Nov 22 11:02:03 web sshd[7]: …\n"),
       "table: the record is cut");
    narrow.colour = true;
    ok(has(write_one(b, "table", &f, &narrow), "\033[31mHIGH\033[0m     2026"), "table: colour");
    f.entity[1].value = IR_S("root, source.ip 10.0.0.1");
    ok(has(write_one(b, "table", &f, &plain), "user \"root, source.ip 10.0.0.1\"\n"),
       "table: a value cannot pass for two");
    static char large[5000];
    memset(large, 'x', sizeof large);
    memcpy(large + 298, "\xe6\x97\xa5", 3); /* the limit of 300 falls into this character */
    f.entity[1].value = f.why = ir_str_n(large, sizeof large);
    ok(has(write_one(b, "table", &f, &plain), "xx…\n"), "table: a long value is cut");
    ok(b->n < 4000, "table: however long");
    ok(ir_str_find(ir_buf_view(b), IR_S("\\xe6")) == IR_NPOS, "table: between characters");
    f.has_time = false;
    ok(has(write_one(b, "table", &f, &plain), "HIGH     time unknown  Pass"), "table: no time");
}

/* Everything that an attacker can write, in every place. */
static void hostile_finding(struct ir_buf *b, const char *writer)
{
    struct ir_str bad = IR_S("a\x1b]0;x\x07\r\nb\xe2\x80\xae\xff\0\x9b=");
    struct ir_finding f = finding_sample();
    struct ir_origin o = {.path = "/tmp/\x1b[2J\n.log", .record = bad, .excerpt = bad};
    f.title = f.why = f.next = f.rule_id = bad;
    f.tags = &bad;
    f.ntags = 1;
    f.entity[0].value = f.entity[1].value = bad;
    f.origins = &o;
    f.norigins = 1;
    struct ir_str text = write_one(b, writer, &f, &plain);
    bool clean = true;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool row_end = c == '\r' && i + 2 == text.n;
        if ((c < 0x20 && c != '\n' && !row_end) || c == 0x7f) clean = false;
    }
    if (!clean) ir_tap_show("text", text);
    ok(clean, "%s: no control character from a log", writer);
    ok(ir_str_find(text, IR_S("\xe2\x80\xae")) == IR_NPOS, "%s: no bidi control", writer);
    f = (struct ir_finding){.type = "sigma", .count = 1};
    ok(write_one(b, writer, &f, &plain).n > 0, "%s: a finding without anything", writer);
}

static void table_summary(struct ir_buf *b)
{
    struct ir_summary s = summary_sample();
    struct ir_str t = write_summary(b, "table", &s);
    ok(has(t, "found   2 high, 1 medium\n"), "summary: findings");
    ok(has(t, "read    3 inputs, 1.2 MB, 1 not readable, 1 skipped\n"), "summary: inputs");
    ok(has(t, "period  2026-11-22 11:02:03+09:00\n"), "summary: period");
    ok(has(t, "records 120 syslog, 7 access\n"), "summary: records");
    ok(has(t, "not read gone.log: permission denied\n"), "summary: unreadable");
    ok(has(t, "damage  cut.gz at byte 4096: the gzip stream ends early (2 times)\n"
              "  limits  rules: a limit was hit (3 times)\n"
              "  skipped pipe: a FIFO\n"),
       "summary: damage, and apart from it what was skipped");
    ok(has(t, "3,900 loaded: 384 usable on these logs, 3,500 for other kinds of logs"),
       "summary: rules");
    ok(has(t, "failed  r.yml:3: no title\n"), "summary: failed rules");
    ok(has(t, "took    0.4 s, sandbox: seccomp,landlock\n"), "summary: time and sandbox");
    s.has_window = true;
    s.since = T0 - 1;
    s.until = INT64_MAX;
    t = write_summary(b, "table", &s);
    ok(has(t, "only    from 2026-11-22 11:02:02+09:00 on, as asked for\n"), "summary: the window");
    ok(has(write_summary(b, "jsonl", &s),
           "\"since\":\"2026-11-22T02:02:02.999999999Z\",\"until\":null"),
       "jsonl: the window");
    s.findings[2] = s.findings[3] = 0;
    s.since = INT64_MIN;
    s.until = T0 - 1;
    ok(has(write_summary(b, "table", &s), "none, because no record lies in the time"),
       "summary: a window beside all records");
    s.has_window = false;
    ok(has(write_summary(b, "table", &s),
           "No findings\n  found   none: of 384 usable rules none matched"),
       "summary: nothing found");
    s.nrecords = s.unrecognised = 0;
    ok(has(write_summary(b, "table", &s), "none, because no record was read"), "nothing read");
    struct ir_rule_failure many[25];
    for (size_t i = 0; i < 25; i++)
        many[i] = (struct ir_rule_failure){"x.yml", i, "bad"};
    s.failed = many;
    s.nfailed = 25;
    ok(has(write_summary(b, "table", &s), "and 15 more: see ir rules check\n"), "first ten");
}

static void csv(struct ir_buf *b)
{
    struct ir_finding f = finding_sample();
    ir_buf_clear(b);
    ir_writer_by_name(IR_S("csv"))->begin(b, &plain);
    ok(ir_str_starts(ir_buf_view(b), IR_S("time,level,title,count,")), "csv: header");
    size_t columns = 1;
    for (size_t i = 0; i < b->n; i++)
        columns += b->p[i] == ',';
    ok(ir_str_ends(write_one(b, "csv", &f, &plain), IR_S("ccddeeff\r\n")), "csv: CRLF");
    f.title = f.why = f.next = IR_S("x");
    f.ntags = 0;
    size_t cells = 1;
    struct ir_str row = write_one(b, "csv", &f, &plain);
    for (size_t i = 0; i < row.n; i++)
        cells += row.p[i] == ',';
    is_int((long long)cells, (long long)columns, "csv: as many cells as columns");
    static const struct {
        struct ir_str in;
        const char *cell;
    } cases[] = {
        {IR_S("=1+1"), ",'=1+1,"},
        {IR_S("+1"), ",'+1,"},
        {IR_S("-1"), ",'-1,"},
        {IR_S("@SUM(A1)"), ",'@SUM(A1),"},
        {IR_S("  =1"), ",\"'  =1\","},
        {IR_S("\t=1"), ",'\\t=1,"},
        {IR_S("\rx"), ",'\\rx,"},
        {IR_S("\xef\xbc\x9d"
              "1"),
         ",'\xef\xbc\x9d"
         "1,"},
        {IR_S("\xe3\x80\x80=1"), ",'\xe3\x80\x80=1,"},
        {IR_S("say \"a,b\""), ",\"say \"\"a,b\"\"\","},
        {IR_S("a=1"), ",a=1,"},
        {IR_S("a\nb"), ",a\\nb,"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f.title = cases[i].in;
        ok(has(write_one(b, "csv", &f, &plain), cases[i].cell), "csv: cell %zu", i);
        if (i < 7) ok(has(write_one(b, "timesketch-csv", &f, &plain), cases[i].cell), "same");
    }
}

static void timesketch(struct ir_buf *b)
{
    struct ir_finding f = finding_sample();
    f.time += 1500;
    ok(ir_str_starts(write_one(b, "timesketch-csv", &f, &plain),
                     IR_S("\"[high] Password guessing: 12 failures (12 times)\","
                          "2026-11-22T02:02:03.000001+00:00,\"First Seen\",1795312923000001,")),
       "timesketch-csv: the four columns that count");
    ok(has(ir_buf_view(b), "\"attack.t1110,attack.credential_access\""), "timesketch-csv: tags");
    ok(is_clean_json(write_one(b, "timesketch-jsonl", &f, &plain)), "timesketch-jsonl: JSON");
    ok(has(ir_buf_view(b), "\"timestamp\":1795312923000001,"), "timesketch-jsonl: microseconds");
    ok(has(ir_buf_view(b), "\"source_ip\":\"192.0.2.7\",\"user_name\":\"root\""), "flat entities");
    f.entity[1].name = "message";
    f.entity[0].name = "user_name";
    ok(is_clean_json(write_one(b, "timesketch-jsonl", &f, &plain)),
       "timesketch-jsonl: own keys win");
    f.has_time = false;
    ok(has(write_one(b, "timesketch-csv", &f, &plain),
           ",1970-01-01T00:00:00.000000+00:00,\"Not a time\",0,"),
       "timesketch-csv: no time is said");
}

int main(void)
{
    struct ir_buf b = IR_BUF(1 << 22);
    levels();
    jsonl_finding(&b);
    jsonl_summary(&b);
    table_finding(&b);
    table_summary(&b);
    csv(&b);
    timesketch(&b);
    for (size_t i = 0; ir_writers[i] != NULL; i++)
        if (ir_writers[i]->finding != NULL) hostile_finding(&b, ir_writers[i]->name);
    ir_buf_free(&b);
    return done();
}
