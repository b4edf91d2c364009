/*
 * The summary of a document in sentences. See tell.h.
 */
#include "report/tell.h"

#include "base/time.h"
#include "base/utf8.h"
#include "report/page.h"

#define ARG_MAX_BYTES ((size_t)1 << 20)
#define NAMED         3u  /* titles and entities that the summary names */
#define SHARE         20u /* one that fewer findings name than this part of them is none of many */
#define TITLE_MAX     160u

/* Fills the sentence and empties the arguments; a blank before it where the language has one. */
static void say(struct ir_buf *out, enum ir_word w, struct ir_buf *arg, size_t n)
{
    if (out->n > 0) ir_word_gap(out);
    ir_word_fill(out, w, arg, n);
    for (size_t i = 0; i < n; i++)
        ir_buf_clear(&arg[i]);
}

static void say_count(struct ir_buf *out, enum ir_word one, enum ir_word many, uint64_t n)
{
    if (n == 0) return;
    if (out->n > 0) ir_word_gap(out);
    ir_word_count(out, one, many, n);
}

static void comma(struct ir_buf *out)
{
    if (out->n > 0) ir_buf_str(out, ir_str_z(ir_word(IR_W_LIST_COMMA)));
}

static void and_more(struct ir_buf *out, uint64_t n)
{
    struct ir_buf number = IR_BUF(64);
    if (n == 0) return;
    ir_page_number(&number, n);
    ir_word_fill(out, IR_W_AND_MORE, &number, 1);
    ir_buf_free(&number);
}

static void title(struct ir_buf *out, const struct ir_teller *t, struct ir_str raw)
{
    struct ir_buf text = IR_BUF(ARG_MAX_BYTES);
    const struct ir_str head = ir_utf8_head(raw, TITLE_MAX);
    t->text(&text, head);
    if (head.n < raw.n) ir_buf_str(&text, IR_S("…"));
    ir_word_fill(out, IR_W_QUOTED, &text, 1);
    ir_buf_free(&text);
}

static void nothing(struct ir_buf *out, const struct ir_teller *t, struct ir_buf *arg)
{
    const struct ir_summary *s = t->g->d->summary;
    enum ir_word w = IR_W_NONE;
    if (ir_gather_records(s) + s->unrecognised == 0)
        w = IR_W_NONE_NO_RECORD;
    else if (ir_gather_usable(s) == 0)
        w = IR_W_NONE_NO_RULE;
    else if (s->has_window && s->has_time && (s->last < s->since || s->first > s->until))
        w = IR_W_NONE_OUTSIDE;
    ir_page_number(&arg[0], ir_gather_usable(s));
    say(out, w, arg, 1);
}

static void levels(struct ir_buf *out, const struct ir_teller *t)
{
    struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--) {
        uint64_t n = t->g->d->summary->findings[l];
        if (n == 0) continue;
        comma(out);
        ir_page_number(&arg[0], n);
        ir_buf_str(&arg[1], ir_str_z(ir_word_level((enum ir_level)l)));
        ir_word_fill(out, IR_W_N_LEVEL, arg, 2);
        ir_buf_clear(&arg[0]);
        ir_buf_clear(&arg[1]);
    }
    ir_buf_free(&arg[0]);
    ir_buf_free(&arg[1]);
}

static void gravest(struct ir_buf *out, const struct ir_teller *t)
{
    const struct ir_gather *g = t->g;
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->nrules; i++) {
        const struct ir_gather_rule *r = &g->rule[g->rank[i]];
        if (r->level != g->worst) break;
        if (n++ >= NAMED) continue;
        comma(out);
        title(out, t, r->title);
    }
    and_more(out, n > NAMED ? n - NAMED : 0);
}

/* The i-th of those that most findings name; hosts are left out: often there is but one. */
static uint32_t most_named(const struct ir_gather *g, const uint32_t *taken, uint32_t ntaken)
{
    uint32_t best = IR_NO_ENTITY;
    for (uint32_t i = 0; i < g->nentities; i++) {
        const uint32_t at = g->by_weight[i];
        bool fits = ir_field_role(g->entity[at].name) != IR_ROLE_ON;
        for (uint32_t k = 0; k < ntaken && fits; k++)
            fits = taken[k] != at;
        if (fits && (best == IR_NO_ENTITY || g->entity[at].findings > g->entity[best].findings))
            best = at;
    }
    return best;
}

