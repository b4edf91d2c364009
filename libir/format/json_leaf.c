/*
 * The leaves of a JSON object: how the role of the container makes the name, and where the value
 * goes. Names nobody asks for cost one hash and are dropped. Containers: see json_walk.c.
 */
#include "format/json_int.h"

struct ir_str ir_json_decode(struct ir_event *ev, struct ir_str text, bool escaped)
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
void ir_json_put(struct ir_json_walk *w, struct ir_str name, bool lasting, bool in_data,
                 const struct ir_json_tok *t)
{
    struct ir_event *ev = w->ev;
    bool weak = false, escaped = t->type == IR_JSON_STRING && t->escaped;
    enum ir_win_slot slot = ir_windows_slot(name, in_data, &weak);
    enum ir_value_type type = value_type(t->type);
    struct ir_str val = type == IR_V_NULL ? ir_str_n("", 0) : t->text;
    uint32_t id = ir_names_find(ev->names, name);
    if (!in_data) ir_json_marks_set(&w->marks, ir_json_mark(name), val, escaped);
    if (!in_data && name.n > 0 && name.p[0] <= '_')
        ir_journal_set(&w->journal, ir_journal_slot(name), val, escaped);
    if (id != IR_F_NONE || ev->want_all) {
        val = ir_json_decode(ev, val, escaped);
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

/* Who writes an event names its data, but only Windows writes System. A member that calls itself
 * like a System attribute keeps its path: else {"EventData":{"EventID":1102}} would answer for the
 * event's own number. */
void ir_json_put_data(struct ir_json_walk *w, struct ir_str part, struct ir_str name, bool lasting,
                      const struct ir_json_tok *t)
{
    if (ir_windows_is_system(name)) {
        char *path = ir_arena_alloc(w->ev->arena, part.n + 1 + name.n);
        if (path == NULL) {
            w->ev->flags |= IR_EV_TRUNCATED;
            return;
        }
        memcpy(path, part.p, part.n);
        path[part.n] = '.';
        memcpy(path + part.n + 1, name.p, name.n);
        name = ir_str_n(path, part.n + 1 + name.n);
        lasting = true;
    }
    ir_json_put(w, name, lasting, true, t);
}

/* Event 104 (a log was cleared) says which log in UserData's Channel, and Sigma's rules ask for it
 * under that name. */
static void put_user(struct ir_json_walk *w, struct ir_str name, bool lasting,
                     const struct ir_json_tok *t)
{
    if (ir_str_eq(name, IR_S("Channel")))
        ir_json_put(w, name, lasting, true, t);
    else
        ir_json_put_data(w, IR_S("UserData"), name, lasting, t);
}

bool ir_json_is_attributes(struct ir_str key)
{
    return ir_str_eq(key, IR_S("#attributes")) || ir_str_eq(key, IR_S("attributes")) ||
           ir_str_eq(key, IR_S("@attributes")) || ir_str_eq(key, IR_S("_attributes")) ||
           ir_str_eq(key, IR_S("$")) || ir_str_eq(key, IR_S("@"));
}

bool ir_json_is_text(struct ir_str key)
{
    return ir_str_eq(key, IR_S("#text")) || ir_str_eq(key, IR_S("text")) ||
           ir_str_eq(key, IR_S("$text")) || ir_str_eq(key, IR_S("_")) ||
           ir_str_eq(key, IR_S("$t")) || ir_str_eq(key, IR_S("_text")) ||
           ir_str_eq(key, IR_S("Value")) || ir_str_eq(key, IR_S("content"));
}

struct ir_str ir_json_without_mark(struct ir_str key)
{
    while (key.n > 0 && (key.p[0] == '@' || key.p[0] == '#' || key.p[0] == '-' || key.p[0] == '_'))
        key = ir_str_skip(key, 1);
    return key;
}

/* Path, a separator and the key, in w->path behind the path; the length, or 0 when there is no
 * room. */
size_t ir_json_extend(struct ir_json_walk *w, size_t path, char sep, struct ir_str key)
{
    if (key.n >= IR_JSON_PATH_MAX || path + key.n + 1 > IR_JSON_PATH_MAX) {
        w->ev->flags |= IR_EV_TRUNCATED;
        return 0;
    }
    if (path > 0 && sep != 0) w->path[path++] = sep;
    memcpy(w->path + path, key.p, key.n);
    return path + key.n;
}

/* Sigma names EventData's fields without the blanks that Windows wrote ("Threat Name"). */
struct ir_str ir_json_without_blanks(struct ir_json_walk *w, struct ir_str key)
{
    if (ir_str_chr(key, ' ') == IR_NPOS) return key;
    char *out = ir_arena_alloc(w->ev->arena, key.n);
    if (out == NULL) return key;
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] != ' ') out[n++] = key.p[i];
    return ir_str_n(out, n);
}

