/*
 * The cross-checks of `live`, each with a made-up /proc that tells less or more than the kernel
 * does: what a rootkit hides is a finding, and what only looks like it (a thread, the same told by
 * both) is none. evidence/live_secret.h: a secret stays one under another name.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "base/io.h"
#include "evidence/files.h"
#include "evidence/live_int.h"
#include "evidence/live_secret.h"
#include "tap.h"

struct fixture {
    struct ir_live l;
    struct ir_live_options o;
    struct ir_live_summary sum;
    struct ir_err err;
    int dir; /* everything is below */
};

static void put(int dir, const char *path, const char *text)
{
    char parent[256];
    snprintf(parent, sizeof parent, "%s", path);
    for (char *p = strchr(parent, '/'); p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdirat(dir, parent, 0755);
        *p = '/';
    }
    int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || ir_io_write_all(fd, text, strlen(text)) != 0) ok(false, "cannot write %s", path);
    if (fd >= 0) close(fd);
}

static bool begin(struct fixture *f, int dir)
{
    *f = (struct fixture){.o = {.profile = IR_LIVE_QUICK}, .dir = dir};
    f->l = (struct ir_live){.o = &f->o, .sum = &f->sum, .err = &f->err};
    f->sum.findings = IR_BUF(1 << 20);
    f->l.text = IR_BUF(IR_LIVE_LINE_MAX);
    f->l.link = IR_BUF(1 << 16);
    mkdirat(dir, "proc", 0755);
    f->l.proc = openat(dir, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    snprintf(f->l.dir, sizeof f->l.dir, "01-test");
    return f->l.proc >= 0 &&
           ir_exhibit_create(dir, "EV-1", IR_DIGESTS_EVIDENCE, &f->l.x, &f->err) == IR_OK;
}

static void end(struct fixture *f)
{
    ir_exhibit_close(f->l.x);
    close(f->l.proc);
    ir_buf_free(&f->l.text);
    ir_buf_free(&f->l.link);
    ir_buf_free(&f->sum.findings);
    ir_map_free(&f->l.secrets);
    ir_map_free(&f->l.spaces);
    ir_map_free(&f->l.containers);
    free(f->l.processes);
}

/* Of the findings so far a line that holds both. */
static bool found(const struct fixture *f, const char *id, const char *what)
{
    struct ir_str rest = ir_buf_view(&f->sum.findings), line;
    bool ended;
    while (ir_str_line(&rest, &line, &ended))
        if (ir_str_find(line, ir_str_z(id)) != IR_NPOS &&
            ir_str_find(line, ir_str_z(what)) != IR_NPOS)
            return true;
    return false;
}

static void test_processes(struct fixture *f)
{
    char path[64], text[64], member[64];
    int proc = f->l.proc;
    pid_t hidden = fork(), thread = hidden == 0 ? 0 : fork();
    if (hidden == 0 || thread == 0) {
        pause();
        _exit(0);
    }
    /* below it, so that few real numbers are asked */
    snprintf(text, sizeof text, "%d\n", (int)(thread > hidden ? thread : hidden) + 1);
    put(proc, "sys/kernel/pid_max", text);
    put(proc, "1/status", "Tgid:\t1\n");
    snprintf(path, sizeof path, "%d/status", (int)thread);
    snprintf(text, sizeof text, "Name:\tx\nTgid:\t%d\n", (int)hidden);
    put(proc, path, text);
    ir_live_hidden(&f->l);
    snprintf(member, sizeof member, "\"pid\":%d", (int)hidden);
    ok(found(f, "\"process-hidden\"", member), "a process that /proc leaves out");
    snprintf(member, sizeof member, "\"pid\":%d,", (int)thread);
    ok(!found(f, "\"process-hidden\"", member), "not one that /proc tells of");
    ok(!found(f, "\"process-hidden\"", "\"pid\":1,"), "nor the first");
    kill(hidden, SIGKILL);
    kill(thread, SIGKILL);
    waitpid(hidden, NULL, 0);
    waitpid(thread, NULL, 0);
}

static void test_mounts(struct fixture *f)
{
    put(f->l.proc, "self/mountinfo",
        "22 27 0:21 / /proc rw - proc proc rw\n"
        "23 22 0:33 / /proc/4711 rw - tmpfs hide\\040it rw\n"
        "24 22 0:34 / /proc/sys rw - proc proc rw\n");
    ir_live_mount(&f->l);
    ok(found(f, "\"process-covered\"", "/proc/4711\",\"source\":\"hide it\""),
       "a mount over a process");
    ok(!found(f, "\"process-covered\"", "/proc/sys"), "not one over anything else");
}

static void test_modules(struct fixture *f)
{
    put(f->l.proc, "modules", "seen_by_one 16384 0 - Live 0x0\n");
    put(f->l.proc, "kallsyms",
        "0000000000000000 t init\t[evil_rootkit]\n0000000000000000 t x\t[bpf]\n");
    ir_live_kernel(&f->l);
    ok(found(f, "\"module-hidden\"", "evil_rootkit"), "symbols of a module that no list has");
    if (access("/sys/module", R_OK) == 0)
        ok(found(f, "\"module-hidden\"", "seen_by_one"), "a module that /sys leaves out");
    else
        skip("no /sys/module here");
    ok(!found(f, "\"module-hidden\"", "\"bpf\""), "programs of the kernel's own are none");
}

static void test_sockets(struct fixture *f)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct stat st;
    char member[64];
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) != 0 || listen(s, 1) != 0 ||
        fstat(s, &st) != 0) {
        skip("no sockets here");
        return;
    }
    put(f->l.proc, "net/tcp",
        "  sl  local_address rem_address   st\n"
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        "
        "0 "
        "4294967001 1 0000000000000000 100 0 0 10 0\n");
    ir_live_socket(&f->l);
    snprintf(member, sizeof member, "\"inode\":%llu}", (unsigned long long)st.st_ino);
    if (f->sum.differences == 0 && !found(f, "socket-hidden", "4294967001"))
        skip("no sock_diag here");
    else {
        ok(found(f, "the kernel, but /proc/net leaves it out", member), "a socket left out");
        ok(found(f, "the kernel does not tell of it", "\"inode\":4294967001}"), "one too many");
    }
    close(s);
}

