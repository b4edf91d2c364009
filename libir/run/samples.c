/*
 * Rules against their samples. See samples.h.
 */
#include "run/samples.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "rules/set.h"
#include "run/explain.h"
#include "run/reduce_int.h"
#include "run/rulefiles.h"
#include "run/sandbox.h"
#include "source/input.h"

#define PATH_BYTES   ((size_t)1 << 16)
#define REASON_BYTES ((size_t)1 << 16)
#define TEXT_BYTES   ((size_t)1 << 20)

struct listing { /* the names of one directory */
    struct ir_buf dir;
    struct dirent **entry;
    int n;
};

struct samples {
    const struct ir_samples_options *o;
    struct ir_samples_result *r;
    struct ir_inputs *list; /* everything below the paths */
    struct ir_names *names;
    struct ir_rules *index; /* all rules, to know what correlations refer to */
    struct listing listing;
    const char *file;    /* the rule file at work */
    struct ir_zone zone; /* of a sample's stamps that name none: what its settings name, else UTC */
    struct ir_buf sample, reason, explain;
};

static void report(struct samples *s, const char *sample, bool without)
{
    const struct ir_sample_report r = {s->file, sample, ir_buf_view(&s->reason),
                                       ir_buf_view(&s->explain), without};
    s->r->failed += !without;
    s->r->without += without;
    s->o->report(s->o->user, &r);
    ir_buf_clear(&s->reason);
    ir_buf_clear(&s->explain);
}

/* Marks the file's own rules, and then what correlations among the marked refer to. */
static void mark_needed(const struct samples *s, bool *needed)
{
    size_t n = ir_rules_count(s->index);
    bool more = true;
    for (size_t i = 0; i < n; i++)
        needed[i] = strcmp(ir_rules_info(s->index, i)->path, s->file) == 0;
    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            const struct ir_corr *c = needed[i] ? s->index->rule[i]->corr : NULL;
            for (uint32_t k = 0; c != NULL && k < c->nrefs; k++) {
                more |= !needed[c->rules[k]];
                needed[c->rules[k]] = true;
            }
        }
    }
}

/* A marked rule's file that was not taken for a rule before it. */
static bool new_file(const struct samples *s, const bool *needed, size_t i)
{
    const char *path = ir_rules_info(s->index, i)->path;
    if (!needed[i] || strcmp(path, s->file) == 0) return false;
    for (size_t k = 0; k < i; k++)
        if (needed[k] && strcmp(ir_rules_info(s->index, k)->path, path) == 0) return false;
    return true;
}

/* Calls take for the rule file and for each file that its correlations refer to. */
static int each_needed(struct samples *s, int (*take)(void *to, const char *path), void *to)
{
    size_t n = ir_rules_count(s->index);
    bool *needed = calloc(n + 1, sizeof *needed);
    if (needed == NULL) return IR_FATAL;
    int rc = take(to, s->file);
    mark_needed(s, needed);
    for (size_t i = 0; i < n && rc == IR_OK; i++)
        if (new_file(s, needed, i)) rc = take(to, ir_rules_info(s->index, i)->path);
    free(needed);
    return rc;
}

/* NAME.settings.yml beside NAME.yml, when it is there. */
static int add_own_settings(const struct samples *s, struct ir_rules *rs, struct ir_err *err)
{
    struct ir_str name = ir_str_z(s->file);
    struct ir_buf path = IR_BUF(PATH_BYTES);
    struct stat st;
    int rc = IR_OK;
    ir_buf_str(&path, ir_str_head(name, ir_str_rchr(name, '.')));
    ir_buf_str(&path, IR_S(".settings.yml"));
    if (!path.full && stat(path.p, &st) == 0) rc = ir_rulefiles_values(rs, path.p, err);
    ir_buf_free(&path);
    return rc;
}

/* Those below the paths, then the rule file's own, then what was asked for. */
static int add_settings(const struct samples *s, struct ir_rules *rs, struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; i < ir_inputs_count(s->list) && rc == IR_OK; i++) {
        const char *path = ir_inputs_get(s->list, i)->path;
        const char *slash = strrchr(path, '/');
        if (strcmp(slash != NULL ? slash + 1 : path, "settings.yml") == 0)
            rc = ir_rulefiles_values(rs, path, err);
    }
    if (rc == IR_OK && s->file != NULL) rc = add_own_settings(s, rs, err);
    if (rc == IR_OK && s->o->values_path != NULL)
        rc = ir_rulefiles_values(rs, s->o->values_path, err);
    return rc;
}

static int to_rules(void *to, const char *path)
{
    return ir_rulefiles_load(to, path, NULL, NULL);
}

static const struct ir_rule_info *finding_rule(const struct ir_scan *scan, size_t i)
{
    return &scan->rules->rule[scan->reduce->group[scan->reduce->finding[i].group].rule]->info;
}

/* The number of the first finding of the file's own rules, or the number of findings. */
static size_t own_finding(const struct samples *s, const struct ir_scan *scan)
{
    size_t i = 0, n = ir_scan_nfindings(scan);
    while (i < n && strcmp(finding_rule(scan, i)->path, s->file) != 0)
        i++;
    return i;
}

