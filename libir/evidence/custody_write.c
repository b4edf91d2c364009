/*
 * One event of the custody log as a JSON line: the members that every event has, in a fixed order,
 * then those of its kind.
 */
#include <errno.h>
#include <math.h>
#include <openssl/rand.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/base64.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/checkpoint.h"
#include "evidence/custody_int.h"
#include "evidence/howto.h"

struct line {
    struct ir_buf *b;
    bool first;
};

static void text(struct line *l, const char *key, const char *value)
{
    if (value == NULL || *value == '\0') return;
    ir_json_write_key(l->b, &l->first, ir_str_z(key));
    ir_json_write_str(l->b, ir_str_z(value));
}

static void number(struct line *l, const char *key, double v)
{
    if (!isfinite(v)) return;
    ir_json_write_key(l->b, &l->first, ir_str_z(key));
    ir_buf_fmt(l->b, "%.6f", v);
}

static struct line inner(struct line *l, const char *key)
{
    ir_json_write_key(l->b, &l->first, ir_str_z(key));
    ir_buf_chr(l->b, '{');
    return (struct line){l->b, true};
}

static void person(struct line *l, const char *key, const struct ir_person *p)
{
    if (p->name == NULL || *p->name == '\0') return;
    struct line o = inner(l, key);
    text(&o, "name", p->name);
    text(&o, "title", p->title);
    text(&o, "organisation", p->organisation);
    text(&o, "contact", p->contact);
    text(&o, "key_id", p->key);
    ir_buf_chr(l->b, '}');
}

/* RFC 9562 version 4. */
static bool uuid(char out[37])
{
    unsigned char b[16];
    char hex[33];
    if (RAND_bytes(b, sizeof b) != 1) return false;
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    ir_hex(b, sizeof b, hex);
    snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return true;
}

