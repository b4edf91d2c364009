/*
 * VERIFY.txt and VERIFY.ja.txt of a case: how anybody proves it with sh, sha256sum and openssl, and
 * without this program. The files are shell scripts of which most is explanation.
 */
#ifndef IR_EVIDENCE_HOWTO_H
#define IR_EVIDENCE_HOWTO_H

#include <stdbool.h>

#include "base/err.h"

int ir_howto_write(int case_fd, struct ir_err *err);
/* Whether the file of this name is there, and as this version writes it. */
bool ir_howto_same(int case_fd, const char *name);

#endif
