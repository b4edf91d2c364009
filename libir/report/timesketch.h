/*
 * What both Timesketch files say of a finding. Timesketch demands message, datetime (ISO 8601 with
 * offset) and timestamp_desc, and takes timestamp in microseconds:
 * https://timesketch.org/guides/user/import-from-json-csv/
 */
#ifndef IR_REPORT_TIMESKETCH_H
#define IR_REPORT_TIMESKETCH_H

#include "base/buf.h"
#include "report/finding.h"

#define IR_TS_TIME_TEXT 40

/* A finding without time: Timesketch refuses a file with an empty datetime, so it gets plaso's
 * answer, 1970-01-01 and the description "Not a time". */
int64_t ir_ts_microseconds(const struct ir_finding *f);
/* "2026-11-22T01:02:03.123456+00:00"; returns the length. */
size_t ir_ts_datetime(const struct ir_finding *f, char buf[IR_TS_TIME_TEXT]);
const char *ir_ts_description(const struct ir_finding *f);
/* "[high] title: why (12 times)" */
void ir_ts_message(struct ir_buf *out, const struct ir_finding *f);

#endif
