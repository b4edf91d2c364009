/*
 * Mail and FTP servers in syslog: who, from where, with what result; and that nothing which a
 * client chooses moves into a field that the daemon fills.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1795305600) /* 2026-11-22 */

static struct lines t;

static void means(const char *tag, const char *msg, const char *want)
{
    says(&t, tag, msg, want);
}

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  %s", want ? want : "nothing");
}

static void test_postfix(void)
{
    const char *tag = "postfix/smtpd[12]";
    means(tag, "connect from mx.example.org[192.0.2.7]", "-|192.0.2.7|-|mail_connection");
    has(IR_F_SOURCE_DOMAIN, "mx.example.org");
    means(tag, "connect from unknown[2001:db8::7]:4321", "-|2001:db8::7|-|mail_connection");
    has(IR_F_SOURCE_PORT, "4321");
    has(IR_F_SOURCE_DOMAIN, NULL);
    means("postfix/submission/smtpd[9]",
          "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
          "-|192.0.2.7|failure|mail_login");
    means("postfix-in/smtps/smtpd[9]",
          "warning: h.example[192.0.2.7]: SASL PLAIN authentication failed: bad, "
          "sasl_username=bob, relay=x[192.0.2.9]",
          "bob, relay=x[192.0.2.9]|192.0.2.7|failure|mail_login");
    means(tag, "4bXyZ01abcz: client=h.example[192.0.2.7], sasl_method=PLAIN, sasl_username=bob",
          "bob|192.0.2.7|success|mail_login");
    has(IR_F_EMAIL_LOCAL_ID, "4bXyZ01abcz");
    means(tag, "9F1B2C3D4E: client=h.example[192.0.2.7]", "-|192.0.2.7|-|mail_accepted");
    means(tag,
          "NOQUEUE: reject: RCPT from h.example[192.0.2.7]: 554 5.7.1 <a@b.example>: Relay access "
          "denied; from=<c@d.example> to=<a@b.example> proto=ESMTP helo=<x>",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_ERROR_CODE, "554");
    has(IR_F_EMAIL_FROM, "c@d.example");
    has(IR_F_EMAIL_TO, "a@b.example");
    has(IR_F_EVENT_REASON, "relay access denied");
    has(IR_F_EMAIL_LOCAL_ID, NULL);
    means("postfix/postscreen[3]",
          "NOQUEUE: reject: RCPT from [192.0.2.7]:4407: 550 5.7.1 Service unavailable",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_SOURCE_PORT, "4407");
    means("postfix/postscreen[3]", "PREGREET 14 after 0.2 from [192.0.2.7]:44: EHLO x\\r\\n",
          "-|192.0.2.7|failure|mail_protocol_error");
    means("postfix/postscreen[3]", "DNSBL rank 3 for [192.0.2.7]:44",
          "-|192.0.2.7|failure|mail_blocklisted");
    means(tag, "lost connection after AUTH from unknown[192.0.2.7]",
          "-|192.0.2.7|-|mail_disconnect");
    means(tag, "warning: non-SMTP command from unknown[192.0.2.7]: GET / HTTP/1.1",
          "-|192.0.2.7|failure|mail_protocol_error");
    means(tag, "warning: hostname h.example does not resolve to address 192.0.2.7: No address",
          "-|192.0.2.7|-|mail_unverified_client");
    means("postfix/qmgr[1]", "9F1B2C3D4E: from=<a@b.example>, size=1, nrcpt=1 (queue active)",
          "-|-|-|mail_queued");
    has(IR_F_EMAIL_FROM, "a@b.example");
    means("postfix/smtp[1]",
          "9F1B2C3D4E: to=<a@b.example>, relay=mx.b.example[198.51.100.2]:25, delay=1, "
          "dsn=2.0.0, status=sent (250 ok)",
          "-|-|success|mail_sent");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    has(IR_F_EMAIL_TO, "a@b.example");
    means("postfix/pickup[1]", "9F1B2C3D4E: uid=33 from=<www-data>", "-|-|-|mail_queued");
    has(IR_F_USER_ID, "33");
    means("postfix/local[1]", "warning: something else", "-|-|-|-");
}

