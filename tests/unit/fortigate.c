/*
 * format/fortigate.c: what its records give, alone and inside syslog lines; and names that look
 * like more of the line.
 */
#include "device_test.h"

#define HEAD "date=2026-11-22 time=10:02:03 devname=\"fw\" devid=\"FGT1\" "

static void test_records(void)
{
    gives(HEAD
          "tz=\"+0900\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" "
          "srcip=192.0.2.7 srcport=1234 dstip=198.51.100.7 dstport=23 proto=17 action=\"accept\"",
          "allow|-|-|192.0.2.7|false|2026-11-22T01:02:03Z");
    is_str(field(&t, IR_F_NETWORK_TRANSPORT), "udp", "transport");
    is_str(field(&t, IR_F_DESTINATION_PORT), "23", "port");
    ok(has_source(&t, IR_LS_FIREWALL) && has_source(&t, IR_LS_FORTIGATE_TRAFFIC), "log sources");
    gives(HEAD "logid=\"1\" type=\"traffic\" srcip=192.0.2.7 action=\"deny\"",
          "block|-|-|192.0.2.7|true|2026-11-22T10:02:03Z");
    gives(HEAD "eventtime=1795309323500000000 logid=\"1\" type=\"event\" subtype=\"vpn\" "
               "action=\"tunnel-up\" tunneltype=\"ssl-tunnel\" remip=203.0.113.9 user=\"bob\"",
          "vpn_login|success|bob|203.0.113.9|-|2026-11-22T01:02:03.500Z");
    gives(HEAD "logid=\"1\" type=\"event\" subtype=\"vpn\" action=\"ssl-login-fail\" "
               "remip=203.0.113.9 user=\"bob\" reason=\"sslvpn_login_unknown_user\"",
          "vpn_login|failure|bob|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(HEAD
          "logid=\"1\" type=\"event\" subtype=\"system\" user=\"admin\" ui=\"https(203.0.113.9)\" "
          "action=\"login\" status=\"failed\"",
          "admin_login|failure|admin|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(HEAD "logid=\"1\" type=\"event\" subtype=\"system\" user=\"admin\" action=\"Add\" "
               "cfgpath=\"system.admin\"",
          "user_added|success|admin|-|-|2026-11-22T10:02:03Z");
    is_str(field_named(&t, "action"), "Add", "the native action stays");
    ok(has_source(&t, IR_LS_FORTIGATE_EVENT), "log source");
    gives("date=2026-11-22,time=10:02:03,devid=\"FGT1\",logid=\"1\",type=\"utm\",subtype=\"ips\","
          "attack=\"A, b\",srcip=192.0.2.7,action=\"dropped\"",
          "intrusion|-|-|192.0.2.7|true|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_RULE_NAME), "A, b", "the attack");
    gives(HEAD "logid=\"1\" type=\"utm\" subtype=\"virus\" virus=\"EICAR\" filename=\"x.exe\" "
               "srcip=192.0.2.7 action=\"blocked\"",
          "malware|-|-|192.0.2.7|true|2026-11-22T10:02:03Z");
    ok(has_source(&t, IR_LS_ANTIVIRUS), "log source");
}

static void test_hostile(void)
{
    gives(HEAD
          "logid=\"1\" type=\"event\" subtype=\"vpn\" action=\"ssl-login-fail\" remip=203.0.113.9 "
          "user=\"x\\\" remip=10.0.0.1 action=\\\"tunnel-up\" group=\"N/A\"",
          "vpn_login|failure|x\" remip=10.0.0.1 "
          "action=\"tunnel-up|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(HEAD
          "logid=\"1\" type=\"event\" subtype=\"vpn\" action=\"ssl-login-fail\" remip=203.0.113.9 "
          "user=\"x\" remip=10.0.0.1 action=\"tunnel-up\" group=\"N/A\"",
          "vpn_login|failure|x|203.0.113.9|-|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_TAGS), "doubled_key", "a key that stands twice shows");
    gives(HEAD "logid=\"1\" type=\"event\" subtype=\"system\" user=\"x\" status=\"success\" y=\"\" "
               "action=\"login\" status=\"failed\"",
          "admin_login|-|x|-|-|2026-11-22T10:02:03Z");
    gives(HEAD
          "logid=\"1\" type=\"event\" source.ip=10.0.0.1 event.outcome=\"success\" user=\"bob\"",
          "-|-|bob|-|-|2026-11-22T10:02:03Z");
    gives(HEAD "logid=\"1\" type=\"traffic\" srcip=words srcport=99999 action=\"accept\"",
          "allow|-|-|-|false|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_SOURCE_ADDRESS), "words", "what is no address");
    ok(field(&t, IR_F_SOURCE_PORT).p == NULL, "no port");
    gives(HEAD "eventtime=1000000000 logid=\"1\" type=\"traffic\" action=\"accept\"",
          "allow|-|-|-|false|2026-11-22T10:02:03Z");
    gives("date=2026-02-30 time=10:02:03 logid=\"1\" type=\"traffic\" srcip=192.0.2.7",
          "-|-|-|192.0.2.7|-|-");
    ok(t.ev->flags & IR_EV_DAMAGED, "a date that is none is damage");
    line(&t, "date=2026-11-22 time=10:02:03 srcip=192.0.2.7");
    ok(t.took != ir_format_by_name(IR_S("fortigate")), "others write date= and time=, too");
}

static void test_syslog(void)
{
#define REST HEAD "logid=\"1\" type=\"traffic\" srcip=192.0.2.7 action=\"deny\""
#define WANT "block|-|-|192.0.2.7|true|2026-11-22T10:02:03Z"
    gives("<189>" REST, WANT);
    gives("Nov 22 10:02:09 fw1 " REST, WANT);
    is_str(field(&t, IR_F_HOST_NAME), "fw1", "the host of the header");
    is_str(ir_str_z(t.took->name), "syslog", "a line of syslog");
    ok(!has_source(&t, IR_LS_LINUX), "a firewall is no Linux");
    gives("<189>Nov 22 10:02:09 " REST, WANT);
    gives("2026-11-22T10:02:09+09:00 fw1 " REST, "block|-|-|192.0.2.7|true|2026-11-22T01:02:09Z");
    gives("<189>1 2026-11-22T10:02:09Z fw1 - - - - " REST,
          "block|-|-|192.0.2.7|true|2026-11-22T10:02:09Z");
    gives("Nov 22 10:02:09 fw1 fortigate: " REST, WANT);
    line(&t, "Nov 22 10:02:09 web sshd[1]: " REST);
    ok(has_source(&t, IR_LS_LINUX_SSHD) && !has_source(&t, IR_LS_FIREWALL),
       "not from a program here");
}

static void test_prefixes(void)
{
    prefixes("<189>" HEAD "eventtime=1795309323500000000 tz=\"+0900\" logid=\"1\" "
             "type=\"event\" subtype=\"vpn\" user=\"x\\\" y\" ui=\"a(192.0.2.1)\" msg=\"z\"");
}

static void test_authenticator(void)
{
    gives(
        "2026-11-22T10:02:03+09:00 192.0.2.1 db[77]:  category=\"Event\" "
        "subcategory=\"Authentication\" typeid=20001 level=\"information\" user=\"bob\" nas=\"x\" "
        "action=\"Authentication\" status=\"Failed\" RADIUS user authentication failed",
        "user_login|failure|bob|-|-|2026-11-22T01:02:03Z");
}

int main(void)
{
    lines_open(&t, "fortigate", 1795309323);
    test_records();
    test_hostile();
    test_syslog();
    test_prefixes();
    test_authenticator();
    lines_close(&t);
    return done();
}
