/*
 * The reporting duties of a case as the lists of a report: what the rules say of the facts, and
 * what persons decided. See casedoc.h; the rules themselves are in duty_case.h.
 */
#include <stdio.h>

#include "base/time.h"
#include "casedb/casedoc_int.h"
#include "casedb/duty_case.h"

struct ir_str ir_doc_duty_of(const struct ir_doc_maker *m, struct ir_str kind)
{
    const size_t n = m->ask->duties != NULL ? ir_duties_count(m->ask->duties) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct ir_duty_info *d = ir_duty_info(m->ask->duties, i);
        if (ir_str_eq(d->template, kind)) return d->id;
    }
    return IR_S("");
}

static const char *const duty_columns[] = {"id",         "name",        "recipient",  "state",
                                           "due",        "due_shifted", "decided_by", "sent_at",
                                           "receipt_no", "days_left"};
#define DUTY_COLUMNS (sizeof duty_columns / sizeof *duty_columns)

/* LATE: those of HOME that apply and whose day is over. LIVE: all of HOME but what neither the
 * rules nor a person call for. ABROAD: duties of the European Union that may apply, as nobody
 * stated what they hang on: most companies have none, and their own must not drown in them. */
enum duty_which { HOME, ABROAD, LATE, LIVE };

struct duty_walk {
    struct ir_doc_maker *m;
    struct ir_doc_rows *r;
    size_t cap;
    int64_t now;
    enum duty_which which;
};

static bool is_abroad(const struct ir_duty_status *s)
{
    return !s->decided && s->result.state == IR_DUTY_NEEDS_REVIEW &&
           (ir_str_eq(s->info->regime, IR_S("gdpr")) || ir_str_eq(s->info->regime, IR_S("nis2")));
}

static const char *state_of(const struct ir_duty_status *s)
{
    return s->sent         ? "sent"
           : s->not_needed ? "not_needed"
           : s->stale      ? "stale"
           : s->decided    ? "decided"
                           : ir_duty_state_name(s->result.state);
}

static bool is_wanted(const struct duty_walk *w, const struct ir_duty_status *s, bool late)
{
    const bool open = s->result.state != IR_DUTY_NOT_TRIGGERED && !s->info->voluntary;
    if ((!open && !s->decided && !s->stale) || is_abroad(s) != (w->which == ABROAD)) return false;
    if (w->which == LATE) return late && !ir_str_eq(ir_str_z(state_of(s)), IR_S("needs_review"));
    return w->which != LIVE || !s->not_needed || s->stale || s->result.state == IR_DUTY_TRIGGERED;
}

static int take_duty(void *user, const struct ir_duty_status *s)
{
    struct duty_walk *w = user;
    struct ir_doc_maker *m = w->m;
    const struct ir_duty_info *i = s->info;
    const long long days = (long long)ir_duty_days_left(&s->result, w->now);
    const bool dated = s->result.due_strict[0] != '\0' && ir_duty_waits(s);
    if (!is_wanted(w, s, dated && days < 0)) return IR_OK;
    char left[48] = "";
    if (dated)
        snprintf(left, sizeof left,
                 days >= 0    ? "%lld"
                 : m->ja      ? "%lld日超過"
                 : days == -1 ? "%lld day late"
                              : "%lld days late",
                 days >= 0 ? days : -days);
    const struct ir_str cells[DUTY_COLUMNS] = {
        i->id,
        m->ja ? i->name.ja : i->name.en,
        m->ja ? i->recipient.ja : i->recipient.en,
        ir_str_z(state_of(s)),
        ir_str_z(s->result.due_strict),
        ir_str_z(s->result.due_shifted),
        s->stale ? ir_str_n(NULL, 0) : s->decided_by,
        s->sent_at,
        s->receipt_no,
        ir_str_z(left),
    };
    int rc = ir_doc_grow(m, w->r, &w->cap);
    for (size_t c = 0; c < DUTY_COLUMNS && rc == IR_OK; c++) {
        struct ir_str *v = &w->r->value[w->r->n * DUTY_COLUMNS + c];
        *v = cells[c].n > 0 ? ir_doc_keep(&m->doc->arena, cells[c]) : ir_str_n(NULL, 0);
        if (cells[c].n > 0 && v->p == NULL) rc = ir_doc_memory(m);
    }
    w->r->n++;
    return rc;
}

/* What waits for somebody comes first, the earliest date before others; then what may, then what is
 * settled. */
static bool before(const struct ir_str *a, const struct ir_str *b)
{
    enum { STATE = 3, DUE = 4 };
    int rank[2];
    for (int i = 0; i < 2; i++) {
        const struct ir_str state = (i == 0 ? a : b)[STATE];
        rank[i] = ir_str_eq(state, IR_S("needs_review"))                                   ? 1
                  : ir_str_eq(state, IR_S("sent")) || ir_str_eq(state, IR_S("not_needed")) ? 2
                                                                                           : 0;
    }
    if (rank[0] != rank[1]) return rank[0] < rank[1];
    if (a[DUE].n == 0 || b[DUE].n == 0) return a[DUE].n > 0 && b[DUE].n == 0;
    return ir_str_cmp(a[DUE], b[DUE]) < 0;
}

static void sort_duties(struct ir_doc_rows *r)
{
    struct ir_str row[DUTY_COLUMNS];
    for (size_t i = 1; i < r->n; i++) {
        size_t at = i;
        memcpy(row, r->value + i * DUTY_COLUMNS, sizeof row);
        while (at > 0 && before(row, r->value + (at - 1) * DUTY_COLUMNS)) {
            memcpy(r->value + at * DUTY_COLUMNS, r->value + (at - 1) * DUTY_COLUMNS, sizeof row);
            at--;
        }
        memcpy(r->value + at * DUTY_COLUMNS, row, sizeof row);
    }
}

static int make_rows(struct ir_doc_maker *m, enum duty_which which, struct ir_doc_rows *r)
{
    int64_t now;
    bool zone;
    struct duty_walk w = {m, r, 0, 0, which};
    struct ir_str *name = ir_arena_alloc(&m->doc->arena, DUTY_COLUMNS * sizeof *name);
    if (name == NULL) return ir_doc_memory(m);
    for (size_t i = 0; i < DUTY_COLUMNS; i++)
        name[i] = ir_str_z(duty_columns[i]);
    *r = (struct ir_doc_rows){.name = name, .ncolumns = DUTY_COLUMNS};
    if (m->ask->duties == NULL || ir_time_parse_iso(ir_str_z(m->as_of), &now, &zone) == 0)
        return IR_OK;
    w.now = now;
    const int rc = ir_duty_each(m->db, m->ask->duties, m->ask->incident_id, now, m->ask->zone_s,
                                take_duty, &w, m->err);
    if (rc == IR_OK) sort_duties(r);
    return rc;
}

int ir_doc_duties(struct ir_doc_maker *m, struct ir_str name, struct ir_doc_rows *ret_rows)
{
    static const char *const names[] = {
        [HOME] = "duties",
        [ABROAD] = "duties_abroad",
        [LATE] = "duties_late",
        [LIVE] = "duties_live",
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(name, ir_str_z(names[i]))) return make_rows(m, (enum duty_which)i, ret_rows);
    return IR_END;
}
