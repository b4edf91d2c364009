/*
 * A finding's records read again, and the filter written. See tune.h; which values it has is
 * tune_fields.c's.
 */
#include "run/tune.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/time.h"
#include "rules/prefilter.h"
#include "run/explain.h"
#include "run/scan.h"
#include "run/tune_int.h"

struct ir_str ir_tune_root(struct ir_str path)
{
    struct ir_str whole = path;
    for (size_t at = 0; at < path.n; at++) {
        char file[4096];
        if (path.p[at] != '!' || at >= sizeof file) continue;
        memcpy(file, path.p, at);
        file[at] = '\0';
        if (access(file, F_OK) == 0) return ir_str_head(path, at);
    }
    return whole;
}

static bool want(struct ir_tuning *t, struct ir_tune_part *p, struct ir_str field)
{
    struct ir_build b = ir_rules_build(t->o->rules, p->rule->info.logsource, NULL, NULL);
    if (p->nwant == IR_TUNE_FIELDS_MAX) return true;
    struct ir_tune_want *w = &p->want[p->nwant++];
    *w = (struct ir_tune_want){field, ir_alias_fields(&b, field)};
    return w->ids != NULL;
}

/* What the correlation calls so in this rule's events. */
static struct ir_str field_of(const struct ir_corr *c, const struct ir_rule *rule,
                              struct ir_str name)
{
    for (uint32_t i = 0; i < c->naliases; i++)
        if (ir_str_eq(c->aliases[i].alias, name) &&
            (ir_str_eq(c->aliases[i].rule, rule->info.id) ||
             (rule->info.name.n > 0 && ir_str_eq(c->aliases[i].rule, rule->info.name))))
            return c->aliases[i].field;
    return name;
}

static bool want_fields(struct ir_tuning *t, struct ir_tune_part *p, const struct ir_corr *c)
{
    const struct ir_told *f = t->o->finding;
    bool ok = true;
    for (const char *const *n = t->o->fields; t->given && ok && *n != NULL; n++)
        ok = want(t, p, ir_str_z(*n));
    for (uint32_t i = 0; !t->given && ok && c != NULL && i < c->ngroup; i++)
        ok = want(t, p, field_of(c, p->rule, c->group_by[i]));
    for (size_t i = 0; !t->given && ok && c == NULL && i < f->nentity; i++)
        ok = want(t, p, f->entity[i].name);
    return ok;
}

static int find_rules(struct ir_tuning *t)
{
    struct ir_rules *rs = t->o->rules;
    const struct ir_told *f = t->o->finding;
    const uint32_t at = ir_map_find(&rs->by_ref, f->rule_id);
    uint32_t *list = calloc(ir_rules_count(rs) + 1, sizeof *list);
    if (list == NULL) return ir_fail(t->err, IR_FATAL, "out of memory");
    const uint32_t rule = at != UINT32_MAX ? rs->by_ref.items[at].value : UINT32_MAX;
    const size_t n = rule != UINT32_MAX ? ir_explain_parts(rs, rule, list, 0) : 0;
    t->part = calloc(n + 1, sizeof *t->part);
    bool ok = t->part != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        t->part[i].rule = rs->rule[list[i]];
        if (t->part[i].rule->root != NULL)
            ok = want_fields(t, &t->part[t->nparts++], rs->rule[rule]->corr);
    }
    free(list);
    if (!ok) return ir_fail(t->err, IR_FATAL, "out of memory");
    if (t->nparts > 0) return IR_OK;
    return ir_fail(t->err, IR_BAD, "its rule '%.*s' is not loaded: name its file with --rules",
                   IR_FMT(ir_str_head(f->rule_id, 80)));
}

static bool place_key(struct ir_buf *key, struct ir_str path, uint64_t offset)
{
    ir_buf_clear(key);
    ir_buf_fmt(key, "%llu:", (unsigned long long)offset);
    ir_buf_str(key, path);
    return !key->full;
}

static bool is_wanted(struct ir_tuning *t, const struct ir_event *ev, const char *path)
{
    struct ir_buf key = IR_BUF((size_t)1 << 16);
    bool found = false;
    for (uint32_t v = 0; v < ev->nviews && !found; v++)
        if (ev->views[v].back == 0 && place_key(&key, ir_str_z(path), ev->views[v].offset))
            found = ir_map_find(&t->places, ir_buf_view(&key)) != UINT32_MAX;
    ir_buf_free(&key);
    return found;
}

static bool fits(const struct ir_tuning *t, const struct ir_view *v, uint32_t rule)
{
    for (unsigned i = 0; i < v->nsources; i++)
        if (ir_groups_fits(t->o->rules->groups, rule, v->sources[i])) return true;
    return false;
}

