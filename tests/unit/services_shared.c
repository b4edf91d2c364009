/*
 * Mail, FTP, name and web servers against the samples of other projects below $IR_SHARED: what
 * CrowdSec's parsers and fail2ban's filters expect. Prints the share that agrees.
 */
#include <glob.h>

#include "syslog_test.h"

#define LINES_MAX 4096
#define SAMPLES   "samples of other projects are not below IR_SHARED"

static struct lines t;
static char text[1 << 20], asserts[4 << 20];
static struct ir_str row[LINES_MAX];

static size_t slurp(const char *path, char *buf, size_t cap)
{
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(buf, 1, cap - 1, f) : 0;
    if (f) fclose(f);
    buf[n] = '\0';
    return n;
}

static size_t read_rows(const char *path)
{
    size_t n = 0;
    struct ir_str rest = ir_str_n(text, slurp(path, text, sizeof text));
    while (rest.n > 0 && n < LINES_MAX)
        row[n++] = ir_str_cut(&rest, '\n');
    return n;
}

static void parse(const char *format, struct ir_str rec)
{
    if (t.parser.fmt != ir_format_by_name(ir_str_z(format))) {
        lines_close(&t);
        lines_open(&t, format, INT64_C(1124020800)); /* 2005-08-14, as fail2ban's samples assume */
    }
    if (rec.n > 0 && rec.p[rec.n - 1] == '\r') rec.n--;
    ir_arena_reset(&t.arena);
    ir_event_begin(t.ev, rec, 0, 1);
    ir_parser_record(&t.parser, rec, t.ev, &t.took);
}

/* --- CrowdSec ----------------------------------------------------------------------------------
 */

static const struct {
    const char *key;
    uint32_t id, or_id;
} keys[] = {
    {"Meta[\"source_ip\"]", IR_F_SOURCE_IP, IR_F_SOURCE_IP},
    {"Meta[\"username\"]", IR_F_USER_NAME, IR_F_EMAIL_TO},
    {"Meta[\"source_user\"]", IR_F_USER_NAME, IR_F_EMAIL_FROM},
    {"Meta[\"source_dns\"]", IR_F_SOURCE_DOMAIN, IR_F_SOURCE_DOMAIN},
    {"Meta[\"machine\"]", IR_F_HOST_NAME, IR_F_HOST_NAME},
    {"Meta[\"target_fqdn\"]", IR_F_URL_DOMAIN, IR_F_DESTINATION_DOMAIN},
    {"Meta[\"http_status\"]", IR_F_HTTP_STATUS, IR_F_HTTP_STATUS},
    {"Meta[\"http_verb\"]", IR_F_HTTP_METHOD, IR_F_HTTP_METHOD},
    {"Meta[\"http_path\"]", IR_F_URL_ORIGINAL, IR_F_URL_PATH},
    {"Meta[\"http_user_agent\"]", IR_F_USER_AGENT, IR_F_USER_AGENT},
    {"Parsed[\"remote_addr\"]", IR_F_SOURCE_IP, IR_F_SOURCE_DOMAIN},
    {"Parsed[\"remote_host\"]", IR_F_SOURCE_DOMAIN, IR_F_SOURCE_DOMAIN},
    {"Parsed[\"source_port\"]", IR_F_SOURCE_PORT, IR_F_SOURCE_PORT},
    {"Parsed[\"body_bytes_sent\"]", IR_F_HTTP_BODY_BYTES, IR_F_HTTP_BYTES},
    {"Parsed[\"http_version\"]", IR_F_HTTP_VERSION, IR_F_HTTP_VERSION},
    {"Parsed[\"target_user\"]", IR_F_EMAIL_TO, IR_F_USER_NAME},
    {"Parsed[\"pid\"]", IR_F_PROCESS_PID, IR_F_PROCESS_PID},
    {"Parsed[\"dovecot_remote_ip\"]", IR_F_SOURCE_IP, IR_F_SOURCE_IP},
    {"Parsed[\"dovecot_local_ip\"]", IR_F_DESTINATION_IP, IR_F_DESTINATION_IP},
    {"Parsed[\"dovecot_user\"]", IR_F_USER_NAME, IR_F_USER_NAME},
};

static bool holds(size_t k, struct ir_str want)
{
    struct ir_str got = field(&t, keys[k].id), other = field(&t, keys[k].or_id);
    if (want.n == 0 || ir_str_eq(want, IR_S("-"))) return got.n == 0 || other.n == 0;
    if (ir_str_eq(keys[k].id == IR_F_HTTP_VERSION ? IR_S("x") : got, want)) return true;
    return ir_str_eq(got, want) || ir_str_eq(other, want) ||
           (keys[k].id == IR_F_HTTP_VERSION && ir_str_ends(want, got)) ||
           (ir_str_starts(want, IR_S("unknown")) && got.n == 0);
}

