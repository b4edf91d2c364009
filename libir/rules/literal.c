/*
 * Which literals a rule cannot do without. AND takes its cheapest part, OR needs one of each part,
 * NOT gives nothing. Only runs of ASCII, which are found caselessly in raw bytes, and of letters
 * without case count (kana, kanji); the two non-ASCII letters that fold to ASCII (U+212A, U+017F)
 * are watched for by the group's database itself.
 */
#include "rules/literal.h"

#include <math.h>

#define LITERALS_MAX 200000u /* of one rule; with more it is tried on every event */

/* Texts that are everywhere in logs: a literal that is a part of one of these tells little. */
static const struct ir_str common[] = {
    IR_S("c:\\windows\\system32\\"),
    IR_S("c:\\program files (x86)\\"),
    IR_S("c:\\users\\public\\appdata\\local\\temp\\"),
    IR_S("microsoft-windows-"),
    IR_S("\\powershell.exe"),
    IR_S("\\cmd.exe /c"),
    IR_S("\\svchost.exe"),
    IR_S("hklm\\system\\currentcontrolset\\services\\"),
    IR_S("hklm\\software\\microsoft\\windows\\currentversion\\"),
    IR_S("http://"),
    IR_S("https://www."),
    IR_S("/usr/bin/"),
    IR_S("/usr/sbin/"),
    IR_S("/usr/local/bin/"),
    IR_S("/bin/bash"),
    IR_S("/bin/sh"),
    IR_S("/etc/"),
    IR_S("/tmp/"),
    IR_S("/var/www/html/"),
    IR_S("/dev/null"),
    IR_S("execve"),
    IR_S("syscall"),
    IR_S("get / http/1.1"),
    IR_S("post /"),
    IR_S("mozilla/5.0"),
    IR_S("index.php"),
    IR_S(".html"),
    IR_S("user"),
    IR_S("root"),
    IR_S("from"),
    IR_S("port"),
    IR_S("ssh2"),
    IR_S("failed"),
    IR_S("sshd"),
    IR_S("smbd_audit"),
    IR_S("|ok|"),
    IR_S("session"),
    IR_S("authentication"),
    IR_S("invalid"),
    IR_S("true"),
    IR_S("false"),
    IR_S("nt authority\\system"),
    IR_S(".dll"),
    IR_S(".exe"),
    IR_S("c:\\windows\\system32\\ntdll.dll+"),
    IR_S("c:\\windows\\system32\\kernelbase.dll+"),
    IR_S("c:\\windows\\system32\\svchost.exe"),
    IR_S("c:\\windows\\system32\\lsass.exe"),
    IR_S("c:\\windows\\system32\\cmd.exe"),
    IR_S("c:\\windows\\system32\\wbem\\wmiprvse.exe"),
    IR_S("c:\\windows\\explorer.exe"),
    IR_S("c:\\programdata\\"),
    IR_S("dword (0x00000000)"),
    IR_S("dword (0x00000001)"),
    IR_S("setvalue"),
    IR_S("createkey"),
    IR_S("deletekey"),
    IR_S("binary data"),
    IR_S("microsoft corporation"),
    IR_S("s-1-5-21-"),
    IR_S("s-1-5-18"),
    IR_S("administrator"),
    IR_S("security"),
    IR_S("process "),
    IR_S("service"),
    IR_S("command"),
    IR_S("disabled"),
    IR_S("0x1fffff"),
    IR_S("password"),
    IR_S(": authentication failure; logname="),
    IR_S("connection closed by "),
    IR_S("disconnect"),
    IR_S(" [preauth]"),
    IR_S("pam_unix("),
    IR_S("http/1.1\" 200 "),
};

#define COMMON_COST 0.02 /* how often a common text is expected */

static double byte_frequency(char c)
{
    if (strchr("etaoinsrl ", c) != NULL) return 0.07;
    if (ir_isalpha(c)) return 0.03;
    if (ir_isdigit(c)) return 0.04;
    return strchr("\\/.-_:", c) != NULL ? 0.04 : 0.005;
}

