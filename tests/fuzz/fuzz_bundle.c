/*
 * Cases from elsewhere (ir case import): any bytes as a file, with a digest made anew that fits, as
 * whoever forges one would; taken into a database and rolled back. Whatever comes in must have been
 * written as it stands: the reader says so itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "casedb/bundle.h"

#define NOW  INT64_C(1795309323123000000)
#define TAIL ",\n\"sha256\":\""

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/tmp/ir-fuzz-bundle-XXXXXX";
static struct ir_casedb *db;

static void leave(void)
{
    char path[64];
    ir_casedb_close(db);
    snprintf(path, sizeof path, "%s/db", dir);
    unlink(path);
    rmdir(dir);
}

static bool make(void)
{
    char path[64];
    if (mkdtemp(dir) == NULL) return false;
    snprintf(path, sizeof path, "%s/db", dir);
    if (ir_casedb_open(path, IR_CASEDB_MAKE, &db, NULL) != IR_OK) return false;
    return atexit(leave) == 0;
}

static void seal(struct ir_buf *b)
{
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(b), &sum)) abort();
    ir_digest_hex(&sum, IR_SHA256, hex);
    ir_buf_fmt(b, TAIL "%s\"}\n", hex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str text = ir_str_n((const char *)data, size);
    struct ir_buf b = IR_BUF(1 << 22);
    struct ir_bundle_result r;
    struct ir_err err = {0};
    if (db == NULL && !make()) abort();
    const size_t tail = ir_str_find(text, IR_S(TAIL));
    ir_buf_str(&b, tail != IR_NPOS ? ir_str_head(text, tail) : text);
    seal(&b);
    if (ir_casedb_begin(db, "Mallory", NOW, &err) != IR_OK) abort();
    const int rc = ir_bundle_read(db, ir_buf_view(&b), &r, &err);
    ir_casedb_rollback(db);
    if (rc == IR_FATAL && strstr(err.msg, "memory") == NULL) {
        fprintf(stderr, "%s\n", err.msg);
        abort();
    }
    ir_buf_free(&b);
    return 0;
}
