/*
 * A reader's bytes as UTF-8, where they are in another character set; between reader.h and
 * blocks.h, used by blocks.c only.
 *
 * Places in the converted text are of no use to anybody else, so each block takes along the map
 * back to the reader's bytes.
 */
#ifndef IR_SOURCE_RECODE_H
#define IR_SOURCE_RECODE_H

#include "base/charset.h"
#include "source/reader.h"

struct ir_recode;
/* r is borrowed. `raw` (copied) was read from it already, and then it said rc, with *err. NULL:
 * memory. */
struct ir_recode *ir_recode_new(const struct ir_charset *cs, enum ir_encoding e,
                                struct ir_reader *r, struct ir_str raw, int rc,
                                const struct ir_err *err);
void ir_recode_free(struct ir_recode *c);
enum ir_encoding ir_recode_encoding(const struct ir_recode *c);
/* As ir_reader_read. */
int ir_recode_read(struct ir_recode *c, char *buf, size_t cap, size_t *ret_n, struct ir_err *err);

/* Of the text from byte `text` on, n bytes (in order, none twice): where it lies, as marks relative
 * to it, in *marks (grown as needed); the raw place of its start and its raw length; characters
 * that are not valid, and the raw place of the first. False: memory. */
struct ir_recode_part {
    uint64_t raw_at, raw_n, invalid, invalid_at;
};
bool ir_recode_take(struct ir_recode *c, uint64_t text, size_t n, struct ir_mark **marks,
                    size_t *nmarks, size_t *cap, struct ir_recode_part *ret);

#endif
