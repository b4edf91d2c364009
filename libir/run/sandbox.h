/*
 * Giving up power before the first hostile byte is parsed: no network, no exec, no write but to
 * descriptors that are open already. Landlock where the kernel has it, and seccomp with a list of
 * what is allowed.
 */
#ifndef IR_RUN_SANDBOX_H
#define IR_RUN_SANDBOX_H

/* writable: descriptors besides 1 and 2 that may still be written to; -1 is skipped. Before threads
 * are made; they inherit it. Returns what holds: "seccomp,landlock", "seccomp", "landlock" or
 * "none". */
const char *ir_sandbox_enter(const int *writable, unsigned n);

/* The same for what makes files out of hostile bytes: below these directories (NULL-terminated),
 * which are there already, files may be made, written, renamed and removed; elsewhere not, as far
 * as the kernel has Landlock. */
const char *ir_sandbox_enter_making(const char *const *dirs);

#ifdef IR_TESTING
/* Tries each forbidden thing and writes one line for each to stderr: "probe NAME denied|ALLOWED".
 */
void ir_sandbox_probe(void);
#endif

#endif
