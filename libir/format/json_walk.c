/*
 * The walk over the tokens of one JSON object: one pass, a small stack of containers, no tree.
 *
 * A container has a role, which says how the names of its leaves are made. Plain objects give
 * dotted paths
 * ("a.b.c"; arrays repeat the path for each element). The roles of the Windows wrappings give
 * Sigma's names:
 *
 *     {"Event": {"System": {"Provider": {"#attributes": {"Name": …}}}, "EventData": {"Image": …}}}
 *      FLAT      SYSTEM     TAG → Provider_Name                         DATA → Image
 *
 * and "winlog.event_data" is DATA as well. Names nobody asks for cost one hash and are dropped.
 * Not for what the names mean: see windows.c. Shapes: evtx_dump, winlogbeat, nxlog, Splunk,
 * Velociraptor.
 */
#include "format/container.h"
#include "format/json_int.h"
#include "format/json_web.h"

#define WRAPPER_PEEK 2048u /* bytes in which a wrapper must show what it wraps */

static void end_item(struct ir_json_walk *w)
{
    if (w->item_name.n > 0)
        ir_json_put_data(w, IR_S("EventData"), ir_json_without_blanks(w, w->item_name), true,
                         &w->item_text);
    else if (w->item_text.text.p != NULL)
        ir_json_put_unnamed(w, &w->item_text);
}

/* A wrapper is only believed when what it wraps shows up soon: other logs have an "Event" too. */
static bool shows(const struct ir_json_walk *w, const char *what)
{
    struct ir_str ahead = ir_str_n(w->json.p, (size_t)(w->json.end - w->json.p));
    return ir_str_find(ir_str_head(ahead, WRAPPER_PEEK), ir_str_z(what)) != IR_NPOS;
}

/* Objects of Windows' own tools: FLAT, SYSTEM or DROP; DATA when it is none of them. */
static enum ir_json_role windows_object(const struct ir_json_walk *w, struct ir_str key)
{
    if (ir_str_eq(key, IR_S("#attributes"))) return DROP; /* of Event: the XML name space */
    if (ir_str_eq(key, IR_S("Event_attributes"))) return DROP;
    if (ir_str_eq(key, IR_S("System")) && shows(w, "\"EventID\"")) return SYSTEM;
    if (ir_str_eq(key, IR_S("Event")) && shows(w, "\"System\"")) return FLAT;
    if (w->wazuh && ir_str_eq(key, IR_S("system"))) return SYSTEM;
    return DATA;
}

/* An object of a shipper, around the record. */
static bool is_wrapper(struct ir_json_walk *w, struct ir_str key)
{
    if (ir_str_eq(key, IR_S("_source"))) return true;
    if (ir_str_eq(key, IR_S("win")) && shows(w, "\"system\":{")) return w->wazuh = true;
    if (ir_str_eq(key, IR_S("data"))) return shows(w, "\"win\":{\"system\":{");
    if (w->integration.n > 0 && ir_str_eq(key, w->integration)) return true;
    if (ir_str_eq(key, IR_S("gcp"))) return shows(w, "Payload\":{"); /* Wazuh's, too */
    return w->splunk && (ir_str_eq(key, IR_S("result")) || ir_str_eq(key, IR_S("event")));
}

/* The role of a container called key at the top level, wrappers aside; *ret_keep: it is part of the
 * path. */
static enum ir_json_role role_at_top(struct ir_json_walk *w, struct ir_str key, bool object,
                                     bool *ret_keep)
{
    *ret_keep = false;
    if (ir_str_eq(key, IR_S("EventData")) || ir_str_eq(key, IR_S("event_data"))) return DATA;
    if (ir_str_eq(key, IR_S("UserData")) || ir_str_eq(key, IR_S("user_data"))) return USER;
    if (w->wazuh && ir_str_eq(key, IR_S("eventdata"))) return DATA;
    enum ir_json_role role = object ? windows_object(w, key) : DATA;
    if (role != DATA) return role;
    *ret_keep = !(object && is_wrapper(w, key));
    return FLAT;
}

