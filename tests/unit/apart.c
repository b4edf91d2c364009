/*
 * evidence/apart.h: a child that dies, hangs or says too much costs its answer and nothing else; a
 * confined one cannot write where it likes.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/apart.h"
#include "run/sandbox.h"
#include "tap.h"

static const char *holds; /* in the child */

static const char *confine(const int *writable, unsigned n)
{
    return holds = ir_sandbox_enter(writable, n);
}

/* What the file says is what the child does. */
static void answer(void *user, int fd, struct ir_buf *out)
{
    char what[64] = "";
    (void)user;
    if (ir_io_pread_full(fd, what, sizeof what - 1, 0) < 0) return;
    if (strcmp(what, "die") == 0) raise(SIGKILL);
    if (strcmp(what, "hang") == 0)
        for (;;)
            pause();
    if (strcmp(what, "much") == 0)
        for (unsigned i = 0; i < 100000; i++)
            ir_buf_chr(out, 'x');
    if (strcmp(what, "write") == 0) {
        int to = open("made-by-the-child", O_WRONLY | O_CREAT, 0600);
        ir_buf_str(out, to >= 0 ? ir_str_z(holds) : IR_S("denied"));
        return;
    }
    ir_buf_str(out, ir_str_z(what));
}

static bool ask(struct ir_apart *a, const char *what, struct ir_buf *out)
{
    int fd = memfd_create("apart", MFD_CLOEXEC);
    bool good = fd >= 0 && ir_io_write_all(fd, what, strlen(what)) == 0 && ir_apart_ask(a, fd, out);
    close(fd);
    return good;
}

int main(void)
{
    const struct ir_apart_job job = {
        .answer = answer, .writable = -1, .confine = confine, .seconds = 1};
    struct ir_apart *a = ir_apart_new(&job);
    struct ir_buf out = IR_BUF(1000);
    ok(a != NULL && ask(a, "one", &out), "a question");
    is_str(ir_buf_view(&out), "one", "its answer");
    ok(!ask(a, "die", &out), "a child that dies gives none");
    ok(ask(a, "two", &out), "the next gets another child");
    is_str(ir_buf_view(&out), "two", "and its answer");
    ok(!ask(a, "hang", &out), "one that hangs is given up");
    ok(!ask(a, "much", &out), "an answer larger than there is room for");
    ok(ask(a, "", &out) && out.n == 0, "an empty answer is one");
    ok(ask(a, "write", &out), "a child that wants to write");
    if (ir_str_eq(ir_buf_view(&out), IR_S("none")))
        skip("no sandbox here");
    else
        is_str(ir_buf_view(&out), "denied", "may not");
    unlink("made-by-the-child");
    ir_apart_free(a);
    ir_buf_free(&out);
    return done();
}
