/*
 * Zeek's logs as tab-separated values. Document: https://docs.zeek.org, "Log Formats and
 * Inspection". Its JSON form is read by json_format.c.
 *
 *     #separator \x09
 *     #set_separator	,
 *     #empty_field	(empty)
 *     #unset_field	-
 *     #path	dns
 *     #fields	ts	uid	id.orig_h …
 *     #types	time	string	addr …
 *
 * Header lines count for the lines behind them; logs that were joined have several. Fields are what
 * the network's hosts sent: Zeek writes separators and control characters inside values as \xHH, so
 * a tab always ends a field, and a line with too many or too few of them was damaged or forged.
 */
#include "format/zeek.h"

#include <stdlib.h>

#include "base/time.h"
#include "format/format.h"
#include "format/web_url.h"

#ifdef IR_TINY
#define COLUMNS_MAX 32u
#else
#define COLUMNS_MAX 512u
#endif
#define NAMES_MAX  16384u
#define MARKER_MAX 32u /* bytes of a separator or of the words for "empty" and "unset" */

enum kind { TEXT, NUMBER, BOOLEAN, TIME };
enum special { PLAIN, TS, METHOD, HOST, URI, SUCCESS };

struct column {
    struct ir_str name;
    uint32_t id, ecs; /* of the name itself, and its ECS field; IR_F_NONE: nobody asks */
    uint8_t kind, special;
    bool list;
};

struct marker {
    char text[MARKER_MAX];
    size_t n;
};

struct zeek {
    struct column column[COLUMNS_MAX];
    uint32_t columns;
    char names[NAMES_MAX]; /* bytes of the columns' names and of the path */
    size_t used;
    struct ir_str path;
    char separator, set_separator;
    struct marker empty, unset;
    bool typed;
};

static struct ir_str marker(const struct marker *m)
{
    return ir_str_n(m->text, m->n);
}

static void set_marker(struct marker *m, struct ir_str s)
{
    m->n = s.n < MARKER_MAX ? s.n : MARKER_MAX;
    if (m->n > 0) memcpy(m->text, s.p, m->n);
}

static void defaults(struct zeek *z)
{
    z->columns = 0;
    z->used = 0;
    z->typed = false;
    z->path = ir_str_n("", 0);
    z->separator = '\t';
    z->set_separator = ',';
    set_marker(&z->empty, IR_S("(empty)"));
    set_marker(&z->unset, IR_S("-"));
}

static struct ir_str keep(struct zeek *z, struct ir_str s)
{
    if (s.n > NAMES_MAX - z->used) return ir_str_n("", 0);
    char *at = z->names + z->used;
    if (s.n > 0) memcpy(at, s.p, s.n);
    z->used += s.n;
    return ir_str_n(at, s.n);
}

/* \xHH undone; the length. out has room for s.n bytes. */
static size_t unescape(struct ir_str s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool hex = s.p[i] == '\\' && i + 3 < s.n && s.p[i + 1] == 'x' &&
                   ir_hexval(s.p[i + 2]) >= 0 && ir_hexval(s.p[i + 3]) >= 0;
        bool twice = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '\\';
        out[n++] = hex ? (char)(ir_hexval(s.p[i + 2]) * 16 + ir_hexval(s.p[i + 3])) : s.p[i];
        i += hex ? 3 : twice ? 1 : 0;
    }
    return n;
}

static uint8_t special_of(struct ir_str path, struct ir_str name)
{
    if (ir_str_eq(name, IR_S("ts"))) return TS;
    if (ir_str_eq(name, IR_S("success")) || ir_str_eq(name, IR_S("auth_success"))) return SUCCESS;
    if (!ir_str_eq(path, IR_S("http"))) return PLAIN;
    if (ir_str_eq(name, IR_S("method"))) return METHOD;
    if (ir_str_eq(name, IR_S("host"))) return HOST;
    return ir_str_eq(name, IR_S("uri")) ? URI : PLAIN;
}

static void set_columns(struct zeek *z, const struct ir_names *names, struct ir_str rest)
{
    z->columns = 0;
    z->typed = false;
    while (rest.p != NULL && z->columns < COLUMNS_MAX) {
        struct column *c = &z->column[z->columns++];
        *c = (struct column){.name = keep(z, ir_str_cut(&rest, z->separator))};
        c->id = ir_names_find(names, c->name);
        c->ecs = ir_zeek_field(z->path, c->name);
        c->special = special_of(z->path, c->name);
    }
}

