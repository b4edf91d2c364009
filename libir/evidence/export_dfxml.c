/*
 * The objects of an exhibit as Digital Forensics XML 2.0.0-beta.0 (dfxml.xsd of the DFXML working
 * group): the elements of a fileobject have a fixed order. XML cannot hold control characters and
 * bytes that are not UTF-8, which an attacker may put into a name: there U+FFFD stands, and the
 * bytes in base64 in an element of our own namespace.
 */
#include <inttypes.h>

#include "base/base64.h"
#include "base/time.h"
#include "base/utf8.h"
#include "evidence/export_int.h"

static bool xml_has(int32_t cp)
{
    return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0xd800) ||
           (cp >= 0xe000 && cp < 0xfffe) || cp >= 0x10000;
}

/* False: something could not be written as it is. */
static bool escaped(struct ir_buf *b, struct ir_str s)
{
    bool exact = true;
    while (s.n > 0) {
        int32_t cp;
        size_t n = ir_utf8_decode(s, &cp);
        if (n == 0) n = 1, cp = -1;
        if (cp < 0 || !xml_has(cp)) {
            ir_buf_str(b, IR_S("\xef\xbf\xbd"));
            exact = false;
        } else if (cp == '<' || cp == '>' || cp == '&' || cp < ' ')
            ir_buf_fmt(b, "&#%d;", (int)cp);
        else
            ir_buf_str(b, ir_str_head(s, n));
        s = ir_str_skip(s, n);
    }
    return exact;
}

static bool element(struct ir_buf *b, const char *name, struct ir_str text)
{
    if (text.n == 0) return true;
    ir_buf_fmt(b, "<%s>", name);
    bool exact = escaped(b, text);
    ir_buf_fmt(b, "</%s>\n", name);
    return exact;
}

static void raw(struct ir_buf *b, const char *name, struct ir_str bytes)
{
    ir_buf_fmt(b, "<ir:%s>", name);
    ir_base64(b, bytes);
    ir_buf_fmt(b, "</ir:%s>\n", name);
}

static void number(struct ir_buf *b, const char *name, uint64_t v)
{
    ir_buf_fmt(b, "<%s>%" PRIu64 "</%s>\n", name, v, name);
}

static void stamp(struct ir_buf *b, const char *name, const struct statx_timestamp *t)
{
    char buf[IR_TIME_TEXT];
    if (t->tv_sec > INT64_MAX / IR_NS - 1 || t->tv_sec < INT64_MIN / IR_NS + 1) return;
    ir_time_rfc3339(t->tv_sec * IR_NS + t->tv_nsec, buf);
    element(b, name, ir_str_z(buf));
}

static const char *name_type(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return "r";
    case S_IFDIR: return "d";
    case S_IFLNK: return "l";
    case S_IFIFO: return "p";
    case S_IFSOCK: return "s";
    case S_IFCHR: return "c";
    case S_IFBLK: return "b";
    default: return "-";
    }
}

static void head(struct ir_buf *b, const struct ir_export_facts *f)
{
    ir_buf_str(b, IR_S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dfxml version=\"2.0.0-beta.0\""
                       " xmlns=\"http://www.forensicswiki.org/wiki/Category:"
                       "Digital_Forensics_XML\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                       " xmlns:ir=\"urn:ir:evidence\">\n<metadata>\n"));
    element(b, "dc:type", IR_S("Logical exhibit"));
    element(b, "dc:identifier", ir_str_z(f->item));
    element(b, "dc:isPartOf", ir_str_z(f->case_id));
    element(b, "dc:creator", ir_str_z(f->actor));
    ir_buf_str(b, IR_S("</metadata>\n<creator>\n<program>ir</program>\n"));
    element(b, "version", ir_str_z(f->version));
    ir_buf_str(b, IR_S("</creator>\n"));
}

static void object(struct ir_buf *b, const struct ir_export_facts *f, const struct ir_object *o)
{
    static const char *const types[] = {"md5", "sha1", "sha256", "sha512"};
    char hex[IR_DIGEST_TEXT];
    (void)f;
    ir_buf_str(b, IR_S("<fileobject>\n"));
    bool path_exact = element(b, "filename", o->path);
    element(b, "error", ir_str_z(o->not_taken != NULL ? o->not_taken : o->changed));
    element(b, "name_type", ir_str_z(name_type(o->st.stx_mode)));
    number(b, "filesize", o->st.stx_size);
    number(b, "inode", o->st.stx_ino);
    number(b, "mode", o->st.stx_mode);
    number(b, "nlink", o->st.stx_nlink);
    number(b, "uid", o->st.stx_uid);
    number(b, "gid", o->st.stx_gid);
    stamp(b, "mtime", &o->st.stx_mtime);
    stamp(b, "ctime", &o->st.stx_ctime);
    stamp(b, "atime", &o->st.stx_atime);
    if (o->st.stx_mask & STATX_BTIME) stamp(b, "crtime", &o->st.stx_btime);
    bool target_exact = element(b, "link_target", o->target);
    element(b, "libmagic", o->magic);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        ir_digest_hex(&o->sum, (enum ir_digest_alg)a, hex);
        if (hex[0] != '\0')
            ir_buf_fmt(b, "<hashdigest type=\"%s\">%s</hashdigest>\n", types[a], hex);
    }
    if (!path_exact) raw(b, "filename_base64", o->path);
    if (!target_exact) raw(b, "link_target_base64", o->target);
    element(b, "ir:stored", o->stored);
    element(b, "ir:same_as", o->same_as);
    element(b, "ir:made", ir_str_z(o->made));
    ir_buf_str(b, IR_S("</fileobject>\n"));
}

static void foot(struct ir_buf *b, const struct ir_export_facts *f)
{
    (void)f;
    ir_buf_str(b, IR_S("</dfxml>\n"));
}

const struct ir_export_ops ir_export_dfxml = {.head = head, .object = object, .foot = foot};
