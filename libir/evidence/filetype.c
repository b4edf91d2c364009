/*
 * What a file looks like (see filetype.h). libmagic is asked with limits, since the bytes are the
 * attacker's: no look into compressed files, and no more than the first 4 KiB.
 *
 * Its rules for texts search each of them for the words of some hundred languages, which takes
 * longer than to copy and to digest a small file. Most texts of an evidence are logs and settings:
 * a text that begins like one of these is one, and so are scripts and pages told, of which there
 * are many too. All else is for libmagic, in a child that may do nothing but answer (apart.h).
 */
#include "evidence/filetype.h"

#include <magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "evidence/apart.h"

#define HEAD ((size_t)4 << 10)
#define FLAGS                                                                                      \
    (MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF)

struct ir_filetype {
    magic_t m;
    struct ir_apart *apart; /* where libmagic is asked */
    struct ir_buf answer;   /* description, MIME type and encoding, each with a NUL behind */
    char head[HEAD], magic[512], type[256], named[600];
};

static void answer(void *user, int fd, struct ir_buf *out);

struct ir_filetype *ir_filetype_new(const char *(*confine)(const int *writable, unsigned n))
{
    struct ir_filetype *t = calloc(1, sizeof *t);
    if (t == NULL) return NULL;
    const struct ir_apart_job job = {
        .answer = answer, .user = t, .writable = -1, .confine = confine, .seconds = 20};
    t->answer = IR_BUF(1 << 12);
    t->m = magic_open(FLAGS);
    t->apart = ir_apart_new(&job);
    if (t->apart != NULL && t->m != NULL && magic_load(t->m, NULL) == 0) return t;
    ir_filetype_free(t);
    return NULL;
}

void ir_filetype_free(struct ir_filetype *t)
{
    if (t == NULL) return;
    ir_apart_free(t->apart);
    if (t->m != NULL) magic_close(t->m);
    ir_buf_free(&t->answer);
    free(t);
}

/* One question; the text in out, empty when there is no answer. */
static struct ir_str ask(struct ir_filetype *t, int flags, size_t n, char *out, size_t size)
{
    out[0] = '\0';
    if (magic_setflags(t->m, FLAGS | flags) != 0) return ir_str_n(out, 0);
    const char *answer = magic_buffer(t->m, t->head, n);
    if (answer != NULL) snprintf(out, size, "%s", answer);
    struct ir_str s = ir_str_z(out);
    return ir_utf8_valid(s) ? s : ir_str_n(out, 0);
}

/* What libmagic calls text: no control character but those of old printers and terminals. A
 * character may be cut by the end of the head. */
static bool is_text(struct ir_str s)
{
    for (size_t at = 0; at < s.n;) {
        const unsigned char c = (unsigned char)s.p[at];
        int32_t cp;
        if (c < ' ' ? (c < 7 || c > 13) && c != 27 : c == 0x7f) return false;
        if (c < 0x80) {
            at++;
            continue;
        }
        at += ir_utf8_decode(ir_str_skip(s, at), &cp);
        if (cp < 0 && (s.n < HEAD || at + 3 <= s.n)) return false;
    }
    return true;
}

/* Words are small letters. */
static bool starts(struct ir_str s, struct ir_str word)
{
    size_t i = 0;
    while (i < word.n && i < s.n && ir_lower(s.p[i]) == word.p[i])
        i++;
    return i == word.n;
}

/* Lines of a log, NAME=value, [section], # comment, JSON, prose: not the source of a program, a
 * mail or a format that begins with text. */
