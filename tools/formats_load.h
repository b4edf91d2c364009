/*
 * The log formats of a run: those compiled in, and those described in files.
 */
#ifndef IR_TOOLS_FORMATS_LOAD_H
#define IR_TOOLS_FORMATS_LOAD_H

#include "format/described.h"
#include "opt.h"

struct formats {
    struct ir_described_set *set;
    const struct ir_formats *list;
};

/* Reads the files of `paths` (--format-files), those in formats/ of each of `rules` (--rules) and
 * of the workspace, and those that come with ir; where two have one name the first wins. Both lists
 * may be NULL. What does not load is said and left out. Returns IR_EXIT_OK, or a status after
 * having said why. Close in any case. */
int formats_open(struct formats *f, const struct cmd *cmd, const struct env *env,
                 const struct opt_list *paths, const struct opt_list *rules);
/* What --format names: IR_EXIT_OK, or IR_EXIT_USAGE after having said so. name may be NULL. */
int formats_named(const struct formats *f, const struct cmd *cmd, const char *name,
                  const struct ir_format **ret_fmt);
void formats_close(struct formats *f);

#endif
