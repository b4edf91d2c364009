/*
 * Fitting a phrase to a text (see phrase.h). Places that are words of their own end where their
 * characters end; the others are tried at each place where the next letter of the phrase stands,
 * from the left, or from the right for what anybody can choose. Hostile texts make many such
 * places, so the tries are counted.
 *
 * Nothing here is a regular expression: there is no alternative and no repetition, and the depth is
 * the number of places in a phrase of ours.
 */
#include "format/phrase.h"

#include "format/syslog.h"

#define TRIES_MAX 512u

struct walk {
    struct ir_parts *parts;
    unsigned tries;
};

static bool fits(struct walk *w, const char *p, struct ir_str s);

/* Characters of a place that is a word; NULL: it ends where the rest fits. */
static bool is_word_place(char what)
{
    return memchr("aAhpPeEqQyYmMtbdw", what, 17) != NULL;
}

static bool in_word(char what, char c)
{
    if (ir_isdigit(c)) return true;
    switch (what) {
    case 'p':
    case 'P':
    case 'b':
    case 'd': return false;
    case 'a':
    case 'A':
    case 'h': return ir_isalpha(c) || memchr(".:-_%", c, 5) != NULL;
    case 'y':
    case 'Y': return ir_isalpha(c) || c == '.' || c == ':' || c == '%';
    case 'q':
    case 'Q': return ir_isalpha(c) || memchr(".:-_%[]", c, 7) != NULL;
    case 'm':
    case 'M': return ir_hexval(c) >= 0 || c == ':' || c == '-' || c == '.';
    case 't': return ir_isalpha(c) || c == '-' || c == '.';
    case 'w': return c != ' ' && c != '\t';
    default: return c > ' ' && memchr("(),\"<>", c, 6) == NULL; /* e */
    }
}

static bool keep(struct walk *w, char what, struct ir_str v)
{
    if (memchr("dwsz", what, 4) != NULL) return true;
    if (w->parts->n == IR_PHRASE_PARTS) return false;
    w->parts->part[w->parts->n].what = what;
    w->parts->part[w->parts->n++].v = v;
    return true;
}

/* A place with the value s[0..n), and the rest. */
static bool with(struct walk *w, char what, struct ir_str s, size_t n, const char *rest)
{
    unsigned before = w->parts->n;
    if (w->tries == 0) return false;
    w->tries--;
    if (keep(w, what, ir_str_head(s, n)) && fits(w, rest, ir_str_skip(s, n))) return true;
    w->parts->n = before;
    return false;
}

/* What ends the word in the sentence may be a letter that the word could hold: "192.0.2.1: words".
 */
static bool word_place(struct walk *w, char what, struct ir_str s, const char *rest)
{
    const char next = *rest == '~' ? ' ' : *rest;
    size_t n = 0;
    while (n < s.n && in_word(what, s.p[n]))
        n++;
    if (n == 0) return false;
    if (with(w, what, s, n, rest)) return true;
    while (--n > 0)
        if (s.p[n] == next && with(w, what, s, n, rest)) return true;
    return false;
}

static bool open_place(struct walk *w, char what, struct ir_str s, const char *rest)
{
    const bool anybody = memchr("uUfc", what, 4) != NULL;
    const char next = *rest == '~' ? ' ' : *rest;
    if (next == '\0') return with(w, what, s, s.n, rest);
    if (anybody) {
        for (size_t n = s.n; n-- > 0;)
            if (s.p[n] == next && with(w, what, s, n, rest)) return true;
        return false;
    }
    for (size_t n = 0; n < s.n; n++)
        if (s.p[n] == next && with(w, what, s, n, rest)) return true;
    return false;
}

static bool fits(struct walk *w, const char *p, struct ir_str s)
{
    for (; *p != '\0' && *p != '%'; p++) {
        const char want = *p == '~' ? ' ' : *p;
        if (s.n == 0 || s.p[0] != want) return false;
        do
            s = ir_str_skip(s, 1);
        while (*p == '~' && s.n > 0 && s.p[0] == ' ');
    }
    if (*p == '\0') return s.n == 0;
    return is_word_place(p[1]) ? word_place(w, p[1], s, p + 2) : open_place(w, p[1], s, p + 2);
}

bool ir_phrase_fits(struct ir_str s, const char *text, struct ir_parts *ret_parts)
{
    struct walk w = {.parts = ret_parts, .tries = TRIES_MAX};
    ret_parts->n = 0;
    return s.n > 0 && (text[0] == '%' || text[0] == s.p[0]) && fits(&w, text, s);
}

const struct ir_phrase *ir_phrase_any(struct ir_event *ev, struct ir_str s,
                                      const struct ir_phrase *rows, size_t n)
{
    struct ir_parts parts;
    for (size_t i = 0; i < n; i++) {
        if (!ir_phrase_fits(s, rows[i].text, &parts)) continue;
        ir_phrase_fields(ev, &parts);
        ir_phrase_says(ev, rows[i].action, rows[i].says);
        return &rows[i];
    }
    return NULL;
}
