/*
 * The inside of an import, shared by its files (internal to run/).
 */
#ifndef IR_RUN_IMPORT_INT_H
#define IR_RUN_IMPORT_INT_H

#include "base/map.h"
#include "run/import.h"
#include "run/ruleset_int.h"
#include "source/input.h"

struct ir_import_file {
    struct ir_str name; /* below the set's rules/ */
    const struct ir_input *in;
    char sha256[65];
    bool rules; /* else a licence */
};

struct ir_import {
    struct ir_import_options o;
    struct ir_import_result r;
    const char *source; /* as the user named it; o.source is what is listed */
    struct ir_inputs *in;
    int tmp_fd;   /* members of the archive, -1 none */
    bool archive; /* else a directory */
    struct ir_arena texts;
    struct ir_import_file *file; /* in byte order of their names, when they are read */
    size_t nfiles, capfiles;
    struct ir_map names; /* of files → number */
    struct ir_buf sums;  /* SHA256SUMS */
    struct ir_names *fields;
    struct ir_rules *rules, *old;
    struct ir_map ids, old_ids; /* id of a rule → its place in hash and title */
    struct ir_import_change *change;
    size_t capchanges;
    struct ir_ruleset from; /* the source is a rule set itself: its manifest */
    struct ir_buf from_path;
    char top[256]; /* the directory around all, "" none */
};

/* import_list.c: which files; the set's name and version as far as they are told by names. */
int ir_import_list(struct ir_import *im, struct ir_err *err);
int ir_import_bytes(const struct ir_input *in, struct ir_buf *text, struct ir_err *err);
/* import_check.c: what loads, and what changed. */
int ir_import_check(struct ir_import *im, struct ir_err *err);
int ir_import_compare(struct ir_import *im, struct ir_err *err);
/* import_names.c: "sigma-r2026-01-01.zip" → "sigma" and "r2026-01-01". Either may be empty. */
void ir_import_names(struct ir_str file, char ret_name[IR_RULESET_NAME_MAX + 1],
                     char ret_version[65]);
/* The version that a version file tells: its first line, or what stands there behind a colon. */
void ir_import_version_file(struct ir_str text, char ret_version[65]);
/* A path that can be made anywhere and listed in a line. */
bool ir_import_path_ok(struct ir_str path);

#endif
