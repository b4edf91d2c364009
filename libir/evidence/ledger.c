/*
 * Following the exhibits through the log (see ledger.h).
 */
#include "evidence/ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

static const char *const states[IR_ITEM_STATE_MAX] = {"open", "stored", "out", "on-way",
                                                      "disposed"};

const char *ir_item_state_name(enum ir_item_state state)
{
    return states[state];
}

/* The events that move an exhibit; who has it then, and where, told by these members. Who gave it
 * away has it no more, and who is to get it has not signed for it yet. */
static const struct move {
    const char *event;
    enum ir_item_state state;
    const char *holder, *place;
} moves[] = {
    {"collect-begin", IR_ITEM_OPEN, "actor.name", "place"},
    {"image-begin", IR_ITEM_OPEN, "actor.name", "place"},
    {"seal", IR_ITEM_STORED, "actor.name", "place"},
    {"check-out", IR_ITEM_OUT, "actor.name", "place"},
    {"check-in", IR_ITEM_STORED, "actor.name", "place"},
    {"transfer-out", IR_ITEM_ON_WAY, "", "means"},
    {"transfer-in", IR_ITEM_STORED, "actor.name", "place"},
    {"dispose", IR_ITEM_DISPOSED, "approver", "place"},
};

static struct ir_item *item_of(struct ir_ledger *l, const char *id)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i].id, id) == 0) return &l->v[i];
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 16;
        struct ir_item *more = realloc(l->v, cap * sizeof *more);
        if (more == NULL) return NULL;
        l->v = more;
        l->cap = cap;
    }
    struct ir_item *item = &l->v[l->n++];
    *item = (struct ir_item){0};
    snprintf(item->id, sizeof item->id, "%s", id);
    return item;
}

static void take(struct ir_item *item, struct ir_str line, const char *event)
{
    char text[64];
    uint64_t v;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (strcmp(moves[i].event, event) != 0) continue;
        item->state = moves[i].state;
        ir_custody_text(line, moves[i].holder, item->holder, sizeof item->holder);
        ir_custody_text(line, moves[i].place, item->place, sizeof item->place);
        const bool on_way = moves[i].state == IR_ITEM_ON_WAY;
        ir_custody_text(line, on_way ? "actor.name" : "", item->from, sizeof item->from);
        ir_custody_text(line, on_way ? "to" : "", item->to, sizeof item->to);
        ir_custody_text(line, on_way ? "time_utc" : "", item->since, sizeof item->since);
    }
    if (ir_json_member_u64(line, "files", &v)) item->files = v;
    if (ir_json_member_u64(line, "bytes", &v)) item->bytes = v;
    if (strcmp(event, "seal") == 0) {
        ir_custody_text(line, "seal", item->seal, sizeof item->seal);
        ir_custody_text(line, "time_utc", item->sealed_at, sizeof item->sealed_at);
    }
    if (strcmp(event, "dispose") == 0)
        item->erased = ir_custody_text(line, "erased", text, sizeof text) && text[0] == 't';
}

int ir_ledger_read(const struct ir_custody *c, struct ir_ledger *ret_l, struct ir_err *err)
{
    char id[IR_LEDGER_TEXT], event[64];
    struct ir_ledger l = {0};
    for (uint64_t i = 0; i < ir_custody_count(c); i++) {
        struct ir_str line = ir_custody_line(c, i);
        if (!ir_custody_text(line, "item_id", id, sizeof id) ||
            !ir_custody_text(line, "event", event, sizeof event))
            continue;
        struct ir_item *item = item_of(&l, id);
        if (item == NULL) {
            ir_ledger_free(&l);
            return ir_fail(err, IR_FATAL, "out of memory");
        }
        if (item->events++ == 0) item->first = i + 1;
        item->last = i + 1;
        take(item, line, event);
    }
    *ret_l = l;
    return IR_OK;
}

const struct ir_item *ir_ledger_find(const struct ir_ledger *l, const char *id)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i].id, id) == 0) return &l->v[i];
    return NULL;
}

void ir_ledger_free(struct ir_ledger *l)
{
    free(l->v);
    *l = (struct ir_ledger){0};
}