/* Bytes that belong to a common text tell little, all together: the others make a literal rare. */
static double literal_cost(struct ir_str s)
{
    bool known[IR_LITERAL_MAX] = {false};
    double cost = 1;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        if (s.n <= common[i].n) {
            if (ir_str_find(common[i], s) == IR_NPOS) continue;
            memset(known, true, s.n);
            break;
        }
        size_t at = ir_str_find(s, common[i]);
        if (at != IR_NPOS) memset(known + at, true, common[i].n);
    }
    bool any = false;
    for (size_t i = 0; i < s.n; i++) {
        any = any || known[i];
        cost *= known[i] ? 1 : byte_frequency(s.p[i]);
    }
    return fmax(any ? cost * COMMON_COST : cost, 1e-15);
}

/* Bytes of the character at i that a literal may have: of ASCII, or of U+3000 to U+9FFF, to which
 * nothing else folds. 0: none. */
static size_t usable(struct ir_str s, size_t i, const uint8_t *kind)
{
    const unsigned char c = (unsigned char)s.p[i];
    if (kind != NULL && kind[i] != IR_GLOB_BYTE) return 0;
    if (c < 0x80) return c >= ' ' && c <= '~';
    if (c < 0xe3 || c > 0xe9 || s.n - i < 3) return 0;
    for (size_t k = 1; k < 3; k++)
        if (((unsigned char)s.p[i + k] & 0xc0) != 0x80 ||
            (kind != NULL && kind[i + k] != IR_GLOB_BYTE))
            return 0;
    return 3;
}

struct choice { /* the cheapest window so far */
    char lit[IR_LITERAL_MAX];
    size_t n;
    double cost;
};

static void try_window(struct choice *c, const char *p, size_t n)
{
    char low[IR_LITERAL_MAX];
    for (size_t k = 0; k < n; k++)
        low[k] = ir_lower(p[k]);
    double cost = literal_cost(ir_str_n(low, n));
    if (c->n > 0 && cost >= c->cost) return;
    memcpy(c->lit, low, n);
    c->n = n;
    c->cost = cost;
}

/* The cheapest window of the text's plain runs: of long runs the end (paths differ there),
 * the start and the middle are looked at. */
static bool best_run(struct ir_arena *a, struct ir_str s, const uint8_t *kind,
                     struct ir_str *ret_lit, double *ret_cost)
{
    struct choice c = {.n = 0};
    for (size_t i = 0; i < s.n;) {
        size_t end = i, take;
        while (end < s.n && (take = usable(s, end, kind)) > 0)
            end += take;
        size_t run = end - i, n = run > IR_LITERAL_MAX ? IR_LITERAL_MAX : run;
        if (n >= IR_LITERAL_MIN) try_window(&c, s.p + end - n, n);
        if (run > n) {
            try_window(&c, s.p + i, n);
            try_window(&c, s.p + i + (run - n) / 2, n);
        }
        i = end + 1;
    }
    if (c.n == 0) return false;
    *ret_lit = ir_arena_dup(a, ir_str_n(c.lit, c.n));
    *ret_cost = c.cost;
    return ret_lit->p != NULL;
}

static bool of_pattern(struct ir_arena *a, const struct ir_pattern *p, struct ir_str *ret_lit,
                       double *ret_cost)
{
    bool found = false;
    for (uint32_t i = 0; i < p->nseg; i++) {
        struct ir_str lit;
        double cost;
        if (!best_run(a, p->seg[i].lit, p->seg[i].kind, &lit, &cost)) continue;
        if (found && cost >= *ret_cost) continue;
        *ret_lit = lit;
        *ret_cost = cost;
        found = true;
    }
    return found;
}

static bool of_regex(struct ir_arena *a, struct ir_str re, struct ir_str *ret_lit, double *ret_cost)
{
    struct ir_buf runs = IR_BUF(4096);
    bool ok = ir_regex_runs(re, &runs) && best_run(a, ir_buf_view(&runs), NULL, ret_lit, ret_cost);
    ir_buf_free(&runs);
    return ok;
}

