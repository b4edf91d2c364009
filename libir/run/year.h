/*
 * Years for stamps that have none (RFC 3164), before the map stage splits an input into blocks.
 *
 * An uncompressed file is sampled: its stamps in file order tell where a year changed (the month
 * goes back by more than six), and its last stamp is the latest that is not after the anchor. The
 * anchor is
 * --reference-time, else the file's last change (never later than now); of a rotated set, an older
 * member ends before the next newer one begins. A file whose stamps jump about (an excerpt, a
 * collection) is read stamp by stamp: each takes the latest year that is not after the anchor.
 * Compressed inputs and pipes are taken to span less than a year.
 */
#ifndef IR_RUN_YEAR_H
#define IR_RUN_YEAR_H

#include "format/stamp.h"
#include "source/blocks.h"

#define IR_YEAR_SAMPLES 4096u

struct ir_year_point {
    uint64_t offset;
    int year, month; /* of the stamp at or after offset */
};

struct ir_years {
    int64_t anchor;
    const struct ir_zone *zone;  /* of the stamps, borrowed */
    bool jumps;                  /* year 0: each stamp by itself */
    struct ir_year_point *point; /* where the (year, month) changes, by offset; owned */
    size_t npoints;
};

/* Samples the reader (seekable, uncompressed); otherwise looks at head only. */
void ir_years_scan(struct ir_reader *r, uint64_t size, struct ir_str head, int64_t anchor,
                   const struct ir_zone *zone, struct ir_years *ret_y);
void ir_years_free(struct ir_years *y);
/* The clock for a block that begins at this offset. */
struct ir_clock ir_years_clock(const struct ir_years *y, uint64_t offset);
/* Time of the first stamp in head when it must not be after anchor; false: no stamp. */
bool ir_years_first(struct ir_str head, int64_t anchor, const struct ir_zone *zone,
                    int64_t *ret_ns);

#endif
