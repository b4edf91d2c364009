/*
 * The rows of the tables in tests/sigma: what a rule must say about an event. Each row is one rule
 * and one event; ir_match_rule, ir_match_event with the prefilter and without, and, for lines of
 * text, the search of the raw bytes must all agree with the row. The format of a row is told in the
 * files. Documents that must load or fail as a whole: sigma_load.c. Correlations: sigma_corr.c.
 */
#include <dirent.h>

#include "sigma_test.h"

#define VALUES                                                                                     \
    "placeholders:\n  Admins: [root, 'adm*', 'Frau Müller']\n  One: single\n  Hosts: [srv1, "     \
    "srv2]\n"                                                                                      \
    "  Percent: '50%x%'\n  None: []\n  Unset:\n  Path: 'C:\\Temp'\n  Number: 7\n"

/* The prefilter is made when a log source has been seen this often. */
#define EVENTS 64

struct row {
    struct ir_str name, logsource, detection, event, want;
    bool plain_source; /* neither the rule nor the event tells a log source: both get `windows` */
};

static bool read_row(struct ir_str line, struct row *r)
{
    struct ir_str *col[] = {&r->name, &r->logsource, &r->detection, &r->event, &r->want};
    for (int i = 0; i < 5; i++) {
        size_t at = ir_str_find(line, IR_S(";;"));
        *col[i] = ir_str_trim(ir_str_head(line, at));
        if ((at == IR_NPOS) != (i == 4)) return false;
        line = ir_str_skip(line, at == IR_NPOS ? line.n : at + 2);
    }
    r->plain_source = ir_str_eq(r->logsource, IR_S("-"));
    return true;
}

/* category/product/service, empty parts left out of the rule. */
static void put_logsource(struct ir_buf *b, struct ir_str ls)
{
    static const char *const part[] = {"category", "product", "service"};
    for (int i = 0; i < 3; i++) {
        struct ir_str v = ir_str_cut(&ls, '/');
        if (v.n > 0) ir_buf_fmt(b, "    %s: %.*s\n", part[i], IR_FMT(v));
    }
}

/* A detection without a condition of its own is the one selection. */
static void make_rule(const struct row *r, struct ir_buf *b)
{
    ir_buf_str(b, IR_S("title: T\nid: t\nlogsource:\n"));
    put_logsource(b, r->plain_source ? IR_S("/windows/") : r->logsource);
    bool whole = ir_str_find(r->detection, IR_S("condition:")) != IR_NPOS;
    ir_buf_str(b, IR_S("detection:"));
    ir_buf_str(b, whole ? IR_S(" ") : IR_S("\n    s: "));
    ir_buf_str(b, r->detection);
    ir_buf_str(b, whole ? IR_S("\n") : IR_S("\n    condition: s\n"));
}

static enum ir_logsource_id source_by_name(struct ir_str name)
{
    static const char *const names[] = {
        "",
#define LOGSOURCE(id, category, product, service) #id,
#include "event/logsources.def"
#undef LOGSOURCE
    };
    for (unsigned i = 1; i < IR_LS_MAX; i++)
        if (ir_str_eq(name, ir_str_z(names[i]))) return (enum ir_logsource_id)i;
    return IR_LS_NONE;
}

/* "@SOURCE {json}" adds a log source, "text:" takes the rest as a line of text (\xNN, \n, \t are
 * bytes), else the JSON record tells what it is. */
