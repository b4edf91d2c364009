/*
 * Field names ↔ numbers, on a map whose item order is the numbering.
 */
#include "event/names.h"

#include <stdlib.h>

#include "base/map.h"

#define SLOT_BITS 12

struct ir_names {
    struct ir_map map; /* item i is the field id i */
    const struct ir_logsource *own;
    size_t nown;
    /* Most names in JSON and in pairs are nobody's, and each record has many: a few bytes of them
     * say where to look, and mostly that there is nothing. */
    uint32_t first[1 << SLOT_BITS]; /* id; 0 none */
    struct link {
        uint32_t next, bytes; /* of another name in the slot; some bytes of this one */
    } * link;                 /* [id] */
    uint32_t cap;
};

static inline uint32_t some_bytes(struct ir_str name)
{
    if (name.n == 0) return 0;
    const uint32_t first = (unsigned char)name.p[0], middle = (unsigned char)name.p[name.n / 2],
                   last = (unsigned char)name.p[name.n - 1];
    return first | middle << 8 | last << 16 | (uint32_t)name.n << 24;
}

static inline uint32_t slot_of(uint32_t bytes)
{
    return (bytes * UINT32_C(0x9e3779b1)) >> (32 - SLOT_BITS);
}

static bool put(struct ir_names *n, struct ir_str name)
{
    bool fresh;
    if (n->map.n == n->cap) {
        const uint32_t cap = n->cap > 0 ? n->cap * 2 : 256;
        struct link *link = realloc(n->link, cap * sizeof *link);
        if (link == NULL) return false;
        n->link = link;
        n->cap = cap;
    }
    if (ir_map_put(&n->map, name, &fresh) == NULL) return false;
    if (!fresh) return true;
    const uint32_t bytes = some_bytes(name), at = slot_of(bytes), id = n->map.n - 1;
    n->link[id] = (struct link){n->first[at], bytes};
    n->first[at] = id;
    return true;
}

static const struct ir_str static_names[] = {
    {"", 0},
#define FIELD(id, name) {name, sizeof(name) - 1},
#include "event/fields.def"
#undef FIELD
};

struct ir_names *ir_names_new(void)
{
    struct ir_names *n = calloc(1, sizeof *n);
    if (n == NULL) return NULL;
    for (size_t i = 0; i < IR_F_STATIC_MAX; i++) {
        if (!put(n, static_names[i])) {
            ir_names_free(n);
            return NULL;
        }
    }
    return n;
}

void ir_names_free(struct ir_names *n)
{
    if (n == NULL) return;
    ir_map_free(&n->map);
    free(n->link);
    free(n);
}

uint32_t ir_names_add(struct ir_names *n, struct ir_str name)
{
    return put(n, name) ? ir_map_find(&n->map, name) : IR_F_NONE;
}

uint32_t ir_names_find(const struct ir_names *n, struct ir_str name)
{
    const uint32_t bytes = some_bytes(name);
    uint32_t id = n->first[slot_of(bytes)];
    while (id != IR_F_NONE &&
           (n->link[id].bytes != bytes || !ir_str_eq(n->map.items[id].key, name)))
        id = n->link[id].next;
    return id;
}

struct ir_str ir_names_text(const struct ir_names *n, uint32_t id)
{
    return id < n->map.n ? n->map.items[id].key : ir_str_n("", 0);
}

uint32_t ir_names_count(const struct ir_names *n)
{
    return n->map.n;
}

void ir_names_own_sources(struct ir_names *n, const struct ir_logsource *own, size_t nown)
{
    n->own = own;
    n->nown = nown < IR_LS_OWN_MAX ? nown : IR_LS_OWN_MAX;
}

struct ir_logsource ir_names_source(const struct ir_names *n, uint16_t id)
{
    const size_t own = (size_t)id - IR_LS_MAX;
    if (id >= IR_LS_MAX && own < n->nown) return n->own[own];
    return ir_logsource_get((enum ir_logsource_id)id);
}

bool ir_field_is_made_up(uint32_t id)
{
    switch (id) {
    case IR_F_EVENT_ACTION:
    case IR_F_EVENT_CATEGORY:
    case IR_F_EVENT_OUTCOME:
    case IR_F_EVENT_REASON:
    case IR_F_EVENT_PROVIDER:
    case IR_F_EVENT_CODE:
    case IR_F_LOG_FACILITY:
    case IR_F_LOG_SEVERITY:
    case IR_F_NETWORK_DIRECTION:
    case IR_F_NETWORK_PROTOCOL:
    case IR_F_NETWORK_TRANSPORT:
    case IR_F_TAGS:
    case IR_F_OBSERVER_VENDOR:
    case IR_F_OBSERVER_PRODUCT:
    case IR_F_SG_BLOCKED:
    case IR_F_TIME_HOUR:
    case IR_F_TIME_WEEKDAY:
    case IR_F_TIME_OFF_HOURS:
    case IR_F_SOURCE_GEO_COUNTRY:
    case IR_F_SOURCE_AS_NUMBER:
    case IR_F_SOURCE_AS_ORG:
    case IR_F_DESTINATION_GEO_COUNTRY:
    case IR_F_DESTINATION_AS_NUMBER:
    case IR_F_DESTINATION_AS_ORG:
    case IR_F_SG_INITIATED: return true;
    default: return false;
    }
}
