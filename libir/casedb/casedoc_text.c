/*
 * Words of a report with their values in them: see template.h and casedoc.h. Values stay raw here;
 * a value that looks like {name} is not looked at again.
 */
#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "casedb/casedoc_int.h"

#define TEXT_MAX ((size_t)1 << 20) /* of one text with all its values */

struct ir_str ir_doc_word(const struct ir_doc_maker *m, struct ir_str word)
{
    const struct ir_str said = ir_template_word(m->ask->templates, word, m->ja);
    return said.p != NULL ? said : word;
}

static struct ir_str dup_z(struct ir_doc_maker *m, const char *z)
{
    return ir_arena_dup(&m->doc->arena, ir_str_z(z));
}

/* A time as the file or a person has it; false: a date, or no time. */
static bool is_time(const struct ir_doc_maker *m, struct ir_str value, int64_t *ret_ns)
{
    return value.n > 10 && ir_isdigit(value.p[0]) &&
           ir_time_parse_user(value, 0, m->ask->zone_s, ret_ns);
}

/* "2026-11-23T05:00:00.123Z" on the organisation's clock, to the second, as many columns of it as
 * are asked for; a date stays one. */
static struct ir_str local_time(struct ir_doc_maker *m, struct ir_str value, size_t columns)
{
    char text[IR_TIME_TEXT];
    int64_t ns;
    if (!is_time(m, value, &ns)) return value;
    ir_time_local(ns - ns % IR_NS, m->ask->zone_s, text);
    if (strlen(text) > columns) text[columns] = '\0';
    return dup_z(m, text);
}

/* An address that nobody can click on by mistake. */
static struct ir_str defang(struct ir_doc_maker *m, struct ir_str s)
{
    struct ir_buf b = IR_BUF(8 * IR_DOC_VALUE_MAX);
    if (ir_str_istarts(s, IR_S("http"))) {
        ir_buf_str(&b, IR_S("hxxp"));
        s = ir_str_skip(s, 4);
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.')
            ir_buf_str(&b, IR_S("[.]"));
        else if (s.p[i] == '@')
            ir_buf_str(&b, IR_S("[@]"));
        else
            ir_buf_chr(&b, s.p[i]);
    }
    const struct ir_str done = ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    ir_buf_free(&b);
    return done;
}

static struct ir_str utc_time(struct ir_doc_maker *m, struct ir_str value)
{
    char text[IR_TIME_TEXT];
    int64_t ns;
    if (!is_time(m, value, &ns)) return value;
    ir_time_rfc3339(ns - ns % IR_NS, text);
    text[10] = ' '; /* a line may end there, and nowhere else */
    return dup_z(m, text);
}

/* 2026年11月23日, 23 November 2026: as a letter writes it. */
static struct ir_str day(struct ir_doc_maker *m, struct ir_str value)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    const struct ir_str d = local_time(m, value, 10);
    uint64_t part[3];
    char text[64];
    if (d.n != 10 || !ir_str_u64(ir_str_head(d, 4), &part[0]) ||
        !ir_str_u64(ir_str_n(d.p + 5, 2), &part[1]) ||
        !ir_str_u64(ir_str_n(d.p + 8, 2), &part[2]) || part[1] < 1 || part[1] > 12)
        return d;
    if (m->ja)
        snprintf(text, sizeof text, "%u年%u月%u日", (unsigned)part[0], (unsigned)part[1],
                 (unsigned)part[2]);
    else
        snprintf(text, sizeof text, "%u %s %u", (unsigned)part[2], months[part[1] - 1],
                 (unsigned)part[0]);
    return dup_z(m, text);
}

static size_t digits(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && ir_isdigit(s.p[n]))
        n++;
    return n;
}

/* "2400000-5000000": 2,400,000～5,000,000; what is neither a number nor a range stays. */
static struct ir_str number(struct ir_doc_maker *m, struct ir_str value)
{
    struct ir_buf b = IR_BUF(8 * IR_DOC_VALUE_MAX);
    const size_t low = digits(value);
    const bool range = low > 0 && low < value.n && value.p[low] == '-';
    const size_t end = range ? low + 1 + digits(ir_str_skip(value, low + 1)) : low;
    if (low == 0 || end != value.n || value.p[end - 1] == '-') return value;
    for (size_t i = 0; i < end; i++) {
        const size_t left = (i < low ? low : end) - i; /* digits of this number from here on */
        if (range && i == low)
            ir_buf_str(&b, m->ja ? IR_S("～") : IR_S(" to "));
        else
            ir_buf_chr(&b, value.p[i]);
        if (left % 3 == 1 && left > 1 && !(range && i == low)) ir_buf_chr(&b, ',');
    }
    const struct ir_str done = ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    ir_buf_free(&b);
    return done.p != NULL ? done : value;
}

