/*
 * Logs of every family for the bench: lines made of templates with places for values.
 *
 *     lines MB TEMPLATES >LOG
 *
 * A line of TEMPLATES is a record; `{{nl}}` breaks it into several lines, `{{head}}` before it
 * writes it once, at the start, and `{{times:N}}` makes it come N times as often. `{{t:FORMAT}}` is
 * the time with strftime's letters (and {{ms}}, {{us}}, {{epoch}} what it lacks); values are drawn
 * anew for each record, the same value again when a name comes twice with the same argument: see
 * `values` below. The same arguments give the same bytes on any machine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/io.h"
#include "base/str.h"

#define TEMPLATES_MAX 400u
#define START_S       INT64_C(1790000000) /* 2026-09-21 */
#define STEP_US       40000u
#define MEMORY_MAX    32u

struct record {
    uint64_t random;
    int64_t us; /* since 1970, UTC */
    uint64_t number;
    struct memory {
        struct ir_str place;
        uint64_t drawn;
    } seen[MEMORY_MAX];
    unsigned nseen;
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 11;
}

/* One draw a name and argument in a record. */
static uint64_t draw(struct record *r, struct ir_str place)
{
    for (unsigned i = 0; i < r->nseen; i++)
        if (ir_str_eq(r->seen[i].place, place)) return r->seen[i].drawn;
    uint64_t v = next_random(&r->random);
    if (r->nseen < MEMORY_MAX) r->seen[r->nseen++] = (struct memory){place, v};
    return v;
}

static const char *const users[] = {"mori",  "sato",   "tanaka", "suzuki", "kato", "ito",
                                    "admin", "backup", "deploy", "yamada", "root", "watanabe"};
static const char *const hosts[] = {"web01", "web02", "mail", "db01", "fs01", "gw", "build", "vpn"};
static const char *const domains[] = {
    "shop.example.jp", "www.example.com",    "cdn.example.net",     "mail.example.org",
    "api.example.com", "update.example.net", "intranet.example.jp", "img.example.com"};
static const char *const paths[] = {"/",
                                    "/index.html",
                                    "/img/items/small.jpg",
                                    "/css/style.css?v=3",
                                    "/api/v1/orders?page=2&size=50",
                                    "/basket/add",
                                    "/search?q=t%C3%BCr&lang=ja",
                                    "/js/app.min.js",
                                    "/news/2026/09/autumn-sale.html",
                                    "/favicon.ico",
                                    "/wp-content/uploads/2026/08/plan.pdf",
                                    "/login"};
static const char *const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; examplebot/2.1; +http://bot.example/)", "curl/8.5.0"};
static const char *const sites[] = {"/srv/www/shop/index.php", "/srv/www/app/lib/order.php",
                                    "/usr/share/nginx/html/favicon.ico", "/var/www/html/login.php"};

static void put_pick(struct ir_str choices, uint64_t v)
{
    size_t n = 1;
    for (size_t i = 0; i < choices.n; i++)
        n += choices.p[i] == '|';
    struct ir_str word = choices;
    for (v %= n, v++; v > 0; v--)
        word = ir_str_cut(&choices, '|');
    fwrite(word.p, 1, word.n, stdout);
}

static void put_hex(uint64_t v, uint64_t digits)
{
    uint64_t s = v | 1;
    for (uint64_t i = 0; i < digits; i++)
        putchar_unlocked("0123456789abcdef"[next_random(&s) % 16]);
}

static void put_part(const struct tm *tm, char part)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char days[] = "SunMonTueWedThuFriSat";
    switch (part) {
    case 'Y': printf("%04d", tm->tm_year + 1900); break;
    case 'm': printf("%02d", tm->tm_mon + 1); break;
    case 'd': printf("%02d", tm->tm_mday); break;
    case 'e': printf("%2d", tm->tm_mday); break;
    case 'H': printf("%02d", tm->tm_hour); break;
    case 'M': printf("%02d", tm->tm_min); break;
    case 'S': printf("%02d", tm->tm_sec); break;
    case 'b': fwrite(months + (size_t)tm->tm_mon * 3, 1, 3, stdout); break;
    case 'a': fwrite(days + (size_t)tm->tm_wday * 3, 1, 3, stdout); break;
    default: exit(2);
    }
}

static void put_time(const struct record *r, struct ir_str format)
{
    struct tm tm;
    time_t sec = (time_t)(r->us / 1000000);
    gmtime_r(&sec, &tm);
    for (size_t i = 0; i < format.n; i++) {
        if (format.p[i] == '%' && i + 1 < format.n)
            put_part(&tm, format.p[++i]);
        else
            putchar_unlocked(format.p[i]);
    }
}

#define PICK(list, v) fputs((list)[(v) % (sizeof(list) / sizeof *(list))], stdout)

/* Most addresses of the outside come from few neighbours, as they do in real logs. */
static void put_address(struct ir_str name, uint64_t v)
{
    const unsigned few = v % 3 ? (unsigned)(v >> 8) % 60 : (unsigned)(v >> 8) % 60000;
    if (ir_str_eq(name, IR_S("lan")))
        printf("192.168.%u.%u", (unsigned)(v >> 8) % 4, 2 + (unsigned)(v >> 16) % 250);
    else if (ir_str_eq(name, IR_S("ip6")))
        printf("2001:db8:%x::%x", (unsigned)(v >> 8) % 64, 1 + (unsigned)(v >> 16) % 4000);
    else
        printf("%u.%u.%u.%u", 11 + few % 180, few * 7 % 251, few / 256, 1 + few % 250);
}

