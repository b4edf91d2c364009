/*
 * The sshd samples of fail2ban: whom each line blames. A line that is expected to match must give a
 * time and the host, also where the address stands in an earlier line of the same connection; a
 * line that must not match may not prove a failure of an address.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1124020800) /* 2005-08-14T12:00:00Z, as the samples assume */

struct expect {
    bool match;
    char host[128], time[32];
};

static bool json_text(const char *json, const char *key, char *buf, size_t cap)
{
    const char *p = strstr(json, key);
    buf[0] = '\0';
    if (p == NULL || (p = strchr(p + strlen(key), '"')) == NULL) return false;
    const char *end = strchr(++p, '"');
    if (end == NULL || (size_t)(end - p) >= cap) return false;
    memcpy(buf, p, (size_t)(end - p));
    buf[end - p] = '\0';
    return true;
}

static struct ir_str blamed(const struct lines *t)
{
    struct ir_str ip = field(t, IR_F_SOURCE_IP);
    return ip.p != NULL ? ip : field(t, IR_F_SOURCE_DOMAIN);
}

/* Stamps without a zone are compared as they stand; the others were written for Central Europe. */
static void check_time(const struct lines *t, const struct expect *e, const char *text)
{
    char buf[IR_TIME_TEXT];
    int64_t ns;
    bool zone;
    if (!ok(t->ev->flags & IR_EV_TIME, "has a time: %s", text)) return;
    if (!(t->ev->flags & IR_EV_ZONE_KNOWN)) {
        const char *got = when(t, buf);
        ok(strncmp(got, e->time, 19) == 0, "%.19s is %s: %s", got, e->time, text);
        return;
    }
    ir_time_parse_iso(ir_str_z(e->time), &ns, &zone);
    int64_t diff = ns / IR_NS - t->ev->time / IR_NS;
    ok(diff == 3600 || diff == 7200, "zone of %s is kept: %s", e->time, text);
}

static int check_line(struct lines *t, const struct expect *e, const char *text)
{
    line(t, text);
    ok(ir_str_eq(ir_str_z(t->took->name), IR_S("syslog")), "is syslog: %s", text);
    struct ir_str host = blamed(t), outcome = field(t, IR_F_EVENT_OUTCOME);
    if (!e->match) {
        ok(host.p == NULL || !ir_str_eq(outcome, IR_S("failure")), "blames nobody: %s", text);
        return 0;
    }
    if (e->time[0] != '\0') check_time(t, e, text);
    if (e->host[0] == '\0') return 0;
    if (host.p == NULL && strstr(text, e->host) == NULL) return 1;
    is_str(host, e->host, "host of %s", text);
    return 0;
}

static int check_file(struct lines *t, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!ok(f != NULL, "open %s", path)) return 0;
    struct expect e = {0};
    bool armed = false;
    static char text[1 << 18]; /* stays: what a connection's first line says is kept as views */
    static struct ir_peers peers;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    peers = (struct ir_peers){0};
    t->parser.peers = &peers;
    int without = 0;
    for (char *buf = text, *end; *buf != '\0'; buf = end) {
        end = buf + strcspn(buf, "\n");
        if (*end != '\0') *end++ = '\0';
        buf[strcspn(buf, "\r")] = '\0';
        if (strstr(buf, "failJSON:") != NULL) {
            e.match = strstr(buf, "\"match\": true") != NULL;
            json_text(buf, "\"host\":", e.host, sizeof e.host);
            json_text(buf, "\"time\":", e.time, sizeof e.time);
            armed = true;
        } else if (buf[0] != '#' && buf[0] != '\0' && armed) {
            without += check_line(t, &e, buf);
            armed = false;
        }
    }
    fclose(f);
    return without;
}

int main(void)
{
    static const char *const files[] = {"data/fail2ban/sshd", "data/fail2ban/sshd-journal"};
    for (size_t i = 0; i < 2; i++) {
        char path[1024];
        struct lines t;
        if (!ir_tap_shared(files[i], path, sizeof path)) {
            skip("fail2ban's samples are not below IR_SHARED");
            continue;
        }
        lines_open(&t, "syslog", ANCHOR);
        int without = check_file(&t, path);
        is_int(without, 0, "lines without an address");
        lines_close(&t);
    }
    return done();
}
