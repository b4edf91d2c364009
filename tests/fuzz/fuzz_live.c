/*
 * Texts of /proc and answers of netlink, by the first byte: what is accepted lies within the input.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "evidence/live_parse.h"
#include "evidence/live_route.h"
#include "evidence/live_user.h"
#include "evidence/netlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static bool within(struct ir_str part, struct ir_str whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void texts(struct ir_str s)
{
    struct ir_proc_stat stat;
    struct ir_proc_map map;
    struct ir_proc_mount mount;
    struct ir_live_socket socket;
    struct ir_buf b = IR_BUF(1 << 20);
    if (ir_proc_stat(s, &stat)) need(within(stat.name, s));
    if (ir_proc_map(s, &map)) need(within(map.path, s) && map.rights.n == 4);
    if (ir_proc_mount(s, &mount)) need(within(mount.point, s) && within(mount.super, s));
    if (ir_proc_unix(s, &socket)) need(within(socket.path, s));
    ir_proc_inet(s, AF_INET6, 6, &socket);
    need(within(ir_proc_container(s), s));
    ir_proc_unescape(&b, s);
    need(b.n <= s.n);
    ir_buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str s = ir_str_n((const char *)data, size);
    struct ir_netlink_message m;
    struct ir_live_socket socket;
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_jline j = ir_jline_open(&b);
    texts(s);
    ir_live_utmp(s, &j);
    while (ir_netlink_next(&s, &m)) {
        if (ir_diag_unix(m.body, &socket)) need(within(socket.path, m.body));
        ir_diag_inet(m.body, 6, &socket);
        ir_route_message(&m, &j);
    }
    ir_buf_free(&b);
    return 0;
}