struct ir_str ir_doc_filter(struct ir_doc_maker *m, struct ir_str filter, struct ir_str value)
{
    if (value.n == 0) return value;
    if (ir_str_eq(filter, IR_S("time"))) return local_time(m, value, IR_TIME_TEXT);
    if (ir_str_eq(filter, IR_S("minute"))) return local_time(m, value, 16);
    if (ir_str_eq(filter, IR_S("date"))) return local_time(m, value, 10);
    if (ir_str_eq(filter, IR_S("day"))) return day(m, value);
    if (ir_str_eq(filter, IR_S("utc"))) return utc_time(m, value);
    if (ir_str_eq(filter, IR_S("word"))) return ir_doc_word(m, value);
    if (ir_str_eq(filter, IR_S("number"))) return number(m, value);
    if (ir_str_eq(filter, IR_S("value"))) {
        const struct ir_str said = ir_doc_word(m, value);
        return said.p != value.p ? said : local_time(m, value, IR_TIME_TEXT);
    }
    if (ir_str_eq(filter, IR_S("defang"))) return defang(m, value);
    return value;
}

int ir_doc_ask_fact(struct ir_doc_maker *m, struct ir_str name, struct ir_str label,
                    struct ir_str filter, const struct ir_doc_fact **ret_f)
{
    struct ir_casedoc *d = m->doc;
    size_t i = 0;
    while (i < d->nfacts && !ir_str_eq(d->fact[i].name, name))
        i++;
    *ret_f = &d->fact[i];
    if (i < d->nfacts && d->fact[i].label.n == 0) d->fact[i].label = label;
    if (i < d->nfacts && d->fact[i].filter.n == 0) d->fact[i].filter = filter;
    if (i < d->nfacts) return IR_OK;
    if (i == IR_DOC_FACTS_MAX)
        return ir_fail(m->err, IR_BAD, N_("template: %-s"), N_("too many facts"));
    ir_doc_fact_at(m, name, ir_str_z(m->as_of), &d->fact[i]);
    d->fact[i].label = label;
    d->fact[i].filter = filter;
    d->nfacts++;
    return IR_OK;
}

struct ir_str ir_doc_fact_text(struct ir_doc_maker *m, const struct ir_doc_fact *f,
                               struct ir_str filter, bool plain)
{
    struct ir_str value = f->value;
    if (value.n == 0)
        return ir_doc_word(m, m->doc->letter ? IR_S("unknown_letter") : IR_S("unknown_value"));
    if (ir_str_eq(value, IR_S("yes")) || ir_str_eq(value, IR_S("no")))
        value = ir_doc_word(m, value);
    else
        value = ir_doc_filter(m, filter, value);
    if (!plain || f->confidence.n == 0 || ir_str_eq(f->confidence, IR_S("confirmed"))) return value;
    struct ir_buf b = IR_BUF(2 * IR_DOC_VALUE_MAX);
    const struct ir_str sure = m->doc->letter ? IR_S("unsure_letter") : f->confidence;
    ir_buf_str(&b, value);
    ir_buf_fmt(&b, m->ja ? "(%.*s)" : " (%.*s)", IR_FMT(ir_doc_word(m, sure)));
    value = ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    ir_buf_free(&b);
    return value;
}

/* In a text: "the value (confirmed, EV-1)"; plain leaves the bracket away where it is sure. */
static int fill_fact(struct ir_doc_maker *m, struct ir_str name, struct ir_str filter,
                     struct ir_buf *out)
{
    const struct ir_doc_fact *f;
    const bool plain = ir_str_eq(filter, IR_S("plain")) || ir_str_eq(filter, IR_S("number"));
    const int rc = ir_doc_ask_fact(m, name, ir_str_n(NULL, 0), ir_str_n(NULL, 0), &f);
    if (rc != IR_OK) return rc;
    ir_buf_str(out, ir_doc_fact_text(m, f, filter, plain));
    if (plain || f->value.n == 0 || (f->confidence.n == 0 && f->evidence.n == 0)) return IR_OK;
    ir_buf_str(out, m->ja ? IR_S("(") : IR_S(" ("));
    if (f->confidence.n > 0) ir_buf_str(out, ir_doc_word(m, f->confidence));
    if (f->confidence.n > 0 && f->evidence.n > 0) ir_buf_str(out, m->ja ? IR_S("、") : IR_S(", "));
    ir_buf_str(out, f->evidence);
    ir_buf_str(out, m->ja ? IR_S(")") : IR_S(")"));
    return IR_OK;
}

