/*
 * Text for the HTML page. Everything that came from a log, a rule or a path goes through ir_h_text
 * or ir_h_plain and nothing else; what they write holds no markup of the text's own, and no
 * character that hides or reorders others.
 */
#ifndef IR_REPORT_HTML_OUT_H
#define IR_REPORT_HTML_OUT_H

#include "report/gather.h"
#include "report/shown.h"
#include "report/tell.h"
#include "report/words.h"

#define IR_H_VALUE_MAX 400u /* bytes of a value in a table */

/* One page while it is written. */
struct ir_page {
    struct ir_buf *out;
    const struct ir_write_options *opt;
    const struct ir_gather *g;
    const struct ir_document *d;
    struct ir_teller teller;
    struct ir_shown shown; /* records */
    uint32_t cards, rows;  /* findings written in full, and in brief */
    bool stopped;          /* the reader went away */
};

/* For elements: hidden characters and bytes that are no text are marked up as such. */
void ir_h_text(struct ir_buf *out, struct ir_str raw);
/* For attributes, <title> and the title of a chart's parts: the same without markup. */
void ir_h_plain(struct ir_buf *out, struct ir_str raw);
/* The beginning of it, up to max bytes, then "…". */
void ir_h_cut(struct ir_buf *out, struct ir_str raw, size_t max);

static inline void ir_h(struct ir_page *p, const char *markup)
{
    ir_buf_str(p->out, ir_str_z(markup));
}

void ir_h_word(struct ir_page *p, enum ir_word w);
/* open, the word, close: "<th>", …, "</th>" */
void ir_h_in(struct ir_page *p, const char *open, enum ir_word w, const char *close);
/* A word with one number in it. */
void ir_h_number(struct ir_page *p, enum ir_word w, uint64_t n);
/* Opens a folded part: w says on the screen how much it holds; on paper it stays shut. */
void ir_h_fold(struct ir_page *p, enum ir_word w, uint64_t n);
/* The same without marks between the digits, for numbers that people copy. */
void ir_h_digits(struct ir_page *p, enum ir_word w, uint64_t n);
void ir_h_count(struct ir_page *p, enum ir_word one, enum ir_word many, uint64_t n);
/* <time>, or the words for none. */
void ir_h_time(struct ir_page *p, bool known, int64_t ns);
void ir_h_period(struct ir_page *p, bool known, int64_t from, int64_t to);
void ir_h_level(struct ir_page *p, enum ir_level level);
/* Begins a section: id, and its heading. */
void ir_h_section(struct ir_page *p, const char *id, enum ir_word heading);
/* Gives what there is to the reader; false: stop. */
bool ir_h_drain(struct ir_page *p);

/* The parts, each in its file. */
void ir_html_timeline(struct ir_page *p);
void ir_html_course(struct ir_page *p);
void ir_html_entities(struct ir_page *p);
void ir_html_filter(struct ir_page *p);
void ir_html_findings(struct ir_page *p);
void ir_html_attack(struct ir_page *p);
void ir_html_inputs(struct ir_page *p);
void ir_html_unread(struct ir_page *p);
/* " data-l=… data-e=…": by what a finding can be filtered. */
void ir_html_keys(struct ir_page *p, const struct ir_finding *f);
/* "source IP address 192.0.2.1, user root" */
void ir_html_who(struct ir_page *p, const struct ir_finding *f);
/* html_record.c: the record with the lines around it, for finding `number`; where it and the others
 * stand. */
void ir_html_record(struct ir_page *p, const struct ir_origin *o, uint32_t number);
void ir_html_place(struct ir_page *p, const struct ir_origin *o);
void ir_html_places(struct ir_page *p, const struct ir_finding *f);

extern const char ir_html_style[], ir_html_script[];

#endif