static void named_most(struct ir_buf *out, const struct ir_teller *t)
{
    const struct ir_gather *g = t->g;
    struct ir_buf arg[3] = {IR_BUF(ARG_MAX_BYTES), IR_BUF(4096), IR_BUF(64)};
    uint32_t taken[NAMED];
    for (uint32_t i = 0; i < NAMED; i++) {
        taken[i] = most_named(g, taken, i);
        if (taken[i] == IR_NO_ENTITY) break;
        const struct ir_gather_entity *e = &g->entity[taken[i]];
        if ((uint64_t)e->findings * SHARE < g->d->nfindings) break;
        comma(out);
        t->text(&arg[0], ir_str_head(e->value, TITLE_MAX));
        const char *label = ir_word_field(e->name);
        if (label == e->name) /* of a rule's making */
            t->text(&arg[1], ir_str_z(label));
        else
            ir_buf_str(&arg[1], ir_str_z(label));
        ir_word_count(&arg[2], IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, e->findings);
        ir_word_fill(out, IR_W_NAMED_ONE, arg, 3);
        for (size_t k = 0; k < 3; k++)
            ir_buf_clear(&arg[k]);
    }
    for (size_t k = 0; k < 3; k++)
        ir_buf_free(&arg[k]);
}

static void free_all(struct ir_buf *arg, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ir_buf_free(&arg[i]);
}

void ir_tell_what(struct ir_buf *ret, const struct ir_teller *t)
{
    struct ir_buf arg[3] = {IR_BUF(ARG_MAX_BYTES), IR_BUF(ARG_MAX_BYTES), IR_BUF(ARG_MAX_BYTES)};
    struct ir_buf out = IR_BUF(ARG_MAX_BYTES);
    if (t->g->d->nfindings == 0) {
        nothing(&out, t, arg);
    } else {
        ir_word_count(&arg[0], IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, t->g->d->nfindings);
        ir_word_count(&arg[1], IR_W_N_RULES_1, IR_W_N_RULES, t->g->nrules);
        levels(&arg[2], t);
        say(&out, IR_W_FOUND, arg, 3);
        gravest(&arg[0], t);
        say(&out, IR_W_GRAVEST, arg, 1);
        named_most(&arg[0], t);
        if (arg[0].n > 0) say(&out, IR_W_NAMED_MOST, arg, 1);
    }
    ir_buf_str(ret, ir_buf_view(&out));
    ir_buf_free(&out);
    free_all(arg, 3);
}

void ir_tell_how_bad(struct ir_buf *out, const struct ir_teller *t)
{
    static const enum ir_word verdict[IR_LEVEL_MAX + 1] = {IR_W_BAD_INFORMATIONAL, IR_W_BAD_LOW,
                                                           IR_W_BAD_MEDIUM,        IR_W_BAD_HIGH,
                                                           IR_W_BAD_CRITICAL,      IR_W_BAD_NONE};
    const struct ir_summary *s = t->g->d->summary;
    bool looked = ir_gather_usable(s) > 0 && ir_gather_records(s) + s->unrecognised > 0;
    enum ir_word w = verdict[t->g->worst];
    if (t->g->worst == IR_LEVEL_MAX && !looked) w = IR_W_BAD_UNKNOWN;
    ir_buf_str(out, ir_str_z(ir_word(w)));
}

/* An attack that is seen from the first records on has likely begun before them. */
static bool at_the_edge(const struct ir_gather *g)
{
    const struct ir_summary *s = g->d->summary;
    if (!g->has_time || !s->has_time || g->from < s->first) return false;
    uint64_t gap = (uint64_t)g->from - (uint64_t)s->first;
    uint64_t whole = (uint64_t)s->last - (uint64_t)s->first;
    return g->worst >= IR_LEVEL_MEDIUM && gap <= whole / 50;
}

