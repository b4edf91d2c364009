/*
 * Loading of duty rules, and their results in words. See duties_load.h.
 */
#include "duties_load.h"

#include <stdio.h>

#include "base/intl.h"
#include "casefiles.h"
#include "sink.h"

#define NAMES_MAX 1024u

static int take_calendar(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    (void)path;
    return ir_duties_calendar(user, text, err);
}

static int take_rules(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    (void)path;
    return ir_duties_add(user, text, err);
}

int duties_load(const struct cmd *cmd, const struct env *env, const struct opt_list *files,
                struct ir_duties **ret_d)
{
    struct ir_err err = {.offset = -1};
    struct ir_duties *d = ir_duties_new();
    *ret_d = NULL;
    if (d == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    int status = casefiles_each(cmd, env, "holidays", ".yml", take_calendar, d);
    if (status == IR_EXIT_OK) status = casefiles_each(cmd, env, "duties", ".yml", take_rules, d);
    for (size_t i = 0; files != NULL && i < files->n && status == IR_EXIT_OK; i++)
        status = casefiles_file(cmd, files->v[i], take_rules, d);
    if (status == IR_EXIT_OK && ir_duties_finish(d, &err) != IR_OK) {
        say(cmd, "casefiles/duties: %s", ir_local(err.msg));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK)
        *ret_d = d;
    else
        ir_duties_free(d);
    return status;
}

bool duties_known(const struct cmd *cmd, const struct ir_duties *d, struct ir_str name)
{
    const char *words[NAMES_MAX];
    char typed[80];
    size_t n = 0;
    for (size_t i = 0; ir_duties_fact(d, i) != NULL && n < NAMES_MAX; i++)
        words[n++] = ir_duties_fact(d, i)->name.p;
    for (size_t i = 0; i < ir_duties_count(d); i++)
        for (size_t k = 0; k < ir_duty_info(d, i)->nitems && n < NAMES_MAX; k++)
            words[n++] = ir_duty_info(d, i)->item[k].id.p;
    snprintf(typed, sizeof typed, "%.*s", IR_FMT(name));
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], typed) == 0) return true;
    const char *near = opt_nearest(typed, words, n);
    if (near != NULL) say(cmd, _("no duty asks for %s: did you mean %s?"), typed, near);
    return near == NULL;
}

struct ir_str duties_text(const struct ir_text2 *t)
{
    return ir_intl_is_ja() && t->ja.n > 0 ? t->ja : t->en;
}

static const char *word(const char *text, bool english)
{
    return english ? text : _(text);
}

static void add_reason(struct ir_buf *out, const struct ir_duty_reason *r, bool english)
{
    const struct ir_str text = english ? r->text.en : duties_text(&r->text);
    ir_buf_str(out, text.n > 0 ? text : r->fact);
    ir_buf_fmt(out, " (%.*s", IR_FMT(r->fact));
    if (r->kind != IR_DUTY_UNKNOWN) {
        ir_buf_chr(out, '=');
        ir_buf_str(out, r->value.p != NULL ? ir_str_head(r->value, 80) : IR_S("unknown"));
    }
    ir_buf_chr(out, ')');
}

void duties_why(struct ir_buf *out, const struct ir_duty_result *r, bool aware, bool english)
{
    static const char *const kinds[] = {N_("for it"), N_("against it"), N_("unknown"),
                                        N_("not stated, to be asked")};
    ir_buf_clear(out);
    for (int kind = IR_DUTY_FOR; kind <= IR_DUTY_ASKED; kind++) {
        bool first = true;
        for (size_t i = 0; i < r->nreasons; i++) {
            if ((int)r->reason[i].kind != kind) continue;
            if (!first)
                ir_buf_str(out, IR_S(", "));
            else
                ir_buf_fmt(out, "%s%s: ", out->n > 0 ? "; " : "", word(kinds[kind], english));
            add_reason(out, &r->reason[i], english);
            first = false;
        }
    }
    if (!aware)
        ir_buf_fmt(out, "; %s", word(N_("no awareness is recorded, so no clock runs"), english));
    if (r->ends != NULL) {
        char last[IR_DATE_TEXT];
        ir_date_text(r->ends->last, last);
        ir_buf_fmt(out, "; %s: %.*s, %s",
                   word(N_("the shifted date needs review, as the calendar ends"), english),
                   IR_FMT(r->ends->id), last);
    }
}

const char *duties_state(enum ir_duty_state s)
{
    static const char *const names[] = {N_("no trigger"), N_("triggered"), N_("needs review")};
    return _(names[s]);
}

const char *duties_notice(void)
{
    return N_("No legal advice: a named person decides (ir case duty decide).");
}
