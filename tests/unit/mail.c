/*
 * casedb/mail: what a mail says of itself, and mails that lie about their form.
 */
#include "casedb/mail.h"

#include "tap.h"

static struct ir_mail m;
static struct ir_charset *cs;

static bool read_mail(const char *text)
{
    ir_mail_free(&m);
    return ir_mail_read(cs, ir_str_z(text), &m);
}

static void test_plain(void)
{
    ok(read_mail("From: Hana <hana@example.com>\r\nSubject: odd\r\nDate: Mon, 23 Nov 2026 14:00:00 "
                 "+0900 (JST)\r\n\r\nThe server is slow.\r\n"),
       "a mail");
    is_str(ir_buf_view(&m.from), "Hana <hana@example.com>", "its sender");
    is_str(ir_buf_view(&m.subject), "odd", "its subject");
    is_str(ir_buf_view(&m.text), "The server is slow.\r\n", "its text");
    ok(m.has_date, "it has a date");
    is_int(m.date, INT64_C(1795410000000000000), "in UTC");
    ok(read_mail("From x@y Mon Nov 23 14:00:00 2026\nFrom: a\n\nx"), "out of an mbox");
    ok(!m.has_date, "without a date");
    ok(!read_mail("just a line\n"), "a line is no mail");
    ok(!read_mail("To: a\n\nx"), "nor is one without a sender");
    ok(!read_mail("From: a\n"), "nor one without a body");
    ok(!read_mail("From here on: it went\n\nwrong"), "nor a sentence with a colon");
    ok(!read_mail(""), "nor nothing");
}

static void test_encoded(void)
{
    ok(read_mail("From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <a@example.com>\n"
                 "Subject: =?utf-8?Q?=E5=A0=B1_x?=\n =?utf-8?B?5ZGK?=\n\nx"),
       "encoded words");
    is_str(ir_buf_view(&m.from), "山田 <a@example.com>", "of ISO-2022-JP");
    is_str(ir_buf_view(&m.subject), "報 x告", "blanks between two are none");
    ok(read_mail("From: =?utf-8?B?%%%?= =?x?Q?a?= =?utf-8?Q?open\n\nx"), "words that are none");
    is_str(ir_buf_view(&m.from), "=?utf-8?B?%%%?= a =?utf-8?Q?open", "stay as they are");
    ok(read_mail("From: a\nContent-Transfer-Encoding: quoted-printable\n\nsoft=\nbreak "
                 "=E3=81=82=ZZ="),
       "quoted-printable");
    is_str(ir_buf_view(&m.text), "softbreak あ=ZZ=", "with what is none");
    ok(read_mail("From: a\nContent-Transfer-Encoding: base64\n\nnot base64!"), "no base64");
    is_str(ir_buf_view(&m.text), "not base64!", "stays as it is");
}

static void test_parts(void)
{
    ok(read_mail("From: a\nContent-Type: multipart/mixed; boundary=\"b\"\n\npreamble\n--b\n"
                 "Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: "
                 "text/html\n\n<b>no</b>\n--c\nContent-Type: text/plain\n\nyes\n--c--\n--b\n"
                 "Content-Type: application/zip\n\nPK\n--b--\n"),
       "parts in parts");
    is_str(ir_buf_view(&m.text), "yes\n", "the plain text counts");
    ok(m.others >= 2, "the others are counted: %u", m.others);
    struct ir_buf deep = IR_BUF(1 << 16);
    ir_buf_str(&deep, IR_S("From: a\nContent-Type: multipart/mixed; boundary=b\n\n"));
    for (int i = 0; i < 20; i++)
        ir_buf_str(&deep, IR_S("--b\nContent-Type: multipart/mixed; boundary=b\n\n"));
    ir_buf_str(&deep, IR_S("--b\n\nx\n"));
    ok(read_mail(deep.p), "parts that never end");
    ir_buf_free(&deep);
    ok(read_mail("From: a\nContent-Type: multipart/mixed\n\n--b\n\nx"), "parts without a border");
}

/* The day does not exist, or the clock is nobody's. */
static void test_dates(void)
{
    static const char *const wrong[] = {"Mon, 31 Nov 2026 14:00:00 +0900",
                                        "Mon, 23 Foo 2026 14:00:00 +0900",
                                        "Mon, 23 Nov 99999 14:00:00 +0900",
                                        "Mon, 23 Nov 2026 24:00:00 +0900",
                                        "23 Nov 2026",
                                        "Mon, 23 Nov 2026 14:00:00 +9999",
                                        "x",
                                        ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[200];
        snprintf(text, sizeof text, "From: a\nDate: %s\n\nx", wrong[i]);
        ok(read_mail(text) && !m.has_date, "no date: '%s'", wrong[i]);
    }
    ok(read_mail("From: a\nDate: 1 Jan 2026 00:00 -0530\n\nx") && m.has_date,
       "a date without weekday and seconds");
    is_int(m.date, INT64_C(1767245400000000000), "in UTC");
}

/* A mail that is cut anywhere is read, or is none; nothing is read beyond its end. */
static void test_prefixes(void)
{
    static const char text[] =
        "From: =?utf-8?B?5ZGK?= <a>\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n"
        "Content-Type: text/plain; charset=\"iso-2022-jp\"\nContent-Transfer-Encoding: base64\n\n"
        "GyRCNkg/TRsoQg==\n--b--\n";
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n + 1); /* its end is the end of memory for the sanitizer */
        if (copy == NULL) break;
        memcpy(copy, text, n);
        ir_mail_free(&m);
        ir_mail_read(cs, ir_str_n(copy, n), &m);
        free(copy);
    }
    ok(true, "every prefix of a mail");
}

int main(void)
{
    cs = ir_charset_new();
    test_plain();
    test_encoded();
    test_parts();
    test_dates();
    test_prefixes();
    ir_mail_free(&m);
    ir_charset_free(cs);
    return done();
}
