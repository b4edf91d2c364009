/*
 * ir case export: a case for other programs. JSON holds all of it (casedb/bundle.h); the rest is
 * its timeline, which is what was found (timeline) and what was done (the response log), for
 * spreadsheets, Timesketch (docs/guides/user/import-from-json-csv.md: message, datetime,
 * timestamp_desc) and DFIR-IRIS (timeline import: the headers must be exactly these). Texts come
 * from attackers: no cell begins a formula.
 */
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "case.h"
#include "casedb/bundle.h"
#include "casedb/query.h"
#include "report/cell.h"

struct export_options {
    struct case_options c;
    const char *out, *format;
    bool bom;
};

/* Columns of the statement below; then what is no column of it. */
enum from {
    AT,
    KIND,
    TITLE,
    DETAIL,
    SOURCE,
    ASSET,
    ATTACK,
    CONFIDENCE,
    EVIDENCE,
    MICROS,
    LOCAL, /* the time without its zone */
    UTC,
    NONE
};
struct column {
    const char *name;
    enum from from;
};

static const struct column timeline[] = {
    {"datetime", AT},       {"kind", KIND},   {"title", TITLE},   {"detail", DETAIL},
    {"source", SOURCE},     {"asset", ASSET}, {"attack", ATTACK}, {"confidence", CONFIDENCE},
    {"evidence", EVIDENCE}, {NULL, NONE}};
static const struct column timesketch[] = {
    {"message", TITLE},     {"datetime", AT},   {"timestamp_desc", KIND}, {"timestamp", MICROS},
    {"detail", DETAIL},     {"source", SOURCE}, {"host_name", ASSET},     {"attack", ATTACK},
    {"evidence", EVIDENCE}, {NULL, NONE}};
static const struct column iris[] = {{"event_date", LOCAL},
                                     {"event_tz", UTC},
                                     {"event_title", TITLE},
                                     {"event_category", NONE},
                                     {"event_content", DETAIL},
                                     {"event_raw", NONE},
                                     {"event_source", SOURCE},
                                     {"event_assets", ASSET},
                                     {"event_iocs", NONE},
                                     {"event_tags", ATTACK},
                                     {NULL, NONE}};

static const struct format {
    const char *name;
    const struct column *column; /* NULL: all of the case */
    bool lines;                  /* of JSON; else CSV */
} formats[] = {{"json", NULL, false},
               {"timeline-csv", timeline, false},
               {"timesketch-csv", timesketch, false},
               {"timesketch-jsonl", timesketch, true},
               {"iris-csv", iris, false}};
#define NFORMATS (sizeof formats / sizeof *formats)

static const char *choice_format(size_t i)
{
    return i < NFORMATS ? formats[i].name : NULL;
}

#define OF(member) offsetof(struct export_options, member)
static const struct opt export_opts[] = {
    {"format", 'F', OPT_CHOICE, OF(format), "FORMAT",
     N_("json (all of it, the default), timeline-csv, timesketch-csv, timesketch-jsonl, iris-csv"),
     choice_format},
    {"out", 0, OPT_TEXT, OF(out), "FILE", N_("write to FILE instead of stdout"), NULL},
    {"bom", 0, OPT_FLAG, OF(bom), NULL,
     N_("begin CSV with a byte order mark, which Excel needs for Japanese"), NULL},
    OPT_END,
};

/* A value of the row; false: it is empty. IRIS puts its zone behind its time: Z, as +00:00 would
 * begin a formula. */
static bool value(const struct ir_query *q, enum from from, struct ir_str *ret_text, int64_t *ret_n)
{
    bool zone;
    *ret_text = from == UTC ? IR_S("Z") : ir_str_n(NULL, 0);
    if (from == LOCAL) *ret_text = ir_query_text(q, AT);
    if (from == LOCAL && ir_str_ends(*ret_text, IR_S("Z"))) ret_text->n--;
    if (from < MICROS) *ret_text = ir_query_text(q, (int)from);
    if (from != MICROS) return ret_text->n > 0;
    if (ir_time_parse_iso(ir_query_text(q, AT), ret_n, &zone) == 0) return false;
    *ret_n /= 1000;
    return true;
}