/* What a client sends cannot name another client, sender or recipient. */
static void test_postfix_hostile(void)
{
    const char *tag = "postfix/smtpd[12]";
    means(tag,
          "NOQUEUE: reject: RCPT from h.example[192.0.2.7]: 554 5.7.1 <x; from=<f@f.example> "
          "to=<t@t.example>@b.example>: Relay access denied; from=<c@d.example> to=<y> helo=<z>",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_EMAIL_FROM, NULL);
    has(IR_F_EMAIL_TO, NULL);
    means("postfix/cleanup[12]",
          "9F1B2C3D4E: reject: header Subject: a from b[192.0.2.9]; from h.example[192.0.2.7]; "
          "from=<c@d.example>",
          "-|-|failure|mail_rejected");
    means("postfix/smtp[1]",
          "9F1B2C3D4E: to=<a@b.example>, relay=mx[198.51.100.2]:25, dsn=5.0.0, status=bounced "
          "(host said: 550 , status=sent (ok))",
          "-|-|-|-");
}

static void test_dovecot(void)
{
    means("dovecot",
          "imap-login: Login: user=<bob>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.2, mpid=1, "
          "TLS, session=<abc>",
          "bob|192.0.2.7|success|mail_login");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    means("dovecot[3]",
          "pop3-login: Aborted login (auth failed, 1 attempts in 6 secs): user=<bob@b.example>, "
          "method=LOGIN, rip=192.0.2.7, lip=198.51.100.2",
          "bob@b.example|192.0.2.7|failure|mail_login");
    means("dovecot",
          "imap-login: Disconnected: Connection closed (auth failed, 3 attempts in 9 secs): "
          "user=<>, rip=2001:db8::7, lip=2001:db8::2, session=<x>",
          "-|2001:db8::7|failure|mail_login");
    means("dovecot",
          "imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=192.0.2.7, "
          "lip=198.51.100.2, TLS handshaking: SSL_accept() failed",
          "-|192.0.2.7|-|mail_disconnect");
    means("dovecot",
          "imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) "
          "(auth_failed): user=<bob>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.2, TLS",
          "bob|192.0.2.7|failure|mail_login");
    means("dovecot",
          "imap-login: Login aborted: Connection closed (no auth attempts in 0 secs) "
          "(no_auth_attempts): user=<>, rip=192.0.2.7, lip=198.51.100.2",
          "-|192.0.2.7|-|mail_disconnect");
    means("imap-login", "Info: Login: user=<bob>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.2",
          "bob|192.0.2.7|success|mail_login");
    means("dovecot", "auth: passwd-file(bob,192.0.2.7): unknown user",
          "bob|192.0.2.7|failure|mail_login");
    means("dovecot", "auth-worker(7): sql(bob,192.0.2.7,<abc>): Password mismatch",
          "bob|192.0.2.7|failure|mail_login");
    means("dovecot",
          "auth-worker(7): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: "
          "pam(bob,192.0.2.7,<abc>): pam_authenticate() failed: Authentication failure",
          "bob|192.0.2.7|failure|mail_login");
    means("dovecot", "imap(bob)<12><abc>: Disconnected: Logged out in=1 out=2",
          "bob|-|-|mail_logout");
    /* a name that looks like the rest of the line */
    means("dovecot",
          "imap-login: Aborted login (auth failed, 1 attempts in 6 secs): user=<a>, method=PLAIN, "
          "rip=192.0.2.9, lip=192.0.2.8>, method=LOGIN, rip=192.0.2.7, lip=198.51.100.2",
          "a>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.8|192.0.2.7|failure|mail_login");
    means("dovecot", "auth: sql(a,192.0.2.9): b,192.0.2.7,<abc>): Password mismatch",
          "-|-|failure|mail_login");
}

