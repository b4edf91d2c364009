/*
 * Findings and events made of arbitrary bytes through every writer. What must hold whatever the
 * bytes: JSON lines are JSON without a key twice, nothing prints a control character, a CSV row has
 * as many cells as the header and no cell that a spreadsheet would run.
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "event/event.h"
#include "report/writer.h"

#define PARTS_MAX 64u

static void demand(bool holds)
{
    if (!holds) abort();
}

static void demand_json(struct ir_str text)
{
    struct ir_json j;
    struct ir_json_tok t;
    struct ir_str keys[2 * PARTS_MAX + 64];
    size_t n = 0;
    int rc;
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.type != IR_JSON_KEY || t.depth != 1) continue;
        for (size_t i = 0; i < n; i++)
            demand(!ir_str_eq(keys[i], t.text));
        demand(n < sizeof keys / sizeof *keys);
        keys[n++] = t.text;
    }
    demand(rc == IR_END);
    demand(text.n > 0 && ir_str_chr(text, '\n') == text.n - 1);
}

static void demand_visible(struct ir_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        demand((c >= 0x20 && c != 0x7f) || c == '\n' || (c == '\r' && i + 2 == text.n));
    }
    demand(ir_utf8_valid(text));
}

/* Cells of one row; checks what stands at the start of each. */
static size_t demand_cells(struct ir_str row)
{
    size_t n = 0;
    while (row.n > 2) {
        bool quoted = row.p[0] == '"';
        if (quoted) row = ir_str_skip(row, 1);
        struct ir_str bare = ir_str_trim(ir_str_head(row, row.n - 2));
        demand(bare.n == 0 || memchr("=+@", bare.p[0], 3) == NULL);
        n++;
        if (quoted) {
            for (;;) { /* to the quote that ends the cell */
                size_t at = ir_str_chr(row, '"');
                demand(at != IR_NPOS);
                row = ir_str_skip(row, at + 1);
                demand(row.n > 0);
                if (row.p[0] != '"') break;
                row = ir_str_skip(row, 1);
            }
        } else {
            size_t comma = ir_str_chr(row, ',');
            row = ir_str_skip(row, comma == IR_NPOS ? row.n - 2 : comma);
        }
        if (row.p[0] != ',') break;
        row = ir_str_skip(row, 1);
        if (row.n == 2) n++; /* an empty last cell */
    }
    demand(row.n == 2 && row.p[0] == '\r');
    return n;
}

static size_t commas(struct ir_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ',';
    return n;
}

static void get_finding(void *user, size_t i, struct ir_finding *ret_f)
{
    *ret_f = *(const struct ir_finding *)user;
    ret_f->time += (int64_t)i;
}

static void get_input(void *user, size_t i, struct ir_input_report *ret_in)
{
    const struct ir_finding *f = user;
    *ret_in = (struct ir_input_report){.path = f->origins->path,
                                       .reason = f->origins->path,
                                       .records = i,
                                       .has_time = f->has_time,
                                       .first = f->time,
                                       .last = f->time};
}

static bool drain(void *user)
{
    (void)user;
    return true;
}

static size_t times_in(struct ir_str text, const char *part)
{
    size_t n = 0;
    for (size_t at; (at = ir_str_find(text, ir_str_z(part))) != IR_NPOS; n++)
        text = ir_str_skip(text, at + 1);
    return n;
}

static void write_document(const struct ir_finding *f, const struct ir_writer *w,
                           const struct ir_write_options *opt)
{
    struct ir_buf b = IR_BUF(1 << 26);
    struct ir_hist times = {0};
    const struct ir_summary s = {.has_time = f->has_time, .first = f->time, .last = f->time};
    const struct ir_document d = {.user = (void *)(uintptr_t)f,
                                  .nfindings = f->count % 60,
                                  .ninputs = 2,
                                  .finding = get_finding,
                                  .input = get_input,
                                  .summary = &s,
                                  .times = &times,
                                  .drain = drain};
    w->document(&b, &d, opt);
    demand(!b.full);
    demand(ir_utf8_valid(ir_buf_view(&b)));
    for (size_t i = 0; i < b.n; i++)
        demand(((unsigned char)b.p[i] >= 0x20 && b.p[i] != 0x7f) || b.p[i] == '\n');
    if (strcmp(w->name, "html") == 0) {
        demand(times_in(ir_buf_view(&b), "<script") == 1);
        demand(times_in(ir_buf_view(&b), "<img") == 0);
    }
    if (strcmp(w->name, "sarif") == 0 || strcmp(w->name, "navigator") == 0) {
        struct ir_json j;
        struct ir_json_tok t;
        int rc;
        ir_json_begin(&j, ir_buf_view(&b));
        while ((rc = ir_json_next(&j, &t)) == IR_OK)
            continue;
        demand(rc == IR_END);
    }
    ir_buf_free(&b);
}

