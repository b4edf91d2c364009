/*
 * key=value text, as firewalls, appliances and programs log it: one reader for all of them.
 *
 *     struct ir_kv kv = ir_kv_open(text, &ir_kv_blanks);
 *     struct ir_kv_pair pair;
 *     while (ir_kv_next(&kv, &pair)) …
 *
 * Keys and values are views of the text; nothing is allocated. The reader never fails: a word
 * without '=' comes as a pair without key, a quote without end takes the rest and says so.
 *
 * Who may lie: a value is often chosen by an outsider (user names, URLs, agents), who writes in it
 * whatever the rest of the line looks like. What holds:
 * - A quoted value ends at a quote that a separator or the end follows and that no backslash
 *   precedes. So `user="x\" srcip=\"10.0.0.1"` is one value, and so is `user="x" y"`. A value that
 *   ends with a backslash takes the next pair with it, as devices differ in what they escape:
 * better a value too long than a pair from an attacker.
 * - Values that are not quoted but hold blanks (IR_KV_OPEN: CEF, Check Point) end before the next
 *   ` key=` whose '=' no backslash precedes. Where a device does not escape, this cannot be told
 *   from the device's own; a key that stands twice shows it (ir_device_keys in device.h).
 */
#ifndef IR_FORMAT_KV_H
#define IR_FORMAT_KV_H

#include "base/arena.h"
#include "base/str.h"

#define IR_KV_KEY_MAX 64u
#define IR_KV_MAX     256u /* pairs that ir_kv_read keeps */

enum ir_kv_flags {
    IR_KV_BACKSLASH = 1, /* a backslash takes the next byte's meaning */
    IR_KV_DOUBLED = 2,   /* "" inside quotes is a quote */
    IR_KV_OPEN = 4,      /* values are not quoted and may hold separators */
    IR_KV_SINGLE = 8,    /* 'single quotes' too */
};

struct ir_kv_style {
    char sep, sep2; /* what stands between pairs; blanks and tabs around it are dropped */
    char eq;        /* '=' or ':' */
    uint8_t flags;
};
extern const struct ir_kv_style ir_kv_blanks; /* a=b c="d e", backslash escapes */
extern const struct ir_kv_style ir_kv_commas; /* a=b,c="d,e" */
extern const struct ir_kv_style ir_kv_pipes;  /* a=b|c=d e */
extern const struct ir_kv_style ir_kv_cef;    /* a=b c=d e f=g */

struct ir_kv {
    struct ir_str rest;
    const struct ir_kv_style *style;
    bool escapes; /* a backslash stands in the text */
};

struct ir_kv_pair {
    struct ir_str key;   /* empty: `value` is a word without one */
    struct ir_str value; /* without its quotes */
    bool quoted;
    bool escaped; /* holds an escape: ir_kv_decode has the value meant */
    bool cut;     /* the closing quote is missing */
};

struct ir_kv ir_kv_open(struct ir_str text, const struct ir_kv_style *style);
/* False: no more. Time is linear in the text over all calls. */
bool ir_kv_next(struct ir_kv *kv, struct ir_kv_pair *ret_pair);

struct ir_kv_pairs {
    unsigned n;
    struct ir_str rest; /* not read: more than `max` */
    struct ir_kv_pair pair[IR_KV_MAX];
};
/* The first `max` pairs (at most IR_KV_MAX). */
void ir_kv_read(struct ir_str text, const struct ir_kv_style *style, unsigned max,
                struct ir_kv_pairs *ret_pairs);
/* The value of the first pair with this key; p == NULL when there is none. */
struct ir_str ir_kv_get(const struct ir_kv_pairs *pairs, struct ir_str key);

/* The value without its escapes: \" \\ \= \| \n \r \t; of any other the backslash stays, as in
 * "DOMAIN\user". The view itself when memory is out. */
struct ir_str ir_kv_decode(struct ir_str value, const struct ir_kv_style *style,
                           struct ir_arena *arena);

#endif
