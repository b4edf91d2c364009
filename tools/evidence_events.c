/*
 * The commands that add one event to the custody log and touch nothing else of the case: add-note,
 * amend, checkout, checkin, transfer, dispose. Each is a row of `kinds`: the event, what state the
 * exhibit must be in, and which options become which members of the event.
 */
#include <inttypes.h>

#include "base/intl.h"
#include "evidence.h"
#include "evidence/erase.h"
#include "evidence/ledger.h"

#define DETAILS_MAX ((size_t)1 << 16)

struct event_options {
    struct evidence_options ev;
    const char *seq, *field, *value;
    const char *purpose, *copy, *condition;
    const char *to, *means, *carrier, *shipping, *container_seal, *encrypted_to;
    const char *method, *approver, *certificate;
    bool erase;
};

#define AT(member) offsetof(struct event_options, member)
#define COMMON_OPTS                                                                                \
    EVIDENCE_CASE_OPTS(struct event_options), EVIDENCE_ITEM_OPT(struct event_options),             \
        EVIDENCE_WHO_OPTS(struct event_options)
#define CONDITION_OPT                                                                              \
    {                                                                                              \
        "condition", 0, OPT_TEXT, AT(condition), "TEXT",                                           \
            N_("state of the exhibit, its seals and its package"), NULL                            \
    }
#define COPY_OPT                                                                                   \
    {                                                                                              \
        "copy", 0, OPT_TEXT, AT(copy), "TEXT", N_("which copy is meant: master, working, 2"), NULL \
    }

static const struct opt note_opts[] = {COMMON_OPTS, OPT_END};
static const struct opt amend_opts[] = {
    COMMON_OPTS,
    {"seq", 0, OPT_TEXT, AT(seq), "N", N_("the line of the log that is wrong"), NULL},
    {"field", 0, OPT_TEXT, AT(field), "NAME", N_("its member that is wrong, as in place"), NULL},
    {"value", 0, OPT_TEXT, AT(value), "TEXT", N_("what it should have been"), NULL},
    OPT_END,
};
static const struct opt checkout_opts[] = {
    COMMON_OPTS,
    {"purpose", 0, OPT_TEXT, AT(purpose), "TEXT", N_("what it is taken out for"), NULL},
    COPY_OPT,
    CONDITION_OPT,
    OPT_END,
};
static const struct opt checkin_opts[] = {COMMON_OPTS, COPY_OPT, CONDITION_OPT, OPT_END};
static const struct opt transfer_opts[] = {
    COMMON_OPTS,
    {"to", 0, OPT_TEXT, AT(to), "NAME", N_("who is to receive it: person and organisation"), NULL},
    {"means", 0, OPT_TEXT, AT(means), "TEXT", N_("by hand, by parcel, on line, …"), NULL},
    {"carrier", 0, OPT_TEXT, AT(carrier), "NAME", N_("who carries it"), NULL},
    {"shipping-number", 0, OPT_TEXT, AT(shipping), "TEXT", N_("the carrier's number"), NULL},
    {"container-seal", 0, OPT_TEXT, AT(container_seal), "TEXT",
     N_("number of the tamper-evident bag or seal around it"), NULL},
    {"encrypted-to", 0, OPT_TEXT, AT(encrypted_to), "KEY",
     N_("the key that opens it, when it travels encrypted"), NULL},
    CONDITION_OPT,
    OPT_END,
};
static const struct opt dispose_opts[] = {
    COMMON_OPTS,
    {"method", 0, OPT_TEXT, AT(method), "TEXT", N_("how: returned, wiped, shredded, …"), NULL},
    {"approver", 0, OPT_TEXT, AT(approver), "NAME", N_("who allowed it"), NULL},
    {"certificate", 0, OPT_TEXT, AT(certificate), "TEXT", N_("number of the certificate"), NULL},
    {"erase", 0, OPT_FLAG, AT(erase), NULL,
     N_("delete the exhibit's directory here, after the event is on disk"), NULL},
    OPT_END,
};

