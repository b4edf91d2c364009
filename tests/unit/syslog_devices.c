/*
 * Routers, firewalls, NAS and services that write syslog: who, from where to where, with what
 * result; that each shape of line is found; and that a name which looks like the rest of the line
 * moves nothing.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1795392000)

static struct lines t;

/* "user|source:port|destination:port|transport|rule|outcome|action" of a whole line. */
static void gives(const char *text, const char *want)
{
    static const uint32_t ids[] = {
        IR_F_USER_NAME,      IR_F_SOURCE_IP,        IR_F_SOURCE_PORT,
        IR_F_DESTINATION_IP, IR_F_DESTINATION_PORT, IR_F_NETWORK_TRANSPORT,
        IR_F_RULE_NAME,      IR_F_EVENT_OUTCOME,    IR_F_EVENT_ACTION};
    static const char *const before[] = {"", "|", ":", "|", ":", "|", "|", "|", "|"};
    static char copy[2048];
    char got[2048];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", text);
    line(&t, copy);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct ir_str v = field(&t, ids[i]);
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", before[i], (int)(v.p ? v.n : 1),
                              v.p ? v.p : "-");
    }
    is_str(ir_str_z(got), want, "%s", text);
    is_str(ir_str_z(t.took->name), "syslog", "  is syslog");
    ok(is_searchable(&t), "  a scan cannot miss it");
    for (size_t len = 0; len < strlen(copy); len++) { /* each prefix is read without harm */
        struct ir_str rec = ir_str_n(copy, len);
        ir_arena_reset(&t.arena);
        ir_event_begin(t.ev, rec, 0, 1);
        ir_parser_record(&t.parser, rec, t.ev, &t.took);
        if (!is_searchable(&t)) ok(false, "  a prefix of %zu bytes could be missed", len);
    }
    line(&t, copy);
}

#define AT "Nov 22 01:02:03 gw "

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

static void sources(enum ir_logsource_id a, enum ir_logsource_id b)
{
    ok(has_source(&t, a), "  log source %d", a);
    ok(b == IR_LS_NONE || has_source(&t, b), "  log source %d", b);
}

static void test_asa_shapes(void)
{
#define DENY                                                                                       \
    "%ASA-4-106023: Deny tcp src outside:192.0.2.1/1234 dst inside:198.51.100.2/22 by "            \
    "access-group \"out_in\" [0x0, 0x0]"
#define DENIED "-|192.0.2.1:1234|198.51.100.2:22|tcp|out_in|-|block"
    gives(AT DENY, DENIED);
    has(IR_F_EVENT_CODE, "ASA-4-106023");
    has(IR_F_IFACE_IN, "outside");
    has(IR_F_HOST_NAME, "gw");
    sources(IR_LS_FIREWALL, IR_LS_CISCO_ASA);
    ok(!has_source(&t, IR_LS_LINUX), "  no Linux");
    is_str(field_named(&t, "blocked"), "true", "  blocked");
    gives("Nov 22 2026 01:02:03: " DENY, DENIED);
    gives("Nov 22 2026 01:02:03 gw : " DENY, DENIED);
    has(IR_F_HOST_NAME, "gw");
    gives("<164>Nov 22 2026 01:02:03 gw : " DENY, DENIED);
    gives("<164>Nov 22 2026 01:02:03: " DENY, DENIED);
    gives("<164>" DENY, DENIED);
    gives("2026-11-22T01:02:03+09:00 gw : " DENY, DENIED);
    gives("2026-11-22T01:02:03+09:00 gw " DENY, DENIED);
    gives("Nov 22 01:02:03 192.0.2.254 Nov 22 2026 01:02:03: " DENY, DENIED);
    has(IR_F_HOST_NAME, "192.0.2.254");
    gives(DENY, DENIED);
    gives(AT
          "%FTD-4-106023: Deny udp src out:2001:db8::1/53 dst in:2001:db8::2/5353 by access-group "
          "\"g\" [0x0, 0x0]",
          "-|2001:db8::1:53|2001:db8::2:5353|udp|g|-|block");
    line(&t, AT "sshd[1]: Invalid user %ASA-4-106023: Deny from 192.0.2.9 port 22");
    ok(!has_source(&t, IR_LS_CISCO_ASA), "a name is no message of a firewall");
    line(&t, AT "x: " DENY);
    ok(!has_source(&t, IR_LS_FIREWALL), "nor is what a program writes behind its tag");
}