static bool is_plain(struct ir_str s)
{
    static const struct ir_str telling[] = {
        IR_S("import "),
        IR_S("from "),
        IR_S("def "),
        IR_S("class "),
        IR_S("use "),
        IR_S("package "),
        IR_S("#include"),
        IR_S("#define"),
        IR_S("#if"),
        IR_S("#!"),
        IR_S("let "),
        IR_S("export"),
        IR_S("module"),
        IR_S("define"),
        IR_S("async "),
        IR_S("function"),
        IR_S("const "),
        IR_S("var "),
        IR_S("static "),
        IR_S("typedef "),
        IR_S("p1\n"),
        IR_S("p2\n"),
        IR_S("p3\n"),
        IR_S("p4\n"),
        IR_S("p5\n"),
        IR_S("p6\n"),
        IR_S("{\\rtf"),
        IR_S("begin"),
        IR_S("received:"),
        IR_S("return-path:"),
        IR_S("mime-version:"),
        IR_S("message-id:"),
        IR_S("subject:"),
        IR_S("regedit4"),
        IR_S("windows registry"),
        IR_S("diff "),
        IR_S("index: "),
        IR_S("puttyuser"),
        IR_S("ssh-"),
        IR_S("ecdsa-"),
        IR_S("rem "),
        IR_S("option "),
        IR_S("dim "),
        IR_S("sub "),
        IR_S("param("),
        IR_S("bplist"),
        IR_S("[internetshortcut]"),
        IR_S("gif8"),
    };
    const unsigned char c = (unsigned char)s.p[0];
    if (!ir_isalnum(s.p[0]) && c < 0x80 && strchr("[{#;", c) == NULL) return false;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        if (starts(s, telling[i])) return false;
    return true;
}

/* A kind of text that its first bytes tell; NULL: none of these. */
struct kind {
    struct ir_str name, mime, magic;
};

static const struct kind *interpreter(struct ir_str line)
{
    static const struct kind kinds[] = {
        {IR_S("sh"), IR_S("text/x-shellscript"), IR_S("POSIX shell script")},
        {IR_S("dash"), IR_S("text/x-shellscript"), IR_S("POSIX shell script")},
        {IR_S("bash"), IR_S("text/x-shellscript"), IR_S("Bourne-Again shell script")},
        {IR_S("python"), IR_S("text/x-script.python"), IR_S("Python script")},
        {IR_S("perl"), IR_S("text/x-perl"), IR_S("Perl script")},
        {IR_S("ruby"), IR_S("text/x-ruby"), IR_S("Ruby script")},
        {IR_S("php"), IR_S("text/x-php"), IR_S("PHP script")},
    };
    struct ir_str rest = ir_str_trim(line), word = ir_str_cut(&rest, ' ');
    word = ir_str_skip(word, ir_str_rchr(word, '/') == IR_NPOS ? 0 : ir_str_rchr(word, '/') + 1);
    if (ir_str_eq(word, IR_S("env"))) word = ir_str_cut(&rest, ' ');
    while (word.n > 0 && (ir_isdigit(word.p[word.n - 1]) || word.p[word.n - 1] == '.'))
        word.n--;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ir_str_eq(word, kinds[i].name)) return &kinds[i];
    return NULL;
}

static const struct kind *kind_of(struct ir_str s)
{
    static const struct kind plain = {IR_S(""), IR_S("text/plain"), IR_S("")};
    static const struct kind pages[] = {
        {IR_S("<?php"), IR_S("text/x-php"), IR_S("PHP script")},
        {IR_S("<!doctype html"), IR_S("text/html"), IR_S("HTML document")},
        {IR_S("<html"), IR_S("text/html"), IR_S("HTML document")},
    };
    struct ir_str line;
    bool ended;
    if (!is_text(s)) return NULL;
    if (ir_str_starts(s, IR_S("\xef\xbb\xbf"))) s = ir_str_skip(s, 3);
    if (ir_str_starts(s, IR_S("#!"))) {
        s = ir_str_skip(s, 2);
        return ir_str_line(&s, &line, &ended) ? interpreter(line) : NULL;
    }
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\n' || s.p[0] == '\r'))
        s = ir_str_skip(s, 1);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (starts(s, pages[i].name)) return &pages[i];
    return s.n > 0 && is_plain(s) ? &plain : NULL;
}

/* The type and the description, in the order in which the first answer spares most of the second:
 * of a text the type says which, and of bytes that no rule knows there is no type either. */
