/*
 * The rule sets of a workspace: found, loaded, removed. See ruleset.h; they are made by import.c.
 */
#include "run/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/intl.h"
#include "rules/set.h"
#include "run/rulefiles.h"
#include "run/ruleset_int.h"

#define PATH_BYTES ((size_t)1 << 16)

bool ir_ruleset_name_ok(struct ir_str name)
{
    if (name.n == 0 || name.n > IR_RULESET_NAME_MAX || !ir_isalnum(name.p[0])) return false;
    for (size_t i = 0; i < name.n; i++) {
        const char c = name.p[i];
        if (!ir_isdigit(c) && !(c >= 'a' && c <= 'z') && (c == '\0' || !strchr("._+-", c)))
            return false;
    }
    return true;
}

void ir_ruleset_path(struct ir_buf *b, const char *home, const char *name)
{
    ir_buf_clear(b);
    ir_buf_str(b, ir_str_z(home));
    ir_buf_str(b, IR_S("/rules"));
    if (name != NULL) ir_buf_chr(b, '/');
    if (name != NULL) ir_buf_str(b, ir_str_z(name));
}

static void set_problem(struct ir_ruleset *set, const char *name, bool foreign, const char *what)
{
    *set = (struct ir_ruleset){.foreign = foreign};
    memcpy(set->name, name, ir_str_head(ir_str_z(name), IR_RULESET_NAME_MAX).n);
    memcpy(set->problem, what, ir_str_head(ir_str_z(what), sizeof set->problem - 1).n);
}

/* manifest.json or SHA256SUMS of a set. */
static int read_part(const char *home, const char *name, const char *part, struct ir_buf *text,
                     struct ir_err *err)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    ir_ruleset_path(&path, home, name);
    ir_buf_str(&path, ir_str_z(part));
    int rc =
        path.full ? ir_fail(err, IR_FATAL, "out of memory") : ir_rulefiles_read(path.p, text, err);
    ir_buf_free(&path);
    return rc;
}

/* The directory is there. */
static int open_set(const char *home, const char *name, struct ir_ruleset *set)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    struct ir_err err = {0};
    int rc = read_part(home, name, "/manifest.json", &text, &err);
    if (rc == IR_BAD)
        set_problem(
            set, name, true,
            N_("no rule set: it has no manifest.json that can be read; rules are put here by "
               "ir rules import"));
    else if (rc == IR_OK &&
             (!ir_ruleset_parse(ir_buf_view(&text), set) || strcmp(set->name, name) != 0))
        set_problem(set, name, false,
                    N_("its manifest.json is damaged: import the rule set again"));
    ir_buf_free(&text);
    return rc == IR_FATAL ? rc : IR_OK;
}

int ir_ruleset_open(const char *home, const char *name, struct ir_ruleset *ret_set)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    struct stat st;
    if (!ir_ruleset_name_ok(ir_str_z(name))) return IR_END;
    ir_ruleset_path(&path, home, name);
    int rc = path.full ? IR_FATAL : IR_OK;
    if (rc == IR_OK && (lstat(path.p, &st) < 0 || !S_ISDIR(st.st_mode))) rc = IR_END;
    ir_buf_free(&path);
    return rc == IR_OK ? open_set(home, name, ret_set) : rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ir_ruleset *)a)->name, ((const struct ir_ruleset *)b)->name);
}

static int list_names(DIR *d, const char *home, struct ir_ruleset **v, size_t *n)
{
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.') continue; /* ours while an import runs, or an earlier version */
        struct ir_ruleset *more = realloc(*v, (*n + 1) * sizeof *more);
        if (more == NULL) return IR_FATAL;
        *v = more;
        int rc = ir_ruleset_open(home, e->d_name, &more[*n]);
        if (rc == IR_FATAL) return rc;
        if (rc == IR_END)
            set_problem(&more[*n], e->d_name, true,
                        N_("no rule set: rules are put here by ir rules import; name your own with "
                           "--rules"));
        ++*n;
    }
    return IR_OK;
}

/* Another user's home in the environment must not keep the other rules from being used. */
static int list_unreadable(struct ir_ruleset **v, size_t *n)
{
    *v = malloc(sizeof **v);
    if (*v == NULL) return IR_FATAL;
    *n = 1;
    set_problem(*v, "", true,
                N_("the rule sets of the workspace cannot be read: run it as their owner, or name "
                   "another workspace in IR_HOME"));
    return IR_OK;
}

