/*
 * Writers of findings, one file a medium, one line in writers.def. A writer gets findings in order
 * and then the summary, and appends to a buffer that the caller drains to a file descriptor; it
 * never prints itself.
 */
#ifndef IR_REPORT_WRITER_H
#define IR_REPORT_WRITER_H

#include "base/buf.h"
#include "report/finding.h"

struct ir_write_options {
    bool colour;          /* table: SGR colours */
    unsigned columns;     /* table: width of the terminal; 0 = do not wrap or cut */
    int32_t zone_s;       /* table: zone in which times are printed, seconds east of UTC */
    unsigned max_origins; /* table: origins shown per finding */
};

struct ir_writer {
    const char *name;                                                      /* --output NAME */
    const char *title;                                                     /* one line for --help */
    void (*begin)(struct ir_buf *out, const struct ir_write_options *opt); /* may be NULL */
    void (*finding)(struct ir_buf *out, const struct ir_finding *f,
                    const struct ir_write_options *opt);
    void (*summary)(struct ir_buf *out, const struct ir_summary *s,
                    const struct ir_write_options *opt); /* may be NULL */
};

extern const struct ir_writer *const ir_writers[]; /* ends with NULL */
const struct ir_writer *ir_writer_by_name(struct ir_str name);

/* One event as a line of `ir parse` (contract in the README): flat ECS keys, then the record's own.
 */
struct ir_event;
void ir_write_event(struct ir_buf *out, const struct ir_event *ev, const char *path,
                    const char *format);

#endif
