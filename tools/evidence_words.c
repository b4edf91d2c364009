/*
 * The words of the custody log in the reader's language: the kinds of events, and the members that
 * tell more. The log itself always has its own word, which every tool can search for, and which an
 * English reader is shown.
 */
#include "base/intl.h"
#include "evidence.h"

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
    static const struct word words[] = {
        {"case-open", N_("case opened")},
        {"collect-begin", N_("collection begun")},
        {"collect", N_("collection ended")},
        {"image-begin", N_("imaging begun")},
        {"image", N_("imaging ended")},
        {"resume", N_("resumed")},
        {"seal", N_("exhibit sealed")},
        {"verify", N_("exhibit verified")},
        {"copy", N_("exhibit copied")},
        {"check-out", N_("taken out for examination")},
        {"check-in", N_("brought back")},
        {"transfer-out", N_("handed over")},
        {"transfer-in", N_("exhibit received")},
        {"receive-refused", N_("receipt refused")},
        {"receipt", N_("receipt written")},
        {"export", N_("exhibit exported")},
        {"dispose", N_("exhibit disposed of")},
        {"note", N_("note added")},
        {"amend", N_("entry corrected")},
        {"timestamp-request", N_("time-stamp requested")},
        {"timestamp-attach", N_("time-stamp attached")},
    };
    return known(words, sizeof words / sizeof *words, event);
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
