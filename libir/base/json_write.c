/*
 * The JSON writer: strings that are always valid UTF-8 JSON on one line and safe to show, whatever
 * bytes came in; keys with their commas; integers.
 *
 * What a terminal would obey or hide is escaped, nothing else is: so that grep finds in the output
 * what stood in the log. Not for HTML ('<' stays). Document: RFC 8259 7.
 */
#include "base/json.h"

#include "base/utf8.h"

static inline bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* True when eight bytes are all plain: the usual case, tested at once. */
static inline bool are_plain(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t v, q, e, d;
    memcpy(&v, p, 8);
    q = v ^ ones * '"';
    e = v ^ ones * '\\';
    d = v ^ ones * 0x7f;
    return ((v | (v - ones * 0x20) | (q - ones) | (e - ones) | (d - ones)) & high) == 0;
}

static void put_u(struct ir_buf *b, uint32_t unit)
{
    char text[6] = {'\\', 'u'};
    for (int i = 0; i < 4; i++)
        text[2 + i] = "0123456789abcdef"[unit >> (12 - 4 * i) & 15];
    ir_buf_add(b, text, sizeof text);
}

/* The letter of the two-byte escape, or 0. */
static char short_escape(uint32_t cp)
{
    switch (cp) {
    case '"':
    case '\\': return (char)cp;
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

static void put_escaped(struct ir_buf *b, uint32_t cp)
{
    char letter = short_escape(cp);
    if (letter != 0) {
        ir_buf_add(b, (char[]){'\\', letter}, 2);
    } else if (cp > 0xffff) {
        put_u(b, 0xd800 + ((cp - 0x10000) >> 10));
        put_u(b, 0xdc00 + ((cp - 0x10000) & 0x3ff));
    } else {
        put_u(b, cp);
    }
}

void ir_json_write_str(struct ir_buf *b, struct ir_str s)
{
    const char *p = s.p, *end = s.n > 0 ? s.p + s.n : s.p;
    const char *from = p; /* from..p is written as it is */
    ir_buf_chr(b, '"');
    while (p < end) {
        if (end - p >= 8 && are_plain(p)) {
            p += 8;
            continue;
        }
        if (is_plain((unsigned char)*p)) {
            p++;
            continue;
        }
        int32_t cp;
        size_t n = ir_utf8_decode(ir_str_n(p, (size_t)(end - p)), &cp);
        if (cp >= 0x80 && !ir_cp_hidden((uint32_t)cp)) {
            p += n;
            continue;
        }
        if (p > from) ir_buf_add(b, from, (size_t)(p - from));
        if (cp < 0)
            ir_buf_str(b, IR_S("\xef\xbf\xbd"));
        else
            put_escaped(b, (uint32_t)cp);
        from = p += n;
    }
    if (p > from) ir_buf_add(b, from, (size_t)(p - from));
    ir_buf_chr(b, '"');
}

void ir_json_write_key(struct ir_buf *b, bool *first, struct ir_str key)
{
    if (!*first) ir_buf_chr(b, ',');
    *first = false;
    ir_json_write_str(b, key);
    ir_buf_chr(b, ':');
}

void ir_json_write_u64(struct ir_buf *b, uint64_t v)
{
    char text[20], *p = text + sizeof text;
    do
        *--p = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    ir_buf_add(b, p, (size_t)(text + sizeof text - p));
}

void ir_json_write_i64(struct ir_buf *b, int64_t v)
{
    if (v < 0) ir_buf_chr(b, '-');
    ir_json_write_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void text_again(struct ir_buf *b, const struct ir_json_tok *t, struct ir_buf *plain)
{
    ir_buf_clear(plain);
    if (!ir_buf_reserve(plain, t->text.n + 1)) {
        b->full = true;
        return;
    }
    plain->n = ir_json_unescape(t->text, plain->p);
    ir_json_write_str(b, ir_buf_view(plain));
}

bool ir_json_write_again(struct ir_buf *b, struct ir_str text)
{
    struct ir_buf plain = IR_BUF(text.n + 2);
    const size_t before = b->n;
    struct ir_json j;
    struct ir_json_tok t;
    bool comma = false;
    int rc;
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        const bool end = t.type == IR_JSON_OBJECT_END || t.type == IR_JSON_ARRAY_END;
        if (comma && !end) ir_buf_chr(b, ',');
        comma = t.type != IR_JSON_OBJECT && t.type != IR_JSON_ARRAY && t.type != IR_JSON_KEY;
        switch (t.type) {
        case IR_JSON_OBJECT: ir_buf_chr(b, '{'); break;
        case IR_JSON_OBJECT_END: ir_buf_chr(b, '}'); break;
        case IR_JSON_ARRAY: ir_buf_chr(b, '['); break;
        case IR_JSON_ARRAY_END: ir_buf_chr(b, ']'); break;
        case IR_JSON_KEY:
            text_again(b, &t, &plain);
            ir_buf_chr(b, ':');
            break;
        case IR_JSON_STRING: text_again(b, &t, &plain); break;
        default: ir_buf_str(b, t.text);
        }
    }
    if (rc != IR_END) b->n = before;
    ir_buf_free(&plain);
    return rc == IR_END;
}
