/*
 * Settings. See setting.h.
 */
#include "casedb/setting.h"

#include <stdio.h>

#include "base/zone.h"
#include "casedb/query.h"

int ir_setting_get(struct ir_casedb *db, const char *name, char *out, size_t size,
                   struct ir_err *err)
{
    struct ir_query q;
    out[0] = '\0';
    int rc = ir_query_open(&q, db, "SELECT value FROM setting WHERE id = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(name));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(out, size, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_setting_set(struct ir_casedb *db, const char *name, struct ir_str value, struct ir_err *err)
{
    const struct ir_value v = IR_V("value", value);
    const int rc = ir_record_update(db, "setting", name, &v, 1, err);
    return rc == IR_END ? ir_record_insert(db, "setting", name, &v, 1, NULL, err) : rc;
}

int32_t ir_setting_zone(struct ir_casedb *db)
{
    char text[64];
    int32_t zone_s = 0;
    if (ir_setting_get(db, "zone", text, sizeof text, NULL) == IR_OK)
        ir_zone_from_text(ir_str_z(text), &zone_s);
    return zone_s;
}
