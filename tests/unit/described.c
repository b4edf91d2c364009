/*
 * Formats described in YAML: what loads and what is refused, records, times, types, records of
 * several lines, log sources of one's own, samples.
 */
#include "format/described.h"

#include "base/time.h"
#include "syslog_test.h"

#define HEAD    "name: shop\ntitle: A shop\n"
#define TIME    "time: {layout: '%Y-%m-%d %H:%M:%S', zone: JST}\n"
#define SOURCE  "logsource: {category: authentication}\n"
#define SAMPLES "samples: []\n"

static const char good[] = HEAD TIME SOURCE
    "patterns:\n"
    "  - pattern: '(?<time>\\S+ \\S+) login (?<result>OK|NG) user=(?<user>[^ ]*) from "
    "(?<ip>[^ ]*)(?: port (?<port>\\d+))?'\n"
    "    fields:\n"
    "      user: [user.name, shopUser]\n"
    "      ip: {name: source.ip, type: ip}\n"
    "      port: {name: source.port, type: port}\n"
    "    values:\n"
    "      result: {OK: {event.outcome: success}, '*': {event.outcome: failure}}\n"
    "    set: {event.action: user_login}\n"
    "  - '(?<time>\\S+ \\S+) (?<message>start|stop)'\n"
    "empty: '-'\n"
    "samples:\n"
    "  - line: 2026-11-22 10:02:03 login NG user=bob from 192.0.2.7\n"
    "    time: 2026-11-22T10:02:03+09:00\n"
    "    fields: {user.name: bob, event.outcome: failure, source.port: }\n"
    "  - miss: 2026-11-22 10:02:03 login maybe user=bob from 192.0.2.7\n";

static struct ir_described_set *load(const char *yaml)
{
    struct ir_described_set *set = ir_described_new();
    ir_described_add(set, "shop.yml", ir_str_z(yaml));
    ir_described_finish(set);
    return set;
}

static void open_with(struct lines *t, const struct ir_described_set *set, const char *name)
{
    const struct ir_formats *fs = ir_described_formats(set);
    const struct ir_format *fmt = ir_formats_find(fs, ir_str_z(name));
    lines_open(t, "text", 1795309323);
    ir_parser_close(&t->parser);
    ir_names_add(t->names, IR_S("shopUser"));
    ir_names_own_sources(t->names, fs->own, fs->nown);
    const struct ir_clock clock = t->parser.clock;
    ir_parser_open(&t->parser, fmt != NULL ? fmt : ir_format_by_name(IR_S("text")), t->names);
    t->parser.clock = clock;
    t->parser.formats = fs;
}

/* The first note that is no warning (or is one). */
static const struct ir_described_note *note(const struct ir_described_set *set, bool warning)
{
    for (size_t i = 0; i < ir_described_notes(set); i++)
        if (ir_described_note(set, i)->warning == warning) return ir_described_note(set, i);
    return NULL;
}

static void complains(const char *yaml, bool warning, long long line, const char *want)
{
    struct ir_described_set *set = load(yaml);
    const struct ir_described_note *n = note(set, warning);
    ok(n != NULL && strstr(n->reason, want) != NULL, "'%s': %s", want,
       n != NULL ? n->reason : "nothing was said");
    if (n != NULL) is_int((long long)n->line, line, "the line of '%s'", want);
    is_int((long long)ir_described_count(set), warning, "whether it loads: '%s'", want);
    ir_described_free(set);
}

#define refused(yaml, line, want) complains((yaml), false, (line), (want))
#define doubted(yaml, line, want) complains((yaml), true, (line), (want))