struct member {
    const char *option, *key;
    size_t at;
    bool needed;
};

struct kind {
    const struct cmd *cmd;
    const char *event;
    unsigned states; /* 1 << state; 0: no exhibit is needed */
    const struct member *members;
};

extern const struct cmd cmd_evidence_add_note, cmd_evidence_amend, cmd_evidence_checkout,
    cmd_evidence_checkin, cmd_evidence_transfer, cmd_evidence_dispose;

static const struct member checkout_members[] = {{"purpose", "purpose", AT(purpose), true},
                                                 {"copy", "copy_used", AT(copy), false},
                                                 {"condition", "condition", AT(condition), false},
                                                 {0}};
static const struct member checkin_members[] = {
    {"copy", "copy_used", AT(copy), false}, {"condition", "condition", AT(condition), true}, {0}};
static const struct member transfer_members[] = {
    {"to", "to", AT(to), true},
    {"means", "means", AT(means), true},
    {"carrier", "carrier", AT(carrier), false},
    {"shipping-number", "shipping_number", AT(shipping), false},
    {"container-seal", "container_seal", AT(container_seal), false},
    {"encrypted-to", "encrypted_to", AT(encrypted_to), false},
    {"condition", "condition_on_leaving", AT(condition), true},
    {0}};
static const struct member dispose_members[] = {
    {"method", "method", AT(method), true},
    {"approver", "approver", AT(approver), true},
    {"certificate", "certificate", AT(certificate), false},
    {0}};
static const struct member no_members[] = {{0}};

#define IS(state) (1u << (state))
static const struct kind kinds[] = {
    {&cmd_evidence_add_note, "note", 0, no_members},
    {&cmd_evidence_amend, "amend", 0, no_members},
    {&cmd_evidence_checkout, "check-out", IS(IR_ITEM_STORED), checkout_members},
    {&cmd_evidence_checkin, "check-in", IS(IR_ITEM_OUT), checkin_members},
    {&cmd_evidence_transfer, "transfer-out", IS(IR_ITEM_STORED), transfer_members},
    {&cmd_evidence_dispose, "dispose", IS(IR_ITEM_STORED) | IS(IR_ITEM_OPEN), dispose_members},
};

static const struct kind *kind_of(const struct cmd *cmd)
{
    const struct kind *k = kinds;
    while (k->cmd != cmd)
        k++;
    return k;
}

static int gather(const struct cmd *cmd, const struct kind *k, const struct event_options *o,
                  struct ir_buf *details)
{
    for (const struct member *m = k->members; m->option != NULL; m++) {
        const char *value = *(const char *const *)((const char *)o + m->at);
        if (m->needed && (value == NULL || *value == '\0')) {
            say(cmd, _("--%s is needed: the record must tell it"), m->option);
            return IR_EXIT_USAGE;
        }
        ir_custody_detail(details, m->key, value);
    }
    return IR_EXIT_OK;
}

/* The line that is amended: its number, digest, member and old value go into the event. */
static int amended(struct evidence *e, const struct event_options *o, struct ir_buf *details)
{
    char old[4096], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    uint64_t seq;
    if (o->seq == NULL || o->field == NULL || o->value == NULL) {
        say(e->cmd, _("--seq, --field and --value are needed"));
        return IR_EXIT_USAGE;
    }
    if (!ir_str_u64(ir_str_z(o->seq), &seq) || seq == 0 || seq > ir_custody_count(e->custody)) {
        say(e->cmd, _("--seq: %s: the log has no such line; it has %" PRIu64), o->seq,
            ir_custody_count(e->custody));
        return IR_EXIT_USAGE;
    }
    struct ir_str line = ir_custody_line(e->custody, seq - 1);
    ir_custody_text(line, o->field, old, sizeof old);
    ir_custody_text(line, "item_id", e->item, sizeof e->item);
    ir_sha256(line, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, hex);
    ir_custody_detail_u64(details, "amends_seq", seq);
    ir_custody_detail(details, "amends_sha256", hex);
    ir_custody_detail(details, "field", o->field);
    ir_custody_detail(details, "value_before", old);
    ir_custody_detail(details, "value", o->value);
    return IR_EXIT_OK;
}

