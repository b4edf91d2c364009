/*
 * The documents (HTML, Markdown, SARIF) on made-up findings whose text an attacker wrote.
 */
#include "clean_json.h"
#include "document_made.h"

static void html(struct ir_buf *b)
{
    struct made m = sample();
    struct ir_str t = write_made(b, "html", &m, "en");
    ok(ir_str_starts(t, IR_S("<!DOCTYPE html>\n<html lang=en ")), "html: language");
    ok(has(t, "content=\"default-src 'none'; style-src 'sha256-"), "html: nothing is allowed");
    ok(lacks(t, " style="), "html: no style in attributes, the policy would forbid it");
    ok(lacks(t, " onclick="), "html: no script in attributes");
    ok(has(t, "1 finding of 1 rule: 1 high."), "html: what happened");
    ok(has(t, "The first sign is from 2026-11-22 11:02:03 (“Password guessing”)"), "html: since");
    ok(has(t, "Leave affected machines switched on"), "html: what to do first");
    ok(has(t, "<b class=n>2</b> line two\n"), "html: lines before, with their numbers");
    ok(has(t, "<mark><b class=n>4</b> Nov 22 11:02:03 web sshd[7]: Failed\n</mark>"),
       "html: record");
    ok(has(t, "<b class=n>5</b> line five\n"), "html: line after");
    ok(has(t, "SHA-256 ab12"), "html: digest");
    ok(has(t, "line 4, byte 1230, 35 bytes"), "html: place, its digits without marks");
    ok(has(t, "href='https://attack.mitre.org/techniques/T1110/003/'"), "html: technique");
    ok(has(t, "<li>Credential Access <b>1</b></li>"), "html: tactic, once");
    ok(has(t, "100 loaded, 40 usable"), "html: rules");
    ok(has(t, "<rect class=b3"), "html: a bar in the chart");
    ok(has(t, "Everything could be read."), "html: nothing unread");
    ok(only_our_markup(t), "html: markup");
    t = write_made(b, "html", &m, "ja");
    ok(has(t, "<html lang=ja "), "html: Japanese");
    ok(has(t, "最初の兆候は2026年11月22日 11:02:03（「Password guessing」）"), "html: since");
    ok(has(t, "送信元IPアドレス"), "html: the name of a field");
    ok(has(t, "日本標準時（UTC+09:00）"), "html: zone");
    ok(only_our_markup(t), "html: markup");
}

/* Everywhere where foreign text can stand. */
static void make_hostile(struct made *m, struct ir_str evil)
{
    static struct ir_str tags[1];
    static struct ir_origin origin;
    static char path[256];
    snprintf(path, sizeof path, "%.*s", (int)(evil.n < 200 ? evil.n : 200), evil.p);
    tags[0] = evil;
    origin = (struct ir_origin){.path = path,
                                .length = (uint32_t)evil.n,
                                .line = 7,
                                .record = evil,
                                .excerpt = evil,
                                .before = evil,
                                .after = evil};
    m->like.title = m->like.why = m->like.next = m->like.rule_id = evil;
    static struct ir_reasons reasons;
    static struct ir_reason_corr corr;
    corr = (struct ir_reason_corr){
        .title = {evil}, .ntitles = 1, .field = evil, .by = {evil}, .nby = 1, .what = IR_COUNT_SUM};
    reasons = (struct ir_reasons){
        .item =
            {{.op = IR_REASON_FITS, .field = evil, .value = {evil}, .nvalues = 1, .held = evil}},
        .nitems = 1,
        .corr = &corr,
        .named = {{path, &tags[0], 1, true}},
        .nnamed = 1,
        .critical = evil,
        .raised_to = IR_LEVEL_HIGH};
    m->like.reasons = &reasons;
    m->like.entity[0].value = m->like.entity[1].value = evil;
    m->like.entity[1].name = path;
    m->like.tags = tags;
    m->like.ntags = 1;
    m->like.origins = &origin;
    m->like.norigins = 1;
    m->input.path = m->input.reason = m->input.format = path;
}

