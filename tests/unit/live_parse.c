/*
 * evidence/live_parse.h and evidence/netlink.h: what /proc and the kernel tell, with names that an
 * attacker chose to end a line or a field early, and answers that are cut.
 */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "evidence/live_parse.h"
#include "evidence/live_secret.h"
#include "evidence/live_user.h"
#include "evidence/netlink.h"
#include "tap.h"

static void test_stat(void)
{
    struct ir_proc_stat s;
    ok(ir_proc_stat(IR_S("42 (x) R 1\n2) S 7 8 9 -1 0 4194560 1 2 3 4 10 11 5 6 20 0 3 0 99 4096 "
                         "12 18446744073709551615 1\n"),
                    &s),
       "a hostile name");
    is_str(s.name, "x) R 1\n2", "the name ends at the last bracket");
    is_int((int64_t)s.pid, 42, "number");
    is_int(s.ppid, 7, "parent");
    is_int(s.tty, -1, "terminal");
    is_int((int64_t)s.start, 99, "start");
    is_int((int64_t)s.threads, 3, "threads");
    is_int((int64_t)s.rss, 12, "resident");
    ok(!ir_proc_stat(IR_S("42 (x) R 1"), &s), "cut");
    ok(!ir_proc_stat(IR_S("42 x R 1"), &s), "no brackets");
    ok(!ir_proc_stat(IR_S(""), &s), "empty");
    struct ir_str v;
    ok(ir_proc_field(IR_S("Name:\tx\\nUid:\t0\nUid:\t7\t8\n"), "Uid", &v), "a field");
    is_str(v, "7\t8", "of its own line, not of the name");
    ok(!ir_proc_field(IR_S("Uids:\t1\n"), "Uid", &v), "a longer name is another field");
}

