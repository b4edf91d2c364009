/*
 * Between the files of tune.h (internal to run/).
 */
#ifndef IR_RUN_TUNE_INT_H
#define IR_RUN_TUNE_INT_H

#include "base/map.h"
#include "rules/eval.h"
#include "rules/filter_write.h"
#include "rules/match.h"
#include "rules/set.h"
#include "run/tune.h"

#define IR_TUNE_FIELDS_MAX 32u

struct ir_tune_want { /* a field that a filter shall have */
    struct ir_str name;
    const uint32_t *ids; /* 0-terminated */
};

struct ir_tune_part { /* one detection rule of the finding */
    const struct ir_rule *rule;
    struct ir_tune_want want[IR_TUNE_FIELDS_MAX];
    size_t nwant;
    struct ir_filter_map map[IR_TUNE_MAPS_MAX];
    size_t nmaps;
    struct ir_map seen; /* written maps, to have each once */
};

struct ir_tuning {
    const struct ir_tune_options *o;
    struct ir_tune_result *r;
    struct ir_matcher *m;
    struct ir_tune_part *part;
    size_t nparts;
    struct ir_map places; /* path and offset of the finding's records */
    struct ir_arena texts;
    bool given; /* the fields were named by the user */
    struct ir_err *err;
    int rc;
};

/* tune_fields.c: one record that the part's rule matches, as a map. Sets t->rc and the error. */
void ir_tune_record(struct ir_tuning *t, struct ir_tune_part *p, struct ir_event *ev,
                    uint32_t view);

#endif
