/*
 * The inside of a scan, shared by the files of run/.
 */
#ifndef IR_RUN_SCAN_INT_H
#define IR_RUN_SCAN_INT_H

#include <openssl/evp.h>
#include <pthread.h>

#include "event/extra.h"
#include "rules/match.h"
#include "run/result.h"
#include "run/scan.h"
#include "run/year.h"

struct ir_feed { /* a rule's hits feed this correlation as its rule number `ref` */
    uint32_t corr, ref;
};

struct ir_feeds {
    struct ir_feed *feed;
    uint32_t n;
};

/* One input while it is read. */
struct ir_stream {
    const struct ir_input *in;
    uint32_t index;
    const struct ir_format *fmt;
    struct ir_blocks *blocks;
    struct ir_years years;
    enum ir_encoding encoding; /* converted from; guessed: by the first bytes only */
    bool guessed;
    bool whole;     /* one worker reads all blocks in order */
    uint64_t lines; /* of a whole stream: line ends read so far */
};

/* What is known of an input when it is done. */
struct ir_input_state {
    uint64_t lines; /* merged so far: the base of the next block's line numbers */
    uint64_t damaged, first_damage;
    const char *reason;        /* of the first damage of a record */
    uint64_t troubles, flawed; /* of the input as a whole; those of them in `damaged` */
    uint64_t trouble_at;       /* the first */
    char text[512];            /* and what it is */
    bool unreadable;
    uint64_t bytes, records, unrecognised;
    bool has_time;
    int64_t first, last;         /* of its records */
    bool changed;                /* some origins could not be read again */
    const struct ir_format *fmt; /* NULL: it was not opened */
    enum ir_encoding encoding;   /* what it is converted from */
    bool guessed;                /* and by its first bytes only */
    struct ir_not_utf8 not_utf8; /* of what was not converted */
};

struct ir_reduce;

/* Correlations are kept in so many parts, by a hash of the group's key: threads share them out. */
#define IR_SPILL_SHARDS 4u

struct ir_scan {
    struct ir_scan_options o;
    struct ir_names *names;
    struct ir_rules *rules;
    struct ir_inputs *inputs;
    struct ir_feeds *feeds; /* [rule] */
    bool keep_all_fields;   /* a keyword rule wants every value of records without a line of text */
    struct ir_input_state *input; /* [input] */
    struct ir_reduce *reduce;
    int spool_fd;                  /* for stdin, -1 none */
    int spill_fd[IR_SPILL_SHARDS]; /* for correlations, -1 none */
    int unpack_fd;                 /* for members of archives, -1 none */
    struct ir_arena texts;         /* strings of the results */
    unsigned threads;              /* that the scan may use */
    EVP_MD *sha256;                /* looked up once: that costs more than the digest of a line */
    struct ir_exhibits *exhibits;  /* exhibit.h */
    const char *sandbox;
    double elapsed_s;
    /* results */
    uint64_t bytes, damaged, unrecognised, truncated, regex_limits, zoneless;
    uint64_t *records; /* [format] */
    bool has_time;
    int64_t first, last;
    struct ir_hist hist; /* of all records */
    uint64_t *sources_seen, *fields_seen;
    struct ir_count *counts;
    struct ir_rule_failure *failed;
    struct ir_ruleset *sets;
    struct ir_set_report *set_reports;
    size_t nsets;
    struct ir_input_problem *problems;
    struct ir_geo_cache places; /* of the findings handed out */
    struct ir_origin *origins;  /* of the finding handed out last */
};

/* map.c: one a thread */
struct ir_mapper;
struct ir_mapper *ir_mapper_new(const struct ir_scan *s);
void ir_mapper_free(struct ir_mapper *m);
void ir_map_block(struct ir_mapper *m, const struct ir_stream *st, const struct ir_block *blk,
                  struct ir_result *r);
/* Takes a part of a stream's result and gives an empty one to go on with; NULL: give up. */
typedef struct ir_result *(*ir_part_fn)(void *user, struct ir_result *r);
/* A whole stream, reading its blocks. *r grows no further than IR_RESULT_PART: then `part` takes it
 * over. Damage of reading goes to *err (IR_WARN or worse as result). A stateful format's parser
 * stays open for the next call, which must be for the next input, a member of the same rotated set,
 * unless ir_map_flush is called first. */
int ir_map_stream(struct ir_mapper *m, struct ir_stream *st, struct ir_block *blk,
                  struct ir_result **r, ir_part_fn part, void *user, struct ir_err *err);
/* After the last member: what the parser still holds goes to r, the result of that member; NULL:
 * give it up. Nothing when no parser is open. */
void ir_map_flush(struct ir_mapper *m, struct ir_result *r);

/* stream.c */
int ir_stream_open(struct ir_scan *s, uint32_t index, struct ir_stream *ret_st, struct ir_err *err);
void ir_stream_close(struct ir_stream *st);
/* What characters are that are not valid in its encoding, and what was guessed, in words. */
const char *ir_stream_invalid(const struct ir_stream *st);
const char *ir_guessed_text(enum ir_encoding e);
/* Counts a block's lines that are not valid UTF-8 to *t, of an input that was taken for it by its
 * first bytes only (asked: the encoding that the user named, or AUTO). */
void ir_stream_not_utf8(const struct ir_stream *st, enum ir_encoding asked, struct ir_str data,
                        struct ir_not_utf8 *t);
/* How many lines of the whole input are worth a remark: 0 when they are few or it is no text. */
uint64_t ir_not_utf8_told(const struct ir_not_utf8 *t);
#define IR_NOT_UTF8_TEXT                                                                           \
    N_("lines that are not valid UTF-8: if they hold Japanese, name their encoding with "          \
       "--encoding")

/* pool.c: all inputs through the mappers into the reduce stage, in order */
int ir_pool_run(struct ir_scan *s, struct ir_err *err);

/* reduce.c */
struct ir_reduce *ir_reduce_new(struct ir_scan *s);
void ir_reduce_free(struct ir_reduce *d);
/* In order; takes what it needs out of r. */
void ir_reduce_merge(struct ir_reduce *d, struct ir_result *r);
int ir_reduce_finish(struct ir_reduce *d, struct ir_err *err);
size_t ir_reduce_count(const struct ir_reduce *d);
void ir_reduce_finding(struct ir_reduce *d, size_t i, struct ir_finding *ret_f);
uint64_t ir_reduce_hits(const struct ir_reduce *d);
void ir_reduce_levels(const struct ir_reduce *d, uint64_t levels[IR_LEVEL_MAX]);

/* The fields that name a finding's entity, in the order of its key; ends with 0. */
extern const uint32_t ir_entity_fields[];

#endif