static void test_maps(void)
{
    struct ir_proc_map m;
    struct ir_proc_mount mount;
    struct ir_buf b = IR_BUF(1000);
    ok(ir_proc_map(IR_S("7f00-7f10 r-xp 00001000 08:01 12   /tmp/a b\\012c (deleted)"), &m), "map");
    is_str(m.path, "/tmp/a b\\012c (deleted)", "path");
    is_int((int64_t)m.offset, 0x1000, "offset");
    ok(m.deleted, "deleted");
    ok(ir_proc_map(IR_S("7f00-7f10 rwxp 00000000 00:00 0 "), &m) && m.path.n == 0, "anonymous");
    ok(!ir_proc_map(IR_S("7f00 r-xp 0 08:01 12 /x"), &m), "no range");
    ok(ir_proc_mount(IR_S("22 27 0:21 / /a\\040b rw,relatime shared:1 master:2 - ext4 /dev/x rw"),
                     &mount),
       "mount");
    ir_proc_unescape(&b, mount.point);
    is_str(ir_buf_view(&b), "/a b", "its point");
    is_str(mount.type, "ext4", "its type");
    ok(!ir_proc_mount(IR_S("22 27 0:21 / /a rw shared:1"), &mount), "cut before the dash");
    ir_buf_clear(&b);
    ir_proc_unescape(&b, IR_S("\\\\0\\04\\999\\134"));
    is_str(ir_buf_view(&b), "\\\\0\\04\\999\\", "only whole escapes");
    is_str(ir_proc_container(IR_S("0::/system.slice/docker-"
                                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                                  ".scope\n")),
           "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "a container");
    is_str(ir_proc_container(IR_S("0::/lxc.payload.web1/init.scope")), "web1", "by name");
    is_int((int64_t)ir_proc_container(IR_S("0::/user.slice")).n, 0, "none");
    ir_buf_free(&b);
}

static void test_sockets(void)
{
    struct ir_live_socket s;
    char text[64];
    ok(ir_proc_inet(IR_S("   0: 0100007F:0CEA 00000000:0000 0A 00000001:00000002 00:00000000 "
                         "00000000   999        0 22031 1 0000 100 0 0 10 0"),
                    AF_INET, IPPROTO_TCP, &s),
       "tcp");
    is_str(ir_str_n(text, ir_ip_text(&s.local, text)), "127.0.0.1", "address");
    is_int(s.local_port, 3306, "port");
    is_int((int64_t)s.inode, 22031, "inode");
    is_int(s.send, 1, "send");
    is_int(s.receive, 2, "receive");
    is_str(ir_str_z(ir_socket_state(&s)), "LISTEN", "state");
    ok(ir_proc_inet(IR_S("0: 00000000000000000000000001000000:0016 "
                         "00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 7 1"),
                    AF_INET6, IPPROTO_TCP, &s),
       "tcp6");
    is_str(ir_str_n(text, ir_ip_text(&s.local, text)), "::1", "address");
    ok(!ir_proc_inet(IR_S("  sl  local_address rem_address   st tx_queue rx_queue tr"), AF_INET,
                     IPPROTO_TCP, &s),
       "the heading is no socket");
    ok(ir_proc_unix(IR_S("0000000000000000: 00000002 00000000 00010000 0001 01 12345 /a b"), &s),
       "unix");
    is_str(s.path, "/a b", "path with a blank");
    is_str(ir_str_z(ir_socket_state(&s)), "LISTEN", "it listens");
    ok(!ir_proc_unix(IR_S("Num       RefCount Protocol Flags    Type St Inode Path"), &s),
       "heading");
    ok(!ir_proc_unix(IR_S("rest of a path with a line end"), &s), "the rest of a hostile path");
}

static void test_netlink(void)
{
    struct ir_netlink_message m;
    struct ir_live_socket s;
    struct ir_str rest, value;
    unsigned type;
    struct {
        struct nlmsghdr h;
        struct unix_diag_msg d;
        struct nlattr a;
        char name[4];
    } u = {.h = {.nlmsg_len = sizeof u, .nlmsg_type = 20},
           .d = {.udiag_family = AF_UNIX,
                 .udiag_type = SOCK_STREAM,
                 .udiag_state = 10,
                 .udiag_ino = 5},
           .a = {.nla_len = sizeof u.a + 3, .nla_type = UNIX_DIAG_NAME},
           .name = {0, 'a', '\n', 0}};
    rest = ir_str_n((const char *)&u, sizeof u);
    ok(ir_netlink_next(&rest, &m) && rest.n == 0, "a message");
    ok(ir_diag_unix(m.body, &s) && s.path.n == 3 && s.path.p[0] == '\0', "an abstract name");
    is_int((int64_t)s.inode, 5, "inode");
    u.a.nla_len = 60000;
    ok(ir_diag_unix(m.body, &s) && s.path.n == 0, "an attribute that lies about its length");
    rest = ir_str_n((const char *)&u.a, 3);
    ok(!ir_netlink_attribute(&rest, &type, &value), "cut attribute");
    u.h.nlmsg_len = sizeof u + 1;
    rest = ir_str_n((const char *)&u, sizeof u);
    ok(!ir_netlink_next(&rest, &m), "a message that is longer than what was read");
    u.h.nlmsg_len = 3;
    ok(!ir_netlink_next(&rest, &m), "shorter than its header");
    ok(!ir_diag_inet(ir_str_n((const char *)&u, 20), IPPROTO_TCP, &s), "cut answer");
    struct inet_diag_msg d = {.idiag_family = AF_INET, .idiag_state = 10, .idiag_inode = 9};
    d.id.idiag_sport = htons(443);
    ok(ir_diag_inet(ir_str_n((const char *)&d, sizeof d), IPPROTO_TCP, &s), "an answer");
    is_int(s.local_port, 443, "its port");
}

static void test_passwd(void)
{
    struct ir_buf b = IR_BUF(4096);
    struct ir_jline j = ir_jline_open(&b);
    struct ir_str name;
    uint64_t uid;
    ok(ir_live_passwd(IR_S("toor:$6$secret:0:0:x:/root:/bin/sh"), &j, &name, &uid), "account");
    is_int((int64_t)uid, 0, "uid");
    ok(ir_str_find(ir_buf_view(&b), IR_S("secret")) == IR_NPOS, "no hash is shown");
    ok(ir_str_find(ir_buf_view(&b), IR_S("password_in_passwd")) != IR_NPOS, "but that it is there");
    ok(!ir_live_passwd(IR_S("a:b:0"), &j, &name, &uid), "too few fields");
    ok(!ir_live_utmp(IR_S("short"), &j), "a cut record");
    ir_buf_free(&b);
}

static void test_secrets(void)
{
    ok(ir_live_is_secret("/etc/shadow-"), "hashes");
    ok(ir_live_is_secret("/home/a/.ssh/id_ed25519"), "a private key");
    ok(ir_live_is_secret("/home/a/.ssh/any name"), "under any name");
    ok(ir_live_is_secret("/etc/ssh/ssh_host_rsa_key"), "of the host");
    ok(!ir_live_is_secret("/etc/ssh/ssh_host_rsa_key.pub"), "not its public half");
    ok(!ir_live_is_secret("/root/.ssh/authorized_keys"), "not who may log in");
    ok(!ir_live_is_secret("/etc/passwd"), "not the accounts");
}

int main(void)
{
    test_secrets();
    test_stat();
    test_maps();
    test_sockets();
    test_netlink();
    test_passwd();
    return done();
}