/* What is missing before what is only odd; many of them are folded, and their number is said. */
static void unread(struct ir_buf *b)
{
    struct ir_input_problem problem[30];
    struct made m = sample();
    struct ir_summary s = summary_of(&m);
    for (size_t i = 0; i < 30; i++)
        problem[i] = (struct ir_input_problem){.path = "/odd",
                                               .offset = UINT64_MAX,
                                               .count = 1,
                                               .reason = "is odd",
                                               .kind = IR_PROBLEM_REMARK};
    problem[29] = (struct ir_input_problem){
        .path = "/gone", .offset = 5, .count = 1, .reason = "is gone", .unreadable = true};
    s.problems = problem;
    s.nproblems = 30;
    const struct ir_str t = write_with(b, "html", &m, &s, "en");
    ok(ir_str_find(t, IR_S("/gone")) < ir_str_find(t, IR_S("/odd")), "html: unreadable first");
    ok(has(t, "Show 10 more"), "html: the rest is folded");
    ok(only_our_markup(t), "html: markup");
}

static void hostile(struct ir_buf *b)
{
    static const struct ir_str evil[] = {
        IR_S("<script>alert(1)</script>"),
        IR_S("\"><img src=x onerror=alert(1)>"),
        IR_S("' onmouseover=alert(1) x='"),
        IR_S("</pre></script></style></title><iframe src=javascript:alert(1)>"),
        IR_S("javascript:alert(1)"),
        IR_S("<!-- <svg/onload=alert(1)>"),
        IR_S("a\0b\x1b[2J\x7f\xff\xfe\xc0\xaf end"),
        IR_S("safe\xe2\x80\xae"
             "exe.gpj\xe2\x81\xa6\xe2\x80\x8b x"),
        IR_S("`` ``` ```` \n```\n# heading | [x](javascript:alert(1)) <b> @team #1\n"),
        IR_S("]]> &lt;script&gt; &#60;b&#62; %3Cscript%3E"),
        IR_S("\n\r\n\t"),
        IR_S(""),
    };
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        struct made m = sample();
        make_hostile(&m, evil[i]);
        struct ir_summary s = summary_of(&m);
        struct ir_input_problem problem = {.path = m.input.path,
                                           .offset = 5,
                                           .count = 1,
                                           .reason = m.input.path,
                                           .unreadable = true};
        struct ir_rule_failure failed = {m.input.path, 3, m.input.path};
        s.problems = &problem;
        s.failed = &failed;
        s.nproblems = s.nfailed = s.unreadable = 1;
        struct ir_str t = write_with(b, "html", &m, &s, i % 2 ? "en" : "ja");
        ok(only_our_markup(t), "html %zu: no markup of the log's", i);
        ok(lacks(t, "<script>alert"), "html %zu: no script", i);
        ok(lacks(t, "href=j") && lacks(t, "href='j"), "html %zu: no link", i);
        ok(memchr(t.p, 0, t.n) == NULL && lacks(t, "\x1b") && lacks(t, "\xff"), "html %zu: bytes",
           i);
        ok(lacks(t, "\xe2\x80\xae") && lacks(t, "\xe2\x80\x8b"), "html %zu: no hidden text", i);
        t = write_with(b, "sarif", &m, &s, "en");
        ok(is_clean_json(t), "sarif %zu: JSON", i);
        t = write_with(b, "navigator", &m, &s, i % 2 ? "en" : "ja");
        ok(is_clean_json(t), "navigator %zu: JSON", i);
        t = write_with(b, "md", &m, &s, "en");
        ok(memchr(t.p, 0, t.n) == NULL && lacks(t, "\x1b") && lacks(t, "\xff"), "md %zu: bytes", i);
        ok(lacks(t, "\xe2\x80\xae"), "md %zu: no hidden text", i);
    }
    struct made m = sample();
    make_hostile(&m, evil[6]);
    ok(has(write_made(b, "html", &m, "en"),
           "a<i class=x>\\x00</i>b<i class=x>\\x1b</i>[2J<i class=x>\\x7f</i>"),
       "html: hidden bytes are shown, and told from text");
    make_hostile(&m, IR_S("a\\x00b"));
    ok(has(write_made(b, "html", &m, "en"), "a\\x00b"), "html: a forged one is text");
    make_hostile(&m, evil[8]);
    ok(has(write_made(b, "md", &m, "en"), "\n`````text\n"), "md: a longer fence");
}

