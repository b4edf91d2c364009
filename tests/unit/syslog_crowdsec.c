/*
 * The parser assertions of crowdsec's ssh samples: program, pid, host, address and user of each
 * line that they name, found by its message.
 */
#include <glob.h>

#include "syslog_test.h"

#define RECORDS_MAX 256

struct record {
    char message[512], pid[16], program[64], ip[64], user[64], machine[128];
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

static void take(const char *row, const char *key, char *buf, size_t cap)
{
    const char *p = strstr(row, key);
    if (p != NULL && (p = strstr(p, "== \"")) != NULL) unquote(p + 4, buf, cap);
}

static unsigned read_asserts(const char *path, struct record *r)
{
    char row[4096];
    unsigned max = 0;
    FILE *f = fopen(path, "r");
    if (f == NULL) return 0;
    while (fgets(row, sizeof row, f) != NULL) {
        const char *at = strstr(row, "[\"s01-parse\"][\"crowdsecurity/sshd-logs\"][");
        if (at == NULL) continue;
        unsigned long i = strtoul(at + 41, NULL, 10);
        if (i >= RECORDS_MAX) continue;
        if (i + 1 > max) max = (unsigned)i + 1;
        take(row, "Parsed[\"message\"]", r[i].message, sizeof r[i].message);
        take(row, "Parsed[\"pid\"]", r[i].pid, sizeof r[i].pid);
        take(row, "Parsed[\"program\"]", r[i].program, sizeof r[i].program);
        take(row, "Parsed[\"sshd_client_ip\"]", r[i].ip, sizeof r[i].ip);
        take(row, "Parsed[\"sshd_invalid_user\"]", r[i].user, sizeof r[i].user);
        take(row, "Parsed[\"sshd_auth_user\"]", r[i].user, sizeof r[i].user);
        take(row, "Meta[\"machine\"]", r[i].machine, sizeof r[i].machine);
    }
    fclose(f);
    return max;
}

static void compare(const struct lines *t, const struct record *r)
{
    is_str(field(t, IR_F_PROCESS_PID), r->pid, "pid of %s", r->message);
    is_str(field(t, IR_F_PROCESS_NAME), r->program, "program of %s", r->message);
    is_str(field(t, IR_F_SOURCE_IP), r->ip, "address of %s", r->message);
    if (r->user[0] != '\0') is_str(field(t, IR_F_USER_NAME), r->user, "user of %s", r->message);
    if (r->machine[0] != '\0')
        is_str(field(t, IR_F_HOST_NAME), r->machine, "host of %s", r->message);
}

static unsigned check_dir(const char *asserts, const char *log)
{
    static struct record r[RECORDS_MAX];
    char buf[4096];
    struct lines t;
    unsigned found = 0, n;
    memset(r, 0, sizeof r);
    n = read_asserts(asserts, r);
    FILE *f = fopen(log, "r");
    if (n == 0 || f == NULL) {
        if (f != NULL) fclose(f);
        return 0;
    }
    lines_open(&t, "syslog", INT64_C(1767225600));
    while (fgets(buf, sizeof buf, f) != NULL) {
        buf[strcspn(buf, "\r\n")] = '\0';
        line(&t, buf);
        for (unsigned i = 0; i < n; i++) {
            if (r[i].message[0] == '\0' ||
                !ir_str_eq(field(&t, IR_F_MESSAGE), ir_str_z(r[i].message)))
                continue;
            compare(&t, &r[i]);
            r[i].message[0] = '\1'; /* done */
            found++;
            break;
        }
    }
    unsigned want = found; /* records without a message are lines that the parser must refuse */
    for (unsigned i = 0; i < n; i++)
        want += r[i].message[0] > '\1';
    is_int(found, want, "records found in %s", log);
    lines_close(&t);
    fclose(f);
    return found;
}

int main(void)
{
    char root[1024], pattern[1100];
    unsigned found = 0;
    glob_t g = {0};
    if (!ir_tap_shared("data/crowdsec", root, sizeof root)) {
        skip("crowdsec's samples are not below IR_SHARED");
        return done();
    }
    snprintf(pattern, sizeof pattern, "%s/ssh*/*.log", root);
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        char asserts[2048];
        snprintf(asserts, sizeof asserts, "%.*s/parser.assert",
                 (int)(strrchr(g.gl_pathv[i], '/') - g.gl_pathv[i]), g.gl_pathv[i]);
        found += check_dir(asserts, g.gl_pathv[i]);
    }
    globfree(&g);
    ok(found >= 25, "%u records compared", found);
    return done();
}
