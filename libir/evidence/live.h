/*
 * The state of this running host into an exhibit, in the order of volatility (RFC 3227
 * section 2.1). Read from /proc, /sys and netlink, not from programs that an intruder may have
 * exchanged; what two ways of asking the kernel tell differently is a finding.
 *
 *     data/live/02-process/processes.jsonl …   a directory a collector (live.def), JSON lines
 *     data/live/02-process/exe/…               executables that have no name any more
 *     data/fs/…                                files, with all metadata, as ir_collect takes them
 *     meta/live.jsonl                          each collector: when, how much, what failed
 *     meta/findings.jsonl                      each finding
 *     meta/commands.jsonl                      each external command, its digest and exit status
 *
 * What is denied, or goes away meanwhile, is in meta/errors.jsonl. Without root all works, and
 * more is denied. Secrets (values of the environment, password hashes, private keys) are not read
 * unless asked for.
 */
#ifndef IR_EVIDENCE_LIVE_H
#define IR_EVIDENCE_LIVE_H

#include "evidence/exhibit.h"

enum ir_live_profile { IR_LIVE_QUICK, IR_LIVE_STANDARD, IR_LIVE_FULL, IR_LIVE_PROFILE_MAX };

struct ir_live_options {
    enum ir_live_profile profile;
    bool secrets;         /* values of the environment, password hashes, private keys */
    bool networks;        /* into network file systems as well */
    bool commands;        /* may run programs of the host (package checks, packet filter) */
    const char *programs; /* they are looked for here first; NULL: nowhere but in their places */
    uint64_t max_size;    /* larger files are listed, not copied; 0: no limit */
    const char *const *except; /* directories that are not walked; nexcept of them */
    size_t nexcept;
    /* What libmagic's process gives up its rights by (apart.h); NULL: it keeps them. */
    const char *(*confine)(const int *writable, unsigned n);
    /* Before each collector: its text for people. May be NULL. */
    void (*progress)(void *user, const char *what);
    void *user;
};

struct ir_live_summary {
    uint64_t denied;        /* could not be read: permission, or an error */
    uint64_t vanished;      /* ended or was removed meanwhile */
    uint64_t refused;       /* secrets and network file systems that were not asked for */
    uint64_t differences;   /* findings: the kernel tells two things */
    uint64_t notices;       /* findings: worth a look */
    struct ir_buf findings; /* JSON lines, as in meta/findings.jsonl; ir_buf_free */
};

/* "quick", "standard", "full"; NULL after the last. */
const char *ir_live_profile_name(size_t profile);
/* About how many bytes the files of the profile have; the rest is some MiB. */
uint64_t ir_live_measure(const struct ir_live_options *o);
/* All collectors of the profile, one after the other; the caller seals. What is not there or not
 * allowed is recorded, not an error. IR_FATAL: the exhibit cannot be written. */
int ir_live_run(struct ir_exhibit *x, const struct ir_live_options *o,
                struct ir_live_summary *ret_sum, struct ir_err *err);

#endif
