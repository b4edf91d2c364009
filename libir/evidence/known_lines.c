/*
 * The lines of lists of known files (see known.h). Hostile: lists come from anywhere, and a line
 * that is taken for another's would make a changed file look known; so a digest must have exactly
 * the length of its kind, and what is not understood is told and not guessed.
 */
#include <stdlib.h>

#include "base/base64.h"
#include "base/json.h"
#include "evidence/known_int.h"
#include "evidence/sums.h"

/* The digest that a number of hex digits must be. */
static enum ir_digest_alg by_length(size_t n)
{
    unsigned a = 0;
    while (a < IR_DIGEST_ALG_MAX && 2 * ir_digest_size((enum ir_digest_alg)a) != n)
        a++;
    return (enum ir_digest_alg)a;
}

static bool take(struct ir_known_entry *e, enum ir_digest_alg a, struct ir_str hex)
{
    if (a >= IR_DIGEST_ALG_MAX || !ir_unhex(hex, e->sum.v[a], ir_digest_size(a))) return false;
    e->sum.set |= IR_DIGEST_BIT(a);
    return true;
}

static size_t hex_run(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && ir_hexval(s.p[n]) >= 0)
        n++;
    return n;
}

/* "SHA256", "SHA2-256", "SHA-512": OpenSSL says which family as well. */
static enum ir_digest_alg tag(struct ir_str name)
{
    if (ir_str_istarts(name, IR_S("SHA2-"))) {
        if (ir_str_ieq(name, IR_S("SHA2-256"))) return IR_SHA256;
        return ir_str_ieq(name, IR_S("SHA2-512")) ? IR_SHA512 : IR_DIGEST_ALG_MAX;
    }
    return ir_digest_by_name(name);
}

/* "SHA256 (name) = hex", "SHA256(name)= hex": the last ")= " or ") = " ends the name. */
static bool tagged(struct ir_str s, struct ir_known_entry *e, struct ir_str *ret_name)
{
    size_t open = ir_str_chr(s, '('), close = ir_str_rfind(s, IR_S(") = ")), skip = 4;
    if (close == IR_NPOS) {
        close = ir_str_rfind(s, IR_S(")= "));
        skip = 3;
    }
    if (open == IR_NPOS || close == IR_NPOS || close < open) return false;
    enum ir_digest_alg a = tag(ir_str_trim(ir_str_head(s, open)));
    *ret_name = ir_str_n(s.p + open + 1, close - open - 1);
    return take(e, a, ir_str_trim(ir_str_skip(s, close + skip)));
}

bool ir_known_sum(char *line, size_t n, struct ir_known_entry *e)
{
    struct ir_str s = ir_str_n(line, n), name = IR_S("");
    bool escaped = n > 0 && line[0] == '\\';
    if (escaped) s = ir_str_skip(s, 1);
    size_t digits = hex_run(s);
    struct ir_str rest = ir_str_skip(s, digits);
    if (digits >= 32 && (rest.n == 0 || rest.p[0] == ' ' || rest.p[0] == '\t')) {
        if (!take(e, by_length(digits), ir_str_head(s, digits))) return false;
        name = ir_str_skip(rest, 1); /* "  name", " *name"; one blank alone is of BSD's -r */
        if (name.n > 1 && (name.p[0] == ' ' || name.p[0] == '*')) name = ir_str_skip(name, 1);
    } else if (!tagged(s, e, &name)) {
        return false;
    }
    size_t length = name.n;
    char *bytes = line + (name.n > 0 ? (size_t)(name.p - line) : 0);
    if (escaped && !ir_sums_unescape(bytes, &length)) return false;
    e->name = ir_str_n(bytes, length);
    return true;
}

/* ---- columns ---------------------------------------------------------------------------------*/

/* Without blanks, hyphens and underscores, in lower case. */
static struct ir_str plain(struct ir_str s, char room[32])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 32; i++)
        if (strchr(" -_", s.p[i]) == NULL) room[n++] = ir_lower(s.p[i]);
    return ir_str_n(room, n);
}

static bool one_of(struct ir_str s, const char *const *words)
{
    for (; *words != NULL; words++)
        if (ir_str_ieq(s, ir_str_z(*words))) return true;
    return false;
}

static enum ir_known_column column(struct ir_str heading)
{
    static const char *const names[] = {"path", "fullpath", "filepath", "filename",
                                        "name", "file",     NULL};
    char room[32];
    struct ir_str s = plain(heading, room);
    enum ir_digest_alg a = ir_digest_by_name(s);
    if (a < IR_DIGEST_ALG_MAX) return (enum ir_known_column)a;
    if (ir_str_ends(s, IR_S("hash")) && s.n > 4 &&
        (a = ir_digest_by_name(ir_str_head(s, s.n - 4))) < IR_DIGEST_ALG_MAX)
        return (enum ir_known_column)a;
    if (one_of(s, names)) return IR_KNOWN_NAME;
    if (ir_str_ieq(s, IR_S("hash"))) return IR_KNOWN_HASH;
    return ir_str_ieq(s, IR_S("algorithm")) ? IR_KNOWN_ALGORITHM : IR_KNOWN_OTHER;
}

