/*
 * One exhibit: a BagIt 1.0 bag (RFC 8493) that is being filled, then sealed, then never changed.
 *
 *     EV-2026-001-01/
 *       bagit.txt  bag-info.txt  manifest-<alg>.txt  tagmanifest-<alg>.txt
 *       data/fs/<safe path>        what was collected
 *       data/image/<name>.raw .map the image of a disk
 *       data/live/<NN-name>/       state of a running host, made while it was looked at
 *       meta/files.jsonl           one line an object (object.h), in the order of the walk
 *       meta/errors.jsonl          those that were not taken, or changed while they were
 *       meta/bodyfile.txt          names and times of the first list, for mactime (bodyfile.h)
 *
 * The seal is the SHA-256 of tagmanifest-sha256.txt: one number for all that is in the bag. There
 * is no tagmanifest until the bag is complete, so a half-made exhibit never looks like a whole one.
 *
 *     ir_exhibit_create(case_fd, "EV-2026-001-01", set, &x, &err);
 *     ir_exhibit_put(x, …);                     // each object
 *     ir_exhibit_seal(x, &info, seal, &err);
 *     ir_exhibit_close(x);
 */
#ifndef IR_EVIDENCE_EXHIBIT_H
#define IR_EVIDENCE_EXHIBIT_H

#include "evidence/object.h"
#include "evidence/pump.h"

struct ir_exhibit;

struct ir_exhibit_totals {
    uint64_t objects, files, bytes; /* files: payload files, bytes: of them */
    uint64_t not_taken, changed, links;
};

/* IR_FATAL when there is one of that name, unless nothing was put into it yet: then a process died
 * while it was made. set: IR_DIGEST_BIT of each manifest; SHA-256 is always among them. */
int ir_exhibit_create(int case_fd, const char *item, unsigned set, struct ir_exhibit **ret_x,
                      struct ir_err *err);
/* One that was left half-made: what its list tells is complete is kept, and ir_exhibit_has knows
 * it. A cut last line, what comes after a copy that is not whole, and files that nobody tells of
 * are removed; so is a seal: the caller knows that the log does not tell of it. */
int ir_exhibit_resume(int case_fd, const char *item, struct ir_exhibit **ret_x, struct ir_err *err);
void ir_exhibit_close(struct ir_exhibit *x);

/* Tells who waits, now and then, while files are copied (of: 0) and while they are read back. */
void ir_exhibit_watch(struct ir_exhibit *x,
                      void (*show)(void *user, uint64_t files, uint64_t bytes, uint64_t of),
                      void *user);
/* Whether an earlier run has a line of this path; problem: one with a reason why it could not be
 * looked at, or into. */
bool ir_exhibit_has(const struct ir_exhibit *x, struct ir_str path, bool problem);
/* The path under which this very inode is stored, when it has several names; empty: it is not. */
struct ir_str ir_exhibit_same_as(const struct ir_exhibit *x, const struct statx *st);
/* Copies in (a descriptor at its start, of the size in o->st) to data/<area>/<safe>; fills
 * o->bytes, o->sum, o->stored, o->extents, and o->changed or o->not_taken. IR_FATAL: the copy
 * cannot be written; nothing of it stays. */
int ir_exhibit_copy(struct ir_exhibit *x, int in, const char *area, struct ir_str safe,
                    struct ir_object *o, struct ir_err *err);
/* Adds the object's line. IR_FATAL: cannot be written. */
int ir_exhibit_put(struct ir_exhibit *x, const struct ir_object *o, struct ir_err *err);
/* An unnamed file to write to, on the exhibit's medium where that can have one: what is made during
 * a collection is written here, then added. A descriptor, or IR_FATAL. */
int ir_exhibit_scratch(struct ir_exhibit *x, struct ir_err *err);
/* What `in` (a regular file) holds as data/<area>/<safe>, with its line. path: what it is a copy
 * of, or, when `made` tells what it was made of, a name for it. IR_FATAL as ir_exhibit_copy. */
int ir_exhibit_add(struct ir_exhibit *x, int in, const char *area, struct ir_str safe,
                   struct ir_str path, const char *made, struct ir_err *err);
/* A tag file of meta/, whole. */
int ir_exhibit_meta(struct ir_exhibit *x, const char *name, struct ir_str bytes,
                    struct ir_err *err);

const struct ir_exhibit_totals *ir_exhibit_totals(const struct ir_exhibit *x);
int ir_exhibit_fd(const struct ir_exhibit *x);
const char *ir_exhibit_item(const struct ir_exhibit *x);

/* Label and value of bag-info.txt, in order. */
struct ir_bag_info {
    const char *label, *value;
};
/* Reads every copy back (the second reading), writes manifests, tags and tag manifests, makes all
 * read-only. info: n pairs. IR_BAD: a copy is not what was read: *err names it. */
int ir_exhibit_seal(struct ir_exhibit *x, const struct ir_bag_info *info, size_t n,
                    char ret_seal[IR_DIGEST_TEXT], struct ir_err *err);

#endif
