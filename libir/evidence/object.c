/*
 * Metadata of an object as JSON (see object.h).
 */
#include "evidence/object.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "evidence/jline.h"

#define XATTR_ROOM ((size_t)64 << 10) /* the kernel's own limit for a list and for a value */

const char *ir_object_type(const struct ir_object *o)
{
    switch (o->st.stx_mode & S_IFMT) {
    case S_IFREG: return "file";
    case S_IFDIR: return "dir";
    case S_IFLNK: return "symlink";
    case S_IFIFO: return "fifo";
    case S_IFSOCK: return "socket";
    case S_IFCHR: return "chardev";
    case S_IFBLK: return "blockdev";
    default: return "unknown";
    }
}

static void stamp(struct ir_jline *l, const char *name, const struct statx_timestamp *t)
{
    char buf[IR_TIME_TEXT];
    if (t->tv_sec > INT64_MAX / IR_NS - 1 || t->tv_sec < INT64_MIN / IR_NS + 1) {
        ir_jline_key(l, name); /* beyond the years a stamp can name: as seconds */
        ir_json_write_i64(l->b, t->tv_sec);
        return;
    }
    ir_time_rfc3339(t->tv_sec * IR_NS + t->tv_nsec, buf);
    ir_jline_text(l, name, ir_str_z(buf));
}

static const char *user_name(struct ir_owners *w, uint32_t id)
{
    struct ir_owner *o = &w->user[id % IR_OWNERS];
    char buf[4096];
    struct passwd pw, *found = NULL;
    if (o->known && o->id == id) return o->name;
    bool good = getpwuid_r(id, &pw, buf, sizeof buf, &found) == 0 && found != NULL;
    *o = (struct ir_owner){.id = id, .known = true};
    snprintf(o->name, sizeof o->name, "%s", good ? pw.pw_name : "");
    return o->name;
}

static const char *group_name(struct ir_owners *w, uint32_t id)
{
    struct ir_owner *o = &w->group[id % IR_OWNERS];
    char buf[4096];
    struct group gr, *found = NULL;
    if (o->known && o->id == id) return o->name;
    bool good = getgrgid_r(id, &gr, buf, sizeof buf, &found) == 0 && found != NULL;
    *o = (struct ir_owner){.id = id, .known = true};
    snprintf(o->name, sizeof o->name, "%s", good ? gr.gr_name : "");
    return o->name;
}

static void owner(struct ir_jline *l, struct ir_owners *w, const struct statx *st)
{
    ir_jline_number(l, "uid", st->stx_uid);
    ir_jline_text(l, "user", ir_str_z(user_name(w, st->stx_uid)));
    ir_jline_number(l, "gid", st->stx_gid);
    ir_jline_text(l, "group", ir_str_z(group_name(w, st->stx_gid)));
}

static void inode(struct ir_jline *l, struct ir_owners *w, const struct statx *st)
{
    char mode[8];
    snprintf(mode, sizeof mode, "%04o", st->stx_mode & 07777);
    ir_jline_number(l, "size", st->stx_size);
    ir_jline_number(l, "blocks", st->stx_blocks);
    ir_jline_text(l, "mode", ir_str_z(mode));
    owner(l, w, st);
    stamp(l, "mtime", &st->stx_mtime);
    stamp(l, "atime", &st->stx_atime);
    stamp(l, "ctime", &st->stx_ctime);
    if (st->stx_mask & STATX_BTIME) stamp(l, "btime", &st->stx_btime);
    ir_jline_number(l, "inode", st->stx_ino);
    ir_jline_number(l, "links", st->stx_nlink);
    ir_jline_key(l, "device");
    ir_buf_fmt(l->b, "\"%u:%u\"", st->stx_dev_major, st->stx_dev_minor);
    if (S_ISCHR(st->stx_mode) || S_ISBLK(st->stx_mode)) {
        ir_jline_key(l, "rdev");
        ir_buf_fmt(l->b, "\"%u:%u\"", st->stx_rdev_major, st->stx_rdev_minor);
    }
    ir_jline_flag(l, "immutable", st->stx_attributes & STATX_ATTR_IMMUTABLE);
    ir_jline_flag(l, "append_only", st->stx_attributes & STATX_ATTR_APPEND);
}

