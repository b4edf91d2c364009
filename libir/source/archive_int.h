/*
 * Between the files of archive.h (internal to source/).
 */
#ifndef IR_SOURCE_ARCHIVE_INT_H
#define IR_SOURCE_ARCHIVE_INT_H

#include "source/reader.h"

/* A zip file of which so many members were found, directories too. from_start: the file's first
 * bytes are its own. IR_OK; IR_BAD: something of it is missing, err says what. */
int ir_zip_check(struct ir_reader *r, bool from_start, uint64_t members, struct ir_err *err);

#endif
