/*
 * Receipts: what the other side of a hand-over keeps. A text for people, and below it all that is
 * needed to check it alone, years later and without the case: the line of the log, a proof that it
 * is in a signed checkpoint (C2SP tlog-proof: RFC 6962 inclusion), and the public keys. The text is
 * made from what is proved and from nothing else; the check makes it again and compares.
 *
 *     … text for people …
 *     === line
 *     {"v":1,"seq":12,…}
 *     === proof
 *     c2sp.org/tlog-proof@v1
 *     index 11
 *     <base64 of a hash>            lowest first
 *
 *     ir/custody/CASE-1             the checkpoint: origin, lines, root
 *     14
 *     <base64 of the root>
 *
 *     — ir/custody/CASE-1 <base64>  4 bytes of key id, 64 of the Ed25519 signature
 *     === key ir/custody/CASE-1
 *     -----BEGIN PUBLIC KEY----- …
 *     === end
 *
 * The examiner signs by the name of the log, others by that name, '/' and their role. The number of
 * the receipt is that of the log's own line about it, which is the checkpoint's last.
 */
#ifndef IR_EVIDENCE_RECEIPT_H
#define IR_EVIDENCE_RECEIPT_H

#include "evidence/checkpoint.h"

#define IR_RECEIPT_MAX     ((size_t)32 << 20)
#define IR_RECEIPT_SIGNERS 8u
#define IR_RECEIPT_NAME    32u

struct ir_receipt {
    struct ir_str text, line, checkpoint; /* views of the file; text: the part for people */
    struct ir_str sections;               /* the part from "=== line" on */
    uint64_t seq, size;
    unsigned signers;
    struct {
        char name[410], fingerprint[IR_HASH_TEXT];
    } signer[IR_RECEIPT_SIGNERS];
};

/* "R-0003" for the third line of the log. */
void ir_receipt_name(uint64_t line, char out[IR_RECEIPT_NAME]);
/* The tlog-proof of line seq (from 1) in the signed checkpoint of the first n lines. */
int ir_receipt_proof(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                     struct ir_err *err);
/* The whole page as text. */
int ir_receipt_write(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                     struct ir_err *err);

/* Checks proof and signatures, and that nothing else stands below the text. IR_BAD: *err says what
 * is wrong; nothing of the page is worth anything then. */
int ir_receipt_prove(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err);
/* Whether the text for people says exactly what is proved. IR_BAD: *err has the first line of the
 * page that does not. */
int ir_receipt_compare(const struct ir_receipt *r, struct ir_err *err);
/* Both. */
int ir_receipt_check(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err);

/* What is proved, for people, each with a label in Japanese and English. value: as in the log, not
 * made visible yet. False: memory is out. */
typedef void ir_receipt_fact_fn(struct ir_buf *out, const char *label, const char *value);
bool ir_receipt_facts(const struct ir_receipt *r, ir_receipt_fact_fn *fact, struct ir_buf *out);
/* A hand-over is signed by two; other lines of the log have no giver and taker. */
struct ir_receipt_words {
    const char *title, *first, *second; /* who signs it by hand */
    char name[IR_RECEIPT_NAME];
};
void ir_receipt_words(const struct ir_receipt *r, struct ir_receipt_words *ret_w);
/* What to make of the page, and the commands that check it without ir. */
const char *ir_receipt_advice(void);
void ir_receipt_recipe(const struct ir_receipt *r, struct ir_buf *out);
/* The text for people. False: memory is out. */
bool ir_receipt_text(const struct ir_receipt *r, struct ir_buf *out);

#endif
