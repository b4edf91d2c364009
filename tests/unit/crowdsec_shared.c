/*
 * The parser assertions of CrowdSec's samples: what they say of each line stands in our fields
 * (crowdsec_claims.def). Prints the share by service, which must be 98 % for each; parsers of
 * services that we have no format for are named. Skips without IR_SHARED.
 */
#include "samples.h"

static const struct {
    const char *parser, *service;
} services[] = {
#define SERVICE(parser, service) {parser, service},
#include "crowdsec_claims.def"
#undef SERVICE
};
static const struct {
    const char *key, *fields;
} claims[] = {
#define CLAIM(key, fields) {key, fields},
#include "crowdsec_claims.def"
#undef CLAIM
};
static const struct {
    const char *parser, *key;
} differs[] = {
#define DIFFERS(parser, key, why) {parser, key},
#include "crowdsec_claims.def"
#undef DIFFERS
    {NULL, NULL},
};

#define SERVICES  (sizeof services / sizeof *services)
#define LINES_MAX 4096u

static struct score score[SERVICES];

/* results["s01-parse"]["PARSER"][N].Evt.Parsed["KEY"] == "VALUE" */
struct claim {
    struct ir_str parser, key, value;
    uint64_t n;
};

static bool read_claim(struct ir_str row, struct claim *ret_c)
{
    struct ir_str s = row, number;
    if (!ir_str_starts(s, IR_S("results[\"s00-raw\"]")) && /* containers */
        !ir_str_starts(s, IR_S("results[\"s01-parse\"]")))
        return false;
    s = ir_str_skip(s, ir_str_find(s, IR_S("][\"")) + 3);
    ret_c->parser = ir_str_cut(&s, '"');
    s = ir_str_skip(s, 2);
    number = ir_str_cut(&s, ']');
    bool parsed = ir_str_starts(s, IR_S(".Evt.Parsed[\"")),
         meta = ir_str_starts(s, IR_S(".Evt.Meta[\""));
    if (!ir_str_u64(number, &ret_c->n) || (!parsed && !meta)) return false;
    s = ir_str_skip(s, parsed ? 13 : 11);
    ret_c->key = ir_str_cut(&s, '"');
    if (!ir_str_starts(s, IR_S("] == \"")) || s.n < 7) return false;
    ret_c->value = ir_str_n(s.p + 6, s.n - 7);
    return true;
}

/* \" \\ \n \t undone. */
static struct ir_str unquote(struct ir_str s)
{
    static char out[1 << 16];
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < sizeof out; i++) {
        char c = s.p[i];
        if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            if (c == 'n') c = '\n';
            if (c == 't') c = '\t';
        }
        out[n++] = c;
    }
    while (n > 0 && out[n - 1] == '\n') /* of a container's line */
        n--;
    return ir_str_n(out, n);
}

/* "08/Jun/2020:08:04:43 +0000" (in its zone) or "2022/01/24 16:33:06". */
static bool time_is(const struct lines *t, struct ir_str want)
{
    char text[64];
    struct ir_civil c;
    uint64_t hhmm = 0;
    int64_t ns;
    bool zoned;
    if (ir_time_parse_iso(want, &ns, &zoned) > 0)
        return zoned ? t->ev->time / IR_NS == ns / IR_NS : true;
    bool clf = want.n == 26 && ir_str_u64(ir_str_n(want.p + 22, 4), &hhmm);
    int32_t zone = (int32_t)(hhmm / 100 * 3600 + hhmm % 100 * 60);
    ir_time_to_civil(t->ev->time, clf && want.p[21] == '-' ? -zone : zone, &c);
    if (!clf) {
        snprintf(text, sizeof text, "%04d/%02d/%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                 c.minute, c.second);
        return ir_str_eq(want, ir_str_z(text));
    }
    snprintf(text, sizeof text, "%02d/%.3s/%04d:%02d:%02d:%02d", c.day, want.p + 3, c.year, c.hour,
             c.minute, c.second);
    return ir_month_from_name(ir_str_n(want.p + 3, 3)) == c.month &&
           ir_str_eq(ir_str_head(want, 20), ir_str_z(text));
}

static bool holds(const struct lines *t, const char *fields, struct ir_str want)
{
    struct ir_str rest = ir_str_z(fields);
    bool none = want.n == 0 || ir_str_eq(want, IR_S("-")) || ir_str_eq(want, IR_S("N/A"));
    if (strcmp(fields, "time") == 0) return time_is(t, want);
    while (rest.n > 0) {
        char name[64];
        struct ir_str one = ir_str_cut(&rest, '|');
        snprintf(name, sizeof name, "%.*s", IR_FMT(one));
        struct ir_str got = field_named(t, name);
        if (none ? got.n == 0 : ir_str_ieq(got, want)) return true;
        if (ir_str_eq(one, IR_S("http.version")) && got.n > 0 && ir_str_ends(want, got))
            return true;
        /* of an absolute target CrowdSec's pattern loses "https:" */
        if (ir_str_eq(one, IR_S("url.original")) && ir_str_starts(want, IR_S("//")) &&
            ir_str_starts(got, IR_S("http")) && ir_str_ends(got, want))
            return true;
    }
    return false;
}

static size_t service_of(struct ir_str parser)
{
    size_t i = 0;
    while (i < SERVICES && !ir_str_eq(parser, ir_str_z(services[i].parser)))
        i++;
    return i;
}

static bool is_ours(const struct claim *c)
{
    for (size_t i = 0; differs[i].parser != NULL; i++)
        if (ir_str_eq(c->parser, ir_str_z(differs[i].parser)) &&
            ir_str_eq(c->key, ir_str_z(differs[i].key)))
            return false;
    return true;
}

/* The line itself as its "message", and the kind of file as its "program", claim nothing. */
static bool says_nothing(const struct lines *t, const struct claim *c, struct ir_str want)
{
    if (ir_str_eq(c->key, IR_S("message")))
        return ir_str_eq(ir_str_trim(want), ir_str_trim(t->ev->raw));
    return ir_str_eq(c->key, IR_S("program")) && field(t, IR_F_PROCESS_NAME).n == 0;
}

static void compare(struct lines *t, const struct claim *c, size_t service)
{
    for (size_t k = 0; k < sizeof claims / sizeof *claims; k++) {
        if (!ir_str_eq(c->key, ir_str_z(claims[k].key)) || !is_ours(c)) continue;
        struct ir_str want = unquote(c->value);
        if (says_nothing(t, c, want)) continue;
        bool good = holds(t, claims[k].fields, want);
        score_add(&score[service], good);
        if (good) continue;
        ir_tap_show(claims[k].key, want);
        ir_tap_show("    in", t->ev->raw);
    }
}

struct sample {
    struct ir_str row[LINES_MAX], claims;
    size_t n;
};

/* The asserts name a line by its number among those that their parser was given: the line is the
 * one that holds most of their text, of several the one of that number. */
static struct ir_str row_of(const struct sample *s, const struct claim *of)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct ir_str rest = s->claims;
        struct claim c;
        size_t held = i == of->n;
        while (rest.n > 0) {
            if (!read_claim(ir_str_cut(&rest, '\n'), &c) || c.n != of->n) continue;
            if (!ir_str_eq(c.parser, of->parser)) continue;
            if (c.value.n > 2 && ir_str_find(s->row[i], unquote(c.value)) != IR_NPOS)
                held += c.value.n;
        }
        if (held > most) best = i;
        if (held > most) most = held;
    }
    return s->row[best];
}

