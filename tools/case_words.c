/*
 * The words that the case database keeps (near_miss, medium, recover), for a reader who does not
 * read English. Who does sees them as they are written in options and files; so do programs.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/phase.h"

static const struct {
    const char *word, *label;
} words[] = {
    {"undecided", N_("not assessed yet")},
    {"event", N_("an event")},
    {"near_miss", N_("a near miss")},
    {"incident", N_("an incident")},
    {"false_positive", N_("a false positive")},
    {"small", N_("of small effect")},
    {"medium", N_("of medium effect")},
    {"large", N_("of large effect")},
    {"critical", N_("critical")},
    {"high", N_("high")},
    {"low", N_("low")},
    {"informational", N_("informational")},
    {"open", N_("still to be done")},
    {"doing", N_("being done")},
    {"done", N_("finished")},
    {"dropped", N_("given up")},
    {"drafted", N_("drafted")},
    {"sent", N_("handed in")},
    {"not_needed", N_("not needed")},
    {"needed", N_("needed")},
    {"stale", N_("decide anew")},
    {"planned", N_("planned")},
    {"confirmed", N_("confirmed")},
    {"probable", N_("probable")},
    {"possible", N_("possible")},
    {"unknown", N_("unknown")},
    {"active", N_("active")},
    {"malware", N_("malicious software")},
    {"intrusion", N_("unauthorised access")},
    {"tampering", N_("tampering with information")},
    {"leak", N_("leak of information")},
    {"destruction", N_("destruction of information")},
    {"outage", N_("outage of a service or device")},
    {"phishing", N_("phishing or fraud by mail")},
    {"lost_device", N_("lost or stolen device")},
    {"other", N_("something else")},
    {"chief", N_("highest responsible person")},
    {"lead", N_("person who leads the response")},
    {"first", N_("person who responds first")},
    {"holder", N_("holder of the role")},
    {"deputy", N_("deputy of the role")},
};

static const char *label_of(struct ir_str word)
{
    const struct ir_step *t;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ir_str_eq(word, ir_str_z(words[i].word))) return words[i].label;
    for (size_t i = 0; (t = ir_step_at(i)) != NULL; i++) {
        if (ir_str_eq(word, ir_str_z(t->phase))) return ir_phase_title(t->phase);
        if (ir_str_eq(word, ir_str_z(t->step))) return t->title;
    }
    return NULL;
}

bool case_says(const char *word, struct ir_str said)
{
    const char *label = label_of(ir_str_z(word));
    return label != NULL && ir_str_eq(said, ir_str_z(_(label)));
}

struct ir_str case_word(const char *key, struct ir_str word)
{
    static const char *const keys[] = {"level", "outcome", "state", "phase",      "step",
                                       "kind",  "role",    "as",    "confidence", "decision"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) != 0) continue;
        const char *label = label_of(word);
        const char *local = label != NULL ? _(label) : NULL;
        return local == NULL || local == label ? word : ir_str_z(local);
    }
    return word;
}
