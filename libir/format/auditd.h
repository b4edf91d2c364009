/*
 * What other formats may ask of the auditd parser: audit records travel inside syslog and the
 * kernel ring too.
 *
 *     struct ir_str body = ir_auditd_body(msg); // of "audispd: node=a type=PATH msg=audit(…): …"
 *     if (body.p != NULL && ir_format_auditd.parse(p, body, ev) == IR_OK) …
 *
 * parse adds fields and log sources to ev's current view and sets ev->time only when the record has
 * a stamp, so the caller keeps what it has already put there.
 */
#ifndef IR_FORMAT_AUDITD_H
#define IR_FORMAT_AUDITD_H

#include "format/format.h"

extern const struct ir_format ir_format_auditd;

/* The audit record inside a syslog message or kernel ring line, without tags such as "audispd: ",
 * "audit[123]: ", "kernel: [ 1.2] audit: ". p == NULL when there is none. */
struct ir_str ir_auditd_body(struct ir_str msg);

#endif
