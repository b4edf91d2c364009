/*
 * Files of the host that tell what an intruder did or left (live_files.def), copied with all their
 * metadata. Secrets (live_secret.h) are left alone unless they are asked for.
 */
#include <glob.h>
#include <stdlib.h>

#include "evidence/collect.h"
#include "evidence/live_int.h"
#include "evidence/live_secret.h"

/* For ir_collect, of an open file. */
static const char *refuse(void *user, struct ir_str path, int fd)
{
    struct ir_live *l = user;
    const char *why = ir_live_secret(l, path, fd);
    return l->o->secrets ? NULL : why;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that the patterns of the profile find, without what lies below another. */
static size_t find(enum ir_live_profile profile, glob_t *g, const char **v, size_t max)
{
    static const struct {
        enum ir_live_profile profile;
        const char *pattern;
    } rows[] = {
#define IR_LIVE_FILES(profile, pattern) {profile, pattern},
#include "evidence/live_files.def"
#undef IR_LIVE_FILES
    };
    size_t n = 0;
    int flags = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].profile <= profile && glob(rows[i].pattern, flags, NULL, g) != GLOB_NOSPACE)
            flags = GLOB_APPEND;
    if (flags == 0) return 0;
    if (g->gl_pathc > 0) qsort(g->gl_pathv, g->gl_pathc, sizeof *g->gl_pathv, by_bytes);
    for (size_t i = 0; i < g->gl_pathc && n < max; i++) {
        bool below = false;
        for (size_t k = 0; k < n && !below; k++) {
            size_t len = strlen(v[k]);
            below = strncmp(v[k], g->gl_pathv[i], len) == 0 &&
                    (g->gl_pathv[i][len] == '/' || g->gl_pathv[i][len] == '\0');
        }
        if (!below) v[n++] = g->gl_pathv[i];
    }
    return n;
}

#define PATHS_MAX 4096u

struct ir_scope ir_live_scope(const struct ir_live_options *o)
{
    return (struct ir_scope){.networks = o->networks,
                             .except = o->except,
                             .nexcept = o->nexcept,
                             .max_size = o->max_size};
}

void ir_live_files(struct ir_live *l)
{
    uint64_t refused = 0;
    struct ir_filetype *types = ir_filetype_new(l->o->confine);
    const struct ir_collect_options co = {.networks = l->o->networks,
                                          .max_size = l->o->max_size,
                                          .except = l->o->except,
                                          .nexcept = l->o->nexcept,
                                          .types = types,
                                          .refuse = refuse,
                                          .user = l,
                                          .refused = &refused};
    const struct ir_exhibit_totals *t = ir_exhibit_totals(l->x);
    uint64_t missed = t->not_taken;
    const char **v = calloc(PATHS_MAX, sizeof *v);
    glob_t g = {0};
    size_t n = v != NULL ? find(l->o->profile, &g, v, PATHS_MAX) : 0;
    if (n > 0) l->rc = ir_collect(l->x, v, n, &co, l->err);
    ir_filetype_free(types);
    l->sum->refused += refused;
    l->sum->denied += t->not_taken - missed - refused;
    globfree(&g);
    free(v);
}

uint64_t ir_live_measure(const struct ir_live_options *o)
{
    const char **v = calloc(PATHS_MAX, sizeof *v);
    glob_t g = {0};
    size_t n = v != NULL ? find(o->profile, &g, v, PATHS_MAX) : 0;
    uint64_t bytes = n > 0 ? ir_scope_measure(v, n, ir_live_scope(o)) : 0;
    globfree(&g);
    free(v);
    return bytes;
}
