/*
 * What the user named becomes the list of inputs: order, rotated sets, doubles, and what is not
 * taken.
 */
#include "source/input.h"

#include <sys/stat.h>

#include "packed.h"
#include "source/rotate.h"
#include "tap.h"

static void names(void)
{
    static const struct {
        const char *name, *set;
        enum ir_rotation kind;
        uint64_t key;
    } cases[] = {
        {"auth.log", "auth.log", IR_ROT_LIVE, 0},
        {"auth.log.1", "auth.log", IR_ROT_NUMBER, UINT64_MAX - 1},
        {"auth.log.0", "auth.log", IR_ROT_NUMBER, UINT64_MAX},
        {"auth.log.12.gz", "auth.log", IR_ROT_NUMBER, UINT64_MAX - 12},
        {"auth.log.2.xz", "auth.log", IR_ROT_NUMBER, UINT64_MAX - 2},
        {"auth.log.3.zst", "auth.log", IR_ROT_NUMBER, UINT64_MAX - 3},
        {"auth.log.4.bz2", "auth.log", IR_ROT_NUMBER, UINT64_MAX - 4},
        {"app.1.log", "app.log", IR_ROT_NUMBER, UINT64_MAX - 1},
        {"messages-20261101", "messages", IR_ROT_DATE, 20261101000000},
        {"messages-20261101.gz", "messages", IR_ROT_DATE, 20261101000000},
        {"messages-2026110113", "messages", IR_ROT_DATE, 20261101130000},
        {"messages-202611011359", "messages", IR_ROT_DATE, 20261101135900},
        {"messages-20261101-1793500000.gz", "messages", IR_ROT_DATE, 20261101000000},
        {"app-20261101.log", "app.log", IR_ROT_DATE, 20261101000000},
        {"catalina.2026-11-01.log", "catalina.log", IR_ROT_DATE, 20261101000000},
        {"catalina.out.2026-11-01", "catalina.out", IR_ROT_DATE, 20261101000000},
        {"access.2026-11-01-13", "access", IR_ROT_DATE, 20261101000000},
        {"access_log.1793500000", "access_log", IR_ROT_DATE, 1793500000},
        /* no rotation */
        {"auth.log.gz", "auth.log.gz", IR_ROT_LIVE, 0},
        {"messages-20261301", "messages-20261301", IR_ROT_LIVE, 0},
        {"messages-2026110124", "messages-2026110124", IR_ROT_LIVE, 0},
        {"10.0.0.5", "10.0.0.5", IR_ROT_LIVE, 0},
        {"10.0.0.5.log", "10.0.0.5.log", IR_ROT_LIVE, 0},
        {"10.0.0.5.1", "10.0.0.5", IR_ROT_NUMBER, UINT64_MAX - 1},
        {"app-1.2.3.log", "app-1.2.3.log", IR_ROT_LIVE, 0},
        {"20261101", "20261101", IR_ROT_LIVE, 0},
        {".1", ".1", IR_ROT_LIVE, 0},
        {"-20261101", "-20261101", IR_ROT_LIVE, 0},
        {".gz", ".gz", IR_ROT_LIVE, 0},
        {".log", ".log", IR_ROT_LIVE, 0},
        {"", "", IR_ROT_LIVE, 0},
        {"x.99999999999999999999", "x.99999999999999999999", IR_ROT_LIVE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ir_rotated r;
        struct ir_buf set = IR_BUF(1000);
        ir_rotate_parse(ir_str_z(cases[i].name), &r);
        ir_buf_str(&set, r.stem);
        ir_buf_str(&set, r.ext);
        is_str(ir_buf_view(&set), cases[i].set, "set of '%s'", cases[i].name);
        is_int(r.kind, cases[i].kind, "kind of '%s'", cases[i].name);
        is_int((long long)r.key, (long long)cases[i].key, "key of '%s'", cases[i].name);
        ir_buf_free(&set);
    }
}

/* "path path* | path!reason" : a star ends a set, '!' marks a note that counts as unreadable, '~'
 * another. */
static struct ir_buf listing(const char *const *args)
{
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_inputs *in = ir_inputs_new();
    for (; *args; args++)
        ir_inputs_add(in, *args, NULL);
    ok(ir_inputs_finish(in) == IR_OK, "finish");
    for (size_t i = 0; i < ir_inputs_count(in); i++) {
        const struct ir_input *p = ir_inputs_get(in, i);
        ir_buf_fmt(&b, "%s%s%s", i ? " " : "", p->path, p->set_last ? "*" : "");
        if (i > 0 && p->set != ir_inputs_get(in, i - 1)->set + ir_inputs_get(in, i - 1)->set_last)
            ir_buf_fmt(&b, "(set %u?)", p->set);
    }
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *n = ir_inputs_note(in, i);
        ir_buf_fmt(&b, " | %s%s%s", n->path, n->kind == IR_NOTE_UNREADABLE ? "!" : "~", n->reason);
    }
    ir_inputs_free(in);
    return b;
}

