/*
 * Makes a log of a given size for tests/bench/run.sh, the same bytes on each run.
 *
 *     gen syslog MB [FILE…]    lines of FILEs with new stamps, pids, addresses, ports, users
 *     gen access MB [FILE…]    lines of FILEs with new addresses and stamps
 *     gen repeat MB [FILE…]    the lines of FILEs again and again (JSON lines of Windows events)
 *
 * Without FILEs the lines of our own below are used. Lines are taken in short runs, so that a burst
 * stays a burst: one address, user and process a run. Stamps ascend over 300 days. Not a generator
 * of evidence: nothing here is meant to be found.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/str.h"

#define SPAN_S (300 * 86400)

static const char *const own_syslog[] = {
    "web1 sshd[812]: Failed password for invalid user oracle from 192.0.2.7 port 40122 ssh2",
    "web1 sshd[812]: Invalid user oracle from 192.0.2.7 port 40122",
    "web1 sshd[812]: Received disconnect from 192.0.2.7 port 40122:11: Bye Bye [preauth]",
    "web1 sshd[812]: Disconnected from 192.0.2.7 port 40122 [preauth]",
    "web1 sshd[913]: Failed password for root from 198.51.100.20 port 51514 ssh2",
    "web1 sshd[913]: Connection closed by 198.51.100.20 port 51514 [preauth]",
    "web1 sshd[914]: Accepted publickey for deploy from 203.0.113.4 port 50022 ssh2: ED25519 "
    "SHA256:aGVyZSBpcyBubyByZWFsIGtleSBhdCBhbGwgc28gdGhlcmU",
    "web1 sshd[914]: pam_unix(sshd:session): session opened for user deploy by (uid=0)",
    "web1 CRON[1201]: pam_unix(cron:session): session opened for user root by (uid=0)",
    "web1 CRON[1202]: (root) CMD (test -x /usr/sbin/anacron || run-parts /etc/cron.daily)",
    "web1 CRON[1201]: pam_unix(cron:session): session closed for user root",
    "web1 sudo[1300]:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; "
    "COMMAND=/bin/systemctl restart nginx",
    "web1 systemd[1]: Started Session 44 of user deploy.",
    "web1 systemd[1]: nginx.service: Succeeded.",
    "web1 kernel: [182.113202] IN=eth0 OUT= SRC=192.0.2.99 DST=203.0.113.9 LEN=40 TOS=0x00 "
    "PREC=0x00 TTL=244 ID=54321 PROTO=TCP SPT=40000 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0",
    "web1 postfix/smtpd[1410]: connect from unknown[192.0.2.44]",
    "web1 postfix/smtpd[1410]: disconnect from unknown[192.0.2.44] ehlo=1 auth=0/1 commands=1/2",
    "web1 dhclient[640]: DHCPACK of 10.0.0.14 from 10.0.0.1",
};

static const char *const own_access[] = {
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0 "
    "(X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"",
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"GET /style.css?v=3 HTTP/1.1\" 200 812 "
    "\"https://shop.example/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
    "Firefox/128.0\"",
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"GET /images/items/4711_small.jpg HTTP/1.1\" 200 "
    "20481 \"https://shop.example/items?page=2\" \"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like "
    "Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1\"",
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"POST /basket HTTP/1.1\" 302 0 "
    "\"https://shop.example/items/4711\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36\"",
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"GET /suche?q=t%C3%BCr HTTP/1.1\" 200 9120 \"-\" "
    "\"Mozilla/5.0 (compatible; examplebot/2.1; +http://bot.example/)\"",
    "192.0.2.1 - - [01/Jan/2025:00:00:00 +0000] \"GET /wp-login.php HTTP/1.1\" 404 196 \"-\" \"-\"",
};

static const char *const own_windows[] = {
    "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":10,\"Hostname\":"
    "\"PC7.office.example\",\"@timestamp\":\"2025-03-04T08:15:30.123Z\",\"SourceImage\":\"C:\\\\"
    "Windows\\\\system32\\\\svchost.exe\",\"TargetImage\":\"C:\\\\Program Files\\\\Editor\\\\"
    "editor.exe\",\"GrantedAccess\":\"0x1000\",\"CallTrace\":\"C:\\\\Windows\\\\SYSTEM32\\\\"
    "ntdll.dll+9d1e4|C:\\\\Windows\\\\System32\\\\KERNELBASE.dll+2c13e\",\"Message\":\"Process "
    "accessed:\\r\\nSourceImage: C:\\\\Windows\\\\system32\\\\svchost.exe\\r\\nGrantedAccess: "
    "0x1000\"}",
    "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Hostname\":"
    "\"PC7.office.example\",\"@timestamp\":\"2025-03-04T08:15:31.001Z\",\"Image\":\"C:\\\\Windows"
    "\\\\System32\\\\notepad.exe\",\"CommandLine\":\"\\\"C:\\\\Windows\\\\System32\\\\notepad.exe"
    "\\\" C:\\\\Users\\\\mori\\\\list.txt\",\"ParentImage\":\"C:\\\\Windows\\\\explorer.exe\","
    "\"User\":\"OFFICE\\\\mori\",\"IntegrityLevel\":\"Medium\",\"ProcessId\":\"4120\"}",
    "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":13,\"Hostname\":"
    "\"PC7.office.example\",\"@timestamp\":\"2025-03-04T08:15:31.530Z\",\"EventType\":\"SetValue\","
    "\"Image\":\"C:\\\\Windows\\\\system32\\\\lsass.exe\",\"TargetObject\":\"HKLM\\\\System\\\\"
    "CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters\\\\Domain\",\"Details\":\"office."
    "example\"}",
    "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":7,\"Hostname\":"
    "\"PC7.office.example\",\"@timestamp\":\"2025-03-04T08:15:32.730Z\",\"Image\":\"C:\\\\Program "
    "Files\\\\Editor\\\\editor.exe\",\"ImageLoaded\":\"C:\\\\Windows\\\\System32\\\\sechost.dll\","
    "\"Company\":\"Microsoft Corporation\",\"Signed\":\"true\",\"Hashes\":\"SHA1=0102030405060708"
    "090A0B0C0D0E0F1011121314\",\"SignatureStatus\":\"Valid\"}",
    "{\"Channel\":\"Security\",\"EventID\":4624,\"Hostname\":\"DC1.office.example\",\"@timestamp\":"
    "\"2025-03-04T08:15:33.002Z\",\"TargetUserName\":\"mori\",\"TargetDomainName\":\"OFFICE\","
    "\"LogonType\":\"3\",\"IpAddress\":\"10.0.0.14\",\"IpPort\":\"50231\",\"LogonProcessName\":"
    "\"Kerberos\",\"AuthenticationPackageName\":\"Kerberos\",\"SubjectUserSid\":\"S-1-0-0\"}",
};

struct lines {
    struct ir_str *v;
    size_t n, cap, bytes;
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 11;
}

static void add(struct lines *l, struct ir_str s)
{
    while (s.n > 0 && s.p[s.n - 1] == '\r')
        s.n--;
    if (s.n == 0) return;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 4096;
        l->v = realloc(l->v, l->cap * sizeof *l->v);
        if (l->v == NULL) exit(4);
    }
    l->v[l->n++] = s;
    l->bytes += s.n + 1;
}

static void add_file(struct lines *l, const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fstat(fileno(f), &st) != 0) {
        perror(path);
        exit(4);
    }
    size_t n = (size_t)st.st_size;
    char *p = malloc(n + 1);
    if (p == NULL || fread(p, 1, n, f) != n) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(4);
    }
    fclose(f);
    struct ir_str rest = ir_str_n(p, n); /* kept: the lines point into it */
    while (rest.n > 0)
        add(l, ir_str_cut(&rest, '\n'));
}

