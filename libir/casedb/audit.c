/*
 * The audit trail: appending and proving. See audit.h.
 */
#include "casedb/audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/intl.h"
#include "base/json.h"
#include "casedb/carried.h"
#include "casedb/query.h"
#include "casedb/replay.h"

#define HEAD_BYTES ((size_t)256 << 20) /* the longest texts of a row, escaped */
#define ZEROS      "0000000000000000000000000000000000000000000000000000000000000000"

int ir_audit_head(struct ir_casedb *db, struct ir_audit_head *ret_h, struct ir_err *err)
{
    struct ir_query q;
    *ret_h = (struct ir_audit_head){.sha256 = ZEROS};
    int rc = ir_query_open(&q, db, "SELECT seq, sha256 FROM audit ORDER BY seq DESC LIMIT 1", err);
    if (rc != IR_OK) return rc;
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        ret_h->seq = ir_query_int(&q, 0);
        snprintf(ret_h->sha256, sizeof ret_h->sha256, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

bool ir_audit_hasher_open(struct ir_audit_hasher *h)
{
    h->head = IR_BUF(HEAD_BYTES);
    return ir_digest_open(&h->digest, IR_DIGEST_BIT(IR_SHA256));
}

void ir_audit_hasher_close(struct ir_audit_hasher *h)
{
    ir_buf_free(&h->head);
    ir_digest_close(&h->digest);
}

bool ir_audit_hash(struct ir_audit_hasher *h, struct ir_str previous,
                   const struct ir_audit_change *c, char out[IR_AUDIT_HEX])
{
    const struct ir_str part[] = {c->at, c->actor, c->action, c->table, c->row};
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    ir_buf_clear(&h->head);
    ir_buf_fmt(&h->head, "%.*s[%" PRId64, IR_FMT(previous), c->seq);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        ir_buf_chr(&h->head, ',');
        ir_json_write_str(&h->head, part[i]);
    }
    ir_buf_chr(&h->head, ',');
    ir_digest_begin(&h->digest);
    ir_digest_add(&h->digest, h->head.p, h->head.n);
    ir_digest_add(&h->digest, c->fields.p, c->fields.n);
    ir_digest_add(&h->digest, "]", 1);
    if (h->head.full || !ir_digest_end(&h->digest, &sum)) return false;
    ir_digest_hex(&sum, IR_SHA256, hex);
    snprintf(out, IR_AUDIT_HEX, "%.64s", hex);
    return true;
}

static bool hash_one(struct ir_str previous, const struct ir_audit_change *c,
                     char out[IR_AUDIT_HEX])
{
    struct ir_audit_hasher h;
    const bool good = ir_audit_hasher_open(&h) && ir_audit_hash(&h, previous, c, out);
    ir_audit_hasher_close(&h);
    return good;
}

int ir_audit_append(struct ir_casedb *db, const char *action, const char *table, const char *row,
                    struct ir_str fields, struct ir_err *err)
{
    char at[IR_CASEDB_TIME], hash[IR_AUDIT_HEX];
    struct ir_audit_head head;
    struct ir_query q;
    int rc = ir_audit_head(db, &head, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(ir_casedb_now(db), at);
    const struct ir_audit_change c = {.seq = head.seq + 1,
                                      .at = ir_str_z(at),
                                      .actor = ir_str_z(ir_casedb_actor(db)),
                                      .action = ir_str_z(action),
                                      .table = ir_str_z(table),
                                      .row = ir_str_z(row),
                                      .fields = fields};
    if (!hash_one(ir_str_z(head.sha256), &c, hash)) return ir_fail(err, IR_FATAL, "out of memory");
    rc = ir_query_open(&q, db,
                       "INSERT INTO audit (seq, at, actor, action, tbl, row, fields, sha256) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       err);
    if (rc != IR_OK) return rc;
    const struct ir_str text[] = {c.at,  c.actor,  c.action,      c.table,
                                  c.row, c.fields, ir_str_z(hash)};
    ir_query_int_arg(&q, 1, c.seq);
    for (int i = 0; i < 7; i++)
        ir_query_text_arg(&q, i + 2, text[i]);
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

struct proof {
    struct ir_casedb *db;
    const struct ir_audit_head *anchor;
    size_t nanchors;
    void (*fault)(void *user, const struct ir_audit_fault *f);
    void *user;
    struct ir_audit_result *r;
    struct ir_replay *replay;
    struct ir_audit_hasher hasher;
};

static void found(struct proof *p, int64_t seq, const char *table, const char *row,
                  const char *field, const char *what)
{
    const struct ir_audit_fault f = {seq, table, row, field, what};
    p->r->faults++;
    p->fault(p->user, &f);
}

static void check_anchors(struct proof *p, int64_t seq, const char *hash)
{
    for (size_t i = 0; i < p->nanchors; i++)
        if (p->anchor[i].seq == seq && strcmp(p->anchor[i].sha256, hash) != 0)
            found(p, seq, "", "", "", N_("not what the head said that was kept of it"));
}

/* The chain by itself, and against the heads that were kept. */
static int check_chain(struct proof *p, struct ir_err *err)
{
    char previous[IR_AUDIT_HEX] = ZEROS, hash[IR_AUDIT_HEX];
    struct ir_query q;
    int64_t last = 0;
    int rc = ir_query_open(&q, p->db,
                           "SELECT seq, at, actor, action, tbl, row, fields, sha256 FROM audit "
                           "ORDER BY seq",
                           err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        struct ir_str kept = ir_query_text(&q, 7);
        const struct ir_audit_change c = {
            ir_query_int(&q, 0),  ir_query_text(&q, 1), ir_query_text(&q, 2), ir_query_text(&q, 3),
            ir_query_text(&q, 4), ir_query_text(&q, 5), ir_query_text(&q, 6)};
        p->r->changes++;
        if (c.seq != last + 1) found(p, c.seq, "", "", "", N_("rows before it are missing"));
        if (!ir_audit_hash(&p->hasher, ir_str_z(previous), &c, hash)) {
            rc = ir_fail(err, IR_FATAL, "out of memory");
            break;
        }
        if (!ir_str_eq(kept, ir_str_z(hash))) {
            char table[64], row[64];
            snprintf(table, sizeof table, "%.*s", IR_FMT(ir_str_head(c.table, 60)));
            snprintf(row, sizeof row, "%.*s", IR_FMT(ir_str_head(c.row, 60)));
            found(p, c.seq, table, row, "",
                  N_("the row of the trail, or one before it, was changed"));
        }
        /* Goes on from what stands there: one edit is one fault. */
        snprintf(previous, sizeof previous, "%.*s", IR_FMT(ir_str_head(kept, 64)));
        check_anchors(p, c.seq, previous);
        last = c.seq;
        if ((rc = ir_replay_change(p->replay, c.seq, c.table, c.row, c.fields, err)) != IR_OK)
            break;
    }
    ir_query_close(&q);
    for (size_t i = 0; i < p->nanchors; i++)
        if (p->anchor[i].seq > last)
            found(p, p->anchor[i].seq, "", "", "", N_("the end of the trail is missing"));
    return rc == IR_END ? IR_OK : rc;
}

int ir_audit_verify(struct ir_casedb *db, const struct ir_audit_head *anchor, size_t nanchors,
                    void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                    struct ir_audit_result *ret_r, struct ir_err *err)
{
    *ret_r = (struct ir_audit_result){0};
    struct proof p = {.db = db,
                      .anchor = anchor,
                      .nanchors = nanchors,
                      .fault = fault,
                      .user = user,
                      .r = ret_r,
                      .replay = ir_replay_new(fault, user)};
    int rc = IR_OK;
    if (p.replay == NULL || !ir_audit_hasher_open(&p.hasher))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK) rc = check_chain(&p, err);
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++)
        rc = ir_replay_table(p.replay, db, ir_record_table(i), &ret_r->rows, err);
    if (rc == IR_OK) ir_replay_lost(p.replay);
    ir_audit_hasher_close(&p.hasher);
    ret_r->faults += ir_replay_free(p.replay);
    return rc == IR_OK ? ir_carried_verify(db, fault, user, &ret_r->faults, err) : rc;
}
