/*
 * Keeping reports. See report.h. The text is kept whole with its digest, because who received it
 * has that very text.
 */
#include "casedb/report.h"

#include <stdio.h>

#include "base/digest.h"
#include "base/intl.h"
#include "casedb/incident.h"
#include "casedb/query.h"

int ir_report_next(struct ir_casedb *db, struct ir_report *r, struct ir_err *err)
{
    r->sha256[0] = '\0';
    return ir_number_within(db, "report", r->incident_id, &r->no, err);
}

int ir_report_last(struct ir_casedb *db, struct ir_report *r, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT no, sha256 FROM report WHERE incident_id = ?1 AND kind = ?2 AND "
                           "language = ?3 AND format = ?4 AND as_of = ?5 ORDER BY no DESC LIMIT 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(r->incident_id));
    ir_query_text_arg(&q, 2, r->kind);
    ir_query_text_arg(&q, 3, ir_str_z(r->language));
    ir_query_text_arg(&q, 4, ir_str_z(r->format));
    ir_query_text_arg(&q, 5, r->as_of);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        r->no = ir_query_int(&q, 0);
        snprintf(r->sha256, sizeof r->sha256, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc == IR_END ? ir_report_next(db, r, err) : rc;
}

bool ir_report_digest(struct ir_str content, char out[65])
{
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), content, &sum)) return false;
    ir_digest_hex(&sum, IR_SHA256, hex);
    memcpy(out, hex, 65);
    return true;
}

int ir_report_keep(struct ir_casedb *db, struct ir_report *r, struct ir_str content,
                   struct ir_err *err)
{
    char now[IR_CASEDB_TIME], template[200];
    if (content.n > IR_CASE_TEXT_MAX)
        return ir_fail(err, IR_BAD, "the report is longer than 16 MiB");
    if (!ir_report_digest(content, r->sha256))
        return ir_fail(err, IR_FATAL, "no SHA-256 to be had");
    ir_casedb_time(ir_casedb_now(db), now);
    snprintf(template, sizeof template, "%.*s %.*s", IR_FMT(ir_str_head(r->kind, 100)),
             IR_FMT(r->template_sha256));
    const struct ir_value v[] = {IR_V_Z("incident_id", r->incident_id),
                                 IR_V_INT("no", r->no),
                                 IR_V("kind", r->kind),
                                 IR_V_Z("language", r->language),
                                 IR_V_Z("format", r->format),
                                 IR_V("as_of", r->as_of),
                                 IR_V_Z("made_at", now),
                                 IR_V_Z("made_by", ir_casedb_actor(db)),
                                 IR_V_Z("template", template),
                                 IR_V_Z("sha256", r->sha256),
                                 IR_V("content", content)};
    return ir_record_insert(db, "report", NULL, v, sizeof v / sizeof *v, NULL, err);
}
