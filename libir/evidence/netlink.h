/*
 * Asking the kernel by netlink (netlink(7), sock_diag(7), rtnetlink(7)), and reading its answers.
 * They come from the kernel, yet every length is checked: a module may have been exchanged.
 *
 *     rc = ir_netlink_dump(NETLINK_ROUTE, RTM_GETLINK, &body, sizeof body, each, user);
 */
#ifndef IR_EVIDENCE_NETLINK_H
#define IR_EVIDENCE_NETLINK_H

#include "base/str.h"
#include "evidence/live_parse.h"

struct ir_netlink_message {
    unsigned type;
    struct ir_str body;
};

/* Takes the next message off what one read gave. False: nothing more, or what is left is none. */
bool ir_netlink_next(struct ir_str *rest, struct ir_netlink_message *ret_m);
/* Takes the next attribute off what stands behind a message's header. False: no more. */
bool ir_netlink_attribute(struct ir_str *rest, unsigned *ret_type, struct ir_str *ret_value);
/* Sends a dump request and calls `each` with every answer. 0, or -errno: also of the kernel, which
 * answers ENOENT when nobody serves such requests. */
int ir_netlink_dump(int protocol, unsigned type, const void *body, size_t n,
                    void (*each)(void *user, const struct ir_netlink_message *m), void *user);

/* An answer to sock_diag about AF_INET, AF_INET6, and AF_UNIX. */
bool ir_diag_inet(struct ir_str body, unsigned protocol, struct ir_live_socket *ret_s);
bool ir_diag_unix(struct ir_str body, struct ir_live_socket *ret_s);

#endif
