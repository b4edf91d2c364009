/*
 * Why a finding stands, in sentences. See reason.h.
 *
 * Values come from logs: each stands in quotes and goes through the caller's `text`. A value may
 * hold the words and quotes of a sentence; the record below the sentence shows what it is.
 */
#include "base/time.h"
#include "report/page.h"
#include "report/reason.h"
#include "report/words.h"

#define ARG_MAX_BYTES ((size_t)1 << 20)
#define NARGS         5u

struct telling {
    struct ir_buf *out;
    void (*text)(struct ir_buf *out, struct ir_str raw);
    struct ir_buf arg[NARGS];
    bool begun;
};

/* One sentence: its words around the first n arguments, which are empty after it. */
static void sentence(struct telling *t, enum ir_word w, size_t n)
{
    if (t->begun) ir_word_gap(t->out);
    t->begun = true;
    ir_word_fill(t->out, w, t->arg, n);
    for (size_t i = 0; i < NARGS; i++)
        ir_buf_clear(&t->arg[i]);
}

/* arg becomes the words around what it was. */
static void wrap(struct ir_buf *arg, enum ir_word w)
{
    struct ir_buf old = IR_BUF(ARG_MAX_BYTES);
    ir_buf_str(&old, ir_buf_view(arg));
    ir_buf_clear(arg);
    ir_word_fill(arg, w, &old, 1);
    if (old.full) arg->full = true;
    ir_buf_free(&old);
}

static void quote(struct telling *t, struct ir_buf *to, struct ir_str raw, bool front, bool back)
{
    struct ir_buf one = IR_BUF(ARG_MAX_BYTES);
    if (front) ir_buf_str(&one, IR_S("…"));
    t->text(&one, raw);
    if (back) ir_buf_str(&one, IR_S("…"));
    ir_word_fill(to, IR_W_QUOTED, &one, 1);
    ir_buf_free(&one);
}

static void field_name(struct telling *t, struct ir_buf *to, struct ir_str name)
{
    const char *word = ir_word_field(name.p);
    struct ir_buf own = IR_BUF(ARG_MAX_BYTES);
    if (word != name.p) {
        ir_buf_str(to, ir_str_z(word));
        return;
    }
    quote(t, &own, name, false, false);
    ir_word_fill(to, IR_W_WHY_FIELD, &own, 1);
    ir_buf_free(&own);
}

static void and_more(struct ir_buf *to, uint64_t n)
{
    struct ir_buf number = IR_BUF(64);
    if (n == 0) return;
    ir_page_number(&number, n);
    ir_word_fill(to, IR_W_AND_MORE, &number, 1);
    ir_buf_free(&number);
}

/* A value that is ours in the reader's words. */
static struct ir_str in_words(const struct ir_reason *r, struct ir_str value)
{
    const bool whole = r->op == IR_REASON_IS && !r->coded && r->part == IR_PART_WHOLE;
    const struct ir_str word = whole ? ir_word_value(r->field, value) : IR_S("");
    return word.n > 0 ? word : value;
}

static void values(struct telling *t, struct ir_buf *to, const struct ir_reason *r)
{
    const enum ir_word between = r->negated ? IR_W_WHY_OR : IR_W_LIST_COMMA;
    if (r->other_field) {
        field_name(t, to, r->value[0]);
        wrap(to, IR_W_WHY_VALUE_OF);
        return;
    }
    for (uint32_t i = 0; i < r->nvalues && i < IR_REASON_VALUES; i++) {
        if (i > 0) ir_buf_str(to, ir_str_z(ir_word(between)));
        quote(t, to, in_words(r, r->value[i]), false, i == 0 && r->cut_value);
    }
    if (r->nvalues > IR_REASON_VALUES) and_more(to, r->nvalues - IR_REASON_VALUES);
    if (r->coded) wrap(to, IR_W_WHY_CODED);
}

static const enum ir_word verbs[IR_REASON_MAX][2] = {
    [IR_REASON_IS] = {IR_W_WHY_IS, IR_W_WHY_IS_NOT},
    [IR_REASON_CONTAINS] = {IR_W_WHY_CONTAINS, IR_W_WHY_CONTAINS_NOT},
    [IR_REASON_STARTS] = {IR_W_WHY_STARTS, IR_W_WHY_STARTS_NOT},
    [IR_REASON_ENDS] = {IR_W_WHY_ENDS, IR_W_WHY_ENDS_NOT},
    [IR_REASON_FITS] = {IR_W_WHY_FITS, IR_W_WHY_FITS_NOT},
    [IR_REASON_REGEX] = {IR_W_WHY_REGEX, IR_W_WHY_REGEX_NOT},
    [IR_REASON_NETWORK] = {IR_W_WHY_NETWORK, IR_W_WHY_NETWORK_NOT},
    [IR_REASON_MORE] = {IR_W_WHY_MORE, IR_W_WHY_AT_MOST},
    [IR_REASON_AT_MOST] = {IR_W_WHY_AT_MOST, IR_W_WHY_MORE},
    [IR_REASON_LESS] = {IR_W_WHY_LESS, IR_W_WHY_AT_LEAST},
    [IR_REASON_AT_LEAST] = {IR_W_WHY_AT_LEAST, IR_W_WHY_LESS},
    [IR_REASON_GIVEN] = {IR_W_WHY_GIVEN, IR_W_WHY_GIVEN_NOT},
    [IR_REASON_EMPTY] = {IR_W_WHY_EMPTY, IR_W_WHY_EMPTY_NOT},
};

