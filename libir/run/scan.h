/*
 * A scan: inputs through formats and rules to findings. The one place where the layers meet.
 *
 *     struct ir_scan_options o = ir_scan_defaults();
 *     struct ir_scan *s = ir_scan_new(&o);
 *     ir_scan_add_settings(s, "/usr/share/ir/rules"); // settings before the first rules
 *     ir_scan_add_rules(s, "/usr/share/ir/rules");  // file or directory, any number of times
 *     ir_scan_add_input(s, "/var/log");
 *     rc = ir_scan_run(s, &err);                    // enters the sandbox, maps, reduces
 *     for (size_t i = 0; i < ir_scan_nfindings(s); i++) { ir_scan_finding(s, i, &f); … }
 *     ir_scan_summary(s, &sum);
 *     ir_scan_free(s);
 *
 * The result does not depend on threads. Errors of single inputs or rules never end a scan; they
 * are in the summary.
 */
#ifndef IR_RUN_SCAN_H
#define IR_RUN_SCAN_H

#include "base/charset.h"
#include "base/err.h"
#include "format/format.h"
#include "report/finding.h"
#include "rules/rules.h"
#include "run/ruleset.h"

struct ir_progress {
    uint64_t bytes_done, bytes_total; /* on disk; total 0 = unknown */
    size_t input, inputs;             /* the first is 1 */
    const char *path;
    uint64_t hits;
};

struct ir_scan_options {
    unsigned threads; /* 0: one per processor */
    bool no_prefilter;
    bool parse_all;         /* also records in which no rule's word stands: coverage is then exact,
                               else fields are looked for in a sample of each kind of record */
    bool no_sandbox;        /* tests only; the summary then says "none" */
    int64_t reference_time; /* ns UTC; INT64_MIN: not given */
    int64_t now;            /* ns UTC, the clock at start: the library reads no clock for meaning */
    int32_t zone_s;         /* of the machine, for working hours that name none */
    const struct ir_zone *zone;       /* of stamps that name none, borrowed; NULL: UTC */
    const char *zone_name;            /* for the summary, borrowed; NULL: "UTC" */
    struct ir_geo *geo;               /* files that tell countries, borrowed; NULL: none */
    const struct ir_formats *formats; /* borrowed; NULL: the compiled-in ones */
    const struct ir_format *format;   /* NULL: by bids */
    enum ir_encoding encoding;        /* of every input; AUTO: by its first bytes */
    enum ir_level min_level;
    int64_t since, until; /* ns UTC, inclusive; INT64_MIN / INT64_MAX: no limit */
    /* Filters: comma-free repeated values, NULL-terminated arrays, may be NULL. Any of the values
     * fits. */
    const char *const *only_rules;  /* rule id or a part of the title, case-insensitive */
    const char *const *only_entity; /* "name=value" or "value" */
    const char *const *only_path;   /* shell pattern on the input's path (fnmatch) */
    const char *const *passwords;   /* for archives; NULL-terminated, may be NULL */
    unsigned context; /* lines before and after a finding's record to be read with it, at most
                         IR_CONTEXT_MAX */
    int output_fd;    /* the one descriptor that stays writable in the sandbox (besides 1 and 2) */
    void (*progress)(void *user,
                     const struct ir_progress *p); /* may be NULL; called a few times a second */
    void *user;
};

struct ir_scan;

struct ir_scan_options ir_scan_defaults(void);
struct ir_scan *ir_scan_new(const struct ir_scan_options *o);
void ir_scan_free(struct ir_scan *s);
/* The settings.yml files below the path of rules, and one file of settings whatever its name
 * (--values): what is read last wins. All before the first rules. */
int ir_scan_add_settings(struct ir_scan *s, const char *path);
int ir_scan_add_values(struct ir_scan *s, const char *path, struct ir_err *err);
/* IR_OK; IR_BAD when the path cannot be read at all (*err says why). Rules that do not load are
 * kept as failures, see the summary. */
