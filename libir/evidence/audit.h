/*
 * Compares files with lists of known ones (known.h): what is as it was, what changed, what was
 * moved, what is new, what is missing.
 *
 *     const struct ir_audit_options o = {.lists = lists, .nlists = 1, .item = each};
 *     rc = ir_audit(paths, n, &o, &totals, &err);
 *
 * Neither the files nor the lists need fit into memory. The files are hashed once, and what is
 * known of them lies in a temporary file. A part of it at a time is held in memory, and the lists
 * are read past it: first by names, then what is left over by digests. So lists cost no memory but
 * a bit an entry that no file bears the name of, files nine bytes each; little memory means that
 * the lists are read more often.
 */
#ifndef IR_EVIDENCE_AUDIT_H
#define IR_EVIDENCE_AUDIT_H

#include "base/digest.h"
#include "base/err.h"

#define IR_AUDIT_MEMORY ((uint64_t)32 << 20) /* bytes of a part, when nobody says */

enum ir_audit_verdict {
    IR_AUDIT_MATCHED,    /* name and digest are of one entry */
    IR_AUDIT_KNOWN,      /* its digest is in a set, which tells of no names */
    IR_AUDIT_MOVED,      /* its name is in no list; its digest is that of an entry without a file */
    IR_AUDIT_CHANGED,    /* its name is in a list, with another digest */
    IR_AUDIT_NEW,        /* neither */
    IR_AUDIT_MISSING,    /* an entry without a file, neither by name nor by digest */
    IR_AUDIT_UNREADABLE, /* a file that could not be read, or compared */
    IR_AUDIT_VERDICTS
};

struct ir_audit_item {
    enum ir_audit_verdict verdict;
    struct ir_str path;  /* as the user, for a missing one the list, named it */
    struct ir_str moved; /* MOVED: its name in the list */
    const char *list;    /* MOVED, MISSING: the list that has it, and where */
    uint64_t line;
    const char *why; /* UNREADABLE; CHANGED: NULL, or what it is instead of a file */
};

struct ir_audit_options {
    const char *const *lists;
    size_t nlists;
    const char *base; /* names of the lists belong below it; NULL: relative ones below "." */
    unsigned threads;
    bool one_filesystem, networks;
    uint64_t memory; /* 0: IR_AUDIT_MEMORY */
    /* First what could not be read, then the files in order, then the missing. False: stop. */
    bool (*item)(void *user, const struct ir_audit_item *i);
    /* A line of a list that tells nothing, or nothing that was compared. */
    void (*note)(void *user, const char *list, uint64_t line, const char *text);
    /* As of hashing.h; may be NULL. */
    void (*progress)(void *user, uint64_t files, uint64_t bytes, uint64_t of);
    void *user;
};

struct ir_audit_totals {
    uint64_t verdict[IR_AUDIT_VERDICTS];
    uint64_t entries; /* of all lists */
    uint64_t notes;
};

/* IR_OK; IR_END: `item` said stop. IR_FATAL: a list cannot be read, memory or room for temporary
 * files is out. */
int ir_audit(const char *const *paths, size_t n, const struct ir_audit_options *o,
             struct ir_audit_totals *ret_totals, struct ir_err *err);

#endif