static struct ir_json_frame open_flat(struct ir_json_walk *w, const struct ir_json_frame *up,
                                      bool object)
{
    struct ir_json_frame f = {.role = FLAT};
    bool keep = true;
    if (up->path == 0) {
        f.role = (uint8_t)role_at_top(w, w->key, object, &keep);
    } else if (up->path == 6 && memcmp(w->path, "winlog", 6) == 0) {
        if (ir_str_eq(w->key, IR_S("event_data"))) f.role = DATA, keep = false;
        if (ir_str_eq(w->key, IR_S("user_data"))) f.role = USER, keep = false;
    }
    if (!keep) return f;
    f.path = (uint16_t)ir_json_extend(w, up->path, '.', w->key);
    if (f.path == 0 && w->key.n > 0) f.role = DROP;
    return f;
}

static struct ir_json_frame open_item(struct ir_json_walk *w, bool object)
{
    if (object) {
        w->item_name = ir_str_n(NULL, 0);
        w->item_text = (struct ir_json_tok){.type = IR_JSON_NULL};
    }
    return (struct ir_json_frame){.role = object ? ITEM : LIST};
}

static const struct ir_str attributes_suffix = {"_attributes", 11};

static struct ir_str without_suffix(struct ir_str key)
{
    return ir_str_ends(key, attributes_suffix) ? ir_str_head(key, key.n - attributes_suffix.n)
                                               : key;
}

/* The frame of a container that opens under the key w->key in the container up. */
static struct ir_json_frame open_frame(struct ir_json_walk *w, const struct ir_json_frame *up,
                                       bool object)
{
    bool attributes = ir_json_is_attributes(w->key) ||
                      (up->role != FLAT && ir_str_ends(w->key, attributes_suffix));
    struct ir_json_frame f = *up;
    switch ((enum ir_json_role)up->role) {
    case FLAT: return open_flat(w, up, object);
    case SYSTEM: /* evtx_dump --separate-json-attributes: "Provider_attributes" */
        f.role = TAG;
        f.path = (uint16_t)ir_json_extend(w, 0, 0, without_suffix(w->key));
        break;
    case TAG:
        if (!attributes)
            f.path = (uint16_t)ir_json_extend(w, up->path, '_', ir_json_without_mark(w->key));
        break;
    case DATA:
        if (up->path == 0 && ir_str_eq(w->key, IR_S("Data"))) return open_item(w, object);
        if (attributes) f.role = DROP;
        f.path = (uint16_t)ir_json_extend(w, up->path, '.', ir_json_without_blanks(w, w->key));
        break;
    case LIST: return open_item(w, object);
    case ITEM: f.role = attributes ? ITEM_ATTRIBUTES : ir_json_is_text(w->key) ? LIST : DROP; break;
    case USER:
        if (attributes) f.role = DROP;
        f.path = (uint16_t)ir_json_extend(w, 0, 0, w->key);
        break;
    case ITEM_ATTRIBUTES:
    case DROP: f.role = DROP; break;
    }
    if (f.role != ITEM_ATTRIBUTES && f.role != LIST && f.path == 0) f.role = DROP;
    return f;
}

static bool is_journal_record(const struct ir_json_walk *w)
{
    struct ir_str all = ir_str_n(w->json.start, (size_t)(w->json.end - w->json.start));
    return ir_str_find(all, IR_S("\"__REALTIME_TIMESTAMP\"")) != IR_NPOS ||
           ir_str_find(all, IR_S("\"_BOOT_ID\"")) != IR_NPOS;
}

/* The journal writes a value with control characters as an array of its bytes. Only in a record
 * that shows the journal's own fields: elsewhere [22,80] is a list of numbers. *ret_t: the text. */
static bool journal_bytes(struct ir_json_walk *w, struct ir_json_tok *ret_t)
{
    struct ir_str s = ir_str_n(w->json.p, (size_t)(w->json.end - w->json.p));
    if (w->depth > 0 || ir_journal_slot(w->key) == IR_JN_MAX) return false;
    size_t close = ir_str_chr(s, ']');
    if (close == IR_NPOS || close == 0 || !is_journal_record(w)) return false;
    struct ir_str list = ir_str_head(s, close);
    char *out = ir_arena_alloc(w->ev->arena, close / 2 + 1);
    size_t n = 0;
    while (out != NULL && list.p != NULL) {
        uint64_t byte;
        if (!ir_str_u64(ir_str_trim(ir_str_cut(&list, ',')), &byte) || byte > 255) return false;
        out[n++] = (char)byte;
    }
    *ret_t = (struct ir_json_tok){.type = IR_JSON_STRING, .text = ir_str_n(out, n)};
    return out != NULL;
}

