/*
 * Trails of other databases. See carried.h.
 */
#include "casedb/carried.h"

#include <stdio.h>

#include "base/intl.h"
#include "casedb/query.h"

#define HEX 64u

int ir_carried_begin(struct ir_carried *c, struct ir_err *err)
{
    *c = (struct ir_carried){.n = 0};
    ir_record_new_id(c->id);
    if (!ir_digest_open(&c->digest, IR_DIGEST_BIT(IR_SHA256)) || !ir_audit_hasher_open(&c->hasher))
        return ir_fail(err, IR_FATAL, "out of memory");
    ir_digest_begin(&c->digest);
    return IR_OK;
}

void ir_carried_free(struct ir_carried *c)
{
    ir_digest_close(&c->digest);
    ir_audit_hasher_close(&c->hasher);
}

/* What a row of such a trail must be: IR_BAD, and why. Only some rows of the other trail are here:
 * those next to each other there must be chained, and all must ascend. */
static int check(struct ir_carried *c, struct ir_str previous, const struct ir_audit_change *change,
                 struct ir_str sha256, struct ir_err *err)
{
    char hash[IR_AUDIT_HEX];
    if (!ir_audit_hash(&c->hasher, previous, change, hash))
        return ir_fail(err, IR_FATAL, "out of memory");
    if (!ir_str_eq(sha256, ir_str_z(hash)) || previous.n != HEX)
        return ir_fail(err, IR_BAD, "the row of the trail is not what its hash says");
    if (change->seq <= c->last ||
        (c->n > 0 && change->seq == c->last + 1 && !ir_str_eq(previous, ir_str_z(c->last_sha256))))
        return ir_fail(err, IR_BAD, "the row of the trail is not behind the one before it");
    ir_digest_add(&c->digest, sha256.p, sha256.n);
    snprintf(c->last_sha256, sizeof c->last_sha256, "%s", hash);
    c->last = change->seq;
    c->n++;
    return IR_OK;
}

int ir_carried_add(struct ir_casedb *db, struct ir_carried *c, struct ir_str previous,
                   const struct ir_audit_change *change, struct ir_str sha256, struct ir_err *err)
{
    struct ir_query q;
    int rc = check(c, previous, change, sha256, err);
    if (rc == IR_OK)
        rc = ir_query_open(&q, db,
                           "INSERT INTO carried_audit (carried_id, n, seq, previous, at, actor, "
                           "action, tbl, row, fields, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                           "?8, ?9, ?10, ?11)",
                           err);
    if (rc != IR_OK) return rc;
    const struct ir_str text[] = {previous,      change->at,  change->actor,  change->action,
                                  change->table, change->row, change->fields, sha256};
    ir_query_text_arg(&q, 1, ir_str_z(c->id));
    ir_query_int_arg(&q, 2, c->n);
    ir_query_int_arg(&q, 3, change->seq);
    for (int i = 0; i < 8; i++)
        ir_query_text_arg(&q, i + 4, text[i]);
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static bool finish(struct ir_carried *c, char chain[IR_AUDIT_HEX])
{
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    const bool good = ir_digest_end(&c->digest, &sum);
    ir_carried_free(c);
    if (!good) return false;
    ir_digest_hex(&sum, IR_SHA256, hex);
    snprintf(chain, IR_AUDIT_HEX, "%.64s", hex);
    return true;
}

