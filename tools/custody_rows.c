/*
 * Custody logs as rows of a report. See custody_rows.h. A log may have come from elsewhere, and so
 * may the path of it that the database holds: only what proves to be the log of the exhibit is
 * told, and each value is as hostile as any other.
 */
#include "custody_rows.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "casedb/query.h"
#include "evidence/ledger.h"
#include "evidence/words.h"

enum { ITEM, SEQ, AT, EVENT, WHO, WITNESS, PLACE, DETAILS, CLOCK, COLUMNS };
static const struct ir_str columns[COLUMNS] = {{"item", 4},  {"seq", 3},     {"at", 2},
                                               {"event", 5}, {"who", 3},     {"witness", 7},
                                               {"place", 5}, {"details", 7}, {"clock", 5}};

#define VALUE_MAX 1000u              /* bytes of a value */
#define ROW_TEXT  ((size_t)64 << 10) /* of a cell: more than it has values */

struct reader {
    struct case_job *j;
    const struct custody_ask *ask;
    struct ir_arena *arena;
    struct ir_doc_rows *rows, *unread;
    size_t room[CUSTODY_LISTS]; /* of the two, in rows */
    bool ja, memory;
    char dir[4096]; /* of the log that is open */
    struct ir_custody *log;
    struct ir_ledger ledger;
    const struct ir_item **of; /* the exhibit that each of its lines tells of; NULL: none */
};

static struct ir_str word(const struct reader *r, const char *name)
{
    return ir_template_word(r->ask->templates, ir_str_z(name), r->ja);
}

/* The next row, of ncolumns cells without anything; NULL: memory is out. */
static struct ir_str *add_row(struct reader *r, struct ir_doc_rows *rows, size_t *room)
{
    if (rows->n == *room) {
        const size_t more = *room == 0 ? 16 : 2 * *room;
        struct ir_str *v = ir_arena_alloc(r->arena, more * rows->ncolumns * sizeof *v);
        if (v == NULL) {
            r->memory = true;
            return NULL;
        }
        if (rows->n > 0) memcpy(v, rows->value, rows->n * rows->ncolumns * sizeof *v);
        rows->value = v;
        *room = more;
    }
    struct ir_str *row = rows->value + rows->n++ * rows->ncolumns;
    for (unsigned i = 0; i < rows->ncolumns; i++)
        row[i] = ir_str_n(NULL, 0);
    return row;
}

/* What is longer than anybody reads is cut, and says so. */
static void add_value(struct ir_buf *out, struct ir_str s)
{
    const struct ir_str head = ir_utf8_head(s, VALUE_MAX);
    ir_buf_str(out, head);
    if (head.n < s.n) ir_buf_str(out, IR_S("…"));
}

static struct ir_str keep(struct reader *r, struct ir_str s)
{
    if (s.n == 0) return ir_str_n(NULL, 0);
    struct ir_buf b = IR_BUF(ROW_TEXT);
    add_value(&b, s);
    const struct ir_str kept = ir_arena_dup(r->arena, ir_buf_view(&b));
    r->memory |= kept.p == NULL;
    ir_buf_free(&b);
    return kept;
}

/* The text of a cell that was put together of values. */
static struct ir_str keep_cell(struct reader *r, struct ir_buf *b)
{
    const struct ir_str kept = ir_arena_dup(r->arena, ir_buf_view(b));
    const bool some = b->n > 0;
    r->memory |= kept.p == NULL;
    ir_buf_free(b);
    return some ? kept : ir_str_n(NULL, 0);
}

/* A line of the log; room takes any member's value. */
struct line {
    struct ir_str text;
    char *room;
};

static struct ir_str member(const struct line *l, const char *path)
{
    return ir_custody_text(l->text, path, l->room, l->text.n + 1) ? ir_str_z(l->room)
                                                                  : ir_str_n(NULL, 0);
}

