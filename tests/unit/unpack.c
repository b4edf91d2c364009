/*
 * Archives as inputs: every limit, hostile names, and each prefix of an archive. The archives are
 * written here, by libarchive.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archives.h"
#include "base/buf.h"
#include "source/unpack.h"
#include "tap.h"

/* "path=size path=size | path!reason": ~ skipped, ! unreadable, # damaged, + remark */
static struct ir_buf listing(const char *path, const struct ir_unpack_limits *limits)
{
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_inputs *in = ir_inputs_new();
    int fd = memfd_create("unpack", MFD_CLOEXEC);
    ir_inputs_add(in, path, NULL);
    const struct ir_unpack_options o = {.fd = fd, .limits = limits};
    if (ir_inputs_unpack(in, &o) != IR_OK || ir_inputs_finish(in) != IR_OK) abort();
    for (size_t i = 0; i < ir_inputs_count(in); i++) {
        const struct ir_input *p = ir_inputs_get(in, i);
        ir_buf_fmt(&b, "%s%s=%lld%s", i > 0 ? " " : "", p->path, (long long)p->size,
                   p->set_last ? "" : ",");
    }
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *n = ir_inputs_note(in, i);
        ir_buf_fmt(&b, " | %s%c%s", n->path, "~!#+"[n->kind], n -> reason);
    }
    ir_inputs_free(in);
    close(fd);
    return b;
}

static void lists(const char *path, const struct ir_unpack_limits *limits, const char *want,
                  const char *what)
{
    struct ir_buf b = listing(path, limits);
    is_str(ir_buf_view(&b), want, "%s", what);
    ir_buf_free(&b);
}

static void order(void)
{
    struct maker m;
    begin(&m, archive_write_set_format_ustar);
    add(&m, "log", AE_IFDIR, NULL, 0);
    add(&m, "log/z.log", AE_IFREG, "abc", 3);
    add(&m, "log/a.log", AE_IFREG, "a", 1);
    add(&m, "log/a.log.1", AE_IFREG, "bb", 2);
    add(&m, "a.log.2", AE_IFREG, "cc", 2);
    add(&m, "log/a!b.log", AE_IFREG, "d", 1);
    finish(&m, "o.tar");
    lists("o.tar", NULL,
          "o.tar!a.log.2=2 o.tar!log/a!b.log=1 o.tar!log/a.log.1=2, o.tar!log/a.log=1 "
          "o.tar!log/z.log=3",
          "members by name, those of a rotated log by age, directories apart");
}

static void names(void)
{
    struct maker m;
    begin(&m, archive_write_set_format_ustar);
    add(&m, "../x", AE_IFREG, "1", 1);
    add(&m, "/etc/x", AE_IFREG, "1", 1);
    add(&m, "a/../../x", AE_IFREG, "1", 1);
    add(&m, "a..b", AE_IFREG, "1", 1);
    add(&m, "link", AE_IFLNK, NULL, 0);
    add(&m, "dev", AE_IFCHR, NULL, 0);
    add(&m, "same", AE_IFREG, "1", 1);
    add(&m, "same#2", AE_IFREG, "22", 2);
    add(&m, "same", AE_IFREG, "333", 3);
    finish(&m, "n.tar");
    lists("n.tar", NULL,
          "n.tar!../x=1 n.tar!/etc/x=1 n.tar!a..b=1 n.tar!a/../../x=1 n.tar!same=1 n.tar!same#2=2 "
          "n.tar!same#3=3"
          " | n.tar!../x+a name that leads out of the directory where it is unpacked"
          " | n.tar!/etc/x+a name that leads out of the directory where it is unpacked"
          " | n.tar!a/../../x+a name that leads out of the directory where it is unpacked"
          " | n.tar!link~a symbolic link to /etc/passwd"
          " | n.tar!dev~a device"
          " | n.tar!same#3+the archive has this name more than once",
          "odd names and things that are no files");
}