static int fill_value(struct ir_doc_maker *m, struct ir_str name, struct ir_str filter,
                      const struct ir_doc_rows *rows, size_t row, struct ir_buf *out)
{
    struct ir_str value = {NULL, 0};
    size_t at = rows != NULL ? ir_doc_column(rows, name) : IR_NPOS;
    if (ir_str_starts(name, IR_S("fact."))) return fill_fact(m, ir_str_skip(name, 5), filter, out);
    if (at != IR_NPOS) {
        if (row < rows->n) value = rows->value[row * rows->ncolumns + at];
    } else if ((at = ir_doc_column(&m->values, name)) != IR_NPOS) {
        value = m->values.value[at];
    } else {
        return ir_fail(m->err, IR_BAD, N_("template: there is no value of the name %.*s"),
                       IR_FMT(ir_str_head(name, 80)));
    }
    value = ir_doc_filter(m, filter, value);
    ir_buf_str(out, value.n > 0 ? value : IR_S(IR_DOC_NOTHING));
    return IR_OK;
}

/* Of several lines of a row those that say something; one that says nothing when none does. */
static struct ir_str said_lines(struct ir_doc_maker *m, struct ir_str text)
{
    struct ir_buf b = IR_BUF(TEXT_MAX);
    struct ir_str one, rest = text;
    bool ended;
    while (ir_str_line(&rest, &one, &ended)) {
        if (one.n == 0 || ir_str_eq(one, IR_S(IR_DOC_NOTHING))) continue;
        if (b.n > 0) ir_buf_chr(&b, '\n');
        ir_buf_str(&b, one);
    }
    if (b.n == 0) ir_buf_str(&b, IR_S(IR_DOC_NOTHING));
    text = ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    ir_buf_free(&b);
    return text;
}

int ir_doc_fill(struct ir_doc_maker *m, const struct ir_yaml *words, const struct ir_doc_rows *rows,
                size_t row, struct ir_str *ret_text)
{
    struct ir_str plain, name, filter, rest = ir_words(words, m->ja);
    struct ir_buf b = IR_BUF(TEXT_MAX);
    int rc = IR_OK;
    while (rest.p != NULL && rc == IR_OK) {
        rc = ir_words_next(&rest, &plain, &name, &filter, m->err);
        if (rc == IR_OK) ir_buf_str(&b, plain);
        if (rc == IR_OK && name.p != NULL) rc = fill_value(m, name, filter, rows, row, &b);
    }
    if (rc != IR_OK && m->err != NULL) ir_err_at(m->err, m->of->path.p, -1, words->line);
    const bool lines = rows != NULL && ir_str_chr(ir_buf_view(&b), '\n') != IR_NPOS;
    *ret_text =
        lines ? said_lines(m, ir_buf_view(&b)) : ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    if (rc == IR_OK && (b.full || ret_text->p == NULL)) rc = ir_doc_memory(m);
    ir_buf_free(&b);
    return rc;
}

void ir_doc_drop_empty(struct ir_doc_block *b, const struct ir_yaml *columns)
{
    unsigned column = 0;
    for (const struct ir_yaml *c = columns->kids; c != NULL; c = c->next) {
        bool said = !ir_str_eq(ir_yaml_text(c, "optional"), IR_S("yes")) || b->ncolumns < 2;
        for (size_t i = b->ncolumns + column; i < b->ncells && !said; i += b->ncolumns)
            said = b->cell[i].n > 0 && !ir_str_eq(b->cell[i], IR_S(IR_DOC_NOTHING));
        if (said) {
            column++;
            continue;
        }
        size_t n = 0;
        for (size_t i = 0; i < b->ncells; i++)
            if (i % b->ncolumns != column) b->cell[n++] = b->cell[i];
        b->ncells = n;
        b->ncolumns--;
    }
}
