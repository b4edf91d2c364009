/*
 * Lines of a bodyfile (see bodyfile.h). Names are the attacker's: one that ended a line or a field
 * would hide itself from the timeline.
 */
#include "evidence/bodyfile.h"

#include <inttypes.h>

static void name(struct ir_buf *out, struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '|' || c == '%')
            ir_buf_str(out, c == '|' ? IR_S("%7C") : IR_S("%25"));
        else
            ir_buf_chr(out, c < ' ' || c == 0x7f ? '^' : (char)c);
    }
}

static char type(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return 'r';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    case S_IFCHR: return 'c';
    case S_IFBLK: return 'b';
    default: return '-';
    }
}

static char execute(unsigned mode, unsigned x, unsigned special, char both)
{
    if (!(mode & special)) return mode & x ? 'x' : '-';
    return mode & x ? both : (char)(both - 'a' + 'A');
}

static void rights(struct ir_buf *out, unsigned mode)
{
    ir_buf_fmt(out, "%c/%c%c%c%c%c%c%c%c%c%c", type(mode), type(mode), mode & S_IRUSR ? 'r' : '-',
               mode & S_IWUSR ? 'w' : '-', execute(mode, S_IXUSR, S_ISUID, 's'),
               mode & S_IRGRP ? 'r' : '-', mode & S_IWGRP ? 'w' : '-',
               execute(mode, S_IXGRP, S_ISGID, 's'), mode & S_IROTH ? 'r' : '-',
               mode & S_IWOTH ? 'w' : '-', execute(mode, S_IXOTH, S_ISVTX, 't'));
}

void ir_bodyfile_line(struct ir_buf *out, const char *md5, struct ir_str path, struct ir_str target,
                      const struct statx *st)
{
    ir_buf_str(out, md5 != NULL ? ir_str_z(md5) : IR_S("0"));
    ir_buf_chr(out, '|');
    name(out, path);
    if (target.n > 0) {
        ir_buf_str(out, IR_S(" -> "));
        name(out, target);
    }
    ir_buf_fmt(out, "|%" PRIu64 "|", (uint64_t)st->stx_ino);
    rights(out, st->stx_mode);
    ir_buf_fmt(out, "|%u|%u|%" PRIu64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "\n",
               st->stx_uid, st->stx_gid, (uint64_t)st->stx_size, (int64_t)st->stx_atime.tv_sec,
               (int64_t)st->stx_mtime.tv_sec, (int64_t)st->stx_ctime.tv_sec,
               st->stx_mask & STATX_BTIME ? (int64_t)st->stx_btime.tv_sec : 0);
}
