/*
 * evidence/custody.h, checkpoint.h and ledger.h: the chain and what breaks it, half lines, a full
 * medium, two who write; checkpoints and who signs them; what the log says of an exhibit.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/json.h"
#include "evidence/checkpoint.h"
#include "evidence/files.h"
#include "evidence/ledger.h"
#include "tap.h"

static const struct ir_custody_tool tool = {"ir", "test", NULL};
static const struct ir_custody_who who = {
    .actor = {.name = "Hanako"}, .witness_absent = "alone", .place = "Tokyo"};

static struct ir_custody *open_log(int dir, enum ir_custody_mode mode, int want, const char *what)
{
    struct ir_custody *c = NULL;
    struct ir_err err = {0};
    is_int(ir_custody_open(dir, "CASE-1", mode, &tool, &c, &err), want, "%s: %s", what, err.msg);
    return c;
}

static int append(struct ir_custody *c, const char *event, const char *item, const char *details)
{
    const struct ir_custody_event ev = {
        .event = event, .item = item, .who = &who, .details = ir_str_z(details)};
    struct ir_err err = {0};
    uint64_t seq;
    return ir_custody_append(c, &ev, &seq, &err);
}

static void raw(int dir, const char *bytes, size_t n)
{
    int fd = openat(dir, "custody/log.jsonl", O_WRONLY | O_APPEND);
    if (write(fd, bytes, n) != (ssize_t)n) exit(1);
    close(fd);
}

/* The log as `text`, and what opening it says: the number of the line that is wrong. */
static void broken(int dir, struct ir_str text, int64_t line, const char *what)
{
    struct ir_custody *c = NULL;
    struct ir_err err = {0};
    ir_file_replace(dir, "custody/log.jsonl", 0600, text, &err);
    is_int(ir_custody_open(dir, "CASE-1", IR_CUSTODY_WRITE, &tool, &c, &err), IR_FATAL, "%s", what);
    is_int(err.line, line, "%s: its line", what);
    ir_custody_close(c);
}

static void test_chain(int dir)
{
    struct ir_custody *c = open_log(dir, IR_CUSTODY_WRITE, IR_OK, "a new log");
    is_str(ir_str_z(ir_custody_head(c)),
           "0000000000000000000000000000000000000000000000000000000000000000", "its head");
    ok(open_log(dir, IR_CUSTODY_WRITE_NOW, IR_WARN, "a second writer") == NULL, "gets none");
    ok(open_log(dir, IR_CUSTODY_READ_NOW, IR_WARN, "a reader meanwhile") == NULL, "neither");
    for (int i = 0; i < 3; i++)
        is_int(append(c, "note", NULL, "\"text\":\"a\""), IR_OK, "an event");
    ir_custody_close(c);
    c = open_log(dir, IR_CUSTODY_READ, IR_OK, "read again");
    is_int((long long)ir_custody_count(c), 3, "three lines");
    char prev[IR_HASH_TEXT], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    for (uint64_t i = 1; i < 3; i++) {
        ir_sha256(ir_custody_line(c, i - 1), IR_S(""), md);
        ir_hex(md, sizeof md, hex);
        ok(ir_custody_text(ir_custody_line(c, i), "prev", prev, sizeof prev), "has a prev");
        is_str(ir_str_z(prev), hex, "which is the digest of the line before");
    }
    is_int((long long)ir_custody_line(c, 3).n, 0, "no fourth");
    ir_custody_close(c);

    struct ir_buf b = IR_BUF(1 << 20), t = IR_BUF(1 << 20);
    ir_file_read(dir, "custody/log.jsonl", 1 << 16, &b, NULL);
    struct ir_str all = ir_buf_view(&b), second = ir_str_skip(all, ir_str_chr(all, '\n') + 1);
    struct ir_str third = ir_str_skip(second, ir_str_chr(second, '\n') + 1);
    broken(dir, second, 1, "the first line dropped");
    ir_buf_add(&t, all.p, all.n - third.n);
    ir_buf_str(&t, second);
    broken(dir, ir_buf_view(&t), 3, "the second twice");
    ir_buf_clear(&t);
    ir_buf_str(&t, all);
    t.p[all.n - second.n - 20] ^= 1;
    broken(dir, ir_buf_view(&t), 2, "a changed byte of the first");
    ir_buf_clear(&t);
    ir_buf_str(&t, all);
    ir_buf_str(&t, IR_S("[]\n"));
    broken(dir, ir_buf_view(&t), 4, "what is no object");
    ir_buf_clear(&t);
    ir_buf_str(&t, all);
    t.p[5] = '\0';
    broken(dir, ir_buf_view(&t), 0, "a NUL");
    ir_file_replace(dir, "custody/log.jsonl", 0600, all, NULL);
    c = NULL;
    is_int(ir_custody_open(dir, "CASE-2", IR_CUSTODY_WRITE, &tool, &c, NULL), IR_FATAL,
           "another case's");
    ir_buf_free(&b);
    ir_buf_free(&t);
}

