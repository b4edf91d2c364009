/*
 * The chains of a workspace hold each other: each report writes the head of the case database's
 * audit trail into the log of anchors (anchors/ of the workspace, kept like a custody log), and
 * each seal and each report of a case with evidence into that case's custody log, so that who cuts
 * off the end of the trail would have to forge those as well. Behind the last anchor nothing shows
 * it.
 */
#ifndef IR_TOOLS_CASE_ANCHOR_H
#define IR_TOOLS_CASE_ANCHOR_H

#include "casedb/audit.h"
#include "cmd.h"
#include "evidence/custody.h"

#define ANCHOR_TEXT   96 /* "7:" and 64 digits */
#define ANCHOR_MEMBER "case_audit_head"

/* The head of the workspace's trail now. False: it has no case database, or no change in it. */
bool anchor_head(const struct env *env, char out[ANCHOR_TEXT]);
bool anchor_parse(struct ir_str text, struct ir_audit_head *ret_h);
/* An event of its own in the log of anchors, and in the custody log of the case's evidence when
 * there is one: a report was made, say. IR_EXIT_OK, or a status after having said why. */
int anchor_put(const struct cmd *cmd, const struct env *env, const char *case_no, const char *actor,
               const char *event, const char *reason);

/* Told in the log of anchors: the database went back to a backup. The anchors that do not hold for
 * it are named there, and given up from then on. */
int anchor_restore(const struct cmd *cmd, const struct env *env, const char *actor,
                   const char *reason);

struct anchors {
    struct ir_audit_head *v;
    size_t n;
    size_t given_up;     /* by a restore, and not among them */
    unsigned unreadable; /* custody logs that are broken */
};
/* Those in the log of anchors and the custody logs of the workspace. Says which logs cannot be
 * used. free(ret_a->v). False: memory. */
bool anchors_read(const struct cmd *cmd, const struct env *env, struct anchors *ret_a);

#endif
