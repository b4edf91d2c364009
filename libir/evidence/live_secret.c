/*
 * Which files are secrets (see live_secret.h). A path says nothing of a hard link or a copy: an
 * intruder who may look at what is collected, or collects it himself, only has to link the file to
 * another name. So the known places are looked up first, by inode.
 */
#include "evidence/live_secret.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/intl.h"
#include "base/io.h"

#define SNIFF_MAX ((size_t)16 << 10)
#define ID_MAX    16u /* of the method in a password hash: "sha512", "argon2id" */
#define USER_MAX  64u /* of an account */

bool ir_live_is_secret(const char *path)
{
    static const char *const secret[] = {"*/shadow",
                                         "*/shadow-",
                                         "*/gshadow",
                                         "*/gshadow-",
                                         "*/opasswd",
                                         "*/ssh_host_*_key",
                                         "*/ssl/private/*",
                                         "*/privkey*.pem",
                                         "*.key",
                                         "*.p12",
                                         "*.pfx",
                                         "*.jks",
                                         "*.keytab",
                                         "*/.gnupg/*",
                                         "*/wireguard/*",
                                         "*/ppp/*-secrets",
                                         "*/.netrc",
                                         "*/.pgpass",
                                         "*/.my.cnf",
                                         "*/wpa_supplicant*",
                                         "*/system-connections/*",
                                         "*/ipsec.secrets",
                                         "*/sasldb2",
                                         "*/krb5cc*"};
    static const char *const open[] = {"*/authorized_keys*", "*/known_hosts*",     "*/.ssh/config",
                                       "*/.ssh/rc",          "*/.ssh/environment", "*.pub"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (fnmatch(secret[i], path, 0) == 0) return true;
    if (fnmatch("*/.ssh/*", path, 0) != 0) return false;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (fnmatch(open[i], path, 0) == 0) return false;
    return true;
}

/* "name:$6$…", as in shadow, gshadow and the password files of web servers. */
static bool is_hash_line(struct ir_str line)
{
    struct ir_str rest = line, name = ir_str_cut(&rest, ':');
    if (name.n == 0 || name.n > USER_MAX || ir_str_find(name, IR_S(" ")) != IR_NPOS || rest.n < 8 ||
        rest.p[0] != '$')
        return false;
    struct ir_str after = ir_str_skip(rest, 1), id = ir_str_cut(&after, '$');
    if (id.n == 0 || id.n > ID_MAX || after.n < 4) return false;
    for (size_t i = 0; i < id.n; i++)
        if (!ir_isalnum(id.p[i]) && id.p[i] != '-') return false;
    return true;
}

/* "-----BEGIN RSA PRIVATE KEY-----" and the end of its line, which in JSON is "\n"; not where a
 * program only names it, as the rules of libmagic do. */
static bool holds_key(struct ir_str head)
{
    static const struct ir_str begin = IR_S("-----BEGIN ");
    size_t at;
    while ((at = ir_str_find(head, begin)) != IR_NPOS) {
        head = ir_str_skip(head, at + begin.n);
        struct ir_str line = ir_str_head(head, ir_str_find(head, IR_S("-----")));
        struct ir_str after = ir_str_skip(head, line.n + 5);
        if (line.n < head.n && line.n < 40 && after.n > 0 &&
            (ir_str_ends(line, IR_S("PRIVATE KEY")) ||
             ir_str_ends(line, IR_S("PRIVATE KEY BLOCK"))) &&
            (after.p[0] == '\n' || after.p[0] == '\r' || after.p[0] == '\\'))
            return true;
    }
    return false;
}

bool ir_live_holds_secret(struct ir_str head)
{
    static const struct ir_str marks[] = {IR_S("PuTTY-User-Key-File-"), IR_S("AGE-SECRET-KEY-1"),
                                          IR_S("minisign encrypted secret key")};
    struct ir_str rest = head, line;
    bool ended;
    if (holds_key(head)) return true;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (ir_str_find(head, marks[i]) != IR_NPOS) return true;
    while (ir_str_line(&rest, &line, &ended))
        if (is_hash_line(line)) return true;
    return false;
}

static bool holds(int fd)
{
    char head[SNIFF_MAX];
    ssize_t n = ir_io_pread_full(fd, head, sizeof head, 0);
    return n > 0 && ir_live_holds_secret(ir_str_n(head, (size_t)n));
}

static void note(struct ir_map *m, const char *path)
{
    struct stat st;
    bool is_new;
    if (!ir_live_is_secret(path) || stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return;
    const uint64_t key[2] = {st.st_dev, st.st_ino};
    ir_map_put(m, ir_str_n((const char *)key, sizeof key), &is_new);
}

static void note_all(struct ir_map *m, const char *pattern)
{
    glob_t g = {0};
    if (glob(pattern, GLOB_NOSORT, NULL, &g) == 0)
        for (size_t i = 0; i < g.gl_pathc; i++)
            note(m, g.gl_pathv[i]);
    globfree(&g);
}

/* Homes are not all below /home. */
static void note_homes(struct ir_live *l)
{
    char pattern[512];
    struct ir_str rest, line;
    bool ended;
    if (ir_live_read(AT_FDCWD, "/etc/passwd", &l->text) != 0) return;
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended)) {
        struct ir_str v = {NULL, 0};
        for (unsigned i = 0; i < 6; i++)
            v = ir_str_cut(&line, ':');
        if (v.n < 2 || v.p[0] != '/' || v.n > sizeof pattern / 2) continue;
        snprintf(pattern, sizeof pattern, "%.*s/.ssh/*", (int)v.n, v.p);
        note_all(&l->secrets, pattern);
        snprintf(pattern, sizeof pattern, "%.*s/.[!.]*", (int)v.n, v.p);
        note_all(&l->secrets, pattern);
    }
}

void ir_live_secrets_begin(struct ir_live *l)
{
    static const char *const places[] = {"/etc/*",
                                         "/etc/ssh/*",
                                         "/etc/security/*",
                                         "/etc/ssl/private/*",
                                         "/etc/pki/tls/private/*",
                                         "/etc/letsencrypt/archive/*/privkey*",
                                         "/etc/wireguard/*",
                                         "/etc/ppp/*",
                                         "/etc/wpa_supplicant/*",
                                         "/etc/NetworkManager/system-connections/*"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        note_all(&l->secrets, places[i]);
    note_homes(l);
}

static void tell(struct ir_live *l, struct ir_str path)
{
    struct ir_jline j = ir_live_finding(l, IR_LIVE_NOTICE, "secret-under-other-name",
                                        N_("a file with secrets has another name besides its own"));
    ir_jline_bytes(&j, "path", path);
    ir_jline_close(&j);
}

const char *ir_live_secret(struct ir_live *l, struct ir_str path, int fd)
{
    struct stat st;
    const char *why =
        N_("is a secret (password hashes, a private key): not taken unless asked for");
    if (ir_live_is_secret(path.p)) return why;
    if (fstat(fd, &st) != 0) return NULL;
    const uint64_t key[2] = {st.st_dev, st.st_ino};
    bool known = ir_map_find(&l->secrets, ir_str_n((const char *)key, sizeof key)) != UINT32_MAX;
    if (known) tell(l, path);
    /* neither a line in a log that anybody could write nor a link to it hides the log */
    if (fnmatch("/var/log/*", path.p, 0) == 0) return known && holds(fd) ? why : NULL;
    return known || holds(fd) ? why : NULL;
}
