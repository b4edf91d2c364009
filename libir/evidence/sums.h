/*
 * Lists of digests as other programs write and check them.
 *
 *     SUM       sha256sum's: "digest  name", "\digest  name\nwith a line end"; with several digests
 *               a line each with its name, "SHA256 (name) = digest", as cksum and BSD have them
 *     HASHDEEP  "%%%% HASHDEEP-1.0": size, digests and name, with commas
 *     JSONL     an object a line, with what was not read and why
 */
#ifndef IR_EVIDENCE_SUMS_H
#define IR_EVIDENCE_SUMS_H

#include "base/buf.h"
#include "evidence/hashing.h"

enum ir_sums { IR_SUMS_SUM, IR_SUMS_HASHDEEP, IR_SUMS_JSONL };

/* The digests that programs for this form know: hashdeep has no SHA-512. */
unsigned ir_sums_known(enum ir_sums form);
/* What stands above the lines. where: the directory that relative names belong to. */
void ir_sums_head(enum ir_sums form, unsigned set, struct ir_str where, struct ir_buf *out);
/* The lines of one object; none for one without digests, but in JSONL. */
void ir_sums_line(enum ir_sums form, unsigned set, const struct ir_hashed *h, struct ir_buf *out);

/* A line of hashdeep has no way to name a file with a line end; ours says so above the lines. */
#define IR_SUMS_ESCAPED "## names that begin with a backslash are escaped as sha256sum does"
/* Undoes the escapes of SUM in place: \\ \n \r. False: it has others. */
bool ir_sums_unescape(char *p, size_t *n);

#endif
