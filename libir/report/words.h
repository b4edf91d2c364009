/*
 * The words of documents in the reader's language, and times and numbers as his country writes
 * them. The table is words.def; nothing else in this layer
 * holds words of a document. They are given in the language that was set (base/intl.h).
 *
 *     struct ir_buf arg[2] = {…};
 *     ir_word_fill(out, IR_W_FILTER_SHOWN, arg, 2);
 */
#ifndef IR_REPORT_WORDS_H
#define IR_REPORT_WORDS_H

#include "base/buf.h"
#include "report/writer.h"

enum ir_word {
#define WORD(name, text) IR_W_##name,
#include "report/words.def"
    IR_W_MAX
};

enum ir_role { IR_ROLE_WHO, IR_ROLE_FROM, IR_ROLE_ON, IR_ROLE_WHAT, IR_ROLE_MAX };

struct ir_tactic {
    const char *tag;  /* "initial_access" */
    const char *name; /* in English: show it as _(name) */
};

const char *ir_word(enum ir_word w);
const char *ir_word_level(enum ir_level level);
/* What people call a field; its own name when there is no word for it. */
const char *ir_word_field(const char *name);
enum ir_role ir_field_role(const char *name);
/* What people call a value that we made, such as the "ssh_login" of event.action; empty: no word.
 */
struct ir_str ir_word_value(struct ir_str field, struct ir_str value);
/* The next of what a finding is about, from *at (0 at first) on; NULL: that was all. A field that
 * says what happened (IR_ROLE_WHAT), by which a correlation may group, is nobody and nothing. */
const struct ir_entity *ir_involved(const struct ir_finding *f, size_t *at);
/* The tactic of a rule's tag ("attack.initial_access"), or NULL. */
const struct ir_tactic *ir_tactic(struct ir_str tag);
extern const struct ir_tactic ir_tactics[]; /* ends with a NULL tag */
/* "T1110.003" out of "attack.t1110.003"; empty for every other tag. */
struct ir_str ir_technique(struct ir_str tag, char buf[16]);

/* What people call a tag: a tactic, "T1110.003 Password Spraying", a control of ISO/IEC 27002;
 * false, and nothing: it has no other name. Plain text, not yet fit for a medium. */
bool ir_word_tag(struct ir_buf *out, struct ir_str tag);
/* The name of a technique, or of what it is part of; empty: unknown. */
struct ir_str ir_technique_name(struct ir_str technique);

/* What stands between two sentences. */
void ir_word_gap(struct ir_buf *out);
/* Appends the word with {0} … {n-1} filled in. */
void ir_word_fill(struct ir_buf *out, enum ir_word w, const struct ir_buf *arg, size_t n);
/* With {0} the number; `one` for 1. */
void ir_word_count(struct ir_buf *out, enum ir_word one, enum ir_word many, uint64_t n);
/* "512 bytes", "12.3 MB" */
void ir_word_bytes(struct ir_buf *out, uint64_t n);
/* "2026-11-18 09:27:44", "2026年11月18日 9:27:44", in opt's zone. */
void ir_word_time(struct ir_buf *out, int64_t ns, const struct ir_write_options *opt);
/* "UTC+09:00", or its name where the reader has one. */
void ir_word_zone(struct ir_buf *out, const struct ir_write_options *opt);

#endif
