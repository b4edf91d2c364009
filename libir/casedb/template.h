/*
 * Templates of reports: which headings, facts and lists a report is made of, with their words in
 * each language. Data that a company can change, so a closed language: values, presence, loops over
 * lists that we name, and parts; no expressions, no markup, nothing to execute.
 *
 *     struct ir_templates *t = ir_templates_new();
 *     rc = ir_templates_add(t, path, text, &err);      // one file each
 *     rc = ir_templates_finish(t, &err);               // checks all, and that no part holds itself
 *     const struct ir_template *m = ir_template_find(t, IR_S("management"));
 *
 * A template is a YAML map: id, version, title and `blocks`; a part has only id and blocks; the
 * one called "words" has `words`. letter: yes is one to outsiders: without classification and
 * number, and what is unknown stands in it as a customer may read it. Each block has one of these
 * keys (words: a text, or en and ja):
 *
 *     heading: WORDS            level: 2 to 4
 *     text: WORDS               style: lead, small, box, right
 *     facts: [{fact: NAME, en, ja, as: FILTER}]    plain: yes    a table; unknown ones are marked;
 *                                                  optional: yes: left out, need: yes: told of
 *     table: LIST  columns: [{en, ja, value: WORDS, optional}]   empty: WORDS
 *                  by: COLUMN   a table for each value of it, with that as its heading
 *     list: LIST   item: WORDS  empty: WORDS       both: limit: N, of which last: N are the last
 *     if: NAME     then: BLOCKS else: BLOCKS       a value, or a list with a row; a value that is
 *                                                  VALUE, when `is: VALUE` stands beside it
 *     include: ID               the blocks of a part
 *     missing: WORDS            heading of what was asked before or after and is unknown
 *     difference: ID            since: WORDS  empty: WORDS  never: WORDS   to a report of that kind
 *
 * In words, {name} is a value and {name|filter} a value as the filter writes it; {{ is a brace.
 * Filters: time, minute, date, day (on the organisation's clock; day: as a letter writes it), utc,
 * word, value (a word or a time), number (1,000; of a range too), defang, plain. Of a row's lines
 * those that say nothing are left out.
 */
#ifndef IR_CASEDB_TEMPLATE_H
#define IR_CASEDB_TEMPLATE_H

#include "base/yaml.h"

#define IR_TEMPLATES_MAX      200u
#define IR_TEMPLATE_DEPTH_MAX 16u /* of blocks in blocks, parts counted */

enum ir_block_key {
    IR_BLOCK_HEADING,
    IR_BLOCK_TEXT,
    IR_BLOCK_FACTS,
    IR_BLOCK_TABLE,
    IR_BLOCK_LIST,
    IR_BLOCK_IF,
    IR_BLOCK_INCLUDE,
    IR_BLOCK_MISSING,
    IR_BLOCK_DIFFERENCE,
    IR_BLOCK_MAX
};

/* All of it lives as long as the set. */
struct ir_template {
    struct ir_str id, version, path;
    const struct ir_yaml *title; /* NULL: a part */
    const struct ir_yaml *blocks;
    bool letter;
    struct ir_str text; /* of the file */
    char sha256[65];    /* of the file, its parts and the words; after finish */
};

struct ir_templates;

struct ir_templates *ir_templates_new(void);
void ir_templates_free(struct ir_templates *t);
/* A file with the id of an earlier one replaces it. IR_BAD: err->line and the reason. */
int ir_templates_add(struct ir_templates *t, const char *path, struct ir_str yaml,
                     struct ir_err *err);
/* IR_BAD: err->input, err->line and the reason. */
int ir_templates_finish(struct ir_templates *t, struct ir_err *err);
const struct ir_template *ir_template_find(const struct ir_templates *t, struct ir_str id);
/* NULL after the last; parts are among them. */
const struct ir_template *ir_template_at(const struct ir_templates *t, size_t i);
/* Some template asks for the fact of this name. t may be NULL. */
bool ir_templates_ask(const struct ir_templates *t, struct ir_str fact);
/* The template, which was checked, or a part of it names the list. */
bool ir_template_shows(const struct ir_templates *t, const struct ir_template *m,
                       struct ir_str list);
/* What people call a fact: the word "fact.NAME", else as a template that asks for it, else its
 * name. It stands alone: "Details of the cause", where a template under a heading says "Details".
 */
struct ir_str ir_template_fact_name(const struct ir_templates *t, struct ir_str fact, bool ja);
/* The word in a language; p NULL: none. */
struct ir_str ir_template_word(const struct ir_templates *t, struct ir_str word, bool ja);

/* Of a block that was checked. */
enum ir_block_key ir_block_key(const struct ir_yaml *block, const struct ir_yaml **ret_value);
/* Words in a language: the text itself, or its en or ja. p NULL: none. */
struct ir_str ir_words(const struct ir_yaml *n, bool ja);
/* The next part of words: plain text before *ret_name, which has p NULL at the end. IR_BAD: the
 * braces are not as they must be. */
int ir_words_next(struct ir_str *rest, struct ir_str *ret_plain, struct ir_str *ret_name,
                  struct ir_str *ret_filter, struct ir_err *err);
bool ir_filter_known(struct ir_str name);

#endif
