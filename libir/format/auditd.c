/*
 * Linux audit logs: /var/log/audit/audit.log, RAW and ENRICHED, also with node= in front and as the
 * kernel ring prints them. This file finds the records of one event: they share node, time and
 * serial, records of several events interleave, and serials start again at boot. What the records
 * say is auditd_build.c's business.
 *
 * An event ends at EOE or PROCTITLE; at once when its kind comes alone; when the node's time is two
 * seconds further; when many newer ones are open; and with the input, or the last member of a
 * rotated set. (The same rules as auparse's
 * lol.c in https://github.com/linux-audit/audit-userspace.)
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/time.h"
#include "format/auditd_int.h"

/* An attacker can open groups without end and never close one: every count has a limit, and a group
 * that a limit closed says so (IR_EV_TRUNCATED). */
#ifdef IR_TINY
#define OPEN_MAX      8u
#define OPEN_NODE_MAX 4u
#define RECORDS_MAX   16u
#define RECORD_BYTES  ((size_t)16 << 10)
#define GROUP_BYTES   ((size_t)8 << 10)
#define ALL_BYTES     ((size_t)24 << 10)
#else
#define OPEN_MAX      1024u /* groups */
#define OPEN_NODE_MAX 64u   /* of one node: then the oldest is taken for complete */
#define RECORDS_MAX   512u  /* of a group */
#define RECORD_BYTES  ((size_t)256 << 10)
#define GROUP_BYTES   ((size_t)4 << 20)
#define ALL_BYTES     ((size_t)32 << 20)
#endif
#define SPARE_MAX     16u
#define SPARE_BYTES   ((size_t)16 << 10)
#define SPARE_RECORDS 64u
#define PASSED_NS     (2 * IR_NS)
#define CLOSED_KEEP   256u /* events whose late EOE is still known */

struct place {
    struct ir_aud_head h; /* views of the record as it came, at `was` */
    const char *was;
    size_t at, n; /* in text */
    uint64_t offset, line;
    uint32_t length, member; /* member of the rotated set */
};

struct group {
    struct ir_str node; /* owned */
    int64_t ns;
    uint64_t serial;
    bool truncated;
    struct ir_buf text; /* records one after the other: the block they came in may be gone */
    struct place *rec;
    uint32_t n, cap;
    struct group *spare; /* the next one of those that are not in use */
};

struct state {
    struct group *open[OPEN_MAX + 1]; /* in the order of their first records */
    uint64_t hash[OPEN_MAX + 1];
    uint32_t n;
    size_t bytes;
    uint64_t closed[CLOSED_KEEP];
    uint32_t nclosed;
    struct ir_aud_pids *pids;
    struct group *spare; /* closed groups, whose memory the next ones take over */
    uint32_t nspare;
};

static uint64_t key_hash(const struct ir_aud_head *h)
{
    uint64_t k[2] = {(uint64_t)h->ns, h->serial};
    uint64_t v = ir_hash(h->node, ir_hash(ir_str_n((const char *)k, sizeof k), 1));
    return v ? v : 1; /* 0 is an unused place in closed[] */
}

static bool read_head(struct ir_str rec, struct ir_aud_head *h)
{
    if (ir_aud_head(rec, h)) return true;
    struct ir_str body =
        ir_auditd_body(rec); /* with the kernel ring's or syslog's tags before it */
    return body.p != NULL && ir_aud_head(body, h);
}

static void group_free(struct group *g)
{
    free((char *)(uintptr_t)g->node.p);
    ir_buf_free(&g->text);
    free(g->rec);
    free(g);
}

/* Large ones are not kept. */
static void group_done(struct state *st, struct group *g)
{
    if (st->nspare >= SPARE_MAX || g->text.cap > SPARE_BYTES || g->cap > SPARE_RECORDS) {
        group_free(g);
        return;
    }
    free((char *)(uintptr_t)g->node.p);
    g->node = ir_str_n(NULL, 0);
    g->spare = st->spare;
    st->spare = g;
    st->nspare++;
}

