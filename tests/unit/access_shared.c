/*
 * The web formats against the real logs below $IR_SHARED, and what other tools' test suites say of
 * them: CrowdSec's parser.assert, fail2ban's failJSON comments, loghub's
 * structured CSV. Not for single cases: those are in access.c, nginx_error.c and apache_error.c.
 */
#include "../tap.h"

#include <dirent.h>

#include "base/time.h"
#include "format/format.h"

#define LINES_MAX 4000

extern const struct ir_format ir_format_access, ir_format_nginx_error, ir_format_apache_error;

static const struct ir_format *const formats[] = {&ir_format_access, &ir_format_nginx_error,
                                                  &ir_format_apache_error};
static struct ir_names *names;
static struct ir_arena arena;
static struct ir_event *ev;

struct text {
    char *bytes;
    struct ir_str line[LINES_MAX];
    size_t n;
};

static struct ir_str slurp(const char *path, char **ret_bytes)
{
    FILE *f = fopen(path, "r");
    size_t cap = 8u << 20, n = 0;
    *ret_bytes = f ? malloc(cap) : NULL;
    if (*ret_bytes != NULL) n = fread(*ret_bytes, 1, cap, f);
    if (f) fclose(f);
    return ir_str_n(*ret_bytes, n);
}

static void read_lines(const char *path, struct text *t)
{
    struct ir_str rest = slurp(path, &t->bytes);
    t->n = 0;
    while (rest.p != NULL && rest.n > 0 && t->n < LINES_MAX) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        t->line[t->n++] = line;
    }
}

static const struct ir_format *parse(struct ir_str rec)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct ir_parser p = {.fmt = formats[i], .names = names};
        ir_arena_reset(&arena);
        ir_event_begin(ev, rec, 0, 1);
        if (formats[i]->parse(&p, rec, ev) == IR_OK) return formats[i];
    }
    return NULL;
}

static struct ir_str get(uint32_t id)
{
    return ir_event_get(ev, id, 0);
}

/* --- CrowdSec ------------------------------------------------------------------------------------
 */

static const struct {
    const char *key;
    uint32_t id; /* IR_F_NONE: has no field of ours */
} keys[] = {
    {"remote_addr", IR_F_SOURCE_ADDRESS},
    {"verb", IR_F_HTTP_METHOD},
    {"request", IR_F_URL_ORIGINAL},
    {"status", IR_F_HTTP_STATUS},
    {"body_bytes_sent", IR_F_HTTP_BODY_BYTES},
    {"bytes_sent", IR_F_HTTP_BYTES},
    {"http_user_agent", IR_F_USER_AGENT},
    {"http_referer", IR_F_HTTP_REFERRER},
    {"http_version", IR_F_HTTP_VERSION},
    {"remote_user", IR_F_USER_NAME},
    {"username", IR_F_USER_NAME},
    {"target_fqdn", IR_F_URL_DOMAIN},
    {"loglevel", IR_F_LOG_LEVEL},
    {"pid", IR_F_PROCESS_PID},
    {"tid", IR_F_PROCESS_THREAD_ID},
    {"message", IR_F_MESSAGE},
    {"scheme", IR_F_URL_SCHEME},
    {"port", IR_F_DESTINATION_PORT},
};

/* \" \\ \n \t in place of a new buffer. */
static struct ir_str unquote(struct ir_str s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            if (c == 'n') c = '\n';
            if (c == 't') c = '\t';
        }
        out[n++] = c;
    }
    return ir_str_n(out, n);
}

/* ev's time as the log has it: "08/Jun/2020:08:04:43 +0000" (with its zone) or "2022/01/24
 * 16:33:06". */
static bool time_is(struct ir_str want)
{
    char text[64];
    struct ir_civil c;
    int32_t zone = 0;
    if (want.n == 26) {
        uint64_t hhmm;
        if (!ir_str_u64(ir_str_n(want.p + 22, 4), &hhmm)) return false;
        zone = (int32_t)(hhmm / 100 * 3600 + hhmm % 100 * 60);
        if (want.p[21] == '-') zone = -zone;
    }
    ir_time_to_civil(ev->time, zone, &c);
    snprintf(text, sizeof text, "%04d/%02d/%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    if (want.n == 19) return ir_str_eq(want, ir_str_z(text));
    snprintf(text, sizeof text, "%02d/%.3s/%04d:%02d:%02d:%02d", c.day, want.p + 3, c.year, c.hour,
             c.minute, c.second);
    return ir_month_from_name(ir_str_n(want.p + 3, 3)) == c.month &&
           ir_str_eq(ir_str_head(want, 20), ir_str_z(text));
}

/* 1: equal. 0: differs. -1: a key without a field. */
static int holds(struct ir_str key, struct ir_str want)
{
    if (ir_str_eq(key, IR_S("time_local")) || ir_str_eq(key, IR_S("time"))) return time_is(want);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!ir_str_eq(key, ir_str_z(keys[i].key))) continue;
        struct ir_str got = get(keys[i].id);
        if (got.n == 0 && (want.n == 0 || ir_str_eq(want, IR_S("-")))) return 1;
        if (ir_str_eq(key, IR_S("target_fqdn")) && !ir_str_eq(got, want))
            got = get(IR_F_DESTINATION_DOMAIN);
        /* of an absolute target CrowdSec's pattern loses "https:" */
        if (ir_str_eq(key, IR_S("request")) && ir_str_starts(want, IR_S("//")))
            return ir_str_starts(got, IR_S("http")) && ir_str_ends(got, want);
        return ir_str_eq(got, want);
    }
    return -1;
}

