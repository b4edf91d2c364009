/*
 * Timelines of the file systems: first of the directories for temporary files, which are gone with
 * the next start, then of everything. Names and times only; nothing is opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/bodyfile.h"
#include "evidence/live_int.h"
#include "evidence/scope.h"

struct walk {
    struct ir_live_out out;
    struct ir_scope scope;
};

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct walk *w = user;
    struct ir_live *l = w->out.l;
    struct ir_str target = IR_S("");
    enum ir_tree_answer answer = IR_TREE_ON;
    if (l->rc != IR_OK) return IR_TREE_STOP;
    if (e->problem != NULL) {
        bool gone = strcmp(e->problem, ir_errno_text(ENOENT)) == 0;
        ir_live_miss(l, e->path, gone ? IR_LIVE_VANISHED : IR_LIVE_DENIED, e->problem);
        return IR_TREE_ON;
    }
    if (S_ISLNK(e->st->stx_mode) && ir_live_link(e->dirfd, e->name, &l->link) == 0)
        target = ir_buf_view(&l->link);
    if (S_ISDIR(e->st->stx_mode)) {
        const char *why = ir_scope_refuses(&w->scope, e);
        if (why != NULL) {
            ir_live_miss(l, e->path, IR_LIVE_REFUSED, why);
            answer = IR_TREE_SKIP;
        }
    }
    ir_bodyfile_line(&w->out.b, NULL, e->path, target, e->st);
    ir_live_out_flush(&w->out);
    return answer;
}

static void walk(struct ir_live *l, const char *const *paths, size_t n)
{
    struct walk w = {.scope = ir_live_scope(l->o)};
    const struct ir_tree_ops ops = {.object = on_object, .user = &w, .plain = true};
    ir_live_out_open(l, &w.out, "bodyfile.txt", "names and times of the file systems");
    if (l->rc == IR_OK && ir_tree_walk(paths, n, &ops, l->err) != IR_OK) l->rc = IR_FATAL;
    ir_live_out_close(&w.out);
}

void ir_live_temporary(struct ir_live *l)
{
    static const char *const all[] = {"/dev/shm", "/run", "/tmp", "/var/tmp"};
    const char *paths[4];
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        if (faccessat(AT_FDCWD, all[i], F_OK, AT_EACCESS) == 0) paths[n++] = all[i];
    if (n > 0) walk(l, paths, n);
}

void ir_live_filesystem(struct ir_live *l)
{
    static const char *const root[] = {"/"};
    walk(l, root, 1);
}
