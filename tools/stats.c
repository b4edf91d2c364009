/*
 * ir stats: who, what, when and from where in numbers: records by format, host, program, user,
 * address and hour, log-ons, top talkers, and what each log tells (stats_coverage.h). Tables are
 * bounded (run/tally.h) and say so.
 */
#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "events.h"
#include "report/json_out.h"
#include "report/page.h"
#include "report/row.h"
#include "report/words.h"
#include "run/tally.h"
#include "stats_coverage.h"

#define TOP_TABLE 10u
#define KEY_SEP   '\x1f' /* between the parts of a key */

struct stats_options {
    struct events_options ev;
    uint64_t top;
};

static const char *choice_stats(size_t i)
{
    static const char *const words[] = {"table", "jsonl", NULL};
    return words[i];
}

#define AT(member) offsetof(struct stats_options, member)
static const struct opt stats_opts[] = {
    {"top", 'n', OPT_NUMBER, AT(top), "N", N_("rows of each table (default: 10; jsonl: all)"),
     NULL},
    {"output", 'o', OPT_CHOICE, AT(ev.output), "KIND", N_("table or jsonl (default: table)"),
     choice_stats},
#define EV(member) offsetof(struct stats_options, ev.member)
#include "events.def"
    OPT_END,
};

enum table {
    BY_FORMAT,
    BY_HOST,
    BY_PROGRAM,
    BY_USER,
    BY_SOURCE,
    BY_DESTINATION,
    BY_COUNTRY,
    TALKERS,
    LOGONS,
    TABLES
};

static const struct {
    const char *title, *field[2];
    uint32_t id[2];
} tables[TABLES] = {
    [BY_FORMAT] = {N_("Records by format"), {"ir.format"}, {0}},
    [BY_HOST] = {N_("Records by host"), {"host.name"}, {IR_F_HOST_NAME}},
    [BY_PROGRAM] = {N_("Records by program"), {"process.name"}, {IR_F_PROCESS_NAME}},
    [BY_USER] = {N_("Records by user"), {"user.name"}, {IR_F_USER_NAME}},
    [BY_SOURCE] = {N_("Records by source address"), {"source.ip"}, {IR_F_SOURCE_IP}},
    [BY_DESTINATION] = {N_("Records by destination address"),
                        {"destination.ip"},
                        {IR_F_DESTINATION_IP}},
    [BY_COUNTRY] = {N_("Records by country of the source"),
                    {"source.geo.country_iso_code"},
                    {IR_F_SOURCE_GEO_COUNTRY}},
    [TALKERS] = {N_("Who talks to whom"),
                 {"source.ip", "destination.ip"},
                 {IR_F_SOURCE_IP, IR_F_DESTINATION_IP}},
    [LOGONS] = {N_("Log-ons"), {"user.name", "source.ip"}, {IR_F_USER_NAME, IR_F_SOURCE_IP}},
};

struct stats_job {
    struct events_job job;
    struct ir_tally tally[TABLES];
    struct coverage coverage;
    uint64_t hour[24], records, untimed;
    int64_t first, last;
    int32_t zone_s; /* of the hours */
    bool has_time, failed;
};

static void stats_defaults(void *options, const struct env *env)
{
    (void)env;
    events_defaults(&((struct stats_options *)options)->ev, "table");
}

static void count_time(struct stats_job *s, const struct ir_event *ev)
{
    struct ir_civil c;
    s->records++;
    if (!(ev->flags & IR_EV_TIME)) {
        s->untimed++;
        return;
    }
    ir_time_to_civil(ev->time, s->zone_s, &c);
    if (c.hour >= 0 && c.hour < 24) s->hour[c.hour]++;
    if (!s->has_time || ev->time < s->first) s->first = ev->time;
    if (!s->has_time || ev->time > s->last) s->last = ev->time;
    s->has_time = true;
}

static struct ir_tally_entry *count(struct stats_job *s, enum table t, const struct ir_event *ev,
                                    struct ir_str key)
{
    struct ir_tally_entry *e = ir_tally_add(&s->tally[t], key);
    if (e == NULL) {
        s->failed = true;
        return NULL;
    }
    if (!(ev->flags & IR_EV_TIME)) return e;
    if (!e->timed || ev->time < e->first) e->first = ev->time;
    if (!e->timed || ev->time > e->last) e->last = ev->time;
    e->timed = true;
    return e;
}

