/*
 * What the custody log says, for people: ir evidence list, show and log. Nothing is written.
 */
#include <inttypes.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/ledger.h"

struct list_options {
    struct evidence_options ev;
    bool json;
};

#define JSON_OPT                                                                                   \
    {                                                                                              \
        "json", 0, OPT_FLAG, offsetof(struct list_options, json), NULL,                            \
            N_("JSON, an object a line"), NULL                                                     \
    }
static const struct opt list_opts[] = {EVIDENCE_CASE_OPTS(struct list_options), JSON_OPT, OPT_END};
static const struct opt item_opts[] = {EVIDENCE_CASE_OPTS(struct list_options),
                                       EVIDENCE_ITEM_OPT(struct list_options), JSON_OPT, OPT_END};

static const char *state_of(const struct ir_item *item)
{
    static const char *const words[IR_ITEM_STATE_MAX] = {N_("open"), N_("stored"), N_("taken out"),
                                                         N_("on its way"), N_("disposed of")};
    return item->erased ? _("erased") : _(words[item->state]);
}

static void cell(struct ir_buf *out, struct ir_str s, unsigned columns)
{
    size_t before = out->n;
    ir_visible(out, s, 0);
    size_t used = ir_columns(ir_str_n(out->p + before, out->n - before));
    ir_buf_fmt(out, "%*s", used < columns ? (int)(columns - used) + 2 : 2, "");
}

static void member(struct ir_buf *out, bool *first, const char *key, const char *value)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_json_write_str(out, ir_str_z(value));
}

static void item_json(struct ir_buf *out, const struct ir_item *item)
{
    bool first = true;
    ir_buf_chr(out, '{');
    member(out, &first, "item_id", item->id);
    member(out, &first, "state", ir_item_state_name(item->state));
    ir_buf_fmt(out,
               ",\"erased\":%s,\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"events\":%" PRIu64
               ",\"first_seq\":%" PRIu64 ",\"last_seq\":%" PRIu64,
               item->erased ? "true" : "false", item->files, item->bytes, item->events, item->first,
               item->last);
    member(out, &first, "seal", item->seal);
    member(out, &first, "sealed_at", item->sealed_at);
    member(out, &first, "place", item->place);
    member(out, &first, "holder", item->holder);
    if (item->state == IR_ITEM_ON_WAY) {
        member(out, &first, "from", item->from);
        member(out, &first, "to", item->to);
        member(out, &first, "since", item->since);
    }
    ir_buf_str(out, IR_S("}\n"));
}

static void item_row(struct ir_buf *out, const struct ir_item *item, const struct env *env)
{
    char holder[EVIDENCE_HOLDER_MAX];
    evidence_holder(item, env, holder);
    cell(out, ir_str_z(item->id), 18);
    cell(out, ir_str_z(state_of(item)), 12);
    cell(out, ir_str_z(EVIDENCE_NUMBER(item->files)), 8);
    cell(out, ir_str_z(EVIDENCE_NUMBER(item->bytes)), 14);
    cell(out, ir_str_z(holder), 16);
    ir_visible(out, ir_str_z(item->place), 0);
    ir_buf_chr(out, '\n');
}

static void row_head(struct ir_buf *out)
{
    cell(out, ir_str_z(_("exhibit")), 18);
    cell(out, ir_str_z(_("state")), 12);
    cell(out, ir_str_z(_("files")), 8);
    cell(out, ir_str_z(_("bytes")), 14);
    cell(out, ir_str_z(_("who has it")), 16);
    ir_buf_str(out, ir_str_z(_("where")));
    ir_buf_chr(out, '\n');
}

/* A line of the log for people: number, time, event, exhibit, who, where, why. */
static void log_row(struct ir_buf *out, struct ir_str line, const struct env *env)
{
    char text[4096], when[IR_LEDGER_TEXT];
    ir_custody_text(line, "seq", text, sizeof text);
    ir_buf_fmt(out, "%6s  ", text);
    ir_custody_text(line, "time_utc", text, sizeof text);
    evidence_time(text, env, when);
    cell(out, ir_str_z(when), 25);
    static const struct {
        const char *path;
        unsigned columns;
    } cells[] = {{"event", 14}, {"item_id", 16}, {"actor.name", 14}, {"place", 14}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        ir_custody_text(line, cells[i].path, text, sizeof text);
        cell(out, ir_str_z(i == 0 ? evidence_event_word(text) : text), cells[i].columns);
    }
    ir_custody_text(line, "reason", text, sizeof text);
    ir_visible(out, ir_str_z(text), 0);
    static const char *const more[] = {"text",    "note",    "to",         "shipping_number",
                                       "purpose", "method",  "amends_seq", "field",
                                       "value",   "receipt", "checkpoint"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        if (!ir_custody_text(line, more[i], text, sizeof text) || text[0] == '\0') continue;
        ir_buf_fmt(out, "; %s: ", evidence_member_word(more[i]));
        ir_visible(out, ir_str_z(text), 0);
    }
    ir_buf_chr(out, '\n');
}

