/*
 * What each log tells. See stats_coverage.h.
 */
#include "stats_coverage.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "report/json_out.h"
#include "report/row.h"
#include "report/words.h"
#include "source/rotate.h"

#define NUMBERS 37u            /* columns of the numbers of a row */
#define SILENCE (3600 * IR_NS) /* shorter ones are not told to people */

/* Any of them will do. */
#define ANY_MAX 7u
static const struct {
    const char *key;
    uint32_t field[ANY_MAX]; /* 0 ends; none: see time */
} covers[COVERS] = {
    [COVERS_USER] = {"user",
                     {IR_F_USER_NAME, IR_F_USER_ID, IR_F_USER_TARGET_NAME, IR_F_USER_EFFECTIVE_NAME,
                      IR_F_USER_AUDIT_NAME, IR_F_USER_AUDIT_ID}},
    [COVERS_ACTIVITY] = {"activity",
                         {IR_F_EVENT_ACTION, IR_F_EVENT_CODE, IR_F_HTTP_METHOD,
                          IR_F_PROCESS_COMMAND_LINE, IR_F_AUDIT_TYPE, IR_F_RULE_NAME}},
    [COVERS_TIME] = {"time", {0}},
    [COVERS_DEVICE] = {"device", {IR_F_HOST_NAME, IR_F_WINLOG_COMPUTER}},
    [COVERS_ADDRESS] = {"address",
                        {IR_F_SOURCE_IP, IR_F_SOURCE_ADDRESS, IR_F_SOURCE_DOMAIN,
                         IR_F_DESTINATION_IP, IR_F_NETWORK_PROTOCOL, IR_F_NETWORK_TRANSPORT}},
};

static bool has(const struct ir_event *ev, unsigned what)
{
    if (what == COVERS_TIME) return (ev->flags & IR_EV_TIME) != 0;
    for (unsigned i = 0; i < ANY_MAX && covers[what].field[i] != 0; i++)
        if (ir_row_value(ev, covers[what].field[i]).n > 0) return true;
    return false;
}

/* The name of the set that a path belongs to: logs/auth.log of logs/auth.log.2.gz. */
static void set_name(struct ir_str path, struct ir_buf *name)
{
    struct ir_rotated r;
    const size_t slash = ir_str_rchr(path, '/'), bang = ir_str_rchr(path, '!');
    size_t dir = slash == IR_NPOS ? 0 : slash + 1;
    if (bang != IR_NPOS && bang + 1 > dir) dir = bang + 1;
    ir_rotate_parse(ir_str_skip(path, dir), &r);
    ir_buf_str(name, ir_str_head(path, dir));
    ir_buf_str(name, r.stem);
    ir_buf_str(name, r.ext);
}

/* UINT32_MAX: one log too many. False: out of memory. */
static bool find(struct coverage *c, const char *path, uint32_t *ret_at)
{
    struct ir_buf name = IR_BUF(1 << 16);
    bool fresh = false;
    set_name(ir_str_z(path), &name);
    const uint32_t known = ir_map_find(&c->map, ir_buf_view(&name));
    *ret_at = known;
    if (known != UINT32_MAX || c->map.n == COVERAGE_MAX || name.full) {
        ir_buf_free(&name);
        return true;
    }
    if (c->map.n == c->cap) {
        const uint32_t cap = c->cap > 0 ? 2 * c->cap : 16;
        struct coverage_log *more = realloc(c->log, cap * sizeof *more);
        if (more != NULL) c->log = more, c->cap = cap;
    }
    if (c->map.n < c->cap && ir_map_put(&c->map, ir_buf_view(&name), &fresh) != NULL) {
        *ret_at = c->map.n - 1;
        c->log[*ret_at] = (struct coverage_log){0};
    }
    ir_buf_free(&name);
    return fresh;
}

static void add_time(struct coverage_log *l, int64_t ns)
{
    if (l->timed && ns > l->last && ns - l->last > l->silence) {
        l->silence = ns - l->last;
        l->silent_from = l->last;
    }
    if (!l->timed || ns < l->first) l->first = ns;
    if (!l->timed || ns > l->last) l->last = ns;
    l->timed = true;
}