static uint64_t number(const struct ir_event *ev, uint32_t id)
{
    uint64_t n;
    return ir_str_u64(ir_row_value(ev, id), &n) && n < UINT64_MAX >> 20 ? n : 0;
}

/* Bytes that the record says went over the network: of both ways where it tells them apart. */
static uint64_t bytes_of(const struct ir_event *ev)
{
    uint64_t n = number(ev, IR_F_NETWORK_BYTES);
    if (n == 0) n = number(ev, IR_F_SOURCE_BYTES) + number(ev, IR_F_DESTINATION_BYTES);
    if (n == 0) n = number(ev, IR_F_HTTP_BYTES);
    return n != 0 ? n : number(ev, IR_F_HTTP_BODY_BYTES);
}

static size_t put_key(char *key, struct ir_str a, struct ir_str b)
{
    const size_t half = IR_TALLY_KEY_MAX / 2 - 1;
    a = ir_str_head(a, half);
    b = ir_str_head(b, half);
    if (a.n > 0) memcpy(key, a.p, a.n);
    key[a.n] = KEY_SEP;
    if (b.n > 0) memcpy(key + a.n + 1, b.p, b.n);
    return a.n + 1 + b.n;
}

/* +1 somebody was let in, -1 refused, 0 the event is about something else. */
static int logon_of(const struct ir_event *ev)
{
    static const char *const words[] = {"login", "logon", "logged-in", "auth"};
    const struct ir_str action = ir_row_value(ev, IR_F_EVENT_ACTION);
    const struct ir_str outcome = ir_row_value(ev, IR_F_EVENT_OUTCOME);
    bool is = ir_str_ieq(ir_row_value(ev, IR_F_EVENT_CATEGORY), IR_S("authentication"));
    for (size_t i = 0; !is && i < sizeof words / sizeof *words; i++)
        is = ir_str_ifind(action, ir_str_z(words[i])) != IR_NPOS;
    if (!is) return 0;
    return ir_str_ieq(outcome, IR_S("success")) - ir_str_ieq(outcome, IR_S("failure"));
}

static void count_pairs(struct stats_job *s, const struct ir_event *ev, struct ir_str user,
                        struct ir_str source, struct ir_str destination)
{
    char key[IR_TALLY_KEY_MAX];
    const int logon = logon_of(ev);
    struct ir_tally_entry *e;
    if (source.n > 0) {
        e = count(s, TALKERS, ev, ir_str_n(key, put_key(key, source, destination)));
        if (e != NULL) e->bytes += bytes_of(ev);
    }
    if (logon == 0) return;
    e = count(s, LOGONS, ev, ir_str_n(key, put_key(key, user, source)));
    if (e == NULL) return;
    e->success += logon > 0 ? ev->weight : 0;
    e->failure += logon < 0 ? ev->weight : 0;
}

static int on_event(void *user, const struct ir_event *ev, const char *path, const char *format)
{
    struct stats_job *s = user;
    struct ir_str v[TABLES] = {0};
    if (!events_in_time(&s->job, ev)) return 0;
    count_time(s, ev);
    if (!coverage_add(&s->coverage, ev, path)) s->failed = true;
    v[BY_FORMAT] = ir_str_z(format);
    for (unsigned t = BY_HOST; t <= BY_COUNTRY; t++)
        v[t] = ir_row_value(ev, tables[t].id[0]);
    for (unsigned t = BY_FORMAT; t <= BY_COUNTRY; t++)
        if (v[t].n > 0) count(s, t, ev, v[t]);
    count_pairs(s, ev, v[BY_USER], v[BY_SOURCE], v[BY_DESTINATION]);
    return s->failed ? 1 : 0;
}

/* The parts of an entry's key; the second is empty where there is one only. */
static void parts(enum table t, struct ir_str key, struct ir_str part[2])
{
    part[0] = key;
    part[1] = ir_str_n("", 0);
    if (tables[t].field[1] == NULL) return;
    size_t at = ir_str_rchr(key, KEY_SEP); /* an address has none; a user's name may */
    part[0] = ir_str_head(key, at);
    part[1] = ir_str_skip(key, at + 1);
}

