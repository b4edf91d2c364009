/*
 * Loading of described formats. See formats_load.h; reading them is run/formatfiles.h.
 */
#include "formats_load.h"

#include <sys/stat.h>

#include "base/intl.h"
#include "run/formatfiles.h"
#include "sink.h"
#include "where.h"

#define PATH_BYTES ((size_t)1 << 16)
#define WORDS_MAX  512u

static int load(struct formats *f, const struct cmd *cmd, const char *path)
{
    struct ir_err err = {0};
    if (ir_formatfiles_load(f->set, path, NULL, &err) == IR_OK) return IR_EXIT_OK;
    say(cmd, _("cannot read formats: %s: %s"), path, ir_local(err.msg));
    return IR_EXIT_FAILED;
}

/* formats/ in a directory of rules; few have one. */
static int load_below(struct formats *f, const struct cmd *cmd, const char *rules)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    struct stat st;
    int status = IR_EXIT_OK;
    ir_buf_str(&path, ir_str_z(rules));
    ir_buf_str(&path, IR_S("/formats"));
    if (!path.full && stat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) status = load(f, cmd, path.p);
    ir_buf_free(&path);
    return status;
}

static void say_notes(const struct formats *f, const struct cmd *cmd)
{
    for (size_t i = 0; i < ir_described_notes(f->set); i++) {
        const struct ir_described_note *n = ir_described_note(f->set, i);
        if (!n->warning)
            say(cmd, _("format left out: %s:%llu: %s"), n->path, (unsigned long long)n->line,
                ir_local(n->reason));
    }
}

int formats_open(struct formats *f, const struct cmd *cmd, const struct env *env,
                 const struct opt_list *paths, const struct opt_list *rules)
{
    struct ir_buf own = IR_BUF(PATH_BYTES);
    int status = IR_EXIT_OK;
    *f = (struct formats){.set = ir_described_new()};
    if (f->set == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    for (size_t i = 0; paths != NULL && i < paths->n && status == IR_EXIT_OK; i++)
        status = load(f, cmd, paths->v[i]);
    for (size_t i = 0; rules != NULL && i < rules->n && status == IR_EXIT_OK; i++)
        status = load_below(f, cmd, rules->v[i]);
    if (status == IR_EXIT_OK && env->home != NULL) status = load_below(f, cmd, env->home);
    if (status == IR_EXIT_OK && default_rules(&own)) status = load_below(f, cmd, own.p);
    ir_buf_free(&own);
    if (status == IR_EXIT_OK && ir_described_finish(f->set) != IR_OK) {
        say(cmd, _("out of memory"));
        status = IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK) say_notes(f, cmd);
    f->list = ir_described_formats(f->set);
    return status;
}

int formats_named(const struct formats *f, const struct cmd *cmd, const char *name,
                  const struct ir_format **ret_fmt)
{
    const char *words[WORDS_MAX];
    *ret_fmt = name != NULL ? ir_formats_find(f->list, ir_str_z(name)) : NULL;
    if (name == NULL || *ret_fmt != NULL) return IR_EXIT_OK;
    size_t n = 0;
    for (; n < f->list->n && n < WORDS_MAX; n++)
        words[n] = f->list->list[n]->name;
    const char *near = opt_nearest(name, words, n);
    if (near != NULL)
        say(cmd, _("--format: %s: unknown: did you mean %s?"), name, near);
    else
        say(cmd, _("--format: %s: unknown: see ir formats"), name);
    return IR_EXIT_USAGE;
}

void formats_close(struct formats *f)
{
    ir_described_free(f->set);
    *f = (struct formats){NULL, NULL};
}
