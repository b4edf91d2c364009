/*
 * What a scan tells about itself: counts, coverage of the rules, and what could not be read.
 * Findings handed out one by one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/intl.h"
#include "rules/set.h"
#include "run/advice.h"
#include "run/coverage.h"
#include "run/exhibit.h"
#include "run/reason.h"

size_t ir_scan_nfindings(const struct ir_scan *s)
{
    return s->reduce != NULL ? s->reduce->nfindings : 0;
}

static void hex(const unsigned char *p, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}

/* Rule id, path and offset of the first origin, and the group: stable from run to run. */
static void finding_id(const struct ir_scan *s, const struct ir_finding *f,
                       const struct ir_group_state *g, char out[33])
{
    unsigned char md[32];
    unsigned n = sizeof md;
    struct ir_buf b = IR_BUF(1 << 21);
    ir_buf_str(&b, f->rule_id);
    ir_buf_chr(&b, '\0');
    ir_buf_str(&b, ir_str_z(f->norigins > 0 ? f->origins[0].path : ""));
    ir_buf_fmt(&b, "%c%llu%c", 0, f->norigins > 0 ? (unsigned long long)f->origins[0].offset : 0,
               0);
    ir_buf_str(&b, g->key);
    if (EVP_Digest(b.p, b.n, md, &n, s->sha256, NULL) != 1) memset(md, 0, sizeof md);
    ir_buf_free(&b);
    hex(md, 16, out);
}

static void fill_entity(const struct ir_scan *s, const struct ir_group_state *g,
                        struct ir_finding *f)
{
    const struct ir_corr *c = s->rules->rule[g->rule]->corr;
    struct ir_str rest = g->key, v;
    for (uint32_t i = 0; ir_key_next(&rest, &v) && f->nentity < IR_ENTITIES_MAX; i++) {
        if (v.p == NULL || v.n == 0) continue;
        const char *name = g->kind == IR_RUN_CORR ? c->group_by[i].p
                                                  : ir_names_text(s->names, ir_entity_fields[i]).p;
        f->entity[f->nentity++] = (struct ir_entity){name, v};
    }
}

static void fill_origins(struct ir_scan *s, const struct ir_finding_state *x, struct ir_finding *f)
{
    struct ir_origin *o = realloc(s->origins, (x->nplaces + 1) * sizeof *o);
    if (o == NULL) return;
    s->origins = o;
    for (uint32_t i = 0; i < x->nplaces; i++) {
        const struct ir_place *p = &x->place[i];
        o[i] = (struct ir_origin){.path = ir_inputs_get(s->inputs, p->input)->path,
                                  .offset = p->offset,
                                  .line = p->line,
                                  .length = p->length,
                                  .exhibit = ir_exhibits_place(s, p->input)};
        if (x->have_sha != NULL && x->have_sha[i]) hex(x->sha[i], 32, o[i].sha256);
        if (p->record == UINT64_MAX) continue;
        char text[24];
        int n = snprintf(text, sizeof text, "%llu", (unsigned long long)p->record);
        o[i].record = ir_arena_dup(&s->texts, ir_str_n(text, (size_t)n));
    }
    if (x->shown < x->nplaces) {
        o[x->shown].excerpt = x->excerpt;
        o[x->shown].before = x->before;
        o[x->shown].after = x->after;
        o[x->shown].lines = x->record_lines;
    }
    f->shown = x->shown < x->nplaces ? x->shown : 0;
    f->origins = o;
    f->norigins = x->nplaces;
}

/* What the rule says in the reader's language. */
static void fill_l10n(const struct ir_rule_info *r, struct ir_finding *f)
{
    const bool ja = ir_intl_is_ja();
    f->title_l10n = ir_rule_title(r);
    f->about_l10n = ja && r->description_ja.n > 0 ? r->description_ja : r->description;
    f->next_l10n = f->next;
    if (ja && r->next_ja.n > 0)
        f->next_l10n = r->next_ja;
    else if (ja && r->next.n == 0)
        f->next_l10n = ir_intl_str(ir_advice(r));
}

