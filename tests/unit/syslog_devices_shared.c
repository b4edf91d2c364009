/*
 * The samples of other projects for devices and services: parser assertions of crowdsec, psad's
 * firewall logs, fail2ban's hosts. Of crowdsec's, the share that agrees.
 */
#include <glob.h>

#include "syslog_test.h"

#define ANCHOR    INT64_C(1795392000)
#define RECORDS   512
#define PAIRS_MAX 24

struct pair {
    char key[40], value[160];
};
struct record {
    char message[1024];
    struct pair pair[PAIRS_MAX];
    unsigned n;
};

static const struct {
    const char *key; /* of crowdsec's Parsed */
    uint32_t field;
} keys[] = {
    {"source_ip", IR_F_SOURCE_IP},
    {"src_ip", IR_F_SOURCE_IP},
    {"dst_ip", IR_F_DESTINATION_IP},
    {"target_ip", IR_F_DESTINATION_IP},
    {"source_port", IR_F_SOURCE_PORT},
    {"src_port", IR_F_SOURCE_PORT},
    {"sport", IR_F_SOURCE_PORT},
    {"dst_port", IR_F_DESTINATION_PORT},
    {"target_port", IR_F_DESTINATION_PORT},
    {"proto", IR_F_NETWORK_TRANSPORT},
    {"if_in", IR_F_IFACE_IN},
    {"if_out", IR_F_IFACE_OUT},
    {"src_mac", IR_F_SOURCE_MAC},
    {"invalid_user", IR_F_USER_NAME},
    {"tag", IR_F_RULE_NAME},
    {"pid", IR_F_PROCESS_PID},
};

static void unquote(const char *from, char *buf, size_t cap)
{
    size_t n = 0;
    for (; *from != '\0' && *from != '"' && n + 1 < cap; from++) {
        if (*from == '\\' && from[1] != '\0') from++;
        buf[n++] = *from;
    }
    buf[n] = '\0';
}

static unsigned read_asserts(const char *path, const char *parser, struct record *r)
{
    char row[4096], start[128];
    unsigned max = 0;
    FILE *f = fopen(path, "r");
    if (f == NULL) return 0;
    snprintf(start, sizeof start, "results[\"s01-parse\"][\"%s\"][", parser);
    while (fgets(row, sizeof row, f) != NULL) {
        const char *at = strstr(row, start), *p;
        if (at == NULL) continue;
        unsigned long i = strtoul(at + strlen(start), NULL, 10);
        if (i >= RECORDS || (p = strstr(at, "Evt.Parsed[\"")) == NULL) continue;
        if (i + 1 > max) max = (unsigned)i + 1;
        char key[40], value[1024];
        unquote(p + 12, key, sizeof key);
        if ((p = strstr(p, "== \"")) == NULL) continue;
        unquote(p + 4, value, sizeof value);
        if (strcmp(key, "message") == 0) {
            snprintf(r[i].message, sizeof r[i].message, "%s", value);
        } else if (r[i].n < PAIRS_MAX) {
            snprintf(r[i].pair[r[i].n].key, sizeof r[i].pair[0].key, "%s", key);
            snprintf(r[i].pair[r[i].n++].value, sizeof r[i].pair[0].value, "%.150s", value);
        }
    }
    fclose(f);
    return max;
}

static void compare(const struct lines *t, const struct record *r, unsigned *good, unsigned *all)
{
    for (unsigned i = 0; i < r->n; i++)
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            if (strcmp(r->pair[i].key, keys[k].key) != 0 || r->pair[i].value[0] == '\0') continue;
            struct ir_str got = field(t, keys[k].field), want = ir_str_z(r->pair[i].value);
            (*all)++;
            if (ir_str_ieq(got, want))
                (*good)++;
            else
                printf("# %s is '%.*s', not '%s': %.120s\n", r->pair[i].key, (int)got.n, got.p,
                       r->pair[i].value, r->message);
        }
}

static void crowdsec(const char *dir, const char *log, const char *parser)
{
    static struct record r[RECORDS];
    char path[1300], root[1024], buf[4096];
    unsigned good = 0, all = 0, found = 0, records = 0;
    struct lines t;
    if (!ir_tap_shared("data/crowdsec", root, sizeof root)) {
        skip("crowdsec's samples are not below IR_SHARED");
        return;
    }
    memset(r, 0, sizeof r);
    snprintf(path, sizeof path, "%s/%s/parser.assert", root, dir);
    unsigned n = read_asserts(path, parser, r);
    snprintf(path, sizeof path, "%s/%s/%s", root, dir, log);
    FILE *f = fopen(path, "r");
    if (!ok(f != NULL && n > 0, "%s is there", dir)) return;
    for (unsigned i = 0; i < n; i++)
        records += r[i].message[0] != '\0';
    size_t head = fread(buf, 1, sizeof buf - 1, f);
    lines_open(&t, ir_format_choose(ir_str_n(buf, head), NULL)->name, ANCHOR);
    rewind(f);
    for (unsigned i = 0; fgets(buf, sizeof buf, f) != NULL;) {
        buf[strcspn(buf, "\r\n")] = '\0';
        while (i < n && r[i].message[0] == '\0') /* lines that the other parser refuses */
            i++;
        if (i >= n || strstr(buf, r[i].message) == NULL) continue;
        line(&t, buf);
        compare(&t, &r[i++], &good, &all);
        found++;
    }
    is_int(found, records, "%s: lines found by their message", dir);
    ok(all > 0 && good * 100 >= all * 98, "%s: %u of %u values agree", dir, good, all);
    lines_close(&t);
    fclose(f);
}

