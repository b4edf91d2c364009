/*
 * evidence/members.h: members of archives with their digests, in archives in them too; what is
 * damaged, leads elsewhere or grows beyond measure is a note, never a loss without a word.
 */
#include <stdlib.h>
#include <unistd.h>

#include "archives.h"
#include "base/digest.h"
#include "base/fs.h"
#include "base/json.h"
#include "evidence/members.h"
#include "run/sandbox.h"
#include "tap.h"

#define SHA_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct ir_buf of(struct ir_members *m, const char *path)
{
    struct ir_buf b = IR_BUF((size_t)12 << 20);
    struct ir_json j;
    struct ir_json_tok t;
    int rc = IR_OK;
    int fd = ir_io_open(AT_FDCWD, path, 0);
    ok(fd >= 0 && ir_members_of(m, fd, &b), "%s is looked into", path);
    close(fd);
    ir_json_begin(&j, ir_buf_view(&b));
    while (b.n > 0 && (rc = ir_json_next(&j, &t)) == IR_OK)
        ;
    ok(rc != IR_BAD, "what is told is JSON");
    return b;
}

static void holds(const struct ir_buf *b, const char *text, bool wanted, const char *what)
{
    bool has = ir_str_find(ir_buf_view(b), ir_str_z(text)) != IR_NPOS;
    if (!ok(has == wanted, "%s", what)) ir_tap_show("in", ir_buf_view(b));
}

static void test_nested(struct ir_members *m)
{
    struct maker in, out;
    begin(&in, archive_write_set_format_zip);
    add(&in, "deep/\xe3\x83\xad\xe3\x82\xb0.txt", AE_IFREG, "abc", 3);
    finish(&in, "in.zip");
    int fd = open("in.zip", O_RDONLY | O_CLOEXEC);
    char zip[4096];
    ssize_t n = ir_io_read_full(fd, zip, sizeof zip);
    close(fd);
    begin(&out, archive_write_set_format_ustar);
    add(&out, "a/in.zip", AE_IFREG, zip, (size_t)n);
    add(&out, "plain", AE_IFREG, "abc", 3);
    add(&out, "../up", AE_IFREG, "x", 1);
    add(&out, "link", AE_IFLNK, NULL, 0);
    finish(&out, "out.tar");
    struct ir_buf b = of(m, "out.tar");
    holds(&b, "{\"path\":\"plain\",\"bytes\":3,\"sha256\":\"" SHA_OF_ABC "\"}", true, "a member");
    holds(&b,
          "{\"path\":\"a/in.zip!deep/"
          "\xe3\x83\xad\xe3\x82\xb0.txt\",\"bytes\":3,\"sha256\":\"" SHA_OF_ABC,
          true, "one in an archive in it");
    holds(&b, "{\"path\":\"../up\",", true, "a name that leads elsewhere is told");
    holds(&b, "\"note\":", true, "with a note");
    ir_buf_free(&b);
}

static void test_damaged(struct ir_members *m)
{
    struct maker a;
    char block[3000] = {0};
    begin(&a, archive_write_set_format_ustar);
    add(&a, "whole", AE_IFREG, "abc", 3);
    add(&a, "cut", AE_IFREG, block, sizeof block);
    finish(&a, "cut.tar");
    ok(truncate("cut.tar", 512 * 4) == 0, "it is cut");
    struct ir_buf b = of(m, "cut.tar");
    holds(&b, SHA_OF_ABC, true, "what is good of it is told");
    holds(&b, "\"note\":", true, "and that there was more");
    holds(&b, "\"damaged\":true", true, "a part of a member is told to be one");
    ir_buf_free(&b);
    int fd = open("text", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ok(fd >= 0 && ir_io_write_all(fd, "no archive\n", 11) == 0, "a text");
    close(fd);
    b = of(m, "text");
    is_int((long long)b.n, 0, "no archive has no members");
    ir_buf_free(&b);
}

static int packed_tar(struct archive *a)
{
    archive_write_add_filter_zstd(a);
    return archive_write_set_format_ustar(a);
}

static void test_bomb(struct ir_members *m)
{
    static const size_t much = (size_t)80 << 20;
    struct maker a;
    char *zeros = calloc(1, much);
    begin(&a, packed_tar);
    add(&a, "whole", AE_IFREG, "abc", 3);
    add(&a, "bomb", AE_IFREG, zeros, much);
    add(&a, "after", AE_IFREG, "abc", 3);
    finish(&a, "bomb.tar.zst");
    free(zeros);
    struct ir_buf b = of(m, "bomb.tar.zst");
    holds(&b, "{\"path\":\"whole\",\"bytes\":3,", true, "what came before is told");
    holds(&b, "\"path\":\"after\"", false, "what follows a bomb is not");
    struct ir_str bomb =
        ir_str_skip(ir_buf_view(&b), ir_str_find(ir_buf_view(&b), IR_S("\"bomb\"")));
    bomb = ir_str_head(bomb, ir_str_find(bomb, IR_S("}")));
    ok(ir_str_find(bomb, IR_S("\"damaged\":true")) != IR_NPOS, "nobody takes a part of it for all");
    holds(&b, "\"note\":", true, "but that it is one");
    ir_buf_free(&b);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char dir[512];
    struct ir_members *m = ir_members_new(ir_sandbox_enter);
    snprintf(dir, sizeof dir, "%s/members-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(m != NULL && mkdtemp(dir) != NULL && chdir(dir) == 0, "a directory")) return done();
    test_nested(m);
    test_damaged(m);
    test_bomb(m);
    ir_members_free(m);
    ir_fs_remove_tree(AT_FDCWD, dir);
    return done();
}
