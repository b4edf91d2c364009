/*
 * Records of an audit in a temporary file that has no name (see audit.h). Nobody else can write to
 * it, so what is read is what was written.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/audit_int.h"

#define TEXT_MAX ((size_t)32 << 20)

struct head {
    uint64_t line;
    uint32_t path_n, shown_n, list, set;
};

bool ir_audit_spool_open(struct ir_audit_spool *s)
{
    int fd = ir_io_temporary();
    *s = (struct ir_audit_spool){.room = IR_BUF(TEXT_MAX)};
    s->f = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (s->f == NULL && fd >= 0) close(fd);
    return s->f != NULL;
}

void ir_audit_spool_close(struct ir_audit_spool *s)
{
    if (s->f != NULL) fclose(s->f);
    ir_buf_free(&s->room);
}

static bool put(struct ir_audit_spool *s, const void *p, size_t n)
{
    s->bytes += n;
    return n == 0 || fwrite(p, 1, n, s->f) == n;
}

bool ir_audit_put(struct ir_audit_spool *s, const struct ir_audit_record *r)
{
    struct head h = {.line = r->line,
                     .path_n = (uint32_t)r->path.n,
                     .shown_n = (uint32_t)r->shown.n,
                     .list = r->list,
                     .set = r->sum.set};
    bool good = put(s, &h, sizeof h);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (h.set & IR_DIGEST_BIT(a))
            good = good && put(s, r->sum.v[a], ir_digest_size((enum ir_digest_alg)a));
    s->n++;
    return good && put(s, r->path.p, r->path.n) && put(s, r->shown.p, r->shown.n);
}

bool ir_audit_seek(struct ir_audit_spool *s, uint64_t at)
{
    return fflush(s->f) == 0 && fseeko(s->f, (off_t)at, SEEK_SET) == 0;
}

int ir_audit_get(struct ir_audit_spool *s, struct ir_audit_record *ret_r, uint64_t *ret_at)
{
    struct head h;
    *ret_at = (uint64_t)ftello(s->f);
    if (fread(&h, 1, sizeof h, s->f) != sizeof h) return ferror(s->f) ? IR_FATAL : IR_END;
    *ret_r = (struct ir_audit_record){.list = h.list, .line = h.line, .sum.set = h.set};
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        size_t n = ir_digest_size((enum ir_digest_alg)a);
        if ((h.set & IR_DIGEST_BIT(a)) && fread(ret_r->sum.v[a], 1, n, s->f) != n) return IR_FATAL;
    }
    size_t n = (size_t)h.path_n + h.shown_n;
    ir_buf_clear(&s->room);
    if (!ir_buf_reserve(&s->room, n + 1) || fread(s->room.p, 1, n, s->f) != n) return IR_FATAL;
    ret_r->path = ir_str_n(s->room.p, h.path_n);
    ret_r->shown = ir_str_n(s->room.p + h.path_n, h.shown_n);
    return IR_OK;
}
