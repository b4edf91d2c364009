/*
 * evidence/bag.h: bags of each version, made here after RFC 8493 and its drafts: valid ones, ones
 * that deserve a warning, and invalid ones, each with what is said of them. All of them also with
 * so little memory that the names are compared in many parts, which must say the same.
 */
#include "evidence/bag.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/digest.h"
#include "tests/tap.h"

#define MANY 1200

static char root[256];

static const char *at(const char *path)
{
    static char out[8192];
    snprintf(out, sizeof out, "%s/%s", root, path);
    return out;
}

static void put_bytes(const char *path, const char *bytes, size_t n)
{
    char dir[8192];
    snprintf(dir, sizeof dir, "%s", at(path));
    for (char *p = dir + strlen(root) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
        *p = '\0';
        mkdir(dir, 0700);
    }
    FILE *f = fopen(at(path), "wb");
    if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) exit(1);
}

static void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static int unlink_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void clear(void)
{
    nftw(root, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
    mkdir(root, 0700);
}

/* A manifest's line: the digest of `content`, then what follows it. */
static void line(const char *manifest, const char *content, const char *rest)
{
    struct ir_digest_sum sum = {0};
    char hex[IR_DIGEST_TEXT];
    const char *dash = strchr(manifest, '-');
    struct ir_str name = ir_str_n(dash + 1, strcspn(dash + 1, "."));
    enum ir_digest_alg alg = ir_digest_by_name(name);
    ir_digest_of(IR_DIGEST_BIT(alg), ir_str_z(content), &sum);
    ir_digest_hex(&sum, alg, hex);
    FILE *f = fopen(at(manifest), "ab");
    if (f == NULL || fprintf(f, "%s%s\n", hex, rest) < 0 || fclose(f) != 0) exit(1);
}

static void declare(const char *version)
{
    char text[128];
    snprintf(text, sizeof text, "BagIt-Version: %s\nTag-File-Character-Encoding: UTF-8\n", version);
    put("bagit.txt", text);
}

/* data/hello.txt with "hello", in manifest-sha256.txt. */
static void basic(const char *version)
{
    clear();
    declare(version);
    put("data/hello.txt", "hello");
    line("manifest-sha256.txt", "hello", "  data/hello.txt");
}

struct said {
    struct ir_buf problems, notes;
};

static void on_problem(void *user, const char *place, const char *text)
{
    ir_buf_fmt(&((struct said *)user)->problems, "%s: %s\n", place, text);
}

static void on_note(void *user, const char *place, const char *text)
{
    ir_buf_fmt(&((struct said *)user)->notes, "%s: %s\n", place, text);
}

static struct ir_bag_totals run(struct ir_bag_options o, struct said *s)
{
    const struct ir_check_report report = {.problem = on_problem, .note = on_note, .user = s};
    struct ir_bag_totals t = {.problems = 999};
    *s = (struct said){IR_BUF(1 << 20), IR_BUF(1 << 20)};
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    if (ir_bag_check(fd, &o, &report, &t, NULL) != IR_OK) t.problems = 998;
    close(fd);
    return t;
}

static void is_said(const struct ir_buf *b, const char *want, const char *what, const char *kind)
{
    bool good = want != NULL ? b->p != NULL && strstr(b->p, want) != NULL : b->n == 0;
    if (!ok(good, "%s: %s%s", what, want != NULL ? kind : "no ", want != NULL ? "" : kind))
        ir_tap_show("said", ir_buf_view(b));
}

static void drop(struct said *s)
{
    ir_buf_free(&s->problems);
    ir_buf_free(&s->notes);
}

static struct ir_bag_totals count(struct ir_bag_options o)
{
    struct said s;
    struct ir_bag_totals t = run(o, &s);
    drop(&s);
    return t;
}

/* problem, note: words of what must be told; NULL: nothing may be. */
static void check(const char *what, const char *problem, const char *note)
{
    struct said s, parts;
    struct ir_bag_totals t = run((struct ir_bag_options){.mode = IR_BAG_WHOLE}, &s);
    is_said(&s.problems, problem, what, "problem");
    is_said(&s.notes, note, what, "warning");
    struct ir_bag_totals u =
        run((struct ir_bag_options){.mode = IR_BAG_WHOLE, .memory = 30, .threads = 1}, &parts);
    if (!ok(t.problems == u.problems && t.warnings == u.warnings && t.files == u.files,
            "%s: the same in parts", what)) {
        ir_tap_show("whole", ir_buf_view(&s.problems));
        ir_tap_show("parts", ir_buf_view(&parts.problems));
    }
    drop(&s);
    drop(&parts);
}

static void test_declaration(void)
{
    static const char *const versions[] = {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"};
    for (size_t i = 0; i < 6; i++) {
        basic(versions[i]);
        check(versions[i], NULL, NULL);
    }
    basic("0.98");
    check("an unknown version", "the version is none of", NULL);
    basic("1.0");
    remove(at("bagit.txt"));
    check("no bagit.txt", "bagit.txt: is missing", NULL);
    basic("0.97");
    put("bagit.txt", "\xef\xbb\xbf"
                     "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
    check("a byte order mark", "bagit.txt: begins with a byte order mark", NULL);
    put("bagit.txt", "BagIt-Version: 0.97\n");
    check("no encoding", "does not tell the encoding", NULL);
    put("bagit.txt", "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 0.97\n");
    check("the other order", NULL, "does not stand in the first line");
    put("bagit.txt", "Tag-File-Character-Encoding: UTF-8\n");
    check("no version", "does not tell the version", NULL);
    put("bagit.txt", "BagIt-Version : 0.97\nTag-File-Character-Encoding:UTF-8\n");
    check("blanks in a draft", NULL, "blanks or empty lines");
    put("bagit.txt", "BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n");
    check("blanks in 1.0", "blanks or empty lines", NULL);
    put("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: lines\n");
    check("a third line", "bagit.txt:3", NULL);
    put("bagit.txt", "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n");
    check("CRLF", NULL, NULL);
    put("bagit.txt", "BagIt-Version: 1.0\rTag-File-Character-Encoding: UTF-8");
    check("CR, and no end of the last line", NULL, NULL);
    put("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: ../../x//TRANSLIT\n");
    check("an encoding nobody knows", "the encoding is not known", NULL);
}

static void test_encodings(void)
{
    struct ir_buf b = IR_BUF(4096);
    struct ir_digest_sum sum = {0};
    char text[200], hex[IR_DIGEST_TEXT];
    clear();
    put("bagit.txt", "BagIt-Version: 0.97\nTag-File-Character-Encoding: ISO-8859-1\n");
    put("data/\xc3\xbc.txt", "u");
    line("manifest-md5.txt", "u", "  data/\xfc.txt");
    check("ISO-8859-1", NULL, NULL);
    for (unsigned form = 0; form < 3; form++) { /* big with a mark, little with one, big without */
        clear();
        put("bagit.txt", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n");
        put("data/h", "h");
        ir_digest_of(IR_DIGEST_BIT(IR_MD5), IR_S("h"), &sum);
        ir_digest_hex(&sum, IR_MD5, hex);
        snprintf(text, sizeof text, "%s data/h\r\n", hex);
        ir_buf_clear(&b);
        if (form < 2) ir_buf_add(&b, form == 0 ? "\xfe\xff" : "\xff\xfe", 2);
        for (const char *p = text; *p != '\0'; p++) {
            if (form != 1) ir_buf_chr(&b, '\0');
            ir_buf_chr(&b, *p);
            if (form == 1) ir_buf_chr(&b, '\0');
        }
        put_bytes("manifest-md5.txt", b.p, b.n);
        check("UTF-16", NULL, NULL);
    }
    basic("1.0");
    put_bytes("bag-info.txt", "A: \xff\n", 5);
    check("bytes that are no UTF-8 stay what they are", NULL, NULL);
    clear();
    declare("1.0");
    put("data/\xff\xfe", "x");
    line("manifest-sha512.txt", "x", "  data/\xff\xfe");
    check("a name that is not UTF-8", NULL, NULL);
    ir_buf_free(&b);
}

static void test_manifests(void)
{
    basic("1.0");
    put("data/hello.txt", "hallo");
    check("a changed file", "data/hello.txt: its sha256 is not that of manifest-sha256.txt", NULL);
    basic("1.0");
    remove(at("data/hello.txt"));
    check("a missing file", "data/hello.txt: is missing", NULL);
    basic("1.0");
    put("data/more", "");
    check("a file added", "data/more: is in no manifest", NULL);
    basic("1.0");
    remove(at("manifest-sha256.txt"));
    check("no manifest", "has no payload manifest", NULL);
    clear();
    declare("1.0");
    put("manifest-sha256.txt", "");
    check("no data directory", "data: there is no such directory", NULL);
    mkdir(at("data"), 0700);
    check("an empty payload", NULL, NULL);
    for (unsigned old = 0; old < 2; old++) {
        basic(old ? "0.97" : "1.0");
        put("data/b", "b");
        line("manifest-md5.txt", "b", "  data/b");
        check("two manifests that list each a part",
              old ? NULL : "data/b: is not in manifest-sha256.txt", NULL);
    }
    basic("1.0");
    line("manifest-sha256.txt", "hello", "  data/hello.txt");
    check("listed twice", NULL, "the file is listed twice");
    line("manifest-sha256.txt", "other", "  data/hello.txt");
    check("with two digests", "the file is listed with two digests", "listed twice");
    basic("1.0");
    put("manifest-crc32.txt", "00000000  data/hello.txt\n");
    check("an unknown algorithm besides", NULL, "of an unknown algorithm");
    remove(at("manifest-sha256.txt"));
    check("an unknown algorithm alone", "of an unknown algorithm", NULL);
    basic("1.0");
    put("manifest-sha256.txt", "no digest at all\n");
    check("no line of a manifest", "a line is not a digest", NULL);
    put("manifest-sha256.txt", "abcd  data/hello.txt\n");
    check("a short digest", "wrong number of digits", NULL);
    clear();
    declare("0.97");
    put("data/hello.txt", "hello");
    line("manifest-SHA256.txt", "hello", "\t \tdata/hello.txt");
    check("tabs, and another spelling of the algorithm", NULL, NULL);
    basic("1.0");
    mkdir(at("data/dir"), 0700);
    line("manifest-sha256.txt", "", "  data/dir");
    check("a directory listed", "data/dir: is no file", NULL);
}

static void test_names(void)
{
    static const char *const outside[] = {"/etc/passwd", "data/../../x", "~root/x",     "../x",
                                          "C:\\x",       "\\x",          "bag-info.txt"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        char rest[64];
        snprintf(rest, sizeof rest, "  %s", outside[i]);
        basic("1.0");
        line("manifest-sha256.txt", "x", rest);
        check(outside[i], "outside", NULL);
    }
    clear();
    declare("0.97");
    put("data/a", "a");
    line("manifest-md5.txt", "a", " *data/a");
    check("md5sum's star", NULL, "the * that md5sum writes");
    clear();
    declare("0.97");
    put("data/a", "a");
    line("manifest-md5.txt", "a", "  ./data/a");
    check("./ before a name", NULL, "parts that are empty");
    clear();
    declare("1.0");
    put("data/a\nb\rc%d", "a");
    line("manifest-sha256.txt", "a", "  data/a%0Ab%0Dc%25d");
    check("encoded in 1.0", NULL, NULL);
    clear();
    declare("1.0");
    put("data/50%25", "a");
    line("manifest-sha256.txt", "a", "  data/50%25");
    check("not encoded in 1.0", NULL, "without the percent encoding");
    clear();
    declare("0.97");
    put("data/50%25", "a");
    put("data/x\ny", "a");
    line("manifest-sha256.txt", "a", "  data/50%25");
    line("manifest-sha256.txt", "a", "  data/x%0Ay");
    check("in 0.97 only line ends are encoded", NULL, NULL);
    clear();
    declare("1.0");
    put("data/e\xcc\x81", "e");
    line("manifest-sha256.txt", "e", "  data/\xc3\xa9");
    check("another normalisation", NULL, "another Unicode normalisation");
    basic("1.0");
    line("manifest-sha256.txt", "hello", "  data/HELLO.txt");
    check("twins of which a file system made one", NULL, "only by case");
    put("data/HELLO.txt", "hello");
    check("twins that are two files", NULL, "only by case");
    clear();
    declare("1.0");
    put("data/HELLO.txt", "hello");
    line("manifest-sha256.txt", "hello", "  data/hello.txt");
    check("another case", "data/hello.txt: is missing", NULL);
}

static void test_links(void)
{
    basic("1.0");
    if (symlink("/etc/passwd", at("data/link")) != 0) exit(1);
    check("a link", "data/link: is a symbolic link", NULL);
    line("manifest-sha256.txt", "x", "  data/link");
    check("a link that is listed", "data/link: is no file", NULL);
    basic("1.0");
    if (symlink("/etc", at("data/etc")) != 0) exit(1);
    line("manifest-sha256.txt", "x", "  data/etc/passwd");
    check("a way through a link", "data/etc/passwd: is no file", NULL);
    basic("1.0");
    if (mkfifo(at("data/pipe"), 0600) != 0) exit(1);
    line("manifest-sha256.txt", "x", "  data/pipe");
    check("a pipe does not stop it", "data/pipe: is no file", NULL);
    clear();
    declare("1.0");
    if (symlink("/usr", at("data")) != 0) exit(1);
    put("manifest-sha256.txt", "");
    check("data is a link", "data: there is no such directory", NULL);
}

static void test_tags(void)
{
    basic("1.0");
    put("bag-info.txt", "Payload-Oxum: 5.1\nX: y\n  and more\n");
    line("tagmanifest-sha256.txt", "Payload-Oxum: 5.1\nX: y\n  and more\n", "  bag-info.txt");
    check("a tag manifest without the manifest", "does not list manifest-sha256.txt", NULL);
    basic("0.97");
    put("bag-info.txt", "Payload-Oxum: 5.1\n");
    line("tagmanifest-sha256.txt", "Payload-Oxum: 5.1\n", "  bag-info.txt");
    check("which drafts allowed", NULL, NULL);
    put("bag-info.txt", "Payload-Oxum: 5.2\n");
    check("a changed tag file", "bag-info.txt: its sha256", NULL);
    check("its numbers", "tells of 5 bytes in 2 files, but there are 5 in 1", NULL);
    remove(at("bag-info.txt"));
    check("a missing tag file", "bag-info.txt: is missing", NULL);
    basic("1.0");
    put("bag-info.txt", "Payload-Oxum: five\n");
    check("no numbers", "bag-info.txt:1: Payload-Oxum is not", NULL);
    put("bag-info.txt", "no label\n");
    check("no label", "bag-info.txt:1: the line has no label", NULL);
    basic("0.95");
    put("package-info.txt", "Payload-Oxum: 7.7\n");
    check("its name until 0.95", "Payload-Oxum tells", NULL);
    basic("1.0");
    put("fetch.txt", "https://example.org/a 5 data/hello.txt\n");
    check("fetched", NULL, NULL);
    remove(at("data/hello.txt"));
    check("not fetched", "nobody did", NULL);
    basic("1.0");
    put("fetch.txt", "https://example.org/a - data/other\n");
    check("fetch.txt lists what no manifest has", "a file that is in no manifest", NULL);
    put("fetch.txt", "https://example.org/a 5 ../other\n");
    check("fetch.txt leads out", "outside the bag", NULL);
    put("fetch.txt", "https://example.org/a\n");
    check("no line of fetch.txt", "fetch.txt:1: a line is not", NULL);
}

static void test_modes(void)
{
    struct said s;
    struct ir_bag_totals t;
    basic("1.0");
    put("bag-info.txt", "Payload-Oxum: 5.1\n");
    put("data/hello.txt", "HELLO");
    t = count((struct ir_bag_options){.mode = IR_BAG_FAST});
    is_int((long long)t.problems, 0, "fast does not read files");
    put("data/hello.txt", "longer");
    t = count((struct ir_bag_options){.mode = IR_BAG_FAST});
    is_int((long long)t.problems, 1, "but sees other sizes");
    put("data/hello.txt", "hello");
    put("data/added", "x");
    t = count((struct ir_bag_options){.mode = IR_BAG_FILE, .file = "data/hello.txt"});
    is_int((long long)t.problems, 0, "one file is good, whatever the others are");
    put("data/hello.txt", "hallo");
    t = count((struct ir_bag_options){.mode = IR_BAG_FILE, .file = "data/hello.txt"});
    is_int((long long)t.problems, 1, "or not");
    run((struct ir_bag_options){.mode = IR_BAG_FILE, .file = "data/added"}, &s);
    is_said(&s.problems, "data/added: is in no manifest", "a file that is not listed", "problem");
    drop(&s);
    basic("1.0");
    line("tagmanifest-sha256.txt", "another", "  manifest-sha256.txt");
    run((struct ir_bag_options){.mode = IR_BAG_FILE, .file = "data/hello.txt"}, &s);
    is_said(&s.problems, "manifest-sha256.txt: its sha256", "its manifest was changed", "problem");
    drop(&s);
}

/* Many small files and one large one of two algorithms: threads, parts and the pump. */
static void test_many(void)
{
    size_t n = (size_t)9 << 20;
    char *large = malloc(n + 1), name[64];
    clear();
    declare("1.0");
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "data/%02u/%u", i % 7, i);
        put(name, name);
        memmove(name + 2, name, sizeof name - 2);
        memcpy(name, "  ", 2);
        line("manifest-sha256.txt", name + 2, name);
        line("manifest-md5.txt", name + 2, name);
    }
    memset(large, 'x', n);
    large[n] = '\0';
    put("data/large", large);
    line("manifest-sha256.txt", large, "  data/large");
    line("manifest-md5.txt", large, "  data/large");
    struct ir_bag_totals t = count((struct ir_bag_options){.threads = 4});
    is_int((long long)t.problems, 0, "many files");
    is_int((long long)t.files, MANY + 1, "all of them");
    large[n / 2] = 'y';
    put("data/large", large);
    put("data/03/500", "other");
    remove(at("data/03/311"));
    for (unsigned parts = 0; parts < 2; parts++) {
        t = count((struct ir_bag_options){.threads = 4, .memory = parts ? 10000 : 0});
        is_int((long long)t.problems, 5, "three of them changed: two digests, two, one missing");
    }
    free(large);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(root, sizeof root, "%s/bag", tmp != NULL ? tmp : "/tmp");
    test_declaration();
    test_encodings();
    test_manifests();
    test_names();
    test_links();
    test_tags();
    test_modes();
    test_many();
    return done();
}