static void jsonl_entry(struct ir_buf *out, enum table t, const struct ir_tally_entry *e)
{
    struct ir_str part[2];
    bool first = true;
    parts(t, e->key, part);
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", IR_S("stat"));
    ir_out_text(out, &first, "table",
                ir_str_z(t == LOGONS    ? "logons"
                         : t == TALKERS ? "talkers"
                                        : tables[t].field[0]));
    for (unsigned i = 0; i < 2; i++)
        if (part[i].n > 0) ir_out_text(out, &first, tables[t].field[i], part[i]);
    ir_out_u64(out, &first, "records", e->n);
    ir_out_u64(out, &first, "missed_at_most", e->missed);
    if (t == LOGONS) {
        ir_out_u64(out, &first, "success", e->success);
        ir_out_u64(out, &first, "failure", e->failure);
    }
    if (t == TALKERS) ir_out_u64(out, &first, "bytes", e->bytes);
    ir_out_time(out, &first, "first", e->timed, e->first);
    ir_out_time(out, &first, "last", e->timed, e->last);
    ir_buf_add(out, "}\n", 2);
}

static void jsonl_summary(struct ir_buf *out, const struct stats_job *s)
{
    bool first = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", IR_S("summary"));
    ir_out_u64(out, &first, "records", s->records);
    ir_out_u64(out, &first, "untimed", s->untimed);
    ir_out_u64(out, &first, "damaged", s->job.result.damaged);
    ir_out_u64(out, &first, "unrecognised", s->job.result.unrecognised);
    ir_out_u64(out, &first, "unreadable", s->job.result.unreadable);
    ir_out_time(out, &first, "first", s->has_time, s->first);
    ir_out_time(out, &first, "last", s->has_time, s->last);
    ir_buf_str(out, IR_S(",\"hours_utc\":["));
    for (unsigned i = 0; i < 24; i++)
        ir_buf_fmt(out, "%s%llu", i ? "," : "", (unsigned long long)s->hour[i]);
    ir_buf_str(out, IR_S("]}\n"));
}

static void number_cell(struct ir_buf *out, uint64_t n, int width)
{
    struct ir_buf text = IR_BUF(64);
    ir_page_number(&text, n);
    ir_buf_fmt(out, "%*s", width, text.p != NULL ? text.p : "0");
    ir_buf_free(&text);
}

static void who(struct ir_buf *out, enum table t, const struct ir_str part[2])
{
    struct ir_buf name[2] = {IR_BUF(1 << 12), IR_BUF(1 << 12)};
    ir_visible(&name[0], part[0].n > 0 ? part[0] : ir_intl_str(N_("(none)")), 60);
    ir_visible(&name[1], part[1], 60);
    const char *a = name[0].p != NULL ? name[0].p : "", *b = name[1].p != NULL ? name[1].p : "";
    if (part[1].n == 0)
        ir_buf_str(out, ir_str_z(a));
    else if (t == LOGONS)
        ir_buf_fmt(out, _("%1$s from %2$s"), a, b);
    else
        ir_buf_fmt(out, _("%1$s to %2$s"), a, b);
    ir_buf_free(&name[0]);
    ir_buf_free(&name[1]);
}