void ir_json_put_unnamed(struct ir_json_walk *w, const struct ir_json_tok *t)
{
    if (t->type == IR_JSON_NULL) return;
    if (w->nunnamed == IR_JSON_UNNAMED_MAX) {
        w->ev->flags |= IR_EV_TRUNCATED;
        return;
    }
    w->unnamed[w->nunnamed++] =
        ir_json_decode(w->ev, t->text, t->type == IR_JSON_STRING && t->escaped);
}

/* The unnamed values become the one field Data. */
void ir_json_join_unnamed(struct ir_json_walk *w)
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
    ir_json_put(w, IR_S("Data"), true, true, &t);
}

/* A flat key that spells a wrapping with dots: {"winlog.event_data.Image": …}. */
static bool put_dotted_wrapping(struct ir_json_walk *w, struct ir_str key,
                                const struct ir_json_tok *t)
{
    static const struct ir_str data[] = {IR_S("winlog.event_data."), IR_S("Event.EventData."),
                                         IR_S("event_data."), IR_S("EventData."),
                                         IR_S("Event.EventData.Data.")};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        if (!ir_str_starts(key, data[i]) || key.n == data[i].n) continue;
        ir_json_put_data(w, IR_S("EventData"),
                         ir_json_without_blanks(w, ir_str_skip(key, data[i].n)), true, t);
        return true;
    }
    if (ir_str_starts(key, IR_S("winlog.user_data."))) {
        put_user(w, ir_str_skip(key, ir_str_rchr(key, '.') + 1), true, t);
        return true;
    }
    if (ir_str_starts(key, IR_S("Event.System."))) {
        ir_json_put(w, ir_str_skip(key, sizeof "Event.System." - 1), true, false, t);
        return true;
    }
    return false;
}

static void leaf_flat(struct ir_json_walk *w, const struct ir_json_frame *f,
                      const struct ir_json_tok *t)
{
    if (f->path == 0) {
        struct ir_str key = w->key;
        char c = key.n > 10 ? key.p[0] : 0;
        if ((c == 'w' || c == 'E' || c == 'e') && put_dotted_wrapping(w, key, t)) return;
        ir_json_put(w, key, true, false, t);
        if (ir_str_chr(key, ' ') == IR_NPOS) return;
        /* a flat Windows record keeps EventData's blanks; nobody else is asked for the other form
         */
        key = ir_json_without_blanks(w, key);
        if (ir_names_find(w->ev->names, key) != IR_F_NONE) ir_json_put(w, key, true, true, t);
        return;
    }
    size_t n = f->array ? f->path : ir_json_extend(w, f->path, '.', w->key);
    if (n > 0) ir_json_put(w, ir_str_n(w->path, n), false, false, t);
}

