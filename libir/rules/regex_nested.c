/*
 * Regular expressions whose steps double with every letter of a text that almost fits: a group that
 * repeats, and whose body can share out the same letters in many ways, as in (a+)+ or (\w+\s?)*.
 * Document: pcre2perform(3), pcre2api(3) "match limit". Only for `ir rules check` and its kin: a
 * scan is safe either way, it gives such a match up and counts that.
 *
 * Each such group is compiled alone and tried on short texts of one letter, or of its own letters,
 * behind which it must fail. So whoever is warned has a text that hurts; an expression that gets no
 * warning may still be slow in other ways.
 *
 * Hostile: the rule's author. The number of groups and of trials is limited, and so is each trial.
 */
#include "base/buf.h"
#include "rules/literal.h"

#define DEPTH_NESTED  32u
#define GROUPS_MAX    8u
#define PUMP_LENGTH   64u
#define UNIT_MAX      16u
#define STEPS_MAX     20000u /* in proportion to the square of the text it were 4,096 */
#define REPEATED_MUCH 16u

/* Letters that people's classes tell apart. */
static const char pumps[] = "aA0 /.-_%\\=,;:'\"(<&@";

/* The length of the quantifier at s, 0: none. *ret_much: without end, or often. A '+' behind it
 * gives nothing back. */
static size_t quantifier(struct ir_str s, bool *ret_much)
{
    size_t n = 0;
    *ret_much = false;
    if (s.n == 0) return 0;
    if (s.p[0] == '*' || s.p[0] == '+') {
        *ret_much = true;
        n = 1;
    } else if (s.p[0] == '{') {
        struct ir_str body = ir_str_skip(s, 1), low;
        size_t close = ir_str_chr(body, '}');
        uint64_t from = 0, to = 0;
        if (close == IR_NPOS) return 0;
        body = ir_str_head(body, close);
        low = ir_str_cut(&body, ',');
        if (!ir_str_u64(low, &from)) return 0;
        if (body.p == NULL)
            to = from;
        else if (body.n == 0)
            to = REPEATED_MUCH;
        else if (!ir_str_u64(body, &to))
            return 0;
        *ret_much = to >= REPEATED_MUCH;
        n = close + 2;
    }
    if (n > 0 && n < s.n && s.p[n] == '+') *ret_much = false;
    return n + (n > 0 && n < s.n && (s.p[n] == '+' || s.p[n] == '?'));
}

/* Behind a class; `at` is at its '['. */
static size_t class_end(struct ir_str re, size_t at)
{
    size_t k = at + 1;
    if (k < re.n && re.p[k] == '^') k++;
    if (k < re.n && re.p[k] == ']') k++;
    while (k < re.n && re.p[k] != ']')
        k += re.p[k] == '\\' ? 2 : 1;
    return k < re.n ? k + 1 : re.n;
}

/* Nothing that could fail stands behind the group, so that it is never tried again. */
static bool ends_well(struct ir_str rest)
{
    while (rest.n > 0 && rest.p[0] == ')')
        rest = ir_str_skip(rest, 1);
    if (ir_str_starts(rest, IR_S(".*"))) rest = ir_str_skip(rest, rest.n > 2 ? 3 : 2);
    while (rest.n > 0 && (rest.p[0] == ')' || rest.p[0] == '?'))
        rest = ir_str_skip(rest, 1);
    return rest.n == 0;
}

struct trial {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

static bool hurts(const struct trial *t, struct ir_str unit)
{
    char text[PUMP_LENGTH + 1];
    for (size_t i = 0; i < PUMP_LENGTH; i++)
        text[i] = unit.p[i % unit.n];
    text[PUMP_LENGTH] = '\x01';
    int rc =
        pcre2_match(t->code, (PCRE2_SPTR)text, sizeof text, 0, PCRE2_NO_JIT, t->data, t->context);
    return rc == PCRE2_ERROR_MATCHLIMIT;
}

/* The plain letters of the group, one after the other. */
static struct ir_str own_letters(struct ir_str group, char buf[UNIT_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < group.n && n < UNIT_MAX;) {
        const char c = group.p[i];
        if (c == '[') {
            i = class_end(group, i);
            continue;
        }
        if (c == '\\' && i + 1 < group.n && !ir_isalnum(group.p[i + 1])) buf[n++] = group.p[i + 1];
        if (c != '\\' && strchr("()|*+?{}^$.:", c) == NULL) buf[n++] = c;
        i += c == '\\' ? 2 : 1;
    }
    return ir_str_n(buf, n);
}

static bool explodes(struct ir_str group, uint32_t flags)
{
    char letters[UNIT_MAX];
    struct ir_buf text = IR_BUF(4096);
    struct trial t = {NULL, NULL, pcre2_match_context_create(NULL)};
    int code;
    size_t at;
    bool found = false;
    ir_buf_str(&text, IR_S("\\A"));
    ir_buf_str(&text, group);
    ir_buf_str(&text, IR_S("\\x02"));
    struct ir_str re = ir_buf_view(&text);
    if (!text.full && t.context != NULL)
        t.code = pcre2_compile((PCRE2_SPTR)re.p, re.n, flags | PCRE2_NO_START_OPTIMIZE, &code, &at,
                               NULL); /* NULL: it refers to what stands outside */
    if (t.code != NULL) t.data = pcre2_match_data_create_from_pattern(t.code, NULL);
    if (t.data != NULL) {
        const struct ir_str own = own_letters(group, letters);
        pcre2_set_match_limit(t.context, STEPS_MAX);
        found = own.n > 0 && hurts(&t, own);
        for (size_t i = 0; i < sizeof pumps - 1 && !found; i++)
            found = hurts(&t, ir_str_n(pumps + i, 1));
    }
    pcre2_match_data_free(t.data);
    pcre2_code_free(t.code);
    pcre2_match_context_free(t.context);
    ir_buf_free(&text);
    return found;
}

bool ir_regex_nested(struct ir_str re, uint32_t flags, struct ir_str *ret_group)
{
    size_t open[DEPTH_NESTED];
    unsigned depth = 0, groups = 0;
    bool inner[DEPTH_NESTED + 1] = {false}; /* something repeats inside, or there is a choice */
    for (size_t i = 0; i < re.n && groups < GROUPS_MAX;) {
        bool much;
        if (re.p[i] == '(') {
            if (depth == DEPTH_NESTED) return false;
            open[depth++] = i++;
            inner[depth] = false;
            if (i < re.n && re.p[i] == '?') i++;
        } else if (re.p[i] == ')' && depth > 0) {
            const size_t from = open[--depth];
            const size_t end = i + 1 + quantifier(ir_str_skip(re, i + 1), &much);
            const struct ir_str group = ir_str_n(re.p + from, end - from);
            const bool nested = inner[depth + 1];
            if (nested || much) inner[depth] = true;
            i = end;
            if (!much || !nested || ends_well(ir_str_skip(re, end))) continue;
            groups++;
            if (!explodes(group, flags)) continue;
            *ret_group = group;
            return true;
        } else if (re.p[i] == '\\') {
            if (i + 1 < re.n && re.p[i + 1] == 'Q') return false;
            i += 2;
        } else if (re.p[i] == '[') {
            i = class_end(re, i);
        } else {
            const size_t n = quantifier(ir_str_skip(re, i), &much);
            if (n > 0 || re.p[i] == '|' || re.p[i] == '?') inner[depth] = true;
            i += n > 0 ? n : 1;
        }
    }
    return false;
}