/* Values that parsers make up: they never stand in the raw bytes. */
static bool made_up(const uint32_t *fields)
{
    for (; fields != NULL && *fields != 0; fields++)
        if (ir_field_is_made_up(*fields)) return true;
    return false;
}

/* Where it ends, it began in the same record. */
static bool in_one_line(struct ir_str s)
{
    return ir_str_chr(s, '\n') == IR_NPOS && ir_str_chr(s, '\r') == IR_NPOS;
}

static bool of_value(struct ir_arena *a, struct ir_val *v, struct ir_literal *ret_lit,
                     double *ret_cost)
{
    const struct ir_pattern *p = &v->pattern;
    ret_lit->val = v;
    switch (v->kind) {
    case IR_VAL_PATTERN:
        if (!of_pattern(a, p, &ret_lit->text, ret_cost)) return false;
        v->lit_is_all = p->op == IR_PAT_CONTAINS && !p->cased && in_one_line(p->seg[0].lit) &&
                        ir_str_eq(p->seg[0].lit, ret_lit->text);
        return true;
    case IR_VAL_REGEX: return of_regex(a, v->text, &ret_lit->text, ret_cost);
    default: return false; /* numbers may be written in several ways */
    }
}

/* One literal for each of the values. */
static bool any_of(struct ir_arena *a, struct ir_val *v, uint32_t n, struct ir_literals *ret_l)
{
    struct ir_literals l = {.lit = ir_arena_alloc(a, n * sizeof *l.lit)};
    double cost;
    if (l.lit == NULL) return false;
    for (uint32_t i = 0; i < n; i++, l.cost += cost)
        if (!of_value(a, &v[i], &l.lit[l.n++], &cost)) return false;
    *ret_l = l;
    return l.n > 0;
}

/* |all: the cheapest of the written values, with all that it was made into. */
static bool all_of(struct ir_arena *a, const struct ir_item *it, struct ir_literals *ret_l)
{
    bool found = false;
    for (uint32_t i = 0, n; i < it->nvals; i += n) {
        struct ir_literals l;
        for (n = 1; i + n < it->nvals && it->vals[i + n - 1].more;)
            n++;
        if (!any_of(a, &it->vals[i], n, &l) || (found && l.cost >= ret_l->cost)) continue;
        *ret_l = l;
        found = true;
    }
    return found;
}

static bool of_item(struct ir_arena *a, const struct ir_item *it, struct ir_literals *ret_l)
{
    if (it->negate || it->date != IR_DATE_NONE || made_up(it->fields)) return false;
    if (it->all) return all_of(a, it, ret_l);
    struct ir_literals l = {.lit = ir_arena_alloc(a, (it->nvals + it->nexact + 1) * sizeof *l.lit)};
    double cost;
    if (l.lit == NULL) return false;
    for (uint32_t i = 0; i < it->nvals; i++, l.cost += cost)
        if (!of_value(a, &it->vals[i], &l.lit[l.n++], &cost)) return false;
    for (uint32_t i = 0; i < it->nexact; i++, l.cost += cost) {
        l.lit[l.n].val = NULL;
        if (!best_run(a, it->exact[i], NULL, &l.lit[l.n++].text, &cost)) return false;
    }
    *ret_l = l;
    return l.n > 0;
}

static bool of_or(struct ir_arena *a, const struct ir_node *n, struct ir_literals *ret_l)
{
    struct ir_literals sum = {0}, *part = ir_arena_alloc(a, n->nkids * sizeof *part);
    if (part == NULL) return false;
    for (uint32_t i = 0; i < n->nkids; i++) {
        if (!ir_literals_required(a, n->kids[i], &part[i])) return false;
        sum.n += part[i].n;
        sum.cost += part[i].cost;
        if (sum.n > LITERALS_MAX) return false;
    }
    sum.lit = ir_arena_alloc(a, sum.n * sizeof *sum.lit);
    if (sum.lit == NULL) return false;
    for (uint32_t i = 0, at = 0; i < n->nkids; at += part[i++].n)
        memcpy(sum.lit + at, part[i].lit, part[i].n * sizeof *sum.lit);
    *ret_l = sum;
    return sum.n > 0;
}