#define LIST(want, what, ...)                                                                      \
    do {                                                                                           \
        const char *const args_[] = {__VA_ARGS__, NULL};                                           \
        struct ir_buf b_ = listing(args_);                                                         \
        is_str(ir_buf_view(&b_), want, what);                                                      \
        ir_buf_free(&b_);                                                                          \
    } while (0)

static void sets(void)
{
    static const char *const files[] = {"a/auth.log",      "a/auth.log.1", "a/auth.log.10.gz",
                                        "a/auth.log.2.gz", "a/b/x",        "a/m-20261101",
                                        "a/m-20261025.gz", "a/m",          "a/B",
                                        "a/auth.log.1x"};
    if (mkdir("a", 0755) != 0 || mkdir("a/b", 0755) != 0) abort();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        write_file(files[i], IR_S("x\n"));
    LIST("a/B* a/auth.log.10.gz a/auth.log.2.gz a/auth.log.1 a/auth.log* a/auth.log.1x* a/b/x* "
         "a/m-20261025.gz a/m-20261101 a/m*",
         "a directory: byte order, sets oldest first", "a");
    LIST("a/auth.log.2.gz a/auth.log.1 a/auth.log* a/m*", "named one by one, in any order",
         "a/auth.log", "a/m", "a/auth.log.2.gz", "a/auth.log.1");
    LIST("a/m* a/auth.log.10.gz a/auth.log.2.gz a/auth.log.1 a/auth.log* a/auth.log.1x*", "a glob",
         "a/m", "a/auth*");
    LIST("a/auth.log.1 ./a/auth.log*", "one directory by two names", "./a/auth.log",
         "a/auth.log.1");
    LIST("a/m* a/b/x* | a/m~the same file as a/m", "named twice", "a/m", "a/b/x", "a/m");
    LIST("a/b/x* | a/b~a directory that was already entered", "a directory named twice", "a/b",
         "a/b");
    write_file("*", IR_S("literal\n"));
    LIST("**", "an argument that exists is no pattern", "*");
    unlink("*");
    LIST(" | q*!no file fits this pattern", "a pattern that fits nothing", "q*");
    LIST(" | q!no such file or directory", "a file that is not there", "q");
    LIST("-* a/m* | -~standard input was already named", "standard input once", "-", "a/m", "-");
    struct ir_inputs *in = ir_inputs_new();
    struct ir_err err = {0};
    is_int(ir_inputs_add(in, "q", &err), IR_BAD, "the caller is told at once");
    ok(strcmp(err.input, "q") == 0, "with the name");
    is_int(ir_inputs_add(in, "a/m", &err), IR_OK, "and goes on");
    is_int(ir_inputs_finish(in), IR_OK, "finish");
    const struct ir_input *p = ir_inputs_get(in, 0);
    ok(p && p->size == 2 && p->mtime > INT64_C(1500000000000000000) && p->ino != 0 &&
           p->spool_fd == -1,
       "size, time and identity are filled");
    ok(ir_inputs_get(in, 1) == NULL, "no second one");
    ir_inputs_free(in);
}

static void odd_things(void)
{
    if (mkdir("o", 0755) != 0 || mkfifo("o/fifo", 0600) != 0 || symlink("..", "o/up") != 0 ||
        symlink("nowhere", "o/dangling") != 0 || symlink("self", "o/self") != 0 ||
        symlink("../a/m", "o/link") != 0 || mkdir("o/deep", 0755) != 0)
        abort();
    write_file("o/plain", IR_S(""));
    if (link("o/plain", "o/twin") != 0) abort();
    LIST("o/link* o/plain* | o/dangling~a dangling symbolic link | o/fifo~a FIFO | "
         "o/self~a loop of symbolic links | o/twin~the same file as o/plain | "
         "o/up~a symbolic link to a directory",
         "odd things in a directory", "o");
    LIST("o/plain* | o/fifo!a FIFO (to read from it, give it as standard input: -)",
         "a FIFO by name", "o/fifo", "o/plain");
    LIST(" | o/dangling!a dangling symbolic link", "a dangling link by name", "o/dangling");
    LIST(" | o/self!a loop of symbolic links", "a looping link by name", "o/self");
    LIST(" | /dev/null!a character device", "a device by name", "/dev/null");
    LIST(" | o/dangling!a dangling symbolic link", "a dangling link by pattern", "o/d[a]ngling");
    if (symlink("a", "to-a") != 0) abort();
    LIST("to-a/b/x*", "a link that the user named is followed", "to-a/b");
    if (chmod("o/plain", 0) == 0 && access("o/plain", R_OK) != 0) {
        LIST(" | o/plain!permission denied", "permission", "o/plain");
    } else {
        skip("permissions do not bind root");
    }
}