/* results["s01-parse"]["PARSER"][N].Evt.Parsed["KEY"] == "VALUE" */
static bool read_assert(struct ir_str s, size_t *ret_n, struct ir_str *ret_key,
                        struct ir_str *ret_val)
{
    static const char *const parsers[] = {"crowdsecurity/nginx-logs\"][",
                                          "crowdsecurity/nginx-proxy-manager-logs\"][",
                                          "crowdsecurity/apache2-logs\"]["};
    struct ir_str begin = IR_S("results[\"s01-parse\"][\"");
    if (!ir_str_starts(s, begin)) return false;
    s = ir_str_skip(s, begin.n);
    size_t skip_n = 0;
    for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++)
        if (ir_str_starts(s, ir_str_z(parsers[i]))) skip_n = strlen(parsers[i]);
    if (skip_n == 0) return false;
    struct ir_str number = ir_str_skip(s, skip_n);
    uint64_t n;
    s = number;
    number = ir_str_cut(&s, ']');
    struct ir_str mid = IR_S(".Evt.Parsed[\"");
    if (s.p == NULL || !ir_str_u64(number, &n) || !ir_str_starts(s, mid)) return false;
    s = ir_str_skip(s, mid.n);
    *ret_key = ir_str_cut(&s, '"');
    struct ir_str eq = IR_S("] == \"");
    if (s.p == NULL || !ir_str_starts(s, eq) || s.n < eq.n + 1) return false;
    *ret_val = ir_str_n(s.p + eq.n, s.n - eq.n - 1);
    *ret_n = (size_t)n;
    return true;
}

static struct text logs, asserts;

static void compare_case(const char *name, const char *log, const char *assert_path)
{
    static char buf[65536];
    long checked = 0, wrong = 0;
    read_lines(log, &logs);
    read_lines(assert_path, &asserts);
    for (size_t i = 0; i < asserts.n; i++) {
        size_t n;
        struct ir_str key, val;
        if (!read_assert(asserts.line[i], &n, &key, &val)) continue;
        if (n >= logs.n || val.n > sizeof buf) continue;
        const struct ir_format *f = parse(logs.line[n]);
        int h = f == NULL ? 0 : holds(key, unquote(val, buf));
        if (h < 0) continue;
        checked++;
        if (h == 0 && wrong++ < 5) ir_tap_show("differs", asserts.line[i]);
    }
    if (checked > 0) ok(wrong == 0, "crowdsec %s: %ld asserts, %ld differ", name, checked, wrong);
    free(logs.bytes);
    free(asserts.bytes);
}

static void crowdsec(void)
{
    char root[1024], log[2200], path[2200];
    if (!ir_tap_shared("data/crowdsec", root, sizeof root)) {
        skip("no IR_SHARED: data/crowdsec");
        return;
    }
    DIR *d = opendir(root);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s/config.yaml", root, e->d_name);
        char *bytes;
        struct ir_str rest = slurp(path, &bytes);
        while (rest.p != NULL && rest.n > 0) {
            struct ir_str line = ir_str_cut(&rest, '\n');
            if (!ir_str_starts(line, IR_S("log_file: "))) continue;
            line = ir_str_trim(ir_str_skip(line, 10));
            snprintf(log, sizeof log, "%s/%s/%.*s", root, e->d_name, IR_FMT(line));
            snprintf(path, sizeof path, "%s/%s/parser.assert", root, e->d_name);
            compare_case(e->d_name, log, path);
        }
        free(bytes);
    }
    if (d != NULL) closedir(d);
}

/* --- fail2ban ------------------------------------------------------------------------------------
 */

static struct ir_str json_value(struct ir_str s, const char *key)
{
    size_t at = ir_str_find(s, ir_str_z(key));
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + strlen(key));
    while (s.n > 0 && memchr(" :\"", s.p[0], 3) != NULL)
        s = ir_str_skip(s, 1);
    size_t n = 0;
    while (n < s.n && memchr(",\"} ", s.p[n], 4) == NULL)
        n++;
    return ir_str_head(s, n);
}

