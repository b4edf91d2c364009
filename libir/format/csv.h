/*
 * Inside the CSV format: the header (csv_columns.c), and the records (csv.c).
 */
#ifndef IR_FORMAT_CSV_H
#define IR_FORMAT_CSV_H

#include "format/csv_cells.h"
#include "format/format.h"

#define IR_CSV_COLUMNS_MAX 512u

struct ir_csv_header {
    char sep;
    unsigned n;
    int time, clock; /* columns, -1: none; `clock` when date and time of day are apart */
    int event;       /* the column of what happened in exports of Synology's Log Center, -1: none */
    bool files;      /* they are about files */
    char *copy;      /* the header's bytes that the names point to; NULL: none was read yet */
    struct ir_csv_column {
        struct ir_str name;
        int row; /* in ir_generic_keys, or -1 */
    } column[IR_CSV_COLUMNS_MAX];
};

/* Reads a header; the names are views of rec. False: not one. */
bool ir_csv_header(struct ir_str rec, struct ir_csv_header *ret_h);
/* All cells could be names of columns. */
bool ir_csv_is_header(struct ir_str rec, char sep);
unsigned ir_csv_count(struct ir_str rec, char sep);
/* The fields and the time of a record. */
void ir_csv_fields(const struct ir_csv_header *h, struct ir_str rec, const struct ir_clock *clock,
                   struct ir_event *ev);
/* The English name of a column that has a common one in Japanese, else the name (csv_names.c). */
struct ir_str ir_csv_english(struct ir_str name);
/* Sets h->event and h->files. */
void ir_csv_synology(struct ir_csv_header *h);
/* What the text of that column says: before the other columns, whose user is the NAS's own. */
/* What its cell of the file says, once all cells are read. */
void ir_csv_synology_file(struct ir_event *ev);
void ir_csv_synology_event(const struct ir_csv_header *h, struct ir_str event, struct ir_event *ev);
/* The times of spreadsheets: what ir_device_stamp_text knows, and dates with one digit or without
 * seconds, year last with AM or PM (month first) or dots (day first). */
bool ir_csv_time(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock);

extern const struct ir_format ir_format_csv;

#endif
