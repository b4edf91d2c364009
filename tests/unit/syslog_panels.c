/*
 * What stands in a small server room: pfSense and OPNsense, ESXi, Proxmox, Webmin, Samba's
 * authentication records, Synology in Japanese, PostgreSQL by syslog.
 */
#include "syslog_test.h"

static struct lines t;

static void means(const char *tag, const char *msg, const char *want)
{
    char copy[512];
    says(&t, tag, msg, want);
    for (size_t n = 0; n < strlen(msg); n++) { /* each prefix is read without harm */
        snprintf(copy, sizeof copy, "Nov  2 01:02:03 web %s: %.*s", tag, (int)n, msg);
        line(&t, copy);
        if (!is_searchable(&t)) ok(false, "  a prefix of %zu bytes could be missed", n);
    }
    says(&t, tag, msg, want);
}

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

static void test_filterlog(void)
{
    means("filterlog[9]",
          "4,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,192.0.2.1,198.51.100.2,"
          "51234,22,0,S,123456,,64240,,mss;sackOK",
          "-|192.0.2.1|-|block");
    has(IR_F_SOURCE_PORT, "51234");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    has(IR_F_DESTINATION_PORT, "22");
    has(IR_F_NETWORK_TRANSPORT, "tcp");
    has(IR_F_NETWORK_BYTES, "60");
    has(IR_F_NETWORK_DIRECTION, "inbound");
    has(IR_F_IFACE_IN, "igb0");
    has(IR_F_RULE_ID, "1000000103");
    is_str(field_named(&t, "tcp.flags"), "S", "  flags");
    is_str(field_named(&t, "blocked"), "true", "  blocked");
    ok(has_source(&t, IR_LS_FIREWALL), "  firewall");
    means("filterlog",
          "80,,,fae559338f65e11c53669fc3642c93c2,vtnet0,match,pass,out,6,0x00,0x00000,64,UDP,17,60,"
          "2001:db8::1,2001:db8::2,5353,53,40",
          "-|2001:db8::1|-|allow");
    has(IR_F_DESTINATION_PORT, "53");
    has(IR_F_NETWORK_TRANSPORT, "udp");
    has(IR_F_IFACE_OUT, "vtnet0");
    means("filterlog",
          "4,,,7,igb0,match,block,in,4,0x0,,64,0,0,none,1,icmp,84,192.0.2.1,198.51.100.2,request,1,"
          "2",
          "-|192.0.2.1|-|block");
    has(IR_F_SOURCE_PORT, NULL);
    means("filterlog",
          "4,,,7,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,192.0.2.1x,198.51.100.2,99999,22,0",
          "-|-|-|block");
    has(IR_F_SOURCE_PORT, NULL);
    means("filterlog", "4,,,7,igb0,match,block,in,5,0x0,,64", "-|-|-|-");
    /* without a host's name, as pfSense sends it, and as OPNsense does */
    line(&t, "<134>Nov 22 01:02:03 filterlog[9]: 4,,,7,igb0,match,block,in,4,0x0,,64,0,0,DF,17,udp,"
             "60,192.0.2.1,198.51.100.2,51234,53,40");
    has(IR_F_DESTINATION_PORT, "53");
    line(&t, "<134>1 2026-11-22T01:02:03+09:00 fw.example filterlog 9 - [meta sequenceId=\"1\"] "
             "4,,,7,igb0,match,block,in,4,0x0,,64,0,0,DF,17,udp,60,192.0.2.1,198.51.100.2,51234,53,"
             "40");
    has(IR_F_DESTINATION_PORT, "53");
    ok(has_source(&t, IR_LS_FIREWALL), "  firewall");
}