static bool make_event(struct world *w, const struct row *r)
{
    struct ir_str text = r->event;
    enum ir_logsource_id extra = r->plain_source ? IR_LS_WINDOWS : IR_LS_NONE;
    if (ir_str_starts(text, IR_S("@"))) {
        text = ir_str_skip(text, 1);
        extra = source_by_name(ir_str_cut(&text, ' '));
        if (extra == IR_LS_NONE) return false;
    }
    char *copy = ir_arena_alloc(&w->arena, text.n + 1);
    size_t n = 0;
    bool line = ir_str_starts(text, IR_S("text:"));
    for (size_t i = line ? 5 : 0; i < text.n; i++) {
        bool hex = text.p[i] == '\\' && i + 3 < text.n && text.p[i + 1] == 'x' &&
                   ir_hexval(text.p[i + 3]) >= 0;
        if (hex && ir_hexval(text.p[i + 2]) >= (line ? 0 : 8)) {
            copy[n++] = (char)(ir_hexval(text.p[i + 2]) * 16 + ir_hexval(text.p[i + 3]));
            i += 3;
        } else {
            copy[n++] = text.p[i];
        }
    }
    ir_event_begin(w->ev, ir_str_n(copy, n), 0, 1);
    if (line)
        w->ev->raw_keywords = w->ev->verbatim = true;
    else if (parse_json(w, w->ev->raw) != IR_OK)
        return false;
    if (extra != IR_LS_NONE) ir_event_source(w->ev, extra);
    return true;
}

static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    (void)view;
    if (rule == 0) ++*(int *)user;
}

static int by_event(struct world *w, const struct row *r, bool no_prefilter, uint64_t *ret_limits)
{
    struct ir_matcher *m = ir_matcher_new(w->rules, no_prefilter);
    int hits = 0;
    if (m == NULL || !make_event(w, r)) return -1;
    ir_match_event(m, w->ev, on_hit, &hits);
    *ret_limits = ir_matcher_regex_limits(m);
    for (int i = 1; i < EVENTS; i++)
        ir_match_event(m, w->ev, on_hit, &hits);
    ir_matcher_free(m);
    return hits % EVENTS == 0 ? hits / EVENTS : -1;
}

/* As the engine does with formats that are searched before they are parsed. */
static int by_record(struct world *w, const struct row *r)
{
    struct ir_matcher *m = ir_matcher_new(w->rules, false);
    const struct ir_literal_hit *lit;
    size_t n;
    int hits = 0;
    if (m == NULL || !make_event(w, r)) return -1;
    const struct ir_view *v = &w->ev->views[0];
    const struct ir_group *g =
        ir_matcher_group(m, &(struct ir_group_key){.sources = v->sources, .n = v->nsources});
    if (g == NULL || !ir_match_scan(m, g, w->ev->raw, &lit, &n))
        hits = -1;
    else if (n > 0 || ir_matcher_must_parse(m, g))
        ir_match_record(m, g, w->ev, lit, n, on_hit, &hits);
    ir_matcher_free(m);
    return hits;
}

static void check_match(struct world *w, const struct row *r)
{
    uint64_t limits = 0, limits_all = 0;
    bool limit = ir_str_eq(r->want, IR_S("limit"));
    int want = ir_str_eq(r->want, IR_S("yes"));
    int fast = by_event(w, r, false, &limits), slow = by_event(w, r, true, &limits_all);
    int record = w->ev->raw_keywords ? by_record(w, r) : want;
    struct ir_matcher *m = ir_matcher_new(w->rules, false);
    /* a log source that does not fit is no matter of the detection */
    int rule = slow;
    if (m != NULL && (want || r->plain_source)) {
        rule = 0;
        for (uint32_t v = 0; v < w->ev->nviews; v++)
            rule |= ir_match_rule(m, w->ev, 0, v);
    }
    ir_matcher_free(m);
    bool good = fast == want && slow == want && rule == want && record == want;
    if (limit) good = good && limits_all > 0;
    if (!ok(good, "%.*s", IR_FMT(r->name)))
        printf("# want %.*s; prefilter %d, without %d, rule alone %d, record %d, limits %d\n",
               IR_FMT(r->want), fast, slow, rule, record, (int)limits_all);
}

