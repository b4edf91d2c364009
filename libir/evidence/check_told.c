/*
 * The checkpoints and time-stamps that the log tells of. A line that follows a checkpoint holds the
 * digest of its list, so of its signatures; the checkpoint of all lines has no line behind it, and
 * must be there.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/intl.h"
#include "base/json.h"
#include "evidence/check_int.h"
#include "evidence/checkpoint.h"
#include "evidence/stamp.h"

/* The checkpoint of the first n lines. digest: of its list, as the next line tells it; "": there is
 * no line yet. */
static void check_checkpoint(struct ir_check *k, uint64_t n, const char *digest)
{
    char name[IR_CHECKPOINT_NAME], file[IR_CHECKPOINT_NAME + 16], place[IR_CHECKPOINT_NAME + 32],
        hex[IR_HASH_TEXT];
    struct ir_buf text = IR_BUF(IR_CHECK_CONTROL_MAX), right = IR_BUF(IR_CHECK_CONTROL_MAX),
                  list = IR_BUF(IR_CHECK_CONTROL_MAX), listed = IR_BUF(IR_CHECK_CONTROL_MAX);
    ir_checkpoint_name(n, name);
    snprintf(file, sizeof file, "%s.sha256", name);
    snprintf(place, sizeof place, "custody/%s", name);
    int rc = ir_check_read(k, name, IR_CHECK_CONTROL_MAX - 1, &text);
    if (ir_check_read(k, file, IR_CHECK_CONTROL_MAX - 1, &listed) != IR_OK || rc != IR_OK) goto out;
    k->t->checkpoints++;
    ir_checkpoint_text(k->c, n, &right);
    if (!ir_str_eq(ir_buf_view(&text), ir_buf_view(&right)))
        ir_check_problem(k, place,
                         "is not the checkpoint of the first %" PRIu64
                         " lines: it, or one of them, was changed",
                         n);
    ir_check_sha256(ir_buf_view(&text), hex);
    ir_buf_fmt(&list, "%s  %s\n", hex, name);
    if (ir_check_signatures(k, n, name, ir_buf_view(&text), &list) > 0) k->t->covered = n;
    snprintf(place, sizeof place, "custody/%s", file);
    if (!ir_str_eq(ir_buf_view(&list), ir_buf_view(&listed)))
        ir_check_problem(k, place,
                         "is not the list of the checkpoint and its signatures: one of them was "
                         "changed");
    ir_check_sha256(ir_buf_view(&listed), hex);
    if (*digest != '\0' && strcmp(digest, hex) != 0)
        ir_check_problem(k, place, "is not what line %" PRIu64 " of the log tells of", n + 1);
out:
    ir_buf_free(&text);
    ir_buf_free(&right);
    ir_buf_free(&list);
    ir_buf_free(&listed);
}

/* What belongs to a stamp is accounted for, whether it is good or not. */
static void must_stamp(struct ir_check *k, uint64_t n, bool attached)
{
    char name[IR_CHECKPOINT_NAME];
    ir_checkpoint_name(n, name);
    ir_check_must(k, "custody/%s.tsq", name);
    if (attached) ir_check_must(k, "custody/%s.tsr", name);
    if (attached) ir_check_must(k, "custody/tsa/ca.pem");
}

static void check_stamp(struct ir_check *k, uint64_t seq)
{
    char place[600];
    struct ir_stamp s;
    struct ir_err err = {0};
    int rc = ir_stamp_verify(k->c, seq, ir_buf_view(&k->ca), &s, &err);
    if (rc == IR_END) return;
    must_stamp(k, s.checkpoint, true);
    snprintf(place, sizeof place, "custody/%s", err.input);
    if (rc == IR_OK) {
        char name[IR_CHECKPOINT_NAME];
        ir_checkpoint_name(s.checkpoint, name);
        snprintf(place, sizeof place, "custody/%s.tsr", name);
        k->t->stamps++;
        if (s.run_out) k->report->note(k->report->user, place, IR_STAMP_RUN_OUT);
    } else
        ir_check_problem(k, place, "%s", err.msg);
}

/* The certificates are those that the last stamp was attached with. */
static void check_ca(struct ir_check *k, const char *told)
{
    char hex[IR_HASH_TEXT];
    struct ir_buf file = IR_BUF(IR_STAMP_MAX + 1);
    if (*told != '\0' && ir_check_read(k, "tsa/ca.pem", IR_STAMP_MAX, &file) == IR_OK) {
        ir_check_sha256(ir_buf_view(&file), hex);
        if (strcmp(told, hex) != 0)
            ir_check_problem(k, "custody/tsa/ca.pem", "is not what the log tells of");
    }
    ir_buf_free(&file);
}

void ir_check_told(struct ir_check *k)
{
    char text[IR_HASH_TEXT + 1], ca[IR_HASH_TEXT + 1] = "";
    const uint64_t lines = ir_custody_count(k->c);
    uint64_t n;
    for (uint64_t i = 0; i < lines; i++) {
        struct ir_str line = ir_custody_line(k->c, i);
        if (ir_custody_text(line, "prev_checkpoint", text, sizeof text))
            check_checkpoint(k, i, text);
        if (!ir_custody_text(line, "event", text, sizeof text)) continue;
        if (strcmp(text, "timestamp-request") == 0 && ir_json_member_u64(line, "checkpoint", &n))
            must_stamp(k, n, false);
        check_stamp(k, i + 1);
        if (strcmp(text, "timestamp-attach") == 0)
            ir_custody_text(line, "ca_sha256", ca, sizeof ca);
    }
    check_ca(k, ca);
    k->open = lines > 0 && !ir_checkpoint_is_there(k->c, lines);
    if (lines > 0 && !k->open) check_checkpoint(k, lines, "");
}