static void table_entry(struct ir_buf *out, enum table t, const struct ir_tally_entry *e,
                        const struct ir_write_options *w)
{
    struct ir_str part[2];
    struct ir_buf text = IR_BUF(1 << 14);
    parts(t, e->key, part);
    ir_buf_add(out, "  ", 2);
    if (t == LOGONS) {
        number_cell(out, e->success, 11);
        number_cell(out, e->failure, 11);
    } else {
        number_cell(out, e->n, 13);
    }
    if (t == TALKERS) number_cell(out, e->bytes, 18);
    ir_buf_add(out, "  ", 2);
    who(&text, t, part);
    if (e->missed > 0) ir_buf_fmt(&text, _(" (or up to %llu more)"), (unsigned long long)e->missed);
    if (t == LOGONS && e->timed) {
        ir_buf_str(&text, ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_page_period(&text, e->first, e->last, w);
    }
    const size_t column = t == LOGONS ? 26 : t == TALKERS ? 35 : 17; /* as wide as the numbers */
    ir_wrap(out, ir_buf_view(&text), column, column + 2, w->columns);
    ir_buf_chr(out, '\n');
    ir_buf_free(&text);
}

static void one_table(struct stats_job *s, enum table t, uint64_t top)
{
    struct ir_buf *out = &s->job.sink.buf;
    struct ir_tally *ta = &s->tally[t];
    struct ir_buf all = IR_BUF(1 << 10);
    if (ta->n == 0) return;
    if (ta->let_go > 0)
        ir_page_plural(&all, ta->n, "%s kept of more, rare ones were let go",
                       "%s kept of more, rare ones were let go");
    else
        ir_page_plural(&all, ta->n, "%s in all", "%s in all");
    ir_buf_fmt(out, _("\n%1$s (%2$s)"), _(tables[t].title), all.p != NULL ? all.p : "");
    ir_buf_free(&all);
    if (t == LOGONS) ir_buf_str(out, ir_intl_str(N_(": success, failure")));
    if (t == TALKERS) ir_buf_str(out, ir_intl_str(N_(": records, bytes")));
    ir_buf_chr(out, '\n');
    for (uint32_t i = 0; i < ta->n && i < top; i++)
        table_entry(out, t, &ta->entry[i], &s->job.write);
}

static void hours(struct stats_job *s)
{
    struct ir_buf *out = &s->job.sink.buf;
    uint64_t most = 1;
    ir_buf_fmt(out, "\n%s\n", _("Records by hour of the day"));
    for (unsigned i = 0; i < 24; i++)
        if (s->hour[i] > most) most = s->hour[i];
    for (unsigned i = 0; i < 24; i++) {
        ir_buf_fmt(out, "  %02u:00", i);
        number_cell(out, s->hour[i], 13);
        if (s->hour[i] > 0) ir_buf_add(out, "  ", 2);
        for (uint64_t k = 0; s->hour[i] > 0 && k < 1 + s->hour[i] * 39 / most; k++)
            ir_buf_chr(out, '#');
        ir_buf_chr(out, '\n');
    }
}

static void print_table(struct stats_job *s, uint64_t top)
{
    struct ir_buf *out = &s->job.sink.buf;
    ir_page_plural(out, s->records, "%s record", "%s records");
    if (s->has_time) {
        ir_buf_str(out, ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_page_period(out, s->first, s->last, &s->job.write);
    }
    if (s->untimed > 0) {
        ir_page_plural(out, s->untimed, ", without a time: %s", ", without a time: %s");
    }
    ir_buf_chr(out, '\n');
    for (unsigned t = 0; t < TABLES; t++)
        one_table(s, t, top > 0 ? top : TOP_TABLE);
    coverage_table(&s->coverage, out, top > 0 ? top : TOP_TABLE, &s->job.write);
    hours(s);
}

static void print_jsonl(struct stats_job *s, uint64_t top)
{
    for (unsigned t = 0; t < TABLES; t++)
        for (uint32_t i = 0; i < s->tally[t].n && (top == 0 || i < top); i++) {
            jsonl_entry(&s->job.sink.buf, t, &s->tally[t].entry[i]);
            if (!sink_drain(&s->job.sink)) return;
        }
    for (uint32_t i = 0; i < s->coverage.map.n && (top == 0 || i < top); i++) {
        coverage_jsonl(&s->coverage, &s->job.sink.buf, i);
        if (!sink_drain(&s->job.sink)) return;
    }
    jsonl_summary(&s->job.sink.buf, s);
}

static int stats_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct stats_options *o = options;
    const bool json = strcmp(o->ev.output, "jsonl") == 0;
    struct stats_job s = {.zone_s = json ? 0 : env->zone_s};
    int status = events_open(&s.job, cmd, &o->ev, operands, env);
    if (status == IR_EXIT_OK) {
        s.job.po.event = on_event;
        s.job.po.user = &s;
        s.job.po.known_fields = true;
        status = events_read(&s.job, operands);
        for (unsigned t = 0; t < TABLES; t++)
            ir_tally_sort(&s.tally[t]);
        if (json)
            print_jsonl(&s, o->top);
        else
            print_table(&s, o->top);
        if (s.failed) {
            say(cmd, _("cannot go on: out of memory"));
            status = IR_EXIT_FAILED;
        }
    }
    for (unsigned t = 0; t < TABLES; t++)
        ir_tally_free(&s.tally[t]);
    coverage_free(&s.coverage);
    return events_close(&s.job, status);
}

const struct cmd cmd_stats = {
    .name = "stats",
    .operands = "PATH…",
    .brief = N_("Count records by host, program, user, address and hour"),
    .about = N_(
        "PATH is a file, a directory with everything below it, a quoted glob, or - for stdin.\n"
        "Log-ons are told by user and address, with successes and failures. Counts are exact up\n"
        "to 32768 values of a table; beyond that each says how many it may lack.\n\n"
        "Exit status: 0, or 3 when some input was unreadable or damaged."),
    .opts = stats_opts,
    .size = sizeof(struct stats_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = stats_defaults,
    .run = stats_run,
};
