/*
 * Database servers that log by syslog or the journal: the same messages as in their own files
 * (mysql.c, postgres.c), with less or more of the server's own head before them.
 * Documents: PostgreSQL manual, log_destination; MySQL reference manual 5.4.2.8; sd-daemon(3).
 *
 *     postgres[4711]: [3-1] bob@shop FATAL:  password authentication failed for user "bob"
 *     mariadbd[99]: 2026-11-22  1:02:03 8 [Warning] Access denied for user 'bob'@'192.0.2.1' …
 *
 * Hostile: the names of users and databases; see db_messages.c.
 */
#include "format/db.h"

void ir_syslog_postgres(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_postgres_line(h, ev);
}

void ir_syslog_mysql(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_mysql_line(h->msg, ev);
}
