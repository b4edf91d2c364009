/*
 * base/ip: addresses and networks as logs write them, and the refusal of what two readers could
 * read in two ways.
 */
#include "base/ip.h"

#include "tests/tap.h"

static void good(void)
{
    static const struct {
        const char *text, *want; /* RFC 5952 */
        int v4;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", 1},
        {"0.0.0.0", "0.0.0.0", 1},
        {"255.255.255.255", "255.255.255.255", 1},
        {"192.030.0.6", "192.30.0.6", 1},
        {"010.000.000.001", "10.0.0.1", 1},
        {"1.2.3.4", "1.2.3.4", 1},
        {"::", "::", 0},
        {"::1", "::1", 0},
        {"1::", "1::", 0},
        {"2001:DB8::1", "2001:db8::1", 0},
        {"2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1", 0},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 0},
        {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 0},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1", 0},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 0},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", 0},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 0},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", 0},
        {"1:0:0:0:0:0:0:0", "1::", 0},
        {"0:0:0:0:0:0:0:1", "::1", 0},
        {"::ffff:192.0.2.1", "192.0.2.1", 0},
        {"::FFFF:c000:0201", "192.0.2.1", 0},
        {"64:ff9b::192.0.2.33", "64:ff9b::c000:221", 0},
        {"::192.0.2.1", "::c000:201", 0},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", 0},
        {"fe80::1%eth0", "fe80::1", 0},
        {"fe80::1%12", "fe80::1", 0},
        {"fe80::1%enp0s31f6.100", "fe80::1", 0},
        {"[2001:db8::1]", "2001:db8::1", 0},
        {"[fe80::1%eth0]", "fe80::1", 0},
        {"[::ffff:10.0.0.1]", "10.0.0.1", 0},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
    };
    char buf[46];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_ip ip;
        if (!ok(ir_ip_parse(ir_str_z(cases[i].text), &ip), "read %s", cases[i].text)) continue;
        is_str(ir_str_n(buf, ir_ip_text(&ip, buf)), cases[i].want, "text of %s", cases[i].text);
        is_int(ip.v4, cases[i].v4, "%s is IPv%d", cases[i].text, cases[i].v4 ? 4 : 6);
    }
}

static void bad(void)
{
    static const char *const cases[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1..2.3",
        "256.1.1.1",
        "1.1.1.256",
        "1.1.1.0001",
        "1.1.1.999",
        "0x1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.-4",
        "1.2.3.a",
        "2130706433",
        "[1.2.3.4]",
        "1.2.3.4%eth0",
        "1.2.3.4:80",
        ":",
        ":::",
        ":1",
        "1:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7:8:",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        "1:::2",
        "12345::",
        "g::1",
        "::1.2.3",
        "::1.2.3.256",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4:5",
        "fe80::1%",
        "fe80::1%eth 0",
        "fe80::1%a%b",
        "%eth0",
        "[::1",
        "::1]",
        "[]",
        "[[::1]]",
        "[::1]:80",
        "::1/64",
        "localhost",
        "-",
        "1.2.3.\xb2",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_ip ip;
        ok(!ir_ip_parse(ir_str_z(cases[i]), &ip), "refuse \"%s\"", cases[i]);
    }
    struct ir_ip ip;
    ok(!ir_ip_parse(ir_str_n("1.2.3.4\0", 8), &ip), "refuse a NUL behind it");
    ok(!ir_ip_parse(ir_str_n("1.2.3.44", 5), &ip), "a view ends where it ends");
    ok(!ir_ip_parse(ir_str_n(NULL, 0), &ip), "refuse no view at all");
}

