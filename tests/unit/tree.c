/*
 * evidence/tree.h: each object once, sorted, whatever the named paths have in common; safe names
 * that no file system takes for the same; nothing is followed; and it stops where it is told.
 */
#include "evidence/tree.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "tap.h"

static char root[PATH_MAX];

struct seen {
    struct ir_buf paths, safe, problems; /* a line each, without the root */
    const char *stop, *skip;
};

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct seen *s = user;
    struct ir_str path = ir_str_skip(e->path, strlen(root));
    ir_buf_fmt(&s->paths, "%.*s\n", (int)path.n, path.p);
    if (e->safe.n > strlen(root)) {
        struct ir_str safe = ir_str_skip(e->safe, strlen(root) - 1);
        ir_buf_fmt(&s->safe, "%.*s\n", (int)safe.n, safe.p);
    }
    if (e->problem != NULL) ir_buf_fmt(&s->problems, "%.*s\n", (int)path.n, path.p);
    if (s->stop != NULL && ir_str_eq(path, ir_str_z(s->stop))) return IR_TREE_STOP;
    return s->skip != NULL && ir_str_eq(path, ir_str_z(s->skip)) ? IR_TREE_SKIP : IR_TREE_ON;
}

/* Walks the paths, which are below the root unless they begin with "./". */
static struct seen walk(struct seen s, const char *const *paths, size_t n, bool plain, int want)
{
    char room[8][PATH_MAX + 64];
    const char *whole[8];
    const struct ir_tree_ops ops = {on_object, &s, plain};
    s.paths = s.safe = s.problems = IR_BUF(1 << 16);
    for (size_t i = 0; i < n; i++) {
        snprintf(room[i], sizeof room[i], "%s%s", paths[i][0] == '.' ? "" : root, paths[i]);
        whole[i] = room[i];
    }
    is_int(ir_tree_walk(whole, n, &ops, NULL), want, "walked");
    return s;
}

static void drop(struct seen *s)
{
    ir_buf_free(&s->paths);
    ir_buf_free(&s->safe);
    ir_buf_free(&s->problems);
}

static void make(const char *path, char type)
{
    char whole[PATH_MAX + 64];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    int rc = type == 'd'   ? mkdir(whole, 0700)
             : type == 'l' ? symlink(".", whole)
             : type == 'p' ? mkfifo(whole, 0600)
                           : close(open(whole, O_CREAT | O_WRONLY, 0600));
    if (rc != 0) exit(1);
}

static void test_order(void)
{
    static const char all[] = "/t\n/t/B\n/t/B/x\n/t/a\n/t/b\n/t/loop\n/t/p\n/t/z\n";
    static const char *const one[] = {"/t"}, *const many[] = {"/t/b",   "/t/B/", "/t/.",
                                                              "/t/B/x", "/t/b",  "/t//"};
    struct seen s = walk((struct seen){0}, one, 1, false, IR_OK);
    is_str(ir_buf_view(&s.paths), all, "sorted, before what is in it, and no link followed");
    is_str(ir_buf_view(&s.safe), "/t\n/t/B\n/t/B/x\n/t/a\n/t/=62\n/t/loop\n/t/p\n/t/z\n",
           "twins have different names");
    drop(&s);
    s = walk((struct seen){0}, many, 6, false, IR_OK);
    is_str(ir_buf_view(&s.paths), "/t/b\n/t/B\n/t/B/x\n/t\n/t/a\n/t/loop\n/t/p\n/t/z\n",
           "each once");
    is_str(ir_buf_view(&s.safe), "/t/b\n/t/=42\n/t/=42/x\n/t\n/t/a\n/t/loop\n/t/p\n/t/z\n",
           "twins among the named too");
    drop(&s);
    s = walk((struct seen){0}, one, 1, true, IR_OK);
    is_int((long long)s.safe.n, 0, "plain: no safe names");
    drop(&s);
    if (chdir(root) != 0) exit(1);
    s = walk((struct seen){0}, (const char *const[]){"./t/../t/B", "./t/loop/"}, 2, false, IR_OK);
    is_str(ir_buf_view(&s.paths), "/t/B\n/t/B/x\n/t/loop\n", "relative, and a link with a slash");
    drop(&s);
}

static void test_answers(void)
{
    static const char *const one[] = {"/t"}, *const gone[] = {"/t", "/t/none", "/none/x"};
    struct seen s = walk((struct seen){.skip = "/t/B"}, one, 1, false, IR_OK);
    ok(ir_str_find(ir_buf_view(&s.paths), IR_S("/t/B/x")) == IR_NPOS, "not into what is skipped");
    drop(&s);
    s = walk((struct seen){.stop = "/t/a"}, one, 1, false, IR_FATAL);
    is_str(ir_buf_view(&s.paths), "/t\n/t/B\n/t/B/x\n/t/a\n", "no further");
    drop(&s);
    s = walk((struct seen){0}, gone, 3, false, IR_OK);
    is_str(ir_buf_view(&s.problems), "/t/none\n/none/x\n", "what is not there is told");
    drop(&s);
}

static void test_absolute(void)
{
    struct ir_buf b = IR_BUF(4096);
    char want[PATH_MAX + 8];
    static const char *const same[] = {"./t", "t", "t/", "./t//", "t/../t", "t/.", "t/loop/."};
    snprintf(want, sizeof want, "%s/t", root);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        ir_buf_clear(&b);
        ok(ir_tree_absolute(same[i], &b), "a path");
        is_str(ir_buf_view(&b), want, "%s", same[i]);
    }
    ir_buf_clear(&b);
    ok(ir_tree_absolute("/", &b), "the root");
    is_str(ir_buf_view(&b), "/", "is itself");
    ok(!ir_tree_absolute("none/x", &b), "no such directory");
    ir_buf_free(&b);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[200];
    snprintf(path, sizeof path, "%s/tree-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(mkdtemp(path) != NULL && realpath(path, root) != NULL, "a directory")) return done();
    make("/t", 'd');
    make("/t/z", 'f');
    make("/t/a", 'f');
    make("/t/b", 'f');
    make("/t/B", 'd');
    make("/t/B/x", 'f');
    make("/t/loop", 'l');
    make("/t/p", 'p');
    test_order();
    test_answers();
    test_absolute();
    ir_fs_remove_tree(AT_FDCWD, root);
    return done();
}
