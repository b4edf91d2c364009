/*
 * Imported rule sets: public rules that lie in the workspace, with a record of what they are.
 *
 *     HOME/rules/NAME/manifest.json   struct ir_ruleset: where it came from, when, by whom, digests
 *     HOME/rules/NAME/SHA256SUMS      "digest  rules/path" a line, in byte order of the paths, as
 *                                     sha256sum -c reads it (in HOME/rules/NAME)
 *     HOME/rules/NAME/rules/…         the rule files
 *
 * The tree's digest is the SHA-256 of SHA256SUMS: it stands for names and bytes of all files. What
 * is loaded is what SHA256SUMS lists; a file that is not as it was imported is loaded and told of.
 * Sets are made by import.h and never changed in place.
 */
#ifndef IR_RUN_RULESET_H
#define IR_RUN_RULESET_H

#include "base/time.h"
#include "rules/rules.h"

#define IR_RULESET_NAME_MAX 64u

struct ir_ruleset {
    char name[IR_RULESET_NAME_MAX + 1];
    char version[65];        /* "": nobody said */
    char source[1024];       /* the archive or directory, as it was named */
    char archive_sha256[65]; /* "": it was a directory */
    char tree_sha256[65];
    char imported[IR_TIME_TEXT]; /* RFC 3339, UTC */
    char by[65];                 /* the user who imported it */
    char program[65];            /* "ir 0.1.0" */
    uint64_t files;              /* with rules, as in SHA256SUMS */
    uint64_t rules, filters;     /* that loaded */
    uint64_t failed, warnings, waiting;
    uint64_t passed_over; /* files that are no rules */
    uint64_t left_out;    /* files whose rules are deprecated or unsupported */
    /* not in the manifest */
    char problem[256]; /* why the set cannot be used; "": it can */
    bool foreign;      /* and it is nothing that was made by an import */
    uint64_t changed;  /* after a load: files that are not as they were imported */
    uint64_t loaded;   /* after a load: rules */
};

/* Small letters, digits, '.', '_', '+' and '-', beginning with a letter or digit. */
bool ir_ruleset_name_ok(struct ir_str name);
/* HOME/rules/NAME into b (cleared first); name NULL: HOME/rules. */
void ir_ruleset_path(struct ir_buf *b, const char *home, const char *name);
/* The sets in the order of their names; free(*ret_v). A directory that is none, or a damaged one,
 * has a `problem`; so has the one without a name that stands for sets that cannot be listed. No
 * workspace: no sets. IR_OK, or IR_FATAL: memory. */
int ir_rulesets_list(const char *home, struct ir_ruleset **ret_v, size_t *ret_n,
                     struct ir_err *err);
/* One set. IR_END: there is none of this name. Else IR_OK, with a `problem` when it is damaged. */
int ir_ruleset_open(const char *home, const char *name, struct ir_ruleset *ret_set);
/* Its rules into a rule set. Files that are missing, changed or damaged, and a set with a problem,
 * are failures of the rule set. IR_OK, or IR_FATAL: memory. *ret_files (may be NULL) is increased.
 */
int ir_ruleset_load(struct ir_rules *rs, const char *home, struct ir_ruleset *set,
                    size_t *ret_files);
/* Takes the set out of the workspace. IR_OK; IR_END: there is none; IR_BAD with the reason. */
int ir_ruleset_remove(const char *home, const char *name, struct ir_err *err);

/* For import.h: the manifest's text, and the digest of bytes in hex. */
void ir_ruleset_manifest(const struct ir_ruleset *set, struct ir_buf *out);
bool ir_ruleset_digest(struct ir_str bytes, char ret_hex[65]);
/* Calls file(user, path below the set, digest) for each line of SHA256SUMS; a result other than
 * IR_OK ends it and is returned. IR_BAD: not such a list. */
int ir_ruleset_each(struct ir_str sums,
                    int (*file)(void *user, struct ir_str path, struct ir_str digest), void *user);

#endif
