/*
 * What an archive holds, with digests: for who asks in which exhibit a file is that lies in a tar
 * file in a zip file. Nothing is unpacked to a name; limits bound what a bomb can cost.
 *
 *     struct ir_members *m = ir_members_new();     // NULL: no temporary file, or no memory
 *     ir_members_of(m, "/proc/self/fd/5/data/fs/a.tar", &json);
 */
#ifndef IR_EVIDENCE_MEMBERS_H
#define IR_EVIDENCE_MEMBERS_H

#include "base/buf.h"

struct ir_members;

struct ir_members *ir_members_new(void);
void ir_members_free(struct ir_members *m);
/* A JSON array in `out`, which is empty before: objects with path, bytes, sha256 of each file in
 * it, in archives in it as well ("in.zip!a"), and with path and note what could not be read. What
 * is known of a member only in part is `damaged`: the digest is of that part.
 * Nothing when it is no archive. False: memory is out. */
bool ir_members_of(struct ir_members *m, const char *path, struct ir_buf *out);

#endif
