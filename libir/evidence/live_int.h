/*
 * What the collectors of `live` share; nobody else's business.
 */
#ifndef IR_EVIDENCE_LIVE_INT_H
#define IR_EVIDENCE_LIVE_INT_H

#include "base/map.h"
#include "evidence/jline.h"
#include "evidence/live.h"
#include "evidence/scope.h"

#define IR_LIVE_LINE_MAX ((size_t)32 << 20) /* of a JSON line, or of a small file of /proc */
#define IR_LIVE_NAME_MAX 128u

/* A socket's inode and who holds it. */
struct ir_live_owner {
    uint64_t inode;
    uint32_t pid;
    int32_t fd;
};

/* What is known of each process when the others ask. */
struct ir_live_process {
    uint32_t pid;
    char name[16]; /* any bytes; ends in NUL when shorter */
};

struct ir_live {
    struct ir_exhibit *x;
    const struct ir_live_options *o;
    struct ir_live_summary *sum;
    struct ir_err *err;
    int rc;        /* IR_FATAL: the exhibit cannot be written; everybody stops */
    int proc;      /* /proc */
    char name[32]; /* of the collector that runs, as in live.def */
    char dir[48];  /* "02-process" */
    uint64_t own_netns;
    struct ir_buf text, link, commands, index;
    struct ir_live_process *processes; /* sorted by pid */
    size_t nprocesses;
    struct ir_live_owner *owners;
    size_t nowners, cap_owners;
    struct ir_map exe; /* device, inode → place of its digest in exe_hex + 1; 0: none was made */
    struct ir_buf exe_hex;
    uint64_t nameless;        /* bytes taken of what has no name any more */
    struct ir_map secrets;    /* device, inode of files that are known to be secrets */
    struct ir_map spaces;     /* "net:4026531840" → a process in it */
    struct ir_map containers; /* id of a container → number of its processes */
};

/* An artefact that is being written: data/live/<dir>/<name>. */
struct ir_live_out {
    struct ir_live *l;
    int fd;
    const char *name, *made;
    struct ir_buf b;
    struct ir_jline j; /* the line that ir_live_line began */
};

/* live_out.c. Failures are kept in l->rc, so that nobody must look after each line. */
void ir_live_out_open(struct ir_live *l, struct ir_live_out *out, const char *name,
                      const char *made);
struct ir_jline *ir_live_line(struct ir_live_out *out);
void ir_live_line_end(struct ir_live_out *out);
/* Writes out what was added to out->b, when it is much. */
void ir_live_out_flush(struct ir_live_out *out);
void ir_live_out_close(struct ir_live_out *out);
/* Copies a file of /proc or /sys, whatever size it claims, to data/live/<dir>/raw/<path>. */
void ir_live_raw(struct ir_live *l, const char *path);

enum ir_live_miss { IR_LIVE_DENIED, IR_LIVE_VANISHED, IR_LIVE_REFUSED, IR_LIVE_ABSENT };
/* Something that was not taken, and why; it is listed in meta/errors.jsonl. */
void ir_live_miss(struct ir_live *l, struct ir_str path, enum ir_live_miss kind, const char *why);
/* The same, by the error number: gone, not there, or denied. */
void ir_live_miss_errno(struct ir_live *l, struct ir_str path, int errnum, bool vanishes);

enum ir_live_level { IR_LIVE_NOTICE, IR_LIVE_DIFFERENCE };
/* Begins a finding's line in l->sum->findings: the caller adds what it is about and closes it. */
struct ir_jline ir_live_finding(struct ir_live *l, enum ir_live_level level, const char *id,
                                const char *title);

/* live_files.c: where the walks go. */
struct ir_scope ir_live_scope(const struct ir_live_options *o);
/* Reads a whole small file into out (cleared first), relative to dirfd. 0 or -errno; what is longer
 * than out allows is cut. */
int ir_live_read(int dirfd, const char *name, struct ir_buf *out);
/* Where a link leads, into out (cleared first). 0 or -errno. */
int ir_live_link(int dirfd, const char *name, struct ir_buf *out);
const struct ir_live_process *ir_live_process_find(const struct ir_live *l, uint32_t pid);

/* The collectors of live.def. */
#define IR_LIVE(name, profile, about) void ir_live_##name(struct ir_live *l);
#include "evidence/live.def"
#undef IR_LIVE

/* live_exe.c: the SHA-256 of all that is read from fd; false: it cannot be read to its end. */
bool ir_live_digest(int fd, char hex[IR_DIGEST_TEXT]);
/* Digests the executable that is open as fd, once each; NULL when it cannot be read. A
 * deleted one is copied as well. */
const char *ir_live_exe(struct ir_live *l, int fd, uint32_t pid, bool deleted);
/* Copies what /proc/PID/fd/NUMBER leads to, when it is a file without a name; once each. */
void ir_live_nameless(struct ir_live *l, int fds, const char *number, uint32_t pid,
                      struct ir_str target);
/* live_bpf.c: programs, maps and links of eBPF, which outlive the process that loaded them. */
void ir_live_bpf(struct ir_live *l);
/* live_hidden.c: the numbers in the list of /proc, sorted; the caller frees. False: none. */
bool ir_live_pids(struct ir_live *l, uint32_t **ret_v, size_t *ret_n);
/* Processes that are there but not in that list. */
void ir_live_hidden(struct ir_live *l);

#endif
