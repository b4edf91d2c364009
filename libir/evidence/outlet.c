/*
 * A file that is written front to back (see outlet.h).
 */
#include "evidence/outlet.h"

#include <errno.h>

#include "base/intl.h"
#include "base/io.h"

#define DRAIN_AT ((size_t)64 << 10)
#define LINE_MAX ((size_t)128 << 20) /* what may be added between two drains */

int ir_outlet_open(struct ir_outlet *o, int fd, struct ir_err *err)
{
    *o = (struct ir_outlet){.fd = fd, .b = IR_BUF(LINE_MAX)};
    if (!ir_digest_open(&o->d, IR_DIGEST_BIT(IR_SHA256)))
        return ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    ir_digest_begin(&o->d);
    return IR_OK;
}

static bool flush(struct ir_outlet *o)
{
    if (o->b.full && o->rc == 0) o->rc = -ENOMEM;
    if (o->b.n > 0 && o->rc == 0) {
        o->rc = ir_io_write_all(o->fd, o->b.p, o->b.n);
        ir_digest_add(&o->d, o->b.p, o->b.n);
        o->bytes += o->b.n;
    }
    ir_buf_clear(&o->b);
    return o->rc == 0;
}

bool ir_outlet_put(struct ir_outlet *o, const void *p, size_t n)
{
    if (!flush(o)) return false;
    o->rc = ir_io_write_all(o->fd, p, n);
    ir_digest_add(&o->d, p, n);
    o->bytes += n;
    return o->rc == 0;
}

bool ir_outlet_drain(struct ir_outlet *o)
{
    return o->b.n < DRAIN_AT && !o->b.full ? o->rc == 0 : flush(o);
}

int ir_outlet_close(struct ir_outlet *o, struct ir_err *err)
{
    struct ir_digest_sum sum;
    bool written = flush(o), digested = ir_digest_end(&o->d, &sum);
    ir_buf_free(&o->b);
    ir_digest_close(&o->d);
    if (!written) return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-o->rc));
    if (!digested) return ir_fail(err, IR_FATAL, "a digest failed");
    ir_digest_hex(&sum, IR_SHA256, o->sha256);
    return IR_OK;
}
