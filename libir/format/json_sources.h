/*
 * The leaves that tell what service wrote a JSON record, and the log sources that follow from them.
 *
 *     struct ir_json_marks m = {0};        // only m.set needs a value
 *     ir_json_marks_set(&m, ir_json_mark(path), value);    // for each leaf
 *     ir_json_sources(&m, ev);
 */
#ifndef IR_FORMAT_JSON_SOURCES_H
#define IR_FORMAT_JSON_SOURCES_H

#include "event/event.h"

enum ir_json_mark {
    IR_JSON_MARK_NONE,
    IR_JSON_MARK_TYPE,
    IR_JSON_MARK_VERB,
    IR_JSON_MARK_ZEEK_PATH,
    IR_JSON_MARK_ACTION,
    IR_JSON_MARK_AUDIT_ID,
    IR_JSON_MARK_NODE_ID,
    IR_JSON_MARK_LOGTYPE,
    IR_JSON_MARK_CATEGORY,
    IR_JSON_MARK_WORKLOAD,
    IR_JSON_MARK_OPERATION,
    IR_JSON_MARK_EVENT_NAME,
    IR_JSON_MARK_OKTA_TYPE,
    IR_JSON_MARK_ACCOUNT_ID,
    IR_JSON_MARK_RESULT_TYPE,
    IR_JSON_MARK_EVENT_SOURCE,
    IR_JSON_MARK_EVENT_SERVICE,
    IR_JSON_MARK_DOCUMENT_ID,
    IR_JSON_MARK_OPERATION_NAME,
    IR_JSON_MARK_RISK_EVENT,
    IR_JSON_MARK_EVENT_TYPE_ID,
    IR_JSON_MARK_CATEGORY_VALUE,
    IR_JSON_MARK_DISPLAY_MESSAGE,
    IR_JSON_MARK_APP_NAME,
    IR_JSON_MARK_LOGGED_BY,
    IR_JSON_MARK_AUDIT_CATEGORY,
    IR_JSON_MARK_GCP_METHOD,
    IR_JSON_MARK_GCP_SERVICE,
    IR_JSON_MARK_MAX,
};
_Static_assert(IR_JSON_MARK_MAX <= 32, "one bit per mark");

struct ir_json_marks {
    uint32_t set;                          /* bit per mark */
    struct ir_str value[IR_JSON_MARK_MAX]; /* as it stands in the record */
};

/* The mark of a leaf's path, or IR_JSON_MARK_NONE. */
enum ir_json_mark ir_json_mark(struct ir_str path);

static inline void ir_json_marks_set(struct ir_json_marks *m, enum ir_json_mark mark,
                                     struct ir_str value)
{
    if (mark == IR_JSON_MARK_NONE) return;
    m->set |= UINT32_C(1) << mark;
    m->value[mark] = value;
}

/* Adds the log sources of every row of json_sources.def that fits. */
void ir_json_sources(const struct ir_json_marks *m, struct ir_event *ev);

#endif
