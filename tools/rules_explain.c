/*
 * ir rules explain: why a rule matches a record, or what fails first (run/explain.h).
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "formats_load.h"
#include "geoip.h"
#include "report/page.h"
#include "rules_load.h"
#include "run/explain.h"
#include "sink.h"
#include "where.h"
#include "zone.h"

#define RECORDS_TOLD 20u
#define RULES_NAMED  8u

struct explain_options {
    struct opt_list rules, format_files, geoip;
    bool no_default_rules;
    const char *values, *format, *zone;
    int64_t reference_time;
};

#define AT(member) offsetof(struct explain_options, member)
static const struct opt explain_opts[] = {
    {"rules", 'r', OPT_LIST, AT(rules), "DIR",
     N_("also look for RULE in this directory or file (may be repeated)"), NULL},
    {"no-default-rules", 0, OPT_FLAG, AT(no_default_rules), NULL,
     N_("do not look among the rules that come with ir"), NULL},
    {"values", 0, OPT_TEXT, AT(values), "FILE", N_("values for the placeholders of rules (YAML)"),
     NULL},
    {"format", 'f', OPT_NAME, AT(format), "FORMAT",
     N_("read the event as this format instead of recognising it"), choice_format},
    {"format-files", 0, OPT_LIST, AT(format_files), "PATH",
     N_("also know the log formats that this file or directory describes (may be repeated)"), NULL},
    ZONE_OPT(AT(zone)),
    {"geoip", 0, OPT_LIST, AT(geoip), "FILE",
     N_("tell countries by this GeoIP file (.mmdb; may be repeated)"), NULL},
    {"reference-time", 0, OPT_TIME, AT(reference_time), "TIME",
     N_("stands for now where a stamp has no year"), NULL},
    OPT_END,
};

static void explain_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct explain_options *)options)->reference_time = INT64_MIN;
}

struct picked { /* rules, by number; room for all */
    uint32_t *v;
    size_t n;
    struct ir_buf said; /* about correlations among them */
};

static void pick_all(const struct ir_rules *rs, struct picked *p)
{
    for (uint32_t i = 0; i < ir_rules_count(rs); i++)
        p->v[p->n++] = i;
}

static void pick_exact(const struct ir_rules *rs, struct ir_str want, struct picked *p)
{
    for (uint32_t i = 0; i < ir_rules_count(rs) && p->n == 0; i++) {
        const struct ir_rule_info *r = ir_rules_info(rs, i);
        if (ir_str_ieq(r->id, want) || ir_str_ieq(r->name, want) || ir_str_ieq(r->title, want) ||
            ir_str_ieq(r->title_ja, want))
            p->v[p->n++] = i;
    }
}

static void pick_title(const struct ir_rules *rs, struct ir_str want, struct picked *p)
{
    for (uint32_t i = 0; i < ir_rules_count(rs); i++)
        if (ir_rule_titled(ir_rules_info(rs, i), want)) p->v[p->n++] = i;
}

/* Says which ones there are. */
static int too_many(const struct cmd *cmd, const struct ir_rules *rs, const struct picked *p,
                    const char *want)
{
    say(cmd, _("%s: %zu rules have this in their title: name one by its id:"), want, p->n);
    for (size_t i = 0; i < p->n && i < RULES_NAMED; i++) {
        const struct ir_rule_info *r = ir_rules_info(rs, p->v[i]);
        say(cmd, "  %.*s  %.*s", IR_FMT(r->id.n > 0 ? r->id : r->name), IR_FMT(ir_rule_title(r)));
    }
    if (p->n > RULES_NAMED) say(cmd, _("  and %zu more"), p->n - RULES_NAMED);
    return IR_EXIT_USAGE;
}

static bool is_file(const char *rule)
{
    struct ir_str s = ir_str_z(rule);
    return (ir_str_ends(s, IR_S(".yml")) || ir_str_ends(s, IR_S(".yaml"))) &&
           access(rule, R_OK) == 0;
}

