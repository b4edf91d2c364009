/*
 * What the names that a product gives to its records say of log-ins, accounts and settings: for
 * formats that any product writes (CEF, LEEF), where each has names of its own.
 */
#ifndef IR_FORMAT_DEVICE_WORDS_H
#define IR_FORMAT_DEVICE_WORDS_H

#include "format/device.h"

/* What the product itself wrote, nothing that an outsider may choose. */
struct ir_device_words {
    const struct ir_str *name; /* of the record: its number or id, title, category, action … */
    unsigned nnames;
    struct ir_str vendor, product; /* tell a VPN's log-in from another */
    struct ir_str outcome;         /* "" when no key is for that */
    struct ir_str account; /* whom it is about, when an account was made or changed; may be "" */
};

/* Sets event.category, event.action (of event/actions.def), event.outcome and the log source.
 * False: they tell of nothing like that, or not how a log-in went; nothing is set. */
bool ir_device_words(struct ir_event *ev, const struct ir_device_words *w);
/* A record with this among its names tells of none of these: it is about traffic, an attack. */
bool ir_device_words_other(struct ir_str name);

#endif
