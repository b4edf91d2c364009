/*
 * CSV with a header line: what spreadsheets, consoles and scripts export. Columns are named by the
 * first record; the separator is a comma, semicolon, tab or bar. Not for logs whose columns are
 * fixed by a product (paloalto.c) or named by '#Fields:' (w3c.c, zeek.c).
 * Document: RFC 4180.
 *
 * A quoted cell may hold line ends. Where a quoted cell ends is decided without knowing the
 * separator, so that blocks can be cut: at a quote that is not doubled and stands before one of the
 * four separators or a line end, within CELL_LINES lines and CELL_BYTES bytes. A quote without such
 * an end is an ordinary byte, so an attacker's quote cannot swallow the rest of a file.
 *
 * The time is the column with a name for it whose values are times, or two columns for date and
 * clock. 03/04/2026 is no time: nobody can tell its month.
 */
#include "format/csv.h"

#include <stdlib.h>

#include "format/generic.h"
#include "format/stamp.h"

#define CELL_BYTES  65536u
#define CELL_LINES  64u
#define BID_RECORDS 20u

static bool is_sep(char c)
{
    return c == ',' || c == ';' || c == '\t' || c == '|';
}

static bool ends_cell(struct ir_str s, size_t at)
{
    return at >= s.n || is_sep(s.p[at]) || s.p[at] == '\n' || s.p[at] == '\r';
}

/* The quote that ends the cell whose quote is at `open`, or IR_NPOS. *ret_short: the text may go on
 * and hold it. */
static size_t closing(struct ir_str s, size_t open, bool *ret_short)
{
    const struct ir_str within = ir_str_head(s, open + CELL_BYTES);
    unsigned lines = 0;
    for (size_t i = open + 1, counted = i; i < within.n; i++) {
        const size_t quote = ir_str_chr(ir_str_skip(within, i), '"');
        if (quote == IR_NPOS) break;
        i += quote;
        for (size_t nl; (nl = ir_str_chr(ir_str_n(s.p + counted, i - counted), '\n')) != IR_NPOS;
             counted += nl + 1)
            if (++lines > CELL_LINES) return IR_NPOS;
        if (i + 1 < within.n && within.p[i + 1] == '"')
            i++;
        else if (ends_cell(s, i + 1))
            return i;
    }
    *ret_short = within.n == s.n;
    return IR_NPOS;
}

/* Bytes of the first record with its line end; 0 when it does not end here. */
static size_t record_length(struct ir_str s, bool last)
{
    size_t from = 0;
    for (;;) {
        size_t nl = ir_str_chr(ir_str_skip(s, from), '\n');
        size_t end = nl == IR_NPOS ? s.n : from + nl;
        size_t q = from;
        for (; q < end; q++) { /* a quote at the start of a cell */
            size_t at = ir_str_chr(ir_str_n(s.p + q, end - q), '"');
            if (at == IR_NPOS) q = end - 1;
            if (at == IR_NPOS) continue;
            q += at;
            if (q > 0 && !is_sep(s.p[q - 1])) continue;
            bool more = false;
            size_t close = closing(s, q, &more);
            if (close == IR_NPOS && more && !last) return 0;
            if (close == IR_NPOS) { /* no other quote is looked for in this line */
                q = end;
                break;
            }
            if (close > end) break;
            q = close;
        }
        if (q >= end) {
            if (nl != IR_NPOS) return end + 1;
            return last ? s.n : 0;
        }
        bool more = false;
        from = closing(s, q, &more) + 1;
    }
}

static size_t cut(struct ir_str data, bool last)
{
    size_t done = 0;
    while (done < data.n) {
        size_t n = record_length(ir_str_skip(data, done), last);
        if (n == 0) break;
        done += n;
    }
    return done;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    while (rest->n > 0) {
        size_t n = record_length(*rest, true);
        struct ir_str rec = ir_str_head(*rest, n);
        *rest = ir_str_skip(*rest, n);
        while (rec.n > 0 && (rec.p[rec.n - 1] == '\n' || rec.p[rec.n - 1] == '\r'))
            rec.n--;
        *ret_rec = rec;
        if (rec.n > 0) return true;
    }
    return false;
}

static int bid(struct ir_str head)
{
    struct ir_csv_header h;
    struct ir_str rec;
    unsigned records = 0, good = 0;
    if (!next(&head, &rec) || !ir_csv_header(rec, &h) || h.n < 2) return 0;
    while (records < BID_RECORDS && next(&head, &rec)) {
        if (head.n == 0 && records > 0) break; /* the peek may have cut it */
        records++;
        good += ir_csv_count(rec, h.sep) == h.n && !ir_csv_is_header(rec, h.sep);
    }
    if (records == 0 || good * 5 < records * 4) return 0;
    if (h.time >= 0) return 75;
    if (h.n > 2) return 65;
    /* prose has a comma, too */
    bool words = ir_str_chr(h.column[0].name, ' ') == IR_NPOS &&
                 ir_str_chr(h.column[1].name, ' ') == IR_NPOS;
    return words && good == records ? 50 : 0;
}

static int open_csv(struct ir_parser *p)
{
    p->state = calloc(1, sizeof(struct ir_csv_header));
    return p->state != NULL ? IR_OK : IR_FATAL;
}

static void close_csv(struct ir_parser *p)
{
    struct ir_csv_header *h = p->state;
    if (h != NULL) free(h->copy);
    free(h);
}

/* The names live as long as the parser: events of later blocks point to them. */
static bool learn(struct ir_csv_header *h, struct ir_str rec)
{
    if (!ir_csv_header(rec, h)) return false;
    char *copy = malloc(rec.n);
    if (copy == NULL) return false;
    memcpy(copy, rec.p, rec.n);
    for (unsigned i = 0; i < h->n; i++)
        h->column[i].name.p = copy + (h->column[i].name.p - rec.p);
    h->copy = copy;
    return true;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_csv_header *h = p->state;
    if (h == NULL || p->fmt != &ir_format_csv) return IR_BAD;
    if (h->copy == NULL) {
        if (!learn(h, rec)) return IR_BAD;
        ir_event_set(ev, IR_F_MESSAGE, rec);
        ir_event_derive(ev, IR_F_EVENT_ACTION, IR_S("csv_header"));
        return IR_OK;
    }
    ir_csv_fields(h, rec, &p->clock, ev);
    if (ir_event_get(ev, IR_F_MESSAGE, 0).p == NULL) ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

const struct ir_format ir_format_csv = {
    .name = "csv",
    .title = N_("CSV with a header: comma, semicolon, tab or bar"),
    .flags = IR_FMT_DOCUMENTS | IR_FMT_HEADER,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
    .open = open_csv,
    .close = close_csv,
};
