/*
 * What a rule set is worth before it is installed: which files hold rules at all, which rules load
 * beside those that are there, and what changed against the version that it replaces.
 */
#include <stdlib.h>

#include "rules/set.h"
#include "run/import_int.h"
#include "run/rulefiles.h"

#define DOCS_MEMORY ((size_t)64 << 20)

struct seen { /* of one file */
    uint32_t docs, rules, retired;
};

static int on_document(void *user, struct ir_yaml *doc)
{
    static const char *const keys[] = {"detection", "correlation", "filter", "action"};
    struct seen *s = user;
    const struct ir_str status = ir_yaml_text(doc, "status");
    bool rule = false;
    s->docs++;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        rule |= doc->kind == IR_YAML_MAP && ir_yaml_get(doc, keys[i]) != NULL;
    s->rules += rule;
    s->retired +=
        rule && (ir_str_ieq(status, IR_S("deprecated")) || ir_str_ieq(status, IR_S("unsupported")));
    return IR_OK;
}

enum kind { RULES, NO_RULES, RETIRED };

/* Source trees keep such rules in directories of these names, whatever their status says. */
static bool is_retired(struct ir_str path)
{
    while (path.p != NULL) {
        const struct ir_str part = ir_str_cut(&path, '/');
        if (ir_str_eq(part, IR_S("deprecated")) || ir_str_eq(part, IR_S("unsupported")))
            return true;
    }
    return false;
}

/* What is no YAML may have been a rule: it is kept, and fails to load where everybody sees it. */
static enum kind kind_of(struct ir_str name, struct ir_str text)
{
    struct ir_arena docs = IR_ARENA(DOCS_MEMORY);
    struct seen s = {0};
    const int rc = ir_yaml_each(&docs, text, on_document, &s, NULL);
    ir_arena_free(&docs);
    if (rc == IR_OK && s.rules == 0) return NO_RULES;
    return is_retired(name) || (rc == IR_OK && s.retired == s.rules) ? RETIRED : RULES;
}

static int by_name(const void *a, const void *b)
{
    return ir_str_cmp(((const struct ir_import_file *)a)->name,
                      ((const struct ir_import_file *)b)->name);
}

static bool add_sum(struct ir_import *im, const struct ir_import_file *f)
{
    uint32_t *at = ir_map_put(&im->names, f->name, NULL);
    if (at != NULL) *at = (uint32_t)(f - im->file);
    ir_buf_str(&im->sums, ir_str_z(f->sha256));
    ir_buf_str(&im->sums, IR_S("  rules/"));
    ir_buf_str(&im->sums, f->name);
    ir_buf_chr(&im->sums, '\n');
    return at != NULL;
}

/* One file into the rule set. *ret_keep: it belongs to the set. */
static int check_file(struct ir_import *im, struct ir_import_file *f, struct ir_buf *text,
                      bool *ret_keep, struct ir_err *err)
{
    int rc = ir_import_bytes(f->in, text, err);
    *ret_keep = false;
    if (rc == IR_BAD && text->n == 0 && f->in->size > (int64_t)IR_RULE_FILE_MAX) {
        im->r.set.passed_over++;
        return IR_OK;
    }
    if (rc != IR_OK) return rc;
    const enum kind kind = f->rules ? kind_of(f->name, ir_buf_view(text)) : RULES;
    im->r.set.passed_over += kind == NO_RULES;
    im->r.set.left_out += kind == RETIRED;
    if (kind != RULES) return IR_OK;
    *ret_keep = true;
    if (!ir_ruleset_digest(ir_buf_view(text), f->sha256))
        return ir_fail(err, IR_FATAL, "out of memory");
    im->r.set.files += f->rules;
    return f->rules ? ir_rules_add(im->rules, f->name.p, ir_buf_view(text)) : IR_OK;
}

static int check_files(struct ir_import *im, struct ir_err *err)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    size_t n = 0;
    int rc = IR_OK;
    if (im->nfiles > 1) qsort(im->file, im->nfiles, sizeof *im->file, by_name);
    for (size_t i = 0; rc == IR_OK && i < im->nfiles; i++) {
        bool keep;
        rc = check_file(im, &im->file[i], &text, &keep, err);
        if (rc == IR_OK && keep) im->file[n++] = im->file[i];
    }
    im->nfiles = n;
    ir_buf_free(&text);
    for (size_t i = 0; rc == IR_OK && i < n; i++)
        if (!add_sum(im, &im->file[i])) rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK && im->sums.full)
        rc = ir_fail(err, IR_BAD, "more files than a rule set may have");
    return rc;
}

/* Rules that are used together must load together: an id that is taken shows here. */
static int load_others(struct ir_import *im, struct ir_err *err)
{
    struct ir_ruleset *v = NULL;
    size_t n = 0;
    int rc = IR_OK;
    if (im->o.own_rules != NULL) rc = ir_rulefiles_load(im->rules, im->o.own_rules, NULL, err);
    if (rc == IR_OK) rc = ir_rulesets_list(im->o.home, &v, &n, err);
    for (size_t i = 0; rc == IR_OK && i < n; i++) {
        if (strcmp(v[i].name, im->r.set.name) == 0 || v[i].problem[0] != '\0') continue;
        rc = ir_ruleset_load(im->rules, im->o.home, &v[i], NULL);
    }
    free(v);
    return rc;
}

static void count(struct ir_import *im)
{
    struct ir_ruleset *set = &im->r.set;
    for (size_t i = 0; i < im->rules->nrules; i++) {
        const struct ir_rule_info *r = &im->rules->rule[i]->info;
        if (ir_map_find(&im->names, ir_str_z(r->path)) == UINT32_MAX) continue;
        set->rules++;
        set->waiting += r->waits.n > 0;
    }
    for (size_t i = 0; i < im->rules->nfilters; i++)
        set->filters +=
            ir_map_find(&im->names, ir_str_z(im->rules->filter[i]->info.path)) != UINT32_MAX;
    for (size_t i = 0; i < ir_rules_nfailures(im->rules); i++)
        set->failed += ir_import_is_ours(im, ir_rules_failure(im->rules, i));
    for (size_t i = 0; i < ir_rules_nwarnings(im->rules); i++)
        set->warnings += ir_import_is_ours(im, ir_rules_warning(im->rules, i));
}

bool ir_import_is_ours(const struct ir_import *im, const struct ir_rules_failure *f)
{
    return f->path != NULL && ir_map_find(&im->names, ir_str_z(f->path)) != UINT32_MAX;
}

int ir_import_check(struct ir_import *im, struct ir_err *err)
{
    im->fields = ir_names_new();
    im->rules = im->fields != NULL ? ir_rules_new(im->fields) : NULL;
    if (im->rules == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    int rc = load_others(im, err);
    if (rc == IR_OK) rc = check_files(im, err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, im->o.source, -1, 0);
    if (im->r.set.files == 0)
        return ir_fail(err, IR_BAD, "no Sigma rules are in it: their names end in .yml or .yaml");
    if (!ir_ruleset_digest(ir_buf_view(&im->sums), im->r.set.tree_sha256))
        return ir_fail(err, IR_FATAL, "out of memory");
    rc = ir_rules_finish(im->rules, err);
    if (rc == IR_OK) count(im);
    im->r.rules = im->rules;
    return rc;
}
