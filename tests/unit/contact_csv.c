/*
 * casedb/contact_csv: what spreadsheets save, and files that are broken or hostile.
 */
#include "casedb/contact_csv.h"

#include "tap.h"

static char seen[4096];
static struct ir_contact_csv_result res;
static struct ir_charset *cs;
static struct ir_err err;

/* organisation|person|means|note; of each row */
static int take(void *user, const struct ir_contact *c, struct ir_err *e)
{
    static const enum ir_contact_field show[] = {IR_CONTACT_ORGANISATION, IR_CONTACT_PERSON,
                                                 IR_CONTACT_MEANS, IR_CONTACT_NOTE};
    size_t n = strlen(seen);
    (void)user;
    for (unsigned i = 0; i < 4 && n < sizeof seen; i++)
        n += (size_t)snprintf(seen + n, sizeof seen - n, "%.*s%s",
                              IR_FMT(ir_str_head(c->v[show[i]], 200)), i < 3 ? "|" : ";");
    return ir_str_eq(c->v[IR_CONTACT_ORGANISATION], IR_S("stop")) ? ir_fail(e, IR_BAD, "stopped")
                                                                  : IR_OK;
}

static int read_n(const char *p, size_t n)
{
    seen[0] = '\0';
    err = (struct ir_err){0};
    return ir_contact_csv(cs, ir_str_n(p, n), take, NULL, &res, &err);
}

static int read_csv(const char *text)
{
    return read_n(text, strlen(text));
}

static void test_forms(void)
{
    is_int(read_csv("organisation,person,電話,メール,note\n\"A \"\"B\"\" Ltd\",C,03-1,a@b,\"two\n"
                    "lines\"\n"),
           IR_OK, "commas and quotes");
    is_str(ir_str_z(seen), "A \"B\" Ltd|C|03-1, a@b|two\nlines;", "two columns for one field");
    is_int((int64_t)res.rows, 1, "one row");
    is_int(read_csv("\xef\xbb\xbfkind;organisation\r\nppc;X\r\n\r\n"), IR_OK,
           "semicolons, a byte order mark, CR LF and an empty line");
    is_str(ir_str_z(seen), "X|||;", "the row");
    is_int(read_csv("組織名\t氏名\n東京商事\t山田\n"), IR_OK, "tabs, Japanese names");
    is_str(ir_str_z(seen), "東京商事|山田||;", "the row");
    static const char cp932[] = "\x91\x67\x90\x44\x96\xbc\n\x93\x8c\x8b\x9e\n"; /* 組織名, 東京 */
    is_int(read_csv(cp932), IR_OK, "CP932");
    is_str(ir_str_z(seen), "東京|||;", "in UTF-8");
    static const char utf16[] = "\xff\xfe"
                                "u\0r\0l\0,\0o\0r\0g\0a\0n\0i\0s\0a\0t\0i\0o\0n\0\n\0,\0x\0\n";
    is_int(read_n(utf16, sizeof utf16), IR_OK, "UTF-16");
    is_str(ir_str_z(seen), "x|||;", "in UTF-8");
    is_int(read_csv("organisation,colour,shape\nx,red,round\n"), IR_OK,
           "columns that are ours not");
    is_int((int64_t)res.unknown, 2, "are counted");
    is_str(ir_str_z(res.first_unknown), "colour", "and named");
}

static void test_hostile(void)
{
    is_int(read_csv("organisation,note\n'=cmd|x,'plain\n"), IR_OK, "guarded formulas");
    is_str(ir_str_z(seen), "=cmd|x|||'plain;", "lose their guard, other quotes stay");
    is_int(read_csv("organisation\nx\n\"never ends\n"), IR_BAD, "a quote that never ends");
    is_int(err.line, 3, "is told with its line");
    is_int(read_csv("organisation\na\nstop\nb\n"), IR_BAD, "a row that is refused");
    is_int(err.line, 3, "is told with its line");
    is_int(read_csv(""), IR_BAD, "nothing");
    is_int(read_csv("name,phone\nx,y\n"), IR_BAD, "no column for the organisation");
    char wide[200] = "organisation";
    memset(wide + strlen(wide), ',', 70);
    is_int(read_csv(wide), IR_BAD, "too many columns");
    is_int(read_csv("organisation\nx,y,z\n\n,\n"), IR_OK, "rows longer and shorter than the head");
    static const char nul[] = "organisation\na\0b\n";
    is_int(read_n(nul, sizeof nul - 1), IR_OK, "a NUL");
    static const char text[] = "organisation,note\n\"a \"\"b\"\"\",\"c\nd\"\r\n\"e\",f\n";
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n + 1);
        if (copy == NULL) break;
        memcpy(copy, text, n);
        read_n(copy, n);
        free(copy);
    }
    ok(true, "every prefix of a file");
}

int main(void)
{
    cs = ir_charset_new();
    test_forms();
    test_hostile();
    ir_charset_free(cs);
    return done();
}
