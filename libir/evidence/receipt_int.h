/*
 * What the two halves of receipts share; nobody else's business.
 */
#ifndef IR_EVIDENCE_RECEIPT_INT_H
#define IR_EVIDENCE_RECEIPT_INT_H

#include "evidence/receipt.h"

/* The 32 bytes of an Ed25519 key in PEM. */
bool ir_receipt_raw_key(struct ir_str pem, unsigned char raw[32]);
/* C2SP signed-note: SHA-256 of name, LF, 1, key; the first 4 bytes. */
void ir_receipt_key_id(struct ir_str name, const unsigned char raw[32], unsigned char id[4]);
/* "examiner" and the like, of the i-th who signed. */
const char *ir_receipt_role(const struct ir_receipt *r, unsigned i);

#endif
