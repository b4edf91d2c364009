/*
 * Which directories a walk goes into: not into what the kernel makes up while it is read, not into
 * network file systems unless asked, not into other file systems when told so.
 *
 *     struct ir_scope s = {.networks = true};
 *     const char *why = ir_scope_refuses(&s, entry);      // for each directory of a walk
 */
#ifndef IR_EVIDENCE_SCOPE_H
#define IR_EVIDENCE_SCOPE_H

#include "evidence/tree.h"

struct ir_scope {
    bool one_filesystem; /* that of the first directory */
    bool networks;       /* into network file systems as well */
    /* Absolute, without a slash at the end: neither they are taken nor what lies below them. */
    const char *const *except;
    size_t nexcept;
    uint64_t max_size; /* larger files are not taken; 0: no limit */
    uint64_t root_dev; /* own business; 0 at first */
};

/* Bytes of the files that a walk with this scope takes, of those with several names their share;
 * what cannot be looked at counts nothing. */
uint64_t ir_scope_measure(const char *const *paths, size_t n, struct ir_scope scope);
/* Of a file as well. NULL: it is not excepted. Else why it is not taken. */
const char *ir_scope_excepts(const struct ir_scope *s, struct ir_str path);
/* NULL: into it. Else why not. */
const char *ir_scope_refuses(struct ir_scope *s, const struct ir_tree_entry *e);
/* The same of what is open as fd: it lies on what can block for ever, or is made up while it is
 * read. */
const char *ir_scope_odd(const struct ir_scope *s, int fd);

#endif
