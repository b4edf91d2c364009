/*
 * Files of /proc about processes and mounts (see live_parse.h).
 */
#include "evidence/live_parse.h"

static struct ir_str word(struct ir_str *rest)
{
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = ir_str_skip(*rest, 1);
    struct ir_str w = ir_str_cut(rest, ' ');
    return w;
}

static bool hex(struct ir_str s, uint64_t *ret_v)
{
    *ret_v = 0;
    if (s.n == 0 || s.n > 16) return false;
    for (size_t i = 0; i < s.n; i++) {
        int d = ir_hexval(s.p[i]);
        if (d < 0) return false;
        *ret_v = *ret_v << 4 | (unsigned)d;
    }
    return true;
}

bool ir_proc_stat(struct ir_str text, struct ir_proc_stat *ret_s)
{
    size_t open = ir_str_chr(text, '('), close = ir_str_rchr(text, ')');
    *ret_s = (struct ir_proc_stat){0};
    if (open == IR_NPOS || close == IR_NPOS || close < open) return false;
    if (!ir_str_u64(ir_str_trim(ir_str_head(text, open)), &ret_s->pid)) return false;
    ret_s->name = ir_str_n(text.p + open + 1, close - open - 1);
    struct ir_str rest = ir_str_skip(text, close + 1);
    size_t nl = ir_str_rchr(rest, '\n');
    if (nl != IR_NPOS) rest = ir_str_head(rest, nl);
    struct ir_str state = word(&rest);
    if (state.n != 1) return false;
    ret_s->state = state.p[0];
    int64_t v[21] = {0}; /* from ppid, the fourth field, to rss */
    unsigned n = 0;
    while (n < 21 && rest.n > 0)
        if (!ir_str_i64(word(&rest), &v[n++])) return false;
    if (n < 21) return false;
    ret_s->ppid = v[0];
    ret_s->group = v[1];
    ret_s->session = v[2];
    ret_s->tty = v[3];
    ret_s->flags = (uint64_t)v[5];
    ret_s->utime = (uint64_t)v[10];
    ret_s->stime = (uint64_t)v[11];
    ret_s->threads = (uint64_t)v[16];
    ret_s->start = (uint64_t)v[18];
    ret_s->vsize = (uint64_t)v[19];
    ret_s->rss = (uint64_t)v[20];
    return true;
}

bool ir_proc_field(struct ir_str text, const char *name, struct ir_str *ret_v)
{
    struct ir_str line, want = ir_str_z(name);
    bool ended;
    while (ir_str_line(&text, &line, &ended))
        if (ir_str_starts(line, want) && line.n > want.n && line.p[want.n] == ':') {
            *ret_v = ir_str_trim(ir_str_skip(line, want.n + 1));
            return true;
        }
    *ret_v = IR_S("");
    return false;
}

bool ir_proc_map(struct ir_str line, struct ir_proc_map *ret_m)
{
    *ret_m = (struct ir_proc_map){0};
    struct ir_str rest = line, range = word(&rest), end = range;
    struct ir_str start = ir_str_cut(&end, '-');
    if (!hex(start, &ret_m->start) || !hex(end, &ret_m->end)) return false;
    ret_m->rights = word(&rest);
    if (ret_m->rights.n != 4 || !hex(word(&rest), &ret_m->offset)) return false;
    ret_m->device = word(&rest);
    if (!ir_str_u64(word(&rest), &ret_m->inode)) return false;
    while (rest.n > 0 && rest.p[0] == ' ')
        rest = ir_str_skip(rest, 1);
    ret_m->path = rest.p != NULL ? rest : IR_S("");
    ret_m->deleted = ret_m->inode != 0 && ir_str_ends(rest, IR_S(" (deleted)"));
    return true;
}

bool ir_proc_mount(struct ir_str line, struct ir_proc_mount *ret_m)
{
    struct ir_str rest = line, w;
    *ret_m = (struct ir_proc_mount){0};
    if (!ir_str_u64(word(&rest), &ret_m->id) || !ir_str_u64(word(&rest), &ret_m->parent))
        return false;
    ret_m->device = word(&rest);
    ret_m->root = word(&rest);
    ret_m->point = word(&rest);
    ret_m->options = word(&rest);
    do {
        if (rest.n == 0) return false;
        w = word(&rest); /* "shared:2", …, then "-" */
    } while (!ir_str_eq(w, IR_S("-")));
    ret_m->type = word(&rest);
    ret_m->source = word(&rest);
    ret_m->super = word(&rest);
    return ret_m->type.n > 0;
}

static bool octal(char c)
{
    return c >= '0' && c <= '7';
}

void ir_proc_unescape(struct ir_buf *out, struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && s.n - i > 3 && s.p[i + 1] <= '3' && octal(s.p[i + 1]) &&
            octal(s.p[i + 2]) && octal(s.p[i + 3])) {
            ir_buf_chr(out, (char)((s.p[i + 1] - '0') << 6 | (s.p[i + 2] - '0') << 3 |
                                   (s.p[i + 3] - '0')));
            i += 3;
        } else
            ir_buf_chr(out, s.p[i]);
    }
}

static bool id_char(char c)
{
    return ir_isalnum(c) || c == '_' || c == '-' || c == '.';
}

struct ir_str ir_proc_container(struct ir_str cgroup)
{
    static const struct ir_str before[] = {IR_S("/lxc/"), IR_S("/lxc.payload."), IR_S("/machine-"),
                                           IR_S("systemd-nspawn@")};
    for (size_t i = 0, run = 0; i < cgroup.n; i++) {
        run = ir_hexval(cgroup.p[i]) >= 0 ? run + 1 : 0;
        if (run == 64 && (i + 1 == cgroup.n || !ir_isalnum(cgroup.p[i + 1])) &&
            (i < 64 || !ir_isalnum(cgroup.p[i - 64])))
            return ir_str_n(cgroup.p + i - 63, 64);
    }
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        size_t at = ir_str_find(cgroup, before[k]), n = 0;
        if (at == IR_NPOS) continue;
        struct ir_str id = ir_str_skip(cgroup, at + before[k].n);
        while (n < id.n && n < 64 && id_char(id.p[n]))
            n++;
        if (n > 0) return ir_str_head(id, n);
    }
    return IR_S("");
}
