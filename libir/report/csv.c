/*
 * Findings as CSV (RFC 4180): a header, one finding a row, CRLF line ends, UTF-8. Guarded against
 * formulas (cell.h). The summary has no place in a table: `ir scan` prints it on stderr.
 */
#include "report/cell.h"
#include "report/writer.h"

static const char header[] =
    "time,level,title,count,first_seen,last_seen,source.ip,user.name,host.name,entity,why,next,"
    "path,line,offset,length,record,excerpt,rule_id,type,tags,sha256,id\r\n";

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
    bool first = true;
    ir_cell_time(out, &first, f->has_time, f->time);
    ir_cell_text(out, &first, ir_str_z(ir_level_name(f->level)));
    ir_cell_text(out, &first, f->title);
    ir_cell_u64(out, &first, f->count);
    ir_cell_time(out, &first, f->has_time, f->first_seen);
    ir_cell_time(out, &first, f->has_time, f->last_seen);
    ir_cell_text(out, &first, ir_finding_entity(f, "source.ip"));
    ir_cell_text(out, &first, ir_finding_entity(f, "user.name"));
    ir_cell_text(out, &first, ir_finding_entity(f, "host.name"));
    ir_cell_entities(out, &first, f);
    ir_cell_text(out, &first, f->why);
    ir_cell_text(out, &first, f->next);
    ir_cell_text(out, &first, ir_str_z(o->path));
    ir_cell_u64(out, &first, o->line);
    ir_cell_u64(out, &first, o->offset);
    ir_cell_u64(out, &first, o->length);
    ir_cell_text(out, &first, o->record);
    ir_cell_text(out, &first, o->excerpt);
    ir_cell_text(out, &first, f->rule_id);
    ir_cell_text(out, &first, ir_str_z(f->type));
    ir_cell_tags(out, &first, f);
    ir_cell_text(out, &first, ir_str_z(o->sha256));
    ir_cell_text(out, &first, ir_str_z(f->id));
    ir_cell_end(out);
}

const struct ir_writer ir_writer_csv = {
    .name = "csv",
    .title = N_("one finding a row, for spreadsheets"),
    .begin = begin,
    .finding = finding,
};
