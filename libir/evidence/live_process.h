/*
 * The parts of the process collector that lie in files of their own.
 */
#ifndef IR_EVIDENCE_LIVE_PROCESS_H
#define IR_EVIDENCE_LIVE_PROCESS_H

#include "evidence/live_int.h"
#include "evidence/live_parse.h"

/* The process that is looked at: dir is its directory in /proc, which stays that process's even
 * when its number is given to another. */
struct ir_live_look {
    struct ir_live *l;
    uint32_t pid;
    int dir;
    struct ir_live_out *processes, *files, *maps;
    int64_t boot;  /* ns UTC */
    uint64_t tick; /* per second */
};

/* live_process_part.c: what the process has open and mapped, as lines of `files` and `maps`. */
uint64_t ir_live_open_files(struct ir_live_look *k);
void ir_live_maps(struct ir_live_look *k);
/* Members of the process's own line. */
void ir_live_command_line(struct ir_live_look *k, struct ir_jline *j);
void ir_live_environment(struct ir_live_look *k, struct ir_jline *j);
void ir_live_namespaces(struct ir_live_look *k, struct ir_jline *j);

#endif
