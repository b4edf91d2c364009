/*
 * A filter as Sigma text: what filter.c reads. For filters that programs make.
 *
 * Each map is one thing that is known and accepted: all of its pairs together, the whole value,
 * wildcards and escapes taken literally. What a filter of several maps takes out is what one of
 * them describes.
 */
#ifndef IR_RULES_FILTER_WRITE_H
#define IR_RULES_FILTER_WRITE_H

#include "base/buf.h"
#include "base/err.h"
#include "event/logsource.h"

struct ir_filter_pair {
    struct ir_str field, value;
};

struct ir_filter_map {
    const struct ir_filter_pair *pair;
    size_t n;
};

struct ir_filter_text {
    struct ir_str title, id, reason, author, date; /* date: 2026-11-23 */
    struct ir_logsource logsource;
    struct ir_str rule; /* id or name of the one rule that it is for */
    const struct ir_filter_map *map;
    size_t nmaps;
};

/* Appends a document ("---" before it when out is not empty). IR_OK; IR_BAD when a value cannot be
 * written as text, or when a map has no pair: it would fit everything. */
int ir_filter_write(struct ir_buf *out, const struct ir_filter_text *t, struct ir_err *err);

#endif
