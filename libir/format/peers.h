/*
 * Who is behind a connection whose later lines hold no address (sshd's, PostgreSQL's): remembered
 * within a block, so that results depend on nothing else.
 *
 * In the format syslog only messages that are triggers may be remembered or be given an address, so
 * that a scan which skips most lines and one that parses all of them see the same.
 */
#ifndef IR_FORMAT_PEERS_H
#define IR_FORMAT_PEERS_H

#include "format/format.h"

/* Of a process on a host, which may be empty. */
uint64_t ir_peers_key(struct ir_str host, struct ir_str pid);
/* Both mark the event as linked; without p->peers they do nothing. An empty address is not kept,
 * nor one longer than any is. */
void ir_peers_remember(struct ir_parser *p, uint64_t key, struct ir_event *ev, struct ir_str ip,
                       struct ir_str port);
/* Adds source.ip and source.port (as derived) when they are known and from the last ten minutes. */
void ir_peers_recall(struct ir_parser *p, uint64_t key, struct ir_event *ev);
/* A fixed message without an address (syslog_nameless.def), in the first 64 bytes. */
bool ir_peers_nameless(struct ir_str msg);

#endif
