/*
 * Loading Sigma documents: what must load, what must fail and with which words, and what filters,
 * collections and references do to the rules that match an event. One rule on one event:
 * sigma_cases.c. Firing correlations: sigma_corr.c.
 */
#include "sigma_test.h"

#define LS  "logsource: {product: windows}\n"
#define DET "detection: {s: {a: x}, condition: s}\n"
/* A detection rule that fits {"a":"x"}; one that fits {"b":"x"}. */
#define A(id) "title: rule " id "\nid: " id "\n" LS DET
#define B(id) "title: rule " id "\nid: " id "\n" LS "detection: {s: {b: x}, condition: s}\n"
#define SEC(id)                                                                                    \
    "title: rule " id "\nid: " id "\nlogsource: {product: windows, service: security}\n" DET
#define N             "---\n"
#define FIL(ls, body) "title: F\nlogsource: {" ls "}\nfilter: {" body "}\n"
#define COR(id, body) "title: " id "\nid: " id "\ncorrelation: {" body "}\n"
#define COUNT         "type: event_count, timespan: 1m, condition: {gte: 2}"
#define EV            "{\"a\":\"x\"}"
#define ADMIN         "{\"a\":\"x\",\"u\":\"adm_joe\"}"
#define NOTADM        "s: {u|startswith: adm_}, condition: not s"

/* fires: ids of the rules that match, as one text; fails, warns: parts of the reasons, NULL none.
 */
