/*
 * The progress line on stderr, for terminals only.
 */
#ifndef IR_TOOLS_PROGRESS_H
#define IR_TOOLS_PROGRESS_H

#include "cmd.h"
#include "run/scan.h"

struct progress {
    unsigned columns; /* asked before the sandbox closes ioctl */
    bool shown;
};

/* ir_scan_options.progress; user is a struct progress. */
void progress_show(void *user, const struct ir_progress *p);
void progress_erase(struct progress *p);

#endif
