/*
 * The course of an audit (see audit.h): which digests the lists have, the files hashed into a
 * temporary file, the two comparisons of audit_join.c, and what came of them.
 */
#include "evidence/audit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/intl.h"
#include "evidence/audit_int.h"
#include "evidence/hashing.h"

#define LOOK 1000u /* entries of a list that tell which digests it has */

/* The strongest digest of each entry: the others would prove no more. */
static int choose_digests(struct ir_audit *a)
{
    for (size_t i = 0; i < a->o->nlists; i++) {
        struct ir_known *k;
        struct ir_known_entry e;
        uint64_t good = 0, bad = 0;
        int rc = ir_known_open(a->o->lists[i], &k, a->err);
        if (rc != IR_OK) return rc;
        while (good + bad < LOOK && (rc = ir_known_next(k, &e, a->err)) != IR_END &&
               rc != IR_FATAL) {
            good += rc == IR_OK;
            bad += rc != IR_OK;
            if (rc == IR_OK) a->set |= IR_DIGEST_BIT(ir_known_strongest(e.sum.set));
        }
        ir_known_close(k);
        if (rc == IR_FATAL) return rc;
        if (good > 0 || bad == 0) continue;
        ir_err_at(a->err, a->o->lists[i], -1, 0);
        return ir_fail(a->err, IR_FATAL,
                       "is no list of digests: those of hashdeep, sha256sum and md5sum, CSV with "
                       "a heading as NSRL has it, and JSON lines are known");
    }
    if (a->set == 0) a->set = IR_DIGEST_BIT(IR_SHA256);
    return IR_OK;
}

static bool give(struct ir_audit *a, const struct ir_audit_item *i)
{
    a->t->verdict[i->verdict]++;
    if (a->o->item(a->o->user, i)) return true;
    a->rc = IR_END;
    return false;
}

static bool on_hashed(void *user, const struct ir_hashed *h)
{
    struct ir_audit *a = user;
    const struct ir_audit_record r = {.path = h->whole, .shown = h->path, .sum = h->sum};
    if (a->files.n == a->cap) {
        size_t cap = a->cap ? 2 * a->cap : 4096;
        unsigned char *more = realloc(a->state, cap);
        if (more == NULL) {
            a->rc = ir_fail(a->err, IR_FATAL, "out of memory");
            return false;
        }
        a->state = more;
        a->cap = cap;
    }
    const char *why = h->problem != NULL ? h->problem : h->changed;
    a->state[a->files.n] = why != NULL       ? IR_FILE_TOLD
                           : h->left != NULL ? IR_FILE_LEFT
                                             : IR_FILE_NONE;
    if (!ir_audit_put(&a->files, &r)) {
        a->rc = ir_fail(a->err, IR_FATAL, "a temporary file failed: %-s", ir_errno_text(errno));
        return false;
    }
    const struct ir_audit_item i = {.verdict = IR_AUDIT_UNREADABLE, .path = h->path, .why = why};
    return why == NULL || give(a, &i);
}

static void on_progress(void *user, uint64_t files, uint64_t bytes, uint64_t of)
{
    const struct ir_audit *a = user;
    a->o->progress(a->o->user, files, bytes, of);
}

static int hash(struct ir_audit *a, const char *const *paths, size_t n)
{
    const struct ir_hashing_options o = {.set = a->set,
                                         .threads = a->o->threads,
                                         .one_filesystem = a->o->one_filesystem,
                                         .networks = a->o->networks,
                                         .object = on_hashed,
                                         .progress = a->o->progress != NULL ? on_progress : NULL,
                                         .user = a};
    int rc = ir_hashing(paths, n, &o, a->err);
    return a->rc != IR_OK ? a->rc : rc;
}

static const enum ir_audit_verdict verdicts[] = {
    [IR_FILE_NONE] = IR_AUDIT_NEW,        [IR_FILE_LEFT] = IR_AUDIT_VERDICTS,
    [IR_FILE_TOLD] = IR_AUDIT_VERDICTS,   [IR_FILE_KNOWN] = IR_AUDIT_KNOWN,
    [IR_FILE_MOVED] = IR_AUDIT_MOVED,     [IR_FILE_GONE] = IR_AUDIT_CHANGED,
    [IR_FILE_CHANGED] = IR_AUDIT_CHANGED, [IR_FILE_OTHER] = IR_AUDIT_UNREADABLE,
    [IR_FILE_MATCHED] = IR_AUDIT_MATCHED,
};