static void test_torn(int dir)
{
    char text[64];
    static const char half[] = "{\"v\":1,\0\0\"";
    raw(dir, half, sizeof half - 1);
    struct ir_custody *c = open_log(dir, IR_CUSTODY_READ, IR_OK, "half a line");
    is_int((long long)ir_custody_torn(c).n, sizeof half - 1, "is told");
    ir_custody_close(c);
    c = open_log(dir, IR_CUSTODY_WRITE, IR_OK, "to write");
    is_int(append(c, "note", NULL, ""), IR_OK, "an event after it");
    struct ir_str line = ir_custody_line(c, 3);
    ok(ir_json_member(line, "incomplete_line_before", text, sizeof text), "holds it");
    is_str(ir_str_z(text), "eyJ2IjoxLAAAIg==", "in base64");
    is_int((long long)ir_custody_torn(c).n, 0, "and it is gone");

    /* No room: half a line of 10,000 bytes would stay. */
    struct stat st, after;
    struct rlimit old, small;
    struct ir_buf long_one = IR_BUF(1 << 20);
    fstatat(dir, "custody/log.jsonl", &st, 0);
    ir_buf_str(&long_one, IR_S("\"text\":\""));
    for (int i = 0; i < 10000; i++)
        ir_buf_chr(&long_one, 'x');
    ir_buf_str(&long_one, IR_S("\""));
    ir_buf_chr(&long_one, '\0');
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = (rlim_t)st.st_size + 4000;
    setrlimit(RLIMIT_FSIZE, &small);
    int rc = append(c, "note", NULL, long_one.p);
    setrlimit(RLIMIT_FSIZE, &old);
    is_int(rc, IR_FATAL, "no room");
    fstatat(dir, "custody/log.jsonl", &after, 0);
    is_int(after.st_size, st.st_size, "nothing of it stays");
    is_int(append(c, "note", NULL, long_one.p), IR_OK, "there is room again");
    ir_custody_close(c);
    c = open_log(dir, IR_CUSTODY_READ, IR_OK, "the chain is good");
    is_int((long long)ir_custody_count(c), 5, "five lines");
    ir_custody_close(c);
    ir_buf_free(&long_one);
}