/* Where the finding's source address is, when that can be told. */
static void fill_places(struct ir_scan *s, struct ir_finding *f)
{
    static const char *const names[] = {"source.geo.country_iso_code", "source.as.number",
                                        "source.as.organization.name"};
    struct ir_geo_cache *cache = s->rules->extras.geo != NULL ? &s->places : NULL;
    struct ir_geo_place p;
    const size_t n = f->nentity;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(f->entity[i].name, "source.ip") != 0 ||
            !ir_extra_place(&s->rules->extras, cache, f->entity[i].value, &p))
            continue;
        const char *const texts[] = {p.country, p.as_number, p.as_org};
        for (size_t k = 0; k < 3 && f->nentity < IR_ENTITIES_MAX; k++) {
            bool known = texts[k][0] == '\0'; /* or a correlation groups by it */
            for (size_t e = 0; e < n && !known; e++)
                known = strcmp(f->entity[e].name, names[k]) == 0;
            const struct ir_str text =
                known ? ir_str_n(NULL, 0) : ir_arena_dup(&s->texts, ir_str_z(texts[k]));
            if (text.p != NULL) f->entity[f->nentity++] = (struct ir_entity){names[k], text};
        }
        return;
    }
}

void ir_scan_finding(struct ir_scan *s, size_t i, struct ir_finding *ret_f)
{
    const struct ir_finding_state *x = &s->reduce->finding[i];
    const struct ir_group_state *g = &s->reduce->group[x->group];
    const struct ir_rule_info *r = &s->rules->rule[g->rule]->info;
    struct ir_finding f = {.time = x->first,
                           .has_time = x->has_time,
                           .rule_id = r->id,
                           .title = r->title,
                           .level = x->level,
                           .tags = r->tags,
                           .ntags = r->ntags,
                           .type = g->kind == IR_RUN_CORR ? "correlation" : "sigma",
                           .count = x->count,
                           .first_seen = x->first,
                           .last_seen = x->last,
                           .about = r->description,
                           .next = r->next.n > 0 ? r->next : ir_str_z(ir_advice(r))};
    ir_arena_reset(&s->texts);
    ir_reason_fill(s, x, &f);
    fill_l10n(r, &f);
    fill_entity(s, g, &f);
    ir_common_entity(x, s->names, &f);
    fill_places(s, &f);
    fill_origins(s, x, &f);
    finding_id(s, &f, g, f.id);
    *ret_f = f;
}

size_t ir_scan_ninputs(const struct ir_scan *s)
{
    return s->input != NULL ? ir_inputs_count(s->inputs) : 0;
}

void ir_scan_input(const struct ir_scan *s, size_t i, struct ir_input_report *ret_in)
{
    const struct ir_input_state *in = &s->input[i];
    *ret_in = (struct ir_input_report){.path = ir_inputs_get(s->inputs, i)->path,
                                       .format = in->fmt != NULL ? in->fmt->name : NULL,
                                       .bytes = in->bytes,
                                       .records = in->records,
                                       .unrecognised = in->unrecognised,
                                       .damaged = in->damaged,
                                       .unreadable = in->unreadable,
                                       .has_time = in->has_time,
                                       .first = in->first,
                                       .last = in->last,
                                       .reason = in->troubles > 0 ? in->text : in->reason};
}

const struct ir_hist *ir_scan_times(const struct ir_scan *s)
{
    return &s->hist;
}

static int cmp_count(const void *a, const void *b)
{
    return strcmp(((const struct ir_count *)a)->name, ((const struct ir_count *)b)->name);
}

static void fill_records(struct ir_scan *s, struct ir_summary *sum)
{
    s->counts = realloc(s->counts, (s->o.formats->n + 1) * sizeof *s->counts);
    for (size_t i = 0; s->counts != NULL && i < s->o.formats->n; i++)
        if (s->records[i] > 0)
            s->counts[sum->nrecords++] =
                (struct ir_count){s->o.formats->list[i]->name, s->records[i]};
    if (sum->nrecords > 1) qsort(s->counts, sum->nrecords, sizeof *s->counts, cmp_count);
    sum->records = s->counts;
}

