/*
 * Lines of a list of objects as strangers hand them over: what is taken of one is the same after it
 * was written and read again, and its texts lie in the room.
 */
#include <stdlib.h>

#include "evidence/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static void same(struct ir_str a, struct ir_str b)
{
    need(ir_str_eq(a, b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ir_owners owners; /* names of users are looked up once */
    struct ir_str line = ir_str_n((const char *)data, size);
    struct ir_buf room = IR_BUF((size_t)1 << 22), second = IR_BUF((size_t)1 << 22);
    struct ir_buf text = IR_BUF((size_t)1 << 22);
    struct ir_object o, p;
    struct ir_err err = {0};
    int rc = ir_object_read(line, &room, &o, &err);
    need(rc == IR_OK || (rc == IR_BAD && err.msg[0] != '\0'));
    if (rc == IR_OK) {
        need(o.path.n > 0 && o.path.p >= room.p && o.path.p + o.path.n <= room.p + room.n);
        ir_object_write(&o, &owners, &text);
        need(ir_object_read(ir_str_n(text.p, text.n - 1), &second, &p, &err) == IR_OK);
        same(o.path, p.path);
        same(o.target, p.target);
        need(o.st.stx_mode == p.st.stx_mode && o.st.stx_size == p.st.stx_size);
        need(o.st.stx_uid == p.st.stx_uid && o.st.stx_nlink == p.st.stx_nlink);
        need(o.st.stx_mtime.tv_sec == p.st.stx_mtime.tv_sec);
        need(o.sum.set == p.sum.set);
    }
    ir_buf_free(&room);
    ir_buf_free(&second);
    ir_buf_free(&text);
    return 0;
}
