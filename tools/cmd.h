/*
 * A command of the `ir` program: one file, one row in commands.def. Its options are rows of a table from
 * which parsing, --help, completion and the man page's synopsis come (a test compares them).
 */
#ifndef IR_TOOLS_CMD_H
#define IR_TOOLS_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses: contract, see README. */
enum { IR_EXIT_OK = 0, IR_EXIT_FINDINGS = 1, IR_EXIT_USAGE = 2, IR_EXIT_DAMAGED = 3, IR_EXIT_FAILED = 4 };

enum opt_type {
    OPT_FLAG,   /* bool * */
    OPT_TEXT,   /* const char ** */
    OPT_LIST,   /* struct opt_list *, repeatable */
    OPT_NUMBER, /* uint64_t * */
    OPT_TIME,   /* int64_t *, ns UTC */
    OPT_LEVEL,  /* int *, enum ir_level */
};

struct opt_list {
    const char **v; /* NULL-terminated; freed by opt_free */
    size_t n;
};

struct opt {
    const char *name;  /* "rules" for --rules */
    char letter;       /* 'r' for -r, or 0 */
    enum opt_type type;
    void *to;
    const char *arg;   /* "DIR" as shown in help, NULL for flags */
    const char *help;  /* one line */
};

struct cmd {
    const char *name;     /* "scan", "rules check" */
    const char *operands; /* "PATH…" */
    const char *brief;    /* one line */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit status */
};

#endif
