/*
 * Rules that load but deserve a word: which warning, and on which line. What does not load at all,
 * and the warnings of filters about other rules: sigma_load.c.
 */
#include "sigma_test.h"

#define ID   "id: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c01\n"
#define HEAD "title: T\n" ID "logsource: {product: windows}\n"
#define RULE(items)                                                                                \
    HEAD "detection:\n  s: {" items "}\n"                                                          \
         "  condition: s\n"
#define GOOD "detection: {s: {a: x}, condition: s}\n"
/* A rule to refer to, and a correlation whose body begins in line 10. */
#define COR(body)                                                                                  \
    "name: r\n" HEAD GOOD "---\ntitle: C\nid: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c02\n"              \
    "correlation:\n" body

/* line, warns: of the only warning; NULL: there is none. */
static const struct {
    const char *name, *yaml;
    uint64_t line;
    const char *warns;
} cases[] = {
    {"nothing to say", HEAD "status: test\ndate: 2024-02-29\nmodified: 2024-12-31\n" GOOD, 0, NULL},
    {"an id that is no UUID", "title: T\nid: r1\nlogsource: {product: windows}\n" GOOD, 2,
     "not a UUID"},
    {"a UUID with a wrong digit",
     "title: T\nid: 9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c0g\nlogsource: {product: windows}\n" GOOD, 2,
     "not a UUID"},
    {"a UUID in capitals",
     "title: T\nid: 9C4A0D54-1F7E-4D52-B0C8-5F1F6A7B8C01\nlogsource: {product: windows}\n" GOOD, 0,
     NULL},
    {"unknown status", HEAD "status: stabel\n" GOOD, 4, "unknown status 'stabel'"},
    {"a date with slashes", HEAD "date: 2024/01/02\n" GOOD, 4, "not a date (YYYY-MM-DD)"},
    {"a day that is none", HEAD "date: 2023-02-29\n" GOOD, 4, "not a date"},
    {"a month that is none", HEAD "modified: 2023-13-01\n" GOOD, 4, "'modified' is not a date"},
    {"a date that goes on", HEAD "date: 2023-12-01x\n" GOOD, 4, "not a date"},
    {"two bad dates", HEAD "date: 2024/01/02\nmodified: 2024/01/03\n" GOOD, 4, "'date' is not"},
    {"good tags", HEAD "tags: [attack.t1110, attack.credential-access, cve.2021-44228]\n" GOOD, 0,
     NULL},
    {"a tag without a namespace", HEAD "tags:\n  - attack.t1110\n  - bruteforce\n" GOOD, 6,
     "the tag 'bruteforce' is not of the form"},
    {"a tag in capitals", HEAD "tags: [attack.T1110]\n" GOOD, 4, "the tag 'attack.T1110'"},
    {"tags as one text", HEAD "tags: attack.t1110, attack.t1111\n" GOOD, 4, "'tags' is not a list"},
    {"another taxonomy", HEAD "taxonomy: ecs\n" GOOD, 4, "taxonomy 'ecs'"},
    {"Sigma's taxonomy", HEAD "taxonomy: sigma\n" GOOD, 0, NULL},
    {"an attribute of the log source that nobody knows",
     "title: T\n" ID "logsource: {product: windows, servic: security}\n" GOOD, 3, "'servic'"},
    {"a detection beside a correlation",
     COR("  {type: event_count, rules: [r], timespan: 1m, "
         "group-by: [a], condition: {gte: 2}}\n" GOOD),
     11, "'detection' is not read"},

    {"timeframe", HEAD "detection:\n  s: {a: x}\n  timeframe: 5m\n  condition: s\n", 6,
     "'timeframe' has no effect"},
    {"a selection that is never used",
     HEAD "detection:\n  s: {a: x}\n  other:\n    b: y\n  condition: s\n", 7,
     "the selection 'other' is not used"},
    {"used by pattern", HEAD "detection: {s_1: {a: x}, s_2: {b: x}, condition: 1 of s_*}\n", 0,
     NULL},
    {"them leaves out what begins with _",
     HEAD "detection: {s: {a: x}, _t: {b: x}, condition: all of them}\n", 4, "'_t' is not used"},
    {"used in the second condition",
     HEAD "detection: {s: {a: x}, t: {b: x}, condition: [s, not t]}\n", 0, NULL},
    {"an unused selection of a rule that waits",
     HEAD "detection: {s: {a|expand: '%x%'}, t: {b: x}, condition: s}\n", 4, "'t' is not used"},
    {"operators in capitals", HEAD "detection: {s: {a: x}, t: {b: x}, condition: s AND t}\n", 4,
     "'AND' is not written in lower case"},
    {"a selection called like an operator in capitals",
     HEAD "detection: {s: {a: x}, NOT: {b: x}, condition: s}\n", 4, "'NOT' is not used"},

    {"all on one value", RULE("a|contains|all: x"), 5, "'all' on a single value"},
    {"all on a list of one", RULE("a|contains|all: [x]"), 5, "'all' on a single value"},
    {"all on two", RULE("a|contains|all: [x, y]"), 0, NULL},
    {"keywords with all, one of them", RULE("'|all': [x]"), 5, "'all' on a single value"},
    {"a network", RULE("a|cidr: 10.0.0.0/8"), 0, NULL},
    {"a network with host bits", RULE("a|cidr: 10.0.0.5/8"), 5,
     "'10.0.0.5/8' has host bits: taken as 10.0.0.0/8"},
    {"a network with host bits in a list",
     HEAD "detection:\n  s:\n    a|cidr:\n      - 10.0.0.0/8\n      - 2001:db8::1/32\n"
          "  condition: s\n",
     8, "taken as 2001:db8::/32"},
    {"a host with all bits", RULE("a|cidr: 10.0.0.5/32"), 0, NULL},
    {"an address alone", RULE("a|cidr: 10.0.0.5"), 5, "'10.0.0.5' has no prefix length"},
    {"contains beside re", RULE("a|re|contains: 'x.*'"), 5, "'contains' has no effect beside 're'"},
    {"cased beside re", RULE("a|re|cased: 'x.*'"), 5, "'cased' has no effect beside 're'"},
    {"re with its flags", RULE("a|re|i|m|s: 'x.*'"), 0, NULL},
    {"re with all", RULE("a|re|all: ['x.*', 'y.*']"), 0, NULL},
    {"two shapes", RULE("a|startswith|endswith: x"), 5, "'startswith' and 'endswith'"},
    {"contains and startswith", RULE("a|startswith|contains: x"), 5, "'contains' and 'startswith'"},
    {"a modifier twice", RULE("a|contains|contains: x"), 5, "'contains' stands twice"},
    {"base64 twice is a meaning", RULE("a|base64|base64|contains: x"), 0, NULL},
    {"exists with two values", RULE("a|exists: [true, false]"), 5, "'exists' with several values"},
    {"expand without a placeholder", RULE("a|expand: x"), 5, "'expand' without a %placeholder%"},
    {"null in a list", RULE("a: [x, null]"), 5, "null in a list"},
    {"null alone", RULE("a: null"), 0, NULL},
    {"a repetition of a repetition", RULE("a|re: '^(\\w+\\s?)*x'"), 5, "'(\\w+\\s?)*' repeats"},
    {"of its own letters", RULE("a|re: '(a.*b)+c'"), 5, "'(a.*b)+' repeats"},
    {"two ways to the same letter", RULE("a|re: '(?:a|\\w)+;'"), 5, "repeats what repeats"},
    {"a choice of counts", RULE("a|re: '(?:[a-z]{1,9}){20,};'"), 5, "repeats what repeats"},
    {"inside of more", RULE("a|re|i: 'x(y([^/]+/?)+z)?q'"), 5, "'([^/]+/?)+' repeats"},
    {"kept apart", RULE("a|re: '(\\w+\\s)*x'"), 0, NULL},
    {"gives nothing back", RULE("a|re: '(\\w++\\s?)*x'"), 0, NULL},
    {"nothing behind it can fail", RULE("a|re: 'x(\\w+\\s?)*'"), 0, NULL},
    {"nothing but the rest", RULE("a|re: 'x(\\w+\\s?)*.*'"), 0, NULL},
    {"a class of what means something outside", RULE("a|re: '[(a+)+]*x'"), 0, NULL},
    {"a square only", RULE("a|re: '.*a.*b.*c'"), 0, NULL},
    {"a few times", RULE("a|re: '(\\d{1,3}\\.){3}x'"), 0, NULL},
    {"refers to what stands outside", RULE("a|re: '(a)((b+)\\1)+c'"), 0, NULL},
    {"contains nothing", RULE("a|contains: ''"), 5, "an empty value fits every text"},
    {"empty is a value", RULE("a: ''"), 0, NULL},
    {"an item in a list of maps",
     HEAD "detection:\n  s:\n    - a: x\n    - b|contains|all: y\n  condition: s\n", 7,
     "'all' on a single value"},
    {"keywords", HEAD "detection: {s: [x, y], condition: s}\n", 0, NULL},

    {"a correlation",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  group-by: [a]\n"
         "  condition: {gte: 2}\n"),
     0, NULL},
    {"timeframe for timespan",
     COR("  type: event_count\n  rules: [r]\n  timeframe: 1m\n  group-by: [a]\n"
         "  condition: {gte: 2}\n"),
     12, "'timeframe' stands for 'timespan'"},
    {"timeframe beside timespan",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  timeframe: 2m\n  group-by: [a]\n"
         "  condition: {gte: 2}\n"),
     13, "'timeframe' is not read"},
    {"a key of a correlation that nobody knows",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  group-by: [a]\n  groupby: [b]\n"
         "  condition: {gte: 2}\n"),
     14, "unknown key 'groupby'"},
    {"no group-by",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  condition: {gte: 2}\n"), 10,
     "no 'group-by'"},
    {"an alias for a rule that is not there",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  group-by: [x]\n"
         "  aliases:\n    x:\n      r: a\n      q: b\n  condition: {gte: 2}\n"),
     17, "the alias 'x' names 'q'"},
    {"an alias that nobody uses",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  group-by: [a]\n"
         "  aliases:\n    x:\n      r: a\n  condition: {gte: 2}\n"),
     16, "the alias 'x' is not used"},
    {"a field that event_count does not read",
     COR("  type: event_count\n  rules: [r]\n  timespan: 1m\n  group-by: [a]\n"
         "  condition: {gte: 2, field: b}\n"),
     14, "'field' has no effect"},
    {"percentile elsewhere",
     COR("  type: value_sum\n  rules: [r]\n  timespan: 1m\n  group-by: [a]\n"
         "  condition: {gte: 2, field: b, percentile: 3}\n"),
     14, "'percentile' has no effect"},

    {"a filter that names a rule that is not loaded",
     HEAD GOOD "---\ntitle: F\nlogsource: {product: windows}\nfilter:\n"
               "  rules: [9c4a0d54-1f7e-4d52-b0c8-5f1f6a7b8c01, gone]\n"
               "  s: {a: y}\n  condition: not s\n",
     6, "'gone', which is not loaded"},
    {"an unused selection of a filter",
     HEAD GOOD "---\ntitle: F\nlogsource: {product: windows}\nfilter:\n  rules: any\n"
               "  s: {a: y}\n  t: {a: z}\n  condition: not s\n",
     11, "'t' is not used"},
};

static void check(size_t c)
{
    struct world w;
    const char *want = cases[c].warns, *said = "nothing";
    unsigned long long line = 0;
    if (!world_open(&w)) return;
    ir_rules_add(w.rules, "case", ir_str_z(cases[c].yaml));
    if (!world_ready(&w)) return;
    size_t n = ir_rules_nwarnings(w.rules), failed = ir_rules_nfailures(w.rules);
    if (failed > 0) said = ir_rules_failure(w.rules, 0)->reason;
    if (failed == 0 && n > 0) {
        said = ir_rules_warning(w.rules, 0)->reason;
        line = ir_rules_warning(w.rules, 0)->line;
    }
    bool good = failed == 0 && n == (want ? 1u : 0u) &&
                (want == NULL || (strstr(said, want) != NULL && line == cases[c].line));
    if (!ok(good, "%s: %s", cases[c].name, want ? want : "nothing to say"))
        printf("# %zu warnings, %zu failures: line %llu: %s\n", n, failed, line, said);
    world_close(&w);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(i);
    return done();
}
