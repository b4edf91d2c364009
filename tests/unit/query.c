/*
 * rules/query: what terms fit, and expressions that are cut anywhere.
 */
#include "rules/query.h"

#include "event/extra.h"

#include "tests/tap.h"

static struct ir_arena arena = {.max = 1 << 20};

/* Two views: what one program did, and a file it wrote. */
static struct ir_event *make_event(const struct ir_names *names)
{
    struct ir_event *ev = ir_event_new(names, &arena);
    if (ev == NULL) return NULL;
    ir_event_begin(ev, IR_S("sshd: Failed for Root from 203.0.113.7"), 0, 1);
    ev->raw_keywords = true;
    ir_event_set(ev, IR_F_USER_NAME, IR_S("Root"));
    ir_event_set(ev, IR_F_SOURCE_IP, IR_S("203.0.113.7"));
    ir_event_set(ev, IR_F_PROCESS_NAME, IR_S("a*b"));
    ir_event_add(ev, IR_F_HTTP_STATUS, IR_V_NUMBER, IR_S("404"));
    ir_event_view(ev);
    ir_event_set(ev, IR_F_FILE_PATH, IR_S("C:\\Temp\\x.exe"));
    return ev;
}

static int fits(const char *text)
{
    struct ir_names *names = ir_names_new();
    struct ir_err err = {0};
    struct ir_query *q = ir_query_new(names, ir_str_z(text), &err);
    struct ir_event *ev = make_event(names);
    int r = q == NULL || ev == NULL ? -1 : ir_query_match(q, ev);
    ir_query_free(q);
    ir_event_free(ev);
    ir_names_free(names);
    ir_arena_reset(&arena);
    return r;
}

static void terms(void)
{
    static const struct {
        int want;
        const char *text;
    } rows[] = {
        {1, "user:root"},
        {1, "user.name:r?ot"},
        {0, "user:roo"},
        {1, "user:ro*"},
        {1, "user:*"},
        {0, "host:*"},
        {1, "NOT host:*"},
        {1, "not user:bob"},
        {0, "NOT user:root"},
        {1, "NOT NOT user:root"},
        {1, "!user:bob"},
        {1, "ip:203.0.113.0/24"},
        {0, "ip:198.51.100.0/24"},
        {1, "status:>=404 status:<405"},
        {0, "status:>404"},
        {1, "status:404"},
        {1, "program:\"a*b\""},
        {0, "program:\"a?b\""},
        {1, "program:a\\*b"},
        {1, "file.path:\"c:\\temp\\x.exe\""},
        {1, "file.path:*\\x.exe AND user:root"},
        {0, "NOT file.path:*exe"},
        {1, "failed"},
        {1, "\"failed for\""},
        {0, "\"failed  for\""},
        {1, "user:bob OR user:root"},
        {0, "user:bob OR user:root AND status:1"},
        {1, "(user:bob OR user:root) AND status:404"},
        {1, "user:bob or (status:404 and not ip:192.0.2.1)"},
        {1, "user|re:^R.*t$"},
        {1, "user|startswith:ro"},
        {1, "\"sshd: failed\""},
        {0, "\"user=root\""},
        {0, "uid=0 <script> [preauth] a>b"},
        {1, "user:\"root\" OR"},
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++)
        is_int(fits(rows[i].text), rows[i].want, "%s", rows[i].text);
    is_int(fits(rows[sizeof rows / sizeof *rows - 1].text), -1, "an OR without its other side");
}

static void broken(void)
{
    static const char *const rows[] = {
        "", "(", "()", ")", "user:", "\"x", "a (", "NOT", "a AND OR", "user|x:y", "x|re:(", "a)",
        "OR a", "x|expand:%y%",
        /* what others write for it: as text it would be found nowhere */
        "user=root", "user.name!=root", "status>=500", "status >= 500", "user = root",
        "user != root", "user : root", "{user: root}", "user:root source.ip==192.0.2.1"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is_int(fits(rows[i]), -1, "refused: %s", rows[i]);
}

static void prefixes(void)
{
    static const char text[] = "(user:root OR NOT ip:203.0.113.0/24) AND program:\"a\\\"*b\" "
                               "x|cidr:192.0.2.0/24 !(a b:>=5)";
    char cut[sizeof text], deep[400];
    int taken = 0;
    for (size_t n = 0; n < sizeof text; n++) {
        memcpy(cut, text, n);
        cut[n] = '\0';
        taken += fits(cut) >= 0;
    }
    ok(taken > 10, "prefixes end in a message or an answer: %d answers", taken);
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    is_int(fits(deep), -1, "parentheses nested too deep");
}

/* Which names no event had. */
static void names_typed(void)
{
    struct ir_names *names = ir_names_new();
    struct ir_err err = {0};
    struct ir_query_field f;
    struct ir_query *q = ir_query_new(
        names, IR_S("(user:x OR usr.name:y) failed ip:192.0.2.1 AND NOT CommandLine|re:a.b"), &err);
    struct ir_event *ev = make_event(names);
    ok(q != NULL && ev != NULL, "a filter of several names");
    if (q == NULL || ev == NULL) return;
    ok(ir_query_field(q, 0, &f) && f.known && !f.seen, "before the first event none is seen");
    ir_query_match(q, ev);
    ok(ir_query_field(q, 0, &f) && f.known && f.seen, "a short name, seen");
    ok(ir_query_field(q, 1, &f) && !f.known && !f.seen && f.instead == NULL, "a mistyped one");
    is_str(f.name, "usr.name", "… as it was typed");
    ok(ir_query_field(q, 2, &f) && f.seen, "a short name of several fields, one seen");
    ok(ir_query_field(q, 3, &f) && !f.known && !f.seen, "one of Sigma's, not seen");
    is_str(f.name, "CommandLine", "… without its modifier");
    is_str(ir_str_z(f.instead), "process.command_line", "… is called otherwise here");
    ok(!ir_query_field(q, 4, &f), "a text without a field is none");
    is_int((long)ir_query_asks(q), 0, "nothing is computed for them");
    ir_query_free(q);
    ir_event_free(ev);
    q = ir_query_new(names, IR_S("source.geo.country_iso_code:CN ir.time.hour:3"), &err);
    ok(q != NULL && ir_query_asks(q) == (IR_X_SOURCE_GEO | IR_X_CLOCK), "computed fields");
    ir_query_free(q);
    ir_names_free(names);
    ir_arena_reset(&arena);
    bool there = false;
    for (size_t i = 0; ir_query_known(i) != NULL; i++)
        there |= strcmp(ir_query_known(i), "user.name") == 0;
    ok(there, "known names can be walked through");
}

int main(void)
{
    names_typed();
    terms();
    broken();
    prefixes();
    ir_arena_free(&arena);
    return done();
}
