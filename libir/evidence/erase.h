/*
 * Deleting an exhibit that was disposed of. Only after the log tells of it, and never else.
 */
#ifndef IR_EVIDENCE_ERASE_H
#define IR_EVIDENCE_ERASE_H

#include "base/err.h"

/* The exhibit's directory with all in it; nothing is followed out of it. This is no wiping of the
 * medium. Deeper than IR_FS_DEPTH_MAX directories: IR_FATAL, and the rest stays. */
int ir_exhibit_erase(int case_fd, const char *item, struct ir_err *err);

#endif
