/*
 * Test builds only: what a hijacked parser would try. Called when a log holds a probe record.
 */
#include "run/sandbox.h"

#ifdef IR_TESTING
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char *name, bool allowed)
{
    char line[80];
    int n = snprintf(line, sizeof line, "probe %s %s\n", name, allowed ? "ALLOWED" : "denied");
    if (write(2, line, (size_t)n) < 0) return;
}

void ir_sandbox_probe(void)
{
    char *const argv[] = {(char *)"true", NULL};
    void *p;
    say("socket_inet", socket(AF_INET, SOCK_STREAM, 0) >= 0);
    say("socket_unix", socket(AF_UNIX, SOCK_DGRAM, 0) >= 0);
    /* ir-probe-file is there when the test made it: what is not there cannot be refused. */
    say("create", open("ir-probe-new", O_WRONLY | O_CREAT, 0600) >= 0);
    say("open_write", open("ir-probe-file", O_WRONLY) >= 0);
    say("open_truncate", open("ir-probe-file", O_RDONLY | O_TRUNC) >= 0);
    say("open_readwrite", open("/proc/self/mem", O_RDWR) >= 0);
    say("truncate", truncate("ir-probe-file", 0) == 0);
    say("chmod", chmod("ir-probe-file", 0777) == 0);
    say("link", link("ir-probe-file", "ir-probe-link") == 0);
    say("symlink", symlink("ir-probe-file", "ir-probe-symlink") == 0);
    say("mkdir", mkdir("ir-probe-dir", 0700) == 0);
    bool renamed = rename("ir-probe-file", "ir-probe-2") == 0;
    say("rename", renamed);
    say("unlink", unlink(renamed ? "ir-probe-2" : "ir-probe-file") == 0);
    p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    say("mmap_exec", p != MAP_FAILED);
    say("kill", kill(getppid(), 0) == 0);
    pid_t child = fork();
    if (child == 0) _exit(0);
    say("fork", child > 0);
    execve("/bin/true", argv, argv + 1);
    say("exec", false); /* an exec that worked would not be here */
}
#else
typedef int ir_no_probe; /* a file must hold something */
#endif
