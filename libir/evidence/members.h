/*
 * What an archive holds, with digests: for who asks in which exhibit a file is that lies in a tar
 * file in a zip file. Nothing is unpacked to a name; limits bound what a bomb can cost.
 *
 *     struct ir_members *m = ir_members_new(confine); // NULL: no temporary file, or no memory
 *     ir_members_of(m, fd, &json);
 */
#ifndef IR_EVIDENCE_MEMBERS_H
#define IR_EVIDENCE_MEMBERS_H

#include "base/buf.h"

struct ir_members;

/* confine: what libarchive's process gives up its rights by (apart.h); NULL: it keeps them. */
struct ir_members *ir_members_new(const char *(*confine)(const int *writable, unsigned n));
void ir_members_free(struct ir_members *m);
/* A JSON array in `out`, which is empty before: objects with path, bytes, sha256 of each file in
 * it, in archives in it as well ("in.zip!a"), and with path and note what could not be read. What
 * is known of a member only in part is `damaged`: the digest is of that part.
 * Nothing when it is no archive. False: memory is out. */
bool ir_members_of(struct ir_members *m, int fd, struct ir_buf *out);

#endif