/* Wazuh's names of System's attributes. */
static struct ir_str wazuh_system(struct ir_str key)
{
    static const struct {
        struct ir_str wazuh, sigma;
    } names[] = {{IR_S("eventID"), IR_S("EventID")},
                 {IR_S("channel"), IR_S("Channel")},
                 {IR_S("providerName"), IR_S("Provider_Name")},
                 {IR_S("providerGuid"), IR_S("Provider_Guid")},
                 {IR_S("computer"), IR_S("Computer")},
                 {IR_S("systemTime"), IR_S("TimeCreated_SystemTime")},
                 {IR_S("eventRecordID"), IR_S("EventRecordID")},
                 {IR_S("processID"), IR_S("Execution_ProcessID")},
                 {IR_S("threadID"), IR_S("Execution_ThreadID")},
                 {IR_S("level"), IR_S("Level")},
                 {IR_S("task"), IR_S("Task")},
                 {IR_S("opcode"), IR_S("Opcode")},
                 {IR_S("keywords"), IR_S("Keywords")},
                 {IR_S("version"), IR_S("Version")}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(key, names[i].wazuh)) return names[i].sigma;
    return key;
}

/* "targetUserName": Wazuh made the first letter of event data's names small. */
static struct ir_str wazuh_data(struct ir_json_walk *w, struct ir_str key)
{
    if (key.n == 0 || key.p[0] < 'a' || key.p[0] > 'z') return key;
    struct ir_str copy = ir_arena_dup(w->ev->arena, key);
    if (copy.n == key.n) ((char *)(uintptr_t)copy.p)[0] = (char)(key.p[0] - 'a' + 'A');
    return copy;
}

static void leaf_data(struct ir_json_walk *w, const struct ir_json_frame *f,
                      const struct ir_json_tok *t)
{
    if (f->path > 0) {
        size_t n = f->array ? f->path : ir_json_extend(w, f->path, '.', w->key);
        if (n > 0) ir_json_put_data(w, IR_S("EventData"), ir_str_n(w->path, n), false, t);
    } else if (ir_str_eq(w->key, IR_S("Data"))) {
        ir_json_put_unnamed(w, t);
    } else if (w->key.n > 0 && w->key.p[0] != '@') {
        ir_json_put_data(w, IR_S("EventData"), ir_json_without_blanks(w, w->key), true, t);
    }
}

static void leaf_tag(struct ir_json_walk *w, const struct ir_json_frame *f,
                     const struct ir_json_tok *t)
{
    size_t n = f->path;
    if (!f->array && !ir_json_is_text(w->key))
        n = ir_json_extend(w, f->path, '_', ir_json_without_mark(w->key));
    if (n > 0) ir_json_put(w, ir_str_n(w->path, n), false, false, t);
}

static void leaf_item(struct ir_json_walk *w, const struct ir_json_tok *t)
{
    struct ir_str key = w->key;
    if (ir_str_eq(ir_json_without_mark(key), IR_S("Name")) && t->type == IR_JSON_STRING)
        w->item_name = ir_json_decode(w->ev, t->text, t->escaped);
    else if (ir_json_is_text(key))
        w->item_text = *t;
}

static void leaf_user(struct ir_json_walk *w, const struct ir_json_frame *f,
                      const struct ir_json_tok *t)
{
    if (f->array || ir_json_is_text(w->key)) {
        if (f->path > 0) put_user(w, ir_str_n(w->path, f->path), false, t);
        return;
    }
    struct ir_str key = ir_json_without_mark(w->key);
    if (!ir_str_starts(key, IR_S("xmlns"))) put_user(w, ir_json_without_blanks(w, key), true, t);
}

void ir_json_leaf(struct ir_json_walk *w, const struct ir_json_tok *t)
{
    const struct ir_json_frame *f = &w->stack[w->depth];
    w->leaves++;
    if (w->wazuh && f->role == SYSTEM) w->key = wazuh_system(w->key);
    if (w->wazuh && f->role == DATA) w->key = wazuh_data(w, w->key);
    switch ((enum ir_json_role)f->role) {
    case FLAT: leaf_flat(w, f, t); break;
    case SYSTEM: ir_json_put(w, w->key, true, false, t); break;
    case TAG: leaf_tag(w, f, t); break;
    case DATA: leaf_data(w, f, t); break;
    case LIST: ir_json_put_unnamed(w, t); break;
    case ITEM:
    case ITEM_ATTRIBUTES: leaf_item(w, t); break;
    case USER: leaf_user(w, f, t); break;
    case DROP: break;
    }
}
