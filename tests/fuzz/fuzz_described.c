/*
 * Format files and their records: the input is YAML, then a line "-----", then a log. What loads
 * must cut and parse the log without losing a byte, `stamp` must accept what `parse` accepts, and
 * the samples must run.
 */
#include <stdlib.h>

#include "format/described.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser p;
};

static void one(struct run *r, struct ir_str rec)
{
    const struct ir_clock clock = r->p.clock;
    const struct ir_format *took;
    ir_event_begin(r->ev, rec, 0, 1);
    const int parsed = r->p.fmt->parse(&r->p, rec, r->ev);
    const int64_t time = r->ev->flags & IR_EV_TIME ? r->ev->time : 0;
    const uint32_t damaged = r->ev->flags & IR_EV_DAMAGED;
    r->p.clock = clock;
    ir_event_begin(r->ev, rec, 0, 1);
    if (r->p.fmt->stamp(&r->p, rec, r->ev) != parsed) abort();
    if (parsed == IR_OK) {
        if ((r->ev->flags & IR_EV_TIME ? r->ev->time : 0) != time) abort();
        if ((r->ev->flags & IR_EV_DAMAGED) != damaged) abort();
    }
    r->p.clock = clock;
    ir_event_begin(r->ev, rec, 0, 1);
    ir_parser_record(&r->p, rec, r->ev, &took);
    ir_arena_reset(&r->arena);
}

static void records(struct run *r, struct ir_str log)
{
    struct ir_str rest = log, rec;
    bool ended;
    if (!ir_format_cuts(r->p.fmt)) {
        while (ir_str_line(&rest, &rec, &ended))
            one(r, rec);
        return;
    }
    if (ir_format_cut(r->p.fmt, log, true) != log.n) abort();
    const size_t part = ir_format_cut(r->p.fmt, log, false);
    if (part > log.n || (part > 0 && log.p[part - 1] != '\n')) abort();
    for (size_t before = rest.n + 1; ir_parser_next(&r->p, &rest, &rec); before = rest.n) {
        if (rest.n >= before || rec.p < log.p || rec.p + rec.n > log.p + log.n) abort();
        one(r, rec);
    }
    if (rest.n > 0) abort();
}

static void on_sample(void *user, const struct ir_described_sample *s)
{
    (void)user;
    if (s->ev != NULL && s->ev->nviews == 0) abort();
}

static void one_format(const struct ir_described_set *set, size_t i, struct ir_str log)
{
    const struct ir_formats *fs = ir_described_formats(set);
    struct ir_described_info info;
    struct run r = {.names = ir_names_new(), .arena = IR_ARENA(1 << 24)};
    ir_described_get(set, i, &info);
    ir_names_own_sources(r.names, fs->own, fs->nown);
    r.ev = ir_event_new(r.names, &r.arena);
    if (r.ev == NULL || ir_parser_open(&r.p, info.format, r.names) != IR_OK) abort();
    r.ev->want_all = true;
    r.p.clock.anchor = INT64_C(1795309323) * 1000000000;
    r.p.formats = fs;
    const int bid = ir_format_bid(info.format, log);
    if (bid < 0 || bid > 100) abort();
    records(&r, log);
    if (ir_described_try(set, i, r.p.clock.anchor, on_sample, NULL) != IR_OK) abort();
    ir_parser_close(&r.p);
    ir_event_free(r.ev);
    ir_names_free(r.names);
    ir_arena_free(&r.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str yaml = ir_str_n((const char *)data, size), log = {"", 0};
    const size_t line = ir_str_find(yaml, IR_S("\n-----\n"));
    if (line != IR_NPOS) {
        log = ir_str_skip(yaml, line + 7);
        yaml = ir_str_head(yaml, line + 1);
    }
    struct ir_described_set *set = ir_described_new();
    if (set == NULL || ir_described_add(set, "fuzz.yml", yaml) != IR_OK) abort();
    if (ir_described_finish(set) != IR_OK) abort();
    for (size_t i = 0; i < ir_described_count(set); i++)
        one_format(set, i, log);
    ir_described_free(set);
    return 0;
}
