/*
 * Windows events: from spelled names to slots, from channel and event id to log sources, and the
 * System attributes under Sigma's names. Not for parsing: see json_walk.c, and not for single event
 * types: see windows_derive.c. Source: Sigma specification 2.1.0, taxonomy appendix.
 */
#include "format/windows.h"

#include "base/json.h"

enum ir_win_slot ir_windows_slot(struct ir_str name, bool in_data, bool *ret_weak)
{
    enum { S, D };
    switch (name.n) {
#define LEN(n) case n:
#define KEY(text, slot, where, is_weak)                                                            \
    if ((where == D || !in_data) && name.n == sizeof text - 1 &&                                   \
        memcmp(name.p, text, sizeof text - 1) == 0) {                                              \
        *ret_weak = is_weak;                                                                       \
        return IR_WIN_##slot;                                                                      \
    }
#define END break;
#include "format/windows_slots.def"
#undef LEN
#undef KEY
#undef END
    default: break;
    }
    return IR_WIN_MAX;
}

struct ir_str ir_windows_name(enum ir_win_slot slot)
{
    static const struct ir_str names[] = {
#define SLOT(id, text) {text, sizeof text - 1},
#include "format/windows_slots.def"
#undef SLOT
    };
    return slot < IR_WIN_MAX ? names[slot] : ir_str_n("", 0);
}

bool ir_windows_is_system(struct ir_str name)
{
    bool weak;
    enum ir_win_slot slot = ir_windows_slot(name, false, &weak);
    if (slot == IR_WIN_MAX) return ir_str_eq(name, IR_S("Level"));
    return ir_str_starts(name, IR_S("TimeCreated")) ||
           (name.n > 0 && ir_str_eq(name, ir_windows_name(slot)));
}

struct ir_str ir_windows_get(struct ir_windows *w, enum ir_win_slot slot, struct ir_event *ev)
{
    struct ir_win_value *v = &w->v[slot];
    if ((w->set & UINT64_C(1) << slot) == 0 || v->type == IR_V_NULL) return ir_str_n(NULL, 0);
    if (v->escaped) {
        char *out = ir_arena_alloc(ev->arena, v->text.n + 1);
        if (out == NULL) return ir_str_n(NULL, 0);
        v->text = ir_str_n(out, ir_json_unescape(v->text, out));
        v->escaped = false;
    }
    if (v->text.n == 0 || ir_str_eq(v->text, IR_S("-"))) return ir_str_n(NULL, 0);
    return v->text;
}

void ir_windows_add(struct ir_event *ev, struct ir_str name, struct ir_str val)
{
    if (val.p == NULL) return;
    uint32_t id = ir_names_find(ev->names, name), before = ev->nfields;
    if (id != IR_F_NONE) {
        if (ir_event_first(ev, id, ev->cur_view) == IR_NOFIELD) ir_event_derive(ev, id, val);
        return;
    }
    ir_event_add_named(ev, name, IR_V_STRING, val);
    if (ev->nfields > before) ev->fields[before].derived = 1;
}

/* Splunk and others write "WinEventLog:Security" and "XmlWinEventLog:Security". */
static struct ir_str channel_name(struct ir_str s)
{
    size_t at = ir_str_chr(s, ':');
    return at != IR_NPOS && ir_str_ends(ir_str_head(s, at), IR_S("WinEventLog"))
               ? ir_str_skip(s, at + 1)
               : s;
}

struct source_row {
    struct ir_str name;
    enum ir_logsource_id ls;
};

static const struct source_row channels[] = {
#define CHANNEL(name, ls) {{name, sizeof name - 1}, IR_LS_##ls},
#include "format/windows_sources.def"
#undef CHANNEL
};

static const struct source_row providers[] = {
#define PROVIDER(name, ls) {{name, sizeof name - 1}, IR_LS_##ls},
#include "format/windows_sources.def"
#undef PROVIDER
};

