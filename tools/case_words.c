/*
 * The words that the case database keeps (near_miss, medium, recover), for a reader who does not
 * read English. Who does sees them as they are written in options and files; so do programs.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/phase.h"

/* Words that are something else where they are not the value of this key. */
static const struct {
    const char *key, *word, *label;
} own[] = {
    /* ir case timeline list */
    {"kind", "entry", N_("entry of the timeline")},
    {"kind", "act", N_("action of the response")},
    {"kind", "report", N_("report of an event")},
    {"kind", "alert", N_("alert of a scan")},
    {"kind", "phase", N_("change of phase")},
    /* ir case review list */
    {"review", "log", N_("review of a log")},
    {"review", "clock", N_("check of a clock")},
    {"review", "operators", N_("review of what operators did")},
    {"review", "integrity", N_("check of old logs against their digests")},
    {"review", "baseline", N_("review of what is usual")},
    {"review", "exercise", N_("exercise of the response")},
    {"review", "audit", N_("internal audit")},
    {"review", "management", N_("management review")},
    /* ir case stats */
    {"metric", "detect", N_("time to detect")},
    {"metric", "record", N_("time to record")},
    {"metric", "decide", N_("time to decide")},
    {"metric", "contain", N_("time to contain")},
    {"metric", "preserve", N_("time to preserve evidence")},
    {"metric", "report", N_("time to report")},
    {"metric", "recover", N_("time to recover")},
    /* ir case search */
    {"table", "event", N_("report of an event")},
    {"table", "incident", N_("a case")},
    {"table", "alert", N_("alert of a scan")},
    {"table", "decision", N_("an assessment")},
    {"table", "fact", N_("a fact")},
    {"table", "act", N_("action of the response")},
    {"table", "task", N_("a task")},
    {"table", "note", N_("a note")},
    {"table", "timeline", N_("entry of the timeline")},
    {"table", "ioc", N_("an indicator")},
    {"table", "asset", N_("an asset")},
    {"table", "lesson", N_("a measure")},
    {"table", "transition", N_("change of phase")},
    {"table", "exhibit", N_("an exhibit")},
    {"table", "playbook", N_("a playbook")},
    {"table", "duty", N_("a reporting duty")},
    {"table", "link", N_("a link to a case")},
    {"table", "report", N_("a written report")},
    {"table", "review", N_("a review")},
    {"table", "contact", N_("a contact")},
    {"table", "role", N_("a role")},
    /* ir case close */
    {"missing", "cause", N_("the cause")},
    {"missing", "effect", N_("the effect")},
    {"missing", "duty", N_("a reporting duty")},
    {"missing", "stale", N_("a reporting duty")},
    {"missing", "rest", N_("a reporting duty")},
    {"missing", "lesson", N_("a measure")},
};

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
    {"closed", N_("closed for good")},
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

static struct ir_str shown(struct ir_str word, const char *label)
{
    const char *local = label != NULL ? _(label) : NULL;
    return local == NULL || local == label ? word : ir_str_z(local);
}

struct ir_str case_word(const char *key, struct ir_str word)
{
    static const char *const keys[] = {"level", "outcome", "state", "phase",      "step",
                                       "kind",  "role",    "as",    "confidence", "decision"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(key, own[i].key) == 0 && ir_str_eq(word, ir_str_z(own[i].word)))
            return shown(word, own[i].label);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0) return shown(word, label_of(word));
    return word;
}
