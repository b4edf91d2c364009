/*
 * What the Sigma tests share: a rule set with its names, an event, and the JSON format to fill it.
 */
#ifndef IR_TESTS_SIGMA_TEST_H
#define IR_TESTS_SIGMA_TEST_H

#include "base/buf.h"
#include "format/format.h"
#include "rules/match.h"
#include "rules/rules.h"
#include "tap.h"

struct world {
    struct ir_names *names;
    struct ir_rules *rules;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser parser;
};

static inline void world_close(struct world *w)
{
    ir_event_free(w->ev);
    ir_rules_free(w->rules);
    ir_names_free(w->names);
    ir_arena_free(&w->arena);
}

static inline bool world_open(struct world *w)
{
    *w = (struct world){.names = ir_names_new(), .arena = IR_ARENA(64 << 20)};
    w->rules = w->names ? ir_rules_new(w->names) : NULL;
    if (w->rules != NULL) return true;
    world_close(w);
    return ok(false, "memory for a rule set");
}

/* No more rules: the names are complete, and an event can be made for them. */
static inline bool world_ready(struct world *w)
{
    if (ir_rules_finish(w->rules, NULL) == IR_OK) w->ev = ir_event_new(w->names, &w->arena);
    if (w->ev == NULL) return ok(false, "memory for an event");
    w->ev->want_all = true; /* as for keyword rules */
    return true;
}

static inline int parse_json(struct world *w, struct ir_str text)
{
    w->parser = (struct ir_parser){.fmt = ir_format_by_name(IR_S("json")), .names = w->names};
    return w->parser.fmt->parse(&w->parser, text, w->ev);
}

static inline bool slurp(const char *path, struct ir_buf *b)
{
    FILE *f = fopen(path, "rb");
    char part[4096];
    size_t n;
    if (f == NULL) return false;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        ir_buf_add(b, part, n);
    fclose(f);
    return !b->full;
}

#endif