static bool concerns(struct ir_str line, const char *item)
{
    char text[IR_LEDGER_TEXT];
    return item[0] == '\0' ||
           (ir_custody_text(line, "item_id", text, sizeof text) && strcmp(text, item) == 0);
}

static void log_rows(struct sink *out, const struct evidence *e, bool json)
{
    for (uint64_t i = 0; i < ir_custody_count(e->custody) && sink_drain(out); i++) {
        struct ir_str line = ir_custody_line(e->custody, i);
        if (!concerns(line, e->item)) continue;
        if (!json) {
            log_row(&out->buf, line, e->env);
            continue;
        }
        ir_buf_str(&out->buf, line);
        ir_buf_chr(&out->buf, '\n');
    }
}

/* Behind the rows of the log, whose last says only that somebody gave the exhibit away. */
static void on_its_way(struct ir_buf *out, const struct ir_item *item, const struct env *env)
{
    char holder[EVIDENCE_HOLDER_MAX];
    if (item->state != IR_ITEM_ON_WAY) return;
    evidence_holder(item, env, holder);
    ir_visible(out, ir_str_z(item->id), 0);
    ir_buf_str(out, IR_S(": "));
    ir_visible(out, ir_str_z(holder), 0);
    ir_buf_chr(out, '\n');
}

static void fact(struct ir_buf *out, const char *name, const char *value)
{
    if (*value == '\0') return;
    cell(out, ir_str_z(name), 14);
    ir_visible(out, ir_str_z(value), 0);
    ir_buf_chr(out, '\n');
}

static void show(struct sink *out, const struct evidence *e, const struct ir_item *item)
{
    char holder[EVIDENCE_HOLDER_MAX], when[IR_LEDGER_TEXT];
    evidence_holder(item, e->env, holder);
    fact(&out->buf, _("exhibit"), item->id);
    fact(&out->buf, _("state"), state_of(item));
    fact(&out->buf, _("who has it"), holder);
    fact(&out->buf, _("where"), item->place);
    fact(&out->buf, _("seal"), item->seal[0] ? item->seal : _("none: it is not sealed"));
    evidence_time(item->sealed_at, e->env, when);
    fact(&out->buf, _("sealed at"), when);
    fact(&out->buf, _("files"), EVIDENCE_NUMBER(item->files));
    fact(&out->buf, _("bytes"), EVIDENCE_NUMBER(item->bytes));
    ir_buf_chr(&out->buf, '\n');
    log_rows(out, e, false);
}

extern const struct cmd cmd_evidence_list, cmd_evidence_show, cmd_evidence_log;

static int print(struct sink *out, struct evidence *e, const struct ir_ledger *l, bool json)
{
    const struct ir_item *item = ir_ledger_find(l, e->item);
    if (e->cmd == &cmd_evidence_show && e->item[0] == '\0') {
        say(e->cmd, _("--item is needed: the number of the exhibit"));
        return IR_EXIT_USAGE;
    }
    if (e->item[0] != '\0' && item == NULL) {
        say(e->cmd, _("%s: the log tells of no such exhibit"), e->item);
        return IR_EXIT_USAGE;
    }
    if (e->cmd == &cmd_evidence_log) {
        log_rows(out, e, json);
        for (size_t i = 0; !json && i < l->n; i++)
            if (item == NULL || item == &l->v[i]) on_its_way(&out->buf, &l->v[i], e->env);
    } else if (e->cmd == &cmd_evidence_show) {
        if (json)
            item_json(&out->buf, item);
        else
            show(out, e, item);
    } else {
        if (!json) row_head(&out->buf);
        for (size_t i = 0; i < l->n && sink_drain(out); i++)
            if (json)
                item_json(&out->buf, &l->v[i]);
            else
                item_row(&out->buf, &l->v[i], e->env);
    }
    return IR_EXIT_OK;
}

static int run_list(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct list_options *o = options;
    struct ir_ledger l;
    struct ir_err err = {0};
    struct evidence e;
    struct sink out;
    (void)operands;
    sink_open(&out, cmd, NULL, NULL);
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_READ);
    if (status != IR_EXIT_OK) return sink_close(&out, status);
    if (ir_ledger_read(e.custody, &l, &err) == IR_OK) {
        status = print(&out, &e, &l, o->json);
        ir_ledger_free(&l);
    } else {
        evidence_say(&e, &err);
        status = IR_EXIT_FAILED;
    }
    return sink_close(&out, evidence_close(&e, status));
}

#define LIST_CMD(word, table, what)                                                                \
    const struct cmd cmd_evidence_##word = {                                                       \
        .name = "evidence " #word,                                                                 \
        .operands = "",                                                                            \
        .brief = what,                                                                             \
        .opts = table,                                                                             \
        .size = sizeof(struct list_options),                                                       \
        .run = run_list,                                                                           \
    }
LIST_CMD(list, list_opts, N_("List the exhibits of a case: state, where, who has them"));
LIST_CMD(show, item_opts, N_("Show one exhibit: seal, totals, state, its events"));
LIST_CMD(log, item_opts, N_("Print the custody log as a table"));
