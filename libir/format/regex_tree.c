/*
 * Reading regular expressions into trees. See regex_tree.h. A recursive descent over
 * alternatives, sequences and single elements; what is not known is refused, never guessed.
 */
#include "format/regex_tree.h"

struct reader {
    struct ir_arena *arena;
    struct ir_err *err;
    struct ir_str re;
    size_t at;
    unsigned depth;
    uint32_t product; /* of the counts around this place */
    bool fold;        /* (?i) */
    bool failed;
    uint32_t nameless;
};

static struct ir_rx *alternatives(struct reader *r);

static struct ir_rx *refuse(struct reader *r, const char *why)
{
    if (!r->failed) ir_fail(r->err, IR_BAD, "at byte %zu of the pattern: %-s", r->at + 1, why);
    r->failed = true;
    return NULL;
}

static struct ir_rx *node(struct reader *r, enum ir_rx_kind kind)
{
    struct ir_rx *n = ir_arena_zalloc(r->arena, sizeof *n);
    if (n == NULL) return refuse(r, "out of memory");
    n->kind = kind;
    n->min = n->max = 1;
    return n;
}

static bool more(const struct reader *r)
{
    return r->at < r->re.n;
}

static char here(const struct reader *r)
{
    return more(r) ? r->re.p[r->at] : '\0';
}

static bool ahead(const struct reader *r, const char *text)
{
    return ir_str_starts(ir_str_skip(r->re, r->at), ir_str_z(text));
}

static void set_add(const struct reader *r, struct ir_rx *n, unsigned char c)
{
    n->set[c / 64] |= UINT64_C(1) << (c % 64);
    if (!r->fold || !ir_isalpha((char)c)) return;
    c ^= 0x20;
    n->set[c / 64] |= UINT64_C(1) << (c % 64);
}

static void set_range(const struct reader *r, struct ir_rx *n, unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to; c++)
        set_add(r, n, (unsigned char)c);
}

static void set_invert(struct ir_rx *n)
{
    for (int i = 0; i < 4; i++)
        n->set[i] = ~n->set[i];
}

/* \d, \w, \s, \h and their opposites. False: not a class. */
static bool class_letter(struct ir_rx *n, char c)
{
    const struct reader plain = {0};
    struct ir_rx one = {0};
    switch (ir_lower(c)) {
    case 'd': set_range(&plain, &one, '0', '9'); break;
    case 'w':
        set_range(&plain, &one, '0', '9');
        set_range(&plain, &one, 'a', 'z');
        set_range(&plain, &one, 'A', 'Z');
        set_add(&plain, &one, '_');
        break;
    case 's':
        set_range(&plain, &one, '\t', '\r');
        set_add(&plain, &one, ' ');
        break;
    case 'h':
        set_add(&plain, &one, '\t');
        set_add(&plain, &one, ' ');
        set_add(&plain, &one, 0xa0);
        break;
    default: return false;
    }
    if (c < 'a') set_invert(&one);
    for (int i = 0; i < 4; i++)
        n->set[i] |= one.set[i];
    return true;
}

/* "\xHH" and "\x{HH}"; r->at is behind the x. -1: neither. */
static int hex(struct reader *r)
{
    bool braces = here(r) == '{';
    int v = 0, n = 0;
    r->at += braces;
    for (; n < 2 && ir_hexval(here(r)) >= 0; n++, r->at++)
        v = v * 16 + ir_hexval(here(r));
    if (braces && here(r) != '}') return -1;
    r->at += braces;
    return n > 0 ? v : -1;
}

/* The byte that an escape stands for; r->at is behind the backslash and moves on. -1: none. */
static int escaped_byte(struct reader *r)
{
    char c = here(r);
    if (!more(r)) return -1;
    r->at++;
    switch (c) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'f': return '\f';
    case 'e': return 0x1b;
    case 'x': return hex(r);
    default: return ir_isalnum(c) ? -1 : (unsigned char)c;
    }
}