int ir_carried_end(struct ir_casedb *db, struct ir_carried *c, const struct ir_carried_about *a,
                   struct ir_err *err)
{
    char chain[IR_AUDIT_HEX], now[IR_CASEDB_TIME];
    struct ir_str hash = a->head;
    int64_t seq = 0;
    if (!finish(c, chain)) return ir_fail(err, IR_FATAL, "out of memory");
    if (!ir_str_i64(ir_str_cut(&hash, ':'), &seq) || hash.n != HEX || seq < c->last ||
        (seq == c->last && c->n > 0 && !ir_str_eq(hash, ir_str_z(c->last_sha256))))
        return ir_fail(err, IR_BAD, "the head is not that of the trail");
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", a->incident_id),
                                 IR_V_Z("with_id", a->with_id),
                                 IR_V("head", a->head),
                                 IR_V_INT("schema", a->schema),
                                 IR_V("sha256", a->sha256),
                                 IR_V_INT("changes", c->n),
                                 IR_V_Z("chain", chain),
                                 IR_V_INT("inserted", a->inserted),
                                 IR_V_Z("imported_at", now),
                                 IR_V_Z("imported_by", ir_casedb_actor(db))};
    return ir_record_insert(db, "carried", c->id, v, sizeof v / sizeof *v, NULL, err);
}

struct proof {
    void (*fault)(void *user, const struct ir_audit_fault *f);
    void *user;
    uint64_t *faults;
};

static void found(struct proof *p, int64_t seq, const char *row, const char *what)
{
    const struct ir_audit_fault f = {seq, "carried_audit", row, "", what};
    ++*p->faults;
    p->fault(p->user, &f);
}

/* One trail: each row by its hash, all of them by the digest that is in our own trail. */
static int verify_one(struct ir_casedb *db, struct proof *p, const char *id, int64_t changes,
                      struct ir_str kept, struct ir_err *err)
{
    struct ir_carried c;
    struct ir_query q;
    struct ir_err why = {0};
    char chain[IR_AUDIT_HEX] = "";
    bool named = false;
    int rc = ir_carried_begin(&c, err);
    if (rc == IR_OK)
        rc = ir_query_open(&q, db,
                           "SELECT seq, previous, at, actor, action, tbl, row, fields, sha256 FROM "
                           "carried_audit WHERE carried_id = ?1 ORDER BY n",
                           err);
    if (rc != IR_OK) {
        ir_carried_free(&c);
        return rc;
    }
    ir_query_text_arg(&q, 1, ir_str_z(id));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        const struct ir_audit_change change = {
            ir_query_int(&q, 0),  ir_query_text(&q, 2), ir_query_text(&q, 3), ir_query_text(&q, 4),
            ir_query_text(&q, 5), ir_query_text(&q, 6), ir_query_text(&q, 7)};
        rc = check(&c, ir_query_text(&q, 1), &change, ir_query_text(&q, 8), &why);
        if (rc == IR_FATAL) {
            if (err != NULL) *err = why;
            break;
        }
        if (rc == IR_BAD)
            found(p, change.seq, id, N_("the row of the trail, or one before it, was changed"));
        named = named || rc == IR_BAD;
    }
    ir_query_close(&q);
    const int64_t n = c.n;
    if (!finish(&c, chain) && rc == IR_END) rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc != IR_END) return rc;
    if (!named && (n != changes || !ir_str_eq(kept, ir_str_z(chain))))
        found(p, 0, id, N_("rows of the trail that came with the case are missing, or too many"));
    return IR_OK;
}

int ir_carried_verify(struct ir_casedb *db,
                      void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                      uint64_t *faults, struct ir_err *err)
{
    struct proof p = {fault, user, faults};
    struct ir_query q;
    int64_t lost = 0;
    int rc = ir_query_open(&q, db, "SELECT id, changes, chain FROM carried ORDER BY rowid", err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        char id[IR_ID_TEXT];
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 0), 36)));
        const int one = verify_one(db, &p, id, ir_query_int(&q, 1), ir_query_text(&q, 2), err);
        if (one != IR_OK) {
            rc = one;
            break;
        }
    }
    ir_query_close(&q);
    if (rc != IR_END) return rc;
    rc = ir_query_number(db,
                         "SELECT count(*) FROM carried_audit WHERE carried_id NOT IN (SELECT id "
                         "FROM carried)",
                         ir_str_n(NULL, 0), &lost, err);
    if (rc == IR_OK && lost > 0) found(&p, 0, "", N_("inserted past the audit trail"));
    return rc;
}
