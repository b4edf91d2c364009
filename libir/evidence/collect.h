/*
 * Copies files and trees into an exhibit: every object with all its metadata, content of regular
 * files, each inode once. What cannot be taken is in the list with the reason; nothing is left out
 * silently, and nothing is followed.
 */
#ifndef IR_EVIDENCE_COLLECT_H
#define IR_EVIDENCE_COLLECT_H

#include "evidence/exhibit.h"
#include "evidence/filetype.h"
#include "evidence/members.h"

struct ir_collect_options {
    uint64_t max_size;   /* larger files are listed, not copied; 0: no limit */
    bool one_filesystem; /* not into other mounts */
    bool networks;       /* into network file systems as well */
    bool links_told;     /* a link that was named is one whose content was not taken */
    /* As in scope.h: left out with all that lies below. */
    const char *const *except;
    size_t nexcept;
    struct ir_filetype *types;  /* what each file looks like; NULL: is not asked */
    struct ir_members *members; /* what archives hold; NULL: is not asked */
    /* Of a file that is open as fd: why it is not taken; NULL: it is. May be NULL. path ends in
     * NUL. */
    const char *(*refuse)(void *user, struct ir_str path, int fd);
    /* Of a file with so large holes that digesting their zeros takes long, before it is read. May
     * be NULL. path ends in NUL. */
    void (*notice)(void *user, struct ir_str path, uint64_t bytes, uint64_t of_data);
    void *user;
    uint64_t *refused; /* counts what was left out by such a choice, not by a failure; or NULL */
};

/* IR_OK also when something could not be taken: see the totals. */
int ir_collect(struct ir_exhibit *x, const char *const *paths, size_t n,
               const struct ir_collect_options *o, struct ir_err *err);

#endif
