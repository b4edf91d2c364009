/*
 * Breaking lines. See wrap.h.
 */
#include "base/wrap.h"

#include "base/utf8.h"

static size_t char_bytes(struct ir_str s)
{
    size_t n = 1;
    while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static bool one_of(struct ir_str c, const char *const *marks)
{
    for (; *marks != NULL; marks++)
        if (ir_str_eq(c, ir_str_z(*marks))) return true;
    return false;
}

/* What must not stand at the beginning of a line of Japanese. */
static bool closes(struct ir_str c)
{
    static const char *const marks[] = {"、", "。", "，", "．", "：", "；", "！", "？", "・", "…",
                                        "）", "」", "』", "】", "〉", "》", "］", "〕", "々", "ー",
                                        "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "っ", "ゃ", "ゅ", "ょ", "ァ",
                                        "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ", "ュ", "ョ", NULL};
    return one_of(c, marks);
}

/* What must not stand at its end. */
static bool opens(struct ir_str c)
{
    static const char *const marks[] = {"（", "「", "『", "【", "〈", "《", "［", "〔", NULL};
    return one_of(c, marks);
}

/* Takes what must stay together off a word: narrow characters up to a wide one, or one wide
 * character (Japanese has no blanks), with the brackets before it and the marks behind it. */
static struct ir_str take_piece(struct ir_str *word)
{
    size_t n = 0;
    bool wide = false, open = false;
    while (n < word->n) {
        struct ir_str rest = ir_str_n(word->p + n, word->n - n);
        struct ir_str c = ir_str_n(rest.p, char_bytes(rest));
        bool c_wide = ir_columns(c) == 2;
        if (n > 0 && !open && (wide || c_wide) && !closes(c)) break;
        open = opens(c);
        wide = !open && (wide || c_wide);
        n += c.n;
    }
    struct ir_str piece = ir_str_n(word->p, n);
    *word = ir_str_n(word->p + n, word->n - n);
    return piece;
}

void ir_wrap(struct ir_buf *out, struct ir_str text, size_t column, size_t indent, size_t width)
{
    bool begun = false; /* something of the text stands on this line */
    if (width == 0) {
        ir_buf_str(out, text);
        return;
    }
    while (text.p != NULL) {
        struct ir_str word = ir_str_cut(&text, ' ');
        bool blank = begun;
        do {
            struct ir_str piece = take_piece(&word);
            size_t w = ir_columns(piece);
            if (begun && column + blank + w > width) {
                ir_buf_fmt(out, "\n%*s", (int)indent, "");
                column = indent;
            } else if (blank) {
                ir_buf_chr(out, ' ');
                column++;
            }
            blank = false;
            begun = true;
            ir_buf_str(out, piece);
            column += w;
        } while (word.n > 0);
    }
}

void ir_pad(struct ir_buf *out, struct ir_str text, size_t width)
{
    const size_t w = ir_columns(text);
    ir_buf_str(out, text);
    ir_buf_fmt(out, "%*s", w < width ? (int)(width - w) : 0, "");
}
