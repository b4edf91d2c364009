/*
 * A command of the `ir` program: one file, one row in commands.def. Its options are rows of a table
 * from which parsing, --help, completion and the man page's synopsis come (a test compares them).
 *
 *     struct frob_options { bool fast; struct opt_list dirs; };
 *     static const struct opt frob_opts[] = {
 *         {"fast", 'f', OPT_FLAG, offsetof(struct frob_options, fast), NULL, N_("do not wait"),
 * NULL}, OPT_END,
 *     };
 *     const struct cmd cmd_frob = {.name = "frob", .opts = frob_opts, .size = sizeof(struct
 * frob_options), …};
 *
 * main allocates the options zeroed, calls `defaults`, parses, and calls `run`. Every table is
 * const: a command keeps nothing between calls.
 */
#ifndef IR_TOOLS_CMD_H
#define IR_TOOLS_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/intl.h"

#define IR_VERSION "0.1.0"

/* Exit statuses: contract, see README. */
enum {
    IR_EXIT_OK = 0,
    IR_EXIT_FINDINGS = 1,
    IR_EXIT_USAGE = 2,
    IR_EXIT_DAMAGED = 3,
    IR_EXIT_FAILED = 4
};

enum opt_type {
    OPT_FLAG,   /* bool */
    OPT_TEXT,   /* const char * */
    OPT_LIST,   /* struct opt_list, repeatable */
    OPT_NUMBER, /* uint64_t */
    OPT_TIME,   /* int64_t, ns UTC */
    OPT_LEVEL,  /* int, enum ir_level */
    OPT_CHOICE, /* const char *, one of the words that `choice` gives */
    OPT_NAME,   /* const char *, one of these or a word that is known only at run time */
};

struct opt_list {
    const char **v; /* NULL-terminated, NULL when n is 0; freed by opt_free */
    size_t n;
};

struct opt {
    const char *name; /* "rules" for --rules; NULL ends the table */
    char letter;      /* 'r' for -r, or 0 */
    enum opt_type type;
    size_t at;                       /* offset in the command's options struct */
    const char *arg;                 /* "DIR" as shown in help, NULL for flags */
    const char *help;                /* one line, marked with N_() */
    const char *(*choice)(size_t i); /* OPT_CHOICE, OPT_NAME: the i-th word, NULL after the last */
};
#define OPT_END                                                                                    \
    {                                                                                              \
        NULL, 0, OPT_FLAG, 0, NULL, NULL, NULL                                                     \
    }

/* What a command learns from its surroundings; only main reads the environment. */
struct env {
    int64_t now;    /* ns UTC at start */
    int32_t zone_s; /* the local zone at start, seconds east of UTC; see home_zone */
    bool out_tty, err_tty;
    bool no_color;    /* NO_COLOR is set and not empty, or TERM=dumb */
    bool progress;    /* stderr is a terminal that can erase a line */
    bool no_sandbox;  /* IR_TEST_NO_SANDBOX is set, in programs built for tests; else false */
    const char *home; /* the workspace: IR_HOME, or its default; NULL: no place for one */
    const char *user; /* who runs it */
    const char *lang; /* what --lang says; NULL: nothing, texts are in the environment's language */
    unsigned columns; /* of the terminal at stdout (else stderr), 0 when there is none */
};

struct cmd {
    const char *name;     /* "scan", "rules check" */
    const char *operands; /* "PATH…" */
    const char *brief;    /* one line, marked with N_() */
    const char *about;    /* more for --help, marked as well; may be NULL */
    const struct opt *opts;
    size_t size; /* of the options struct */
    size_t min_operands, max_operands;
    bool hidden;    /* not in lists of commands */
    bool home_zone; /* it and its subcommands read and show times in the workspace's zone */
    const struct cmd *const *subs; /* subcommands, NULL-terminated; then run may be NULL. With run,
                                      an operand that is a subcommand's name is written ./name */
    void (*defaults)(void *options, const struct env *env); /* may be NULL */
    int (*run)(const struct cmd *cmd, const void *options, const struct opt_list *operands,
               const struct env *env); /* returns an exit status */
};

/* The commands, in the order in which --help lists them; NULL ends. */
extern const struct cmd *const ir_commands[];

#endif
