/*
 * Words and places that several commands share.
 */
#ifndef IR_TOOLS_WHERE_H
#define IR_TOOLS_WHERE_H

#include "base/buf.h"

/* The directory of the rules that come with ir: share/ir/rules beside the bin/ this program lies
 * in, the rules/ of the tree it was built in, or the place it was installed to. False when none is
 * there. */
bool default_rules(struct ir_buf *ret_path);
/* The same for the data of the casework: casefiles/. */
bool default_casefiles(struct ir_buf *ret_path);
/* Where data of this name would lie, for who has to put it there. */
void beside_program(struct ir_buf *ret_path, const char *name);
/* The directory of the catalogues (LANG/LC_MESSAGES/ir.mo in it): share/locale beside the bin/ this
 * program lies in, or the locale/ of the build it was made by. False when none is there. */
bool default_catalogues(struct ir_buf *ret_path);

/* OPT_CHOICE lists. */
const char *choice_output(size_t i);
const char *choice_format(size_t i);
const char *choice_encoding(size_t i);
const char *choice_colour(size_t i);
const char *choice_lang(size_t i);

#endif
