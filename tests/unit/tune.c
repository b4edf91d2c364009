/*
 * Filters written and findings read back: what a filter of a hostile value fits, and what is left
 * of lines that are cut, mixed up or not ours.
 */
#include "rules/filter_write.h"

#include "rules/match.h"
#include "rules/set.h"
#include "run/told.h"
#include "run/tune.h"
#include "tap.h"

static const char rule_text[] = "title: Asked for\n"
                                "id: 5b0c2e1d-0000-4000-8000-000000000001\n"
                                "logsource:\n"
                                "    category: webserver\n"
                                "detection:\n"
                                "    s:\n"
                                "        url.path: '*'\n"
                                "    condition: s\n";

static int hits;
static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    (void)user;
    (void)rule;
    (void)view;
    hits++;
}

/* Does the rule, with this filter, still match a record with this path? */
static bool matches(struct ir_str filter, struct ir_str path)
{
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = ir_rules_new(names);
    struct ir_arena arena = IR_ARENA((size_t)1 << 20);
    ir_rules_add(rs, "rule", ir_str_z(rule_text));
    ir_rules_add(rs, "filter", filter);
    is_int(ir_rules_finish(rs, NULL), IR_OK, "finish");
    is_int((long long)ir_rules_nfailures(rs), 0, "the filter loads");
    is_int((long long)ir_rules_nwarnings(rs), 0, "without a warning");
    struct ir_matcher *m = ir_matcher_new(rs, true);
    struct ir_event *ev = ir_event_new(names, &arena);
    ir_event_begin(ev, path, 0, 1);
    ir_event_source(ev, IR_LS_WEBSERVER);
    ir_event_set(ev, IR_F_URL_PATH, path);
    hits = 0;
    ir_match_event(m, ev, on_hit, NULL);
    ir_event_free(ev);
    ir_matcher_free(m);
    ir_rules_free(rs);
    ir_names_free(names);
    ir_arena_free(&arena);
    return hits > 0;
}

static int write_one(struct ir_buf *out, struct ir_str value, struct ir_err *err)
{
    const struct ir_filter_pair pair = {IR_S("url.path"), value};
    const struct ir_filter_map map = {&pair, 1};
    const struct ir_filter_text t = {.title = IR_S("Accepted: it's ours"),
                                     .id = IR_S("5b0c2e1d-0000-4000-8000-000000000002"),
                                     .reason = IR_S("a: reason # with 'all'\nof it"),
                                     .author = IR_S("hana"),
                                     .date = IR_S("2026-11-23"),
                                     .logsource = {.category = IR_S("webserver")},
                                     .rule = IR_S("5b0c2e1d-0000-4000-8000-000000000001"),
                                     .map = &map,
                                     .nmaps = 1};
    ir_buf_clear(out);
    return ir_filter_write(out, &t, err);
}

/* Each silences itself, and none of the others. */
static void values(void)
{
    static const char *const v[] = {"/plain",
                                    "/*",
                                    "/a*b?c",
                                    "/a\\*b",
                                    "/a\\b\\",
                                    "/a\\\\b",
                                    "/it's",
                                    "/say \"hi\"",
                                    "a: b # c",
                                    "- x",
                                    "null",
                                    "0x10",
                                    "~",
                                    "%home%",
                                    " blanks ",
                                    "/a\nb: c\n",
                                    "/a\tb\x1b[2J",
                                    "/\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
                                    "/\xe2\x80\xae\xc2\x85\xe2\x80\xa8",
                                    "/axxb?c"};
    struct ir_buf text = IR_BUF(1 << 16);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct ir_err err = {0};
        is_int(write_one(&text, ir_str_z(v[i]), &err), IR_OK, "value %zu is written", i);
        for (size_t k = 0; k < sizeof v / sizeof *v; k++)
            if (matches(ir_buf_view(&text), ir_str_z(v[k])) == (i == k))
                ok(false, "filter of value %zu on value %zu", i, k);
    }
    struct ir_err err = {0};
    static char longest[5000];
    memset(longest, 'x', sizeof longest);
    is_int(write_one(&text, IR_S("/\xff"), &err), IR_BAD, "not UTF-8 is refused");
    ok(strstr(err.msg, "not UTF-8") != NULL, "and said");
    is_int(write_one(&text, IR_S(""), &err), IR_BAD, "so is nothing");
    is_int(write_one(&text, ir_str_n(longest, sizeof longest), &err), IR_BAD, "and too much");
    const struct ir_filter_map none = {NULL, 0};
    struct ir_filter_text t = {.title = IR_S("t"), .map = &none, .nmaps = 1};
    is_int(ir_filter_write(&text, &t, &err), IR_BAD, "a map without a pair");
    t.nmaps = 0;
    is_int(ir_filter_write(&text, &t, &err), IR_BAD, "no map");
    ir_buf_free(&text);
}

