/*
 * Devices against other projects' expectations: crowdsec's parser assertions for FortiGate's
 * SSL-VPN and Authelia's logfmt the same values, and the CSV files the cells that stand in their
 * JSON.
 */
#include <glob.h>

#include "base/time.h"
#include "device_test.h"

#define TEXT_MAX 65536

/* ---- crowdsec ---- */

struct want {
    char message[2048], ip[64], user[256], action[64], reason[128];
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

static void value(const char *row, const char *key, char *buf, size_t cap)
{
    const char *p = strstr(row, key);
    if (p != NULL && (p = strstr(p, "== \"")) != NULL) unquote(p + 4, buf, cap);
}

static unsigned read_asserts(const char *path, const char *parser, struct want *w, unsigned max)
{
    char *row = malloc(TEXT_MAX), prefix[128];
    unsigned n = 0;
    FILE *f = fopen(path, "r");
    snprintf(prefix, sizeof prefix, "[\"s01-parse\"][\"%s\"][", parser);
    while (f != NULL && fgets(row, TEXT_MAX, f) != NULL) {
        const char *at = strstr(row, prefix);
        if (at == NULL) continue;
        unsigned long i = strtoul(at + strlen(prefix), NULL, 10);
        if (i >= max) continue;
        if (i + 1 > n) n = (unsigned)i + 1;
        value(row, "Parsed[\"message\"]", w[i].message, sizeof w[i].message);
        value(row, "Meta[\"source_ip\"]", w[i].ip, sizeof w[i].ip);
        value(row, "Meta[\"user\"]", w[i].user, sizeof w[i].user);
        value(row, "Meta[\"target_user\"]", w[i].user, sizeof w[i].user);
        value(row, "Meta[\"action\"]", w[i].action, sizeof w[i].action);
        value(row, "Meta[\"reason\"]", w[i].reason, sizeof w[i].reason);
    }
    if (f != NULL) fclose(f);
    free(row);
    return n;
}

static void same(const char *want, struct ir_str got, unsigned *fields, unsigned *good)
{
    if (want[0] == '\0' || strcmp(want, "N/A") == 0) return;
    (*fields)++;
    if (ir_str_eq(got, ir_str_z(want)))
        (*good)++;
    else
        printf("# want %s, got %.*s\n", want, IR_FMT(got));
}

static void crowdsec(const char *root, const char *name, const char *parser, const char *format)
{
    static struct want w[64];
    char path[1200];
    unsigned fields = 0, good = 0;
    memset(w, 0, sizeof w);
    snprintf(path, sizeof path, "%s/%s/parser.assert", root, name);
    unsigned n = read_asserts(path, parser, w, 64);
    t.parser.fmt = ir_format_by_name(ir_str_z(format));
    for (unsigned i = 0; i < n; i++) {
        if (w[i].message[0] == '\0' || w[i].message[0] == '{') continue;
        line(&t, w[i].message);
        same(w[i].ip, field(&t, IR_F_SOURCE_IP), &fields, &good);
        same(w[i].action, field_named(&t, "action"), &fields, &good);
        same(w[i].reason, field_named(&t, "reason"), &fields, &good);
        if (strcmp(format, "fortigate") == 0)
            same(w[i].user, field(&t, IR_F_USER_NAME), &fields, &good);
    }
    ok(fields > 0 && good * 100 >= fields * 98, "crowdsec %s: %u of %u fields", name, good, fields);
}

/* ---- CSV ---- */

static struct ir_str slurp(const char *path)
{
    char *buf = malloc(TEXT_MAX);
    FILE *f = fopen(path, "r");
    size_t n = f != NULL && buf != NULL ? fread(buf, 1, TEXT_MAX, f) : 0;
    if (f != NULL) fclose(f);
    return ir_str_n(buf, n);
}

/* Each string of the JSON is looked for, in order, among the native fields of the records. */
static unsigned cells(struct ir_str text, char got[][256], unsigned max)
{
    const struct ir_format *f = ir_format_by_name(IR_S("csv"));
    struct ir_str rec, rest = ir_str_head(text, f->cut(text, true));
    unsigned n = 0;
    ir_parser_open(&t.parser, f, t.names);
    for (bool first = true; f->next(&rest, &rec); first = false) {
        ir_arena_reset(&t.arena);
        ir_event_begin(t.ev, rec, 0, 1);
        if (f->parse(&t.parser, rec, t.ev) != IR_OK || first) continue;
        for (uint32_t i = 0; i < t.ev->nfields && n < max; i++)
            if (t.ev->fields[i].id == IR_F_NONE)
                snprintf(got[n++], 256, "%.*s=%.*s", IR_FMT(t.ev->fields[i].name),
                         IR_FMT(t.ev->fields[i].val));
    }
    ir_parser_close(&t.parser);
    return n;
}

/* The next "key": "value" of flat JSON, as "key=value" with escapes undone. */
static bool next_pair(const char **at, const char *end, char out[256])
{
    char part[2][128];
    for (unsigned i = 0; i < 2; i++) {
        const char *p = memchr(*at, '"', (size_t)(end - *at));
        size_t n = 0;
        if (p == NULL) return false;
        for (p++; p < end && *p != '"' && n < 127; p++) {
            char c = *p;
            if (c == '\\' && ++p < end) c = *p == 'n' ? '\n' : *p;
            /* the file with CRLF has lost its CRs on the way into the collection */
            if (c == 'r' && p[-1] == '\\') continue;
            part[i][n++] = c;
        }
        part[i][n] = '\0';
        *at = p + 1;
    }
    snprintf(out, 256, "%s=%s", part[0], part[1]);
    return true;
}

static void csv(const char *root)
{
    static char got[256][256];
    char pattern[1200], json[1300], want[256];
    unsigned files = 0, fields = 0, good = 0;
    glob_t g = {0};
    snprintf(pattern, sizeof pattern, "%s/csvs/*.csv", root);
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++, files++) {
        const char *base = strrchr(g.gl_pathv[i], '/') + 1;
        snprintf(json, sizeof json, "%s/json/%.*s.json", root, (int)(strlen(base) - 4), base);
        struct ir_str text = slurp(g.gl_pathv[i]), other = slurp(json);
        unsigned n = cells(text, got, 256), k = 0;
        const char *at = other.p;
        for (; next_pair(&at, other.p + other.n, want); k++) {
            fields++;
            bool equal = k < n && strcmp(want, got[k]) == 0;
            good += equal;
            if (!equal) printf("# %s: want %s, got %s\n", base, want, k < n ? got[k] : "nothing");
        }
        if (k != n) ok(false, "%s: %u cells, wanted %u", base, n, k);
        free((char *)text.p);
        free((char *)other.p);
    }
    globfree(&g);
    ok(files > 0 && good == fields, "CSV: %u of %u cells in %u files", good, fields, files);
}

int main(void)
{
    char root[1024];
    if (!ir_tap_shared("data", root, sizeof root)) {
        skip("other projects' samples are not below IR_SHARED");
        return done();
    }
    char path[1100];
    lines_open(&t, "syslog", 1795309300);
    snprintf(path, sizeof path, "%s/crowdsec", root);
    crowdsec(path, "fortinet-vpn-bf", "crowdsecurity/fortinet-logs", "fortigate");
    crowdsec(path, "authelia-logs", "LePresidente/authelia-logs", "logfmt");
    snprintf(path, sizeof path, "%s/csv", root);
    csv(path);
    lines_close(&t);
    return done();
}
