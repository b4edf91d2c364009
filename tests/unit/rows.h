/*
 * Tests of record formats in rows: a record, and the fields that it must give, by name:
 *
 *     gives(&t, rec, "event.action=logon|user.name=bob|source.ip=-");     // "-": not there
 *
 * A header format keeps its state from call to call. prefixes() parses each prefix of a record in a
 * block of exactly its size, for the sanitizers, and checks what fields are made of.
 */
#ifndef IR_TESTS_ROWS_H
#define IR_TESTS_ROWS_H

#include <stdlib.h>

#include "syslog_test.h"

static inline int parse_one(struct lines *t, struct ir_str rec)
{
    ir_arena_reset(&t->arena);
    ir_event_begin(t->ev, rec, 0, 1);
    return t->parser.fmt->parse(&t->parser, rec, t->ev);
}

static inline void has_fields(struct lines *t, const char *want, const char *what)
{
    char name[128], buf[IR_TIME_TEXT];
    struct ir_str rest = ir_str_z(want);
    while (rest.n > 0) {
        struct ir_str value = ir_str_cut(&rest, '|');
        struct ir_str key = ir_str_cut(&value, '=');
        snprintf(name, sizeof name, "%.*s", (int)key.n, key.p);
        struct ir_str got =
            strcmp(name, "time") == 0 ? ir_str_z(when(t, buf)) : field_named(t, name);
        char text[512];
        snprintf(text, sizeof text, "%.*s", (int)value.n, value.p ? value.p : "");
        is_str(got.p == NULL ? IR_S("-") : got, text, "%s of %.60s", name, what);
    }
}

static inline void gives(struct lines *t, struct ir_str rec, const char *want)
{
    char what[64];
    snprintf(what, sizeof what, "%.*s", (int)(rec.n < 60 ? rec.n : 60), rec.p);
    int rc = parse_one(t, rec);
    if (rc != IR_OK) ok(false, "refused: %s", what);
    if (rc == IR_OK) has_fields(t, want, what);
}

static inline void refuses(struct lines *t, struct ir_str rec)
{
    is_int(parse_one(t, rec), IR_BAD, "refused: %.*s", (int)(rec.n < 60 ? rec.n : 60), rec.p);
}

static inline void prefixes(struct lines *t, struct ir_str rec)
{
    bool good = true;
    for (size_t n = 0; n <= rec.n; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, rec.p, n);
        int rc = parse_one(t, ir_str_n(copy, n));
        good = good && (rc == IR_OK || rc == IR_BAD);
        for (uint32_t i = 0; rc == IR_OK && t->ev->verbatim && i < t->ev->nfields; i++) {
            const struct ir_field *f = &t->ev->fields[i];
            bool in = f->val.n == 0 || (f->val.p >= copy && f->val.p + f->val.n <= copy + n);
            good = good && (f->derived || in);
        }
        if (t->parser.fmt->stamp != NULL) {
            ir_event_begin(t->ev, ir_str_n(copy, n), 0, 1);
            good = good && t->parser.fmt->stamp(&t->parser, ir_str_n(copy, n), t->ev) == rc;
        }
        free(copy);
    }
    ok(good, "each prefix of %.*s", (int)(rec.n < 40 ? rec.n : 40), rec.p);
}

/* All records of a text as `cut` and `next` give them, also when cut sees it byte by byte. */
static inline unsigned documents(const struct ir_format *fmt, struct ir_str text)
{
    struct ir_str rest = text, rec;
    unsigned n = 0;
    while (fmt->next(&rest, &rec))
        n++;
    unsigned pieces = 0;
    size_t from = 0;
    for (size_t to = 1; to <= text.n; to++) {
        struct ir_str part = ir_str_n(text.p + from, to - from);
        size_t len = fmt->cut(part, to == text.n);
        if (len > part.n) ok(false, "cut took more than it was given");
        rest = ir_str_head(part, len);
        from += len;
        while (fmt->next(&rest, &rec))
            pieces++;
    }
    is_int(pieces, n, "%s: the same records however the bytes come", fmt->name);
    return n;
}

#endif
