/*
 * See events.h.
 */
#include "events.h"

#include "report/row.h"

#define REMARKS_MAX  16u /* of different text */
#define REMARKS_SAID 5u  /* of one text */

void events_defaults(struct events_options *o, const char *output)
{
    o->output = output;
    reading_defaults(&o->in);
    o->since = INT64_MIN;
    o->until = INT64_MAX;
}

const char *choice_rows(size_t i)
{
    return ir_row_writers[i] != NULL ? ir_row_writers[i]->name : NULL;
}

/* Remarks that many files give alike must not push what is damaged off the screen. */
struct remarks {
    struct {
        const char *reason;
        size_t n;
    } seen[REMARKS_MAX];
    size_t n;
};

static bool said_enough(struct remarks *m, const struct ir_input_problem *p)
{
    size_t k = 0;
    if (p->kind != IR_PROBLEM_REMARK || p->unreadable || p->reason == NULL) return false;
    while (k < m->n && strcmp(m->seen[k].reason, p->reason) != 0)
        k++;
    if (k == REMARKS_MAX) return false;
    if (k == m->n) m->seen[m->n++].reason = p->reason;
    return ++m->seen[k].n > REMARKS_SAID;
}

static void say_more(const struct cmd *cmd, const struct remarks *m)
{
    for (size_t k = 0; k < m->n; k++)
        if (m->seen[k].n > REMARKS_SAID)
            say(cmd, _("note: the same of other inputs (%zu): %s"), m->seen[k].n - REMARKS_SAID,
                ir_local(m->seen[k].reason));
}

void say_problems(const struct cmd *cmd, const struct ir_parse_result *r)
{
    struct remarks remarks = {0};
    for (size_t i = 0; i < r->nproblems; i++) {
        const struct ir_input_problem *p = &r->problems[i];
        if (said_enough(&remarks, p)) continue;
        const char *what = p->unreadable                   ? _("cannot read")
                           : p->kind == IR_PROBLEM_SKIPPED ? _("skipped")
                           : p->kind == IR_PROBLEM_REMARK  ? _("note")
                                                           : _("damaged");
        const char *reason = ir_local(p->reason ? p->reason : N_("unknown reason"));
        if (p->offset == UINT64_MAX)
            say(cmd, "%s: %s: %s", what, p->path, reason);
        else
            say(cmd, _("%s: %s at byte %llu: %s (%llu in all)"), what, p->path,
                (unsigned long long)p->offset, reason, (unsigned long long)p->count);
    }
    say_more(cmd, &remarks);
    if (r->broken.n > 0)
        say(cmd, _("damaged records: %llu, the first at byte %llu, line %llu of %s"),
            (unsigned long long)r->broken.n, (unsigned long long)r->broken.offset,
            (unsigned long long)r->broken.line, r->broken.path ? r->broken.path : _("an input"));
}

int events_open(struct events_job *job, const struct cmd *cmd, const struct events_options *o,
                const struct opt_list *inputs, const struct env *env)
{
    *job = (struct events_job){.cmd = cmd, .o = o, .sink = {.fd = -1}};
    job->write.columns = o->out == NULL && env->out_tty ? env->columns : 0;
    job->write.zone_s = job->extras.zone_s = env->zone_s;
    int status = reading_open(&job->in, cmd, &o->in, NULL, env);
    if (status != IR_EXIT_OK) return status;
    job->extras.geo = job->in.geo;
    status = sink_open(&job->sink, cmd, o->out, inputs);
    if (status != IR_EXIT_OK) {
        job->sink = (struct sink){.fd = -1};
        return status;
    }
    job->po = (struct ir_parse_options){
        .formats = job->in.formats.list,
        .format = job->in.format,
        .encoding = job->in.encoding,
        .reference_time = o->in.reference_time,
        .now = env->now,
        .zone = &job->in.zone.zone,
        .output_fd = job->sink.fd,
        .passwords = job->in.passwords.keys,
        .extras = &job->extras,
        .asks = job->extras.geo != NULL ? IR_X_GEO : 0,
        .no_sandbox = env->no_sandbox,
    };
    return IR_EXIT_OK;
}

int events_read(struct events_job *job, const struct opt_list *inputs)
{
    struct ir_err err = {0};
    struct ir_parse_result *r = &job->result;
    int rc = ir_parse_run(inputs->v, inputs->n, &job->po, r, &err);
    sink_flush(&job->sink);
    say_problems(job->cmd, r);
    if (rc >= 0 && r->records == 0 && r->nproblems == 0) say(job->cmd, _("no record was read"));
    geoip_tell(job->cmd, job->extras.geo);
    if (rc < 0 && rc != IR_WARN && !job->sink.gone && !job->sink.failed) {
        say(job->cmd, _("cannot go on: %s: %s"), err.input,
            ir_local(err.msg[0] ? err.msg : N_("unknown reason")));
        return IR_EXIT_FAILED;
    }
    return r->damaged > 0 || r->unreadable > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK;
}

int events_close(struct events_job *job, int status)
{
    ir_parse_free(&job->result);
    reading_close(&job->in);
    return job->sink.fd >= 0 ? sink_close(&job->sink, status) : status;
}

bool events_in_time(const struct events_job *job, const struct ir_event *ev)
{
    return !(ev->flags & IR_EV_TIME) || (ev->time >= job->o->since && ev->time <= job->o->until);
}