static void test_exim(void)
{
    means("exim[1]",
          "dovecot_login authenticator failed for h.example ([192.0.2.9]) [192.0.2.7]:55: 535 "
          "Incorrect authentication data (set_id=bob (set_id=x)",
          "bob (set_id=x|192.0.2.7|failure|mail_login");
    has(IR_F_SOURCE_PORT, "55");
    has(IR_F_SOURCE_DOMAIN, "h.example");
    means("exim[1]",
          "login authenticator failed for (x [192.0.2.9]) [192.0.2.7]: 535 Incorrect "
          "authentication data (set_id=bob)",
          "bob|192.0.2.7|failure|mail_login");
    means("exim[1]",
          "2026-11-22 01:02:03 +0900 [12] H=(x) [192.0.2.7]:1 F=<a@b.example> rejected RCPT "
          "<c@d.example>: relay not permitted",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_EMAIL_FROM, "a@b.example");
    has(IR_F_EMAIL_TO, "c@d.example");
    has(IR_F_EVENT_REASON, "relay access denied");
    means("exim[1]",
          "1rABCd-000123-Ab <= a@b.example H=h.example (x) [192.0.2.7] P=esmtpsa "
          "A=dovecot_login:bob S=123",
          "bob|192.0.2.7|success|mail_login");
    /* what a message says of itself */
    means("exim[1]",
          "1rABCd-000123-Ab <= a@b.example H=h.example (x) [192.0.2.7] P=esmtp S=123 "
          "id=1 A=plain:admin@b.example T=\"x A=plain:admin \"",
          "-|192.0.2.7|-|mail_accepted");
    means("exim[1]",
          "1rABCd-000123-Ab <= a@b.example H=h.example (x) [192.0.2.7] P=esmtpsa A=plain:bob "
          "S=123 id=1 A=plain:admin@b.example",
          "bob|192.0.2.7|success|mail_login");
    means("exim[1]", "1rABCd-000123-Ab => c@d.example R=r T=smtp H=mx.example [198.51.100.2]",
          "-|-|success|mail_sent");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    means("exim[1]", "1rABCd-000123-Ab Completed", "-|-|-|mail_completed");
}

static void test_sendmail(void)
{
    means("sm-mta[1]",
          "s1GNXHYB005133: h.example [192.0.2.7] (may be forged): possible SMTP "
          "attack: command=AUTH, count=5",
          "-|192.0.2.7|failure|mail_protocol_error");
    means("sendmail[1]",
          "s1GNXHYB005133: AUTH failure (LOGIN): authentication failure (-13), user=x, "
          "relay=[192.0.2.9], relay=[192.0.2.7]",
          "x, relay=[192.0.2.9]|192.0.2.7|failure|mail_login");
    means("sm-mta[1]",
          "s1GNXHYB005133: ruleset=check_rcpt, arg1=<a@b.example>, relay=h.example [192.0.2.7], "
          "reject=550 5.7.1 <a@b.example>... Relaying denied",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_ERROR_CODE, "550");
    means("sm-mta[1]",
          "s1GNXHYB005133: ruleset=check_rcpt, arg1=<a, relay=[192.0.2.9], reject=5 >, "
          "relay=h.example [192.0.2.7], reject=550 5.7.1 no",
          "-|-|failure|mail_rejected");
    means("sm-mta[1]", "AUTH=server, relay=h.example [192.0.2.7], authid=bob, mech=LOGIN, bits=0",
          "bob|192.0.2.7|success|mail_login");
    means("sm-mta[1]",
          "s1GNXHYB005133: from=<a@b.example>, size=1, nrcpts=1, proto=ESMTP, daemon=MTA, "
          "relay=h.example [IPv6:2001:db8::7]",
          "-|2001:db8::7|-|mail_accepted");
    has(IR_F_EMAIL_FROM, "a@b.example");
    line(&t, "Jun 17 14:37:39 <mail.info> web sm-mta[2794]: 55HIbcGI002794: [192.0.2.7]: EXPN root "
             "[rejected]");
    has(IR_F_HOST_NAME, "web");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_LOG_FACILITY, "mail");
}

