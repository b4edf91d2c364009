/*
 * YAML documents as small trees in an arena. Every scalar stays text; `plain` tells that it was
 * written without quotes, so that who loads a rule or a format types it (YAML 1.1's yes/no/on/off
 * must not become bools).
 *
 * Limits: depth IR_YAML_DEPTH_MAX, IR_YAML_NODES_MAX nodes a document (aliases count with what they
 * stand for, so that a bomb of aliases ends in an error).
 */
#ifndef IR_BASE_YAML_H
#define IR_BASE_YAML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define IR_YAML_DEPTH_MAX 48u
#define IR_YAML_NODES_MAX 200000u
#define IR_YAML_KEYS_MAX  4096u /* keys of one map */

enum ir_yaml_kind { IR_YAML_SCALAR, IR_YAML_LIST, IR_YAML_MAP };

struct ir_yaml {
    enum ir_yaml_kind kind;
    bool plain;         /* scalar without quotes */
    uint32_t line;      /* 1-based */
    uint32_t weight;    /* nodes of this subtree */
    struct ir_str key;  /* when the parent is a map; NUL-terminated */
    struct ir_str text; /* scalar; NUL-terminated */
    struct ir_yaml *kids, *next;
};

/* Calls doc(user, root) for each document, roots living in the arena. A result other than IR_OK
 * ends the walk and is returned. IR_BAD with err->line and the reason when the text is not YAML:
 * documents before the fault were delivered. */
int ir_yaml_each(struct ir_arena *arena, struct ir_str text,
                 int (*doc)(void *user, struct ir_yaml *root), void *user, struct ir_err *err);

/* The first document; *ret_root NULL: there is none. Those behind it must be YAML, too. */
int ir_yaml_first(struct ir_arena *arena, struct ir_str text, struct ir_yaml **ret_root,
                  struct ir_err *err);
/* IR_BAD for what is not as it must be at a node's line; at NULL: somewhere in the text. */
int ir_yaml_wrong(struct ir_err *err, const struct ir_yaml *at, const char *what);

/* The child of a map, or NULL. */
struct ir_yaml *ir_yaml_get(const struct ir_yaml *map, const char *key);
/* Text of a scalar child; p == NULL when there is none or it is a plain null. */
struct ir_str ir_yaml_text(const struct ir_yaml *map, const char *key);
/* A plain null: nothing, ~, null, Null, NULL. */
bool ir_yaml_is_null(const struct ir_yaml *n);
/* A plain true/false of any case. */
bool ir_yaml_bool(const struct ir_yaml *n, bool *ret_v);
/* `over` laid on `base`: maps merge by key, all else replaces (legacy `action: global`). NULL:
 * memory. */
struct ir_yaml *ir_yaml_merge(struct ir_arena *arena, const struct ir_yaml *base,
                              const struct ir_yaml *over);

#endif
