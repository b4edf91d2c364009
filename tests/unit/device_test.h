/*
 * What the tests of firewalls' and appliances' formats share: a line in, and what happened, to
 * whom, from where and when out of it.
 */
#ifndef IR_TESTS_DEVICE_TEST_H
#define IR_TESTS_DEVICE_TEST_H

#include "syslog_test.h"

#include "format/device.h"

static struct lines t;

/* "action|outcome|user|source|blocked|when" of a line; "-" for what is not there. */
static inline void gives(const char *text, const char *want)
{
    static const uint32_t ids[] = {IR_F_EVENT_ACTION, IR_F_EVENT_OUTCOME, IR_F_USER_NAME,
                                   IR_F_SOURCE_IP, IR_F_SG_BLOCKED};
    char got[1024], buf[IR_TIME_TEXT];
    size_t n = 0;
    line(&t, text);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct ir_str v = field(&t, ids[i]);
        n += (size_t)snprintf(got + n, sizeof got - n, "%.*s|", (int)(v.p ? v.n : 1),
                              v.p ? v.p : "-");
    }
    snprintf(got + n, sizeof got - n, "%s", when(&t, buf));
    is_str(ir_str_z(got), want, "%s", text);
    ok(t.ev->verbatim || !(t.took->flags & IR_FMT_VERBATIM) ||
           ir_format_must_parse(t.took, t.ev->raw),
       "  a scan cannot miss it");
}

/* Every prefix of a line in an exact block: stamp and parse agree. */
static inline void prefixes(const char *text)
{
    for (size_t n = 0; n <= strlen(text); n++) {
        char *cut = malloc(n ? n : 1);
        memcpy(cut, text, n);
        struct ir_str rec = ir_str_n(cut, n);
        ir_event_begin(t.ev, rec, 0, 1);
        int quick = t.parser.fmt->stamp(&t.parser, rec, t.ev);
        int64_t time = t.ev->time;
        ir_event_begin(t.ev, rec, 0, 1);
        int full = t.parser.fmt->parse(&t.parser, rec, t.ev);
        if (quick != full || (full == IR_OK && time != t.ev->time))
            ok(false, "prefix of %zu bytes of %s", n, text);
        free(cut);
    }
    ok(true, "prefixes of %.60s", text);
}

#endif
