/*
 * The rule loader: any bytes as a YAML file. What loads is matched against two small events, with
 * the prefilter and without, which must agree, and correlations are run over a short history.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "rules/correlate.h"
#include "rules/match.h"
#include "rules/why.h"

#define HISTORY 12u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct hits {
    uint64_t sum;
    unsigned n;
};

static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    struct hits *h = user;
    h->sum = h->sum * 31 + rule * 2 + view + 1;
    h->n++;
}

static void fill(struct ir_event *ev, bool line)
{
    static const char text[] = "Nov 18 root sshd: mimikatz -enc YwBtAGQA /etc/passwd 192.0.2.1";
    ir_event_begin(ev, ir_str_z(text), 0, 1);
    ir_event_source(ev, line ? IR_LS_LINUX_SYSLOG : IR_LS_WINDOWS);
    ir_event_source(ev, line ? IR_LS_LINUX_SSHD : IR_LS_WIN_PROCESS_CREATION);
    ev->raw_keywords = line;
    ev->verbatim = line;
    ir_event_add_named(ev, IR_S("a"), IR_V_STRING, ir_str_n(text + 18, 8));
    ir_event_add_named(ev, IR_S("a"), IR_V_STRING, ir_str_n(text + 27, 4));
    ir_event_add_named(ev, IR_S("b"), IR_V_STRING, ir_str_n(text + 53, 9));
    ir_event_add_named(ev, IR_S("c"), IR_V_NULL, IR_S(""));
    ir_event_set(ev, IR_F_SG_EVENT_ID, ir_str_n(text + 4, 2));
}

static struct hits match(struct ir_rules *rs, struct ir_event *ev, bool line, bool no_prefilter)
{
    struct hits h = {0};
    struct ir_matcher *m = ir_matcher_new(rs, no_prefilter);
    if (m == NULL) return h;
    fill(ev, line);
    /* asks for the group, so that it is searched from the first event on */
    if (!no_prefilter)
        ir_matcher_group(
            m, &(struct ir_group_key){.sources = ev->views[0].sources, .n = ev->views[0].nsources});
    ir_match_event(m, ev, on_hit, &h);
    if (no_prefilter && !line) {
        struct ir_buf why = IR_BUF(1 << 16);
        for (uint32_t r = 0; r < ir_rules_count(rs) && r < 8; r++)
            ir_why_explain(m, ev, r, 0, &why);
        ir_buf_free(&why);
    }
    ir_matcher_free(m);
    return h;
}

static void on_fire(void *user, const struct ir_corr_fired *f)
{
    (void)user;
    if (f->first > f->last || f->last >= HISTORY || f->at < f->first || f->at > f->last) abort();
}

static void correlate(struct ir_rules *rs)
{
    struct ir_matcher *m = ir_matcher_new(rs, true);
    struct ir_corr_event ev[HISTORY];
    for (uint32_t r = 0; m != NULL && r < ir_rules_count(rs); r++) {
        const struct ir_corr *c = ir_matcher_rule(m, r)->corr;
        if (c == NULL) continue;
        for (uint32_t i = 0; i < HISTORY; i++) {
            double v = i * 1.5;
            ev[i] = (struct ir_corr_event){(int64_t)i * i * 700000000, i % c->nrefs, 1, i % 5};
            if (c->type >= IR_CORR_VALUE_SUM) memcpy(&ev[i].value, &v, sizeof v);
        }
        ir_correlate(c, ev, HISTORY, on_fire, NULL, NULL);
    }
    ir_matcher_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char values[] = "Admins: [root, 'adm*']\nOne: x\n";
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = names ? ir_rules_new(names) : NULL;
    if (rs == NULL) abort();
    ir_rules_values(rs, "values", ir_str_z(values), NULL);
    ir_rules_add(rs, "fuzz", ir_str_n((const char *)data, size));
    struct ir_arena arena = IR_ARENA(16 << 20);
    struct ir_event *ev = NULL;
    if (ir_rules_finish(rs, NULL) == IR_OK && ir_rules_count(rs) > 0 &&
        (ev = ir_event_new(names, &arena)) != NULL) {
        ev->want_all = true;
        for (int line = 0; line < 2; line++) {
            struct hits fast = match(rs, ev, line, false), all = match(rs, ev, line, true);
            if (fast.n != all.n || fast.sum != all.sum) abort();
        }
        correlate(rs);
    }
    ir_event_free(ev);
    ir_arena_free(&arena);
    ir_rules_free(rs);
    ir_names_free(names);
    return 0;
}
