/*
 * The JSON reader: tokens out of bytes, without a tree, without recursion, without memory.
 *
 * State is one bit for each open container (object or array?) and what may come next. The hot loop
 * is over the bytes of strings, eight at a time. Not for JSON with comments, trailing commas, NaN
 * or several values in one text (JSON lines: one reader a line). Document: RFC 8259.
 */
#include "base/json.h"

#include "base/utf8.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

enum expect {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_END, /* after '[' */
    EXPECT_KEY_OR_END,   /* after '{' */
    EXPECT_COMMA_OR_END, /* after a value in a container */
    EXPECT_NOTHING,      /* the top value is complete */
    EXPECT_ERROR,
};

void ir_json_begin(struct ir_json *j, struct ir_str text)
{
    /* RFC 8259 8.1 lets a reader ignore a byte order mark; Windows tools write it */
    if (ir_str_starts(text, IR_S("\xef\xbb\xbf"))) text = ir_str_skip(text, 3);
    *j = (struct ir_json){.start = text.p, .p = text.p, .expect = EXPECT_VALUE};
    j->end = text.n > 0 ? text.p + text.n : text.p;
}

static int bad(struct ir_json *j, const char *at, const char *why)
{
    j->p = j->end;
    j->expect = EXPECT_ERROR;
    j->pos = j->start != NULL ? (size_t)(at - j->start) : 0;
    j->error = why;
    return IR_BAD;
}

static inline const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static inline bool is_special(unsigned char c)
{
    return c == '"' || c == '\\' || c < 0x20 || c >= 0x80;
}

/* The first byte at or after p that is not plain text inside a string, or end. */
static inline const char *plain_end(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        w = __builtin_bswap64(w);
#endif
        /* (x - 1) & ~x & 0x80 finds a zero byte, and is exact for the lowest one, the only one used
         */
        uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';
        uint64_t m = ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | (w - ONES * 0x20) | w;
        m &= HIGH;
        if (m != 0) return p + (__builtin_ctzll(m) >> 3);
        p += 8;
    }
    while (p < end && !is_special((unsigned char)*p))
        p++;
    return p;
}

/* Past the escape whose backslash is at p, or NULL. */
static const char *escape_end(const char *p, const char *end)
{
    if (end - p < 2) return NULL;
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return p + 2;
    case 'u': break;
    default: return NULL;
    }
    if (end - p < 6) return NULL;
    for (int i = 2; i < 6; i++)
        if (ir_hexval(p[i]) < 0) return NULL;
    return p + 6;
}

/* p is behind the opening quote. Sets t->text and flags and moves j->p behind the closing one. */
static int read_string(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    const char *from = p, *end = j->end;
    t->escaped = t->bad_utf8 = false;
    for (;;) {
        p = plain_end(p, end);
        if (p == end) return bad(j, from - 1, "string without its closing quote");
        if (*p == '"') break;
        if (*p == '\\') {
            const char *q = escape_end(p, end);
            if (q == NULL) return bad(j, p, "unknown escape in a string");
            t->escaped = true;
            p = q;
        } else if ((unsigned char)*p < 0x20) {
            return bad(j, p, "control character in a string");
        }
        while (p < end && (unsigned char)*p >= 0x80) {
            int32_t cp;
            p += ir_utf8_decode(ir_str_n(p, (size_t)(end - p)), &cp);
            if (cp < 0) t->bad_utf8 = true;
        }
    }
    j->bad_utf8 |= t->bad_utf8;
    t->text = ir_str_n(from, (size_t)(p - from));
    j->p = p + 1;
    return IR_OK;
}

static const char *digits_end(const char *p, const char *end)
{
    while (p < end && ir_isdigit(*p))
        p++;
    return p;
}

static int read_number(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    const char *from = p, *end = j->end, *q;
    if (*p == '-') p++;
    q = p < end && *p == '0' ? p + 1 : digits_end(p, end);
    if (q == p) return bad(j, p, "number without digits");
    p = q;
    if (p < end && *p == '.') {
        q = digits_end(p + 1, end);
        if (q == p + 1) return bad(j, q, "number without digits after the point");
        p = q;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        q = digits_end(p, end);
        if (q == p) return bad(j, q, "number without digits in the exponent");
        p = q;
    }
    t->type = IR_JSON_NUMBER;
    t->text = ir_str_n(from, (size_t)(p - from));
    t->escaped = t->bad_utf8 = false;
    j->p = p;
    return IR_OK;
}

