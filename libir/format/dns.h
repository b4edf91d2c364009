/*
 * What the logs of name servers share: the message behind stamp and process, wherever it stood.
 * Used by syslog_dns.c (through syslog), bind.c and unbound.c (the servers' own files).
 *
 *     ir_dns_bind(ev, IR_S("client @0x7f 192.0.2.7#53012 (example.org): query: example.org IN A +
 * (192.0.2.53)"));
 *
 * All values are parts of the message. True: it was a question or an answer, and ev has got the log
 * source `dns`. Names lose the dot at their end, which rules do not expect.
 */
#ifndef IR_FORMAT_DNS_H
#define IR_FORMAT_DNS_H

#include "format/format.h"

bool ir_dns_bind(struct ir_event *ev, struct ir_str s);
bool ir_dns_unbound(struct ir_event *ev, struct ir_str s);
bool ir_dns_dnsmasq(struct ir_event *ev, struct ir_str s);
/* "[PID:THREAD] info: " at the start of *s, off it. */
bool ir_dns_unbound_level(struct ir_str *s, struct ir_event *ev);

#endif