/* The value is the record's, no more need be said of it. */
static bool says_all(const struct ir_reason *r)
{
    return r->held.n == 0 || (r->op == IR_REASON_IS && !r->negated && r->nvalues == 1 &&
                              !r->coded && ir_str_ieq(r->value[0], r->held));
}

static void item(struct telling *t, const struct ir_reason *r, bool told)
{
    static const enum ir_word parts[IR_PART_MAX] = {
        [IR_PART_MINUTE] = IR_W_WHY_MINUTE, [IR_PART_HOUR] = IR_W_WHY_HOUR,
        [IR_PART_DAY] = IR_W_WHY_DAY,       [IR_PART_WEEK] = IR_W_WHY_WEEK,
        [IR_PART_MONTH] = IR_W_WHY_MONTH,   [IR_PART_YEAR] = IR_W_WHY_YEAR};
    struct ir_buf body = IR_BUF(ARG_MAX_BYTES);
    if (r->field.n == 0)
        ir_buf_str(&t->arg[0], ir_str_z(ir_word(IR_W_WHY_RECORD)));
    else
        field_name(t, &t->arg[0], r->field);
    if (r->part != IR_PART_WHOLE) wrap(&t->arg[0], parts[r->part]);
    struct ir_reason shown = *r;
    if (r->op == IR_REASON_IS && says_all(r) && r->held.n > 0) shown.value[0] = r->held;
    values(t, &t->arg[1], &shown);
    ir_word_fill(&body, verbs[r->op][r->negated], t->arg, 2);
    ir_buf_clear(&t->arg[0]);
    ir_buf_clear(&t->arg[1]);
    ir_buf_str(&t->arg[0], ir_buf_view(&body));
    ir_buf_free(&body);
    if (told || says_all(r)) {
        sentence(t, IR_W_WHY_SENTENCE, 1);
        return;
    }
    quote(t, &t->arg[1], in_words(r, r->held), r->cut_front, r->cut_back);
    sentence(t, IR_W_WHY_SENTENCE_HELD, 2);
}

/* Says that a part of a value is one text. */
static bool names_part(const struct ir_reason *r)
{
    return (r->op == IR_REASON_IS || r->op == IR_REASON_CONTAINS) && !r->negated && !r->coded &&
           !r->other_field && r->nvalues == 1 && r->part == IR_PART_WHOLE;
}

/* Of a value that a sentence has shown, a names a part: b, with a larger part of it, is no news. */
static bool says_less(const struct ir_reason *a, const struct ir_reason *b)
{
    return names_part(a) && names_part(b) && a->held.n > 0 &&
           ir_str_ifind(b->value[0], a->value[0]) != IR_NPOS;
}

static void items(struct telling *t, const struct ir_reasons *r)
{
    for (uint32_t i = 0; i < r->nitems; i++) {
        bool told = false; /* a sentence before has shown this value */
        bool news = true;
        for (uint32_t k = 0; k < i; k++) {
            if (!ir_str_eq(r->item[k].field, r->item[i].field) ||
                !ir_str_eq(r->item[k].held, r->item[i].held))
                continue;
            told = true;
            news = news && !says_less(&r->item[k], &r->item[i]);
        }
        if (news) item(t, &r->item[i], told);
    }
    if (r->more) sentence(t, IR_W_WHY_MORE_PARTS, 0);
}

static void number(struct ir_buf *to, double v)
{
    if (v >= 0 && v < 1e15 && v == (double)(uint64_t)v)
        ir_page_number(to, (uint64_t)v);
    else
        ir_buf_fmt(to, "%.6g", v);
}

static void span(struct ir_buf *to, int64_t ns)
{
    const uint64_t s = (uint64_t)(ns / IR_NS);
    if (s > 0 && s % 86400 == 0)
        ir_word_count(to, IR_W_N_DAYS_1, IR_W_N_DAYS, s / 86400);
    else if (s > 0 && s % 3600 == 0)
        ir_word_count(to, IR_W_N_HOURS_1, IR_W_N_HOURS, s / 3600);
    else if (s > 0 && s % 60 == 0)
        ir_word_count(to, IR_W_N_MINUTES_1, IR_W_N_MINUTES, s / 60);
    else
        ir_word_count(to, IR_W_N_SECONDS_1, IR_W_N_SECONDS, s);
}