static bool told(void *user, struct ir_str text)
{
    ir_buf_str(user, text);
    return true;
}

static struct ir_names *new_names(const struct ir_formats *fs)
{
    struct ir_names *names = ir_names_new();
    if (names != NULL && fs != NULL) ir_names_own_sources(names, fs->own, fs->nown);
    return names;
}

/* What comes nearest to a match in the sample. */
static void explain(struct samples *s, const char *sample)
{
    struct ir_names *names = new_names(s->o->formats);
    struct ir_rules *rs = names != NULL ? ir_rules_new(names) : NULL;
    struct ir_explain_result r;
    uint32_t *list = NULL;
    size_t n = 0;
    if (rs == NULL || add_settings(s, rs, NULL) != IR_OK) goto out;
    if (each_needed(s, to_rules, rs) != IR_OK || ir_rules_finish(rs, NULL) != IR_OK) goto out;
    list = calloc(ir_rules_count(rs) + 1, sizeof *list);
    for (uint32_t i = 0; list != NULL && i < ir_rules_count(rs); i++) {
        if (strcmp(ir_rules_info(rs, i)->path, s->file) != 0) continue;
        n = ir_explain_parts(rs, i, list, n);
        ir_explain_correlation(rs, i, &s->explain);
    }
    struct ir_explain_options o = {.rules = rs,
                                   .formats = s->o->formats,
                                   .names = names,
                                   .rule = list,
                                   .nrules = n,
                                   .input = sample,
                                   .best = true,
                                   .reference_time = s->o->reference_time,
                                   .now = s->o->now,
                                   .zone = &s->zone,
                                   .no_sandbox = true,
                                   .output_fd = -1,
                                   .told = told,
                                   .user = &s->explain};
    if (list != NULL) ir_explain_run(&o, &r, NULL);
out:
    free(list);
    ir_rules_free(rs);
    ir_names_free(names);
}

static void judge(struct samples *s, struct ir_scan *scan, const char *sample, bool positive)
{
    struct ir_summary sum;
    ir_scan_summary(scan, &sum);
    size_t at = own_finding(s, scan);
    bool found = at < ir_scan_nfindings(scan);
    if (sum.unreadable > 0 || sum.damaged > 0) {
        ir_buf_fmt(&s->reason,
                   sum.unreadable > 0 ? N_("the sample cannot be read: %-s")
                                      : N_("the sample is damaged: %-s"),
                   sum.nproblems > 0 && sum.problems[0].reason ? sum.problems[0].reason : "?");
        report(s, sample, false);
    } else if (positive && !found) {
        ir_buf_str(&s->reason, ir_str_z(N_("no rule of the file reports it")));
        explain(s, sample);
        report(s, sample, false);
    } else if (!positive && found) {
        struct ir_finding f;
        ir_scan_finding(scan, at, &f);
        ir_buf_fmt(&s->reason, N_("reported by '%.*s' at line %llu: %-.*s"), IR_FMT(f.title),
                   f.norigins > 0 ? (unsigned long long)f.origins[0].line : 0, IR_FMT(f.why));
        report(s, sample, false);
    }
}