static void test_refusals(void)
{
    refused("- a\n", 1, "no format");
    refused("name: [\n", 2, "not YAML");
    refused(HEAD TIME SOURCE SAMPLES "patern: x\npattern: '(?<time>\\S+)'\n", 6,
            "unknown key: patern");
    refused("title: x\n" TIME SOURCE SAMPLES "pattern: '(?<time>\\S+)'\n", 1, "name: wanted");
    refused("name: syslog\ntitle: x\n" TIME SOURCE SAMPLES "pattern: '(?<time>\\S+)'\n", 1,
            "compiled in");
    refused("name: Shop\ntitle: x\n" TIME SOURCE SAMPLES "pattern: '(?<time>\\S+)'\n", 1, "a-z");
    refused(HEAD TIME SOURCE SAMPLES, 1, "either pattern");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<time>['\n", 6, "a '[' without its ']'");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<time>\\S+'\n", 6, "without its ')'");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<time>\\S+) (?<time>\\S+)'\n", 6, "at byte");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<when>\\S+)'\n", 6, "no group (?<time>");
    refused(HEAD TIME SOURCE SAMPLES
            "pattern: '(?<time>\\S+) (?<u>\\w+)'\nfields: {usr: user.name}\n",
            7, "no pattern here has a group (?<usr>");
    refused(HEAD TIME SOURCE SAMPLES
            "pattern: '(?<time>\\S+) (?<u>\\w+)'\nfields: {u: {name: x, type: strng}}\n",
            7, "type: use one of");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<time>\\S+) (?<u>\\w+)'\nfields: [u]\n", 7,
            "groups of the pattern");
    refused(HEAD TIME SOURCE SAMPLES "pattern: '(?<time>\\S+)'\nset: [a]\n", 7, "fields and their");
    refused(HEAD SOURCE SAMPLES "time: {layout: '%Y %Q'}\npattern: '(?<time>\\S+)'\n", 5,
            "'%Q' is not known");
    refused(HEAD SOURCE SAMPLES "time: {layout: '%H:%M'}\npattern: '(?<time>\\S+)'\n", 5, "no day");
    refused(HEAD SOURCE SAMPLES "time: {layout: iso8601, zone: EST}\npattern: '(?<time>\\S+)'\n", 5,
            "time zone");
    refused(HEAD TIME SAMPLES "logsource: {prodct: x}\npattern: '(?<time>\\S+)'\n", 5,
            "unknown key: prodct");
    refused(HEAD TIME SOURCE "pattern: '(?<time>\\S+)'\nsamples: [{fields: {}}]\n", 6,
            "samples: each");
}

static void test_language(void)
{
#define P(re) HEAD TIME SOURCE SAMPLES "pattern: '(?<time>\\S+ \\S+) " re "'\n"
    refused(P("(a)\\1"), 6, "escape");
    refused(P("(?R)"), 6, "kind of group");
    refused(P("(?C1)"), 6, "kind of group");
    refused(P("(*COMMIT)a"), 6, "kind of group");
    refused(P("(?(1)a|b)"), 6, "kind of group");
    refused(P("(?x) a"), 6, "kind of group");
    refused(P("\\p{L}"), 6, "escape");
    refused(P("[あ]"), 6, "only single ASCII");
    refused(P("あ+"), 6, "not ASCII");
    refused(P("a{1001}"), 6, "larger than 1000");
    refused(P("(?:a{200}){200}"), 6, "counts inside counts");
    refused(P("a)"), 6, "without its '('");
    refused(P("(?:*a)"), 6, "nothing to repeat");
    refused(P("a++?"), 6, "two repeats");
    doubted(P("(a) user logged in"), 6, "a group without a name");
    doubted(HEAD TIME SOURCE SAMPLES "pattern: '(?<message>.*)(?<time>x?)'\n", 6, "of any kind");
    doubted(P("(?<source_ip>\\d+) x"), 6, "is source.ip meant?");
    doubted(HEAD TIME SAMPLES "pattern: '(?<time>\\S+ \\S+) a'\n", 5, "no logsource");
    doubted(HEAD TIME SOURCE "pattern: '(?<time>\\S+ \\S+) a'\n", 1, "no samples");
    doubted(HEAD TIME SAMPLES "logsource: {product: shop}\npattern: '(?<time>\\S+ \\S+) a'\n", 5,
            "not in the taxonomy");
}

static void test_explosions(void)
{
    refused(P("(\\w+)*:"), 6, "explodes");
    refused(P("(?:a|a)*b"), 6, "explodes");
    refused(P("(?:\\w+\\s?)+$"), 6, "explodes");
    refused(P("(?:[a-z]+)+\\d"), 6, "explodes");
    refused(P("(.*) (.*) (.*) end"), 6, "explodes");
    refused(P("(.*?)(.*?)(.*?),"), 6, "explodes");
    refused(P("(?:.*,)*x"), 6, "explodes");
    refused(P("(?:x+x+)+y"), 6, "explodes");
    refused(HEAD TIME SOURCE SAMPLES "start: '(\\s*\\S*)*x'\npattern: '(?<time>\\S+ \\S+) a'\n", 6,
            "explodes");
    struct ir_described_set *set = load(P("(?:\\w+ )*user=([^ ]*) \\[([^]]*)\\] (?<message>.*)"));
    is_int((long long)ir_described_count(set), 1, "what is linear loads: %s",
           note(set, false) ? note(set, false)->reason : "");
    ir_described_free(set);
#undef P
}

