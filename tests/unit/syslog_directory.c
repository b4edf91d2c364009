/*
 * Who logs in from where: format/syslog_directory.c (slapd's connections, saslauthd, FreeRADIUS by
 * syslog), and the prefix of OpenVPN's lines in syslog_vpn.c.
 */
#include "rows.h"

#define S "Nov 22 01:02:03 ldap slapd[812]: "
#define A "Nov 22 01:02:03 mx saslauthd[812]: "
#define R "Nov 22 01:02:03 aaa radiusd[812]: "

static void test_slapd(void)
{
    static struct ir_peers peers;
    struct lines t;
    lines_open(&t, "syslog", 1795400000);
    t.parser.peers = &peers;
    gives(&t, IR_S(S "conn=7 fd=12 ACCEPT from IP=192.0.2.7:45852 (IP=0.0.0.0:389)"),
          "event.action=ldap_connection|source.ip=192.0.2.7|source.port=45852");
    gives(&t, IR_S(S "conn=8 fd=13 ACCEPT from IP=[2001:db8::7]:45853 (IP=[::]:389)"),
          "event.action=ldap_connection|source.ip=2001:db8::7|source.port=45853");
    gives(&t, IR_S(S "conn=9 fd=13 ACCEPT from PATH=/run/slapd/ldapi (PATH=/run/slapd/ldapi)"),
          "event.action=-|source.ip=-");
    gives(&t, IR_S(S "conn=7 op=0 BIND dn=\"uid=a\\22 mech=b,dc=example\" method=128"),
          "event.action=ldap_bind|event.outcome=-|user.name=uid=a\\22 mech=b,dc=example|"
          "source.ip=192.0.2.7");
    gives(&t, IR_S(S "conn=7 op=0 RESULT tag=97 err=49 text="),
          "event.action=ldap_login|event.outcome=failure|source.ip=192.0.2.7|error.code=49");
    ok(has_source(&t, IR_LS_AUTHENTICATION), "log source");
    gives(&t, IR_S(S "conn=8 op=0 BIND dn=\"uid=bob,dc=example\" mech=SIMPLE bind_ssf=0 ssf=0"),
          "event.action=ldap_login|event.outcome=success|user.name=uid=bob,dc=example|"
          "source.ip=2001:db8::7");
    gives(&t, IR_S(S "conn=8 op=0 BIND dn=\"\" mech=SIMPLE ssf=0"), "event.outcome=-");
    gives(&t, IR_S(S "conn=8 op=0 RESULT tag=97 err=0 text="), "event.outcome=-");
    gives(&t, IR_S(S "conn=8 op=1 RESULT tag=97 err=14 text="), "event.outcome=-");
    gives(&t, IR_S(S "conn=8 op=1 SEARCH RESULT tag=101 err=49 text="), "event.outcome=-");
    gives(&t, IR_S(S "conn=99 op=0 RESULT tag=97 err=49 text="),
          "event.outcome=failure|source.ip=-");
    prefixes(&t, IR_S(S "conn=8 op=0 BIND dn=\"uid=bob\" mech=SIMPLE ssf=0"));
    prefixes(&t, IR_S(S "conn=7 fd=12 ACCEPT from IP=192.0.2.7:45852 (IP=0.0.0.0:389)"));
    lines_close(&t);
}

static void test_saslauthd(void)
{
    struct lines t;
    lines_open(&t, "syslog", 1795400000);
    gives(&t,
          IR_S(A "do_auth         : auth failure: [user=bob] [service=smtp] [realm=example.com] "
                 "[mech=pam] [reason=PAM auth error]"),
          "event.action=sasl_login|event.outcome=failure|user.name=bob|service.name=smtp|"
          "event.reason=PAM auth error");
    gives(&t,
          IR_S(A "do_auth: auth failure: [user=x] [service=imap] [realm=] [mech=pam] [reason=y] "
                 "[service=smtp] [realm=] [mech=pam] [reason=PAM auth error]"),
          "user.name=x] [service=imap] [realm=] [mech=pam] [reason=y|service.name=smtp");
    gives(&t, IR_S(A "detach_tty      : master pid is: 812"), "event.action=-");
    prefixes(&t,
             IR_S(A "do_auth : auth failure: [user=b] [service=s] [realm=] [mech=m] [reason=r]"));
    lines_close(&t);
}

static void test_radius(void)
{
    struct lines t;
    lines_open(&t, "syslog", 1795400000);
    gives(&t,
          IR_S(R "(3) Login incorrect (mschap: MS-CHAP2-Response is incorrect): "
                 "[bob/<via Auth-Type = mschap>] (from client ap1 port 0 cli 02-00-00-00-00-01)"),
          "event.action=network_login|event.outcome=failure|user.name=bob|radius.client=ap1|"
          "source.mac=02-00-00-00-00-01|event.reason=mschap: MS-CHAP2-Response is incorrect");
    gives(&t, IR_S(R "Login OK: [bob] (from client vpn1 port 12 cli 192.0.2.7 via TLS tunnel)"),
          "event.action=network_login|event.outcome=success|user.name=bob|source.ip=192.0.2.7|"
          "radius.client=vpn1");
    gives(&t,
          IR_S(R "(5) Login incorrect: [x] (from client a port 0 cli 203.0.113.9) Login OK: [y] "
                 "(from client ap1 port 0)"),
          "event.outcome=failure|user.name=x] (from client a port 0 cli 203.0.113.9) Login OK: [y|"
          "radius.client=ap1|source.ip=-");
    gives(&t, IR_S(R "Ready to process requests"), "event.action=-");
    prefixes(&t, IR_S(R "(3) Login incorrect (r): [b] (from client a port 0 cli 192.0.2.7)"));
    lines_close(&t);
}

static void test_openvpn(void)
{
    struct lines t;
    lines_open(&t, "syslog", 1795400000);
    gives(&t,
          IR_S("Nov 22 01:02:03 gw openvpn[7]: Bob B/C/192.0.2.1:5 Inactivity timeout "
               "(--ping-restart), restarting"),
          "event.action=vpn_logout|user.name=Bob B/C|source.ip=192.0.2.1|source.port=5");
    gives(&t,
          IR_S("Nov 22 01:02:03 gw openvpn[7]: 192.0.2.1:5 TLS: Username/Password authentication "
               "succeeded for username 'x/203.0.113.9:1 y'"),
          "event.outcome=success|source.ip=192.0.2.1");
    gives(&t,
          IR_S("Nov 22 01:02:03 gw openvpn[7]: VERIFY ERROR: depth=0, error=x: "
               "CN=a/203.0.113.9:1 b"),
          "event.action=vpn_login|event.outcome=failure|source.ip=-|user.name=-");
    lines_close(&t);
}

int main(void)
{
    test_openvpn();
    test_slapd();
    test_saslauthd();
    test_radius();
    return done();
}
