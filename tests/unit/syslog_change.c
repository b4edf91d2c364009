/*
 * Changes of accounts and groups in the words of several systems, and packets that the kernel
 * logged: whatever the prefix, never a port that is none.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1763812800)

static struct lines t;

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

/* Nth value of the accounts that were changed. */
static struct ir_str target(int n)
{
    uint32_t at = ir_event_first(t.ev, IR_F_USER_TARGET_NAME, 0);
    while (at != IR_NOFIELD && n-- > 0)
        at = ir_event_next(t.ev, at);
    return at == IR_NOFIELD ? ir_str_n(NULL, 0) : t.ev->fields[at].val;
}

static void group(const char *tag, const char *msg, const char *want, const char *name,
                  const char *who)
{
    says(&t, tag, msg, want);
    has(IR_F_GROUP_NAME, name);
    is_str(target(0), who, "  whose account");
}

static void test_groups(void)
{
    group("gpasswd[1]", "user a added by root to group g", "root|-|success|group_member_added", "g",
          "a");
    group("gpasswd[1]", "user group added by root to group g", "root|-|success|group_member_added",
          "g", "group");
    group("gpasswd[1]", "members of group x set by root to a,b", "root|-|success|group_changed",
          "x", "a");
    is_str(target(1), "b", "the second member");
    is_str(target(2), NULL, "and no third");
    group("gpasswd[1]", "Administrators of group x set by root to a",
          "root|-|success|group_changed", "x", "a");
    group("gpasswd[1]", "set members of group x to a", "-|-|success|group_changed", "x", "a");
    group("gpasswd[1]", "password of group g changed by root", "root|-|success|group_changed", "g",
          NULL);
    group("groupdel[1]", "removed shadow group 'g' owned by 'g'", "-|-|success|group_deleted", "g",
          NULL);
    group("groupmod[1]", "group changed in /etc/gshadow (group g, new name: h)",
          "-|-|success|group_changed", "g", NULL);
    group("groupmod[1]", "group changed in /etc/group (group g/1000, new name: h)",
          "-|-|success|group_changed", "g", NULL);
    group("newgrp[1]", "user 'bob' (login 'bob' on pts/0) switched to group 'adm'",
          "bob|-|success|group_switched", "adm", NULL);
    has(IR_F_PROCESS_TTY, "pts/0");
    group("sg[1]", "Invalid password for group 'adm' from 'bob'", "bob|-|failure|group_switched",
          "adm", NULL);
    group("useradd[1]", "account added to group - account=bob, group=video, gid=33, by=0",
          "-|-|success|group_member_added", "video", "bob");
}

static void test_users(void)
{
    says(&t, "useradd[1]",
         "new account added - account=bob, uid=1001, gid=100, home=/h, shell=/bin/sh, by=0",
         "-|-|success|user_added");
    has(IR_F_USER_TARGET_ID, "1001");
    says(&t, "useradd[1]", "account already exists - account=bob, by=0", "-|-|failure|user_added");
    says(&t, "useradd[1]", "new user: name=bob, UID=1, GID=2, home=/h, shell=/bin/sh, from=none",
         "-|-|success|user_added");
    has(IR_F_PROCESS_TTY, NULL);
    says(&t, "adduser[1]", "new user: name=bob, uid=1, gid=2, home=/h, shell=/bin/sh",
         "-|-|success|user_added");
    has(IR_F_USER_TARGET_ID, "1");
}

#define PACKET "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 PROTO=TCP "

static void packet(const char *msg, const char *action, const char *rule, const char *from,
                   const char *to, bool damaged)
{
    static char want[64];
    snprintf(want, sizeof want, "-|192.0.2.1|-|%s", action);
    says(&t, "kernel", msg, want);
    has(IR_F_RULE_NAME, rule);
    has(IR_F_SOURCE_PORT, from);
    has(IR_F_DESTINATION_PORT, to);
    is_int((t.ev->flags & IR_EV_DAMAGED) != 0, damaged, "  damaged");
}

static void test_firewall(void)
{
    packet("[UFW BLOCK] " PACKET "SPT=99999 DPT=22", "block", "UFW BLOCK", NULL, "22", true);
    is_str(ir_str_z(t.ev->damage), "a port that is none", "  and why");
    packet("[UFW BLOCK] " PACKET "SPT=1 DPT=-1", "block", "UFW BLOCK", "1", NULL, true);
    packet("[UFW BLOCK] " PACKET "SPT=0 DPT=65535", "block", "UFW BLOCK", "0", "65535", false);
    packet("[UFW BLOCK] " PACKET "SPT=0x16 DPT=65536", "block", "UFW BLOCK", NULL, NULL, true);
    packet("[UFW AUDIT INVALID] " PACKET "SPT=1 DPT=2", "audit", "UFW AUDIT INVALID", "1", "2",
           false);
    packet("\"filter_IN_public_REJECT: \"" PACKET "SPT=1 DPT=2", "reject",
           "filter_IN_public_REJECT", "1", "2", false);
    packet("FINAL_REJECT: " PACKET "SPT=1 DPT=2", "reject", "FINAL_REJECT", "1", "2", false);
    packet("nft drop in" PACKET "SPT=1 DPT=2", "block", "nft drop in", "1", "2", false);
    packet("SFW2-INext-ACC-TCP " PACKET "SPT=1 DPT=2", "allow", "SFW2-INext-ACC-TCP", "1", "2",
           false);
    packet("IN=eth0 OUT= MACSRC=00:11:22:33:44:55 MACDST=00:11:22:33:44:66 MACPROTO=0800 "
           "SRC=192.0.2.1 DST=192.0.2.2 PROTO=ICMP TYPE=3 [SRC=6.6.6.6 DST=6.6.6.7 SPT=7 ] UID=0",
           "log", NULL, NULL, NULL, false);
    has(IR_F_SOURCE_MAC, "00:11:22:33:44:55");
    is_str(field_named(&t, "UID"), "0", "  what follows the quoted packet");
    says(&t, "kernel", "x IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2", "-|192.0.2.1|-|log");
    has(IR_F_DESTINATION_IP, NULL);
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_groups();
    test_users();
    test_firewall();
    lines_close(&t);
    return done();
}
