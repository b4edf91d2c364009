/*
 * The summary of a document in sentences: what happened, how bad it is, since when, what to do
 * first, and what is not known. The same sentences for every medium; the caller says how foreign
 * text is made fit for it.
 */
#ifndef IR_REPORT_TELL_H
#define IR_REPORT_TELL_H

#include "report/gather.h"
#include "report/words.h"

#define IR_TELL_STEPS 3u

struct ir_teller {
    const struct ir_gather *g;
    const struct ir_write_options *opt;
    void (*text)(struct ir_buf *out, struct ir_str raw); /* of rules and logs */
};

void ir_tell_what(struct ir_buf *out, const struct ir_teller *t);
void ir_tell_how_bad(struct ir_buf *out, const struct ir_teller *t);
void ir_tell_since(struct ir_buf *out, const struct ir_teller *t);
/* The rules whose next steps come first; their number. Rules with the same steps count once. */
size_t ir_tell_first(const struct ir_teller *t, uint32_t ret_rule[IR_TELL_STEPS]);
/* What to do before all that: in grave cases, or when nothing was looked for; or NULL. */
const char *ir_tell_at_once(const struct ir_teller *t);
/* Nothing is appended when nothing is lacking. */
void ir_tell_lacking(struct ir_buf *out, const struct ir_teller *t);
/* What was asked for: --since and --until. Nothing when nothing was. */
void ir_tell_window(struct ir_buf *out, const struct ir_teller *t);
/* In which zone times without one were taken; nothing when each named its own. */
void ir_tell_zone(struct ir_buf *out, const struct ir_teller *t);

#endif
