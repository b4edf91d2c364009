/*
 * Described formats from disk: a file, or a directory with everything below it that ends in .yml or
 * .yaml.
 */
#ifndef IR_RUN_FORMATFILES_H
#define IR_RUN_FORMATFILES_H

#include "format/described.h"

/* IR_OK; IR_BAD when the path names nothing that can be read; single files that cannot be read
 * become notes of the set. *ret_files (may be NULL) is increased by the number of files read.
 * Before the set is finished. */
int ir_formatfiles_load(struct ir_described_set *set, const char *path, size_t *ret_files,
                        struct ir_err *err);

#endif
