/*
 * Sophos, SonicWall, PAN-OS, CEF and LEEF: what their records give, alone and inside syslog lines;
 * and values that look like more of the line.
 */
#include "device_test.h"

static void use(const char *format)
{
    t.parser.fmt = ir_format_by_name(ir_str_z(format));
}

#define SFW                                                                                        \
    "device=\"SFW\" date=2026-11-22 time=10:02:03 timezone=\"JST\" device_name=\"XG\" "            \
    "device_id=C1 log_id=0101 "
#define XGS                                                                                        \
    "device_name=\"SFW\" timestamp=\"2026-11-22T10:02:03+0900\" device_serial_id=\"X1\" "          \
    "log_id=\"1\" "

static void test_sophos(void)
{
    use("sophos");
    gives(SFW "log_type=\"Firewall\" log_component=\"Firewall Rule\" log_subtype=\"Denied\" "
              "src_ip=192.0.2.7 dst_ip=198.51.100.2 protocol=\"TCP\" src_port=1 dst_port=23",
          "block|-|-|192.0.2.7|true|2026-11-22T01:02:03Z");
    ok(has_source(&t, IR_LS_FIREWALL), "log source");
    is_str(field(&t, IR_F_NETWORK_TRANSPORT), "tcp", "transport");
    gives(XGS "log_type=\"Event\" log_component=\"SSL VPN Authentication\" "
              "log_subtype=\"Authentication\" user_name=\"bob\" src_ip=\"203.0.113.9\" "
              "message=\"x\" status=\"Failed\"",
          "vpn_login|failure|bob|203.0.113.9|-|2026-11-22T01:02:03Z");
    gives(XGS
          "log_type=\"Event\" log_component=\"GUI\" log_subtype=\"Admin\" status=\"Successful\" "
          "user_name=\"admin\" src_ip=192.0.2.9 message=\"User admin logged in successfully\"",
          "admin_login|success|admin|192.0.2.9|-|2026-11-22T01:02:03Z");
    gives("<30>" XGS "log_type=\"Content Filtering\" log_component=\"HTTP\" log_subtype=\"Denied\" "
          "url=\"http://www.example.com/x.exe\" src_ip=192.0.2.9",
          "web_request|-|-|192.0.2.9|true|2026-11-22T01:02:03Z");
    is_str(field(&t, IR_F_URL_DOMAIN), "www.example.com", "host of the URL");
    gives(XGS "log_type=\"Event\" log_component=\"SSL VPN Authentication\" "
              "log_subtype=\"Authentication\" user_name=\"x\\\" src_ip=\\\"10.0.0.1\" "
              "src_ip=\"203.0.113.9\" status=\"Failed\"",
          "vpn_login|failure|x\" src_ip=\"10.0.0.1|203.0.113.9|-|2026-11-22T01:02:03Z");
    prefixes(XGS "log_type=\"Event\" log_component=\"GUI\" user_name=\"b\" status=\"Failed\"");
}

#define SNWL "id=firewall sn=18B1 time=\"2026-11-22 10:02:03 UTC\" fw=192.0.2.1 pri=1 c=32 "