/* fail2ban's times are local times of its tests' zone, one or two hours east of UTC, where the log
 * has one. */
static bool f2b_time_is(struct ir_str want)
{
    int64_t ns;
    bool zone;
    if (want.n == 0) return true;
    if (ir_time_parse_iso(want, &ns, &zone) == 0) return false;
    int64_t ahead = (ns - ev->time) / IR_NS;
    return (ev->flags & IR_EV_ZONE_KNOWN) ? ahead == 3600 || ahead == 7200 : ahead == 0;
}

static bool f2b_line(struct ir_str said, struct ir_str line)
{
    bool match = ir_str_eq(json_value(said, "\"match\""), IR_S("true"));
    const struct ir_format *f = parse(line);
    if (f == NULL) return !match;
    bool failure = ir_str_eq(get(IR_F_EVENT_OUTCOME), IR_S("failure"));
    if (!match) return !(failure && get(IR_F_SOURCE_IP).n > 0);
    return failure && f2b_time_is(json_value(said, "\"time\"")) &&
           ir_str_eq(get(IR_F_SOURCE_IP), json_value(said, "\"host\""));
}

static void fail2ban(void)
{
    static const char *const files[] = {
        "nginx-http-auth", "nginx-botsearch",    "nginx-bad-request", "nginx-forbidden",
        "nginx-limit-req", "apache-auth",        "apache-badbots",    "apache-botsearch",
        "apache-noscript", "apache-modsecurity", "apache-nohome",     "apache-overflows",
        "apache-pass",     "apache-shellshock"};
    char rel[256], path[1024];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(rel, sizeof rel, "data/fail2ban/%s", files[i]);
        if (!ir_tap_shared(rel, path, sizeof path)) {
            if (files[i][0] == 'n') skip("no IR_SHARED: data/fail2ban");
            continue;
        }
        long lines = 0, wrong = 0;
        struct ir_str said = {NULL, 0};
        read_lines(path, &logs);
        for (size_t k = 0; k < logs.n; k++) {
            struct ir_str line = logs.line[k];
            if (ir_str_starts(line, IR_S("# failJSON:"))) said = line;
            if (line.n == 0 || line.p[0] == '#' || said.p == NULL) continue;
            lines++;
            if (!f2b_line(said, line) && wrong++ < 5) ir_tap_show("differs", line);
            said = ir_str_n(NULL, 0);
        }
        free(logs.bytes);
        ok(lines > 0 && wrong == 0, "fail2ban %s: %ld lines, %ld differ", files[i], lines, wrong);
    }
}

/* --- loghub -------------------------------------------------------------------------------
 */

static void loghub(void)
{
    char path[1024], text[32];
    long wrong = 0;
    if (!ir_tap_shared("data/loghub/Apache/Apache_2k.log_structured.csv", path, sizeof path)) {
        skip("no IR_SHARED: data/loghub/Apache");
        return;
    }
    read_lines(path, &asserts);
    *strstr(path, "_structured.csv") = '\0';
    read_lines(path, &logs);
    for (size_t i = 0; i < logs.n && i + 1 < asserts.n; i++) {
        struct ir_str row = asserts.line[i + 1], civil;
        ir_str_cut(&row, ',');
        civil = ir_str_cut(&row, ',');
        struct ir_str level = ir_str_cut(&row, ',');
        bool quoted = row.n > 0 && row.p[0] == '"';
        bool good = parse(logs.line[i]) == &ir_format_apache_error;
        struct ir_str content = ir_str_head(ir_str_skip(row, quoted), get(IR_F_MESSAGE).n);
        struct ir_civil c;
        ir_time_to_civil(ev->time, 0, &c);
        snprintf(text, sizeof text, "%02d %02d:%02d:%02d %04d", c.day, c.hour, c.minute, c.second,
                 c.year);
        good = good && ir_str_eq(level, get(IR_F_LOG_LEVEL)) &&
               ir_str_eq(content, get(IR_F_MESSAGE)) && ir_str_ends(civil, ir_str_z(text)) &&
               ir_month_from_name(ir_str_skip(civil, 4)) == c.month;
        char after = row.n > content.n + quoted ? row.p[content.n + quoted] : 0;
        if (after != (quoted ? '"' : ',')) good = false; /* the content must end there as well */
        if (!good && wrong++ < 5) ir_tap_show("differs", logs.line[i]);
    }
    ok(logs.n == 2000 && wrong == 0, "loghub Apache: %zu lines, %ld differ", logs.n, wrong);
    free(logs.bytes);
    free(asserts.bytes);
}

int main(void)
{
    names = ir_names_new();
    arena = IR_ARENA(1 << 20);
    ev = ir_event_new(names, &arena);
    if (!ok(ev != NULL, "event")) return done();
    crowdsec();
    fail2ban();
    loghub();
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return done();
}