static void test_records(void)
{
    struct ir_described_set *set = load(good);
    struct lines t;
    char buf[IR_TIME_TEXT];
    is_int((long long)ir_described_count(set), 1, "the file loads: %s",
           note(set, false) ? note(set, false)->reason : "");
    open_with(&t, set, "shop");
    const char *text = "2026-11-22 10:02:03 login NG user=bob from 192.0.2.7 port 443";
    line(&t, text);
    is_str(ir_str_z(t.took->name), "shop", "the format");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03Z", "the time, in the file's zone");
    ok(t.ev->flags & IR_EV_ZONE_KNOWN, "the zone is known");
    is_str(field(&t, IR_F_USER_NAME), "bob", "a group");
    is_str(field_named(&t, "shopUser"), "bob", "under its second name");
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.7", "an address");
    is_str(field(&t, IR_F_SOURCE_PORT), "443", "an optional group");
    is_str(field(&t, IR_F_EVENT_OUTCOME), "failure", "what a value means");
    is_str(field(&t, IR_F_EVENT_ACTION), "user_login", "a given field");
    is_str(field_named(&t, "result"), "NG", "a group without a field has its own name");
    ok(has_source(&t, IR_LS_AUTHENTICATION), "the log source");
    ok(is_searchable(&t), "a scan finds it");
    line(&t, "2026-11-22 10:02:03 login OK user=- from 2001:db8::1");
    is_str(field(&t, IR_F_EVENT_OUTCOME), "success", "another value");
    ok(field(&t, IR_F_USER_NAME).p == NULL, "what the file calls empty is left out");
    line(&t, "2026-11-22 10:02:03 stop");
    is_str(field(&t, IR_F_MESSAGE), "stop", "the second pattern");
    line(&t, "2026-11-22 10:02:03 login OK user=bob from pc7");
    ok(t.ev->flags & IR_EV_UNRECOGNISED, "a value that is not of its type: not ours");
    line(&t, "2026-11-22 10:02:03 login OK user=bob from 192.0.2.7 port 70000");
    ok(t.ev->flags & IR_EV_UNRECOGNISED, "nor is this port one");
    line(&t, "2026-11-22 10:02:03 login OK user=bob from 192.0.2.7 and more");
    ok(t.ev->flags & IR_EV_UNRECOGNISED, "a pattern fits whole lines");
    line(&t, "2026-13-22 10:02:03 stop");
    ok((t.ev->flags & IR_EV_DAMAGED) && !(t.ev->flags & IR_EV_TIME), "a month 13 is damage");
    line(&t, "2026-11-22 10:02:03 login NG user=\xff\x01 from 192.0.2.7");
    is_str(field(&t, IR_F_USER_NAME), "\xff\x01", "bytes that are no text");
    for (size_t n = 0; n < strlen(text); n++) {
        struct ir_str rec = ir_str_n(text, n);
        ir_event_begin(t.ev, rec, 0, 1);
        const int a = t.parser.fmt->parse(&t.parser, rec, t.ev);
        ir_event_begin(t.ev, rec, 0, 1);
        if (a != t.parser.fmt->stamp(&t.parser, rec, t.ev)) ok(false, "prefix of %zu bytes", n);
    }
    lines_close(&t);
    ir_described_free(set);
}

static void timed(const char *layout, const char *zone, const char *text, const char *want)
{
    char yaml[1024], buf[IR_TIME_TEXT];
    struct lines t;
    snprintf(yaml, sizeof yaml,
             HEAD SOURCE SAMPLES "time: {layout: '%s'%s}\npattern: '<(?<time>[^>]*)> hello'\n",
             layout, zone);
    struct ir_described_set *set = load(yaml);
    open_with(&t, set, "shop");
    snprintf(yaml, sizeof yaml, "<%s> hello", text);
    line(&t, yaml);
    is_str(ir_str_z(when(&t, buf)), want, "'%s' by %s", text, layout);
    lines_close(&t);
    ir_described_free(set);
}

