/*
 * Parsing of command lines by option tables. Written by hand instead of getopt_long so that the
 * tables can be const, abbreviations are refused (scripts that use them break when an option is
 * added), and messages say what to do.
 */
#include "opt.h"

#include <stdlib.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "base/written.h"
#include "case.h"
#include "report/finding.h"
#include "where.h"

#define NUMBER_MAX UINT64_C(1000000000)

struct parse {
    const struct cmd *cmd;
    const struct env *env;
    void *options;
    struct ir_buf *problem;
    char **next, **end; /* arguments that are not taken yet */
    uint64_t given;     /* bit set of options that had a value */
    const struct opt *again;
};

bool opt_list_add(struct opt_list *l, const char *v)
{
    const char **bigger = realloc(l->v, (l->n + 2) * sizeof *bigger);
    if (bigger == NULL) return false;
    l->v = bigger;
    l->v[l->n++] = v;
    l->v[l->n] = NULL;
    return true;
}

/* "--name: value: " with the value made visible: it may be pasted from a log. */
static void at_option(struct ir_buf *problem, const struct opt *o, const char *value)
{
    ir_buf_fmt(problem, "--%s: ", o->name);
    ir_visible(problem, ir_str_z(value), 80);
}

/* A path, also in place of a rule, or a pattern for bytes may be anything. All else is kept,
 * compared or shown as text: what is no text (a terminal of another character set) would become
 * other words on the way. */
static bool is_text(const char *named, const char *value)
{
    static const char *const bytes[] = {"FILE", "DIR", "PATH", "PATTERN", "RULE", "SOURCE"};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        if (named != NULL && strstr(named, bytes[i]) != NULL) return true;
    return ir_utf8_valid(ir_str_z(value));
}

static const char *no_text(void)
{
    return _("no UTF-8: set the terminal to UTF-8, or give the text on stdin where - is taken");
}

static int set_level(struct parse *p, const struct opt *o, const char *value)
{
    enum ir_level level = ir_level_by_name(ir_str_z(value));
    if (level == IR_LEVEL_MAX) {
        at_option(p->problem, o, value);
        ir_buf_str(
            p->problem,
            ir_intl_str(N_(": not a level: use informational, low, medium, high or critical")));
        return OPT_BAD;
    }
    *(int *)opt_place(o, p->options) = (int)level;
    return OPT_RUN;
}

static int set_number(struct parse *p, const struct opt *o, const char *value)
{
    char plain[40];
    uint64_t n;
    if (!ir_utf8_narrow(ir_str_z(value), plain, sizeof plain) || !ir_str_u64(ir_str_z(plain), &n) ||
        n > NUMBER_MAX) {
        at_option(p->problem, o, value);
        ir_buf_str(p->problem,
                   ir_intl_str(N_(": not a number: use digits only, at most 1000000000")));
        return OPT_BAD;
    }
    *(uint64_t *)opt_place(o, p->options) = n;
    return OPT_RUN;
}

static int set_time(struct parse *p, const struct opt *o, const char *value)
{
    char plain[IR_TIME_TEXT];
    struct ir_err err = {0};
    if (ir_written_time(ir_str_z(value), plain, &err) == IR_OK &&
        ir_time_parse_user(ir_str_z(plain), p->env->now, p->env->zone_s, opt_place(o, p->options)))
        return OPT_RUN;
    at_option(p->problem, o, value);
    ir_buf_fmt(p->problem, ": %s", ir_local(err.msg));
    return OPT_BAD;
}

/* Returns the word as the option's list has it, or NULL after having said which there are. */
static const char *chosen(struct ir_buf *problem, const struct opt *o, const char *value)
{
    struct ir_buf words = IR_BUF(1 << 12);
    for (size_t i = 0; o->choice(i) != NULL; i++) {
        if (strcmp(o->choice(i), value) == 0) {
            ir_buf_free(&words);
            return o->choice(i);
        }
        ir_buf_fmt(&words, "%s%s", i ? ", " : "", o->choice(i));
    }
    for (size_t i = 0; o->choice(i) != NULL; i++) /* as the reader's language has the word */
        if (case_says(o->choice(i), ir_utf8_trim(ir_str_z(value)))) {
            ir_buf_free(&words);
            return o->choice(i);
        }
    at_option(problem, o, value);
    ir_buf_fmt(problem, _(": unknown: use one of %s"), words.p ? words.p : "");
    ir_buf_free(&words);
    return NULL;
}

