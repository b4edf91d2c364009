/*
 * What a filter silences: two scans of the same inputs, without and with it, compared.
 */
#ifndef IR_RUN_SILENCED_H
#define IR_RUN_SILENCED_H

#include "base/map.h"
#include "run/scan.h"

struct ir_silenced_rule {
    struct ir_str id, title;           /* title: in the reader's language */
    enum ir_level level;               /* of the gravest finding without the filter */
    uint64_t findings, hits;           /* without the filter */
    uint64_t findings_left, hits_left; /* with it */
};

struct ir_silenced {
    struct ir_silenced_rule *rule; /* those of which something is silenced, as they come */
    size_t nrules;
    size_t *gone; /* numbers of findings of the scan without: not there with the filter */
    size_t ngone;
    uint64_t fewer;     /* findings that are there still, with fewer hits */
    uint64_t fresh;     /* findings of the scan with it only: of a correlation that begins later */
    struct ir_map left; /* id of each finding with the filter → its number */
    struct ir_arena texts;
};

/* Both must have run. IR_OK, or IR_FATAL: memory. */
int ir_silenced_compare(struct ir_scan *without, struct ir_scan *with, struct ir_silenced *ret_s,
                        struct ir_err *err);
void ir_silenced_free(struct ir_silenced *s);

#endif