static void test_ftp(void)
{
    means("proftpd[1]", "srv (h.example[192.0.2.7]) - USER bob (Login failed): Incorrect password",
          "bob|192.0.2.7|failure|ftp_login");
    means("proftpd[1]", "srv (h.example[192.0.2.7]) - ANON ftp: Login successful.",
          "ftp|192.0.2.7|success|ftp_login");
    means("proftpd[1]",
          "srv (h[192.0.2.7]) - USER x (y[192.0.2.9]) - USER root: no such user found from h "
          "[192.0.2.7] to 198.51.100.2:21",
          "x (y[192.0.2.9]) - USER root|192.0.2.7|failure|ftp_login");
    means("proftpd[1]", "refused connect from 192.0.2.7 (192.0.2.7)",
          "-|192.0.2.7|failure|ftp_connection");
    line(&t, "2026-04-16 21:51:02,805 web proftpd[26] srv.example (192.0.2.7[192.0.2.7]): USER "
             "root (Login failed): Incorrect password");
    is_str(ir_str_z(t.took->name), "syslog", "ProFTPD's own log");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    means("pure-ftpd", "(?@192.0.2.7) [WARNING] Authentication failed for user [bob] x]",
          "bob] x|192.0.2.7|failure|ftp_login");
    means("pure-ftpd", "(?@192.0.2.7) [INFO] bob is now logged in",
          "bob|192.0.2.7|success|ftp_login");
    means("pure-ftpd", "(bob@192.0.2.7) [NOTICE] /home/a b uploaded  (5 bytes, 1.00KB/sec)",
          "bob|192.0.2.7|success|ftp_upload");
    has(IR_F_FILE_PATH, "/home/a b");
    means("pure-ftpd",
          "(bob@192.0.2.7) [NOTICE] File successfully renamed or moved: [a b]->[c.locked]",
          "bob|192.0.2.7|success|ftp_rename");
    has(IR_F_FILE_PATH, "a b");
    means("pure-ftpd", "(bob@192.0.2.7) [ERROR] Can't open /etc/shadow: Permission denied",
          "bob|192.0.2.7|failure|ftp_download");
    has(IR_F_FILE_PATH, "/etc/shadow");
    means("vsftpd[1]",
          "authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=192.0.2.7 user=bob",
          "bob|192.0.2.7|failure|authentication_failure");
}

/* With log_ftp_protocol each command and reply is logged, before somebody is logged in, too. */
static void test_vsftpd(void)
{
    means("vsftpd[1]", "[bob] OK LOGIN: Client \"192.0.2.7\"", "bob|192.0.2.7|success|ftp_login");
    means("vsftpd[1]", "[ftp] OK LOGIN: Client \"192.0.2.7\", anon password \"a@b.example\"",
          "ftp|192.0.2.7|success|ftp_login");
    means("vsftpd[1]", "[bob] OK CHMOD: Client \"192.0.2.7\", \"/home/bob/a 644\"",
          "bob|192.0.2.7|success|ftp_chmod");
    means("vsftpd[1]",
          "FTP command: Client \"192.0.2.7\", \"USER x] OK LOGIN: Client \"192.0.2.9\"\"",
          "-|192.0.2.7|-|-");
    means("vsftpd[1]", "[bob] FTP response: Client \"192.0.2.7\", \"230 Login successful.\"",
          "bob|192.0.2.7|-|-");
    means("vsftpd[1]",
          "[x] OK LOGIN: Client \"192.0.2.9\"] FTP response: Client \"192.0.2.7\", \"331 Go on.\"",
          "-|-|-|-");
    has(IR_F_TAGS, "log_injection");
    means("vsftpd[1]", "[x] OK LOGIN: Client \"192.0.2.9\"] FAIL LOGIN: Client \"192.0.2.7\"",
          "x] OK LOGIN: Client \"192.0.2.9\"|192.0.2.7|failure|ftp_login");
    means("vsftpd[1]", "[x] OK LOGIN: Client \"192.0.2.9\", \"cut off", "-|-|-|-");
}

static void test_exim_words(void)
{
    means("exim[1]",
          "SMTP syntax error in \"MAIL FROM:<a> H=z [192.0.2.9]\" H=(x) [192.0.2.7]:99 malformed "
          "address: H=z [192.0.2.9] may not follow <a>",
          "-|192.0.2.7|failure|mail_protocol_error");
    means(
        "exim[1]",
        "SMTP syntax error in \"x\" H=z [192.0.2.9]:1 \" H=(x) [192.0.2.7]:99 unrecognized command",
        "-|-|failure|mail_protocol_error");
    means("exim[1]",
          "SMTP syntax error in \"a authenticator failed b\" H=[192.0.2.7] unrecognized command",
          "-|192.0.2.7|failure|mail_protocol_error");
    means("exim[1]", "unqualified verify rejected: <x> H=[192.0.2.9]> H=(x) [192.0.2.7]:99",
          "-|192.0.2.7|failure|mail_rejected");
    means("exim[1]", "1tABCd-000123-Ab ** bob@b.example: retry timeout exceeded",
          "-|-|failure|mail_bounced");
    has(IR_F_EMAIL_TO, "bob@b.example");
}

