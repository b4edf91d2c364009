/*
 * What the formats of firewalls and appliances share: their tables of keys, the words for what
 * happened. See device.h, also for keys that stand twice; times are in device_time.c.
 *
 * Hostile: everything an outsider names himself: users, URLs, agents, host names. An address that
 * is none and a port that is none never reach source.ip or source.port.
 */
#include "format/device.h"

#include "base/ip.h"
#include "format/web_url.h"

/* "Source IP", "source.ip" and "source-ip" are source_ip. */
static struct ir_str folded(struct ir_str key, char *buf)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        buf[i] = c == '-' || c == '.' || c == ' ' ? '_' : ir_lower(c);
    }
    return ir_str_n(buf, key.n);
}

int ir_device_row(const struct ir_device_table *t, struct ir_str key)
{
    char buf[IR_KV_KEY_MAX];
    if (key.n == 0 || key.n > sizeof buf) return -1;
    if (t->fold) key = folded(key, buf);
    const uint8_t sign = IR_DEVICE_SIGN(key.p[0], key.p[key.n - 1], key.n), *at = t->sign;
    for (; (at = memchr(at, sign, (size_t)(t->sign + t->n - at))) != NULL; at++)
        if (ir_str_eq(t->row[at - t->sign].key, key)) return (int)(at - t->sign);
    return -1;
}

struct ir_str ir_device_value(struct ir_str v)
{
    static const struct ir_str none[] = {IR_S("N/A"), IR_S("-"), IR_S("(null)"), IR_S("n/a")};
    if (v.n > 0 && ir_isalnum(v.p[0]) && v.p[0] != 'N' && v.p[0] != 'n') return v;
    for (size_t i = 0; v.n <= 6 && i < sizeof none / sizeof *none; i++)
        if (ir_str_eq(v, none[i])) return ir_str_n(v.p, 0);
    return v;
}

