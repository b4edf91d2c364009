/*
 * The formats `logfmt` (lines that are nothing but pairs, with time, level and message as programs
 * in Go write them) and `kv` (a time and then pairs, or pairs with a time among them, separated by
 * blanks, commas, bars or semicolons). Not for vendors that have a format of their own.
 * Document: https://brandur.org/logfmt; there is no other.
 *
 *     time=2026-11-22T10:02:03Z level=info msg="two words" user=bob
 *     2026-11-22 10:02:03 host=web|user=bob|src=192.0.2.7
 *
 * Hostile: any value. A line with a word between its pairs is refused: it is a sentence, in which
 * "ip=10.0.0.1" may be anybody's.
 */
#include "base/map.h"
#include "base/time.h"
#include "format/generic.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define HEAD_PAIRS 8u
#define PAIRS_MIN  3u
#define WORDS_MAX  2u /* between the stamp and the first pair: a host, a level */

static const struct ir_kv_style semicolons = {';', ';', '=', IR_KV_BACKSLASH};

struct line {
    struct ir_str pairs; /* where they begin */
    struct ir_str words; /* before them */
    const struct ir_kv_style *style;
    bool timed, level;
    uint64_t kind;
};

static bool is_time_key(struct ir_str key)
{
    static const struct ir_str names[] = {
        IR_S("time"),     IR_S("ts"),         IR_S("timestamp"), IR_S("t"),         IR_S("date"),
        IR_S("datetime"), IR_S("@timestamp"), IR_S("eventtime"), IR_S("event_time")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_ieq(key, names[i])) return true;
    return false;
}

/* "1795309323", "1795309323.123", and all that ir_device_stamp_text knows. */
static bool take_time(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock)
{
    int64_t ns;
    if (ir_device_stamp_text(ev, s, clock)) return true;
    if (s.n > 11 && s.p[10] == '.' && ir_device_epoch(ir_str_head(s, 10), &ns)) {
        int64_t scale = IR_NS / 10;
        for (size_t i = 11; i < s.n && ir_isdigit(s.p[i]); i++, scale /= 10)
            ns += (s.p[i] - '0') * scale;
        ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
        return true;
    }
    return false;
}

/* The first pairs: are there any, is a time among them, a level; no word between. */
static bool read_pairs(struct ir_parser *p, struct line *l, struct ir_event *ev)
{
    struct ir_kv kv = ir_kv_open(l->pairs, l->style);
    struct ir_kv_pair pair;
    unsigned n = 0;
    l->kind = 1;
    while (ir_kv_next(&kv, &pair)) {
        if (pair.key.n == 0 || !(ir_isalpha(pair.key.p[0]) || strchr("_@", pair.key.p[0])))
            return false;
        if (n++ >= HEAD_PAIRS) continue;
        l->kind = ir_hash(pair.key, l->kind);
        if (!l->timed && is_time_key(pair.key)) l->timed = take_time(ev, pair.value, &p->clock);
        l->level = l->level || ir_str_eq(pair.key, IR_S("level")) ||
                   ir_str_eq(pair.key, IR_S("lvl")) || ir_str_eq(pair.key, IR_S("msg"));
    }
    l->kind |= 1;
    return n >= PAIRS_MIN;
}

/* Bars, commas or semicolons when one of them stands right behind the first value, else blanks. */
static const struct ir_kv_style *style_of(struct ir_str s)
{
    struct ir_kv kv = ir_kv_open(s, &ir_kv_blanks);
    struct ir_kv_pair pair;
    if (!ir_kv_next(&kv, &pair)) return &ir_kv_blanks;
    for (size_t i = 0; i < pair.value.n || (!pair.quoted && i < 256); i++) {
        const char *at = pair.value.p + i;
        if (at >= s.p + s.n) break;
        if (*at == '|') return &ir_kv_pipes;
        if (*at == ';') return &semicolons;
        if (*at == ',' && !pair.quoted) return &ir_kv_commas;
        if (*at == '=' || *at == '"') break;
    }
    if (pair.quoted && kv.rest.n > 0 && kv.rest.p[0] == ',') return &ir_kv_commas;
    return &ir_kv_blanks;
}

