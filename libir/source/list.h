/*
 * The list behind struct ir_inputs: shared by input.c (arguments, order) and walk.c (directories)
 * only.
 */
#ifndef IR_SOURCE_LIST_H
#define IR_SOURCE_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "source/blocks.h"

#include <sys/stat.h>

struct ir_inputs_item {
    struct ir_input input;
    uint64_t dir_dev, dir_ino; /* the directory it was named in */
    uint32_t seq;              /* order of arrival */
    uint32_t first;            /* lowest seq of its set */
    bool link;                 /* reached by a symbolic link */
    bool gone;                 /* its file has come under its own name since */
    uint32_t name_at; /* member of an archive: where its own name begins in the path, behind
                       * directories; else 0 */
};

struct ir_inputs {
    struct ir_inputs_item *items;
    size_t n, cap;
    struct ir_input_note *notes;
    size_t nnotes, notes_cap;
    struct ir_arena text; /* paths and reasons */
    struct ir_map files;  /* (dev, ino) → item number */
    struct ir_map dirs;   /* (dev, ino) of directories entered → nothing */
    bool has_stdin, full, out_of_memory;
    struct ir_charset *charset; /* NULL: nothing is converted */
    enum ir_encoding encoding;
    struct ir_blocks *stdin_blocks; /* opened to look at the first bytes, until somebody takes it */
};

/* printf-like reason. Beyond IR_INPUT_NOTES_MAX one last note says that there are more. */
void ir_list_note(struct ir_inputs *in, const char *path, enum ir_note_kind kind,
                  const char *reason, ...) __attribute__((format(printf, 4, 5)));
/* A new item at the end; path is copied. NULL when the list is full (noted once). */
struct ir_inputs_item *ir_list_append(struct ir_inputs *in, const char *path);
/* A regular file, or a symbolic link to one; a double becomes a note, and a link gives way to its
 * file. False when the list is full (noted once). */
bool ir_list_file(struct ir_inputs *in, const char *path, bool link, const struct stat *st,
                  const struct stat *dir);
/* False: entered before. */
bool ir_list_enter(struct ir_inputs *in, const struct stat *dir);
/* "a FIFO", "a socket", … */
const char *ir_list_type(mode_t mode);

/* walk.c: the regular files below path, which is a directory. */
void ir_walk(struct ir_inputs *in, const char *path);

#endif
