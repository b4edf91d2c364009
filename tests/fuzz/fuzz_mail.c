/*
 * Mails as reports: any bytes as a mail. Its sender may be the attacker.
 */
#include "casedb/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ir_charset *cs; /* its tables take longer than any mail */
    struct ir_mail m;
    if (cs == NULL) cs = ir_charset_new();
    ir_mail_read(cs, ir_str_n((const char *)data, size), &m);
    ir_mail_free(&m);
    return 0;
}
