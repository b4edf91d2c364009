/*
 * A string value of a rule, compiled: literals, wildcards, anchors, case.
 * Source: Sigma rules specification 2.1.0, "Wildcards" and "Escaping"; windash as pySigma reads it
 * (a '-' or '/' that begins a parameter stands for any of five dashes).
 *
 * While modifiers work on a value it is a list of elements (struct ir_glob); ir_pattern_make turns
 * it into the form that the matcher runs. Patterns without `cased` are folded once at load and
 * compared with folded values (simple Unicode case folding).
 */
#ifndef IR_RULES_PATTERN_H
#define IR_RULES_PATTERN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum ir_glob_kind { IR_GLOB_BYTE = 0, IR_GLOB_ONE, IR_GLOB_ANY, IR_GLOB_DASH };

struct ir_glob { /* n elements: a kind and (for BYTE and DASH) the byte as written */
    char *byte;
    uint8_t *kind;
    size_t n;
};

enum ir_pattern_op {
    IR_PAT_ANY, /* "*": whatever, also empty */
    IR_PAT_EQ,  /* one literal segment, anchored as the name says */
    IR_PAT_CONTAINS,
    IR_PAT_STARTS,
    IR_PAT_ENDS,
    IR_PAT_GLOB, /* anything else */
};

struct ir_segment {      /* elements between two '*' */
    struct ir_str lit;   /* bytes, folded unless cased; '?' and dashes hold a stand-in byte */
    const uint8_t *kind; /* NULL: all are plain bytes */
};

struct ir_pattern {
    enum ir_pattern_op op;
    bool cased;
    bool anchored_start, anchored_end;
    struct ir_segment *seg;
    uint32_t nseg;
};

/* Reads Sigma's escapes and wildcards. `raw`: no wildcards and no escapes (re, cidr, fieldref,
 * numbers). */
bool ir_glob_parse(struct ir_arena *a, struct ir_str text, bool raw, struct ir_glob *ret_g);
bool ir_glob_has_wildcard(const struct ir_glob *g);
/* The bytes of a glob without wildcards; NULL p when memory is out. */
struct ir_str ir_glob_bytes(struct ir_arena *a, const struct ir_glob *g);
/* A copy with '*' before and/or after (not doubled). */
bool ir_glob_open(struct ir_arena *a, struct ir_glob *g, bool before, bool after);
#define IR_DASHES 5u
/* The i-th of the dashes that windash takes for each other. */
struct ir_str ir_dash(size_t i);
/* Marks the '-' and '/' that begin a parameter. */
void ir_glob_windash(struct ir_glob *g);

bool ir_pattern_make(struct ir_arena *a, const struct ir_glob *g, bool cased,
                     struct ir_pattern *ret_p);
/* `value` is folded already unless the pattern is cased. */
bool ir_pattern_match(const struct ir_pattern *p, struct ir_str value);
/* The pattern holds no wildcard and no dash class: an exact value. */
bool ir_pattern_is_exact(const struct ir_pattern *p);

#endif