/* Adds the sources of all rows with this name; returns the first. */
static enum ir_logsource_id add_rows(struct ir_event *ev, const struct source_row *rows, size_t n,
                                     struct ir_str name)
{
    enum ir_logsource_id first = IR_LS_NONE;
    if (name.n == 0) return first;
    /* the last letter tells most apart before a long compare without case */
    char last = ir_lower(name.p[name.n - 1]);
    for (size_t i = 0; i < n; i++) {
        struct ir_str row = rows[i].name;
        if (row.n != name.n || ir_lower(row.p[row.n - 1]) != last || !ir_str_ieq(row, name))
            continue;
        ir_event_source(ev, rows[i].ls);
        if (first == IR_LS_NONE) first = rows[i].ls;
    }
    return first;
}

/* These two logs write many channels or none; the event id tells the channel. */
static enum ir_logsource_id service_of_eventlog(struct ir_event *ev, int32_t event_id)
{
    enum ir_logsource_id ls = event_id == 1102 || event_id == 1100 || event_id == 1104
                                  ? IR_LS_WIN_SECURITY
                                  : IR_LS_WIN_SYSTEM;
    ir_event_source(ev, ls);
    return ls;
}

static void sysmon_sources(struct ir_windows *w, struct ir_event *ev)
{
    static const struct {
        int32_t event_id;
        enum ir_logsource_id ls;
    } rows[] = {
#define SYSMON(event_id, ls) {event_id, IR_LS_##ls},
#include "format/windows_sources.def"
#undef SYSMON
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].event_id == w->event_id) ir_event_source(ev, rows[i].ls);
    if (w->event_id != 12) return;
    /* a shipper may have put its own EventType in the place of Sysmon's: then it can be either */
    struct ir_str type = ir_windows_get(w, IR_WIN_EVENT_TYPE, ev);
    bool deleted = ir_str_istarts(type, IR_S("Delete"));
    if (!deleted) ir_event_source(ev, IR_LS_WIN_REGISTRY_ADD);
    if (deleted || !ir_str_istarts(type, IR_S("Create")))
        ir_event_source(ev, IR_LS_WIN_REGISTRY_DELETE);
}

/* Sysmon for Linux: the same numbers, another system. */
static bool is_linux_sysmon(struct ir_str channel, struct ir_str provider)
{
    return ir_str_ieq(provider, IR_S("Linux-Sysmon")) ||
           ir_str_ieq(channel, IR_S("Linux-Sysmon/Operational"));
}

static void linux_sources(const struct ir_windows *w, struct ir_event *ev)
{
    if (w->event_id == 1) ir_event_source(ev, IR_LS_LINUX_PROCESS_CREATION);
    if (w->event_id == 3) ir_event_source(ev, IR_LS_LINUX_NETWORK_CONNECTION);
    if (w->event_id == 11) ir_event_source(ev, IR_LS_LINUX_FILE_EVENT);
    ir_event_source(ev, IR_LS_LINUX);
}

/* An audited access to a file says with which rights: what writes makes or changes it. */
static void file_sources(struct ir_windows *w, struct ir_event *ev)
{
    const char *action = ir_windows_file_access(w, ev);
    if (action == NULL) return;
    if (strcmp(action, "file_write") == 0) ir_event_source(ev, IR_LS_WIN_FILE_EVENT);
    if (strcmp(action, "file_delete") == 0) ir_event_source(ev, IR_LS_WIN_FILE_DELETE);
}

static void security_sources(struct ir_windows *w, struct ir_event *ev)
{
    if (w->event_id == 4663) file_sources(w, ev);
    if (w->event_id == 4688) ir_event_source(ev, IR_LS_WIN_PROCESS_CREATION);
    if (w->event_id == 5156) ir_event_source(ev, IR_LS_WIN_NETWORK_CONNECTION);
    if (w->event_id != 4657) return;
    ir_event_source(ev, IR_LS_WIN_REGISTRY_EVENT);
    bool deleted = ir_str_eq(ir_windows_get(w, IR_WIN_OPERATION, ev), IR_S("%%1906"));
    ir_event_source(ev, deleted ? IR_LS_WIN_REGISTRY_DELETE : IR_LS_WIN_REGISTRY_SET);
}

