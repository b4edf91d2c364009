/*
 * Regular expressions of format files: compiled once, shared by threads, and run with limits,
 * because the file's author may err and the log's author may attack.
 *
 *     struct ir_regex re;
 *     rc = ir_regex_compile(&arena, text, true, &re, &err);   // IR_BAD: err says why not
 *     struct ir_regex_room room;                              // one a thread
 *     ir_regex_room_open(&room, re.groups)
 *     if (ir_regex_match(&re, &room, line) == IR_REGEX_FITS) { ir_regex_group(&room, line, 1) … }
 *
 * Lines are bytes: no UTF-8 is asked for, because a line that is not valid must not escape. A
 * plain "(…)" captures nothing. The expression begins where the text begins.
 *
 * An expression whose steps grow faster than the line is refused: it is tried on lines that are
 * made to hurt it. What still takes too many steps at run time is given up, and that is told.
 */
#ifndef IR_FORMAT_REGEX_H
#define IR_FORMAT_REGEX_H

#include <pcre2.h>

#include "base/arena.h"
#include "base/err.h"

struct ir_regex {
    pcre2_code *code;
    struct ir_str literal; /* stands in all that fits; may be empty */
    uint32_t groups;       /* the highest number */
    uint32_t nameless;     /* groups without a name, for a warning */
};

struct ir_regex_room {
    pcre2_match_data *data;
    pcre2_match_context *context;
};

enum ir_regex_answer { IR_REGEX_NOT, IR_REGEX_FITS, IR_REGEX_GAVE_UP };

/* whole: it must fit up to the end as well. Texts live in the arena; ir_regex_free frees the rest.
 */
int ir_regex_compile(struct ir_arena *a, struct ir_str text, bool whole, struct ir_regex *ret_re,
                     struct ir_err *err);
void ir_regex_free(struct ir_regex *re);

bool ir_regex_room_open(struct ir_regex_room *room, uint32_t groups);
void ir_regex_room_close(struct ir_regex_room *room);
enum ir_regex_answer ir_regex_match(const struct ir_regex *re, struct ir_regex_room *room,
                                    struct ir_str text);
/* After a match. p == NULL: the group took no part. */
struct ir_str ir_regex_group(const struct ir_regex_room *room, struct ir_str text, uint32_t n);

#endif
