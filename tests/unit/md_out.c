/*
 * Foreign text in Markdown: what could come to life is escaped, and nothing else, so that times,
 * addresses and names can be read and searched in the source.
 */
#include "report/md_out.h"
#include "tap.h"

struct sample {
    const char *raw, *want;
};

static void check(void (*write)(struct ir_buf *out, struct ir_str raw), const struct sample *s,
                  size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ir_buf out = IR_BUF(1 << 10);
        write(&out, ir_str_z(s[i].raw));
        is_str(ir_buf_view(&out), s[i].want, "%s", s[i].raw);
        ir_buf_free(&out);
    }
}

int main(void)
{
    static const struct sample within[] = {
        {"TLP:AMBER", "TLP:AMBER"},
        {"2026-11-24 06:45:28+09:00", "2026-11-24 06:45:28+09:00"},
        {"203.0.113.77 (web01)", "203.0.113.77 (web01)"},
        {"5.24 ATT&CK", "5.24 ATT&CK"},
        {"data_items.medium", "data_items.medium"},
        {"a _b_ c", "a \\_b\\_ c"},
        {"snake_", "snake\\_"},
        {"\xe3\x80\x82_x_", "\xe3\x80\x82\\_x\\_"},
        {"*b* `c` ~d~", "\\*b\\* \\`c\\` \\~d\\~"},
        {"![x](http://h/)", "!\\[x\\](http\\://h/)"},
        {"<b>&lt;&#60;", "\\<b\\>\\&lt;\\&\\#60;"},
        {"www.h.jp WWW.h", "www\\.h.jp WWW\\.h"},
        {"a@h #1 $x$ |", "a\\@h \\#1 \\$x\\$ \\|"},
        {":smile: :+1: a: b:", "\\:smile: \\:+1: a: b:"},
        {"C:\\x", "C:\\\\x"},
        {"", ""},
    };
    static const struct sample begins[] = {
        {"- x", "\\- x"},
        {"+ x", "\\+ x"},
        {"===", "\\==="},
        {"# x", "\\# x"},
        {"12. x", "12\\. x"},
        {"1) x", "1\\) x"},
        {"2026-11-24", "2026-11-24"},
        {"", ""},
    };
    check(ir_md_text, within, sizeof within / sizeof *within);
    check(ir_md_line, begins, sizeof begins / sizeof *begins);
    return done();
}