static void fill_failures(struct ir_scan *s, struct ir_summary *sum)
{
    size_t n = ir_rules_nfailures(s->rules);
    s->failed = realloc(s->failed, (n + 1) * sizeof *s->failed);
    for (size_t i = 0; s->failed != NULL && i < n; i++) {
        const struct ir_rules_failure *f = ir_rules_failure(s->rules, i);
        s->failed[i] = (struct ir_rule_failure){f->path, f->line, f->reason};
        sum->nfailed = i + 1;
    }
    sum->failed = s->failed;
}

static void fill_sets(struct ir_scan *s, struct ir_summary *sum)
{
    s->set_reports = realloc(s->set_reports, (s->nsets + 1) * sizeof *s->set_reports);
    for (size_t i = 0; s->set_reports != NULL && i < s->nsets; i++) {
        const struct ir_ruleset *set = &s->sets[i];
        s->set_reports[i] = (struct ir_set_report){set->name, set->version, set->tree_sha256,
                                                   set->loaded, set->changed};
        sum->nsets = i + 1;
    }
    sum->sets = s->set_reports;
}

static void add_problem(struct ir_scan *s, struct ir_summary *sum, struct ir_input_problem p)
{
    s->problems[sum->nproblems++] = p;
    sum->unreadable += p.unreadable;
    sum->problems = s->problems;
}

/* Limits come last: see ir_summary. */
static void add_limit(struct ir_scan *s, struct ir_summary *sum, const char *what, uint64_t n,
                      const char *reason)
{
    if (n == 0) return;
    add_problem(s, sum,
                (struct ir_input_problem){what, UINT64_MAX, n, reason, false, IR_PROBLEM_DAMAGE});
    sum->nlimits++;
}

/* What is wrong with an input as a whole, and what with its records. */
static void input_damage(struct ir_scan *s, struct ir_summary *sum, size_t i)
{
    const struct ir_input_state *in = &s->input[i];
    const char *path = ir_inputs_get(s->inputs, i)->path;
    if (in->troubles > 0)
        add_problem(s, sum,
                    (struct ir_input_problem){path, in->trouble_at, in->troubles, in->text,
                                              in->unreadable, IR_PROBLEM_DAMAGE});
    if (in->reason != NULL)
        add_problem(s, sum,
                    (struct ir_input_problem){path, in->first_damage, in->damaged - in->flawed,
                                              in->reason, false, IR_PROBLEM_DAMAGE});
}

static void fill_problems(struct ir_scan *s, struct ir_summary *sum)
{
    size_t notes = ir_inputs_notes(s->inputs), inputs = ir_inputs_count(s->inputs);
    s->problems = realloc(s->problems, (notes + 4 * inputs + 6) * sizeof *s->problems);
    if (s->problems == NULL) return;
    for (size_t i = 0; i < notes; i++) {
        const struct ir_input_note *n = ir_inputs_note(s->inputs, i);
        sum->skipped += n->kind == IR_NOTE_SKIPPED;
        sum->damaged += n->kind == IR_NOTE_DAMAGED;
        add_problem(s, sum,
                    (struct ir_input_problem){n->path, UINT64_MAX, 1, n->reason,
                                              n->kind == IR_NOTE_UNREADABLE,
                                              n->kind == IR_NOTE_SKIPPED  ? IR_PROBLEM_SKIPPED
                                              : n->kind == IR_NOTE_REMARK ? IR_PROBLEM_REMARK
                                                                          : IR_PROBLEM_DAMAGE});
    }
    for (size_t i = 0; i < inputs; i++) {
        const struct ir_input_state *in = &s->input[i];
        if (in->guessed)
            add_problem(s, sum,
                        (struct ir_input_problem){ir_inputs_get(s->inputs, i)->path, UINT64_MAX, 1,
                                                  ir_guessed_text(in->encoding), false,
                                                  IR_PROBLEM_REMARK});
        const uint64_t not_utf8 = ir_not_utf8_told(&in->not_utf8);
        if (not_utf8 > 0)
            add_problem(s, sum,
                        (struct ir_input_problem){ir_inputs_get(s->inputs, i)->path, UINT64_MAX,
                                                  not_utf8, IR_NOT_UTF8_TEXT, false,
                                                  IR_PROBLEM_REMARK});
        input_damage(s, sum, i);
    }
    add_limit(s, sum, "findings", s->reduce->crowded,
              "too many different entities: the rest of a rule's hits share one finding");
    add_limit(s, sum, "correlations", s->reduce->corr_lost,
              "too many events to correlate, or no room for them in /var/tmp: some were left out");
    sum->lost = s->reduce->corr_lost;
    add_limit(s, sum, "rules", s->regex_limits,
              "a regular expression hit its limit and counted as not matching");
    add_limit(s, sum, "GeoIP", s->o.geo != NULL ? ir_geo_damaged(s->o.geo) : 0,
              "the GeoIP file is damaged: some countries could not be told");
    add_limit(s, sum, "records", s->truncated,
              "more fields or parts than the limit: the rest was left out");
}

