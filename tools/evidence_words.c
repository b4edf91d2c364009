/*
 * The words of the custody log in the reader's language: the kinds of events, and the members that
 * tell more. The log itself always has its own word, which every tool can search for, and which an
 * English reader is shown.
 */
#include "base/intl.h"
#include "evidence.h"
#include "evidence/words.h"

struct word {
    const char *word, *meaning;
};

static const char *known(const struct word *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i].word, word) != 0) continue;
        const char *here = _(words[i].meaning);
        return strcmp(here, words[i].meaning) != 0 ? here : word;
    }
    return word; /* of another program, or of a later version */
}

const char *evidence_event_word(const char *event)
{
    const struct ir_event_words *w = ir_intl_is_ja() ? ir_event_words(event) : NULL;
    return w != NULL ? w->ja : event;
}

const char *evidence_member_word(const char *member)
{
    static const struct word words[] = {
        {"text", N_("text of the note")},
        {"note", N_("remark to the event")},
        {"to", N_("handed to")},
        {"shipping_number", N_("number of the shipment")},
        {"purpose", N_("purpose of taking it out")},
        {"method", N_("how it was done")},
        {"amends_seq", N_("line that is corrected")},
        {"field", N_("member that is corrected")},
        {"value", N_("corrected value")},
        {"receipt", N_("number of the receipt")},
        {"checkpoint", N_("checkpoint of the log")},
    };
    return known(words, sizeof words / sizeof *words, member);
}
