/*
 * The language of texts for people: English in the source, other languages from the catalogue
 * (gettext's, made from tools/po/). tools/lang.c chooses the language at start; until then, and in
 * English, every text is the one in the source.
 *
 *     say(cmd, _("cannot read: %s"), path);                 // where it is shown
 *     static const char *const words[] = {N_("none"), …};   // a table; shown as _(words[i])
 *     say(cmd, "%s", ir_local(err.msg));                    // a reason of the library
 *
 * The rule: data is English in every language. What the library says about an input or a rule
 * (ir_err, notes, rule failures) is made in English and goes into JSON and CSV as it is. Whoever
 * shows it to a person passes it through ir_local, which finds the text it was made from.
 * So the library's reasons need no mark where the call that makes them is known to
 * tools/po/extract.sh, else N_(). "%-s" in one means: this value is a text of ours, not data.
 * Only what is made for people and nobody else (an explanation) is made in their language at once.
 */
#ifndef IR_BASE_INTL_H
#define IR_BASE_INTL_H

#include "base/buf.h"
#include "base/str.h"

/* Marks a text for the catalogue and leaves it as it is. */
#define N_(text) text
/* The text in the reader's language. */
#define _(text) ir_intl(text)

/* From here on texts are those of this catalogue (catalogue.h), whose bytes must live on; none: the
 * source's. False when it cannot be used: then, too. While no other thread runs. */
bool ir_intl_use(struct ir_str mo);

const char *ir_intl(const char *text) __attribute__((format_arg(1)));
/* One of two, by the number, as the reader's language counts. */
const char *ir_intl_plural(const char *one, const char *many, uint64_t n)
    __attribute__((format_arg(1), format_arg(2)));
/* _(text) as a view. */
struct ir_str ir_intl_str(const char *text);

/* The code of the language that texts are in: "en", "ja". */
const char *ir_intl_lang(void);
/* True when it is Japanese: rules have their own Japanese. */
bool ir_intl_is_ja(void);

/* What an error number means, in English and in the reader's language. strerror would take the
 * C library's catalogue, which may be there or not. */
const char *ir_errno_text(int errnum);
const char *ir_errno_local(int errnum);

/* A text that the library made in English, in the reader's language; as it is when the catalogue
 * does not know it. Values in it stay. `room` is used when the text must be put together; the
 * macro gives room to the end of the block. */
#define IR_LOCAL_MAX      1024u
#define ir_local(english) ir_local_in((english), (char[IR_LOCAL_MAX]){0})
void ir_local_add(struct ir_buf *out, struct ir_str english);
const char *ir_local_in(const char *english, char room[IR_LOCAL_MAX]);

#endif
