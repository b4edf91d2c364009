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
#include "format/json_walk.h"

#include "base/json.h"
#include "format/windows.h"

#define PATH_MAX_BYTES 2048u
#define UNNAMED_MAX    256u
#define WRAPPER_PEEK   2048u /* bytes in which a wrapper must show what it wraps */

enum role {
    FLAT, /* names are paths; transparent wrappers keep the path empty */
    SYSTEM,
    TAG, /* an element of System: path holds its name */
    DATA,
    LIST, /* the elements of EventData.Data */
    ITEM, /* one of them: {"#attributes":{"Name":…},"#text":…} */
    ITEM_ATTRIBUTES,
    USER, /* UserData: leaf names only; path holds the nearest key */
    DROP, /* not worth a name: step over */
};

struct frame {
    uint8_t role;
    bool array; /* leaves are called by path alone */
    uint16_t path;
};

struct walk {
    struct ir_event *ev;
    struct ir_json json;
    struct ir_windows win;
    struct frame stack[IR_JSON_DEPTH_MAX + 1];
    unsigned depth; /* of the innermost frame */
    uint32_t leaves;
    bool splunk; /* keys that stand beside Splunk's result or event were seen */
    struct ir_str key;
    struct ir_str item_name;
    struct ir_json_tok item_text;
    struct ir_str unnamed[UNNAMED_MAX];
    uint32_t nunnamed;
    char path[PATH_MAX_BYTES];
};

static struct ir_str decode(struct ir_event *ev, struct ir_str text, bool escaped)
{
    if (!escaped) return text;
    char *out = ir_arena_alloc(ev->arena, text.n + 1);
    if (out == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return ir_str_n("", 0);
    }
    return ir_str_n(out, ir_json_unescape(text, out));
}

static enum ir_value_type value_type(enum ir_json_type t)
{
    switch (t) {
    case IR_JSON_NUMBER: return IR_V_NUMBER;
    case IR_JSON_TRUE:
    case IR_JSON_FALSE: return IR_V_BOOL;
    case IR_JSON_NULL: return IR_V_NULL;
    default: return IR_V_STRING;
    }
}

/* A field under a finished name. lasting: the name's bytes live as long as the event. */
static void put(struct walk *w, struct ir_str name, bool lasting, bool in_data,
                const struct ir_json_tok *t)
{
    struct ir_event *ev = w->ev;
    bool weak = false, escaped = t->type == IR_JSON_STRING && t->escaped;
    enum ir_win_slot slot = ir_windows_slot(name, in_data, &weak);
    enum ir_value_type type = value_type(t->type);
    struct ir_str val = type == IR_V_NULL ? ir_str_n("", 0) : t->text;
    uint32_t id = ir_names_find(ev->names, name);
    if (id != IR_F_NONE || ev->want_all) {
        val = decode(ev, val, escaped);
        escaped = false;
        if (id != IR_F_NONE)
            ir_event_add(ev, id, type, val);
        else
            ir_event_add_named(ev, lasting ? name : ir_arena_dup(ev->arena, name), type, val);
    }
    if (slot == IR_WIN_MAX) return;
    bool renamed = !in_data && !ir_str_eq(name, ir_windows_name(slot));
    ir_windows_set(&w->win, slot, (struct ir_win_value){val, (uint8_t)type, escaped}, weak,
                   renamed);
}

static bool is_attributes(struct ir_str key)
{
    return ir_str_eq(key, IR_S("#attributes")) || ir_str_eq(key, IR_S("attributes")) ||
           ir_str_eq(key, IR_S("@attributes")) || ir_str_eq(key, IR_S("_attributes")) ||
           ir_str_eq(key, IR_S("$")) || ir_str_eq(key, IR_S("@"));
}

static bool is_text(struct ir_str key)
{
    return ir_str_eq(key, IR_S("#text")) || ir_str_eq(key, IR_S("text")) ||
           ir_str_eq(key, IR_S("$text")) || ir_str_eq(key, IR_S("_")) ||
           ir_str_eq(key, IR_S("$t")) || ir_str_eq(key, IR_S("_text")) ||
           ir_str_eq(key, IR_S("Value")) || ir_str_eq(key, IR_S("content"));
}

