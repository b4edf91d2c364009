/*
 * A report that came as a mail (RFC 5322, 2045, 2047): who sent it, when, and what it says.
 *
 *     struct ir_mail m;
 *     if (ir_mail_read(cs, bytes, &m)) … m.from, m.text, m.has_date …
 *     ir_mail_free(&m);
 *
 * Of a mail of several parts the first plain text counts; how many others there were is told.
 */
#ifndef IR_CASEDB_MAIL_H
#define IR_CASEDB_MAIL_H

#include "base/buf.h"
#include "base/charset.h"

struct ir_mail {
    struct ir_buf from, subject, text;
    bool has_date;
    int64_t date;    /* ns UTC, as the sender's clock said */
    unsigned others; /* parts that were left out: attachments, HTML */
};

/* False: it is no mail (header lines with From, an empty line, a body), or memory is out. Free in
 * any case. */
bool ir_mail_read(const struct ir_charset *cs, struct ir_str bytes, struct ir_mail *ret_m);
void ir_mail_free(struct ir_mail *m);

#endif
