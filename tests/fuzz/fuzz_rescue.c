/*
 * Maps of images as strangers hand them over: a map that is taken covers the source without a gap,
 * and is the same after it was written and read again.
 */
#include <stdlib.h>

#include "evidence/rescue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static bool alike(const struct ir_rescue *a, const struct ir_rescue *b)
{
    bool good = a->n == b->n;
    for (size_t i = 0; good && i < a->n; i++)
        good = ir_rescue_at(a, i)->pos == ir_rescue_at(b, i)->pos &&
               ir_rescue_at(a, i)->size == ir_rescue_at(b, i)->size &&
               ir_rescue_at(a, i)->status == ir_rescue_at(b, i)->status;
    return good;
}

static void map(struct ir_str text, uint64_t size)
{
    struct ir_rescue m, again;
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF((size_t)64 << 20);
    uint64_t at = 0;
    if (ir_rescue_parse(text, size, &m, &err) != IR_OK) {
        need(err.msg[0] != '\0');
        return;
    }
    for (size_t i = 0; i < m.n; at += ir_rescue_at(&m, i++)->size) {
        need(ir_rescue_at(&m, i)->pos == at && ir_rescue_at(&m, i)->size > 0 &&
             ir_rescue_at(&m, i)->size <= size - at);
        need(i == 0 || ir_rescue_at(&m, i)->status != ir_rescue_at(&m, i - 1)->status);
    }
    need(at == size);
    ir_rescue_write(&m, "# fuzz\n", 0, '?', 1, &b);
    need(ir_rescue_parse(ir_buf_view(&b), size, &again, &err) == IR_OK);
    need(alike(&again, &m));
    need(ir_rescue_mark(&m, size / 3, size / 3, '-') || m.n > IR_RESCUE_AREAS_MAX - 3);
    ir_rescue_free(&again);
    ir_rescue_free(&m);
    ir_buf_free(&b);
}

/* The first line is the size of the source. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str text = ir_str_n((const char *)data, size), first = ir_str_cut(&text, '\n');
    uint64_t bytes;
    if (text.p != NULL && ir_str_u64(first, &bytes)) map(text, bytes);
    return 0;
}
