/*
 * event/: fields, views and log sources of one record, the name table.
 */
#include "event/event.h"

#include "base/buf.h"
#include "tests/tap.h"

struct set {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
};

static bool make(struct set *s)
{
    *s = (struct set){.names = ir_names_new(), .arena = IR_ARENA((size_t)1 << 20)};
    if (s->names != NULL) s->ev = ir_event_new(s->names, &s->arena);
    return ok(s->ev != NULL, "an event");
}

static void drop(struct set *s)
{
    ir_event_free(s->ev);
    ir_names_free(s->names);
    ir_arena_free(&s->arena);
}

static void fields(void)
{
    struct set s;
    if (!make(&s)) return;
    struct ir_event *ev = s.ev;
    ir_event_begin(ev, IR_S("raw line"), 100, 7);
    is_str(ev->raw, "raw line", "raw");
    is_int((long long)ev->views[0].offset, 100, "offset");
    is_int((long long)ev->views[0].line, 7, "line");
    is_int(ev->views[0].length, 8, "length");
    is_int(ev->flags, 0, "no flags");
    ok(ev->verbatim, "verbatim until something is derived");
    ir_event_set(ev, IR_F_USER_NAME, IR_S("root"));
    ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("a"));
    ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, IR_S("42"));
    ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("b"));
    ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("c"));
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), "root", "a value");
    is_str(ir_event_get(ev, IR_F_SOURCE_IP, 0), NULL, "a field that is not there");
    is_str(ir_event_get(ev, UINT32_MAX - 1, 0), NULL, "an id that does not exist");
    struct ir_buf b = IR_BUF(100);
    for (uint32_t at = ir_event_first(ev, IR_F_PROCESS_ARGS, 0); at != IR_NOFIELD;
         at = ir_event_next(ev, at))
        ir_buf_str(&b, ev->fields[at].val);
    is_str(ir_buf_view(&b), "abc", "repeated fields come in order");
    ir_buf_free(&b);
    is_int(ev->fields[ir_event_first(ev, IR_F_PROCESS_PID, 0)].type, IR_V_NUMBER, "types are kept");
    ir_event_derive(ev, IR_F_HOST_NAME, IR_S("h"));
    ok(!ev->verbatim, "a derived field is not verbatim");
    is_int(ev->fields[ir_event_first(ev, IR_F_HOST_NAME, 0)].derived, 1, "and says so");
    ir_event_time(ev, 5, IR_EV_ZONE_KNOWN);
    is_int(ev->flags, IR_EV_TIME | IR_EV_ZONE_KNOWN, "time and zone");

    ir_event_begin(ev, IR_S("next"), 0, 0);
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), NULL, "the next record has none of it");
    is_int(ev->flags, 0, "nor its flags");
    ok(ev->verbatim && ev->nfields == 0 && ev->nviews == 1, "nor anything else");
    ev->gen = UINT32_MAX;
    ir_event_begin(ev, IR_S("wrapped"), 0, 0);
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), NULL, "not even when the generation wraps");
    is_str(ir_event_get(ev, IR_F_SOURCE_IP, 0), NULL, "nor a field that was never set");
    ir_event_set(ev, IR_F_USER_NAME, IR_S("new"));
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), "new", "and it goes on working");
    drop(&s);
}

static void views(void)
{
    struct set s;
    if (!make(&s)) return;
    struct ir_event *ev = s.ev;
    ir_event_begin(ev, IR_S("joined"), 10, 1);
    ir_event_set(ev, IR_F_HOST_NAME, IR_S("base-host"));
    ir_event_set(ev, IR_F_USER_NAME, IR_S("base-user"));
    ir_event_source(ev, IR_LS_LINUX_AUDITD);
    is_int(ir_event_view(ev), 1, "a second view");
    ir_event_set(ev, IR_F_USER_NAME, IR_S("one"));
    ir_event_source(ev, IR_LS_LINUX_PROCESS_CREATION);
    ir_event_source(ev, IR_LS_LINUX_PROCESS_CREATION);
    is_int(ir_event_view(ev), 2, "a third");
    ir_event_set(ev, IR_F_USER_NAME, IR_S("two"));
    ir_event_set(ev, IR_F_PROCESS_PID, IR_S("2"));
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), "base-user", "the base sees its own");
    is_str(ir_event_get(ev, IR_F_USER_NAME, 1), "one", "a view sees its own first");
    is_str(ir_event_get(ev, IR_F_USER_NAME, 2), "two", "each its own");
    is_str(ir_event_get(ev, IR_F_HOST_NAME, 2), "base-host", "else the base's");
    is_str(ir_event_get(ev, IR_F_PROCESS_PID, 0), NULL, "the base sees no view's");
    is_str(ir_event_get(ev, IR_F_PROCESS_PID, 1), NULL, "nor does another view");
    uint32_t at = ir_event_first(ev, IR_F_USER_NAME, 1);
    is_int(ir_event_next(ev, at), IR_NOFIELD, "the list of one view does not run into another");
    is_int(ev->views[0].nsources, 1, "the base's log sources");
    is_int(ev->views[1].nsources, 1, "a source is there once");
    is_int(ev->views[2].nsources, 0, "a view without");
    is_int((long long)ev->views[2].offset, 10, "views begin with the record's place");
    drop(&s);
}

