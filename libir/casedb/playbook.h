/*
 * Playbooks: what is to be done in a kind of incident, as data (casefiles/playbooks/NAME.yml).
 *
 *     id: malware-major
 *     version: "1"
 *     kind: malware                # as in the table incident
 *     levels: [medium, large]      # of the criteria table tokyo-3
 *     title: "…"
 *     duties: [appi.sokuho]        # to be looked at; optional
 *     steps:
 *       - id: isolate
 *         phase: detect            # phase.h
 *         step: first_response
 *         owner: first             # chief, lead or first
 *         text: "…"
 *         keep: "…"                # evidence to be kept; optional
 *
 * title_ja, text_ja and keep_ja are the Japanese. A case keeps the file as it stood when it was
 * applied, with its digest, so that which procedure was followed can be proved (5.24).
 */
#ifndef IR_CASEDB_PLAYBOOK_H
#define IR_CASEDB_PLAYBOOK_H

#include "base/digest.h"
#include "base/yaml.h"
#include "casedb/record.h"

struct ir_playbook {
    struct ir_str id, version, kind, text; /* text: the file */
    const struct ir_yaml *root, *steps;    /* steps: its list */
};

/* The tree lives in the arena, text is the caller's. IR_BAD: err has the line and what is wrong. */
int ir_playbook_read(struct ir_arena *arena, struct ir_str text, struct ir_playbook *ret_p,
                     struct ir_err *err);
/* SHA-256 of the file, as the case keeps it; false: out of memory. */
bool ir_playbook_digest(const struct ir_playbook *p, char ret_sha256[IR_DIGEST_TEXT]);
bool ir_playbook_fits(const struct ir_playbook *p, struct ir_str kind, struct ir_str level);
/* Keeps the playbook and makes a task of each step, owned by who holds the role (the role's name
 * while nobody does). IR_BAD: this version was applied already. */
int ir_playbook_apply(struct ir_casedb *db, const char *incident_id, const struct ir_playbook *p,
                      bool japanese, int64_t *ret_tasks, struct ir_err *err);

#endif
