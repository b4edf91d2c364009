/*
 * The inside of a described format, shared by described*.c: what its file says, compiled.
 */
#ifndef IR_FORMAT_DESCRIBED_INT_H
#define IR_FORMAT_DESCRIBED_INT_H

#include "base/yaml.h"
#include "format/described.h"
#include "format/layout.h"
#include "format/regex.h"

#define IR_DESCRIBED_GROUPS_MAX  64u  /* named groups of one pattern: a bit each */
#define IR_DESCRIBED_NAMES_MAX   256u /* different field names of one format */
#define IR_DESCRIBED_EMPTY_MAX   8u
#define IR_DESCRIBED_BID         96 /* above compiled-in formats that only know a line's head */
#define IR_DESCRIBED_TIME_MAX    3u
#define IR_DESCRIBED_LINES_MAX   2000u /* of one record */
#define IR_DESCRIBED_SAMPLES_MAX 200u

enum ir_described_type {
    IR_DESCRIBED_TEXT,
    IR_DESCRIBED_INT,
    IR_DESCRIBED_NUMBER,
    IR_DESCRIBED_IP,
    IR_DESCRIBED_PORT
};

struct ir_described_const { /* a field that the file gives */
    uint32_t name;          /* in the format's table of names */
    struct ir_str text;
    const struct ir_described_const *next;
};

struct ir_described_value { /* what a group's value means */
    struct ir_str text;     /* "*": any other */
    const struct ir_described_const *consts;
    const struct ir_described_value *next;
};

struct ir_described_group {
    uint32_t number; /* in the expression */
    enum ir_described_type type;
    uint32_t *names; /* the fields that get its value */
    uint32_t nnames;
    const struct ir_described_value *values;
};

struct ir_described_pattern {
    struct ir_regex re;
    struct ir_described_group *group;
    uint32_t ngroups;
    uint32_t time[IR_DESCRIBED_TIME_MAX]; /* group numbers */
    uint32_t ntime;                       /* 0: its records have no time */
    struct ir_layout layout;
    const struct ir_described_const *consts;
    uint16_t sources[IR_VIEW_SOURCES_MAX];
    uint32_t nsources;
};

struct ir_described_wish { /* a field that a sample must give */
    struct ir_str name, value;
    bool absent; /* it must not be there: null in the file */
    const struct ir_described_wish *next;
};

struct ir_described_test {
    uint64_t line;
    struct ir_str text;
    bool miss, has_time;
    int64_t time;
    const struct ir_described_wish *wishes;
    const struct ir_described_test *next;
};

struct ir_described {
    struct ir_format format;
    const char *path;
    uint64_t line;
    const char *title_ja;
    struct ir_described_pattern *pattern;
    uint32_t npatterns;
    struct ir_regex start; /* code NULL: records are lines */
    int bid;               /* when every line fits */
    bool greedy;           /* a pattern fits lines of any kind: it must not win by bids */
    struct ir_str empty[IR_DESCRIBED_EMPTY_MAX];
    uint32_t nempty;
    struct ir_str names[IR_DESCRIBED_NAMES_MAX];
    uint32_t nnames;
    uint16_t sources[IR_VIEW_SOURCES_MAX + 1]; /* of all patterns, ended by 0 */
    uint32_t most_groups;
    const struct ir_described_test *tests;
    uint32_t ntests, nmisses;
};

struct ir_described_set {
    struct ir_arena arena;
    struct ir_names *names; /* of fields.def: what is known */
    struct ir_described *described[IR_DESCRIBED_MAX];
    size_t n;
    struct ir_described_note **notes;
    size_t nnotes, capnotes;
    struct ir_logsource own[IR_LS_OWN_MAX];
    size_t nown;
    const struct ir_format **list;
    struct ir_formats formats;
};

/* described_set.c */
int ir_described_say(struct ir_described_set *set, const char *path, uint64_t line, bool warning,
                     const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The log source of this triple, one of its own when the taxonomy has none; 0: too many. */
uint16_t ir_described_source(struct ir_described_set *set, struct ir_logsource ls, bool *ret_known);

/* described_load.c: a document of the file. IR_OK (also when it is refused and noted), IR_FATAL. */
int ir_described_document(struct ir_described_set *set, const char *path,
                          const struct ir_yaml *root);

/* described_fields.c */
struct ir_described_loader {
    struct ir_described_set *set;
    struct ir_described *d;
    const struct ir_yaml *root;
    bool bad; /* something was refused */
};
void ir_described_error(struct ir_described_loader *l, const struct ir_yaml *at, const char *fmt,
                        ...) __attribute__((format(printf, 3, 4)));
void ir_described_warn(struct ir_described_loader *l, const struct ir_yaml *at, const char *fmt,
                       ...) __attribute__((format(printf, 3, 4)));
/* fields, set, values, logsource and time of one pattern; `own` is its map or NULL. */
void ir_described_fields(struct ir_described_loader *l, const struct ir_yaml *own,
                         const struct ir_yaml *at, struct ir_described_pattern *p);
/* Keys that are not in the list are errors: a slip would be silence. */
void ir_described_keys(struct ir_described_loader *l, const struct ir_yaml *map,
                       const char *const *known);
/* Groups that the file speaks of and no pattern has. */
void ir_described_strangers(struct ir_described_loader *l);

/* described_samples.c */
void ir_described_tests(struct ir_described_loader *l);

/* described.c: who calls what; fills d->format's callbacks. */
void ir_described_arm(struct ir_described *d);

#endif
