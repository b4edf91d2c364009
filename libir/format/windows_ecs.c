/*
 * ECS names for a Windows event: who, where from, which process. Findings name their entities by
 * source.ip, user.name and host.name, so these are always set; the rest only when somebody asks
 * (`ir parse`, rules written in ECS). Document: Elastic Common Schema 8, fields of event, host,
 * user, source, process.
 */
#include <inttypes.h>
#include <stdio.h>

#include "format/windows.h"

static void set(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    if (val.n > 0 && ir_event_first(ev, id, 0) == IR_NOFIELD) ir_event_derive(ev, id, val);
}

/* What follows the last backslash (or slash). */
static struct ir_str base_name(struct ir_str path)
{
    size_t at = ir_str_rchr(path, '\\');
    if (at == IR_NPOS) at = ir_str_rchr(path, '/');
    return at == IR_NPOS ? path : ir_str_skip(path, at + 1);
}

/* An address without its IPv4-in-IPv6 dress; nothing for names and words such as "LOCAL". */
static struct ir_str address(struct ir_str s)
{
    if (ir_str_istarts(s, IR_S("::ffff:")) && ir_str_chr(s, '.') != IR_NPOS) s = ir_str_skip(s, 7);
    bool separated = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%' && i > 0) break; /* zone of a link-local address */
        if (ir_hexval(s.p[i]) < 0 && s.p[i] != ':' && s.p[i] != '.') return ir_str_n(NULL, 0);
        separated |= s.p[i] == ':' || s.p[i] == '.';
    }
    return separated ? s : ir_str_n(NULL, 0);
}

/* Security events write process numbers in hexadecimal. */
static struct ir_str process_id(struct ir_event *ev, struct ir_str s)
{
    if (!ir_str_istarts(s, IR_S("0x")) || s.n < 3 || s.n > 18) return s;
    uint64_t v = 0;
    for (size_t i = 2; i < s.n; i++) {
        int h = ir_hexval(s.p[i]);
        if (h < 0) return s;
        v = v << 4 | (uint64_t)h;
    }
    char *out = ir_arena_alloc(ev->arena, 24);
    if (out == NULL) return s;
    int n = snprintf(out, 24, "%" PRIu64, v);
    return ir_str_n(out, n > 0 ? (size_t)n : 0);
}

/* Events that are about the account that logs on rather than about the one that acts. */
static bool is_logon(int32_t event_id)
{
    switch (event_id) {
    case 4624:
    case 4625:
    case 4634:
    case 4647:
    case 4648:
    case 4740:
    case 4768:
    case 4769:
    case 4770:
    case 4771:
    case 4772:
    case 4776:
    case 4964: return true;
    default: return false;
    }
}

static void user(struct ir_windows *w, struct ir_event *ev)
{
    struct ir_str target = ir_windows_get(w, IR_WIN_TARGET_USER, ev);
    struct ir_str name = ir_windows_get(w, IR_WIN_SUBJECT_USER, ev);
    struct ir_str domain = ir_windows_get(w, IR_WIN_SUBJECT_DOMAIN, ev);
    if (target.n > 0 && (name.n == 0 || is_logon(w->event_id))) {
        name = target;
        domain = ir_windows_get(w, IR_WIN_TARGET_DOMAIN, ev);
    } else if (target.n > 0) {
        set(ev, IR_F_USER_TARGET_NAME, target);
    }
    if (name.n == 0) {
        struct ir_str full = ir_windows_get(w, IR_WIN_USER, ev); /* DOMAIN\name */
        size_t at = ir_str_chr(full, '\\');
        name = at == IR_NPOS ? full : ir_str_skip(full, at + 1);
        domain = at == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(full, at);
    }
    set(ev, IR_F_USER_NAME, name);
    set(ev, IR_F_USER_DOMAIN, domain);
}

