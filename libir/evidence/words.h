/*
 * The kinds of events of the custody log in words. The log has its own word for each, which every
 * tool can search for; what people keep or print has these as well.
 */
#ifndef IR_EVIDENCE_WORDS_H
#define IR_EVIDENCE_WORDS_H

#include <stdbool.h>

struct ir_event_words {
    const char *event; /* in the log */
    const char *en, *ja;
    bool hand_over; /* the exhibit goes from one person to another: both sign the receipt */
};

/* NULL: the event is of another program, or of a later version. */
const struct ir_event_words *ir_event_words(const char *event);

#endif
