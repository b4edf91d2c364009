/*
 * Contacts as CSV. See contact_csv.h. The file may come from anybody: cells are data, a quote that
 * never closes is an error of its line, and the apostrophe that guards a formula is taken off
 * again.
 */
#include "casedb/contact_csv.h"

#include <stdio.h>

#include "base/buf.h"

#define FILE_BYTES  ((size_t)64 << 20)
#define COLUMNS_MAX 64u

/* What people call the columns. */
static const struct {
    enum ir_contact_field field;
    const char *name;
} names[] = {
    {IR_CONTACT_KIND, "kind"},
    {IR_CONTACT_KIND, "種別"},
    {IR_CONTACT_KIND, "種類"},
    {IR_CONTACT_KIND, "区分"},
    {IR_CONTACT_KIND, "type"},
    {IR_CONTACT_ORGANISATION, "organisation"},
    {IR_CONTACT_ORGANISATION, "organization"},
    {IR_CONTACT_ORGANISATION, "組織"},
    {IR_CONTACT_ORGANISATION, "組織名"},
    {IR_CONTACT_ORGANISATION, "会社名"},
    {IR_CONTACT_ORGANISATION, "連絡先"},
    {IR_CONTACT_ORGANISATION, "名称"},
    {IR_CONTACT_ORGANISATION, "機関名"},
    {IR_CONTACT_ORGANISATION, "窓口"},
    {IR_CONTACT_ORGANISATION, "company"},
    {IR_CONTACT_PERSON, "person"},
    {IR_CONTACT_PERSON, "name"},
    {IR_CONTACT_PERSON, "担当者"},
    {IR_CONTACT_PERSON, "氏名"},
    {IR_CONTACT_MEANS, "means"},
    {IR_CONTACT_MEANS, "連絡手段"},
    {IR_CONTACT_MEANS, "連絡方法"},
    {IR_CONTACT_MEANS, "電話"},
    {IR_CONTACT_MEANS, "電話番号"},
    {IR_CONTACT_MEANS, "phone"},
    {IR_CONTACT_MEANS, "メール"},
    {IR_CONTACT_MEANS, "メールアドレス"},
    {IR_CONTACT_MEANS, "mail"},
    {IR_CONTACT_MEANS, "email"},
    {IR_CONTACT_URL, "url"},
    {IR_CONTACT_HOURS, "hours"},
    {IR_CONTACT_HOURS, "受付時間"},
    {IR_CONTACT_HOURS, "対応時間"},
    {IR_CONTACT_PURPOSE, "purpose"},
    {IR_CONTACT_PURPOSE, "目的"},
    {IR_CONTACT_PURPOSE, "主目的"},
    {IR_CONTACT_PURPOSE, "用途"},
    {IR_CONTACT_VERIFIED, "last_verified"},
    {IR_CONTACT_VERIFIED, "last verified"},
    {IR_CONTACT_VERIFIED, "最終確認日"},
    {IR_CONTACT_VERIFIED, "確認日"},
    {IR_CONTACT_NOTE, "note"},
    {IR_CONTACT_NOTE, "備考"},
};

struct reader {
    struct ir_str rest;
    char separator;
    int64_t line; /* on which the row begins */
    int64_t next;
    struct ir_buf cells; /* of the row, one behind the other */
    size_t end[COLUMNS_MAX];
    size_t n;
};

static struct ir_str cell(const struct reader *r, size_t i)
{
    const size_t from = i > 0 ? r->end[i - 1] : 0;
    return ir_str_n((r->cells.p != NULL ? r->cells.p : "") + from, r->end[i] - from);
}

/* A quoted cell without its quotes; false: it never ends. */
static bool read_quoted(struct reader *r)
{
    struct ir_str s = ir_str_skip(r->rest, 1);
    for (;;) {
        const size_t at = ir_str_chr(s, '"');
        if (at == IR_NPOS) return false;
        for (size_t i = 0; i < at; i++)
            r->next += s.p[i] == '\n';
        ir_buf_add(&r->cells, s.p, at);
        s = ir_str_skip(s, at + 1);
        if (s.n == 0 || s.p[0] != '"') break;
        ir_buf_chr(&r->cells, '"');
        s = ir_str_skip(s, 1);
    }
    r->rest = s;
    return true;
}

/* IR_END: no more rows. */
static int read_row(struct reader *r, struct ir_err *err)
{
    ir_buf_clear(&r->cells);
    r->n = 0;
    r->line = r->next;
    ir_err_at(err, NULL, -1, r->line);
    if (r->rest.n == 0) return IR_END;
    for (;;) {
        if (r->rest.n > 0 && r->rest.p[0] == '"' && !read_quoted(r))
            return ir_fail(err, IR_BAD, "a quote that never ends");
        size_t n = 0;
        while (n < r->rest.n && r->rest.p[n] != r->separator && r->rest.p[n] != '\n')
            n++;
        const bool last = n >= r->rest.n || r->rest.p[n] == '\n';
        ir_buf_add(&r->cells, r->rest.p, n > 0 && last && r->rest.p[n - 1] == '\r' ? n - 1 : n);
        r->rest = ir_str_skip(r->rest, n + 1);
        if (r->n == COLUMNS_MAX) return ir_fail(err, IR_BAD, "more than 64 columns");
        r->end[r->n++] = r->cells.n;
        if (!last) continue;
        r->next++;
        return r->cells.full ? ir_fail(err, IR_FATAL, "out of memory") : IR_OK;
    }
}