static void write_finding(const struct ir_finding *f)
{
    struct ir_buf b = IR_BUF(1 << 24);
    const struct ir_write_options opt = {.columns = (unsigned)(f->count % 200), .max_origins = 2};
    for (size_t i = 0; ir_writers[i] != NULL; i++) {
        size_t cells = 0;
        if (ir_writers[i]->document != NULL) {
            write_document(f, ir_writers[i], &opt);
            continue;
        }
        ir_buf_clear(&b);
        if (ir_writers[i]->begin != NULL) ir_writers[i]->begin(&b, &opt);
        cells = commas(ir_buf_view(&b)) + 1;
        ir_buf_clear(&b);
        ir_writers[i]->finding(&b, f, &opt);
        demand(!b.full);
        demand_visible(ir_buf_view(&b));
        if (strstr(ir_writers[i]->name, "jsonl")) demand_json(ir_buf_view(&b));
        if (strstr(ir_writers[i]->name, "csv")) demand(demand_cells(ir_buf_view(&b)) == cells);
    }
    ir_buf_free(&b);
}

static void finding(const struct ir_str *part, const char *path)
{
    struct ir_origin o = {.path = path,
                          .offset = part[0].n,
                          .line = part[1].n,
                          .record = part[2],
                          .excerpt = part[3],
                          .before = part[19],
                          .after = part[20]};
    struct ir_finding f = {.id = "00",
                           .time = (int64_t)part[4].n * 1000003 - 1000,
                           .has_time = part[4].n % 5 != 0,
                           .rule_id = part[5],
                           .title = part[6],
                           .level = (enum ir_level)(part[7].n % (IR_LEVEL_MAX + 1)),
                           .tags = part + 8,
                           .ntags = 3,
                           .type = "sigma",
                           .nentity = 3,
                           .origins = &o,
                           .norigins = part[11].n % 2,
                           .count = part[12].n,
                           .why = part[13],
                           .next = part[14]};
    const struct ir_reason_corr corr = {.what = (enum ir_reason_count)(part[6].n % IR_COUNT_MAX),
                                        .title = {part[6], part[7]},
                                        .ntitles = 2,
                                        .span = (int64_t)part[8].n * 1000000000,
                                        .field = ir_str_z(path),
                                        .count = part[12].n,
                                        .measure = (double)part[9].n / 3};
    const struct ir_reasons reasons = {
        .item = {{.op = (enum ir_reason_op)(part[3].n % IR_REASON_MAX),
                  .part = (enum ir_reason_part)(part[4].n % IR_PART_MAX),
                  .negated = part[5].n % 2 != 0,
                  .coded = part[6].n % 2 != 0,
                  .field = ir_str_z(path),
                  .value = {part[13], part[14]},
                  .nvalues = (uint32_t)(part[7].n % 5),
                  .held = part[3]}},
        .nitems = 1,
        .corr = part[2].n % 2 != 0 ? &corr : NULL,
        .critical = part[1]};
    f.reasons = part[0].n % 3 != 0 ? &reasons : NULL;
    f.entity[0] = (struct ir_entity){"source.ip", part[15]};
    f.entity[1] = (struct ir_entity){"user.name", part[16]};
    f.entity[2] = (struct ir_entity){part[17].n % 2 ? "user_name" : "message", part[17]};
    write_finding(&f);
}

/* Names and values by turns. */
static void event(const struct ir_str *part, size_t n)
{
    struct ir_names *names = ir_names_new();
    struct ir_arena arena = IR_ARENA(1 << 20);
    struct ir_event *ev = names ? ir_event_new(names, &arena) : NULL;
    if (ev == NULL) exit(1);
    struct ir_buf b = IR_BUF(1 << 24);
    ev->want_all = true;
    ir_event_begin(ev, part[0], 1, 1);
    for (size_t i = 1; i + 1 < n; i += 2) {
        if (part[i].n % 7 == 6) ir_event_view(ev);
        if (part[i].n % 5 == 4)
            ir_event_add(ev, (uint32_t)(part[i].n % IR_F_STATIC_MAX), IR_V_STRING, part[i + 1]);
        ir_event_add_named(ev, part[i], (enum ir_value_type)(i / 2 % 4), part[i + 1]);
    }
    ir_write_event(&b, ev, "path", "format");
    demand(!b.full);
    demand_json(ir_buf_view(&b));
    demand_visible(ir_buf_view(&b));
    ir_buf_free(&b);
    ir_event_free(ev);
    ir_names_free(names);
    ir_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ir_str empty = {"", 0};
    struct ir_str rest = ir_str_n((const char *)data, size);
    struct ir_str part[PARTS_MAX];
    size_t n = 0;
    while (rest.p != NULL && n < PARTS_MAX)
        part[n++] = ir_str_cut(&rest, '\n');
    size_t given = n;
    while (n < PARTS_MAX)
        part[n++] = empty;
    char path[128];
    size_t len = part[18].n < sizeof path ? part[18].n : sizeof path - 1;
    if (len > 0) memcpy(path, part[18].p, len);
    path[len] = '\0';
    finding(part, path);
    event(part, given > 1 ? given : 1);
    return 0;
}
