/*
 * What a scan says: findings and the summary, as plain data. Made by run/, printed by report/.
 *
 * All text is raw bytes from logs or rules: each writer escapes for its own medium. Everything is
 * owned by the maker and lives until the writer call returns.
 */
#ifndef IR_REPORT_FINDING_H
#define IR_REPORT_FINDING_H

#include "base/hist.h"
#include "base/str.h"
#include "report/reason.h"

enum ir_level {
    IR_LEVEL_INFORMATIONAL = 0,
    IR_LEVEL_LOW,
    IR_LEVEL_MEDIUM,
    IR_LEVEL_HIGH,
    IR_LEVEL_CRITICAL,
    IR_LEVEL_MAX
};
/* "informational" … "critical"; by_name is IR_LEVEL_MAX for an unknown word (any case, "info" too).
 */
const char *ir_level_name(enum ir_level level);
enum ir_level ir_level_by_name(struct ir_str s);

/* An input that lies in a sealed exhibit: where it was when it was collected. */
struct ir_exhibit_place {
    const char *item;   /* the exhibit's number; NULL: in none */
    struct ir_str path; /* raw bytes */
    char sha256[65];    /* of the file, as sealed */
    bool verified;      /* the file is what was sealed */
};

struct ir_origin {
    const char *path;
    uint64_t offset;       /* bytes from the start of the (decompressed) input */
    uint64_t line;         /* 1-based */
    uint32_t length;       /* bytes */
    struct ir_str record;  /* the format's own record number, or empty */
    char sha256[65];       /* of the record's bytes, hex; "" when they could not be read again */
    struct ir_str excerpt; /* first bytes of the record, for people; may be empty */
    /* The lines around it when they were asked for, each with its '\n'; one of more than
     * IR_CONTEXT_LINE bytes is cut and ends in "…"; only of the origin that is shown. */
    struct ir_str before, after;
    uint32_t lines; /* line ends within the record: the number of the line after it follows */
    const struct ir_exhibit_place *exhibit; /* NULL: in none */
};

#define IR_CONTEXT_MAX  50u
#define IR_CONTEXT_LINE 600u

struct ir_entity {
    const char *name; /* ECS name: "source.ip" … */
    struct ir_str value;
};

#define IR_ENTITIES_MAX 12

struct ir_finding {
    char id[33];  /* hex of SHA-256(rule id, path and offset of the first origin), first 16 bytes */
    int64_t time; /* ns UTC of the first event */
    bool has_time;
    struct ir_str rule_id, title;
    enum ir_level level;
    const struct ir_str *tags;
    size_t ntags;
    const char *type; /* "sigma" | "correlation" | "anomaly" */
    struct ir_entity entity[IR_ENTITIES_MAX];
    size_t nentity;
    const struct ir_origin
        *origins; /* the first ones in time order; count tells how many there are */
    size_t norigins;
    size_t shown; /* the origin that says most: people are shown its place and record */
    uint64_t count;
    int64_t first_seen, last_seen; /* ns UTC, when has_time */
    struct ir_str why, next;
    struct ir_str about; /* what the rule says it looks for */
    /* Title, advice and the rule's description in the reader's language, English where there is
     * none in it. Empty: use title and next. For people; programs get the English. */
    struct ir_str title_l10n, next_l10n, about_l10n;
    const struct ir_reasons *reasons; /* why, for people; NULL: use why */
};

struct ir_rule_failure {
    const char *path;
    uint64_t line; /* 0 unknown */
    const char *reason;
};

struct ir_set_report {                   /* an imported rule set, as it was used */
    const char *name, *version, *sha256; /* version: "" unknown; sha256: of its list of files */
    uint64_t rules;                      /* that loaded */
    uint64_t changed;                    /* files that are not as they were imported */
};

struct ir_exhibit_report {   /* an exhibit that was read from */
    const char *item, *seal; /* seal: "" when there is none */
    uint64_t files, verified;
};

struct ir_count {
    const char *name;
    uint64_t n;
};

enum ir_problem_kind {
    IR_PROBLEM_DAMAGE,
    IR_PROBLEM_SKIPPED, /* left out by design, as many as the summary counts */
    IR_PROBLEM_REMARK,  /* nothing is missing, but it should be known */
};

struct ir_input_problem { /* damage and what could not be read, by input */
    const char *path;
    uint64_t offset; /* of the first damage; UINT64_MAX unknown */
    uint64_t count;
    const char *reason;
    bool unreadable;
    enum ir_problem_kind kind; /* of what is readable */
};

struct ir_input_report { /* one input, after a scan */
    const char *path;
    const char *format;                    /* NULL: it was not opened */
    uint64_t bytes, records, unrecognised; /* unrecognised: not among the records */
    uint64_t damaged;
    bool unreadable, has_time;
    int64_t first, last; /* ns UTC, of its records */
    const char *reason;  /* of the first damage, or why it is unreadable; NULL: all is well */
};

struct ir_worst { /* findings of one rule */
    enum ir_level level;
    struct ir_str title; /* in the reader's language */
    uint64_t findings;
    bool has_time;
    int64_t time; /* of the first, ns UTC */
};
#define IR_WORST_MAX 5u

struct ir_summary {
    uint64_t inputs, unreadable, bytes;
    const struct ir_count *records; /* per format, by name */
    size_t nrecords;
    uint64_t damaged, unrecognised, skipped;
    uint64_t rules_loaded, rules_no_log_source, rules_field_never_seen, rules_waiting;
    const struct ir_rule_failure *failed;
    size_t nfailed;
    const struct ir_set_report *sets;
    size_t nsets;
    const struct ir_exhibit_report *exhibits;
    size_t nexhibits;
    uint64_t findings[IR_LEVEL_MAX];
    struct ir_worst worst[IR_WORST_MAX]; /* of level medium or worse, the worst first */
    size_t nworst;
    bool has_time;
    int64_t first, last; /* ns UTC of the earliest and latest record */
    uint64_t zoneless;   /* records whose time names no zone… */
    const char *zone;    /* …and was taken as of this one; NULL: UTC */
    double elapsed_s;
    const char *sandbox; /* "seccomp,landlock" | "seccomp" | "none" */
    const struct ir_input_problem *problems;
    size_t nproblems;
    size_t nlimits; /* the last so many problems are no damage: limits of ours were hit */
    uint64_t lost;  /* events that correlations were to count and could not: findings may lack */
    int64_t since, until; /* what was asked for, ns UTC; by whoever asked, when has_window. */
    bool has_window;      /* INT64_MIN and INT64_MAX: no limit on that side */
};

#endif
