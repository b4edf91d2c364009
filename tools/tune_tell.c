/*
 * What ir rules tune says of a filter. See tune_job.h.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "report/page.h"
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
    ir_buf_str(&b, f.title);
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
                   _("%1$s: findings %2$llu, with the filter %3$llu; records %4$llu, with it "
                     "%5$llu"),
                   r->title.p, (unsigned long long)r->findings,
                   (unsigned long long)r->findings_left, (unsigned long long)r->hits,
                   (unsigned long long)r->hits_left);
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

/* Somebody or something else: a name that both have, with another value. */
static bool is_other(const struct tune_job *j, const struct ir_finding *f)
{
    const struct ir_told *t = j->finding;
    for (size_t i = 0; i < f->nentity; i++)
        for (size_t k = 0; k < t->nentity; k++)
            if (ir_str_eq(ir_str_z(f->entity[i].name), t->entity[k].name) &&
                !ir_str_eq(f->entity[i].value, t->entity[k].value))
                return true;
    return false;
}

/* A rule of which findings about others are silenced too, and nothing is left. */
static const struct ir_silenced_rule *wiped_out(const struct tune_job *j)
{
    for (size_t i = 0; i < j->s.nrules; i++) {
        const struct ir_silenced_rule *r = &j->s.rule[i];
        for (size_t k = 0; r->findings_left == 0 && k < j->s.ngone; k++) {
            struct ir_finding f;
            ir_scan_finding(j->without, j->s.gone[k], &f);
            if (ir_str_eq(f.rule_id, r->id) && is_other(j, &f)) return r;
        }
    }
    return NULL;
}

int tune_judge(struct tune_job *j)
{
    const struct ir_silenced_rule *all = wiped_out(j);
    bool gone = false;
    for (size_t i = 0; i < j->s.ngone && !gone; i++) {
        struct ir_finding f;
        ir_scan_finding(j->without, j->s.gone[i], &f);
        gone = ir_str_eq(ir_str_z(f.id), j->finding->id);
    }
    if (!gone) {
        say(j->cmd, _("no filter was made: the finding would still be there: it has records that "
                      "the filter does not fit, or is not found by this scan: name its logs"));
        return IR_EXIT_FAILED;
    }
    if (all == NULL) return IR_EXIT_OK;
    say(j->cmd,
        _("no filter was made: it would silence all %llu findings of '%s' here: choose other "
          "fields "
          "with --field"),
        (unsigned long long)all->findings, all->title.p);
    return IR_EXIT_FAILED;
}
