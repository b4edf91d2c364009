/*
 * Files of the host that tell what an intruder did or left (live_files.def), copied with all their
 * metadata. Password hashes and private keys are told by their place and by their content, and left
 * alone unless they are asked for: the exhibit is handed to others.
 */
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/io.h"
#include "evidence/collect.h"
#include "evidence/live_files.h"
#include "evidence/scope.h"

#define SNIFF_MAX ((size_t)16 << 10)

bool ir_live_is_secret(const char *path)
{
    static const char *const secret[] = {"*/shadow",
                                         "*/shadow-",
                                         "*/gshadow",
                                         "*/gshadow-",
                                         "*/opasswd",
                                         "*/ssh_host_*_key",
                                         "*/ssl/private/*",
                                         "*.key",
                                         "*.p12",
                                         "*.pfx",
                                         "*.jks",
                                         "*.keytab",
                                         "*/.gnupg/*",
                                         "*/wireguard/*",
                                         "*/ppp/*-secrets",
                                         "*/.netrc",
                                         "*/.pgpass",
                                         "*/.my.cnf",
                                         "*/wpa_supplicant*",
                                         "*/system-connections/*",
                                         "*/ipsec.secrets",
                                         "*/sasldb2",
                                         "*/krb5cc*"};
    static const char *const open[] = {"*/authorized_keys*", "*/known_hosts*",     "*/.ssh/config",
                                       "*/.ssh/rc",          "*/.ssh/environment", "*.pub"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (fnmatch(secret[i], path, 0) == 0) return true;
    if (fnmatch("*/.ssh/*", path, 0) != 0) return false;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (fnmatch(open[i], path, 0) == 0) return false;
    return true;
}

/* A private key under any name. Not in logs, where anybody could write such a line to hide one. */
static bool holds_key(int fd, const char *path)
{
    char head[SNIFF_MAX];
    ssize_t n = ir_io_pread_full(fd, head, sizeof head, 0);
    struct ir_str s = ir_str_n(head, n > 0 ? (size_t)n : 0);
    if (fnmatch("/var/log/*", path, 0) == 0) return false;
    size_t at = ir_str_find(s, IR_S("-----BEGIN "));
    return at != IR_NPOS && ir_str_find(ir_str_skip(s, at), IR_S("PRIVATE KEY")) != IR_NPOS;
}

/* For ir_collect: a directory (fd -1), or an open file. */
static const char *refuse(void *user, struct ir_str path, int fd)
{
    struct ir_live *l = user;
    struct stat st;
    const char *why = NULL;
    if (fd < 0)
        why = ir_live_excepted(l, path) ? "was excepted by the one who collected" : NULL;
    else if (fstat(fd, &st) == 0 && l->o->max_size > 0 && (uint64_t)st.st_size > l->o->max_size)
        why = "is larger than the limit that was given";
    else if (!l->o->secrets && (ir_live_is_secret(path.p) || holds_key(fd, path.p)))
        why = "is a secret (password hashes, a private key): not taken unless asked for";
    l->sum->refused += why != NULL;
    return why;
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

void ir_live_files(struct ir_live *l)
{
    const struct ir_collect_options co = {.networks = l->o->networks, .refuse = refuse, .user = l};
    const struct ir_exhibit_totals *t = ir_exhibit_totals(l->x);
    uint64_t missed = t->not_taken, refused = l->sum->refused;
    const char **v = calloc(PATHS_MAX, sizeof *v);
    glob_t g = {0};
    size_t n = v != NULL ? find(l->o->profile, &g, v, PATHS_MAX) : 0;
    if (n > 0) l->rc = ir_collect(l->x, v, n, &co, l->err);
    missed = t->not_taken - missed;
    refused = l->sum->refused - refused;
    l->sum->denied += missed > refused ? missed - refused : 0;
    globfree(&g);
    free(v);
}

uint64_t ir_live_measure(const struct ir_live_options *o)
{
    const struct ir_scope scope = {.networks = o->networks};
    const char **v = calloc(PATHS_MAX, sizeof *v);
    glob_t g = {0};
    size_t n = v != NULL ? find(o->profile, &g, v, PATHS_MAX) : 0;
    uint64_t bytes = n > 0 ? ir_scope_measure(v, n, scope) : 0;
    globfree(&g);
    free(v);
    return bytes;
}
