/*
 * Where a command's output goes: stdout or --out FILE, written with write(2) only, because a scan
 * runs in a sandbox that knows little else. And messages on stderr.
 *
 *     struct sink s; rc = sink_open(&s, cmd, out_path, operands);  // before the sandbox
 *     ir_buf_str(&s.buf, …); sink_flush(&s);
 *     status = sink_close(&s, status);
 */
#ifndef IR_TOOLS_SINK_H
#define IR_TOOLS_SINK_H

#include "base/buf.h"
#include "opt.h"

struct sink {
    struct ir_buf buf;
    const struct cmd *cmd;
    const char *path; /* NULL: stdout */
    int fd;
    bool gone;   /* the reader went away (EPIPE): not an error, nothing more is written */
    bool failed; /* said on stderr already */
    bool stale;  /* the file still holds what an earlier command wrote */
};

/* Opens path (NULL: stdout). It must not be one of the inputs or lie inside one. What
 * it holds stays until the first byte is written. Returns IR_EXIT_OK, or a status after having said
 * why. */
int sink_open(struct sink *s, const struct cmd *cmd, const char *path,
              const struct opt_list *inputs);
/* Writes when much has gathered. False when nothing more can be written. */
bool sink_drain(struct sink *s);
bool sink_flush(struct sink *s);
/* Flushes and closes; returns status, or IR_EXIT_FAILED when not everything was written. */
int sink_close(struct sink *s, int status);

/* "ir scan: message\n" on stderr; msg is made visible. */
void say(const struct cmd *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
