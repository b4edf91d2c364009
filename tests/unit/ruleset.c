/*
 * Rule sets of a workspace: names and versions out of archives' names, paths that are refused, the
 * manifest there and back, and the list of digests.
 */
#include "run/import_int.h"
#include "tap.h"

static void names(void)
{
    static const struct {
        const char *file, *name, *version;
    } cases[] = {
        {"sigma-r2026-01-01.zip", "sigma", "r2026-01-01"},
        {"/srv/get/sigma-r2026-01-01.tar.gz", "sigma", "r2026-01-01"},
        {"sigma_all_rules.zip", "sigma_all_rules", ""},
        {"sigma_core++.zip", "sigma_core++", ""},
        {"SigmaHQ-sigma-0a1b2c3", "sigmahq-sigma", "0a1b2c3"},
        {"hayabusa-rules-main.zip", "hayabusa-rules-main", ""},
        {"rules_v1.2.tgz", "rules", "v1.2"},
        {"pack-2026.11.tar.xz", "pack", "2026.11"},
        {"rules", "rules", ""},
        {"Our Rules (new).zip", "our-rules--new-", ""},
        {"---", "", ""},
        {"a-", "a-", ""},
        {"-r2026", "r2026", ""},
        {"", "", ""},
        {".zip", "zip", ""},
        {"\xe8\xa6\x8f\xe5\x89\x87", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[IR_RULESET_NAME_MAX + 1], version[65];
        ir_import_names(ir_str_z(cases[i].file), name, version);
        is_str(ir_str_z(name), cases[i].name, "name of '%s'", cases[i].file);
        is_str(ir_str_z(version), cases[i].version, "version of '%s'", cases[i].file);
    }
    char longest[300], name[IR_RULESET_NAME_MAX + 1], version[65];
    memset(longest, 'x', sizeof longest);
    ir_import_names(ir_str_n(longest, sizeof longest), name, version);
    is_int((long long)strlen(name), IR_RULESET_NAME_MAX, "a long name is cut");
    longest[10] = '-';
    memset(longest + 11, '1', sizeof longest - 11);
    ir_import_names(ir_str_n(longest, sizeof longest), name, version);
    is_str(ir_str_z(version), "", "a version that is too long is none");
}

static void versions(void)
{
    static const struct {
        const char *text, *version;
    } cases[] = {
        {"r2026-01-01\n", "r2026-01-01"},
        {"release: r2026-01-01\r\nmore: 1\n", "r2026-01-01"},
        {"  1.2.3  ", "1.2.3"},
        {"1.2.3\x1b[31m", ""},
        {"two words", ""},
        {"", ""},
        {":", ""},
        {"\n1.2", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char version[65] = "";
        ir_import_version_file(ir_str_z(cases[i].text), version);
        is_str(ir_str_z(version), cases[i].version, "version file %zu", i);
    }
}

static void paths(void)
{
    static const char *const good[] = {"a.yml", "rules/linux/a.yml", "a b/c+d.yml",
                                       "\xe8\xa6\x8f\xe5\x89\x87/a.yml", "..a/b..yml"};
    static const char *const bad[] = {
        "",
        "/a.yml",
        "../a.yml",
        "a/../b.yml",
        "a/./b.yml",
        "a//b.yml",
        "a/",
        "a\\b.yml",
        "a\nb.yml",
        "a\x1b[2Jb.yml",
        "a\xe2\x80\xae.yml",
        "a\xff.yml",
        "..",
        ".",
        "a/..",
        "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/a.yml"};
    char longest[600];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ok(ir_import_path_ok(ir_str_z(good[i])), "good path %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_import_path_ok(ir_str_z(bad[i])), "bad path %zu", i);
    memset(longest, 'x', sizeof longest);
    ok(!ir_import_path_ok(ir_str_n(longest, 256)), "a name of 256 bytes");
    ok(ir_import_path_ok(ir_str_n(longest, 255)), "one of 255");
    longest[200] = longest[400] = '/';
    ok(!ir_import_path_ok(ir_str_n(longest, 513)), "a path of 513 bytes");
    ok(!ir_import_path_ok(ir_str_n("a\0b", 3)), "a NUL");
    static const char *const sets[] = {"sigma", "a", "0x", "a.b_c+d-e"}, *const none[] = {
                                                                             "",    ".a",  "-a",
                                                                             "A",   "a/b", "..",
                                                                             "a b", "a\n"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        ok(ir_ruleset_name_ok(ir_str_z(sets[i])), "set name %s", sets[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ok(!ir_ruleset_name_ok(ir_str_z(none[i])), "no set name %zu", i);
    ok(!ir_ruleset_name_ok(ir_str_n("a\0b", 3)), "no set name with a NUL");
}

static void manifest(void)
{
    struct ir_ruleset set = {.name = "pub",
                             .version = "1",
                             .source = "/x/\"pub\"\n\xe8\xa6\x8f.zip",
                             .by = "hana",
                             .rules = 7,
                             .left_out = UINT64_MAX},
                      back;
    struct ir_buf b = IR_BUF(1 << 16), cut = IR_BUF(1 << 16);
    ok(ir_ruleset_digest(IR_S(""), set.tree_sha256), "a digest");
    is_str(ir_str_z(set.tree_sha256),
           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "of nothing");
    ir_ruleset_manifest(&set, &b);
    ok(ir_ruleset_parse(ir_buf_view(&b), &back), "a manifest is read");
    ok(memcmp(&set, &back, sizeof set) == 0, "as it was written");
    for (size_t i = 0; i + 1 < b.n; i++) {
        char *copy = malloc(i + 1); /* so that a byte too far is seen */
        memcpy(copy, b.p, i);
        if (ir_ruleset_parse(ir_str_n(copy, i), &back)) ok(false, "%zu bytes of it", i);
        free(copy);
    }
    ok(!ir_ruleset_parse(IR_S("[]"), &back), "a list is none");
    ok(!ir_ruleset_parse(IR_S("{}"), &back), "nothing in it");
    ok(!ir_ruleset_parse(IR_S("{\"name\":7}"), &back), "another type");
    ok(!ir_ruleset_parse(IR_S("{\"name\":\"../x\"}"), &back), "a name that leads out");
    ir_buf_str(&cut, IR_S("{\"new\":{\"a\":[1]},\"more\":[{}],\"name\":\""));
    for (int i = 0; i < 65; i++)
        ir_buf_chr(&cut, 'n');
    ir_buf_str(&cut, IR_S("\"}"));
    ok(!ir_ruleset_parse(ir_buf_view(&cut), &back), "a name that is too long");
    ir_buf_clear(&cut);
    ir_buf_str(&cut, IR_S("{\"new\":{\"name\":[1]},\"more\":[{}],"));
    ir_buf_str(&cut, ir_str_skip(ir_buf_view(&b), 1));
    ok(ir_ruleset_parse(ir_buf_view(&cut), &back), "keys of a later version are passed over");
    ir_buf_free(&b);
    ir_buf_free(&cut);
}

static int count_line(void *user, struct ir_str path, struct ir_str digest)
{
    ++*(int *)user;
    return path.n > 6 && digest.n == 64 ? IR_OK : IR_FATAL;
}

static void sums(void)
{
#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    int n = 0;
    is_int(ir_ruleset_each(IR_S(HEX "  rules/a.yml\n" HEX "  rules/b/c.yml\n"), count_line, &n),
           IR_OK, "a list");
    is_int(n, 2, "of two");
    static const char *const bad[] = {HEX "  rules/a.yml\n\n",
                                      HEX "  ../a.yml\n",
                                      HEX "  rules/../../a.yml\n",
                                      HEX " rules/a.yml\n",
                                      "x" HEX "  rules/a.yml\n",
                                      HEX "  /etc/passwd\n",
                                      HEX,
                                      "words\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_int(ir_ruleset_each(ir_str_z(bad[i]), count_line, &n), IR_BAD, "a bad list %zu", i);
    is_int(ir_ruleset_each(IR_S(""), count_line, &n), IR_OK, "an empty one");
}

int main(void)
{
    names();
    versions();
    paths();
    manifest();
    sums();
    return done();
}
