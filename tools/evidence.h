/*
 * What the commands of `ir evidence` share: the case directory, who acts, and who signs.
 *
 *     struct evidence e;
 *     status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
 *     … ir_custody_append(e.custody, &event, …);
 *     status = evidence_close(&e, status);        // checkpoint and signatures when it was written
 * to
 *
 * A case is a directory: CASE below --output, below the workspace's evidence/ without it.
 */
#ifndef IR_TOOLS_EVIDENCE_H
#define IR_TOOLS_EVIDENCE_H

#include "casedb/incident.h"
#include "cmd.h"
#include "evidence/carry.h"
#include "evidence/check.h"
#include "evidence/checkpoint.h"
#include "evidence/exhibit.h"
#include "evidence/ledger.h"
#include "sink.h"

struct evidence_options {
    const char *case_id, *item, *output;
    const char *actor, *title, *organisation, *contact;
    const char *witness, *witness_absent, *place, *reason, *authority, *note;
    const char *key, *witness_key, *passphrase_file;
    const char *clock_offset;
    bool unsigned_;
};

/* Rows for the option table of `type`, whose member `ev` is the struct above. */
#define EVIDENCE_CASE_OPTS(type)                                                                   \
    {"case", 'c', OPT_TEXT, offsetof(type, ev.case_id), "CASE", N_("the case's number"), NULL},    \
    {                                                                                              \
        "output", 'o', OPT_TEXT, offsetof(type, ev.output), "DIR",                                 \
            N_("where cases lie (default: evidence/ of the workspace)"), NULL                      \
    }
#define EVIDENCE_ITEM_OPT(type)                                                                    \
    {                                                                                              \
        "item", 'i', OPT_TEXT, offsetof(type, ev.item), "N",                                       \
            N_("the exhibit's number in the case, or its whole name"), NULL                        \
    }
#define EVIDENCE_WHO_OPTS(type)                                                                     \
    {"actor", 'a', OPT_TEXT, offsetof(type, ev.actor), "NAME", N_("who does this"), NULL},          \
        {"title",  0,                                                                               \
         OPT_TEXT, offsetof(type, ev.title),                                                        \
         "TEXT",   N_("title or function of the actor"),                                            \
         NULL},                                                                                     \
        {"organisation",                                                                            \
         0,                                                                                         \
         OPT_TEXT,                                                                                  \
         offsetof(type, ev.organisation),                                                           \
         "TEXT",                                                                                    \
         N_("the actor's company and department"),                                                  \
         NULL},                                                                                     \
        {"contact", 0,                                                                              \
         OPT_TEXT,  offsetof(type, ev.contact),                                                     \
         "TEXT",    N_("telephone or mail of the actor"),                                           \
         NULL},                                                                                     \
        {"place", 'p', OPT_TEXT, offsetof(type, ev.place), "TEXT", N_("where this happens"), NULL}, \
        {"reason", 'r', OPT_TEXT, offsetof(type, ev.reason), "TEXT", N_("why this is done"), NULL}, \
        {"authority", 0,                                                                            \
         OPT_TEXT,    offsetof(type, ev.authority),                                                 \
         "TEXT",      N_("order, contract, ticket or consent that allows it"),                      \
         NULL},                                                                                     \
        {"witness", 'w',                                                                            \
         OPT_TEXT,  offsetof(type, ev.witness),                                                     \
         "NAME",    N_("the second person who is present"),                                         \
         NULL},                                                                                     \
        {"no-witness", 0,                                                                           \
         OPT_TEXT,     offsetof(type, ev.witness_absent),                                           \
         "REASON",     N_("why there is none"),                                                     \
         NULL},                                                                                     \
        {"note",   0,                                                                               \
         OPT_TEXT, offsetof(type, ev.note),                                                         \
         "TEXT",   N_("anything else that should be known"),                                        \
         NULL},                                                                                     \
        {"clock-offset",                                                                            \
         0,                                                                                         \
         OPT_TEXT,                                                                                  \
         offsetof(type, ev.clock_offset),                                                           \
         "SECONDS",                                                                                 \
         N_("by how much this machine's clock is ahead of the right time, as compared by hand"),    \
         NULL},                                                                                     \
        {"key",    'k',                                                                             \
         OPT_TEXT, offsetof(type, ev.key),                                                          \
         "NAME",   N_("the actor's key (default: the only one in the workspace)"),                  \
         NULL},                                                                                     \
        {"witness-key", 0,                                                                          \
         OPT_TEXT,      offsetof(type, ev.witness_key),                                             \
         "NAME",        N_("the witness's key: the witness signs as well"),                         \
         NULL},                                                                                     \
        {"passphrase-file",                                                                         \
         0,                                                                                         \
         OPT_TEXT,                                                                                  \
         offsetof(type, ev.passphrase_file),                                                        \
         "FILE",                                                                                    \
         N_("passphrases of the keys, a line each, the actor's first"),                             \
         NULL},                                                                                     \
    {                                                                                               \
        "unsigned", 0, OPT_FLAG, offsetof(type, ev.unsigned_), NULL,                                \
            N_("do not sign, though there is a key"), NULL                                          \
    }

/* LOOK: the directory only, the log may be broken. RECEIVE: to write, signing as the receiver.
 * MAKE: a new case too. */
enum evidence_mode {
    EVIDENCE_LOOK,
    EVIDENCE_READ,
    EVIDENCE_WRITE,
    EVIDENCE_RECEIVE,
    EVIDENCE_MAKE
};

