/*
 * Formats that are described in YAML files instead of C: ir-format-files(5). Each becomes a struct
 * ir_format like the compiled-in ones, in one list with them.
 *
 *     struct ir_described_set *set = ir_described_new();
 *     ir_described_add(set, path, yaml_bytes);      // all documents; what fails is in the notes
 *     ir_described_finish(set);                     // then immutable, shared by threads
 *     options.formats = ir_described_formats(set);  // with the compiled-in ones
 *
 * Who owns: the set owns all texts and expressions; it must outlive every event, parser and scan
 * that uses its formats. Limits: IR_DESCRIBED_MAX formats, IR_DESCRIBED_PATTERNS_MAX patterns each.
 */
#ifndef IR_FORMAT_DESCRIBED_H
#define IR_FORMAT_DESCRIBED_H

#include "base/err.h"
#include "format/format.h"

#define IR_DESCRIBED_MAX          200u
#define IR_DESCRIBED_PATTERNS_MAX 64u
#define IR_DESCRIBED_FILE_MAX     ((size_t)1 << 20) /* bytes of a file */

struct ir_described_set;

struct ir_described_note {
    const char *path;
    uint64_t line; /* 0: of the file as a whole */
    const char *reason;
    bool warning; /* it loaded */
};

struct ir_described_set *ir_described_new(void);
void ir_described_free(struct ir_described_set *set);
/* IR_OK even when documents fail: see the notes. IR_FATAL: memory. */
int ir_described_add(struct ir_described_set *set, const char *path, struct ir_str yaml);
/* Something that could not even be read: joins the notes. */
int ir_described_fail(struct ir_described_set *set, const char *path, uint64_t line,
                      const char *reason);
int ir_described_finish(struct ir_described_set *set);

/* After finish: the compiled-in formats and these. */
const struct ir_formats *ir_described_formats(const struct ir_described_set *set);
size_t ir_described_count(const struct ir_described_set *set);
size_t ir_described_notes(const struct ir_described_set *set);
const struct ir_described_note *ir_described_note(const struct ir_described_set *set, size_t i);

/* What a description says besides struct ir_format. */
struct ir_described_info {
    const struct ir_format *format;
    const char *path;
    uint64_t line;
    const char *title_ja; /* NULL: not given */
    size_t npatterns, nsamples, nmisses;
};
void ir_described_get(const struct ir_described_set *set, size_t i,
                      struct ir_described_info *ret_info);

/* The samples of one format, parsed. For each: what came of it. */
struct ir_described_sample {
    uint64_t line;             /* of the file */
    struct ir_str text;        /* the record */
    bool miss;                 /* it must not fit */
    const struct ir_event *ev; /* NULL: it did not fit */
    const char *reason;        /* NULL: as wanted; else what is wrong */
};
/* Calls fn for each sample. IR_FATAL: memory. anchor: ns UTC, for stamps without a year. */
int ir_described_try(const struct ir_described_set *set, size_t i, int64_t anchor,
                     void (*fn)(void *user, const struct ir_described_sample *s), void *user);

/* The callbacks that need the format itself: see ir_format_bid and its neighbours in format.h. */
int ir_described_bid(const struct ir_described *d, struct ir_str head);
size_t ir_described_cut(const struct ir_described *d, struct ir_str data, bool last);
bool ir_described_next(struct ir_parser *p, struct ir_str *rest, struct ir_str *ret_rec);

#endif
