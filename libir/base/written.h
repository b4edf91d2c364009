/*
 * Dates and times as they are written in Japan, made into ISO 8601.
 *
 *     char iso[IR_TIME_TEXT];
 *     rc = ir_written_time(IR_S("令和8年11月20日(金) 午後3時半"), iso, &err);   //
 * 2026-11-20T15:30:00
 *
 * Whoever takes a date or a time from a person asks here first, and reads what comes out with
 * ir_time_parse_user. Not for logs: no program writes like this.
 */
#ifndef IR_BASE_WRITTEN_H
#define IR_BASE_WRITTEN_H

#include "base/err.h"
#include "base/time.h"

/* Taken: 令和8年11月20日, 令和元年…, R8.11.20 (also H, S, 平成, 昭和), 2026年11月20日, 2026/11/20,
 * 2026.11.20, 2026-11-20; behind it, when there is one, the day of the week, a time (9:30, 9時30分,
 * 午後3時半, 正午) and a zone (+09:00, JST); digits and signs of full width. What
 * ir_time_parse_user reads already comes out as it is.
 *
 * out: "2026-11-20" or "2026-11-20T15:30:00", with the zone when one stood there.
 * IR_END: not a date of these. IR_BAD: one that does not exist, or could be several: a year that is
 * missing, two digits without an era, an era that had ended, 12時 of 午前 or 午後, the wrong day of
 * the week. err has the reason of both. */
int ir_written_time(struct ir_str said, char out[IR_TIME_TEXT], struct ir_err *err);

#endif
