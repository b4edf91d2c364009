/*
 * Receipts as strangers hand them over: what is accepted lies within the file, and
 * is signed by somebody.
 */
#include <stdlib.h>

#include "evidence/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static bool within(struct ir_str part, struct ir_str whole)
{
    return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str file = ir_str_n((const char *)data, size);
    struct ir_receipt r;
    struct ir_err err = {0};
    int rc = ir_receipt_check(file, &r, &err);
    need(rc == IR_OK || (rc == IR_BAD && err.msg[0] != '\0'));
    if (rc == IR_OK) {
        need(within(r.text, file) && within(r.line, file) && within(r.checkpoint, file));
        need(r.signers > 0 && r.signers <= IR_RECEIPT_SIGNERS && r.seq > 0 && r.seq <= r.size);
    }
    return 0;
}
