/*
 * What most commands of `ir case` are made of: finding the case, reading a text, telling what was
 * made, printing a list. See case.h.
 */
#include "base/charset.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/query.h"
#include "rule_titles.h"

#define COLUMNS_MAX 24u
#define SHOWN       160u /* bytes of a value as it is shown */

int case_start(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
               const struct env *env, const char *said, char id[IR_ID_TEXT], char no[IR_NO_TEXT])
{
    int status = case_open(j, cmd, o, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_begin(j);
    return status == IR_EXIT_OK ? case_find(j, "incident", said, id, no) : status;
}

int case_look(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
              const struct env *env, const char *said, char id[IR_ID_TEXT], char no[IR_NO_TEXT])
{
    const int status = case_open(j, cmd, o, env, IR_CASEDB_READ);
    return status == IR_EXIT_OK ? case_find(j, "incident", said, id, no) : status;
}

int case_status(struct case_job *j, int rc)
{
    return rc >= 0 ? IR_EXIT_OK : case_failed(j);
}

void case_tell_loss(struct case_job *j)
{
    say(j->cmd, _("not all of it is text: what is not was kept as U+FFFD; keep the file itself as "
                  "evidence"));
}

void case_tell_marks(struct case_job *j, struct ir_str raw, struct ir_str text)
{
    if (ir_charset_lost(raw, text)) case_tell_loss(j);
}

int case_decode(struct case_job *j, struct ir_buf *text)
{
    struct ir_charset *cs = ir_charset_new();
    struct ir_buf read = IR_BUF(3 * text->max + 1);
    const bool good = cs != NULL && ir_charset_text(cs, IR_ENC_AUTO, ir_buf_view(text), &read);
    ir_charset_free(cs);
    if (good) case_tell_marks(j, ir_buf_view(text), ir_buf_view(&read));
    ir_buf_free(text);
    *text = read;
    if (!good) say(j->cmd, "%s", _("out of memory"));
    return good ? IR_EXIT_OK : IR_EXIT_FAILED;
}

void case_words(const struct opt_list *operands, size_t from, struct ir_buf *text)
{
    for (size_t i = from; i < operands->n; i++)
        ir_buf_fmt(text, "%s%s", i > from ? " " : "", operands->v[i]);
}

int case_text(struct case_job *j, const struct opt_list *operands, size_t from, struct ir_buf *text)
{
    if (operands->n == from + 1 && strcmp(operands->v[from], "-") == 0) {
        const int status = case_read(j, "-", text);
        return status == IR_EXIT_OK ? case_decode(j, text) : status;
    }
    case_words(operands, from, text);
    return IR_EXIT_OK;
}

int case_start_text(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
                    const struct env *env, const struct opt_list *operands, const char *from,
                    struct ir_buf *text, char id[IR_ID_TEXT], char no[IR_NO_TEXT])
{
    int status = case_open(j, cmd, o, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK)
        status = from != NULL ? case_read(j, from, text) : case_text(j, operands, 1, text);
    if (status == IR_EXIT_OK) status = case_begin(j);
    return status == IR_EXIT_OK ? case_find(j, "incident", operands->v[0], id, no) : status;
}

void case_made(struct case_job *j, const char *no, int64_t n, const char *id, const char *done)
{
    struct ir_buf *out = &j->out.buf;
    bool first = true;
    if (!j->json) {
        ir_buf_str(out, ir_str_z(done));
        ir_buf_chr(out, '\n');
        return;
    }
    ir_buf_chr(out, '{');
    ir_json_write_key(out, &first, IR_S("case"));
    ir_json_write_str(out, ir_str_z(no));
    if (n != 0) {
        ir_json_write_key(out, &first, IR_S("no"));
        ir_json_write_i64(out, n);
    }
    if (id != NULL) {
        ir_json_write_key(out, &first, IR_S("id"));
        ir_json_write_str(out, ir_str_z(id));
    }
    ir_buf_str(out, IR_S("}\n"));
}

int64_t case_number_said(const char *said)
{
    char plain[40];
    uint64_t n;
    if (said[0] == '#') said++;
    const bool good = ir_utf8_narrow(ir_str_z(said), plain, sizeof plain) &&
                      ir_str_u64(ir_str_z(plain), &n) && n < 1000000000;
    return good ? (int64_t)n : 0;
}

int64_t case_number(struct case_job *j, const char *said)
{
    const int64_t n = case_number_said(said);
    if (n == 0) say(j->cmd, _("no number: '%.60s'"), said);
    return n;
}

int case_change(const struct cmd *cmd, const void *options, const struct case_options *o,
                const struct opt_list *operands, const struct env *env, case_changing *change)
{
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[160];
    struct case_job j;
    int status = case_start(&j, cmd, o, env, operands->v[0], id, no);
    const int64_t n = status == IR_EXIT_OK ? case_number(&j, operands->v[1]) : 0;
    if (status == IR_EXIT_OK && n == 0) status = IR_EXIT_USAGE;
    const int rc = status == IR_EXIT_OK ? change(&j, options, id, n) : IR_OK;
    if (status == IR_EXIT_OK) status = rc == IR_END ? case_gate_shut(&j, no) : case_status(&j, rc);
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: number %2$lld is changed"), no, (long long)n);
        case_made(&j, no, n, NULL, said);
    }
    return case_close(&j, status);
}

