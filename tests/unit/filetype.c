/*
 * evidence/filetype.h: what begins like a log is a plain text without asking all rules; what begins
 * like something else is told as libmagic tells it; a control character makes it no text.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "evidence/filetype.h"
#include "run/sandbox.h"
#include "tap.h"

static struct ir_filetype_result of(struct ir_filetype *t, struct ir_str content)
{
    struct ir_filetype_result ft = {0};
    int fd = memfd_create("filetype", MFD_CLOEXEC);
    if (fd >= 0 && ir_io_write_all(fd, content.p, content.n) == 0) ir_filetype_of(t, fd, &ft);
    if (fd >= 0) close(fd);
    return ft;
}

#define LOG "Nov 23 07:12:01 web sshd[12]: session opened for user anna\n"

static void test_kinds(struct ir_filetype *t)
{
    static const struct {
        struct ir_str content;
        const char *mime, *encoding, *magic; /* magic: begins so */
    } rows[] = {
        {IR_S(LOG), "text/plain", "us-ascii", "ASCII text"},
        {IR_S("\xe5\xa4\xb1\xe6\x95\x97 12\n"), "text/plain", "utf-8", "Unicode text, UTF-8"},
        {IR_S("[mysqld]\r\nport=1\r\n"), "text/plain", "us-ascii",
         "ASCII text, with CRLF line terminators"},
        {IR_S("caf\xe9 au lait\n"), "text/plain", "iso-8859-1", "ISO-8859 text"},
        {IR_S("{\"a\": [1, 2]}\n"), "application/json", "us-ascii", "JSON text data"},
        {IR_S("#!/bin/sh\necho a\n"), "text/x-shellscript", "us-ascii",
         "POSIX shell script, ASCII text"},
        {IR_S("#!/usr/bin/env python3.11\nx = 1\n"), "text/x-script.python", "us-ascii",
         "Python script, ASCII text"},
        {IR_S("\n <?php\neval($_POST['x']);\n"), "text/x-php", "us-ascii", "PHP script, ASCII"},
        {IR_S("\xef\xbb\xbf<!DOCTYPE HTML><p>\xe3\x81\x82\n"), "text/html", "utf-8",
         "HTML document, "},
        {IR_S("%PDF-1.4\n1 0 obj\n"), "application/pdf", "us-ascii", "PDF document"},
        {IR_S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0"), "image/png", "binary",
         "PNG image data"},
        {IR_S("\x1f\x8b\x08\0\0\0\0\0\0\3"), "application/gzip", "binary", "gzip compressed data"},
        {IR_S("log\0log"), "application/octet-stream", "binary", "data"},
        {IR_S(""), "", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ir_filetype_result ft = of(t, rows[i].content);
        is_str(ft.mime.n > 0 ? ft.mime : IR_S(""), rows[i].mime, "kind of row %zu", i);
        is_str(ft.encoding.n > 0 ? ft.encoding : IR_S(""), rows[i].encoding, "its encoding");
        if (!ok(ir_str_starts(ft.magic, ir_str_z(rows[i].magic)), "its description"))
            ir_tap_show("got", ft.magic);
    }
}

/* The head that is looked at ends within a character. */
static void test_cut(struct ir_filetype *t)
{
    static char long_text[9000];
    for (size_t i = 0; i + 3 <= sizeof long_text; i += 3)
        memcpy(long_text + i, "\xe3\x81\x82", 3);
    struct ir_filetype_result ft = of(t, ir_str_n(long_text, sizeof long_text));
    is_str(ft.mime, "text/plain", "a cut character is still text");
    is_str(ft.encoding, "utf-8", "of this encoding");
}

int main(void)
{
    struct ir_filetype *t = ir_filetype_new(ir_sandbox_enter);
    if (t == NULL) {
        skip("libmagic has no rules here");
        return done();
    }
    test_kinds(t);
    test_cut(t);
    ir_filetype_free(t);
    return done();
}
