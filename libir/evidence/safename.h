/*
 * Names that every stock verifier and every file system takes, made of any bytes.
 *
 * `=XX` (hex) stands for each byte that would stop somebody: controls, `%`, `=`, `\`, `: * ? " < >
 * |`, what is not UTF-8, a final dot or blank, the first letter of a Windows device name, and one
 * letter of a name that folds (case, Unicode normalisation C) to that of a brother. Japanese stays
 * readable. A component that becomes too long is cut and ends in `=~` and 16 digits of its SHA-256;
 * the raw bytes stand in the metadata, so nothing depends on reading a safe name back.
 *
 *     struct ir_safenames dir = {0};
 *     ir_safename(&dir, ir_str_z(entry->d_name), &out);   // each entry of one directory, in order
 *     ir_safenames_free(&dir);
 */
#ifndef IR_EVIDENCE_SAFENAME_H
#define IR_EVIDENCE_SAFENAME_H

#include "base/buf.h"
#include "base/map.h"

#define IR_SAFENAME_MAX 240u /* bytes of a component: what writers append still fits in 255 */

/* The folded names that one directory has given so far. */
struct ir_safenames {
    struct ir_map taken;
};

/* Appends the safe form of one component to out. The same name asked for twice is a collision, and
 * gets another safe form. False when memory is out. */
bool ir_safename(struct ir_safenames *dir, struct ir_str name, struct ir_buf *out);
void ir_safenames_free(struct ir_safenames *dir);

#endif