void ir_object_write(const struct ir_object *o, struct ir_owners *owners, struct ir_buf *out)
{
    struct ir_jline l = ir_jline_open(out);
    char hex[IR_DIGEST_TEXT];
    ir_jline_bytes(&l, "path", o->path);
    ir_jline_text(&l, "type", ir_str_z(ir_object_type(o)));
    inode(&l, owners, &o->st);
    ir_jline_bytes(&l, "target", o->target);
    ir_jline_text(&l, "stored", o->stored);
    if (o->made != NULL) ir_jline_text(&l, "made", ir_str_z(o->made));
    ir_jline_bytes(&l, "same_as", o->same_as);
    if (o->stored.n > 0) ir_jline_number(&l, "bytes", o->bytes);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        ir_digest_hex(&o->sum, (enum ir_digest_alg)a, hex);
        ir_jline_text(&l, ir_digest_name((enum ir_digest_alg)a), ir_str_z(hex));
    }
    if (o->not_taken != NULL) ir_jline_text(&l, "not_taken", ir_str_z(o->not_taken));
    if (o->changed != NULL) ir_jline_text(&l, "changed", ir_str_z(o->changed));
    ir_jline_text(&l, "magic", o->magic);
    ir_jline_text(&l, "mime", o->mime);
    ir_jline_text(&l, "encoding", o->encoding);
    ir_jline_raw(&l, "xattrs", o->extended);
    ir_jline_raw(&l, "unreadable", o->damaged);
    ir_jline_raw(&l, "extents", o->extents);
    ir_jline_raw(&l, "members", o->members);
    ir_jline_close(&l);
}

/* The value of one attribute. SELinux labels are text with a NUL at the end. */
static void attribute(const char *path, const char *name, char *room, struct ir_jline *l)
{
    ssize_t n = lgetxattr(path, name, room, XATTR_ROOM);
    ir_json_write_key(l->b, &l->first, ir_str_z(name));
    if (n < 0) {
        ir_buf_str(l->b, IR_S("{\"unreadable\":"));
        ir_json_write_str(l->b, ir_str_z(ir_errno_text(errno)));
        ir_buf_chr(l->b, '}');
        return;
    }
    struct ir_str v = ir_str_n(room, (size_t)n);
    ir_buf_str(l->b, IR_S("{\"base64\":"));
    ir_jline_base64(l->b, v);
    if (v.n > 0 && v.p[v.n - 1] == '\0') v.n--;
    if (v.n > 0 && ir_utf8_valid(v) && memchr(v.p, '\0', v.n) == NULL) {
        ir_buf_str(l->b, IR_S(",\"text\":"));
        ir_json_write_str(l->b, v);
    }
    ir_buf_chr(l->b, '}');
}

void ir_object_attributes(const char *path, struct ir_buf *out)
{
    char *list = malloc(XATTR_ROOM), *room = malloc(XATTR_ROOM);
    struct ir_jline l = {out, true};
    ssize_t n = list != NULL && room != NULL ? llistxattr(path, list, XATTR_ROOM) : 0;
    if (n < 0 && errno != ENOTSUP && errno != ENOSYS) {
        ir_buf_str(out, IR_S("{\"unreadable\":"));
        ir_json_write_str(out, ir_str_z(ir_errno_text(errno)));
        ir_buf_chr(out, '}');
    }
    if (n > 0) {
        ir_buf_chr(out, '{');
        for (ssize_t i = 0; i < n; i += (ssize_t)strlen(list + i) + 1)
            attribute(path, list + i, room, &l);
        ir_buf_chr(out, '}');
    }
    free(list);
    free(room);
}
