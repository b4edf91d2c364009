/*
 * The words of the custody log in the reader's language: the kinds of events, and the members that
 * tell more. The log itself always has its own word, which every tool can search for, and which an
 * English reader is shown. And how numbers of things, times and holders are told.
 */
#include "base/intl.h"
#include "base/time.h"
#include "evidence.h"
#include "evidence/words.h"
#include "report/page.h"

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

const char *evidence_count(uint64_t n, const char *one, const char *many, char room[96])
{
    struct ir_buf text = IR_BUF(96);
    ir_page_plural(&text, n, one, many);
    snprintf(room, 96, "%.*s", (int)text.n, text.p != NULL ? text.p : "");
    ir_buf_free(&text);
    return room;
}

const char *evidence_number(uint64_t n, char room[32])
{
    struct ir_buf text = IR_BUF(32);
    ir_page_number(&text, n);
    snprintf(room, 32, "%.*s", (int)text.n, text.p != NULL ? text.p : "");
    ir_buf_free(&text);
    return room;
}

void evidence_time(const char *utc, const struct env *env, char out[IR_LEDGER_TEXT])
{
    char when[IR_TIME_TEXT];
    int64_t t;
    bool zone, good = ir_time_parse_iso(ir_str_z(utc), &t, &zone) > 0;
    if (good) ir_time_local(t, env->zone_s, when);
    snprintf(out, IR_LEDGER_TEXT, "%s", good ? when : utc);
}

void evidence_holder(const struct ir_item *item, const struct env *env,
                     char out[EVIDENCE_HOLDER_MAX])
{
    char since[IR_LEDGER_TEXT];
    evidence_time(item->since, env, since);
    if (item->state == IR_ITEM_ON_WAY)
        snprintf(out, EVIDENCE_HOLDER_MAX, _("in transit from %s to %s since %s"), item->from,
                 item->to, since);
    else
        snprintf(out, EVIDENCE_HOLDER_MAX, "%s", item->holder);
}

void evidence_say_taken(const struct evidence *e, uint64_t objects, uint64_t files, uint64_t bytes)
{
    say(e->cmd, _("%s, %s with %s taken"), EVIDENCE_COUNT(objects, "%s object", "%s objects"),
        EVIDENCE_COUNT(files, "%s file", "%s files"), EVIDENCE_COUNT(bytes, "%s byte", "%s bytes"));
}
