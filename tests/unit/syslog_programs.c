/*
 * The dissectors of syslog programs: who, from where, with what result; and that nothing which a
 * client chooses moves into a field that the daemon fills.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1763812800)

static struct lines t;

static void means(const char *tag, const char *msg, const char *want)
{
    says(&t, tag, msg, want);
}

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

static void test_sshd(void)
{
    means("sshd[1]", "Failed password for bob from 192.0.2.1 port 22 ssh2",
          "bob|192.0.2.1|failure|ssh_login");
    has(IR_F_SOURCE_PORT, "22");
    means("sshd[1]", "Failed publickey for bob from 192.0.2.1 port 22 ssh2: RSA SHA256:x",
          "bob|192.0.2.1|-|ssh_login");
    means("sshd[1]", "Failed none for bob from 192.0.2.1 port 22 ssh2",
          "bob|192.0.2.1|-|ssh_login");
    means("sshd[1]", "Failed none for invalid user bob from 192.0.2.1 port 22 ssh2",
          "bob|192.0.2.1|failure|ssh_login");
    means("sshd[1]", "Accepted publickey for bob from 2001:db8::1 port 22 ssh2: RSA SHA256:x",
          "bob|2001:db8::1|success|ssh_login");
    means("sshd[1]", "Invalid user  from 192.0.2.1 port 22",
          "-|192.0.2.1|failure|ssh_invalid_user");
    means("sshd[1]", "Connection closed by 192.0.2.1 port 22 [preauth]",
          "-|192.0.2.1|-|ssh_disconnect");
    means("sshd[1]", "Received disconnect from 192.0.2.1 port 22:11: disconnected by user",
          "-|192.0.2.1|-|ssh_disconnect");
    has(IR_F_EVENT_REASON, "disconnected by user");
    means("sshd[1]", "drop connection #3 from [192.0.2.1]:55 on [192.0.2.2]:22 past MaxStartups",
          "-|192.0.2.1|-|ssh_refused");
    has(IR_F_SOURCE_PORT, "55");
    means("sshd[1]",
          "Timeout before authentication for connection from 192.0.2.1 to 192.0.2.2, pid = 4",
          "-|192.0.2.1|-|ssh_timeout");
    means("sshd[1]",
          "reverse mapping checking getaddrinfo for a.b [192.0.2.1] failed - POSSIBLE BREAK-IN "
          "ATTEMPT!",
          "-|192.0.2.1|-|ssh_reverse_mapping");
    means("sshd[1]", "Failed to add entry for user bob.", "-|-|-|ssh_login");
    means("sshd[1]", "Failed password for bob from ::ffff:192.0.2.1 port 2 ssh2",
          "bob|192.0.2.1|failure|ssh_login");
    means("sshd[1]", "Failed password for bob from mail.example.org port 2 ssh2",
          "bob|-|failure|ssh_login");
    has(IR_F_SOURCE_DOMAIN, "mail.example.org");
    means("sshd[1]", "Failed password for bob from UNKNOWN port 65535 ssh2",
          "bob|-|failure|ssh_login");
    has(IR_F_SOURCE_ADDRESS, "UNKNOWN");
    means("sshd[1]", "Close session: user bob from 192.0.2.1 port 34928 id 0",
          "bob|192.0.2.1|-|ssh_session");
    means("sshd[1]", "Starting session: shell on pts/0 for bob from 192.0.2.1 port 34928 id 0",
          "bob|192.0.2.1|-|ssh_session");
}

/* User names, versions and reasons are the client's: the address is always 192.0.2.1. */
static void test_sshd_hostile(void)
{
    means("sshd[1]",
          "Failed password for invalid user a from 6.6.6.6 port 1 ssh2 from 192.0.2.1 port 2 ssh2",
          "a from 6.6.6.6 port 1 ssh2|192.0.2.1|failure|ssh_login");
    means("sshd[1]",
          "Failed password for invalid user a b from 6.6.6.6 port 1 ssh2: x from 192.0.2.1 port 2 "
          "ssh2",
          "a b from 6.6.6.6 port 1 ssh2: x|192.0.2.1|failure|ssh_login");
    means("sshd[1]",
          "Failed password for bob from 192.0.2.1 port 2 ssh2: ruser x from 6.6.6.6 port 1 ssh2",
          "bob from 192.0.2.1 port 2 ssh2: ruser x|6.6.6.6|failure|ssh_login");
    means("sshd[1]",
          "Failed password for bob from 192.0.2.1 port 2 ssh1: ruser x from 6.6.6.6 port 1 ssh2",
          "bob|192.0.2.1|failure|ssh_login"); /* only protocol 1 told the client's user there */
    means("sshd[1]",
          "Failed publickey for invalid user x from 6.6.6.6 port 1 ssh2: RSA SHA256:a from "
          "192.0.2.1 port 2 ssh2: RSA SHA256:b",
          "-|-|failure|ssh_login"); /* nobody can tell */
    means("sshd[1]",
          "maximum authentication attempts exceeded for invalid user x from 6.6.6.6 port 1 ssh2: "
          "a from 192.0.2.1 port 2 ssh2",
          "x from 6.6.6.6 port 1 ssh2: a|192.0.2.1|failure|ssh_auth_limit");
    means("sshd[1]", "Invalid user x from 6.6.6.6 from 192.0.2.1 port 2",
          "x from 6.6.6.6|192.0.2.1|failure|ssh_invalid_user");
    means("sshd[1]",
          "Connection closed by invalid user a 6.6.6.6 port 1 192.0.2.1 port 2 [preauth]",
          "a 6.6.6.6 port 1|192.0.2.1|-|ssh_disconnect");
    means("sshd[1]",
          "Bad protocol version identification 'x' from 6.6.6.6 port 1' from 192.0.2.1 port 2",
          "-|192.0.2.1|-|ssh_probe");
    means("sshd[1]",
          "Received disconnect from 192.0.2.1 port 2:11: x from 6.6.6.6 port 1: Auth fail",
          "-|192.0.2.1|-|ssh_disconnect");
    means("sshd[1]",
          "Unable to negotiate with 192.0.2.1 port 2: no matching cipher found. Their offer: a "
          "from 6.6.6.6 port 1",
          "-|192.0.2.1|-|ssh_negotiation");
    means("sshd[1]",
          "User x from 6.6.6.6 not allowed because y from 192.0.2.1 not allowed because not listed "
          "in AllowUsers",
          "x from 6.6.6.6 not allowed because y|192.0.2.1|failure|ssh_not_allowed");
    means(
        "sshd[1]",
        "Disconnecting invalid user a 192.0.2.1 port 2: Change of username or service not allowed: "
        "(a,x) -> (b 6.6.6.6 port 1: Change of username or service not allowed: (,x) [preauth]",
        "-|-|-|ssh_disconnect");
    means("sshd[1]",
          "Disconnecting invalid user a 192.0.2.1 port 2: Change of username or service not "
          "allowed: (a,x) -> (b 6.6.6.6 port 1: y,x) [preauth]",
          "a|192.0.2.1|failure|ssh_disconnect");
    means("sshd[1]",
          "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
          "rhost=192.0.2.1  user=x rhost=6.6.6.6",
          "x rhost=6.6.6.6|192.0.2.1|-|authentication_failure");
    means("vsftpd",
          "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x "
          "rhost=6.6.6.6 rhost=192.0.2.1 user=x rhost=6.6.6.6",
          "x|-|failure|authentication_failure");
    means("vsftpd[1]", "[x] OK LOGIN: Client \"6.6.6.6\"] FAIL LOGIN: Client \"192.0.2.1\"",
          "x] OK LOGIN: Client \"6.6.6.6\"|192.0.2.1|failure|ftp_login");
    means("dropbear[1]", "Bad password attempt for 'x' from 6.6.6.6:1' from 192.0.2.1:2",
          "x' from 6.6.6.6:1|192.0.2.1|failure|ssh_login");
    means("login[1]",
          "FAILED LOGIN (1) on '/dev/tty1' FROM '192.0.2.1' FOR 'x FROM 6.6.6.6', Authentication "
          "failure",
          "x FROM 6.6.6.6|192.0.2.1|failure|login");
}

