/*
 * From the fields of a journal entry to an event: see journal.h. Fields whose names begin with an
 * underscore were added by journald and cannot be forged by a program; MESSAGE, SYSLOG_IDENTIFIER
 * and the like are the program's own words, as in syslog.
 */
#include "format/journal.h"

#include "base/json.h"
#include "base/time.h"
#include "format/syslog.h"

enum ir_journal_slot ir_journal_slot(struct ir_str name)
{
    static const struct ir_str names[] = {
#define SLOT(id, name) IR_S(name),
#include "format/journal_fields.def"
#undef SLOT
    };
    if (name.n < 4 || name.n > 26 || (name.p[0] != '_' && (name.p[0] < 'A' || name.p[0] > 'Z')))
        return IR_JN_MAX;
    for (unsigned i = 0; i < IR_JN_MAX; i++)
        if (names[i].n == name.n && memcmp(names[i].p, name.p, name.n) == 0)
            return (enum ir_journal_slot)i;
    return IR_JN_MAX;
}

static bool has(const struct ir_journal *j, enum ir_journal_slot slot)
{
    return (j->set >> slot & 1) != 0;
}

bool ir_journal_is(const struct ir_journal *j)
{
    if (!has(j, IR_JN_MESSAGE) && !has(j, IR_JN_REALTIME)) return false;
    return has(j, IR_JN_REALTIME) || has(j, IR_JN_BOOT_ID) || has(j, IR_JN_MACHINE_ID) ||
           has(j, IR_JN_TRANSPORT);
}

static struct ir_str get(struct ir_journal *j, enum ir_journal_slot slot, struct ir_event *ev)
{
    const uint32_t bit = UINT32_C(1) << slot;
    if (!(j->set & bit)) return ir_str_n(NULL, 0);
    struct ir_str v = j->v[slot];
    if (!(j->escaped & bit)) return v;
    char *out = ir_arena_alloc(ev->arena, v.n + 1);
    if (out == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return ir_str_n(NULL, 0);
    }
    j->escaped &= ~bit;
    return j->v[slot] = ir_str_n(out, ir_json_unescape(v, out));
}

bool ir_journal_time(struct ir_str usec, int64_t *ret_ns)
{
    uint64_t v;
    if (!ir_str_u64(usec, &v) || v > (uint64_t)INT64_MAX / 1000) return false;
    *ret_ns = (int64_t)v * 1000;
    return true;
}

static void set_time(struct ir_journal *j, struct ir_event *ev)
{
    int64_t ns;
    if (ir_journal_time(get(j, IR_JN_REALTIME, ev), &ns) ||
        (!(ev->flags & IR_EV_TIME) && ir_journal_time(get(j, IR_JN_SOURCE_REALTIME, ev), &ns)))
        ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
    else if (has(j, IR_JN_REALTIME) && !(ev->flags & IR_EV_TIME))
        ir_event_damage(ev, "a journal time that is no number");
}

static void add(struct ir_event *ev, enum ir_field_id id, struct ir_str v)
{
    if (v.n > 0 && ir_event_first(ev, id, 0) == IR_NOFIELD) ir_event_set(ev, id, v);
}

/* Facility and severity under their names. */
static void set_levels(struct ir_journal *j, struct ir_syslog *h, struct ir_event *ev)
{
    uint64_t facility, priority;
    if (ir_str_u64(get(j, IR_JN_FACILITY, ev), &facility) && facility < 24) {
        h->facility = ir_syslog_facility((unsigned)facility * 8);
        h->pri_names = true;
    }
    if (!ir_str_u64(get(j, IR_JN_PRIORITY, ev), &priority) || priority > 7) return;
    h->severity = ir_syslog_severity((unsigned)priority);
    if (h->facility.n == 0) ir_event_derive(ev, IR_F_LOG_SEVERITY, h->severity);
}

/* Line ends that the program wrote are part of its message, but not at its end. */
static struct ir_str without_line_end(struct ir_str s)
{
    while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

void ir_journal_finish(struct ir_parser *p, struct ir_journal *j, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p, .tag = get(j, IR_JN_IDENTIFIER, ev)};
    set_time(j, ev);
    h.host = get(j, IR_JN_HOSTNAME, ev);
    if (h.tag.n == 0) h.tag = get(j, IR_JN_COMM, ev);
    if (h.tag.n == 0 && ir_str_eq(get(j, IR_JN_TRANSPORT, ev), IR_S("kernel")))
        h.tag = IR_S("kernel");
    h.pid = get(j, IR_JN_PID, ev);
    if (h.pid.n == 0) h.pid = get(j, IR_JN_SYSLOG_PID, ev);
    h.msg = without_line_end(get(j, IR_JN_MESSAGE, ev));
    if (h.msg.p == NULL) h.msg = ir_str_n("", 0);
    set_levels(j, &h, ev);
    ir_syslog_message(p, &h, ev);
    add(ev, IR_F_PROCESS_EXECUTABLE, get(j, IR_JN_EXE, ev));
    add(ev, IR_F_PROCESS_COMMAND_LINE, get(j, IR_JN_CMDLINE, ev));
    struct ir_str login = get(j, IR_JN_LOGINUID, ev);
    if (!ir_str_eq(login, IR_S("4294967295"))) add(ev, IR_F_USER_AUDIT_ID, login);
    /* the process's own user is nobody's doing when the message names one */
    if (ir_event_first(ev, IR_F_USER_NAME, 0) == IR_NOFIELD)
        add(ev, IR_F_USER_ID, get(j, IR_JN_UID, ev));
}
