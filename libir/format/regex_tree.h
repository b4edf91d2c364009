/*
 * A regular expression as a tree, to judge it before it meets a log: which bytes a place takes,
 * what repeats, which texts every match holds. It reads the part of PCRE2's language that
 * format files may use and refuses the rest with a reason: back references, recursion,
 * conditions, callouts, verbs, Unicode properties. See pcre2pattern(3).
 *
 * The tree only judges; PCRE2 matches. Whoever wrote the expression may be hostile: length, depth
 * and counts are bounded.
 */
#ifndef IR_FORMAT_REGEX_TREE_H
#define IR_FORMAT_REGEX_TREE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define IR_RX_LENGTH_MAX 4096u /* bytes of an expression */
#define IR_RX_DEPTH_MAX  24u   /* groups in groups */
#define IR_RX_COUNT_MAX  1000u /* in {n,m} */
/* counts inside counts, multiplied: PCRE2 writes them out */
#define IR_RX_PRODUCT_MAX 5000u

enum ir_rx_kind {
    IR_RX_SET,    /* one byte out of a set */
    IR_RX_CAT,    /* its kids, one after the other */
    IR_RX_ALT,    /* one of its kids */
    IR_RX_REPEAT, /* its kid, min to max times */
    IR_RX_LOOK,   /* takes no bytes: assertions and look-around */
};

struct ir_rx {
    enum ir_rx_kind kind;
    uint32_t min, max; /* of a repeat; max IR_RX_MANY: any number */
    uint64_t set[4];
    struct ir_rx *kids, *next;
};
#define IR_RX_MANY UINT32_MAX

struct ir_rx_tree {
    struct ir_rx *root;
    uint32_t nameless; /* groups "(…)" without a name */
};

/* IR_BAD with the reason when the expression is not one that a format file may use. */
int ir_rx_parse(struct ir_arena *a, struct ir_str text, struct ir_rx_tree *ret_t,
                struct ir_err *err);

static inline bool ir_rx_has(const struct ir_rx *set, unsigned char c)
{
    return set->set[c / 64] >> (c % 64) & 1;
}

/* A short text that fits the tree (look-around apart). */
void ir_rx_example(const struct ir_rx *n, struct ir_buf *out);
/* The longest text that stands in every match; empty when there is none of three bytes. */
struct ir_str ir_rx_literal(struct ir_arena *a, const struct ir_rx *root);

#endif