static const struct {
    const char *name, *yaml, *event, *fires, *fails, *warns;
} cases[] = {
    {"one rule", A("r1"), EV, "r1 ", NULL, NULL},
    {"two documents", A("r1") N B("r2"), "{\"a\":\"x\",\"b\":\"x\"}", "r1 r2 ", NULL, NULL},
    {"empty documents", N N A("r1") N N, EV, "r1 ", NULL, NULL},
    {"a bad document between two good ones", A("r1") N "title: T\n" LS N A("r2"), EV, "r1 r2 ",
     "neither", NULL},
    {"no YAML behind a good document", A("r1") N "a: [", EV, "r1 ", "not YAML", NULL},
    {"byte order mark", "\xef\xbb\xbf" A("r1"), EV, "r1 ", NULL, NULL},
    {"lines of Windows",
     "title: T\r\nid: r1\r\nlogsource:\r\n  product: windows\r\ndetection:\r\n"
     "  s:\r\n    a: x\r\n  condition: s\r\n",
     EV, "r1 ", NULL, NULL},
    {"unknown keys", "my_own: {a: [b]}\n" A("r1"), EV, "r1 ", NULL, NULL},
    {"a list instead of a rule", "- a\n- b\n", EV, "", "not a map", NULL},
    {"a word instead of a rule", "hello\n", EV, "", "not a map", NULL},
    {"a tab as indent", "title: T\n\tid: x\n", EV, "", "not YAML", NULL},
    {"a key twice", "title: T\ntitle: U\n" LS DET, EV, "", "'title' stands twice", NULL},
    {"an anchor", "title: T\nid: r1\nx: &v x\n" LS "detection: {s: {a: *v}, condition: s}\n", EV,
     "r1 ", NULL, NULL},
    {"a merge key",
     "title: T\nid: r1\nx: &v {a: x, b: z}\n" LS "detection: {s: {<<: *v, b: y}, condition: s}\n",
     "{\"a\":\"x\",\"b\":\"y\"}", "r1 ", NULL, NULL},
    {"a merge key that brings what must fit",
     "title: T\nid: r1\nx: &v {a: other}\n" LS "detection: {s: {b: y, <<: *v}, condition: s}\n",
     "{\"a\":\"x\",\"b\":\"y\"}", "", NULL, NULL},
    {"a merge key of a list",
     "title: T\nid: r1\nx: &v {a: x}\ny: &w {b: y, a: z}\n" LS
     "detection: {s: {<<: [*v, *w]}, condition: s}\n",
     "{\"a\":\"x\",\"b\":\"y\"}", "r1 ", NULL, NULL},
    {"a merge key of text", "title: T\nx: &v [a]\n" LS "detection: {s: {<<: *v}, condition: s}\n",
     EV, "", "takes maps only", NULL},
    {"an alias without anchor", "title: T\n" LS "detection: {s: {a: *v}, condition: s}\n", EV, "",
     "without its anchor", NULL},
    {"an alias inside its anchor", "title: &t {a: *t}\n", EV, "", "own anchor", NULL},
    {"folded condition",
     "title: T\nid: r1\n" LS "detection:\n  s: {a: x}\n  t: {b: x}\n"
     "  condition: >\n    s\n    or\n    t\n",
     EV, "r1 ", NULL, NULL},
    {"no title", "id: r1\n" LS DET, EV, "", "'title' is missing", NULL},
    {"title is null", "title: null\nid: r1\n" LS DET, EV, "", "'title' is missing", NULL},
    {"no log source", "title: T\nid: r1\n" DET, EV, "", "'logsource' is missing", NULL},
    {"empty log source", "title: T\nid: r1\nlogsource: {}\n" DET, EV, "", "'logsource' names no",
     NULL},
    {"log source is text", "title: T\nlogsource: windows\n" DET, EV, "", "must be a map", NULL},
    {"log source with a null",
     "title: T\nid: r1\nlogsource: {product: windows, service: null}\n" DET, EV, "r1 ", NULL, NULL},
    {"log source of nulls", "title: T\nlogsource: {product: null}\n" DET, EV, "", "names no", NULL},
    {"log source with a definition",
     "title: T\nid: r1\nlogsource: {product: windows, definition: d}\n" DET, EV, "r1 ", NULL, NULL},
    {"no detection", "title: T\n" LS, EV, "", "neither 'detection'", NULL},
    {"detection is text", "title: T\n" LS "detection: x\n", EV, "", "must be a map", NULL},
    {"no condition", "title: T\n" LS "detection: {s: {a: x}}\n", EV, "", "'condition' is missing",
     NULL},
    {"unknown level", "title: T\nlevel: huge\n" LS DET, EV, "", "unknown level 'huge'", NULL},
    {"no level", A("r1"), EV, "r1 ", NULL, NULL},
    {"level in capitals", "title: T\nid: r1\nlevel: HIGH\n" LS DET, EV, "r1 ", NULL, NULL},
    {"timeframe is no selection",
     "title: T\nid: r1\n" LS "detection: {s: {a: x}, timeframe: 5m, condition: all of them}\n", EV,
     "r1 ", NULL, NULL},
    {"a rule without id", "title: T\n" LS DET, EV, "T ", NULL, NULL},
    {"two rules without id and one title", "title: T\n" LS DET N "title: T\n" LS DET, EV, "T T ",
     NULL, NULL},
    {"an id twice", A("r1") N A("r1"), EV, "r1 ", "the id or name 'r1' is taken", NULL},
    {"a name twice", "name: n\n" A("r1") N "name: n\n" A("r2"), EV, "r1 ", "'n' is taken", NULL},
    {"a name that is another rule's id", A("r1") N "name: r1\n" A("r2"), EV, "r1 ", "'r1' is taken",
     NULL},
    {"a rule whose name is taken leaves no trace of its id",
     "name: n\n" A("r1") N "name: n\n" A("r2") N B("r3") N COR("c", "rules: [r2], " COUNT), EV,
     "r1 ", "refers to 'r2'", NULL},

    {"collection: global", "action: global\ntitle: T\n" LS N "id: r1\n" DET N "id: r2\n" DET, EV,
     "r1 r2 ", NULL, NULL},
    {"collection: the global document is no rule",
     "action: global\n" A("r0") N "id: r1\n" N "id: r2\n", EV, "r1 r2 ", NULL, NULL},
    {"collection: one id for all", "action: global\ntitle: T\nid: r1\n" LS N DET N DET, EV,
     "r1 r1 ", NULL, NULL},
    {"collection: deep merge",
     "action: global\ntitle: T\nlevel: low\nlogsource: {product: windows}\n"
     "detection: {condition: s or t}\n" N "id: r1\ndetection: {s: {a: x}, t: {b: x}}\n",
     EV, "r1 ", NULL, NULL},
    {"collection: reset",
     "action: global\ntitle: T\n" LS N "id: r1\n" DET N "action: reset\n" N "id: r2\n" DET, EV,
     "r1 ", "'title' is missing", NULL},
    {"collection: repeat", A("r1") N "action: repeat\nid: r2\n", EV, "r1 r2 ", NULL, NULL},
    {"collection: repeat changes a part",
     A("r1") N "action: repeat\nid: r2\ndetection: {s: {a: y}}\n", EV, "r1 ", NULL, NULL},
    {"collection: repeat of nothing", "action: repeat\nid: r2\n", EV, "", "'title' is missing",
     NULL},

    {"filter by id", A("r1") N A("r2") N FIL("product: windows", "rules: [r1], " NOTADM), ADMIN,
     "r2 ", NULL, NULL},
    {"filter by id: not this event", A("r1") N FIL("product: windows", "rules: [r1], " NOTADM), EV,
     "r1 ", NULL, NULL},
    {"filter by name", "name: n\n" A("r1") N FIL("product: windows", "rules: [n], " NOTADM), ADMIN,
     "", NULL, NULL},
    {"filter, one rule as text", A("r1") N FIL("product: windows", "rules: r1, " NOTADM), ADMIN, "",
     NULL, NULL},
    {"filter any", A("r1") N A("r2") N FIL("product: windows", "rules: any, " NOTADM), ADMIN, "",
     NULL, NULL},
    {"filter with an empty list", A("r1") N FIL("product: windows", "rules: [], " NOTADM), ADMIN,
     "", NULL, NULL},
    {"filter before its rule", FIL("product: windows", "rules: [r1], " NOTADM) N A("r1"), ADMIN, "",
     NULL, NULL},
    {"filter without not: narrows, and a warning",
     A("r1") N FIL("product: windows", "rules: [r1], s: {u|startswith: adm_}, condition: s"), ADMIN,
     "r1 ", NULL, "no 'not'"},
    {"filter without not: narrows",
     A("r1") N FIL("product: windows", "rules: [r1], s: {u|startswith: adm_}, condition: s"), EV,
     "", NULL, "no 'not'"},
    {"filter: 'not' within a name is none",
     A("r1") N FIL("product: windows",
                   "rules: [r1], nothing: {u|startswith: adm_}, condition: nothing"),
     ADMIN, "r1 ", NULL, "no 'not'"},
    {"filter: neq is a not",
     A("r1") N FIL("product: windows", "rules: [r1], s: {u|neq: adm_joe}, condition: s"), ADMIN, "",
     NULL, NULL},
    {"filter: its log source is wider", SEC("r1") N FIL("product: windows", "rules: any, " NOTADM),
     "S{\"a\":\"x\",\"u\":\"adm_joe\"}", "", NULL, NULL},
    {"filter: its log source is the rule's",
     SEC("r1") N FIL("product: windows, service: security", "rules: any, " NOTADM),
     "S{\"a\":\"x\",\"u\":\"adm_joe\"}", "", NULL, NULL},
    {"filter: its log source is narrower",
     A("r1") N FIL("product: windows, service: security", "rules: [r1], " NOTADM), ADMIN, "r1 ",
     NULL, "fits no rule"},
    {"filter: another log source", A("r1") N FIL("product: linux", "rules: any, " NOTADM), ADMIN,
     "r1 ", NULL, "fits no rule"},
    {"filter: two of them",
     A("r1") N FIL("product: windows", "rules: any, " NOTADM)
         N FIL("product: windows", "rules: any, s: {v: 1}, condition: not s"),
     "{\"a\":\"x\",\"v\":1}", "", NULL, NULL},
    {"filter: an unknown rule", A("r1") N FIL("product: windows", "rules: [r9], " NOTADM), ADMIN,
     "r1 ", NULL, "fits no rule"},
    {"filter: no rules", A("r1") N FIL("product: windows", NOTADM), ADMIN, "r1 ",
     "'rules' is missing", NULL},
    {"filter: rules is null", A("r1") N FIL("product: windows", "rules: null, " NOTADM), ADMIN,
     "r1 ", "'rules' must be", NULL},
    {"filter: rules is a map", A("r1") N FIL("product: windows", "rules: {a: b}, " NOTADM), ADMIN,
     "r1 ", "'rules' must be", NULL},
    {"filter: rules are maps", A("r1") N FIL("product: windows", "rules: [{a: b}], " NOTADM), ADMIN,
     "r1 ", "'rules' must be", NULL},
    {"filter: no condition", A("r1") N FIL("product: windows", "rules: any, s: {u: x}"), ADMIN,
     "r1 ", "'condition' is missing", NULL},
    {"filter: no log source", A("r1") N "title: F\nfilter: {rules: any, " NOTADM "}\n", ADMIN,
     "r1 ", "'logsource' is missing", NULL},
    {"filter: one that waits for values does nothing",
     A("r1") N FIL("product: windows", "rules: any, s: {u|expand: '%Nobody%'}, condition: not s"),
     ADMIN, "r1 ", NULL, NULL},

    {"correlation silences its rules", A("r1") N COR("c", "rules: [r1], " COUNT), EV, "", NULL,
     NULL},
    {"correlation, generate", A("r1") N COR("c", "rules: [r1], generate: true, " COUNT), EV, "r1 ",
     NULL, NULL},
    {"correlation, generate: false", A("r1") N COR("c", "rules: [r1], generate: false, " COUNT), EV,
     "", NULL, NULL},
    {"one correlation generates, the other does not",
     A("r1") N COR("c", "rules: [r1], generate: true, " COUNT) N COR("d", "rules: [r1], " COUNT),
     EV, "r1 ", NULL, NULL},
    {"generate is no truth", A("r1") N COR("c", "rules: [r1], generate: maybe, " COUNT), EV, "r1 ",
     "'generate' must be true or false", NULL},
    {"correlation first in the file", COR("c", "rules: [r1], " COUNT) N A("r1"), EV, "", NULL,
     NULL},
    {"correlation by name", "name: n\n" A("r1") N COR("c", "rules: [n], " COUNT), EV, "", NULL,
     NULL},
    {"correlation, one rule as text", A("r1") N COR("c", "rules: r1, " COUNT), EV, "", NULL, NULL},
    {"correlation: not loaded, the rule stays loud", A("r1") N COR("c", "rules: [r1, r9], " COUNT),
     EV, "r1 ", "refers to 'r9'", NULL},
    {"correlation: circle",
     A("r1") N COR("c", "rules: [d], " COUNT) N COR("d", "rules: [c], " COUNT), EV, "r1 ",
     "leads back to itself", NULL},
    {"correlation: itself", COR("c", "rules: [c], " COUNT), EV, "", "leads back to itself", NULL},
    {"correlation: the same rule twice", A("r1") N COR("c", "rules: [r1, r1], " COUNT), EV, "r1 ",
     "stands twice", NULL},
    {"correlation: the same rule by id and name",
     "name: n\n" A("r1") N COR("c", "rules: [r1, n], " COUNT), EV, "r1 ", "stands twice", NULL},
    {"correlation: unknown type", A("r1") N COR("c", "rules: [r1], type: often, timespan: 1m"), EV,
     "r1 ", "unknown correlation type 'often'", NULL},
    {"correlation: no type", A("r1") N COR("c", "rules: [r1], timespan: 1m"), EV, "r1 ",
     "unknown correlation type", NULL},
    {"correlation: no rules", COR("c", COUNT), EV, "", "'rules' is missing", NULL},
    {"correlation: empty rules", COR("c", "rules: [], " COUNT), EV, "", "'rules' is empty", NULL},
    {"correlation: no time span",
     A("r1") N COR("c", "rules: [r1], type: event_count, condition: {gte: 2}"), EV, "r1 ",
     "'timespan' is missing", NULL},
    {"correlation: odd time span",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: soon, condition: {gte: 2}"), EV,
     "r1 ", "not a time span: 'soon'", NULL},
    {"correlation: no condition",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1m"), EV, "r1 ",
     "'condition' is missing", NULL},
    {"correlation: unknown condition",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1m, condition: {more: 2}"), EV,
     "r1 ", "unknown condition 'more'", NULL},
    {"correlation: condition is no number",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1m, condition: {gte: nan}"), EV,
     "r1 ", "'gte' must be a number", NULL},
    {"correlation: value_count without field",
     A("r1") N COR("c", "rules: [r1], type: value_count, timespan: 1m, condition: {gte: 2}"), EV,
     "r1 ", "'condition.field' is missing", NULL},
    {"correlation: percentile out of range",
     A("r1") N COR("c", "rules: [r1], type: value_percentile, timespan: 1m, condition: {field: a, "
                        "percentile: 101, "
                        "gte: 2}"),
     EV, "r1 ", "'percentile' must be", NULL},
    {"correlation: text condition of a count",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1m, condition: r1"), EV, "r1 ",
     "must be a map", NULL},
    {"correlation: text condition names another rule",
     A("r1") N A("r2")
         N COR("c", "rules: [r1], type: temporal, timespan: 1m, condition: r1 and r2"),
     EV, "r1 r2 ", "unknown selection 'r2'", NULL},
    {"correlation: text condition makes the rules",
     A("r1") N B("r2") N COR("c", "type: temporal, timespan: 1m, condition: r1 and not (r2)"), EV,
     "", NULL, NULL},
    {"correlation: not under temporal_ordered",
     A("r1") N B("r2") N COR(
         "c", "rules: [r1, r2], type: temporal_ordered, timespan: 1m, condition: r1 and not r2"),
     EV, "r1 ", "under temporal_ordered", NULL},
    {"correlation: and under temporal_ordered",
     A("r1") N B("r2")
         N COR("c", "rules: [r1, r2], type: temporal_ordered, timespan: 1m, condition: r1 and r2"),
     EV, "", NULL, NULL},
    {"correlation: time span 30s",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 30s, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 90m",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 90m, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 2h",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 2h, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 7d",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 7d, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 2w",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 2w, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 1M",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1M, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 1y",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1y, condition: {gte: 2}"), EV,
     "", NULL, NULL},
    {"correlation: time span 5",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 5, condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: time span m",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: m, condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: time span -1m",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: -1m, condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: time span 1.5h",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1.5h, condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: time span 1h30m",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: 1h30m, condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: time span ''",
     A("r1") N COR("c", "rules: [r1], type: event_count, timespan: '', condition: {gte: 2}"), EV,
     "r1 ", "not a time span", NULL},
    {"correlation: is a list", "title: T\ncorrelation: [a]\n", EV, "", "must be a map", NULL},
    {"correlation: an id that a rule has", A("r1") N COR("r1", "rules: [r1], " COUNT), EV, "r1 ",
     "'r1' is taken", NULL},
};