static void write_row(struct ir_buf *out, const struct format *f, const struct ir_query *q)
{
    bool first = true;
    if (f->lines) ir_buf_chr(out, '{');
    for (const struct column *c = f->column; c->name != NULL; c++) {
        struct ir_str text;
        int64_t n = 0;
        const bool there = value(q, c->from, &text, &n);
        if (f->lines && !there) continue;
        if (f->lines) ir_json_write_key(out, &first, ir_str_z(c->name));
        if (f->lines && c->from == MICROS)
            ir_json_write_i64(out, n);
        else if (f->lines)
            ir_json_write_str(out, text);
        else if (c->from == MICROS && there && n >= 0)
            ir_cell_u64(out, &first, (uint64_t)n);
        else
            ir_cell_lines(out, &first, text);
    }
    if (f->lines)
        ir_buf_str(out, IR_S("}\n"));
    else
        ir_cell_end(out);
}

static int write_timeline(struct case_job *j, const struct format *f, const char *id,
                          struct sink *out)
{
    struct ir_query q;
    int rc = ir_query_open(
        &q, j->db,
        "SELECT at, 'observed' AS kind, title, detail, source, asset, attack, confidence, evidence,"
        " no FROM timeline WHERE incident_id = ?1 UNION ALL SELECT at, 'response', action, result,"
        " actor, target, NULL, NULL, NULL, no FROM act WHERE incident_id = ?1 ORDER BY 1, 2, 10",
        &j->err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(id));
    if (!f->lines) {
        bool first = true;
        for (const struct column *c = f->column; c->name != NULL; c++)
            ir_cell_text(&out->buf, &first, ir_str_z(c->name));
        ir_cell_end(&out->buf);
    }
    while ((rc = ir_query_next(&q, &j->err)) == IR_OK && sink_drain(out))
        write_row(&out->buf, f, &q);
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

/* By and by: the sink holds less than a case may be long. */
static int write_case(struct case_job *j, const char *id, struct sink *out)
{
    struct ir_buf all = IR_BUF(IR_BUNDLE_MAX);
    const int rc = ir_bundle_write(j->db, id, &all, &j->err);
    struct ir_str rest = rc == IR_OK ? ir_buf_view(&all) : ir_str_n(NULL, 0);
    while (rest.n > 0 && sink_flush(out)) {
        ir_buf_str(&out->buf, ir_str_head(rest, 65536));
        rest = ir_str_skip(rest, rest.n < 65536 ? rest.n : 65536);
    }
    ir_buf_free(&all);
    return rc;
}

static int export_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct export_options *o = options;
    const struct format *f = &formats[0];
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    struct sink out;
    for (size_t i = 0; o->format != NULL && i < NFORMATS; i++)
        if (strcmp(formats[i].name, o->format) == 0) f = &formats[i];
    int status = case_look(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    status = sink_open(&out, cmd, o->out, NULL);
    if (status == IR_EXIT_OK) {
        if (o->bom && f->column != NULL && !f->lines) ir_buf_str(&out.buf, IR_S("\xef\xbb\xbf"));
        status = case_status(&j, f->column == NULL ? write_case(&j, id, &out)
                                                   : write_timeline(&j, f, id, &out));
        status = sink_close(&out, status);
    }
    return case_close(&j, status);
}

extern const struct cmd cmd_case_export;
const struct cmd cmd_case_export = {
    .name = "case export",
    .operands = "CASE",
    .brief = N_("Write a case, or its timeline, for other programs"),
    .about = N_("json has every row of the case and of its audit trail, and a digest of itself.\n"
                "The others have the timeline and the response log."),
    .opts = export_opts,
    .size = sizeof(struct export_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = export_run,
};
