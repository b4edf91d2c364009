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

/* Which words a byte may stand in. */
enum {
    DIGITS = 1,
    HOST = 2, /* address or name */
    V6 = 4,   /* address, port behind a dot or colon */
    PEER = 8, /* the same with brackets */
    MAC = 16,
    NAME = 32,
    TOKEN = 64, /* no bracket, quote, comma */
    WORD = 128, /* no blank */
};
#define LETTER (HOST | V6 | PEER | NAME | TOKEN | WORD)
static const uint8_t words_of[256] = {
    [0 ... '\t' - 1] = WORD,
    ['\t' + 1 ... ' ' - 1] = WORD,
    ['!'] = TOKEN | WORD,
    ['"'] = WORD,
    ['#' ... '$'] = TOKEN | WORD,
    ['%'] = HOST | V6 | PEER | TOKEN | WORD,
    ['&' ... '\''] = TOKEN | WORD,
    ['(' ... ')'] = WORD,
    ['*' ... '+'] = TOKEN | WORD,
    [','] = WORD,
    ['-'] = HOST | PEER | MAC | NAME | TOKEN | WORD,
    ['.'] = HOST | V6 | PEER | MAC | NAME | TOKEN | WORD,
    ['/'] = TOKEN | WORD,
    ['0' ... '9'] = DIGITS | LETTER | MAC,
    [':'] = HOST | V6 | PEER | MAC | TOKEN | WORD,
    [';'] = TOKEN | WORD,
    ['<'] = WORD,
    ['='] = TOKEN | WORD,
    ['>'] = WORD,
    ['?' ... '@'] = TOKEN | WORD,
    ['A' ... 'F'] = LETTER | MAC,
    ['G' ... 'Z'] = LETTER,
    ['['] = PEER | TOKEN | WORD,
    ['\\'] = TOKEN | WORD,
    [']'] = PEER | TOKEN | WORD,
    ['^'] = TOKEN | WORD,
    ['_'] = HOST | PEER | TOKEN | WORD,
    ['`'] = TOKEN | WORD,
    ['a' ... 'f'] = LETTER | MAC,
    ['g' ... 'z'] = LETTER,
    ['{' ... 0x7f] = TOKEN | WORD,
    [0x80 ... 0xff] = WORD,
};

/* What a place is: `word` 0: it ends where the rest fits. */
static const struct place {
    uint8_t word;
    bool anybody; /* could choose it: it ends at the last place */
    bool dropped;
} places[128] = {
    ['a'] = {.word = HOST},
    ['A'] = {.word = HOST},
    ['h'] = {.word = HOST},
    ['p'] = {.word = DIGITS},
    ['P'] = {.word = DIGITS},
    ['b'] = {.word = DIGITS},
    ['e'] = {.word = TOKEN},
    ['E'] = {.word = TOKEN},
    ['q'] = {.word = PEER},
    ['Q'] = {.word = PEER},
    ['y'] = {.word = V6},
    ['Y'] = {.word = V6},
    ['m'] = {.word = MAC},
    ['M'] = {.word = MAC},
    ['t'] = {.word = NAME},
    ['d'] = {.word = DIGITS, .dropped = true},
    ['w'] = {.word = WORD, .dropped = true},
    ['s'] = {.dropped = true},
    ['z'] = {.dropped = true},
    ['u'] = {.anybody = true},
    ['U'] = {.anybody = true},
    ['f'] = {.anybody = true},
    ['c'] = {.anybody = true},
};

static inline const struct place *place_of(char what)
{
    return &places[what & 0x7f];
}

static inline bool in_word(uint8_t word, char c)
{
    return (words_of[(unsigned char)c] & word) != 0;
}

static bool keep(struct walk *w, char what, struct ir_str v)
{
    if (place_of(what)->dropped) return true;
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
    const uint8_t word = place_of(what)->word;
    size_t n = 0;
    while (n < s.n && in_word(word, s.p[n]))
        n++;
    if (n == 0) return false;
    if (with(w, what, s, n, rest)) return true;
    while (--n > 0)
        if (s.p[n] == next && with(w, what, s, n, rest)) return true;
    return false;
}

static bool open_place(struct walk *w, char what, struct ir_str s, const char *rest)
{
    const char next = *rest == '~' ? ' ' : *rest;
    if (next == '\0') return with(w, what, s, s.n, rest);
    if (place_of(what)->anybody) {
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
    const char *c = s.p, *end = s.p + s.n;
    for (; *p != '\0' && *p != '%'; p++) {
        if (c == end || *c++ != (*p == '~' ? ' ' : *p)) return false;
        while (*p == '~' && c < end && *c == ' ')
            c++;
    }
    if (*p == '\0') return c == end;
    s = ir_str_n(c, (size_t)(end - c));
    return place_of(p[1])->word != 0 ? word_place(w, p[1], s, p + 2)
                                     : open_place(w, p[1], s, p + 2);
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
