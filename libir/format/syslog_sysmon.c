/*
 * Sysmon for Linux: it writes its events as XML, each in one syslog message (tag "sysmon").
 * Document: https://github.com/microsoft/SysmonForLinux; event numbers and names are those of
 * Sysmon for Windows: 1 a process starts, 3 a connection, 11 a file is created.
 *
 *     <Event><System><Provider Name="Linux-Sysmon" Guid="{…}"/><EventID>1</EventID>…</System>
 *     <EventData><Data Name="Image">/usr/bin/id</Data>…</EventData></Event>
 *
 * Not an XML parser: only this shape, without namespaces, comments and entities of its own.
 * Hostile: command lines and file names, in which Sysmon writes < > & as entities; any user may log
 * under the tag "sysmon", as under every other.
 */
#include "format/syslog.h"
#include "format/windows.h"

#define DATA_MAX 256u /* members of an event; Sysmon has up to 25 */

struct xml {
    struct ir_str rest; /* behind the last tag that was read */
    struct ir_windows win;
    struct ir_event *ev;
};

bool ir_syslog_is_sysmon(const struct ir_syslog *h)
{
    return ir_str_ieq(h->tag, IR_S("sysmon")) && ir_str_starts(h->msg, IR_S("<Event><System>"));
}

/* ---- characters ---- */

/* "amp", "#60", "#x3c": one byte, or -1 for what stays as it is. */
static int entity(struct ir_str name)
{
    static const struct {
        struct ir_str name;
        char byte;
    } known[] = {{IR_S("lt"), '<'},
                 {IR_S("gt"), '>'},
                 {IR_S("amp"), '&'},
                 {IR_S("quot"), '"'},
                 {IR_S("apos"), '\''}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ir_str_eq(name, known[i].name)) return known[i].byte;
    if (name.n < 2 || name.n > 4 || name.p[0] != '#') return -1;
    bool hex = name.p[1] == 'x';
    int v = 0;
    for (size_t i = 1 + hex; i < name.n; i++) {
        int d = ir_hexval(name.p[i]);
        if (d < 0 || (!hex && d > 9)) return -1;
        v = v * (hex ? 16 : 10) + d;
    }
    return v < 128 ? v : -1;
}

static struct ir_str unescape(struct ir_str s, struct ir_event *ev)
{
    size_t n = 0;
    char *p = ir_arena_alloc(ev->arena, s.n);
    if (p == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return s;
    }
    for (size_t i = 0; i < s.n; i++) {
        size_t end = s.p[i] == '&' ? ir_str_chr(ir_str_head(ir_str_skip(s, i), 8), ';') : IR_NPOS;
        int c = end == IR_NPOS ? -1 : entity(ir_str_n(s.p + i + 1, end - 1));
        p[n++] = c < 0 ? s.p[i] : (char)c;
        if (c >= 0) i += end;
    }
    return ir_str_n(p, n);
}

/* ---- tags ---- */

static void put(struct xml *x, struct ir_str name, struct ir_str val, bool in_data)
{
    bool weak = false, escaped = ir_str_chr(val, '&') != IR_NPOS;
    if (name.n == 0 || (in_data && ir_windows_is_system(name))) return;
    if (escaped) val = unescape(val, x->ev);
    uint32_t before = x->ev->nfields;
    ir_event_add_named(x->ev, name, IR_V_STRING, val);
    if (escaped && x->ev->nfields > before) {
        x->ev->fields[before].derived = 1;
        x->ev->verbatim = false;
    }
    enum ir_win_slot slot = ir_windows_slot(name, in_data, &weak);
    if (slot < IR_WIN_MAX)
        ir_windows_set(&x->win, slot, (struct ir_win_value){.text = val}, weak, false);
}

/* The next tag: its name and what follows the name up to the '>'. False at the end. */
static bool next_tag(struct xml *x, struct ir_str *ret_name, struct ir_str *ret_attributes)
{
    size_t open = ir_str_chr(x->rest, '<');
    if (open == IR_NPOS) return false;
    struct ir_str tag = ir_str_skip(x->rest, open + 1);
    size_t close = ir_str_chr(tag, '>');
    if (close == IR_NPOS) return false;
    x->rest = ir_str_skip(tag, close + 1);
    tag = ir_str_head(tag, close);
    size_t blank = ir_str_chr(tag, ' ');
    *ret_name = blank == IR_NPOS ? tag : ir_str_head(tag, blank);
    *ret_attributes = blank == IR_NPOS ? ir_str_n("", 0) : ir_str_skip(tag, blank);
    return true;
}

static struct ir_str attribute(struct ir_str all, const char *name)
{
    struct ir_str found = {NULL, 0};
    size_t at = ir_str_find(all, ir_str_z(name));
    if (at == IR_NPOS) return found;
    struct ir_str rest = ir_str_skip(all, at + strlen(name));
    if (!ir_syslog_take(&rest, IR_S("=\""))) return found;
    size_t end = ir_str_chr(rest, '"');
    return end == IR_NPOS ? found : ir_str_head(rest, end);
}

/* Attributes of System's members under the names that Sigma has for them. */
static void system_attributes(struct xml *x, struct ir_str tag, struct ir_str all)
{
    static const struct {
        struct ir_str tag;
        const char *attribute;
        struct ir_str name;
    } known[] = {
        {IR_S("Provider"), " Name", IR_S("Provider_Name")},
        {IR_S("Provider"), " Guid", IR_S("Provider_Guid")},
        {IR_S("TimeCreated"), " SystemTime", IR_S("TimeCreated_SystemTime")},
        {IR_S("Execution"), " ProcessID", IR_S("Execution_ProcessID")},
        {IR_S("Execution"), " ThreadID", IR_S("Execution_ThreadID")},
        {IR_S("Security"), " UserId", IR_S("Security_UserID")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ir_str_eq(tag, known[i].tag))
            put(x, known[i].name, attribute(all, known[i].attribute), false);
}

static void read_event(struct xml *x)
{
    struct ir_str name, all;
    bool in_data = false;
    for (unsigned n = 0; n < DATA_MAX && next_tag(x, &name, &all); n++) {
        if (ir_str_eq(name, IR_S("EventData"))) in_data = true;
        if (name.n == 0 || name.p[0] == '/') continue;
        struct ir_str val = ir_str_head(x->rest, ir_str_chr(x->rest, '<'));
        bool empty = all.n > 0 && all.p[all.n - 1] == '/';
        if (!in_data)
            system_attributes(x, name, all);
        else if (ir_str_eq(name, IR_S("Data")) && !empty)
            put(x, attribute(all, " Name"), val, true);
        if (!in_data && !empty && val.n > 0) put(x, name, val, false);
    }
}

void ir_syslog_sysmon(const struct ir_syslog *h, struct ir_event *ev)
{
    struct xml x = {.rest = h->msg, .ev = ev};
    ir_windows_begin(&x.win);
    read_event(&x);
    if (!ir_str_ends(ir_str_trim(h->msg), IR_S("</Event>")))
        ir_event_damage(ev, "an event of Sysmon that was cut");
    /* its own time is UTC and has a year; the header's often neither */
    if (!(ev->flags & IR_EV_ZONE_KNOWN)) ir_windows_time(&x.win, &h->parser->clock, ev);
    if (ev->flags & IR_EV_ZONE_KNOWN) ev->flags &= ~(uint32_t)IR_EV_YEAR_INFERRED;
    ir_windows_finish(&x.win, ev);
}
