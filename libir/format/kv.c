/*
 * The reader of key=value text: see kv.h for what a pair is and what an attacker can do.
 *
 * Each byte is looked at a fixed number of times: a quoted value whose end is not there takes all
 * the rest, and the way back from a '=' to the start of its key is IR_KV_KEY_MAX bytes at most.
 */
#include "format/kv.h"

const struct ir_kv_style ir_kv_blanks = {' ', '\t', '=', IR_KV_BACKSLASH};
const struct ir_kv_style ir_kv_commas = {',', ',', '=', IR_KV_BACKSLASH};
const struct ir_kv_style ir_kv_pipes = {'|', '|', '=', IR_KV_BACKSLASH};
const struct ir_kv_style ir_kv_cef = {' ', ' ', '=', IR_KV_BACKSLASH | IR_KV_OPEN};

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool is_sep(const struct ir_kv_style *s, char c)
{
    return c == s->sep || c == s->sep2;
}

/* Bytes of a key: no blank, no control character, no quote. */
static const uint8_t plain_key[256] = {['!'] = 1, ['#' ... '&'] = 1, ['(' ... 255] = 1};

static inline bool is_key(const struct ir_kv_style *s, char c)
{
    return plain_key[(unsigned char)c] && c != s->eq && !is_sep(s, c);
}

struct ir_kv ir_kv_open(struct ir_str text, const struct ir_kv_style *style)
{
    return (struct ir_kv){text, style, ir_str_chr(text, '\\') != IR_NPOS};
}

