/*
 * ir case report: reports of a case, made of its facts by templates (casefiles/templates/): for the
 * management, the authorities, the persons concerned, the police, customers and the technicians.
 * Each one that is made is kept. What is hostile in it is every value: the writers escape.
 */
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/utf8.h"
#include "case.h"
#include "case_anchor.h"
#include "casedb/query.h"
#include "casedb/report.h"
#include "custody_rows.h"
#include "duties_load.h"
#include "report/casedoc.h"
#include "rule_titles.h"
#include "templates_load.h"

#define OUT_MAX ((size_t)64 << 20)

struct report_options {
    struct case_options c;
    const char *format, *out;
    int64_t at;
};

static const char *choice_report_format(size_t i)
{
    static const char *const words[] = {"html", "md", "json", NULL};
    return words[i];
}

#define AT(member) offsetof(struct report_options, member)
static const struct opt report_opts[] = {
    {"actor", 'a', OPT_TEXT, AT(c.actor), "NAME",
     N_("who does this (default: the user who runs it)"), NULL},
    {"output", 'o', OPT_CHOICE, AT(format), "FORMAT", N_("html (default), md or json"),
     choice_report_format},
    {"out", 0, OPT_TEXT, AT(out), "FILE", N_("write to FILE (default: stdout)"), NULL},
    {"at", 0, OPT_TIME, AT(at), "TIME",
     N_("tell of the case as of TIME (default: its last change)"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct report_options), OPT_END};
static const struct opt show_opts[] = {OPT_END};

/* A template's fault names its file and line. */
static int failed(struct case_job *j)
{
    if (j->err.line == 0 || j->err.input[0] == '\0') return case_failed(j);
    return templates_failed(j->cmd, &j->err);
}

static struct ir_str title_of(const struct ir_template *m)
{
    return ir_words(m->title, ir_intl_is_ja());
}

/* The kinds that `said` may mean, or all of them, with their titles. */
static int tell_kinds(const struct case_job *j, const struct ir_templates *t, const char *said,
                      bool several)
{
    struct ir_buf kinds = IR_BUF(1 << 16);
    const struct ir_template *m;
    for (size_t i = 0; (m = ir_template_at(t, i)) != NULL; i++) {
        if (m->title == NULL ||
            (several && ir_str_find_word(title_of(m), ir_str_z(said)) == IR_NPOS))
            continue;
        ir_buf_fmt(&kinds, "  %-18.*s ", IR_FMT(m->id));
        ir_visible(&kinds, title_of(m), 0);
        ir_buf_chr(&kinds, '\n');
    }
    if (several)
        say(j->cmd, _("%.60s: several kinds of reports are called so:"), said);
    else
        say(j->cmd, _("%.60s: no kind of report; there are:"), said);
    ir_io_write_all(STDERR_FILENO, kinds.p, kinds.n);
    ir_buf_free(&kinds);
    return IR_EXIT_USAGE;
}

/* By its id, or by words of its title that no other has. NULL after having said which there are. */
static const struct ir_template *find_kind(const struct case_job *j, const struct ir_templates *t,
                                           const char *said)
{
    const struct ir_template *m = ir_template_find(t, ir_str_z(said)), *found = NULL;
    size_t n = 0;
    if (m != NULL && m->title != NULL) return m;
    for (size_t i = 0; (m = ir_template_at(t, i)) != NULL; i++) {
        if (m->title == NULL || ir_str_find_word(title_of(m), ir_str_z(said)) == IR_NPOS) continue;
        found = m;
        n++;
    }
    if (n != 1) tell_kinds(j, t, said, n > 1);
    return n == 1 ? found : NULL;
}

struct making {
    struct case_job j;
    const struct report_options *o;
    struct ir_casedoc_ask ask;
    struct ir_casedoc doc;
    struct ir_report r;
    struct ir_arena arena; /* of what is given */
    struct ir_doc_given given[1 + CUSTODY_LISTS];
    struct ir_buf text;
    bool kept; /* now; else it was made before, byte by byte the same */
};

static int write_text(struct making *m)
{
    ir_casedoc_free(&m->doc);
    const int rc = ir_casedoc_make(m->j.db, &m->ask, &m->doc, &m->j.err);
    if (rc != IR_OK) return failed(&m->j);
    m->r.as_of = m->doc.as_of;
    m->r.template_sha256 = m->doc.template_sha256;
    ir_buf_clear(&m->text);
    if (strcmp(m->r.format, "md") == 0)
        ir_casedoc_md(&m->text, &m->doc);
    else if (strcmp(m->r.format, "json") == 0)
        ir_casedoc_json(&m->text, &m->doc);
    else
        ir_casedoc_html(&m->text, &m->doc);
    if (!m->text.full) return IR_EXIT_OK;
    say(m->j.cmd, "%s", _("the report is too long"));
    return IR_EXIT_FAILED;
}

/* The number stands in the text: a report that was made before keeps its own when nothing else
 * changed, so that the same database gives the same bytes. */
static int make(struct making *m)
{
    char sha256[65];
    int status = write_text(m); /* tells as of when */
    if (status != IR_EXIT_OK) return status;
    if (ir_report_last(m->j.db, &m->r, &m->j.err) < 0) return case_failed(&m->j);
    for (;;) {
        m->ask.no = m->r.no;
        status = write_text(m);
        if (status != IR_EXIT_OK) return status;
        if (m->r.sha256[0] == '\0') break;
        if (ir_report_digest(ir_buf_view(&m->text), sha256) && strcmp(m->r.sha256, sha256) == 0)
            return IR_EXIT_OK;
        if (ir_report_next(m->j.db, &m->r, &m->j.err) < 0) return case_failed(&m->j);
    }
    m->kept = true;
    return case_status(&m->j, ir_report_keep(m->j.db, &m->r, ir_buf_view(&m->text), &m->j.err));
}

/* A letter that leaves the house with a gap is told of; whoever wants to see it may. */
static void tell_lacks(struct making *m)
{
    struct ir_str one, rest = m->doc.lacks;
    struct ir_buf shown = IR_BUF(1 << 16);
    while (rest.n > 0) {
        one = ir_str_cut(&rest, '\n');
        ir_buf_clear(&shown);
        ir_visible(&shown, one, 120);
        say(m->j.cmd, _("not to be sent yet, this is missing: %s; ir case fact set states it"),
            shown.p);
    }
    ir_buf_free(&shown);
}

static int put_out(struct making *m)
{
    struct sink file;
    if (m->o->out == NULL) {
        ir_buf_str(&m->j.out.buf, ir_buf_view(&m->text));
        return IR_EXIT_OK;
    }
    const int status = sink_open(&file, m->j.cmd, m->o->out, NULL);
    if (status != IR_EXIT_OK) return status;
    ir_buf_str(&file.buf, ir_buf_view(&m->text));
    return sink_close(&file, IR_EXIT_OK);
}

/* The custody logs lie outside the database: they are read for a report that tells of them. */
static int give_custody(struct making *m, const struct ir_templates *t,
                        const struct ir_template *kind)
{
    const struct custody_ask ask = {m->ask.incident_id, t, m->ask.lang, m->ask.as_of};
    if (!ir_template_shows(t, kind, IR_S("custody"))) return IR_EXIT_OK;
    m->ask.ngiven += CUSTODY_LISTS;
    return custody_rows(&m->j, &ask, &m->arena, m->given + 1);
}

static int report_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct report_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], lang[8] = "";
    struct ir_templates *t = NULL;
    struct ir_duties *duties = NULL;
    struct making m = {.o = o, .arena = IR_ARENA(OUT_MAX), .text = IR_BUF(OUT_MAX)};
    if (o->at > env->now) {
        say(cmd, _("--at lies in the future: what the case will be then is not known"));
        return IR_EXIT_USAGE;
    }
    int status = case_start(&m.j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = templates_load(cmd, env, &t);
    const struct ir_template *kind =
        status == IR_EXIT_OK ? find_kind(&m.j, t, operands->v[1]) : NULL;
    if (status == IR_EXIT_OK && kind == NULL) status = IR_EXIT_USAGE;
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &duties);
    if (status == IR_EXIT_OK) {
        ir_setting_get(m.j.db, "language", lang, sizeof lang, NULL);
        const char *said = env->lang != NULL ? env->lang : lang;
        m.r = (struct ir_report){.incident_id = id,
                                 .language = strcmp(said, "en") == 0 ? "en" : "ja",
                                 .format = o->format != NULL ? o->format : "html",
                                 .kind = kind->id};
        m.ask = (struct ir_casedoc_ask){.templates = t,
                                        .duties = duties,
                                        .kind = m.r.kind,
                                        .incident_id = id,
                                        .lang = m.r.language,
                                        .author = ir_casedb_actor(m.j.db),
                                        .given = m.given,
                                        .ngiven = 1,
                                        .as_of = o->at,
                                        .zone_s = m.j.zone_s};
        if (strcmp(m.r.language, "ja") == 0) m.given[0] = rule_titles(&m.arena, cmd, env);
        status = give_custody(&m, t, kind);
    }
    if (status == IR_EXIT_OK) status = make(&m);
    if (status == IR_EXIT_OK) tell_lacks(&m);
    if (status == IR_EXIT_OK) status = put_out(&m);
    const bool kept = m.kept && status == IR_EXIT_OK;
    status = case_close(&m.j, status);
    if (kept && status == IR_EXIT_OK)
        status = anchor_put(cmd, env, no, o->c.actor != NULL ? o->c.actor : env->user, "report",
                            "a report of the case was made");
    ir_casedoc_free(&m.doc);
    ir_arena_free(&m.arena);
    ir_buf_free(&m.text);
    ir_templates_free(t);
    ir_duties_free(duties);
    return status;
}

