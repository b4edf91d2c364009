/*
 * Between utmp.c and lastlog.c: numbers and texts of binary login records, and who logged in from
 * where. Every pointer is one into a record that the caller has measured.
 */
#ifndef IR_FORMAT_UTMP_H
#define IR_FORMAT_UTMP_H

#include "format/format.h"

/* n bytes (up to 8) in either byte order. */
uint64_t ir_utmp_int(const char *p, unsigned n, bool big);
/* A text that ends at a NUL, or fills its place. */
struct ir_str ir_utmp_text(const char *p, size_t n);
/* source.ip from 16 bytes: IPv6, or IPv4 in the first four. False when they are zero. */
bool ir_utmp_address(struct ir_str addr, struct ir_event *ev);
/* source.ip, source.domain, … from the host as logged, where the address did not say it. */
void ir_utmp_peer(struct ir_event *ev, struct ir_str host);
/* A number in the event's arena, under an id or (IR_F_NONE) a name. */
void ir_utmp_number(struct ir_event *ev, uint32_t id, struct ir_str name, uint64_t v);

#endif
