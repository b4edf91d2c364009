/*
 * Time layouts of described formats. See layout.h. The text is an attacker's as any other: numbers
 * have a fixed width at most, and the calendar check is base/time.h's.
 */
#include "format/layout.h"

#include "base/time.h"
#include "format/stamp.h"

struct reading {
    struct ir_str rest;
    struct ir_civil c;
    int64_t epoch;
    int32_t zone_s;
    int yday;
    bool has_epoch, has_zone, afternoon, half_day, pm_known;
};

static const struct {
    const char *name;
    enum ir_layout_kind kind;
} names[] = {{"iso8601", IR_LAYOUT_ISO},       {"syslog", IR_LAYOUT_SYSLOG},
             {"clf", IR_LAYOUT_CLF},           {"slash", IR_LAYOUT_SLASH},
             {"asctime", IR_LAYOUT_ASCTIME},   {"epoch", IR_LAYOUT_EPOCH},
             {"epoch_ms", IR_LAYOUT_EPOCH_MS}, {"epoch_us", IR_LAYOUT_EPOCH_US}};

/* One to `most` digits (exactly so many when fixed). */
static bool number(struct reading *r, size_t most, bool fixed, int *ret_v)
{
    size_t n = 0;
    int v = 0;
    for (; n < most && n < r->rest.n && ir_isdigit(r->rest.p[n]); n++)
        v = v * 10 + (r->rest.p[n] - '0');
    if (n == 0 || (fixed && n < most)) return false;
    r->rest = ir_str_skip(r->rest, n);
    *ret_v = v;
    return true;
}

/* A number that may be padded with a blank instead of a zero. */
static bool padded(struct reading *r, int *ret_v)
{
    if (r->rest.n > 0 && r->rest.p[0] == ' ') r->rest = ir_str_skip(r->rest, 1);
    return number(r, 2, false, ret_v);
}

static struct ir_str letters(struct reading *r)
{
    size_t n = 0;
    while (n < r->rest.n && ir_isalpha(r->rest.p[n]))
        n++;
    struct ir_str s = ir_str_head(r->rest, n);
    r->rest = ir_str_skip(r->rest, n);
    return s;
}

static bool month_name(struct reading *r)
{
    struct ir_str s = letters(r);
    r->c.month = ir_month_from_name(s);
    return s.n >= 3 && r->c.month != 0;
}

/* English, or one character: 月. */
static bool weekday(struct reading *r)
{
    if (letters(r).n >= 2) return true;
    const bool three = r->rest.n >= 3 && (unsigned char)r->rest.p[0] >> 4 == 0xe;
    if (three) r->rest = ir_str_skip(r->rest, 3);
    return three;
}

static bool half_of_day(struct reading *r)
{
    static const struct {
        struct ir_str word;
        bool afternoon;
    } words[] = {
        {IR_S("午前"), false}, {IR_S("午後"), true}, {IR_S("AM"), false}, {IR_S("PM"), true}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!ir_str_istarts(r->rest, words[i].word)) continue;
        r->rest = ir_str_skip(r->rest, words[i].word.n);
        r->afternoon = words[i].afternoon;
        r->pm_known = true;
        return true;
    }
    return false;
}

static bool fraction(struct reading *r)
{
    int scale = 100000000;
    size_t n = 0;
    for (r->c.nano = 0; n < r->rest.n && ir_isdigit(r->rest.p[n]); n++, scale /= 10)
        r->c.nano += (r->rest.p[n] - '0') * scale;
    r->rest = ir_str_skip(r->rest, n);
    return n > 0;
}

