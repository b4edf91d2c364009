/*
 * Reading a sealed exhibit again, file by file against its manifests, and copying it in the same
 * reading. For who receives an exhibit, and for identical copies; foreign bags are bag.h's.
 */
#ifndef IR_EVIDENCE_CARRY_H
#define IR_EVIDENCE_CARRY_H

#include <sys/stat.h>

#include "base/err.h"
#include "evidence/merkle.h"

struct ir_carry_totals {
    uint64_t files, bytes; /* tag files as well */
    char seal[IR_HASH_TEXT];
};

/* Where the files go instead of a directory: begin for each, then its bytes in order. What they
 * return other than IR_OK ends it. */
struct ir_carry_sink {
    int (*begin)(void *user, const char *path, int fd, const struct stat *st, struct ir_err *err);
    int (*data)(void *user, const void *p, size_t n, struct ir_err *err);
    void *user;
};

struct ir_carry_job {
    int case_fd;
    const char *item, *seal; /* seal: what tagmanifest-sha256.txt must have */
    /* A directory in which `item` is made, every file of it written, holes as holes, brought to
     * disk, read again and compared; -1: none. */
    int to_fd;
    bool finish;    /* what of it is in to_fd already is compared, the rest, and what is not as it
                       must be, is copied */
    bool tags_only; /* not the payload */
    const struct ir_carry_sink *sink; /* NULL */
    /* Now and then: files done, and bytes that were read, from the copy too. NULL: nobody waits. */
    void (*show)(void *user, uint64_t files, uint64_t bytes, uint64_t of);
    void *user;
};

/* IR_BAD: *err names the file that is not what was sealed; a copy that was begun stays, and is
 * none; a sink was given what it is not. */
int ir_carry(const struct ir_carry_job *job, struct ir_carry_totals *ret_t, struct ir_err *err);

#endif
