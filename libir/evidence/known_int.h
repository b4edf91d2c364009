/*
 * What the parts of known.h share; nobody else's business.
 */
#ifndef IR_EVIDENCE_KNOWN_INT_H
#define IR_EVIDENCE_KNOWN_INT_H

#include "evidence/known.h"

#define IR_KNOWN_LINE_MAX    ((size_t)1 << 20)
#define IR_KNOWN_COLUMNS_MAX 64u

enum ir_known_form { IR_KNOWN_SUMS, IR_KNOWN_HASHDEEP, IR_KNOWN_CSV, IR_KNOWN_JSONL };

enum ir_known_column { /* below: an enum ir_digest_alg */
                       IR_KNOWN_NAME = IR_DIGEST_ALG_MAX,
                       IR_KNOWN_HASH,      /* one digest, whatever it is */
                       IR_KNOWN_ALGORITHM, /* … and which */
                       IR_KNOWN_OTHER
};

struct ir_known_columns {
    unsigned char v[IR_KNOWN_COLUMNS_MAX];
    unsigned n;
    bool set;     /* names are not places */
    bool escaped; /* hashdeep: ours, see sums.h */
};

/* known_lines.c: one line each, which they may write to. False: it tells nothing. A heading of
 * hashdeep or CSV fills the columns; false when it is none. */
bool ir_known_sum(char *line, size_t n, struct ir_known_entry *e);
bool ir_known_hashdeep_head(struct ir_str line, struct ir_known_columns *c);
bool ir_known_hashdeep(const struct ir_known_columns *c, char *line, size_t n,
                       struct ir_known_entry *e);
bool ir_known_csv_head(char *line, size_t n, struct ir_known_columns *c);
bool ir_known_csv(const struct ir_known_columns *c, char *line, size_t n, struct ir_known_entry *e);
/* room: for the name, as long as the line and a NUL. IR_OK, IR_BAD, IR_END: a line without digests,
 * about a directory or the like. */
int ir_known_json(struct ir_str line, char *room, struct ir_known_entry *e);

#endif