static void set_types(struct zeek *z, struct ir_str rest)
{
    static const struct ir_str numbers[] = {IR_S("count"), IR_S("int"), IR_S("port"),
                                            IR_S("double"), IR_S("interval")};
    for (uint32_t i = 0; i < z->columns && rest.p != NULL; i++) {
        struct ir_str type = ir_str_cut(&rest, z->separator);
        struct column *c = &z->column[i];
        size_t open = ir_str_chr(type, '[');
        c->list = open != IR_NPOS;
        if (c->list) type = ir_str_head(ir_str_skip(type, open + 1), type.n - open - 2);
        c->kind = ir_str_eq(type, IR_S("bool"))   ? BOOLEAN
                  : ir_str_eq(type, IR_S("time")) ? TIME
                                                  : TEXT;
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            if (ir_str_eq(type, numbers[k])) c->kind = NUMBER;
    }
    z->typed = true;
}

/* "#open	2026-11-22-01-02-03", in the zone of the sensor, which nothing tells: no time. */
static void header(struct zeek *z, const struct ir_names *names, struct ir_str rec)
{
    char sep[4];
    struct ir_str rest = rec, key;
    if (ir_str_starts(rec, IR_S("#separator "))) {
        defaults(z);
        struct ir_str text = ir_str_skip(rec, sizeof "#separator " - 1);
        if (text.n == 4 && unescape(text, sep) == 1) z->separator = sep[0];
        if (text.n == 1) z->separator = text.p[0];
        return;
    }
    key = ir_str_cut(&rest, z->separator);
    if (rest.p == NULL) return;
    if (ir_str_eq(key, IR_S("#set_separator")) && rest.n > 0) z->set_separator = rest.p[0];
    if (ir_str_eq(key, IR_S("#empty_field"))) set_marker(&z->empty, rest);
    if (ir_str_eq(key, IR_S("#unset_field"))) set_marker(&z->unset, rest);
    if (ir_str_eq(key, IR_S("#path"))) {
        z->used = 0;
        z->columns = 0;
        z->path = keep(z, rest);
    }
    if (ir_str_eq(key, IR_S("#fields"))) set_columns(z, names, rest);
    if (ir_str_eq(key, IR_S("#types"))) set_types(z, rest);
}

static bool is_header(struct ir_str rec)
{
    static const struct ir_str keys[] = {
        IR_S("#separator"),   IR_S("#set_separator"), IR_S("#empty_field"),
        IR_S("#unset_field"), IR_S("#path"),          IR_S("#fields"),
        IR_S("#types"),       IR_S("#open"),          IR_S("#close")};
    if (rec.n < 5 || rec.p[0] != '#') return false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ir_str_starts(rec, keys[i])) return true;
    return false;
}

/* 1795309323.123456, with any decimals. */
static bool seconds(struct ir_str s, int64_t *ret_ns)
{
    uint64_t whole;
    struct ir_str rest = s, head = ir_str_cut(&rest, '.');
    if (!ir_str_u64(head, &whole) || whole > 9000000000) return false;
    int64_t frac = 0, unit = IR_NS;
    for (size_t i = 0; rest.p != NULL && i < rest.n; i++) {
        if (!ir_isdigit(rest.p[i])) return false;
        if (unit >= 10) frac += (rest.p[i] - '0') * (unit /= 10);
    }
    *ret_ns = (int64_t)whole * IR_NS + frac;
    return true;
}

static struct ir_str text_of(struct ir_event *ev, struct ir_str s)
{
    if (ir_str_chr(s, '\\') == IR_NPOS) return s;
    char *out = ir_arena_alloc(ev->arena, s.n);
    if (out == NULL) return s;
    size_t n = unescape(s, out);
    if (n == s.n) return s;
    ev->verbatim = false;
    return ir_str_n(out, n);
}

static void add(struct ir_event *ev, const struct column *c, enum ir_value_type type,
                struct ir_str v)
{
    if (c->id != IR_F_NONE)
        ir_event_add(ev, c->id, type, v);
    else if (ev->want_all)
        ir_event_add_named(ev, c->name, type, v);
}

