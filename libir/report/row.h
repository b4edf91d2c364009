/*
 * One event as a row: what `ir search` and `ir timeline` print of a record, as a table, JSON lines,
 * CSV or CSV for Timesketch. Short names of the fields that people look for first, and the record.
 *
 *     struct ir_row row = {.path = path, .format = format, .text = ev->raw};
 *     ir_row_fill(&row, ev);
 *     writer->row(&out, &row, &options);
 *
 * Everything is borrowed. Hostile text is made harmless as in the writers of findings.
 */
#ifndef IR_REPORT_ROW_H
#define IR_REPORT_ROW_H

#include "event/event.h"
#include "report/writer.h"

enum ir_row_column {
    IR_ROW_HOST,
    IR_ROW_PROGRAM,
    IR_ROW_USER,
    IR_ROW_SOURCE,
    IR_ROW_DESTINATION,
    IR_ROW_ACTION,
    IR_ROW_OUTCOME,
    IR_ROW_URL,
    IR_ROW_COUNTRY,
    IR_ROW_COLUMNS
};

struct ir_row {
    bool has_time;
    int64_t time; /* ns UTC */
    const char *path, *format;
    uint64_t offset, line;
    struct ir_str col[IR_ROW_COLUMNS]; /* p == NULL: the record has none */
    struct ir_str match;               /* of a search: what was found */
    struct ir_str text;                /* the record */
    uint32_t stamp;                    /* bytes at its start that only say when it was */
};

struct ir_row_writer {
    const char *name;
    const char *header; /* printed once; NULL: none */
    void (*row)(struct ir_buf *out, const struct ir_row *row, const struct ir_write_options *opt);
};

/* table, jsonl, csv, timesketch-csv; ends with NULL. */
extern const struct ir_row_writer *const ir_row_writers[];
const struct ir_row_writer *ir_row_writer_by_name(const char *name);

/* Time, place and columns of the event, and where the record's own stamp ends; text stays. */
void ir_row_fill(struct ir_row *row, const struct ir_event *ev);
/* The first value of this field in any view; p == NULL: none. */
struct ir_str ir_row_value(const struct ir_event *ev, uint32_t id);

#endif
