/*
 * Findings as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for tools that
 * collect results of scanners: one run, a rule object a rule, a result a finding.
 *
 * Locations are files, lines and bytes; a result's fingerprint is the finding's id, which stays the
 * same from run to run. What is not text in a record goes as base64 beside the text.
 */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "report/gather.h"
#include "report/json_out.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#define SNIPPET_MAX   8192u
#define LOCATIONS_MAX 20u
#define NOTES_MAX     1000u

static void open_object(struct ir_buf *out, bool *first, const char *key)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_chr(out, '{');
}

static void open_list(struct ir_buf *out, bool *first, const char *key)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_chr(out, '[');
}

static void comma(struct ir_buf *out, size_t i)
{
    if (i > 0) ir_buf_str(out, IR_S(",\n"));
}

/* {"text": …}; SARIF wants messages that are not empty. */
static void message(struct ir_buf *out, bool *outer, const char *key, struct ir_str text,
                    const char *otherwise)
{
    bool first = true;
    open_object(out, outer, key);
    ir_out_text(out, &first, "text", text.n > 0 ? text : ir_str_z(otherwise));
    ir_buf_chr(out, '}');
}

static const char *sarif_level(enum ir_level level)
{
    if (level >= IR_LEVEL_HIGH) return "error";
    return level == IR_LEVEL_MEDIUM ? "warning" : "note";
}

/* What GitHub and others sort by, 0 to 10. */
static const char *severity(enum ir_level level)
{
    static const char *const scores[IR_LEVEL_MAX] = {"1.0", "3.0", "5.5", "8.0", "9.5"};
    return (unsigned)level < IR_LEVEL_MAX ? scores[level] : "0.0";
}

/* A URI reference (RFC 3986) to a path of any bytes. */
static void uri(struct ir_buf *out, const char *path)
{
    struct ir_str s = ir_str_z(path);
    size_t slash = ir_str_chr(s, '/'), colon = ir_str_chr(s, ':');
    ir_buf_chr(out, '"');
    if (s.n > 0 && s.p[0] == '/') ir_buf_str(out, IR_S("file://"));
    /* "a:b" would be a scheme, "//x" a host, and nothing at all no place */
    else if (s.n == 0 || (colon != IR_NPOS && colon < slash))
        ir_buf_str(out, IR_S("./"));
    if (s.n > 1 && s.p[0] == '/' && s.p[1] == '/') ir_buf_str(out, IR_S("/."));
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (ir_isalnum(c) || strchr("/-._~!$&'()*+,;=:@", c) != NULL)
            ir_buf_chr(out, c);
        else
            ir_buf_fmt(out, "%%%02X", (unsigned)(unsigned char)c);
    }
    ir_buf_chr(out, '"');
}

static void artifact(struct ir_buf *out, bool *outer, const char *path)
{
    bool first = true;
    open_object(out, outer, "artifactLocation");
    ir_json_write_key(out, &first, IR_S("uri"));
    uri(out, path);
    ir_buf_chr(out, '}');
}

static void snippet(struct ir_buf *out, bool *outer, struct ir_str bytes)
{
    bool first = true;
    bytes = ir_str_head(bytes, SNIPPET_MAX);
    if (bytes.n == 0) return;
    open_object(out, outer, "snippet");
    ir_out_text(out, &first, "text", bytes);
    if (!ir_utf8_valid(bytes)) {
        unsigned char base64[SNIPPET_MAX / 3 * 4 + 8];
        int n = EVP_EncodeBlock(base64, (const unsigned char *)bytes.p, (int)bytes.n);
        ir_out_text(out, &first, "binary", ir_str_n((const char *)base64, n > 0 ? (size_t)n : 0));
    }
    ir_buf_chr(out, '}');
}

static void location(struct ir_buf *out, const struct ir_origin *o)
{
    bool outer = true, place = true, region = true, more = true;
    ir_buf_chr(out, '{');
    open_object(out, &outer, "physicalLocation");
    artifact(out, &place, o->path);
    open_object(out, &place, "region");
    if (o->line > 0) ir_out_u64(out, &region, "startLine", o->line);
    ir_out_u64(out, &region, "byteOffset", o->offset);
    ir_out_u64(out, &region, "byteLength", o->length);
    snippet(out, &region, o->excerpt);
    ir_buf_str(out, IR_S("}}"));
    open_object(out, &outer, "properties");
    ir_out_text(out, &more, "record", o->record);
    ir_out_text(out, &more, "sha256", ir_str_z(o->sha256));
    ir_buf_str(out, IR_S("}}"));
}