int ir_rulesets_list(const char *home, struct ir_ruleset **ret_v, size_t *ret_n, struct ir_err *err)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    int rc = IR_OK;
    *ret_v = NULL;
    *ret_n = 0;
    ir_ruleset_path(&path, home, NULL);
    ir_err_at(err, path.p, -1, 0);
    DIR *d = path.full ? NULL : opendir(path.p);
    if (d == NULL && errno != ENOENT && errno != ENOTDIR) rc = list_unreadable(ret_v, ret_n);
    if (d != NULL) rc = list_names(d, home, ret_v, ret_n);
    if (rc != IR_OK) ir_fail(err, rc, "out of memory");
    if (d != NULL) closedir(d);
    ir_buf_free(&path);
    if (*ret_n > 1) qsort(*ret_v, *ret_n, sizeof **ret_v, by_name);
    return rc;
}

struct loading {
    struct ir_rules *rs;
    struct ir_ruleset *set;
    struct ir_buf path, text;
    size_t dir; /* length of the set's directory in path */
    size_t *files;
};

static void fail_at(struct loading *l, const char *what)
{
    ir_rules_fail(l->rs, l->path.p, 0, what);
    l->set->changed++;
}

static int load_file(void *user, struct ir_str name, struct ir_str digest)
{
    struct loading *l = user;
    struct ir_err err = {0};
    char hex[65];
    if (!ir_rulefiles_is_rules(name)) return IR_OK; /* a licence */
    l->path.n = l->dir;
    ir_buf_chr(&l->path, '/');
    ir_buf_str(&l->path, name);
    if (l->path.full) return IR_FATAL;
    int rc = ir_rulefiles_read(l->path.p, &l->text, &err);
    if (rc == IR_BAD) {
        fail_at(l, err.msg);
        return IR_OK;
    }
    if (rc != IR_OK || !ir_ruleset_digest(ir_buf_view(&l->text), hex)) return IR_FATAL;
    if (!ir_str_eq(ir_str_z(hex), digest))
        fail_at(l, N_("not as it was imported: its SHA-256 differs; it is used as it is"));
    if (l->files != NULL) ++*l->files;
    return ir_rules_add(l->rs, l->path.p, ir_buf_view(&l->text));
}

int ir_ruleset_load(struct ir_rules *rs, const char *home, struct ir_ruleset *set,
                    size_t *ret_files)
{
    struct loading l = {.rs = rs,
                        .set = set,
                        .path = IR_BUF(PATH_BYTES),
                        .text = IR_BUF(IR_RULE_FILE_MAX + 2),
                        .files = ret_files};
    struct ir_buf sums = IR_BUF(IR_RULE_FILE_MAX + 2);
    struct ir_err err = {0};
    char hex[65];
    const size_t before = rs->nrules;
    ir_ruleset_path(&l.path, home, set->name);
    l.dir = l.path.n;
    set->changed = 0;
    int rc = l.path.full ? IR_FATAL : IR_OK;
    if (rc == IR_OK && set->problem[0] != '\0') {
        fail_at(&l, set->problem);
    } else if (rc == IR_OK) {
        rc = read_part(home, set->name, "/SHA256SUMS", &sums, &err);
        if (rc == IR_OK && !ir_ruleset_digest(ir_buf_view(&sums), hex)) rc = IR_FATAL;
        if (rc == IR_OK && strcmp(hex, set->tree_sha256) != 0)
            fail_at(&l, N_("its SHA256SUMS is not as it was imported: import the rule set again"));
        if (rc == IR_OK) rc = ir_ruleset_each(ir_buf_view(&sums), load_file, &l);
        if (rc == IR_BAD) {
            l.path.n = l.dir;
            l.path.p[l.dir] = '\0';
            fail_at(&l, N_("its SHA256SUMS is damaged: import the rule set again"));
            rc = IR_OK;
        }
    }
    set->loaded = rs->nrules - before;
    ir_buf_free(&sums);
    ir_buf_free(&l.text);
    ir_buf_free(&l.path);
    return rc;
}

int ir_ruleset_remove(const char *home, const char *name, struct ir_err *err)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    struct ir_ruleset set;
    int rc = ir_ruleset_open(home, name, &set);
    ir_err_at(err, name, -1, 0);
    if (rc != IR_OK) return rc;
    if (set.foreign) return ir_fail(err, IR_BAD, "%s", set.problem);
    ir_ruleset_path(&path, home, NULL);
    int dir = path.full ? -1 : open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ir_buf_free(&path);
    if (dir < 0)
        return ir_fail(err, IR_BAD, "the rule sets cannot be read: %-s", ir_errno_text(errno));
    /* under a name that no scan looks at: a crash leaves no half of a set */
    int n = flock(dir, LOCK_EX | LOCK_NB) < 0 ? -errno : ir_fs_remove_tree(dir, ".new");
    if (n == 0) n = renameat(dir, name, dir, ".new") < 0 ? -errno : ir_fs_remove_tree(dir, ".new");
    close(dir);
    return n < 0 ? ir_fail(err, IR_BAD, "it cannot be removed: %-s", ir_errno_text(-n)) : IR_OK;
}