static void networks(void)
{
    static const struct {
        const char *net, *ip;
        int has; /* -1: the net itself is refused */
    } cases[] = {
        {"10.0.0.0/8", "10.255.255.255", 1},
        {"10.0.0.0/8", "11.0.0.0", 0},
        {"10.0.0.0/8", "9.255.255.255", 0},
        {"10.20.30.40/8", "10.1.1.1", 1},
        {"192.168.4.0/22", "192.168.7.255", 1},
        {"192.168.4.0/22", "192.168.8.0", 0},
        {"192.0.2.128/25", "192.0.2.127", 0},
        {"192.0.2.128/25", "192.0.2.128", 1},
        {"192.0.2.0/31", "192.0.2.1", 1},
        {"192.0.2.0/31", "192.0.2.2", 0},
        {"192.0.2.1/32", "192.0.2.1", 1},
        {"192.0.2.1/32", "192.0.2.0", 0},
        {"192.0.2.1", "192.0.2.1", 1},
        {"192.0.2.1", "192.0.2.2", 0},
        {"0.0.0.0/0", "255.255.255.255", 1},
        {"1.2.3.4/0", "0.0.0.0", 1},
        {"0.0.0.0/0", "::1", 0},
        {"0.0.0.0/0", "2001:db8::1", 0},
        {"0.0.0.0/0", "::ffff:1.2.3.4", 1},
        {"10.0.0.0/8", "::ffff:10.1.2.3", 1},
        {"10.0.0.0/8", "::10.1.2.3", 0},
        {"10.0.0.0/8", "a00::", 0},
        {"2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1},
        {"2001:db8::/32", "2001:db9::", 0},
        {"2001:db8::1/33", "2001:db8:7fff::", 1},
        {"2001:db8::1/33", "2001:db8:8000::", 0},
        {"2001:db8::/127", "2001:db8::1", 1},
        {"2001:db8::/127", "2001:db8::2", 0},
        {"::1/128", "::1", 1},
        {"::1/128", "::", 0},
        {"::1", "::1", 1},
        {"::/0", "2001:db8::1", 1},
        {"::/0", "ffff::", 1},
        {"::/0", "10.0.0.1", 0},
        {"::/8", "10.0.0.1", 0},
        {"::/0", "::ffff:10.0.0.1", 1},
        {"::ffff:0:0/96", "10.0.0.1", 1},
        {"::ffff:10.0.0.0/104", "10.9.9.9", 1},
        {"::ffff:10.0.0.0/104", "11.9.9.9", 0},
        {"fe80::%eth0/10", "febf::1", 1},
        {"10.0.0.0/33", "10.0.0.1", -1},
        {"::/129", "::", -1},
        {"10.0.0.0/", "10.0.0.1", -1},
        {"10.0.0.0/-1", "10.0.0.1", -1},
        {"10.0.0.0/ 8", "10.0.0.1", -1},
        {"10.0.0.0/0008", "10.0.0.1", -1},
        {"10.0.0.0/8/8", "10.0.0.1", -1},
        {"10.0.0.0/255.0.0.0", "10.0.0.1", -1},
        {"10/8", "10.0.0.1", -1},
        {"/8", "10.0.0.1", -1},
        {"", "10.0.0.1", -1},
        {"4294967304.0.0.0/8", "10.0.0.1", -1},
        {"10.0.0.0/18446744073709551624", "10.0.0.1", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_cidr c;
        struct ir_ip ip;
        if (!ir_ip_parse(ir_str_z(cases[i].ip), &ip)) ok(false, "test address %s", cases[i].ip);
        int got = ir_cidr_parse(ir_str_z(cases[i].net), &c) ? ir_cidr_has(&c, &ip) : -1;
        is_int(got, cases[i].has, "%s in %s", cases[i].ip, cases[i].net);
    }
}

/* Each prefix length: the first bit behind it is free, the last bit of it is not. */
static void every_prefix(void)
{
    int wrong = 0;
    for (unsigned bits = 0; bits <= 128; bits++) {
        char text[64];
        struct ir_cidr c;
        struct ir_ip ip = {0};
        memset(ip.b, 0xa5, sizeof ip.b);
        char *end = text + ir_ip_text(&ip, text);
        snprintf(end, sizeof text - (size_t)(end - text), "/%u", bits);
        if (!ir_cidr_parse(ir_str_z(text), &c) || c.bits != bits || !ir_cidr_has(&c, &ip)) wrong++;
        for (unsigned bit = 0; bit < 128; bit++) {
            struct ir_ip other = ip;
            other.b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            if (ir_cidr_has(&c, &other) != (bit >= bits)) wrong++;
        }
    }
    is_int(wrong, 0, "129 prefixes against each flipped bit");
}

static void fields(void)
{
    struct ir_cidr c;
    ok(ir_cidr_parse(IR_S("10.1.2.3/9"), &c), "an IPv4 net");
    is_int(c.bits, 105, "has 96 more bits");
    ok(c.v4, "knows that it was IPv4");
    is_int(c.ip.b[13], 0, "has its host bits cleared");
    ok(ir_cidr_parse(IR_S("0.0.0.0/0"), &c), "all of IPv4");
    is_int(c.bits, 96, "is 96 bits");
    is_int(c.ip.b[11], 0xff, "and keeps the prefix of mapped addresses");
}

int main(void)
{
    good();
    bad();
    networks();
    every_prefix();
    fields();
    return done();
}