static void tags(struct ir_buf *out, bool *outer, const struct ir_gather_rule *r)
{
    size_t n = 0;
    open_list(out, outer, "tags");
    for (size_t i = 0; i < r->ntags; i++) {
        bool again = false; /* which a list of tags must not have */
        for (size_t k = 0; k < i && !again; k++)
            again = ir_str_eq(r->tags[k], r->tags[i]);
        if (again) continue;
        comma(out, n++);
        ir_json_write_str(out, r->tags[i]);
    }
    ir_buf_chr(out, ']');
}

/* Two rules may bear the same id; objects of the list must differ, and results tell by number. */
static void rule(struct ir_buf *out, const struct ir_gather_rule *r)
{
    bool first = true, help = true, level = true, more = true;
    struct ir_str text = r->next.n > 0 ? r->next : r->title;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "id", r->id.n > 0 ? r->id : r->title.n > 0 ? r->title : IR_S("rule"));
    message(out, &first, "shortDescription", r->title, "rule");
    message(out, &first, "fullDescription", r->about.n > 0 ? r->about : r->title, "rule");
    open_object(out, &first, "help");
    ir_out_text(out, &help, "text", text.n > 0 ? text : IR_S("rule"));
    ir_buf_chr(out, '}');
    open_object(out, &first, "defaultConfiguration");
    ir_out_text(out, &level, "level", ir_str_z(sarif_level(r->level)));
    ir_buf_chr(out, '}');
    open_object(out, &first, "properties");
    tags(out, &more, r);
    ir_out_text(out, &more, "security-severity", ir_str_z(severity(r->level)));
    ir_out_text(out, &more, "level", ir_str_z(ir_level_name(r->level)));
    ir_buf_str(out, IR_S("}}"));
}

static void properties(struct ir_buf *out, bool *outer, const struct ir_finding *f)
{
    bool first = true, inner = true;
    open_object(out, outer, "properties");
    ir_out_text(out, &first, "level", ir_str_z(ir_level_name(f->level)));
    ir_out_text(out, &first, "type", ir_str_z(f->type));
    ir_out_u64(out, &first, "count", f->count);
    ir_out_time(out, &first, "firstSeen", f->has_time, f->first_seen);
    ir_out_time(out, &first, "lastSeen", f->has_time, f->last_seen);
    open_object(out, &first, "entity");
    for (size_t i = 0; i < f->nentity; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= strcmp(f->entity[k].name, f->entity[i].name) == 0;
        if (!again) ir_out_text(out, &inner, f->entity[i].name, f->entity[i].value);
    }
    ir_buf_chr(out, '}');
    ir_out_text(out, &first, "next", f->next);
    ir_buf_chr(out, '}');
}

/* A record can count for two rules of a correlation; the list's members must differ. */
static bool told_before(const struct ir_finding *f, size_t at)
{
    const struct ir_origin *o = &f->origins[at];
    for (size_t i = 0; i < f->norigins; i++)
        if ((i < at || i == f->shown) && f->origins[i].offset == o->offset &&
            f->origins[i].length == o->length && strcmp(f->origins[i].path, o->path) == 0)
            return true;
    return false;
}

static void result(struct ir_buf *out, const struct ir_gather *g, uint32_t number,
                   const uint32_t *place, const struct ir_finding *f)
{
    bool first = true, prints = true;
    const struct ir_gather_rule *r = &g->rule[g->of[number]];
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ruleId",
                r->id.n > 0      ? r->id
                : r->title.n > 0 ? r->title
                                 : IR_S("rule"));
    ir_out_u64(out, &first, "ruleIndex", place[g->of[number]]);
    ir_out_text(out, &first, "level", ir_str_z(sarif_level(f->level)));
    struct ir_buf text = IR_BUF((size_t)1 << 24);
    ir_buf_str(&text, f->title);
    if (f->why.n > 0) ir_buf_str(&text, IR_S(": "));
    ir_buf_str(&text, f->why);
    message(out, &first, "message", ir_buf_view(&text), "finding");
    ir_buf_free(&text);
    open_list(out, &first, "locations");
    if (f->norigins > 0) location(out, &f->origins[f->shown]);
    ir_buf_chr(out, ']');
    if (f->norigins > 1) {
        size_t n = 0;
        open_list(out, &first, "relatedLocations");
        for (size_t i = 0; i < f->norigins && n < LOCATIONS_MAX; i++) {
            if (i == f->shown || told_before(f, i)) continue;
            comma(out, n++);
            location(out, &f->origins[i]);
        }
        ir_buf_chr(out, ']');
    }
    open_object(out, &first, "partialFingerprints");
    ir_out_text(out, &prints, "irFinding/v1", ir_str_z(f->id));
    ir_buf_chr(out, '}');
    if (f->count > 0 && f->count < INT32_MAX) ir_out_u64(out, &first, "occurrenceCount", f->count);
    properties(out, &first, f);
    ir_buf_chr(out, '}');
}

