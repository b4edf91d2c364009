/*
 * Apache's error log: the parts of a line from 1.3 to 2.4, and user names that hold a client.
 */
#include "web_test.h"

extern const struct ir_format ir_format_apache_error;

#define OLD "[Sun Nov 22 01:02:03 2026] [error] "
#define NEW "[Sun Nov 22 01:02:03.000456 2026] [auth_basic:error] [pid 11:tid 12] "

static void parts(void)
{
    char text[IR_TIME_TEXT];
    take(OLD "[client 192.0.2.7] File does not exist: /srv/x, referer: http://r/");
    ir_time_rfc3339(ev->time, text);
    is_str(ir_str_z(text), "2026-11-22T01:02:03Z", "time");
    is_str(get(IR_F_LOG_LEVEL), "error", "level");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client");
    is_str(get(IR_F_HTTP_REFERRER), "http://r/", "referrer");
    is_str(get(IR_F_MESSAGE), "[client 192.0.2.7] File does not exist: /srv/x, referer: http://r/",
           "message");
    is_str(get(IR_F_EVENT_ACTION), "file_not_found", "action");
    is_str(get(IR_F_EVENT_OUTCOME), "failure", "outcome");
    is_int(ev->views[0].sources[0], IR_LS_APACHE_ERROR, "log source");
    ok(ev->verbatim, "verbatim");
    take(NEW "[client 192.0.2.7:5678] AH01617: user bob: authentication failure for \"/\": "
             "Password Mismatch");
    ir_time_rfc3339(ev->time, text);
    is_str(ir_str_z(text), "2026-11-22T01:02:03.000456Z", "time with a fraction");
    is_str(get(IR_F_EVENT_PROVIDER), "auth_basic", "module");
    is_str(get(IR_F_PROCESS_PID), "11", "pid");
    is_str(get(IR_F_PROCESS_THREAD_ID), "12", "tid");
    is_str(get(IR_F_SOURCE_PORT), "5678", "port");
    is_str(get(IR_F_EVENT_CODE), "AH01617", "code");
    is_str(get(IR_F_USER_NAME), "bob", "user");
    is_str(get(IR_F_EVENT_ACTION), "http_auth_failed", "action");
    take(NEW "[client 192.0.2.7:5678] AH10244: invalid URI path (/cgi-bin/.%%32%65/a)");
    is_str(get(IR_F_EVENT_ACTION), "bad_request", "a path out of the root");
    is_str(get(IR_F_EVENT_OUTCOME), "failure", "that was refused");
    take(OLD "server reached MaxClients");
    is_str(get(IR_F_SOURCE_IP), NULL, "no client");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "no outcome");
}

static void clients(void)
{
    take(NEW "[client 2001:db8::7:5678] AH01630: client denied by server configuration: /srv");
    is_str(get(IR_F_SOURCE_IP), "2001:db8::7", "2.4 writes IPv6 and port without brackets");
    is_str(get(IR_F_SOURCE_PORT), "5678", "the port");
    is_str(get(IR_F_EVENT_ACTION), "access_forbidden", "action");
    take(OLD "[client 2001:db8::7] client denied by server configuration: /srv");
    is_str(get(IR_F_SOURCE_IP), "2001:db8::7", "2.2 writes no port");
    take(NEW "[client [2001:db8::7]:5678] x");
    is_str(get(IR_F_SOURCE_IP), "2001:db8::7", "with brackets");
    is_str(get(IR_F_SOURCE_PORT), "5678", "and port");
    take(NEW "(13)Permission denied: [client 192.0.2.7:5678] AH00035: access denied");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "behind a system error");
    take(NEW "core.c(45): (2)No such file or directory: [client 192.0.2.7:5678] AH00128: File does "
             "not exist: /x");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "behind file and system error");
    is_str(get(IR_F_EVENT_CODE), "AH00128", "and its code");
    take("[Sun Nov 22 01:02:03.000456 2026] [:error] [pid 11] [client 192.0.2.7:5] [client "
         "192.0.2.7] ModSecurity: Access denied with code 403");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "ModSecurity's client");
    is_str(get(IR_F_EVENT_ACTION), "waf_denied", "ModSecurity's action");
}

static void hostile(void)
{
    take(OLD "[client 192.0.2.7] user x [client 198.51.100.1] user y: authentication failure for "
             "\"/\": Password Mismatch");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a user name with a client");
    is_str(get(IR_F_USER_NAME), "x [client 198.51.100.1] user y", "is a user name");
    take(OLD "script said: [client 198.51.100.1] x");
    is_str(get(IR_F_SOURCE_IP), NULL, "a client in the middle is none");
    take(OLD "[client 192.0.2.7] user a not found: /x not found: /y");
    is_str(get(IR_F_USER_NAME), NULL, "a name or a path with these words: nobody");
    take(OLD "[client 192.0.2.7] user bob: authentication failure for \"/x not found: y\": "
             "Password Mismatch");
    is_str(get(IR_F_USER_NAME), "bob", "the path's words are not Apache's");
    take(OLD "[client 192.0.2.7] Digest: user `bob' in realm `r' not found: /");
    is_str(get(IR_F_USER_NAME), "bob", "digest user");
    refuse("PHP Warning: x in y");
    refuse("[Sun Nov 22 01:02:03 2026] no level");
    refuse("[Sun Nov 42 01:02:03 2026] [error] x");
    refuse("[Sun Nov 22 01:02:03 2026] [er ror] x");
    refuse("[22/Nov/2026:01:02:03 +0900] 200 - GET http h \"/\" [Client 192.0.2.7]");
    refuse("");
    cut_everywhere(NEW "(1)e: [client [::1]:5] [client ::1] AH00000: user `u' in realm `r' not "
                       "found: /, referer: x");
}

int main(void)
{
    if (!web_open("apache_error")) return done();
    parts();
    clients();
    hostile();
    ok(ir_format_apache_error.bid(IR_S(OLD "x\n")) >= 90, "bid on an error log");
    is_int(ir_format_apache_error.bid(IR_S("Nov 22 01:02:03 h x: y\n")), 0, "no bid on syslog");
    return web_close();
}
