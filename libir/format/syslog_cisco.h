/*
 * Between the two files of Cisco's messages: syslog_cisco.c finds the code, syslog_asa.c knows the
 * firewalls' numbers.
 */
#ifndef IR_FORMAT_SYSLOG_CISCO_H
#define IR_FORMAT_SYSLOG_CISCO_H

#include "format/phrase.h"
#include "format/syslog.h"

/* "ASA", "FTD", "PIX", "FWSM" */
bool ir_syslog_is_asa(struct ir_str facility);
/* number: six digits; text: what follows the code. */
void ir_syslog_asa(struct ir_str number, struct ir_str text, struct ir_event *ev);

#endif
