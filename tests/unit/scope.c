/*
 * evidence/scope.h: the size that is expected counts what a walk would take, and nothing else.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/scope.h"

#include "tap.h"

static bool file(const char *name, off_t size)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool made = fd >= 0 && ftruncate(fd, size) == 0;
    if (fd >= 0) close(fd);
    return made;
}

static void expects(uint64_t want, struct ir_scope scope, const char *what)
{
    char *here = realpath(".", NULL);
    uint64_t got = ir_scope_measure((const char *const[]){here}, 1, scope);
    ok(got == want, "%s: %llu bytes (got %llu)", what, (unsigned long long)want,
       (unsigned long long)got);
    free(here);
}

static void excepting(uint64_t want, const char *name)
{
    char *path = realpath(name, NULL);
    expects(want, (struct ir_scope){.except = (const char *const[]){path}, .nexcept = 1}, name);
    free(path);
}

int main(void)
{
    char *dir = strdup(getenv("TMPDIR"));
    ok(dir != NULL && chdir(dir) == 0 && mkdir("tree", 0700) == 0 && chdir("tree") == 0 &&
           mkdir("logs", 0700) == 0 && mkdir("logs.old", 0700) == 0 && file("logs/one", 1000) &&
           file("logs/large", 4 << 20) && file("logs.old/one", 20) && file("notes", 300),
       "a tree");
    expects(0, (struct ir_scope){.except = (const char *const[]){"/"}, .nexcept = 1}, "nothing");
    expects((4 << 20) + 1320, (struct ir_scope){0}, "all of it");
    expects((4 << 20) + 1320, (struct ir_scope){.max_size = 4 << 20}, "no file is larger");
    expects(1320, (struct ir_scope){.max_size = (4 << 20) - 1}, "one is larger");
    excepting(320, "logs");
    excepting((4 << 20) + 1300, "logs.old");
    excepting((4 << 20) + 1020, "notes");
    excepting((4 << 20) + 320, "logs/one");
    ok(link("logs/large", "again") == 0 && symlink("/etc", "elsewhere") == 0, "more names");
    expects((4 << 20) + 1320, (struct ir_scope){0}, "a file with two names, once");
    free(dir);
    return done();
}