static struct ir_rx *escape(struct reader *r)
{
    struct ir_rx *n = node(r, IR_RX_SET);
    r->at++;
    if (n == NULL || class_letter(n, here(r))) {
        r->at++;
        return n;
    }
    if (more(r) && strchr("bBAzZ", here(r)) != NULL) {
        r->at++;
        n->kind = IR_RX_LOOK;
        return n;
    }
    int c = escaped_byte(r);
    if (c < 0)
        return refuse(r, "this escape is not for formats: use \\d \\w \\s \\h \\b \\t \\xHH or a "
                         "backslash before a sign");
    set_add(r, n, (unsigned char)c);
    return n;
}

/* "[:alpha:]" and its like, with the brackets. */
static bool named_class(struct reader *r, struct ir_rx *n)
{
    static const struct {
        const char *name, *ranges; /* pairs of first and last byte */
    } names[] = {{"[:alpha:]", "AZaz"},    {"[:digit:]", "09"},     {"[:alnum:]", "09AZaz"},
                 {"[:upper:]", "AZ"},      {"[:lower:]", "az"},     {"[:xdigit:]", "09AFaf"},
                 {"[:word:]", "09AZaz__"}, {"[:space:]", "\t\r  "}, {"[:punct:]", "!/:@[`{~"},
                 {"[:print:]", " ~"},      {"[:graph:]", "!~"},     {"[:blank:]", "\t\t  "}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!ahead(r, names[i].name)) continue;
        for (const char *p = names[i].ranges; *p != '\0'; p += 2)
            set_range(r, n, (unsigned char)p[0], (unsigned char)p[1]);
        r->at += strlen(names[i].name);
        return true;
    }
    return false;
}

/* One member of a class as a byte; -1: it was a class of its own and is in n already; -2: bad. */
static int class_member(struct reader *r, struct ir_rx *n)
{
    char c = here(r);
    if (c == '[' && r->at + 1 < r->re.n && r->re.p[r->at + 1] == ':')
        return named_class(r, n) ? -1 : -2;
    r->at++;
    if (c & 0x80) return -2;
    if (c != '\\') return (unsigned char)c;
    if (class_letter(n, here(r))) {
        r->at++;
        return -1;
    }
    if (here(r) == 'b') {
        r->at++;
        return '\b';
    }
    int v = escaped_byte(r);
    return v < 0 ? -2 : v;
}

static struct ir_rx *bracket(struct reader *r)
{
    struct ir_rx *n = node(r, IR_RX_SET);
    if (n == NULL) return NULL;
    r->at++;
    const bool inverted = here(r) == '^';
    r->at += inverted;
    for (bool first = true; first || here(r) != ']'; first = false) {
        if (!more(r)) return refuse(r, "a '[' without its ']'");
        int from = class_member(r, n), to = from;
        if (from >= 0 && here(r) == '-' && r->at + 1 < r->re.n && r->re.p[r->at + 1] != ']') {
            r->at++;
            to = class_member(r, n);
        }
        if (from == -2 || to == -2 || to < from)
            return refuse(r, "in [ ] only single ASCII characters, ranges of them and classes like "
                             "\\d can stand; write (?:あ|い) for others");
        if (from >= 0) set_range(r, n, (unsigned)from, (unsigned)to);
    }
    r->at++;
    if (inverted) set_invert(n);
    return n;
}

/* "i", "s", "m", "-i" … behind "(?"; true when ':' or ')' follows. */
static bool flags(struct reader *r)
{
    bool off = false;
    for (; more(r) && strchr(":)", here(r)) == NULL; r->at++) {
        if (here(r) == '-')
            off = true;
        else if (here(r) == 'i')
            r->fold = !off;
        else if (here(r) != 's')
            return false;
    }
    return more(r);
}

