/*
 * Files of RouterOS 6: its own stamp, with and without a year, in front of the messages that come
 * by syslog otherwise; and what only looks like one.
 */
#include "syslog_test.h"

#define LOGIN "system,info,account user admin logged in from 192.0.2.1 via winbox"
#define TIME  INT64_C(1795309323000000000) /* 2026-11-22 01:02:03 UTC */

static struct lines t;

static void at(const char *text, int64_t time)
{
    line(&t, text);
    is_str(field(&t, IR_F_EVENT_ACTION), "admin_login", "%s", text);
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "  from where");
    is_int(t.ev->time, time, "  when");
    ok(is_searchable(&t), "  a scan cannot miss it");
}

static void no_stamp(const char *text)
{
    line(&t, text);
    ok(!ir_str_eq(ir_str_z(t.took->name), IR_S("syslog")), "not taken: %s", text);
}

int main(void)
{
    lines_open(&t, "syslog", INT64_C(1795392000));
    at("nov/22/2026 01:02:03 " LOGIN, TIME);
    at("Nov/22/2026 01:02:03 " LOGIN, TIME);
    at("nov/22 01:02:03 " LOGIN, TIME);
    line(&t, "nov/22 01:02:03 pppoe,ppp,error <pppoe-1>: user bob authentication failed");
    is_str(field(&t, IR_F_EVENT_ACTION), "vpn_login", "an interface is no address");
    ok(field(&t, IR_F_SOURCE_IP).p == NULL && field(&t, IR_F_SOURCE_DOMAIN).p == NULL, "  none");
    line(&t, "nov/22 01:02:03 system,info user support added by admin");
    is_str(field(&t, IR_F_USER_TARGET_NAME), "support", "an account is made");
    ok(has_source(&t, IR_LS_ACCOUNT_CHANGE) && is_searchable(&t), "  and found");
    no_stamp("nov/31/2026 01:02:03 " LOGIN);
    no_stamp("nov/00/2026 01:02:03 " LOGIN);
    no_stamp("nov/22/2026 25:02:03 " LOGIN);
    no_stamp("nox/22/2026 01:02:03 " LOGIN);
    no_stamp("nov/22/2026 01:02:03 some words that no router writes");
    for (size_t len = 0; len < sizeof "nov/22/2026 01:02:03 " LOGIN - 1; len++) {
        static char copy[128];
        snprintf(copy, sizeof copy, "%.*s", (int)len, "nov/22/2026 01:02:03 " LOGIN);
        line(&t, copy);
    }
    ok(true, "each prefix is read without harm");
    lines_close(&t);
    return done();
}
