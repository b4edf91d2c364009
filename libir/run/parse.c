/*
 * `ir parse`: the events of all inputs in order, each handed to the caller. One thread, the same
 * streams and parsers as a scan, no rules.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "run/sandbox.h"
#include "run/scan_int.h"
#include "source/unpack.h"

#define ARENA_MAX ((size_t)64 << 20)

struct parse_run {
    struct ir_scan s; /* only names, inputs and options are used: what ir_stream_open reads */
    const struct ir_parse_options *o;
    struct ir_parse_result *r;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser ps; /* a stateful format's stays open over the members of a rotated set */
    bool open;
    bool whole;
    bool every_stamp; /* a stamp's year comes from all before it */
    bool check_late; /* `wanted` is asked when the record is parsed: earlier ones say its columns */
    uint32_t index;  /* of the input that is read */
    uint64_t lines;
    struct ir_input_problem *problems;
    size_t cap;
    int stop;
};

static void problem(struct parse_run *p, const char *path, const struct ir_err *err,
                    enum ir_note_kind kind)
{
    struct ir_parse_result *r = p->r;
    r->unreadable += kind == IR_NOTE_UNREADABLE;
    r->damaged += kind == IR_NOTE_DAMAGED;
    r->skipped += kind == IR_NOTE_SKIPPED;
    if (r->nproblems == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        struct ir_input_problem *v = realloc(p->problems, cap * sizeof *v);
        if (v == NULL) return;
        r->problems = p->problems = v;
        p->cap = cap;
    }
    struct ir_str reason = ir_arena_dup(&p->s.texts, ir_str_z(err->msg));
    struct ir_str name = ir_arena_dup(&p->s.texts, ir_str_z(path));
    p->problems[r->nproblems++] =
        (struct ir_input_problem){name.p,
                                  err->offset >= 0 ? (uint64_t)err->offset : UINT64_MAX,
                                  1,
                                  reason.p,
                                  kind == IR_NOTE_UNREADABLE,
                                  kind == IR_NOTE_SKIPPED  ? IR_PROBLEM_SKIPPED
                                  : kind == IR_NOTE_REMARK ? IR_PROBLEM_REMARK
                                                           : IR_PROBLEM_DAMAGE};
}

#ifdef IR_TESTING
static void probe(struct ir_str rec)
{
    if (ir_str_starts(rec, IR_S("ir-sandbox-probe"))) ir_sandbox_probe();
}
#endif

/* Where the event's first record lies. */
static const char *path_of(const struct parse_run *p, const struct ir_event *ev)
{
    return ir_inputs_get(p->s.inputs, p->index - ev->views[0].back)->path;
}

static void broken(struct parse_run *p, const struct ir_event *ev)
{
    struct ir_parse_result *r = p->r;
    r->damaged++;
    if (r->broken.n++ > 0) return;
    r->broken.offset = ev->views[0].offset;
    r->broken.line = ev->views[0].line;
    r->broken.path = ir_arena_dup(&p->s.texts, ir_str_z(path_of(p, ev))).p;
}

static void give(struct parse_run *p, const struct ir_format *fmt)
{
    struct ir_event *ev = p->ev;
    p->r->records++;
    if (p->check_late && !p->o->wanted(p->o->user, ev->raw)) {
        ir_arena_reset(&p->arena);
        return;
    }
    p->r->unrecognised += (ev->flags & IR_EV_UNRECOGNISED) != 0;
    if (ev->flags & IR_EV_DAMAGED) broken(p, ev);
    if (p->o->asks != 0) ir_extra_fill(ev, p->o->extras, p->o->asks, &p->s.places);
    if (p->stop == 0) p->stop = p->o->event(p->o->user, ev, path_of(p, ev), fmt->name);
    ir_arena_reset(&p->arena);
}

static void on_event(void *user, struct ir_event *ev)
{
    struct parse_run *p = user;
    (void)ev; /* it is p->ev */
    give(p, p->ps.fmt);
}

static void one(struct parse_run *p, struct ir_str rec, uint64_t offset)
{
    struct ir_parser *ps = &p->ps;
    const struct ir_format *fmt;
    uint64_t line = p->lines + 1;
    if (ps->fmt->feed != NULL && ps->fmt->feed(ps, rec, offset, line, p->ev) == IR_OK) return;
    ir_event_begin(p->ev, rec, offset, line);
#ifdef IR_TESTING
    probe(rec);
#endif
    ir_parser_record(ps, rec, p->ev, &fmt);
    give(p, fmt);
}

