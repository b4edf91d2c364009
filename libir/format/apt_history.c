/*
 * apt's history.log and term.log. Documents: apt.conf(5), Dir::Log; apt's apt-pkg/deb/dpkgpm.cc.
 *
 *     Start-Date: 2026-11-22  01:02:03             Log started: 2026-11-22  01:02:03
 *     Commandline: apt install nmap                Selecting previously unselected package nmap.
 *     Requested-By: mori (1000)                    …
 *     Install: nmap:amd64 (7.93)                   Log ended: 2026-11-22  01:02:09
 *     End-Date: 2026-11-22  01:02:09
 *
 * A run is one record. The command line is the user's words, on one line.
 */
#include "base/time.h"
#include "format/records.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define START   IR_S("Start-Date: ")
#define STARTED IR_S("Log started: ")
#define RUN_MAX ((size_t)4 << 20) /* a run without an end must not swallow the log */

static bool starts_run(struct ir_str s)
{
    return ir_str_starts(s, START) || ir_str_starts(s, STARTED);
}

/* Bytes of the run at the start of s: until the next one begins; IR_NPOS: it needs more. */
static size_t run_length(struct ir_str s, bool last)
{
    size_t at = 0;
    while (at < RUN_MAX) {
        size_t nl = ir_str_chr(ir_str_skip(s, at), '\n');
        if (nl == IR_NPOS) return last ? s.n : IR_NPOS;
        at += nl + 1;
        struct ir_str rest = ir_str_skip(s, at);
        if (!last && rest.n < STARTED.n) return IR_NPOS;
        if (starts_run(rest) || (at > 0 && !starts_run(s))) return at;
    }
    return at;
}

static size_t cut(struct ir_str data, bool last)
{
    return ir_records_cut(data, last, run_length);
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    return ir_records_next(rest, ret_rec, run_length);
}

/* "2026-11-22  01:02:03" */
static bool date(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    static const char shape[] = "dddd-dd-dd  dd:dd:dd";
    int v[6] = {0}, k = 0;
    int64_t ns;
    if (s.n < sizeof shape - 1) return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (shape[i] == 'd' ? !ir_isdigit(s.p[i]) : s.p[i] != shape[i]) return false;
        if (shape[i] == 'd') v[k] = v[k] * 10 + s.p[i] - '0';
        if (shape[i] != 'd' && shape[i + 1] == 'd') k++;
    }
    struct ir_civil c = {v[0], v[1], v[2], v[3], v[4], v[5], 0};
    if (!ir_clock_civil(clock, &c, &ns)) return false;
    ir_event_time(ev, ns, 0);
    return true;
}

/* "mori (1000)" */
static void requester(struct ir_str s, struct ir_event *ev)
{
    size_t open = ir_str_rfind(s, IR_S(" ("));
    if (open == IR_NPOS || s.p[s.n - 1] != ')') return;
    ir_web_set(ev, IR_F_USER_NAME, ir_str_head(s, open));
    ir_web_number(ev, IR_F_USER_ID, ir_str_n(s.p + open + 2, s.n - open - 3));
}

static const struct {
    struct ir_str key;
    const char *action;
} verbs[] = {{IR_S("Install"), "install"},     {IR_S("Upgrade"), "upgrade"},
             {IR_S("Remove"), "remove"},       {IR_S("Purge"), "purge"},
             {IR_S("Downgrade"), "downgrade"}, {IR_S("Reinstall"), "reinstall"}};

static void member(struct ir_str key, struct ir_str value, struct ir_event *ev)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!ir_str_eq(key, verbs[i].key)) continue;
        if (ir_event_first(ev, IR_F_EVENT_ACTION, 0) == IR_NOFIELD)
            ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(verbs[i].action));
    }
    if (ir_str_eq(key, IR_S("Commandline"))) ir_event_set(ev, IR_F_PROCESS_COMMAND_LINE, value);
    if (ir_str_eq(key, IR_S("Requested-By"))) requester(value, ev);
    if (ir_str_eq(key, IR_S("Error"))) {
        ir_event_set(ev, IR_F_ERROR_MESSAGE, value);
        ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
    }
    ir_event_add_named(ev, key, IR_V_STRING, value);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str rest = rec, value = ir_str_cut(&rest, '\n');
    bool term = ir_str_starts(value, STARTED);
    if (!term && !ir_str_starts(value, START)) return IR_BAD;
    value = ir_str_skip(value, term ? STARTED.n : START.n);
    if (!date(value, &p->clock, ev)) return IR_BAD;
    ir_event_source(ev, IR_LS_LINUX_PACKAGES);
    ir_event_source(ev, IR_LS_LINUX);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    while (!term && rest.n > 0) {
        value = ir_str_cut(&rest, '\n');
        if (value.n > 0 && value.p[value.n - 1] == '\r') value.n--;
        struct ir_str key = ir_str_cut(&value, ':');
        if (value.p != NULL) member(key, ir_str_trim(value), ev);
    }
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return starts_run(ir_records_skip_blank(head)) ? 95 : 0;
}

const struct ir_format ir_format_apt_history = {
    .name = "apt_history",
    .title = N_("apt's history and terminal log"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
