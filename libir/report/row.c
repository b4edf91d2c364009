/*
 * Rows of events. See row.h.
 */
#include "report/row.h"

#include "base/utf8.h"
#include "base/wrap.h"
#include "report/cell.h"
#include "report/json_out.h"
#include "report/page.h"
#include "report/timesketch.h"

#define PLACE_STEP     8u  /* columns */
#define PLACE_MIN      16u /* columns that a place may take on the narrowest terminal */
#define STAMP_MAX      48u /* bytes before a line's host: "<34>1 2026-11-22T10:02:03.123456+09:00 " */
#define TABLE_TEXT_MAX 4000u /* bytes of a record in the table: jsonl and csv have it whole */

static const struct {
    uint32_t id;
    const char *name;
} columns[IR_ROW_COLUMNS] = {
    [IR_ROW_HOST] = {IR_F_HOST_NAME, "host.name"},
    [IR_ROW_PROGRAM] = {IR_F_PROCESS_NAME, "process.name"},
    [IR_ROW_USER] = {IR_F_USER_NAME, "user.name"},
    [IR_ROW_SOURCE] = {IR_F_SOURCE_IP, "source.ip"},
    [IR_ROW_DESTINATION] = {IR_F_DESTINATION_IP, "destination.ip"},
    [IR_ROW_ACTION] = {IR_F_EVENT_ACTION, "event.action"},
    [IR_ROW_OUTCOME] = {IR_F_EVENT_OUTCOME, "event.outcome"},
    [IR_ROW_URL] = {IR_F_URL_ORIGINAL, "url.original"},
    [IR_ROW_COUNTRY] = {IR_F_SOURCE_GEO_COUNTRY, "source.geo.country_iso_code"},
};

struct ir_str ir_row_value(const struct ir_event *ev, uint32_t id)
{
    for (uint32_t v = 0; v < ev->nviews; v++) {
        struct ir_str s = ir_event_get(ev, id, v);
        if (s.n > 0) return s;
    }
    return ir_str_n(NULL, 0);
}

/* "2026-11-22 10:02:03,123 " at the start */
static uint32_t iso_stamp(struct ir_str raw)
{
    static const char form[] = "dddd-dd-dd?dd:dd:dd";
    size_t n = 0;
    for (; form[n] != '\0'; n++)
        if (n >= raw.n || (form[n] == 'd'   ? !ir_isdigit(raw.p[n])
                           : form[n] == '?' ? raw.p[n] != 'T' && raw.p[n] != ' '
                                            : raw.p[n] != form[n]))
            return 0;
    while (n < raw.n && n < STAMP_MAX && memchr("0123456789.,:+-Z", raw.p[n], 16) != NULL)
        n++;
    return n < raw.n && raw.p[n] == ' ' ? (uint32_t)n + 1 : 0;
}

/* A line of syslog begins with its time, then comes its host, or where there is none its program.
 */
static uint32_t stamp_of(const struct ir_row *row, struct ir_str raw)
{
    const struct ir_str host = row->col[IR_ROW_HOST], program = row->col[IR_ROW_PROGRAM];
    const struct ir_str *const next[] = {&host, &program};
    for (size_t i = 0; i < 2; i++) {
        const uintptr_t at = (uintptr_t)next[i]->p - (uintptr_t)raw.p;
        if (next[i]->n == 0 || at >= raw.n || at > STAMP_MAX) continue;
        bool digit = false, other = false; /* other: names or marks of a format with fields */
        for (size_t k = 0; k < at; k++) {
            digit = digit || ir_isdigit(raw.p[k]);
            other = other || memchr("\"{}=,|;", raw.p[k], 8) != NULL;
        }
        if (digit && !other) return (uint32_t)at;
    }
    return iso_stamp(raw);
}

void ir_row_fill(struct ir_row *row, const struct ir_event *ev)
{
    row->has_time = (ev->flags & IR_EV_TIME) != 0;
    row->time = row->has_time ? ev->time : 0;
    row->offset = ev->nviews > 0 ? ev->views[0].offset : 0;
    row->line = ev->nviews > 0 ? ev->views[0].line : 0;
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++)
        row->col[i] = ir_row_value(ev, columns[i].id);
    row->stamp = row->has_time ? stamp_of(row, ev->raw) : 0;
}