/* " KEY=value" of netfilter, first one. */
static void value(const char *text, const char *key, char *buf, size_t cap)
{
    const char *p = strstr(text, key);
    buf[0] = '\0';
    if (p != NULL)
        snprintf(buf, cap, "%.*s", (int)strcspn(p + strlen(key), " \r\n"), p + strlen(key));
}

static bool same(const struct lines *t, uint32_t id, const char *text, const char *key)
{
    char want[128];
    value(text, key, want, sizeof want);
    return ir_str_eq(field(t, id), ir_str_z(want));
}

static bool flags_agree(const struct lines *t, const char *text)
{
    const char *res = strstr(text, " RES="), *urgp = strstr(text, " URGP=");
    struct ir_str got = field_named(t, "tcp.flags");
    if (strstr(text, "PROTO=TCP") == NULL) return got.n == 0;
    if (res == NULL || urgp == NULL) return false;
    res += 5 + strcspn(res + 5, " ");
    return got.n == (urgp > res ? (size_t)(urgp - res) - 1 : 0) &&
           (got.n == 0 || memcmp(got.p, res + 1, got.n) == 0);
}

static void psad(void)
{
    char root[1024], pattern[1100], buf[4096];
    glob_t g = {0};
    if (!ir_tap_shared("data/firewall/psad", root, sizeof root)) {
        skip("psad's logs are not below IR_SHARED");
        return;
    }
    snprintf(pattern, sizeof pattern, "%s/*", root);
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        unsigned good = 0, all = 0;
        struct lines t;
        FILE *f = fopen(g.gl_pathv[i], "r");
        if (f == NULL) continue;
        lines_open(&t, "syslog", ANCHOR);
        while (fgets(buf, sizeof buf, f) != NULL) {
            buf[strcspn(buf, "\r\n")] = '\0';
            if (strstr(buf, " SRC=") == NULL) continue;
            line(&t, buf);
            all++;
            good += same(&t, IR_F_SOURCE_IP, buf, " SRC=") &&
                    same(&t, IR_F_DESTINATION_IP, buf, " DST=") &&
                    same(&t, IR_F_SOURCE_PORT, buf, " SPT=") &&
                    same(&t, IR_F_DESTINATION_PORT, buf, " DPT=") && flags_agree(&t, buf) &&
                    has_source(&t, IR_LS_FIREWALL);
        }
        is_int(good, all, "%s: addresses, ports and flags of each line", g.gl_pathv[i]);
        fclose(f);
        lines_close(&t);
    }
    globfree(&g);
}

/* The lines that fail2ban would ban for: the host is the one blamed. */
static void fail2ban(const char *file)
{
    char path[1024], buf[4096], host[128] = "";
    struct lines t;
    unsigned good = 0, all = 0;
    if (!ir_tap_shared(file, path, sizeof path)) {
        skip("fail2ban's samples are not below IR_SHARED");
        return;
    }
    FILE *f = fopen(path, "r");
    if (!ok(f != NULL, "open %s", file)) return;
    lines_open(&t, "syslog", ANCHOR);
    while (fgets(buf, sizeof buf, f) != NULL) {
        const char *p = strstr(buf, "\"host\": \"");
        if (strstr(buf, "failJSON:") != NULL) {
            host[0] = '\0';
            if (p != NULL && strstr(buf, "\"match\": true") != NULL)
                unquote(p + 9, host, sizeof host);
        } else if (host[0] != '\0' && buf[0] != '#') {
            buf[strcspn(buf, "\r\n")] = '\0';
            line(&t, buf);
            struct ir_str from = field(&t, IR_F_SOURCE_IP);
            bool found = ir_str_eq(from, ir_str_z(host));
            all++;
            good += found;
            if (!found) printf("# %.*s, not %s: %.150s\n", (int)from.n, from.p, host, buf);
            host[0] = '\0';
        }
    }
    is_int(good, all, "%s: hosts", file);
    ok(all > 0, "%s: %u lines", file, all);
    fclose(f);
    lines_close(&t);
}

int main(void)
{
    crowdsec("mikrotik-logs", "mikrotik-logs.log", "a1ad/mikrotik-logs");
    crowdsec("charon-ipsec-logs", "charon-ipsec-logs.log", "darkclip/charon-ipsec-logs");
    crowdsec("wireguard-logs", "wireguard-logs.log", "crowdsecurity/wireguard-logs");
    crowdsec("openvpn", "openvpn.log", "pserranoa/openvpn");
    psad();
    fail2ban("data/fail2ban/dropbear");
    fail2ban("data/fail2ban/routeros-auth");
    fail2ban("data/fail2ban/xinetd-fail");
    return done();
}