/* A stamp with its year, perhaps in brackets, at the start: bytes taken with what follows. */
static size_t leading_stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    size_t open = rec.n > 0 && rec.p[0] == '[';
    struct ir_str s = ir_str_skip(rec, open);
    if (s.n < 19 || !ir_isdigit(s.p[0])) return 0;
    size_t n = ir_stamp_iso(s, &p->clock, ev);
    if (n == 0) n = ir_stamp_slash(s, &p->clock, ev);
    if (n == 0) n = ir_stamp_clf(s, &p->clock, ev);
    if (n == 0) return 0;
    n += open;
    while (n < rec.n && strchr("],|;:- \t", rec.p[n]) != NULL)
        n++;
    return n;
}

/* Up to two words may stand before the first pair. */
static bool skip_words(struct line *l)
{
    struct ir_str s = l->pairs;
    for (unsigned i = 0; i <= WORDS_MAX; i++) {
        size_t end = 0;
        while (end < s.n && s.p[end] != ' ' && s.p[end] != '=' && s.p[end] != '\t')
            end++;
        if (end >= s.n) return false;
        if (s.p[end] == '=') {
            l->words = ir_str_n(l->pairs.p, (size_t)(s.p - l->pairs.p));
            l->pairs = s;
            return end > 0;
        }
        s = ir_str_trim(ir_str_skip(s, end));
    }
    return false;
}

static bool accept(struct ir_parser *p, struct ir_str rec, struct ir_event *ev, bool logfmt,
                   struct line *l)
{
    *l = (struct line){.pairs = rec, .words = {rec.p, 0}, .style = &ir_kv_blanks};
    if (rec.n < 12 || !(ir_isalnum(rec.p[0]) || strchr("[_@", rec.p[0]))) return false;
    if (!logfmt) {
        size_t n = leading_stamp(p, rec, ev);
        l->timed = n > 0;
        l->pairs = ir_str_skip(rec, n);
        if (n > 0 && !skip_words(l)) return false;
        l->style = style_of(l->pairs);
    }
    if (!read_pairs(p, l, ev)) return false;
    return l->timed && (!logfmt || l->level);
}

static int stamp_as(struct ir_parser *p, struct ir_str rec, struct ir_event *ev, bool logfmt)
{
    struct line l;
    if (!accept(p, rec, ev, logfmt, &l)) return IR_BAD;
    ev->kind = l.kind;
    return IR_OK;
}

static int parse_as(struct ir_parser *p, struct ir_str rec, struct ir_event *ev, bool logfmt)
{
    struct ir_kv_pairs pairs;
    struct line l;
    if (!accept(p, rec, ev, logfmt, &l)) return IR_BAD;
    ir_kv_read(l.pairs, l.style, IR_KV_MAX, &pairs);
    ir_generic_fields(ev, &pairs, l.style);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

static bool mine_as(struct ir_str rec, bool logfmt)
{
    struct ir_parser p = {0};
    struct ir_event scratch = {0};
    struct line l;
    return accept(&p, rec, &scratch, logfmt, &l);
}

static int parse_kv(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return parse_as(p, rec, ev, false);
}
static int stamp_kv(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return stamp_as(p, rec, ev, false);
}
static bool mine_kv(struct ir_str rec)
{
    return mine_as(rec, false);
}
static int bid_kv(struct ir_str head)
{
    int bid = ir_line_bid(head, mine_kv, 60);
    return bid > 30 ? bid : 0;
}

static int parse_logfmt(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return parse_as(p, rec, ev, true);
}
static int stamp_logfmt(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    return stamp_as(p, rec, ev, true);
}
static bool mine_logfmt(struct ir_str rec)
{
    return mine_as(rec, true);
}
static int bid_logfmt(struct ir_str head)
{
    int bid = ir_line_bid(head, mine_logfmt, 70);
    return bid > 7 ? bid : 0;
}

static const uint16_t sources[] = {IR_LS_FIREWALL, 0};

const struct ir_format ir_format_logfmt = {
    .name = "logfmt",
    .title = N_("logfmt: pairs with time, level and message"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid_logfmt,
    .parse = parse_logfmt,
    .derived = ir_device_derived,
    .stamp = stamp_logfmt,
};

const struct ir_format ir_format_kv = {
    .name = "kv",
    .title = N_("Lines of key=value pairs with a time"),
    .flags = IR_FMT_VERBATIM,
    .sources = sources,
    .bid = bid_kv,
    .parse = parse_kv,
    .derived = ir_device_derived,
    .stamp = stamp_kv,
};
