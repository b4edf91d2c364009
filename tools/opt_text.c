/*
 * The texts made from option tables: --help, the lists for tests, the manual's synopsis,
 * completion.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "opt.h"
#include "where.h"

#define HELP_COLUMN 28u
#define HELP_WIDTH  79u

/* "-r, --rules DIR"; returns its columns. */
static size_t option_head(struct ir_buf *out, const struct opt *o)
{
    size_t before = out->n;
    if (o->letter)
        ir_buf_fmt(out, "-%c, ", o->letter);
    else
        ir_buf_str(out, IR_S("    "));
    ir_buf_fmt(out, "--%s", o->name);
    if (o->arg != NULL) ir_buf_fmt(out, " %s", o->arg);
    return ir_columns(ir_str_n(out->p + before, out->n - before));
}

static void wrapped(struct ir_buf *out, const char *text, size_t column, size_t indent)
{
    ir_wrap(out, ir_str_z(text), column, indent, HELP_WIDTH);
    ir_buf_chr(out, '\n');
}

static void option_line(struct ir_buf *out, const struct opt *o)
{
    ir_buf_add(out, "  ", 2);
    size_t column = 2 + option_head(out, o);
    if (column + 2 > HELP_COLUMN) {
        ir_buf_chr(out, '\n');
        column = 0;
    }
    ir_buf_fmt(out, "%*s", (int)(HELP_COLUMN - column), "");
    wrapped(out, _(o->help), HELP_COLUMN, HELP_COLUMN);
    if (o->type != OPT_CHOICE && o->type != OPT_NAME) return;
    struct ir_buf words = IR_BUF(1 << 12);
    for (size_t i = 0; o->choice(i) != NULL; i++)
        ir_buf_fmt(&words, "%s%s", i ? ", " : "(", o->choice(i));
    ir_buf_chr(&words, ')');
    ir_buf_fmt(out, "%*s", (int)HELP_COLUMN, "");
    if (words.p != NULL) wrapped(out, words.p, HELP_COLUMN, HELP_COLUMN);
    ir_buf_free(&words);
}

/* Paragraphs are parted by an empty line; other line ends are those of the source: a blank, but not
 * within Japanese. */
static void paragraphs(struct ir_buf *out, const char *text)
{
    struct ir_buf one = IR_BUF(1 << 14);
    for (const char *c = text; one.n > 0 || *c != '\0';) {
        bool end = *c == '\0' || (c[0] == '\n' && c[1] == '\n');
        if (!end) {
            const bool blank = *c == '\n' && one.n > 0 && (one.p[one.n - 1] & c[1] & 0x80) == 0;
            if (blank || *c != '\n') ir_buf_chr(&one, blank ? ' ' : *c);
            c++;
            continue;
        }
        ir_buf_chr(out, '\n');
        if (one.p != NULL) wrapped(out, one.p, 0, 0);
        ir_buf_clear(&one);
        c += *c == '\0' ? 0 : 2;
    }
    ir_buf_free(&one);
}

const struct opt opt_common_lang = {
    "lang",      0, OPT_CHOICE, 0, "LANG", N_("language of what is shown (default: as LANG says)"),
    choice_lang,
};

void opt_common(struct ir_buf *out)
{
    static const struct opt help = {"help", 'h', OPT_FLAG, 0, NULL, N_("print this text"), NULL};
    option_line(out, &opt_common_lang);
    option_line(out, &help);
}

void opt_help(struct ir_buf *out, const struct cmd *cmd)
{
    ir_buf_fmt(out, _("Usage: ir %s"), cmd->name);
    if (cmd->opts != NULL && cmd->opts->name != NULL) ir_buf_str(out, IR_S(" [OPTION…]"));
    if (cmd->operands != NULL) ir_buf_fmt(out, " %s", cmd->operands);
    ir_buf_fmt(out, _("\n\n%s.\n"), _(cmd->brief));
    if (cmd->about != NULL) paragraphs(out, _(cmd->about));
    if (cmd->subs != NULL) {
        ir_buf_fmt(out, "\n%s\n", _("Commands:"));
        opt_commands(out, cmd->subs);
        ir_buf_fmt(out, _("\nSee ir %s COMMAND --help.\n"), cmd->name);
        if (cmd->run == NULL) return;
    }
    ir_buf_fmt(out, "\n%s\n", _("Options:"));
    for (const struct opt *o = cmd->opts; o->name != NULL; o++)
        option_line(out, o);
    opt_common(out);
}

