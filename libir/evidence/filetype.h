/*
 * What a file looks like, by its first bytes and libmagic's rules: a description, a MIME type and a
 * character encoding. A hint for who sorts evidence, no proof: its author chose the bytes.
 *
 *     struct ir_filetype *t = ir_filetype_new(confine); // NULL: libmagic has no rules here
 *     ir_filetype_of(t, fd, &ft); … ft.magic, ft.mime, ft.encoding …
 */
#ifndef IR_EVIDENCE_FILETYPE_H
#define IR_EVIDENCE_FILETYPE_H

#include "base/str.h"

struct ir_filetype;

struct ir_filetype_result {
    struct ir_str magic, mime, encoding; /* empty: not known; good until the next call */
};

/* confine: what libmagic's process gives up its rights by (apart.h); NULL: it keeps them. */
struct ir_filetype *ir_filetype_new(const char *(*confine)(const int *writable, unsigned n));
void ir_filetype_free(struct ir_filetype *t);
/* Reads the first bytes of a regular file; the descriptor's position stays. */
void ir_filetype_of(struct ir_filetype *t, int fd, struct ir_filetype_result *ret_ft);

#endif