static int spool_failed(struct ir_audit *a)
{
    return ir_fail(a->err, IR_FATAL, "a temporary file failed: %-s", ir_errno_text(errno));
}

static int tell_files(struct ir_audit *a)
{
    struct ir_audit_record r, old;
    uint64_t at;
    int rc;
    if (!ir_audit_seek(&a->files, 0)) return spool_failed(a);
    for (uint64_t i = 0; (rc = ir_audit_get(&a->files, &r, &at)) == IR_OK; i++) {
        struct ir_audit_item item = {.verdict = verdicts[a->state[i]], .path = r.shown};
        if (item.verdict == IR_AUDIT_VERDICTS) continue;
        if (a->state[i] == IR_FILE_GONE) item.why = N_("is no file any more");
        if (a->state[i] == IR_FILE_OTHER) item.why = N_("the lists have no digest that was made");
        if (item.verdict == IR_AUDIT_MOVED) {
            if (!ir_audit_seek(&a->entries, a->moved[i]) ||
                ir_audit_get(&a->entries, &old, &at) != IR_OK)
                return spool_failed(a);
            item.moved = old.path;
            item.list = a->o->lists[old.list];
            item.line = old.line;
        }
        if (!give(a, &item)) return IR_END;
    }
    return rc == IR_END ? IR_OK : spool_failed(a);
}

static int tell_missing(struct ir_audit *a)
{
    struct ir_audit_record r;
    uint64_t at;
    int rc;
    if (!ir_audit_seek(&a->entries, 0)) return spool_failed(a);
    for (uint64_t i = 0; (rc = ir_audit_get(&a->entries, &r, &at)) == IR_OK; i++) {
        const struct ir_audit_item item = {.verdict = IR_AUDIT_MISSING,
                                           .path = r.path,
                                           .list = a->o->lists[r.list],
                                           .line = r.line};
        if (!(a->found[i / 8] & 1 << i % 8) && !give(a, &item)) return IR_END;
    }
    return rc == IR_END ? IR_OK : spool_failed(a);
}

static int audit(struct ir_audit *a, const char *const *paths, size_t n)
{
    const char *base = a->o->base != NULL ? a->o->base : ".";
    char *whole = realpath(base, NULL);
    ir_err_at(a->err, base, -1, 0);
    if (whole == NULL) return ir_fail(a->err, IR_FATAL, "%s", ir_errno_text(errno));
    ir_buf_str(&a->base, ir_str_z(whole));
    free(whole);
    int rc = choose_digests(a);
    if (rc != IR_OK) return rc;
    ir_err_at(a->err, "", -1, 0);
    if (!ir_audit_spool_open(&a->files) || !ir_audit_spool_open(&a->entries))
        return spool_failed(a);
    rc = hash(a, paths, n);
    if (rc == IR_OK) rc = ir_audit_by_name(a);
    if (rc == IR_OK) rc = ir_audit_by_digest(a);
    if (rc == IR_OK) rc = tell_files(a);
    if (rc == IR_OK) rc = tell_missing(a);
    return rc;
}

int ir_audit(const char *const *paths, size_t n, const struct ir_audit_options *o,
             struct ir_audit_totals *ret_totals, struct ir_err *err)
{
    struct ir_audit a = {.o = o, .t = ret_totals, .err = err, .base = IR_BUF(1 << 16)};
    *ret_totals = (struct ir_audit_totals){0};
    a.memory = o->memory != 0 ? o->memory : IR_AUDIT_MEMORY;
    int rc = audit(&a, paths, n);
    ir_audit_spool_close(&a.files);
    ir_audit_spool_close(&a.entries);
    ir_buf_free(&a.base);
    free(a.state);
    free(a.moved);
    free(a.found);
    return rc;
}
