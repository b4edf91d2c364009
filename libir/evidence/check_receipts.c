/*
 * The receipts of a case: those that the log tells of, against the log, their signed list and
 * themselves.
 */
#include <inttypes.h>
#include <stdio.h>

#include "evidence/check_int.h"
#include "evidence/receipt.h"

/* The text: good by itself, and of this very log. */
static void check_text(struct ir_check *k, struct ir_str text, uint64_t seq, const char *place)
{
    struct ir_buf right = IR_BUF(1 << 12);
    struct ir_receipt r;
    struct ir_err err = {0};
    if (ir_receipt_check(text, &r, &err) != IR_OK) {
        ir_check_problem(k, place, "%s", err.msg);
        return;
    }
    ir_checkpoint_text(k->c, r.size, &right);
    if (r.seq != seq || r.size > ir_custody_count(k->c) ||
        !ir_str_eq(r.line, ir_custody_line(k->c, seq - 1)) ||
        !ir_str_eq(r.checkpoint, ir_buf_view(&right)))
        ir_check_problem(k, place, "is not the receipt that the log tells of");
    ir_buf_free(&right);
}

/* The receipt that line `told` tells of, for line `seq`. */
static void check_one(struct ir_check *k, uint64_t told, const char *receipt, uint64_t seq)
{
    static const char *const endings[] = {".html", ".tlog-proof", ".txt"};
    struct ir_buf list = IR_BUF(1 << 13), file = IR_BUF(IR_RECEIPT_MAX + 2), want = IR_BUF(1 << 13);
    char name[160], place[180], hex[IR_HASH_TEXT];
    bool whole = true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "receipts/%s%s", receipt, endings[i]);
        if (ir_check_read(k, name, IR_RECEIPT_MAX + 1, &file) != IR_OK) {
            whole = false;
            continue;
        }
        ir_check_sha256(ir_buf_view(&file), hex);
        ir_buf_fmt(&want, "%s  %s%s\n", hex, receipt, endings[i]);
    }
    snprintf(place, sizeof place, "custody/%s", name);
    if (whole) check_text(k, ir_buf_view(&file), seq, place);
    snprintf(name, sizeof name, "receipts/%s.sha256", receipt);
    snprintf(place, sizeof place, "custody/%s", name);
    if (ir_check_read(k, name, 1 << 12, &list) == IR_OK) {
        if (whole && !ir_str_eq(ir_buf_view(&list), ir_buf_view(&want)))
            ir_check_problem(k, place, "a file of the receipt is not what is listed");
        snprintf(name, sizeof name, "receipts/%s", receipt);
        if (ir_check_signatures(k, told, name, ir_buf_view(&list), NULL) == 0)
            ir_check_problem(k, place, "nobody signed it");
    }
    ir_buf_free(&list);
    ir_buf_free(&file);
    ir_buf_free(&want);
}

void ir_check_receipts(struct ir_check *k)
{
    char event[64], number[48], name[64];
    uint64_t seq;
    for (uint64_t i = 0; i < ir_custody_count(k->c); i++) {
        struct ir_str line = ir_custody_line(k->c, i), next = ir_custody_line(k->c, i + 1);
        char digest[IR_HASH_TEXT + 1];
        if (!ir_custody_text(line, "event", event, sizeof event) || strcmp(event, "receipt") != 0)
            continue;
        /* Without a checkpoint of its line it was never made: the process died before. */
        if (next.n == 0 && k->open) { /* or it was taken away: see check_end.c */
            ir_check_must(k, "custody/receipts");
            continue;
        }
        if (next.n > 0 && !ir_custody_text(next, "prev_checkpoint", digest, sizeof digest))
            continue;
        if (!ir_custody_text(line, "receipt", name, sizeof name) || name[0] == '.' ||
            strchr(name, '/') != NULL || !ir_custody_text(line, "of_seq", number, sizeof number) ||
            !ir_str_u64(ir_str_z(number), &seq) || seq == 0) {
            snprintf(number, sizeof number, "custody/log.jsonl:%" PRIu64, i + 1);
            ir_check_problem(k, number, "tells of a receipt that cannot be");
            continue;
        }
        check_one(k, i + 1, name, seq);
    }
}
