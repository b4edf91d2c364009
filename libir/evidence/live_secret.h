/*
 * Which files are secrets: password hashes, private keys, passwords of programs. By their place, by
 * their inode (a hard link has the same), by their content. They are left alone unless they are
 * asked for, since an exhibit is handed to others.
 *
 *     ir_live_secrets_begin(l);                     // once
 *     why = ir_live_secret(l, path, fd);            // of each file
 */
#ifndef IR_EVIDENCE_LIVE_SECRET_H
#define IR_EVIDENCE_LIVE_SECRET_H

#include "evidence/live_int.h"

/* Looks up the files in the known places. */
void ir_live_secrets_begin(struct ir_live *l);
/* Of the file that is open as fd; path ends in NUL. NULL: it is none. Else why it is not taken. A
 * secret under another name than its own is a finding. */
const char *ir_live_secret(struct ir_live *l, struct ir_str path, int fd);
/* By its path alone. */
bool ir_live_is_secret(const char *path);
/* By the first bytes of its content. */
bool ir_live_holds_secret(struct ir_str head);

#endif
