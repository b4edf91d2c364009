/*
 * Paths in manifests: RFC 8493 sections 2.1.3 and 5.2, and what programs write instead: "./" before
 * them, md5sum's "*", percent signs that are not encoded, another Unicode normalisation. Hostile in
 * them: ways out of the bag.
 */
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

#include "base/intl.h"
#include "evidence/bag_int.h"

#define PATH_BYTES ((size_t)4 << 20)

/* %0A, %0D and %25: the byte, or -1. */
static int encoded(struct ir_str s, size_t i)
{
    if (i + 2 >= s.n || s.p[i] != '%') return -1;
    int v = ir_hexval(s.p[i + 1]) * 16 + ir_hexval(s.p[i + 2]);
    return ir_hexval(s.p[i + 1]) >= 0 && ir_hexval(s.p[i + 2]) >= 0 &&
                   (v == '\n' || v == '\r' || v == '%')
               ? v
               : -1;
}

static void decode(struct ir_str s, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n;) {
        int c = encoded(s, i);
        ir_buf_chr(out, c >= 0 ? (char)c : s.p[i]);
        i += c >= 0 ? 3 : 1;
    }
}

/* No percent encoding is left in what it gives. */
static struct ir_str decode_all(struct ir_str s, struct ir_buf *room)
{
    while (ir_str_find(s, IR_S("%")) != IR_NPOS) {
        struct ir_buf next = IR_BUF(PATH_BYTES);
        decode(s, &next);
        bool done = next.n == s.n;
        ir_buf_free(room);
        *room = next;
        s = ir_buf_view(room);
        if (done) break;
    }
    return s;
}

static bool is_plain(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == '%') return false;
    return true;
}

uint64_t ir_bag_key(struct ir_str path)
{
    char lower[1024];
    if (path.n <= sizeof lower && is_plain(path)) {
        for (size_t i = 0; i < path.n; i++)
            lower[i] = ir_lower(path.p[i]);
        return ir_hash(ir_str_n(lower, path.n), 0);
    }
    struct ir_buf room = IR_BUF(PATH_BYTES);
    struct ir_str s = decode_all(path, &room);
    size_t n;
    uint8_t *folded =
        u8_casefold((const uint8_t *)s.p, s.n, NULL, UNINORM_NFC, NULL, &n); /* NULL: not UTF-8 */
    uint64_t key = ir_hash(folded != NULL ? ir_str_n((const char *)folded, n) : s, 0);
    free(folded);
    ir_buf_free(&room);
    return key;
}

bool ir_bag_alike(struct ir_str a, struct ir_str b, bool *ret_form)
{
    struct ir_buf room_a = IR_BUF(PATH_BYTES), room_b = IR_BUF(PATH_BYTES);
    a = decode_all(a, &room_a);
    b = decode_all(b, &room_b);
    bool alike = ir_str_eq(a, b);
    *ret_form = false;
    if (!alike) {
        size_t na = 0, nb = 0;
        uint8_t *x = u8_normalize(UNINORM_NFC, (const uint8_t *)a.p, a.n, NULL, &na);
        uint8_t *y = u8_normalize(UNINORM_NFC, (const uint8_t *)b.p, b.n, NULL, &nb);
        *ret_form = alike = x != NULL && y != NULL && na == nb && memcmp(x, y, na) == 0;
        free(x);
        free(y);
    }
    ir_buf_free(&room_a);
    ir_buf_free(&room_b);
    return alike;
}

/* Parts that are empty or "." are left out. False: a part is "..". */
static bool straighten(struct ir_str path, struct ir_buf *out)
{
    struct ir_str rest = path;
    ir_buf_clear(out);
    while (rest.p != NULL) {
        struct ir_str part = ir_str_cut(&rest, '/');
        if (ir_str_eq(part, IR_S(".."))) return false;
        if (part.n == 0 || ir_str_eq(part, IR_S("."))) continue;
        if (out->n > 0) ir_buf_chr(out, '/');
        ir_buf_str(out, part);
    }
    return true;
}

static bool has_odd_part(struct ir_str path)
{
    return ir_str_starts(path, IR_S("./")) || ir_str_ends(path, IR_S("/")) ||
           ir_str_find(path, IR_S("//")) != IR_NPOS || ir_str_find(path, IR_S("/./")) != IR_NPOS ||
           ir_str_ends(path, IR_S("/."));
}

/* Why it cannot be a name in a bag, but for "..". */
static const char *leads_out(struct ir_str p)
{
    if (p.n == 0) return N_("a line has no name");
    if (memchr(p.p, '\0', p.n) != NULL) return N_("a name holds a NUL byte");
    bool drive = p.n > 2 && ir_isalpha(p.p[0]) && p.p[1] == ':' && strchr("\\/", p.p[2]) != NULL;
    if (drive || strchr("\\/", p.p[0]) != NULL) return N_("the path is absolute: outside the bag");
    return p.p[0] == '~' ? N_("the path begins with ~: outside the bag") : NULL;
}

const char *ir_bag_path(const struct ir_bag *b, struct ir_str *path, struct ir_buf *room,
                        const char **ret_odd)
{
    struct ir_str p = *path;
    const char *odd = NULL;
    if (p.n > 1 && p.p[0] == '*') {
        p = ir_str_skip(p, 1);
        odd = N_("names begin with the * that md5sum writes");
    }
    if (b->version >= IR_BAG_V1 || b->version == 0) {
        struct ir_buf decoded = IR_BUF(PATH_BYTES);
        decode(p, &decoded);
        ir_buf_clear(room);
        ir_buf_str(room, ir_buf_view(&decoded));
        ir_buf_free(&decoded);
        p = ir_buf_view(room);
    }
    const char *why = leads_out(p);
    if (why != NULL) return why;
    if (has_odd_part(p) || ir_str_find(p, IR_S("..")) != IR_NPOS) {
        struct ir_buf straight = IR_BUF(PATH_BYTES);
        bool inside = straighten(p, &straight);
        if (inside && has_odd_part(p) && odd == NULL)
            odd = N_("names have parts that are empty or \".\"");
        ir_buf_free(room);
        *room = straight;
        p = ir_buf_view(room);
        if (!inside) return N_("the path has a part \"..\": outside the bag");
        if (p.n == 0) return N_("a line has no name");
    }
    if (room->full) return N_("the path is too long");
    if (ret_odd != NULL) *ret_odd = odd;
    *path = p;
    return NULL;
}
