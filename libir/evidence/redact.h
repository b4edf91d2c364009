/*
 * A command line for the record: signed, append-only and handed to strangers, so no secret may
 * stand in it.
 */
#ifndef IR_EVIDENCE_REDACT_H
#define IR_EVIDENCE_REDACT_H

#include "base/buf.h"

/* Appends a URL without the user and password before its host, and without query and fragment:
 * "***" stands for each. */
void ir_redact_url(struct ir_str url, struct ir_buf *out);
/* Appends the arguments, each with its NUL in argv, with blanks between them. URLs as above, where
 * they stand in an argument; what follows an option of passwords and the like becomes "***". */
void ir_redact_command(struct ir_str argv, struct ir_buf *out);

#endif
