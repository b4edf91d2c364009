/*
 * Reasons of the library in the reader's language: the English text is held against the formats
 * that the library makes reasons from (base/reasons.def, which the build makes out of the
 * catalogue), its values are taken out and put into the translation.
 *
 * Values come from logs and rules, and may look like the text around them. No search goes back: a
 * value ends where the format's next words first stand. At worst a value is cut at the wrong place
 * and stands in the sentence in two parts; nothing is lost, and data has the English text.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/intl.h"

#define PARTS_MAX 12u
#define NEST_MAX  4u
#define BEGINNING 1000u

/* Words, then a directive (or none, at the end). */
struct part {
    struct ir_str words;
    char kind;    /* 's', 'u', … or 0 */
    bool ours;    /* "%-s": the value is a reason of the library itself */
    unsigned arg; /* which argument of the call: "%.*s" takes two */
};

static const char *const formats[] = {
#define REASON(text) text,
#include "base/reasons.def"
#undef REASON
    NULL,
};

/* Takes one directive behind its '%'. */
static void directive(struct ir_str *rest, struct part *p, unsigned *args)
{
    unsigned given = 0;
    size_t n = 0;
    while (n < rest->n && ir_isdigit(rest->p[n]))
        given = given * 10 + (unsigned)(rest->p[n++] - '0');
    const bool positional = n > 0 && n < rest->n && rest->p[n] == '$';
    if (positional) *rest = ir_str_skip(*rest, n + 1);
    p->ours = rest->n > 0 && rest->p[0] == '-';
    while (rest->n > 0 && strchr("-+ #0123456789.*$hlzjt", rest->p[0]) != NULL) {
        if (rest->p[0] == '*') ++*args;
        *rest = ir_str_skip(*rest, 1);
    }
    p->kind = rest->n > 0 ? rest->p[0] : 's';
    p->arg = positional ? given : ++*args;
    *rest = ir_str_skip(*rest, 1);
}

static size_t parse(const char *format, struct part part[PARTS_MAX])
{
    struct ir_str rest = ir_str_z(format);
    size_t n = 0;
    unsigned args = 0;
    while (n < PARTS_MAX && rest.n > 0) {
        struct part *p = &part[n++];
        size_t at = ir_str_chr(rest, '%');
        *p = (struct part){.words = at == IR_NPOS ? rest : ir_str_head(rest, at)};
        rest = ir_str_skip(rest, at == IR_NPOS ? rest.n : at + 1);
        if (at == IR_NPOS) break;
        if (rest.n > 0 && rest.p[0] == '%') {
            p->words.n++; /* the first of the two is the sign itself */
            rest = ir_str_skip(rest, 1);
        } else {
            directive(&rest, p, &args);
        }
    }
    return n;
}

/* The value of a directive up to where `after` stands; after.n == 0: all that is left. A value does
 * not reach from one part of a reason into the next. */
static bool take_value(char kind, struct ir_str *text, struct ir_str after, struct ir_str *ret_v)
{
    size_t n = after.n == 0 ? text->n : ir_str_find(*text, after);
    if (n == IR_NPOS) return false;
    for (size_t i = 0; i < n && kind != 's'; i++)
        if (!ir_isalnum(text->p[i]) && strchr("-.", text->p[i]) == NULL) return false;
    *ret_v = ir_str_head(*text, n);
    *text = ir_str_skip(*text, n);
    return kind == 's' ? ir_str_find(*ret_v, IR_S("; ")) == IR_NPOS : n > 0;
}

