/*
 * The duty rules for the commands that need them, and their results in words.
 */
#ifndef IR_TOOLS_DUTIES_LOAD_H
#define IR_TOOLS_DUTIES_LOAD_H

#include "casedb/duty.h"
#include "cmd.h"

/* Rules and calendars of casefiles/ and of the workspace, the files (may be NULL) read last.
 * IR_EXIT_OK, or a status after having said why; *ret_d is NULL then. */
int duties_load(const struct cmd *cmd, const struct env *env, const struct opt_list *files,
                struct ir_duties **ret_d);

/* A fact's name that no rule asks for and that looks like a mistyped one of theirs is refused,
 * after having said so: a typing error would be a condition that silently never counts. */
bool duties_known(const struct cmd *cmd, const struct ir_duties *d, struct ir_str name);

/* Why a rule says what it says. english: as data has it, else in the reader's language. */
void duties_why(struct ir_buf *out, const struct ir_duty_result *r, bool aware, bool english);
/* The state for people. */
const char *duties_state(enum ir_duty_state s);
/* "No legal advice …", for people and for data. */
const char *duties_notice(void);
/* The word of the reader's language, or English when there is no other. */
struct ir_str duties_text(const struct ir_text2 *t);

#endif