/* "3 d 4 h", "25 min", "8 s": what a person can compare. */
static struct ir_str span(int64_t s, char buf[SHOWN])
{
    const long long m = (s + 30) / 60, h = m / 60, d = h / 24;
    if (s < 60)
        snprintf(buf, SHOWN, _("%lld s"), (long long)s);
    else if (h < 1)
        snprintf(buf, SHOWN, _("%lld min"), m);
    else if (d < 2)
        snprintf(buf, SHOWN, _("%lld h %lld min"), h, m % 60);
    else
        snprintf(buf, SHOWN, _("%lld d %lld h"), d, h % 24);
    return ir_str_z(buf);
}

/* "detect -> recover restore", in the reader's words; anything else stays. */
static struct ir_str course(struct ir_str text, char buf[SHOWN])
{
    struct ir_str rest = text;
    size_t n = 0;
    while (rest.n > 0) {
        const struct ir_str word = ir_str_cut(&rest, ' '), local = case_word("phase", word);
        if (local.p == word.p && !ir_str_eq(word, IR_S("->"))) return text;
        n += (size_t)snprintf(buf + n, SHOWN - n, "%s%.*s", n > 0 ? " " : "", IR_FMT(local));
        if (n >= SHOWN) return text;
    }
    return ir_str_n(buf, n);
}

/* What a rule is called, or where a case went. */
static struct ir_str title(const struct case_job *j, struct ir_str text, char buf[SHOWN])
{
    const struct ir_str rule = j->titles != NULL ? rule_title(j->titles, IR_S(""), text) : text;
    return rule.p != text.p ? rule : course(text, buf);
}

static struct case_cell cell_of(const struct case_job *j, const struct ir_query *q, int at,
                                const struct case_column *c, char buf[SHOWN])
{
    const bool number = c->kind == CASE_NUMBER || c->kind == CASE_SPAN || c->kind == CASE_OVERDUE;
    struct case_cell cell = {.key = c->key,
                             .label = c->label,
                             .columns = c->columns,
                             .n = ir_query_int(q, at),
                             .number = number && !ir_query_null(q, at),
                             .only_json = c->kind == CASE_ID};
    if (!number) cell.text = ir_query_text(q, at);
    if (c->kind == CASE_TIME) cell.text = case_time(j, cell.text, buf);
    if (c->kind == CASE_REVIEW && !j->json) cell.text = case_word("review", cell.text);
    if (c->kind == CASE_TITLE && !j->json) cell.text = title(j, cell.text, buf);
    if (j->json || !cell.number || c->kind == CASE_NUMBER) return cell;
    cell.number = false;
    if (c->kind == CASE_SPAN)
        cell.text = span(cell.n, buf);
    else
        cell.text = cell.n != 0 ? ir_str_z(_("overdue")) : IR_S("");
    return cell;
}

int case_print_rows(struct case_job *j, struct ir_query *q, const struct case_column *column,
                    size_t n)
{
    struct case_cell row[COLUMNS_MAX];
    char buf[COLUMNS_MAX][SHOWN];
    bool overdue = false;
    int rc;
    while ((rc = ir_query_next(q, &j->err)) == IR_OK) {
        for (size_t i = 0; i < n; i++) {
            row[i] = cell_of(j, q, (int)i, &column[i], buf[i]);
            overdue |= column[i].kind == CASE_OVERDUE && row[i].n != 0;
        }
        case_row(j, row, n);
    }
    const int status = case_status(j, rc);
    return status == IR_EXIT_OK && overdue ? IR_EXIT_FINDINGS : status;
}

void case_tell_empty(const struct case_job *j)
{
    if (j->rows == 0 && !j->json && j->env->out_tty)
        say(j->cmd, "%s", _("there is nothing to list"));
}

int case_print(struct case_job *j, const struct case_list *list, const char *id)
{
    char now[IR_CASEDB_TIME], today[IR_TIME_TEXT];
    struct ir_query q;
    const int rc = ir_query_open(&q, j->db, list->sql, &j->err);
    if (rc != IR_OK) return case_failed(j);
    ir_casedb_time(j->env->now, now);
    ir_time_local(j->env->now, j->zone_s, today);
    ir_query_text_arg(&q, 1, ir_str_z(id));
    ir_query_text_arg(&q, 2, ir_str_z(now));
    ir_query_text_arg(&q, 3, ir_str_head(ir_str_z(today), 10));
    const int status = case_print_rows(j, &q, list->column, list->n);
    ir_query_close(&q);
    if (status == IR_EXIT_OK) case_tell_empty(j);
    return status;
}

int case_list_of(const struct cmd *cmd, const struct case_options *o, const struct env *env,
                 const char *said, const struct case_list *list)
{
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_look(&j, cmd, o, env, said, id, no);
    if (status == IR_EXIT_OK) status = case_print(&j, list, id);
    return case_close(&j, status);
}
