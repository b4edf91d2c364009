/*
 * Files that daemons and devices write themselves, with the messages they also send by syslog:
 * fail2ban, clamav, openvpn, yamaha. Who recognises which file; that stamp and parse take the same
 * lines; hostile values.
 */
#include "syslog_test.h"

static struct lines t;

static const struct ir_format *format(const char *name)
{
    return ir_format_by_name(ir_str_z(name));
}

/* "user|ip|rule|file|outcome|action" of a line of the format. */
static void gives(const char *name, const char *text, const char *want)
{
    static const uint32_t ids[] = {IR_F_USER_NAME, IR_F_SOURCE_IP,     IR_F_RULE_NAME,
                                   IR_F_FILE_PATH, IR_F_EVENT_OUTCOME, IR_F_EVENT_ACTION};
    const struct ir_format *f = format(name);
    char got[1024], buf[IR_TIME_TEXT];
    size_t n = 0;
    t.parser.fmt = f;
    line(&t, text);
    is_str(ir_str_z(t.took->name), name, "%s", text);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct ir_str v = field(&t, ids[i]);
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", i ? "|" : "", (int)(v.p ? v.n : 1),
                              v.p ? v.p : "-");
    }
    is_str(ir_str_z(got), want, "%s", text);
    if (text[0] != '/')
        is_str(ir_str_head(ir_str_z(when(&t, buf)), 19), "2026-11-22T01:02:03", "  time");
    ok(is_searchable(&t), "  a scan cannot miss it");
    for (size_t len = 0; len <= strlen(text); len++) {
        struct ir_str rec = ir_str_n(text, len);
        ir_event_begin(t.ev, rec, 0, 1);
        int a = f->parse(&t.parser, rec, t.ev);
        ir_event_begin(t.ev, rec, 0, 1);
        if (a != f->stamp(&t.parser, rec, t.ev)) ok(false, "  a prefix of %zu bytes", len);
    }
}

static void chosen(const char *head, const char *want)
{
    is_str(ir_str_z(ir_formats_choose(NULL, ir_str_z(head), NULL)->name), want, "format of %.50s",
           head);
}

static void test_fail2ban(void)
{
    gives("fail2ban",
          "2026-11-22 01:02:03,123 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.1",
          "-|192.0.2.1|sshd|-|-|ban");
    gives("fail2ban",
          "2026-11-22 01:02:03,123 fail2ban.filter         [812]: INFO    [sshd] Found 2001:db8::1 "
          "- 2026-11-22 01:02:02",
          "-|2001:db8::1|sshd|-|-|found");
    gives("fail2ban", "2026-11-22 01:02:03,123 fail2ban.actions: WARNING [ssh] Ban 192.0.2.1",
          "-|192.0.2.1|ssh|-|-|ban");
    gives("fail2ban",
          "2026-11-22 01:02:03,123 fail2ban.filter         [812]: WARNING Found a match for 'a "
          "[sshd] Ban 203.0.113.66' but no valid date/time",
          "-|-|-|-|-|-");
    chosen("2026-11-22 01:02:03,123 fail2ban.jail           [812]: INFO    Jail 'sshd' started\n",
           "fail2ban");
}

static void test_clamav(void)
{
    gives("clamav", "Sun Nov 22 01:02:03 2026 -> /srv/x.php: Php.Webshell.Test-1 FOUND",
          "-|-|Php.Webshell.Test-1|/srv/x.php|-|detected");
    gives("clamav", "Sun Nov 22 01:02:03 2026 -> /srv/a: B FOUND: Eicar.Test-1(0011:68) FOUND",
          "-|-|Eicar.Test-1|/srv/a: B FOUND|-|detected");
    gives("clamav", "/home/bob/a.doc: Doc.Test-3 FOUND",
          "-|-|Doc.Test-3|/home/bob/a.doc|-|detected");
    gives("clamav", "Sun Nov 22 01:02:03 2026 -> SelfCheck: Database status OK.", "-|-|-|-|-|-");
    chosen("Sun Nov 22 01:02:03 2026 -> +++ Started at Sun Nov 22 01:02:03 2026\n", "clamav");
    chosen(
        "\n-------------------------------------------------------------------------------\n\n"
        "/home/bob/b: Doc.Test-3 FOUND\n\n----------- SCAN SUMMARY -----------\nKnown viruses: 1\n"
        "Engine version: 1.4.3\nScanned files: 2\nInfected files: 1\nData read: 0.00 MB\n"
        "Time: 0.019 sec (0 m 0 s)\n",
        "clamav");
    chosen("/home/bob/a: OK\n/home/bob/b: Doc.Test-3 FOUND\n\n---- SCAN SUMMARY ----\n", "clamav");
    chosen("Sun Nov 22 01:02:03 2026 -> anything\n", "text");
}

static void test_openvpn(void)
{
    gives("openvpn",
          "2026-11-22 01:02:03 192.0.2.1:5 TLS Auth Error: Auth Username/Password verification "
          "failed for peer",
          "-|192.0.2.1|-|-|failure|vpn_login");
    gives("openvpn",
          "Sun Nov 22 01:02:03 2026 us=123 bob/192.0.2.1:5 SIGTERM[soft,x] received, "
          "client-instance exiting",
          "bob|192.0.2.1|-|-|-|-");
    gives("openvpn",
          "2026-11-22 01:02:03 192.0.2.1:5 TLS: Username/Password authentication succeeded for "
          "username 'a/203.0.113.66:7 x'",
          "a/203.0.113.66:7 x|192.0.2.1|-|-|success|vpn_login");
    chosen("2026-11-22 01:02:03 OpenVPN 2.6.3 x86_64-pc-linux-gnu\n2026-11-22 01:02:04 library\n",
           "openvpn");
    chosen("2026-11-22 01:02:03 a web shop said hello\n2026-11-22 01:02:04 and again\n", "text");
}

static void test_yamaha(void)
{
    gives("yamaha",
          "2026/11/22 01:02:03: PP[01] Rejected at IN(1019) filter: TCP 192.0.2.1:1234 > "
          "198.51.100.2:23",
          "-|192.0.2.1|1019|-|-|block");
    gives("yamaha", "2026/11/22 01:02:03: Login failed for SSH: 192.0.2.1 x",
          "x|192.0.2.1|-|-|failure|admin_login");
    chosen("2026/11/22 01:02:03: IP Tunnel[1] Up\n2026/11/22 01:02:04: LAN1: PORT1 link up\n",
           "yamaha");
    chosen("2026/11/22 01:02:03 [error] 1#1: *1 open() failed, client: 192.0.2.1, server: a\n",
           "nginx_error");
}

int main(void)
{
    lines_open(&t, "text", INT64_C(1795392000));
    test_fail2ban();
    test_clamav();
    test_openvpn();
    test_yamaha();
    lines_close(&t);
    return done();
}
