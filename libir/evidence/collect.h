/*
 * Copies files and trees into an exhibit: every object with all its metadata, content of regular
 * files, each inode once. What cannot be taken is in the list with the reason; nothing is left out
 * silently, and nothing is followed.
 */
#ifndef IR_EVIDENCE_COLLECT_H
#define IR_EVIDENCE_COLLECT_H

#include "evidence/exhibit.h"

struct ir_collect_options {
    uint64_t max_size;   /* larger files are listed, not copied; 0: no limit */
    bool one_filesystem; /* not into other mounts */
    bool networks;       /* into network file systems as well */
    bool types;          /* libmagic: what each file is */
};

/* IR_OK also when something could not be taken: see the totals. */
int ir_collect(struct ir_exhibit *x, const char *const *paths, size_t n,
               const struct ir_collect_options *o, struct ir_err *err);

#endif
