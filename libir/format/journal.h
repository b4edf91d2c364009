/*
 * Entries of systemd's journal, whichever way they were written down (journalctl -o json, -o
 * export, shippers that keep the journal's names): the few fields that make an event of an entry.
 * Not for the journal's own files. Document: systemd.journal-fields(7).
 *
 *     struct ir_journal j; ir_journal_begin(&j);
 *     ir_journal_set(&j, ir_journal_slot(name), value);    // for each field
 *     if (ir_journal_is(&j)) ir_journal_finish(p, &j, ev);
 *
 * The message goes through the same dissectors as syslog's, so that the same rules fire.
 */
#ifndef IR_FORMAT_JOURNAL_H
#define IR_FORMAT_JOURNAL_H

#include "format/format.h"

enum ir_journal_slot {
#define SLOT(id, name) IR_JN_##id,
#include "format/journal_fields.def"
#undef SLOT
    IR_JN_MAX
};
_Static_assert(IR_JN_MAX <= 32, "one bit per slot");

struct ir_journal {
    uint32_t set, escaped;      /* bit per slot; escaped: JSON string text with escapes */
    struct ir_str v[IR_JN_MAX]; /* views into the record or the event's arena */
};

static inline void ir_journal_begin(struct ir_journal *j)
{
    j->set = j->escaped = 0;
}

/* The slot of a field's name, or IR_JN_MAX. */
enum ir_journal_slot ir_journal_slot(struct ir_str name);

/* Of a field that is there twice the first value stays. */
static inline void ir_journal_set(struct ir_journal *j, enum ir_journal_slot slot, struct ir_str v,
                                  bool escaped)
{
    const uint32_t bit = slot < IR_JN_MAX ? UINT32_C(1) << slot : 0;
    if (bit == 0 || (j->set & bit)) return;
    j->set |= bit;
    if (escaped) j->escaped |= bit;
    j->v[slot] = v;
}

/* True when the fields are those of a journal entry: a message, and something that only the journal
 * adds. */
bool ir_journal_is(const struct ir_journal *j);
/* Time, host, program, log sources and what the message says. A time that the event has already
 * stays when the entry has none. */
void ir_journal_finish(struct ir_parser *p, struct ir_journal *j, struct ir_event *ev);
/* Microseconds since 1970 as ns; false when it is none. */
bool ir_journal_time(struct ir_str usec, int64_t *ret_ns);

#endif