static const char finding[] =
    "{\"ir.kind\":\"finding\",\"id\":\"0123456789abcdef\",\"@timestamp\":null,\"rule\":{\"id\":"
    "\"r1\","
    "\"title\":\"T\\u0009t\",\"level\":\"high\",\"tags\":[\"attack.t1110\"],\"type\":\"sigma\"},"
    "\"entity\":{\"source.ip\":\"192.0.2.1\",\"user.name\":\"a\\\"b\"},\"origin\":[{\"path\":\"x!"
    "y\","
    "\"offset\":12,\"line\":3},{\"path\":\"z\",\"offset\":0,\"id\":\"no\"}],\"count\":7,\"new\":{"
    "\"id\":"
    "[{\"id\":\"no\"}]}}\n";

static void told(void)
{
    struct ir_told_list l = {0};
    struct ir_err err = {0};
    bool many;
    is_int(ir_told_add(&l, IR_S("{\"ir.kind\":\"summary\",\"id\":\"s\"}\n\n"), &err), IR_OK,
           "a summary is passed over");
    is_int(ir_told_add(&l, ir_str_z(finding), &err), IR_OK, "a finding");
    is_int((long long)l.n, 1, "is one");
    const struct ir_told *f = &l.v[0];
    is_str(f->id, "0123456789abcdef", "its id");
    is_str(f->rule_id, "r1", "its rule");
    is_str(f->title, "T\tt", "its title");
    is_str(f->type, "sigma", "its type");
    is_int((long long)f->count, 7, "its count");
    is_int((long long)f->nentity, 2, "its entity");
    is_str(f->entity[1].value, "a\"b", "without escapes");
    is_int((long long)f->norigins, 2, "its origins");
    is_str(f->origin[0].path, "x!y", "a path");
    is_int((long long)f->origin[0].offset, 12, "an offset");
    ok(ir_told_find(&l, IR_S("0123"), &many) == f, "found by its beginning");
    ok(ir_told_find(&l, IR_S("012"), &many) == NULL && !many, "which must be long enough");
    ok(ir_told_find(&l, IR_S("1234"), &many) == NULL && !many, "and be the beginning");
    ir_told_add(&l, ir_str_z(finding), &err);
    ok(ir_told_find(&l, IR_S("0123"), &many) != NULL, "the same finding twice is one");
    static const char other[] =
        "{\"ir.kind\":\"finding\",\"id\":\"01239\",\"rule\":{\"id\":\"r\"}}";
    ir_told_add(&l, ir_str_z(other), &err);
    ok(ir_told_find(&l, IR_S("0123"), &many) == NULL && many, "two that begin alike");
    ok(ir_told_find(&l, IR_S("01239"), &many) != NULL && !many, "and the whole id");
    ir_told_free(&l);
}

static void told_badly(void)
{
    struct ir_told_list l = {0};
    struct ir_err err = {0};
    static const char *const bad[] = {
        "{}\n",
        "[]\n",
        "words\n",
        "{\"ir.kind\":\"finding\"}\n",
        "{\"ir.kind\":\"finding\",\"id\":\"x\"}\n",
        "{\"ir.kind\":\"finding\",\"id\":\"x\",\"rule\":{\"id\":\"r\"},\"origin\":[{}]}\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (struct ir_err){0};
        struct ir_buf two = IR_BUF(1 << 16);
        ir_buf_str(&two, ir_str_z(finding));
        ir_buf_str(&two, ir_str_z(bad[i]));
        is_int(ir_told_add(&l, ir_buf_view(&two), &err), IR_BAD, "bad line %zu", i);
        is_int(err.line, 2, "and which it is");
        ir_buf_free(&two);
    }
    for (size_t n = 1; n + 1 < sizeof finding - 1; n++) {
        char *copy = malloc(n); /* so that a byte too far is seen */
        memcpy(copy, finding, n);
        if (ir_told_add(&l, ir_str_n(copy, n), &err) != IR_BAD) ok(false, "%zu bytes of it", n);
        free(copy);
    }
    struct ir_buf deep = IR_BUF(1 << 20);
    ir_buf_str(&deep,
               IR_S("{\"ir.kind\":\"finding\",\"id\":\"d\",\"rule\":{\"id\":\"r\"},\"origin\":["));
    for (int i = 0; i < 400; i++)
        ir_buf_str(&deep, IR_S("{\"path\":\"p\",\"offset\":1},"));
    ir_buf_str(&deep, IR_S("[[[{\"path\":\"q\"}]]]],\"entity\":{"));
    for (int i = 0; i < 40; i++)
        ir_buf_fmt(&deep, "%s\"e%d\":\"v\"", i ? "," : "", i);
    ir_buf_str(&deep, IR_S("}}\n"));
    const size_t before = l.n;
    is_int(ir_told_add(&l, ir_buf_view(&deep), &err), IR_OK, "more than fits");
    ok(l.n == before + 1 && l.v[before].norigins == 256 && l.v[before].nentity == IR_ENTITIES_MAX,
       "is cut");
    ir_buf_free(&deep);
    ir_told_free(&l);
}

int main(void)
{
    values();
    told();
    told_badly();
    is_str(ir_tune_root(IR_S("/nowhere!x!y")), "/nowhere!x!y", "a path that is not there");
    is_str(ir_tune_root(IR_S("/dev/null!x!y")), "/dev/null", "a member's archive");
    return done();
}
