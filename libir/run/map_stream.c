/*
 * The map stage for streams that one worker reads whole: of formats whose records belong together
 * (auditd), and where a block's place in time depends on all before it.
 *
 * The members of a rotated set of a stateful format come one after the other and share one parser,
 * so that an event which rotation cut is one event. Its places lie in two inputs then: hits go to
 * the result of the input in which their record lies, the current one (m->r) or an older one.
 */
#include "run/map_int.h"

/* Hands the result for an older input over: to be merged before the current one's next part. */
static void give_older(struct ir_mapper *m)
{
    struct ir_chain *c = &m->chain;
    if (c->older == NULL) return;
    ir_map_thin(m, c->older);
    ir_result_free(c->part(c->part_user, c->older)); /* the empty one for going on: not needed */
    c->older = NULL;
}

struct ir_result *ir_map_result_of(struct ir_mapper *m, uint32_t back)
{
    struct ir_chain *c = &m->chain;
    struct ir_result *home = m->r;
    if (back == 0) return home;
    const uint32_t input = c->input - back;
    if (c->older != NULL && (c->older->input != input || c->older->held >= IR_RESULT_PART))
        give_older(m);
    if (c->older == NULL)
        c->older = ir_result_new((uint32_t)m->s->o.formats->n + 1, ir_names_count(m->s->names));
    if (c->older == NULL) {
        home->out_of_memory = true;
        return home;
    }
    c->older->number = home->number;
    c->older->input = input;
    c->older->absolute = true;
    return c->older;
}

static void on_event(void *user, struct ir_event *ev)
{
    struct ir_mapper *m = user;
    (void)ev; /* it is the mapper's own */
    ir_map_event(m, m->chain.p.fmt, NULL, NULL, 0);
    ir_arena_reset(&m->arena);
}

/* A record that the stateful format does not know: some other line format may. */
static void feed_line(struct ir_mapper *m, struct ir_str rec, uint64_t offset, uint64_t line)
{
    struct ir_parser *p = &m->chain.p;
    const struct ir_format *fmt;
    if (p->fmt->feed(p, rec, offset, line, m->ev) == IR_OK) return;
    ir_event_begin(m->ev, rec, offset, line);
    ir_parser_record(p, rec, m->ev, &fmt);
    ir_map_event(m, fmt, NULL, NULL, 0);
}

static void feed_block(struct ir_mapper *m, const struct ir_block *blk, uint64_t line)
{
    struct ir_str rest = ir_str_n(blk->data, blk->n), rec;
    for (bool ended; ir_str_line(&rest, &rec, &ended); line += ended, m->r->lines += ended)
        if (rec.n > 0)
            feed_line(m, rec, blk->offset + ir_block_place(blk, (size_t)(rec.p - blk->data)), line);
}

static void map_part(struct ir_mapper *m, struct ir_stream *st, const struct ir_block *blk,
                     struct ir_result *r)
{
    struct ir_parser *p = &m->chain.p;
    struct ir_peers peers = {0}; /* views into this block */
    struct ir_walk w = {.st = st,
                        .parser = p,
                        .blk = blk,
                        .data = ir_str_n(blk->data, blk->n),
                        .base = blk->offset,
                        .line0 = st->lines};
    const uint64_t before = r->lines;
    ir_map_begin(m, st, blk, r);
    p->peers = &peers;
    r->offset = 0; /* places are absolute here */
    r->absolute = true;
    if (blk->invalid > 0)
        ir_result_damages(r, ir_stream_invalid(st), blk->offset + blk->invalid_at, blk->invalid);
    if (st->fmt->flags & IR_FMT_STATEFUL)
        feed_block(m, blk, st->lines);
    else
        ir_map_walk(m, &w);
    st->lines += r->lines - before;
    p->peers = NULL;
}

int ir_map_stream(struct ir_mapper *m, struct ir_stream *st, struct ir_block *blk,
                  struct ir_result **r, ir_part_fn part, void *user, struct ir_err *err)
{
    struct ir_chain *c = &m->chain;
    int rc, worst = IR_OK;
    if (c->open) {
        c->p.member++;
    } else {
        if (ir_parser_open(&c->p, st->fmt, m->s->names) != IR_OK)
            return ir_fail(err, IR_FATAL, "out of memory");
        c->p.formats = m->s->o.formats;
        c->open = true;
        c->p.emit = on_event;
        c->p.user = m;
    }
    c->input = st->index;
    c->p.path = ir_str_z(st->in->path);
    c->part = part;
    c->part_user = user;
    c->p.clock = ir_years_clock(&st->years, 0);
    while ((rc = ir_blocks_next(st->blocks, blk, err)) == IR_OK || rc == IR_WARN) {
        if (rc == IR_WARN) worst = IR_WARN;
        map_part(m, st, blk, *r);
        if ((*r)->held < IR_RESULT_PART) continue;
        ir_map_finish(m, *r);
        if ((*r = part(user, *r)) == NULL) {
            rc = ir_fail(err, IR_FATAL, "out of memory");
            break;
        }
    }
    m->r = *r;
    if (*r != NULL) {
        (*r)->absolute = true;
        (*r)->input = st->index;
        ir_map_finish(m, *r);
        give_older(m);
    }
    if (*r == NULL || !(st->fmt->flags & IR_FMT_STATEFUL)) ir_map_flush(m, *r);
    return rc == IR_FATAL ? IR_FATAL : worst;
}

void ir_map_flush(struct ir_mapper *m, struct ir_result *r)
{
    struct ir_chain *c = &m->chain;
    if (!c->open) return;
    m->r = r;
    if (r != NULL && c->p.fmt->flush != NULL) {
        c->p.fmt->flush(&c->p, m->ev);
        ir_map_finish(m, r);
        give_older(m);
    }
    ir_result_free(c->older);
    c->older = NULL;
    ir_parser_close(&c->p);
    c->open = false;
}