/* The last "message" assert of a record names its line; the asserts around it are the record's. */
static void check_asserts(const char *format, size_t lines, long *agree, long *differ)
{
    char index[32];
    for (unsigned n = 0; n < lines; n++) {
        static char message[1 << 16];
        size_t m = 0;
        snprintf(index, sizeof index, "][%u].Evt.", n);
        struct ir_str rest = ir_str_z(asserts), want = {NULL, 0}, one = {NULL, 0};
        for (int pass = 0; pass < 2; pass++) {
            rest = ir_str_z(asserts);
            while (rest.p != NULL && rest.n > 0) {
                struct ir_str a = ir_str_cut(&rest, '\n');
                size_t at = ir_str_find(a, ir_str_z(index)), eq = ir_str_find(a, IR_S("] == \""));
                if (!ir_str_starts(a, IR_S("results[\"s01-parse\"]")) || at == IR_NPOS ||
                    eq == IR_NPOS)
                    continue;
                want = ir_str_n(a.p + eq + 6, a.n - eq - 7);
                struct ir_str key = ir_str_skip(ir_str_head(a, eq + 1), at + strlen(index));
                if (pass == 0 && ir_str_eq(key, IR_S("Parsed[\"message\"]"))) {
                    for (size_t i = 0; i < want.n && m < sizeof message; i++) {
                        if (want.p[i] == '\\' && i + 1 < want.n) i++;
                        message[m++] = want.p[i];
                    }
                    for (size_t i = 0; i < lines && one.p == NULL; i++)
                        if (ir_str_find(row[i], ir_str_n(message, m)) != IR_NPOS) one = row[i];
                    if (one.p != NULL) parse(format, one);
                }
                for (size_t k = 0; pass == 1 && one.p != NULL && k < sizeof keys / sizeof *keys;
                     k++) {
                    if (!ir_str_eq(key, ir_str_z(keys[k].key))) continue;
                    bool good = holds(k, want);
                    *(good ? agree : differ) += 1;
                    if (!good) ir_tap_show("differs", a);
                }
            }
        }
    }
}

static void crowdsec(void)
{
    static const struct {
        const char *dirs, *format;
    } cases[] = {{"exim-logs", "exim"},
                 {"exim-syslog-logs", "syslog"},
                 {"pureftpd*", "syslog"},
                 {"postfix*", "syslog"},
                 {"dovecot*", "syslog"},
                 {"proftpd*", "syslog"},
                 {"vsftpd*", "syslog"},
                 {"haproxy*", "syslog"},
                 {"smb*", "samba"},
                 {"iis*", "iis"},
                 {"caddy*", "json"},
                 {"traefik_clf", "apache_access"},
                 {"traefik_json", "json"},
                 {"squid*", "squid"},
                 {"traefik_base*", "apache_access"}};
    char root[1024], pattern[2048], path[2048];
    long agree = 0, differ = 0;
    if (!ir_tap_shared("data/crowdsec", root, sizeof root)) {
        skip(SAMPLES);
        return;
    }
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        glob_t g = {0};
        snprintf(pattern, sizeof pattern, "%s/%s/*.log", root, cases[c].dirs);
        glob(pattern, 0, NULL, &g);
        for (size_t i = 0; i < g.gl_pathc; i++) {
            snprintf(path, sizeof path, "%.*s/parser.assert",
                     (int)(strrchr(g.gl_pathv[i], '/') - g.gl_pathv[i]), g.gl_pathv[i]);
            size_t lines = read_rows(g.gl_pathv[i]);
            slurp(path, asserts, sizeof asserts);
            check_asserts(cases[c].format, lines, &agree, &differ);
        }
        globfree(&g);
    }
    ok(agree >= 300 && differ * 50 <= agree, "crowdsec: %ld asserts agree, %ld differ", agree,
       differ);
}

/* --- fail2ban ----------------------------------------------------------------------------------
 */

static struct ir_str json_text(struct ir_str s, const char *key)
{
    size_t at = ir_str_find(s, ir_str_z(key));
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + strlen(key));
    s = ir_str_skip(s, ir_str_chr(s, '"') + 1);
    return ir_str_head(s, ir_str_chr(s, '"'));
}

/* `loose`: lines that filters count only together with others, or that refuse something else. */
static void fail2ban(const char *name, const char *format, long loose)
{
    char path[1024], rel[256];
    long agree = 0, differ = 0;
    struct ir_str said = {NULL, 0};
    snprintf(rel, sizeof rel, "data/fail2ban/%s", name);
    if (!ir_tap_shared(rel, path, sizeof path)) {
        skip(SAMPLES);
        return;
    }
    size_t n = read_rows(path);
    for (size_t i = 0; i < n; i++) {
        if (ir_str_starts(row[i], IR_S("# failJSON:"))) said = row[i];
        if (row[i].n == 0 || row[i].p[0] == '#' || said.p == NULL) continue;
        parse(format, row[i]);
        bool match = ir_str_find(said, IR_S("\"match\": true")) != IR_NPOS ||
                     ir_str_find(said, IR_S("\"match\": true ")) != IR_NPOS;
        bool failure = ir_str_eq(field(&t, IR_F_EVENT_OUTCOME), IR_S("failure"));
        struct ir_str ip = field(&t, IR_F_SOURCE_IP);
        bool good =
            match ? failure && ir_str_eq(ip, json_text(said, "\"host\":")) : !failure || ip.n == 0;
        *(good ? &agree : &differ) += 1;
        if (!good) ir_tap_show("differs", row[i]);
        said = ir_str_n(NULL, 0);
    }
    ok(agree > 0 && differ <= loose, "fail2ban %s: %ld lines agree, %ld differ", name, agree,
       differ);
}

int main(void)
{
    lines_open(&t, "syslog", INT64_C(1124020800));
    crowdsec();
    fail2ban("sendmail-auth", "syslog", 0);
    fail2ban("sendmail-reject", "syslog", 3); /* two lines of one mail; a plain arrival */
    fail2ban("vsftpd", "syslog", 0);
    fail2ban("nsd", "unbound", 0);
    fail2ban("squid", "squid", 0);
    fail2ban("haproxy-http-auth", "syslog", 1); /* a 403 is a failure to us */
    fail2ban("lighttpd-auth", "lighttpd_error", 0);
    lines_close(&t);
    return done();
}