/* "Z", "+09", "+0900", "+09:00" */
static bool zone(struct reading *r)
{
    int h, m = 0;
    if (r->rest.n == 0) return false;
    const char sign = r->rest.p[0];
    r->rest = ir_str_skip(r->rest, 1);
    r->has_zone = true;
    r->zone_s = 0;
    if (sign == 'Z') return true;
    if ((sign != '+' && sign != '-') || !number(r, 2, true, &h)) return false;
    if (r->rest.n > 0 && r->rest.p[0] == ':') r->rest = ir_str_skip(r->rest, 1);
    if (r->rest.n > 0 && ir_isdigit(r->rest.p[0]) && !number(r, 2, true, &m)) return false;
    r->zone_s = (int32_t)(h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
    return h <= 18 && m < 60;
}

/* Most abbreviations mean several zones; these do not. */
static bool zone_name(struct reading *r)
{
    struct ir_str s = letters(r);
    const bool utc =
        ir_str_eq(s, IR_S("UTC")) || ir_str_eq(s, IR_S("GMT")) || ir_str_eq(s, IR_S("Z"));
    const bool jst = ir_str_eq(s, IR_S("JST"));
    r->has_zone |= utc || jst;
    if (utc || jst) r->zone_s = jst ? 9 * 3600 : 0;
    return s.n > 0;
}

static bool seconds_since(struct reading *r)
{
    size_t n = 0;
    while (n < r->rest.n && ir_isdigit(r->rest.p[n]))
        n++;
    r->has_epoch = ir_str_i64(ir_str_head(r->rest, n), &r->epoch);
    r->rest = ir_str_skip(r->rest, n);
    return r->has_epoch && r->epoch < INT64_C(9000000000);
}

static bool year_of_two(struct reading *r)
{
    if (!number(r, 2, true, &r->c.year)) return false;
    r->c.year += r->c.year >= 69 ? 1900 : 2000;
    return true;
}

static bool directive(struct reading *r, char c)
{
    switch (c) {
    case 'Y': return number(r, 4, true, &r->c.year);
    case 'y': return year_of_two(r);
    case 'm': return number(r, 2, false, &r->c.month);
    case 'd':
    case 'e': return padded(r, &r->c.day);
    case 'j': return number(r, 3, true, &r->yday);
    case 'b':
    case 'B': return month_name(r);
    case 'H':
    case 'k': return padded(r, &r->c.hour);
    case 'I': r->half_day = true; return padded(r, &r->c.hour);
    case 'M': return number(r, 2, true, &r->c.minute);
    case 'S': return number(r, 2, true, &r->c.second);
    case 'p': return half_of_day(r);
    case 'f': return fraction(r);
    case 'z': return zone(r);
    case 'Z': return zone_name(r);
    case 's': return seconds_since(r);
    case 'a':
    case 'A': return weekday(r);
    default: return false;
    }
}

static bool blanks(struct reading *r)
{
    size_t n = 0;
    while (n < r->rest.n && (r->rest.p[n] == ' ' || r->rest.p[n] == '\t'))
        n++;
    r->rest = ir_str_skip(r->rest, n);
    return n > 0;
}

static bool walk(const struct ir_layout *l, struct reading *r)
{
    for (size_t i = 0; i < l->n; i++) {
        bool good;
        if (l->text[i] == '%' && l->text[i + 1] != '%')
            good = directive(r, l->text[++i]);
        else if (l->text[i] == ' ')
            good = blanks(r);
        else {
            i += l->text[i] == '%';
            good = r->rest.n > 0 && r->rest.p[0] == l->text[i];
            if (good) r->rest = ir_str_skip(r->rest, 1);
        }
        if (!good) return false;
    }
    return r->rest.n == 0;
}

/* Each stamp by itself takes the latest year that is not after the anchor. */
static int infer_year(const struct ir_clock *clock, const struct ir_civil *c)
{
    struct ir_clock alone = {.anchor = clock->anchor, .zone = clock->zone};
    const struct ir_yearless y = {c->month, c->day, c->hour, c->minute, c->second, 0, c->nano};
    return ir_clock_year(&alone, &y);
}

static bool read_own(const struct ir_layout *l, struct ir_str text, const struct ir_clock *clock,
                     struct ir_event *ev)
{
    struct reading r = {.rest = text, .c = {.month = 1, .day = 1}};
    int64_t ns;
    if (!walk(l, &r)) return false;
    if (r.has_epoch) {
        ir_event_time(ev, r.epoch * IR_NS + r.c.nano, IR_EV_ZONE_KNOWN);
        return true;
    }
    if (r.half_day && (r.c.hour < 1 || r.c.hour > 12)) return false;
    if (r.half_day) r.c.hour %= 12;
    if (r.pm_known && r.afternoon && r.c.hour < 12) r.c.hour += 12;
    if (r.c.month < 1 || r.c.month > 12 || r.c.day < 1) return false;
    if (!l->has_year) r.c.year = infer_year(clock, &r.c);
    if (r.has_zone ? !ir_time_from_civil(&r.c, r.zone_s, &ns) : !ir_clock_civil(clock, &r.c, &ns))
        return false;
    if (r.yday > 366) return false;
    if (r.yday > 0) ns += (r.yday - 1) * IR_DAY_S * IR_NS;
    ir_event_time(ev, ns,
                  (r.has_zone ? IR_EV_ZONE_KNOWN : 0) | (l->has_year ? 0 : IR_EV_YEAR_INFERRED));
    return true;
}

static bool read_epoch(struct ir_str text, int64_t unit, struct ir_event *ev)
{
    struct reading r = {.rest = text};
    size_t n = 0;
    while (n < text.n && ir_isdigit(text.p[n]))
        n++;
    if (n == 0 || n > 17 || !ir_str_i64(ir_str_head(text, n), &r.epoch)) return false;
    r.rest = ir_str_skip(text, n);
    if (r.rest.n > 0) {
        const bool point = r.rest.p[0] == '.' || r.rest.p[0] == ',';
        r.rest = ir_str_skip(r.rest, 1);
        if (unit != IR_NS || !point || !fraction(&r) || r.rest.n > 0) return false;
    }
    if (r.epoch > INT64_MAX / unit - 1) return false;
    ir_event_time(ev, r.epoch * unit + r.c.nano, IR_EV_ZONE_KNOWN);
    return true;
}

bool ir_layout_read(const struct ir_layout *l, struct ir_str text, struct ir_clock *clock,
                    struct ir_event *ev)
{
    const struct ir_zone *const zone = clock->zone;
    bool good = false;
    if (text.n == 0) return false;
    if (l->has_zone) clock->zone = &l->zone;
    switch (l->kind) {
    case IR_LAYOUT_OWN: good = read_own(l, text, clock, ev); break;
    case IR_LAYOUT_ISO: good = ir_stamp_iso(text, clock, ev) == text.n; break;
    case IR_LAYOUT_SYSLOG: good = ir_stamp_rfc3164(text, clock, ev) == text.n; break;
    case IR_LAYOUT_CLF: good = ir_stamp_clf(text, clock, ev) == text.n; break;
    case IR_LAYOUT_SLASH: good = ir_stamp_slash(text, clock, ev) == text.n; break;
    case IR_LAYOUT_ASCTIME: good = ir_stamp_asctime(text, clock, ev) == text.n; break;
    case IR_LAYOUT_EPOCH: good = read_epoch(text, IR_NS, ev); break;
    case IR_LAYOUT_EPOCH_MS: good = read_epoch(text, 1000000, ev); break;
    case IR_LAYOUT_EPOCH_US: good = read_epoch(text, 1000, ev); break;
    }
    clock->zone = zone;
    if (!good)
        ev->flags &= ~(unsigned)(IR_EV_TIME | IR_EV_ZONE_KNOWN | IR_EV_YEAR_INFERRED);
    else if (l->has_zone)
        ev->flags |= IR_EV_ZONE_KNOWN;
    return good;
}

static bool put(struct ir_layout *l, const char *text)
{
    const size_t n = strlen(text);
    if (l->n + n >= IR_LAYOUT_MAX) return false;
    memcpy(l->text + l->n, text, n + 1);
    l->n += n;
    return true;
}

static int compile_own(struct ir_str text, struct ir_layout *l, struct ir_err *err)
{
    bool day = false, clock = false;
    for (size_t i = 0; i < text.n; i++) {
        char word[3] = {text.p[i], '\0', '\0'};
        if (word[0] == '%') word[1] = i + 1 < text.n ? text.p[++i] : '\0';
        const char c = word[1];
        if (word[0] == '%' && (c == '\0' || strchr("YymdejbBHkIMSpfzZsaAFTR%", c) == NULL))
            return ir_fail(err, IR_BAD, "time layout: '%%%c' is not known: see ir-format-files(5)",
                           c >= ' ' && c < 127 ? c : '?');
        const char *full = word[0] != '%' ? word
                           : c == 'F'     ? "%Y-%m-%d"
                           : c == 'T'     ? "%H:%M:%S"
                           : c == 'R'     ? "%H:%M"
                                          : word;
        if (word[0] != '%' || c != '%') day |= c != '\0' && strchr("dejsF", c) != NULL;
        clock |= c != '\0' && strchr("HkIsTR", c) != NULL;
        l->has_year |= c != '\0' && strchr("YysF", c) != NULL;
        if (!put(l, full)) return ir_fail(err, IR_BAD, "time layout: too long");
    }
    if (!day || !clock)
        return ir_fail(
            err, IR_BAD,
            "time layout: it has no %s: use a name (iso8601, syslog, clf, slash, "
            "asctime, epoch, epoch_ms, epoch_us) or words such as %%Y-%%m-%%d %%H:%%M:%%S",
            day ? "hour" : "day");
    return IR_OK;
}

int ir_layout_compile(struct ir_str text, struct ir_str zone_text, struct ir_layout *ret_l,
                      struct ir_err *err)
{
    struct ir_layout l = {.kind = IR_LAYOUT_OWN};
    bool named = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!ir_str_eq(text, ir_str_z(names[i].name))) continue;
        l.kind = names[i].kind;
        named = true;
    }
    int rc = named ? IR_OK : compile_own(text, &l, err);
    if (rc != IR_OK) return rc;
    if (zone_text.n > 0) {
        struct reading r = {.rest = zone_text};
        const bool word = ir_isalpha(zone_text.p[0]);
        if (!(word ? zone_name(&r) : zone(&r)) || !r.has_zone || r.rest.n > 0)
            return ir_fail(err, IR_BAD, "time zone: write +09:00, UTC or JST");
        l.has_zone = true;
        l.zone.offset_s = r.zone_s;
    }
    *ret_l = l;
    return IR_OK;
}
