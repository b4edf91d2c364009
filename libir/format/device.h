/*
 * Firewalls and appliances: what their formats share, and how a message of theirs inside a syslog
 * line finds its format. Not for: reading pairs (kv.h), lines of computers (syslog.h).
 *
 * A device's format has a table of the keys it knows (an X-macro .def, sorted by bytes). A record's
 * pairs go through it once:
 *
 *     struct ir_str val[FG_MAX];                       // by row; p == NULL: not there, or doubtful
 *     ir_device_keys(&ir_fortigate_keys, &pairs, val);
 *     ir_device_fields(ev, &ir_fortigate_keys, &pairs, val);
 *
 * A key that stands twice: outsiders can write ` srcip=…` into values that a device does not quote
 * or escape. The device wrote the first one when no text of an outsider (a row with IR_DEV_FREE)
 * stood before it: then the first holds. Otherwise nobody can tell, and the key has no ECS field.
 * Such events are tagged `doubled_key`. The native fields have all values either way.
 *
 * Words that all devices share, so that one rule serves for all (the native ones stay besides):
 *   event.action  allow, block, reset: a connection; vpn_login, vpn_logout, admin_login,
 *                 admin_logout, user_login, user_logout: event.outcome says how it went;
 *                 user_added, config_change; malware, intrusion, web_request, dns_query,
 * application, mail. blocked       true or false (Sigma's name)
 */
#ifndef IR_FORMAT_DEVICE_H
#define IR_FORMAT_DEVICE_H

#include "format/format.h"
#include "format/kv.h"

#define IR_DEVICE_ROWS_MAX 96u

enum ir_device_kind {
    IR_DEV_NONE,      /* only its value is wanted */
    IR_DEV_TEXT,      /* the field is set as logged */
    IR_DEV_IP,        /* an address; what is none goes to the .address field of the side */
    IR_DEV_PORT,      /* 0 to 65535, else left out */
    IR_DEV_NUMBER,    /* digits, else left out */
    IR_DEV_TRANSPORT, /* lower case, numbers get their names */
    IR_DEV_FREE = 16, /* besides: an outsider may have chosen the text */
};

struct ir_device_row {
    struct ir_str key;
    uint8_t kind;
    uint32_t field;
};
/* Some bytes of a key in one, so that memchr finds the rows that may be it. */
#define IR_DEVICE_SIGN(first, last, n)                                                             \
    ((uint8_t)((unsigned)(first)*31 + (unsigned)(last)*29 + (unsigned)(n)*7))
#define IR_DEVICE_SIGN_OF(key) IR_DEVICE_SIGN((key)[0], (key)[sizeof(key) - 2], sizeof(key) - 1)
struct ir_device_table {
    const struct ir_device_row *row;
    const uint8_t *sign; /* IR_DEVICE_SIGN_OF each row's key */
    unsigned n;
    bool
        fold; /* rows are in lower case with '_' for '-', '.' and ' ': any spelling of a key fits */
};
/* generic_keys.def: names that programs commonly use. */
extern const struct ir_device_table ir_generic_keys;
/* The row of a key, or -1. */
int ir_device_row(const struct ir_device_table *t, struct ir_str key);
struct ir_device_found {
    uint64_t rows[(IR_DEVICE_ROWS_MAX + 63) / 64]; /* a bit for each that has a key */
    bool doubled;                                  /* a key stood twice */
};
/* Fills ret_val[t->n]. "", "N/A", "-" and "(null)" are no values. */
struct ir_device_found ir_device_keys(const struct ir_device_table *t,
                                      const struct ir_kv_pairs *pairs, struct ir_str *ret_val);
/* Sets the ECS fields of the table, and all pairs under their native names. */
void ir_device_fields(struct ir_event *ev, const struct ir_device_table *t,
                      const struct ir_kv_pairs *pairs, const struct ir_kv_style *style,
                      const struct ir_str *val, const struct ir_device_found *found);
/* One ECS field by kind; nothing for an empty value. */
void ir_device_set(struct ir_event *ev, enum ir_device_kind kind, uint32_t field, struct ir_str v);
/* The value without its escapes; marks the event when that is not what stands in the record. style
 * NULL: it has none. */
struct ir_str ir_device_plain(struct ir_event *ev, struct ir_str v,
                              const struct ir_kv_style *style);
/* A pair under its native name, unless that is a name of ours. style NULL: no escapes. */
void ir_device_native(struct ir_event *ev, struct ir_str key, struct ir_str v,
                      const struct ir_kv_style *style);
/* The value, empty when it only says that there is none. */
struct ir_str ir_device_value(struct ir_str v);