/* "Purpose: analysis", a line each. */
static void add_labelled(const struct reader *r, struct ir_buf *out, const char *name,
                         struct ir_str value)
{
    char key[64];
    if (value.n == 0 || ir_str_eq(value, IR_S("false"))) return;
    snprintf(key, sizeof key, "custody.%s", name);
    const struct ir_str label = word(r, key);
    if (out->n > 0) ir_buf_chr(out, '\n');
    ir_buf_str(out, label.p != NULL ? label : ir_str_z(name));
    if (ir_str_eq(value, IR_S("true"))) return;
    const struct ir_str said = ir_template_word(r->ask->templates, value, r->ja);
    ir_buf_str(out, IR_S(": "));
    add_value(out, said.p != NULL ? said : value);
}

static struct ir_str labelled(struct reader *r, const struct line *l, const char *const *names)
{
    struct ir_buf b = IR_BUF(ROW_TEXT);
    for (; *names != NULL; names++)
        add_labelled(r, &b, *names, member(l, *names));
    return keep_cell(r, &b);
}

/* "Sato (manager, Example Ltd)" */
static struct ir_str person(struct reader *r, const struct line *l)
{
    static const char *const more[] = {"actor.title", "actor.organisation"};
    struct ir_buf b = IR_BUF(ROW_TEXT);
    add_value(&b, member(l, "actor.name"));
    const size_t name = b.n;
    for (size_t i = 0; i < 2; i++) {
        const struct ir_str said = member(l, more[i]);
        if (said.n == 0) continue;
        ir_buf_str(&b, b.n == name ? IR_S(" (") : IR_S(", "));
        add_value(&b, said);
    }
    if (b.n > name) ir_buf_chr(&b, ')');
    return keep_cell(r, &b);
}

/* What told the time, and by how much it was off when that was looked at. */
static struct ir_str clock_of(struct reader *r, const struct line *l)
{
    static const char *const more[] = {"clock.offset_seconds", "clock.uncertainty_seconds",
                                       "clock_went_back_seconds", "clock_was_set_by_seconds"};
    struct ir_buf b = IR_BUF(ROW_TEXT);
    add_value(&b, member(l, "clock.source"));
    const struct ir_str method = member(l, "clock.method");
    if (method.n > 0) ir_buf_str(&b, IR_S(": "));
    add_value(&b, method);
    const struct ir_str said = ir_template_word(r->ask->templates, ir_buf_view(&b), r->ja);
    if (said.p != NULL) ir_buf_clear(&b);
    if (said.p != NULL) ir_buf_str(&b, said);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        add_labelled(r, &b, more[i], member(l, more[i]));
    return keep_cell(r, &b);
}

static void add_event(struct reader *r, const char *item, uint64_t seq, const struct line *l)
{
    static const char *const witness[] = {"witness.name", "witness_absent_reason", NULL};
    static const char *const details[] = {"reason",       "authority",
                                          "purpose",      "from",
                                          "to",           "means",
                                          "carrier",      "shipping_number",
                                          "encrypted_to", "container_seal",
                                          "condition",    "condition_on_leaving",
                                          "recomputed",   "copy_used",
                                          "copy_number",  "condition_on_arrival",
                                          "medium",       "method",
                                          "approver",     "certificate",
                                          "erased",       "problem",
                                          "problems",     "amends_seq",
                                          "field",        "value_before",
                                          "value",        "text",
                                          "note",         NULL};
    char seq_text[24], event[64];
    struct ir_str *row = add_row(r, r->rows, &r->room[0]);
    if (row == NULL) return;
    snprintf(seq_text, sizeof seq_text, "%llu", (unsigned long long)seq);
    snprintf(event, sizeof event, "%.*s", IR_FMT(ir_utf8_head(member(l, "event"), 63)));
    const struct ir_event_words *w = ir_event_words(event);
    row[ITEM] = keep(r, ir_str_z(item));
    row[SEQ] = keep(r, ir_str_z(seq_text));
    row[AT] = keep(r, member(l, "time_utc"));
    row[EVENT] = keep(r, ir_str_z(w == NULL ? event : r->ja ? w->ja : w->en));
    row[WHO] = person(r, l);
    row[WITNESS] = labelled(r, l, witness);
    row[PLACE] = keep(r, member(l, "place"));
    row[DETAILS] = labelled(r, l, details);
    row[CLOCK] = clock_of(r, l);
}