int ir_scan_add_rules(struct ir_scan *s, const char *path, struct ir_err *err);
/* An imported rule set of the workspace, by its manifest; what is wrong with it becomes failures.
 * The summary names it. IR_OK, or IR_FATAL: memory. */
int ir_scan_add_set(struct ir_scan *s, const char *home, const struct ir_ruleset *set,
                    struct ir_err *err);
/* Rules that lie in no file: `name` stands for the path. IR_OK, or IR_FATAL: memory. */
int ir_scan_add_text(struct ir_scan *s, const char *name, struct ir_str yaml);
/* True when findings can have an entity of this name, by the rules that were added. */
bool ir_scan_knows_entity(const struct ir_scan *s, struct ir_str name);
int ir_scan_add_input(struct ir_scan *s, const char *arg, struct ir_err *err);
int ir_scan_run(struct ir_scan *s, struct ir_err *err);
size_t ir_scan_nfindings(const struct ir_scan *s);
/* *ret_f is valid until the next call. */
void ir_scan_finding(struct ir_scan *s, size_t i, struct ir_finding *ret_f);
void ir_scan_summary(struct ir_scan *s, struct ir_summary *ret_s);
/* After ir_scan_run: what became of each input, and the times of all records. */
size_t ir_scan_ninputs(const struct ir_scan *s);
void ir_scan_input(const struct ir_scan *s, size_t i, struct ir_input_report *ret_in);
const struct ir_hist *ir_scan_times(const struct ir_scan *s);

/* After ir_scan_run: each rule of the set, and whether it could have fired on what was read. */
enum ir_coverage {
    IR_COVER_CAN_FIRE,
    IR_COVER_NO_LOG_SOURCE,
    IR_COVER_FIELD_MISSING, /* events of its log source came, but a field it cannot do without never
                               did */
    IR_COVER_WAITING,       /* for a setting, a placeholder's value or a GeoIP file */
};
const struct ir_rules *ir_scan_rules(const struct ir_scan *s);
/* *ret_what (may be NULL): the missing field's name, or what the rule waits for. */
enum ir_coverage ir_scan_coverage(const struct ir_scan *s, size_t rule, struct ir_str *ret_what);

/* `ir parse`: every event of the inputs in input order, one after the other, on one thread. */
struct ir_parse_options {
    const struct ir_formats *formats; /* as for a scan */
    const struct ir_format *format;
    enum ir_encoding encoding; /* as for a scan */
    struct ir_names *names;    /* with the names of rules, borrowed; NULL: a table of its own */
    int64_t reference_time, now;
    const struct ir_zone *zone; /* as for a scan */
    bool no_sandbox;
    int output_fd;
    const char *const *passwords;   /* for archives; NULL-terminated, may be NULL */
    const struct ir_extras *extras; /* for the fields that `asks` wants computed (event/extra.h) */
    uint32_t asks;
    int (*event)(void *user, const struct ir_event *ev, const char *path, const char *format);
    void *user;        /* a non-zero result of event ends the parse */
    int sort_fd;       /* one more descriptor that stays writable; 0 and -1: none */
    bool known_fields; /* fields whose names stand in no table may be left out */
    /* For a search, NULL else: each block before its records, then each of these in order. A record
     * that is not wanted is only counted; one that is wanted is parsed by itself, never joined. */
    bool (*block)(void *user, struct ir_str data); /* false: none will be wanted */
    bool (*wanted)(void *user, struct ir_str record);
};
struct ir_parse_result {
    uint64_t records, damaged, unrecognised, unreadable;
    uint64_t skipped;                        /* not damage: a FIFO in a directory, a file twice */
    const struct ir_input_problem *problems; /* freed by ir_parse_free, with their texts */
    size_t nproblems;
    struct { /* records whose own text is broken; also in damaged, not among the problems */
        uint64_t n, offset, line; /* offset and line: of the first */
        const char *path;
    } broken;
    struct ir_arena texts;
};
int ir_parse_run(const char *const *args, size_t nargs, const struct ir_parse_options *o,
                 struct ir_parse_result *ret_r, struct ir_err *err);
void ir_parse_free(struct ir_parse_result *r);

#endif