static void markdown(struct ir_buf *b)
{
    struct made m = sample();
    struct ir_str t = write_made(b, "md", &m, "en");
    ok(ir_str_starts(t, IR_S("# Log analysis report\n\nMade 2026-11-22 11:02:03 by ir 1.2.3.")),
       "md: head");
    ok(has(t, "| `192.0.2.7` | source IP address | high | 1 | 12 |"), "md: entities");
    ok(has(t, "### high — Password guessing\n"), "md: rule");
    ok(has(t, "- Where: `/var/log/auth.log` line 4, byte 1230, 35 bytes, SHA-256 `ab12`\n"),
       "md: place");
    ok(has(t, "```text\n       2  line two\n       3  line three\n>      4  Nov 22 "),
       "md: record");
    m.like.entity[0].value = IR_S("a|b`c");
    ok(has(write_made(b, "md", &m, "en"), "| ``a\\|b`c`` |"), "md: a cell stays a cell");
    m.like.title = IR_S("*x* [y](z) <b>");
    ok(has(write_made(b, "md", &m, "en"), "### high — \\*x\\* \\[y\\](z) \\<b\\>\n"),
       "md: a title is text");
    ok(has(write_made(b, "md", &m, "ja"), "## 検知結果"), "md: Japanese");
}

static void sarif(struct ir_buf *b)
{
    struct made m = sample();
    struct ir_str t = write_made(b, "sarif", &m, "en");
    ok(is_clean_json(t), "sarif: JSON");
    ok(has(t, "\"version\":\"2.1.0\""), "sarif: version");
    ok(has(t, "\"uri\":\"file:///var/log/auth.log\""), "sarif: an absolute path is a URI");
    ok(has(t, "\"region\":{\"startLine\":4,\"byteOffset\":1230,\"byteLength\":35,"),
       "sarif: region");
    ok(has(t, "\"partialFingerprints\":{\"irFinding/v1\":\"00112233445566778899aabbccddeeff\"}"),
       "sarif: fingerprint");
    ok(has(t, "\"help\":{\"text\":\"Look for a success.\"}"), "sarif: help");
    ok(has(t, "\"tags\":[\"attack.t1110.003\",\n\"attack.credential-access\"]"),
       "sarif: tags once");
    is_int((long long)times_in(t, "\"byteOffset\":1230"), 1, "sarif: a record twice is told once");
    struct ir_origin o = m.like.origins[0];
    m.like.origins = &o;
    m.like.norigins = 1;
    static const struct {
        const char *path, *uri;
    } cases[] = {{"a:b/c d.log", "./a:b/c%20d.log"},
                 {"a/b:c", "a/b:c"},
                 {"//host/x", "file:///.//host/x"},
                 {"x.tar.gz!var/log/%41\"<\xff", "x.tar.gz!var/log/%2541%22%3C%FF"},
                 {"-", "-"},
                 {"", "./"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char want[100];
        o.path = cases[i].path;
        snprintf(want, sizeof want, "\"uri\":\"%s\"", cases[i].uri);
        ok(has(write_made(b, "sarif", &m, "en"), want), "sarif: path %zu", i);
    }
    o.excerpt = IR_S("\xff\xfe");
    ok(has(write_made(b, "sarif", &m, "en"), "\"binary\":\"//4=\""), "sarif: bytes as base64");
    m.n = 0;
    ok(is_clean_json(write_made(b, "sarif", &m, "en")), "sarif: nothing found is JSON");
    ok(has(ir_buf_view(b), "\"results\":[]"), "sarif: an empty list");
}

static void nothing(struct ir_buf *b)
{
    struct made m = sample();
    m.like.title_l10n = IR_S("パスワードの推測");
    m.like.next_l10n = IR_S("成功したログインを\n確認してください。");
    m.like.about_l10n = IR_S("説明文");
    ok(has(write_made(b, "html", &m, "ja"), "<dd>成功したログインを 確認してください。</dd>"),
       "advice in the reader's language");
    ok(has(ir_buf_view(b), "パスワードの推測</h3>"), "title");
    ok(has(ir_buf_view(b), "<dt>説明</dt><dd>説明文</dd>"), "what it means");
    ok(lacks(ir_buf_view(b), "Password guessing"), "and nowhere else");
    ok(has(write_made(b, "md", &m, "ja"), "### 高 — パスワードの推測\n"), "md: title");
    m.n = 0;
    ok(has(write_made(b, "html", &m, "en"), "none of 40 usable rules matched"), "nothing found");
    ok(has(write_made(b, "html", &m, "ja"), "検知はありません"), "in Japanese too");
    struct ir_summary s = summary_of(&m);
    s.rules_no_log_source = 100;
    ok(has(write_with(b, "html", &m, &s, "en"), "nothing was looked for"), "no usable rule");
    s.nrecords = 0;
    s.has_time = false;
    ok(has(write_with(b, "html", &m, &s, "en"), "because no record was read"), "no record");
    ok(only_our_markup(ir_buf_view(b)), "markup");
    s.has_window = true;
    s.since = INT64_MIN;
    s.until = T0;
    s.lost = 5;
    ok(has(write_with(b, "html", &m, &s, "en"),
           "Only records from the beginning to 2026-11-22 11:02:03 were looked at"),
       "the window");
    ok(has(ir_buf_view(b), "5 events could not be correlated"), "what was lost");
}

/* A page stays one that a browser opens, and is handed on piece by piece. */
static void many(struct ir_buf *b)
{
    struct made m = sample();
    m.n = 30000;
    m.many_entities = true;
    struct ir_str t = write_made(b, "html", &m, "en");
    ok(!b->full && t.n < 14000000, "html: 30,000 findings in %zu bytes", t.n);
    is_int((long long)times_in(t, "<article "), 25, "html: the first of a rule in full");
    is_int((long long)times_in(t, "<tr class=f"), 20000, "html: others in brief");
    ok(has(t, "9,975 more findings of this rule are not on this page"), "html: the rest is told");
    ok(m.drains > 20000, "html: handed on while it is written");
    t = write_made(b, "md", &m, "en");
    ok(t.n < 60000, "md: stays a ticket, %zu bytes", t.n);
    ok(has(t, "29975 more"), "md: the rest is told");
    ok(is_clean_json(write_made(b, "sarif", &m, "en")), "sarif: all of them");
    m.like.has_time = false;
    m.like.nentity = 0;
    m.like.norigins = 0;
    m.n = 1;
    ok(only_our_markup(write_made(b, "html", &m, "en")), "html: a finding without anything");
    ok(write_made(b, "md", &m, "en").n > 0, "md: too");
    ok(is_clean_json(write_made(b, "sarif", &m, "en")), "sarif: too");
    ok(has(write_made(b, "navigator", &m, "en"), ", time unknown\""), "navigator: too");
}

static void odd_times(struct ir_buf *b)
{
    struct made m = sample();
    struct ir_summary s = summary_of(&m);
    s.first = INT64_MIN + 1;
    s.last = INT64_MAX;
    m.like.time = m.like.first_seen = INT64_MIN + 5;
    m.like.last_seen = INT64_MAX - 5;
    ok(only_our_markup(write_with(b, "html", &m, &s, "ja")), "times at both ends");
    m.like.time = m.like.first_seen = m.like.last_seen = INT64_MAX;
    ok(only_our_markup(write_with(b, "html", &m, &s, "en")), "the last moment");
}

int main(void)
{
    struct ir_buf b = IR_BUF(1 << 28);
    html(&b);
    unread(&b);
    hostile(&b);
    markdown(&b);
    sarif(&b);
    nothing(&b);
    many(&b);
    odd_times(&b);
    ir_buf_free(&b);
    return done();
}