static struct ir_str without_mark(struct ir_str key)
{
    while (key.n > 0 && (key.p[0] == '@' || key.p[0] == '#' || key.p[0] == '-' || key.p[0] == '_'))
        key = ir_str_skip(key, 1);
    return key;
}

/* Path, a separator and the key, in w->path behind the path; the length, or 0 when there is no
 * room. */
static size_t extend(struct walk *w, size_t path, char sep, struct ir_str key)
{
    if (key.n >= PATH_MAX_BYTES || path + key.n + 1 > PATH_MAX_BYTES) {
        w->ev->flags |= IR_EV_TRUNCATED;
        return 0;
    }
    if (path > 0 && sep != 0) w->path[path++] = sep;
    memcpy(w->path + path, key.p, key.n);
    return path + key.n;
}

/* Sigma names EventData's fields without the blanks that Windows wrote ("Threat Name"). */
static struct ir_str without_blanks(struct walk *w, struct ir_str key)
{
    if (ir_str_chr(key, ' ') == IR_NPOS) return key;
    char *out = ir_arena_alloc(w->ev->arena, key.n);
    if (out == NULL) return key;
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] != ' ') out[n++] = key.p[i];
    return ir_str_n(out, n);
}

static void put_unnamed(struct walk *w, const struct ir_json_tok *t)
{
    if (t->type == IR_JSON_NULL) return;
    if (w->nunnamed == UNNAMED_MAX) {
        w->ev->flags |= IR_EV_TRUNCATED;
        return;
    }
    w->unnamed[w->nunnamed++] = decode(w->ev, t->text, t->type == IR_JSON_STRING && t->escaped);
}

/* The unnamed values become the one field Data. */
static void join_unnamed(struct walk *w)
{
    struct ir_json_tok t = {.type = IR_JSON_STRING};
    if (w->nunnamed == 0) return;
    if (w->nunnamed == 1) {
        t.text = w->unnamed[0];
    } else {
        size_t n = 0;
        for (uint32_t i = 0; i < w->nunnamed; i++)
            n += w->unnamed[i].n + 1;
        char *out = ir_arena_alloc(w->ev->arena, n);
        if (out == NULL) return;
        t.text = ir_str_n(out, n - 1);
        for (uint32_t i = 0; i < w->nunnamed; i++) {
            memcpy(out, w->unnamed[i].p, w->unnamed[i].n);
            out += w->unnamed[i].n;
            if (i + 1 < w->nunnamed) *out++ = IR_WIN_DATA_SEP;
        }
    }
    put(w, IR_S("Data"), true, true, &t);
}

/* A flat key that spells a wrapping with dots: {"winlog.event_data.Image": …}. */
static bool put_dotted_wrapping(struct walk *w, struct ir_str key, const struct ir_json_tok *t)
{
    static const struct ir_str data[] = {IR_S("winlog.event_data."), IR_S("Event.EventData."),
                                         IR_S("event_data."), IR_S("EventData."),
                                         IR_S("Event.EventData.Data.")};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        if (!ir_str_starts(key, data[i]) || key.n == data[i].n) continue;
        put(w, without_blanks(w, ir_str_skip(key, data[i].n)), true, true, t);
        return true;
    }
    if (ir_str_starts(key, IR_S("winlog.user_data."))) {
        put(w, ir_str_skip(key, ir_str_rchr(key, '.') + 1), true, true, t);
        return true;
    }
    if (ir_str_starts(key, IR_S("Event.System."))) {
        put(w, ir_str_skip(key, sizeof "Event.System." - 1), true, false, t);
        return true;
    }
    return false;
}

static void leaf_flat(struct walk *w, const struct frame *f, const struct ir_json_tok *t)
{
    if (f->path == 0) {
        struct ir_str key = w->key;
        char c = key.n > 10 ? key.p[0] : 0;
        if ((c == 'w' || c == 'E' || c == 'e') && put_dotted_wrapping(w, key, t)) return;
        put(w, key, true, false, t);
        if (ir_str_chr(key, ' ') == IR_NPOS) return;
        /* a flat Windows record keeps EventData's blanks; nobody else is asked for the other form
         */
        key = without_blanks(w, key);
        if (ir_names_find(w->ev->names, key) != IR_F_NONE) put(w, key, true, true, t);
        return;
    }
    size_t n = f->array ? f->path : extend(w, f->path, '.', w->key);
    if (n > 0) put(w, ir_str_n(w->path, n), false, false, t);
}

