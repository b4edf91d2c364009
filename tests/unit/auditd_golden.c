/*
 * auditd against the expectations of another program: the golden files of go-libaudit under
 * $IR_SHARED/data/auditd. Skips where they are absent. What our own data proves is in auditd.c.
 *
 * How its names map to ours (looked up in the base view, or in any record's view):
 *
 *   @timestamp                      time
 *   sequence                        auditd.sequence
 *   record_type                     event.code, lower case
 *   result / data.result            event.outcome          success, fail → failure
 *   tags / keys                     tags / key, repeated   [1]
 *   session / data.ses              ses                    unset → 4294967295
 *   data.syscall                    SYSCALL
 *   data.arch                       ARCH                   (arch keeps the number)
 *   data.exit                       exit, or error.code where it is an error's name
 *   data.auid, user.ids.auid        auid; user.audit.id unless unset
 *   user.ids.uid, .euid             user.id, user.effective.id
 *   user.ids.*                      the same name
 *   user.selinux.user               first part of subj
 *   process.pid .ppid .name .exe    process.pid, .parent.pid, .name, .executable
 *   process.title .cwd .args        process.title, .working_directory, .args
 *   data.cmd                        process.command_line
 *   file.path                       one of file.path       [2]
 *   paths[]                         a view with type=PATH whose item is equal: every name in it
 *   net.*.socket / data.socket_*    laddr, lport, saddr_fam (ipv4 → inet, ipv6 → inet6, unix →
 * local) ecs.user.effective.name         user.name, and .target.name user.target.name everything
 * else in data.        the same name category, summary, ecs.event, file.* but path, ecs.user.id,
 * warnings: that program's judgement
 *
 * [1] key=(null)ARCH=x86_64, where a transport lost the 0x1d: it takes ARCH for a tag, we do not.
 * [2] file.path is the name as logged; ours has the working directory before a relative one.
 */
#include "base/json.h"
#include "base/time.h"
#include "format/auditd.h"
#include "tests/tap.h"

#define EVENTS_MAX 16
#define VALUE_MAX  8192

static struct ir_str read_file(const char *path, char *buf, size_t cap)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(buf, 1, cap, f) : 0;
    if (f) fclose(f);
    return ir_str_n(buf, n);
}

struct run {
    struct ir_arena arena;
    struct ir_names *names;
    struct ir_event *spare[EVENTS_MAX]; /* an emitted event is kept by giving the parser another */
    uint32_t n;
    struct ir_event *ev;
};

static void copy_event(struct ir_event *to, const struct ir_event *from)
{
    for (uint32_t i = 0; i < from->nfields; i++)
        to->fields[i] = from->fields[i];
    memcpy(to->views, from->views, from->nviews * sizeof *to->views);
    to->nfields = from->nfields;
    to->nviews = from->nviews;
    to->time = from->time;
    to->flags = from->flags;
}

static void keep(void *user, struct ir_event *ev)
{
    struct run *r = user;
    if (r->n < EVENTS_MAX) copy_event(r->spare[r->n++], ev);
}

static void start(struct run *r)
{
    *r = (struct run){.arena = IR_ARENA((size_t)16 << 20), .names = ir_names_new()};
    r->ev = ir_event_new(r->names, &r->arena);
    r->ev->want_all = true;
    for (uint32_t i = 0; i < EVENTS_MAX; i++)
        r->spare[i] = ir_event_new(r->names, &r->arena);
}

static void stop(struct run *r)
{
    for (uint32_t i = 0; i < EVENTS_MAX; i++)
        ir_event_free(r->spare[i]);
    ir_event_free(r->ev);
    ir_arena_free(&r->arena);
    ir_names_free(r->names);
}

static void parse_lines(struct run *r, struct ir_str text)
{
    const struct ir_format *f = &ir_format_auditd;
    struct ir_parser p = {.fmt = f, .names = r->names, .emit = keep, .user = r};
    uint64_t line = 0;
    if (!ok(f->open(&p) == IR_OK, "the parser opens")) return;
    r->n = 0;
    while (text.p != NULL) {
        struct ir_str rec = ir_str_trim(ir_str_cut(&text, '\n'));
        line++;
        if (rec.n > 0) f->feed(&p, rec, line * 100, line, r->ev);
    }
    f->flush(&p, r->ev);
    f->close(&p);
}