/* How well the format fits: by the bytes of the text that are its words; 0: not at all. */
static size_t fit(const struct part *part, size_t n, struct ir_str text, struct ir_str *value)
{
    size_t words = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ir_str_starts(text, part[i].words)) return 0;
        text = ir_str_skip(text, part[i].words.n);
        words += part[i].words.n;
        if (part[i].kind == 0) continue;
        const struct ir_str after = i + 1 < n ? part[i + 1].words : IR_S("");
        /* the last words end the text: a value may hold them too */
        if (i + 2 == n && part[i + 1].kind == 0 && ir_str_ends(text, after)) {
            struct ir_str inner = ir_str_head(text, text.n - after.n);
            if (!take_value(part[i].kind, &inner, IR_S(""), &value[i])) return 0;
            words += after.n;
            text = ir_str_n(NULL, 0);
            break;
        }
        if (!take_value(part[i].kind, &text, after, &value[i])) return 0;
    }
    /* what begins with words of ours is told better by them than by a value */
    return text.n > 0 ? 0 : part[0].words.n > 0 ? words + BEGINNING : words;
}

static void local(struct ir_buf *out, struct ir_str english, unsigned depth);

static void fill(struct ir_buf *out, const char *format, const struct ir_str *value, unsigned depth)
{
    struct part from[PARTS_MAX], to[PARTS_MAX];
    const size_t nfrom = parse(format, from), nto = parse(ir_intl(format), to);
    for (size_t i = 0; i < nto; i++) {
        ir_buf_str(out, to[i].words);
        for (size_t k = 0; k < nfrom && to[i].kind != 0; k++) {
            if (from[k].kind == 0 || from[k].arg != to[i].arg) continue;
            if (from[k].ours)
                local(out, value[k], depth + 1);
            else
                ir_buf_str(out, value[k]);
        }
    }
}

/* A quick no: the format's first words are not those of the text. */
static bool begins_as(const char *format, struct ir_str english)
{
    size_t i = 0;
    while (i < english.n && format[i] != '%' && format[i] == english.p[i])
        i++;
    return format[i] == '%';
}

static bool translate_exactly(struct ir_buf *out, struct ir_str english)
{
    char whole[IR_LOCAL_MAX];
    if (english.n == 0 || english.n >= sizeof whole) return false;
    memcpy(whole, english.p, english.n);
    whole[english.n] = '\0';
    const char *text = ir_intl(whole);
    if (text == whole) return false;
    ir_buf_str(out, ir_str_z(text));
    return true;
}

/* Parts of a reason, as "a; b" */
static bool in_parts(struct ir_buf *out, struct ir_str english, unsigned depth)
{
    size_t at = ir_str_find(english, IR_S("; "));
    if (at == IR_NPOS) return false;
    local(out, ir_str_head(english, at), depth + 1);
    ir_buf_str(out, IR_S("; "));
    local(out, ir_str_skip(english, at + 2), depth);
    return true;
}

static void local(struct ir_buf *out, struct ir_str english, unsigned depth)
{
    struct part part[PARTS_MAX];
    struct ir_str value[PARTS_MAX], best_value[PARTS_MAX] = {{NULL, 0}};
    size_t best = 0;
    const char *best_format = NULL;
    if (translate_exactly(out, english)) return;
    for (const char *const *f = formats; *f != NULL && depth < NEST_MAX; f++) {
        if (!begins_as(*f, english)) continue;
        const size_t words = fit(part, parse(*f, part), english, value);
        if (words <= best) continue;
        best = words;
        best_format = *f;
        memcpy(best_value, value, sizeof value);
    }
    if (best_format != NULL)
        fill(out, best_format, best_value, depth);
    else if (depth >= NEST_MAX || !in_parts(out, english, depth))
        ir_buf_str(out, english);
}

void ir_local_add(struct ir_buf *out, struct ir_str english)
{
    if (ir_intl_is_ja())
        local(out, english, 0);
    else
        ir_buf_str(out, english);
}

const char *ir_local_in(const char *english, char room[IR_LOCAL_MAX])
{
    if (!ir_intl_is_ja()) return english;
    struct ir_buf out = IR_BUF(IR_LOCAL_MAX);
    local(&out, ir_str_z(english), 0);
    const bool good = !out.full && out.n < IR_LOCAL_MAX && out.p != NULL;
    if (good) memcpy(room, out.p, out.n + 1);
    ir_buf_free(&out);
    return good ? room : english;
}
