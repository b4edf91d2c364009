/*
 * A scan's life: set-up (rules, inputs), then the sandbox, then map and reduce.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/time.h"
#include "rules/set.h"
#include "run/exhibit.h"
#include "run/rulefiles.h"
#include "run/sandbox.h"
#include "run/scan_int.h"
#include "source/unpack.h"

struct ir_scan_options ir_scan_defaults(void)
{
    return (struct ir_scan_options){.reference_time = INT64_MIN,
                                    .since = INT64_MIN,
                                    .until = INT64_MAX,
                                    .min_level = IR_LEVEL_INFORMATIONAL,
                                    .output_fd = -1};
}

struct ir_scan *ir_scan_new(const struct ir_scan_options *o)
{
    struct ir_scan *s = calloc(1, sizeof *s);
    if (s == NULL) return NULL;
    s->o = *o;
    s->o.formats = ir_formats_or_builtin(o->formats);
    s->spool_fd = s->unpack_fd = -1;
    for (unsigned i = 0; i < IR_SPILL_SHARDS; i++)
        s->spill_fd[i] = -1;
    s->sandbox = "none";
    s->names = ir_names_new();
    if (s->names != NULL) s->rules = ir_rules_new(s->names);
    if (s->rules != NULL) {
        ir_rules_set_zone(s->rules, o->zone_s);
        ir_rules_set_geo(s->rules, o->geo);
    }
    if (s->names != NULL) ir_names_own_sources(s->names, s->o.formats->own, s->o.formats->nown);
    s->inputs = ir_inputs_new();
    s->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (s->rules != NULL && s->inputs != NULL && s->sha256 != NULL) return s;
    ir_scan_free(s);
    return NULL;
}

void ir_scan_free(struct ir_scan *s)
{
    if (s == NULL) return;
    ir_reduce_free(s->reduce);
    ir_exhibits_free(s);
    for (size_t i = 0; s->feeds != NULL && i < ir_rules_count(s->rules); i++)
        free(s->feeds[i].feed);
    if (s->spool_fd >= 0) close(s->spool_fd);
    for (unsigned i = 0; i < IR_SPILL_SHARDS; i++)
        if (s->spill_fd[i] >= 0) close(s->spill_fd[i]);
    if (s->unpack_fd >= 0) close(s->unpack_fd);
    ir_rules_free(s->rules);
    ir_names_free(s->names);
    ir_inputs_free(s->inputs);
    EVP_MD_free(s->sha256);
    free(s->feeds);
    free(s->input);
    free(s->records);
    ir_hist_free(&s->hist);
    free(s->sources_seen);
    free(s->fields_seen);
    free(s->counts);
    free(s->failed);
    free(s->sets);
    free(s->set_reports);
    free(s->problems);
    free(s->origins);
    ir_arena_free(&s->texts);
    free(s);
}

int ir_scan_add_settings(struct ir_scan *s, const char *path)
{
    return ir_rulefiles_settings(s->rules, path);
}

int ir_scan_add_values(struct ir_scan *s, const char *path, struct ir_err *err)
{
    return ir_rulefiles_values(s->rules, path, err);
}

int ir_scan_add_rules(struct ir_scan *s, const char *path, struct ir_err *err)
{
    return ir_rulefiles_load(s->rules, path, NULL, err);
}

int ir_scan_add_set(struct ir_scan *s, const char *home, const struct ir_ruleset *set,
                    struct ir_err *err)
{
    struct ir_ruleset *p = realloc(s->sets, (s->nsets + 1) * sizeof *p);
    if (p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    s->sets = p;
    s->sets[s->nsets] = *set;
    const int rc = ir_ruleset_load(s->rules, home, &s->sets[s->nsets++], NULL);
    return rc == IR_OK ? rc : ir_fail(err, IR_FATAL, "out of memory while loading rules");
}

int ir_scan_add_text(struct ir_scan *s, const char *name, struct ir_str yaml)
{
    return ir_rules_add(s->rules, name, yaml);
}

int ir_scan_add_input(struct ir_scan *s, const char *arg, struct ir_err *err)
{
    return ir_inputs_add(s->inputs, arg, err);
}

/* Which correlations each rule feeds. */
static bool make_feeds(struct ir_scan *s)
{
    size_t n = ir_rules_count(s->rules);
    s->feeds = calloc(n + 1, sizeof *s->feeds);
    if (s->feeds == NULL) return false;
    for (size_t i = 0; i < n; i++) {
        const struct ir_corr *c = s->rules->rule[i]->corr;
        for (uint32_t k = 0; c != NULL && k < c->nrefs; k++) {
            struct ir_feeds *fs = &s->feeds[c->rules[k]];
            struct ir_feed *p = realloc(fs->feed, (fs->n + 1) * sizeof *p);
            if (p == NULL) return false;
            fs->feed = p;
            fs->feed[fs->n++] = (struct ir_feed){(uint32_t)i, k};
        }
    }
    return true;
}

