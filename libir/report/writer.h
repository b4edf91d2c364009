/*
 * Writers of findings, one file a medium, one line in writers.def. A writer appends to a buffer
 * that the caller drains to a file descriptor; it never prints itself. What is written for people
 * is in the language that was set (base/intl.h); data is the same in every language.
 *
 * Most writers get findings in order and then the summary. What must say the whole before its
 * parts, as a page does, is a `document` instead: it may ask for findings and inputs as often as it
 * needs, and keeps of them only what is small. Exactly one of `finding` and `document` is there.
 */
#ifndef IR_REPORT_WRITER_H
#define IR_REPORT_WRITER_H

#include "base/buf.h"
#include "base/intl.h"
#include "report/finding.h"

struct ir_write_options {
    bool colour;          /* table: SGR colours */
    unsigned columns;     /* table: width of the terminal; 0 = do not wrap or cut */
    int32_t zone_s;       /* table: zone in which times are printed, seconds east of UTC */
    unsigned max_origins; /* table: origins shown per finding */
    int64_t now;          /* documents: when they are made, ns UTC */
    const char *version;  /* documents: of the program; may be NULL */
};

/* What a document is made of. Views are good until the next call of the same function. */
struct ir_document {
    void *user;
    size_t nfindings, ninputs;
    void (*finding)(void *user, size_t i, struct ir_finding *ret_f); /* in the order of time */
    void (*input)(void *user, size_t i, struct ir_input_report *ret_in);
    const struct ir_summary *summary;
    const struct ir_hist *times; /* of all records */
    bool (*drain)(void *user);   /* takes what is in the buffer; false: nothing more is wanted */
};

struct ir_writer {
    const char *name;                                                      /* --output NAME */
    const char *title;                                                     /* one line for --help */
    void (*begin)(struct ir_buf *out, const struct ir_write_options *opt); /* may be NULL */
    void (*finding)(struct ir_buf *out, const struct ir_finding *f,
                    const struct ir_write_options *opt);
    void (*summary)(struct ir_buf *out, const struct ir_summary *s,
                    const struct ir_write_options *opt); /* may be NULL */
    void (*document)(struct ir_buf *out, const struct ir_document *d,
                     const struct ir_write_options *opt);
    unsigned context; /* lines around a finding's record that it shows when nobody says otherwise */
};

extern const struct ir_writer *const ir_writers[]; /* ends with NULL */
const struct ir_writer *ir_writer_by_name(struct ir_str name);

/* One event as a line of `ir parse` (contract in the README): flat ECS keys, then the record's own.
 */
struct ir_event;
void ir_write_event(struct ir_buf *out, const struct ir_event *ev, const char *path,
                    const char *format);

#endif