static char find_separator(struct ir_str text)
{
    const struct ir_str head = ir_str_head(text, ir_str_chr(text, '\n'));
    if (ir_str_chr(head, ',') != IR_NPOS) return ',';
    return ir_str_chr(head, '\t') != IR_NPOS ? '\t' : ir_str_chr(head, ';') != IR_NPOS ? ';' : ',';
}

static enum ir_contact_field field_of(struct ir_str name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_ieq(ir_str_trim(name), ir_str_z(names[i].name))) return names[i].field;
    return IR_CONTACT_FIELDS;
}

static int read_header(struct reader *r, enum ir_contact_field field[COLUMNS_MAX],
                       struct ir_contact_csv_result *res, struct ir_err *err)
{
    bool organisation = false;
    int rc = read_row(r, err);
    if (rc == IR_END) return ir_fail(err, IR_BAD, "the file is empty");
    if (rc != IR_OK) return rc;
    res->columns = r->n;
    for (size_t i = 0; i < r->n; i++) {
        field[i] = field_of(cell(r, i));
        if (field[i] == IR_CONTACT_ORGANISATION) organisation = true;
        if (field[i] == IR_CONTACT_FIELDS && res->unknown++ == 0)
            snprintf(res->first_unknown, sizeof res->first_unknown, "%.*s",
                     IR_FMT(ir_str_head(cell(r, i), 60)));
    }
    return organisation ? IR_OK
                        : ir_fail(err, IR_BAD,
                                  "no column is called organisation (組織名): kind, organisation, "
                                  "person, means, url, hours, purpose, last_verified, note");
}

/* The apostrophe before a formula was put there by whoever exported it. */
static struct ir_str unguarded(struct ir_str s)
{
    return s.n > 1 && s.p[0] == '\'' && strchr("=+-@\t", s.p[1]) != NULL ? ir_str_skip(s, 1) : s;
}

/* Two columns for one field (電話 and メール) are both kept. */
static void fill(struct reader *r, const enum ir_contact_field *field, size_t columns,
                 struct ir_contact *c, struct ir_buf *joined)
{
    struct ir_buf *b = joined;
    size_t from[IR_CONTACT_FIELDS], n[IR_CONTACT_FIELDS];
    ir_buf_clear(b);
    for (unsigned f = 0; f < IR_CONTACT_FIELDS; f++) {
        from[f] = b->n;
        for (size_t i = 0; i < r->n && i < columns; i++) {
            const struct ir_str s = unguarded(ir_str_trim(cell(r, i)));
            if (field[i] != f || s.n == 0) continue;
            if (b->n > from[f]) ir_buf_str(b, IR_S(", "));
            ir_buf_str(b, s);
        }
        n[f] = b->n - from[f];
    }
    for (unsigned f = 0; f < IR_CONTACT_FIELDS; f++)
        c->v[f] = n[f] > 0 ? ir_str_n(b->p + from[f], n[f]) : ir_str_n(NULL, 0);
}

int ir_contact_csv(const struct ir_charset *cs, struct ir_str bytes,
                   int (*take)(void *user, const struct ir_contact *c, struct ir_err *err),
                   void *user, struct ir_contact_csv_result *ret_r, struct ir_err *err)
{
    struct ir_buf text = IR_BUF(4 * FILE_BYTES), joined = IR_BUF(2 * FILE_BYTES);
    struct reader r = {.next = 1, .cells = IR_BUF(FILE_BYTES)};
    enum ir_contact_field field[COLUMNS_MAX];
    struct ir_contact c;
    *ret_r = (struct ir_contact_csv_result){0};
    int rc = bytes.n > FILE_BYTES || !ir_charset_text(cs, IR_ENC_AUTO, bytes, &text)
                 ? ir_fail(err, IR_BAD, "the file is too long")
                 : IR_OK;
    if (rc == IR_OK) {
        r.rest = ir_buf_view(&text);
        ret_r->lost = ir_charset_lost(bytes, r.rest);
        r.separator = find_separator(r.rest);
        rc = read_header(&r, field, ret_r, err);
    }
    while (rc == IR_OK && (rc = read_row(&r, err)) == IR_OK) {
        if (r.cells.n == 0) continue; /* an empty line */
        fill(&r, field, ret_r->columns, &c, &joined);
        ret_r->rows++;
        rc = take(user, &c, err);
        if (rc < 0) ir_err_at(err, NULL, -1, r.line);
    }
    ir_buf_free(&r.cells);
    ir_buf_free(&joined);
    ir_buf_free(&text);
    return rc == IR_END ? IR_OK : rc;
}