static void note(struct ir_buf *out, size_t i, const char *level, const char *reason,
                 const char *path)
{
    bool first = true, place = true, physical = true;
    comma(out, i);
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "level", ir_str_z(level));
    message(out, &first, "message", ir_str_z(reason), "unknown reason");
    if (path != NULL) {
        open_list(out, &first, "locations");
        ir_buf_chr(out, '{');
        open_object(out, &place, "physicalLocation");
        artifact(out, &physical, path);
        ir_buf_str(out, IR_S("}}]"));
    }
    ir_buf_chr(out, '}');
}

/* What could not be read or used. */
static void invocation(struct ir_buf *out, bool *outer, const struct ir_summary *s,
                       const struct ir_write_options *opt)
{
    bool first = true;
    size_t n = 0;
    open_list(out, outer, "invocations");
    ir_buf_chr(out, '{');
    ir_out_raw(out, &first, "executionSuccessful", "true");
    /* Not ir_out_time: whole seconds, and never null. */
    ir_out_time(out, &first, "endTimeUtc", true, opt->now / IR_NS * IR_NS);
    open_list(out, &first, "toolExecutionNotifications");
    for (size_t i = 0; i < s->nproblems && n < NOTES_MAX; i++) {
        const struct ir_input_problem *p = &s->problems[i];
        bool limit = i + s->nlimits >= s->nproblems;
        const char *level = p->unreadable                  ? "error"
                            : p->kind == IR_PROBLEM_DAMAGE ? "warning"
                                                           : "note";
        note(out, n++, level, p->reason, limit ? NULL : p->path);
    }
    ir_buf_chr(out, ']');
    n = 0;
    open_list(out, &first, "toolConfigurationNotifications");
    for (size_t i = 0; i < s->nfailed && n < NOTES_MAX; i++)
        note(out, n++, "warning", s->failed[i].reason, s->failed[i].path);
    ir_buf_str(out, IR_S("]}]"));
}

static void driver(struct ir_buf *out, bool *outer, const struct ir_gather *g,
                   const struct ir_write_options *opt)
{
    bool first = true, inner = true;
    open_object(out, outer, "tool");
    open_object(out, &inner, "driver");
    ir_out_text(out, &first, "name", IR_S("ir"));
    if (opt->version != NULL) ir_out_text(out, &first, "version", ir_str_z(opt->version));
    ir_out_text(out, &first, "language", IR_S("en"));
    open_list(out, &first, "rules");
    for (uint32_t i = 0; i < g->nrules; i++) {
        comma(out, i);
        rule(out, &g->rule[g->rank[i]]);
    }
    ir_buf_str(out, IR_S("]}}"));
}

static void results(struct ir_buf *out, bool *outer, const struct ir_gather *g)
{
    const struct ir_document *d = g->d;
    uint32_t *place = calloc(g->nrules + 1, sizeof *place); /* rule → its place in the list */
    if (place == NULL) {
        out->full = true;
        return;
    }
    for (uint32_t i = 0; i < g->nrules; i++)
        place[g->rank[i]] = i;
    open_list(out, outer, "results");
    for (uint32_t i = 0; i < d->nfindings && d->drain(d->user); i++) {
        struct ir_finding f;
        d->finding(d->user, i, &f);
        comma(out, i);
        result(out, g, i, place, &f);
    }
    ir_buf_chr(out, ']');
    free(place);
}

static void document(struct ir_buf *out, const struct ir_document *d,
                     const struct ir_write_options *opt)
{
    struct ir_gather g;
    bool first = true, run = true;
    if (!ir_gather_init(&g, d, false)) {
        out->full = true;
        ir_gather_free(&g);
        return;
    }
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "$schema", IR_S(SCHEMA));
    ir_out_text(out, &first, "version", IR_S("2.1.0"));
    open_list(out, &first, "runs");
    ir_buf_chr(out, '{');
    driver(out, &run, &g, opt);
    invocation(out, &run, d->summary, opt);
    results(out, &run, &g);
    ir_out_text(out, &run, "columnKind", IR_S("unicodeCodePoints"));
    ir_buf_str(out, IR_S("}]}\n"));
    d->drain(d->user);
    ir_gather_free(&g);
}

const struct ir_writer ir_writer_sarif = {
    .name = "sarif",
    .title = N_("SARIF 2.1.0, for tools that collect results of scanners"),
    .document = document,
};