static void process(struct ir_windows *w, struct ir_event *ev)
{
    bool created = w->event_id == 4688;
    struct ir_str image = ir_windows_get(w, created ? IR_WIN_NEW_IMAGE : IR_WIN_IMAGE, ev);
    struct ir_str parent =
        ir_windows_get(w, created ? IR_WIN_PARENT_NAME : IR_WIN_PARENT_IMAGE, ev);
    struct ir_str pid = ir_windows_get(w, created ? IR_WIN_NEW_PID : IR_WIN_PID, ev);
    struct ir_str ppid = ir_windows_get(w, created ? IR_WIN_PID : IR_WIN_PARENT_PID, ev);
    if (image.n == 0) image = ir_windows_get(w, IR_WIN_PROCESS_NAME, ev);
    if (image.n == 0) image = ir_windows_get(w, IR_WIN_APPLICATION, ev);
    set(ev, IR_F_PROCESS_EXECUTABLE, image);
    set(ev, IR_F_PROCESS_NAME, base_name(image));
    set(ev, IR_F_PROCESS_PID, process_id(ev, pid));
    set(ev, IR_F_PROCESS_COMMAND_LINE, ir_windows_get(w, IR_WIN_COMMAND_LINE, ev));
    set(ev, IR_F_PROCESS_PARENT_EXECUTABLE, parent);
    set(ev, IR_F_PROCESS_PARENT_NAME, base_name(parent));
    set(ev, IR_F_PROCESS_PARENT_PID, process_id(ev, ppid));
    set(ev, IR_F_PROCESS_PARENT_COMMAND_LINE, ir_windows_get(w, IR_WIN_PARENT_COMMAND_LINE, ev));
}

static void outcome(struct ir_windows *w, struct ir_event *ev)
{
    if (w->event_id == 4624) set(ev, IR_F_EVENT_OUTCOME, IR_S("success"));
    if (w->event_id == 4625 || w->event_id == 4771) set(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
}

/* What was done to which file, by Sysmon and by audited accesses. */
static void file(struct ir_windows *w, struct ir_event *ev)
{
    static const struct {
        int32_t event_id;
        const char *action;
    } sysmon[] = {{11, "file_create"},
                  {15, "file_create"},
                  {23, "file_delete"},
                  {26, "file_delete"},
                  {29, "file_create"}};
    struct ir_str path = ir_windows_get(w, IR_WIN_TARGET_FILE, ev);
    const char *action = NULL;
    if (w->event_id == 4663) {
        action = ir_windows_file_access(w, ev);
        path = ir_windows_get(w, IR_WIN_OBJECT_NAME, ev);
    }
    for (size_t i = 0; path.n > 0 && i < sizeof sysmon / sizeof *sysmon; i++)
        if (sysmon[i].event_id == w->event_id) action = sysmon[i].action;
    if (action == NULL) return;
    set(ev, IR_F_EVENT_ACTION, ir_str_z(action));
    set(ev, IR_F_FILE_PATH, path);
    set(ev, IR_F_FILE_NAME, base_name(path));
}

void ir_windows_ecs(struct ir_windows *w, struct ir_event *ev)
{
    set(ev, IR_F_HOST_NAME, ir_windows_get(w, IR_WIN_COMPUTER, ev));
    user(w, ev);
    set(ev, IR_F_SOURCE_IP, address(ir_windows_get(w, IR_WIN_SOURCE_IP, ev)));
    set(ev, IR_F_EVENT_CODE, ir_windows_get(w, IR_WIN_EVENT_ID, ev));
    outcome(w, ev);
    process(w, ev);
    file(w, ev);
    set(ev, IR_F_SOURCE_PORT, ir_windows_get(w, IR_WIN_SOURCE_PORT, ev));
    set(ev, IR_F_DESTINATION_IP, address(ir_windows_get(w, IR_WIN_DEST_IP, ev)));
    set(ev, IR_F_DESTINATION_PORT, ir_windows_get(w, IR_WIN_DEST_PORT, ev));
    if (!ev->want_all) return;
    set(ev, IR_F_EVENT_PROVIDER, ir_windows_get(w, IR_WIN_PROVIDER, ev));
    set(ev, IR_F_WINLOG_CHANNEL, ir_windows_get(w, IR_WIN_CHANNEL, ev));
    set(ev, IR_F_WINLOG_PROVIDER, ir_windows_get(w, IR_WIN_PROVIDER, ev));
    set(ev, IR_F_WINLOG_COMPUTER, ir_windows_get(w, IR_WIN_COMPUTER, ev));
    set(ev, IR_F_WINLOG_RECORD_ID, ir_windows_get(w, IR_WIN_RECORD, ev));
    set(ev, IR_F_MESSAGE, ir_windows_get(w, IR_WIN_MESSAGE, ev));
}

void ir_windows_entities(struct ir_windows *w, struct ir_str asked, struct ir_event *ev)
{
    struct ir_str host = ir_windows_get(w, IR_WIN_COMPUTER, ev);
    if (asked.n == 0 || !ir_str_starts(host, asked)) set(ev, IR_F_HOST_NAME, host);
    set(ev, IR_F_USER_NAME, ir_windows_get(w, IR_WIN_USER, ev));
    set(ev, IR_F_SOURCE_IP, address(ir_windows_get(w, IR_WIN_SOURCE_IP, ev)));
}
