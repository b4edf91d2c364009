/*
 * evidence/redact.h: no secret of a command line reaches the record, and the rest stays readable.
 */
#include "evidence/redact.h"
#include "tests/tap.h"

static const struct {
    const char *argv; /* a bar stands for the NUL behind each argument */
    const char *want;
} all[] = {
    {"ir|evidence|collect|/var/log|-c|C|", "ir evidence collect /var/log -c C"},
    {"ir|--tsa|https://user:s3cret@tsa.example/x?key=s3cret|-c|C|",
     "ir --tsa https://***@tsa.example/x?*** -c C"},
    {"ir|--tsa=https://s3cret@tsa.example|", "ir --tsa=https://***@tsa.example"},
    {"ir|--tsa|user:s3cret@tsa.example/x?k=s3cret|", "ir --tsa ***@tsa.example/x?***"},
    {"ir|--tsa|tsa.example/x#s3cret|", "ir --tsa tsa.example/x#***"},
    {"ir|--tsa|https://u:p@s3cret@tsa.example/a@b|", "ir --tsa https://***@tsa.example/a@b"},
    {"ir|--note|see ftp://u:s3cret@h/f and <http://h/?s3cret> too|",
     "ir --note see ftp://***@h/f and <http://h/?***> too"},
    {"ir|--note=http://h/?s3cret|", "ir --note=http://h/?***"},
    {"ir|root:s3cret@host|", "ir ***@host"},
    {"ir|--contact|hanako@example.jp|", "ir --contact hanako@example.jp"},
    {"ir|--passphrase-file|s3cret|-c|C|", "ir --passphrase-file *** -c C"},
    {"ir|--passphrase-file=s3cret|-c|C|", "ir --passphrase-file=*** -c C"},
    {"ir|--no-passphrase|name|", "ir --no-passphrase name"},
    {"ir|--include-secrets|-c|C|", "ir --include-secrets -c C"},
    {"ir|--token|--tsa=s3cret|x|", "ir --token *** x"},
    {"ir|--shipping-number|12|", "ir --shipping-number 12"},
    {"ir|what?|a=b?c|", "ir what? a=b?c"},
    {"ir||x", "ir  x"},
    {"", ""},
};

int main(void)
{
    struct ir_buf argv = IR_BUF(1 << 12), out = IR_BUF(1 << 12);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ir_buf_clear(&argv);
        ir_buf_clear(&out);
        ir_buf_str(&argv, ir_str_z(all[i].argv));
        for (size_t k = 0; k < argv.n; k++)
            if (argv.p[k] == '|') argv.p[k] = '\0';
        ir_redact_command(ir_buf_view(&argv), &out);
        is_str(ir_buf_view(&out), all[i].want, "%s", all[i].argv);
    }
    ir_buf_free(&argv);
    ir_buf_free(&out);
    return done();
}
