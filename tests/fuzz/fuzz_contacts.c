/*
 * Contacts as CSV: any bytes as a file. Each cell is read to its end, so that one that reaches
 * beyond its row is found.
 */
#include "casedb/contact_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *user, const struct ir_contact *c, struct ir_err *err)
{
    unsigned *sum = user;
    (void)err;
    for (unsigned f = 0; f < IR_CONTACT_FIELDS; f++)
        for (size_t i = 0; i < c->v[f].n; i++)
            *sum += (unsigned char)c->v[f].p[i];
    return IR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ir_charset *cs; /* its tables take longer than any file */
    struct ir_contact_csv_result res;
    struct ir_err err = {0};
    unsigned sum = 0;
    if (cs == NULL) cs = ir_charset_new();
    ir_contact_csv(cs, ir_str_n((const char *)data, size), take, &sum, &res, &err);
    return 0;
}
