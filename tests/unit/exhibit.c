/*
 * evidence/exhibit.h: what is made during a collection lies in the payload with its line, counts,
 * and is sealed like a copy; evidence/bodyfile.h: a name cannot end its line or field.
 */
#include <fcntl.h>

#include "base/fs.h"
#include "base/io.h"
#include "base/json.h"
#include "evidence/bodyfile.h"
#include "evidence/exhibit.h"
#include "evidence/files.h"
#include "tap.h"

static void test_made(int dir)
{
    struct ir_exhibit *x = NULL;
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(1 << 20);
    char seal[IR_DIGEST_TEXT], made[64], path[64];
    is_int(ir_exhibit_create(dir, "EV-1", IR_DIGESTS_EVIDENCE, &x, &err), IR_OK, "made");
    int fd = ir_exhibit_scratch(x, &err);
    ok(fd >= 0, "a file to write to");
    is_int(ir_io_write_all(fd, "hello\n", 6), 0, "written");
    is_int(ir_exhibit_add(x, fd, "live", IR_S("01-a/b.jsonl"), IR_S("01-a/b.jsonl"), "of thin air",
                          &err),
           IR_OK, "added");
    close(fd);
    is_int((int64_t)ir_exhibit_totals(x)->files, 1, "it counts as a file");
    is_int((int64_t)ir_exhibit_totals(x)->bytes, 6, "with its bytes");
    fd = ir_exhibit_scratch(x, &err);
    is_int(ir_exhibit_add(x, fd, "live", IR_S("01-a/b.jsonl"), IR_S("x"), "again", &err), IR_FATAL,
           "nothing is written over");
    close(fd);
    is_int(ir_exhibit_seal(x, NULL, 0, seal, &err), IR_OK, "sealed: %s", err.msg);
    ir_exhibit_close(x);
    int bag = openat(dir, "EV-1", O_RDONLY | O_DIRECTORY);
    is_int(ir_file_read(bag, "data/live/01-a/b.jsonl", 100, &b, &err), IR_OK, "it is there");
    is_str(ir_buf_view(&b), "hello\n", "as it was written");
    ir_buf_clear(&b);
    is_int(ir_file_read(bag, "meta/files.jsonl", 1 << 16, &b, &err), IR_OK, "and listed");
    ok(ir_json_member(ir_buf_view(&b), "made", made, sizeof made), "as something made");
    is_str(ir_str_z(made), "of thin air", "of what");
    ok(ir_json_member(ir_buf_view(&b), "path", path, sizeof path), "under a name");
    close(bag);
    ir_buf_free(&b);
}

static void test_bodyfile(void)
{
    struct ir_buf b = IR_BUF(1 << 16);
    struct statx st = {.stx_mask = STATX_BASIC_STATS | STATX_BTIME,
                       .stx_mode = S_IFREG | S_ISUID | 0755,
                       .stx_ino = 12,
                       .stx_uid = 1000,
                       .stx_gid = 100,
                       .stx_size = 5};
    st.stx_atime.tv_sec = 1;
    st.stx_mtime.tv_sec = 2;
    st.stx_ctime.tv_sec = 3;
    st.stx_btime.tv_sec = 4;
    ir_bodyfile_line(&b, NULL, IR_S("/a|b\n%7C"), IR_S(""), &st);
    is_str(ir_buf_view(&b), "0|/a%7Cb^%257C|12|r/rrwsr-xr-x|1000|100|5|1|2|3|4\n",
           "a hostile name");
    ir_buf_clear(&b);
    st.stx_mode = S_IFLNK | 0777;
    st.stx_mask = STATX_BASIC_STATS;
    ir_bodyfile_line(&b, "d41d8cd98f00b204e9800998ecf8427e", IR_S("/l"), IR_S("t|"), &st);
    is_str(ir_buf_view(&b),
           "d41d8cd98f00b204e9800998ecf8427e|/l -> t%7C|12|l/lrwxrwxrwx|1000|100|5|1|2|3|0\n",
           "a link, with no time of birth");
    ir_buf_clear(&b);
    st.stx_mode = S_IFDIR | S_ISVTX | 0776;
    ir_bodyfile_line(&b, NULL, IR_S("/t"), IR_S(""), &st);
    ok(ir_str_find(ir_buf_view(&b), IR_S("|d/drwxrwxrwT|")) != IR_NPOS, "sticky without x");
    ir_buf_free(&b);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char dir[512];
    snprintf(dir, sizeof dir, "%s/exhibit-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(mkdtemp(dir) != NULL, "a directory")) return done();
    int fd = open(dir, O_RDONLY | O_DIRECTORY);
    test_made(fd);
    close(fd);
    test_bodyfile();
    ir_fs_remove_tree(AT_FDCWD, dir);
    return done();
}