/* In the place of those that are left out. */
static void tell_left(struct reader *r, const char *item, uint64_t *left)
{
    char text[160];
    if (*left == 0) return;
    struct ir_str *row = add_row(r, r->rows, &r->room[0]);
    if (row == NULL) return;
    snprintf(text, sizeof text,
             r->ja ? "(ほか%llu件は管理記録にあります)" : "(%llu more are in the custody log)",
             (unsigned long long)*left);
    row[ITEM] = keep(r, ir_str_z(item));
    row[EVENT] = keep(r, ir_str_z(text));
    *left = 0;
}

/* A check that found the exhibit as it was sealed: of a log that is long the least worth telling.
 */
static bool is_routine(const struct line *l)
{
    return ir_str_eq(member(l, "event"), IR_S("verify")) &&
           ir_str_eq(member(l, "problems"), IR_S("0"));
}

static bool is_early(const struct reader *r, const struct line *l)
{
    int64_t at;
    bool zone;
    return r->ask->until == 0 ||
           (ir_time_parse_iso(member(l, "time_utc"), &at, &zone) > 0 && at <= r->ask->until);
}

/* Reads the log's line i into l; false: memory is out. */
static bool take_line(struct reader *r, uint64_t i, struct line *l)
{
    l->text = ir_custody_line(r->log, i);
    char *room = realloc(l->room, l->text.n + 1);
    r->memory |= room == NULL;
    if (room != NULL) l->room = room;
    return room != NULL;
}

/* Line i, when it tells of the exhibit, and early enough. */
static bool take_of(struct reader *r, uint64_t i, const struct ir_item *x, struct line *l)
{
    return r->of[i] == x && take_line(r, i, l) && is_early(r, l);
}

static void add_events(struct reader *r, const struct ir_item *x)
{
    struct line l = {{NULL, 0}, NULL};
    uint64_t all = 0, other = 0, k = 0, left = 0;
    for (uint64_t i = x->first - 1; i < x->last; i++) {
        if (!take_of(r, i, x, &l)) continue;
        all++;
        other += !is_routine(&l);
    }
    const bool brief = all > CUSTODY_FIRST + CUSTODY_LAST;
    for (uint64_t i = x->first - 1; i < x->last && !r->memory; i++) {
        if (!take_of(r, i, x, &l)) continue;
        bool shown =
            !brief || (!is_routine(&l) && (k < CUSTODY_FIRST || k + CUSTODY_LAST >= other));
        k += !is_routine(&l);
        shown |= --all == 0; /* how it stands */
        left += !shown;
        if (!shown) continue;
        tell_left(r, x->id, &left);
        add_event(r, x->id, i + 1, &l);
    }
    free(l.room);
}

static void close_log(struct reader *r)
{
    ir_ledger_free(&r->ledger);
    ir_custody_close(r->log);
    free(r->of);
    r->of = NULL;
    r->log = NULL;
    r->dir[0] = '\0';
}

