/*
 * Records of other formats inside syslog messages: web servers that log to syslog, audit records,
 * and the messages of firewalls and appliances. They keep their own log sources, so rules for web,
 * audit or firewall logs fire on them too.
 */
#include "format/auditd.h"
#include "format/device.h"
#include "format/haproxy.h"
#include "format/lighttpd.h"
#include "format/syslog.h"
#include "format/web_url.h"

void ir_syslog_web(const struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_access_body(h->parser, h->msg, ev) != IR_OK) ir_nginx_error_body(h->parser, h->msg, ev);
}

/* journald's "audit[12]: EXECVE …" has no stamp, and the word is in the tag only. What the triggers
 * of the format do not find may be skipped unparsed, so it is no record at all. */
static bool audit_record(const struct ir_syslog *h, struct ir_event *ev)
{
    if (!ir_str_eq(h->tag, IR_S("audit")) &&
        ir_str_find(ir_str_head(h->msg, 400), IR_S("audit(")) == IR_NPOS)
        return false;
    struct ir_str body = ir_auditd_body(h->msg);
    return body.p != NULL && ir_format_auditd.parse(h->parser, body, ev) == IR_OK;
}

/* OPNsense's pages write who logged in behind the tag "audit" too. */
void ir_syslog_audit(const struct ir_syslog *h, struct ir_event *ev)
{
    if (!audit_record(h, ev)) ir_syslog_firewall_gui(h, ev);
}

/* Without auditd, and when it is not up yet, the kernel prints records itself. */
void ir_syslog_ring(const struct ir_syslog *h, struct ir_event *ev)
{
    if (!audit_record(h, ev) && !ir_syslog_wireguard(h, ev)) ir_syslog_kernel(h, ev);
}

static const struct ir_device *const devices[] = {
#define DEVICE(symbol) &ir_device_##symbol,
#include "format/devices.def"
#undef DEVICE
};

/* What records of these begin with: most messages do not. */
static const uint8_t first_bytes[256] = {
    ['0' ... '9'] = 1,            /* paloalto, and ',' */
    [','] = 1,         ['C'] = 1, /* cef */
    ['L'] = 1,                    /* leef */
    ['c'] = 1,                    /* fortigate: category, date, devid, itime, logver */
    ['d'] = 1,                    /* and sophos */
    ['i'] = 1,                    /* and sonicwall */
    ['l'] = 1,
};

static const struct ir_device *device_at(struct ir_str text)
{
    if (text.n == 0 || !first_bytes[(unsigned char)text.p[0]]) return NULL;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (devices[i]->is(text)) return devices[i];
    return NULL;
}

static size_t next_word(struct ir_str s, size_t at)
{
    while (at < s.n && at < 320 && s.p[at] != ' ')
        at++;
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* "ASM:CEF:0|…": the tag without a blank behind it. */
static const struct ir_device *glued(struct ir_str rest, size_t at, size_t *ret_at)
{
    size_t colon = ir_str_chr(ir_str_head(ir_str_skip(rest, at), 48), ':');
    if (colon == IR_NPOS) return NULL;
    struct ir_str text = ir_str_skip(rest, at + colon + 1);
    if (!ir_str_starts(text, IR_S("CEF:")) && !ir_str_starts(text, IR_S("LEEF:"))) return NULL;
    if (ir_syslog_program(ir_str_n(rest.p + at, colon)) != NULL) return NULL;
    *ret_at = at + colon + 1;
    return device_at(text);
}

/* The message begins behind the stamp, the host, or a tag; not behind the tag of a program of this
 * computer, whose messages anybody may fill. */
const struct ir_device *ir_syslog_device_in(struct ir_str rest, size_t *ret_at)
{
    struct ir_str tags[2];
    size_t at = 0, ntags = 0;
    for (unsigned word = 0; word < 3 && at < rest.n; word++) {
        const struct ir_device *d = device_at(ir_str_skip(rest, at));
        *ret_at = at;
        if (d == NULL && word > 0) d = glued(rest, at, ret_at);
        for (size_t i = 0; d != NULL && i < ntags; i++) /* looked up last: there mostly is none */
            if (ir_syslog_program(tags[i]) != NULL) return NULL;
        if (d != NULL) return d;
        size_t next = next_word(rest, at), end = next;
        while (end > at && rest.p[end - 1] == ' ')
            end--;
        struct ir_str w = ir_str_n(rest.p + at, end - at);
        bool tag = w.n > 1 && w.p[w.n - 1] == ':';
        if (word == 1 && !tag) return NULL;
        if (tag && word < 2) tags[ntags++] = ir_str_head(w, w.n - 1);
        at = next;
    }
    return NULL;
}

const struct ir_device *ir_syslog_device(struct ir_syslog *h, struct ir_event *ev,
                                         struct ir_device_head *ret_head)
{
    struct ir_str text = h->whole ? h->msg : h->rest;
    const int64_t time = ev->time;
    const uint32_t flags = ev->flags;
    size_t at = 0;
    if (h->whole && h->tag_ours) return NULL;
    const struct ir_device *d = h->whole ? device_at(text) : ir_syslog_device_in(text, &at);
    if (d == NULL) return NULL;
    const uint32_t clear = IR_EV_TIME | IR_EV_ZONE_KNOWN | IR_EV_YEAR_INFERRED;
    ev->flags &= ~clear;
    if (d->head(h->parser, ir_str_skip(text, at), ev, ret_head) != IR_OK) {
        ev->time = time;
        ev->flags = flags;
        return NULL;
    }
    /* the header's stamp holds where it alone has a zone, or where the device's is none */
    bool header = (flags & IR_EV_ZONE_KNOWN) && !(ev->flags & IR_EV_ZONE_KNOWN);
    if (header || !(ev->flags & IR_EV_TIME)) {
        ev->time = time;
        ev->flags = (ev->flags & ~clear) | (flags & clear);
    }
    if (h->whole) return d;
    h->msg = ir_str_skip(text, at);
    if (at == 0) h->host = ir_str_n(NULL, 0);
    if (ir_str_chr(ir_str_head(text, at), ':') == IR_NPOS) h->tag = h->pid = ir_str_n(NULL, 0);
    return d;
}

/* The trigger is in small letters; a tag in others could be skipped unparsed. */
void ir_syslog_haproxy(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (ir_str_find(h->tag, IR_S("haproxy")) == IR_NPOS ||
        ir_haproxy_body(h->parser, s, ev) == IR_OK)
        return;
    if (!ir_syslog_take(&s, IR_S("Connect from "))) {
        ir_access_body(h->parser, s, ev); /* "option httplog clf" */
        return;
    }
    struct ir_str client = ir_syslog_addr_token(s);
    size_t colon = ir_str_rchr(client, ':');
    if (colon == IR_NPOS) return;
    ir_syslog_action(ev, "connection");
    ir_syslog_peer(ev, ir_str_head(client, colon));
    ir_syslog_port(ev, ir_str_skip(client, colon + 1));
}

void ir_syslog_lighttpd(const struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_str_find(h->tag, IR_S("lighttpd")) == IR_NPOS) return;
    if (!ir_lighttpd_message(ev, ir_str_trim(h->msg))) ir_access_body(h->parser, h->msg, ev);
}

void ir_syslog_squid(const struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_str_find(h->tag, IR_S("squid")) == IR_NPOS) return;
    if (ir_squid_body(h->parser, h->msg, ev) != IR_OK) ir_access_body(h->parser, h->msg, ev);
}
