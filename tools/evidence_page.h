/*
 * The texts for people about an exhibit: receipts and labels, as plain text and as HTML for paper.
 */
#ifndef IR_TOOLS_EVIDENCE_PAGE_H
#define IR_TOOLS_EVIDENCE_PAGE_H

#include "evidence/ledger.h"
#include "evidence/receipt.h"

struct receipt_page {
    const char *name;   /* "R-0003" */
    struct ir_str line; /* of the log */
    uint64_t seq, size; /* its number; lines of the checkpoint */
    const struct ir_signer *signers;
    unsigned nsigners;
    struct ir_str sections; /* of ir_receipt_sections */
};

void receipt_text(struct ir_buf *out, const struct receipt_page *p);
void receipt_html(struct ir_buf *out, const struct receipt_page *p);
void label_text(struct ir_buf *out, const struct ir_item *item, const char *case_id);
void label_html(struct ir_buf *out, const struct ir_item *item, const char *case_id);

#endif
