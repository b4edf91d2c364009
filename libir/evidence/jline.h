/*
 * One JSON object as one line, member by member, for the lists of an exhibit. Members that are not
 * known (empty text) are left out. Bytes that are not UTF-8 are never lost: they stand in base64
 * besides, as "name_raw".
 *
 *     struct ir_jline l = ir_jline_open(&buf);
 *     ir_jline_bytes(&l, "path", path);
 *     ir_jline_number(&l, "size", 7);
 *     ir_jline_close(&l);
 */
#ifndef IR_EVIDENCE_JLINE_H
#define IR_EVIDENCE_JLINE_H

#include "base/buf.h"

struct ir_jline {
    struct ir_buf *b;
    bool first;
};

struct ir_jline ir_jline_open(struct ir_buf *b);
void ir_jline_close(struct ir_jline *l); /* with the line end */
void ir_jline_key(struct ir_jline *l, const char *name);
void ir_jline_text(struct ir_jline *l, const char *name, struct ir_str v);
void ir_jline_bytes(struct ir_jline *l, const char *name, struct ir_str v);
void ir_jline_number(struct ir_jline *l, const char *name, uint64_t v);
void ir_jline_signed(struct ir_jline *l, const char *name, int64_t v);
/* Only when it is true. */
void ir_jline_flag(struct ir_jline *l, const char *name, bool v);
/* Ready-made JSON; nothing when it is empty. */
void ir_jline_raw(struct ir_jline *l, const char *name, struct ir_str json);
/* RFC 3339, UTC. */
void ir_jline_time(struct ir_jline *l, const char *name, int64_t ns);
/* Bytes as a base64 string, for values in arrays and the like. */
void ir_jline_base64(struct ir_buf *b, struct ir_str bytes);

#endif
