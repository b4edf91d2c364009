/*
 * evidence/safename.h: what each byte becomes, and that no two names of a directory meet.
 */
#include "evidence/safename.h"
#include "base/utf8.h"
#include "tests/tap.h"

static void becomes(const char *name, size_t n, const char *want)
{
    struct ir_safenames dir = {0};
    struct ir_buf b = IR_BUF(1 << 16);
    ok(ir_safename(&dir, ir_str_n(name, n), &b), "taken");
    is_str(ir_buf_view(&b), want, "safe form");
    ir_buf_free(&b);
    ir_safenames_free(&dir);
}
#define BECOMES(name, want) becomes(name, sizeof(name) - 1, want)

static void each_kind(void)
{
    BECOMES("auth.log", "auth.log");
    BECOMES("報告書 2026.txt", "報告書 2026.txt");
    BECOMES("a\nb\rc\td", "a=0Ab=0Dc=09d");
    BECOMES("a%b=c\\d", "a=25b=3Dc=5Cd");
    BECOMES("a:b*c?d\"e<f>g|h", "a=3Ab=2Ac=3Fd=22e=3Cf=3Eg=7Ch");
    BECOMES("\xff\xfe"
            "a",
            "=FF=FEa");
    BECOMES("\xc0\xaf", "=C0=AF");
    BECOMES("end.", "end=2E");
    BECOMES("end ", "end=20");
    BECOMES("..", ".=2E");
    BECOMES(".", "=2E");
    BECOMES("-rf", "-rf");
    BECOMES("con", "=63on");
    BECOMES("NUL.txt", "=4EUL.txt");
    BECOMES("com1.log", "=63om1.log");
    BECOMES("com10", "com10");
    BECOMES("COM¹", "=43OM¹");
    BECOMES("lpt³.txt", "=6Cpt³.txt");
    BECOMES("com⁴", "com⁴");
    BECOMES("COM0", "=43OM0");
    BECOMES("com", "com");
    BECOMES("CLOCK$", "=43LOCK$");
    BECOMES("conin$.x", "=63onin$.x");
    BECOMES("CONOUT$ .x", "=43ONOUT$ .x");
    BECOMES("clock", "clock");
    BECOMES("console", "console");
    BECOMES("a\xe2\x80\xae"
            "b",
            "a=E2=80=AEb"); /* right-to-left override */
}

static void no_two_meet(void)
{
    static const char *const twins[] = {"File",     "file",   "FILE",    "fil=65", "が",
                                        "か\u3099", "Straße", "STRASSE", "K",      "\u212a"};
    struct ir_safenames dir = {0};
    struct ir_safenames again = {0};
    struct ir_buf b = IR_BUF(1 << 16);
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        ir_buf_clear(&b);
        ok(ir_safename(&dir, ir_str_z(twins[i]), &b), "%s", twins[i]);
        ir_tap_show("safe", ir_buf_view(&b));
        bool is_new;
        char folded[256];
        size_t n = ir_fold(ir_buf_view(&b), folded);
        ir_map_put(&again.taken, ir_str_n(folded, n), &is_new);
        ok(is_new, "another safe name for %s", twins[i]);
    }
    ir_safenames_free(&dir);
    ir_safenames_free(&again);
    ir_buf_free(&b);
}

static void long_names(void)
{
    struct ir_safenames dir = {0};
    struct ir_buf b = IR_BUF(1 << 16);
    char name[256], first[256];
    memset(name, '%', 255);
    ok(ir_safename(&dir, ir_str_n(name, 255), &b), "255 bytes that all need three");
    ok(b.n <= IR_SAFENAME_MAX, "fit into %u bytes: %zu", IR_SAFENAME_MAX, b.n);
    ok(ir_utf8_valid(ir_buf_view(&b)), "and are text");
    snprintf(first, sizeof first, "%s", b.p);
    name[254] = '=';
    ir_buf_clear(&b);
    ok(ir_safename(&dir, ir_str_n(name, 255), &b) && strcmp(first, b.p) != 0,
       "another long name gets another safe one");
    ir_buf_clear(&b);
    ok(ir_safename(&dir, ir_str_n(name, 255), &b), "the same one again too");
    ir_buf_free(&b);
    ir_safenames_free(&dir);
}

int main(void)
{
    each_kind();
    no_two_meet();
    long_names();
    return done();
}
