/*
 * Findings as JSON lines: the contract of the README ("ir.kind":"finding" … "ir.kind":"summary").
 *
 * Other programs read this. Keys may be added at the end of an object, never renamed, moved or
 * translated. Times are RFC 3339 in UTC; what has no time says null.
 */
#include "base/json.h"
#include "report/json_out.h"
#include "report/writer.h"

static void origin(struct ir_buf *out, const struct ir_origin *o)
{
    bool first = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "path", ir_str_z(o->path));
    ir_out_u64(out, &first, "offset", o->offset);
    ir_out_u64(out, &first, "line", o->line);
    ir_out_text(out, &first, "record", o->record);
    ir_out_u64(out, &first, "length", o->length);
    ir_out_text(out, &first, "sha256", ir_str_z(o->sha256));
    if (o->exhibit != NULL) {
        ir_out_text(out, &first, "exhibit", ir_str_z(o->exhibit->item));
        ir_out_text(out, &first, "original_path", o->exhibit->path);
        ir_out_text(out, &first, "file_sha256", ir_str_z(o->exhibit->sha256));
        ir_json_write_key(out, &first, IR_S("verified"));
        ir_buf_str(out, o->exhibit->verified ? IR_S("true") : IR_S("false"));
    }
    ir_buf_chr(out, '}');
}

static void rule(struct ir_buf *out, bool *outer, const struct ir_finding *f)
{
    bool first = true;
    ir_json_write_key(out, outer, IR_S("rule"));
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "id", f->rule_id);
    ir_out_text(out, &first, "title", f->title);
    ir_out_text(out, &first, "level", ir_str_z(ir_level_name(f->level)));
    ir_out_list(out, &first, "tags", f->tags, f->ntags);
    ir_out_text(out, &first, "type", ir_str_z(f->type));
    ir_buf_chr(out, '}');
}

/* A name that stood before would make a second key: most readers keep the last, some refuse. */
static bool repeated(const struct ir_finding *f, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(f->entity[i].name, f->entity[at].name) == 0) return true;
    return false;
}

static void entities(struct ir_buf *out, bool *outer, const struct ir_finding *f)
{
    bool first = true;
    ir_json_write_key(out, outer, IR_S("entity"));
    ir_buf_chr(out, '{');
    for (size_t i = 0; i < f->nentity; i++)
        if (!repeated(f, i)) ir_out_text(out, &first, f->entity[i].name, f->entity[i].value);
    ir_buf_chr(out, '}');
}

static void lines(struct ir_buf *out, bool *first, const char *key, struct ir_str text)
{
    size_t n = 0;
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_chr(out, '[');
    for (; text.n > 0; n++) {
        if (n > 0) ir_buf_chr(out, ',');
        ir_json_write_str(out, ir_str_cut(&text, '\n'));
    }
    ir_buf_chr(out, ']');
}

/* Only where lines were asked for. */
static void context(struct ir_buf *out, bool *outer, const struct ir_origin *o)
{
    bool first = true;
    if (o->before.n + o->after.n == 0) return;
    ir_json_write_key(out, outer, IR_S("context"));
    ir_buf_chr(out, '{');
    ir_out_u64(out, &first, "line", o->line);
    lines(out, &first, "before", o->before);
    ir_out_text(out, &first, "record", o->excerpt);
    lines(out, &first, "after", o->after);
    ir_buf_chr(out, '}');
}

static void finding(struct ir_buf *out, const struct ir_finding *f,
                    const struct ir_write_options *opt)
{
    (void)opt;
    bool first = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", IR_S("finding"));
    ir_out_text(out, &first, "id", ir_str_z(f->id));
    ir_out_time(out, &first, "@timestamp", f->has_time, f->time);
    rule(out, &first, f);
    entities(out, &first, f);
    ir_json_write_key(out, &first, IR_S("origin"));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < f->norigins; i++) {
        if (i > 0) ir_buf_chr(out, ',');
        origin(out, &f->origins[i]);
    }
    ir_buf_chr(out, ']');
    ir_out_u64(out, &first, "count", f->count);
    ir_out_time(out, &first, "first_seen", f->has_time, f->first_seen);
    ir_out_time(out, &first, "last_seen", f->has_time, f->last_seen);
    ir_out_text(out, &first, "why", f->why);
    ir_out_text(out, &first, "next", f->next);
    if (f->norigins > 0) context(out, &first, &f->origins[f->shown]);
    ir_buf_add(out, "}\n", 2);
}

/* Only where sets are imported. */
static void sets(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    if (s->nsets == 0) return;
    ir_json_write_key(out, outer, IR_S("sets"));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < s->nsets; i++) {
        const struct ir_set_report *set = &s->sets[i];
        bool first = true;
        if (i > 0) ir_buf_chr(out, ',');
        ir_buf_chr(out, '{');
        ir_out_text(out, &first, "name", ir_str_z(set->name));
        ir_out_text(out, &first, "version", ir_str_z(set->version));
        ir_out_text(out, &first, "sha256", ir_str_z(set->sha256));
        ir_out_u64(out, &first, "rules", set->rules);
        ir_out_u64(out, &first, "changed", set->changed);
        ir_buf_chr(out, '}');
    }
    ir_buf_chr(out, ']');
}

