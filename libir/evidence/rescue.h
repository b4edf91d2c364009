/*
 * The map of an image: which areas of the source were read, and which were not. In the format of
 * GNU ddrescue's mapfile (info ddrescue, "Mapfile structure"), so that its programs take it:
 *
 *     # comment
 *     0x00000000     +               1           where it works, on what, which pass
 *     0x00000000  0x00100000  +                  position, size, status of each area
 *
 * Statuses: '?' not tried, '*' failed and not trimmed, '/' failed and not scraped, '-' bad sectors,
 * '+' read. The areas follow each other without a gap from 0 to the size.
 *
 * A map that is read may be anybody's: nothing of it is taken unless all of it holds.
 */
#ifndef IR_EVIDENCE_RESCUE_H
#define IR_EVIDENCE_RESCUE_H

#include "base/buf.h"
#include "base/err.h"

#define IR_RESCUE_AREAS_MAX ((size_t)1 << 20)
#define IR_RESCUE_TEXT_MAX  (IR_RESCUE_AREAS_MAX * 48)

struct ir_rescue_area {
    uint64_t pos, size;
    char status;
};

/* A failing disk is worked on in order and may have a million areas: the room for more of them lies
 * as a gap where the last was marked, so that none has to be moved far. */
struct ir_rescue {
    uint64_t size;
    struct ir_rescue_area *v; /* n areas; the free cap - n places begin at gap */
    size_t n, cap, gap;
};

/* One area of that size, not tried. False when memory is out. */
bool ir_rescue_begin(struct ir_rescue *m, uint64_t size);
void ir_rescue_free(struct ir_rescue *m);
/* The i-th, i below m->n. */
const struct ir_rescue_area *ir_rescue_at(const struct ir_rescue *m, size_t i);
/* [pos, pos + size) has this status now. False when memory is out, or there are too many areas. */
bool ir_rescue_mark(struct ir_rescue *m, uint64_t pos, uint64_t size, char status);
/* All behind `size` is gone. */
void ir_rescue_cut(struct ir_rescue *m, uint64_t size);
/* The first area of the status that ends behind `from`, cut to begin there at the earliest. False:
 * none. */
bool ir_rescue_find(const struct ir_rescue *m, uint64_t from, char status,
                    struct ir_rescue_area *ret_area);
/* Whether anything of [pos, pos + size) has one of the statuses. */
bool ir_rescue_has(const struct ir_rescue *m, uint64_t pos, uint64_t size, const char *statuses);
/* Bytes of all areas of the status, and how many areas. */
uint64_t ir_rescue_bytes(const struct ir_rescue *m, char status, uint64_t *ret_areas);
/* head: comment lines, each with its '#' and line end. */
void ir_rescue_write(const struct ir_rescue *m, const char *head, uint64_t at, char status,
                     unsigned pass, struct ir_buf *out);
/* IR_BAD: the text is no map of that size; *err has the line. */
int ir_rescue_parse(struct ir_str text, uint64_t size, struct ir_rescue *ret_m, struct ir_err *err);

#endif
