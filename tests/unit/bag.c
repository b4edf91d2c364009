/*
 * evidence/bag.h: bags of each version, made here after RFC 8493 and its drafts: valid ones, ones
 * that deserve a warning, and invalid ones, each with what is said of them. All of them also with
 * so little memory that the names are compared in many parts, which must say the same.
 */
#include "bag_test.h"

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

int main(void)
{
    begin();
    test_declaration();
    test_encodings();
    test_manifests();
    test_names();
    test_links();
    test_tags();
    return done();
}
