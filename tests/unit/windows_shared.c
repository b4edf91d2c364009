/*
 * The public regression records of Sigma (IR_SHARED): each gives record number, channel, event id
 * and time, and the same fields again when it is written in the wrappings of other tools.
 */
#include <ftw.h>

#include "base/buf.h"
#include "format/format.h"
#include "tap.h"
#include "windows_wrap.h"

extern const struct ir_format ir_format_json, ir_format_json_docs;

#define FILES_MAX 400

static char *files[FILES_MAX];
static size_t nfiles;

static int remember(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    struct ir_str p = ir_str_z(path);
    if (kind == FTW_F && ir_str_ends(p, IR_S(".json")) && nfiles < FILES_MAX)
        files[nfiles++] = strdup(path);
    return 0;
}

static struct ir_str slurp(const char *path)
{
    struct ir_str s = {NULL, 0};
    FILE *f = fopen(path, "rb");
    if (f == NULL) return s;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *p = n > 0 ? malloc((size_t)n) : NULL;
    if (p != NULL) s = ir_str_n(p, fread(p, 1, (size_t)n, f));
    fclose(f);
    return s;
}

static struct ir_str get(const struct ir_event *ev, const struct ir_names *names, const char *name)
{
    uint32_t id = ir_names_find(names, ir_str_z(name));
    return id == IR_F_NONE ? ir_str_n(NULL, 0) : ir_event_get(ev, id, 0);
}

/* The first pass keeps every field; the record is then known by name and value. */
static char *keep(struct ir_arena *a, struct ir_str s)
{
    return (char *)(uintptr_t)ir_arena_dup(a, s).p;
}

static char *first_value(const struct ir_event *ev, struct ir_arena *a, const char *name)
{
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_field *f = &ev->fields[i];
        struct ir_str n = f->id != IR_F_NONE ? ir_names_text(ev->names, f->id) : f->name;
        if (ir_str_eq(n, ir_str_z(name))) return keep(a, f->val);
    }
    return keep(a, ir_str_n("", 0));
}

static struct record to_record(const struct ir_event *ev, struct ir_arena *a)
{
    static const char *const system[] = {"EventID",
                                         "Channel",
                                         "Provider_Name",
                                         "Provider_Guid",
                                         "Computer",
                                         "EventRecordID",
                                         "Execution_ProcessID",
                                         "Execution_ThreadID",
                                         "TimeCreated_SystemTime",
                                         "Security_UserID",
                                         "Version",
                                         "Level",
                                         "Task",
                                         "Opcode",
                                         "Keywords",
                                         "Correlation"};
    struct record r = {0};
    size_t n = 0;
    r.id = first_value(ev, a, "EventID");
    r.channel = first_value(ev, a, "Channel");
    r.provider = first_value(ev, a, "Provider_Name");
    r.computer = first_value(ev, a, "Computer");
    r.number = first_value(ev, a, "EventRecordID");
    r.pid = first_value(ev, a, "Execution_ProcessID");
    r.tid = first_value(ev, a, "Execution_ThreadID");
    r.time = first_value(ev, a, "TimeCreated_SystemTime");
    for (uint32_t i = 0; i < ev->nfields && n < RECORD_DATA_MAX; i++) {
        const struct ir_field *f = &ev->fields[i];
        struct ir_str name = f->id != IR_F_NONE ? ir_names_text(ev->names, f->id) : f->name;
        bool skip_it = f->derived || f->type == IR_V_NULL;
        for (size_t k = 0; k < sizeof system / sizeof *system; k++)
            skip_it |= ir_str_eq(name, ir_str_z(system[k]));
        if (!skip_it) r.data[n++] = (struct pair){keep(a, name), keep(a, f->val)};
    }
    return r;
}

