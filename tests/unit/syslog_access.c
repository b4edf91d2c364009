/*
 * Who was let in and who was refused, in the words of login, su, sudo, cron, PAM and sshd of
 * several systems; and that a terminal, an empty name or a client's own words never become an
 * address.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1763812800)

static struct lines t;

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

static void nowhere(const char *tag, const char *msg, const char *want, const char *tty)
{
    says(&t, tag, msg, want);
    has(IR_F_SOURCE_DOMAIN, NULL);
    has(IR_F_SOURCE_ADDRESS, NULL);
    has(IR_F_PROCESS_TTY, tty);
}

static void test_login(void)
{
    nowhere("login[1]", "FAILED LOGIN SESSION FROM tty1 FOR bob, Authentication failure",
            "bob|-|failure|login", "tty1");
    has(IR_F_EVENT_REASON, "Authentication failure");
    nowhere("login[1]", "FAILED LOGIN 1 FROM /dev/pts/3 FOR bob, x", "bob|-|failure|login",
            "/dev/pts/3");
    nowhere("login[1]", "FAILED LOGIN (1) on '/dev/tty1' FOR 'UNKNOWN', x",
            "UNKNOWN|-|failure|login", "/dev/tty1");
    nowhere("login[1]", "FAILED LOGIN 2 FROM  FOR bob, x", "bob|-|failure|login", NULL);
    nowhere("login[1]", "FAILED LOGIN 2 FROM (null) FOR bob, x", "bob|-|failure|login", NULL);
    nowhere("login[1]", "TOO MANY LOGIN TRIES (3) FROM ttyS0 FOR bob, x", "bob|-|failure|login",
            "ttyS0");
    nowhere("login[1]", "ROOT LOGIN  on '/dev/tty1' from 'tty1'", "root|-|success|login",
            "/dev/tty1");
    nowhere("login[1]", "REPEATED LOGIN FAILURES ON ttyv0", "-|-|failure|login", "ttyv0");
    nowhere("login[1]", "1 LOGIN FAILURE ON ttyv0, bob", "bob|-|failure|login", "ttyv0");
    nowhere("login[1]", "login on ttyv0 as bob", "bob|-|success|login", "ttyv0");
    nowhere("login[1]", "invalid password for 'x' on 'a' from '6.6.6.6' on '/dev/tty1'",
            "x' on 'a' from '6.6.6.6|-|failure|login", "/dev/tty1");
    says(&t, "login[1]", "invalid password for 'bob' on '/dev/pts/0' from '192.0.2.1'",
         "bob|192.0.2.1|failure|login");
    says(&t, "login[1]", "FAILED LOGIN (1) on '/dev/pts/1' from '192.0.2.1' FOR 'bob', x",
         "bob|192.0.2.1|failure|login");
    says(&t, "login[1]", "3 LOGIN FAILURES FROM 192.0.2.1, bob", "bob|192.0.2.1|failure|login");
    says(&t, "login[1]", "LOGIN bob REFUSED FROM 192.0.2.1 ON TTY ttyp0",
         "bob|192.0.2.1|failure|login");
    nowhere("login[1]", "root login on 'tty1'", "root|-|success|login", "tty1");
    says(&t, "login[1]", "LOGIN ON pts/1 BY bob FROM web.example", "bob|-|success|login");
    has(IR_F_SOURCE_DOMAIN, "web.example");
    says(&t, "login[1]", "LOGIN ON pts/1 BY bob FROM tty.example", "bob|-|success|login");
    has(IR_F_SOURCE_DOMAIN, "tty.example");
}

static void test_su(void)
{
    nowhere("su[1]", "FAILED SU (to root) x on pts/1", "x|-|failure|su", "pts/1");
    has(IR_F_USER_EFFECTIVE_NAME, "root");
    nowhere("su[1]", "(to root) user on none", "user|-|success|su", NULL);
    nowhere("su[1]", "+ pts/0 user:root", "user|-|success|su", "pts/0");
    nowhere("su[1]", "- /dev/pts/0 user-root", "user|-|failure|su", "/dev/pts/0");
    has(IR_F_USER_EFFECTIVE_NAME, "root");
    nowhere("su", "'su root' failed for bob on /dev/pts/0", "bob|-|failure|su", "/dev/pts/0");
    nowhere("su", "'su root' succeeded for bob on /dev/pts/0", "bob|-|success|su", "/dev/pts/0");
}

static void sudo(const char *msg, const char *want, const char *command, const char *target)
{
    says(&t, "sudo[1]", msg, want);
    is_str(field_named(&t, "COMMAND"), command, "  command");
    has(IR_F_USER_EFFECTIVE_NAME, target);
}

static void test_sudo(void)
{
    sudo("bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=list", "bob|-|success|sudo_list", "list",
         "root");
    has(IR_F_PROCESS_COMMAND_LINE, NULL);
    sudo("bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=list /bin/ls -l", "bob|-|success|sudo_list",
         "list /bin/ls -l", "root");
    ok(!has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "nothing ran");
    sudo("bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=validate", "bob|-|success|sudo_validate",
         "validate", "root");
    sudo("bob : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=list",
         "bob|-|failure|sudo", "list", "root");
    sudo("bob : a password is required ; PWD=/ ; USER=root ; COMMAND=/bin/id", "bob|-|failure|sudo",
         "/bin/id", "root");
    has(IR_F_EVENT_REASON, "a password is required");
    sudo("bob : TTY=pts/0 ; PWD=/ ; GROUP=adm ; COMMAND=/bin/sh -c a ; USER=root ; COMMAND=b",
         "bob|-|success|sudo", "/bin/sh -c a ; USER=root ; COMMAND=b", NULL);
    has(IR_F_SG_PWD, "/");
    sudo(
        "bob : TTY=pts/0 ; PWD=/tmp/ ; USER=x ; USER=root ; TSID=00001A ; ENV=A=b ; COMMAND=/bin/i",
        "bob|-|success|sudo", "/bin/i", "root");
    has(IR_F_SG_PWD, "/tmp/ ; USER=x");
    sudo("D\\bob smith : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
         "D\\bob smith|-|success|sudo", "/bin/sh", "root");
    sudo("bob : parse error in /etc/sudoers near line 3 ; TTY=pts/0 ; PWD=/ ; USER=root ;",
         "bob|-|-|sudo_warning", NULL, "root");
    sudo("unable to resolve host web: Name or service not known", "-|-|-|sudo_warning", NULL, NULL);
    sudo("pam_unix(sudo:auth): conversation failed", "-|-|failure|authentication_failure", NULL,
         NULL);
    sudo("pam_unix(sudo:auth): auth could not identify password for [bob]",
         "bob|-|failure|authentication_failure", NULL, NULL);
}

static void test_cron(void)
{
    says(&t, "CRON[1]", "FAILED to authorize user with PAM (Permission denied)",
         "-|-|failure|cron_denied");
    says(&t, "crond[1]", "(bob) FAILED to authorize user with PAM (Permission denied)",
         "bob|-|failure|cron_denied");
    has(IR_F_EVENT_REASON, "Permission denied");
    says(&t, "crond[1]", "(bob) PAM ERROR (Permission denied)", "bob|-|failure|cron_denied");
    says(&t, "crond[1]", "CRON (bob) ERROR: failed to open PAM security session: x",
         "bob|-|failure|cron_denied");
    says(&t, "crontab[1]", "(bob) AUTH (crontab command not allowed)", "bob|-|failure|cron_denied");
    says(&t, "crond[1]", "USER root pid   5 cmd run-parts /etc/periodic/15min",
         "root|-|-|cron_command");
    has(IR_F_PROCESS_COMMAND_LINE, "run-parts /etc/periodic/15min");
    says(&t, "cron[1]", "(*system*) RELOAD (/etc/crontab)", "-|-|-|cron_reload");
}

static void test_pam(void)
{
    says(&t, "sshd[1]", "pam_unix(sshd:auth): conversation failed", "-|-|-|authentication_failure");
    says(&t, "sshd[1]", "pam_unix(sshd:auth): auth could not identify password for [a] b]",
         "a] b|-|-|authentication_failure");
    says(
        &t, "sshd[1]",
        "pam_faillock(sshd:auth): Consecutive login failures for user a account temporarily locked "
        "account temporarily locked",
        "-|-|-|account_locked");
    has(IR_F_USER_TARGET_NAME, "a account temporarily locked");
    says(&t, "login", "pam_tally2(login:auth): user bob (1000) tally 6, deny 5",
         "-|-|-|account_locked");
    has(IR_F_USER_TARGET_NAME, "bob");
    says(&t, "vsftpd",
         "pam_succeed_if(vsftpd:auth): requirement \"uid >= 1000\" not met by user "
         "\"root\"",
         "root|-|failure|access_denied");
    has(IR_F_EVENT_REASON, "uid >= 1000");
    says(&t, "vsftpd",
         "pam_succeed_if(vsftpd:auth): requirement \"uid >= 1000\" was met by user "
         "\"x\" not met by user \"y\"",
         "-|-|-|-");
    says(&t, "vsftpd[1]", "pam_listfile(vsftpd:auth): Refused user root for service vsftpd",
         "root|-|failure|access_denied");
    says(&t, "sshd[1]", "pam_access(sshd:account): access denied for user `bob' from `192.0.2.1'",
         "bob|192.0.2.1|-|access_denied");
    says(&t, "sshd[1]",
         "pam_access(sshd:account): access denied for user `x' from `6.6.6.6' from `192.0.2.1'",
         "x' from `6.6.6.6|192.0.2.1|-|access_denied");
    nowhere("login", "pam_access(login:account): access denied for user `bob' from `tty1'",
            "bob|-|failure|access_denied", "tty1");
    nowhere(
        "login",
        "pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 "
        "ruser= rhost=  user=bob",
        "bob|-|failure|authentication_failure", "/dev/tty1");
    says(&t, "su", "pam_wheel(su:auth): Access denied to 'bob' for 'root'",
         "bob|-|failure|access_denied");
    says(&t, "su", "pam_unix(su:auth): auth could not identify password for [root]",
         "-|-|failure|authentication_failure");
    has(IR_F_USER_EFFECTIVE_NAME, "root");
    says(&t, "sshd[1]", "pam_unix(sshd:account): account bob has expired (account expired)",
         "bob|-|-|account_expired");
    nowhere("gdm-password][1]",
            "pam_unix(gdm-password:auth): authentication failure; logname= uid=0 euid=0 "
            "tty=/dev/tty1 ruser= rhost=  user=bob",
            "bob|-|failure|authentication_failure", "/dev/tty1");
    has(IR_F_PROCESS_PID, "1");
    says(&t, "unix_chkpwd[1]", "password check failed for user (root)",
         "root|-|-|authentication_failure");
    says(&t, "x[1]", "pam_unix(x:auth): bad username [a b]",
         "a b|-|failure|authentication_unknown_user");
}

static void test_sshd(void)
{
    says(&t, "sshd[1]", "fatal: Access denied for user bob by PAM account configuration [preauth]",
         "bob|-|failure|ssh_not_allowed");
    says(&t, "sshd[1]",
         "Access denied for user a by PAM account configuration by PAM account configuration",
         "a by PAM account configuration|-|failure|ssh_not_allowed");
    says(&t, "sshd[1]",
         "error: Too many authentication failures for bob from 192.0.2.1 port 2 ssh2",
         "bob|192.0.2.1|failure|ssh_auth_limit");
    says(&t, "sshd[1]", "Disconnecting: Too many authentication failures for root [preauth]",
         "root|-|failure|ssh_auth_limit");
    says(&t, "sshd[1]", "Invalid user from 192.0.2.1 port 2",
         "-|192.0.2.1|failure|ssh_invalid_user");
    says(&t, "sshd[1]", "Invalid user from from 192.0.2.1 port 2",
         "from|192.0.2.1|failure|ssh_invalid_user");
    says(&t, "sshd[1]", "Invalid user from 6.6.6.6 port 1 from 192.0.2.1 port 2",
         "from 6.6.6.6 port 1|192.0.2.1|failure|ssh_invalid_user");
    says(&t, "sshd[1]", "Failed password for invalid user from 192.0.2.1 port 2 ssh2",
         "-|192.0.2.1|failure|ssh_login");
    says(&t, "sshd[1]", "ROOT LOGIN REFUSED FROM 192.0.2.1", "root|192.0.2.1|failure|ssh_login");
    says(&t, "sshd[1]",
         "error: PAM: Have exhausted maximum number of retries for service for bob from 192.0.2.1",
         "bob|192.0.2.1|failure|ssh_login");
    says(&t, "sshd[1]", "Authentication refused: bad ownership or modes for file /h/.ssh/x",
         "-|-|-|ssh_key_refused");
    has(IR_F_FILE_PATH, "/h/.ssh/x");
    says(&t, "sshd[1]", "Invalid user invalid user root from 192.0.2.1 port 2",
         "invalid user root|192.0.2.1|failure|ssh_invalid_user");
    says(&t, "sshd[1]", "Accepted key ED25519 SHA256:x found at /h/.ssh/authorized_keys:12",
         "-|-|-|ssh_key_found");
    has(IR_F_FILE_PATH, "/h/.ssh/authorized_keys");
    says(&t, "sshd[1]", "error: Protocol major versions differ: 2 vs. 1", "-|-|-|ssh_probe");
    says(&t, "sshd[1]", "Received SIGHUP; restarting.", "-|-|-|ssh_server");
    says(&t, "sshd[1]", "Timeout, client not responding.", "-|-|-|ssh_timeout");
    says(&t, "sshd[1]", "subsystem request for sftp by user bob", "bob|-|-|ssh_session");
    says(&t, "sshd[1]",
         "srclimit_penalise: ipv4: new 192.0.2.1/32 deferred penalty of 5 seconds for penalty: x",
         "-|192.0.2.1|-|ssh_penalty");
    nowhere("sshd[1]", "Connection reset by peer", "-|-|-|ssh_disconnect", NULL);
    nowhere("sshd[1]", "Connection closed by remote host", "-|-|-|ssh_disconnect", NULL);
    says(&t, "sshd[1]", "Accepted password for bob from 192.0.2.1 port 99999 ssh2",
         "bob|192.0.2.1|success|ssh_login");
    has(IR_F_SOURCE_PORT, NULL);
    says(&t, "sshd[1]",
         "Postponed publickey for invalid user x from 6.6.6.6 port 1 ssh2 from "
         "192.0.2.1 port 2 ssh2 [preauth]",
         "x from 6.6.6.6 port 1 ssh2|192.0.2.1|-|ssh_auth_postponed");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_login();
    test_su();
    test_sudo();
    test_cron();
    test_pam();
    test_sshd();
    lines_close(&t);
    return done();
}
