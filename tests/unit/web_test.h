/*
 * What the tests of web logs share: one line into an event by one format, and its fields.
 *
 *     if (!web_open("nginx_error")) return done();
 *     take("…");
 *     is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client");
 *     return web_close();
 */
#ifndef IR_TESTS_WEB_TEST_H
#define IR_TESTS_WEB_TEST_H

#include "../tap.h"

#include "base/time.h"
#include "format/format.h"

static struct ir_names *names;
static struct ir_arena arena;
static struct ir_event *ev;
static struct ir_parser parser;

static inline bool web_open(const char *format)
{
    names = ir_names_new();
    arena = IR_ARENA(1 << 20);
    ev = names ? ir_event_new(names, &arena) : NULL;
    parser = (struct ir_parser){.fmt = ir_format_by_name(ir_str_z(format)), .names = names};
    return ok(ev != NULL && parser.fmt != NULL, "an event, and the format %s", format);
}

static inline int web_close(void)
{
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_names_free(names);
    return done();
}

/* parse's result; stamp must agree with it, and what is not verbatim must be known to be parsed. */
static inline int parse(const char *line, size_t n)
{
    const struct ir_format *fmt = parser.fmt;
    struct ir_str rec = ir_str_n(line, n);
    ir_arena_reset(&arena);
    ir_event_begin(ev, rec, 0, 1);
    int quick = fmt->stamp(&parser, rec, ev);
    int64_t when = ev->time;
    ir_event_begin(ev, rec, 0, 1);
    int rc = fmt->parse(&parser, rec, ev);
    if (quick != rc || (rc == IR_OK && when != ev->time)) ok(false, "stamp agrees: %s", line);
    if (rc == IR_OK && !ev->verbatim && !ir_format_must_parse(fmt, rec))
        ok(false, "derived says so: %s", line);
    return rc;
}

static inline struct ir_str get(uint32_t id)
{
    return ir_event_get(ev, id, 0);
}

static inline void take(const char *line)
{
    is_int(parse(line, strlen(line)), IR_OK, "taken: %s", line);
}

/* Every cut of the line, in a block of exactly that size: whatever it becomes, nobody reads behind
 * it. */
static inline void cut_everywhere(const char *line)
{
    for (size_t n = 0; n <= strlen(line); n++) {
        char *copy = malloc(n ? n : 1);
        if (copy == NULL) return;
        memcpy(copy, line, n);
        parse(copy, n);
        free(copy);
    }
    ok(true, "cut at every byte");
}

static inline void refuse(const char *line)
{
    is_int(parse(line, strlen(line)), IR_BAD, "refused: %s", line);
}

#endif
