/*
 * Is it an archive? By its first bytes, strictly: a log must never be taken for one. Magics from
 * the formats' own documents (POSIX pax and cpio, APPNOTE.TXT, 7zFormat.txt, ECMA-119, RAR 5.0
 * technote, RFC 1951's neighbours). Old tar and cpio have no magic worth the name, so their header
 * fields are checked. An attacker who writes a log's first bytes can make it look like an archive:
 * then it is reported as a damaged one, which is not silence.
 */
#include "source/archive.h"

static bool at(struct ir_str s, size_t offset, struct ir_str magic)
{
    return s.n >= offset && ir_str_starts(ir_str_skip(s, offset), magic);
}

static bool all_of(struct ir_str s, size_t from, size_t n, const char *set)
{
    if (s.n < from + n) return false;
    for (size_t i = from; i < from + n; i++)
        if (s.p[i] == '\0' || strchr(set, s.p[i]) == NULL) return false;
    return true;
}

/* The sum of a tar header's bytes, as it stands in octal digits at byte 148. */
static bool tar_checksum(struct ir_str s)
{
    long want = 0, as_unsigned = 0, as_signed = 0;
    size_t digits = 0;
    if (s.n < 512 || s.p[0] == '\0') return false;
    for (size_t i = 148; i < 156; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '7') {
            want = want * 8 + (s.p[i] - '0');
            digits++;
        } else if (s.p[i] != ' ' && s.p[i] != '\0') {
            return false;
        } else if (digits > 0) {
            break;
        }
    }
    for (size_t i = 0; i < 512; i++) {
        const char c = i >= 148 && i < 156 ? ' ' : s.p[i];
        as_unsigned += (unsigned char)c;
        as_signed += (signed char)c; /* as some old programs summed up */
    }
    return digits > 0 && (want == as_unsigned || want == as_signed);
}

/* A binary cpio header: its magic is two bytes only, so the name must fit as well. */
static bool cpio_binary(struct ir_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (s.n < 28) return false;
    const bool little = p[0] == 0xc7 && p[1] == 0x71, big = p[0] == 0x71 && p[1] == 0xc7;
    if (!little && !big) return false;
    const size_t n = little ? p[20] + 256u * p[21] : p[21] + 256u * p[20];
    return n >= 2 && n <= 4096 && s.n >= 26 + n && memchr(p + 26, 0, n) == p + 26 + n - 1;
}

static bool is_cpio(struct ir_str s)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    return (at(s, 0, IR_S("070707")) && all_of(s, 6, 70, hex + 0) &&
            all_of(s, 6, 47, "01234567")) ||
           ((at(s, 0, IR_S("070701")) || at(s, 0, IR_S("070702"))) && all_of(s, 6, 104, hex)) ||
           cpio_binary(s);
}

static bool is_lha(struct ir_str s)
{
    return s.n > 22 && s.p[2] == '-' && s.p[3] == 'l' && (s.p[4] == 'h' || s.p[4] == 'z') &&
           ir_isalnum(s.p[5]) && s.p[6] == '-' && (unsigned char)s.p[20] <= 3;
}

/* "begin 644 name" and a line of data whose length its first character tells */
static bool is_uuencoded(struct ir_str s)
{
    struct ir_str rest = s, line = ir_str_cut(&rest, '\n');
    const bool base64 = ir_str_starts(line, IR_S("begin-base64 "));
    if (!base64 && !ir_str_starts(line, IR_S("begin "))) return false;
    line = ir_str_skip(line, base64 ? 13 : 6);
    if (!all_of(line, 0, 3, "01234567") || line.n < 5 || line.p[3] != ' ') return false;
    line = ir_str_cut(&rest, '\n');
    if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
    if (base64) return line.n > 0 && line.n % 4 == 0;
    if (line.n < 1 || line.p[0] < ' ' || line.p[0] > '`') return false;
    const size_t bytes = (size_t)(line.p[0] - ' ') & 63;
    return line.n >= 1 + (bytes * 8 + 5) / 6 && line.n <= 3 + (bytes + 2) / 3 * 4;
}

/* An .lzma header: properties, a dictionary of a usual size, then the length or -1; and the first
 * byte of what follows is always 0. */
static bool is_lzma(struct ir_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (s.n < 18 || p[0] >= 225 || p[13] != 0) return false;
    const uint32_t dict = p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
    const uint32_t low = dict & (~dict + 1);
    if (dict < 4096 || (dict != low && dict != low * 3)) return false; /* 2^n or 2^n + 2^(n-1) */
    for (size_t i = 5; i < 13; i++)
        if (p[i] != 0xff) return p[10] == 0 && p[11] == 0 && p[12] == 0;
    return true;
}

static bool is_packed(struct ir_str s)
{
    return (at(s, 0, IR_S("\x1f\x9d")) && s.n > 3 && (s.p[2] & 0x1f) >= 9 &&
            (s.p[2] & 0x1f) <= 16) ||
           at(s, 0, IR_S("\x04\x22\x4d\x18")) || at(s, 0, IR_S("\x02\x21\x4c\x18")) ||
           (at(s, 0, IR_S("LZIP")) && s.n > 5 && (s.p[4] == 0 || s.p[4] == 1)) || is_lzma(s) ||
           is_uuencoded(s);
}

static bool is_zip(struct ir_str s)
{
    return at(s, 0, IR_S("PK\3\4")) || at(s, 0, IR_S("PK\5\6")) ||
           at(s, 0, IR_S("PK\7\10PK\3\4")) || at(s, 0, IR_S("PK00PK\3\4"));
}