static void ask_both(struct ir_filetype *t, struct ir_str head, int rules, struct ir_str *ret_type,
                     struct ir_str *ret_magic)
{
    if (!is_text(head)) {
        *ret_magic = ask(t, rules, head.n, t->magic, sizeof t->magic);
        *ret_type = ir_str_eq(*ret_magic, IR_S("data"))
                        ? IR_S("application/octet-stream; charset=binary")
                        : ask(t, MAGIC_MIME | rules, head.n, t->type, sizeof t->type);
        return;
    }
    *ret_type = ask(t, MAGIC_MIME | rules, head.n, t->type, sizeof t->type);
    if (ir_str_starts(*ret_type, IR_S("text/"))) rules = MAGIC_NO_CHECK_SOFT;
    *ret_magic = ask(t, rules, head.n, t->magic, sizeof t->magic);
}

/* In the child. */
static void answer(void *user, int fd, struct ir_buf *out)
{
    static const struct ir_str charset = IR_S("; charset=");
    struct ir_filetype *t = user;
    struct ir_str type, magic;
    ssize_t n = ir_io_pread_full(fd, t->head, HEAD, 0);
    if (n <= 0) return;
    const struct ir_str head = ir_str_n(t->head, (size_t)n);
    ask_both(t, head, kind_of(head) != NULL ? MAGIC_NO_CHECK_SOFT : 0, &type, &magic);
    const size_t at = ir_str_find(type, charset);
    ir_buf_str(out, magic);
    ir_buf_chr(out, '\0');
    ir_buf_str(out, ir_str_head(type, at < type.n ? at : type.n));
    ir_buf_chr(out, '\0');
    if (at < type.n) ir_buf_str(out, ir_str_skip(type, at + charset.n));
    ir_buf_chr(out, '\0');
}

/* What is JSON or a table is for libmagic to say. */
static bool may_be_data(struct ir_str s)
{
    struct ir_str line;
    bool ended;
    return s.p[0] == '{' || s.p[0] == '[' || !ir_str_line(&s, &line, &ended) ||
           ir_str_chr(line, ',') != IR_NPOS;
}

/* A text of a known kind in libmagic's words, without asking it. */
static void describe(struct ir_filetype *t, const struct kind *kind, struct ir_str s,
                     struct ir_filetype_result *ft)
{
    bool ascii = true, mark = ir_str_starts(s, IR_S("\xef\xbb\xbf"));
    for (size_t i = 0; i < s.n; i++)
        ascii = ascii && (unsigned char)s.p[i] < 0x80;
    snprintf(t->named, sizeof t->named, "%.*s%s%s%s", (int)kind->magic.n, kind->magic.p,
             kind->magic.n > 0 ? ", " : "",
             ascii  ? "ASCII text"
             : mark ? "Unicode text, UTF-8 (with BOM) text"
                    : "Unicode text, UTF-8 text",
             ir_str_find(s, IR_S("\r\n")) != IR_NPOS ? ", with CRLF line terminators" : "");
    ft->magic = ir_str_z(t->named);
    ft->mime = kind->mime;
    ft->encoding = ascii ? IR_S("us-ascii") : IR_S("utf-8");
}

/* The child may have been taken over: only short texts are taken from it. */
static bool part(struct ir_str *rest, struct ir_str *ret_part)
{
    *ret_part = ir_str_cut(rest, '\0');
    return rest->p != NULL && ret_part->n < 512 && ir_utf8_valid(*ret_part);
}

void ir_filetype_of(struct ir_filetype *t, int fd, struct ir_filetype_result *ret_ft)
{
    struct ir_filetype_result ft = {0};
    *ret_ft = ft;
    ssize_t n = ir_io_pread_full(fd, t->head, HEAD, 0);
    if (n <= 0) return;
    struct ir_str head = ir_str_n(t->head, (size_t)n), rest;
    const struct kind *kind = kind_of(head);
    if (kind != NULL && (kind->magic.n > 0 || !may_be_data(head))) {
        describe(t, kind, head, ret_ft);
        return;
    }
    if (!ir_apart_ask(t->apart, fd, &t->answer)) {
        ret_ft->magic = IR_S("not known: libmagic ended over it, or took too long");
        return;
    }
    rest = ir_buf_view(&t->answer);
    if (part(&rest, &ft.magic) && part(&rest, &ft.mime) && part(&rest, &ft.encoding)) *ret_ft = ft;
}
