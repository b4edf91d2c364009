/*
 * Option tables (cmd.h) at work: parsing, and the texts made from them.
 */
#ifndef IR_TOOLS_OPT_H
#define IR_TOOLS_OPT_H

#include "base/buf.h"
#include "cmd.h"

enum opt_result { OPT_RUN = 0, OPT_HELP = 1, OPT_BAD = -1 };

/* Fills *options and *ret_operands (views of argv) from argv[1] on. `--name value`, `--name=value`,
 * `-x`,
 * `-x value`, `-xvalue`, flags of one letter together; `--` ends options; a lone "-" is an operand;
 * operands and options mix. The last of a repeated option counts (OPT_LIST: all); OPT_RUN with a
 * text in *problem: it says so. OPT_BAD: *problem says what is wrong and what to do. Both without
 * the command's name. */
int opt_parse(const struct cmd *cmd, int argc, char **argv, const struct env *env, void *options,
              struct opt_list *ret_operands, struct ir_buf *problem);
/* When argv[0] is --lang, which every command takes and which may stand before the command: the
 * number of arguments it takes. 0: it is something else. OPT_BAD: *problem says what is wrong. The
 * language itself was chosen at start (lang.h). */
int opt_lang(int argc, char **argv, struct ir_buf *problem);
/* Frees the lists. */
void opt_free(const struct cmd *cmd, void *options, struct opt_list *operands);

/* Appends v; false when memory is out. */
bool opt_list_add(struct opt_list *l, const char *v);

/* The member of the options struct. */
static inline void *opt_place(const struct opt *o, void *options)
{
    return (char *)options + o->at;
}

/* opt_text.c */
extern const struct opt opt_common_lang;
void opt_help(struct ir_buf *out, const struct cmd *cmd);
/* The lines of the options that every command has. */
void opt_common(struct ir_buf *out);
/* One line per option: "--rules DIR" */
void opt_names(struct ir_buf *out, const struct cmd *cmd);
/* The SYNOPSIS macros of the manual page. */
void opt_mdoc(struct ir_buf *out, const struct cmd *cmd);
/* A bash completion script for all commands. */
void opt_bash(struct ir_buf *out, const struct cmd *const *cmds);
/* The list of commands for `ir --help`. */
void opt_commands(struct ir_buf *out, const struct cmd *const *cmds);

/* suggest.c: the word of the list that is nearest to `typed` and not too far; NULL when none is. */
const char *opt_nearest(const char *typed, const char *const *words, size_t n);

#endif
