/*
 * File names of rotated logs: which set a name belongs to, and where in it.
 *
 * Known: NAME.1, NAME-20261101, NAME-2026110113[mm[ss]], NAME.2026-11-01, each with a further
 * number (NAME-20261101-1, NAME.2026-11-01-13) and with .gz .xz .zst .bz2 behind; NAME.1761955200
 * (rotatelogs); and NAME-20261101.log, NAME.1.log for the extensions log, txt, csv, json.
 */
#ifndef IR_SOURCE_ROTATE_H
#define IR_SOURCE_ROTATE_H

#include "base/str.h"

enum ir_rotation { IR_ROT_NUMBER, IR_ROT_DATE, IR_ROT_LIVE }; /* in this order within a set */

struct ir_rotated {
    enum ir_rotation kind;
    struct ir_str stem, ext; /* views into the name; stem + ext is the set's name */
    uint64_t key, extra;     /* older is smaller */
};

/* name without directory. Always fills *ret_r; IR_ROT_LIVE when it is no rotated member. */
void ir_rotate_parse(struct ir_str name, struct ir_rotated *ret_r);

#endif