/* An empty one; NULL when memory is out. */
static struct group *group_new(struct state *st)
{
    struct group *g = st->spare;
    if (g == NULL) {
        g = calloc(1, sizeof *g);
        if (g != NULL) g->text = IR_BUF(GROUP_BYTES + RECORD_BYTES + 1);
        return g;
    }
    st->spare = g->spare;
    st->nspare--;
    ir_buf_clear(&g->text);
    g->n = 0;
    g->truncated = false;
    return g;
}

static void build(struct ir_parser *p, struct ir_event *ev, struct ir_aud_rec *recs, uint32_t n,
                  struct ir_str first, bool truncated)
{
    const struct state *st = p->state;
    ir_event_begin(ev, first, recs[0].offset, recs[0].line);
    ev->views[0].length = recs[0].length;
    ev->views[0].back = recs[0].back;
    if (truncated) ev->flags |= IR_EV_TRUNCATED;
    ir_aud_build(ev, recs, n, st ? st->pids : NULL);
    if (ev->flags & (IR_EV_TRUNCATED | IR_EV_DAMAGED)) p->damaged++;
    if (p->emit != NULL) p->emit(p->user, ev);
}

/* Without memory for its records the event still comes: its time and place are known. */
static void build_empty(struct ir_parser *p, struct ir_event *ev, const struct group *g)
{
    ir_event_begin(ev, ir_str_n("", 0), g->rec[0].offset, g->rec[0].line);
    ev->views[0].length = g->rec[0].length;
    ev->views[0].back = p->member - g->rec[0].member;
    ir_event_source(ev, IR_LS_LINUX_AUDITD);
    ir_event_source(ev, IR_LS_LINUX);
    ir_event_time(ev, g->ns, IR_EV_ZONE_KNOWN | IR_EV_TRUNCATED);
    p->damaged++;
    if (p->emit != NULL) p->emit(p->user, ev);
}

static void moved(struct ir_str *v, const struct place *pl, struct ir_str raw)
{
    if (v->p >= pl->was && v->p <= pl->was + pl->n) v->p = raw.p + (v->p - pl->was);
}

/* The head again, of the record's copy; one that was cut is read once more. */
static bool head_of(const struct place *pl, struct ir_str raw, struct ir_aud_head *h)
{
    if (raw.n < pl->length) return read_head(raw, h);
    *h = pl->h;
    moved(&h->node, pl, raw);
    moved(&h->type, pl, raw); /* may be a word of ours */
    moved(&h->serial_text, pl, raw);
    moved(&h->body, pl, raw);
    return true;
}

static void emit_group(struct ir_parser *p, struct ir_event *ev, const struct group *g)
{
    struct ir_str text = ir_arena_dup(ev->arena, ir_buf_view(&g->text));
    struct ir_aud_rec *recs = ir_arena_zalloc(ev->arena, g->n * sizeof *recs);
    uint32_t n = 0;
    if (text.p == NULL || recs == NULL) {
        build_empty(p, ev, g);
        return;
    }
    for (uint32_t i = 0; i < g->n; i++) {
        const struct place *pl = &g->rec[i];
        struct ir_aud_rec *r = &recs[n];
        r->raw = ir_str_n(text.p + pl->at, pl->n);
        if (!head_of(pl, r->raw, &r->h)) continue; /* it was one when it came */
        r->offset = pl->offset;
        r->line = pl->line;
        r->length = pl->length;
        r->back = p->member - pl->member;
        n++;
    }
    if (n > 0)
        build(p, ev, recs, n, recs[0].raw, g->truncated);
    else
        build_empty(p, ev, g);
}

static void close_group(struct ir_parser *p, struct ir_event *ev, uint32_t at, bool limit)
{
    struct state *st = p->state;
    struct group *g = st->open[at];
    st->closed[st->nclosed++ % CLOSED_KEEP] = st->hash[at];
    st->n--;
    memmove(&st->open[at], &st->open[at + 1], (st->n - at) * sizeof st->open[0]);
    memmove(&st->hash[at], &st->hash[at + 1], (st->n - at) * sizeof st->hash[0]);
    st->bytes -= g->text.n;
    if (limit) g->truncated = true;
    emit_group(p, ev, g);
    group_done(st, g);
}