/* Which exhibit each line tells of: looked up once, not for each exhibit again. */
static int index_lines(struct reader *r, struct ir_err *err)
{
    char item[IR_LEDGER_TEXT];
    const uint64_t n = ir_custody_count(r->log);
    r->of = calloc(n + 1, sizeof *r->of);
    if (r->of == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    for (uint64_t i = 0; i < n; i++)
        if (ir_custody_text(ir_custody_line(r->log, i), "item_id", item, sizeof item))
            r->of[i] = ir_ledger_find(&r->ledger, item);
    return IR_OK;
}

/* Opens the log of the directory, if it is not the one that is open. */
static bool open_log(struct reader *r, const char *dir)
{
    static const struct ir_custody_tool tool = {"ir", IR_VERSION, NULL};
    struct ir_err err = {0};
    const char *slash = strrchr(dir, '/');
    const char *name = slash != NULL ? slash + 1 : dir;
    if (r->log != NULL && strcmp(r->dir, dir) == 0) return true;
    close_log(r);
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    int rc = ir_custody_open(fd, name, IR_CUSTODY_READ, &tool, &r->log, &err);
    if (rc != IR_OK) r->log = NULL;
    if (rc == IR_OK) rc = ir_ledger_read(r->log, &r->ledger, &err);
    if (rc == IR_OK) rc = index_lines(r, &err);
    if (rc != IR_OK)
        say(r->j->cmd, _("%1$s: this custody log cannot be used: %2$s"), dir, ir_local(err.msg));
    if (rc == IR_OK)
        snprintf(r->dir, sizeof r->dir, "%s", dir);
    else
        close_log(r);
    close(fd);
    return rc == IR_OK;
}

/* The exhibit lies in the directory, whose log tells of it with this seal. */
static bool lies_in(struct reader *r, const char *dir, const char *item, struct ir_str seal)
{
    if (!open_log(r, dir)) return false;
    const struct ir_item *x = ir_ledger_find(&r->ledger, item);
    return x != NULL && (seal.n == 0 || ir_str_eq(seal, ir_str_z(x->seal)));
}

/* Where it lay when it was linked, or in the workspace, when that was moved. */
static bool find_log(struct reader *r, const struct ir_query *q, const char *item)
{
    char path[4096], moved[4096 + 300];
    const struct ir_str seal = ir_query_text(q, 2);
    if (ir_query_text(q, 1).n == 0 || ir_query_text(q, 1).n >= sizeof path) return false;
    snprintf(path, sizeof path, "%.*s", IR_FMT(ir_query_text(q, 1)));
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) return false;
    *slash = '\0'; /* the case's directory, which has the log */
    if (lies_in(r, path, item, seal)) return true;
    slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const int n = snprintf(moved, sizeof moved, "%s/evidence/%.255s", r->j->env->home, name);
    return name[0] != '.' && n > 0 && (size_t)n < sizeof moved && strcmp(moved, path) != 0 &&
           lies_in(r, moved, item, seal);
}

int custody_rows(struct case_job *j, const struct custody_ask *ask, struct ir_arena *arena,
                 struct ir_doc_given ret_lists[CUSTODY_LISTS])
{
    static const char sql[] =
        "SELECT item, path, seal FROM exhibit WHERE incident_id = ?1 ORDER BY item";
    struct reader r = {.j = j, .ask = ask, .arena = arena, .ja = strcmp(ask->lang, "ja") == 0};
    struct ir_query q;
    char item[IR_LEDGER_TEXT];
    ret_lists[0] = (struct ir_doc_given){IR_S("custody"), {.name = columns, .ncolumns = COLUMNS}};
    ret_lists[1] = (struct ir_doc_given){IR_S("custody_unread"), {.name = columns, .ncolumns = 1}};
    r.rows = &ret_lists[0].rows;
    r.unread = &ret_lists[1].rows;
    int rc = ir_query_open(&q, j->db, sql, &j->err);
    if (rc != IR_OK) return case_status(j, rc);
    ir_query_text_arg(&q, 1, ir_str_z(ask->incident_id));
    while (!r.memory && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
        snprintf(item, sizeof item, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 0), 255)));
        if (find_log(&r, &q, item)) {
            add_events(&r, ir_ledger_find(&r.ledger, item));
            continue;
        }
        struct ir_str *row = add_row(&r, r.unread, &r.room[1]);
        if (row != NULL) row[0] = keep(&r, ir_str_z(item));
    }
    ir_query_close(&q);
    close_log(&r);
    if (r.memory) rc = ir_fail(&j->err, IR_FATAL, "out of memory");
    return case_status(j, rc == IR_END ? IR_OK : rc);
}
