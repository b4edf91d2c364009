/*
 * What an incident consists of: its timeline, indicators of compromise, and the assets in it.
 *
 *     struct ir_timeline_row r = {.at = ns, .until = INT64_MIN, .uncertainty_s = -1,
 *                                 .title = IR_S("first log-in of the attacker")};
 *     rc = ir_timeline_add(db, incident_id, &r, &no, id, &err);
 *
 * All inside a transaction. What is there already is brought up to date and not written twice.
 */
#ifndef IR_CASEDB_SCENE_H
#define IR_CASEDB_SCENE_H

#include "casedb/record.h"

struct ir_timeline_row {
    int64_t at, until;     /* ns UTC; until INT64_MIN: a moment */
    int64_t uncertainty_s; /* of the clock that said so; negative: not known */
    struct ir_str title, detail, source, asset, attack, evidence;
    struct ir_str confidence; /* confirmed, probable, possible, unknown, or empty */
};

/* IR_END: the same (time, title, source) is there; *ret_no is its number, and it has the evidence
 * that it lacked. */
int ir_timeline_add(struct ir_casedb *db, const char *incident_id, const struct ir_timeline_row *r,
                    int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err);

struct ir_import {
    uint64_t added, same, bad; /* rows; bad: without a time or a title, or no JSON */
    uint64_t first_bad;        /* line, 1-based */
    uint64_t shown;            /* entries that name their exhibits since now */
};
/* JSON lines: findings of ir scan, events of ir timeline, or Timesketch's (datetime, message).
 * exhibits: where they came from (ir_exhibits_named); a finding in an exhibit of the case whose
 * seal the scan names, and which it verified, names that one itself. */
int ir_timeline_import(struct ir_casedb *db, const char *incident_id, struct ir_str text,
                       struct ir_str exhibits, struct ir_import *ret_i, struct ir_err *err);

struct ir_indicator {
    struct ir_str type, value, note, tlp;
};
/* IR_END: it is there; its note is that of now. */
int ir_indicator_add(struct ir_casedb *db, const char *incident_id, const struct ir_indicator *i,
                     struct ir_err *err);

/* v: fields of the table asset but its name. */
int ir_asset_add(struct ir_casedb *db, const char *incident_id, struct ir_str name,
                 const struct ir_value *v, size_t n, struct ir_err *err);
/* IR_BAD: the case has no such asset. */
int ir_asset_change(struct ir_casedb *db, const char *incident_id, struct ir_str name,
                    const struct ir_value *v, size_t n, struct ir_err *err);

#endif