static void test_times(void)
{
    timed("iso8601", "", "2026-11-22T01:02:03.5+09:00", "2026-11-21T16:02:03.500Z");
    timed("iso8601", ", zone: '+09:00'", "2026-11-22 10:02:03", "2026-11-22T01:02:03Z");
    timed("syslog", "", "Nov 20 01:02:03", "2026-11-20T01:02:03Z");
    timed("clf", "", "22/Nov/2026:01:02:03 +0900", "2026-11-21T16:02:03Z");
    timed("slash", "", "2026/11/22 01:02:03", "2026-11-22T01:02:03Z");
    timed("epoch", "", "1795309323.25", "2026-11-22T01:02:03.250Z");
    timed("epoch_ms", "", "1795309323250", "2026-11-22T01:02:03.250Z");
    timed("%d-%b-%Y %H:%M:%S.%f", "", "22-Nov-2026 01:02:03.123", "2026-11-22T01:02:03.123Z");
    timed("%Y年%m月%d日 %H時%M分%S秒", ", zone: JST", "2026年11月22日 10時02分03秒",
          "2026-11-22T01:02:03Z");
    timed("%Y/%m/%d(%a) %p %I:%M:%S", "", "2026/11/22(日) 午後 1:02:03", "2026-11-22T13:02:03Z");
    timed("%m/%d %H:%M:%S", "", "11/20 01:02:03", "2026-11-20T01:02:03Z");
    timed("%m/%d %H:%M:%S", "", "12/24 01:02:03", "2025-12-24T01:02:03Z");
    timed("%b %e, %Y %I:%M:%S %p", "", "Nov  2, 2026 12:02:03 AM", "2026-11-02T00:02:03Z");
    timed("%a %b %d %H:%M:%S %Z %Y", "", "Sun Nov 22 10:02:03 JST 2026", "2026-11-22T01:02:03Z");
    timed("%F %T%z", "", "2026-11-22 10:02:03+0900", "2026-11-22T01:02:03Z");
    timed("%y%m%d %T", "", "261122 01:02:03", "2026-11-22T01:02:03Z");
    timed("%s", "", "1795309323", "2026-11-22T01:02:03Z");
    timed("%F %T", "", "2026-02-30 01:02:03", "-");
    timed("%F %T", "", "2026-11-22 01:02:03 and", "-");
    timed("epoch", "", "99999999999999999999", "-");
    timed("epoch_ms", "", "1.5", "-");
}

static void test_two_groups(void)
{
    struct lines t;
    char buf[IR_TIME_TEXT];
    struct ir_described_set *set =
        load(HEAD SOURCE SAMPLES "time: {group: [day, clock], layout: '%Y/%m/%d %H:%M'}\n"
                                 "pattern: '(?<clock>\\S+) (?<m>\\w+) (?<day>\\S+)'\n");
    open_with(&t, set, "shop");
    line(&t, "01:02 hello 2026/11/22");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:00Z", "a time of two groups");
    lines_close(&t);
    ir_described_free(set);
}

static const char several[] = HEAD TIME SOURCE SAMPLES
    "start: '\\d{4}-\\d\\d-\\d\\d '\n"
    "pattern: '(?<time>\\S+ \\S+) (?<message>[^\\n]*)(?:\\n(?<stack>.*))?'\n";

static void test_lines(void)
{
    struct ir_described_set *set = load(several);
    struct lines t;
    static const char text[] = "2026-11-22 10:02:03 a\n  at b\n\n  at c\r\n2026-11-22 10:02:04 d\n"
                               "2026-11-22 10:02:05 e\n  at f\n";
    struct ir_str rest = ir_str_z(text), rec;
    open_with(&t, set, "shop");
    const struct ir_format *f = t.parser.fmt;
    ok(ir_format_cuts(f), "it cuts its records");
    is_int((long long)ir_format_cut(f, rest, false), 60, "a prefix ends where a record begins");
    is_int((long long)ir_format_cut(f, rest, true), (long long)rest.n, "the last takes all");
    is_int((long long)ir_format_cut(f, ir_str_head(rest, 30), false), 0, "none is whole");
    ok(ir_parser_next(&t.parser, &rest, &rec), "a record");
    is_str(rec, "2026-11-22 10:02:03 a\n  at b\n\n  at c", "of four lines");
    ir_event_begin(t.ev, rec, 0, 1);
    is_int(f->parse(&t.parser, rec, t.ev), IR_OK, "it parses");
    is_str(field_named(&t, "stack"), "  at b\n\n  at c", "over lines");
    ok(ir_parser_next(&t.parser, &rest, &rec) && rec.n == 21, "one of one line");
    ok(ir_parser_next(&t.parser, &rest, &rec), "the last");
    is_str(rec, "2026-11-22 10:02:05 e\n  at f", "without its end");
    ok(!ir_parser_next(&t.parser, &rest, &rec), "no more");
    is_str(ir_str_z(ir_formats_choose(t.parser.formats, ir_str_z(text), NULL)->name), "shop",
           "it wins by its bid");
    lines_close(&t);
    ir_described_free(set);
}