static void test_sonicwall(void)
{
    use("sonicwall");
    gives(SNWL
          "m=36 msg=\"TCP connection dropped\" n=7 src=203.0.113.9:4507:X1 dst=192.0.2.1:445:X0 "
          "proto=tcp/445",
          "block|-|-|203.0.113.9|true|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_DESTINATION_PORT), "445", "port");
    is_str(field(&t, IR_F_IFACE_IN), "X1", "interface");
    ok(has_source(&t, IR_LS_FIREWALL), "log source");
    gives(SNWL
          "m=1080 msg=\"SSL VPN zone remote user login allowed\" src=203.0.113.9::X1 usr=\"bob\"",
          "vpn_login|success|bob|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(SNWL
          "m=30 msg=\"Administrator login denied due to bad credentials\" src=203.0.113.9:1:X1 "
          "usr=admin src=10.0.0.1:1:X1",
          "admin_login|failure|admin|203.0.113.9|-|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_TAGS), "doubled_key", "an unquoted name that holds a pair shows");
    gives(SNWL
          "m=14 msg=\"Web site access denied\" src=192.0.2.62:54993:X0:pc dst=198.51.100.1:443:X1 "
          "proto=tcp/https dstname=www.example.com arg=/x",
          "web_request|-|-|192.0.2.62|true|2026-11-22T10:02:03Z");
    gives(SNWL
          "m=1233 msg=\"IPv6 packet dropped\" srcV6=2001:db8::7 src=:49702:X0 dstV6=2001:db8::8 "
          "dst=:5355 proto=udp/5355",
          "block|-|-|2001:db8::7|true|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_SOURCE_PORT), "49702", "port beside an IPv6 address");
    gives("Nov 22 10:02:03 192.0.2.1 " SNWL "m=537 msg=\"Connection Closed\" src=192.0.2.9:1:X0 "
          "dst=198.51.100.1:80:X1",
          "allow|-|-|192.0.2.9|false|2026-11-22T10:02:03Z");
    prefixes("<134>" SNWL "m=36 msg=\"a\" src=203.0.113.9:4507:X1 dst=192.0.2.1:445:X0 usr=x");
}

#define PAN(type, sub) "1,2026/11/22 10:02:09,0123," type "," sub ",1,2026/11/22 10:02:03,"

static void test_paloalto(void)
{
    use("paloalto");
    gives(
        PAN("TRAFFIC", "end") "192.0.2.7,198.51.100.2,0.0.0.0,0.0.0.0,\"a, b\",corp\\bob,,ssh,v,in,"
                              "out,e2,e1,log,,1,1,5000,22,0,0,0x1,tcp,deny,9,5,4",
        "block|-|corp\\bob|192.0.2.7|true|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_RULE_NAME), "a, b", "rule");
    is_str(field(&t, IR_F_DESTINATION_PORT), "22", "port");
    gives(PAN("THREAT",
              "url") "192.0.2.7,198.51.100.2,,,r,bob,,web,v,in,out,e2,e1,log,,1,1,5000,80,0,"
                     "0,0x1,tcp,block-url,\"www.example.com/a,10.0.0.1,\"\"x\"\"\",(9999),c,"
                     "low,client-to-server",
          "web_request|-|bob|192.0.2.7|true|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_URL_PATH), "/a,10.0.0.1,\"x\"", "a URL with commas and quotes");
    gives(PAN("SYSTEM",
              "auth") ",auth-fail,,0,0,general,medium,\"failed authentication for user "
                      "'x'. Reason: y. From: 10.0.0.1.'. Reason: Invalid username/password. "
                      "auth profile 'p', From: 203.0.113.9.\",5",
          "user_login|failure|x'. Reason: y. From: 10.0.0.1.|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(PAN("SYSTEM", "general") ",general,,0,0,general,info,User admin logged in via Web from "
                                   "203.0.113.9 using https,5",
          "admin_login|success|admin|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(PAN("CONFIG", "0") "203.0.113.9,,set,admin,Web,Succeeded,x,1",
          "config_change|success|admin|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(
        "Nov 22 10:02:03 pa " PAN(
            "GLOBALPROTECT",
            "0") "v,portal-auth,login,ldap,,bob,US,PC,"
                 "203.0.113.9,0.0.0.0,0.0.0.0,0.0.0.0,h,s,5,Windows,W,1,,,\"x\",failure,,0,,0,GP,7",
        "vpn_login|failure|bob|203.0.113.9|-|2026-11-22T10:02:03Z");
    ok(has_source(&t, IR_LS_PALOALTO_GLOBALPROTECT) && !has_source(&t, IR_LS_LINUX), "log source");
    gives(PAN("AUTHENTICATION", "auth") "v,203.0.113.9,bob,bob,,,1,0,,,ldap,Invalid "
                                        "password,GlobalProtect,auth-fail,1,77,0x0",
          "vpn_login|failure|bob|203.0.113.9|-|2026-11-22T10:02:03Z");
    gives(PAN("AUTHENTICATION", "auth") "v,203.0.113.9,bob,bob,,,1,0,,,ldap,,Admin,requested,1,77",
          "-|-|bob|203.0.113.9|-|2026-11-22T10:02:03Z");
    prefixes("<14>" PAN("TRAFFIC", "end") "192.0.2.7,198.51.100.2,,,\"a, b\",bob,,ssh");
}

static void test_cef(void)
{
    use("cef");
    gives(
        "CEF:0|Acme|Fire\\|wall|1|100|Some name|5|rt=1795309323000 src=192.0.2.7 dst=198.51.100.2 "
        "dpt=22 act=blocked suser=bob x cs1=two words cs1Label=Policy Name",
        "block|-|bob x|192.0.2.7|true|2026-11-22T01:02:03Z");
    is_str(field(&t, IR_F_OBSERVER_PRODUCT), "Fire|wall", "an escaped bar");
    is_str(field_named(&t, "Policy Name"), "two words", "a label");
    gives("CEF:0|Acme|W|1|1|Login|5|outcome=failure suser=a src\\=10.0.0.1 b src=203.0.113.9 "
          "end=Nov 22 2026 01:02:03 GMT",
          "user_login|failure|a src=10.0.0.1 b|203.0.113.9|-|2026-11-22T01:02:03Z");
    gives("CEF:0|Acme|W|1|1|Login|5|outcome=failure suser=a src=10.0.0.1 b src=203.0.113.9",
          "user_login|failure|a|-|-|-");
    is_str(field(&t, IR_F_TAGS), "doubled_key", "nobody can tell which is the product's");
    gives("CEF:0|Acme|W|1|1|n|5|rt=1795309323000 msg=x rt=1700000000000", "-|-|-|-|-|-");
    gives("CEF:0|Acme|W|1|1|n|5|msg=x cs1=10.0.0.1 cs1Label=source.ip", "-|-|-|-|-|-");
    gives("<13>Nov 22 10:02:03 gw ASM:CEF:0|F5|ASM|1|1|n|5|src=192.0.2.7 request=/a\\=b",
          "-|-|-|192.0.2.7|-|2026-11-22T10:02:03Z");
    is_str(field(&t, IR_F_URL_ORIGINAL), "/a=b", "escapes are undone");
    gives("CEF:0|Fortinet|Fortigate|7|1|event:system|5|cat=event:system act=Add "
          "FTNTFGTcfgpath=system.admin duser=x FTNTFGTcfgobj=y",
          "user_added|success|x|-|-|-");
    is_str(field(&t, IR_F_USER_TARGET_NAME), "y", "whose account was made");
    is_str(field_named(&t, "cfgpath"), "system.admin", "Fortinet's own key without its prefix");
    ok(has_source(&t, IR_LS_FORTIGATE_EVENT), "log source");
    prefixes(
        "CEF:0|A\\|b|W|1|1|n|5|rt=1795309323000 src=192.0.2.7 request=/a\\=b cs1=x cs1Label=L");
}

/* Names of records, as products write them; user, address and time are beside the point. */
static void test_words(void)
{
    static const struct {
        const char *id, *name, *rest, *want;
    } said[] = {
        {"1", "Login Successful", "", "user_login|success"},
        {"LOGIN_FAILED", "x", "", "user_login|failure"},
        {"webUILogonDenied", "x", "", "admin_login|failure"},
        {"1", "VPNUserLoginSucceeded", "", "vpn_login|success"},
        {"1", "An account failed to log on.", "cat=Logon/Logoff", "user_login|failure"},
        {"1", "An account was logged off.", "cat=Logon/Logoff outcome=success", "user_logout|-"},
        {"1", "Administrator logged in", "", "admin_login|success"},
        {"1", "Authentication", "outcome=success", "user_login|success"},
        {"1", "Authentication", "act=authOk outcome=ok", "user_login|success"},
        {"1", "Log", "act=Failed auth_status=Failed Log In", "user_login|failure"},
        {"1", "Authentication", "", "-|-"}, /* nothing tells how it went */
        {"1", "Password changed for user", "", "password_changed|success"},
        {"1", "Password change failed for user", "", "-|-"},
        {"1", "User added to group", "", "group_member_added|success"},
        {"1", "User group created", "", "group_member_added|success"},
        {"1", "Account deleted", "", "user_deleted|success"},
        {"1", "Firewall rule modified", "", "config_change|-"},
        {"1", "Authentication policy changed", "outcome=success", "config_change|-"},
        {"1", "User session created", "", "-|-"},
        {"1", "File created by user", "", "-|-"},
        {"1", "SSH login brute force", "outcome=failure", "-|failure"},
        {"1", "Multiple failed logins", "", "-|-"},
        {"1", "n", "cat=threat act=login msg=login failed", "login|-"},
        {"1", "n", "msg=User login failed", "-|-"}, /* a sentence may hold anybody's words */
        {"1", "ユーザー追加", "", "user_added|success"},
        {"1", "ログオフ", "", "user_logout|-"},
    };
    use("cef");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        char text[256], want[128];
        snprintf(text, sizeof text, "CEF:0|Acme|W|1|%s|%s|5|%s", said[i].id, said[i].name,
                 said[i].rest);
        snprintf(want, sizeof want, "%s|-|-|-|-", said[i].want);
        gives(text, want);
        struct ir_str action = field(&t, IR_F_EVENT_ACTION);
        if (ir_str_ends(action, IR_S("_login")) || ir_str_starts(action, IR_S("user_")))
            ok(ir_format_must_parse(t.took, t.ev->raw), "  a scan parses it");
    }
    gives("CEF:0|Pulse Secure|PCS|1|1|Login|5|outcome=failure", "vpn_login|failure|-|-|-|-");
    is_str(field(&t, IR_F_EVENT_CATEGORY), "authentication", "category");
    gives("CEF:0|Acme|Threat Scan|1|1|User login failed|5|", "user_login|failure|-|-|-|-");
    ok(ir_format_must_parse(t.took, t.ev->raw), "a product's name hides no log-in");
}

static void test_leef(void)
{
    use("leef");
    gives("LEEF:2.0|Acme|W|1|login|^|devTime=1795309323000^src=192.0.2.7^usrName=a src=10.0.0.1^"
          "action=denied^dst=198.51.100.2",
          "user_login|failure|a src=10.0.0.1|192.0.2.7|true|2026-11-22T01:02:03Z");
    ok(!has_source(&t, IR_LS_FIREWALL), "a log-in is no traffic");
    gives("LEEF:1.0|Acme|W|1|login|devTime=Nov 22 2026 10:02:03\tsrc=192.0.2.7\tusrName=bob x",
          "-|-|bob x|192.0.2.7|-|2026-11-22T10:02:03Z");
    gives("LEEF:2.0|Acme|W|1|x|0x7C|src=192.0.2.7|usrName=bob", "-|-|bob|192.0.2.7|-|-");
    gives("LEEF:1.0|Acme|W|1|x|src=192.0.2.7 usrName=bob", "-|-|bob|192.0.2.7|-|-");
    prefixes("LEEF:2.0|Acme|W|1|login|x5E|devTime=1795309323000^src=192.0.2.7^url=http://h/x?y");
}

/* Keys are found by halving: a table that is not sorted loses some of them. */
static void sorted(const char *const *key, size_t n, const char *name)
{
    bool good = n > 0 && n <= IR_DEVICE_ROWS_MAX;
    for (size_t i = 1; i < n; i++)
        if (strcmp(key[i - 1], key[i]) >= 0) good = ok(false, "%s: %s", name, key[i]);
    ok(good, "%s is sorted", name);
}

static void test_tables(void)
{
#define KEY(row, key, kind, field) key,
    static const char *const fortigate[] = {
#include "format/fortigate_keys.def"
    };
    static const char *const sophos[] = {
#include "format/sophos_keys.def"
    };
    static const char *const sonicwall[] = {
#include "format/sonicwall_keys.def"
    };
    static const char *const cef[] = {
#include "format/cef_keys.def"
    };
    static const char *const leef[] = {
#include "format/leef_keys.def"
    };
    static const char *const generic[] = {
#include "format/generic_keys.def"
    };
#undef KEY
    sorted(fortigate, sizeof fortigate / sizeof *fortigate, "fortigate_keys.def");
    sorted(sophos, sizeof sophos / sizeof *sophos, "sophos_keys.def");
    sorted(sonicwall, sizeof sonicwall / sizeof *sonicwall, "sonicwall_keys.def");
    sorted(cef, sizeof cef / sizeof *cef, "cef_keys.def");
    sorted(leef, sizeof leef / sizeof *leef, "leef_keys.def");
    sorted(generic, sizeof generic / sizeof *generic, "generic_keys.def");
}

int main(void)
{
    test_tables();
    lines_open(&t, "sophos", 1795309300);
    test_sophos();
    test_sonicwall();
    test_paloalto();
    test_cef();
    test_words();
    test_leef();
    lines_close(&t);
    return done();
}
