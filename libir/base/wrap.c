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

static bool digits_at(struct ir_str s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (i >= s.n || !ir_isdigit(s.p[i])) return false;
    return true;
}

/* Takes what stands up to a blank off the text; a date and the time behind it are one word. */
static struct ir_str take_word(struct ir_str *text)
{
    const struct ir_str all = *text;
    struct ir_str word = ir_str_cut(text, ' ');
    const size_t date = word.n >= 10 ? word.n - 10 : 0; /* "2026-11-22" */
    if (word.n < 10 || !digits_at(word, date, 4) || word.p[date + 4] != '-' ||
        !digits_at(word, date + 8, 2) || text->p == NULL || !digits_at(*text, 0, 2) ||
        text->n < 3 || text->p[2] != ':')
        return word;
    return ir_str_head(all, word.n + 1 + ir_str_cut(text, ' ').n);
}

void ir_wrap(struct ir_buf *out, struct ir_str text, size_t column, size_t indent, size_t width)
{
    bool begun = false; /* something of the text stands on this line */
    if (width == 0) {
        ir_buf_str(out, text);
        return;
    }
    while (text.p != NULL) {
        struct ir_str word = take_word(&text);
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