/* ---- looking things up ---- */

static struct ir_str field_name(const struct run *r, const struct ir_field *f)
{
    return f->id == IR_F_NONE ? f->name : ir_names_text(r->names, f->id);
}

/* True when some field `name` (of view, or of any with -1) has the value. *ret_seen: another value.
 */
static bool holds(const struct run *r, const struct ir_event *ev, int view, const char *name,
                  struct ir_str want, struct ir_str *ret_seen)
{
    for (uint32_t i = 0; i < ev->nfields; i++) {
        if ((view >= 0 && ev->fields[i].view != view) ||
            !ir_str_eq(field_name(r, &ev->fields[i]), ir_str_z(name)))
            continue;
        if (ir_str_eq(ev->fields[i].val, want)) return true;
        *ret_seen = ev->fields[i].val;
    }
    return false;
}

static const struct rename {
    const char *theirs, *ours;
} renames[] = {
    {"sequence", "auditd.sequence"},
    {"result", "event.outcome"},
    {"data.result", "event.outcome"},
    {"session", "ses"},
    {"tags", "tags"},
    {"keys", "key"},
    {"data.syscall", "SYSCALL"},
    {"data.arch", "ARCH"},
    {"data.cmd", "process.command_line"},
    {"user.ids.uid", "user.id"},
    {"user.ids.euid", "user.effective.id"},
    {"user.selinux.user", "subj"},
    {"process.pid", "process.pid"},
    {"process.ppid", "process.parent.pid"},
    {"process.name", "process.name"},
    {"process.exe", "process.executable"},
    {"process.title", "process.title"},
    {"process.cwd", "process.working_directory"},
    {"process.args", "process.args"},
    {"file.path", "file.path"},
    {"data.socket_addr", "laddr"},
    {"data.socket_port", "lport"},
    {"data.socket_family", "saddr_fam"},
    {"ecs.user.effective.name", "user.name"},
    {"ecs.user.target.name", "user.target.name"},
};

static const char *const skipped[] = {
    "category",         "summary.",    "ecs.event",    "ecs.user.id", "ecs.user.effective.id",
    "ecs.group",        "file.device", "file.inode",   "file.mode",   "file.uid",
    "file.gid",         "file.owner",  "file.group",   "raw_msg",     "net.",
    "ecs.user.changes", "source.",     "destination.", "network.",
};

static struct ir_str translated(const char *path, struct ir_str v)
{
    static const char *const words[][2] = {{"fail", "failure"},
                                           {"unset", "4294967295"},
                                           {"ipv4", "inet"},
                                           {"ipv6", "inet6"},
                                           {"unix", "local"}};
    bool any = !strcmp(path, "result") || strstr(path, "result") || strstr(path, "ses") ||
               strstr(path, "auid") || strstr(path, "family");
    for (size_t i = 0; any && i < sizeof words / sizeof words[0]; i++)
        if (ir_str_eq(v, ir_str_z(words[i][0]))) return ir_str_z(words[i][1]);
    return v;
}

/* One leaf of the golden tree. */
static void compare(const struct run *r, const struct ir_event *ev, const char *test,
                    const char *path, struct ir_str want, int path_view)
{
    struct ir_str seen = ir_str_n(NULL, 0);
    char text[IR_TIME_TEXT];
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++)
        if (!strncmp(path, skipped[i], strlen(skipped[i]))) return;
    if (!strcmp(path, "@timestamp")) {
        char w[IR_TIME_TEXT];
        int64_t ns = 0;
        bool zone = false;
        ir_time_parse_iso(want, &ns, &zone);
        ir_time_rfc3339(ev->time, text);
        snprintf(w, sizeof w, "%.*s", IR_FMT(want));
        ok(ns == ev->time && (ev->flags & IR_EV_TIME), "%s: %s is %s, ours %s", test, path, w,
           text);
        return;
    }
    if (!strcmp(path, "record_type")) {
        for (uint32_t i = 0; i < ev->nfields; i++)
            if (ir_str_eq(field_name(r, &ev->fields[i]), IR_S("type")) &&
                ir_str_ieq(ev->fields[i].val, want)) {
                ok(true, "%s: %s", test, path);
                return;
            }
        ok(false, "%s: no record of type %.*s", test, IR_FMT(want));
        return;
    }
    if (!strcmp(path, "tags") && ir_str_eq(want, IR_S("x86_64"))) { /* [1] */
        ok(!holds(r, ev, -1, "tags", want, &seen), "%s: the machine is no key", test);
        return;
    }
    const char *ours = strrchr(path, '.') ? strrchr(path, '.') + 1 : path;
    for (size_t i = 0; i < sizeof renames / sizeof renames[0]; i++)
        if (!strcmp(renames[i].theirs, path)) ours = renames[i].ours;
    want = translated(path, want);
    bool same = holds(r, ev, path_view, ours, want, &seen);
    if (!same && !strcmp(path, "data.exit")) same = holds(r, ev, -1, "error.code", want, &seen);
    if (!ok(same, "%s: %s is in %s", test, path, ours)) {
        ir_tap_show("wanted", want);
        ir_tap_show("one of ours", seen);
    }
}