bool coverage_add(struct coverage *c, const struct ir_event *ev, const char *path)
{
    if (c->path[0] == '\0' || strcmp(c->path, path) != 0) {
        if (!find(c, path, &c->at)) return false;
        snprintf(c->path, sizeof c->path, "%s", path);
    }
    if (c->at == UINT32_MAX) {
        c->others++;
        return true;
    }
    struct coverage_log *l = &c->log[c->at];
    l->n++;
    for (unsigned i = 0; i < COVERS; i++)
        l->with[i] += has(ev, i);
    if (ev->flags & IR_EV_TIME) add_time(l, ev->time);
    return true;
}

/* Rounded so that 100 means all of them and 0 none. */
static unsigned percent(uint64_t n, uint64_t of)
{
    const unsigned p = (unsigned)((double)n * 100 / (double)of);
    return n == of ? 100 : n > 0 && p == 0 ? 1 : p > 99 ? 99 : p;
}

static void row(const struct coverage *c, uint32_t at, struct ir_buf *out,
                const struct ir_write_options *w)
{
    const struct coverage_log *l = &c->log[at];
    struct ir_buf text = IR_BUF(1 << 14);
    ir_buf_add(out, "  ", 2);
    for (unsigned i = 0; i < COVERS; i++)
        ir_buf_fmt(out, "%5u%%", percent(l->with[i], l->n));
    ir_buf_str(out, IR_S("   "));
    ir_visible(&text, c->map.items[at].key, 400);
    if (l->timed) {
        ir_buf_str(&text, ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_page_period(&text, l->first, l->last, w);
    }
    if (l->silence >= SILENCE) {
        ir_buf_str(&text, ir_str_z(_("; silent for longest from ")));
        ir_page_period(&text, l->silent_from, l->silent_from + l->silence, w);
    }
    ir_wrap(out, ir_buf_view(&text), NUMBERS - 2, NUMBERS, w->columns);
    ir_buf_chr(out, '\n');
    ir_buf_free(&text);
}

void coverage_table(const struct coverage *c, struct ir_buf *out, uint64_t top,
                    const struct ir_write_options *w)
{
    if (c->map.n == 0) return;
    ir_buf_fmt(out, "\n%s\n",
               _("What each log tells: records with user, activity, time, device, address"));
    for (uint32_t i = 0; i < c->map.n && i < top; i++)
        row(c, i, out, w);
    if (c->map.n > top)
        ir_buf_fmt(out, _("  and %llu more\n"), (unsigned long long)(c->map.n - top));
    if (c->others > 0)
        ir_buf_fmt(out, _("  and %llu records of logs beyond 4096\n"),
                   (unsigned long long)c->others);
}

void coverage_jsonl(const struct coverage *c, struct ir_buf *out, uint32_t at)
{
    const struct coverage_log *l = &c->log[at];
    bool first = true;
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "ir.kind", IR_S("stat"));
    ir_out_text(out, &first, "table", IR_S("coverage"));
    ir_out_text(out, &first, "log.file.path", c->map.items[at].key);
    ir_out_u64(out, &first, "records", l->n);
    for (unsigned i = 0; i < COVERS; i++) {
        char key[32];
        snprintf(key, sizeof key, "with_%s", covers[i].key);
        ir_out_u64(out, &first, key, l->with[i]);
    }
    ir_out_time(out, &first, "first", l->timed, l->first);
    ir_out_time(out, &first, "last", l->timed, l->last);
    ir_out_time(out, &first, "silent_from", l->silence > 0, l->silent_from);
    ir_out_u64(out, &first, "longest_silence_s", (uint64_t)l->silence / IR_NS);
    ir_buf_add(out, "}\n", 2);
}

void coverage_free(struct coverage *c)
{
    ir_map_free(&c->map);
    free(c->log);
    *c = (struct coverage){0};
}
