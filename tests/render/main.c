/*
 * Writes log lines for the rules below some paths, a file a line or audit event:
 *
 *     render DIR PATH…
 *         DIR/hit/RULE/WAY.log         fulfils the rule, in one of several ways
 *         DIR/miss/RULE/WAY-VALUE.log  the same with one byte of one value changed
 *         DIR/rules                    id, title, log source, "" or the field no line has a place
 * for
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "render.h"
#include "run/rulefiles.h"

#define MISS_WAYS   6u
#define MISS_VALUES 5u

struct out {
    const char *dir;
    unsigned number; /* of lines written */
    FILE *list;
};

/* One of the logs that can hold it: where there are several, the ways take turns. Returns the field
 * that none has a place for; p == NULL: it was written. */
static struct ir_str render(const struct ir_rule *r, unsigned way, size_t broken, unsigned number,
                            struct ir_buf *out)
{
    static bool (*const logs[])(struct wish *, unsigned, struct ir_buf *) = {
        render_audit, render_sysmon, render_web, render_syslog};
    const unsigned n = sizeof logs / sizeof *logs;
    struct ir_str lacks = IR_S("(log source)");
    struct wish w;
    for (unsigned i = 0; i < n && lacks.p != NULL; i++) {
        wish_make(r, way, &w);
        w.broken = broken;
        ir_buf_clear(out);
        if (logs[(i + way % 4 / 3) % n](&w, number, out)) lacks = wish_unused(&w);
    }
    return lacks;
}

static void write_line(struct out *o, const char *kind, const struct ir_rule_info *r,
                       const char *name, const struct ir_buf *line)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s/%.*s", o->dir, kind, IR_FMT(r->id));
    if (mkdir(path, 0777) != 0 && errno != EEXIST) exit(1);
    snprintf(path, sizeof path, "%s/%s/%.*s/%s.log", o->dir, kind, IR_FMT(r->id), name);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(line->p, 1, line->n, f) != line->n || fclose(f) != 0) exit(1);
}

static void misses(struct out *o, const struct ir_rule *r, unsigned way, struct ir_buf *line)
{
    char name[32];
    struct wish w;
    wish_make(r, way, &w);
    for (size_t i = 0; i < w.n && i < MISS_VALUES; i++) {
        if (w.v[i].val == NULL && w.v[i].exact.p == NULL) continue;
        if (render(r, way, i, o->number++, line).p != NULL) continue;
        snprintf(name, sizeof name, "%02u-%zu", way, i);
        write_line(o, "miss", &r->info, name, line);
    }
}

static void rule(struct out *o, const struct ir_rule *r)
{
    struct ir_buf line = IR_BUF(RENDER_MAX);
    struct ir_str lacks = {NULL, 0};
    char name[32], source[128];
    unsigned n = wish_ways(r), written = 0;
    for (unsigned way = 0; way < n; way++) {
        struct ir_str unused = render(r, way, WISH_UNBROKEN, o->number++, &line);
        if (unused.p != NULL) {
            lacks = unused;
            continue;
        }
        snprintf(name, sizeof name, "%02u", way);
        write_line(o, "hit", &r->info, name, &line);
        if (written++ < MISS_WAYS) misses(o, r, way, &line);
    }
    ir_logsource_text(r->info.logsource, source, sizeof source);
    if (written > 0) lacks = IR_S("");
    fprintf(o->list, "%.*s\t%.*s\t%s\t%.*s\n", IR_FMT(r->info.id), IR_FMT(r->info.title), source,
            IR_FMT(lacks));
    ir_buf_free(&line);
}

int main(int argc, char **argv)
{
    struct ir_err err = {0};
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = names ? ir_rules_new(names) : NULL;
    char path[4096];
    struct out o = {.dir = argc > 1 ? argv[1] : NULL};
    if (rs == NULL || argc < 3) {
        fprintf(stderr, "usage: render DIR PATH…\n");
        return 2;
    }
    for (int i = 2; i < argc; i++)
        if (ir_rulefiles_load(rs, argv[i], NULL, &err) != IR_OK) return 1;
    if (ir_rules_finish(rs, &err) != IR_OK) return 1;
    static const char *const parts[] = {"", "/hit", "/miss"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", o.dir, parts[i]);
        if (mkdir(path, 0777) != 0 && errno != EEXIST) return 1;
    }
    snprintf(path, sizeof path, "%s/rules", o.dir);
    o.list = fopen(path, "wb");
    for (size_t i = 0; o.list != NULL && i < ir_rules_count(rs); i++)
        if (rs->rule[i]->info.kind == IR_RULE_DETECTION) rule(&o, rs->rule[i]);
    int rc = o.list == NULL || fclose(o.list) != 0;
    ir_rules_free(rs);
    ir_names_free(names);
    return rc;
}