/* ---- the golden tree ---- */

struct walk {
    struct ir_json j;
    char path[512];
    char test[128];
};

static int view_of_item(const struct run *r, const struct ir_event *ev, struct ir_str item)
{
    struct ir_str seen;
    for (uint32_t v = 0; v < ev->nviews; v++)
        if (holds(r, ev, (int)v, "type", IR_S("PATH"), &seen) &&
            holds(r, ev, (int)v, "item", item, &seen))
            return (int)v;
    return ev->nviews == 1 ? 0 : -2;
}

/* The value of "item" in the object that begins at j; the objects of paths[] have it in the middle.
 */
static struct ir_str item_ahead(struct ir_json j)
{
    struct ir_json_tok t;
    while (ir_json_next(&j, &t) == IR_OK && t.type != IR_JSON_OBJECT_END)
        if (t.type == IR_JSON_KEY && ir_str_eq(t.text, IR_S("item")) &&
            ir_json_next(&j, &t) == IR_OK)
            return t.text;
    return ir_str_n("", 0);
}

static void value(struct walk *w, const struct run *r, const struct ir_event *ev, int view);

static void object(struct walk *w, const struct run *r, const struct ir_event *ev, int view)
{
    struct ir_json_tok t;
    size_t len = strlen(w->path);
    while (ir_json_next(&w->j, &t) == IR_OK && t.type == IR_JSON_KEY) {
        snprintf(w->path + len, sizeof w->path - len, "%s%.*s", len ? "." : "", IR_FMT(t.text));
        value(w, r, ev, view);
        w->path[len] = '\0';
    }
}

static void value(struct walk *w, const struct run *r, const struct ir_event *ev, int view)
{
    struct ir_json_tok t;
    if (ir_json_next(&w->j, &t) != IR_OK) return;
    if (t.type == IR_JSON_OBJECT) {
        object(w, r, ev, view);
    } else if (t.type == IR_JSON_ARRAY) {
        for (;;) {
            struct ir_json save = w->j;
            if (ir_json_next(&w->j, &t) != IR_OK || t.type == IR_JSON_ARRAY_END) return;
            int v = view;
            if (t.type == IR_JSON_OBJECT && !strcmp(w->path, "paths"))
                v = view_of_item(r, ev, item_ahead(w->j));
            w->j = save;
            value(w, r, ev, v);
        }
    } else {
        static char buf[VALUE_MAX];
        size_t n = t.text.n < sizeof buf ? ir_json_unescape(t.text, buf) : 0;
        compare(r, ev, w->test, w->path, ir_str_n(buf, n), view);
    }
}

/* ---- files ---- */

/* The lines of one test of a .yaml file (two blanks, name, ": |"), or p == NULL. */
static struct ir_str yaml_block(struct ir_str yaml, const char *name)
{
    char head[160];
    int n = snprintf(head, sizeof head, "\n  %s: ", name);
    size_t at = n > 0 ? ir_str_find(yaml, ir_str_n(head, (size_t)n)) : IR_NPOS;
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    struct ir_str rest = ir_str_skip(yaml, at + 1), out;
    ir_str_cut(&rest, '\n');
    out = ir_str_n(rest.p, 0);
    while (rest.p != NULL) {
        struct ir_str line = ir_str_cut(&rest, '\n');
        if (line.n > 0 && !ir_str_starts(line, IR_S("    "))) break;
        out.n = (size_t)(line.p + line.n - out.p);
    }
    return out;
}

