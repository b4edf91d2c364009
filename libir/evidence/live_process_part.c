/*
 * What a process has: its command line, the names of its environment, open files, mappings,
 * namespaces (see live_process.h). Values of the environment often are passwords: they are taken
 * only when secrets are asked for.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/utf8.h"
#include "evidence/live_process.h"

#define TEXT_MAX ((size_t)128 << 10) /* of a command line or an environment in a JSON line */

void ir_live_command_line(struct ir_live_look *k, struct ir_jline *j)
{
    struct ir_buf *b = &k->l->text;
    if (ir_live_read(k->dir, "cmdline", b) != 0 || b->n == 0) return;
    bool cut = b->n > TEXT_MAX;
    struct ir_str all = ir_str_head(ir_buf_view(b), TEXT_MAX), rest = all;
    bool first = true;
    if (rest.p[rest.n - 1] == '\0') rest.n--;
    ir_jline_key(j, "command_line");
    ir_buf_chr(j->b, '[');
    while (rest.p != NULL) {
        struct ir_str arg = ir_str_cut(&rest, '\0');
        if (!first) ir_buf_chr(j->b, ',');
        first = false;
        ir_json_write_str(j->b, arg);
    }
    ir_buf_chr(j->b, ']');
    if (!ir_utf8_valid(all)) {
        ir_jline_key(j, "command_line_raw");
        ir_jline_base64(j->b, all);
    }
    if (cut) ir_jline_number(j, "command_line_bytes", b->n);
}

static void preloads(struct ir_live_look *k, struct ir_str variable)
{
    if (!ir_str_starts(variable, IR_S("LD_PRELOAD=")) &&
        !ir_str_starts(variable, IR_S("LD_AUDIT=")))
        return;
    struct ir_jline j =
        ir_live_finding(k->l, IR_LIVE_NOTICE, "library-preloaded",
                        N_("a process was started with a library put before others"));
    ir_jline_number(&j, "pid", k->pid);
    ir_jline_bytes(&j, "variable", variable);
    ir_jline_close(&j);
}

void ir_live_environment(struct ir_live_look *k, struct ir_jline *j)
{
    struct ir_buf *b = &k->l->text;
    int rc = ir_live_read(k->dir, "environ", b);
    if (rc == -EACCES || rc == -EPERM) {
        char path[48];
        snprintf(path, sizeof path, "/proc/%u/environ", k->pid);
        ir_live_miss_errno(k->l, ir_str_z(path), -rc, true);
    }
    if (rc != 0 || b->n == 0) return;
    struct ir_str rest = ir_str_head(ir_buf_view(b), TEXT_MAX);
    bool first = true;
    ir_jline_key(j, "environment");
    ir_buf_chr(j->b, '[');
    while (rest.n > 0) {
        struct ir_str variable = ir_str_cut(&rest, '\0'), value = variable;
        struct ir_str name = ir_str_cut(&value, '=');
        if (variable.n == 0) continue;
        preloads(k, variable);
        if (!first) ir_buf_chr(j->b, ',');
        first = false;
        /* without '=' it is no name: a process that writes over its environment */
        if (value.p == NULL && !k->l->o->secrets)
            ir_buf_str(j->b, IR_S("null"));
        else
            ir_json_write_str(j->b, k->l->o->secrets ? variable : name);
    }
    ir_buf_chr(j->b, ']');
    if (b->n > TEXT_MAX) ir_jline_number(j, "environment_bytes", b->n);
}

static void owner(struct ir_live *l, uint64_t inode, uint32_t pid, int fd)
{
    if (l->nowners == l->cap_owners) {
        size_t cap = l->cap_owners ? 2 * l->cap_owners : 1024;
        struct ir_live_owner *more = realloc(l->owners, cap * sizeof *more);
        if (more == NULL) return; /* then sockets lack an owner; the open files tell it */
        l->owners = more;
        l->cap_owners = cap;
    }
    l->owners[l->nowners++] = (struct ir_live_owner){inode, pid, fd};
}

/* One descriptor: where it leads, how it was opened. */
static void open_file(struct ir_live_look *k, int fds, int infos, const char *name, uint64_t fd)
{
    struct ir_live *l = k->l;
    struct ir_str v, to;
    uint64_t inode;
    if (ir_live_link(fds, name, &l->link) != 0) return; /* closed meanwhile */
    struct ir_jline *j = ir_live_line(k->files);
    to = ir_buf_view(&l->link);
    ir_jline_number(j, "pid", k->pid);
    ir_jline_number(j, "fd", fd);
    ir_jline_bytes(j, "target", to);
    bool deleted = ir_str_starts(to, IR_S("/")) && ir_str_ends(to, IR_S(" (deleted)"));
    ir_jline_flag(j, "deleted", deleted);
    if (ir_str_starts(to, IR_S("socket:[")) && ir_str_ends(to, IR_S("]")) &&
        ir_str_u64(ir_str_n(to.p + 8, to.n - 9), &inode))
        owner(l, inode, k->pid, (int)fd);
    if (infos >= 0 && ir_live_read(infos, name, &l->text) == 0) {
        if (ir_proc_field(ir_buf_view(&l->text), "pos", &v)) ir_jline_text(j, "position", v);
        if (ir_proc_field(ir_buf_view(&l->text), "flags", &v)) ir_jline_text(j, "flags", v);
        if (ir_proc_field(ir_buf_view(&l->text), "mnt_id", &v)) ir_jline_text(j, "mount_id", v);
        if (ir_proc_field(ir_buf_view(&l->text), "prog_id", &v)) ir_jline_text(j, "bpf_program", v);
        if (ir_proc_field(ir_buf_view(&l->text), "map_id", &v)) ir_jline_text(j, "bpf_map", v);
    }
    ir_live_line_end(k->files);
    if (deleted) ir_live_nameless(l, fds, name, k->pid, to);
}