static int read_literal(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    struct ir_str rest = ir_str_n(p, (size_t)(j->end - p)), word;
    if (*p == 't') {
        word = IR_S("true");
        t->type = IR_JSON_TRUE;
    } else if (*p == 'f') {
        word = IR_S("false");
        t->type = IR_JSON_FALSE;
    } else {
        word = IR_S("null");
        t->type = IR_JSON_NULL;
    }
    if (!ir_str_starts(rest, word)) return bad(j, p, "not a JSON value");
    t->text = ir_str_head(rest, word.n);
    t->escaped = t->bad_utf8 = false;
    j->p = p + word.n;
    return IR_OK;
}

/* The state after a whole value. */
static inline uint8_t after_value(const struct ir_json *j)
{
    return j->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static int open_container(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    if (j->depth == IR_JSON_DEPTH_MAX) return bad(j, p, "nested too deeply");
    bool object = *p == '{';
    uint64_t bit = UINT64_C(1) << (j->depth % 64);
    if (object)
        j->is_object[j->depth / 64] |= bit;
    else
        j->is_object[j->depth / 64] &= ~bit;
    *t = (struct ir_json_tok){object ? IR_JSON_OBJECT : IR_JSON_ARRAY, {p, 1}, .depth = j->depth};
    j->depth++;
    j->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
    j->p = p + 1;
    return IR_OK;
}

static inline bool in_object(const struct ir_json *j)
{
    return (j->is_object[(j->depth - 1) / 64] >> ((j->depth - 1) % 64) & 1) != 0;
}

static int close_container(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    bool object = in_object(j);
    j->depth--;
    t->type = object ? IR_JSON_OBJECT_END : IR_JSON_ARRAY_END;
    t->text = ir_str_n(p, 1);
    t->escaped = t->bad_utf8 = false;
    t->depth = j->depth;
    j->expect = after_value(j);
    j->p = p + 1;
    return IR_OK;
}

/* The key at p and the colon behind it. */
static int read_key(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    if (p == j->end || *p != '"') return bad(j, p, "a key in quotes should stand here");
    if (read_string(j, p + 1, t) != IR_OK) return IR_BAD;
    p = skip_blanks(j->p, j->end);
    if (p == j->end || *p != ':') return bad(j, p, "a colon should stand here");
    t->type = IR_JSON_KEY;
    j->p = p + 1;
    j->expect = EXPECT_VALUE;
    return IR_OK;
}

static int read_value(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    int rc;
    if (p == j->end) return bad(j, p, "a value is missing");
    switch (*p) {
    case '{':
    case '[': return open_container(j, p, t);
    case '"':
        t->type = IR_JSON_STRING;
        rc = read_string(j, p + 1, t);
        break;
    case 't':
    case 'f':
    case 'n': rc = read_literal(j, p, t); break;
    default:
        if (*p != '-' && !ir_isdigit(*p)) return bad(j, p, "not a JSON value");
        rc = read_number(j, p, t);
    }
    if (rc == IR_OK) j->expect = after_value(j);
    return rc;
}

/* After a value: the comma, and what it promises, or the end of the container. */
static int read_next(struct ir_json *j, const char *p, struct ir_json_tok *t)
{
    bool object = in_object(j);
    if (p < j->end && *p == ',') {
        p = skip_blanks(p + 1, j->end);
        return object ? read_key(j, p, t) : read_value(j, p, t);
    }
    if (p < j->end && *p == (object ? '}' : ']')) return close_container(j, p, t);
    return bad(j, p, object ? "',' or '}' should stand here" : "',' or ']' should stand here");
}

int ir_json_next(struct ir_json *j, struct ir_json_tok *ret_t)
{
    const char *p = skip_blanks(j->p, j->end);
    ret_t->depth = j->depth;
    switch ((enum expect)j->expect) {
    case EXPECT_COMMA_OR_END: return read_next(j, p, ret_t);
    case EXPECT_VALUE: return read_value(j, p, ret_t);
    case EXPECT_KEY_OR_END:
        if (p < j->end && *p == '}') return close_container(j, p, ret_t);
        return read_key(j, p, ret_t);
    case EXPECT_VALUE_OR_END:
        if (p < j->end && *p == ']') return close_container(j, p, ret_t);
        return read_value(j, p, ret_t);
    case EXPECT_NOTHING:
        if (p == j->end) return IR_END;
        return bad(j, p, "something follows the JSON value");
    case EXPECT_ERROR: break;
    }
    return IR_BAD;
}

int ir_json_skip(struct ir_json *j)
{
    struct ir_json_tok t;
    unsigned depth = j->depth;
    while (depth > 0 && j->depth >= depth) {
        int rc = ir_json_next(j, &t);
        if (rc != IR_OK) return rc;
    }
    return j->expect == EXPECT_ERROR ? IR_BAD : IR_OK;
}

static uint32_t hex4(const char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v = v << 4 | (uint32_t)(ir_hexval(p[i]) & 15);
    return v;
}

/* The \u escape at p (checked by the reader), with its second half when it is a pair. */
static const char *unicode_escape(const char *p, const char *end, uint32_t *ret_cp)
{
    uint32_t cp = hex4(p + 2);
    p += 6;
    if (cp >= 0xd800 && cp <= 0xdbff && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        uint32_t low = hex4(p + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *ret_cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
            return p + 6;
        }
    }
    *ret_cp = cp >= 0xd800 && cp <= 0xdfff ? 0xfffd : cp;
    return p;
}

/* Copies up to the next backslash. Eight bytes at a time and no call: a path has one every few
 * bytes. A store never reaches beyond what was read, so out may be the text itself. */
static const char *copy_plain(const char *p, const char *end, char **out)
{
    char *o = *out;
    for (uint64_t w; end - p >= 8; p += 8, o += 8) {
        memcpy(&w, p, 8);
        uint64_t slash = w ^ ONES * '\\';
        if (((slash - ONES) & ~slash & HIGH) != 0) break;
        memcpy(o, &w, 8);
    }
    while (p < end && *p != '\\')
        *o++ = *p++;
    *out = o;
    return p;
}

size_t ir_json_unescape(struct ir_str text, char *out)
{
    const char *p = text.p, *end = text.n > 0 ? text.p + text.n : text.p;
    char *o = out;
    while (p < end) {
        p = copy_plain(p, end, &o);
        if (p == end) break;
        if (escape_end(p, end) == NULL) { /* not from the reader: keep it */
            *o++ = *p++;
            continue;
        }
        if (p[1] == 'u') {
            uint32_t cp;
            p = unicode_escape(p, end, &cp);
            o += ir_utf8_encode(cp, o);
            continue;
        }
        switch (p[1]) {
        case 'b': *o++ = '\b'; break;
        case 'f': *o++ = '\f'; break;
        case 'n': *o++ = '\n'; break;
        case 'r': *o++ = '\r'; break;
        case 't': *o++ = '\t'; break;
        default: *o++ = p[1];
        }
        p += 2;
    }
    return (size_t)(o - out);
}

/* The token of the value of `key` at the top; false when there is none. */
static bool find_member(struct ir_str object, const char *key, struct ir_json_tok *ret_t)
{
    struct ir_json j;
    bool ours = false;
    ir_json_begin(&j, object);
    while (ir_json_next(&j, ret_t) == IR_OK)
        if (ret_t->type == IR_JSON_KEY)
            ours = ret_t->depth == 1 && !ret_t->escaped && ir_str_eq(ret_t->text, ir_str_z(key));
        else if (ours)
            return true;
    return false;
}

bool ir_json_member(struct ir_str object, const char *key, char *out, size_t size)
{
    struct ir_json_tok t;
    out[0] = '\0';
    if (!find_member(object, key, &t) || t.type != IR_JSON_STRING || t.text.n >= size) return false;
    out[ir_json_unescape(t.text, out)] = '\0';
    return true;
}

bool ir_json_member_u64(struct ir_str object, const char *key, uint64_t *ret_v)
{
    struct ir_json_tok t;
    return find_member(object, key, &t) && t.type == IR_JSON_NUMBER && ir_str_u64(t.text, ret_v);
}