static bool has_digest(const struct ir_known_columns *c)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->v[i] < IR_DIGEST_ALG_MAX || c->v[i] == IR_KNOWN_HASH) return true;
    return false;
}

bool ir_known_hashdeep_head(struct ir_str line, struct ir_known_columns *c)
{
    *c = (struct ir_known_columns){.escaped = c->escaped};
    for (struct ir_str rest = ir_str_trim(line); rest.p != NULL && c->n < IR_KNOWN_COLUMNS_MAX;)
        c->v[c->n++] = (unsigned char)column(ir_str_cut(&rest, ','));
    return c->n > 1 && c->v[c->n - 1] == IR_KNOWN_NAME && has_digest(c);
}

bool ir_known_hashdeep(const struct ir_known_columns *c, char *line, size_t n,
                       struct ir_known_entry *e)
{
    struct ir_str rest = ir_str_n(line, n);
    for (unsigned i = 0; i + 1 < c->n; i++) {
        struct ir_str part = ir_str_cut(&rest, ',');
        if (rest.p == NULL) return false;
        if (c->v[i] < IR_DIGEST_ALG_MAX && !take(e, (enum ir_digest_alg)c->v[i], part))
            return false;
    }
    char *bytes = line + (rest.p - line);
    size_t length = rest.n;
    if (c->escaped && length > 0 && bytes[0] == '\\') {
        bytes++;
        length--;
        if (!ir_sums_unescape(bytes, &length)) return false;
    }
    e->name = ir_str_n(bytes, length);
    return length > 0 && e->sum.set != 0; /* a heading may have named none */
}

/* The next field, in place; quotes are undone. False: there is none, or its quote has no end. */
static bool csv_field(char **at, char *end, struct ir_str *ret_field)
{
    char *p = *at, *to;
    if (p == NULL) return false;
    if (p < end && *p == '"') {
        char *start = to = ++p;
        for (;; p++) {
            if (p >= end) return false;
            if (*p == '"' && (++p >= end || *p != '"')) break;
            *to++ = *p;
        }
        *ret_field = ir_str_n(start, (size_t)(to - start));
        if (p < end && *p != ',') return false;
    } else {
        char *start = p;
        while (p < end && *p != ',')
            p++;
        *ret_field = ir_str_trim(ir_str_n(start, (size_t)(p - start)));
    }
    *at = p < end ? p + 1 : NULL;
    return true;
}

bool ir_known_csv_head(char *line, size_t n, struct ir_known_columns *c)
{
    static const char *const of_sets[] = {"productcode", "opsystemcode", "specialcode",
                                          "crc32",       "packageid",    NULL};
    struct ir_str field;
    char *at = line, room[32];
    *c = (struct ir_known_columns){0};
    while (c->n < IR_KNOWN_COLUMNS_MAX && csv_field(&at, line + n, &field)) {
        c->set = c->set || one_of(plain(field, room), of_sets);
        c->v[c->n++] = (unsigned char)column(field);
    }
    return at == NULL && has_digest(c);
}

bool ir_known_csv(const struct ir_known_columns *c, char *line, size_t n, struct ir_known_entry *e)
{
    struct ir_str field, hash = IR_S(""), algorithm = IR_S("");
    char *at = line;
    for (unsigned i = 0; csv_field(&at, line + n, &field); i++) {
        if (i >= c->n || field.n == 0) continue;
        switch (c->v[i]) {
        case IR_KNOWN_OTHER: break;
        case IR_KNOWN_NAME:
            if (!c->set) e->name = field;
            break;
        case IR_KNOWN_HASH: hash = field; break;
        case IR_KNOWN_ALGORITHM: algorithm = field; break;
        default:
            if (!take(e, (enum ir_digest_alg)c->v[i], field)) return false;
        }
    }
    if (at != NULL) return false; /* a quote without end */
    if (hash.n > 0) {
        enum ir_digest_alg a = algorithm.n > 0 ? tag(algorithm) : by_length(hash.n);
        if (!take(e, a, hash)) return false;
    }
    return e->sum.set != 0;
}

int ir_known_json(struct ir_str line, char *room, struct ir_known_entry *e)
{
    char hex[IR_DIGEST_TEXT];
    bool raw = ir_json_member(line, "path_raw", room, line.n + 1);
    if (!raw && !ir_json_member(line, "path", room, line.n + 1)) return IR_BAD;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (ir_json_member(line, ir_digest_name((enum ir_digest_alg)a), hex, sizeof hex) &&
            !take(e, (enum ir_digest_alg)a, ir_str_z(hex)))
            return IR_BAD;
    if (e->sum.set == 0) return IR_END;
    e->name = ir_str_z(room);
    if (!raw) return IR_OK;
    struct ir_buf bytes = IR_BUF(IR_KNOWN_LINE_MAX);
    bool good = ir_base64_decode(&bytes, e->name) && bytes.n > 0 && bytes.n <= line.n;
    if (good) memcpy(room, bytes.p, bytes.n);
    e->name = ir_str_n(room, bytes.n);
    ir_buf_free(&bytes);
    return good ? IR_OK : IR_BAD;
}
