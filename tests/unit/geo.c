/*
 * Countries of addresses: what files tell, and what damaged ones must not do. With a FILE as
 * argument it writes the file that tests/e2e/geoip.sh uses, and tests nothing.
 */
#include "base/geo.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mmdb.h"
#include "tap.h"

static const char *dir;

static void save_to(int fd, struct ir_str bytes)
{
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, bytes.p, bytes.n, 0) != (ssize_t)bytes.n)
        abort();
}

static void save(const char *path, struct ir_str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    save_to(fd, bytes);
    close(fd);
}

static void example(struct ir_buf *b)
{
    struct mmdb *m = mmdb_new(6);
    mmdb_add(m, "192.0.2.0/24", "JP", 64500, "Example Networks");
    mmdb_add(m, "198.51.100.0/24", "us", 64501, "Beispiel GmbH \"<b>\" \xe7\xb6\xb2\x1b[2J");
    mmdb_add(m, "203.0.113.0/25", "NL", 0, "");
    mmdb_add(m, "203.0.113.128/26", "", 64502, "No country");
    mmdb_add(m, "203.0.113.192/26", "Netherlands", 0, "");
    mmdb_add(m, "2001:db8:1::/48", "JP", 64503, "Six");
    mmdb_finish(m, b);
}

static const struct ir_geo_place *find(struct ir_geo *g, struct ir_geo_cache *c, const char *ip)
{
    static const struct ir_geo_place none;
    const struct ir_geo_place *p = &none;
    ok(ir_geo_find(g, c, ir_str_z(ip), &p), "%s is an address", ip);
    return p;
}

static void is_at(struct ir_geo *g, struct ir_geo_cache *c, const char *ip, const char *country,
                  const char *as, const char *org)
{
    const struct ir_geo_place *p = find(g, c, ip);
    is_str(ir_str_z(p->country), country, "  %s: country", ip);
    is_str(ir_str_z(p->as_number), as, "  %s: number", ip);
    is_str(ir_str_z(p->as_org), org, "  %s: organization", ip);
}

static void good(const char *path, struct ir_geo_cache *c)
{
    struct ir_geo *g = ir_geo_new();
    struct ir_err err = {0};
    const struct ir_geo_place *p;
    ok(ir_geo_open(g, path, &err) == IR_OK, "a file opens: %s", err.msg);
    for (int i = 0; i < 2; i++) { /* from the file, then from the cache */
        is_at(g, c, "192.0.2.7", "JP", "64500", "Example Networks");
        is_at(g, c, "::ffff:192.0.2.7", "JP", "64500", "Example Networks");
        is_at(g, c, "198.51.100.255", "US", "64501", "Beispiel GmbH \"<b>\" \xe7\xb6\xb2\x1b[2J");
        is_at(g, c, "203.0.113.127", "NL", "", "");
        is_at(g, c, "203.0.113.128", "", "64502", "No country");
        is_at(g, c, "203.0.113.200", "", "", "");
        is_at(g, c, "10.0.0.1", "", "", "");
        is_at(g, c, "2001:db8:1::5", "JP", "64503", "Six");
        is_at(g, c, "2001:db8:2::5", "", "", "");
    }
    ok(!ir_geo_find(g, c, IR_S("192.0.2"), &p), "no address");
    ok(!ir_geo_find(g, c, IR_S(""), &p), "nothing");
    is_int((long long)ir_geo_damaged(g), 0, "nothing is damaged");
    ir_geo_free(g);
}

/* Addresses of four bytes in a file of four, addresses of sixteen there, and two files together. */
static void two_files(const char *first, struct ir_geo_cache *c)
{
    char path[4096];
    struct ir_buf b = IR_BUF(1 << 20);
    struct ir_geo *g = ir_geo_new();
    struct mmdb *m = mmdb_new(4);
    mmdb_add(m, "203.0.113.0/24", "FR", 64999, "Second");
    mmdb_finish(m, &b);
    snprintf(path, sizeof path, "%s/second.mmdb", dir);
    save(path, ir_buf_view(&b));
    ok(ir_geo_open(g, first, NULL) == IR_OK && ir_geo_open(g, path, NULL) == IR_OK, "two files");
    is_at(g, c, "203.0.113.1", "NL", "64999", "Second");
    is_at(g, c, "203.0.113.129", "FR", "64502", "No country");
    is_at(g, c, "2001:db8:1::1", "JP", "64503", "Six");
    is_int((long long)ir_geo_damaged(g), 0, "a long address in a file of short ones is no damage");
    for (size_t i = 2; i < IR_GEO_FILES_MAX; i++)
        ok(ir_geo_open(g, path, NULL) == IR_OK, "one more");
    ok(ir_geo_open(g, path, NULL) == IR_BAD, "so many and no more");
    ir_geo_free(g);
    ir_buf_free(&b);
}

