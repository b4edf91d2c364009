/*
 * What the formats of firewalls and appliances share: their tables of keys, the words for what
 * happened, their times. See device.h, also for keys that stand twice.
 *
 * Hostile: everything an outsider names himself: users, URLs, agents, host names. An address that
 * is none and a port that is none never reach source.ip or source.port.
 */
#include "format/device.h"

#include "base/ip.h"
#include "base/time.h"
#include "format/web_url.h"

static int compare(struct ir_str a, struct ir_str b)
{
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

int ir_device_row(const struct ir_device_table *t, struct ir_str key)
{
    unsigned low = 0, high = t->n;
    while (low < high) {
        unsigned mid = (low + high) / 2;
        int c = compare(key, t->row[mid].key);
        if (c == 0) return (int)mid;
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return -1;
}

struct ir_str ir_device_value(struct ir_str v)
{
    static const struct ir_str none[] = {IR_S("N/A"), IR_S("-"), IR_S("(null)"), IR_S("n/a")};
    for (size_t i = 0; v.n <= 6 && i < sizeof none / sizeof *none; i++)
        if (ir_str_eq(v, none[i])) return ir_str_n(v.p, 0);
    return v;
}

bool ir_device_keys(const struct ir_device_table *t, const struct ir_kv_pairs *pairs,
                    struct ir_str *ret_val)
{
    bool early[IR_DEVICE_ROWS_MAX] = {false}; /* no text of an outsider stood before it */
    bool seen[IR_DEVICE_ROWS_MAX] = {false};
    bool free_text = false, doubled = false;
    for (unsigned i = 0; i < t->n; i++)
        ret_val[i] = ir_str_n(NULL, 0);
    for (unsigned i = 0; i < pairs->n; i++) {
        const struct ir_kv_pair *pair = &pairs->pair[i];
        int r = ir_device_row(t, pair->key);
        if (r < 0) continue;
        struct ir_str v = ir_device_value(pair->value);
        if (!seen[r]) {
            seen[r] = true;
            early[r] = !free_text;
            ret_val[r] = v;
        } else if (!ir_str_eq(v, ret_val[r])) {
            doubled = true;
            if (!early[r]) ret_val[r] = ir_str_n(NULL, 0);
        }
        free_text = free_text || (t->row[r].kind & IR_DEV_FREE) != 0;
    }
    return doubled;
}

static void set_ip(struct ir_event *ev, uint32_t field, struct ir_str v)
{
    struct ir_ip ip;
    if (ir_ip_parse(v, &ip)) {
        if (v.p[0] == '[' && v.n > 2) v = ir_str_n(v.p + 1, v.n - 2);
        ir_event_set(ev, field, v);
    } else if (field == IR_F_SOURCE_IP) {
        ir_event_set(ev, IR_F_SOURCE_ADDRESS, v);
    } else if (field == IR_F_DESTINATION_IP) {
        ir_event_set(ev, IR_F_DESTINATION_ADDRESS, v);
    }
}

/* IANA's numbers, where a device logs them instead of names. */
static struct ir_str protocol_name(struct ir_str v)
{
    static const struct {
        struct ir_str number, name;
    } names[] = {{IR_S("6"), IR_S("tcp")},       {IR_S("17"), IR_S("udp")},
                 {IR_S("1"), IR_S("icmp")},      {IR_S("2"), IR_S("igmp")},
                 {IR_S("47"), IR_S("gre")},      {IR_S("50"), IR_S("esp")},
                 {IR_S("58"), IR_S("ipv6-icmp")}};
    for (size_t i = 0; v.n <= 2 && i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(v, names[i].number)) return names[i].name;
    return v;
}

static void set_transport(struct ir_event *ev, struct ir_str v)
{
    v = protocol_name(v);
    char *low = v.n <= 32 ? ir_arena_alloc(ev->arena, v.n) : NULL;
    if (low == NULL) return;
    for (size_t i = 0; i < v.n; i++)
        low[i] = ir_lower(v.p[i]);
    ir_event_derive(ev, IR_F_NETWORK_TRANSPORT, ir_str_n(low, v.n));
}

void ir_device_set(struct ir_event *ev, enum ir_device_kind kind, uint32_t field, struct ir_str v)
{
    uint64_t number;
    if (v.n == 0) return;
    switch ((unsigned)kind & ~(unsigned)IR_DEV_FREE) {
    case IR_DEV_TEXT: ir_event_set(ev, field, v); break;
    case IR_DEV_IP: set_ip(ev, field, v); break;
    case IR_DEV_PORT:
        if (v.n <= 5 && ir_str_u64(v, &number) && number <= 65535)
            ir_event_add(ev, field, IR_V_NUMBER, v);
        break;
    case IR_DEV_NUMBER:
        if (v.n <= 19 && ir_str_u64(v, &number)) ir_event_add(ev, field, IR_V_NUMBER, v);
        break;
    case IR_DEV_TRANSPORT: set_transport(ev, v); break;
    default: break;
    }
}

/* A pair whose key is one of our own names would pass for a field that we made: an outsider who
 * slips a pair in must not choose those. */
static bool is_ours(uint32_t id, struct ir_str key)
{
    if (id >= IR_F_STATIC_MAX) return false;
    return ir_str_chr(key, '.') != IR_NPOS || id == IR_F_MESSAGE || id == IR_F_TAGS ||
           id == IR_F_SG_BLOCKED;
}

static struct ir_str decoded(struct ir_event *ev, struct ir_str v, const struct ir_kv_style *style)
{
    struct ir_str plain = ir_kv_decode(v, style, ev->arena);
    if (ir_str_eq(plain, v)) return v;
    ev->verbatim = false;
    return plain;
}

static void add_native(struct ir_event *ev, const struct ir_kv_pair *pair,
                       const struct ir_kv_style *style)
{
    uint32_t id = ir_names_find(ev->names, pair->key);
    struct ir_str v = pair->value;
    if (id == IR_F_NONE ? !ev->want_all : is_ours(id, pair->key)) return;
    if (pair->escaped) v = decoded(ev, v, style);
    ir_event_add_named(ev, pair->key, IR_V_STRING, v);
}

void ir_device_fields(struct ir_event *ev, const struct ir_device_table *t,
                      const struct ir_kv_pairs *pairs, const struct ir_kv_style *style,
                      const struct ir_str *val, bool doubled)
{
    for (unsigned i = 0; i < t->n; i++) {
        const struct ir_device_row *row = &t->row[i];
        if ((row->kind & ~IR_DEV_FREE) == IR_DEV_NONE || val[i].n == 0) continue;
        if (ir_event_get(ev, row->field, 0).p != NULL) continue;
        struct ir_str v = val[i];
        if (ir_str_chr(v, '\\') != IR_NPOS) v = decoded(ev, v, style);
        ir_device_set(ev, row->kind, row->field, v);
    }
    for (unsigned i = 0; i < pairs->n; i++)
        if (pairs->pair[i].key.n > 0) add_native(ev, &pairs->pair[i], style);
    if (doubled) ir_event_derive(ev, IR_F_TAGS, IR_S("doubled_key"));
    if (pairs->n > 0 && pairs->pair[pairs->n - 1].cut) ir_event_derive(ev, IR_F_TAGS, IR_S("cut"));
    if (pairs->rest.n > 0) ev->flags |= IR_EV_TRUNCATED;
}

void ir_device_vendor(struct ir_event *ev, const char *vendor, const char *product)
{
    ir_event_derive(ev, IR_F_OBSERVER_VENDOR, ir_str_z(vendor));
    ir_event_derive(ev, IR_F_OBSERVER_PRODUCT, ir_str_z(product));
}

void ir_device_action(struct ir_event *ev, const char *action)
{
    ir_event_derive(ev, IR_F_EVENT_ACTION, ir_str_z(action));
}

void ir_device_outcome(struct ir_event *ev, bool success)
{
    ir_event_derive(ev, IR_F_EVENT_OUTCOME, success ? IR_S("success") : IR_S("failure"));
}

bool ir_device_verdict(struct ir_event *ev, struct ir_str word, bool action)
{
    static const struct {
        struct ir_str start;
        const char *action;
        bool blocked;
    } words[] = {
        {IR_S("accept"), "allow", false},      {IR_S("allow"), "allow", false},
        {IR_S("pass"), "allow", false},        {IR_S("permit"), "allow", false},
        {IR_S("forward"), "allow", false},     {IR_S("close"), "allow", false},
        {IR_S("timeout"), "allow", false},     {IR_S("start"), "allow", false},
        {IR_S("monitor"), "allow", false},     {IR_S("detect"), "allow", false},
        {IR_S("alert"), "allow", false},       {IR_S("den"), "block", true},
        {IR_S("drop"), "block", true},         {IR_S("block"), "block", true},
        {IR_S("reject"), "block", true},       {IR_S("violation"), "block", true},
        {IR_S("client-rst"), "allow", false},  {IR_S("server-rst"), "allow", false},
        {IR_S("ip-conn"), "allow", false},     {IR_S("reset"), "reset", true},
        {IR_S("quarantine"), "block", true},   {IR_S("prevent"), "block", true},
        {IR_S("sinkhole"), "block", true},     {IR_S("clear_session"), "reset", true},
        {IR_S("not blocked"), "allow", false},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!ir_str_istarts(word, words[i].start)) continue;
        if (action) ir_device_action(ev, words[i].action);
        ir_event_derive(ev, IR_F_SG_BLOCKED, words[i].blocked ? IR_S("true") : IR_S("false"));
        return true;
    }
    return false;
}

bool ir_device_result(struct ir_event *ev, struct ir_str word)
{
    static const struct ir_str good[] = {IR_S("success"), IR_S("succeeded"), IR_S("ok"),
                                         IR_S("allow"),   IR_S("pass"),      IR_S("accept")},
                               bad[] = {IR_S("fail"),    IR_S("den"),    IR_S("block"),
                                        IR_S("error"),   IR_S("reject"), IR_S("unsuccess"),
                                        IR_S("invalid"), IR_S("unauth")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (ir_str_istarts(word, bad[i])) {
            ir_device_outcome(ev, false);
            return true;
        }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (ir_str_istarts(word, good[i])) {
            ir_device_outcome(ev, true);
            return true;
        }
    return false;
}

void ir_device_url(struct ir_event *ev, struct ir_str url)
{
    struct ir_web_target t;
    if (url.n == 0) return;
    ir_web_split(url, false, &t);
    ir_web_target_fields(ev, ir_str_n(NULL, 0), url);
    ir_device_set(ev, IR_DEV_TEXT, IR_F_URL_PATH, t.path);
    ir_device_set(ev, IR_DEV_TEXT, IR_F_URL_QUERY, t.query);
    ir_device_set(ev, IR_DEV_TEXT, IR_F_URL_EXTENSION, t.extension);
    ir_device_set(ev, IR_DEV_TEXT, IR_F_URL_SCHEME, t.scheme);
    if (ir_event_get(ev, IR_F_URL_DOMAIN, 0).p == NULL)
        ir_device_set(ev, IR_DEV_TEXT, IR_F_URL_DOMAIN, t.host);
}

bool ir_device_derived(struct ir_str rec)
{
    return ir_str_chr(rec, '\\') != IR_NPOS || ir_web_derived(rec);
}

size_t ir_device_pri(struct ir_str rec, struct ir_str *ret_pri)
{
    uint64_t v;
    *ret_pri = ir_str_n(NULL, 0);
    if (rec.n < 4 || rec.p[0] != '<') return 0;
    size_t end = ir_str_chr(ir_str_head(rec, 5), '>');
    if (end == IR_NPOS || !ir_str_u64(ir_str_n(rec.p + 1, end - 1), &v) || v > 191) return 0;
    *ret_pri = ir_str_n(rec.p + 1, end - 1);
    end++;
    return end + (end < rec.n && rec.p[end] == ' ');
}

static int two(const char *p)
{
    return ir_isdigit(p[0]) && ir_isdigit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

static bool read_date(struct ir_str s, struct ir_civil *c)
{
    if (s.n != 10 || (s.p[4] != '-' && s.p[4] != '/') || s.p[7] != s.p[4]) return false;
    int century = two(s.p), year = two(s.p + 2);
    c->month = two(s.p + 5);
    c->day = two(s.p + 8);
    c->year = century * 100 + year;
    return century >= 0 && year >= 0 && c->month >= 0 && c->day >= 0;
}

static bool read_clock(struct ir_str s, struct ir_civil *c)
{
    int scale = 100000000;
    if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':') return false;
    c->hour = two(s.p);
    c->minute = two(s.p + 3);
    c->second = two(s.p + 6);
    if (c->hour < 0 || c->minute < 0 || c->second < 0) return false;
    if (s.n > 8 && s.p[8] != '.') return false;
    for (size_t i = 9; i < s.n; i++, scale /= 10) {
        if (!ir_isdigit(s.p[i])) return false;
        c->nano += (s.p[i] - '0') * scale;
    }
    return true;
}

/* "+0900", "-07:00", "+9"; names of zones mean different things in different places, but for UTC.
 */
static bool read_zone(struct ir_str s, int32_t *ret_s)
{
    int h, m = 0;
    if (ir_str_ieq(s, IR_S("UTC")) || ir_str_ieq(s, IR_S("GMT"))) {
        *ret_s = 0;
        return true;
    }
    if (ir_str_eq(s, IR_S("JST"))) {
        *ret_s = 9 * 3600;
        return true;
    }
    if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-')) return false;
    h = two(s.p + 1);
    if (s.n == 5) m = two(s.p + 3);
    if (s.n == 6 && s.p[3] == ':') m = two(s.p + 4);
    if (h < 0 || h > 14 || m < 0 || m > 59 || s.n > 6 || s.n == 4) return false;
    *ret_s = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool ir_device_time(struct ir_event *ev, struct ir_str date, struct ir_str time,
                    const struct ir_clock *clock, struct ir_str zone)
{
    struct ir_civil c = {0};
    int32_t zone_s = clock->zone_s;
    int64_t ns;
    if (!read_date(date, &c) || !read_clock(time, &c)) return false;
    bool known = read_zone(zone, &zone_s);
    if (c.month >= 1 && c.month <= 12 && c.day >= 1 && ir_time_from_civil(&c, zone_s, &ns))
        ir_event_time(ev, ns, known ? IR_EV_ZONE_KNOWN : 0);
    else
        ir_event_damage(ev, "a time stamp with an impossible date");
    return true;
}

bool ir_device_epoch(struct ir_str s, int64_t *ret_ns)
{
    uint64_t v;
    if (s.n < 10 || s.p[0] != '1' || !ir_str_u64(s, &v)) return false;
    uint64_t scale = s.n == 10 ? 1000000000 : s.n == 13 ? 1000000 : s.n == 16 ? 1000 : 1;
    if (scale == 1 && s.n != 19) return false;
    *ret_ns = (int64_t)(v * scale);
    return true;
}

bool ir_device_mine(const struct ir_device *d, struct ir_str rec)
{
    struct ir_str pri;
    return d->is(ir_str_skip(rec, ir_device_pri(rec, &pri)));
}

int ir_device_stamp(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev)
{
    struct ir_str pri, text = ir_str_skip(rec, ir_device_pri(rec, &pri));
    return d->is(text) ? d->head(p, text, ev) : IR_BAD;
}

int ir_device_parse(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev)
{
    struct ir_str pri, text = ir_str_skip(rec, ir_device_pri(rec, &pri));
    if (!d->is(text)) return IR_BAD;
    int rc = d->head(p, text, ev);
    if (rc == IR_OK) rc = d->body(p, text, ev);
    if (rc != IR_OK) return IR_BAD;
    if (pri.n > 0) ir_event_add(ev, IR_F_LOG_PRIORITY, IR_V_NUMBER, pri);
    ir_event_set(ev, IR_F_MESSAGE, text);
    return IR_OK;
}
