/*
 * The chain of custody of one case: an append-only file of JSON lines, each with the SHA-256 of the
 * line before it, so that nothing can be changed, dropped, added or moved without breaking the
 * chain. What is wrong is never rewritten: an `amend` event says so later.
 *
 *     struct ir_custody *c;
 *     rc = ir_custody_open(case_fd, "CASE-2026-001", IR_CUSTODY_WRITE, &c, &err);
 *     ir_custody_append(c, &event, &seq, &err);
 *     ir_custody_close(c);
 *
 * While it is open for writing no other process can open it; who comes second waits.
 * Fields of a line: facts that ISO/IEC 27037 section 6.1, RFC 3227 section 4.1 and NIST SP 800-61r2
 * section 3.3.2 ask for. The first line's `prev` is 64 zeros.
 */
#ifndef IR_EVIDENCE_CUSTODY_H
#define IR_EVIDENCE_CUSTODY_H

#include "base/buf.h"
#include "base/err.h"
#include "evidence/merkle.h"

#define IR_CUSTODY_LINE_MAX ((size_t)16 << 20)
#define IR_CUSTODY_LOG_MAX  ((size_t)256 << 20)

/* NULL or "": not known, and left out. */
struct ir_person {
    const char *name, *title, *organisation, *contact;
    const char *key; /* fingerprint of the key this person signs with */
};

struct ir_custody_who {
    struct ir_person actor;
    struct ir_person witness;
    const char *witness_absent; /* why there is none; asked for when there is none */
    const char *place, *reason, *authority, *note;
};

/* How far this machine's clock can be trusted; measured, never corrected in the record. */
struct ir_custody_clock {
    const char *source, *method;
    bool known; /* offset and uncertainty were measured or given */
    double offset_s, uncertainty_s;
    int64_t checked_at; /* ns UTC; INT64_MIN: not */
};

struct ir_custody_event {
    const char *event; /* "collect", "seal", … */
    const char *item, *root_item;
    const char *seal; /* 64 hex digits, or NULL */
    const struct ir_custody_who *who;
    const struct ir_custody_clock *clock;
    const char *command;   /* the command line, see redact.h */
    struct ir_str details; /* further members, as JSON: "\"files\":3,\"bytes\":17"; may be empty */
};

struct ir_custody_tool {
    const char *name, *version, *build; /* build: SHA-256 of the program, hex */
};

/* NOW: IR_WARN when somebody else has it open, instead of waiting. */
enum ir_custody_mode {
    IR_CUSTODY_READ,
    IR_CUSTODY_WRITE,
    IR_CUSTODY_READ_NOW,
    IR_CUSTODY_WRITE_NOW
};

struct ir_custody;

/* Makes custody/log.jsonl below case_fd when it is opened for writing and is not there; the case's
 * name must be that of the file then. The whole chain is checked first: IR_FATAL, with the line,
 * when it is broken. An incomplete last line (a power cut) is kept in the next event. */
int ir_custody_open(int case_fd, const char *case_id, enum ir_custody_mode mode,
                    const struct ir_custody_tool *tool, struct ir_custody **ret_c,
                    struct ir_err *err);
void ir_custody_close(struct ir_custody *c);
/* On disk when it returns IR_OK. IR_FATAL: nothing was appended. A clock that was set since the
 * line before, or while the log was open, is told in the line. */
int ir_custody_append(struct ir_custody *c, const struct ir_custody_event *ev, uint64_t *ret_seq,
                      struct ir_err *err);

uint64_t ir_custody_count(const struct ir_custody *c);
/* The i-th line without its line end, i from 0. */
struct ir_str ir_custody_line(const struct ir_custody *c, uint64_t i);
/* What stands behind the last line end: an event that was cut off; empty: nothing. */
struct ir_str ir_custody_torn(const struct ir_custody *c);
const char *ir_custody_case(const struct ir_custody *c);
/* The SHA-256 of the last line, hex; 64 zeros when there is none. */
const char *ir_custody_head(const struct ir_custody *c);
/* The RFC 6962 root of the first n lines. */
void ir_custody_root(const struct ir_custody *c, uint64_t n, unsigned char out[IR_HASH_BYTES]);
int ir_custody_fd(const struct ir_custody *c); /* the custody directory, borrowed */

/* Of a line: a member's text ("event", "actor.name"), or a number, true or false as written. False,
 * and out empty, when it is not there or does not fit. */
bool ir_custody_text(struct ir_str line, const char *path, char *out, size_t size);
/* Adds ,"key":"value" (without the comma at the front) to an event's details; nothing for NULL and
 * "". */
void ir_custody_detail(struct ir_buf *details, const char *key, const char *value);
void ir_custody_detail_u64(struct ir_buf *details, const char *key, uint64_t value);

/* What the kernel says of this machine's clock (adjtimex). */
void ir_custody_clock_now(struct ir_custody_clock *ret_clock);

#endif