static bool skip_name(struct reader *r, size_t lead)
{
    size_t at = r->at + lead, from = at;
    while (at < r->re.n && (ir_isalnum(r->re.p[at]) || r->re.p[at] == '_'))
        at++;
    if (at == from || ir_isdigit(r->re.p[from]) || at >= r->re.n || r->re.p[at] != '>')
        return false;
    r->at = at + 1;
    return true;
}

/* What stands between '(' and the group's own expression. False: refused. *ret_look: it takes no
 * bytes; *ret_alone: "(?i)", no group at all. */
static bool group_head(struct reader *r, bool *ret_look, bool *ret_alone)
{
    static const char *const looks[] = {"?=", "?!", "?<=", "?<!"};
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (ahead(r, looks[i])) {
            r->at += strlen(looks[i]);
            *ret_look = true;
            return true;
        }
    if (here(r) != '?') {
        r->nameless++;
        return here(r) != '*';
    }
    if (ahead(r, "?<") || ahead(r, "?P<")) return skip_name(r, ahead(r, "?<") ? 2 : 3);
    if (ahead(r, "?>")) {
        r->at += 2;
        return true;
    }
    r->at++;
    if (!flags(r)) return false;
    *ret_alone = here(r) == ')';
    r->at += !*ret_alone;
    return true;
}

static struct ir_rx *group(struct reader *r)
{
    bool look = false, alone = false;
    const bool fold = r->fold;
    r->at++;
    if (++r->depth > IR_RX_DEPTH_MAX) return refuse(r, "groups are nested too deep");
    if (!group_head(r, &look, &alone))
        return refuse(r, "this kind of group is not for formats: use (?<name>…), (?:…), (?>…), "
                         "(?=…), (?!…), (?<=…), (?<!…) or (?i)");
    struct ir_rx *n = alone ? node(r, IR_RX_LOOK) : alternatives(r);
    if (n == NULL) return NULL;
    if (here(r) != ')' || !more(r)) return refuse(r, "a '(' without its ')'");
    r->at++;
    r->depth--;
    if (!alone) r->fold = fold;
    if (!look) return n;
    struct ir_rx *l = node(r, IR_RX_LOOK);
    if (l != NULL) l->kids = n;
    return l;
}

static bool number(struct reader *r, uint32_t *ret_v)
{
    uint32_t v = 0;
    size_t from = r->at;
    for (; ir_isdigit(here(r)) && v <= IR_RX_COUNT_MAX; r->at++)
        v = v * 10 + (uint32_t)(here(r) - '0');
    *ret_v = v;
    return r->at > from;
}

/* "{2}", "{2,}", "{2,5}": 1; 0: the brace is a plain character; -1: too large. */
static int counts(struct reader *r, uint32_t *ret_min, uint32_t *ret_max)
{
    const size_t from = r->at++;
    bool ok = number(r, ret_min);
    *ret_max = *ret_min;
    if (ok && here(r) == ',') {
        r->at++;
        if (here(r) == '}')
            *ret_max = IR_RX_MANY;
        else
            ok = number(r, ret_max);
    }
    if (!ok || here(r) != '}') {
        r->at = from;
        return 0;
    }
    r->at++;
    const bool large =
        *ret_min > IR_RX_COUNT_MAX || (*ret_max != IR_RX_MANY && *ret_max > IR_RX_COUNT_MAX);
    return large ? -1 : 1;
}

static bool quantifier(struct reader *r, uint32_t *ret_min, uint32_t *ret_max)
{
    *ret_min = here(r) == '+';
    *ret_max = here(r) == '?' ? 1 : IR_RX_MANY;
    if (!more(r)) return false;
    if (here(r) == '{') {
        int rc = counts(r, ret_min, ret_max);
        if (rc < 0) refuse(r, "a count in { } is larger than 1000");
        return rc > 0;
    }
    if (strchr("*+?", here(r)) == NULL) return false;
    r->at++;
    return true;
}