/* Only where some were read from. */
static void exhibits(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    if (s->nexhibits == 0) return;
    ir_json_write_key(out, outer, IR_S("exhibits"));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < s->nexhibits; i++) {
        bool first = true;
        if (i > 0) ir_buf_chr(out, ',');
        ir_buf_chr(out, '{');
        ir_out_text(out, &first, "exhibit", ir_str_z(s->exhibits[i].item));
        ir_out_text(out, &first, "seal", ir_str_z(s->exhibits[i].seal));
        ir_out_u64(out, &first, "files", s->exhibits[i].files);
        ir_out_u64(out, &first, "verified", s->exhibits[i].verified);
        ir_buf_chr(out, '}');
    }
    ir_buf_chr(out, ']');
}

static void rules(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    bool first = true;
    ir_json_write_key(out, outer, IR_S("rules"));
    ir_buf_chr(out, '{');
    ir_out_u64(out, &first, "loaded", s->rules_loaded);
    ir_json_write_key(out, &first, IR_S("failed"));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < s->nfailed; i++) {
        bool one = true;
        if (i > 0) ir_buf_chr(out, ',');
        ir_buf_chr(out, '{');
        ir_out_text(out, &one, "path", ir_str_z(s->failed[i].path));
        ir_out_u64(out, &one, "line", s->failed[i].line);
        ir_out_text(out, &one, "reason", ir_str_z(s->failed[i].reason));
        ir_buf_chr(out, '}');
    }
    ir_buf_chr(out, ']');
    ir_out_u64(out, &first, "no_log_source", s->rules_no_log_source);
    ir_out_u64(out, &first, "field_never_seen", s->rules_field_never_seen);
    ir_out_u64(out, &first, "waiting", s->rules_waiting);
    sets(out, &first, s);
    ir_buf_chr(out, '}');
}

static void problems(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    ir_json_write_key(out, outer, IR_S("problems"));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < s->nproblems; i++) {
        const struct ir_input_problem *p = &s->problems[i];
        bool first = true;
        if (i > 0) ir_buf_chr(out, ',');
        ir_buf_chr(out, '{');
        ir_out_text(out, &first, "path", ir_str_z(p->path));
        if (p->offset == UINT64_MAX)
            ir_out_raw(out, &first, "offset", "null");
        else
            ir_out_u64(out, &first, "offset", p->offset);
        ir_out_text(out, &first, "reason", ir_str_z(p->reason));
        ir_out_u64(out, &first, "count", p->count);
        ir_out_raw(out, &first, "unreadable", p->unreadable ? "true" : "false");
        if (p->kind != IR_PROBLEM_DAMAGE)
            ir_out_text(out, &first, "kind",
                        p->kind == IR_PROBLEM_SKIPPED ? IR_S("skipped") : IR_S("remark"));
        ir_out_raw(out, &first, "limit", i + s->nlimits >= s->nproblems ? "true" : "false");
        ir_buf_chr(out, '}');
    }
    ir_buf_chr(out, ']');
}

static void counts(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    bool first = true;
    ir_json_write_key(out, outer, IR_S("records"));
    ir_buf_chr(out, '{');
    for (size_t i = 0; i < s->nrecords; i++)
        ir_out_u64(out, &first, s->records[i].name, s->records[i].n);
    ir_buf_chr(out, '}');
}

static void levels(struct ir_buf *out, bool *outer, const struct ir_summary *s)
{
    bool first = true;
    ir_json_write_key(out, outer, IR_S("findings"));
    ir_buf_chr(out, '{');
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        ir_out_u64(out, &first, ir_level_name((enum ir_level)l), s->findings[l]);
    ir_buf_chr(out, '}');
}

static void summary(struct ir_buf *out, const struct ir_summary *s,
                    const struct ir_write_options *opt)
{
    (void)opt;
    bool first = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", IR_S("summary"));
    ir_out_u64(out, &first, "inputs", s->inputs);
    ir_out_u64(out, &first, "unreadable", s->unreadable);
    ir_out_u64(out, &first, "bytes", s->bytes);
    counts(out, &first, s);
    ir_out_u64(out, &first, "damaged", s->damaged);
    ir_out_u64(out, &first, "unrecognised", s->unrecognised);
    rules(out, &first, s);
    levels(out, &first, s);
    ir_out_time(out, &first, "first", s->has_time, s->first);
    ir_out_time(out, &first, "last", s->has_time, s->last);
    ir_out_seconds(out, &first, "elapsed_s", s->elapsed_s);
    ir_out_text(out, &first, "sandbox", ir_str_z(s->sandbox));
    ir_out_u64(out, &first, "skipped", s->skipped);
    problems(out, &first, s);
    ir_out_u64(out, &first, "lost", s->lost);
    ir_out_u64(out, &first, "zoneless", s->zoneless);
    ir_out_text(out, &first, "zone", ir_str_z(s->zone != NULL ? s->zone : "UTC"));
    exhibits(out, &first, s);
    ir_out_time(out, &first, "since", s->has_window && s->since != INT64_MIN, s->since);
    ir_out_time(out, &first, "until", s->has_window && s->until != INT64_MAX, s->until);
    ir_buf_add(out, "}\n", 2);
}

const struct ir_writer ir_writer_jsonl = {
    .name = "jsonl",
    .title = N_("one JSON object a line, the summary last (for programs)"),
    .finding = finding,
    .summary = summary,
};