struct evidence {
    const struct cmd *cmd;
    const struct env *env;
    const struct evidence_options *o;
    int case_fd, keys_fd; /* keys_fd: -1, no keys in the workspace */
    char path[4096];      /* of the case, for people */
    char case_id[208];    /* its directory's name */
    char item[256];       /* --item as the exhibit's directory name, or "" */
    struct ir_custody *custody;
    struct ir_custody_who who;
    struct ir_custody_clock clock;
    enum ir_signer_role role; /* in which the actor signs */
    struct ir_signer signers[2];
    unsigned nsigners;
    char fingerprint[2][IR_HASH_TEXT];
    char *answers[8]; /* what was asked for on the terminal; owned */
    unsigned nanswers;
    uint64_t lines; /* of the log when it was opened */
    const char *command;
    struct ir_buf command_text, build;
};

/* IR_EXIT_OK, or a status after having said why. For WRITE and MAKE who, place and reason are
 * needed: on a terminal they are asked for, elsewhere it is IR_EXIT_USAGE. */
int evidence_open(struct evidence *e, const struct cmd *cmd, const struct evidence_options *o,
                  const struct env *env, enum evidence_mode mode);
/* Writes and signs a checkpoint when lines were added, refreshes VERIFY.txt. */
int evidence_close(struct evidence *e, int status);
/* Writes and signs a checkpoint of the lines that were added, refreshes VERIFY.txt; close does it
 * as well. */
int evidence_commit(struct evidence *e);
/* The same of lines that an earlier process could not come to sign; nothing when it could. */
int evidence_recommit(struct evidence *e);
/* Whether the keys that sign now are those that line `seq` of the log names: no others may sign it.
 */
bool evidence_signs(const struct evidence *e, uint64_t seq);
/* What the log says of --item, whose state must be one of `states` (1 << enum ir_item_state); else
 * a status after having said why. */
int evidence_item(struct evidence *e, unsigned states, struct ir_item *ret_item);
/* One event with what all events have. details: JSON members or empty. */
int evidence_append(struct evidence *e, const char *event, const char *item, const char *seal,
                    struct ir_str details);
/* The digests of an exhibit: SHA-256, SHA-512, and those of --also. */
int evidence_algorithms(const struct cmd *cmd, const struct opt_list *also, unsigned *ret_set);
/* Seals the exhibit, appends the event `seal`, and prints the seal: the end of whatever fills one.
 */
int evidence_seal(struct evidence *e, struct ir_exhibit *x);
/* evidence_image.c: goes on with x when it is an image; *ret_is: it is one. */
int evidence_image_resume(struct evidence *e, struct ir_exhibit *x, bool *ret_is);
/* Of an exhibit that is sealed: finishes its second copy, should it be an image that is to have one
 * and has none yet; *ret_did: so it was. */
int evidence_image_copy(struct evidence *e, bool *ret_did);
/* "path: line: reason" of a library's error. */
void evidence_say(const struct evidence *e, const struct ir_err *err);

/* evidence_receipt.c: ir_carry of the item's exhibit, with a line of progress. */
int evidence_carry(const struct evidence *e, const struct ir_item *item, int to_fd, bool finish,
                   struct ir_carry_totals *ret_t, struct ir_err *err);

/* evidence_who.c: fills e->who, e->clock, e->signers from the options and the terminal. */
int evidence_ask(struct evidence *e);
void evidence_forget(struct evidence *e);
/* The keys directory of the workspace; -1: there is none. */
int evidence_keys(const struct env *env, bool make);
/* A line from the terminal; hidden: without echo. NULL: none. The caller frees. */
char *evidence_prompt(const char *question, bool hidden);
/* The n-th line of a passphrase file, into out (maximum IR_PHRASE_MAX); false after a message. */
bool evidence_phrase(const struct cmd *cmd, const char *path, unsigned n, struct ir_buf *out);

/* What a process that looks at hostile bytes gives up its rights by; NULL in tests without it. */
const char *(*evidence_confine(const struct evidence *e))(const int *writable, unsigned n);
/* evidence_known.c: the number of the case that a person means by "1" or "2026-001", when the
 * workspace's case database has one; empty: it has none. */
void evidence_case_no(const char *home, const char *said, char ret_no[IR_NO_TEXT]);
/* What the workspace's case database knows of the case in this directory. */
void evidence_known(const struct env *env, int case_fd, struct ir_check_known *known);
/* evidence_words.c: an event of the log, and a member of one, in the reader's language. */
const char *evidence_event_word(const char *event);
const char *evidence_member_word(const char *member);
/* "1 file", "5,051 files" in the reader's language: every number of things that is told. The room
 * lasts to the end of the block. */
#define EVIDENCE_COUNT(n, one, many) evidence_count((n), (one), (many), (char[96]){0})
const char *evidence_count(uint64_t n, const char *one, const char *many, char room[96]);
/* "5,051" where what it counts stands elsewhere. */
#define EVIDENCE_NUMBER(n) evidence_number((n), (char[32]){0})
const char *evidence_number(uint64_t n, char room[32]);
/* "3 objects, 2 files with 1,234 bytes taken" */
void evidence_say_taken(const struct evidence *e, uint64_t objects, uint64_t files, uint64_t bytes);
/* A time of the log in the workspace's zone; what is no time stays as it is. */
void evidence_time(const char *utc, const struct env *env, char out[IR_LEDGER_TEXT]);
/* Who has the exhibit, or between whom it is on its way. */
#define EVIDENCE_HOLDER_MAX (4 * IR_LEDGER_TEXT)
void evidence_holder(const struct ir_item *item, const struct env *env,
                     char out[EVIDENCE_HOLDER_MAX]);

#endif
