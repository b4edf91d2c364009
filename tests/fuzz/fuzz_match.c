/*
 * One pattern against one value, both arbitrary: the first byte chooses the modifiers, the rest is
 * PATTERN \n PATTERN \n VALUE. The result must be the same with the prefilter, without it, by the
 * search of raw bytes, and, for plain patterns, as a slow matcher written here says.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "rules/match.h"
#include "rules/pattern.h"

#define PATTERN_MAX 200u
#define VALUE_MAX   2000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const keys[] = {
    "a",
    "a|contains",
    "a|startswith",
    "a|endswith",
    "a|cased",
    "a|contains|cased",
    "a|contains|all",
    "a|windash|contains",
    "a|windash",
    "a|re",
    "a|re|i",
    "a|re|i|m|s",
    "a|re|all",
    "a|neq",
    "a|contains|neq",
    "|all",
    "|re",
    "|contains",
    "a|base64offset|contains",
    "a|cidr",
    "a|gt",
    "a|fieldref",
    "a|hour",
    "a|wide|base64offset|contains|all",
};
#define NKEYS   (sizeof keys / sizeof *keys)
#define WINDASH 7u
#define CASED   4u
#define PLAIN   9u /* keys before this one are patterns */

/* Any bytes as a double-quoted YAML text; what is not UTF-8 becomes the character of that number.
 */
static void put_quoted(struct ir_buf *b, struct ir_str s)
{
    ir_buf_chr(b, '"');
    while (s.n > 0) {
        int32_t cp;
        size_t n = ir_utf8_decode(s, &cp);
        if (cp < 0 || cp < ' ' || cp == '"' || cp == '\\' || ir_cp_hidden((uint32_t)cp))
            ir_buf_fmt(b, "\\U%08x", cp < 0 ? (unsigned)(unsigned char)s.p[0] : (unsigned)cp);
        else
            ir_buf_add(b, s.p, n);
        s = ir_str_skip(s, n);
    }
    ir_buf_chr(b, '"');
}

static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    (void)rule;
    (void)view;
    ++*(int *)user;
}

static void fill(struct ir_event *ev, struct ir_str value)
{
    ir_event_begin(ev, value, 0, 1);
    ir_event_source(ev, IR_LS_LINUX);
    ir_event_add_named(ev, IR_S("a"), IR_V_STRING, value);
    ir_event_add_named(ev, IR_S("b"), IR_V_STRING, ir_str_skip(value, value.n / 2));
}

static int by_event(struct ir_rules *rs, struct ir_event *ev, struct ir_str value,
                    bool no_prefilter)
{
    struct ir_matcher *m = ir_matcher_new(rs, no_prefilter);
    int hits = 0;
    if (m == NULL) abort();
    fill(ev, value);
    if (!no_prefilter)
        ir_matcher_group(m, &(struct ir_group_key){.sources = ev->views[0].sources, .n = 1});
    ir_match_event(m, ev, on_hit, &hits);
    ir_matcher_free(m);
    return hits;
}

static int by_record(struct ir_rules *rs, struct ir_event *ev, struct ir_str value)
{
    struct ir_matcher *m = ir_matcher_new(rs, false);
    const struct ir_literal_hit *lit;
    size_t n;
    int hits = 0;
    fill(ev, value);
    const struct ir_group *g =
        m ? ir_matcher_group(m, &(struct ir_group_key){.sources = ev->views[0].sources, .n = 1})
          : NULL;
    if (g == NULL || !ir_match_scan(m, g, value, &lit, &n)) abort();
    if (n > 0 || ir_matcher_must_parse(m, g)) ir_match_record(m, g, ev, lit, n, on_hit, &hits);
    ir_matcher_free(m);
    return hits;
}