void ir_tell_since(struct ir_buf *ret, const struct ir_teller *t)
{
    const struct ir_gather *g = t->g;
    const struct ir_summary *s = g->d->summary;
    struct ir_buf arg[3] = {IR_BUF(64), IR_BUF(ARG_MAX_BYTES), IR_BUF(64)};
    struct ir_buf out = IR_BUF(ARG_MAX_BYTES);
    if (g->has_time) {
        bool one = g->from / IR_NS == g->to / IR_NS;
        ir_word_time(&arg[0], g->from, t->opt);
        title(&arg[1], t, g->rule[g->of[g->first]].title);
        ir_word_time(&arg[2], g->to, t->opt);
        say(&out, one ? IR_W_SINCE_ONE : IR_W_SINCE_SIGNS, arg, 3);
    } else if (g->d->nfindings > 0) {
        say(&out, IR_W_SINCE_UNKNOWN, NULL, 0);
    }
    if (s->has_time) {
        ir_word_time(&arg[0], s->first, t->opt);
        ir_word_time(&arg[1], s->last, t->opt);
        say(&out, IR_W_SINCE_LOGS, arg, 2);
    } else {
        say(&out, IR_W_SINCE_NO_LOGS, NULL, 0);
    }
    if (at_the_edge(g)) say(&out, IR_W_SINCE_EDGE, NULL, 0);
    ir_buf_str(ret, ir_buf_view(&out));
    ir_buf_free(&out);
    free_all(arg, 3);
}

size_t ir_tell_first(const struct ir_teller *t, uint32_t ret_rule[IR_TELL_STEPS])
{
    const struct ir_gather *g = t->g;
    size_t n = 0;
    for (uint32_t i = 0; i < g->nrules && n < IR_TELL_STEPS; i++) {
        const struct ir_gather_rule *r = &g->rule[g->rank[i]];
        bool fresh = r->next.n > 0 && r->level >= ir_gather_floor(g);
        for (size_t k = 0; k < n && fresh; k++)
            fresh = !ir_str_eq(g->rule[ret_rule[k]].next, r->next);
        if (fresh) ret_rule[n++] = g->rank[i];
    }
    return n;
}

const char *ir_tell_at_once(const struct ir_teller *t)
{
    const struct ir_summary *s = t->g->d->summary;
    if (t->g->d->nfindings == 0 && (ir_gather_usable(s) == 0 || ir_gather_records(s) == 0))
        return ir_word(IR_W_CHECK_INPUTS);
    bool grave = t->g->worst != IR_LEVEL_MAX && t->g->worst >= IR_LEVEL_HIGH;
    return grave ? ir_word(IR_W_KEEP_EVIDENCE) : NULL;
}

void ir_tell_lacking(struct ir_buf *ret, const struct ir_teller *t)
{
    const struct ir_summary *s = t->g->d->summary;
    struct ir_buf out = IR_BUF(ARG_MAX_BYTES);
    say_count(&out, IR_W_LACK_INPUTS_1, IR_W_LACK_INPUTS, s->unreadable);
    say_count(&out, IR_W_LACK_DAMAGED_1, IR_W_LACK_DAMAGED, s->damaged);
    say_count(&out, IR_W_LACK_UNRECOGNISED_1, IR_W_LACK_UNRECOGNISED, s->unrecognised);
    say_count(&out, IR_W_LACK_LOST, IR_W_LACK_LOST, s->lost);
    say_count(&out, IR_W_LACK_FAILED_1, IR_W_LACK_FAILED, s->nfailed);
    ir_tell_window(&out, t);
    ir_buf_str(ret, ir_buf_view(&out));
    ir_buf_free(&out);
}

void ir_tell_window(struct ir_buf *out, const struct ir_teller *t)
{
    const struct ir_summary *s = t->g->d->summary;
    struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
    if (!s->has_window) return;
    if (s->since != INT64_MIN)
        ir_word_time(&arg[0], s->since, t->opt);
    else
        ir_buf_str(&arg[0], ir_str_z(ir_word(IR_W_WINDOW_BEGIN)));
    if (s->until != INT64_MAX)
        ir_word_time(&arg[1], s->until, t->opt);
    else
        ir_buf_str(&arg[1], ir_str_z(ir_word(IR_W_WINDOW_END)));
    say(out, IR_W_WINDOW, arg, 2);
    free_all(arg, 2);
}

void ir_tell_zone(struct ir_buf *out, const struct ir_teller *t)
{
    const struct ir_summary *s = t->g->d->summary;
    struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
    if (s->zoneless == 0) return;
    ir_page_number(&arg[0], s->zoneless);
    ir_buf_str(&arg[1], ir_str_z(s->zone != NULL ? s->zone : "UTC"));
    say(out, IR_W_ZONELESS, arg, 2);
    free_all(arg, 2);
}