/* Names a parser that we have nothing for once, but not those that only read a header. */
static void other(struct ir_str parser)
{
    static char seen[256][64];
    static size_t n;
    if (ir_str_ends(parser, IR_S("syslog-logs")) || ir_str_ends(parser, IR_S("/non-syslog")))
        return;
    for (size_t i = 0; i < n; i++)
        if (ir_str_eq(parser, ir_str_z(seen[i]))) return;
    if (n == sizeof seen / sizeof *seen) return;
    snprintf(seen[n], sizeof seen[n], "%.*s", IR_FMT(parser));
    printf("# no format: %s\n", seen[n++]);
}

static void check(struct lines *t, const char *log, const char *asserts)
{
    static struct sample s;
    struct ir_str text = sample_file(log), rest = text;
    const struct ir_format *fmt = ir_formats_choose(NULL, ir_str_head(text, 65536), NULL);
    struct claim c;
    uint64_t at = UINT64_MAX;
    for (s.n = 0; rest.n > 0 && s.n < LINES_MAX;) {
        s.row[s.n] = ir_str_cut(&rest, '\n');
        if (ir_str_trim(s.row[s.n]).n > 0) s.n++;
    }
    rest = s.claims = sample_file(asserts);
    while (rest.n > 0) {
        if (!read_claim(ir_str_cut(&rest, '\n'), &c)) continue;
        size_t service = service_of(c.parser);
        if (service == SERVICES) {
            other(c.parser);
            continue;
        }
        if (at != c.n) sample_parse_as(t, fmt, row_of(&s, &c));
        at = c.n;
        compare(t, &c, service);
    }
    free((char *)text.p);
    free((char *)s.claims.p);
}

static void print_scores(void)
{
    struct score all = {0};
    for (size_t i = 0; i < SERVICES; i++) {
        struct score one = {0};
        bool first = true;
        for (size_t k = 0; k < SERVICES; k++) {
            if (strcmp(services[i].service, services[k].service) != 0) continue;
            first = first && k >= i;
            one.good += score[k].good;
            one.all += score[k].all;
        }
        if (!first || one.all == 0) continue;
        score_ok(&one, services[i].service);
        all.good += one.good;
        all.all += one.all;
    }
    score_ok(&all, "CrowdSec's assertions of all services");
}

int main(void)
{
    struct lines t;
    glob_t g;
    if (!sample_files("data/crowdsec", "*/parser.assert", &g)) {
        skip("CrowdSec's samples are not below IR_SHARED");
        return done();
    }
    lines_open(&t, "text", 1767225600);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        char pattern[1200];
        glob_t logs;
        int dir = (int)(strrchr(g.gl_pathv[i], '/') - g.gl_pathv[i]);
        snprintf(pattern, sizeof pattern, "%.*s/*.log", dir, g.gl_pathv[i]);
        if (glob(pattern, 0, NULL, &logs) != 0) continue;
        check(&t, logs.gl_pathv[0], g.gl_pathv[i]);
        globfree(&logs);
    }
    print_scores();
    lines_close(&t);
    globfree(&g);
    return done();
}