static int differences(const struct record *r, const struct ir_event *ev, struct ir_names *names,
                       int64_t time, const char *kind)
{
    int bad = 0;
    bad += !ok(ev->time == time && (ev->flags & IR_EV_ZONE_KNOWN), "%s: time", kind);
    bad += !is_str(ev->record, r->number, "%s: record", kind);
    bad += !is_str(get(ev, names, "EventID"), r->id, "%s: EventID", kind);
    bad += !is_str(get(ev, names, "Channel"), r->channel, "%s: Channel", kind);
    bad += !is_str(get(ev, names, "Computer"), r->computer, "%s: Computer", kind);
    bad += !is_str(get(ev, names, "host.name"), r->computer, "%s: host.name", kind);
    bad += !is_str(get(ev, names, "Provider_Name"), r->provider, "%s: Provider_Name", kind);
    for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++)
        bad += !is_str(get(ev, names, r->data[i].name), r->data[i].value, "%s: %s", kind,
                       r->data[i].name);
    return bad;
}

static void rewrap(const struct record *r, int64_t time, const struct ir_view *sources)
{
    struct ir_names *names = ir_names_new();
    ir_names_add(names, IR_S("EventRecordID"));
    for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++)
        ir_names_add(names, ir_str_z(r->data[i].name));
    struct ir_arena arena = IR_ARENA(1 << 24);
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p = {.fmt = &ir_format_json, .names = names};
    for (int k = 0; k < NKINDS; k++) {
        if (k == 6) continue; /* has the time of the sample */
        struct ir_buf json = IR_BUF(1 << 22);
        wrap(&json, k, r);
        ir_event_begin(ev, ir_buf_view(&json), 0, 1);
        ok(ir_format_json.parse(&p, ir_buf_view(&json), ev) == IR_OK, "%s parses", kinds[k]);
        differences(r, ev, names, time, kinds[k]);
        ok(ev->views[0].nsources == sources->nsources &&
               memcmp(ev->views[0].sources, sources->sources,
                      sources->nsources * sizeof sources->sources[0]) == 0,
           "%s: log sources", kinds[k]);
        ir_buf_free(&json);
    }
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
}

static void check_document(const char *path, bool wrappings)
{
    struct ir_str text = slurp(path), rest = text, rec;
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(1 << 24);
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p = {.fmt = &ir_format_json_docs, .names = names};
    int events = 0, whole = 0, braces = 0;
    ev->want_all = true;
    ok(ir_format_json_docs.bid(ir_str_head(text, 4096)) >
           ir_format_json.bid(ir_str_head(text, 4096)),
       "%s is taken for documents", path);
    for (size_t i = 0; i + 1 < text.n; i++) /* pretty-printed: one such line a record */
        braces += text.p[i] == '{' && (i == 0 || text.p[i - 1] == '\n');
    while (ir_format_json_docs.next(&rest, &rec)) {
        ir_event_begin(ev, rec, 0, 1);
        if (ir_format_json_docs.parse(&p, rec, ev) != IR_OK) continue;
        events++;
        whole += ev->flags == (IR_EV_TIME | IR_EV_ZONE_KNOWN) && ev->record.n > 0 &&
                 get(ev, names, "Channel").n > 0 && get(ev, names, "EventID").n > 0;
        struct record r = to_record(ev, &arena);
        if (wrappings && events == 1) rewrap(&r, ev->time, &ev->views[0]);
    }
    ok(events > 0 && (braces == 0 || events == braces), "%d events", events);
    is_int(whole, events, "all with record, channel, event id and time");
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    free((void *)(uintptr_t)text.p);
}

int main(void)
{
    char root[2048];
    if (!ir_tap_shared("data/sigma/regression", root, sizeof root)) {
        skip("no data/sigma/regression below IR_SHARED");
        return done();
    }
    nftw(root, remember, 16, FTW_PHYS);
    ok(nfiles >= 40, "%zu regression files", nfiles);
    for (size_t i = 0; i < nfiles; i++) {
        check_document(files[i], true);
        free(files[i]);
    }
    return done();
}
