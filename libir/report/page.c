/*
 * Text for a terminal: labels, wrapping, numbers, colours. See page.h.
 */
#include "report/page.h"

#include "base/time.h"
#include "base/utf8.h"
#include "base/wrap.h"

/* What one wrapped text may take; why, next and reasons are short, a hostile title need not be. */
#define TEXT_MAX ((size_t)1 << 20)

static const char *const styles[] = {"", "\033[2m", "\033[1m"};
static const char *const level_colours[IR_LEVEL_MAX] = {"\033[2m", "\033[36m", "\033[33m",
                                                        "\033[31m", "\033[97;41m"};
static const char *const level_words[IR_LEVEL_MAX] = {N_("INFO"), N_("LOW"), N_("MEDIUM"),
                                                      N_("HIGH"), N_("CRITICAL")};

void ir_page_styled(struct ir_buf *out, const char *text, enum ir_page_style style,
                    const struct ir_write_options *opt)
{
    bool paint = opt->colour && style != IR_PAGE_PLAIN;
    if (paint) ir_buf_str(out, ir_str_z(styles[style]));
    ir_buf_str(out, ir_str_z(text));
    if (paint) ir_buf_str(out, IR_S("\033[0m"));
}

void ir_page_level(struct ir_buf *out, enum ir_level level, const struct ir_write_options *opt)
{
    bool known = (unsigned)level < IR_LEVEL_MAX;
    const char *text = known ? level_words[level] : "?";
    const struct ir_str word = ir_intl_str(text);
    if (opt->colour && known) ir_buf_str(out, ir_str_z(level_colours[level]));
    ir_buf_str(out, word);
    if (opt->colour && known) ir_buf_str(out, IR_S("\033[0m"));
    ir_buf_fmt(out, "%*s", (int)(sizeof "CRITICAL" - ir_columns(word)), "");
}

static void label_column(struct ir_buf *out, const char *label, const struct ir_write_options *opt)
{
    ir_buf_add(out, "  ", 2);
    ir_page_styled(out, _(label), IR_PAGE_DIM, opt);
    size_t n = ir_columns(ir_intl_str(label)) + 2;
    ir_buf_fmt(out, "%*s", n < IR_PAGE_INDENT ? (int)(IR_PAGE_INDENT - n) : 1, "");
}

/* Columns of a labelled line; 0: no limit. Narrow terminals get what they get. */
static size_t line_width(const struct ir_write_options *opt)
{
    if (opt->columns == 0) return 0;
    return opt->columns > IR_PAGE_INDENT + 20 ? opt->columns : IR_PAGE_INDENT + 20;
}

void ir_page_line(struct ir_buf *out, const char *label, struct ir_str text,
                  const struct ir_write_options *opt)
{
    struct ir_buf seen = IR_BUF(TEXT_MAX);
    ir_visible(&seen, text, 0);
    label_column(out, label, opt);
    ir_wrap(out, ir_buf_view(&seen), IR_PAGE_INDENT, IR_PAGE_INDENT, line_width(opt));
    if (seen.full) ir_buf_str(out, ir_intl_str(N_(" … (cut)")));
    ir_buf_chr(out, '\n');
    ir_buf_free(&seen);
}

void ir_page_cut(struct ir_buf *out, const char *label, struct ir_str text,
                 const struct ir_write_options *opt)
{
    label_column(out, label, opt);
    const size_t width = line_width(opt);
    ir_visible(out, text, width > 0 ? width - IR_PAGE_INDENT : 0);
    ir_buf_chr(out, '\n');
}

void ir_page_number(struct ir_buf *out, uint64_t n)
{
    char digits[32];
    size_t at = sizeof digits;
    unsigned k = 0;
    do {
        if (k > 0 && k % 3 == 0) digits[--at] = ',';
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
        k++;
    } while (n > 0);
    ir_buf_add(out, digits + at, sizeof digits - at);
}

void ir_page_plural(struct ir_buf *out, uint64_t n, const char *one, const char *many)
{
    const struct ir_str text = ir_str_z(ir_intl_plural(one, many, n));
    const size_t at = ir_str_find(text, IR_S("%s"));
    ir_buf_str(out, ir_str_head(text, at));
    ir_page_number(out, n);
    ir_buf_str(out, ir_str_skip(text, at == IR_NPOS ? text.n : at + 2));
}

void ir_page_bytes(struct ir_buf *out, uint64_t n)
{
    static const char *const units[] = {"", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (n < 1000) {
        ir_page_plural(out, n, "%s byte", "%s bytes");
        return;
    }
    unsigned u = 0;
    uint64_t tenths = n; /* of units[u + 1], cut: 999,999 bytes must not become 1000.0 kB */
    for (; tenths >= 1000; tenths /= 1000)
        u++;
    uint64_t unit = 1;
    for (unsigned i = 0; i < u; i++)
        unit *= 1000;
    tenths = n / (unit / 10);
    ir_buf_fmt(out, "%llu.%llu %s", (unsigned long long)(tenths / 10),
               (unsigned long long)(tenths % 10), units[u]);
}

void ir_page_time(struct ir_buf *out, int64_t ns, const struct ir_write_options *opt)
{
    char text[IR_TIME_TEXT];
    ir_buf_add(out, text, ir_time_local(ns, opt->zone_s, text));
}

void ir_page_period(struct ir_buf *out, int64_t first, int64_t last,
                    const struct ir_write_options *opt)
{
    char a[IR_TIME_TEXT], b[IR_TIME_TEXT];
    const struct ir_str from = ir_str_n(a, ir_time_local(first, opt->zone_s, a)),
                        to = ir_str_n(b, ir_time_local(last, opt->zone_s, b));
    if (ir_str_eq(from, to))
        ir_buf_str(out, from);
    else
        ir_buf_fmt(out, _("%1$.*2$s to %3$.*4$s"), from.p, (int)from.n, to.p, (int)to.n);
}