static bool was_closed(const struct state *st, uint64_t hash)
{
    for (uint32_t i = 0; i < CLOSED_KEEP; i++)
        if (st->closed[i] == hash) return true;
    return false;
}

/* Its place in open[], or st->n. */
static uint32_t find(const struct state *st, const struct ir_aud_head *h, uint64_t hash)
{
    for (uint32_t i = st->n; i-- > 0;) {
        const struct group *g = st->open[i];
        if (st->hash[i] == hash && g->ns == h->ns && g->serial == h->serial &&
            ir_str_eq(g->node, h->node))
            return i;
    }
    return st->n;
}

/* A new group tells that time has passed: closes what of this node must be complete by now. */
static void close_passed(struct ir_parser *p, struct ir_event *ev, const struct ir_aud_head *h)
{
    struct state *st = p->state;
    uint32_t same = 0, oldest = st->n;
    for (uint32_t i = 0; i < st->n;) {
        const struct group *g = st->open[i];
        if (!ir_str_eq(g->node, h->node)) {
            i++;
        } else if (g->ns < h->ns && h->ns - g->ns > PASSED_NS) {
            close_group(p, ev, i, false);
        } else {
            if (same++ == 0) oldest = i;
            i++;
        }
    }
    if (same > OPEN_NODE_MAX) close_group(p, ev, oldest, false);
    if (st->n >= OPEN_MAX) close_group(p, ev, 0, true);
}

static bool open_group(struct state *st, const struct ir_aud_head *h, uint64_t hash)
{
    struct group *g = group_new(st);
    char *node = g != NULL && h->node.n > 0 ? malloc(h->node.n) : NULL;
    if (g == NULL) return false;
    if (h->node.n > 0 && node == NULL) {
        group_done(st, g);
        return false;
    }
    if (node != NULL) memcpy(node, h->node.p, h->node.n);
    g->node = ir_str_n(node, h->node.n);
    g->ns = h->ns;
    g->serial = h->serial;
    st->hash[st->n] = hash;
    st->open[st->n++] = g;
    return true;
}

/* at: its place in the input; the place in the group's text is filled in here */
static bool add_record(struct state *st, struct group *g, struct ir_str rec, struct place at)
{
    struct ir_str kept = ir_str_head(rec, RECORD_BYTES);
    if (g->n == g->cap) {
        uint32_t cap = g->cap ? g->cap * 2 : 8;
        struct place *r = realloc(g->rec, cap * sizeof *r);
        if (r == NULL) return false;
        g->rec = r;
        g->cap = cap;
    }
    at.was = rec.p;
    at.at = g->text.n;
    at.n = kept.n;
    at.length = rec.n > UINT32_MAX ? UINT32_MAX : (uint32_t)rec.n;
    ir_buf_str(&g->text, kept);
    if (g->text.full) return false;
    if (kept.n < rec.n) g->truncated = true;
    g->rec[g->n++] = at;
    st->bytes += kept.n;
    return true;
}

/* Records from user space and of the daemon are events by themselves; LOGIN comes with its system
 * call, as do the kernel's own. Unknown types may belong to something. */
static bool comes_alone(unsigned type)
{
    if (type == 0 || type == IR_AUD_LOGIN) return false;
    return type < IR_AUD_SYSCALL || type >= IR_AUD_ANOM_USER || type == IR_AUD_KERNEL;
}

static void single(struct ir_parser *p, struct ir_str rec, struct ir_aud_rec *r,
                   struct ir_event *ev)
{
    r->raw = rec;
    r->length = rec.n > UINT32_MAX ? UINT32_MAX : (uint32_t)rec.n;
    build(p, ev, r, 1, rec, false);
}

/* Puts the record into its group, which may close it. False when memory is out: nothing was kept.
 */
