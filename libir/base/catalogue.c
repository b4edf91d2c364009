/*
 * Reading catalogues. See catalogue.h. All is checked when one is opened, so that finding a text
 * need not: a file that somebody edited is refused whole.
 */
#include "base/catalogue.h"

#include <byteswap.h>

#define MAGIC   UINT32_C(0x950412de)
#define HEAD    28u /* magic, revision, how many, two tables, and a hash table that is not used */
#define ENTRY   8u  /* bytes, and where they begin */
#define TEXTS   12u
#define FOREIGN 16u

static uint32_t number(const struct ir_catalogue *c, size_t at)
{
    uint32_t v;
    memcpy(&v, c->mo.p + at, sizeof v);
    return c->swapped ? bswap_32(v) : v;
}

static const char *text_of(const struct ir_catalogue *c, uint32_t table, uint32_t i)
{
    return c->mo.p + number(c, table + (size_t)i * ENTRY + 4);
}

static bool is_table(const struct ir_catalogue *c, uint32_t at)
{
    return at <= c->mo.n && (c->mo.n - at) / ENTRY >= c->n;
}

/* Its bytes are there, with a NUL behind. */
static bool is_text(const struct ir_catalogue *c, uint32_t table, uint32_t i)
{
    const size_t n = number(c, table + (size_t)i * ENTRY),
                 at = number(c, table + (size_t)i * ENTRY + 4);
    return at < c->mo.n && n < c->mo.n - at && c->mo.p[at + n] == '\0';
}

bool ir_catalogue_open(struct ir_catalogue *c, struct ir_str mo)
{
    *c = (struct ir_catalogue){.mo = mo};
    if (mo.n < HEAD) return false;
    c->swapped = number(c, 0) != MAGIC;
    /* revision 0.1 has texts in parts besides, for numbers whose format the machine decides */
    if (number(c, 0) != MAGIC || number(c, 4) != 0) return false;
    c->n = number(c, 8);
    c->texts = number(c, TEXTS);
    c->translations = number(c, FOREIGN);
    if (!is_table(c, c->texts) || !is_table(c, c->translations)) return false;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!is_text(c, c->texts, i) || !is_text(c, c->translations, i)) return false;
        if (i > 0 && strcmp(text_of(c, c->texts, i - 1), text_of(c, c->texts, i)) >= 0)
            return false;
    }
    const char *about = ir_catalogue_find(c, "");
    return about != NULL && strstr(about, "nplurals=1;") != NULL;
}

const char *ir_catalogue_find(const struct ir_catalogue *c, const char *text)
{
    for (uint32_t from = 0, end = c->n; from < end;) {
        const uint32_t i = from + (end - from) / 2;
        const int order = strcmp(text, text_of(c, c->texts, i));
        if (order == 0) return text_of(c, c->translations, i);
        if (order < 0)
            end = i;
        else
            from = i + 1;
    }
    return NULL;
}