/* What one run of lines has in common. */
struct burst {
    char ip[16], user[16];
    unsigned pid, port;
    bool same_user;
};

static void new_burst(struct burst *b, uint64_t *rnd)
{
    static const char *const users[] = {"root",   "admin", "oracle", "test", "postgres",
                                        "deploy", "git",   "mori",   "guest"};
    /* two thirds of all bursts come from few addresses */
    uint64_t ip = next_random(rnd) % 3 ? next_random(rnd) % 40 : next_random(rnd) % 20000;
    snprintf(b->ip, sizeof b->ip, "%u.%u.%u.%u", 11 + (unsigned)(ip % 180),
             (unsigned)(ip * 7 % 251), (unsigned)(ip / 256 % 256), 1 + (unsigned)(ip % 250));
    snprintf(b->user, sizeof b->user, "%s", users[next_random(rnd) % 9]);
    b->pid = 300 + (unsigned)(next_random(rnd) % 32000);
    b->port = 1024 + (unsigned)(next_random(rnd) % 60000);
    b->same_user = next_random(rnd) % 2 == 0;
}

static size_t digits(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && ir_isdigit(s.p[n]))
        n++;
    return n;
}

static size_t ip_length(struct ir_str s)
{
    size_t n = 0;
    for (int part = 0; part < 4; part++) {
        size_t d = digits(ir_str_skip(s, n));
        if (d == 0 || d > 3) return 0;
        n += d;
        if (part < 3 && (n >= s.n || s.p[n++] != '.')) return 0;
    }
    return n;
}