static void limits(void)
{
    struct set s;
    if (!make(&s)) return;
    struct ir_event *ev = s.ev;
    ir_event_begin(ev, IR_S("x"), 0, 1);
    for (uint32_t i = 0; i < IR_EVENT_FIELDS_MAX; i++)
        ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("v"));
    is_int(ev->flags, 0, "as many fields as are allowed");
    ir_event_set(ev, IR_F_USER_NAME, IR_S("late"));
    is_int(ev->flags, IR_EV_TRUNCATED, "one more is told");
    is_int(ev->nfields, IR_EVENT_FIELDS_MAX, "and left out");
    is_str(ir_event_get(ev, IR_F_USER_NAME, 0), NULL, "really");
    ir_event_begin(ev, IR_S("x"), 0, 1);
    for (uint32_t i = 1; i < IR_EVENT_VIEWS_MAX; i++)
        ir_event_view(ev);
    is_int(ev->flags, 0, "as many views as are allowed");
    is_int(ir_event_view(ev), IR_EVENT_VIEWS_MAX - 1, "one more is the last again");
    is_int(ev->flags, IR_EV_TRUNCATED, "and told");
    ev->flags = 0;
    for (int ls = 1; ls <= (int)IR_VIEW_SOURCES_MAX; ls++)
        ir_event_source(ev, (enum ir_logsource_id)ls);
    ir_event_source(ev, (enum ir_logsource_id)1);
    is_int(ev->flags, 0, "as many log sources as are allowed, one of them twice");
    ir_event_source(ev, (enum ir_logsource_id)(IR_VIEW_SOURCES_MAX + 1));
    is_int(ev->flags, IR_EV_TRUNCATED, "one more is told");
    is_int(ev->views[ev->cur_view].nsources, IR_VIEW_SOURCES_MAX, "log sources have their limit");
    drop(&s);
}

static void named(void)
{
    struct set s = {.names = ir_names_new(), .arena = IR_ARENA((size_t)1 << 20)};
    if (!ok(s.names != NULL, "names")) return;
    uint32_t id = ir_names_add(s.names, IR_S("CommandLine"));
    s.ev = ir_event_new(s.names, &s.arena);
    if (!ok(s.ev != NULL, "an event")) return;
    ir_event_begin(s.ev, IR_S("{}"), 0, 1);
    ir_event_add_named(s.ev, IR_S("CommandLine"), IR_V_STRING, IR_S("cmd /c"));
    ir_event_add_named(s.ev, IR_S("Unwanted"), IR_V_STRING, IR_S("x"));
    is_str(ir_event_get(s.ev, id, 0), "cmd /c", "a name that was added");
    is_int(s.ev->nfields, 1, "a name that nobody asked for is dropped");
    s.ev->want_all = true;
    ir_event_add_named(s.ev, IR_S("Unwanted"), IR_V_STRING, IR_S("x"));
    is_int(s.ev->nfields, 2, "unless all are wanted");
    is_str(s.ev->fields[1].name, "Unwanted", "then it has its name");
    is_int(s.ev->fields[1].id, IR_F_NONE, "and no id");
    drop(&s);
}