static bool put_text(struct ir_str name, uint64_t v)
{
    if (ir_str_eq(name, IR_S("user")))
        PICK(users, v);
    else if (ir_str_eq(name, IR_S("host")))
        PICK(hosts, v);
    else if (ir_str_eq(name, IR_S("domain")))
        PICK(domains, v);
    else if (ir_str_eq(name, IR_S("path")))
        PICK(paths, v);
    else if (ir_str_eq(name, IR_S("agent")))
        PICK(agents, v);
    else if (ir_str_eq(name, IR_S("site")))
        PICK(sites, v);
    else
        return false;
    return true;
}

static bool put_value(struct record *r, struct ir_str name, struct ir_str arg, uint64_t v)
{
    uint64_t n = 0;
    const bool number = ir_str_u64(arg, &n);
    if (ir_str_eq(name, IR_S("ip")) || ir_str_eq(name, IR_S("lan")) || ir_str_eq(name, IR_S("ip6")))
        put_address(name, v);
    else if (ir_str_eq(name, IR_S("n")))
        printf("%" PRIu64, v % (number && n > 0 ? n : 100000));
    else if (ir_str_eq(name, IR_S("port")))
        printf("%" PRIu64, 1024 + v % 64000);
    else if (ir_str_eq(name, IR_S("count")))
        printf("%" PRIu64, r->number);
    else if (ir_str_eq(name, IR_S("hex")))
        put_hex(v, n);
    else if (ir_str_eq(name, IR_S("mac")))
        printf("00:00:5e:00:%02x:%02x", (unsigned)(v >> 8) % 256, (unsigned)v % 256);
    else if (ir_str_eq(name, IR_S("pick")))
        put_pick(arg, v);
    else
        return put_text(name, v);
    return true;
}

static void put_place(struct record *r, struct ir_str place)
{
    struct ir_str arg = place, name = ir_str_cut(&arg, ':');
    if (ir_str_eq(name, IR_S("nl")))
        putchar_unlocked('\n');
    else if (ir_str_eq(name, IR_S("t")))
        put_time(r, arg);
    else if (ir_str_eq(name, IR_S("ms")))
        printf("%03d", (int)(r->us / 1000 % 1000));
    else if (ir_str_eq(name, IR_S("us")))
        printf("%06d", (int)(r->us % 1000000));
    else if (ir_str_eq(name, IR_S("epoch")))
        printf("%" PRId64, r->us / 1000000);
    else if (!put_value(r, name, arg, draw(r, place))) {
        fprintf(stderr, "lines: no such value: %.*s\n", (int)place.n, place.p);
        exit(2);
    }
}

static void put_record(struct record *r, struct ir_str t)
{
    r->nseen = 0;
    while (t.n > 0) {
        size_t at = ir_str_find(t, IR_S("{{"));
        size_t end = at == IR_NPOS ? IR_NPOS : ir_str_find(ir_str_skip(t, at), IR_S("}}"));
        if (end == IR_NPOS) break;
        fwrite(t.p, 1, at, stdout);
        put_place(r, ir_str_head(ir_str_skip(t, at + 2), end - 2));
        t = ir_str_skip(t, at + end + 2);
    }
    fwrite(t.p, 1, t.n, stdout);
    putchar_unlocked('\n');
}

/* Takes `{{times:N}}` off; 1 when there is none. */
static unsigned take_times(struct ir_str *t)
{
    static const struct ir_str mark = {"{{times:", 8};
    uint64_t n = 1;
    size_t end = ir_str_find(*t, IR_S("}}"));
    if (!ir_str_starts(*t, mark) || end == IR_NPOS) return 1;
    if (!ir_str_u64(ir_str_head(ir_str_skip(*t, mark.n), end - mark.n), &n) || n > 100) exit(2);
    *t = ir_str_skip(*t, end + 2);
    return (unsigned)n;
}

int main(int argc, char **argv)
{
    static struct ir_str list[TEMPLATES_MAX];
    static char text[1 << 18];
    struct record r = {.random = UINT64_C(0x2545f4914f6cdd1d), .us = START_S * 1000000};
    unsigned n = 0;
    uint64_t mb = 0;
    FILE *f = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (f == NULL || !ir_str_u64(ir_str_z(argv[1]), &mb) || ftello(stdout) < 0) {
        fputs("usage: lines MB TEMPLATES >LOG (a file)\n", stderr);
        return 2;
    }
    struct ir_str rest = ir_str_n(text, fread(text, 1, sizeof text, f));
    fclose(f);
    while (rest.n > 0) {
        struct ir_str t = ir_str_cut(&rest, '\n');
        if (ir_str_starts(t, IR_S("{{head}}"))) {
            put_record(&r, ir_str_skip(t, 8));
            continue;
        }
        for (unsigned times = take_times(&t); times > 0 && t.n > 0 && n < TEMPLATES_MAX; times--)
            list[n++] = t;
    }
    if (n == 0) return 2;
    for (; (uint64_t)ftello(stdout) < mb * 1000000; r.number++) {
        r.us += (int64_t)(next_random(&r.random) % STEP_US);
        put_record(&r, list[next_random(&r.random) % n]);
    }
    return fflush(stdout) == 0 ? 0 : 4;
}
