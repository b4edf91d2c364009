/*
 * The parser assertions of crowdsec's samples of CloudTrail, Docker and CRI logs: what they say of
 * an action, its service, an address, an agent and a container's words. Skips without IR_SHARED.
 */
#include "rows.h"

#define LINES_MAX 64u

static const struct {
    const char *dir, *file, *parser, *format;
} samples[] = {
    {"aws-bf", "aws-bf.log", "aws-cloudtrail", "json"},
    {"aws-cloudtrail", "aws-cloudtrail.log", "aws-cloudtrail", "json"},
    {"aws-cloudtrail-postexploit", "aws-cloudtrail-postexploit.log", "aws-cloudtrail", "json"},
    {"aws-nwo-login", "aws-nwo-login.log", "aws-cloudtrail", "json"},
    {"docker-logs", "docker-logs.log", "docker-logs", "json"},
    {"cri-logs", "cri-logs.log", "cri-logs", "cri"},
};

static const struct {
    const char *claim, *field;
} names[] = {
    {".Meta[\"source_ip\"] == \"", "source.ip"},
    {".Meta[\"user_agent\"] == \"", "user_agent.original"},
    {".Meta[\"event_name\"] == \"", "event.action"},
    {".Meta[\"event_source\"] == \"", "event.provider"},
    {".Parsed[\"message\"] == \"", "message"},
    {".Parsed[\"stream\"] == \"", "stream"},
};

static size_t unquote(const char *from, char *buf, size_t cap)
{
    size_t n = 0;
    for (; *from != '\0' && *from != '"' && n + 1 < cap; from++) {
        if (from[0] == '\\' && from[1] == 'n') break; /* a line's end is no part of a message */
        if (*from == '\\' && from[1] != '\0') from++;
        buf[n++] = *from;
    }
    buf[n] = '\0';
    return n;
}

static char text[LINES_MAX][16384];

static unsigned read_lines(const char *path)
{
    unsigned n = 0;
    FILE *f = fopen(path, "r");
    while (f != NULL && n < LINES_MAX && fgets(text[n], sizeof text[n], f) != NULL) {
        text[n][strcspn(text[n], "\r\n")] = '\0';
        n += text[n][0] != '\0';
    }
    if (f != NULL) fclose(f);
    return n;
}

static void compare(const char *root, size_t k, unsigned *good, unsigned *all)
{
    char path[1400], key[128], row[8192], want[8192];
    struct lines t;
    snprintf(path, sizeof path, "%s/%s/%s", root, samples[k].dir, samples[k].file);
    unsigned n = read_lines(path);
    snprintf(path, sizeof path, "%s/%s/parser.assert", root, samples[k].dir);
    snprintf(key, sizeof key, "[\"crowdsecurity/%s\"][", samples[k].parser);
    FILE *f = fopen(path, "r");
    lines_open(&t, samples[k].format, 1795400000);
    while (f != NULL && fgets(row, sizeof row, f) != NULL) {
        const char *at = strstr(row, key);
        unsigned long i = at != NULL ? strtoul(at + strlen(key), NULL, 10) : LINES_MAX;
        if (i >= n) continue;
        for (size_t c = 0; c < sizeof names / sizeof *names; c++) {
            const char *claim = strstr(at, names[c].claim);
            bool whole = strcmp(samples[k].parser, "aws-cloudtrail") == 0 &&
                         strcmp(names[c].field, "message") == 0; /* the line itself */
            if (claim == NULL || whole ||
                unquote(claim + strlen(names[c].claim), want, sizeof want) == 0)
                continue;
            parse_one(&t, ir_str_z(text[i]));
            (*all)++;
            if (ir_str_eq(field_named(&t, names[c].field), ir_str_z(want)))
                (*good)++;
            else
                printf("# %s line %lu: %s is not %s\n", samples[k].dir, i, names[c].field, want);
        }
    }
    if (f != NULL) fclose(f);
    lines_close(&t);
}

int main(void)
{
    char root[1024];
    unsigned good = 0, all = 0;
    if (!ir_tap_shared("data/crowdsec", root, sizeof root)) {
        skip("crowdsec's samples are not below IR_SHARED");
        return done();
    }
    for (size_t k = 0; k < sizeof samples / sizeof *samples; k++)
        compare(root, k, &good, &all);
    ok(all >= 10 && good * 100 >= all * 98, "%u of %u claims agree", good, all);
    return done();
}