static bool feed_group(struct ir_parser *p, struct ir_str rec, const struct ir_aud_rec *r,
                       uint64_t hash, uint32_t at, struct ir_event *ev)
{
    struct state *st = p->state;
    if (at == st->n) {
        close_passed(p, ev, &r->h);
        at = st->n;
        if (!open_group(st, &r->h, hash)) return false;
    }
    struct group *g = st->open[at];
    const struct place place = {
        .h = r->h, .offset = r->offset, .line = r->line, .member = p->member};
    bool added = add_record(st, g, rec, place);
    if (!added && g->n == 0) {
        st->n--; /* it was opened just now, so it is the last */
        group_done(st, g);
        return false;
    }
    if (!added || g->n >= RECORDS_MAX || g->text.n >= GROUP_BYTES)
        close_group(p, ev, at, true);
    else if (r->h.type_no == IR_AUD_PROCTITLE)
        close_group(p, ev, at, false);
    while (st->n > 0 && st->bytes > ALL_BYTES)
        close_group(p, ev, 0, true);
    return added;
}

static int feed(struct ir_parser *p, struct ir_str rec, uint64_t offset, uint64_t line,
                struct ir_event *ev)
{
    struct state *st = p->state;
    struct ir_aud_rec r = {.offset = offset, .line = line};
    if (!read_head(rec, &r.h)) return IR_BAD;
    if (!r.h.stamped || comes_alone(r.h.type_no)) {
        single(p, rec, &r, ev);
        return IR_OK;
    }
    uint64_t hash = key_hash(&r.h);
    uint32_t at = find(st, &r.h, hash);
    if (r.h.type_no == IR_AUD_EOE) {
        if (at < st->n)
            close_group(p, ev, at, false);
        else if (!was_closed(st, hash))
            single(p, rec, &r, ev); /* the end of an event whose records are gone */
        return IR_OK;
    }
    if (!feed_group(p, rec, &r, hash, at, ev)) single(p, rec, &r, ev);
    return IR_OK;
}

static void flush(struct ir_parser *p, struct ir_event *ev)
{
    struct state *st = p->state;
    while (st->n > 0)
        close_group(p, ev, 0, false);
}

static int open_state(struct ir_parser *p)
{
    struct state *st = calloc(1, sizeof *st);
    if (st == NULL) return IR_FATAL;
    st->pids = ir_aud_pids_new(); /* without it parents stay unknown */
    p->state = st;
    return IR_OK;
}

static void close_state(struct ir_parser *p)
{
    struct state *st = p->state;
    if (st == NULL) return;
    for (uint32_t i = 0; i < st->n; i++)
        group_free(st->open[i]);
    for (struct group *g = st->spare, *next; g != NULL; g = next) {
        next = g->spare;
        group_free(g);
    }
    ir_aud_pids_free(st->pids);
    free(st);
    p->state = NULL;
}

/* One record is one event: for the fallback chain and for records inside syslog. */
static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_aud_rec r = {.raw = rec};
    if (!read_head(rec, &r.h)) return IR_BAD;
    r.offset = ev->views[0].offset;
    r.line = ev->views[0].line;
    r.length = ev->views[0].length;
    ir_aud_build(ev, &r, 1, NULL);
    if (ev->flags & (IR_EV_TRUNCATED | IR_EV_DAMAGED)) p->damaged++;
    return IR_OK;
}

/* The first line may be the rest of a cut one, so a few are looked at. */
static int bid(struct ir_str head)
{
    for (int i = 0; i < 4 && head.p != NULL; i++) {
        struct ir_aud_head h;
        struct ir_str line = ir_str_trim(ir_str_cut(&head, '\n'));
        if (ir_aud_head(line, &h) && h.stamped) return i == 0 ? 95 : 90;
        struct ir_str body = ir_auditd_body(line);
        if (body.p != NULL && ir_aud_head(body, &h) && h.stamped) return i == 0 ? 85 : 80;
    }
    return 0;
}

const struct ir_format ir_format_auditd = {
    .name = "auditd",
    .title = N_("Linux audit log (auditd), raw and enriched"),
    .flags = IR_FMT_STATEFUL,
    .bid = bid,
    .parse = parse,
    .open = open_state,
    .close = close_state,
    .feed = feed,
    .flush = flush,
};