static void test_sendmail_words(void)
{
    means("sm-mta[1]", "NOQUEUE: connect from h.example [192.0.2.7]",
          "-|192.0.2.7|-|mail_connection");
    means("sm-mta[1]", "6ANEuM5p004334: [192.0.2.7]: VRFY bob [192.0.2.9]",
          "-|192.0.2.7|-|mail_verify");
    means("sm-mta[1]", "6ANEuM5p004334: [192.0.2.7]: EXPN bob [rejected]",
          "-|192.0.2.7|failure|mail_rejected");
    means("sm-mta[1]", "6ANEuM5p004334: [192.0.2.7]: probable open proxy: command=GET / HTTP/1.0",
          "-|192.0.2.7|failure|mail_protocol_error");
    means("sm-mta[1]",
          "6ANEuM5p004334: to=<bob@b.example>, delay=00:00:00, mailer=local, pri=30015, dsn=4.4.3, "
          "stat=queued",
          "-|-|-|mail_queued");
    means("sm-mta[1]",
          "6ANEuM5p004334: from=<c@d.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA, "
          "relay=[192.0.2.7]",
          "-|192.0.2.7|-|-");
}

/* What stands where a name would, and is none. */
static void test_no_names(void)
{
    means("postfix/smtpd[12]",
          "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: Invalid authentication "
          "mechanism, sasl_username=(unavailable)",
          "-|192.0.2.7|failure|mail_login");
    means("dovecot", "auth: plain(?,192.0.2.7): Empty username", "-|192.0.2.7|failure|mail_login");
    means("dovecot",
          "auth: plain(?,192.0.2.7): Username character disallowed by auth_username_chars: 0x2c "
          "(username: a, b)",
          "-|192.0.2.7|failure|mail_login");
    means("dnsmasq[1]", "reply error is SERVFAIL", "-|-|failure|dns_reply");
    has(IR_F_DNS_QUERY, NULL);
    has(IR_F_DNS_RCODE, "SERVFAIL");
    means("proftpd[1]", "web (192.0.2.7[192.0.2.7]): SECURITY VIOLATION: Root login attempted",
          "Root|192.0.2.7|failure|ftp_login");
    means("postfix/smtpd[12]",
          "NOQUEUE: reject: VRFY from unknown[192.0.2.7]: 550 5.1.1 <bob>: Recipient address "
          "rejected: User unknown in local recipient table; to=<bob> proto=ESMTP helo=<x>",
          "-|192.0.2.7|failure|mail_rejected");
    has(IR_F_EMAIL_TO, "bob");
    means("postfix/cleanup[12]",
          "4bXyZ01abcz: hold: header Subject: x from h.example[192.0.2.7]; from=<c@d.example> "
          "to=<a@b.example> proto=ESMTP helo=<x>",
          "-|192.0.2.7|-|mail_held");
    has(IR_F_EMAIL_FROM, "c@d.example");
    has(IR_F_EMAIL_TO, "a@b.example");
}

static void test_samba(void)
{
    means("smbd_audit[1]", "bob|192.0.2.7|PC1|share|unlinkat|ok|a/b.txt",
          "bob|192.0.2.7|success|file_delete");
    has(IR_F_FILE_PATH, "a/b.txt");
    is_str(field_named(&t, "samba.share"), "share", "  share");
    means("smbd_audit", "EX\\bob|192.0.2.7|share|renameat|fail (Permission denied)|a|ok|b",
          "bob|192.0.2.7|failure|file_rename");
    has(IR_F_USER_DOMAIN, "EX");
    has(IR_F_EVENT_REASON, "Permission denied");
    means("smbd_audit", "nobody here", "-|-|-|-");
    means("dovecot",
          "pam(a@b.example,::ffff:192.0.2.7): Password mismatch (SHA1 of given password: 0)",
          "a@b.example|192.0.2.7|failure|mail_login");
    means("named[7]",
          "22-Nov-2026 01:02:03.123 queries: info: client 192.0.2.7#1: query (cache) "
          "'x.example/A/IN' denied",
          "-|192.0.2.7|failure|dns_query");
    means("smbd[7]", "  Denied connection from (203.0.113.6) (192.0.2.7)",
          "-|192.0.2.7|failure|connection_denied");
    means("smbd[7]", "Connection denied from 192.0.2.7 to tcp port 445",
          "-|192.0.2.7|failure|connection_denied");
    means("smbd[7]",
          "pc (ipv4:192.0.2.7:4021) connect to service docs initially as user bob (uid=1, gid=1) "
          "(pid 2)",
          "bob|192.0.2.7|-|share_connect");
    means("smbd[7]",
          "pc (ipv4:192.0.2.7:4021) signed connect to service docs initially as user bob (uid=1, "
          "gid=1) (pid 2)",
          "bob|192.0.2.7|-|share_connect");
}