static void coalesced(struct run *r, const char *dir, const char *base)
{
    static char yaml_buf[1 << 16], gold_buf[1 << 18];
    char path[2048];
    struct walk w = {0};
    struct ir_json_tok t;
    snprintf(path, sizeof path, "%s/%s.yaml", dir, base);
    struct ir_str yaml = read_file(path, yaml_buf, sizeof yaml_buf);
    snprintf(path, sizeof path, "%s/%s.json.golden", dir, base);
    struct ir_str gold = read_file(path, gold_buf, sizeof gold_buf);
    int cases = 0;
    ir_json_begin(&w.j, gold);
    while (ir_json_next(&w.j, &t) == IR_OK) {
        if (t.type != IR_JSON_KEY) continue;
        if (ir_str_eq(t.text, IR_S("test_name"))) {
            ir_json_next(&w.j, &t);
            snprintf(w.test, sizeof w.test, "%.*s", IR_FMT(t.text));
        } else if (ir_str_eq(t.text, IR_S("event"))) {
            struct ir_str block = yaml_block(yaml, w.test);
            cases++;
            r->n = 0;
            if (ok(block.p != NULL, "%s: %s has its records", base, w.test)) parse_lines(r, block);
            if (!ok(r->n == 1, "%s: one event, not %u", w.test, r->n)) return;
            value(&w, r, r->spare[0], -1);
        } else {
            if (ir_json_next(&w.j, &t) == IR_OK && t.type == IR_JSON_ARRAY) ir_json_skip(&w.j);
        }
    }
    ok(cases > 0, "%s: %d cases compared", base, cases);
}

static void separate(struct run *r, const char *dir, const char *base)
{
    static char log_buf[1 << 16], gold_buf[1 << 18];
    char path[2048];
    struct walk w = {0};
    struct ir_json_tok t;
    uint32_t i = 0;
    snprintf(path, sizeof path, "%s/%s", dir, base);
    struct ir_str log = read_file(path, log_buf, sizeof log_buf);
    snprintf(path, sizeof path, "%s/%s.golden", dir, base);
    struct ir_str gold = read_file(path, gold_buf, sizeof gold_buf);
    parse_lines(r, log);
    ir_json_begin(&w.j, gold);
    ir_json_next(&w.j, &t);
    for (;; i++) {
        if (ir_json_next(&w.j, &t) != IR_OK || t.type != IR_JSON_OBJECT) break;
        snprintf(w.test, sizeof w.test, "%s %u", base, i);
        if (!ok(i < r->n, "%s: there is an event", w.test)) break;
        object(&w, r, r->spare[i], -1);
    }
    ok(i == r->n && i > 0, "%s: %u events, golden %u", base, r->n, i);
}

int main(void)
{
    char dir[1024];
    struct run r;
    if (!ir_tap_shared("data/auditd", dir, sizeof dir)) {
        skip("no IR_SHARED: the golden events of another parser are not here");
        return done();
    }
    start(&r);
    char sub[1200];
    snprintf(sub, sizeof sub, "%s/auparse/testdata", dir);
    separate(&r, sub, "audit-ubuntu14.log");
    separate(&r, sub, "audit-ubuntu16.log");
    separate(&r, sub, "audit-ubuntu17.log");
    snprintf(sub, sizeof sub, "%s/aucoalesce/testdata", dir);
    coalesced(&r, sub, "ubuntu-16.04-linux-4.13.0");
    coalesced(&r, sub, "ubuntu-16.10-linux-4.8.0");
    coalesced(&r, sub, "ubuntu-17.04-linux-4.10.0");
    coalesced(&r, sub, "ubuntu-20.04.6-linux-5.15.0-1034-gcp");
    coalesced(&r, sub, "ubuntu-21.10-linux-5.13");
    coalesced(&r, sub, "ubuntu-24.04-linux-6.8.0");
    stop(&r);
    return done();
}
