/*
 * IP addresses and networks, for values in logs. IPv4 is kept as v4-mapped IPv6, so that one
 * compare does.
 */
#ifndef IR_BASE_IP_H
#define IR_BASE_IP_H

#include "base/str.h"

struct ir_ip {
    uint8_t b[16]; /* network order; IPv4 as ::ffff:a.b.c.d */
    bool v4;       /* written as IPv4 (not as ::ffff:…) */
};

struct ir_cidr {
    struct ir_ip ip; /* host bits zero */
    unsigned bits;   /* prefix length in 0..128; for IPv4 already plus 96 */
    bool v4;
};

/* The whole view is an address: dotted quad (leading zeros are read as decimal, "192.030.0.6" is
 * seen in logs), IPv6 with ::, embedded IPv4, zone id (%eth0, dropped), and [v6] in brackets. */
bool ir_ip_parse(struct ir_str s, struct ir_ip *ret_ip);
/* RFC 5952 text (a v4-mapped address prints as dotted quad). Returns the length; buf >= 46. */
size_t ir_ip_text(const struct ir_ip *ip, char *buf);
/* "10.0.0.0/8", "2001:db8::/32", or an address alone (a /32 or /128). Host bits may be set:
 * cleared. */
bool ir_cidr_parse(struct ir_str s, struct ir_cidr *ret_c);
/* An IPv4 net has IPv4 addresses, in their v4-mapped form too. An IPv6 net has no address written
 * as IPv4, except one inside ::ffff:0:0/96. */
bool ir_cidr_has(const struct ir_cidr *c, const struct ir_ip *ip);

#endif
