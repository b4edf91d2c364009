/*
 * A line of meta/files.jsonl back to what it was written from (see object.h). The line may be
 * anybody's: what is not of the kind that object.c writes is passed over, what is too large for its
 * place is refused.
 */
#include <inttypes.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/object.h"

enum kind { TEXT, ZTEXT, RAW, U32, U64, STAMP, MODE, TYPE, DEVICE, DIGEST };

struct field {
    const char *name;
    enum kind kind;
    size_t at;
};

#define O(member)  offsetof(struct ir_object, member)
#define ST(member) offsetof(struct ir_object, st.member)
static const struct field fields[] = {
    {"path", TEXT, O(path)},
    {"path_raw", RAW, O(path)},
    {"target", TEXT, O(target)},
    {"target_raw", RAW, O(target)},
    {"same_as", TEXT, O(same_as)},
    {"same_as_raw", RAW, O(same_as)},
    {"stored", TEXT, O(stored)},
    {"made", ZTEXT, O(made)},
    {"not_taken", ZTEXT, O(not_taken)},
    {"changed", ZTEXT, O(changed)},
    {"magic", TEXT, O(magic)},
    {"mime", TEXT, O(mime)},
    {"encoding", TEXT, O(encoding)},
    {"type", TYPE, 0},
    {"mode", MODE, 0},
    {"size", U64, ST(stx_size)},
    {"blocks", U64, ST(stx_blocks)},
    {"inode", U64, ST(stx_ino)},
    {"bytes", U64, O(bytes)},
    {"uid", U32, ST(stx_uid)},
    {"gid", U32, ST(stx_gid)},
    {"links", U32, ST(stx_nlink)},
    {"device", DEVICE, 0},
    {"mtime", STAMP, ST(stx_mtime)},
    {"atime", STAMP, ST(stx_atime)},
    {"ctime", STAMP, ST(stx_ctime)},
    {"btime", STAMP, ST(stx_btime)},
    {"md5", DIGEST, IR_MD5},
    {"sha1", DIGEST, IR_SHA1},
    {"sha256", DIGEST, IR_SHA256},
    {"sha512", DIGEST, IR_SHA512},
};

static const struct field *field_of(struct ir_str name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (ir_str_eq(name, ir_str_z(fields[i].name))) return &fields[i];
    return NULL;
}

static bool stamp(struct ir_object *o, const struct field *f, const struct ir_json_tok *t)
{
    struct statx_timestamp *to = (struct statx_timestamp *)((char *)o + f->at);
    int64_t ns;
    uint64_t s;
    bool zone;
    if (f->at == ST(stx_btime)) o->st.stx_mask |= STATX_BTIME;
    if (t->type == IR_JSON_NUMBER) { /* beyond the years that a stamp can name */
        bool minus = t->text.n > 0 && t->text.p[0] == '-';
        if (!ir_str_u64(ir_str_skip(t->text, minus), &s) || s > INT64_MAX) return false;
        to->tv_sec = minus ? -(int64_t)s : (int64_t)s;
        return true;
    }
    if (t->type != IR_JSON_STRING || ir_time_parse_iso(t->text, &ns, &zone) <= 0) return false;
    to->tv_sec = ns / IR_NS - (ns % IR_NS < 0);
    to->tv_nsec = (uint32_t)(ns - to->tv_sec * IR_NS);
    return true;
}

static bool type_or_mode(struct ir_object *o, const struct field *f, struct ir_str text)
{
    static const struct {
        const char *name;
        unsigned mode;
    } types[] = {{"file", S_IFREG},    {"dir", S_IFDIR},     {"symlink", S_IFLNK},
                 {"fifo", S_IFIFO},    {"socket", S_IFSOCK}, {"chardev", S_IFCHR},
                 {"blockdev", S_IFBLK}};
    unsigned mode = 0;
    if (f->kind == MODE) {
        for (size_t i = 0; i < text.n; i++) {
            if (text.p[i] < '0' || text.p[i] > '7' || i > 4) return false;
            mode = mode * 8 + (unsigned)(text.p[i] - '0');
        }
        o->st.stx_mode = (uint16_t)((o->st.stx_mode & S_IFMT) | (mode & 07777));
        return true;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ir_str_eq(text, ir_str_z(types[i].name))) mode = types[i].mode;
    o->st.stx_mode = (uint16_t)((o->st.stx_mode & 07777) | mode);
    return true;
}