static bool is_iso(const struct ir_reader *r, struct ir_str head)
{
    char id[5];
    size_t n = 0;
    if (head.n > 32768) return at(head, 32769, IR_S("CD001"));
    return ir_reader_seekable(r) &&
           ir_reader_pread((struct ir_reader *)(uintptr_t)r, id, sizeof id, 32769, &n) == IR_OK &&
           ir_str_eq(ir_str_n(id, n), IR_S("CD001"));
}

/* Known, but not read: they would need a program to be started, or hang in libarchive (xar). */
static bool is_foreign(struct ir_str s)
{
    return at(s, 0, IR_S("xar!\0\x1c")) || at(s, 0, IR_S("\x89LZO\0\r\n\x1a\n")) ||
           at(s, 0, IR_S("LRZI\0"));
}

static bool looks_like_text(struct ir_str head)
{
    size_t i = 0;
    while (i < head.n && (unsigned char)head.p[i] >= '\t')
        i++;
    return i == head.n;
}

/* Bytes before a zip are lawful (self-extracting programs), so its end tells: looked for only when
 * the file does not begin like a text. */
static bool ends_like_zip(const struct ir_reader *r, struct ir_str head)
{
    char tail[1024];
    size_t n = 0;
    if (looks_like_text(head) || !ir_reader_seekable(r)) return false;
    const uint64_t size = ir_reader_size(r), from = size > sizeof tail ? size - sizeof tail : 0;
    if (ir_reader_pread((struct ir_reader *)(uintptr_t)r, tail, sizeof tail, from, &n) != IR_OK)
        return false;
    const size_t end = ir_str_rfind(ir_str_n(tail, n), IR_S("PK\5\6"));
    if (end == IR_NPOS || n - end < 22) return false;
    const unsigned char *p = (const unsigned char *)tail + end;
    return n - end == 22u + p[20] + 256u * p[21]; /* the comment's length */
}

static bool named_like(const char *path, const char *const *ends)
{
    const struct ir_str p = ir_str_z(path);
    for (size_t i = 0; ends[i] != NULL; i++) {
        const struct ir_str e = ir_str_z(ends[i]);
        if (p.n > e.n && ir_str_ieq(ir_str_skip(p, p.n - e.n), e)) return true;
    }
    return false;
}

static bool named_zip(const char *path)
{
    static const char *const ends[] = {".zip", ".zipx", ".jar", ".exe", NULL};
    return named_like(path, ends);
}

/* A text under such a name was unpacked by somebody; other bytes lost their beginning, or are no
 * archive at all. */
bool ir_archive_misnamed(struct ir_str head, const char *path)
{
    static const char *const ends[] = {".gz",  ".tgz",  ".bz2",  ".tbz", ".tbz2", ".xz",  ".txz",
                                       ".lz",  ".tlz",  ".lzma", ".zst", ".tzst", ".lz4", ".lzo",
                                       ".z",   ".zip",  ".zipx", ".jar", ".7z",   ".rar", ".cab",
                                       ".lzh", ".cpio", ".iso",  ".xar", ".tar",  NULL};
    return named_like(path, ends) && !looks_like_text(head);
}

const char *ir_archive_unread(struct ir_str head)
{
    static const struct ir_str captures[] = {IR_S("\xd4\xc3\xb2\xa1"), IR_S("\xa1\xb2\xc3\xd4"),
                                             IR_S("\x4d\x3c\xb2\xa1"), IR_S("\xa1\xb2\x3c\x4d"),
                                             IR_S("\x0a\x0d\x0d\x0a")};
    if (at(head, 0, IR_S("ElfFile\0")) || at(head, 4, IR_S("LfLe")))
        return N_("an event log of Windows (.evtx, .evt): searched as plain text, for it is not "
                  "understood; make JSON lines of it, as evtx_dump does, and read those");
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++)
        if (at(head, 0, captures[i]))
            return N_("a network capture: searched as plain text, for it is not understood; make "
                      "logs of it, as Zeek and Suricata do, and read those");
    return NULL;
}

unsigned ir_archive_detect(const struct ir_reader *r, struct ir_str head, const char *path)
{
    if (is_zip(head)) return IR_ARCHIVE_ZIP;
    if (at(head, 0, IR_S("7z\xbc\xaf\x27\x1c"))) return IR_ARCHIVE_7Z;
    if (at(head, 0, IR_S("Rar!\x1a\x07"))) return IR_ARCHIVE_RAR;
    if (at(head, 257, IR_S("ustar")) || tar_checksum(head)) return IR_ARCHIVE_TAR;
    if (is_cpio(head)) return IR_ARCHIVE_CPIO;
    if (at(head, 0, IR_S("!<arch>\n"))) return IR_ARCHIVE_AR;
    if (at(head, 0, IR_S("MSCF\0\0\0\0"))) return IR_ARCHIVE_CAB;
    if (is_foreign(head)) return IR_ARCHIVE_FOREIGN;
    if (is_lha(head)) return IR_ARCHIVE_LHA;
    if (is_packed(head)) return IR_ARCHIVE_PACKED;
    if (is_iso(r, head)) return IR_ARCHIVE_ISO;
    if (at(head, 0, IR_S("MZ")) || at(head, 0,
                                      IR_S("\x7f"
                                           "ELF")))
        return IR_ARCHIVE_ZIP | IR_ARCHIVE_7Z | IR_ARCHIVE_RAR | IR_ARCHIVE_GUESS;
    return named_zip(path) || ends_like_zip(r, head) ? IR_ARCHIVE_ZIP | IR_ARCHIVE_GUESS : 0;
}