static uint64_t line_ends(const char *from, const char *to)
{
    uint64_t n = 0;
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

/* False: the caller has no use for the record. What later stamps need is taken from it. */
static bool is_wanted(struct parse_run *p, struct ir_str rec)
{
    const struct ir_format *fmt = p->ps.fmt;
    if (p->o->wanted == NULL || p->check_late || p->o->wanted(p->o->user, rec)) return true;
    p->r->records++;
    if (p->every_stamp && fmt->stamp != NULL) {
        ir_event_begin(p->ev, rec, 0, 1);
        fmt->stamp(&p->ps, rec, p->ev);
    }
    return false;
}

/* Of a format that joins records, one alone is asked for: nothing else may come with it. */
static void one_alone(struct parse_run *p, struct ir_str rec, uint64_t offset)
{
    const struct ir_clock clock = p->ps.clock;
    const uint64_t before = p->r->records;
    one(p, rec, offset);
    if (p->o->wanted == NULL || p->ps.fmt->feed == NULL) return;
    p->ps.fmt->flush(&p->ps, p->ev);
    if (p->r->records == before && p->stop == 0) { /* alone it makes no event; it was found */
        ir_event_begin(p->ev, rec, offset, p->lines + 1);
        give(p, p->ps.fmt);
    }
    const struct ir_str path = p->ps.path;
    ir_parser_close(&p->ps);
    p->open = ir_parser_open(&p->ps, p->ps.fmt, p->s.names) == IR_OK;
    p->ps.clock = clock;
    p->ps.path = path;
    p->ps.formats = p->s.o.formats;
    p->ps.emit = on_event;
    p->ps.user = p;
    if (!p->open) p->stop = 1;
}

static void one_block(struct parse_run *p, const struct ir_block *blk)
{
    const struct ir_format *fmt = p->ps.fmt;
    struct ir_str rest = ir_str_n(blk->data, blk->n), rec;
    const char *counted = blk->data;
    if (p->o->block != NULL) {
        const bool any = p->o->block(p->o->user, rest);
        p->every_stamp = (fmt->flags & IR_FMT_YEARLESS) && (any || p->whole);
    }
    if (ir_format_cuts(fmt)) {
        while (p->stop == 0 && ir_parser_next(&p->ps, &rest, &rec)) {
            p->lines += line_ends(counted, rec.p);
            counted = rec.p;
            if (is_wanted(p, rec))
                one(p, rec, blk->offset + ir_block_place(blk, (size_t)(rec.p - blk->data)));
        }
        p->lines += line_ends(counted, blk->data + blk->n);
        return;
    }
    for (bool ended; p->stop == 0 && ir_str_line(&rest, &rec, &ended); p->lines += ended)
        if (rec.n > 0 && is_wanted(p, rec))
            one_alone(p, rec, blk->offset + ir_block_place(blk, (size_t)(rec.p - blk->data)));
}

/* What the parser still holds comes out: nothing follows. */
static void close_parser(struct parse_run *p)
{
    if (!p->open) return;
    if (p->stop == 0 && p->ps.fmt->flush != NULL) p->ps.fmt->flush(&p->ps, p->ev);
    ir_parser_close(&p->ps);
    p->open = false;
}

/* Rotation cuts events in two: the members of a set share a stateful format's parser, as long as
 * each opens and is of that format. */
static bool goes_on(const struct parse_run *p, const struct ir_stream *st)
{
    return p->open && p->ps.fmt == st->fmt && st->index == p->index + 1 &&
           ir_inputs_get(p->s.inputs, p->index)->set == st->in->set;
}

static int open_parser(struct parse_run *p, const struct ir_stream *st)
{
    if (goes_on(p, st)) {
        p->ps.member++;
    } else {
        close_parser(p);
        if (ir_parser_open(&p->ps, st->fmt, p->s.names) != IR_OK) return IR_FATAL;
        p->ps.formats = p->s.o.formats;
        p->open = true;
        p->ps.emit = on_event;
        p->ps.user = p;
    }
    p->index = st->index;
    p->ps.path = ir_str_z(st->in->path);
    p->lines = 0;
    p->ps.clock = ir_years_clock(&st->years, 0);
    p->check_late = p->o->wanted != NULL && (st->fmt->flags & IR_FMT_HEADER);
    p->whole = st->whole;
    return IR_OK;
}

static void invalid(struct parse_run *p, const struct ir_stream *st, const struct ir_block *blk)
{
    struct ir_err err = {.offset = (int64_t)(blk->offset + blk->invalid_at)};
    snprintf(err.msg, sizeof err.msg, "%s", ir_stream_invalid(st));
    problem(p, st->in->path, &err, IR_NOTE_DAMAGED);
    p->r->damaged += blk->invalid - 1;
    if (p->r->nproblems > 0) p->problems[p->r->nproblems - 1].count = blk->invalid;
}

static void not_utf8(struct parse_run *p, const struct ir_stream *st, const struct ir_not_utf8 *t)
{
    struct ir_err err = {.offset = -1};
    const uint64_t lines = ir_not_utf8_told(t);
    if (lines == 0) return;
    snprintf(err.msg, sizeof err.msg, "%s", IR_NOT_UTF8_TEXT);
    problem(p, st->in->path, &err, IR_NOTE_REMARK);
    if (p->r->nproblems > 0) p->problems[p->r->nproblems - 1].count = lines;
}

static void one_stream(struct parse_run *p, struct ir_stream *st, struct ir_block *blk)
{
    struct ir_err err = {.offset = -1};
    struct ir_not_utf8 bad_lines = {0};
    int rc;
    if (open_parser(p, st) != IR_OK) return;
    if (st->guessed) {
        snprintf(err.msg, sizeof err.msg, "%s", ir_guessed_text(st->encoding));
        problem(p, st->in->path, &err, IR_NOTE_REMARK);
    }
    while (p->stop == 0 && ((rc = ir_blocks_next(st->blocks, blk, &err)) == IR_OK ||
                            rc == IR_WARN || rc == IR_FATAL)) {
        if (rc != IR_OK)
            problem(p, st->in->path, &err, rc == IR_FATAL ? IR_NOTE_UNREADABLE : IR_NOTE_DAMAGED);
        if (rc == IR_FATAL) break;
        if (blk->invalid > 0) invalid(p, st, blk);
        ir_stream_not_utf8(st, p->o->encoding, ir_str_n(blk->data, blk->n), &bad_lines);
        struct ir_peers peers = {0}; /* views into this block */
        p->ps.peers = &peers;
        if (p->o->wanted != NULL && !st->whole)
            p->ps.clock = ir_years_clock(&st->years, blk->offset);
        one_block(p, blk);
    }
    p->ps.peers = NULL;
    not_utf8(p, st, &bad_lines);
    if (!(st->fmt->flags & IR_FMT_STATEFUL)) close_parser(p);
}

static void all_inputs(struct parse_run *p)
{
    struct ir_block blk = {0};
    for (size_t i = 0; i < ir_inputs_notes(p->s.inputs); i++) {
        const struct ir_input_note *n = ir_inputs_note(p->s.inputs, i);
        struct ir_err err = {.offset = -1};
        snprintf(err.msg, sizeof err.msg, "%s", n->reason);
        problem(p, n->path, &err, n->kind);
    }
    for (size_t i = 0; i < ir_inputs_count(p->s.inputs) && p->stop == 0; i++) {
        struct ir_stream st;
        struct ir_err err = {.offset = -1};
        if (ir_stream_open(&p->s, (uint32_t)i, &st, &err) != IR_OK) {
            close_parser(p);
            problem(p, ir_inputs_get(p->s.inputs, i)->path, &err, IR_NOTE_UNREADABLE);
            continue;
        }
        one_stream(p, &st, &blk);
        ir_stream_close(&st);
    }
    close_parser(p);
    ir_block_free(&blk);
}

int ir_parse_run(const char *const *args, size_t nargs, const struct ir_parse_options *o,
                 struct ir_parse_result *ret_r, struct ir_err *err)
{
    *ret_r = (struct ir_parse_result){0};
    struct parse_run p = {.o = o, .r = ret_r, .arena = IR_ARENA(ARENA_MAX)};
    int rc = IR_OK, unpack_fd = -1;
    p.s.o = ir_scan_defaults();
    p.s.o.reference_time = o->reference_time;
    p.s.o.now = o->now;
    p.s.o.zone = o->zone;
    p.s.o.formats = ir_formats_or_builtin(o->formats);
    p.s.o.format = o->format;
    p.s.spool_fd = -1;
    p.s.names = o->names != NULL ? o->names : ir_names_new();
    if (p.s.names != NULL && o->names == NULL)
        ir_names_own_sources(p.s.names, p.s.o.formats->own, p.s.o.formats->nown);
    p.s.inputs = ir_inputs_new();
    if (p.s.names != NULL) p.ev = ir_event_new(p.s.names, &p.arena);
    if (p.ev == NULL || p.s.inputs == NULL) rc = ir_fail(err, IR_FATAL, "out of memory");
    for (size_t i = 0; rc == IR_OK && i < nargs; i++)
        ir_inputs_add(p.s.inputs, args[i], NULL); /* what cannot be taken is in the notes */
    if (rc == IR_OK && ir_inputs_convert(p.s.inputs, o->encoding) != IR_OK)
        rc = ir_fail(err, IR_FATAL, IR_NO_CHARSET);
    if (rc == IR_OK) {
        const struct ir_unpack_options uo = {.fd = ir_io_temporary(), .keys = o->passwords};
        const int writable[] = {o->output_fd, uo.fd, o->sort_fd};
        if (!o->no_sandbox) ir_sandbox_enter(writable, 3);
        unpack_fd = uo.fd;
        rc = ir_inputs_unpack(p.s.inputs, &uo);
    }
    if (rc == IR_OK) rc = ir_inputs_finish(p.s.inputs);
    if (rc == IR_OK) {
        p.ev->want_all = !o->known_fields;
        all_inputs(&p);
    }
    ir_event_free(p.ev);
    ir_arena_free(&p.arena);
    ir_inputs_free(p.s.inputs);
    if (unpack_fd >= 0) close(unpack_fd);
    if (o->names == NULL) ir_names_free(p.s.names);
    ret_r->texts = p.s.texts;
    return rc;
}

void ir_parse_free(struct ir_parse_result *r)
{
    free((void *)(uintptr_t)r->problems);
    ir_arena_free(&r->texts);
    *r = (struct ir_parse_result){0};
}