/* PCRE2 writes counted groups out, so counts inside counts are memory. */
static uint32_t heaviest(const struct ir_rx *n)
{
    uint32_t most = 1;
    for (const struct ir_rx *k = n->kids; k != NULL; k = k->next) {
        uint32_t w = heaviest(k);
        if (w > most) most = w;
    }
    uint32_t times = n->kind != IR_RX_REPEAT ? 1 : n->max == IR_RX_MANY ? n->min : n->max;
    if (times < 1) times = 1;
    return most > IR_RX_PRODUCT_MAX / times ? IR_RX_PRODUCT_MAX + 1 : most * times;
}

static struct ir_rx *repeated(struct reader *r, struct ir_rx *n)
{
    uint32_t min, max;
    if (n == NULL || !quantifier(r, &min, &max)) return r->failed ? NULL : n;
    if (n->kind == IR_RX_LOOK) return refuse(r, "nothing to repeat here");
    if (here(r) == '?' || here(r) == '+') r->at++; /* lazy or possessive */
    uint32_t again, more_;
    if (quantifier(r, &again, &more_)) return refuse(r, "two repeats in a row");
    struct ir_rx *rep = node(r, IR_RX_REPEAT);
    if (rep == NULL) return NULL;
    rep->min = min;
    rep->max = max;
    rep->kids = n;
    if (heaviest(rep) > IR_RX_PRODUCT_MAX) return refuse(r, "counts inside counts grow too large");
    return rep;
}

static struct ir_rx *character(struct reader *r)
{
    struct ir_rx *n = node(r, IR_RX_SET);
    if (n == NULL) return NULL;
    const unsigned char c = (unsigned char)r->re.p[r->at++];
    if (c == '.') {
        set_invert(n);
        return n;
    }
    set_add(r, n, c);
    if (c < 0x80 || !more(r)) return n;
    if (strchr("*+?{", here(r)) != NULL)
        return refuse(r, "a repeat behind a character that is not ASCII takes only its last byte: "
                         "write (?:あ)+");
    return n;
}

static struct ir_rx *element(struct reader *r)
{
    switch (here(r)) {
    case '\\': return escape(r);
    case '[': return bracket(r);
    case '(': return group(r);
    case '*':
    case '+':
    case '?': return refuse(r, "nothing to repeat here");
    case '^':
    case '$': r->at++; return node(r, IR_RX_LOOK);
    default: return character(r);
    }
}

static struct ir_rx *sequence(struct reader *r)
{
    struct ir_rx *cat = node(r, IR_RX_CAT);
    struct ir_rx **tail = cat != NULL ? &cat->kids : NULL;
    while (tail != NULL && more(r) && here(r) != '|' && here(r) != ')') {
        struct ir_rx *n = repeated(r, element(r));
        if (n == NULL) return NULL;
        *tail = n;
        tail = &n->next;
    }
    return cat;
}

static struct ir_rx *alternatives(struct reader *r)
{
    struct ir_rx *first = sequence(r);
    if (first == NULL || here(r) != '|' || !more(r)) return first;
    struct ir_rx *alt = node(r, IR_RX_ALT);
    if (alt == NULL) return NULL;
    alt->kids = first;
    for (struct ir_rx *last = first; more(r) && here(r) == '|';) {
        r->at++;
        last->next = sequence(r);
        if (last->next == NULL) return NULL;
        last = last->next;
    }
    return alt;
}

int ir_rx_parse(struct ir_arena *a, struct ir_str text, struct ir_rx_tree *ret_t,
                struct ir_err *err)
{
    struct reader r = {.arena = a, .err = err, .re = text};
    if (text.n > IR_RX_LENGTH_MAX)
        return ir_fail(err, IR_BAD, "a pattern longer than %u bytes", IR_RX_LENGTH_MAX);
    struct ir_rx *root = alternatives(&r);
    if (root != NULL && more(&r)) root = refuse(&r, "a ')' without its '('");
    if (root == NULL) return IR_BAD;
    *ret_t = (struct ir_rx_tree){root, r.nameless};
    return IR_OK;
}