/* A line's text with the burst's values in the places of its own. */
static void put_varied(struct ir_str s, const struct burst *b)
{
    char before = ' ';
    while (s.n > 0) {
        size_t skip = 0;
        bool digit = ir_isdigit(s.p[0]) && !ir_isalnum(before) && before != '.';
        if (digit && (skip = ip_length(s)) > 0) {
            fputs(b->ip, stdout);
        } else if (ir_str_starts(s, IR_S("port ")) && (skip = digits(ir_str_skip(s, 5))) > 0) {
            printf("port %u", b->port);
            skip += 5;
        } else if (before == '[' && digit && (skip = digits(s)) > 0 && s.n > skip &&
                   s.p[skip] == ']') {
            printf("%u", b->pid);
        } else if (ir_str_starts(s, IR_S(" user ")) && b->same_user && s.n > 6 &&
                   ir_isalpha(s.p[6])) {
            printf(" user %s", b->user);
            for (skip = 6; skip < s.n && ir_isalnum(s.p[skip]);)
                skip++;
        } else {
            putchar_unlocked(s.p[0]);
            skip = 1;
        }
        before = s.p[skip - 1];
        s = ir_str_skip(s, skip);
    }
    putchar_unlocked('\n');
}

static void put_stamp(bool access, int64_t t)
{
    char text[64];
    struct tm tm;
    time_t sec = (time_t)t;
    gmtime_r(&sec, &tm);
    size_t n = access ? strftime(text, sizeof text, "[%d/%b/%Y:%H:%M:%S +0000]", &tm)
                      : strftime(text, sizeof text, "%b %e %H:%M:%S ", &tm);
    fwrite(text, 1, n, stdout);
}

static void put_access(struct ir_str line, const struct burst *b, int64_t t)
{
    size_t open = ir_str_chr(line, '['), close = ir_str_chr(line, ']');
    size_t blank = ir_str_chr(line, ' ');
    if (open == IR_NPOS || close == IR_NPOS || close < open || blank > open) return;
    struct ir_str users = ir_str_head(ir_str_skip(line, blank), open - blank);
    printf("%s%.*s", b->ip, (int)users.n, users.p);
    put_stamp(true, t);
    struct ir_str rest = ir_str_skip(line, close + 1);
    fwrite(rest.p, 1, rest.n, stdout);
    putchar_unlocked('\n');
}

/* The text behind "Jun 14 15:16:01 " of a real line. */
static struct ir_str behind_stamp(struct ir_str s)
{
    return s.n > 16 && s.p[9] == ':' && s.p[12] == ':' ? ir_str_skip(s, 16) : s;
}

static void vary(const struct lines *l, bool access, int64_t want)
{
    uint64_t rnd = UINT64_C(0x2545f4914f6cdd1d);
    int64_t done = 0;
    struct burst b;
    size_t at = 0, left = 0;
    while ((done = (int64_t)ftello(stdout)) < want) {
        if (left == 0) {
            left = 4 + next_random(&rnd) % 24;
            at = next_random(&rnd) % l->n;
            new_burst(&b, &rnd);
        }
        /* 2025-01-01 and on: as far in the year as in the file */
        int64_t t = INT64_C(1735689600) + (int64_t)((double)done / (double)want * SPAN_S);
        if (access) {
            put_access(l->v[at], &b, t);
        } else {
            put_stamp(false, t);
            put_varied(behind_stamp(l->v[at]), &b);
        }
        at = (at + 1) % l->n;
        left--;
    }
}

static void repeat(const struct lines *l, int64_t want)
{
    int64_t done = 0;
    for (size_t i = 0; done < want; i = (i + 1) % l->n) {
        fwrite(l->v[i].p, 1, l->v[i].n, stdout);
        putchar_unlocked('\n');
        done += (int64_t)l->v[i].n + 1;
    }
}

int main(int argc, char **argv)
{
    struct lines l = {0};
    char *end;
    if (argc < 3) return 2;
    const char *kind = argv[1];
    const int64_t want = (int64_t)strtoll(argv[2], &end, 10) * 1000000;
    const bool access = strcmp(kind, "access") == 0, syslog = strcmp(kind, "syslog") == 0;
    if (*end != '\0' || want <= 0) return 2;
    if (ftello(stdout) < 0) { /* the size is counted by it */
        fputs("gen: standard output must be a file\n", stderr);
        return 2;
    }
    for (int i = 3; i < argc; i++)
        add_file(&l, argv[i]);
    const char *const *own = syslog ? own_syslog : access ? own_access : own_windows;
    size_t n = syslog   ? sizeof own_syslog / sizeof *own
               : access ? sizeof own_access / sizeof *own
                        : sizeof own_windows / sizeof *own;
    if (argc > 3) n = 0;
    for (size_t i = 0; i < n; i++)
        add(&l, ir_str_z(own[i]));
    if (l.n == 0) return 2;
    if (syslog || access)
        vary(&l, access, want);
    else
        repeat(&l, want);
    return fflush(stdout) == 0 ? 0 : 4;
}