static size_t one_of_dashes(struct ir_str s)
{
    static const char *const dashes[] = {"-", "/", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95"};
    for (size_t i = 0; i < 5; i++)
        if (ir_str_starts(s, ir_str_z(dashes[i]))) return strlen(dashes[i]);
    return 0;
}

/* All ways at once: which places of the value are reached after each element. */
static bool slow_match(const struct ir_glob *g, bool cased, struct ir_str value)
{
    static bool at[VALUE_MAX * 3 + 2], next[VALUE_MAX * 3 + 2];
    char lit[PATTERN_MAX * 3 + 1];
    memset(at, 0, sizeof at);
    at[0] = true;
    for (size_t i = 0; i < g->n;) {
        size_t end = i + 1, n = 1;
        memset(next, 0, sizeof next);
        if (g->kind[i] == IR_GLOB_BYTE) { /* a run, because it is folded as a text */
            while (end < g->n && g->kind[end] == IR_GLOB_BYTE)
                end++;
            n = end - i;
            memcpy(lit, g->byte + i, n);
            if (!cased) n = ir_fold(ir_str_n(g->byte + i, end - i), lit);
        }
        for (size_t k = 0; k <= value.n; k++) {
            struct ir_str rest = ir_str_skip(value, k);
            int32_t cp;
            size_t take = 0;
            if (!at[k] && !(g->kind[i] == IR_GLOB_ANY && k > 0 && next[k - 1])) continue;
            switch (g->kind[i]) {
            case IR_GLOB_ANY: next[k] = true; continue;
            case IR_GLOB_ONE: take = rest.n > 0 ? ir_utf8_decode(rest, &cp) : 0; break;
            case IR_GLOB_DASH: take = one_of_dashes(rest); break;
            default: take = ir_str_starts(rest, ir_str_n(lit, n)) ? n : 0; break;
            }
            if (take > 0) next[k + take] = true;
        }
        memcpy(at, next, sizeof at);
        i = end;
    }
    return at[value.n];
}

static void check_pattern(struct ir_arena *a, unsigned key, struct ir_str text, struct ir_str value)
{
    struct ir_glob g;
    struct ir_pattern p;
    bool cased = key == CASED || key == CASED + 1;
    char *folded = ir_arena_alloc(a, value.n * 3 + 1);
    if (folded == NULL || !ir_glob_parse(a, text, false, &g)) abort();
    if (key >= WINDASH) ir_glob_windash(&g);
    if (!ir_glob_open(a, &g, key == 1 || key == 3 || key == 5, key == 1 || key == 2 || key == 5) ||
        !ir_pattern_make(a, &g, cased, &p))
        abort();
    if (!cased) value = ir_str_n(folded, ir_fold(value, folded));
    if (ir_pattern_match(&p, value) != slow_match(&g, cased, value)) abort();
}

static void check_rule(struct ir_arena *a, unsigned key, struct ir_str one, struct ir_str two,
                       struct ir_str value)
{
    struct ir_buf yaml = IR_BUF(1 << 16);
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = names ? ir_rules_new(names) : NULL;
    if (rs == NULL) abort();
    ir_buf_fmt(&yaml,
               "title: T\nlogsource: {product: linux}\ndetection:\n  s:\n    '%s':\n      - ",
               keys[key]);
    put_quoted(&yaml, one);
    if (two.p != NULL) {
        ir_buf_str(&yaml, IR_S("\n      - "));
        put_quoted(&yaml, two);
    }
    ir_buf_str(&yaml, IR_S("\n  condition: s\n"));
    ir_rules_add(rs, "fuzz", ir_buf_view(&yaml));
    if (ir_rules_finish(rs, NULL) == IR_OK && ir_rules_count(rs) == 1) {
        struct ir_event *ev = ir_event_new(names, a);
        if (ev == NULL) abort();
        int all = by_event(rs, ev, value, true);
        if (by_event(rs, ev, value, false) != all || by_record(rs, ev, value) != all) abort();
        ir_event_free(ev);
    }
    ir_buf_free(&yaml);
    ir_rules_free(rs);
    ir_names_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    unsigned key = data[0] % NKEYS;
    struct ir_str rest = ir_str_n((const char *)data + 1, size - 1);
    struct ir_str one = ir_str_head(ir_str_cut(&rest, '\n'), PATTERN_MAX), two = {NULL, 0};
    if (rest.n > 0 && ir_str_chr(rest, '\n') != IR_NPOS)
        two = ir_str_head(ir_str_cut(&rest, '\n'), PATTERN_MAX);
    struct ir_str value = ir_str_head(rest.p ? rest : ir_str_n("", 0), VALUE_MAX);
    struct ir_arena arena = IR_ARENA(32 << 20);
    if (key < PLAIN && one.n > 0) check_pattern(&arena, key, one, value);
    check_rule(&arena, key, one, two, value);
    ir_arena_free(&arena);
    return 0;
}
