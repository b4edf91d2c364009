/*
 * Opens what lies below a directory, and nothing else: a link on the way, or a name that leads out
 * of it, leads nowhere.
 */
#ifndef IR_EVIDENCE_BENEATH_H
#define IR_EVIDENCE_BENEATH_H

/* Of any length; waits for no pipe and takes no terminal. A descriptor or -errno. */
int ir_open_beneath(int dirfd, const char *path, int flags);

#endif
