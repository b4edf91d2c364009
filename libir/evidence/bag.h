/*
 * Checks a BagIt bag of anybody: RFC 8493 (1.0) and the drafts before it, 0.93 to 0.97.
 *
 *     const struct ir_bag_options o = {.mode = IR_BAG_WHOLE};
 *     rc = ir_bag_check(bag_fd, &o, &report, &totals, &err);
 *     good = rc == IR_OK && totals.problems == 0;
 *
 * Everything in a bag is hostile: names that lead out of it, links, pipes, lists larger than
 * memory. Nothing outside the bag is touched and no link is followed. When the manifests are larger
 * than `memory` allows, they are read several times, and each time only the names of one part of
 * all (by their hash) are compared with the directory; each file is digested once all the same.
 */
#ifndef IR_EVIDENCE_BAG_H
#define IR_EVIDENCE_BAG_H

#include "base/err.h"
#include "base/str.h"
#include "evidence/report.h"

#define IR_BAG_MEMORY ((uint64_t)128 << 20) /* bytes for names and digests, when nobody says */

enum ir_bag_mode {
    IR_BAG_WHOLE, /* complete and valid: every file is there, none besides, each digest is right */
    IR_BAG_FAST,  /* complete: names and Payload-Oxum, without reading the files */
    IR_BAG_FILE,  /* one file, and the manifests that tell of it */
};

struct ir_bag_options {
    enum ir_bag_mode mode;
    const char *file; /* IR_BAG_FILE: below the bag, "data/fs/etc/passwd" */
    unsigned threads; /* that digest; 0: one a processor, at most 8 */
    uint64_t memory;  /* 0: IR_BAG_MEMORY */
    /* One of ours: tag files that no tag manifest lists, and lists that are not written as sealing
     * writes them, are problems; so no byte of an exhibit can change unseen. */
    bool exhibit;
    /* Called now and then by the calling thread. May be NULL. */
    void (*progress)(void *user, uint64_t bytes, uint64_t of);
    void *user;
};

struct ir_bag_totals {
    char version[16];      /* "1.0"; "" when it is not known */
    uint64_t files, bytes; /* of the payload, as they lie there */
    uint64_t problems, warnings;
    uint64_t unreadable; /* of the problems: the file could not be read */
};

/* IR_OK: looked at all, see the totals. IR_FATAL: memory is out, or the directory cannot be read.
 * report: places are relative to the bag; `exhibit` is not called. */
int ir_bag_check(int bag_fd, const struct ir_bag_options *o, const struct ir_check_report *report,
                 struct ir_bag_totals *ret_totals, struct ir_err *err);

#endif