static bool has_keywords(const struct ir_node *n)
{
    if (n->op == IR_NODE_ITEM) return n->item != NULL && n->item->fields == NULL;
    for (uint32_t i = 0; i < n->nkids; i++)
        if (has_keywords(n->kids[i])) return true;
    return false;
}

/* Keyword rules look at any value of a JSON record; those of text logs look at the line. */
static bool wants_all_values(const struct ir_scan *s)
{
    for (size_t i = 0; i < ir_rules_count(s->rules); i++) {
        const struct ir_rule *r = s->rules->rule[i];
        struct ir_str product = r->info.logsource.product;
        if (r->root == NULL || ir_str_ieq(product, IR_S("linux")) || !has_keywords(r->root))
            continue;
        return true;
    }
    return false;
}

static bool alloc_results(struct ir_scan *s)
{
    s->input = calloc(ir_inputs_count(s->inputs) + 1, sizeof *s->input);
    s->records = calloc(s->o.formats->n + 1, sizeof *s->records);
    s->sources_seen = calloc(IR_SOURCE_WORDS, sizeof *s->sources_seen);
    s->fields_seen = calloc(ir_names_count(s->names) / 64 + 1, sizeof *s->fields_seen);
    s->reduce = ir_reduce_new(s);
    return s->input && s->records && s->sources_seen && s->fields_seen && s->reduce;
}

/* Unnamed files, made before writing is given up: for what a pipe delivers, so that evidence can be
 * read again, for members of archives, and for correlations that outgrow memory. */
static void open_temporaries(struct ir_scan *s)
{
    struct stat st;
    bool piped = false, correlates = false;
    for (size_t i = 0; i < ir_inputs_count(s->inputs); i++)
        piped |= ir_inputs_get(s->inputs, i)->is_stdin;
    for (size_t i = 0; i < ir_rules_count(s->rules); i++)
        correlates |= s->rules->rule[i]->corr != NULL;
    for (unsigned i = 0; correlates && i < IR_SPILL_SHARDS; i++)
        s->spill_fd[i] = ir_io_temporary();
    s->unpack_fd = ir_io_temporary();
    if (!piped || fstat(0, &st) != 0 || S_ISREG(st.st_mode)) return;
    s->spool_fd = ir_io_temporary();
    if (s->spool_fd >= 0) ir_inputs_set_spool(s->inputs, s->spool_fd);
}

static bool path_wanted(const void *user, const char *path)
{
    const struct ir_scan_options *o = user;
    if (o->only_path == NULL || o->only_path[0] == NULL) return true;
    for (const char *const *p = o->only_path; *p != NULL; p++)
        if (fnmatch(*p, path, 0) == 0) return true;
    return false;
}

/* A filter of paths is about members too, so they must be known first. */
static int open_archives(struct ir_scan *s)
{
    const struct ir_unpack_options o = {.fd = s->unpack_fd, .keys = s->o.passwords};
    int rc = ir_inputs_unpack(s->inputs, &o);
    if (rc == IR_OK) rc = ir_inputs_finish(s->inputs);
    if (rc == IR_OK) ir_inputs_filter(s->inputs, path_wanted, &s->o);
    if (rc == IR_OK && !ir_exhibits_find(s)) rc = IR_FATAL;
    return rc;
}

int ir_scan_run(struct ir_scan *s, struct ir_err *err)
{
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    int rc = ir_rules_finish(s->rules, err);
    if (rc != IR_OK) return rc;
    rc = ir_inputs_convert(s->inputs, s->o.encoding);
    if (rc != IR_OK) return ir_fail(err, IR_FATAL, IR_NO_CHARSET);
    open_temporaries(s);
    int writable[3 + IR_SPILL_SHARDS] = {s->o.output_fd, s->spool_fd, s->unpack_fd};
    memcpy(writable + 3, s->spill_fd, sizeof s->spill_fd);
    if (!s->o.no_sandbox) s->sandbox = ir_sandbox_enter(writable, 3 + IR_SPILL_SHARDS);
    rc = open_archives(s);
    if (rc != IR_OK) return ir_fail(err, rc, "out of memory");
    if (!make_feeds(s) || !alloc_results(s) || !ir_exhibits_check(s))
        return ir_fail(err, IR_FATAL, "out of memory");
    s->keep_all_fields = wants_all_values(s);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    s->threads = s->o.threads > 0 ? s->o.threads : cpus > 0 ? (unsigned)cpus : 1;
    rc = ir_pool_run(s, err);
    if (rc == IR_OK) rc = ir_reduce_finish(s->reduce, err);
    clock_gettime(CLOCK_MONOTONIC, &to);
    s->elapsed_s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    return rc;
}
