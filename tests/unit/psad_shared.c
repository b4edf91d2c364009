/*
 * psad's logs of firewalls: addresses, ports and TCP flags of each line. Skips without IR_SHARED.
 */
#include "samples.h"

#define ANCHOR INT64_C(1795392000)

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

static bool agrees(const struct lines *t, const char *text)
{
    return same(t, IR_F_SOURCE_IP, text, " SRC=") && same(t, IR_F_DESTINATION_IP, text, " DST=") &&
           same(t, IR_F_SOURCE_PORT, text, " SPT=") &&
           same(t, IR_F_DESTINATION_PORT, text, " DPT=") && flags_agree(t, text) &&
           has_source(t, IR_LS_FIREWALL);
}

int main(void)
{
    char buf[4096];
    glob_t g;
    if (!sample_files("data/firewall/psad", "*", &g)) {
        skip("psad's logs are not below IR_SHARED");
        return done();
    }
    for (size_t i = 0; i < g.gl_pathc; i++) {
        struct score score = {0};
        struct lines t;
        FILE *f = fopen(g.gl_pathv[i], "r");
        if (!ok(f != NULL, "open %s", g.gl_pathv[i])) continue;
        lines_open(&t, "syslog", ANCHOR);
        while (fgets(buf, sizeof buf, f) != NULL) {
            buf[strcspn(buf, "\r\n")] = '\0';
            if (strstr(buf, " SRC=") == NULL) continue;
            line(&t, buf);
            bool good = agrees(&t, buf);
            score_add(&score, good);
            if (!good) printf("# %s\n", buf);
        }
        ok(score.all > 0, "%s has packets", strrchr(g.gl_pathv[i], '/'));
        is_int(score.good, score.all, "addresses, ports and flags of each line");
        fclose(f);
        lines_close(&t);
    }
    globfree(&g);
    return done();
}