static int none(const struct cmd *cmd, const struct rules_loaded *l, const char *rule)
{
    struct ir_buf note = IR_BUF(1 << 16);
    if (ir_rules_nfailures(l->rules) > 0 && is_file(rule)) {
        rules_note(&note, ir_rules_failure(l->rules, 0), _("does not load"));
        if (note.n > 0) note.p[note.n - 1] = '\0';
        say(cmd, "%s", note.p);
        ir_buf_free(&note);
        return IR_EXIT_DAMAGED;
    }
    say(cmd,
        _("no such rule: %s: give its id, its name, a part of its title or its file; see ir rules "
          "list"),
        rule);
    return IR_EXIT_USAGE;
}

/* The rules that RULE names, as detection rules: a correlation is what it refers to. */
static int pick(const struct cmd *cmd, const struct rules_loaded *l, const char *rule,
                struct picked *ret_p)
{
    const struct ir_rules *rs = l->rules;
    struct picked p = {.v = calloc(ir_rules_count(rs) + 1, sizeof *p.v)};
    ret_p->v = calloc(ir_rules_count(rs) + 1, sizeof *ret_p->v);
    int status = IR_EXIT_OK;
    if (p.v == NULL || ret_p->v == NULL) {
        say(cmd, _("out of memory"));
        status = IR_EXIT_FAILED;
    } else if (is_file(rule)) {
        pick_all(rs, &p);
    } else {
        pick_exact(rs, ir_str_z(rule), &p);
        if (p.n == 0) pick_title(rs, ir_str_z(rule), &p);
        if (p.n > 1) status = too_many(cmd, rs, &p, rule);
    }
    if (status == IR_EXIT_OK && p.n == 0) status = none(cmd, l, rule);
    for (size_t i = 0; status == IR_EXIT_OK && i < p.n; i++) {
        ret_p->n = ir_explain_parts(rs, p.v[i], ret_p->v, ret_p->n);
        ir_explain_correlation(rs, p.v[i], &ret_p->said);
    }
    free(p.v);
    return status;
}

/* FILE or FILE:LINE; a file whose name really ends so is taken as it is. The path is owned by *own.
 */
static uint64_t split_line(const char *event, struct ir_buf *own)
{
    struct ir_str s = ir_str_z(event);
    size_t colon = ir_str_rchr(s, ':');
    uint64_t line = 0;
    if (colon != IR_NPOS && access(event, F_OK) != 0 &&
        ir_str_u64(ir_str_skip(s, colon + 1), &line) && line > 0)
        s = ir_str_head(s, colon);
    else
        line = 0;
    ir_buf_str(own, s);
    return line;
}

static bool told(void *user, struct ir_str text)
{
    struct sink *out = user;
    ir_buf_str(&out->buf, text);
    return sink_drain(out);
}

static void total(struct ir_buf *b, const struct ir_explain_result *r)
{
    if (r->records > r->told) {
        ir_page_plural(b, r->records - r->told,
                       "%s more record was not shown; name one by FILE:LINE\n",
                       "%s more records were not shown; name one by FILE:LINE\n");
    }
    struct ir_buf matched = IR_BUF(64), records = IR_BUF(256);
    ir_page_number(&matched, r->matched);
    ir_page_plural(&records, r->records, "%s record", "%s records");
    ir_buf_fmt(b, _("matched: %1$s of %2$s\n"), matched.p != NULL ? matched.p : "",
               records.p != NULL ? records.p : "");
    ir_buf_free(&matched);
    ir_buf_free(&records);
}