static void test_dns(void)
{
    means("named[4]",
          "client @0x7f5a 192.0.2.7#1036 (a.example): query: a.example IN TXT +E(0)K (192.0.2.53)",
          "-|192.0.2.7|-|dns_query");
    has(IR_F_DNS_QUERY, "a.example");
    has(IR_F_DNS_TYPE, "TXT");
    has(IR_F_DESTINATION_IP, "192.0.2.53");
    ok(has_source(&t, IR_LS_DNS), "is a dns event");
    means("named[4]", "client 192.0.2.7#1036: view ext: query (cache) 'a.example/A/IN' denied",
          "-|192.0.2.7|failure|dns_query");
    has(IR_F_DNS_QUERY, "a.example");
    means("named[4]",
          "security: error: client @0x1 192.0.2.7#1 (a.example): zone transfer "
          "'a.example/AXFR/IN' denied",
          "-|192.0.2.7|failure|dns_transfer");
    means("named[4]", "client 192.0.2.7#1: query (cache) denied", "-|192.0.2.7|failure|dns_query");
    means("named[4]",
          "client @0x1 192.0.2.7#1 (w.a.example): rate limit drop response to 192.0.2.0/24 for "
          "w.a.example IN A  (29edcdb7)",
          "-|192.0.2.7|failure|dns_rate_limited");
    has(IR_F_DNS_QUERY, "w.a.example");
    means("named[4]",
          "client @0x1 192.0.2.7#1: updating zone 'a.example/IN': adding an RR at 'b.a.example' A "
          "192.0.2.8",
          "-|192.0.2.7|success|dns_update");
    means("unbound", "[12:0] info: 192.0.2.7 a.example. TXT IN", "-|192.0.2.7|-|dns_query");
    has(IR_F_DNS_QUERY, "a.example");
    means("unbound", "[12:0] reply: 192.0.2.7 a.example. A IN NXDOMAIN 0.1 0 45",
          "-|192.0.2.7|failure|dns_reply");
    has(IR_F_DNS_RCODE, "NXDOMAIN");
    means("unbound", "[12:0] info: a.example. inform 192.0.2.7@53 w.a.example. A IN",
          "-|192.0.2.7|-|dns_query");
    has(IR_F_DNS_QUERY, "w.a.example");
    means("dnsmasq[1]", "query[AAAA] a.example from 192.0.2.7", "-|192.0.2.7|-|dns_query");
    has(IR_F_DNS_TYPE, "AAAA");
    means("dnsmasq[1]", "query[ a from 192.0.2.7", "-|-|-|-");
    means("dnsmasq[1]", "query[TXT] a from 192.0.2.9 b.example from 192.0.2.7",
          "-|192.0.2.7|-|dns_query");
    has(IR_F_DNS_QUERY, "a from 192.0.2.9 b.example");
    means("dnsmasq[1]", "12 192.0.2.7/53 reply a.example is <CNAME>",
          "-|192.0.2.7|success|dns_reply");
    has(IR_F_DNS_ANSWER, "<CNAME>");
    means("dnsmasq[1]", "forwarded a.example to 198.51.100.1", "-|-|-|dns_query");
    means("dnsmasq[1]", "started, version 2.90 cachesize 150", "-|-|-|-");
    ok(!has_source(&t, IR_LS_DNS), "is none");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_postfix();
    test_postfix_hostile();
    test_dovecot();
    test_exim();
    test_sendmail();
    test_ftp();
    test_samba();
    test_vsftpd();
    test_exim_words();
    test_sendmail_words();
    test_no_names();
    test_dns();
    lines_close(&t);
    return done();
}