void opt_names(struct ir_buf *out, const struct cmd *cmd)
{
    for (const struct opt *o = cmd->opts; o->name != NULL; o++)
        ir_buf_fmt(out, "--%s%s%s\n", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
}

static void mdoc_arg(struct ir_buf *out, const char *arg)
{
    for (; *arg != '\0'; arg++)
        ir_buf_chr(out, ir_lower(*arg));
}

void opt_mdoc(struct ir_buf *out, const struct cmd *cmd)
{
    for (const struct opt *o = cmd->opts; o->name != NULL; o++) {
        ir_buf_str(out, IR_S(".Op Fl "));
        if (o->letter)
            ir_buf_fmt(out, "%c", o->letter);
        else
            ir_buf_fmt(out, "-%s", o->name);
        if (o->arg != NULL) {
            ir_buf_str(out, IR_S(" Ar "));
            mdoc_arg(out, o->arg);
        }
        ir_buf_chr(out, '\n');
    }
}

void opt_commands(struct ir_buf *out, const struct cmd *const *cmds)
{
    size_t width = 14;
    for (const struct cmd *const *c = cmds; *c != NULL; c++)
        if (!(*c)->hidden && strlen((*c)->name) > width) width = strlen((*c)->name);
    for (; *cmds != NULL; cmds++)
        if (!(*cmds)->hidden) {
            ir_buf_fmt(out, "  %-*s  ", (int)width, (*cmds)->name);
            wrapped(out, _((*cmds)->brief), width + 4, width + 4);
        }
}

/* The last word of "rules list". */
static const char *last_word(const char *name)
{
    const char *blank = strrchr(name, ' ');
    return blank ? blank + 1 : name;
}

static void bash_words(struct ir_buf *out, const struct cmd *cmd)
{
    for (const struct opt *o = cmd->opts; o->name != NULL; o++)
        ir_buf_fmt(out, "--%s ", o->name);
    ir_buf_str(out, IR_S("--lang --help"));
}

static void bash_choices(struct ir_buf *out, const struct cmd *cmd)
{
    for (const struct opt *o = cmd->opts; o->name != NULL; o++) {
        if (o->choice == NULL && o->type != OPT_LEVEL) continue;
        ir_buf_fmt(out, "    '%s/--%s') words='", cmd->name, o->name);
        if (o->type == OPT_LEVEL) ir_buf_str(out, IR_S("informational low medium high critical"));
        for (size_t i = 0; o->choice != NULL && o->choice(i) != NULL; i++)
            ir_buf_fmt(out, "%s%s", i ? " " : "", o->choice(i));
        ir_buf_str(out, IR_S("' ;;\n"));
    }
    ir_buf_fmt(out, "    '%s/--lang') words='en ja' ;;\n", cmd->name);
}

static void bash_case(struct ir_buf *out, const struct cmd *cmd)
{
    ir_buf_fmt(out, "    '%s/'*) words='", cmd->name);
    if (cmd->subs != NULL) {
        for (const struct cmd *const *s = cmd->subs; *s != NULL; s++)
            ir_buf_fmt(out, "%s ", last_word((*s)->name));
    }
    bash_words(out, cmd);
    ir_buf_str(out, IR_S("' ;;\n"));
}

/* The subcommands that `below` words lead to. */
static void bash_level(struct ir_buf *out, const struct cmd *const *c, unsigned below,
                       unsigned level)
{
    for (; c != NULL && *c != NULL; c++) {
        if (below > 0)
            bash_level(out, (*c)->subs, below - 1, level);
        else
            ir_buf_fmt(out, "    '%s') [ \"$COMP_CWORD\" -gt %u ] && cmd='%s' ;;\n", (*c)->name,
                       level + 1, (*c)->name);
    }
}

static void bash_tables(struct ir_buf *out, const struct cmd *const *c)
{
    for (; c != NULL && *c != NULL; c++) {
        if ((*c)->hidden) continue;
        if ((*c)->run != NULL) bash_choices(out, *c);
        bash_tables(out, (*c)->subs);
        bash_case(out, *c);
    }
}

void opt_bash(struct ir_buf *out, const struct cmd *const *cmds)
{
    ir_buf_str(out,
               IR_S("# bash completion for ir; made by `ir completion bash`\n"
                    "_ir()\n"
                    "{\n"
                    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "    local cmd=${COMP_WORDS[1]} words=\n"
                    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                    "        words='"));
    for (const struct cmd *const *c = cmds; *c != NULL; c++)
        if (!(*c)->hidden) ir_buf_fmt(out, "%s ", (*c)->name);
    ir_buf_str(out, IR_S("--help --lang --version'\n"
                         "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                         "        return\n"
                         "    fi\n"));
    for (unsigned level = 1; level <= 2; level++) {
        ir_buf_fmt(out, "    case \"$cmd ${COMP_WORDS[%u]}\" in\n", level + 1);
        bash_level(out, cmds, level, level);
        ir_buf_str(out, IR_S("    esac\n"));
    }
    ir_buf_str(out, IR_S("    case \"$cmd/$prev\" in\n"));
    bash_tables(out, cmds);
    ir_buf_str(out, IR_S("    esac\n"
                         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                         "}\n"
                         "complete -o default -F _ir ir\n"));
}
