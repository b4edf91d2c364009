/*
 * evidence/bag.h: fast, one file only, and many files by several threads and in parts.
 */
#include "bag_test.h"

#define MANY 1200

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
    begin();
    test_modes();
    test_many();
    return done();
}
