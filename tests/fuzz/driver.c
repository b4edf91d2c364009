/*
 * Replays the seeds of one fuzz target without a fuzzer, so that every `make check`, with any
 * compiler, walks the parsers over them. The target's name is the program's: replay/fuzz_json reads
 * tests/fuzz/corpus/json. Each seed runs whole and cut short at 32 places: cursors that trust the
 * end of their input trip here first.
 */
#include <dirent.h>

#include "tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A private copy of exactly n bytes, so that AddressSanitizer sees the first byte read too many. */
static void run_one(const char *data, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) abort();
    memcpy(copy, data, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static bool replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    size_t cap = (size_t)4 << 20;
    char *data = malloc(cap);
    if (!data) abort();
    size_t n = fread(data, 1, cap, f);
    fclose(f);
    for (size_t i = 0; i < 32; i++)
        run_one(data, n * i / 32);
    run_one(data, n);
    free(data);
    return true;
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *name = strstr(argv[0], "fuzz_");
    if (!name) return 1;
    char dir[256];
    snprintf(dir, sizeof dir, "tests/fuzz/corpus/%s", name + 5);

    run_one("", 0);
    ok(true, "%s: nothing at all", name);
    struct dirent **list = NULL;
    int n = scandir(dir, &list, not_hidden, alphasort);
    ok(n > 0, "%s has seeds", dir);
    for (int i = 0; i < n; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name);
        ok(replay(path), "%s: %s", name, list[i]->d_name);
        free(list[i]);
    }
    free(list);
    return done();
}
