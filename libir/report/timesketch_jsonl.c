/*
 * Findings as JSON lines for Timesketch (keys: timesketch.h). Entities become flat keys with
 * underscores (source_ip), because Timesketch's own analyzers look for these. No summary: every
 * line is imported.
 */
#include "base/json.h"
#include "report/json_out.h"
#include "report/timesketch.h"
#include "report/writer.h"

#define MESSAGE_MAX ((size_t)16 << 20)
#define KEY_MAX     128

/* Keys that are printed anyway; an entity of such a name is found under "entity" only. */
static bool taken(const char *key)
{
    static const char *const fixed[] = {
        "message", "datetime",   "timestamp",  "timestamp_desc", "rule_title", "rule_id",
        "level",   "entity",     "count",      "path",           "line",       "offset",
        "tag",     "finding_id", "first_seen", "last_seen",      "next_step"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(key, fixed[i]) == 0) return true;
    return false;
}

static void flat_key(const char *name, char key[KEY_MAX])
{
    size_t n = 0;
    for (; n < KEY_MAX - 1 && name[n] != '\0'; n++)
        key[n] = name[n] == '.' ? '_' : name[n];
    key[n] = '\0';
}

static bool repeated(const struct ir_finding *f, size_t at, const char *key)
{
    char other[KEY_MAX];
    for (size_t i = 0; i < at; i++) {
        flat_key(f->entity[i].name, other);
        if (strcmp(other, key) == 0) return true;
    }
    return false;
}

static void entities(struct ir_buf *out, bool *first, const struct ir_finding *f)
{
    char key[KEY_MAX];
    for (size_t i = 0; i < f->nentity; i++) {
        flat_key(f->entity[i].name, key);
        if (!taken(key) && !repeated(f, i, key)) ir_out_text(out, first, key, f->entity[i].value);
    }
    struct ir_buf all = IR_BUF(MESSAGE_MAX);
    for (size_t i = 0; i < f->nentity; i++) {
        ir_buf_fmt(&all, "%s%s=", i ? "; " : "", f->entity[i].name);
        ir_buf_str(&all, f->entity[i].value);
    }
    if (all.full) out->full = true;
    ir_out_text(out, first, "entity", ir_buf_view(&all));
    ir_buf_free(&all);
}

static void finding(struct ir_buf *out, const struct ir_finding *f,
                    const struct ir_write_options *opt)
{
    static const struct ir_origin nowhere = {.path = ""};
    (void)opt;
    const struct ir_origin *o = f->norigins > 0 ? &f->origins[f->shown] : &nowhere;
    char time[IR_TS_TIME_TEXT];
    bool first = true;
    struct ir_buf message = IR_BUF(MESSAGE_MAX);
    ir_ts_message(&message, f);
    if (message.full) out->full = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "message", ir_buf_view(&message));
    ir_buf_free(&message);
    ir_out_text(out, &first, "datetime", ir_str_n(time, ir_ts_datetime(f, time)));
    ir_out_text(out, &first, "timestamp_desc", ir_str_z(ir_ts_description(f)));
    ir_json_write_key(out, &first, IR_S("timestamp"));
    ir_json_write_i64(out, ir_ts_microseconds(f));
    ir_out_text(out, &first, "rule_title", f->title);
    ir_out_text(out, &first, "rule_id", f->rule_id);
    ir_out_text(out, &first, "level", ir_str_z(ir_level_name(f->level)));
    entities(out, &first, f);
    ir_out_u64(out, &first, "count", f->count);
    ir_out_time(out, &first, "first_seen", f->has_time, f->first_seen);
    ir_out_time(out, &first, "last_seen", f->has_time, f->last_seen);
    ir_out_text(out, &first, "path", ir_str_z(o->path));
    ir_out_u64(out, &first, "line", o->line);
    ir_out_u64(out, &first, "offset", o->offset);
    ir_out_list(out, &first, "tag", f->tags, f->ntags);
    ir_out_text(out, &first, "next_step", f->next);
    ir_out_text(out, &first, "finding_id", ir_str_z(f->id));
    ir_buf_add(out, "}\n", 2);
}

const struct ir_writer ir_writer_timesketch_jsonl = {
    .name = "timesketch-jsonl",
    .title = N_("JSON lines to import into Timesketch"),
    .finding = finding,
};