static void test_checkpoint(int dir)
{
    static const char *const bad[] = {"",
                                      "a\n1\n",
                                      "a\n1\nAAAA\n",
                                      "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                                      "a\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                                      "a\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                                      "a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                      "a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"};
    struct ir_checkpoint cp;
    struct ir_buf b = IR_BUF(1 << 16);
    struct ir_err err = {0};
    struct ir_signer s[2] = {{.role = IR_SIGN_EXAMINER}, {.role = IR_SIGN_WITNESS}};
    struct ir_key *keys[3];
    static const char *const names[] = {"a", "b", "c"};
    unsigned char root[IR_HASH_BYTES];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_checkpoint_parse(ir_str_z(bad[i]), &cp), "no checkpoint (%zu)", i);
    struct ir_custody *c = open_log(dir, IR_CUSTODY_WRITE, IR_OK, "to sign");
    ir_checkpoint_text(c, 2, &b);
    ok(ir_checkpoint_parse(ir_buf_view(&b), &cp), "our own");
    ir_custody_root(c, 2, root);
    ok(cp.n == 2 && memcmp(cp.root, root, sizeof root) == 0, "tells of two lines and their root");
    for (unsigned i = 0; i < 3; i++)
        if (ir_key_make(dir, names[i], IR_S(""), &err) != IR_OK ||
            ir_key_load(dir, names[i], IR_S(""), &keys[i], &err) != IR_OK)
            exit(1);
    s[0].key = keys[0];
    s[1].key = keys[1];
    ok(!ir_checkpoint_is_there(c, 5), "none yet");
    is_int(ir_checkpoint_write(c, s, 2, &err), IR_OK, "written: %s", err.msg);
    ok(ir_checkpoint_is_there(c, 5), "it is there");
    is_int(ir_checkpoint_write(c, s, 2, &err), IR_OK, "and once more the same");
    append(c, "note", NULL, "");
    s[0].key = keys[2];
    is_int(ir_checkpoint_write(c, s, 1, &err), IR_OK, "by another examiner");
    ir_buf_clear(&b);
    is_int(ir_file_read(dir, "custody/keys/examiner-2.pub.pem", 4096, &b, &err), IR_OK,
           "who has a name of his own");
    ir_buf_clear(&b);
    ir_file_read(dir, "custody/checkpoint-000006.sha256", 4096, &b, &err);
    ok(ir_str_find(ir_buf_view(&b), IR_S("  checkpoint-000006.examiner-2.sig\n")) != IR_NPOS,
       "and stands in the list");
    ir_file_replace(dir, "custody/checkpoint-000006", 0444, IR_S("x"), &err);
    is_int(ir_checkpoint_write(c, s, 1, &err), IR_FATAL, "a changed one is not signed");
    ir_custody_close(c);
    for (unsigned i = 0; i < 3; i++)
        ir_key_free(keys[i]);
    ir_buf_free(&b);
}

static void test_ledger(int dir)
{
    static const struct {
        const char *event, *details;
        enum ir_item_state state;
    } steps[] = {{"collect-begin", "", IR_ITEM_OPEN},
                 {"collect", "\"files\":3,\"bytes\":17", IR_ITEM_OPEN},
                 {"seal", "", IR_ITEM_STORED},
                 {"check-out", "", IR_ITEM_OUT},
                 {"check-in", "", IR_ITEM_STORED},
                 {"transfer-out", "\"to\":\"Taro\",\"means\":\"parcel\"", IR_ITEM_ON_WAY},
                 {"transfer-in", "", IR_ITEM_STORED},
                 {"dispose", "\"erased\":true", IR_ITEM_DISPOSED}};
    struct ir_custody *c = open_log(dir, IR_CUSTODY_WRITE, IR_OK, "for a ledger");
    struct ir_ledger l;
    struct ir_err err = {0};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        append(c, steps[i].event, "EV-1", steps[i].details);
        if (!is_int(ir_ledger_read(c, &l, &err), IR_OK, "read")) break;
        const struct ir_item *item = ir_ledger_find(&l, "EV-1");
        is_int(item != NULL ? (int)item->state : -1, steps[i].state, "after %s", steps[i].event);
        if (item != NULL && steps[i].state == IR_ITEM_ON_WAY)
            ok(strcmp(item->to, "Taro") == 0 && item->holder[0] == '\0',
               "nobody has it, Taro is to");
        if (i == 7) ok(item != NULL && item->erased && item->files == 3, "erased, with its facts");
        ok(ir_ledger_find(&l, "EV-2") == NULL, "no other");
        ir_ledger_free(&l);
    }
    ir_custody_close(c);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/custody-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (!ok(mkdtemp(path) != NULL, "a directory")) return done();
    int dir = open(path, O_RDONLY | O_DIRECTORY);
    test_chain(dir);
    test_torn(dir);
    test_checkpoint(dir);
    test_ledger(dir);
    close(dir);
    ir_fs_remove_tree(AT_FDCWD, path);
    return done();
}
