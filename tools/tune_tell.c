/*
 * What ir rules tune says of a filter. See tune_job.h.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "report/page.h"
#include "report/words.h"
#include "tune_job.h"

#define SHOWN_GONE 10u

/* Whatever came from a log cannot end its line. */
void tune_remark(struct sink *out, struct ir_str text)
{
    ir_buf_str(&out->buf, IR_S("# "));
    ir_visible(&out->buf, text, 400);
    ir_buf_chr(&out->buf, '\n');
}

static void tell_gone(struct tune_job *j, size_t i)
{
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_finding f;
    ir_scan_finding(j->without, i, &f);
    char when[IR_TIME_TEXT] = "-";
    if (f.has_time) ir_time_local(f.time, j->env->zone_s, when);
    ir_buf_fmt(&b, "  %s  %s ", f.id, when);
    ir_buf_str(&b, f.title_l10n);
    for (size_t k = 0; k < f.nentity; k++) {
        ir_buf_fmt(&b, " %s=", f.entity[k].name);
        ir_buf_str(&b, f.entity[k].value);
    }
    tune_remark(&j->out, ir_buf_view(&b));
    ir_buf_clear(&b);
    if (f.norigins > 0) {
        ir_buf_fmt(&b, "    %s:%llu: ", f.origins[f.shown].path,
                   (unsigned long long)f.origins[f.shown].line);
        ir_buf_str(&b, f.origins[f.shown].excerpt);
        tune_remark(&j->out, ir_buf_view(&b));
    }
    ir_buf_free(&b);
}

void tune_tell(struct tune_job *j)
{
    struct ir_buf b = IR_BUF(1 << 16);
    const struct ir_silenced *s = &j->s;
    for (size_t i = 0; i < s->nrules; i++) {
        const struct ir_silenced_rule *r = &s->rule[i];
        ir_buf_clear(&b);
        ir_buf_fmt(&b,
                   _("%1$s (%6$s): findings %2$llu, with the filter %3$llu; records %4$llu, with "
                     "it %5$llu"),
                   r->title.p, (unsigned long long)r->findings,
                   (unsigned long long)r->findings_left, (unsigned long long)r->hits,
                   (unsigned long long)r->hits_left, ir_word_level(r->level));
        tune_remark(&j->out, ir_buf_view(&b));
    }
    if (s->ngone > 0) tune_remark(&j->out, ir_str_z(_("silenced:")));
    for (size_t i = 0; i < s->ngone && i < SHOWN_GONE; i++)
        tell_gone(j, s->gone[i]);
    ir_buf_clear(&b);
    if (s->ngone > SHOWN_GONE)
        ir_page_plural(&b, s->ngone - SHOWN_GONE, "  and %s more finding",
                       "  and %s more findings");
    if (b.n > 0) tune_remark(&j->out, ir_buf_view(&b));
    ir_buf_clear(&b);
    if (j->r.missing > 0)
        ir_page_plural(&b, j->r.missing, "%s record of the finding could not be read again",
                       "%s records of the finding could not be read again");
    if (b.n > 0) tune_remark(&j->out, ir_buf_view(&b));
    ir_buf_clear(&b);
    if (j->finding->count > j->finding->norigins)
        ir_page_plural(&b, j->finding->count - j->finding->norigins,
                       "%s record of the finding is not listed in it and was not looked at",
                       "%s records of the finding are not listed in it and were not looked at");
    if (b.n > 0) tune_remark(&j->out, ir_buf_view(&b));
    ir_buf_free(&b);
}

struct own { /* whom the finding in question is about, as the scan has it: JSON has no bytes that
                are not UTF-8, so what was read back may be called otherwise */
    struct ir_entity entity[IR_ENTITIES_MAX];
    size_t n;
    struct ir_arena texts;
};

/* Somebody or something else: a name that both have, with another value. */
static bool is_other(const struct ir_finding *f, const struct own *own)
{
    for (size_t i = 0; i < f->nentity; i++)
        for (size_t k = 0; k < own->n; k++)
            if (strcmp(f->entity[i].name, own->entity[k].name) == 0 &&
                !ir_str_eq(f->entity[i].value, own->entity[k].value))
                return true;
    return false;
}

/* False: the finding is not silenced. */
static bool find_own(const struct tune_job *j, struct own *own)
{
    for (size_t i = 0; i < j->s.ngone; i++) {
        struct ir_finding f;
        ir_scan_finding(j->without, j->s.gone[i], &f);
        if (!ir_str_eq(ir_str_z(f.id), j->finding->id)) continue;
        for (; own->n < f.nentity; own->n++) {
            const struct ir_entity *e = &f.entity[own->n];
            const struct ir_str name = ir_arena_dup(&own->texts, ir_str_z(e->name));
            const struct ir_str value = ir_arena_dup(&own->texts, e->value);
            if (name.p == NULL || value.p == NULL) return true; /* compared by what there is */
            own->entity[own->n] = (struct ir_entity){name.p, value};
        }
        return true;
    }
    return false;
}

/* A rule of which findings about others are silenced too, and nothing is left. */
static const struct ir_silenced_rule *wiped_out(const struct tune_job *j, const struct own *own)
{
    for (size_t i = 0; i < j->s.nrules; i++) {
        const struct ir_silenced_rule *r = &j->s.rule[i];
        for (size_t k = 0; r->findings_left == 0 && k < j->s.ngone; k++) {
            struct ir_finding f;
            ir_scan_finding(j->without, j->s.gone[k], &f);
            if (ir_str_eq(f.rule_id, r->id) && is_other(&f, own)) return r;
        }
    }
    return NULL;
}

/* Nobody asked for these: other rules that count the records which are silenced. */
static void warn_of_others(const struct tune_job *j)
{
    for (size_t i = 0; i < j->s.nrules; i++) {
        const struct ir_silenced_rule *r = &j->s.rule[i];
        if (r->findings_left > 0 || r->level < IR_LEVEL_HIGH ||
            ir_str_eq(r->id, j->finding->rule_id))
            continue;
        say(j->cmd,
            _("warning: the filter also takes the last finding of another rule: '%.*s' (%s)"),
            IR_FMT(ir_str_head(r->title, 200)), ir_word_level(r->level));
    }
}

static int judge(struct tune_job *j, struct own *own)
{
    if (!find_own(j, own)) {
        say(j->cmd, _("no filter was made: the finding would still be there: it has records that "
                      "the filter does not fit, or is not found by this scan: name its logs"));
        return IR_EXIT_FAILED;
    }
    const struct ir_silenced_rule *all = wiped_out(j, own);
    if (all == NULL) {
        warn_of_others(j);
        return IR_EXIT_OK;
    }
    say(j->cmd,
        _("no filter was made: nothing would be left of '%.*s' here, also about others (findings: "
          "%llu): choose other fields with --field"),
        IR_FMT(ir_str_head(all->title, 200)), (unsigned long long)all->findings);
    return IR_EXIT_FAILED;
}

int tune_judge(struct tune_job *j)
{
    struct own own = {.n = 0};
    const int status = judge(j, &own);
    ir_arena_free(&own.texts);
    return status;
}
