/*
 * The header of a CSV file, and what its columns become. A column keeps its name as a native field;
 * names that are commonly used give ECS fields besides (generic_keys.def), when the value is what
 * the name says. See csv.h.
 */
#include "format/csv.h"

#include "base/time.h"
#include "format/generic.h"

#define NAME_MAX_BYTES 64u

unsigned ir_csv_count(struct ir_str rec, char sep)
{
    struct ir_csv c = ir_csv_open(rec, sep);
    struct ir_csv_cell cell;
    unsigned n = 0;
    while (n <= IR_CSV_COLUMNS_MAX && ir_csv_next(&c, &cell))
        n++;
    return n;
}

/* A name: letters of any language first, no digits alone, nothing that a value would have. */
static bool is_name(struct ir_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_BYTES) return false;
    unsigned char first = (unsigned char)s.p[0];
    if (!ir_isalpha(s.p[0]) && first < 0x80 && strchr("_@#%$", s.p[0]) == NULL) return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < ' ' || c == 0x7f || c == '=' || c == '{' || c == '"' || c == '\\') return false;
    }
    return true;
}

bool ir_csv_is_header(struct ir_str rec, char sep)
{
    struct ir_csv c = ir_csv_open(rec, sep);
    struct ir_csv_cell cell;
    while (ir_csv_next(&c, &cell))
        if (!is_name(cell.text)) return false;
    return true;
}

static bool is_one_of(struct ir_str name, const struct ir_str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ir_str_ieq(name, list[i])) return true;
    return false;
}

static int time_rank(struct ir_str name)
{
    static const struct ir_str sure[] = {
        IR_S("@timestamp"), IR_S("timestamp"),     IR_S("datetime"),      IR_S("date_time"),
        IR_S("_time"),      IR_S("eventtime"),     IR_S("event_time"),    IR_S("event time"),
        IR_S("UtcTime"),    IR_S("TimeCreated"),   IR_S("TimeGenerated"), IR_S("time_generated"),
        IR_S("created_at"), IR_S("Date and Time"), IR_S("CreationTime"),  IR_S("CreationDate"),
        IR_S("logtime"),    IR_S("Event Date"),    IR_S("日時"),          IR_S("発生日時"),
        IR_S("日付と時刻")};
    static const struct ir_str perhaps[] = {IR_S("time"),       IR_S("date"),      IR_S("ts"),
                                            IR_S("時刻"),       IR_S("時間"),      IR_S("日付"),
                                            IR_S("start_time"), IR_S("Start Time")};
    if (is_one_of(name, sure, sizeof sure / sizeof *sure)) return 2;
    return is_one_of(name, perhaps, sizeof perhaps / sizeof *perhaps) ? 1 : 0;
}

/* The surest name; "Date" and "Time" side by side are one time. */
static void find_time(struct ir_csv_header *h)
{
    int best = 0, date = -1, clock = -1;
    h->time = h->clock = -1;
    for (unsigned i = 0; i < h->n; i++) {
        struct ir_str name = h->column[i].name;
        int rank = time_rank(name);
        if (rank > best) {
            best = rank;
            h->time = (int)i;
        }
        if (ir_str_ieq(name, IR_S("date")) || ir_str_eq(name, IR_S("日付"))) date = (int)i;
        if (ir_str_ieq(name, IR_S("time")) || ir_str_eq(name, IR_S("時刻"))) clock = (int)i;
    }
    if (best == 2 || date < 0 || clock < 0) return;
    h->time = date;
    h->clock = clock;
}

static char choose_sep(struct ir_str rec)
{
    static const char seps[] = ",;\t|";
    char best = ',';
    unsigned most = 0;
    for (size_t i = 0; i < sizeof seps - 1; i++) {
        unsigned n = ir_csv_count(rec, seps[i]);
        if (n > most) {
            most = n;
            best = seps[i];
        }
    }
    return best;
}