/* Rules ask whether a field is there, whatever it holds. The leaves of an object have longer names,
 * and an empty array has none. */
static void note_container(struct ir_json_walk *w, size_t path, bool object)
{
    const char *p = w->json.p;
    while (!object && p < w->json.end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    if (!object && (p == w->json.end || *p != ']')) return;
    uint32_t id = ir_names_find(w->ev->names, ir_str_n(w->path, path));
    if (id != IR_F_NONE) ir_event_add(w->ev, id, IR_V_CONTAINER, IR_S(""));
}

/* An opening token. The stack cannot overflow: the reader's own depth limit comes first. */
static int open_container(struct ir_json_walk *w, bool object)
{
    const struct ir_json_frame *up = &w->stack[w->depth];
    struct ir_json_frame f = *up; /* elements of an array: as the array itself */
    struct ir_json_tok bytes;
    if (!object && up->role == FLAT && journal_bytes(w, &bytes)) {
        ir_json_leaf(w, &bytes);
        return ir_json_skip(&w->json);
    }
    if (up->array && up->role == LIST)
        f = open_item(w, object);
    else if (!up->array)
        f = open_frame(w, up, object);
    if (f.role == DROP) return ir_json_skip(&w->json);
    if (!up->array && f.role == FLAT && f.path > 0) note_container(w, f.path, object);
    f.array = !object;
    w->stack[++w->depth] = f;
    return IR_OK;
}

static void read_key(struct ir_json_walk *w, const struct ir_json_tok *t)
{
    w->key = ir_json_decode(w->ev, t->text, t->escaped);
    if (ir_json_web_key(w->key)) w->web = true;
    if (w->depth > 1 || w->key.n < 4) return;
    if (ir_str_eq(w->key, IR_S("preview")) || ir_str_eq(w->key, IR_S("sourcetype")))
        w->splunk = true;
}

static int walk_tokens(struct ir_json_walk *w);

/* Records inside a string: EvtxECmd's {"Payload":"{\"EventData\":…"}, the audit data of Microsoft
 * 365 exports, CloudTrail's lookup. Only in the outermost object, so that they cannot nest. */
static bool is_payload(const struct ir_json_walk *w, const struct ir_json_tok *t)
{
    if (w->depth > 0 || !t->escaped) return false;
    if (ir_str_eq(w->key, IR_S("Payload")))
        return ir_str_starts(t->text, IR_S("{\\\"EventData\\\"")) ||
               ir_str_starts(t->text, IR_S("{\\\"UserData\\\""));
    return (ir_str_eq(w->key, IR_S("AuditData")) || ir_str_eq(w->key, IR_S("auditData")) ||
            ir_str_eq(w->key, IR_S("CloudTrailEvent"))) &&
           ir_str_starts(t->text, IR_S("{\\\""));
}

static void walk_payload(struct ir_json_walk *w, const struct ir_json_tok *t)
{
    struct ir_json outer = w->json;
    struct ir_json_tok first;
    ir_json_begin(&w->json, ir_json_decode(w->ev, t->text, true));
    if (ir_json_next(&w->json, &first) == IR_OK) {
        w->stack[++w->depth] = (struct ir_json_frame){.role = FLAT};
        if (walk_tokens(w) != IR_END) w->ev->flags |= IR_EV_DAMAGED;
    }
    w->depth = 0;
    w->json = outer;
}

/* All tokens. IR_END when the object is complete. */
static int walk_tokens(struct ir_json_walk *w)
{
    struct ir_json_tok t;
    int rc;
    while ((rc = ir_json_next(&w->json, &t)) == IR_OK) {
        switch (t.type) {
        case IR_JSON_KEY: read_key(w, &t); break;
        case IR_JSON_OBJECT:
        case IR_JSON_ARRAY: rc = open_container(w, t.type == IR_JSON_OBJECT); break;
        case IR_JSON_OBJECT_END:
        case IR_JSON_ARRAY_END:
            if (w->stack[w->depth].role == ITEM) end_item(w);
            if (w->depth > 0) w->depth--;
            break;
        default:
            if (is_payload(w, &t))
                walk_payload(w, &t);
            else
                ir_json_leaf(w, &t);
            if (w->depth == 0 && ir_str_eq(w->key, IR_S("integration"))) w->integration = t.text;
        }
        if (rc != IR_OK) break;
    }
    return rc;
}

static void walk_begin(struct ir_json_walk *w, struct ir_event *ev)
{
    w->ev = ev;
    w->depth = w->leaves = w->nunnamed = 0;
    w->splunk = w->wazuh = w->web = false;
    w->integration = ir_str_n("", 0);
    w->key = w->item_name = ir_str_n("", 0);
    w->stack[0] = (struct ir_json_frame){.role = FLAT};
    ir_windows_begin(&w->win);
    ir_json_marks_begin(&w->marks);
    ir_journal_begin(&w->journal);
}

/* IR_END: whole; IR_BAD: broke off, with what was read before in the event. */
static int walk_record(struct ir_json_walk *w, struct ir_str rec, struct ir_event *ev)
{
    struct ir_json_tok t;
    walk_begin(w, ev);
    ir_json_begin(&w->json, rec);
    if (ir_json_next(&w->json, &t) != IR_OK || t.type != IR_JSON_OBJECT) return IR_BAD;
    return walk_tokens(w);
}

/* Docker's json-file: {"log":"what the container printed\n","stream":"stdout","time":"…"}. *ret_j
 * stands behind the text. */
static bool docker_text(struct ir_str rec, struct ir_event *ev, struct ir_str *ret_text,
                        struct ir_json *ret_j)
{
    const struct ir_str key = IR_S("{\"log\":\"");
    struct ir_json j;
    struct ir_json_tok t;
    struct ir_str tail = rec.n > 512 ? ir_str_skip(rec, rec.n - 512) : rec;
    if (!ir_str_starts(rec, key) || ir_str_rfind(tail, IR_S("\"stream\":\"std")) == IR_NPOS)
        return false;
    ir_json_begin(&j, rec);
    for (int i = 0; i < 3; i++)
        if (ir_json_next(&j, &t) != IR_OK) return false;
    if (t.type != IR_JSON_STRING) return false;
    *ret_text = ir_json_decode(ev, t.text, t.escaped);
    *ret_j = j;
    return !ir_str_starts(*ret_text, key); /* no boxes within boxes */
}

static int docker_event(struct ir_parser *p, struct ir_str text, const struct ir_json *behind,
                        struct ir_event *ev)
{
    struct ir_json_walk w;
    const struct ir_json_tok log = {.type = IR_JSON_STRING, .text = text};
    bool whole = ir_str_ends(text, IR_S("\n"));
    ir_container_text(p, text, whole, ev);
    walk_begin(&w, ev);
    w.key = IR_S("log");
    w.json = *behind;
    ir_json_leaf(&w, &log);
    if (walk_tokens(&w) != IR_END) {
        ir_event_damage(ev, "a container's record that breaks off");
        p->damaged++;
    }
    if (!(ev->flags & IR_EV_TIME)) ir_windows_time(&w.win, &p->clock, ev);
    ev->raw_keywords = ev->verbatim = false;
    return IR_OK;
}

int ir_json_event(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_json_walk w; /* the big arrays need no zeros */
    struct ir_json behind;
    struct ir_str text;
    if (docker_text(rec, ev, &text, &behind)) return docker_event(p, text, &behind, ev);
    if (walk_record(&w, rec, ev) != IR_END) {
        struct ir_str mended = ir_json_repair(rec, ev->arena);
        if (mended.p != NULL) {
            ir_event_begin(ev, ev->raw, ev->views[0].offset, ev->views[0].line);
            walk_record(&w, mended, ev);
        }
        if (w.leaves == 0) return IR_BAD;
        ev->flags |= IR_EV_DAMAGED;
        p->damaged++;
    }
    ev->raw_keywords = ev->verbatim = false;
    ir_json_join_unnamed(&w);
    ir_windows_time(&w.win, &p->clock, ev);
    if (ir_journal_is(&w.journal)) {
        ir_journal_finish(p, &w.journal, ev);
        return IR_OK;
    }
    if (ir_windows_finish(&w.win, ev)) return IR_OK;
    ir_json_sources(&w.marks, ev);
    bool request = w.web && ir_json_web(rec, ev);
    /* the "host" of a request is what the client asked for, not who wrote the log */
    ir_windows_entities(&w.win, request ? ir_event_get(ev, IR_F_URL_DOMAIN, 0) : IR_S(""), ev);
    return IR_OK;
}