static void test_lists(void)
{
    struct ir_described_set *set = load(good);
    const struct ir_formats *fs = ir_described_formats(set);
    is_int((long long)fs->n, (long long)ir_formats_builtin.n + 1, "one more than are compiled in");
    ok(fs->list[fs->n] == NULL && fs->list[fs->n - 1]->flags & IR_FMT_FALLBACK,
       "the fallback is last");
    ok(ir_formats_find(fs, IR_S("shop")) != NULL && ir_format_by_name(IR_S("shop")) == NULL,
       "only the set knows it");
    static const char head[] = "2026-11-22 10:02:03 start\n2026-11-22 10:02:03 stop\n"
                               "2026-11-22 10:02:03 login OK user=a from 192.0.2.1\n2026-";
    is_str(ir_str_z(ir_formats_choose(fs, ir_str_z(head), NULL)->name), "shop", "it bids");
    is_str(ir_str_z(ir_formats_choose(fs, IR_S("a\nb\n"), NULL)->name), "text", "not for others");
    ir_described_add(set, "again.yml", ir_str_z(good));
    is_int((long long)ir_described_count(set), 1, "a name counts once");
    ir_described_free(set);
    set = load(HEAD TIME SAMPLES "logsource: [{product: shop}, {product: shop, service: till}]\n"
                                 "pattern: '(?<time>\\S+ \\S+) a'\n");
    fs = ir_described_formats(set);
    struct lines t;
    open_with(&t, set, "shop");
    line(&t, "2026-11-22 10:02:03 a");
    is_int(t.ev->views[0].nsources, 2, "two log sources of its own");
    is_str(ir_names_source(t.names, t.ev->views[0].sources[1]).service, "till", "by name");
    lines_close(&t);
    ir_described_free(set);
}

static int nsamples, nwrong;

static void on_sample(void *user, const struct ir_described_sample *s)
{
    const char *want = user;
    nsamples++;
    nwrong += s->reason != NULL;
    if (s->reason != NULL)
        ok(want != NULL && strstr(s->reason, want) != NULL, "sample: %s", s->reason);
}

static void try_samples(const char *yaml, int all, int wrong, const char *want)
{
    struct ir_described_set *set = load(yaml);
    nsamples = nwrong = 0;
    if (ir_described_count(set) == 1)
        ir_described_try(set, 0, 1795309323 * IR_NS, on_sample, (void *)(uintptr_t)want);
    is_int(nsamples, all, "samples: %s", note(set, false) ? note(set, false)->reason : "");
    is_int(nwrong, wrong, "of them wrong");
    ir_described_free(set);
}

static void test_samples(void)
{
#define ONE HEAD TIME SOURCE "pattern: '(?<time>\\S+ \\S+) (?<message>\\w+)'\nsamples: "
    try_samples(good, 2, 0, NULL);
    try_samples(ONE "[{line: 2026-11-22 10:02:03 a b}]", 1, 1, "no pattern fits");
    try_samples(ONE "[{miss: 2026-11-22 10:02:03 a}]", 1, 1, "should not");
    try_samples(ONE "[{line: 2026-11-22 10:02:03 a, fields: {message: b}}]", 1, 1, "should be 'b'");
    try_samples(ONE "[{line: 2026-11-22 10:02:03 a, fields: {user.name: b}}]", 1, 1, "not there");
    try_samples(ONE "[{line: 2026-11-22 10:02:03 a, fields: {message: }}]", 1, 1, "not be there");
    try_samples(ONE "[{line: 2026-11-22 10:02:03 a, time: '2026-11-22T10:02:03Z'}]", 1, 1,
                "the time");
    try_samples(ONE "[{line: 2026-11-32 10:02:03 a}]", 1, 1, "does not fit");
}

int main(void)
{
    test_refusals();
    test_language();
    test_explosions();
    test_records();
    test_times();
    test_two_groups();
    test_lines();
    test_lists();
    test_samples();
    return done();
}
