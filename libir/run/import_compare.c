/*
 * What changed between two versions of a rule set: rules by their id. A rule is changed when its
 * file has other bytes: that cannot miss a change, and a rule that only moved is none.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "rules/set.h"
#include "run/import_int.h"
#include "run/rulefiles.h"

struct side { /* one version: id → number of its file's digest in the list */
    struct ir_map *ids;
    const struct ir_rules *rules;
    const struct ir_map *digests; /* path → number */
};

static bool add_id(struct side *s, const struct ir_rule_info *r)
{
    const uint32_t at = ir_map_find(s->digests, ir_str_z(r->path));
    bool fresh = false;
    if (at == UINT32_MAX) return true; /* of another set */
    uint32_t *v = ir_map_put(s->ids, r->id, &fresh);
    if (v != NULL && fresh) *v = at;
    return v != NULL;
}

static bool add_ids(struct side *s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s->rules->nrules; i++)
        ok = add_id(s, &s->rules->rule[i]->info);
    for (size_t i = 0; ok && i < s->rules->nfilters; i++)
        ok = add_id(s, &s->rules->filter[i]->info);
    return ok;
}

static bool add_change(struct ir_import *im, enum ir_import_what what, const struct ir_rule_info *r)
{
    if (im->r.nchanges == im->capchanges) {
        const size_t cap = im->capchanges ? im->capchanges * 2 : 256;
        struct ir_import_change *p = realloc(im->change, cap * sizeof *p);
        if (p == NULL) return false;
        im->change = p;
        im->capchanges = cap;
    }
    im->r.n[what]++;
    im->change[im->r.nchanges++] = (struct ir_import_change){what, r->id, r->title};
    im->r.change = im->change;
    return true;
}

struct old { /* while the old version is read */
    struct ir_import *im;
    struct ir_map paths; /* full path → number in digest */
    struct ir_buf path;
    struct ir_str *digest; /* views into the old list */
    size_t n, cap;
};

static int note_digest(void *user, struct ir_str name, struct ir_str digest)
{
    struct old *o = user;
    ir_ruleset_path(&o->path, o->im->o.home, o->im->r.old.name);
    ir_buf_chr(&o->path, '/');
    ir_buf_str(&o->path, name);
    uint32_t *at = ir_map_put(&o->paths, ir_buf_view(&o->path), NULL);
    if (o->n == o->cap) {
        const size_t cap = o->cap ? o->cap * 2 : 1024;
        struct ir_str *p = realloc(o->digest, cap * sizeof *p);
        if (p == NULL) return IR_FATAL;
        o->digest = p;
        o->cap = cap;
    }
    if (at == NULL) return IR_FATAL;
    *at = (uint32_t)o->n;
    o->digest[o->n++] = digest;
    return IR_OK;
}

static bool tell_rule(struct ir_import *im, const struct old *o, const struct ir_rule_info *r)
{
    const uint32_t now = ir_map_find(&im->ids, r->id), was = ir_map_find(&im->old_ids, r->id);
    if (now == UINT32_MAX || ir_map_find(&im->names, ir_str_z(r->path)) == UINT32_MAX) return true;
    if (was == UINT32_MAX) return add_change(im, IR_IMPORT_ADDED, r);
    const struct ir_import_file *f = &im->file[im->ids.items[now].value];
    const struct ir_str before = o->digest[im->old_ids.items[was].value];
    return ir_str_eq(before, ir_str_z(f->sha256)) || add_change(im, IR_IMPORT_CHANGED, r);
}

static bool tell_removed(struct ir_import *im, const struct old *o, const struct ir_rule_info *r)
{
    return ir_map_find(&im->ids, r->id) != UINT32_MAX ||
           ir_map_find(&o->paths, ir_str_z(r->path)) == UINT32_MAX ||
           add_change(im, IR_IMPORT_REMOVED, r);
}

static bool tell_all(struct ir_import *im, const struct old *o)
{
    bool ok = true;
    for (size_t i = 0; ok && i < im->rules->nrules; i++)
        ok = tell_rule(im, o, &im->rules->rule[i]->info);
    for (size_t i = 0; ok && i < im->rules->nfilters; i++)
        ok = tell_rule(im, o, &im->rules->filter[i]->info);
    for (size_t i = 0; ok && im->old != NULL && i < im->old->nrules; i++)
        ok = tell_removed(im, o, &im->old->rule[i]->info);
    for (size_t i = 0; ok && im->old != NULL && i < im->old->nfilters; i++)
        ok = tell_removed(im, o, &im->old->filter[i]->info);
    return ok;
}

/* The version that is there. One that is damaged has what can still be read of it. */
static int read_old(struct ir_import *im, struct old *o, struct ir_buf *sums, struct ir_err *err)
{
    struct ir_buf path = IR_BUF((size_t)1 << 16);
    ir_ruleset_path(&path, im->o.home, im->r.old.name);
    ir_buf_str(&path, IR_S("/SHA256SUMS"));
    int rc = path.full ? IR_FATAL : ir_rulefiles_read(path.p, sums, err);
    if (rc == IR_OK) rc = ir_ruleset_each(ir_buf_view(sums), note_digest, o);
    im->old = ir_rules_new(im->fields);
    if (im->old == NULL) rc = IR_FATAL;
    if (rc == IR_OK) rc = ir_ruleset_load(im->old, im->o.home, &im->r.old, NULL);
    ir_buf_free(&path);
    return rc == IR_BAD ? IR_OK : rc;
}

int ir_import_compare(struct ir_import *im, struct ir_err *err)
{
    struct old o = {.im = im, .path = IR_BUF((size_t)1 << 16)};
    struct ir_buf sums = IR_BUF(IR_RULE_FILE_MAX + 2);
    int rc = ir_ruleset_open(im->o.home, im->r.set.name, &im->r.old);
    im->r.has_old = rc == IR_OK;
    if (rc == IR_OK && im->r.old.foreign)
        rc = ir_fail(err, IR_BAD, "%s", im->r.old.problem);
    else if (rc == IR_OK)
        rc = read_old(im, &o, &sums, err);
    else if (rc == IR_END)
        rc = IR_OK;
    struct side now = {&im->ids, im->rules, &im->names}, was = {&im->old_ids, im->old, &o.paths};
    if (rc == IR_OK && (!add_ids(&now) || (im->old != NULL && !add_ids(&was)) || !tell_all(im, &o)))
        rc = IR_FATAL;
    const struct ir_ruleset *old = &im->r.old, *set = &im->r.set;
    im->r.same = im->r.has_old && old->changed == 0 && old->problem[0] == '\0' &&
                 strcmp(old->tree_sha256, set->tree_sha256) == 0 &&
                 strcmp(old->version, set->version) == 0;
    ir_map_free(&o.paths);
    ir_buf_free(&o.path);
    ir_buf_free(&sums);
    free(o.digest);
    return rc == IR_FATAL ? ir_fail(err, IR_FATAL, "out of memory") : rc;
}
