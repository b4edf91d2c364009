/*
 * Audit records, written as the kernel and auditd do: what audit.c and audit_rules.c share. What
 * holds a blank, a quote or a control character is written in hex. Half of the ways write the log
 * RAW (numbers only), half ENRICHED (auditd adds names behind them).
 */
#ifndef IR_TESTS_RENDER_AUDIT_H
#define IR_TESTS_RENDER_AUDIT_H

#include "render.h"

struct audit {
    struct wish *w;
    struct ir_buf *out;
    unsigned serial, pid, ppid;
};

struct audit_call { /* empty views: the usual */
    struct ir_str name, args, exe, comm, user, euid, key, session;
};

struct audit_start {
    struct ir_str exe, line, user, cwd, session;
};

/* Each number has two serials and two process ids of its own; `parent` is the first of them. */
struct audit audit_open(struct wish *w, unsigned number, bool parent, struct ir_buf *out);
void audit_head(const struct audit *e, const char *type);
/* name=VALUE in quotes or hex, a blank before it. */
void audit_value(const struct audit *e, const char *name, struct ir_str s);
void audit_hex(struct ir_str s, struct ir_buf *out);
void audit_call(const struct audit *e, const struct audit_call *c);
void audit_execve(const struct audit *e, const struct ir_str *arg, unsigned n);
void audit_path(const struct audit *e, unsigned item, struct ir_str name, struct ir_str nametype);
void audit_cwd(const struct audit *e, struct ir_str cwd);
/* All the records of a program's start; the line is cut into arguments at its blanks. */
void audit_start(const struct audit *e, const struct audit_start *s);
unsigned audit_split(struct ir_str line, struct ir_str *arg, unsigned max);
struct ir_str audit_base_name(struct ir_str path);
/* A path that fits, with a directory before "/name". */
void audit_path_text(struct wish *w, const char *fields, const char *others, struct ir_buf *out);

#endif
