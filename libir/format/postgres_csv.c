/*
 * PostgreSQL's csvlog (postgresql-….csv). Document: PostgreSQL manual, "Using CSV-Format Log
 * Output".
 *
 *     time with zone,"user","database",pid,"host:port",session,line,"command",session start,vxid,
 *     xid,LEVEL,sqlstate,"message","detail","hint",query,position,"context","statement",position,
 *     location,"application"[,"backend",leader,query id]
 *
 * Cells that hold commas, quotes or line ends stand in quotes, and a quote inside is doubled; so
 * the client's statements cannot leave their cell, and an entry ends at a line end outside quotes.
 */
#include "format/db.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define CELLS_MAX  26u
#define CELLS_MIN  20u
#define RECORD_MAX ((size_t)4 << 20) /* a quote that never ends must not swallow the log */

enum cell {
    AT,
    USER,
    DATABASE,
    PID,
    CLIENT,
    SESSION,
    LINE,
    COMMAND,
    LEVEL = 11,
    STATE,
    MESSAGE,
    DETAIL,
    STATEMENT = 19,
    APPLICATION = 22
};

static struct ir_str first_cell(struct ir_str s)
{
    size_t n = ir_str_chr(ir_str_head(s, 48), ',');
    return n == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(s, n);
}

static bool starts_record(struct ir_str s)
{
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    struct ir_str at = first_cell(s);
    return at.n >= 23 && at.p[10] == ' ' && ir_postgres_stamp(at, &clock, &scratch) == at.n;
}

/* Bytes with the line end; IR_NPOS: it needs more. A record whose quotes never close ends at its
 * first line. */
static size_t record_length(struct ir_str s, bool last)
{
    bool inside = false;
    size_t first = ir_str_chr(s, '\n');
    for (size_t i = 0; i < s.n && i < RECORD_MAX; i++) {
        if (s.p[i] == '"') inside = !inside;
        if (s.p[i] == '\n' && !inside) return i + 1;
    }
    if (!last && s.n < RECORD_MAX) return IR_NPOS;
    return first == IR_NPOS || !inside ? s.n : first + 1;
}

static size_t cut(struct ir_str data, bool last)
{
    struct ir_str rest = data;
    if (last) return data.n;
    for (size_t n; rest.n > 0 && (n = record_length(rest, false)) != IR_NPOS;)
        rest = ir_str_skip(rest, n);
    return data.n - rest.n;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
        *rest = ir_str_skip(*rest, 1);
    if (rest->n == 0) return false;
    size_t n = record_length(*rest, true);
    *ret_rec = ir_str_head(*rest, n);
    while (ret_rec->n > 1 &&
           (ret_rec->p[ret_rec->n - 1] == '\n' || ret_rec->p[ret_rec->n - 1] == '\r'))
        ret_rec->n--;
    *rest = ir_str_skip(*rest, n);
    return true;
}

static const struct {
    enum cell cell;
    struct ir_str name;
} native[] = {{SESSION, IR_S("session_id")},
              {COMMAND, IR_S("command_tag")},
              {DETAIL, IR_S("detail")},
              {STATEMENT, IR_S("query")},
              {APPLICATION, IR_S("application_name")}};

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str cell[CELLS_MAX] = {{0}}, rest = rec;
    size_t n = 0;
    if (!starts_record(rec)) return IR_BAD;
    while (n < CELLS_MAX && ir_db_cell(&rest, '"', 0, ev, &cell[n]))
        n++;
    if (n < CELLS_MIN) return IR_BAD;
    ir_postgres_stamp(cell[AT], &p->clock, ev);
    ir_event_source(ev, IR_LS_POSTGRESQL);
    ir_db_user(ev, cell[USER], cell[DATABASE]);
    ir_web_number(ev, IR_F_PROCESS_PID, cell[PID]);
    ir_db_client(ev, cell[CLIENT]);
    ir_web_set(ev, IR_F_LOG_LEVEL, cell[LEVEL]);
    ir_web_set(ev, IR_F_ERROR_CODE, cell[STATE]);
    ir_event_set(ev, IR_F_MESSAGE, cell[MESSAGE]);
    for (size_t i = 0; i < sizeof native / sizeof *native; i++)
        if (cell[native[i].cell].n > 0)
            ir_event_add_named(ev, native[i].name, IR_V_STRING, cell[native[i].cell]);
    ir_postgres_message(cell[LEVEL], cell[MESSAGE], ev);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    struct ir_str rec, cell;
    if (!starts_record(head) || !next(&head, &rec)) return 0;
    size_t n = 0;
    while (n < CELLS_MAX && ir_db_cell(&rec, '"', 0, NULL, &cell))
        n++;
    return n >= CELLS_MIN ? 95 : 0;
}

const struct ir_format ir_format_postgres_csv = {
    .name = "postgresql_csv",
    .title = N_("PostgreSQL csvlog"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