static int explain(const struct cmd *cmd, const struct explain_options *o,
                   const struct rules_loaded *l, const struct formats *formats,
                   const struct picked *p, const char *event, const struct env *env)
{
    const struct ir_format *format;
    if (formats_named(formats, cmd, o->format, &format) != IR_EXIT_OK) return IR_EXIT_USAGE;
    struct ir_buf path = IR_BUF(1 << 16);
    struct ir_err err = {0};
    struct ir_explain_result r;
    struct sink out;
    struct zone zone;
    int status = zone_open(&zone, cmd, o->zone, env);
    if (status != IR_EXIT_OK) return status;
    sink_open(&out, cmd, NULL, NULL);
    ir_buf_str(&out.buf, ir_buf_view(&p->said));
    struct ir_explain_options eo = {.rules = l->rules,
                                    .names = l->names,
                                    .rule = p->v,
                                    .nrules = p->n,
                                    .line = split_line(event, &path),
                                    .limit = RECORDS_TOLD,
                                    .formats = formats->list,
                                    .format = format,
                                    .reference_time = o->reference_time,
                                    .now = env->now,
                                    .zone = &zone.zone,
                                    .no_sandbox = env->no_sandbox,
                                    .output_fd = out.fd,
                                    .told = told,
                                    .user = &out};
    eo.input = path.p;
    status = IR_EXIT_FINDINGS;
    if (ir_explain_run(&eo, &r, &err) < 0) {
        say(cmd, _("cannot go on: %s"), ir_local(err.msg[0] ? err.msg : N_("unknown reason")));
        status = IR_EXIT_FAILED;
    } else if (r.unreadable > 0) {
        say(cmd, _("cannot read: %s"), ir_local(r.problem));
        status = IR_EXIT_DAMAGED;
    } else if (r.records == 0) {
        if (eo.line > 0)
            say(cmd, _("%s: no record begins at line %llu"), path.p, (unsigned long long)eo.line);
        else
            say(cmd, _("%s: no record"), path.p);
        status = IR_EXIT_DAMAGED;
    } else {
        total(&out.buf, &r);
        if (r.matched > 0) status = IR_EXIT_OK;
    }
    zone_close(&zone);
    ir_buf_free(&path);
    return sink_close(&out, status);
}

static int explain_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct explain_options *o = options;
    const char *rule = operands->v[0];
    struct opt_list paths = {NULL, 0};
    struct rules_loaded l = {NULL, NULL, 0};
    struct formats formats = {NULL, NULL};
    struct ir_geo *geo;
    struct picked p = {.said = IR_BUF(1 << 20)};
    bool ok = !is_file(rule) || opt_list_add(&paths, rule);
    for (size_t i = 0; ok && !is_file(rule) && i < o->rules.n; i++)
        ok = opt_list_add(&paths, o->rules.v[i]);
    if (!ok) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    int status = geoip_open(cmd, &o->geoip, &geo);
    if (status == IR_EXIT_OK)
        status = formats_open(&formats, cmd, env, &o->format_files, &o->rules);
    if (status == IR_EXIT_OK)
        status = rules_load(&l, cmd, &paths, !is_file(rule) && !o->no_default_rules, o->values, env,
                            formats.list);
    if (status == IR_EXIT_OK && geo != NULL) ir_rules_set_geo(l.rules, geo);
    if (status == IR_EXIT_OK) status = pick(cmd, &l, rule, &p);
    if (status == IR_EXIT_OK) status = explain(cmd, o, &l, &formats, &p, operands->v[1], env);
    free(p.v);
    ir_buf_free(&p.said);
    free(paths.v);
    rules_unload(&l);
    formats_close(&formats);
    ir_geo_free(geo);
    return status;
}

const struct cmd cmd_rules_explain = {
    .name = "rules explain",
    .operands = "RULE EVENT",
    .brief = N_("Say why a rule matches a record, or what fails first"),
    .about = N_(
        "RULE is a rule's id, name or a part of its title, or a rule file. EVENT is a log FILE,\n"
        "FILE:LINE for one record of it, or - for stdin. The first 20 records are shown.\n\n"
        "Exit status: 0 when some record matches, 1 when none does; 3 when the event cannot be\n"
        "read or the rule file does not load."),
    .opts = explain_opts,
    .size = sizeof(struct explain_options),
    .min_operands = 2,
    .max_operands = 2,
    .defaults = explain_defaults,
    .run = explain_run,
};