int evidence_item(struct evidence *e, unsigned states, struct ir_item *ret_item)
{
    static const char *const is[IR_ITEM_STATE_MAX] = {
        N_("it is not sealed yet"), N_("it is sealed and stored"), N_("it is taken out"),
        N_("it is handed over and not received yet"), N_("it is disposed of")};
    struct ir_ledger l;
    struct ir_err err = {0};
    int status = IR_EXIT_USAGE;
    if (e->item[0] == '\0') {
        say(e->cmd, _("--item is needed: the number of the exhibit"));
        return status;
    }
    if (ir_ledger_read(e->custody, &l, &err) != IR_OK) {
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    const struct ir_item *item = ir_ledger_find(&l, e->item);
    if (item == NULL)
        say(e->cmd, _("%s: the log tells of no such exhibit"), e->item);
    else if (!(states & IS(item->state)))
        say(e->cmd, _("%s: this cannot be: %s"), e->item, _(is[item->state]));
    else
        status = IR_EXIT_OK, *ret_item = *item;
    ir_ledger_free(&l);
    return status;
}

static int run_event(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct event_options *o = options;
    const struct kind *k = kind_of(cmd);
    struct ir_buf details = IR_BUF(DETAILS_MAX);
    struct ir_item item = {0};
    struct ir_err err = {0};
    struct evidence e;
    int status = gather(cmd, k, o, &details);
    if (status == IR_EXIT_OK) status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) {
        ir_buf_free(&details);
        return status;
    }
    if (operands->n > 0) ir_custody_detail(&details, "text", operands->v[0]);
    if (k->states != 0) status = evidence_item(&e, k->states, &item);
    if (cmd == &cmd_evidence_amend) status = amended(&e, o, &details);
    if (cmd == &cmd_evidence_transfer) ir_buf_str(&details, IR_S(",\"received\":false"));
    if (cmd == &cmd_evidence_dispose)
        ir_buf_str(&details, o->erase ? IR_S(",\"erased\":true") : IR_S(",\"erased\":false"));
    if (status == IR_EXIT_OK)
        status = evidence_append(&e, k->event, e.item[0] ? e.item : NULL,
                                 item.seal[0] ? item.seal : NULL, ir_buf_view(&details));
    if (status == IR_EXIT_OK) status = evidence_commit(&e);
    if (status == IR_EXIT_OK && o->erase && ir_exhibit_erase(e.case_fd, e.item, &err) != IR_OK) {
        evidence_say(&e, &err);
        status = IR_EXIT_FAILED;
    }
    ir_buf_free(&details);
    return evidence_close(&e, status);
}

#define EVENT_CMD(word, shown, table, what, words, operand)                                        \
    const struct cmd cmd_evidence_##word = {                                                       \
        .name = "evidence " shown,                                                                 \
        .operands = words,                                                                         \
        .brief = what,                                                                             \
        .opts = table,                                                                             \
        .size = sizeof(struct event_options),                                                      \
        .min_operands = operand,                                                                   \
        .max_operands = operand,                                                                   \
        .run = run_event,                                                                          \
    }
EVENT_CMD(add_note, "add-note", note_opts, N_("Add a note to the custody log"), "TEXT", 1);
EVENT_CMD(amend, "amend", amend_opts, N_("Correct an earlier line by a new one"), "", 0);
EVENT_CMD(checkout, "checkout", checkout_opts, N_("Record that an exhibit is taken out"), "", 0);
EVENT_CMD(checkin, "checkin", checkin_opts, N_("Record that it came back"), "", 0);
EVENT_CMD(transfer, "transfer", transfer_opts, N_("Record that an exhibit is handed over"), "", 0);
EVENT_CMD(dispose, "dispose", dispose_opts, N_("Record that an exhibit is disposed of"), "", 0);