static void names(void)
{
    struct ir_names *n = ir_names_new();
    if (!ok(n != NULL, "names")) return;
    is_int(ir_names_count(n), IR_F_STATIC_MAX, "all fixed names, no two the same");
    int wrong = 0;
    for (uint32_t id = 1; id < IR_F_STATIC_MAX; id++)
        wrong += ir_names_find(n, ir_names_text(n, id)) != id;
    is_int(wrong, 0, "fixed names have their fixed numbers");
    is_str(ir_names_text(n, IR_F_USER_NAME), "user.name", "one of them");
    uint32_t a = ir_names_add(n, IR_S("Image")), b = ir_names_add(n, IR_S("image"));
    ok(a != b, "names that differ in case differ");
    is_int(ir_names_add(n, IR_S("Image")), a, "adding again gives the same");
    is_int(ir_names_add(n, IR_S("user.name")), IR_F_USER_NAME, "also of a fixed one");
    is_int(ir_names_find(n, IR_S("nobody")), IR_F_NONE, "unknown");
    is_int(ir_names_find(n, IR_S("")), IR_F_NONE, "empty");
    is_str(ir_names_text(n, 1u << 30), "", "text of no id");
    ir_names_free(n);
}

static void logsources(void)
{
    struct ir_logsource ev = ir_logsource_get(IR_LS_LINUX_SSHD);
    char buf[64];
    struct ir_logsource rule = {.product = IR_S("linux")};
    ok(ir_logsource_fits(rule, ev), "a rule that gives less fits");
    rule.service = IR_S("SSHD");
    ok(ir_logsource_fits(rule, ev), "case does not count");
    rule.category = IR_S("process_creation");
    ok(!ir_logsource_fits(rule, ev), "a rule that gives more does not");
    ok(!ir_logsource_fits(ev, ir_logsource_get(IR_LS_LINUX)), "nor does a narrower one");
    ok(ir_logsource_fits(ir_logsource_get(IR_LS_NONE), ev), "one that gives nothing fits all");
    ir_logsource_text(ev, buf, sizeof buf);
    is_str(ir_str_z(buf), "linux/sshd", "text");
    ir_logsource_text(ir_logsource_get(IR_LS_NONE), buf, sizeof buf);
    is_str(ir_str_z(buf), "any", "text of none");
    for (size_t cap = 1; cap < 16; cap++) {
        memset(buf, 'x', sizeof buf);
        ir_logsource_text(ev, buf, cap);
        if (memchr(buf, 0, cap) == NULL || buf[cap] != 'x') ok(false, "cut at %zu", cap);
    }
    int empty = 0, twice = 0;
    for (int i = 1; i < IR_LS_MAX; i++) {
        struct ir_logsource a = ir_logsource_get((enum ir_logsource_id)i);
        empty += a.category.n + a.product.n + a.service.n == 0;
        for (int k = 1; k < i; k++) {
            struct ir_logsource o = ir_logsource_get((enum ir_logsource_id)k);
            twice += ir_logsource_fits(a, o) && ir_logsource_fits(o, a);
        }
    }
    is_int(empty, 0, "each log source says something");
    is_int(twice, 0, "and none stands there twice");
}

/* What a parser joined or decoded counts as made although nobody said so. */
static void made(void)
{
    struct set s;
    if (!make(&s)) return;
    struct ir_event *ev = s.ev;
    static const char joined[] = "/a.aspx?cmd=id";
    struct ir_str raw = IR_S("GET /a.aspx cmd=id");
    ir_event_begin(ev, raw, 0, 1);
    ir_event_set(ev, IR_F_URL_PATH, ir_str_n(raw.p + 4, 7));
    ir_event_set(ev, IR_F_URL_ORIGINAL, ir_str_z(joined));
    ir_event_set(ev, IR_F_URL_QUERY, ir_str_n(raw.p + 12, 6));
    ir_event_derive(ev, IR_F_URL_DECODED, ir_str_n(raw.p + 4, 7));
    static const bool want[] = {false, true, false, true};
    for (uint32_t i = 0; i < 4; i++)
        is_int(ir_event_made(ev, &ev->fields[i]), want[i], "field %u", (unsigned)i);
    ev->keytext = ir_str_z(joined);
    ok(!ir_event_made(ev, &ev->fields[1]), "the values of a joined event stand in its keytext");
    drop(&s);
}

int main(void)
{
    made();
    fields();
    views();
    limits();
    named();
    names();
    logsources();
    return done();
}
