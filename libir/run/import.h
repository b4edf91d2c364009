/*
 * A public rule set into the workspace: a release's archive, or the directory of a source tree.
 *
 *     struct ir_import *im;
 *     rc = ir_import_read(&o, &im, &err);   // lists, checks and compares; nothing is written
 *     … ir_import_result(im) …              // what loads and what does not, what changed
 *     rc = ir_import_install(im, &err);     // all or nothing
 *     ir_import_free(im);
 *
 * Taken are the files with Sigma documents (.yml, .yaml) and the licences; left are those whose
 * rules are all of status deprecated or unsupported, and what lies below names that begin with a
 * dot. A rule set of a workspace, also one that was kept, is taken as what it was. One directory
 * around all is taken off: it tells the version ("sigma-r2026-01-01").
 *
 * An archive with a name that leads out of its directory, with a link or a device, one that is
 * damaged or goes beyond a limit is refused as a whole: half of a rule set finds half of what it is
 * trusted to find. So is a directory with a symbolic link where a rule would be.
 */
#ifndef IR_RUN_IMPORT_H
#define IR_RUN_IMPORT_H

#include "run/ruleset.h"

struct ir_import_options {
    const char *source;         /* as the user named it */
    const char *home;           /* the workspace */
    const char *name, *version; /* NULL: from the source's names, or a version file in it */
    const char *own_rules;      /* rules that are there besides; may be NULL */
    const char *by, *program;   /* for the manifest */
    int64_t now;
    bool read_only;  /* nothing will be installed */
    bool keep;       /* the version that is replaced stays, in HOME/rules/.old/ */
    bool no_sandbox; /* tests only */
};

enum ir_import_what { IR_IMPORT_ADDED, IR_IMPORT_REMOVED, IR_IMPORT_CHANGED, IR_IMPORT_WHATS };

struct ir_import_change { /* a rule; by its id */
    enum ir_import_what what;
    struct ir_str id, title;
};

struct ir_import_result {
    struct ir_ruleset set;        /* as it will be */
    struct ir_ruleset old;        /* the one that is there; has_old */
    bool has_old, same;           /* same: there is nothing to install */
    const struct ir_rules *rules; /* of the set and of those beside it: for what does not load */
    const struct ir_import_change *change;
    size_t nchanges;
    uint64_t n[IR_IMPORT_WHATS];
};

struct ir_import;
/* IR_OK; IR_BAD with the reason when the source is refused; IR_FATAL: memory. The sandbox that is
 * entered leaves the workspace writable, which is made when it is not there. */
int ir_import_read(const struct ir_import_options *o, struct ir_import **ret_im,
                   struct ir_err *err);
const struct ir_import_result *ir_import_result(const struct ir_import *im);
/* True when this failure or warning of result->rules is about a file of the set. */
bool ir_import_is_ours(const struct ir_import *im, const struct ir_rules_failure *f);
int ir_import_install(struct ir_import *im, struct ir_err *err);
void ir_import_free(struct ir_import *im);

#endif
