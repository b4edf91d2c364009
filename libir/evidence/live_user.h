/*
 * Records about people, as members of a JSON line.
 */
#ifndef IR_EVIDENCE_LIVE_USER_H
#define IR_EVIDENCE_LIVE_USER_H

#include "evidence/jline.h"

/* The first record of utmp. False: it is cut. */
bool ir_live_utmp(struct ir_str record, struct ir_jline *j);
/* A line of /etc/passwd, without the password. False: it is none. */
bool ir_live_passwd(struct ir_str line, struct ir_jline *j, struct ir_str *ret_name,
                    uint64_t *ret_uid);

#endif
