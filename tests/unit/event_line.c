/*
 * The lines of `ir parse`, from events of all kinds of records, also such as an attacker would
 * write.
 */
#include "clean_json.h"
#include "event/event.h"
#include "report/writer.h"

#define T0 INT64_C(1795312923000000000) /* 2026-11-22T02:02:03Z */

struct event_kit {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_buf *b;
};

static struct ir_str write_event(struct event_kit *k)
{
    ir_buf_clear(k->b);
    ir_write_event(k->b, k->ev, "/var/log/x", "syslog");
    ok(is_clean_json(ir_buf_view(k->b)), "event: JSON without a key twice");
    return ir_buf_view(k->b);
}

static void event_order(struct event_kit *k)
{
    struct ir_event *ev = k->ev;
    ir_event_begin(ev, IR_S("raw text"), 10, 2);
    ir_event_set(ev, IR_F_AUDIT_TYPE, IR_S("SYSCALL"));
    ir_event_set(ev, IR_F_SOURCE_PORT, IR_S("22"));
    ir_event_set(ev, IR_F_HOST_NAME, IR_S("web"));
    ir_event_add_named(ev, IR_S("own"), IR_V_NUMBER, IR_S("1e3"));
    ir_event_time(ev, T0, IR_EV_YEAR_INFERRED);
    ir_event_source(ev, IR_LS_LINUX_SSHD);
    ir_event_source(ev, IR_LS_LINUX);
    is_str(write_event(k),
           "{\"@timestamp\":\"2026-11-22T02:02:03Z\",\"host.name\":\"web\",\"source.port\":22,"
           "\"message\":\"raw text\",\"log.file.path\":\"/var/log/x\",\"log.offset\":10,"
           "\"log.line\":2,\"ir.format\":\"syslog\",\"ir.time.year_inferred\":true,"
           "\"ir.time.zone_known\":false,\"ir.logsources\":[\"linux/sshd\",\"linux\"],"
           "\"type\":\"SYSCALL\",\"own\":1e3}\n",
           "event: ECS, message, place, then the record's own");
}

static void event_values(struct event_kit *k)
{
    struct ir_event *ev = k->ev;
    ir_event_begin(ev, IR_S("r"), 0, 1);
    ir_event_set(ev, IR_F_PROCESS_PID, IR_S("007"));
    ir_event_set(ev, IR_F_SOURCE_PORT, IR_S("ssh"));
    ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("ls"));
    ir_event_set(ev, IR_F_PROCESS_ARGS, IR_S("-l"));
    ir_event_set(ev, IR_F_MESSAGE, IR_S("m"));
    ir_event_add_named(ev, IR_S("n1"), IR_V_NUMBER, IR_S("01"));
    ir_event_add_named(ev, IR_S("n2"), IR_V_NUMBER, IR_S("-1.5E+7"));
    ir_event_add_named(ev, IR_S("n3"), IR_V_NUMBER, IR_S("1."));
    ir_event_add_named(ev, IR_S("b"), IR_V_BOOL, IR_S("true"));
    ir_event_add_named(ev, IR_S("c"), IR_V_BOOL, IR_S("yes"));
    ir_event_add_named(ev, IR_S("z"), IR_V_NULL, IR_S(""));
    struct ir_str t = write_event(k);
    ok(has(t, "{\"@timestamp\":null,"), "event: no time is null");
    ok(has(t, "\"process.pid\":\"007\""), "event: leading zeros stay text");
    ok(has(t, "\"source.port\":\"ssh\""), "event: a port that is no number stays text");
    ok(has(t, "\"process.args\":[\"ls\",\"-l\"]"), "event: repeated values are a list");
    ok(has(t, "\"message\":\"m\""), "event: the message");
    ok(has(t, "\"n1\":\"01\",\"n2\":-1.5E+7,\"n3\":\"1.\",\"b\":true,\"c\":\"yes\",\"z\":null"),
       "event: typed values only where they are JSON");
    ok(!ir_str_starts(t, IR_S("ir.time")), "event: no word on zones without a time");
}

static void event_views(struct event_kit *k)
{
    struct ir_event *ev = k->ev;
    ir_event_begin(ev, IR_S("r"), 0, 1);
    ir_event_view(ev);
    ir_event_add_named(ev, IR_S("a0"), IR_V_STRING, IR_S("first"));
    ir_event_set(ev, IR_F_USER_NAME, IR_S("view"));
    ir_event_view(ev);
    ir_event_add_named(ev, IR_S("a0"), IR_V_STRING, IR_S("second"));
    ev->cur_view = 0;
    ir_event_set(ev, IR_F_USER_NAME, IR_S("base"));
    struct ir_str t = write_event(k);
    ok(has(t, "\"a0\":\"first\""), "event: the first view that has a name");
    ok(has(t, "\"user.name\":\"base\""), "event: the base before all views");
}

static void event_hostile(struct event_kit *k)
{
    struct ir_event *ev = k->ev;
    static char names[IR_EVENT_FIELDS_MAX][12];
    ir_event_begin(ev, IR_S("\xff\x1b"), 0, 1);
    static const struct ir_str ours[] = {
        IR_S("@timestamp"), IR_S("log.offset"), IR_S("ir.format"),     IR_S("ir.record"),
        IR_S("message"),    IR_S("ir.damaged"), IR_S("ir.logsources"), IR_S("ir.record.@timestamp"),
        IR_S("x\xff"),      IR_S("x\xfe"),      IR_S("x\xef\xbf\xbd"), IR_S(""),
        IR_S("host.name"),  IR_S("host.name"),  IR_S("a\"b"),          IR_S("ir.unnamed"),
    };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        ir_event_add_named(ev, ours[i], IR_V_STRING, IR_S("own"));
    ev->flags |= IR_EV_DAMAGED | IR_EV_TRUNCATED;
    ev->record = IR_S("77");
    ir_event_source(ev, IR_LS_LINUX);
    struct ir_str t = write_event(k);
    ok(has(t, "\"@timestamp\":null"), "event: a record cannot set our time");
    ok(has(t, "\"ir.record.@timestamp\":"), "event: … but its own is kept");
    ok(has(t, "\"ir.damaged\":true,\"ir.truncated\":true"), "event: damage is said");
    ok(has(t, "\"ir.record\":\"77\""), "event: record number");
    ir_event_begin(ev, IR_S("many"), 0, 1);
    for (size_t i = 0; i < IR_EVENT_FIELDS_MAX; i++) {
        int n = snprintf(names[i], sizeof names[i], "f%zu", i);
        ir_event_add_named(ev, ir_str_n(names[i], (size_t)n), IR_V_STRING, IR_S("v"));
    }
    ok(has(write_event(k), "\"f4095\":\"v\"}\n"), "event: as many fields as there can be");
}

int main(void)
{
    struct ir_buf b = IR_BUF(1 << 22);
    struct event_kit k = {.names = ir_names_new(), .arena = IR_ARENA(1 << 20), .b = &b};
    k.ev = ir_event_new(k.names, &k.arena);
    k.ev->want_all = true;
    event_order(&k);
    event_values(&k);
    event_views(&k);
    event_hostile(&k);
    ir_event_free(k.ev);
    ir_names_free(k.names);
    ir_arena_free(&k.arena);
    ir_buf_free(&b);
    return done();
}