static void times(struct line *l, int64_t now)
{
    char utc[IR_TIME_TEXT], local[IR_TIME_TEXT];
    time_t seconds = (time_t)(now / IR_NS);
    struct tm tm;
    int32_t zone = localtime_r(&seconds, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
    ir_time_rfc3339(now, utc);
    ir_time_local(now, zone, local);
    local[10] = 'T';
    text(l, "time_local", local);
    text(l, "time_utc", utc);
}

static void clock_state(struct line *l, const struct ir_custody_clock *k)
{
    char checked[IR_TIME_TEXT];
    struct line o = inner(l, "clock");
    text(&o, "source", k->source);
    text(&o, "method", k->method);
    if (k->known) {
        number(&o, "offset_seconds", k->offset_s);
        number(&o, "uncertainty_seconds", k->uncertainty_s);
    }
    if (k->checked_at != INT64_MIN) {
        ir_time_rfc3339(k->checked_at, checked);
        text(&o, "checked_at", checked);
    }
    ir_buf_chr(l->b, '}');
}

static void tool(struct line *l, const struct ir_custody_tool *t, const char *command)
{
    struct line o = inner(l, "tool");
    text(&o, "name", t->name);
    text(&o, "version", t->version);
    text(&o, "sha256", t->build);
    text(&o, "command", command);
    ir_buf_chr(l->b, '}');
}

static void who(struct line *l, const struct ir_custody_who *w)
{
    person(l, "actor", &w->actor);
    person(l, "witness", &w->witness);
    if (w->witness.name == NULL || *w->witness.name == '\0')
        text(l, "witness_absent_reason", w->witness_absent);
    text(l, "place", w->place);
    text(l, "reason", w->reason);
    text(l, "authority", w->authority);
    text(l, "note", w->note);
}

int64_t ir_custody_clock_base(void)
{
    struct timespec wall, steady;
    if (clock_gettime(CLOCK_REALTIME, &wall) != 0 || clock_gettime(CLOCK_BOOTTIME, &steady) != 0)
        return INT64_MIN;
    return (wall.tv_sec - steady.tv_sec) * IR_NS + wall.tv_nsec - steady.tv_nsec;
}

/* A clock that stands before the line before, or that was set while this process had the log, is
 * told in the record itself. */
static void clock_faults(struct line *l, const struct ir_custody *c, int64_t now, int64_t base)
{
    char before[64];
    int64_t t;
    bool zone;
    if (c->n > 0 && ir_json_member(c->lines[c->n - 1], "time_utc", before, sizeof before) &&
        ir_time_parse_iso(ir_str_z(before), &t, &zone) != 0 && now < t)
        number(l, "clock_went_back_seconds", (double)(t - now) / IR_NS);
    if (base == INT64_MIN || c->clock_base == INT64_MIN) return;
    int64_t step = base - c->clock_base;
    if (step > IR_NS || step < -IR_NS) number(l, "clock_was_set_by_seconds", (double)step / IR_NS);
}

/* What a power cut left of a line: base64. */
static void torn(struct line *l, struct ir_str bytes)
{
    if (bytes.n == 0) return;
    ir_json_write_key(l->b, &l->first, IR_S("incomplete_line_before"));
    ir_buf_chr(l->b, '"');
    ir_base64(l->b, bytes);
    ir_buf_chr(l->b, '"');
}

/* The checkpoint of the lines so far, by the digest of its list, so with its signatures: none of
 * them can be taken away or exchanged later. */
static void checkpoint_before(struct line *l, const struct ir_custody *c)
{
    char hex[IR_HASH_TEXT];
    if (ir_checkpoint_digest(c, c->n, hex)) text(l, "prev_checkpoint", hex);
}

static void howto(struct line *l)
{
    char hex[IR_HASH_TEXT];
    for (size_t i = 0; ir_howto_name(i) != NULL; i++) {
        ir_howto_digest(i, hex);
        text(l, ir_howto_member(i), hex);
    }
}

int ir_custody_write(const struct ir_custody *c, const struct ir_custody_event *ev,
                     struct ir_buf *out, int64_t *ret_base, struct ir_err *err)
{
    struct line l = {out, true};
    struct utsname u;
    struct timespec ts;
    char id[37];
    if (clock_gettime(CLOCK_REALTIME, &ts) != 0 || !uuid(id))
        return ir_fail(err, IR_FATAL, "no time or no random numbers: %-s", ir_errno_text(errno));
    *ret_base = ir_custody_clock_base();
    int64_t now = (int64_t)ts.tv_sec * IR_NS + ts.tv_nsec;
    ir_buf_chr(out, '{');
    ir_json_write_key(out, &l.first, IR_S("v"));
    ir_buf_chr(out, '1');
    ir_json_write_key(out, &l.first, IR_S("seq"));
    ir_json_write_u64(out, c->n + 1);
    text(&l, "prev", c->head);
    checkpoint_before(&l, c);
    text(&l, "id", id);
    text(&l, "case_id", c->case_id);
    text(&l, "item_id", ev->item);
    text(&l, "root_item_id", ev->root_item);
    text(&l, "event", ev->event);
    times(&l, now);
    clock_faults(&l, c, now, *ret_base);
    if (ev->clock != NULL) clock_state(&l, ev->clock);
    if (ev->who != NULL) who(&l, ev->who);
    text(&l, "seal", ev->seal);
    tool(&l, &c->tool, ev->command);
    howto(&l);
    if (uname(&u) == 0) text(&l, "host", u.nodename);
    torn(&l, c->torn);
    if (ev->details.n > 0) {
        ir_buf_chr(out, ',');
        ir_buf_str(out, ev->details);
    }
    ir_buf_str(out, IR_S("}\n"));
    if (out->full) return ir_fail(err, IR_FATAL, "the record of this event is too long");
    return IR_OK;
}

void ir_custody_clock_now(struct ir_custody_clock *ret_clock)
{
    struct timex tx = {0};
    struct timespec ts;
    *ret_clock = (struct ir_custody_clock){
        .source = "system clock", .method = "not compared", .checked_at = INT64_MIN};
    int state = adjtimex(&tx);
    if (state < 0 || state == TIME_ERROR || (tx.status & STA_UNSYNC)) return;
    ret_clock->method = "kernel NTP discipline (adjtimex)";
    ret_clock->known = true;
    ret_clock->offset_s = (double)tx.offset / (tx.status & STA_NANO ? 1e9 : 1e6);
    ret_clock->uncertainty_s = (double)tx.esterror / 1e6;
    if (clock_gettime(CLOCK_REALTIME, &ts) == 0)
        ret_clock->checked_at = (int64_t)ts.tv_sec * IR_NS + ts.tv_nsec;
}
