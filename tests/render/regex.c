/*
 * A text that a regular expression matches: the least number of repeats, the alternative that the
 * way says. Of the syntax of PCRE only what rules have: literals, escapes, classes, groups, |, and
 * quantifiers. What a class or an escape stands for is asked of PCRE itself.
 */
#include <stdlib.h>

#include "render.h"

#define REPEATS_MAX 2000u

bool regex_matches(const pcre2_code *re, struct ir_str text)
{
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(re, NULL);
    int rc = m ? pcre2_match(re, (PCRE2_SPTR)text.p, text.n, 0, 0, m, NULL) : -1;
    pcre2_match_data_free(m);
    return rc >= 0;
}

/* Bytes of the first element of s: an escape, a class, a group with its brackets, or one byte. */
static size_t element(struct ir_str s)
{
    size_t i = 1;
    if (s.p[0] == '\\') return s.n > 1 ? 2 : 1;
    if (s.p[0] == '(') {
        while (i < s.n && s.p[i] != ')')
            i += element(ir_str_skip(s, i));
        return i < s.n ? i + 1 : s.n;
    }
    if (s.p[0] != '[') return 1;
    if (i < s.n && s.p[i] == '^') i++;
    for (i++; i < s.n && s.p[i] != ']'; i++)
        if (s.p[i] == '\\') i++;
    return i < s.n ? i + 1 : s.n;
}

/* Takes a quantifier off the front. */
static unsigned least_repeats(struct ir_str *s)
{
    unsigned n = 1;
    size_t used = 0;
    if (s->n > 0 && (s->p[0] == '?' || s->p[0] == '*')) {
        n = 0;
        used = 1;
    } else if (s->n > 0 && s->p[0] == '+') {
        used = 1;
    } else if (s->n > 1 && s->p[0] == '{' && ir_isdigit(s->p[1])) {
        n = (unsigned)strtoul(s->p + 1, NULL, 10);
        used = ir_str_chr(*s, '}') + 1;
    }
    *s = ir_str_skip(*s, used);
    if (used > 0 && s->n > 0 && s->p[0] == '?') *s = ir_str_skip(*s, 1);
    return n < REPEATS_MAX ? n : REPEATS_MAX;
}

/* Any character that the class or escape stands for, those first that look least odd in a log. */
static char one_of(struct ir_str class)
{
    static const char liked[] =
        "abx017 /._-:=,;&+@#%!?cdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ2345689'\"()<>[]{}";
    int code;
    PCRE2_SIZE at;
    char found = 'x';
    pcre2_code *re = pcre2_compile((PCRE2_SPTR) class.p, class.n, 0, &code, &at, NULL);
    for (size_t i = 0; re != NULL && i < sizeof liked - 1; i++) {
        if (!regex_matches(re, ir_str_n(&liked[i], 1))) continue;
        found = liked[i];
        break;
    }
    pcre2_code_free(re);
    return found;
}

static void alternatives(struct ir_str s, unsigned way, struct ir_buf *out);

static void group(struct ir_str e, unsigned way, struct ir_buf *out)
{
    struct ir_str inner = ir_str_n(e.p + 1, e.n - 2);
    if (inner.n > 0 && inner.p[0] == '?') { /* (?:…), (?i) */
        size_t end = ir_str_chr(inner, ':');
        if (end == IR_NPOS) return;
        inner = ir_str_skip(inner, end + 1);
    }
    alternatives(inner, way, out);
}

static void sequence(struct ir_str s, unsigned way, struct ir_buf *out)
{
    while (s.n > 0) {
        struct ir_str e = ir_str_head(s, element(s));
        s = ir_str_skip(s, e.n);
        bool escape = e.p[0] == '\\' && e.n == 2;
        bool anchor = e.p[0] == '^' || e.p[0] == '$' || (escape && strchr("bBAzZ", e.p[1]));
        for (unsigned i = least_repeats(&s); i > 0 && !anchor; i--) {
            if (e.p[0] == '(')
                group(e, way, out);
            else if (e.p[0] == '[' || e.p[0] == '.' || (escape && ir_isalnum(e.p[1])))
                ir_buf_chr(out, one_of(e));
            else
                ir_buf_chr(out, escape ? e.p[1] : e.p[0]);
        }
    }
}

static struct ir_str alternative(struct ir_str s, unsigned number, unsigned *ret_n)
{
    struct ir_str found = s;
    size_t from = 0;
    *ret_n = 0;
    for (size_t i = 0; i <= s.n;) {
        bool end = i == s.n || s.p[i] == '|';
        if (end && (*ret_n)++ == number) found = ir_str_n(s.p + from, i - from);
        if (end) from = i + 1;
        i += end ? 1 : element(ir_str_skip(s, i));
    }
    return found;
}

static void alternatives(struct ir_str s, unsigned way, struct ir_buf *out)
{
    unsigned n;
    alternative(s, 0, &n);
    sequence(alternative(s, way % n, &n), way, out);
}

void regex_example(struct ir_str text, unsigned way, struct ir_buf *out)
{
    alternatives(text, way, out);
}