/* What a key before a '=' inside open text consists of. */
static const uint8_t open_key[256] = {
    ['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['_'] = 1, ['.'] = 1,
    ['-'] = 1,         ['['] = 1,         [']'] = 1,         [':'] = 1,
};

/* What may follow a closing quote: blanks, then a separator or the end. */
static bool ends_here(const struct ir_kv_style *s, struct ir_str text, size_t at)
{
    if (at >= text.n || is_sep(s, text.p[at])) return true;
    while (at < text.n && (unsigned char)text.p[at] <= ' ')
        at++;
    return at >= text.n || is_sep(s, text.p[at]);
}

/* The closing quote of a value that begins at `from`; text.n when there is none. */
static size_t close_quote(const struct ir_kv_style *s, struct ir_str text, size_t from, char quote,
                          bool *ret_escaped)
{
    const char *end = text.p + text.n;
    for (const char *p = text.p + from;; p++) {
        p = memchr(p, quote, (size_t)(end - p));
        if (p == NULL) return text.n;
        size_t at = (size_t)(p - text.p);
        if ((s->flags & IR_KV_DOUBLED) && at + 1 < text.n && p[1] == quote) {
            *ret_escaped = true;
            p++;
        } else if ((s->flags & IR_KV_BACKSLASH) && at > from && p[-1] == '\\') {
            *ret_escaped = true;
        } else if (ends_here(s, text, at + 1)) {
            return at;
        }
        if (p + 1 >= end) return text.n;
    }
}

static void take_quoted(struct ir_kv *kv, struct ir_kv_pair *pair)
{
    const char quote = kv->rest.p[0];
    size_t end = close_quote(kv->style, kv->rest, 1, quote, &pair->escaped);
    pair->quoted = true;
    pair->cut = end >= kv->rest.n;
    pair->value = ir_str_n(kv->rest.p + 1, end - 1);
    kv->rest = ir_str_skip(kv->rest, end + 1);
    if (kv->escapes && !pair->escaped && (kv->style->flags & IR_KV_BACKSLASH))
        pair->escaped = ir_str_chr(pair->value, '\\') != IR_NPOS;
}

/* Up to the separator; blanks before it are dropped. */
static void take_plain(struct ir_kv *kv, struct ir_kv_pair *pair)
{
    const struct ir_kv_style *s = kv->style;
    struct ir_str text = kv->rest;
    size_t i = 0;
    while (i < text.n && !is_sep(s, text.p[i]))
        i++;
    pair->value = ir_str_head(text, i);
    while (pair->value.n > 0 && (unsigned char)pair->value.p[pair->value.n - 1] <= ' ')
        pair->value.n--;
    kv->rest = ir_str_skip(text, i);
}

/* Where the key that this '=' belongs to begins, or IR_NPOS: a blank, then bytes of a key. */
static size_t key_before(struct ir_str text, size_t eq)
{
    size_t i = eq;
    while (i > 0 && eq - i <= IR_KV_KEY_MAX && open_key[(unsigned char)text.p[i - 1]])
        i--;
    return i < eq && i > 0 && is_blank(text.p[i - 1]) ? i : IR_NPOS;
}

/* Up to the next " key=". */
static void take_open(struct ir_kv *kv, struct ir_kv_pair *pair)
{
    struct ir_str text = kv->rest;
    size_t end = text.n, next = text.n;
    for (const char *p = text.p, *stop = text.p + text.n; p < stop; p++) {
        p = memchr(p, kv->style->eq, (size_t)(stop - p));
        if (p == NULL) break;
        size_t eq = (size_t)(p - text.p);
        if (eq > 0 && p[-1] == '\\') continue;
        size_t key = key_before(text, eq);
        if (key == IR_NPOS) continue;
        end = next = key;
        break;
    }
    while (end > 0 && (unsigned char)text.p[end - 1] <= ' ')
        end--;
    pair->value = ir_str_head(text, end);
    pair->escaped = kv->escapes && ir_str_chr(pair->value, '\\') != IR_NPOS;
    kv->rest = ir_str_skip(text, next);
}

static void take_value(struct ir_kv *kv, struct ir_kv_pair *pair)
{
    const char first = kv->rest.n > 0 ? kv->rest.p[0] : '\0';
    bool quote = first == '"' || (first == '\'' && (kv->style->flags & IR_KV_SINGLE));
    if (kv->style->flags & IR_KV_OPEN)
        take_open(kv, pair);
    else if (quote)
        take_quoted(kv, pair);
    else
        take_plain(kv, pair);
}

bool ir_kv_next(struct ir_kv *kv, struct ir_kv_pair *pair)
{
    const struct ir_kv_style *s = kv->style;
    struct ir_str text = kv->rest;
    size_t i = 0;
    while (i < text.n && (is_sep(s, text.p[i]) || (unsigned char)text.p[i] <= ' '))
        i++;
    text = ir_str_skip(text, i);
    kv->rest = text;
    if (text.n == 0) return false;
    pair->key = ir_str_n(text.p, 0);
    pair->quoted = pair->escaped = pair->cut = false;
    i = 0;
    while (i < text.n && i < IR_KV_KEY_MAX && is_key(s, text.p[i]))
        i++;
    if (i > 0 && i < text.n && text.p[i] == s->eq) {
        pair->key = ir_str_head(text, i);
        kv->rest = ir_str_skip(text, i + 1);
    } else if (text.p[0] != '"') { /* a word: an "=" inside it belongs to it */
        take_plain(kv, pair);
        return true;
    }
    take_value(kv, pair);
    return true;
}

void ir_kv_read(struct ir_str text, const struct ir_kv_style *style, unsigned max,
                struct ir_kv_pairs *ret_pairs)
{
    struct ir_kv kv = ir_kv_open(text, style);
    unsigned n = 0;
    if (max > IR_KV_MAX) max = IR_KV_MAX;
    while (n < max && ir_kv_next(&kv, &ret_pairs->pair[n]))
        n++;
    ret_pairs->n = n;
    ret_pairs->rest = kv.rest;
}

struct ir_str ir_kv_get(const struct ir_kv_pairs *pairs, struct ir_str key)
{
    for (unsigned i = 0; i < pairs->n; i++)
        if (ir_str_eq(pairs->pair[i].key, key)) return pairs->pair[i].value;
    return ir_str_n(NULL, 0);
}

/* The byte that "\c" stands for; 0: it stands for itself, backslash and all. */
static char unescape(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\'':
    case '\\':
    case '=':
    case '|': return c;
    default: return '\0';
    }
}

struct ir_str ir_kv_decode(struct ir_str value, const struct ir_kv_style *style,
                           struct ir_arena *arena)
{
    char *out = ir_arena_alloc(arena, value.n);
    size_t n = 0;
    if (out == NULL) return value;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i], next = i + 1 < value.n ? value.p[i + 1] : '\0';
        char meant = c == '\\' && (style->flags & IR_KV_BACKSLASH) ? unescape(next) : '\0';
        /* quoted texts are full of Windows paths: only CEF's line breaks are sure to be meant */
        if (!(style->flags & IR_KV_OPEN) && ir_isalpha(next)) meant = '\0';
        bool doubled = (style->flags & IR_KV_DOUBLED) && c == '"' && next == '"';
        if (meant != '\0' || doubled) i++;
        out[n++] = meant != '\0' ? meant : c;
    }
    return ir_str_n(out, n);
}