static const struct case_column columns[] = {
    {"no", N_("no."), 4, CASE_NUMBER},
    {"kind", N_("kind"), 12, CASE_TEXT},
    {"language", N_("language"), 8, CASE_TEXT},
    {"format", N_("format"), 6, CASE_TEXT},
    {"as_of", N_("as of"), 25, CASE_TIME},
    {"made_at", N_("made"), 25, CASE_TIME},
    {"made_by", N_("made by"), 12, CASE_TEXT},
    {"sha256", N_("digest"), 0, CASE_TEXT},
    {"template", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
static const struct case_list reports = {
    "SELECT no, kind, language, format, as_of, made_at, made_by, sha256, template, id FROM report "
    "WHERE incident_id = ?1 ORDER BY no",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct report_options *)options)->c, env, operands->v[0],
                        &reports);
}

/* The very bytes that were made then. */
static int show_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct report_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    struct ir_query q;
    int status = case_look(&j, cmd, &o->c, env, operands->v[0], id, no);
    const int64_t n = status == IR_EXIT_OK ? case_number(&j, operands->v[1]) : 0;
    if (n == 0) return case_close(&j, status == IR_EXIT_OK ? IR_EXIT_USAGE : status);
    int rc = ir_query_open(&q, j.db,
                           "SELECT content FROM report WHERE incident_id = ?1 AND no = ?2", &j.err);
    if (rc == IR_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(id));
        ir_query_int_arg(&q, 2, n);
        rc = ir_query_next(&q, &j.err);
    }
    if (rc == IR_OK) ir_buf_str(&j.out.buf, ir_query_text(&q, 0));
    ir_query_close(&q);
    status = case_status(&j, rc);
    if (rc == IR_END) {
        say(cmd, _("there is no report %lld"), (long long)n);
        status = IR_EXIT_USAGE;
    }
    return case_close(&j, status);
}

