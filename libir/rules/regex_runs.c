/*
 * Literal characters at the top level of a regular expression that no quantifier makes optional.
 * Anything that is not plainly safe ends a run; what could change the meaning of the rest gives the
 * expression up. Only used to find candidates: reading too little is fine, reading too much would
 * lose matches.
 */
#include "rules/literal.h"

struct reader {
    struct ir_str re;
    size_t at;
    unsigned depth; /* open groups */
    bool give_up;
};

/* "(?x" and kin change what a blank means; "(*ACCEPT" and kin are orders to the engine; a comment
 * "(?#…)" may stand between a character and its quantifier. */
static bool odd_group(struct ir_str after_paren)
{
    if (after_paren.n == 0) return false;
    if (after_paren.p[0] == '*') return true;
    if (after_paren.p[0] != '?') return false;
    if (after_paren.n > 1 && after_paren.p[1] == '#') return true;
    for (size_t i = 1;
         i < after_paren.n && (ir_isalpha(after_paren.p[i]) || after_paren.p[i] == '^'); i++)
        if (after_paren.p[i] == 'x') return true;
    return false;
}

/* The length of "[:alpha:]" and kin, whose brackets do not end the class around them, or 0. */
static size_t named_class(struct ir_str s)
{
    char kind = s.n > 1 && s.p[0] == '[' ? s.p[1] : '\0';
    if (kind != ':' && kind != '.' && kind != '=') return 0;
    for (size_t k = 2; k + 1 < s.n && s.p[k] != ']'; k++)
        if (s.p[k] == kind && s.p[k + 1] == ']') return k + 2;
    return 0;
}

/* Leaves r->at at the closing bracket of a class. */
static void skip_class(struct reader *r)
{
    size_t k = r->at + 1;
    if (k < r->re.n && r->re.p[k] == '^') k++;
    if (k < r->re.n && r->re.p[k] == ']') k++;
    while (k < r->re.n && r->re.p[k] != ']') {
        size_t named = named_class(ir_str_skip(r->re, k));
        k += named > 0 ? named : r->re.p[k] == '\\' ? 2 : 1;
    }
    r->at = k;
}

static void skip_count(struct reader *r)
{
    while (r->at + 1 < r->re.n && r->re.p[r->at] != '}')
        r->at++;
}

/* After a backslash: punctuation stands for itself; of the letters only those without an argument
 * are read. */
static bool escaped(struct reader *r, char *ret_c)
{
    *ret_c = r->re.p[++r->at];
    if (ir_isalnum(*ret_c) && strchr("dDwWsSbBntrfvAzZ", *ret_c) == NULL) r->give_up = true;
    return !ir_isalnum(*ret_c) && r->depth == 0;
}

/* The element at r->at: true when it is one plain character. Leaves r->at at its last byte. */
static bool element(struct reader *r, char *ret_c)
{
    char c = *ret_c = r->re.p[r->at];
    switch (c) {
    case '\\': return r->at + 1 < r->re.n && escaped(r, ret_c);
    case '[': skip_class(r); return false;
    case '(':
        r->depth++;
        if (odd_group(ir_str_skip(r->re, r->at + 1))) r->give_up = true;
        return false;
    case ')': r->depth -= r->depth > 0; return false;
    case '|':
        if (r->depth == 0) r->give_up = true;
        return false;
    case '{': skip_count(r); return false;
    default: return r->depth == 0 && strchr("^$.*+?}", c) == NULL;
    }
}

bool ir_regex_runs(struct ir_str re, struct ir_buf *out)
{
    struct reader r = {.re = re};
    for (; r.at < re.n && !r.give_up; r.at++) {
        char c;
        bool plain = element(&r, &c);
        char next = r.at + 1 < re.n ? re.p[r.at + 1] : '\0';
        bool optional = next == '*' || next == '?' || next == '{';
        ir_buf_chr(out, plain && !optional ? c : '\0');
    }
    return !r.give_up && !out->full;
}