void ir_device_vendor(struct ir_event *ev, const char *vendor, const char *product);
void ir_device_action(struct ir_event *ev, const char *action);
/* An account of the device was made. */
void ir_device_account(struct ir_event *ev, struct ir_str name);
void ir_device_outcome(struct ir_event *ev, bool success);
/* allow, block or reset with `blocked`, as the device's word says; false: no such word. `action`:
 * event.action is wanted too. */
bool ir_device_verdict(struct ir_event *ev, struct ir_str word, bool action);
/* A word about how something went: success, failed, … sets event.outcome. */
bool ir_device_result(struct ir_event *ev, struct ir_str word);
/* url.* from a whole URL or a path. */
void ir_device_url(struct ir_event *ev, struct ir_str url);
/* `derived` of such formats: escapes, of the log or of a URL. */
bool ir_device_derived(struct ir_str rec);

/* "<189>" at the start: bytes taken, and the digits. */
size_t ir_device_pri(struct ir_str rec, struct ir_str *ret_pri);
/* "2026-11-22" (or with slashes) and "10:02:03[.fff]", each the whole view. zone_s and `zone` as in
 * ir_device_zone. False: not these shapes. True with a date that does not exist: no time, and the
 * event is damaged. */
bool ir_device_time(struct ir_event *ev, struct ir_str date, struct ir_str time,
                    const struct ir_clock *clock, struct ir_str zone);
/* Seconds (10 digits), ms (13), µs (16) or ns (19) since 1970; from 2001 on. */
bool ir_device_epoch(struct ir_str s, int64_t *ret_ns);

/* Any of these, ISO, "Nov 22 2026 10:02:03" and its kin, with the name of a zone behind it or none:
 * the times of CEF and LEEF. */
bool ir_device_stamp_text(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock);

/* ---- the formats ---- */

/* What `head` read and `body` needs again. */
struct ir_device_head {
    struct ir_str vendor, product, version, id, name, severity; /* of CEF and LEEF */
    struct ir_str pairs;
    struct ir_kv_style style; /* of the pairs */
    bool escapes;             /* a backslash stands in the record */
};

/* Records of a device, without PRI: `is` is cheap and certain; the others may rely on it. `head`
 * sets the time (and ev->kind) or returns IR_BAD; after it `body` sets the fields and log sources.
 */
struct ir_device {
    bool (*is)(struct ir_str text);
    int (*head)(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head);
    void (*body)(const struct ir_device_head *head, struct ir_str text, struct ir_event *ev);
};
#define DEVICE(symbol) extern const struct ir_device ir_device_##symbol;
#include "format/devices.def"
#undef DEVICE

/* PAN-OS' SYSTEM records, in whatever format they come: log-ins, with user and address, out of the
 * event's name and its sentence. */
void ir_paloalto_system(struct ir_event *ev, struct ir_str eventid, struct ir_str text);

/* parse and stamp of a format that is a device's records with or without a PRI. */
int ir_device_parse(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev);
int ir_device_stamp(const struct ir_device *d, struct ir_parser *p, struct ir_str rec,
                    struct ir_event *ev);
bool ir_device_mine(const struct ir_device *d, struct ir_str rec);
int ir_device_bid(const struct ir_device *d, struct ir_str first);

/* Log-ins and changes of accounts come seldom, traffic always: `more` of formats of devices. */
extern const uint16_t ir_device_more[];

/* The format of ir_device_SYMBOL. hints_: of ir_device_more. */
#define IR_DEVICE_FORMAT(symbol, sources_, hints_, derived_, title_)                               \
    static int bid(struct ir_str first)                                                            \
    {                                                                                              \
        return ir_device_bid(&ir_device_##symbol, first);                                          \
    }                                                                                              \
    static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)                  \
    {                                                                                              \
        return ir_device_parse(&ir_device_##symbol, p, rec, ev);                                   \
    }                                                                                              \
    static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)                  \
    {                                                                                              \
        return ir_device_stamp(&ir_device_##symbol, p, rec, ev);                                   \
    }                                                                                              \
    const struct ir_format ir_format_##symbol = {                                                  \
        .name = #symbol,                                                                           \
        .title = title_,                                                                           \
        .flags = IR_FMT_VERBATIM | IR_FMT_STRAYS,                                                  \
        .sources = sources_,                                                                       \
        .more = ir_device_more,                                                                    \
        .hints = hints_,                                                                           \
        .bid = bid,                                                                                \
        .parse = parse,                                                                            \
        .derived = derived_,                                                                       \
        .stamp = stamp,                                                                            \
    }

#endif