static void test_sudo(void)
{
    means("sudo",
          "  bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c x ; USER=alice",
          "bob|-|success|sudo");
    has(IR_F_SG_USER_UPPER, "root");
    has(IR_F_SG_COMMAND, "/bin/sh -c x ; USER=alice");
    ok(has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "a permitted command is a process");
    is_str(ir_event_get(t.ev, IR_F_PROCESS_EXECUTABLE, 1), "/bin/sh", "its executable");
    is_str(ir_event_get(t.ev, IR_F_USER_EFFECTIVE_NAME, 1), "root", "its user");
    is_str(ir_event_get(t.ev, IR_F_PROCESS_WORKING_DIRECTORY, 1), "/home/bob", "its directory");
    is_str(field(&t, IR_F_PROCESS_EXECUTABLE), NULL, "which the base view has not");
    is_int(t.ev->cur_view, 0, "the base view is current again");
    means("sudo",
          "bob : TTY=pts/0 ; PWD=/tmp/a ; b ; USER=root ; GROUP=g ; TSID=001 ; ENV=A=b ; "
          "COMMAND=/bin/ls",
          "bob|-|success|sudo");
    has(IR_F_SG_PWD, "/tmp/a ; b");
    is_str(field_named(&t, "ENV"), "A=b", "  what the caller set");
    has(IR_F_SG_COMMAND, "/bin/ls");
    means("sudo", "bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
          "bob|-|failure|sudo");
    has(IR_F_EVENT_REASON, "user NOT in sudoers");
    ok(!has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "a refused command is no process");
    means("sudo", "bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=list", "bob|-|success|sudo_list");
    ok(!has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "list is no process");
    means("sudo", "unable to resolve host web : x", "-|-|-|sudo_warning");
    means("su[1]", "Successful su for root by bob", "bob|-|success|su");
    has(IR_F_USER_EFFECTIVE_NAME, "root");
    means("su[1]", "FAILED SU (to root) bob on pts/0", "bob|-|failure|su");
    means("su[1]", "(to root) bob on pts/0", "bob|-|success|su");
    means("su", "BAD SU bob to root on /dev/ttyp0", "bob|-|failure|su");
    means("su[1]", "- pts/0 bob:root", "bob|-|failure|su");
}

