/*
 * For the comparisons with other projects' samples below $IR_SHARED: files into memory, one line
 * into an event as a scan of a file with that line would, and shares of agreement. Not for tests of
 * single formats.
 */
#ifndef IR_TESTS_SAMPLES_H
#define IR_TESTS_SAMPLES_H

#include <glob.h>

#include "syslog_test.h"

#define SECTION_MAX 64u
#define SAMPLE_MAX  (16u << 20)
#define PERCENT     98u /* of what is compared has to agree */

struct score {
    unsigned good, all;
};

static inline void score_add(struct score *s, bool good)
{
    s->all++;
    s->good += good;
}

/* "NAME: 99.1 % (220 of 222)"; fails below PERCENT, and when there was nothing to compare. */
static inline bool score_ok(const struct score *s, const char *name)
{
    unsigned tenths = s->all > 0 ? s->good * 1000u / s->all : 0;
    return ok(s->all > 0 && s->good * 100u >= s->all * PERCENT, "%s: %u.%u %% (%u of %u)", name,
              tenths / 10, tenths % 10, s->good, s->all);
}

/* The paths that fit the pattern in a directory below $IR_SHARED; false when there are none. */
static inline bool sample_files(const char *dir, const char *pattern, glob_t *ret_g)
{
    char root[1024], path[1200];
    if (!ir_tap_shared(dir, root, sizeof root)) return false;
    snprintf(path, sizeof path, "%s/%s", root, pattern);
    if (glob(path, 0, NULL, ret_g) == 0) return true;
    globfree(ret_g);
    return false;
}

/* The file's bytes, to be freed; empty when it cannot be read. */
static inline struct ir_str sample_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *bytes = f != NULL ? malloc(SAMPLE_MAX) : NULL;
    size_t n = bytes != NULL ? fread(bytes, 1, SAMPLE_MAX, f) : 0;
    if (f != NULL) fclose(f);
    return ir_str_n(bytes, n);
}

/* By a format, or those that take what it refuses. A format that joins lines is not for one. */
static inline void sample_parse_as(struct lines *t, const struct ir_format *fmt, struct ir_str rec)
{
    int64_t anchor = t->parser.clock.anchor;
    if (rec.n > 0 && rec.p[rec.n - 1] == '\r') rec.n--;
    if (fmt->parse == NULL) fmt = ir_format_by_name(IR_S("text"));
    ir_parser_close(&t->parser);
    ir_parser_open(&t->parser, fmt, t->names);
    t->parser.clock.anchor = anchor;
    ir_arena_reset(&t->arena);
    ir_event_begin(t->ev, rec, 0, 1);
    ir_parser_record(&t->parser, rec, t->ev, &t->took);
}

/* By the format that a file with nothing but this line is given to. */
static inline void sample_parse(struct lines *t, struct ir_str rec)
{
    sample_parse_as(t, ir_formats_choose(NULL, rec, NULL), rec);
}

#endif
