/*
 * What database servers say: the messages of MySQL, MariaDB and PostgreSQL, whichever way they came
 * (own files, syslog), and one cell of a CSV line.
 */
#ifndef IR_FORMAT_DB_H
#define IR_FORMAT_DB_H

#include "format/format.h"
#include "format/syslog.h"

/* Fields of a message: refused and granted logins, connections. Unknown messages add nothing. */
void ir_mysql_message(struct ir_str msg, struct ir_event *ev);
/* level: the message's, in English where that is known. */
void ir_postgres_message(struct ir_str level, struct ir_str msg, struct ir_event *ev);
/* The same with what the servers write before it, behind the head of a syslog line. */
void ir_mysql_line(struct ir_str s, struct ir_event *ev);
void ir_postgres_line(const struct ir_syslog *from, struct ir_event *ev);
/* The same in other languages (postgres_words.c). The level is the last word of s, in English when
 * it is not that already. */
void ir_postgres_translated(struct ir_str msg, struct ir_event *ev);
bool ir_postgres_level(struct ir_str s, struct ir_str *ret_word, struct ir_str *ret_english);
/* What such messages say. */
void ir_postgres_refused(struct ir_event *ev);
void ir_postgres_authorized(struct ir_event *ev, struct ir_str user, struct ir_str database);
void ir_postgres_received(struct ir_event *ev, struct ir_str host, struct ir_str port);
/* "2026-11-22T01:02:03.123456Z", "2026-11-22  1:02:03" and "261122  1:02:03" of MySQL's versions:
 * bytes taken. */
size_t ir_mysql_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* "2026-11-22 01:02:03.123 JST" as PostgreSQL writes it: bytes taken, 0 when it is none. */
size_t ir_postgres_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* "192.0.2.7", "192.0.2.7(4711)", "192.0.2.7:4711", "[local]", a name: where a client sits. */
void ir_db_client(struct ir_event *ev, struct ir_str host);
void ir_db_user(struct ir_event *ev, struct ir_str user, struct ir_str database);

/* The next cell off *rest, quoted by `quote` or not; commas end it. Doubled quotes and (with
 * `escape`) escaped ones are undone in the arena. False: no cell is left. */
bool ir_db_cell(struct ir_str *rest, char quote, char escape, struct ir_event *ev,
                struct ir_str *ret_cell);

#endif
