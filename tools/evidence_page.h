/*
 * The texts for people about an exhibit: labels as plain text, and labels and receipts as
 * HTML for paper.
 */
#ifndef IR_TOOLS_EVIDENCE_PAGE_H
#define IR_TOOLS_EVIDENCE_PAGE_H

#include "evidence/ledger.h"
#include "evidence/receipt.h"

/* The page of a receipt for paper; its text file is ir_receipt_write's. */
void receipt_html(struct ir_buf *out, const struct ir_receipt *r);
void label_text(struct ir_buf *out, const struct ir_item *item, const char *case_id);
void label_html(struct ir_buf *out, const struct ir_item *item, const char *case_id);

#endif