static void asked_for(struct telling *t, const struct ir_reason_corr *c)
{
    static const enum ir_word words[IR_REASON_MAX][2] = {
        [IR_REASON_IS] = {IR_W_ASKS_IS, IR_W_ASKS_IS_NOT},
        [IR_REASON_MORE] = {IR_W_ASKS_MORE, IR_W_ASKS_AT_MOST},
        [IR_REASON_AT_MOST] = {IR_W_ASKS_AT_MOST, IR_W_ASKS_MORE},
        [IR_REASON_LESS] = {IR_W_ASKS_LESS, IR_W_ASKS_AT_LEAST},
        [IR_REASON_AT_LEAST] = {IR_W_ASKS_AT_LEAST, IR_W_ASKS_LESS}};
    for (uint32_t i = 0; i < c->nbounds; i++) {
        struct ir_buf n = IR_BUF(64);
        if (i > 0) ir_buf_str(&t->arg[0], ir_str_z(ir_word(IR_W_ASKS_AND)));
        number(&n, c->bound[i].value);
        ir_word_fill(&t->arg[0], words[c->bound[i].op][c->bound[i].negated], &n, 1);
        ir_buf_free(&n);
    }
    if (c->nbounds > 0) sentence(t, IR_W_WHY_ASKS, 1);
}

static void counted(struct telling *t, const struct ir_reason_corr *c)
{
    static const enum ir_word words[IR_COUNT_MAX] = {
        [IR_COUNT_EVENTS] = IR_W_WHY_EVENTS,     [IR_COUNT_VALUES] = IR_W_WHY_VALUES,
        [IR_COUNT_TOGETHER] = IR_W_WHY_TOGETHER, [IR_COUNT_ORDERED] = IR_W_WHY_ORDERED,
        [IR_COUNT_SUM] = IR_W_WHY_SUM,           [IR_COUNT_AVERAGE] = IR_W_WHY_AVERAGE,
        [IR_COUNT_MEDIAN] = IR_W_WHY_MEDIAN,     [IR_COUNT_PERCENTILE] = IR_W_WHY_PERCENTILE};
    if (c->what == IR_COUNT_EVENTS)
        ir_page_number(&t->arg[0], c->count);
    else
        number(&t->arg[0], c->measure);
    for (uint32_t i = 0; i < c->ntitles && i < IR_REASON_TITLES; i++) {
        if (i > 0) ir_buf_str(&t->arg[1], ir_str_z(ir_word(IR_W_LIST_COMMA)));
        quote(t, &t->arg[1], c->title[i], false, false);
    }
    if (c->ntitles > IR_REASON_TITLES) and_more(&t->arg[1], c->ntitles - IR_REASON_TITLES);
    span(&t->arg[2], c->span);
    if (c->field.n > 0) field_name(t, &t->arg[3], c->field);
    number(&t->arg[4], c->percent);
    sentence(t, words[c->what], 5);
    for (uint32_t i = 0; i < c->nby; i++) {
        if (i > 0) ir_buf_str(&t->arg[0], ir_str_z(ir_word(IR_W_LIST_COMMA)));
        field_name(t, &t->arg[0], c->by[i]);
    }
    if (c->nby > 0) sentence(t, IR_W_WHY_BY, 1);
    asked_for(t, c);
    if (c->later == 0) return;
    ir_word_count(&t->arg[0], IR_W_N_TIMES_1, IR_W_N_TIMES, c->later);
    sentence(t, IR_W_WHY_LATER, 1);
}

static void named(struct telling *t, const struct ir_reason_named *n)
{
    field_name(t, &t->arg[0], ir_str_z(n->name));
    for (uint32_t i = 0; i < n->n; i++) {
        if (i > 0) ir_buf_str(&t->arg[1], ir_str_z(ir_word(IR_W_LIST_COMMA)));
        quote(t, &t->arg[1], n->value[i], false, false);
    }
    if (n->more) ir_buf_str(&t->arg[1], ir_str_z(ir_word(IR_W_WHY_OTHERS)));
    sentence(t, IR_W_WHY_NAMED, 2);
}

void ir_tell_why(struct ir_buf *out, const struct ir_reasons *r,
                 void (*text)(struct ir_buf *out, struct ir_str raw))
{
    struct telling t = {.out = out, .text = text};
    if (r == NULL) return;
    for (size_t i = 0; i < NARGS; i++)
        t.arg[i] = IR_BUF(ARG_MAX_BYTES);
    items(&t, r);
    if (r->corr != NULL) counted(&t, r->corr);
    for (uint32_t i = 0; i < r->nnamed; i++)
        named(&t, &r->named[i]);
    if (r->critical.n > 0) {
        ir_buf_str(&t.arg[0], ir_str_z(ir_word_level((enum ir_level)(r->raised_to - 1))));
        ir_buf_str(&t.arg[1], ir_str_z(ir_word_level((enum ir_level)r->raised_to)));
        quote(&t, &t.arg[2], r->critical, false, false);
        sentence(&t, IR_W_WHY_RAISED, 3);
    }
    for (size_t i = 0; i < NARGS; i++)
        ir_buf_free(&t.arg[i]);
}
