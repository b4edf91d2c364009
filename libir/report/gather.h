/*
 * What a document must know of all findings before it writes the first: which rules fired, who the
 * findings are about, how they lie in time. Findings themselves are asked for again when they are
 * written, so what is kept is small: a number a finding, and rules and entities up to a limit.
 *
 *     struct ir_gather g;
 *     if (ir_gather_init(&g, doc, true)) for (size_t i = 0; i < g.nrules; i++) … g.rule[g.rank[i]]
 * … ir_gather_free(&g);
 */
#ifndef IR_REPORT_GATHER_H
#define IR_REPORT_GATHER_H

#include "base/arena.h"
#include "base/map.h"
#include "report/writer.h"

#define IR_GATHER_ENTITIES_MAX 50000u
#define IR_GATHER_LINKS        6u /* findings that an entity leads to */
#define IR_NO_ENTITY           UINT32_MAX

struct ir_gather_rule { /* findings of one rule */
    struct ir_str id, title, next, about;
    const struct ir_str *tags;
    size_t ntags;
    enum ir_level level;
    uint32_t first, n; /* its findings: order[first] … order[first + n - 1], in the order of time */
    uint64_t count;    /* records behind them */
    bool has_time;
    int64_t from, to;
};

struct ir_gather_entity {
    const char *name;
    struct ir_str value;
    enum ir_level level; /* of the worst finding */
    uint32_t findings;
    uint64_t count;
    bool has_time;
    int64_t from, to;
    uint32_t link[IR_GATHER_LINKS]; /* findings, the worst ones */
    enum ir_level link_level[IR_GATHER_LINKS];
    uint32_t nlinks, number; /* number: its place among the shown ones */
};

struct ir_gather {
    const struct ir_document *d;
    bool for_people;
    struct ir_arena arena;
    struct ir_map by_rule, by_entity;
    struct ir_gather_rule *rule;
    uint32_t nrules, caprules;
    uint32_t *rank;  /* rules: the worst first, then those with the earliest finding */
    uint32_t *of;    /* [finding] → its rule */
    uint32_t *order; /* findings by rank of their rule, then by time */
    struct ir_gather_entity *entity;
    uint32_t nentities, capentities;
    uint32_t *by_weight; /* entities: the worst first, then those with most findings */
    uint64_t left_out;   /* mentions of entities beyond the limit */
    struct ir_hist level[IR_LEVEL_MAX]; /* findings by their time */
    enum ir_level worst;                /* of all findings; IR_LEVEL_MAX: there are none */
    bool has_time;                      /* of the findings that count: medium or worse, or all */
    int64_t from, to;
    uint32_t first; /* the finding at `from` */
};

/* for_people: rules in the reader's language, else in English. False: memory is out; free it all
 * the same. */
bool ir_gather_init(struct ir_gather *g, const struct ir_document *d, bool for_people);
void ir_gather_free(struct ir_gather *g);
/* The entity's number in `entity`, or IR_NO_ENTITY. */
uint32_t ir_gather_find(const struct ir_gather *g, const struct ir_entity *e);
/* Below this level findings do not tell when an attack began; informational when all are below. */
enum ir_level ir_gather_floor(const struct ir_gather *g);
/* Rules that could have fired on what was read, and all records of a known format. */
uint64_t ir_gather_usable(const struct ir_summary *s);
uint64_t ir_gather_records(const struct ir_summary *s);

#endif