struct ir_device_found ir_device_keys(const struct ir_device_table *t,
                                      const struct ir_kv_pairs *pairs, struct ir_str *ret_val)
{
    struct ir_device_found found = {.doubled = false};
    uint64_t early[sizeof found.rows / 8] = {0}; /* no text of an outsider stood before it */
    bool free_text = false;
    memset(ret_val, 0, t->n * sizeof *ret_val);
    for (unsigned i = 0; i < pairs->n; i++) {
        const struct ir_kv_pair *pair = &pairs->pair[i];
        int r = ir_device_row(t, pair->key);
        if (r < 0) continue;
        const unsigned word = (unsigned)r / 64;
        const uint64_t bit = UINT64_C(1) << ((unsigned)r % 64);
        struct ir_str v = ir_device_value(pair->value);
        if (!(found.rows[word] & bit)) {
            found.rows[word] |= bit;
            if (!free_text) early[word] |= bit;
            ret_val[r] = v;
        } else if (!ir_str_eq(v, ret_val[r])) {
            found.doubled = true;
            if (!(early[word] & bit)) ret_val[r] = ir_str_n(NULL, 0);
        }
        free_text = free_text || (t->row[r].kind & IR_DEV_FREE) != 0;
    }
    return found;
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

struct ir_str ir_device_plain(struct ir_event *ev, struct ir_str v, const struct ir_kv_style *style)
{
    if (style == NULL || ir_str_chr(v, '\\') == IR_NPOS) return v;
    struct ir_str plain = ir_kv_decode(v, style, ev->arena);
    if (ir_str_eq(plain, v)) return v;
    ev->verbatim = false;
    return plain;
}

void ir_device_native(struct ir_event *ev, struct ir_str key, struct ir_str v,
                      const struct ir_kv_style *style)
{
    uint32_t id = ir_names_find(ev->names, key);
    if (id == IR_F_NONE ? !ev->want_all : is_ours(id, key)) return;
    v = ir_device_plain(ev, v, style);
    if (id != IR_F_NONE)
        ir_event_add(ev, id, IR_V_STRING, v);
    else
        ir_event_add_named(ev, key, IR_V_STRING, v);
}

static bool any_escaped(const struct ir_kv_pairs *pairs)
{
    for (unsigned i = 0; i < pairs->n; i++)
        if (pairs->pair[i].escaped) return true;
    return false;
}

/* What a row above has set stays. */
static void set_row(struct ir_event *ev, const struct ir_device_row *row, struct ir_str v,
                    const struct ir_kv_style *style)
{
    if (v.n == 0 || (row->kind & ~IR_DEV_FREE) == IR_DEV_NONE) return;
    if (ir_event_get(ev, row->field, 0).p != NULL) return;
    ir_device_set(ev, row->kind, row->field, ir_device_plain(ev, v, style));
}

void ir_device_fields(struct ir_event *ev, const struct ir_device_table *t,
                      const struct ir_kv_pairs *pairs, const struct ir_kv_style *style,
                      const struct ir_str *val, const struct ir_device_found *found)
{
    if (!any_escaped(pairs)) style = NULL; /* nothing to undo: most records */
    for (unsigned word = 0; word < sizeof found->rows / 8; word++)
        for (uint64_t left = found->rows[word]; left != 0; left &= left - 1) {
            const unsigned i = word * 64 + (unsigned)__builtin_ctzll(left);
            set_row(ev, &t->row[i], val[i], style);
        }
    for (unsigned i = 0; i < pairs->n; i++)
        if (pairs->pair[i].key.n > 0)
            ir_device_native(ev, pairs->pair[i].key, pairs->pair[i].value, style);
    if (found->doubled) ir_event_derive(ev, IR_F_TAGS, IR_S("doubled_key"));
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
    if (ir_str_ends(ir_str_z(action), IR_S("_login"))) ir_event_source(ev, IR_LS_AUTHENTICATION);
}

const uint16_t ir_device_more[] = {IR_LS_AUTHENTICATION, IR_LS_ACCOUNT_CHANGE, 0};

void ir_device_account(struct ir_event *ev, struct ir_str name)
{
    ir_device_action(ev, "user_added");
    ir_device_outcome(ev, true);
    ir_event_source(ev, IR_LS_ACCOUNT_CHANGE);
    if (name.n > 0) ir_event_set(ev, IR_F_USER_TARGET_NAME, name);
}

void ir_device_outcome(struct ir_event *ev, bool success)
{
    ir_event_derive(ev, IR_F_EVENT_OUTCOME, success ? IR_S("success") : IR_S("failure"));
}

static inline bool begins(struct ir_str word, struct ir_str start)
{
    return word.n > 0 && ir_lower(word.p[0]) == start.p[0] && ir_str_istarts(word, start);
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
        if (!begins(word, words[i].start)) continue;
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
        if (begins(word, bad[i])) {
            ir_device_outcome(ev, false);
            return true;
        }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (begins(word, good[i])) {
            ir_device_outcome(ev, true);
            return true;
        }
    return false;
}

void ir_device_url(struct ir_event *ev, struct ir_str url)
{
    struct ir_web_target t;
    if (url.n == 0) return;
    size_t host = url.p[0] == '/' || ir_str_find(url, IR_S("://")) != IR_NPOS
                      ? 0
                      : ir_str_chr(url, '/'); /* "www.example.com/path" */
    bool bare = host != 0 && host != IR_NPOS && ir_str_chr(ir_str_head(url, host), '.') != IR_NPOS;
    ir_web_split(bare ? ir_str_skip(url, host) : url, false, &t);
    if (bare) ir_web_hostport(ir_str_head(url, host), &t.host, &t.port);
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

bool ir_device_mine(const struct ir_device *d, struct ir_str rec)
{
    struct ir_str pri;
    return d->is(ir_str_skip(rec, ir_device_pri(rec, &pri)));
}

int ir_device_bid(const struct ir_device *d, struct ir_str first)
{
    int lines = 0, good = 0;
    while (first.p != NULL && lines < 30) {
        bool whole = ir_str_chr(first, '\n') != IR_NPOS;
        struct ir_str line = ir_str_cut(&first, '\n');
        if (line.n == 0 || (!whole && lines > 0)) continue; /* the last one may be cut */
        lines++;
        good += ir_device_mine(d, line);
    }
    return lines == 0 ? 0 : 95 * good / lines;
}

int ir_device_stamp(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev)
{
    struct ir_str pri, text = ir_str_skip(rec, ir_device_pri(rec, &pri));
    struct ir_device_head head;
    return d->is(text) ? d->head(p, text, ev, &head) : IR_BAD;
}

int ir_device_parse(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev)
{
    struct ir_str pri, text = ir_str_skip(rec, ir_device_pri(rec, &pri));
    struct ir_device_head head;
    if (!d->is(text) || d->head(p, text, ev, &head) != IR_OK) return IR_BAD;
    d->body(&head, text, ev);
    if (pri.n > 0) ir_event_add(ev, IR_F_LOG_PRIORITY, IR_V_NUMBER, pri);
    ir_event_set(ev, IR_F_MESSAGE, text);
    return IR_OK;
}