static void leaf_data(struct walk *w, const struct frame *f, const struct ir_json_tok *t)
{
    if (f->path > 0) {
        size_t n = f->array ? f->path : extend(w, f->path, '.', w->key);
        if (n > 0) put(w, ir_str_n(w->path, n), false, true, t);
    } else if (ir_str_eq(w->key, IR_S("Data"))) {
        put_unnamed(w, t);
    } else if (w->key.n > 0 && w->key.p[0] != '@') {
        put(w, without_blanks(w, w->key), true, true, t);
    }
}

static void leaf_tag(struct walk *w, const struct frame *f, const struct ir_json_tok *t)
{
    size_t n = f->path;
    if (!f->array && !is_text(w->key)) n = extend(w, f->path, '_', without_mark(w->key));
    if (n > 0) put(w, ir_str_n(w->path, n), false, false, t);
}

static void leaf_item(struct walk *w, const struct ir_json_tok *t)
{
    struct ir_str key = w->key;
    if (ir_str_eq(without_mark(key), IR_S("Name")) && t->type == IR_JSON_STRING)
        w->item_name = decode(w->ev, t->text, t->escaped);
    else if (is_text(key))
        w->item_text = *t;
}

static void leaf_user(struct walk *w, const struct frame *f, const struct ir_json_tok *t)
{
    if (f->array || is_text(w->key)) {
        if (f->path > 0) put(w, ir_str_n(w->path, f->path), false, true, t);
        return;
    }
    struct ir_str key = without_mark(w->key);
    if (!ir_str_starts(key, IR_S("xmlns"))) put(w, without_blanks(w, key), true, true, t);
}

static void leaf(struct walk *w, const struct ir_json_tok *t)
{
    const struct frame *f = &w->stack[w->depth];
    w->leaves++;
    switch ((enum role)f->role) {
    case FLAT: leaf_flat(w, f, t); break;
    case SYSTEM: put(w, w->key, true, false, t); break;
    case TAG: leaf_tag(w, f, t); break;
    case DATA: leaf_data(w, f, t); break;
    case LIST: put_unnamed(w, t); break;
    case ITEM:
    case ITEM_ATTRIBUTES: leaf_item(w, t); break;
    case USER: leaf_user(w, f, t); break;
    case DROP: break;
    }
}

static void end_item(struct walk *w)
{
    if (w->item_name.n > 0)
        put(w, without_blanks(w, w->item_name), true, true, &w->item_text);
    else if (w->item_text.text.p != NULL)
        put_unnamed(w, &w->item_text);
}

/* A wrapper is only believed when what it wraps shows up soon: other logs have an "Event" too. */
static bool shows(const struct walk *w, const char *what)
{
    struct ir_str ahead = ir_str_n(w->json.p, (size_t)(w->json.end - w->json.p));
    return ir_str_find(ir_str_head(ahead, WRAPPER_PEEK), ir_str_z(what)) != IR_NPOS;
}

/* The role of a container called key at the top level, wrappers aside; *ret_keep: it is part of the
 * path. */
static enum role role_at_top(const struct walk *w, struct ir_str key, bool object, bool *ret_keep)
{
    *ret_keep = false;
    if (ir_str_eq(key, IR_S("EventData")) || ir_str_eq(key, IR_S("event_data"))) return DATA;
    if (ir_str_eq(key, IR_S("UserData")) || ir_str_eq(key, IR_S("user_data"))) return USER;
    if (object) {
        if (ir_str_eq(key, IR_S("#attributes"))) return DROP; /* of Event: the XML name space */
        if (ir_str_eq(key, IR_S("System")) && shows(w, "\"EventID\"")) return SYSTEM;
        if (ir_str_eq(key, IR_S("Event")) && shows(w, "\"System\"")) return FLAT;
        if (ir_str_eq(key, IR_S("_source"))) return FLAT;
        if (ir_str_eq(key, IR_S("result")) && w->splunk) return FLAT;
        if (ir_str_eq(key, IR_S("event")) && w->splunk) return FLAT;
    }
    *ret_keep = true;
    return FLAT;
}

