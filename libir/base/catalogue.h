/*
 * A catalogue of translated texts, as gettext's msgfmt writes it (.mo).
 * Document: GNU gettext manual, "The Format of GNU MO Files".
 *
 *     struct ir_catalogue c;
 *     if (ir_catalogue_open(&c, bytes)) text = ir_catalogue_find(&c, "Commands:");
 *
 * The C library reads catalogues under the locales that are installed only. C.UTF-8, which is
 * always there, was enough for glibc up to 2.36 and is not for later ones; a server has no other.
 */
#ifndef IR_BASE_CATALOGUE_H
#define IR_BASE_CATALOGUE_H

#include "base/str.h"

struct ir_catalogue {
    struct ir_str mo;
    uint32_t n, texts, translations; /* how many, and where the two tables begin */
    bool swapped;                    /* made on a machine of the other byte order */
};

/* Views mo, which must live on. False when it is damaged anywhere, or of a language that has more
 * than one form for numbers: the rule for choosing one is not read. */
bool ir_catalogue_open(struct ir_catalogue *c, struct ir_str mo);
/* A text of the catalogue, for one with two forms by the first; NULL: it has no translation. */
const char *ir_catalogue_find(const struct ir_catalogue *c, const char *text);

#endif
