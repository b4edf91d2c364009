/*
 * Questions to a child (see apart.h), over a pair of sockets: a byte with the descriptor in one
 * direction (unix(7), SCM_RIGHTS), a length of eight bytes and the text in the other.
 */
#include "evidence/apart.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

#define ANSWER_MAX ((size_t)64 << 20)

struct ir_apart {
    struct ir_apart_job job;
    pid_t pid; /* 0: none runs */
    int sock;
};

union control {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

static bool send_file(int sock, int fd)
{
    char byte = 'f';
    struct iovec io = {&byte, 1};
    union control c = {.head = {.cmsg_len = CMSG_LEN(sizeof fd),
                                .cmsg_level = SOL_SOCKET,
                                .cmsg_type = SCM_RIGHTS}};
    struct msghdr m = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = c.room, .msg_controllen = sizeof c.room};
    memcpy(CMSG_DATA(&c.head), &fd, sizeof fd);
    ssize_t n;
    do
        n = sendmsg(sock, &m, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

/* -1: nobody asks any more. */
static int receive_file(int sock)
{
    char byte;
    struct iovec io = {&byte, 1};
    union control c = {{0}};
    struct msghdr m = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = c.room, .msg_controllen = sizeof c.room};
    int fd;
    ssize_t n;
    do
        n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *head = n == 1 ? CMSG_FIRSTHDR(&m) : NULL;
    if (head == NULL || head->cmsg_type != SCM_RIGHTS) return -1;
    memcpy(&fd, CMSG_DATA(head), sizeof fd);
    return fd;
}

/* The child's whole life. */
static void serve(const struct ir_apart_job *job, int sock)
{
    const int writable[] = {sock, job->writable};
    struct ir_buf out = IR_BUF(ANSWER_MAX);
    int fd;
    if (job->confine != NULL) job->confine(writable, job->writable >= 0 ? 2 : 1);
    while ((fd = receive_file(sock)) >= 0) {
        ir_buf_clear(&out);
        job->answer(job->user, fd, &out);
        close(fd);
        const uint64_t n = out.n;
        if (out.full || ir_io_write_all(sock, &n, sizeof n) != 0 ||
            ir_io_write_all(sock, out.p, out.n) != 0)
            break;
    }
    for (;;) /* without what the parent registered for its own end */
        raise(SIGKILL);
}

static bool start(struct ir_apart *a)
{
    int pair[2];
    if (a->pid > 0) return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
    a->pid = fork();
    if (a->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_DUMPABLE, 0);
        close(pair[0]);
        serve(&a->job, pair[1]);
    }
    close(pair[1]);
    a->sock = pair[0];
    if (a->pid < 0) {
        close(a->sock);
        a->pid = 0;
    }
    return a->pid > 0;
}

static void stop(struct ir_apart *a)
{
    if (a->pid <= 0) return;
    close(a->sock);
    kill(a->pid, SIGKILL);
    while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    a->pid = 0;
}

/* All n bytes, each part of them in time. */
static bool receive(const struct ir_apart *a, void *p, size_t n)
{
    for (size_t got = 0; got < n;) {
        struct pollfd w = {.fd = a->sock, .events = POLLIN};
        int ready = poll(&w, 1, (int)a->job.seconds * 1000);
        if (ready < 0 && errno == EINTR) continue;
        ssize_t part = ready > 0 ? ir_io_read(a->sock, (char *)p + got, n - got) : 0;
        if (part <= 0) return false;
        got += (size_t)part;
    }
    return true;
}

struct ir_apart *ir_apart_new(const struct ir_apart_job *job)
{
    struct ir_apart *a = calloc(1, sizeof *a);
    if (a != NULL) a->job = *job;
    return a;
}

void ir_apart_free(struct ir_apart *a)
{
    if (a == NULL) return;
    stop(a);
    free(a);
}

bool ir_apart_ask(struct ir_apart *a, int fd, struct ir_buf *out)
{
    uint64_t n = 0;
    ir_buf_clear(out);
    bool good = start(a) && send_file(a->sock, fd) && receive(a, &n, sizeof n) && n < out->max &&
                ir_buf_reserve(out, (size_t)n + 1) && receive(a, out->p, (size_t)n);
    if (good) {
        out->n = (size_t)n;
        out->p[n] = '\0';
    } else {
        stop(a);
    }
    return good;
}
