/*
 * Which files are secrets, and how much there is to take.
 */
#ifndef IR_EVIDENCE_LIVE_FILES_H
#define IR_EVIDENCE_LIVE_FILES_H

#include "evidence/live_int.h"

/* By its path: password hashes, private keys, passwords of programs. */
bool ir_live_is_secret(const char *path);

#endif