/* On a terminal the place must leave room for the record: of a long one the
 * end is shown. */
static void put_place(struct ir_buf *line, const struct ir_row *row, unsigned width)
{
    struct ir_buf place = IR_BUF((size_t)1 << 20);
    ir_visible(&place, ir_str_z(row->path), 0);
    ir_buf_fmt(&place, ":%llu", (unsigned long long)row->line);
    struct ir_str s = ir_buf_view(&place);
    const size_t max = width / 4 > PLACE_MIN ? width / 4 : PLACE_MIN;
    size_t wide = ir_columns(s);
    if (width > 0 && wide > max) {
        for (; wide >= max && s.n > 0; wide = ir_columns(s))
            do
                s = ir_str_skip(s, 1);
            while (s.n > 0 && ((unsigned char)s.p[0] & 0xc0) == 0x80);
        ir_buf_str(line, IR_S("…"));
        wide++;
    }
    ir_buf_str(line, s);
    ir_buf_add(line, "  ", 2);
    /* rows come one by one: no width fits all, but steps keep most records below each other */
    const size_t step = wide < max ? PLACE_STEP - wide % PLACE_STEP : 0;
    if (width > 0 && step < PLACE_STEP)
        ir_buf_fmt(line, "%*s", (int)(wide + step > max ? max - wide : step), "");
    ir_buf_free(&place);
}

/* Where in the record what was found stands as it is: a text, or of an indicator what follows its
 * kind; IR_NPOS: nowhere, or there are several. */
static size_t find_match(struct ir_str text, struct ir_str *match)
{
    size_t at = match->n > 0 ? ir_str_ifind(text, *match) : IR_NPOS;
    const size_t kind = ir_str_chr(*match, ' ');
    if (at != IR_NPOS || kind == IR_NPOS || kind + 1 == match->n) return at;
    *match = ir_str_skip(*match, kind + 1);
    return ir_str_ifind(text, *match);
}

/* The record in so many columns, with what was found in sight. */
static void put_record(struct ir_buf *line, struct ir_str text, struct ir_str match, size_t room)
{
    const size_t at = find_match(text, &match);
    if (at != IR_NPOS && at + match.n > room) {
        size_t from = at > room / 3 ? at - room / 3 : 0;
        while (from < at && ((unsigned char)text.p[from] & 0xc0) == 0x80)
            from++;
        text = ir_str_skip(text, from);
        if (from > 0) ir_buf_str(line, IR_S("…"));
        if (from > 0) room--;
    }
    ir_visible(line, text, room);
}

/* "TIME  PATH:LINE  COUNTRY  [found]  RECORD", one line whatever the record holds. On a terminal
 * the record stands without its own time, and what was found is not said where it can be seen. */
static void table_row(struct ir_buf *out, const struct ir_row *row,
                      const struct ir_write_options *opt)
{
    struct ir_buf line = IR_BUF((size_t)1 << 20);
    const bool cut = row->text.n > TABLE_TEXT_MAX;
    struct ir_str text = ir_str_head(row->text, TABLE_TEXT_MAX);
    if (opt->columns > 0) text = ir_str_skip(text, row->stamp);
    if (row->has_time)
        ir_page_time(&line, row->time, opt);
    else
        ir_pad(&line, ir_intl_str(N_("time unknown")), sizeof "2026-11-22 10:02:03+09:00" - 1);
    ir_buf_add(&line, "  ", 2);
    put_place(&line, row, opt->columns);
    if (row->col[IR_ROW_COUNTRY].n > 0) {
        ir_visible(&line, row->col[IR_ROW_COUNTRY], 20);
        ir_buf_add(&line, "  ", 2);
    }
    struct ir_str match = row->match;
    if (row->match.n > 0 && (opt->columns == 0 || find_match(text, &match) == IR_NPOS)) {
        ir_buf_chr(&line, '[');
        ir_visible(&line, row->match, opt->columns > 0 ? opt->columns / 4 : 200);
        ir_buf_str(&line, IR_S("]  "));
    }
    size_t used = ir_columns(ir_buf_view(&line));
    if (opt->columns > 0)
        put_record(&line, text, row->match, opt->columns > used + 20 ? opt->columns - used : 20);
    else
        ir_visible(&line, text, 0);
    if (cut && opt->columns == 0) ir_buf_str(&line, IR_S("…"));
    ir_buf_str(out, ir_buf_view(&line));
    ir_buf_chr(out, '\n');
    ir_buf_free(&line);
}

