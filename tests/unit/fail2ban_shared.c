/*
 * fail2ban's sample logs: each line that its filter must match gives the host as an address and the
 * time; a line that it must not match is no failure of an address. Prints the share by filter;
 * over all it must be 98 %, and each line that differs stands in fail2ban_jails.def with its
 * reason. Skips without IR_SHARED.
 */
#include "samples.h"

#define ANCHOR INT64_C(1124020800) /* 2005-08-14T12:00:00Z, as the samples assume */

static const struct {
    const char *file, *format;
} jails[] = {
#define JAIL(file, format) {file, format},
#include "fail2ban_jails.def"
#undef JAIL
};
static const struct {
    const char *file, *text, *why;
} misses[] = {
#define MISS(file, text, why) {file, text, why},
#include "fail2ban_jails.def"
#undef MISS
    {NULL, NULL, NULL},
};

#define JAILS (sizeof jails / sizeof *jails)

static struct ir_str json_value(struct ir_str s, const char *key)
{
    size_t n = 0, at = ir_str_find(s, ir_str_z(key));
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + strlen(key));
    while (s.n > 0 && memchr(" :\"", s.p[0], 3) != NULL)
        s = ir_str_skip(s, 1);
    while (n < s.n && memchr(",\"} ", s.p[n], 4) == NULL)
        n++;
    return ir_str_head(s, n);
}

/* What a line's event says; auditd's events come when it likes. */
struct said {
    char ip[64], domain[256];
    int64_t time;
    uint32_t flags;
    bool failure;
};

static void keep(void *user, struct ir_event *ev)
{
    struct said *s = user;
    struct ir_str ip = ir_event_get(ev, IR_F_SOURCE_IP, 0);
    struct ir_str domain = ir_event_get(ev, IR_F_SOURCE_DOMAIN, 0);
    snprintf(s->ip, sizeof s->ip, "%.*s", IR_FMT(ip));
    snprintf(s->domain, sizeof s->domain, "%.*s", IR_FMT(domain));
    s->time = ev->time;
    s->flags = ev->flags;
    s->failure = ir_str_eq(ir_event_get(ev, IR_F_EVENT_OUTCOME, 0), IR_S("failure"));
}

/* Stamps without a zone are compared as they stand; the others were written for Central Europe. */
static bool time_is(const struct said *s, struct ir_str want)
{
    int64_t ns;
    bool zone;
    if (ir_str_eq(want, IR_S("null")) || want.n == 0) return true;
    if (!(s->flags & IR_EV_TIME) || ir_time_parse_iso(want, &ns, &zone) == 0) return false;
    int64_t ahead = ns / IR_NS - s->time / IR_NS;
    return (s->flags & IR_EV_ZONE_KNOWN) ? ahead == 3600 || ahead == 7200 : ahead == 0;
}

static bool must_match(struct ir_str want)
{
    return ir_str_eq(json_value(want, "\"match\""), IR_S("true"));
}

static bool is_right(const struct said *s, struct ir_str want)
{
    struct ir_str host = json_value(want, "\"host\""), ip = ir_str_z(s->ip);
    if (!must_match(want)) return ip.n == 0 || !s->failure;
    if (!time_is(s, json_value(want, "\"time\""))) return false;
    return host.n == 0 || ir_str_eq(host, IR_S("null")) || ir_str_ieq(ip, host) ||
           (ip.n == 0 && ir_str_ieq(ir_str_z(s->domain), host));
}

static bool is_known_miss(const char *file, struct ir_str line)
{
    for (size_t i = 0; misses[i].file != NULL; i++)
        if (strcmp(file, misses[i].file) == 0 &&
            ir_str_find(line, ir_str_z(misses[i].text)) != IR_NPOS)
            return true;
    return false;
}

static struct said parse(struct lines *t, struct ir_str rec)
{
    const struct ir_format *fmt = t->parser.fmt;
    struct said said = {.time = 0};
    if (rec.n > 0 && rec.p[rec.n - 1] == '\r') rec.n--;
    ir_arena_reset(&t->arena);
    ir_event_begin(t->ev, rec, 0, 1);
    if (fmt->feed != NULL) {
        t->parser.emit = keep;
        t->parser.user = &said;
        fmt->feed(&t->parser, rec, 0, 1, t->ev);
        fmt->flush(&t->parser, t->ev);
    } else {
        ir_parser_record(&t->parser, rec, t->ev, &t->took);
        keep(&said, t->ev);
    }
    return said;
}

/* "# failJSON: {…}" stands before the first line that it is about. */
static unsigned read_jail(const char *path, size_t jail, struct score *score)
{
    struct ir_str bytes = sample_file(path), rest = bytes, said = {NULL, 0};
    static struct ir_peers peers; /* sshd says who it is once for several lines */
    struct lines t;
    unsigned unknown = 0;
    lines_open(&t, jails[jail].format, ANCHOR);
    peers = (struct ir_peers){0};
    t.parser.peers = &peers;
    while (rest.n > 0) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        if (ir_str_starts(line, IR_S("# failJSON:"))) said = line;
        if (line.n == 0 || line.p[0] == '#' || said.p == NULL) continue;
        struct said got = parse(&t, line);
        bool right = is_right(&got, said);
        if (must_match(said)) score_add(score, right);
        if (!right && !is_known_miss(jails[jail].file, line)) {
            unknown++;
            ir_tap_show(jails[jail].file, line);
        }
        said = ir_str_n(NULL, 0);
    }
    lines_close(&t);
    free((char *)bytes.p);
    return unknown;
}

int main(void)
{
    struct score all = {0};
    unsigned unknown = 0;
    glob_t g;
    if (!sample_files("data/fail2ban", "*", &g)) {
        skip("fail2ban's samples are not below IR_SHARED");
        return done();
    }
    for (size_t i = 0; i < g.gl_pathc; i++) {
        const char *file = strrchr(g.gl_pathv[i], '/') + 1;
        struct score score = {0};
        size_t jail = 0;
        while (jail < JAILS && strcmp(file, jails[jail].file) != 0)
            jail++;
        if (jail == JAILS) {
            printf("# no format: %s\n", file);
            continue;
        }
        unknown += read_jail(g.gl_pathv[i], jail, &score);
        printf("# %s: %u of %u lines\n", file, score.good, score.all);
        all.good += score.good;
        all.all += score.all;
    }
    score_ok(&all, "fail2ban: host and time of all filters");
    is_int(unknown, 0, "lines that differ without a reason");
    globfree(&g);
    return done();
}