/* "major:minor" */
static bool device(struct ir_object *o, struct ir_str text)
{
    uint64_t major, minor;
    struct ir_str first = ir_str_cut(&text, ':');
    if (!ir_str_u64(first, &major) || !ir_str_u64(text, &minor) || major > UINT32_MAX ||
        minor > UINT32_MAX)
        return false;
    o->st.stx_dev_major = (uint32_t)major;
    o->st.stx_dev_minor = (uint32_t)minor;
    return true;
}

/* A string, unescaped or decoded behind what is in the room; the room has place for all. */
static bool text(struct ir_object *o, const struct field *f, const struct ir_json_tok *t,
                 struct ir_buf *room)
{
    char *start = room->p + room->n;
    size_t n = t->text.n;
    if (t->type != IR_JSON_STRING) return false;
    if (f->kind == RAW) {
        size_t before = room->n;
        if (!ir_base64_decode(room, t->text)) return false;
        n = room->n - before;
    } else {
        if (t->escaped)
            n = ir_json_unescape(t->text, start);
        else
            memcpy(start, t->text.p, n);
        room->n += n;
    }
    room->p[room->n++] = '\0';
    if (f->kind == ZTEXT)
        *(const char **)((char *)o + f->at) = start;
    else
        *(struct ir_str *)((char *)o + f->at) = ir_str_n(start, n);
    return true;
}

static bool number(struct ir_object *o, const struct field *f, const struct ir_json_tok *t)
{
    uint64_t v;
    if (t->type != IR_JSON_NUMBER || !ir_str_u64(t->text, &v)) return false;
    if (f->kind == U64)
        *(uint64_t *)((char *)o + f->at) = v;
    else if (v <= UINT32_MAX)
        *(uint32_t *)((char *)o + f->at) = (uint32_t)v;
    else
        return false;
    return true;
}

static bool take(struct ir_object *o, const struct field *f, const struct ir_json_tok *t,
                 struct ir_buf *room)
{
    switch (f->kind) {
    case TEXT:
    case ZTEXT:
    case RAW: return text(o, f, t, room);
    case U32:
    case U64: return number(o, f, t);
    case STAMP: return stamp(o, f, t);
    case TYPE:
    case MODE: return t->type == IR_JSON_STRING && type_or_mode(o, f, t->text);
    case DEVICE: return t->type == IR_JSON_STRING && device(o, t->text);
    case DIGEST: break;
    }
    if (!ir_unhex(t->text, o->sum.v[f->at], ir_digest_size((enum ir_digest_alg)f->at)))
        return false;
    o->sum.set |= IR_DIGEST_BIT(f->at);
    return true;
}

int ir_object_read(struct ir_str line, struct ir_buf *room, struct ir_object *ret_o,
                   struct ir_err *err)
{
    struct ir_json j;
    struct ir_json_tok t;
    struct ir_object o = {0};
    const struct field *f = NULL;
    int rc;
    ir_buf_clear(room);
    /* each text is as long as it is in the line, or shorter, and has a NUL instead of its quotes */
    if (!ir_buf_reserve(room, line.n + 1)) return ir_fail(err, IR_FATAL, "out of memory");
    ir_json_begin(&j, line);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.depth != 1) continue;
        if (t.type == IR_JSON_KEY)
            f = field_of(t.text);
        else if (f != NULL) {
            if (!take(&o, f, &t, room))
                return ir_fail(err, IR_BAD, "the member %s is not what such a list has", f->name);
            f = NULL;
        }
    }
    if (rc != IR_END || o.path.n == 0)
        return ir_fail(err, IR_BAD, "is no line of a list of objects");
    *ret_o = o;
    return IR_OK;
}