static void test_panels(void)
{
    means("php-fpm[345]", "/index.php: Successful login for user 'admin' from: 192.0.2.7 (Local)",
          "admin|192.0.2.7|success|admin_login");
    means("php-fpm[345]",
          "/index.php: webConfigurator authentication error for user 'x' from: 203.0.113.6 (y' "
          "from: 192.0.2.7",
          "x' from: 203.0.113.6 (y|192.0.2.7|failure|admin_login");
    means("audit", "/index.php: Web GUI authentication error for user 'root' from 192.0.2.7",
          "root|192.0.2.7|failure|admin_login");
    ok(has_source(&t, IR_LS_AUTHENTICATION), "  authentication");
    means("php-fpm[345]", "Successful login for user 'admin' from: 192.0.2.7", "-|-|-|-");
    means("sshguard[5]", "Blocking \"192.0.2.7/32\" for 120 secs (3 attacks in 2 secs)",
          "-|192.0.2.7|-|ban");
    means("pvedaemon[9]",
          "authentication failure; rhost=::ffff:192.0.2.7 user=a user=b@pam msg=Authentication "
          "failure",
          "a user=b@pam|192.0.2.7|failure|admin_login");
    means("proxmox-backup-api[9]",
          "authentication failure; rhost=[::ffff:192.0.2.7]:40022 user=root@pam msg=no",
          "root@pam|192.0.2.7|failure|admin_login");
    has(IR_F_SOURCE_PORT, "40022");
    means("pvedaemon[9]", "<root@pam> successful auth for user 'root@pam'",
          "root@pam|-|success|admin_login");
    means("pvedaemon[9]", "<root@pam> starting task UPID:pve:0001:qmdestroy:100:root@pam:",
          "root@pam|-|-|task_started");
    means("webmin[9]", "Invalid login as root from 192.0.2.7",
          "root|192.0.2.7|failure|admin_login");
}

static void test_esxi(void)
{
    means("Hostd",
          "warning hostd[99] [Originator@6876 sub=Default opID=esxui-1] Rejected password for user "
          "x from 203.0.113.6 from 192.0.2.7",
          "x from 203.0.113.6|192.0.2.7|failure|admin_login");
    means("Hostd[99]",
          "[Originator@6876 sub=Default] Accepted password for user root from 192.0.2.7",
          "root|192.0.2.7|success|admin_login");
    means("Hostd",
          "info hostd[9] [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 12 : User root@192.0.2.7 "
          "logged in as Mozilla/5.0",
          "root|192.0.2.7|success|admin_login");
    means("Hostd", "info hostd[9] [Originator@6876 sub=x] Event 12 : Cannot login root@192.0.2.7",
          "root|192.0.2.7|failure|admin_login");
    means("shell[99]", "[root]: esxcli vm process kill -t force -w 7", "root|-|-|command");
    has(IR_F_PROCESS_COMMAND_LINE, "esxcli vm process kill -t force -w 7");
    means("shell[99]", "Interactive shell session started", "-|-|-|-");
}

static void test_postgres(void)
{
    struct ir_peers peers = {0};
    t.parser.peers = &peers;
    line(&t, "Nov  2 01:02:03 web postgres[99]: [1-1] LOG:  connection received: host=192.0.2.7 "
             "port=4712");
    ok(is_searchable(&t), "a scan cannot miss where a connection comes from");
    says(&t, "postgres[99]", "[2-1] FATAL:  password authentication failed for user \"bob\"",
         "bob|192.0.2.7|failure|database_login");
    says(&t, "postgres[98]", "[2-1] FATAL:  password authentication failed for user \"bob\"",
         "bob|-|failure|database_login");
    says(&t, "postgres[97]", "[1-1] FATAL:  ユーザー\"bob\"のパスワード認証に失敗しました",
         "bob|-|failure|database_login");
    says(&t, "postgres[97]", "[1-1] 致命的エラー:  ユーザー\"bob\"のパスワード認証に失敗しました",
         "bob|-|failure|database_login");
    t.parser.peers = NULL;
}

#define JSON_HEAD                                                                                  \
    "{\"timestamp\": \"2026-11-22T01:02:03.123456+0900\", \"type\": \"Authentication\", "          \
    "\"Authentication\": {\"version\": {\"major\": 1, \"status\": \"x\"}, "
#define JSON_TAIL                                                                                  \
    "\"localAddress\": \"ipv4:198.51.100.2:445\", \"remoteAddress\": \"ipv4:192.0.2.7:4021\", "    \
    "\"clientDomain\": \"EX\", \"workstation\": null, \"passwordType\": \"NTLMv2\"}}"
