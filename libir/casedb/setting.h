/*
 * What holds for the whole workspace, by its name: organisation, zone, language, hours, criteria.
 *
 *     rc = ir_setting_get(db, "language", lang, sizeof lang, &err);   // "" when it is not set
 *     rc = ir_setting_set(db, "language", IR_S("ja"), &err);          // inside a transaction
 *
 * Values are kept as they are given: who takes them from a person checks them.
 */
#ifndef IR_CASEDB_SETTING_H
#define IR_CASEDB_SETTING_H

#include "casedb/record.h"

/* Cut to size; out emptied when there is none. IR_OK in both cases. */
int ir_setting_get(struct ir_casedb *db, const char *name, char *out, size_t size,
                   struct ir_err *err);
int ir_setting_set(struct ir_casedb *db, const char *name, struct ir_str value, struct ir_err *err);
/* Seconds east of UTC of the organisation, by its setting "zone"; 0 when it is not set. */
int32_t ir_setting_zone(struct ir_casedb *db);

#endif
