/*
 * What the map stage makes of one block (or of one input of a stateful format): counts and hits, no
 * state between blocks. The reduce stage merges results in input order (internal to run/).
 *
 * Hits come as runs: all hits of one rule with one entity (a finding's group), or of one
 * correlation's rule with one group-by key. Places are relative to the block until the merge.
 */
#ifndef IR_RUN_RESULT_H
#define IR_RUN_RESULT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hist.h"
#include "base/map.h"
#include "event/event.h"
#include "rules/correlate.h"

#define IR_RUN_ORIGINS_MAX 256u /* origins kept for one finding; its count goes on */

struct ir_place {
    uint64_t offset, line; /* relative to the block, line 0-based, until merged */
    uint32_t length;
    uint32_t input;
    uint64_t record; /* the format's own record number, UINT64_MAX: none */
    bool has_time;
};

enum ir_run_kind { IR_RUN_RULE, IR_RUN_CORR };

struct ir_run {
    enum ir_run_kind kind;
    uint32_t rule; /* rule number: of the rule that hit, or of the correlation */
    uint64_t hash;
    struct ir_str key; /* entity or group-by values, encoded (see ir_key_…) */
    struct ir_str why; /* rules: why the first one hit, a note of rules/why.h */
    uint64_t count;    /* hits; more than nhits when the list was cut */
    bool has_time;
    int64_t first, last;
    struct ir_corr_event *ev; /* parallel: when (and ref, value for correlations) and where */
    struct ir_place *place;
    uint32_t nhits, cap;
};

struct ir_damage { /* the first of each kind in a block */
    const char *reason;
    uint64_t offset, count;
};

#define IR_DAMAGE_KINDS 4u

struct ir_not_utf8 { /* lines that are not valid UTF-8, of blocks without and with NUL */
    uint64_t text, binary;
};

struct ir_result {
    uint64_t number; /* order of merging */
    uint32_t input;
    uint64_t offset; /* of the block in its input */
    uint64_t lines;  /* line ends in the block */
    uint64_t bytes;
    uint64_t *records; /* [format] */
    uint64_t damaged, unrecognised, truncated;
    uint64_t zoneless;           /* records with a time that names no zone */
    struct ir_not_utf8 not_utf8; /* of an input that passed for UTF-8 */
    struct ir_damage damage[IR_DAMAGE_KINDS];
    bool has_time;
    int64_t first, last;
    struct ir_hist hist;    /* of the records' times */
    uint64_t *sources_seen; /* bit set of log sources */
    uint64_t *fields_seen;  /* bit set of field ids */
    uint32_t nfields;
    struct ir_result_slot { /* of a hash table over kind, rule and key */
        uint32_t hash, run; /* run: its number + 1; 0 free */
    } * slot;
    uint32_t mask;
    struct ir_run *run;
    uint32_t nruns, capruns;
    struct ir_arena arena; /* keys, texts and the runs' lists */
    bool out_of_memory;
    bool absolute;         /* lines of places count from the start of the input, not of the block */
    uint64_t held;         /* bytes in runs, about */
    uint64_t regex_limits; /* matches that a regular expression's limit ended */
};

#define IR_SOURCE_WORDS ((IR_LS_LIMIT + 63) / 64)

/* A result this large is handed on before its input is finished. */
#define IR_RESULT_PART ((uint64_t)6 << 20)

struct ir_result *ir_result_new(uint32_t nformats, uint32_t nfields);
void ir_result_free(struct ir_result *r);
/* That of a run, the same in each block. */
static inline uint64_t ir_run_hash(enum ir_run_kind kind, uint32_t rule, struct ir_str key)
{
    return ir_hash(key, (uint64_t)kind << 32 | rule);
}
/* The run of this key, made when new (*ret_new). NULL when memory is out (noted in out_of_memory).
 */
struct ir_run *ir_result_run(struct ir_result *r, enum ir_run_kind kind, uint32_t rule,
                             struct ir_str key, bool *ret_new);
/* limit: hits kept in the list. */
void ir_run_add(struct ir_result *r, struct ir_run *run, const struct ir_corr_event *ev,
                const struct ir_place *place, uint32_t limit);
void ir_result_damage(struct ir_result *r, const char *reason, uint64_t offset);
/* n times, the first at offset. */
void ir_result_damages(struct ir_result *r, const char *reason, uint64_t offset, uint64_t n);
void ir_result_seen(struct ir_result *r, const struct ir_event *ev);

/* Keys: values, each with its length before it; p == NULL (absent) is written as UINT32_MAX. */
void ir_key_put(struct ir_buf *b, struct ir_str v);
/* Takes the next value off *rest; false at the end. */
bool ir_key_next(struct ir_str *rest, struct ir_str *ret_v);

#endif