static bool worse(const struct ir_worst *a, const struct ir_worst *b)
{
    if (a->level != b->level) return a->level > b->level;
    if (a->has_time != b->has_time) return a->has_time;
    return a->has_time && a->time < b->time;
}

/* Keeps the worst ones, in order; the last falls out. */
static void keep_worst(struct ir_summary *sum, const struct ir_worst *w)
{
    size_t at = sum->nworst;
    while (at > 0 && worse(w, &sum->worst[at - 1]))
        at--;
    if (at == IR_WORST_MAX) return;
    if (sum->nworst < IR_WORST_MAX) sum->nworst++;
    for (size_t i = sum->nworst - 1; i > at; i--)
        sum->worst[i] = sum->worst[i - 1];
    sum->worst[at] = *w;
}

/* A finding is counted with those of the same rule at the same level. */
static void fill_worst(const struct ir_scan *s, struct ir_summary *sum)
{
    const size_t n = ir_rules_count(s->rules);
    struct ir_worst *all = calloc(n * IR_LEVEL_MAX + 1, sizeof *all);
    for (size_t i = 0; all != NULL && i < s->reduce->nfindings; i++) {
        const struct ir_finding_state *x = &s->reduce->finding[i];
        const uint32_t rule = s->reduce->group[x->group].rule;
        struct ir_worst *w = &all[rule * IR_LEVEL_MAX + x->level];
        if (w->findings++ > 0) continue; /* they come in the order of time */
        w->level = x->level;
        w->title = ir_rule_title(&s->rules->rule[rule]->info);
        w->has_time = x->has_time;
        w->time = x->first;
    }
    for (size_t i = 0; all != NULL && i < n * IR_LEVEL_MAX; i++)
        if (all[i].findings > 0 && all[i].level >= IR_LEVEL_MEDIUM) keep_worst(sum, &all[i]);
    free(all);
}

void ir_scan_summary(struct ir_scan *s, struct ir_summary *ret_s)
{
    struct ir_summary sum = {.inputs = ir_inputs_count(s->inputs),
                             .bytes = s->bytes,
                             .damaged = s->damaged,
                             .unrecognised = s->unrecognised,
                             .rules_loaded = ir_rules_count(s->rules),
                             .has_time = s->has_time,
                             .first = s->first,
                             .last = s->last,
                             .zoneless = s->zoneless,
                             .zone = s->o.zone_name != NULL ? s->o.zone_name : "UTC",
                             .elapsed_s = s->elapsed_s,
                             .sandbox = s->sandbox};
    fill_records(s, &sum);
    fill_failures(s, &sum);
    fill_sets(s, &sum);
    sum.nexhibits = ir_exhibits_report(s, &sum.exhibits);
    fill_problems(s, &sum);
    ir_coverage_count(s, &sum);
    for (size_t i = 0; i < s->reduce->nfindings; i++)
        sum.findings[s->reduce->finding[i].level]++;
    fill_worst(s, &sum);
    *ret_s = sum;
}