#define AUTH                                                                                       \
    "Auth: [SMB2,(null)] user [EX]\\[bob] at [Sun, 22 Nov 2026 01:02:03 UTC] with [NTLMv2] "       \
    "status "                                                                                      \
    "[NT_STATUS_WRONG_PASSWORD] workstation [PC1] remote host [ipv4:192.0.2.7:4021] mapped to "    \
    "[EX]\\[bob]. local host [ipv4:198.51.100.2:445]"

static void test_samba(void)
{
    static const char *const text[] = {
        "  " AUTH,
        "[2026/11/22 01:02:03.123456,  3] ../../auth/auth_log.c:653(log_it)#012  " AUTH "#012",
        "[2026/11/22 01:02:03.123456,  3] ../../auth/auth_log.c:653(log_it)   " AUTH,
        JSON_HEAD
        "\"status\": \"NT_STATUS_WRONG_PASSWORD\", \"clientAccount\": \"bob\", " JSON_TAIL,
        "JSON Authentication: " JSON_HEAD
        "\"status\": \"NT_STATUS_WRONG_PASSWORD\", \"clientAccount\": \"bob\", " JSON_TAIL,
        "[2026/11/22 01:02:03.123456,  3] ../../lib/audit_logging/audit_logging.c:141(log)#012 "
        " " JSON_HEAD
        "\"status\": \"NT_STATUS_WRONG_PASSWORD\", \"clientAccount\": \"bob\", " JSON_TAIL,
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        says(&t, "smbd[99]", text[i], "bob|192.0.2.7|failure|smb_login");
        has(IR_F_SOURCE_PORT, "4021");
        has(IR_F_DESTINATION_IP, "198.51.100.2");
        has(IR_F_USER_DOMAIN, "EX");
        has(IR_F_ERROR_CODE, "NT_STATUS_WRONG_PASSWORD");
    }
    says(&t, "smbd[99]",
         JSON_HEAD "\"status\": \"NT_STATUS_OK\", \"clientAccount\": \"b\\\"o\\\", "
                   "\\\"remoteAddress\\\": \\\"ipv4:203.0.113.6:1\", " JSON_TAIL,
         "b\"o\", \"remoteAddress\": \"ipv4:203.0.113.6:1|192.0.2.7|success|smb_login");
    means("smbd[99]", JSON_HEAD "\"status\": \"NT_STATUS_OK\"}}", "-|-|success|smb_login");
    means("smbd[99]", "{\"type\": \"Authorization\", \"Authorization\": {\"status\": \"x\"}}",
          "-|-|-|-");
}

static void test_synology(void)
{
    means("Connection",
          "[192.0.2.7] からのユーザー [bob] は認証に失敗したため、[DSM] "
          "へのサインインに失敗しました。",
          "bob|192.0.2.7|failure|user_login");
    ok(has_source(&t, IR_LS_SYNOLOGY_DSM), "  DSM");
    means("Connection",
          "ユーザー [bob] が [192.0.2.7] から [DSM] へ [password] でサインインしました。",
          "bob|192.0.2.7|success|user_login");
    means("Connection",
          "ユーザー [bob] は [2001:db8::7] から [SSH] 経由でログインできませんでした。",
          "bob|2001:db8::7|failure|user_login");
    means(
        "Connection",
        "ユーザー [x] は [203.0.113.6] からサインインしました [] は [192.0.2.7] からのサインインに"
        "失敗しました。",
        "x|-|failure|user_login");
    means("Connection", "ホスト [192.0.2.7] は [SSH] 経由でブロックされました。",
          "-|192.0.2.7|-|address_blocked");
    means("Connection",
          "User [bob] from [192.0.2.7] failed to sign in to [DSM] via [password] due to "
          "authorization failure.",
          "bob|192.0.2.7|failure|user_login");
}

int main(void)
{
    lines_open(&t, "syslog", INT64_C(1795392000));
    test_filterlog();
    test_panels();
    test_esxi();
    test_postgres();
    test_samba();
    test_synology();
    lines_close(&t);
    return done();
}
