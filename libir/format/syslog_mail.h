/*
 * What the dissectors of mail and FTP servers share: a client written as "name[address]:port", and
 * values of which only one reading is possible. Not for other programs: see syslog.h.
 *
 *     struct ir_mail_peer who;
 *     size_t n = ir_mail_peer(IR_S("mx.example.org[192.0.2.7]:4321: hello"), &who);
 *     if (n > 0) ir_mail_source(ev, &who);
 */
#ifndef IR_FORMAT_SYSLOG_MAIL_H
#define IR_FORMAT_SYSLOG_MAIL_H

#include "format/syslog.h"

#define IR_MAIL_MESSAGE_MAX 8192u

struct ir_mail_peer {
    struct ir_str name, ip, port; /* empty where nothing is said */
};

/* "NAME[ADDR]", "NAME [ADDR]", "[ADDR]" and "[IPv6:ADDR]", with ":PORT" behind, at the start of s.
 * Bytes taken; 0 when it is none. */
size_t ir_mail_peer(struct ir_str s, struct ir_mail_peer *ret_who);
/* source.ip, source.port and source.domain. */
void ir_mail_source(struct ir_event *ev, const struct ir_mail_peer *who);
/* The same for where a mail went: destination.*. */
void ir_mail_destination(struct ir_event *ev, const struct ir_mail_peer *who);
/* Both at once, for a peer at the start of s. Bytes taken. */
size_t ir_mail_take_source(struct ir_str s, struct ir_event *ev);

/* Behind `key`, up to `end` ("": to the end of s). A key that stands there more than once, because
 * somebody sent it, gives nothing: p == NULL. */
struct ir_str ir_mail_only(struct ir_str s, struct ir_str key, struct ir_str end);
/* Adds that value as a field when there is one. */
void ir_mail_set_only(struct ir_event *ev, enum ir_field_id id, struct ir_str s, struct ir_str key,
                      struct ir_str end);
/* "554 " or "554-" at the start of s: error.code. */
void ir_mail_reply(struct ir_event *ev, struct ir_str s);

/* One kind of message: how it begins, and the word before its client. */
struct ir_mail_row {
    struct ir_str begin, before; /* `before` empty: the client stands right behind `begin` */
    const char *action;
    int outcome; /* 1 success, -1 failure, 0 neither */
};
/* Takes the first row that fits: action, outcome and client. *ret_rest (may be NULL) is what stands
 * behind the client. False: no row fits, and ev is as it was. */
bool ir_mail_rows(const struct ir_mail_row *rows, size_t n, struct ir_str s, struct ir_event *ev,
                  struct ir_str *ret_rest);
/* A message of smbd, from its own file or by syslog (samba.c). */
void ir_samba_message(struct ir_str s, struct ir_event *ev);
/* Its records in JSON (samba_json.c), each of which has the trigger. */
#define IR_SAMBA_TRIGGER "\"clientAccount\""
void ir_samba_json(struct ir_str s, struct ir_event *ev);
/* "ipv4:192.0.2.7:4021": source or destination. */
void ir_samba_host(struct ir_event *ev, struct ir_str s, bool source);
void ir_mail_result(struct ir_event *ev, const char *action, int outcome);

#endif