/* Asks for every address of interest; what it answers does not matter, that it answers does. */
static void ask_all(struct ir_str bytes, int fd, size_t *opened, size_t *damaged)
{
    static const char *const ips[] = {"192.0.2.7",     "198.51.100.9",  "203.0.113.1",
                                      "203.0.113.130", "203.0.113.200", "2001:db8:1::5",
                                      "0.0.0.0",       "ffff::1"};
    struct ir_geo_cache *c = calloc(1, sizeof *c);
    struct ir_geo *g = ir_geo_new();
    struct ir_err err = {0};
    const struct ir_geo_place *p;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    save_to(fd, bytes);
    if (ir_geo_open(g, path, &err) == IR_OK) {
        ++*opened;
        for (size_t i = 0; i < sizeof ips / sizeof *ips; i++)
            ir_geo_find(g, c, ir_str_z(ips[i]), &p);
        *damaged += ir_geo_damaged(g) > 0;
    } else if (err.msg[0] == '\0') {
        ok(false, "a file that does not open says why");
    }
    ir_geo_free(g);
    free(c);
}

static void broken(struct ir_str bytes)
{
    const int fd = memfd_create("mmdb", MFD_CLOEXEC);
    char *copy = malloc(bytes.n);
    size_t opened = 0, damaged = 0;
    if (copy == NULL) abort();
    for (size_t n = 0; n < bytes.n; n++)
        ask_all(ir_str_head(bytes, n), fd, &opened, &damaged);
    is_int((long long)opened, 0, "no file that was cut at its end opens");
    for (size_t n = 1; n < bytes.n; n += 7)
        ask_all(ir_str_skip(bytes, n), fd, &opened, &damaged);
    for (size_t i = 0; i < bytes.n; i++)
        for (int k = 0; k < 3; k++) {
            memcpy(copy, bytes.p, bytes.n);
            copy[i] = (char)(k == 0 ? 0 : k == 1 ? 0xff : copy[i] ^ 0x40);
            ask_all(ir_str_n(copy, bytes.n), fd, &opened, &damaged);
        }
    ok(opened > 0, "some damaged files open (%zu)", opened);
    ok(damaged > 0, "their damage is counted (%zu)", damaged);
    close(fd);
    free(copy);
}

int main(int argc, char **argv)
{
    struct ir_buf b = IR_BUF(1 << 20);
    char path[4096], code[3];
    example(&b);
    if (argc == 2) {
        save(argv[1], ir_buf_view(&b));
        ir_buf_free(&b);
        return 0;
    }
    struct ir_geo_cache *c = calloc(2, sizeof *c);
    struct ir_err err = {0};
    struct ir_geo *g = ir_geo_new();
    dir = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    snprintf(path, sizeof path, "%s/example.mmdb", dir);
    save(path, ir_buf_view(&b));
#ifdef HAVE_MAXMINDDB
    good(path, &c[0]);
    two_files(path, &c[1]);
    broken(ir_buf_view(&b));
#else
    ok(ir_geo_open(g, path, &err) == IR_BAD && strstr(err.msg, "libmaxminddb"),
       "# SKIP built without libmaxminddb");
#endif
    ok(ir_geo_open(g, dir, &err) < 0, "a directory is none: %s", err.msg);
    ok(ir_country_code(IR_S("jp"), code) && strcmp(code, "JP") == 0, "a country");
    ok(!ir_country_code(IR_S("JPN"), code) && !ir_country_code(IR_S("8\n"), code), "none");
    ir_geo_free(g);
    free(c);
    ir_buf_free(&b);
    return done();
}