/* A link beside its file: the file is read under its own name, whichever name comes first. */
static void links(void)
{
    if (mkdir("l", 0755) != 0 || mkdir("l/in", 0755) != 0 || mkdir("out", 0755) != 0) abort();
    write_file("l/m.log", IR_S("x\n"));
    write_file("out/far.log", IR_S("x\n"));
    if (symlink("m.log", "l/a.log") != 0 || symlink("../m.log", "l/in/z.log") != 0 ||
        symlink("m.log", "l/z.log") != 0 || symlink("a.log", "l/b.log") != 0 ||
        symlink("../out/far.log", "l/far1.log") != 0 ||
        symlink("../out/far.log", "l/far2.log") != 0)
        abort();
    LIST("l/far1.log* l/m.log* | l/b.log~a symbolic link: the same file as l/a.log | "
         "l/far2.log~a symbolic link: the same file as l/far1.log | "
         "l/in/z.log~a symbolic link: the same file as l/a.log | "
         "l/a.log~a symbolic link: the same file as l/m.log | "
         "l/z.log~a symbolic link: the same file as l/m.log",
         "links beside their file, and out of the tree", "l");
    LIST("l/m.log* | l/a.log~a symbolic link: the same file as l/m.log", "a link, then its file",
         "l/a.log", "l/m.log");
    LIST("l/m.log* | l/a.log~a symbolic link: the same file as l/m.log", "a file, then its link",
         "l/m.log", "l/a.log");
    LIST("l/a.log*", "a link alone", "l/a.log");
    LIST("out/far.log* | l/far1.log~a symbolic link: the same file as out/far.log",
         "a link, and the directory that it leads to", "l/far1.log", "out");
    if (link("l/m.log", "l/c.log") != 0) abort();
    LIST("l/c.log* | l/a.log~a symbolic link: the same file as l/c.log | "
         "l/m.log~the same file as l/c.log",
         "two hard links and a symbolic one", "l/a.log", "l/c.log", "l/m.log");
}

/* Deeper than a path may be long, and deeper than the limit. */
static void deep(void)
{
    char name[201];
    int fds[IR_INPUT_DEPTH_MAX + 4], n = 0;
    memset(name, 'd', 200);
    name[200] = '\0';
    if (mkdir("deep", 0755) != 0 || (fds[n++] = open("deep", O_PATH | O_CLOEXEC)) < 0) abort();
    for (; n < (int)IR_INPUT_DEPTH_MAX + 3; n++) {
        if (mkdirat(fds[n - 1], name, 0755) != 0) abort();
        fds[n] = openat(fds[n - 1], name, O_PATH | O_CLOEXEC);
        if (n == 60) close(openat(fds[n], "log", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    }
    struct ir_inputs *in = ir_inputs_new();
    ir_inputs_add(in, "deep", NULL);
    ir_inputs_finish(in);
    is_int((long long)ir_inputs_count(in), 1, "the file 60 directories down is listed");
    is_int((long long)ir_inputs_notes(in), 1, "the depth limit is noted");
    ok(ir_inputs_note(in, 0)->kind == IR_NOTE_UNREADABLE &&
           strstr(ir_inputs_note(in, 0)->reason, "deep"),
       "as unreadable: %s", ir_inputs_note(in, 0)->reason);
    struct ir_reader *r;
    struct ir_err err = {0};
    if (is_int(ir_reader_open(ir_inputs_get(in, 0), &r, &err), IR_OK, "and can be opened %s",
               err.msg))
        ir_reader_close(r);
    ir_inputs_free(in);
    while (n-- > 1) {
        unlinkat(fds[n], "log", 0);
        unlinkat(fds[n - 1], name, AT_REMOVEDIR);
        close(fds[n]);
    }
    close(fds[0]);
    rmdir("deep");
}

#ifdef IR_TINY
static void limits(void)
{
    char path[64];
    if (mkdir("many", 0755) != 0) abort();
    for (unsigned i = 0; i < IR_INPUT_COUNT_MAX + 20; i++) {
        snprintf(path, sizeof path, "many/%05u", i);
        write_file(path, IR_S(""));
    }
    struct ir_inputs *in = ir_inputs_new();
    ir_inputs_add(in, "many", NULL);
    ir_inputs_finish(in);
    is_int((long long)ir_inputs_count(in), IR_INPUT_COUNT_MAX, "the list has a limit");
    is_int((long long)ir_inputs_notes(in), 1, "which is noted once");
    ok(ir_inputs_note(in, 0)->kind == IR_NOTE_UNREADABLE, "as unreadable");
    for (unsigned i = 0; i < 2 * IR_INPUT_NOTES_MAX; i++)
        ir_inputs_add(in, "no such thing", NULL);
    is_int((long long)ir_inputs_notes(in), IR_INPUT_NOTES_MAX + 1, "notes have a limit too");
    ir_inputs_free(in);
}
#endif

int main(void)
{
    char dir[64];
    own_dir(dir);
    names();
    sets();
    odd_things();
    links();
    deep();
#ifdef IR_TINY
    limits();
#endif
    gone_dir(dir);
    return done();
}
