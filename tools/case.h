/*
 * What the commands of `ir case` share: the workspace's database, who acts, and how rows are
 * printed.
 *
 *     struct case_job j;
 *     status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
 *     if (status == IR_EXIT_OK) status = case_begin(&j);
 *     … ir_record_insert(j.db, …, &j.err) …                  // case_failed(&j) says why not
 *     return case_close(&j, status);                         // commits when status is IR_EXIT_OK
 *
 * Rows are told once, for people and for programs:
 *
 *     const struct case_cell row[] = {{"no", N_("number"), 13, no}, …};
 *     case_row(&j, row, n);                                  // a table's line, or an object
 */
#ifndef IR_TOOLS_CASE_H
#define IR_TOOLS_CASE_H

#include "casedb/casedoc.h"
#include "casedb/incident.h"
#include "casedb/setting.h"
#include "cmd.h"
#include "sink.h"

struct case_options {
    const char *actor, *output;
};

#define CASE_READ_OPTS(type)                                                                       \
    {                                                                                              \
        "output", 'o', OPT_CHOICE, offsetof(type, c.output), "FORMAT",                             \
            N_("table or jsonl, an object a line"), choice_case_output                             \
    }
#define CASE_WRITE_OPTS(type)                                                                      \
    {"actor",  'a',                                                                                \
     OPT_TEXT, offsetof(type, c.actor),                                                            \
     "NAME",   N_("who does this (default: the user who runs it)"),                                \
     NULL},                                                                                        \
        CASE_READ_OPTS(type)

struct case_job {
    const struct cmd *cmd;
    const struct env *env;
    const struct case_options *o;
    struct ir_casedb *db;
    struct ir_err err;
    struct sink out;
    int32_t zone_s; /* of the organisation: times are read and shown in it */
    bool json;
    unsigned rows;                     /* printed */
    const struct ir_doc_given *titles; /* of rules, for CASE_TITLE; NULL: as they are */
    const char
        *part; /* of several lists of one output: its rows' "part" for programs; NULL: none */
};

/* One value of a row; number: n counts, not text. only_json: not in the table. */
struct case_cell {
    const char *key, *label;
    unsigned columns;
    struct ir_str text;
    int64_t n;
    bool number, only_json;
};

const char *choice_case_output(size_t i);

/* IR_EXIT_OK, or a status after having said why. */
int case_open(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
              const struct env *env, enum ir_casedb_mode mode);
/* For a command that needs no workspace; closed by case_close as well. */
int case_without(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
                 const struct env *env);
int case_begin(struct case_job *j);
int case_close(struct case_job *j, int status);
/* Says what is in j->err: IR_EXIT_USAGE for what cannot be, IR_EXIT_FAILED for the rest. */
int case_failed(struct case_job *j);
/* The case, event or alert that a person named; see ir_number_find. */
int case_find(struct case_job *j, const char *table, const char *said, char id[IR_ID_TEXT],
              char no[IR_NO_TEXT]);
/* All of a file, or of stdin for "-": at most as much as *text may hold. */
int case_read(struct case_job *j, const char *path, struct ir_buf *text);
/* A word of the database as its reader says it, where `key` is one whose values are such words;
 * else, and in English, the word itself. */
struct ir_str case_word(const char *key, struct ir_str word);
/* What was said is that word of the database in the reader's language. */
bool case_says(const char *word, struct ir_str said);
void case_row(struct case_job *j, const struct case_cell *cell, size_t n);
/* What stdin gave, in whichever character set, as UTF-8. */
int case_decode(struct case_job *j, struct ir_buf *text);
/* Says that some of what was taken is no text. */
void case_tell_loss(struct case_job *j);
/* The same, when some of the raw bytes are no text and stand in it as U+FFFD, or will (record.h).
 */
void case_tell_marks(struct case_job *j, struct ir_str raw, struct ir_str text);
/* Operands as one line of text. */
void case_words(const struct opt_list *operands, size_t from, struct ir_buf *text);
/* The same; a single - is stdin. IR_EXIT_OK, or a status after having said why. */
int case_text(struct case_job *j, const struct opt_list *operands, size_t from,
              struct ir_buf *text);
/* A time of the file ("…Z") as the organisation's clock shows it. */
struct ir_str case_time(const struct case_job *j, struct ir_str utc, char buf[40]);

/* case_row is in case_row.c; case_list.c: what most commands are made of.
 *
 * A command that changes a case: opens, begins, and finds the case of the first operand. */
int case_start(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
               const struct env *env, const char *said, char id[IR_ID_TEXT], char no[IR_NO_TEXT]);
/* The same for one that takes a text: the other operands (case_text), or all of the file `from`. It
 * is read before the transaction: who types it, or a scan that takes an hour, holds up nobody. */
int case_start_text(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
                    const struct env *env, const struct opt_list *operands, const char *from,
                    struct ir_buf *text, char id[IR_ID_TEXT], char no[IR_NO_TEXT]);
/* The same for one that only reads. */
int case_look(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
              const struct env *env, const char *said, char id[IR_ID_TEXT], char no[IR_NO_TEXT]);
/* rc of the library's into a status, after having said why. */
int case_status(struct case_job *j, int rc);
/* What was made: {"case":…,"no":…,"id":…}, or `done`, which says it to people. n 0: no number. */
void case_made(struct case_job *j, const char *no, int64_t n, const char *id, const char *done);
/* The number that an operand is: 3, #3, or ３ of a Japanese keyboard; 0: none. */
int64_t case_number_said(const char *said);
/* The same; says that it is none. */
int64_t case_number(struct case_job *j, const char *said);

/* The whole of a command that changes one row of a case: operands are the case and the number,
 * which `change` is given; it returns the library's rc. */
/* IR_END of `change`: the gate before recovery is shut. */
typedef int case_changing(struct case_job *j, const void *options, const char *id, int64_t n);
int case_change(const struct cmd *cmd, const void *options, const struct case_options *o,
                const struct opt_list *operands, const struct env *env, case_changing *change);

/* case_phase.c: says that the gate before recovery is shut, and what opens it; the status. */
int case_gate_shut(struct case_job *j, const char *no);
const char *choice_phase(size_t i);
const char *choice_step(size_t i);
/* The phase that was said, else that of the step; NULL: neither was. */
const char *case_phase_of(const char *phase, const char *step);

/* A list: the columns of a statement in their order. Its ?1 is the case's id, ?2 the time now and
 * ?3 today's date. */
struct case_column {
    const char *key, *label;
    unsigned columns;
    enum {
        CASE_TEXT,
        CASE_TIME,
        CASE_NUMBER,
        CASE_SPAN,    /* seconds */
        CASE_OVERDUE, /* 1 or 0: a row that is makes the exit status 1 */
        CASE_REVIEW,  /* a kind of review, which is something else as a kind of report */
        CASE_TITLE,   /* of a rule, or a change of phase, in the reader's language */
        CASE_ID       /* only for programs */
    } kind;
};
struct case_list {
    const char *sql;
    const struct case_column *column;
    size_t n;
};
/* Says on a terminal that there was no row; a file or program sees it. */
void case_tell_empty(const struct case_job *j);
int case_print(struct case_job *j, const struct case_list *list, const char *id);
/* The same of a statement that is open and has its arguments. */
struct ir_query;
int case_print_rows(struct case_job *j, struct ir_query *q, const struct case_column *column,
                    size_t n);
/* The whole of a command that lists something of the case that its operand names. */
int case_list_of(const struct cmd *cmd, const struct case_options *o, const struct env *env,
                 const char *said, const struct case_list *list);

#endif