static int on_event(void *user, const struct ir_event *event, const char *path, const char *format)
{
    struct ir_tuning *t = user;
    /* The matcher folds values into the event; the parse has no further use for it. */
    struct ir_event *ev = (struct ir_event *)(uintptr_t)event;
    bool any = false;
    (void)format;
    if (!is_wanted(t, ev, path)) return 0;
    for (size_t i = 0; i < t->nparts; i++) {
        bool done = false;
        for (uint32_t v = 0; v < ev->nviews && !done; v++) {
            done = fits(t, &ev->views[v], t->part[i].rule->number) &&
                   ir_match_rule(t->m, ev, t->part[i].rule->number, v);
            if (done) ir_tune_record(t, &t->part[i], ev, v);
        }
        any |= done;
    }
    t->r->records += any;
    return t->rc != IR_OK;
}

/* Each file once. */
static int read_records(struct ir_tuning *t)
{
    const struct ir_told *f = t->o->finding;
    const char **args = calloc(f->norigins + 1, sizeof *args);
    struct ir_map roots = {0};
    struct ir_buf key = IR_BUF((size_t)1 << 16);
    struct ir_parse_result pr = {0};
    size_t n = 0;
    bool ok = args != NULL, fresh = false;
    for (size_t i = 0; ok && i < f->norigins; i++) {
        ok = place_key(&key, f->origin[i].path, f->origin[i].offset) &&
             ir_map_put(&t->places, ir_buf_view(&key), NULL) != NULL &&
             ir_map_put(&roots, ir_tune_root(f->origin[i].path), &fresh) != NULL;
        if (ok && fresh) n++;
    }
    for (size_t i = 0; ok && i < n; i++)
        args[i] = roots.items[i].key.p;
    const struct ir_parse_options po = {.formats = t->o->formats,
                                        .format = t->o->format,
                                        .encoding = t->o->encoding,
                                        .passwords = t->o->passwords,
                                        .names = t->o->names,
                                        .reference_time = t->o->reference_time,
                                        .now = t->o->now,
                                        .zone = t->o->zone,
                                        .no_sandbox = t->o->no_sandbox,
                                        .output_fd = -1,
                                        .event = on_event,
                                        .user = t};
    int rc = ok ? ir_parse_run(args, n, &po, &pr, t->err) : IR_FATAL;
    ir_parse_free(&pr);
    ir_map_free(&roots);
    ir_buf_free(&key);
    free(args);
    if (!ok) return ir_fail(t->err, IR_FATAL, "out of memory");
    if (t->rc != IR_OK || rc != IR_OK) return t->rc != IR_OK ? t->rc : rc;
    t->r->missing = f->norigins > t->r->records ? f->norigins - t->r->records : 0;
    if (t->r->records > 0) return IR_OK;
    return ir_fail(
        t->err, IR_BAD,
        "none of its records is where it was, or its rule does not match them any more, or "
        "a filter silences them: go where %.200s can be read, and scan anew",
        f->norigins > 0 ? f->origin[0].path.p : "its log");
}

/* A random UUID, RFC 9562 version 4. */
static bool make_id(char id[37])
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) return false;
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0, n = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) id[n++] = '-';
        id[n++] = "0123456789abcdef"[b[i] >> 4];
        id[n++] = "0123456789abcdef"[b[i] & 15];
    }
    id[36] = '\0';
    return true;
}

static int write_part(struct ir_tuning *t, const struct ir_tune_part *p, struct ir_buf *out)
{
    struct ir_civil c;
    struct ir_buf title = IR_BUF(4096);
    char id[37], date[32];
    if (!make_id(id)) return ir_fail(t->err, IR_FATAL, "the system gives no random numbers");
    ir_time_to_civil(t->o->now, t->o->zone_s, &c);
    snprintf(date, sizeof date, "%04d-%02d-%02d", c.year, c.month, c.day);
    ir_buf_str(&title, IR_S("Accepted: "));
    ir_buf_str(&title, ir_str_head(p->rule->info.title, 200));
    const struct ir_filter_text text = {.title = ir_buf_view(&title),
                                        .id = ir_str_z(id),
                                        .reason = t->o->reason,
                                        .author = t->o->author,
                                        .date = ir_str_z(date),
                                        .logsource = p->rule->info.logsource,
                                        .rule = p->rule->info.id,
                                        .map = p->map,
                                        .nmaps = p->nmaps};
    const int rc = ir_filter_write(out, &text, t->err);
    ir_buf_free(&title);
    t->r->filters++;
    return rc;
}

int ir_tune(const struct ir_tune_options *o, struct ir_buf *out, struct ir_tune_result *ret_r,
            struct ir_err *err)
{
    struct ir_tuning t = {.o = o, .r = ret_r, .err = err, .m = ir_matcher_new(o->rules, true)};
    *ret_r = (struct ir_tune_result){0};
    t.given = o->fields != NULL && o->fields[0] != NULL;
    int rc = t.m != NULL ? find_rules(&t) : ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK) rc = read_records(&t);
    for (size_t i = 0; rc == IR_OK && i < t.nparts; i++)
        if (t.part[i].nmaps > 0) rc = write_part(&t, &t.part[i], out);
    for (size_t i = 0; i < t.nparts; i++)
        ir_map_free(&t.part[i].seen);
    free(t.part);
    ir_map_free(&t.places);
    ir_arena_free(&t.texts);
    ir_matcher_free(t.m);
    return rc;
}
