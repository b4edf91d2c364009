/*
 * Commands of FTP in logs that also hold web requests: ProFTPD's ExtendedLog looks like a web
 * server's log, and IIS and Pure-FTPd write W3C's for both.
 */
#ifndef IR_FORMAT_FTP_COMMAND_H
#define IR_FORMAT_FTP_COMMAND_H

#include "format/format.h"

/* event.action and event.outcome; a password also makes it a log-in. False: no command of FTP. */
bool ir_ftp_command(struct ir_event *ev, struct ir_str method, struct ir_str status);
/* "STOR a b.txt", "PASS (hidden)" with an answer that no web server gives to such a request: then
 * the fields are added. */
bool ir_ftp_request(struct ir_event *ev, struct ir_str request, struct ir_str status);

#endif