struct fired {
    const struct world *w;
    struct ir_buf ids;
};

static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    struct fired *f = user;
    const struct ir_rule_info *i = ir_rules_info(f->w->rules, rule);
    (void)view;
    if (i->silent) return;
    ir_buf_str(&f->ids, i->id);
    ir_buf_chr(&f->ids, ' ');
}

/* What a review of the rule alone says (sigma_review.c): not asked for here. */
static bool other(const char *reason)
{
    return strstr(reason, "not a UUID") != NULL || strstr(reason, "no 'group-by'") != NULL ||
           strstr(reason, "'timeframe' has no effect") != NULL;
}

/* One of the notes holds the text; NULL: there are none. */
static void check_notes(const struct world *w, const char *name, const char *want, size_t n,
                        const struct ir_rules_failure *(*get)(const struct ir_rules *, size_t))
{
    bool found = want == NULL;
    for (size_t i = 0; i < n; i++)
        found = want != NULL ? found || strstr(get(w->rules, i)->reason, want) != NULL
                             : found && other(get(w->rules, i)->reason);
    if (want == NULL && found) return;
    if (ok(found, "%s: %s", name, want ? want : "nothing to say")) return;
    for (size_t i = 0; i < n; i++)
        printf("# said: %s\n", get(w->rules, i)->reason);
}

static void check(size_t c)
{
    struct world w;
    const char *event = cases[c].event;
    bool security = event[0] == 'S';
    if (!world_open(&w)) return;
    ir_rules_add(w.rules, "case", ir_str_z(cases[c].yaml));
    if (!world_ready(&w)) return;
    struct fired f = {&w, IR_BUF(4096)};
    struct ir_matcher *m = ir_matcher_new(w.rules, true);
    ir_event_begin(w.ev, ir_str_z(event + security), 0, 1);
    parse_json(&w, w.ev->raw);
    ir_event_source(w.ev, security ? IR_LS_WIN_SECURITY : IR_LS_WINDOWS);
    ir_match_event(m, w.ev, on_hit, &f);
    is_str(ir_buf_view(&f.ids), cases[c].fires, "%s", cases[c].name);
    check_notes(&w, cases[c].name, cases[c].fails, ir_rules_nfailures(w.rules), ir_rules_failure);
    check_notes(&w, cases[c].name, cases[c].warns, ir_rules_nwarnings(w.rules), ir_rules_warning);
    ir_matcher_free(m);
    ir_buf_free(&f.ids);
    world_close(&w);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(i);
    return done();
}