static int set_choice(struct parse *p, const struct opt *o, const char *value)
{
    const char *word = chosen(p->problem, o, value);
    if (word == NULL) return OPT_BAD;
    *(const char **)opt_place(o, p->options) = word;
    return OPT_RUN;
}

static int set_value(struct parse *p, const struct opt *o, const char *value)
{
    if (o->type != OPT_FLAG && !is_text(o->arg, value)) {
        at_option(p->problem, o, value);
        ir_buf_fmt(p->problem, ": %s", no_text());
        return OPT_BAD;
    }
    switch (o->type) {
    case OPT_FLAG: *(bool *)opt_place(o, p->options) = true; return OPT_RUN;
    case OPT_NAME:
    case OPT_TEXT: *(const char **)opt_place(o, p->options) = value; return OPT_RUN;
    case OPT_LIST:
        if (opt_list_add(opt_place(o, p->options), value)) return OPT_RUN;
        ir_buf_str(p->problem, ir_intl_str(N_("out of memory")));
        return OPT_BAD;
    case OPT_NUMBER: return set_number(p, o, value);
    case OPT_TIME: return set_time(p, o, value);
    case OPT_LEVEL: return set_level(p, o, value);
    case OPT_CHOICE: return set_choice(p, o, value);
    }
    return OPT_BAD;
}

static int lacks_value(struct ir_buf *problem, const struct opt *o)
{
    ir_buf_fmt(problem, _("--%1$s: %2$s is missing: write --%1$s %2$s"), o->name, o->arg);
    return OPT_BAD;
}

/* value: what stood after '=' or the letter, NULL when nothing did. */
static int take(struct parse *p, const struct opt *o, const char *value)
{
    if (o->type == OPT_FLAG) {
        if (value == NULL) return set_value(p, o, NULL);
        ir_buf_fmt(p->problem, _("--%s: takes no value: leave out what follows it"), o->name);
        return OPT_BAD;
    }
    if (value == NULL && p->next < p->end) value = *p->next++;
    if (value == NULL) return lacks_value(p->problem, o);
    size_t row = (size_t)(o - p->cmd->opts);
    if (row < 64 && o->type != OPT_LIST) {
        if (p->given >> row & 1) p->again = o;
        p->given |= UINT64_C(1) << row;
    }
    return set_value(p, o, value);
}

static int unknown(struct parse *p, const char *typed)
{
    const char *words[128];
    size_t n = 0;
    for (const struct opt *o = p->cmd->opts; o->name != NULL && n < 126; o++)
        words[n++] = o->name;
    words[n++] = "help";
    words[n++] = "lang";
    struct ir_str name = ir_str_z(typed + 2);
    char plain[64] = "";
    size_t len = ir_str_chr(name, '=') != IR_NPOS ? ir_str_chr(name, '=') : name.n;
    const char *near = NULL;
    if (typed[1] == '-' && len < sizeof plain) {
        memcpy(plain, name.p, len);
        plain[len] = '\0';
        near = opt_nearest(plain, words, n);
    }
    struct ir_buf shown = IR_BUF(1 << 10);
    ir_visible(&shown, ir_str_z(typed), 80);
    const char *text = shown.p ? shown.p : "";
    if (near != NULL)
        ir_buf_fmt(p->problem, _("unknown option: %s: did you mean --%s?"), text, near);
    else
        ir_buf_fmt(p->problem, _("unknown option: %s: see ir %s --help"), text, p->cmd->name);
    ir_buf_free(&shown);
    return OPT_BAD;
}