static struct frame open_flat(struct walk *w, const struct frame *up, bool object)
{
    struct frame f = {.role = FLAT};
    bool keep = true;
    if (up->path == 0) {
        f.role = (uint8_t)role_at_top(w, w->key, object, &keep);
    } else if (up->path == 6 && memcmp(w->path, "winlog", 6) == 0) {
        if (ir_str_eq(w->key, IR_S("event_data"))) f.role = DATA, keep = false;
        if (ir_str_eq(w->key, IR_S("user_data"))) f.role = USER, keep = false;
    }
    if (!keep) return f;
    f.path = (uint16_t)extend(w, up->path, '.', w->key);
    if (f.path == 0 && w->key.n > 0) f.role = DROP;
    return f;
}

static struct frame open_item(struct walk *w, bool object)
{
    if (object) {
        w->item_name = ir_str_n(NULL, 0);
        w->item_text = (struct ir_json_tok){.type = IR_JSON_NULL};
    }
    return (struct frame){.role = object ? ITEM : LIST};
}

/* The frame of a container that opens under the key w->key in the container up. */
static struct frame open_frame(struct walk *w, const struct frame *up, bool object)
{
    bool attributes = is_attributes(w->key);
    struct frame f = *up;
    switch ((enum role)up->role) {
    case FLAT: return open_flat(w, up, object);
    case SYSTEM:
        f.role = TAG;
        f.path = (uint16_t)extend(w, 0, 0, w->key);
        break;
    case TAG:
        if (!attributes) f.path = (uint16_t)extend(w, up->path, '_', without_mark(w->key));
        break;
    case DATA:
        if (up->path == 0 && ir_str_eq(w->key, IR_S("Data"))) return open_item(w, object);
        if (attributes) f.role = DROP;
        f.path = (uint16_t)extend(w, up->path, '.', without_blanks(w, w->key));
        break;
    case LIST: return open_item(w, object);
    case ITEM: f.role = attributes ? ITEM_ATTRIBUTES : is_text(w->key) ? LIST : DROP; break;
    case USER:
        if (attributes) f.role = DROP;
        f.path = (uint16_t)extend(w, 0, 0, w->key);
        break;
    case ITEM_ATTRIBUTES:
    case DROP: f.role = DROP; break;
    }
    if (f.role != ITEM_ATTRIBUTES && f.role != LIST && f.path == 0) f.role = DROP;
    return f;
}

/* An opening token. The stack cannot overflow: the reader's own depth limit comes first. */
static int open_container(struct walk *w, bool object)
{
    const struct frame *up = &w->stack[w->depth];
    struct frame f = *up; /* elements of an array: as the array itself */
    if (up->array && up->role == LIST)
        f = open_item(w, object);
    else if (!up->array)
        f = open_frame(w, up, object);
    if (f.role == DROP) return ir_json_skip(&w->json);
    f.array = !object;
    w->stack[++w->depth] = f;
    return IR_OK;
}

static void read_key(struct walk *w, const struct ir_json_tok *t)
{
    w->key = decode(w->ev, t->text, t->escaped);
    if (w->depth > 1 || w->key.n < 4) return;
    if (ir_str_eq(w->key, IR_S("preview")) || ir_str_eq(w->key, IR_S("sourcetype")))
        w->splunk = true;
}

/* All tokens. IR_END when the object is complete. */
static int walk_tokens(struct walk *w)
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
        default: leaf(w, &t);
        }
        if (rc != IR_OK) break;
    }
    return rc;
}

/* IR_END: whole; IR_BAD: broke off, with what was read before in the event. */
static int walk_record(struct walk *w, struct ir_str rec, struct ir_event *ev)
{
    struct ir_json_tok t;
    w->ev = ev;
    w->depth = w->leaves = w->nunnamed = 0;
    w->splunk = false;
    w->key = w->item_name = ir_str_n("", 0);
    w->stack[0] = (struct frame){.role = FLAT};
    ir_windows_begin(&w->win);
    ir_json_begin(&w->json, rec);
    if (ir_json_next(&w->json, &t) != IR_OK || t.type != IR_JSON_OBJECT) return IR_BAD;
    return walk_tokens(w);
}

int ir_json_event(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct walk w; /* the big arrays need no zeros */
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
    join_unnamed(&w);
    ir_windows_time(&w.win, &p->clock, ev);
    ir_windows_finish(&w.win, ev);
    return IR_OK;
}
