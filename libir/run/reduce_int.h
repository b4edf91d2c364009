/*
 * The reduce stage's state (internal to run/): groups of hits, correlations, findings.
 */
#ifndef IR_RUN_REDUCE_INT_H
#define IR_RUN_REDUCE_INT_H

#include "report/reason.h"
#include "rules/set.h"
#include "run/scan_int.h"
#include "run/spill.h"
#include "source/refetch.h"

#define IR_GROUPS_MAX  100000u
#define IR_CORR_LEVELS 12u /* correlations over correlations; the loader allows ten */

struct ir_group_state {
    enum ir_run_kind kind;
    uint32_t rule;
    struct ir_str key; /* in the index's memory */
    struct ir_str why; /* a note of rules/why.h; owned; may be NULL */
    uint64_t count;
    bool has_time;
    int64_t first, last;
    struct ir_corr_event *ev; /* parallel */
    struct ir_place *place;
    uint32_t n, cap;
};

/* common.c: what the records of a correlation's origins say beside its group-by values. */
#define IR_COMMON_FIELDS 3u
#define IR_COMMON_VALUES 4u /* told one by one */
#define IR_COMMON_LENGTH 256u
struct ir_common {
    struct ir_str value[IR_COMMON_FIELDS][IR_COMMON_VALUES]; /* owned */
    uint32_t n[IR_COMMON_FIELDS];
    bool more[IR_COMMON_FIELDS], lacks[IR_COMMON_FIELDS]; /* more values; a record without any */
};

struct ir_fired { /* of a correlation: what it counted, and how often it fired afterwards */
    uint64_t count;
    double measure;
    uint32_t later;
};

struct ir_finding_state {
    uint32_t group; /* for rule and key */
    uint64_t count;
    bool has_time;
    int64_t first, last;
    struct ir_fired fired;
    struct ir_place *place; /* owned; in time order */
    uint32_t nplaces;
    unsigned char (*sha)[32]; /* [place]; owned */
    bool *have_sha;
    uint32_t shown;              /* the place whose record is shown to people */
    struct ir_str excerpt;       /* of that place; owned */
    struct ir_str before, after; /* the lines around it, when asked for; in excerpt's memory */
    uint32_t record_lines;       /* line ends within that record */
    struct ir_common *common;    /* correlations only; owned */
    enum ir_level level;         /* the rule's, or one more on a critical host */
    struct ir_str critical;      /* that host; empty: it is not raised */
};

struct ir_reduce {
    struct ir_scan *s;
    struct ir_map index; /* kind, rule, key → group */
    struct ir_group_state *group;
    uint32_t ngroups, capgroups;
    struct ir_spill_file file[IR_SPILL_SHARDS];
    struct ir_spill *level[IR_CORR_LEVELS][IR_SPILL_SHARDS]; /* events for correlations by depth */
    pthread_mutex_t feed_lock; /* while threads correlate: for the levels above theirs */
    uint64_t hits, corr_lost, places;
    bool crowded, out_of_memory;
    struct ir_finding_state *finding;
    size_t nfindings, capfindings;
};

struct ir_group_state *ir_reduce_group(struct ir_reduce *d, enum ir_run_kind kind, uint32_t rule,
                                       struct ir_str key);
/* Events for one group of a correlation; places are absolute. hash: ir_run_hash. False: memory. */
bool ir_reduce_feed(struct ir_reduce *d, uint32_t corr, struct ir_str key, uint64_t hash,
                    const struct ir_corr_event *ev, const struct ir_place *place, uint32_t n);
/* reduce_outer.c: a group of a correlation that fired, for the correlations that refer to it. */
struct ir_indexes {
    size_t *at, n, cap;
};
struct ir_inner {
    uint32_t corr;
    struct ir_str key; /* its group-by values */
    const struct ir_corr_event *ev;
    const struct ir_place *place;
    const struct ir_indexes *fires, *holds; /* events: once a burst; and all while it goes on */
};
/* False: memory. */
bool ir_reduce_outer(struct ir_reduce *d, const struct ir_inner *in);
bool ir_group_add(struct ir_group_state *g, const struct ir_corr_event *ev,
                  const struct ir_place *place);
/* A finding slot; NULL: memory. */
struct ir_finding_state *ir_finding_add(struct ir_reduce *d);
int ir_reduce_correlate(struct ir_reduce *d, struct ir_err *err);
int ir_findings_make(struct ir_reduce *d, struct ir_err *err);
void ir_finding_free(struct ir_finding_state *f); /* what it owns */
void ir_findings_free(struct ir_reduce *d);
/* fetch.c: digests, excerpts and common values of all findings. False: memory. */
bool ir_findings_fetch(struct ir_reduce *d);
/* around.c: the record that is shown and the lines before and after it. All findings together keep
 * a bounded amount, whatever their number: each has its share. */
struct ir_around {
    uint32_t lines; /* on either side */
    size_t window;  /* bytes read on either side */
    size_t share;   /* bytes kept on either side */
    size_t excerpt; /* bytes of the record */
};
struct ir_around ir_around_plan(unsigned lines, size_t nfindings);
/* Makes the range larger on both sides. */
void ir_around_widen(const struct ir_around *a, struct ir_range *range);
/* all: the range's bytes; the record is `size` bytes after `lead`. */
void ir_around_keep(const struct ir_around *a, struct ir_finding_state *f, struct ir_str all,
                    size_t lead, size_t size);
struct ir_common_reader {
    struct ir_scan *s;
    struct ir_arena arena;
    struct ir_event *ev;
};
bool ir_common_open(struct ir_common_reader *c, struct ir_scan *s);
void ir_common_close(struct ir_common_reader *c);
void ir_common_free(struct ir_common *c);
/* One record of the finding. */
void ir_common_record(struct ir_common_reader *c, struct ir_finding_state *f, uint32_t input,
                      struct ir_str rec);
/* After all records: what differs is part of the reason, what does not of the entity. The number
 * of fields whose values differ; views of the finding's own. */
uint32_t ir_common_named(const struct ir_finding_state *f, const struct ir_names *names,
                         struct ir_reason_named ret_n[IR_COMMON_FIELDS]);
/* Field k's one value of all records; false: there is none. */
bool ir_common_get(const struct ir_common *c, const struct ir_names *names, uint32_t k,
                   struct ir_str *ret_name, struct ir_str *ret_value);
void ir_common_entity(const struct ir_finding_state *x, const struct ir_names *names,
                      struct ir_finding *f);
/* False: the level or rule filters of the scan leave this rule's findings out, whatever host they
 * are about. */
bool ir_finding_wanted(const struct ir_reduce *d, uint32_t rule);

#endif