static void check_row(const struct row *r)
{
    struct world w;
    struct ir_buf yaml = IR_BUF(1 << 20);
    make_rule(r, &yaml);
    bool error = ir_str_starts(r->want, IR_S("error:"));
    bool waits = ir_str_starts(r->want, IR_S("waits:"));
    if (!world_open(&w)) return;
    ir_rules_values(w.rules, "values", IR_S(VALUES), NULL);
    ir_rules_add(w.rules, "case", ir_buf_view(&yaml));
    if (!world_ready(&w)) return;
    const char *reason =
        ir_rules_nfailures(w.rules) > 0 ? ir_rules_failure(w.rules, 0)->reason : NULL;
    if (error) {
        struct ir_str part = ir_str_trim(ir_str_skip(r->want, 6));
        if (!ok(reason != NULL && ir_str_find(ir_str_z(reason), part) != IR_NPOS, "%.*s",
                IR_FMT(r->name)))
            printf("# want '%.*s', got '%s'\n", IR_FMT(part), reason ? reason : "no error");
    } else if (reason != NULL || ir_rules_count(w.rules) != 1) {
        ok(false, "%.*s", IR_FMT(r->name));
        printf("# does not load: %s\n", reason ? reason : "no rule");
    } else if (waits) {
        uint64_t limits;
        struct ir_str names = ir_rules_info(w.rules, 0)->waits;
        if (!ok(ir_str_eq(names, ir_str_skip(r->want, 6)) && by_event(&w, r, false, &limits) == 0 &&
                    by_event(&w, r, true, &limits) == 0,
                "%.*s", IR_FMT(r->name)))
            printf("# waits for '%.*s'\n", IR_FMT(names));
    } else {
        check_match(&w, r);
    }
    ir_buf_free(&yaml);
    world_close(&w);
}

static void check_line(const char *path, unsigned number, struct ir_str line)
{
    struct row r;
    line = ir_str_trim(line);
    if (line.n == 0 || line.p[0] == '#') return;
    if (!read_row(line, &r))
        ok(false, "%s:%u is no row of five columns", path, number);
    else
        check_row(&r);
}

/* before NAME after, with one of these characters on either side. */
static bool named(struct ir_str text, const char *before, struct ir_str name, const char *after)
{
    for (size_t at; (at = ir_str_find(text, name)) != IR_NPOS; text = ir_str_skip(text, at + 1)) {
        size_t end = at + name.n;
        if (at > 0 && end < text.n && strchr(before, text.p[at - 1]) && strchr(after, text.p[end]))
            return true;
    }
    return false;
}

/* What the lists of the loader name must stand in some row. */
static void check_lists(struct ir_str text)
{
    static const char *const modifiers[] = {
#define MODIFIER(name, id) name,
#include "rules/modifiers.def"
#undef MODIFIER
    };
    static const char *const fields[] = {
#define ALIAS(scope, product, sigma, ours) sigma,
#include "rules/aliases.def"
#undef ALIAS
    };
    for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++)
        ok(named(text, "|", ir_str_z(modifiers[i]), "|:'"), "some row has the modifier %s",
           modifiers[i]);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (i > 0 && strcmp(fields[i], fields[i - 1]) == 0) continue;
        ok(named(text, "{ '", ir_str_z(fields[i]), "|:'"), "some row has the field %s", fields[i]);
    }
}

static int is_cases(const struct dirent *d)
{
    return ir_str_ends(ir_str_z(d->d_name), IR_S(".cases"));
}

int main(void)
{
    struct dirent **list;
    int n = scandir("tests/sigma", &list, is_cases, alphasort);
    struct ir_buf all = IR_BUF(1 << 24);
    ok(n > 0, "there are tables in tests/sigma");
    for (int i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "tests/sigma/%s", list[i]->d_name);
        struct ir_buf text = IR_BUF(1 << 22);
        ok(slurp(path, &text), "%s can be read", path);
        struct ir_str rest = ir_buf_view(&text);
        ir_buf_str(&all, rest);
        for (unsigned number = 1; rest.p != NULL && rest.n > 0; number++)
            check_line(list[i]->d_name, number, ir_str_cut(&rest, '\n'));
        ir_buf_free(&text);
        free(list[i]);
    }
    free(list);
    check_lists(ir_buf_view(&all));
    ir_buf_free(&all);
    return done();
}