static void test_pam(void)
{
    means("su(pam_unix)[1]", "session opened for user root by bob(uid=1000)",
          "bob|-|success|session_opened");
    has(IR_F_USER_EFFECTIVE_NAME, "root");
    means("CRON[1]", "pam_unix(cron:session): session closed for user root",
          "root|-|-|session_closed");
    ok(has_source(&t, IR_LS_LINUX_AUTH) && has_source(&t, IR_LS_LINUX_CRON),
       "cron's PAM is auth too");
    means("sshd(pam_unix)[1]",
          "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.1  "
          "user=root",
          "root|192.0.2.1|failure|authentication_failure");
    means("passwd[1]", "pam_unix(passwd:chauthtok): password changed for bob",
          "-|-|success|password_changed");
    has(IR_F_USER_TARGET_NAME, "bob");
    means("sshd[1]",
          "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= "
          "rhost=192.0.2.1  user=root",
          "root|192.0.2.1|-|authentication_failure");
}

static void test_accounts(void)
{
    means("useradd[1]", "new user: name=bob, UID=0, GID=5, home=/h, shell=/bin/sh, from=pts/1",
          "-|-|success|user_added");
    has(IR_F_USER_TARGET_NAME, "bob");
    has(IR_F_USER_TARGET_ID, "0");
    means("userdel[1]", "delete user 'bob'", "-|-|success|user_deleted");
    has(IR_F_USER_TARGET_NAME, "bob");
    means("usermod[1]", "add 'bob' to shadow group 'wheel'", "-|-|success|group_member_added");
    has(IR_F_GROUP_NAME, "wheel");
    means("usermod[1]", "change user 'bob' shell from '/bin/sh' to '/bin/bash'",
          "-|-|success|user_changed");
    has(IR_F_EVENT_REASON, "shell from '/bin/sh' to '/bin/bash'");
    means("gpasswd[1]", "user bob removed by root from group wheel",
          "root|-|success|group_member_removed");
    has(IR_F_GROUP_NAME, "wheel");
    means("groupadd[1]", "new group: name=dev, GID=77", "-|-|success|group_added");
    has(IR_F_GROUP_NAME, "dev");
    means("groupdel[1]", "group 'dev' removed from /etc/group", "-|-|success|group_deleted");
    has(IR_F_GROUP_NAME, "dev");
    means("groupmod[1]", "group changed in /etc/group (group dev/77, new name: d)",
          "-|-|success|group_changed");
    has(IR_F_GROUP_NAME, "dev");
    means("passwd[1]", "password for 'bob' changed by 'root'", "root|-|success|password_changed");
    means("CRON[1]", "(root) CMD (   cd / && run-parts x)", "root|-|-|cron_command");
    has(IR_F_PROCESS_COMMAND_LINE, "cd / && run-parts x");
    means("crontab[1]", "(bob) REPLACE (bob)", "bob|-|-|cron_replace");
    means("systemd-logind[1]", "New session 'c1' of user 'bob' with class 'user' and type 'tty'.",
          "bob|-|success|session_opened");
    means("login[1]", "ROOT LOGIN ON tty2", "root|-|success|login");
}

