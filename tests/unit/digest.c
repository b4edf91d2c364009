/*
 * base/digest.h and base/base64.h: published vectors (FIPS 180-4 examples, RFC 1321, RFC 4648
 * section 10), and that pieces give what the whole gives.
 */
#include "base/digest.h"
#include "base/base64.h"
#include "tests/tap.h"

static void vectors(void)
{
    static const struct {
        enum ir_digest_alg alg;
        const char *text, *hex;
    } v[] = {
        {IR_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
        {IR_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {IR_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {IR_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {IR_SHA512, "abc",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a"
         "3fe"
         "ebbd454d4423643ce80e2a9ac94fa54ca49f"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct ir_digest_sum sum;
        char hex[IR_DIGEST_TEXT] = "";
        if (ok(ir_digest_of(IR_DIGEST_BIT(v[i].alg), ir_str_z(v[i].text), &sum), "digest %zu", i))
            ir_digest_hex(&sum, v[i].alg, hex);
        is_str(ir_str_z(hex), v[i].hex, "%s of \"%s\"", ir_digest_name(v[i].alg), v[i].text);
    }
}

static void several_at_once(void)
{
    struct ir_digest d;
    struct ir_digest_sum sum, one;
    char a[IR_DIGEST_TEXT], b[IR_DIGEST_TEXT];
    unsigned all = (1u << IR_DIGEST_ALG_MAX) - 1;
    if (!ok(ir_digest_open(&d, all), "all algorithms")) return;
    for (int round = 0; round < 2; round++) { /* the contexts are used again */
        ir_digest_begin(&d);
        ir_digest_add(&d, "a", 1);
        ir_digest_add(&d, "bc", 2);
        ok(ir_digest_end(&d, &sum), "ended");
        for (unsigned alg = 0; alg < IR_DIGEST_ALG_MAX; alg++) {
            ir_digest_of(IR_DIGEST_BIT(alg), IR_S("abc"), &one);
            ir_digest_hex(&sum, (enum ir_digest_alg)alg, a);
            ir_digest_hex(&one, (enum ir_digest_alg)alg, b);
            is_str(ir_str_z(a), b, "round %d, algorithm %u in pieces", round, alg);
        }
    }
    ir_digest_close(&d);
    ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256));
    ir_digest_begin(&d);
    ir_digest_end(&d, &sum);
    ir_digest_hex(&sum, IR_SHA512, a);
    is_str(ir_str_z(a), "", "what was not asked for is not there");
    ir_digest_close(&d);
}

static void names_and_hex(void)
{
    unsigned char b[3];
    char hex[7];
    is_int(ir_digest_by_name(IR_S("SHA-256")), IR_SHA256, "SHA-256");
    is_int(ir_digest_by_name(IR_S("sha512")), IR_SHA512, "sha512");
    is_int(ir_digest_by_name(IR_S("sha25")), IR_DIGEST_ALG_MAX, "no such name");
    is_int(ir_digest_by_name(IR_S("")), IR_DIGEST_ALG_MAX, "empty name");
    ok(ir_unhex(IR_S("00fFa5"), b, 3) && b[0] == 0 && b[1] == 255 && b[2] == 0xa5, "hex read");
    ok(!ir_unhex(IR_S("00ff"), b, 3) && !ir_unhex(IR_S("00fg00"), b, 3), "no hex");
    ir_hex(b, 3, hex);
    is_str(ir_str_z(hex), "00ffa5", "hex written");
}

static void base64(void)
{
    static const char *const v[][2] = {{"", ""},
                                       {"f", "Zg=="},
                                       {"fo", "Zm8="},
                                       {"foo", "Zm9v"},
                                       {"foob", "Zm9vYg=="},
                                       {"fooba", "Zm9vYmE="},
                                       {"foobar", "Zm9vYmFy"}};
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9-"};
    struct ir_buf b = IR_BUF(1 << 10);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        ir_buf_clear(&b);
        ir_base64(&b, ir_str_z(v[i][0]));
        is_str(ir_buf_view(&b), v[i][1], "base64 of \"%s\"", v[i][0]);
        ir_buf_clear(&b);
        ok(ir_base64_decode(&b, ir_str_z(v[i][1])), "read \"%s\"", v[i][1]);
        is_str(ir_buf_view(&b), v[i][0], "bytes of \"%s\"", v[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ir_buf_clear(&b);
        ir_buf_chr(&b, 'x');
        ok(!ir_base64_decode(&b, ir_str_z(bad[i])), "refused: %zu", i);
        is_str(ir_buf_view(&b), "x", "and nothing appended: %zu", i);
    }
    ir_buf_free(&b);
}

int main(void)
{
    vectors();
    several_at_once();
    names_and_hex();
    base64();
    return done();
}
