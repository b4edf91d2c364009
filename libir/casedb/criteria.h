/*
 * Criteria tables (5.25): a scale of levels, the worst last, and for each the criteria that put
 * something there. They are data, casefiles/criteria/NAME.yml, and a company may bring its own:
 *
 *     id: own
 *     version: "1"
 *     title: "Ours"
 *     levels:
 *       - id: low
 *         title: "nothing lost"
 *         words: [低]                  # other words for this level
 *         outcomes: [event, near_miss] # none: all
 *         criteria:
 *           - id: one_pc
 *             text: "one PC only"
 *
 * title_ja and text_ja are the Japanese, when they are there.
 */
#ifndef IR_CASEDB_CRITERIA_H
#define IR_CASEDB_CRITERIA_H

#include "base/buf.h"
#include "base/yaml.h"

struct ir_scale {
    struct ir_str id, version;
    const struct ir_yaml *root, *levels; /* levels: its list */
};

/* The tree lives in the arena. IR_BAD: err has the line and what is wrong. */
int ir_scale_read(struct ir_arena *arena, struct ir_str text, struct ir_scale *ret_s,
                  struct ir_err *err);
/* The level by its id or one of its words; NULL: none. */
const struct ir_yaml *ir_scale_level(const struct ir_scale *s, struct ir_str said);
/* title, text, …: in Japanese when that is asked for and there. */
struct ir_str ir_scale_text(const struct ir_yaml *node, const char *key, bool japanese);

struct ir_judgement {
    struct ir_str level;    /* id, of the worst criterion when none was said; may be empty */
    char scale[128];        /* "tokyo-3/1" */
    struct ir_buf criteria; /* JSON list; to be freed */
};

/* Holds what was said against the table; a criterion is said by its id or by words of its text, in
 * either language, that no other has. level NULL or "": by the criteria. IR_BAD: an unknown
 * word, or a level that is not for this outcome. */
int ir_scale_judge(const struct ir_scale *s, const char *outcome, const char *level,
                   const char *const *criterion, size_t n, struct ir_judgement *ret_j,
                   struct ir_err *err);

#endif