bool ir_literals_required(struct ir_arena *a, const struct ir_node *n, struct ir_literals *ret_l)
{
    bool found = false;
    switch (n->op) {
    case IR_NODE_NOT: return false;
    case IR_NODE_ITEM: return n->item != NULL && of_item(a, n->item, ret_l);
    case IR_NODE_OR: return of_or(a, n, ret_l);
    case IR_NODE_AND: break;
    }
    for (uint32_t i = 0; i < n->nkids; i++) {
        struct ir_literals l;
        if (!ir_literals_required(a, n->kids[i], &l) || (found && l.cost >= ret_l->cost)) continue;
        *ret_l = l;
        found = true;
    }
    return found;
}

/* An item of this field alone, whose values are few and stand as they are. */
static bool is_plain_item(const struct ir_item *it, uint32_t field, uint32_t cap)
{
    return it != NULL && it->fields != NULL && it->fields[0] == field && it->fields[1] == 0 &&
           !it->negate && !it->all && it->nexact == 0 && it->nvals <= cap &&
           it->date == IR_DATE_NONE;
}

static bool numbers_of_item(const struct ir_item *it, uint32_t field, void *ret_v, uint32_t cap,
                            uint32_t *ret_n)
{
    double *v = ret_v;
    if (!is_plain_item(it, field, cap)) return false;
    for (uint32_t i = 0; i < it->nvals; i++) {
        if (it->vals[i].kind != IR_VAL_NUMBER) return false;
        v[i] = it->vals[i].number.d;
    }
    *ret_n = it->nvals;
    return it->nvals > 0;
}

static bool words_of_item(const struct ir_item *it, uint32_t field, void *ret_v, uint32_t cap,
                          uint32_t *ret_n)
{
    struct ir_str *v = ret_v;
    if (!is_plain_item(it, field, cap)) return false;
    for (uint32_t i = 0; i < it->nvals; i++) {
        const struct ir_val *val = &it->vals[i];
        if (val->kind != IR_VAL_PATTERN || val->pattern.cased || val->pattern.nseg != 1 ||
            !ir_pattern_is_exact(&val->pattern))
            return false;
        v[i] = val->pattern.seg[0].lit;
    }
    *ret_n = it->nvals;
    return it->nvals > 0;
}

struct wanted {
    uint32_t field;
    size_t size; /* of one value */
    bool (*of_item)(const struct ir_item *it, uint32_t field, void *ret_v, uint32_t cap,
                    uint32_t *ret_n);
};

/* The values of the field, one of which an event must have. */
static bool required(const struct wanted *w, const struct ir_node *n, void *ret_v, uint32_t cap,
                     uint32_t *ret_n)
{
    if (n->op == IR_NODE_ITEM) return w->of_item(n->item, w->field, ret_v, cap, ret_n);
    if (n->op == IR_NODE_AND) {
        for (uint32_t i = 0; i < n->nkids; i++)
            if (required(w, n->kids[i], ret_v, cap, ret_n)) return true;
        return false;
    }
    uint32_t total = 0;
    for (uint32_t i = 0; n->op == IR_NODE_OR && i < n->nkids; i++) {
        uint32_t k;
        if (!required(w, n->kids[i], (char *)ret_v + total * w->size, cap - total, &k))
            return false;
        total += k;
    }
    *ret_n = total;
    return total > 0;
}

bool ir_numbers_required(const struct ir_node *root, uint32_t field, double *ret_v, uint32_t cap,
                         uint32_t *ret_n)
{
    const struct wanted w = {field, sizeof *ret_v, numbers_of_item};
    return required(&w, root, ret_v, cap, ret_n);
}

bool ir_words_required(const struct ir_node *root, uint32_t field, struct ir_str *ret_v,
                       uint32_t cap, uint32_t *ret_n)
{
    const struct wanted w = {field, sizeof *ret_v, words_of_item};
    return required(&w, root, ret_v, cap, ret_n);
}