static void put_value(struct ir_event *ev, const struct column *c, struct ir_str raw)
{
    if (c->kind == BOOLEAN) {
        bool yes = ir_str_eq(raw, IR_S("T"));
        ev->verbatim = false;
        add(ev, c, IR_V_BOOL, yes ? IR_S("true") : IR_S("false"));
        return;
    }
    struct ir_str v = c->kind == TEXT ? text_of(ev, raw) : raw;
    add(ev, c, c->kind == TEXT ? IR_V_STRING : IR_V_NUMBER, v);
    if (c->ecs != IR_F_NONE && c->ecs != c->id) ir_zeek_put(ev, c->ecs, v);
}

static void put_list(const struct zeek *z, struct ir_event *ev, const struct column *c,
                     struct ir_str raw)
{
    while (raw.p != NULL) {
        struct ir_str one = ir_str_cut(&raw, z->set_separator);
        if (!ir_str_eq(one, marker(&z->unset))) put_value(ev, c, one);
    }
}

static void row(const struct zeek *z, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str rest = rec, method = {0}, host = {0}, uri = {0};
    int64_t ns;
    for (uint32_t i = 0; i < z->columns && rest.p != NULL; i++) {
        const struct column *c = &z->column[i];
        struct ir_str raw = ir_str_cut(&rest, z->separator);
        if (ir_str_eq(raw, marker(&z->unset))) continue;
        if (c->special == TS && seconds(raw, &ns)) ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
        if (c->special == SUCCESS) ir_zeek_outcome(ev, ir_str_eq(raw, IR_S("T")));
        if (c->special == METHOD) method = raw;
        if (c->special == HOST) host = raw;
        if (c->special == URI) uri = text_of(ev, raw);
        if (ir_str_eq(raw, marker(&z->empty))) {
            if (!c->list) add(ev, c, IR_V_STRING, ir_str_n(raw.p, 0));
        } else if (c->list) {
            put_list(z, ev, c, raw);
        } else {
            put_value(ev, c, raw);
        }
    }
    if (uri.n > 0 || host.n > 0) ir_zeek_request(ev, method, host, uri);
}

static size_t count(struct ir_str s, char c)
{
    size_t n = 0;
    for (size_t at; (at = ir_str_chr(s, c)) != IR_NPOS; n++)
        s = ir_str_skip(s, at + 1);
    return n;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct zeek *z = p->state;
    if (z == NULL) return IR_BAD;
    if (is_header(rec)) {
        header(z, p->names, rec);
        ir_event_set(ev, IR_F_MESSAGE, rec);
        return IR_OK;
    }
    if (z->columns == 0 || rec.n == 0 || rec.p[0] == '#') return IR_BAD;
    const size_t fields = count(rec, z->separator) + 1;
    if (fields * 2 < z->columns) return IR_BAD; /* some other line */
    if (fields != z->columns) {
        ir_event_damage(ev, "more or fewer fields than the header names");
        p->damaged++;
    }
    ir_zeek_sources(z->path, ev);
    row(z, rec, ev);
    return IR_OK;
}

static int open_parser(struct ir_parser *p)
{
    struct zeek *z = malloc(sizeof *z);
    if (z == NULL) return IR_FATAL;
    defaults(z);
    p->state = z;
    return IR_OK;
}

static void close_parser(struct ir_parser *p)
{
    free(p->state);
}

static int bid(struct ir_str head)
{
    if (ir_str_starts(head, IR_S("\xef\xbb\xbf"))) head = ir_str_skip(head, 3);
    if (ir_str_starts(head, IR_S("#separator \\x"))) return 98;
    struct ir_str first = ir_str_head(head, 2048);
    return head.n > 0 && head.p[0] == '#' && ir_str_find(first, IR_S("\n#fields\t")) != IR_NPOS &&
                   ir_str_find(first, IR_S("#path\t")) != IR_NPOS
               ? 95
               : 0;
}

const struct ir_format ir_format_zeek = {
    .name = "zeek",
    .title = N_("Zeek logs (tab-separated)"),
    .flags = IR_FMT_HEADER,
    .bid = bid,
    .parse = parse,
    .open = open_parser,
    .close = close_parser,
};