static int one_sample(struct samples *s, const char *sample, bool positive, struct ir_err *err)
{
    struct ir_scan_options so = ir_scan_defaults();
    so.threads = 1;
    so.no_sandbox = true;
    so.reference_time = s->o->reference_time;
    so.now = s->o->now;
    so.formats = s->o->formats;
    struct ir_scan *scan = ir_scan_new(&so);
    if (scan == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    s->r->samples++;
    int rc = add_settings(s, scan->rules, err);
    if (!ir_rules_zone(scan->rules, &s->zone.offset_s)) s->zone.offset_s = 0;
    scan->o.zone = &s->zone;
    if (rc == IR_OK) rc = each_needed(s, to_rules, scan->rules);
    if (rc == IR_OK) {
        ir_scan_add_input(scan, sample, NULL);
        rc = ir_scan_run(scan, err);
    }
    if (rc == IR_OK || rc == IR_WARN) {
        judge(s, scan, sample, positive);
        rc = IR_OK;
    }
    ir_scan_free(scan);
    return rc;
}

static void listing_free(struct listing *l)
{
    for (int i = 0; i < l->n; i++)
        free(l->entry[i]);
    free(l->entry);
    l->entry = NULL;
    l->n = 0;
}

/* Rule files come sorted, so one directory is read once. */
static void list_directory(struct listing *l, struct ir_str dir)
{
    if (l->entry != NULL && ir_str_eq(ir_buf_view(&l->dir), dir)) return;
    listing_free(l);
    ir_buf_clear(&l->dir);
    ir_buf_str(&l->dir, dir);
    l->n = scandir(l->dir.p, &l->entry, NULL, alphasort);
    if (l->n < 0) l->n = 0;
}

/* 1: a positive sample of NAME, 0: a negative one, -1: something else. */
static int sample_kind(struct ir_str entry, struct ir_str name)
{
    if (!ir_str_starts(entry, name) || ir_rulefiles_is_rules(entry)) return -1;
    struct ir_str rest = ir_str_skip(entry, name.n);
    if (ir_str_starts(rest, IR_S(".match."))) return 1;
    return ir_str_starts(rest, IR_S(".nomatch.")) ? 0 : -1;
}

static int one_file(struct samples *s, const char *path, struct ir_err *err)
{
    struct ir_str name = ir_str_z(path), dir = IR_S(".");
    size_t slash = ir_str_rchr(name, '/');
    uint64_t before = s->r->samples;
    int rc = IR_OK;
    if (slash != IR_NPOS) {
        dir = ir_str_head(name, slash + 1);
        name = ir_str_skip(name, slash + 1);
    }
    name = ir_str_head(name, ir_str_rchr(name, '.'));
    s->file = path;
    s->r->files++;
    list_directory(&s->listing, dir);
    for (int i = 0; i < s->listing.n && rc == IR_OK; i++) {
        struct ir_str entry = ir_str_z(s->listing.entry[i]->d_name);
        int kind = sample_kind(entry, name);
        if (kind < 0) continue;
        ir_buf_clear(&s->sample);
        if (slash != IR_NPOS) ir_buf_str(&s->sample, dir);
        ir_buf_str(&s->sample, entry);
        rc = one_sample(s, s->sample.p, kind == 1, err);
    }
    if (rc == IR_OK && s->r->samples == before) report(s, NULL, true);
    return rc;
}

static bool is_rules(const char *const *paths, const char *file)
{
    for (; *paths != NULL; paths++)
        if (ir_rulefiles_is_format(*paths, file)) return false;
    return ir_rulefiles_is_rules(ir_str_z(file)) && !ir_rulefiles_is_settings(file);
}

static int load_index(struct samples *s, const char *const *paths, struct ir_err *err)
{
    int rc = IR_OK;
    for (const char *const *p = paths; rc == IR_OK && *p != NULL; p++)
        rc = ir_inputs_add(s->list, *p, err);
    if (rc == IR_OK) rc = ir_inputs_finish(s->list);
    if (rc == IR_OK) rc = add_settings(s, s->index, err);
    for (size_t i = 0; rc == IR_OK && i < ir_inputs_count(s->list); i++) {
        const char *path = ir_inputs_get(s->list, i)->path;
        if (is_rules(paths, path)) rc = ir_rulefiles_load(s->index, path, NULL, err);
    }
    s->r->rules = ir_rules_count(s->index);
    for (const char *const *p = s->o->others; rc == IR_OK && p != NULL && *p != NULL; p++)
        rc = ir_rulefiles_load(s->index, *p, NULL, err);
    return rc == IR_OK ? ir_rules_finish(s->index, err) : rc;
}

static bool has_rules(const struct samples *s, const char *path)
{
    for (size_t i = 0; i < ir_rules_count(s->index); i++)
        if (strcmp(ir_rules_info(s->index, i)->path, path) == 0) return true;
    return false;
}

static int run(struct samples *s, const char *const *paths, struct ir_err *err)
{
    int rc = load_index(s, paths, err);
    if (rc != IR_OK) return rc;
    if (!s->o->no_sandbox) ir_sandbox_enter(&s->o->output_fd, 1);
    for (size_t i = 0; i < ir_rules_nfailures(s->index); i++) {
        const struct ir_rules_failure *f = ir_rules_failure(s->index, i);
        s->file = f->path;
        ir_buf_fmt(&s->reason, "line %llu: ", (unsigned long long)f->line);
        ir_buf_str(&s->reason, ir_str_z(f->reason));
        report(s, NULL, false);
    }
    for (size_t i = 0; i < ir_inputs_count(s->list) && rc == IR_OK; i++) {
        const char *path = ir_inputs_get(s->list, i)->path;
        if (ir_rulefiles_is_rules(ir_str_z(path)) && has_rules(s, path))
            rc = one_file(s, path, err);
    }
    return rc;
}

int ir_samples_run(const char *const *paths, const struct ir_samples_options *o,
                   struct ir_samples_result *ret_r, struct ir_err *err)
{
    *ret_r = (struct ir_samples_result){0};
    struct samples s = {.o = o,
                        .r = ret_r,
                        .list = ir_inputs_new(),
                        .names = new_names(o->formats),
                        .listing = {.dir = IR_BUF(PATH_BYTES)},
                        .sample = IR_BUF(PATH_BYTES),
                        .reason = IR_BUF(REASON_BYTES),
                        .explain = IR_BUF(TEXT_BYTES)};
    if (s.names != NULL) s.index = ir_rules_new(s.names);
    int rc = s.list != NULL && s.index != NULL ? run(&s, paths, err)
                                               : ir_fail(err, IR_FATAL, "out of memory");
    listing_free(&s.listing);
    ir_buf_free(&s.listing.dir);
    ir_buf_free(&s.sample);
    ir_buf_free(&s.reason);
    ir_buf_free(&s.explain);
    ir_rules_free(s.index);
    ir_names_free(s.names);
    ir_inputs_free(s.list);
    return rc;
}
