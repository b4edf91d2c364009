/*
 * A raw image of a block device, or of a file that holds one, into an exhibit:
 *
 *     data/image/NAME.raw      the image; zeros where the source could not be read
 *     data/image/NAME.map      what was read and what was not (rescue.h), for GNU ddrescue too
 *     meta/NAME.pieces         SHA-256 of each piece: a change later is found with its place
 *
 * Good areas come first, in large blocks; then what failed, sector by sector, from its ends, then
 * all of it, then as many times again as was asked for. What stands behind a bad sector keeps its
 * place. The whole is digested while it is read; when areas were bad, or the work was interrupted,
 * the digest is made of the first copy after all pieces of it were compared with those that were
 * read.
 *
 * Interrupted at any time it goes on: pieces of the copies that have the digest of what was read
 * from the source are kept, the others are read again. Neither the map nor the order in which a
 * medium stores things is trusted for that.
 */
#ifndef IR_EVIDENCE_IMAGE_H
#define IR_EVIDENCE_IMAGE_H

#include "evidence/drive.h"
#include "evidence/exhibit.h"

struct ir_image_progress {
    uint64_t done, size; /* bytes: looked at, of all */
};

struct ir_image_job {
    const struct ir_drive *drive;
    const char *path; /* of the source, absolute */
    const char *name; /* a safe component */
    unsigned set;     /* IR_DIGEST_BIT of each */
    unsigned retries; /* of bad sectors, after each was tried once */
    bool direct;      /* read past the page cache from the beginning */
    bool resume;
    int copy_fd; /* the directory of a second copy, laid out like the exhibit; -1: none */
    /* What libmagic's process gives up its rights by (apart.h); NULL: it keeps them. */
    const char *(*confine)(const int *writable, unsigned n);
    /* Called now and then. May be NULL. */
    void (*progress)(void *user, const struct ir_image_progress *p);
    void *user;
};

struct ir_image_result {
    uint64_t size;            /* of the image */
    uint64_t bad, bad_areas;  /* bytes that are zeros because they could not be read */
    uint64_t kept;            /* bytes of an earlier run */
    struct ir_digest_sum sum; /* of the image */
    bool one_reading;         /* made while the source was read, from its first byte to its last */
    const char *changed;      /* what happened to the source meanwhile; NULL: nothing */
    struct ir_buf bad_list; /* JSON array of [offset, length], the first 10,000; the caller frees */
};

/* Adds image and map to the exhibit, ready to be sealed. IR_FATAL: the source is gone, or a copy
 * cannot be written; what was done stays for a resumed run. IR_BAD: a copy is not what was written
 * to it. */
int ir_image(struct ir_exhibit *x, const struct ir_image_job *job, struct ir_image_result *ret_r,
             struct ir_err *err);

#endif
