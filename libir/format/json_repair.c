/*
 * Makes JSON of what careless or cut loggers wrote, so that one bad byte does not hide the rest of
 * a record: an attacker who can place a tab or a "\x22" in a user agent must not blind us. Inside
 * strings, raw control characters become \u00XX and a backslash that begins no escape becomes two;
 * a string that the end of the record cuts is closed. Nothing outside strings is touched. Only
 * called for records that the reader refused.
 */
#include "format/json_walk.h"

struct out {
    char *p; /* NULL: only count */
    size_t n;
    bool changed;
};

static void emit(struct out *o, const char *p, size_t n)
{
    if (o->p != NULL) memcpy(o->p + o->n, p, n);
    o->n += n;
}

static void emit_control(struct out *o, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char esc[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    emit(o, esc, sizeof esc);
}

/* The escape at p[0] == '\\': its length when it is good, 0 when it is none, IR_NPOS when the end
 * of the record cuts it. */
static size_t escape_length(const char *p, const char *end)
{
    if (end - p < 2) return IR_NPOS;
    if (p[1] != 'u') return memchr("\"\\/bfnrt", p[1], 8) ? 2 : 0;
    for (int i = 2; i < 6; i++) {
        if (p + i == end) return IR_NPOS;
        if (ir_hexval(p[i]) < 0) return 0;
    }
    return 6;
}

/* The string's bytes from p on (behind the opening quote) and the closing quote. Returns where it
 * ended. */
static const char *repair_string(const char *p, const char *end, struct out *o)
{
    while (p < end && *p != '"') {
        unsigned char c = (unsigned char)*p;
        if (c == '\\') {
            size_t n = escape_length(p, end);
            o->changed |= n == 0;
            if (n == IR_NPOS) {
                p = end;
                break;
            }
            if (n == 0) emit(o, "\\", 1);
            n = n == 0 ? 1 : n;
            emit(o, p, n);
            p += n;
        } else if (c < 0x20) {
            emit_control(o, c);
            o->changed = true;
            p++;
        } else {
            emit(o, p++, 1);
        }
    }
    emit(o, "\"", 1);
    o->changed |= p == end;
    return p < end ? p + 1 : end;
}

static void repair(struct ir_str text, struct out *o)
{
    const char *p = text.p, *end = text.p + text.n;
    while (p < end) {
        emit(o, p, 1);
        if (*p++ == '"') p = repair_string(p, end, o);
    }
}

struct ir_str ir_json_repair(struct ir_str text, struct ir_arena *arena)
{
    struct out o = {0};
    repair(text, &o);
    size_t n = o.n;
    if (!o.changed) return ir_str_n(NULL, 0); /* nothing that could be helped */
    o = (struct out){.p = ir_arena_alloc(arena, n)};
    if (o.p == NULL) return ir_str_n(NULL, 0);
    repair(text, &o);
    return ir_str_n(o.p, n);
}
