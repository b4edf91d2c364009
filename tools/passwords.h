/*
 * Passwords for archives: from a file, one a line, or asked for on the terminal. Never from the
 * command line, which every user of the machine can see.
 */
#ifndef IR_TOOLS_PASSWORDS_H
#define IR_TOOLS_PASSWORDS_H

#include "cmd.h"

struct passwords {
    const char *const *keys; /* NULL-terminated; NULL: none */
    char *text;              /* they are views into it */
    size_t size;
};

/* path: what --<option> says, NULL for none. IR_EXIT_OK, or a status after a message. */
int passwords_get(struct passwords *p, const struct cmd *cmd, const char *option, const char *path,
                  bool ask);
void passwords_free(struct passwords *p); /* also from memory */

#endif