static void test_bpf(struct fixture *f)
{
    /* r0 = 0; exit */
    static const struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
                                           {.code = BPF_JMP | BPF_EXIT}};
    union bpf_attr a = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2};
    struct ir_buf b = IR_BUF(1 << 20);
    a.insns = (uint64_t)(uintptr_t)code;
    a.license = (uint64_t)(uintptr_t) "GPL";
    memcpy(a.prog_name, "ir_quiet", 8);
    long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a);
    snprintf(f->l.dir, sizeof f->l.dir, "02-bpf");
    ir_live_bpf(&f->l);
    if (fd < 0 || ir_file_read(f->dir, "EV-1/data/live/02-bpf/bpf-programs.jsonl", 1 << 19, &b,
                               &f->err) != IR_OK) {
        skip("no eBPF here");
    } else {
        size_t at = ir_str_find(ir_buf_view(&b), IR_S("\"name\":\"ir_quiet\""));
        ok(at != IR_NPOS, "a program of eBPF is told by its name");
        ok(ir_str_find(ir_buf_view(&b), IR_S("\"type\":\"socket_filter\"")) != IR_NPOS,
           "with its type");
    }
    if (fd >= 0) close((int)fd);
    ir_buf_free(&b);
}

static const char *judge(struct fixture *f, const char *name)
{
    char path[64];
    int fd = openat(f->dir, name, O_RDONLY);
    snprintf(path, sizeof path, "/x/%s", name);
    const char *why = ir_live_secret(&f->l, ir_str_z(path), fd);
    close(fd);
    return why;
}

static void test_secrets(struct fixture *f)
{
    struct stat st;
    bool is_new;
    put(f->dir, "notes", "nothing\n");
    put(f->dir, "web", "anna:$apr1$abcdefgh$0123456789abcdefghijk.\n");
    put(f->dir, "copy", "root:!:19000:0:99999:7:::\nanna:$y$j9T$abc$def:19000:0:99999:7:::\n");
    put(f->dir, "key", "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n");
    put(f->dir, "json", "{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\"}\n");
    put(f->dir, "rules",
        "<magic offset=\"0\">-----BEGIN PGP PRIVATE KEY BLOCK-</magic> "
        "-----BEGIN CERTIFICATE----- PRIVATE KEY\n");
    ok(judge(f, "json") != NULL, "a private key in JSON");
    ok(judge(f, "rules") == NULL, "not a rule that names one");
    put(f->dir, "script", "PATH=$HOME/bin:$PATH\necho a:$b\n");
    ok(judge(f, "notes") == NULL, "a text is none");
    ok(judge(f, "script") == NULL, "nor a script with variables");
    ok(judge(f, "web") != NULL, "hashes of a web server");
    ok(judge(f, "copy") != NULL, "a copy of shadow under any name");
    ok(judge(f, "key") != NULL, "a private key under any name");
    ok(f->sum.notices == 0, "these are no findings");
    ok(fstatat(f->dir, "notes", &st, 0) == 0 && linkat(f->dir, "notes", f->dir, "link", 0) == 0,
       "a hard link");
    const uint64_t key[2] = {st.st_dev, st.st_ino};
    ir_map_put(&f->l.secrets, ir_str_n((const char *)key, sizeof key), &is_new);
    ok(judge(f, "link") != NULL, "to what is known to be a secret is one");
    ok(found(f, "secret-under-other-name", "/x/link"), "and a finding");
    ir_map_free(&f->l.secrets);
    f->l.secrets = (struct ir_map){0};
    ir_live_secrets_begin(&f->l);
    if (stat("/etc/shadow", &st) == 0) {
        const uint64_t k[2] = {st.st_dev, st.st_ino};
        ok(ir_map_find(&f->l.secrets, ir_str_n((const char *)k, sizeof k)) != UINT32_MAX,
           "the host's own are looked up");
    } else
        skip("no /etc/shadow here");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[512];
    struct fixture f;
    snprintf(path, sizeof path, "%s/live-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int dir = mkdtemp(path) != NULL ? open(path, O_RDONLY | O_DIRECTORY) : -1;
    if (!ok(dir >= 0 && begin(&f, dir), "a directory and an exhibit")) return done();
    test_processes(&f);
    test_mounts(&f);
    test_modules(&f);
    test_sockets(&f);
    test_bpf(&f);
    test_secrets(&f);
    ok(f.l.rc == IR_OK, "nothing failed: %s", f.err.msg);
    end(&f);
    close(dir);
    ir_fs_remove_tree(AT_FDCWD, path);
    return done();
}