static void other_sources(struct ir_windows *w, struct ir_event *ev, enum ir_logsource_id service)
{
    bool powershell = service == IR_LS_WIN_POWERSHELL || service == IR_LS_WIN_POWERSHELL_CLASSIC;
    bool kernel_file =
        ir_str_ieq(ir_windows_get(w, IR_WIN_PROVIDER, ev), IR_S("Microsoft-Windows-Kernel-File"));
    switch (w->event_id) {
#define DEFENDER(id) case id:
#include "format/windows_sources.def"
#undef DEFENDER
        if (service == IR_LS_WIN_WINDEFEND) ir_event_source(ev, IR_LS_ANTIVIRUS);
        break;
#define POWERSHELL(id, ls)                                                                         \
    case id:                                                                                       \
        if (powershell) ir_event_source(ev, IR_LS_##ls);                                           \
        break;
#include "format/windows_sources.def"
#undef POWERSHELL
#define KERNEL_FILE(id, ls)                                                                        \
    case id:                                                                                       \
        if (kernel_file) ir_event_source(ev, IR_LS_##ls);                                          \
        break;
#include "format/windows_sources.def"
#undef KERNEL_FILE
    default: break;
    }
}

static enum ir_logsource_id add_sources(struct ir_windows *w, struct ir_event *ev,
                                        struct ir_str channel, struct ir_str provider)
{
    if (is_linux_sysmon(channel, provider)) {
        linux_sources(w, ev);
        return IR_LS_NONE;
    }
    enum ir_logsource_id service =
        add_rows(ev, channels, sizeof channels / sizeof *channels, channel);
    if (service == IR_LS_NONE && channel.n == 0) {
        service = add_rows(ev, providers, sizeof providers / sizeof *providers, provider);
        if (ir_str_ieq(provider, IR_S("Microsoft-Windows-Eventlog")))
            service = service_of_eventlog(ev, w->event_id);
    }
    if (service == IR_LS_WIN_SYSMON || ir_str_ieq(provider, IR_S("Microsoft-Windows-Sysmon")))
        sysmon_sources(w, ev);
    else if (service == IR_LS_WIN_SECURITY)
        security_sources(w, ev);
    else
        other_sources(w, ev, service);
    ir_event_source(ev, IR_LS_WINDOWS);
    return service;
}

/* The event id and who wrote it: both are needed before a JSON object counts as a Windows event,
 * and a name that other products use as well (event.code, Id) needs a provider or channel that is
 * surely Windows. */
static bool is_windows(struct ir_windows *w, struct ir_event *ev, struct ir_str channel,
                       struct ir_str provider)
{
    uint64_t id = 0;
    if (!ir_str_u64(ir_windows_get(w, IR_WIN_EVENT_ID, ev), &id) || id > INT32_MAX) return false;
    w->event_id = (int32_t)id;
    if ((w->weak & UINT64_C(1) << IR_WIN_EVENT_ID) == 0) return channel.n > 0 || provider.n > 0;
    if (ir_str_istarts(provider, IR_S("Microsoft-Windows-"))) return true;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        if (ir_str_ieq(channels[i].name, channel)) return true;
    return ir_str_find(channel, IR_S("/Operational")) != IR_NPOS;
}

bool ir_windows_finish(struct ir_windows *w, struct ir_event *ev)
{
    if ((w->set & UINT64_C(1) << IR_WIN_EVENT_ID) == 0) return false;
    struct ir_str raw_channel = ir_windows_get(w, IR_WIN_CHANNEL, ev);
    struct ir_str channel = channel_name(raw_channel);
    struct ir_str provider = ir_windows_get(w, IR_WIN_PROVIDER, ev);
    if (!is_windows(w, ev, channel, provider)) return false;
    if (channel.n != raw_channel.n) {
        w->v[IR_WIN_CHANNEL].text = channel;
        w->renamed |= UINT64_C(1) << IR_WIN_CHANNEL;
    }
    enum ir_logsource_id service = add_sources(w, ev, channel, provider);
    for (uint64_t todo = w->set & w->renamed; todo != 0; todo &= todo - 1) {
        enum ir_win_slot slot = (enum ir_win_slot)__builtin_ctzll(todo);
        struct ir_str name = ir_windows_name(slot);
        if (name.n > 0) ir_windows_add(ev, name, ir_windows_get(w, slot, ev));
    }
    ev->record = ir_windows_get(w, IR_WIN_RECORD, ev);
    ir_windows_derive(w, ev, service);
    ir_windows_ecs(w, ev);
    return true;
}
