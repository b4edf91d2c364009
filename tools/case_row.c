/*
 * How `ir case` prints rows: a line of a table, or an object. See case.h. On a terminal that a row
 * does not fit, it is broken between columns: what is beside what is the same in every row.
 */
#include "base/intl.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "case.h"

#define INDENT     4u /* of what stands below a row's first line */
#define CELL_MAX   ((size_t)64 << 20)
#define LAST_LEAST 30u /* columns that the last cell, a text, is worth beginning in */

/* A following cell is in the table. */
static bool more(const struct case_cell *cell, size_t i, size_t n)
{
    for (i++; i < n; i++)
        if (!cell[i].only_json) return true;
    return false;
}

/* A row on its way: the line that is being written began at `start`, and `at` columns are taken. */
struct row {
    struct ir_buf *out;
    size_t width, start, at; /* width 0: a line may be as long as it likes */
};

static void end_line(struct row *r)
{
    struct ir_buf *out = r->out;
    while (out->n > r->start && out->p[out->n - 1] == ' ')
        out->n--;
    if (out->n > r->start) ir_buf_chr(out, '\n');
    r->start = out->n;
}

/* The columns of a cell; on a terminal those of its heading, too, so that they stay below each
 * other. */
static size_t room_of(const struct row *r, const struct case_cell *cell)
{
    const size_t label = r->width > 0 ? ir_columns(ir_str_z(_(cell->label))) : 0;
    return label > cell->columns ? label : cell->columns;
}

static void put(struct row *r, const struct case_cell *cell, struct ir_str text, bool last)
{
    const size_t room = room_of(r, cell), used = ir_columns(text);
    if (r->width > 0 && r->at > 0 && r->at + (last ? LAST_LEAST : room) > r->width) {
        end_line(r);
        ir_buf_fmt(r->out, "%*s", (int)INDENT, "");
        r->at = INDENT;
    }
    if (last && r->width > 0)
        ir_wrap(r->out, text, r->at, r->at, r->width);
    else
        ir_buf_str(r->out, text);
    if (!last) ir_buf_fmt(r->out, "%*s", used < room ? (int)(room - used) + 2 : 2, "");
    r->at += (used < room ? room : used) + 2;
}

static struct row begin(struct case_job *j)
{
    return (struct row){
        .out = &j->out.buf, .width = j->env->out_tty ? j->env->columns : 0, .start = j->out.buf.n};
}

static void head(struct case_job *j, const struct case_cell *cell, size_t n)
{
    struct row r = begin(j);
    for (size_t i = 0; i < n; i++)
        if (!cell[i].only_json) put(&r, &cell[i], ir_str_z(_(cell[i].label)), !more(cell, i, n));
    if (r.width > 0)
        end_line(&r);
    else
        ir_buf_chr(r.out, '\n');
}

/* What the database keeps as JSON is no text to programs. */
static bool holds_json(const char *key)
{
    return strcmp(key, "entity") == 0 || strcmp(key, "criteria") == 0 ||
           strcmp(key, "summary") == 0;
}

/* A table has one line for a row: what has more stands there in one. */
static void cell_line(struct ir_buf *out, struct ir_str text)
{
    struct ir_str one;
    bool ended, first = true;
    while (ir_str_line(&text, &one, &ended)) {
        one = ir_str_trim(one);
        if (one.n == 0) continue;
        if (!first) ir_buf_str(out, IR_S(" / "));
        ir_visible(out, one, 0);
        first = false;
    }
}

static void line(struct case_job *j, const struct case_cell *cell, size_t n)
{
    struct ir_buf text = IR_BUF(CELL_MAX);
    struct row r = begin(j);
    for (size_t i = 0; i < n; i++) {
        if (cell[i].only_json) continue;
        ir_buf_clear(&text);
        if (cell[i].number)
            ir_buf_fmt(&text, "%lld", (long long)cell[i].n);
        else
            cell_line(&text, case_word(cell[i].key, cell[i].text));
        put(&r, &cell[i], ir_buf_view(&text), !more(cell, i, n));
    }
    ir_buf_free(&text);
    if (r.width > 0)
        end_line(&r);
    else
        ir_buf_chr(r.out, '\n');
}

static void object(struct ir_buf *out, const char *part, const struct case_cell *cell, size_t n)
{
    bool first = true;
    ir_buf_chr(out, '{');
    if (part != NULL) {
        ir_json_write_key(out, &first, IR_S("part"));
        ir_json_write_str(out, ir_str_z(part));
    }
    for (size_t i = 0; i < n; i++) {
        ir_json_write_key(out, &first, ir_str_z(cell[i].key));
        if (cell[i].number)
            ir_json_write_i64(out, cell[i].n);
        else if (cell[i].text.p == NULL)
            ir_buf_str(out, IR_S("null"));
        else if (!holds_json(cell[i].key) || !ir_json_write_again(out, cell[i].text))
            ir_json_write_str(out, cell[i].text);
    }
    ir_buf_str(out, IR_S("}\n"));
}

void case_row(struct case_job *j, const struct case_cell *cell, size_t n)
{
    if (j->json) {
        object(&j->out.buf, j->part, cell, n);
    } else {
        if (j->rows == 0) head(j, cell, n);
        line(j, cell, n);
    }
    j->rows++;
    sink_drain(&j->out);
}