uint64_t ir_live_open_files(struct ir_live_look *k)
{
    char path[48];
    uint64_t n = 0, fd;
    int fds = openat(k->dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int infos = openat(k->dir, "fdinfo", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fds >= 0 ? fdopendir(fds) : NULL;
    if (d == NULL) {
        snprintf(path, sizeof path, "/proc/%u/fd", k->pid);
        ir_live_miss_errno(k->l, ir_str_z(path), errno, true);
        if (fds >= 0) close(fds);
    }
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        if (ir_str_u64(ir_str_z(e->d_name), &fd)) {
            open_file(k, fds, infos, e->d_name, fd);
            n++;
        }
    if (d != NULL) closedir(d);
    if (infos >= 0) close(infos);
    return n;
}

/* Code that belongs to no file with a name: what injected code looks like. */
static const char *odd_code(const struct ir_proc_map *m)
{
    if (m->rights.p[2] != 'x') return NULL;
    if (m->deleted) return "deleted";
    if (m->inode == 0 && m->path.n == 0)
        return m->rights.p[1] == 'w' ? "anonymous, writable" : "anonymous";
    return NULL;
}

void ir_live_maps(struct ir_live_look *k)
{
    char path[48];
    struct ir_buf *b = &k->l->text;
    struct ir_str rest, line;
    struct ir_proc_map m;
    bool ended;
    int rc = ir_live_read(k->dir, "maps", b);
    if (rc != 0) {
        snprintf(path, sizeof path, "/proc/%u/maps", k->pid);
        ir_live_miss_errno(k->l, ir_str_z(path), -rc, true);
        return;
    }
    rest = ir_buf_view(b);
    while (ir_str_line(&rest, &line, &ended)) {
        if (!ir_proc_map(line, &m)) continue;
        const char *odd = odd_code(&m);
        if (k->l->o->profile == IR_LIVE_QUICK && m.rights.p[2] != 'x') continue;
        struct ir_jline *j = ir_live_line(k->maps);
        ir_jline_number(j, "pid", k->pid);
        ir_jline_number(j, "start", m.start);
        ir_jline_number(j, "end", m.end);
        ir_jline_text(j, "rights", m.rights);
        ir_jline_number(j, "offset", m.offset);
        if (m.inode != 0) ir_jline_number(j, "inode", m.inode);
        ir_jline_bytes(j, "path", m.path);
        if (odd != NULL) ir_jline_text(j, "odd_code", ir_str_z(odd));
        ir_live_line_end(k->maps);
    }
}

static void note_space(struct ir_live *l, struct ir_str id, uint32_t pid)
{
    bool is_new;
    uint32_t *v = ir_map_put(&l->spaces, id, &is_new);
    if (v != NULL && is_new) *v = pid;
}

static void note_container(struct ir_live_look *k, struct ir_jline *j)
{
    bool is_new;
    if (ir_live_read(k->dir, "cgroup", &k->l->text) != 0) return;
    struct ir_str id = ir_proc_container(ir_buf_view(&k->l->text));
    if (id.n == 0) return;
    ir_jline_text(j, "container", id);
    uint32_t *v = ir_map_put(&k->l->containers, id, &is_new);
    if (v != NULL) ++*v;
}

void ir_live_namespaces(struct ir_live_look *k, struct ir_jline *j)
{
    static const char *const kinds[] = {"cgroup", "ipc",  "mnt",  "net",
                                        "pid",    "time", "user", "uts"};
    char name[16];
    bool first = true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(name, sizeof name, "ns/%s", kinds[i]);
        if (ir_live_link(k->dir, name, &k->l->link) != 0) continue;
        if (first) ir_jline_key(j, "namespaces");
        ir_buf_chr(j->b, first ? '[' : ',');
        ir_json_write_str(j->b, ir_buf_view(&k->l->link));
        note_space(k->l, ir_buf_view(&k->l->link), k->pid);
        first = false;
    }
    if (!first) ir_buf_chr(j->b, ']');
    note_container(k, j);
}
