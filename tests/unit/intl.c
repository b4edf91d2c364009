/*
 * Texts in the reader's language, and the library's reasons put into it.
 */
#include "base/intl.h"
#include "base/wrap.h"
#include "tap.h"
#include "tools/lang.h"

static void languages(void)
{
    is_str(ir_str_z(_("Commands:")), "Commands:", "English before a language is set");
    lang_set("ja");
    is_str(ir_str_z(_("Commands:")), "コマンド:", "Japanese");
    ok(ir_intl_is_ja(), "… and it says so");
    is_str(ir_str_z(_("")), "", "an empty text stays empty");
    is_str(ir_str_z(_("no such text")), "no such text", "a text without translation");
    is_str(ir_str_z(ir_errno_text(13)), "Permission denied", "an error number for data");
    is_str(ir_str_z(ir_errno_local(13)), "アクセス権がありません", "an error number for people");
    lang_set("en");
    is_str(ir_str_z(_("Commands:")), "Commands:", "English again");
    ok(!ir_intl_is_ja(), "… and it says so");
}

/* Nothing of a text is read beyond its end, whatever it looks like, and nothing is lost. */
static void hostile(void)
{
    static const char *const texts[] = {
        "5 different values of a '%s' within 10m (the rule asks for at least 3); b 'c' in 'd'",
        "a 'b' in 'c' in '; x 'y' in '', the record holds '''; ; ; the record holds '%n%-s%1$s'",
        "5 events of 'within ' within  within 5m (the rule asks for (the rule asks for ))",
        "damaged: damaged: damaged: damaged: damaged: damaged: damaged: x (a (b (c)))",
        "%-s%s%.*s%5$s\\\\ 'not YAML: not YAML: ' at character 99999999999999999999",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool good = true;
        for (size_t n = 0; n <= strlen(texts[i]); n++) {
            struct ir_buf out = IR_BUF(1 << 16);
            char *exact = malloc(n + 1); /* so that a sanitizer sees the end */
            if (exact == NULL) return;
            memcpy(exact, texts[i], n);
            ir_local_add(&out, ir_str_n(exact, n));
            good = good && !out.full && (n == 0 || out.n > 0);
            ir_buf_free(&out);
            free(exact);
        }
        ok(good, "each beginning of a hostile text %zu", i);
    }
}

static void reasons(void)
{
    lang_set("ja");
    is_str(ir_str_z(ir_local("out of memory")), "メモリーが足りません", "a reason without values");
    is_str(ir_str_z(ir_local("cannot be read at byte 123")), "123バイト目を読み取れません",
           "a reason with a value");
    is_str(ir_str_z(ir_local("cannot be read at byte x y")), "cannot be read at byte x y",
           "what the library does not say stays");
    is_str(ir_str_z(ir_local("cannot be read beyond byte 5: Permission denied")),
           "5バイト目から先を読み取れません: アクセス権がありません", "a reason in a reason");
    is_str(ir_str_z(ir_local("the key 'none' stands twice")), "キー「none」が2回あります",
           "a value stays as it is");
    is_str(ir_str_z(ir_local("the key 'a' stands twice' stands twice")),
           "キー「a' stands twice」が2回あります", "a value that looks like the words behind it");
    is_str(ir_str_z(ir_local("the key '%s%n' stands twice")), "キー「%s%n」が2回あります",
           "a value that looks like a format");
    is_str(ir_str_z(ir_local("damaged: gzip data is damaged at compressed byte 7 (the data is "
                             "corrupt); the 9 compressed bytes behind it are lost")),
           "破損しています: "
           "gzipデータが圧縮データの7バイト目で破損しています（データが壊れています）; "
           "その後ろの圧縮データ9バイトは失われました",
           "reasons in parts and in reasons");
    is_str(ir_str_z(ir_local("shrank while it was read: 7 of 9 bytes were there; user.name 'x; "
                             "within 5m', 'none'")),
           "読み取り中に短くなりました: 9バイトのうち7バイトを読み取りました; "
           "user.name 'x; within 5m', 'none'",
           "values change places, and stay whole where a part cannot be made out");
    is_str(ir_str_z(ir_local("")), "", "nothing");
    char longest[4096];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "the key '", 9);
    memcpy(longest + sizeof longest - 15, "' stands twice", 15);
    is_str(ir_str_z(ir_local(longest)), longest, "too long to be put together: as it is");
    hostile();
    lang_set("en");
    is_str(ir_str_z(ir_local("the key 'none' stands twice")), "the key 'none' stands twice",
           "English");
}

static void columns(void)
{
    struct ir_buf b = IR_BUF(1 << 12);
    ir_pad(&b, IR_S("検知"), 6);
    ir_buf_chr(&b, '|');
    is_str(ir_buf_view(&b), "検知  |", "padded by columns, not bytes");
    ir_buf_clear(&b);
    ir_pad(&b, IR_S("検知理由"), 6);
    is_str(ir_buf_view(&b), "検知理由", "nothing to pad");
    ir_buf_clear(&b);
    ir_wrap(&b, IR_S("one two three"), 2, 2, 9);
    is_str(ir_buf_view(&b), "one two\n  three", "broken at blanks");
    ir_buf_clear(&b);
    ir_wrap(&b, IR_S("ログを調べます。次へ"), 0, 0, 14);
    is_str(ir_buf_view(&b), "ログを調べま\nす。次へ", "a mark does not begin a line");
    ir_buf_clear(&b);
    ir_wrap(&b, IR_S("名前です：「root」、「admin」など"), 0, 0, 10);
    is_str(ir_buf_view(&b), "名前です：\n「root」、\n「admin」\nなど",
           "no bracket ends a line, no colon begins one");
    ir_buf_clear(&b);
    ir_wrap(&b, IR_S("at 2026-11-22 10:02:03 or 2026-11-22"), 0, 0, 16);
    is_str(ir_buf_view(&b), "at\n2026-11-22 10:02:03\nor 2026-11-22", "a time stays with its date");
    ir_buf_free(&b);
}

int main(void)
{
    languages();
    reasons();
    columns();
    return done();
}