static void limits(void)
{
    struct maker m;
    static char zeros[1 << 20];
    struct ir_unpack_limits l = ir_unpack_defaults;
    l.ratio_after = 100000;
    begin(&m, archive_write_set_format_zip);
    add(&m, "a", AE_IFREG, "1", 1);
    add(&m, "b", AE_IFREG, zeros, sizeof zeros);
    add(&m, "c", AE_IFREG, "1", 1);
    finish(&m, "l.zip");
    l.ratio = 100;
    struct ir_buf b = listing("l.zip", &l);
    const struct ir_str s = ir_buf_view(&b);
    ok(ir_str_find(s, IR_S("l.zip#grows more than 100-fold, like a decompression bomb")) != IR_NPOS,
       "a bomb is named: %s", b.p);
    ok(ir_str_find(s, IR_S("l.zip!c=")) == IR_NPOS, "and nothing behind it is read");
    ir_buf_free(&b);
    l = ir_unpack_defaults;
    l.member = 300000;
    lists("l.zip", &l,
          "l.zip!a=1 l.zip!b=262144 l.zip!c=1 | l.zip!b#damaged: larger than the limit for a "
          "member: the rest of it was not read",
          "a large member is cut, the next ones are read");
    l = ir_unpack_defaults;
    l.total = 300000;
    lists("l.zip", &l,
          "l.zip!a=1 l.zip!b=262144 | l.zip#the members of all archives together are larger than "
          "the limit: the rest of this one was not read",
          "too much together");
    l = ir_unpack_defaults;
    l.members = 2;
    lists("l.zip", &l,
          "l.zip!a=1 l.zip!b=1048576 | l.zip#has more members than the limit: the rest was not "
          "read",
          "too many members");
    l = ir_unpack_defaults;
    l.depth = 0;
    lists("l.zip", &l,
          " | l.zip!archives in archives, deeper than the limit: this one was not opened",
          "too deep");
}

static void prefixes(void)
{
    struct maker m;
    static char text[3000];
    unsigned died = 0, whole = 0, silent = 0;
    int (*const formats[])(struct archive *) = {
        archive_write_set_format_pax, archive_write_set_format_zip, archive_write_set_format_7zip,
        archive_write_set_format_cpio_newc};
    memset(text, 'x', sizeof text);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        begin(&m, formats[f]);
        add(&m, "one", AE_IFREG, text, sizeof text);
        add(&m, "two", AE_IFREG, text, sizeof text);
        finish(&m, "p");
        int fd = open("p", O_RDONLY | O_CLOEXEC);
        char *copy = malloc(CAP);
        ssize_t n = ir_io_read_full(fd, copy, CAP);
        close(fd);
        for (ssize_t cut = n - 1; cut > 0; cut -= 1 + n / 300) {
            fd = open("p", O_WRONLY | O_TRUNC | O_CLOEXEC);
            if (ir_io_write_all(fd, copy, (size_t)cut) != 0) died++;
            close(fd);
            struct ir_buf b = listing("p", NULL);
            const struct ir_str s = ir_buf_view(&b);
            const bool both = ir_str_find(s, IR_S("p!one=3000 p!two=3000")) != IR_NPOS;
            const bool noted = ir_str_chr(s, '|') != IR_NPOS;
            const bool plain = ir_str_starts(s, IR_S("p=")); /* too short to tell */
            whole += both;
            silent += !both && !noted && !plain;
            ir_buf_free(&b);
        }
        free(copy);
    }
    ok(died == 0 && whole > 0, "prefixes of archives: of some both members are there (%u)", whole);
    is_int(silent, 0, "a prefix that lacks a member is never taken for the whole");
}

/* Kept for a search, but nobody may take them for read. */
static void unread(void)
{
    static const struct {
        struct ir_str head;
        const char *what;
    } kinds[] = {{IR_S("ElfFile\0"), "an event log of Windows"},
                 {IR_S("\x30\0\0\0LfLe"), "an event log of Windows"},
                 {IR_S("\xd4\xc3\xb2\xa1"), "a network capture"},
                 {IR_S("\x0a\x0d\x0d\x0a"), "a network capture"},
                 {IR_S("ElfFile of ours\n"), NULL},
                 {IR_S(""), NULL}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int fd = open("kind", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (ir_io_write_all(fd, kinds[i].head.p, kinds[i].head.n) != 0) abort();
        close(fd);
        struct ir_buf b = listing("kind", NULL);
        const struct ir_str s = ir_buf_view(&b);
        ok(ir_str_starts(s, IR_S("kind=")), "kind %zu is kept", i);
        ok(kinds[i].what == NULL ? ir_str_chr(s, '|') == IR_NPOS
                                 : ir_str_find(s, ir_str_z(kinds[i].what)) != IR_NPOS,
           "  and told when no format understands it");
        ir_buf_free(&b);
    }
}

int main(void)
{
    const char *dir = getenv("TMPDIR");
    if (dir == NULL || chdir(dir) != 0) return 1;
    order();
    names();
    limits();
    prefixes();
    unread();
    lists("gone.zip", NULL, " | gone.zip!no such file or directory", "what is not there");
    return done();
}
