/*
 * ir version: which ir this is; with -v also which libraries it runs with, for bug reports and for
 * the record of an investigation.
 */
#include <archive.h>
#include <bzlib.h>
#include <hs/hs.h>
#include <lzma.h>
#include <magic.h>
#ifdef HAVE_MAXMINDDB
#include <maxminddb.h>
#endif
#include <openssl/crypto.h>
#include <seccomp.h>
#include <sqlite3.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "sink.h"

struct version_options {
    bool verbose;
};

static const struct opt version_opts[] = {
    {"verbose", 'v', OPT_FLAG, offsetof(struct version_options, verbose), NULL,
     N_("also the libraries and their versions"), NULL},
    OPT_END,
};

static void line(struct ir_buf *out, const char *name, const char *version)
{
    struct ir_str v = ir_str_trim(ir_str_z(version)); /* libhs's ends in a blank */
    ir_buf_fmt(out, "%-12s %.*s\n", name, IR_FMT(v));
}

static void libraries(struct ir_buf *out)
{
    char pcre2[64] = "";
    const struct scmp_version *sc = seccomp_version();
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    line(out, "libarchive", archive_version_details());
    line(out, "libbz2", BZ2_bzlibVersion());
    line(out, "libcrypto", OpenSSL_version(OPENSSL_VERSION));
    line(out, "libhs", hs_version());
    line(out, "liblzma", lzma_version_string());
    ir_buf_fmt(out, "%-12s %d.%02d\n", "libmagic", magic_version() / 100, magic_version() % 100);
#ifdef HAVE_MAXMINDDB
    line(out, "libmaxminddb", MMDB_lib_version());
#else
    line(out, "libmaxminddb", "none (--geoip needs it; in Debian: libmaxminddb-dev)");
#endif
    line(out, "libpcre2", pcre2);
    if (sc != NULL)
        ir_buf_fmt(out, "%-12s %u.%u.%u\n", "libseccomp", sc->major, sc->minor, sc->micro);
    line(out, "libsqlite3", sqlite3_libversion());
    line(out, "libyaml", yaml_get_version_string());
    line(out, "libz", zlibVersion());
    line(out, "libzstd", ZSTD_versionString());
    line(out, "compiler", __VERSION__);
}

static int version_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct version_options *o = options;
    (void)operands;
    (void)env;
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    ir_buf_str(&out.buf, IR_S("ir " IR_VERSION "\n"));
    if (o->verbose) libraries(&out.buf);
    return sink_close(&out, IR_EXIT_OK);
}

const struct cmd cmd_version = {
    .name = "version",
    .brief = N_("Print the version of ir and of its libraries"),
    .opts = version_opts,
    .size = sizeof(struct version_options),
    .run = version_run,
};