static void test_asa(void)
{
    gives(AT "%ASA-2-106001: Inbound TCP connection denied from 192.0.2.1/1 to 198.51.100.2/22 "
             "flags SYN  on interface outside",
          "-|192.0.2.1:1|198.51.100.2:22|tcp|-|-|block");
    gives(AT "%ASA-2-106006: Deny inbound UDP from 192.0.2.1/1 to 198.51.100.2/53 on interface "
             "outside",
          "-|192.0.2.1:1|198.51.100.2:53|udp|-|-|block");
    gives(AT "%ASA-2-106007: Deny inbound UDP from 192.0.2.1/53 to 198.51.100.2/1 due to DNS Query",
          "-|192.0.2.1:53|198.51.100.2:1|udp|-|-|block");
    gives(AT "%ASA-3-106014: Deny inbound icmp src outside:192.0.2.1 dst inside:198.51.100.2 "
             "(type 8, code 0)",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|-|-|block");
    gives(AT "%ASA-6-106015: Deny TCP (no connection) from 192.0.2.1/80 to 198.51.100.2/22 flags "
             "RST ACK  on interface outside",
          "-|192.0.2.1:80|198.51.100.2:22|tcp|-|-|block");
    gives(AT "%ASA-1-106021: Deny UDP reverse path check from 192.0.2.1 to 198.51.100.2 on "
             "interface outside",
          "-|192.0.2.1:-|198.51.100.2:-|udp|-|-|block");
    gives(AT
          "%ASA-4-106023: Deny tcp src outside:192.0.2.1/1(LOCAL\\bob) dst inside:198.51.100.2/22 "
          "by access-group \"g\" [0x0, 0x0]",
          "LOCAL\\bob|192.0.2.1:1|198.51.100.2:22|tcp|g|-|block");
    gives(AT "%ASA-6-106100: access-list g denied tcp outside/192.0.2.1(1) -> "
             "inside/198.51.100.2(22) hit-cnt 1 first hit [0x0, 0x0]",
          "-|192.0.2.1:1|198.51.100.2:22|tcp|g|-|block");
    gives(AT "%ASA-6-302013: Built inbound TCP connection 7 for outside:192.0.2.1/1 (192.0.2.1/1) "
             "to inside:198.51.100.2/22 (203.0.113.1/22)",
          "-|192.0.2.1:1|198.51.100.2:22|tcp|-|-|connection_start");
    is_str(field_named(&t, "blocked"), "false", "  not blocked");
    gives(AT "%ASA-6-302013: Built outbound TCP connection 7 for outside:192.0.2.1/443 "
             "(192.0.2.1/443) to inside:198.51.100.2/50000 (203.0.113.1/50000)",
          "-|198.51.100.2:50000|192.0.2.1:443|tcp|-|-|connection_start");
    gives(AT "%ASA-6-302014: Teardown TCP connection 7 for outside:192.0.2.1/1 to "
             "inside:198.51.100.2/22 duration 0:00:30 bytes 1234 TCP FINs",
          "-|192.0.2.1:1|198.51.100.2:22|tcp|-|-|connection_end");
    has(IR_F_NETWORK_BYTES, "1234");
    gives(AT "%ASA-6-302020: Built inbound ICMP connection for faddr 192.0.2.1/0 gaddr "
             "203.0.113.1/0 laddr 198.51.100.2/0 type 8 code 0",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|-|-|connection_start");
    gives(AT "%ASA-6-305011: Built dynamic UDP translation from inside:192.0.2.1/1 to "
             "outside:198.51.100.2/2",
          "-|192.0.2.1:1|-:-|udp|-|-|nat");
    gives(AT "%ASA-3-313001: Denied ICMP type=8, code=0 from 192.0.2.1 on interface outside",
          "-|192.0.2.1:-|-:-|icmp|-|-|block");
    gives(AT "%ASA-4-313004: Denied ICMP type=0, from 192.0.2.1 on interface outside to "
             "198.51.100.2:no matching session",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|-|-|block");
    gives(AT "%ASA-4-338002: Dynamic Filter monitored blacklisted TCP traffic from "
             "inside:198.51.100.2/1 (203.0.113.1/1) to outside:192.0.2.1/80 (192.0.2.1/80), "
             "destination 192.0.2.1 resolved from dynamic list: bad.example, threat-level: high, "
             "category: botnet",
          "-|198.51.100.2:1|192.0.2.1:80|tcp|bad.example|-|botnet_traffic");
    gives(AT "%ASA-4-400013: IPS:2003 ICMP redirect from 192.0.2.1 to 198.51.100.2 on interface "
             "dmz",
          "-|192.0.2.1:-|198.51.100.2:-|-|ICMP redirect|-|intrusion");
    gives(AT "%ASA-3-710003: TCP access denied by ACL from 192.0.2.1/5 to outside:198.51.100.2/ssh",
          "-|192.0.2.1:5|198.51.100.2:-|tcp|-|-|block");
    has(IR_F_NETWORK_PROTOCOL, "ssh");
    gives(AT "%ASA-6-430003: EventPriority: Low, DeviceUUID: x, AccessControlRuleAction: Block, "
             "SrcIP: 192.0.2.1, DstIP: 198.51.100.2, SrcPort: 5, DstPort: 22, Protocol: tcp, "
             "URL: http://a/, SrcIP: 203.0.113.66",
          "-|192.0.2.1:5|198.51.100.2:22|tcp|-|-|block");
    gives(AT "%FTD-6-430002: AccessControlRuleAction: Allow, SrcIP: 192.0.2.1, DstIP: "
             "198.51.100.2, Protocol: tcp, User: No Authentication Required, Client: SSH",
          "-|192.0.2.1:-|198.51.100.2:-|tcp|-|-|connection_start");
    is_str(field_named(&t, "User"), "No Authentication Required", "  as logged");
}

static void test_asa_logins(void)
{
    gives(AT "%ASA-6-113004: AAA user authentication Successful : server =  198.51.100.9 : user = "
             "bob",
          "bob|-:-|-:-|-|-|success|user_login");
    is_str(field_named(&t, "server.address"), "198.51.100.9", "  the server that was asked");
    sources(IR_LS_AUTHENTICATION, IR_LS_CISCO_SYSLOG);
    gives(AT "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = "
             "198.51.100.9 : user = bob : user IP = 192.0.2.1",
          "bob|192.0.2.1:-|-:-|-|-|failure|user_login");
    gives(AT "%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local "
             "database : user = x : user IP = 203.0.113.66 : user IP = 192.0.2.1",
          "x : user IP = 203.0.113.66|192.0.2.1:-|-:-|-|-|failure|user_login");
    gives(AT "%ASA-4-113019: Group = vpn, Username = bob, IP = 192.0.2.1, Session disconnected. "
             "Session Type: SSL, Duration: 0h:01m:02s, Bytes xmt: 1, Bytes rcv: 2, Reason: User "
             "Requested",
          "bob|192.0.2.1:-|-:-|-|-|-|vpn_logout");
    has(IR_F_EVENT_REASON, "User Requested");
    gives(AT "%ASA-6-605004: Login denied from 192.0.2.1/5 to outside:198.51.100.2/ssh for user "
             "\"x\" to outside:203.0.113.66/ssh for user \"root\"",
          "x\" to outside:203.0.113.66/ssh for user \"root|192.0.2.1:5|198.51.100.2:-|-|-|failure|"
          "admin_login");
    gives(AT "%ASA-6-605005: Login permitted from 192.0.2.1/5 to inside:198.51.100.2/ssh for user "
             "\"admin\"",
          "admin|192.0.2.1:5|198.51.100.2:-|-|-|success|admin_login");
    gives(AT "%ASA-6-611101: User authentication succeeded: IP address: 192.0.2.1, Uname: admin",
          "admin|192.0.2.1:-|-:-|-|-|success|admin_login");
    gives(AT "%ASA-6-716039: Group <g> User <a> IP <203.0.113.66> x> IP <192.0.2.1> "
             "Authentication: rejected, Session Type: WebVPN.",
          "a> IP <203.0.113.66> x|192.0.2.1:-|-:-|-|-|failure|vpn_login");
    gives(AT "%ASA-6-722022: Group <g> User <bob> IP <192.0.2.1> TCP SVC connection established "
             "without compression",
          "bob|192.0.2.1:-|-:-|-|-|success|vpn_login");
    gives(AT "%ASA-5-713130: Group = g, Username = bob, IP = 192.0.2.1, Received unsupported "
             "transaction mode attribute: 5",
          "bob|192.0.2.1:-|-:-|-|-|-|vpn");
    gives(AT "%ASA-5-111008: User 'admin' executed the 'no logging enable' command.",
          "admin|-:-|-:-|-|-|-|command");
    has(IR_F_PROCESS_COMMAND_LINE, "no logging enable");
    sources(IR_LS_CISCO_AAA, IR_LS_CISCO_ASA);
    gives(AT "%ASA-5-111010: User 'admin', running 'CLI' from IP 192.0.2.1, executed 'clear "
             "logging buffer'",
          "admin|192.0.2.1:-|-:-|-|-|-|command");
}

static void test_ios(void)
{
#define ACL   "%SEC-6-IPACCESSLOGP: list 101 denied tcp 192.0.2.1(1234) -> 198.51.100.2(80), 1 packet"
#define ACLED "-|192.0.2.1:1234|198.51.100.2:80|tcp|101|-|block"
    gives(AT "45: *Mar  1 00:00:00.003 UTC: " ACL, ACLED);
    has(IR_F_HOST_NAME, "gw");
    sources(IR_LS_FIREWALL, IR_LS_CISCO_SYSLOG);
    gives(AT "45: sw01: 000123: .Nov 22 01:02:03.456 JST: " ACL, ACLED);
    gives(AT ACL, ACLED);
    gives("<189>45: *Nov 22 01:02:03.456: " ACL, ACLED);
    gives("000123: *Nov 22 01:02:03: " ACL, ACLED);
    gives("*Nov 22 01:02:03.456: " ACL, ACLED);
    ok(t.ev->flags & IR_EV_TIME, "  has a time");
    gives("Nov 22 01:02:03.456 JST: " ACL, ACLED);
    gives("2026-11-22T01:02:03+09:00 gw 45: *Mar  1 00:00:00.003 UTC: " ACL, ACLED);
    gives(AT "45: %SEC-6-IPACCESSLOGP: list in permitted udp 192.0.2.1(53) (Gi0/1 0011.2233.4455) "
             "-> 198.51.100.2(5), 2 packets  [0xA]",
          "-|192.0.2.1:53|198.51.100.2:5|udp|in|-|allow");
    has(IR_F_IFACE_IN, "Gi0/1");
    gives(AT "45: %SEC-6-IPACCESSLOGDP: list 101 denied icmp 192.0.2.1 -> 198.51.100.2 (8/0), 1 "
             "packet",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|101|-|block");
    gives(AT "45: %SEC-6-IPACCESSLOGS: list 10 denied 192.0.2.1 1 packet",
          "-|192.0.2.1:-|-:-|-|10|-|block");
    gives(AT "45: %IPV6_ACL-6-ACCESSLOGP: list V6/10 denied tcp 2001:db8::1(5) -> 2001:db8::2(22), "
             "1 packet",
          "-|2001:db8::1:5|2001:db8::2:22|tcp|V6/10|-|block");
    gives(AT "45: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: a] [Source: 203.0.113.66] "
             "[localport: 1]] [Source: 192.0.2.1] [localport: 22] [Reason: Login Authentication "
             "Failed] at 01:02:03 JST Sun Nov 22 2026",
          "a] [Source: 203.0.113.66] [localport: 1]|192.0.2.1:-|-:22|-|-|failure|admin_login");
    gives(AT "45: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: bob] [Source: 192.0.2.1] "
             "[localport: 22] at 01:02:03 JST Sun Nov 22 2026",
          "bob|192.0.2.1:-|-:22|-|-|success|admin_login");
    sources(IR_LS_AUTHENTICATION, IR_LS_CISCO_SYSLOG);
    gives(AT "45: %SYS-5-CONFIG_I: Configured from console by bob on vty0 (192.0.2.1)",
          "bob|192.0.2.1:-|-:-|-|-|-|config_change");
    gives(AT "45: %SSH-5-SSH2_USERAUTH: User 'bob' authentication for SSH2 Session from 192.0.2.1 "
             "(tty = 0) using crypto cipher 'aes256-ctr', hmac 'hmac-sha2-256' Failed",
          "bob|192.0.2.1:-|-:-|-|-|failure|admin_login");
    gives(AT "45: %PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:no logging host 192.0.2.5",
          "bob|-:-|-:-|-|-|-|command");
    sources(IR_LS_CISCO_AAA, IR_LS_CISCO_SYSLOG);
    gives(AT "45: %TCP-6-BADAUTH: No MD5 digest from 192.0.2.1(179) to 198.51.100.2(11003)",
          "-|192.0.2.1:179|198.51.100.2:11003|-|-|failure|bgp_authentication");
    sources(IR_LS_CISCO_BGP, IR_LS_CISCO_SYSLOG);
    gives(AT "45: %IP-TCP-3-BADAUTH: Invalid MD5 digest from 192.0.2.1:11003 to 198.51.100.2:179",
          "-|192.0.2.1:11003|198.51.100.2:179|-|-|failure|bgp_authentication");
    sources(IR_LS_CISCO_BGP, IR_LS_CISCO_SYSLOG);
    gives(AT "45: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up", "-|-:-|-:-|-|-|-|-");
    sources(IR_LS_CISCO_SYSLOG, IR_LS_NONE);
}

static void test_yamaha(void)
{
    gives(AT "PP[01] Rejected at IN(1019) filter: TCP 192.0.2.1:1234 > 198.51.100.2:23",
          "-|192.0.2.1:1234|198.51.100.2:23|tcp|1019|-|block");
    has(IR_F_IFACE_IN, "PP[01]");
    has(IR_F_NETWORK_DIRECTION, "inbound");
    sources(IR_LS_FIREWALL, IR_LS_YAMAHA_RTX);
    gives(AT "LAN2 Rejected at IN(101099) filter: TCP 2001:db8::1.1234 > 2001:db8::2.22",
          "-|2001:db8::1:1234|2001:db8::2:22|tcp|101099|-|block");
    gives(AT "LAN2 Passed at OUT(default) filter: UDP 192.0.2.1:1 > 198.51.100.2:53",
          "-|192.0.2.1:1|198.51.100.2:53|udp|default|-|allow");
    gives(AT "TUNNEL[1] Rejected at OUT(7) filter: ICMP 192.0.2.1 > 198.51.100.2 : echo request",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|7|-|block");
    gives(AT "[INSPECT] PP[01][out][101080] TCP 192.0.2.1:50000 > 198.51.100.2:443 (2026/11/22 "
             "01:02:03)",
          "-|192.0.2.1:50000|198.51.100.2:443|tcp|101080|-|connection_end");
    has(IR_F_IFACE_OUT, "PP[01]");
    gives(AT "[INSPECT] LAN2[in][200] UDP 2001:db8::1.500 > 2001:db8::2.500 (2026/11/22 01:02:03)",
          "-|2001:db8::1:500|2001:db8::2:500|udp|200|-|connection_end");
    gives("<134>[INSPECT] PP[01][out][1] UDP 192.0.2.1:5 > 198.51.100.2:53 (2026/11/22 01:02:03)",
          "-|192.0.2.1:5|198.51.100.2:53|udp|1|-|connection_end");
    gives("2026-11-22T01:02:03+09:00 192.0.2.254 PP[01] Rejected at IN(1) filter: UDP "
          "192.0.2.1:1234 > 198.51.100.2:53",
          "-|192.0.2.1:1234|198.51.100.2:53|udp|1|-|block");
    has(IR_F_HOST_NAME, "192.0.2.254");
    gives(AT "Login succeeded for SSH: 192.0.2.1 admin",
          "admin|192.0.2.1:-|-:-|-|-|success|admin_login");
    sources(IR_LS_AUTHENTICATION, IR_LS_YAMAHA_RTX);
    gives(AT "Login succeeded for TELNET: 192.0.2.1", "-|192.0.2.1:-|-:-|-|-|success|admin_login");
    gives(AT "Login failed for HTTP: 192.0.2.1 a > 203.0.113.66:80 (x)",
          "a > 203.0.113.66:80 (x)|192.0.2.1:-|-:-|-|-|failure|admin_login");
    gives(AT "'administrator' succeeded for TELNET: 192.0.2.1",
          "-|192.0.2.1:-|-:-|-|-|success|enable");
    gives(AT "'administrator' failed for SSH: 192.0.2.1 bob",
          "bob|192.0.2.1:-|-:-|-|-|failure|enable");
    gives(AT "Configuration saved in \"CONFIG0\"", "-|-:-|-:-|-|-|-|config_saved");
    gives(AT "[IKE] respond ISAKMP phase to 192.0.2.1", "-|192.0.2.1:-|-:-|-|-|-|ike_respond");
    gives(AT "[DHCPD] LAN1(port1) Allocates 192.0.2.77: 00:00:5e:00:53:01",
          "-|-:-|192.0.2.77:-|-|-|-|dhcp_lease");
    gives(AT "[SWCTL] LAN1:1 00:00:5e:00:53:01 is found", "-|-:-|-:-|-|-|-|-");
    sources(IR_LS_YAMAHA_RTX, IR_LS_NONE);
    gives(AT "IP Tunnel[1] Down", "-|-:-|-:-|-|-|-|tunnel_down");
    gives(AT "PP[01] PPPoE Disconnect", "-|-:-|-:-|-|-|-|line_down");
    gives(AT "[L2TP] TUNNEL[3] connected from 192.0.2.1", "-|192.0.2.1:-|-:-|-|-|-|tunnel_up");
}

static void test_mikrotik(void)
{
    gives(AT "firewall,info drop-in input: in:ether1 out:(unknown 0), connection-state:new src-mac "
             "00:00:5e:00:53:01, proto TCP (SYN), 192.0.2.1:44355->198.51.100.2:23, len 40",
          "-|192.0.2.1:44355|198.51.100.2:23|tcp|drop-in|-|block");
    has(IR_F_SOURCE_MAC, "00:00:5e:00:53:01");
    has(IR_F_IFACE_IN, "ether1");
    sources(IR_LS_FIREWALL, IR_LS_MIKROTIK_ROUTEROS);
    gives("2026-11-22T01:02:03+09:00 192.0.2.254 firewall,info forward: in:a b out:LAN, "
          "connection-state:new proto UDP, [2001:db8::1]:5->[2001:db8::2]:53, len 112",
          "-|2001:db8::1:5|2001:db8::2:53|udp|-|-|log");
    gives(AT "firewall,info x input: in:e out:(unknown 0), proto ICMP (type 8, code 0), "
             "192.0.2.1->198.51.100.2, len 84",
          "-|192.0.2.1:-|198.51.100.2:-|icmp|x|-|log");
    gives(AT "system,error,critical login failure for user a from 203.0.113.66 via ssh from "
             "192.0.2.1 via winbox",
          "a from 203.0.113.66 via ssh|192.0.2.1:-|-:-|-|-|failure|admin_login");
    sources(IR_LS_AUTHENTICATION, IR_LS_MIKROTIK_ROUTEROS);
    gives(AT "system,error,critical login failure for user  from 2001:db8::1 via ssh",
          "-|2001:db8::1:-|-:-|-|-|failure|admin_login");
    gives(AT "system,info,account user admin logged in from 192.0.2.1 via winbox",
          "admin|192.0.2.1:-|-:-|-|-|success|admin_login");
    gives(AT "l2tp,ppp,info,account bob logged in, 198.51.100.77 from 192.0.2.1",
          "bob|192.0.2.1:-|198.51.100.77:-|-|-|success|vpn_login");
    gives(AT "l2tp,ppp,error <192.0.2.1>: user a from 203.0.113.6 authentication failed",
          "a from 203.0.113.6|192.0.2.1:-|-:-|-|-|failure|vpn_login");
    gives(AT "system,info log rule changed by admin", "admin|-:-|-:-|-|-|-|config_change");
}

static void test_junos(void)
{
    gives("<14>1 2026-11-22T01:02:03.123Z gw RT_FLOW - RT_FLOW_SESSION_DENY "
          "[junos@2636.1.1.1.2.40 source-address=\"192.0.2.1\" source-port=\"5\" "
          "destination-address=\"198.51.100.2\" destination-port=\"23\" protocol-id=\"6\" "
          "policy-name=\"deny-all\" username=\"a\\\" source-address=\\\"203.0.113.66\"]",
          "a\\\" source-address=\\\"203.0.113.66|192.0.2.1:5|198.51.100.2:23|tcp|deny-all|-|block");
    sources(IR_LS_FIREWALL, IR_LS_JUNIPER_JUNOS);
    gives(AT "RT_FLOW: RT_FLOW_SESSION_DENY: session denied 192.0.2.1/5->198.51.100.2/23 0x0 "
             "junos-telnet 6(0) deny-all untrust trust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/0.0",
          "-|192.0.2.1:5|198.51.100.2:23|tcp|deny-all|-|block");
    gives(AT "RT_FLOW: RT_FLOW_SESSION_CLOSE: session closed TCP FIN: "
             "192.0.2.1/5->198.51.100.2/443 junos-https 192.0.2.1/5->198.51.100.2/443 None None 6 "
             "p trust untrust 77",
          "-|192.0.2.1:5|198.51.100.2:443|-|-|-|connection_end");
    gives(AT "RT_IDS: RT_SCREEN_TCP: TCP port scan! source: 192.0.2.1:5, destination: "
             "198.51.100.2:80, zone name: untrust, interface name: ge-0/0/0.0, action: drop",
          "-|192.0.2.1:5|198.51.100.2:80|-|TCP port scan!|-|block");
    gives(AT "sshd[77]: SSHD_LOGIN_FAILED: Login failed for user 'a' from host '203.0.113.66' from "
             "host '192.0.2.1'",
          "a' from host '203.0.113.66|192.0.2.1:-|-:-|-|-|failure|admin_login");
    gives(AT
          "kernel: tcp_auth_ok: Packet from 192.0.2.1:11003->198.51.100.2:179 missing MD5 digest",
          "-|192.0.2.1:11003|198.51.100.2:179|-|-|failure|bgp_authentication");
    sources(IR_LS_JUNIPER_BGP, IR_LS_JUNIPER_JUNOS);
    gives(AT "mgd[77]: UI_CMDLINE_READ_LINE: User 'bob', command 'request system zeroize '",
          "bob|-:-|-:-|-|-|-|command");
    gives(AT "mgd[77]: UI_LOGIN_EVENT: User 'bob' login, class 'super-user' [77], ssh-connection "
             "'192.0.2.1 5 198.51.100.2 22', client-mode 'cli'",
          "bob|192.0.2.1:5|198.51.100.2:22|-|-|success|admin_login");
}

static void test_vpn(void)
{
    gives(AT "openvpn[7]: 192.0.2.1:5 TLS Auth Error: Auth Username/Password verification failed "
             "for peer",
          "-|192.0.2.1:5|-:-|-|-|failure|vpn_login");
    gives(AT "ovpn-server[7]: bob/192.0.2.1:5 TLS: Username/Password authentication succeeded for "
             "username 'bob' [CN SET]",
          "bob|192.0.2.1:5|-:-|-|-|success|vpn_login");
    gives(AT "openvpn[7]: 192.0.2.1:5 [bob] Peer Connection Initiated with [AF_INET]192.0.2.1:5",
          "bob|192.0.2.1:5|-:-|-|-|-|vpn_connect");
    gives(AT "openvpn[7]: TLS Error: cannot locate HMAC in incoming packet from "
             "[AF_INET]192.0.2.1:5",
          "-|192.0.2.1:5|-:-|-|-|failure|tls_error");
    gives(AT "charon[7]: 06[NET] <84> received packet: from 192.0.2.1[500] to 198.51.100.2[500] "
             "(816 bytes)",
          "-|192.0.2.1:500|198.51.100.2:500|-|-|-|ike_packet");
    gives(AT "charon: 06[IKE] <c|84> EAP method EAP_MSCHAPV2 failed for peer bob",
          "bob|-:-|-:-|-|-|failure|vpn_login");
    gives(AT "charon: 06[IKE] <c|84> EAP method EAP_MSCHAPV2 failed for peer 198.51.100.7",
          "-|-:-|-:-|-|-|failure|vpn_login");
    is_str(field_named(&t, "charon.identity"), "198.51.100.7", "  the name is an address");
    gives("Nov 22 01:02:03 06[IKE] <c|84> XAuth authentication of 'bob' failed",
          "bob|-:-|-:-|-|-|failure|vpn_login");
    gives(AT "kernel: [82508.102168] wireguard: wg1: Invalid handshake initiation from "
             "192.0.2.1:51820",
          "-|192.0.2.1:51820|-:-|-|-|failure|vpn_login");
}

static void test_services(void)
{
    gives(AT "Connection: User [bob] from [192.0.2.1] failed to log in via [DSM] due to "
             "authorization failure.",
          "bob|192.0.2.1:-|-:-|-|-|failure|user_login");
    sources(IR_LS_SYNOLOGY_DSM, IR_LS_AUTHENTICATION);
    gives(AT "WinFileService Event: delete, Path: /a/User: x, IP: 203.0.113.66, File/Folder: File, "
             "Size: 1 KB, User: bob, IP: 192.0.2.1",
          "bob|192.0.2.1:-|-:-|-|-|-|file_delete");
    gives(AT "qulogd[7]: conn log: Users: bob, Source IP: 192.0.2.1, Computer name: ---, "
             "Connection type: HTTP, Accessed resources: Administration, Action: Login Fail",
          "bob|192.0.2.1:-|-:-|-|-|failure|user_login");
    sources(IR_LS_QNAP_QTS, IR_LS_AUTHENTICATION);
    gives(AT "fail2ban.actions[7]: NOTICE [sshd] Ban 192.0.2.1", "-|192.0.2.1:-|-:-|-|sshd|-|ban");
    gives(AT "clamd[7]: /srv/www/a: b FOUND: Php.Webshell-1(0011:22) FOUND",
          "-|-:-|-:-|-|Php.Webshell-1|-|detected");
    has(IR_F_FILE_PATH, "/srv/www/a: b FOUND");
    sources(IR_LS_ANTIVIRUS, IR_LS_LINUX_CLAMAV);
    gives(AT "xinetd[7]: FAIL: telnet address from=192.0.2.1",
          "-|192.0.2.1:-|-:-|-|-|failure|service_refused");
    has(IR_F_SERVICE_NAME, "telnet");
}

static void test_bigip_macos(void)
{
    gives(AT
          "info httpd[9]: 01070417:6: AUDIT - user bob - RAW: httpd(mod_auth_pam): User=b host=x "
          "tty=(unknown) host=192.0.2.1 failed to login after 1 attempts",
          "b host=x|192.0.2.1:-|-:-|-|-|failure|admin_login");
    sources(IR_LS_F5_BIGIP, IR_LS_AUTHENTICATION);
    gives(AT "notice mcpd[5678]: 01070638:5: Pool /Common/web member down", "-|-:-|-:-|-|-|-|-");
    has(IR_F_HOST_NAME, "gw");
    has(IR_F_PROCESS_NAME, "mcpd");
    has(IR_F_LOG_SEVERITY, "notice");
    gives(
        "2026-11-22 01:02:03.123456+0900  mac1 screensharingd[35]: Authentication: FAILED :: User "
        "Name: b :: Viewer Address: 203.0.113.6 :: Viewer Address: 192.0.2.1 :: Type: DH",
        "b :: Viewer Address: 203.0.113.6|192.0.2.1:-|-:-|-|-|failure|screen_sharing");
    sources(IR_LS_MACOS, IR_LS_AUTHENTICATION);
    gives("2026-11-22 01:02:03.123456+0900  mac1 sshd[3]: Invalid user bob from 192.0.2.1 port 22",
          "bob|192.0.2.1:22|-:-|-|-|failure|ssh_invalid_user");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_asa_shapes();
    test_asa();
    test_asa_logins();
    test_ios();
    test_yamaha();
    test_mikrotik();
    test_junos();
    test_vpn();
    test_services();
    test_bigip_macos();
    lines_close(&t);
    return done();
}