static const struct cmd cmd_case_report_list = {
    .name = "case report list",
    .operands = "CASE",
    .brief = N_("List the reports that were made of a case"),
    .opts = list_opts,
    .size = sizeof(struct report_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};
static const struct cmd cmd_case_report_show = {
    .name = "case report show",
    .operands = "CASE NO",
    .brief = N_("Print a report as it was made"),
    .opts = show_opts,
    .size = sizeof(struct report_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = show_run,
};
static const struct cmd *const subs[] = {&cmd_case_report_list, &cmd_case_report_show, NULL};

extern const struct cmd cmd_case_report;
const struct cmd cmd_case_report = {
    .name = "case report",
    .operands = "CASE KIND",
    .brief = N_("Make a report of a case"),
    .about =
        N_("KIND is management, technical, first-response, customer, honnin or isms; a draft for\n"
           "an authority: police, ppc-sokuho, ppc-kakuho, mynumber-…, pmark-…, common-ddos,\n"
           "common-ransomware, ipa-virus, ipa-access, jpcert, meti-first, gdpr-33, gdpr-34,\n"
           "nis2-early, nis2-notification, nis2-final; or a template of your own in\n"
           "casefiles/templates of the workspace. It is in the language of the workspace; --lang\n"
           "ja or en gives the other. Each report that is made is kept."),
    .opts = report_opts,
    .size = sizeof(struct report_options),
    .min_operands = 2,
    .max_operands = 2,
    .subs = subs,
    .run = report_run,
};
