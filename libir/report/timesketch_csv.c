/*
 * Findings as CSV for Timesketch (columns: timesketch.h). Guarded against formulas like every CSV
 * here: such files are opened in spreadsheets too.
 */
#include "report/cell.h"
#include "report/timesketch.h"
#include "report/writer.h"

#define MESSAGE_MAX ((size_t)16 << 20)

static const char header[] =
    "message,datetime,timestamp_desc,timestamp,rule_title,rule_id,level,source_ip,user_name,"
    "host_name,process_name,entity,count,path,line,offset,tag,finding_id\r\n";

static void begin(struct ir_buf *out, const struct ir_write_options *opt)
{
    (void)opt;
    ir_buf_add(out, header, sizeof header - 1);
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
    ir_cell_text(out, &first, ir_buf_view(&message));
    ir_buf_free(&message);
    ir_cell_text(out, &first, ir_str_n(time, ir_ts_datetime(f, time)));
    ir_cell_text(out, &first, ir_str_z(ir_ts_description(f)));
    ir_buf_fmt(out, ",%lld", (long long)ir_ts_microseconds(f));
    ir_cell_text(out, &first, f->title);
    ir_cell_text(out, &first, f->rule_id);
    ir_cell_text(out, &first, ir_str_z(ir_level_name(f->level)));
    ir_cell_text(out, &first, ir_finding_entity(f, "source.ip"));
    ir_cell_text(out, &first, ir_finding_entity(f, "user.name"));
    ir_cell_text(out, &first, ir_finding_entity(f, "host.name"));
    ir_cell_text(out, &first, ir_finding_entity(f, "process.name"));
    ir_cell_entities(out, &first, f);
    ir_cell_u64(out, &first, f->count);
    ir_cell_text(out, &first, ir_str_z(o->path));
    ir_cell_u64(out, &first, o->line);
    ir_cell_u64(out, &first, o->offset);
    ir_cell_tags(out, &first, f);
    ir_cell_text(out, &first, ir_str_z(f->id));
    ir_cell_end(out);
}

const struct ir_writer ir_writer_timesketch_csv = {
    .name = "timesketch-csv",
    .title = N_("CSV to import into Timesketch"),
    .begin = begin,
    .finding = finding,
};
