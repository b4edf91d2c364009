/*
 * Safe names (see safename.h). Collisions are found by what case-insensitive and normalising file
 * systems compare: full case folding and NFC, by libunistring.
 */
#include "evidence/safename.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

#include "base/digest.h"
#include "base/utf8.h"

static void escape(struct ir_buf *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[3] = {'=', digits[c >> 4], digits[c & 15]};
    ir_buf_add(out, text, sizeof text);
}

/* CON, PRN, AUX, NUL, CLOCK$, CONIN$, CONOUT$, and COM and LPT with a digit, also a superscript
 * one: alone or before a dot. */
static bool is_device(struct ir_str name)
{
    static const char *const words[] = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"};
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6",
                                         "7", "8", "9", "¹", "²", "³"};
    size_t dot = ir_str_chr(name, '.');
    struct ir_str stem = ir_str_head(name, dot == IR_NPOS ? name.n : dot);
    while (stem.n > 0 && stem.p[stem.n - 1] == ' ')
        stem.n--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ir_str_ieq(stem, ir_str_z(words[i]))) return true;
    struct ir_str port = ir_str_head(stem, 3), digit = ir_str_skip(stem, 3);
    if (!ir_str_ieq(port, IR_S("com")) && !ir_str_ieq(port, IR_S("lpt"))) return false;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        if (ir_str_eq(digit, ir_str_z(digits[i]))) return true;
    return false;
}

static bool is_odd(int32_t cp)
{
    if (cp < 0) return true; /* not UTF-8 */
    return cp < 0x80 ? cp < ' ' || cp == 0x7f || strchr("%=\\:*?\"<>|/", cp) != NULL
                     : ir_cp_hidden((uint32_t)cp);
}

/* `extra`: the byte at which a collision is resolved, IR_NPOS none. */
static void encode(struct ir_str name, size_t extra, struct ir_buf *out)
{
    for (size_t i = 0; i < name.n;) {
        int32_t cp;
        size_t n = ir_utf8_decode(ir_str_skip(name, i), &cp);
        bool last = i + n >= name.n;
        bool odd = is_odd(cp) || i == extra || (i == 0 && is_device(name)) ||
                   (last && (cp == '.' || cp == ' '));
        for (size_t k = 0; k < n; k++)
            if (odd)
                escape(out, (unsigned char)name.p[i + k]);
            else
                ir_buf_chr(out, name.p[i + k]);
        i += n;
    }
}

/* Cuts what was written from `from` on, at a character, and marks it by the digest of the name. */
static void shorten(struct ir_str name, struct ir_buf *out, size_t from, unsigned salt)
{
    struct ir_digest_sum sum = {0};
    char hex[IR_DIGEST_TEXT];
    char salted[24];
    snprintf(salted, sizeof salted, "/%u", salt); /* a slash: no name ends so */
    struct ir_buf text = IR_BUF(1 << 16);
    ir_buf_str(&text, name);
    if (salt > 0) ir_buf_str(&text, ir_str_z(salted));
    ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(&text), &sum);
    ir_buf_free(&text);
    ir_digest_hex(&sum, IR_SHA256, hex);
    size_t n = IR_SAFENAME_MAX - 18;
    while (n > 0 && ((unsigned char)out->p[from + n] & 0xc0) == 0x80)
        n--;
    for (size_t k = 1; k <= 2; k++) /* not within an =XX */
        if (n > k && out->p[from + n - k] == '=') n -= k;
    out->n = from + n;
    ir_buf_fmt(out, "=~%.16s", hex);
}

/* What two names must not have in common. NULL when memory is out. */
static char *folded(struct ir_str safe, size_t *ret_n)
{
    return (char *)u8_casefold((const uint8_t *)safe.p, safe.n, NULL, UNINORM_NFC, NULL, ret_n);
}

/* The start of the k-th last character that is not escaped yet and not a blank or dot. */
static size_t candidate(struct ir_str name, unsigned k)
{
    size_t i = name.n;
    while (i > 0) {
        i--;
        if (((unsigned char)name.p[i] & 0xc0) == 0x80 && i > 0) continue;
        if (k-- == 0) return i;
    }
    return IR_NPOS;
}

bool ir_safename(struct ir_safenames *dir, struct ir_str name, struct ir_buf *out)
{
    size_t from = out->n;
    for (unsigned attempt = 0;; attempt++) {
        size_t extra = attempt == 0 ? IR_NPOS : candidate(name, attempt - 1), n = 0;
        bool is_new = false;
        out->n = from;
        encode(name, extra, out);
        if (out->full) return false;
        if (out->n - from > IR_SAFENAME_MAX || (attempt > 0 && extra == IR_NPOS)) {
            while (!out->full &&
                   out->n - from < IR_SAFENAME_MAX) /* a short name that found no free form */
                ir_buf_chr(out, '_');
            shorten(name, out, from, attempt);
        }
        char *key = folded(ir_str_skip(ir_buf_view(out), from), &n);
        uint32_t *place = key == NULL ? NULL : ir_map_put(&dir->taken, ir_str_n(key, n), &is_new);
        free(key);
        if (place == NULL) return false;
        if (is_new) return true;
    }
}

void ir_safenames_free(struct ir_safenames *dir)
{
    ir_map_free(&dir->taken);
}
