/*
 * A bag whose tag files are the input, cut at NUL bytes: bagit.txt, manifest-sha256.txt,
 * bag-info.txt, fetch.txt, tagmanifest-md5.txt. Whole, and with so little memory that the names are
 * compared in parts: both must find the same number of problems.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/bag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *user, const char *place, const char *text)
{
    (void)user;
    if (place == NULL || text == NULL || *text == '\0') abort();
}

static void put(int dir, const char *name, const uint8_t *p, size_t n)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ir_io_write_all(fd, p, n) != 0) abort();
    close(fd);
}

static uint64_t problems(int dir, uint64_t memory)
{
    const struct ir_check_report report = {ignore, ignore, NULL, NULL, NULL, NULL};
    const struct ir_bag_options o = {.threads = 1, .memory = memory};
    struct ir_bag_totals t;
    if (ir_bag_check(dir, &o, &report, &t, NULL) != IR_OK) abort();
    return t.problems;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"bagit.txt", "manifest-sha256.txt", "bag-info.txt",
                                        "fetch.txt", "tagmanifest-md5.txt"};
    char path[] = "/tmp/ir-fuzz-bag.XXXXXX";
    int dir = mkdtemp(path) != NULL ? open(path, O_RDONLY | O_DIRECTORY) : -1;
    if (dir < 0 || mkdirat(dir, "data", 0700) != 0) abort();
    put(dir, "data/a", (const uint8_t *)"a", 1);
    put(dir, "data/B\xcc\x81", (const uint8_t *)"b", 1);
    for (size_t i = 0; i < 5; i++) {
        const uint8_t *end = i < 4 ? memchr(data, 0, size) : NULL;
        size_t n = end != NULL ? (size_t)(end - data) : size;
        put(dir, names[i], data, n);
        data += n + (end != NULL);
        size -= n + (end != NULL);
    }
    if (problems(dir, 0) != problems(dir, 30)) abort();
    for (size_t i = 0; i < 5; i++)
        unlinkat(dir, names[i], 0);
    unlinkat(dir, "data/a", 0);
    unlinkat(dir, "data/B\xcc\x81", 0);
    unlinkat(dir, "data", AT_REMOVEDIR);
    close(dir);
    rmdir(path);
    return 0;
}
