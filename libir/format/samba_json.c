/*
 * Samba's authentication records in JSON (log level "auth_json_audit:3"), one a line, in its own
 * files and by syslog. Document: Samba wiki, "Setting up Audit Logging"; auth/auth_log.c.
 *
 *     {"timestamp": "2026-11-22T01:02:03.123456+0900", "type": "Authentication", "Authentication":
 *     {"version": {…}, "status": "NT_STATUS_WRONG_PASSWORD", "localAddress": "ipv4:192.0.2.1:445",
 *     "remoteAddress": "ipv4:192.0.2.7:4021", "clientDomain": "EX", "clientAccount": "bob", …}}
 *
 * Hostile: what the client sent as names, which the daemon escapes; only the members of the inner
 * object count, and a record that does not end is not read.
 */
#include "base/json.h"
#include "format/syslog_mail.h"

#define KEYS 6u
enum { STATUS, LOCAL, REMOTE, DOMAIN, ACCOUNT, WORKSTATION };

static const struct ir_str keys[KEYS] = {IR_S("status"),        IR_S("localAddress"),
                                         IR_S("remoteAddress"), IR_S("clientDomain"),
                                         IR_S("clientAccount"), IR_S("workstation")};

/* The members that are wanted of the object "Authentication". */
static bool read_members(struct ir_str s, struct ir_json_tok v[KEYS])
{
    struct ir_json j;
    struct ir_json_tok t;
    bool inside = false;
    size_t at = KEYS;
    int rc;
    ir_json_begin(&j, s);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.type == IR_JSON_KEY && t.depth == 1)
            inside = ir_str_eq(t.text, IR_S("Authentication"));
        if (t.type == IR_JSON_STRING && at < KEYS) v[at] = t;
        at = KEYS;
        if (t.type != IR_JSON_KEY || t.depth != 2 || !inside) continue;
        for (size_t i = 0; i < KEYS; i++)
            if (ir_str_eq(t.text, keys[i]) && v[i].text.p == NULL) at = i;
    }
    return rc == IR_END && v[STATUS].text.n > 0;
}

static void add(struct ir_event *ev, enum ir_field_id id, const struct ir_json_tok *t)
{
    char *out;
    if (t->text.n == 0) return;
    if (!t->escaped)
        ir_event_set(ev, id, t->text);
    else if ((out = ir_arena_alloc(ev->arena, t->text.n)) != NULL)
        ir_event_derive(ev, id, ir_str_n(out, ir_json_unescape(t->text, out)));
}

void ir_samba_json(struct ir_str s, struct ir_event *ev)
{
    struct ir_json_tok v[KEYS] = {{0}};
    if (ir_str_find(s, IR_S("\"Authentication\"")) == IR_NPOS || !read_members(s, v)) return;
    ir_syslog_logon(ev, "smb_login", ir_str_eq(v[STATUS].text, IR_S("NT_STATUS_OK")));
    add(ev, IR_F_ERROR_CODE, &v[STATUS]);
    ir_samba_host(ev, v[REMOTE].text, true);
    ir_samba_host(ev, v[LOCAL].text, false);
    add(ev, IR_F_USER_DOMAIN, &v[DOMAIN]);
    add(ev, IR_F_USER_NAME, &v[ACCOUNT]);
    if (v[WORKSTATION].text.n > 0 && !v[WORKSTATION].escaped)
        ir_event_add_named(ev, IR_S("samba.workstation"), IR_V_STRING, v[WORKSTATION].text);
}