static int take_long(struct parse *p, const char *arg)
{
    const char *eq = strchr(arg, '=');
    size_t n = eq ? (size_t)(eq - arg) : strlen(arg);
    if (n == 6 && memcmp(arg, "--help", 6) == 0) return OPT_HELP;
    int words = opt_lang((int)(p->end - p->next) + 1, p->next - 1, p->problem);
    if (words != 0) {
        p->next += words > 0 ? words - 1 : 0;
        return words > 0 ? OPT_RUN : OPT_BAD;
    }
    for (const struct opt *o = p->cmd->opts; o->name != NULL; o++)
        if (strlen(o->name) == n - 2 && memcmp(o->name, arg + 2, n - 2) == 0)
            return take(p, o, eq ? eq + 1 : NULL);
    return unknown(p, arg);
}

int opt_lang(int argc, char **argv, struct ir_buf *problem)
{
    const size_t n = strlen("--lang");
    if (strncmp(argv[0], "--lang", n) != 0 || (argv[0][n] != '\0' && argv[0][n] != '=')) return 0;
    const char *value = argv[0][n] == '=' ? argv[0] + n + 1 : argc > 1 ? argv[1] : NULL;
    if (value == NULL) return lacks_value(problem, &opt_common_lang);
    if (chosen(problem, &opt_common_lang, value) == NULL) return OPT_BAD;
    return argv[0][n] == '=' ? 1 : 2;
}

static int take_letters(struct parse *p, const char *arg)
{
    for (const char *c = arg + 1; *c != '\0'; c++) {
        const struct opt *o = p->cmd->opts;
        if (*c == 'h') return OPT_HELP;
        while (o->name != NULL && o->letter != *c)
            o++;
        if (o->name == NULL) return unknown(p, arg);
        if (o->type != OPT_FLAG) return take(p, o, c[1] ? c + 1 : NULL);
        int rc = take(p, o, NULL);
        if (rc != OPT_RUN) return rc;
    }
    return OPT_RUN;
}

static int check_operands(struct parse *p, const struct opt_list *operands)
{
    if (operands->n < p->cmd->min_operands) {
        ir_buf_fmt(p->problem, _("%s is missing: see ir %s --help"), p->cmd->operands,
                   p->cmd->name);
        return OPT_BAD;
    }
    if (operands->n > p->cmd->max_operands) {
        struct ir_buf shown = IR_BUF(1 << 10);
        ir_visible(&shown, ir_str_z(operands->v[p->cmd->max_operands]), 80);
        ir_buf_fmt(p->problem, _("too many arguments: %s: see ir %s --help"),
                   shown.p ? shown.p : "", p->cmd->name);
        ir_buf_free(&shown);
        return OPT_BAD;
    }
    for (size_t i = 0; i < operands->n; i++) {
        if (is_text(p->cmd->operands, operands->v[i])) continue;
        ir_visible(p->problem, ir_str_z(operands->v[i]), 80);
        ir_buf_fmt(p->problem, ": %s", no_text());
        return OPT_BAD;
    }
    return OPT_RUN;
}

int opt_parse(const struct cmd *cmd, int argc, char **argv, const struct env *env, void *options,
              struct opt_list *ret_operands, struct ir_buf *problem)
{
    struct parse p = {cmd, env, options, problem, argv + (argc > 0), argv + argc, 0, NULL};
    bool only_operands = false;
    while (p.next < p.end) {
        const char *arg = *p.next++;
        int rc = OPT_RUN;
        if (only_operands || arg[0] != '-' || arg[1] == '\0') {
            if (!opt_list_add(ret_operands, arg)) {
                ir_buf_str(problem, ir_intl_str(N_("out of memory")));
                rc = OPT_BAD;
            }
        } else if (strcmp(arg, "--") == 0) {
            only_operands = true;
        } else if (arg[1] == '-') {
            rc = take_long(&p, arg);
        } else {
            rc = take_letters(&p, arg);
        }
        if (rc != OPT_RUN) return rc;
    }
    int rc = check_operands(&p, ret_operands);
    if (rc == OPT_RUN && p.again != NULL)
        ir_buf_fmt(problem, _("--%s: given more than once: the last one counts"), p.again->name);
    return rc;
}

void opt_free(const struct cmd *cmd, void *options, struct opt_list *operands)
{
    for (const struct opt *o = cmd->opts; o->name != NULL && options != NULL; o++)
        if (o->type == OPT_LIST) free(((struct opt_list *)opt_place(o, options))->v);
    free(operands->v);
    *operands = (struct opt_list){NULL, 0};
}
