/*
 * Is a zip file whole? Its directory stands at its end (APPNOTE.TXT 4.3.12 to 4.3.16), so what was
 * cut off there is not missed by who reads the members one after the other, as libarchive does when
 * it finds no directory. All numbers in it are the archive's word: they are compared, and nothing
 * is read where they lead but a signature.
 */
#include "source/archive_int.h"

#include <stdlib.h>

#define END_SIZE     22u /* PK\5\6, disks, entries, the directory's size and place, the comment */
#define LOCATOR_SIZE 20u /* PK\6\7 before it, when numbers are too large for it */
#define END64_SIZE   56u /* PK\6\6, where the locator says */
#define TAIL_MAX     (END_SIZE + 65535u)

struct zip_end {
    uint64_t at; /* of the end record, from the file's start */
    uint64_t entries, size, offset;
};

static uint64_t number(const unsigned char *p, unsigned n)
{
    uint64_t v = 0;
    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

static bool read_at(struct ir_reader *r, void *buf, size_t n, uint64_t at)
{
    size_t got = 0;
    return ir_reader_pread(r, buf, n, at, &got) == IR_OK && got == n;
}

static bool begins(const unsigned char *p, const char *signature)
{
    return memcmp(p, signature, 4) == 0;
}

/* The numbers that did not fit into the end record. */
static bool read_large(struct ir_reader *r, struct zip_end *e)
{
    unsigned char locator[LOCATOR_SIZE], end[END64_SIZE];
    if (e->at < LOCATOR_SIZE || !read_at(r, locator, sizeof locator, e->at - LOCATOR_SIZE) ||
        !begins(locator, "PK\6\7"))
        return false;
    const uint64_t at = number(locator + 8, 8);
    if (at >= e->at || !read_at(r, end, sizeof end, at) || !begins(end, "PK\6\6")) return false;
    *e = (struct zip_end){at, number(end + 32, 8), number(end + 40, 8), number(end + 48, 8)};
    return true;
}

/* The end record in these bytes, which begin at `from` of the file: the last one of which the
 * comment is there. Something may follow it. */
static bool find_end(const unsigned char *p, size_t n, uint64_t from, struct zip_end *ret_e)
{
    for (size_t i = n >= END_SIZE ? n - END_SIZE + 1 : 0; i-- > 0;) {
        if (!begins(p + i, "PK\5\6") || number(p + i + 20, 2) > n - i - END_SIZE) continue;
        *ret_e = (struct zip_end){from + i, number(p + i + 10, 2), number(p + i + 12, 4),
                                  number(p + i + 16, 4)};
        return true;
    }
    return false;
}

static bool read_end(struct ir_reader *r, struct zip_end *ret_e, struct ir_err *err)
{
    const uint64_t size = ir_reader_size(r), from = size > TAIL_MAX ? size - TAIL_MAX : 0;
    unsigned char *tail = malloc(TAIL_MAX);
    size_t n = 0;
    bool found = false;
    if (tail == NULL) {
        ir_fail(err, IR_FATAL, "out of memory");
        return false;
    }
    if (ir_reader_pread(r, (char *)tail, TAIL_MAX, from, &n) != IR_FATAL)
        found = find_end(tail, n, from, ret_e);
    free(tail);
    if (found &&
        (ret_e->entries == 0xffff || ret_e->size == 0xffffffff || ret_e->offset == 0xffffffff))
        read_large(r, ret_e);
    if (!found) ir_fail(err, IR_BAD, "its list of members at the end is cut off");
    return found;
}

int ir_zip_check(struct ir_reader *r, bool from_start, uint64_t members, struct ir_err *err)
{
    unsigned char first[4];
    struct zip_end e;
    if (!read_end(r, &e, err)) return IR_BAD;
    /* The directory ends where the end record begins; a whole zip that is a member of a cut one is
     * whole by itself, but does not begin where the file does. */
    const bool fits =
        e.size <= e.at && e.offset <= e.at - e.size && (!from_start || e.offset == e.at - e.size);
    const bool there =
        fits && (e.size == 0 || (read_at(r, first, 4, e.at - e.size) && begins(first, "PK\1\2")));
    if (!there)
        return ir_fail(err, IR_BAD,
                       "its list of members at the end is cut off or belongs to "
                       "another archive");
    if (members >= e.entries) return IR_OK; /* old programs count to 65535 and begin again */
    return ir_fail(err, IR_BAD, "it should have %llu members, and %llu are there",
                   (unsigned long long)e.entries, (unsigned long long)members);
}