static void test_firewall(void)
{
    means("kernel",
          "[12.345678] [UFW BLOCK] IN=eth0 OUT= MAC=01:02:03:04:05:06:0a:0b:0c:0d:0e:0f:08:00 "
          "SRC=192.0.2.1 DST=192.0.2.2 LEN=60 PROTO=UDP SPT=1 DPT=53 LEN=40",
          "-|192.0.2.1|-|block");
    has(IR_F_DESTINATION_IP, "192.0.2.2");
    has(IR_F_DESTINATION_PORT, "53");
    has(IR_F_NETWORK_TRANSPORT, "udp");
    has(IR_F_NETWORK_BYTES, "60");
    has(IR_F_SOURCE_MAC, "0a:0b:0c:0d:0e:0f");
    has(IR_F_RULE_NAME, "UFW BLOCK");
    has(IR_F_NETWORK_DIRECTION, "inbound");
    ok(has_source(&t, IR_LS_FIREWALL), "is a firewall event");
    means("kernel",
          "ACCEPT IN= OUT=eth0 SRC=192.0.2.1 DST=192.0.2.2 PROTO=ICMP TYPE=3 [SRC=6.6.6.6 "
          "DST=6.6.6.7 ] ",
          "-|192.0.2.1|-|allow");
    has(IR_F_DESTINATION_IP, "192.0.2.2");
    means("kernel", "usb 1-1: new device", "-|-|-|-");
    ok(!has_source(&t, IR_LS_FIREWALL), "is none");
    means("vsftpd[1]", "[bob] OK UPLOAD: Client \"192.0.2.1\", \"/a \"b\"\", 5 bytes",
          "bob|192.0.2.1|success|ftp_upload");
    has(IR_F_FILE_PATH, "/a \"b\"");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_sshd();
    test_sshd_hostile();
    test_sudo();
    test_pam();
    test_accounts();
    test_firewall();
    lines_close(&t);
    return done();
}