static void jsonl_row(struct ir_buf *out, const struct ir_row *row,
                      const struct ir_write_options *opt)
{
    bool first = true;
    (void)opt;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", row->match.n > 0 ? IR_S("match") : IR_S("event"));
    ir_out_time(out, &first, "@timestamp", row->has_time, row->time);
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++)
        if (row->col[i].n > 0) ir_out_text(out, &first, columns[i].name, row->col[i]);
    if (row->match.n > 0) ir_out_text(out, &first, "ir.match", row->match);
    ir_out_text(out, &first, "message", row->text);
    ir_out_text(out, &first, "log.file.path", ir_str_z(row->path));
    ir_out_u64(out, &first, "log.offset", row->offset);
    ir_out_u64(out, &first, "log.line", row->line);
    ir_out_text(out, &first, "ir.format", ir_str_z(row->format));
    ir_buf_add(out, "}\n", 2);
}

static void csv_row(struct ir_buf *out, const struct ir_row *row,
                    const struct ir_write_options *opt)
{
    bool first = true;
    (void)opt;
    ir_cell_time(out, &first, row->has_time, row->time);
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++)
        ir_cell_text(out, &first, row->col[i]);
    ir_cell_text(out, &first, row->match);
    ir_cell_text(out, &first, ir_str_z(row->path));
    ir_cell_u64(out, &first, row->line);
    ir_cell_u64(out, &first, row->offset);
    ir_cell_text(out, &first, ir_str_z(row->format));
    ir_cell_text(out, &first, row->text);
    ir_cell_end(out);
}

static void timesketch_row(struct ir_buf *out, const struct ir_row *row,
                           const struct ir_write_options *opt)
{
    const struct ir_finding f = {.has_time = row->has_time, .time = row->time, .count = 1};
    char time[IR_TS_TIME_TEXT];
    bool first = true;
    (void)opt;
    ir_cell_text(out, &first, row->text);
    ir_cell_text(out, &first, ir_str_n(time, ir_ts_datetime(&f, time)));
    ir_cell_text(out, &first, ir_str_z(ir_ts_description(&f)));
    ir_buf_fmt(out, ",%lld", (long long)ir_ts_microseconds(&f));
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++)
        ir_cell_text(out, &first, row->col[i]);
    ir_cell_text(out, &first, ir_str_z(row->path));
    ir_cell_u64(out, &first, row->line);
    ir_cell_u64(out, &first, row->offset);
    ir_cell_text(out, &first, ir_str_z(row->format));
    ir_cell_end(out);
}

static const struct ir_row_writer table = {"table", NULL, table_row};
static const struct ir_row_writer jsonl = {"jsonl", NULL, jsonl_row};
static const struct ir_row_writer csv = {
    "csv",
    "time,host.name,process.name,user.name,source.ip,destination.ip,event.action,event.outcome,"
    "url.original,source.geo.country_iso_code,match,path,line,offset,format,record\r\n",
    csv_row};
static const struct ir_row_writer timesketch = {
    "timesketch-csv",
    "message,datetime,timestamp_desc,timestamp,host_name,process_name,user_name,source_ip,"
    "destination_ip,event_action,event_outcome,url,"
    "source_geo_country_iso_code,path,line,offset,data_type\r\n",
    timesketch_row};

const struct ir_row_writer *const ir_row_writers[] = {&table, &jsonl, &csv, &timesketch, NULL};

const struct ir_row_writer *ir_row_writer_by_name(const char *name)
{
    for (size_t i = 0; ir_row_writers[i] != NULL; i++)
        if (strcmp(ir_row_writers[i]->name, name) == 0) return ir_row_writers[i];
    return NULL;
}