bool ir_csv_header(struct ir_str rec, struct ir_csv_header *h)
{
    struct ir_csv_cell cell;
    if (rec.n >= 3 && memcmp(rec.p, "\xef\xbb\xbf", 3) == 0) rec = ir_str_skip(rec, 3);
    h->sep = choose_sep(rec);
    h->n = 0;
    h->copy = NULL;
    struct ir_csv c = ir_csv_open(rec, h->sep);
    while (h->n < IR_CSV_COLUMNS_MAX && ir_csv_next(&c, &cell)) {
        if (!is_name(cell.text)) return false;
        h->column[h->n].name = cell.text;
        h->column[h->n++].row = ir_device_row(&ir_generic_keys, ir_csv_english(cell.text));
    }
    find_time(h);
    ir_csv_synology(h);
    return h->n > 0;
}

static void add_cell(const struct ir_csv_column *col, struct ir_str v, struct ir_event *ev)
{
    const struct ir_device_row *row = col->row >= 0 ? &ir_generic_keys.row[col->row] : NULL;
    struct ir_str value = ir_device_value(v);
    uint32_t id = ir_names_find(ev->names, col->name);
    bool ecs = row != NULL && (row->kind & ~IR_DEV_FREE) != IR_DEV_NONE && value.n > 0;
    if (ecs && ir_event_get(ev, row->field, 0).p == NULL)
        ir_device_set(ev, row->kind & ~(unsigned)IR_DEV_FREE, row->field, value);
    if (!ecs || id != row->field) ir_event_add_named(ev, col->name, IR_V_STRING, v);
}

static struct ir_str *wanted(int row, struct ir_str *action, struct ir_str *outcome,
                             struct ir_str *url)
{
    struct ir_str key = row >= 0 ? ir_generic_keys.row[row].key : ir_str_n("", 0);
    if (ir_str_eq(key, IR_S("action"))) return action;
    if (ir_str_eq(key, IR_S("outcome")) || ir_str_eq(key, IR_S("result"))) return outcome;
    if (ir_str_eq(key, IR_S("url")) || ir_str_eq(key, IR_S("uri"))) return url;
    return NULL;
}

/* Date and clock in two cells: joined for the reader of times. */
static void take_time(const struct ir_csv_header *h, struct ir_str date, struct ir_str time,
                      const struct ir_clock *clock, struct ir_event *ev)
{
    char text[64];
    if (h->clock < 0) {
        ir_csv_time(ev, date, clock);
        return;
    }
    if (date.n + time.n + 1 > sizeof text) return;
    memcpy(text, date.p, date.n);
    text[date.n] = ' ';
    memcpy(text + date.n + 1, time.p, time.n);
    ir_csv_time(ev, ir_str_n(text, date.n + 1 + time.n), clock);
}

/* The cell's text, without the doubled quotes. */
static struct ir_str text_of(const struct ir_csv_cell *cell, struct ir_event *ev)
{
    if (!cell->doubled) return cell->text;
    ev->verbatim = false;
    return ir_csv_decode(cell->text, ev->arena);
}

static void take_event(const struct ir_csv_header *h, struct ir_str rec, struct ir_event *ev)
{
    struct ir_csv c = ir_csv_open(rec, h->sep);
    struct ir_csv_cell cell;
    for (int i = 0; ir_csv_next(&c, &cell); i++)
        if (i == h->event) ir_csv_synology_event(h, text_of(&cell, ev), ev);
}

void ir_csv_fields(const struct ir_csv_header *h, struct ir_str rec, const struct ir_clock *clock,
                   struct ir_event *ev)
{
    struct ir_csv c = ir_csv_open(rec, h->sep);
    struct ir_csv_cell cell;
    if (h->event >= 0) take_event(h, rec, ev);
    struct ir_str date = {"", 0}, time = {"", 0};
    struct ir_str action = {NULL, 0}, outcome = {NULL, 0}, url = {NULL, 0};
    unsigned i = 0;
    for (; ir_csv_next(&c, &cell); i++) {
        if (i >= h->n) break;
        struct ir_str v = text_of(&cell, ev);
        if ((int)i == h->time) date = v;
        if ((int)i == h->clock) time = v;
        struct ir_str *to = wanted(h->column[i].row, &action, &outcome, &url);
        if (to != NULL) *to = ir_device_value(v);
        add_cell(&h->column[i], v, ev);
    }
    if (i != h->n) ir_event_damage(ev, "a record with more or fewer cells than the header");
    take_time(h, date, time, clock, ev);
    if (h->files) ir_csv_synology_file(ev);
    ir_generic_conclude(ev, action, outcome, url);
}
