/*
 * What file servers tell of files; the fields and words stand in file_share.c.
 *
 *     ir_file_event(ev, IR_S("rename"), IR_S("/share/a.txt -> /share/b.txt"));
 */
#ifndef IR_FORMAT_FILE_SHARE_H
#define IR_FORMAT_FILE_SHARE_H

#include "format/format.h"

/* event.action for a server's word, any case, else that word. True: a renaming. */
bool ir_file_word(struct ir_event *ev, struct ir_str word);
/* The action (else the server's own word) and the file; "OLD -> NEW" of a renaming. */
void ir_file_event(struct ir_event *ev, struct ir_str word, struct ir_str path);
/* A renaming whose names stand apart. */
void ir_file_renamed(struct ir_event *ev, struct ir_str from, struct ir_str to);
/* "OLD -> NEW" of a renaming, where another field has it whole. */
void ir_file_new_name(struct ir_event *ev, struct ir_str path);

#endif
