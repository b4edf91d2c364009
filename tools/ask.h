/*
 * One question on the terminal, whatever stdin and stdout are.
 */
#ifndef IR_TOOLS_ASK_H
#define IR_TOOLS_ASK_H

#include <stdbool.h>

/* The answer without its line end, to be freed; hidden: it is not shown while it is typed. NULL:
 * there is no terminal, or it was closed. */
char *ask_line(const char *question, bool hidden);

#endif
