/*
 * Text for the HTML page. See html_out.h.
 */
#include "report/html_out.h"

#include "base/time.h"
#include "base/utf8.h"
#include "report/page.h"

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void escape(struct ir_buf *out, struct ir_str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *e = entity_of(s.p[i]);
        if (e == NULL) continue;
        ir_buf_add(out, s.p + from, i - from);
        ir_buf_str(out, ir_str_z(e));
        from = i + 1;
    }
    ir_buf_add(out, s.p + from, s.n - from);
}

/* Bytes at the start that are text; 0: a hidden character or a byte that is no UTF-8 stands there,
 * *ret_hidden bytes long. */
static size_t shown_run(struct ir_str s, size_t *ret_hidden)
{
    size_t i = 0;
    *ret_hidden = 0;
    while (i < s.n) {
        int32_t cp = (unsigned char)s.p[i];
        size_t n = 1;
        if (cp >= 0x80) n = ir_utf8_decode(ir_str_skip(s, i), &cp);
        if (cp < 0 || ir_cp_hidden((uint32_t)cp)) {
            *ret_hidden = n;
            break;
        }
        i += n;
    }
    return i;
}

static void text(struct ir_buf *out, struct ir_str raw, bool mark)
{
    struct ir_buf seen = IR_BUF(SIZE_MAX / 4);
    while (raw.n > 0) {
        size_t hidden = 0, n = shown_run(raw, &hidden);
        ir_buf_clear(&seen);
        ir_visible(&seen, ir_str_head(raw, n > 0 ? n : hidden), 0);
        if (n == 0 && mark) ir_buf_str(out, IR_S("<i class=x>"));
        escape(out, ir_buf_view(&seen));
        if (n == 0 && mark) ir_buf_str(out, IR_S("</i>"));
        raw = ir_str_skip(raw, n > 0 ? n : hidden);
    }
    if (seen.full) out->full = true;
    ir_buf_free(&seen);
}

void ir_h_text(struct ir_buf *out, struct ir_str raw)
{
    text(out, raw, true);
}

void ir_h_plain(struct ir_buf *out, struct ir_str raw)
{
    text(out, raw, false);
}

void ir_h_cut(struct ir_buf *out, struct ir_str raw, size_t max)
{
    const struct ir_str head = ir_utf8_head(raw, max);
    ir_h_text(out, head);
    if (head.n < raw.n) ir_buf_str(out, IR_S("…"));
}

void ir_h_word(struct ir_page *p, enum ir_word w)
{
    ir_h_plain(p->out, ir_str_z(ir_word(w)));
}

void ir_h_in(struct ir_page *p, const char *open, enum ir_word w, const char *close)
{
    ir_h(p, open);
    ir_h_word(p, w);
    ir_h(p, close);
}

void ir_h_number(struct ir_page *p, enum ir_word w, uint64_t n)
{
    ir_word_count(p->out, w, w, n);
}

void ir_h_fold(struct ir_page *p, enum ir_word w, uint64_t n)
{
    ir_h(p, "<details class=more><summary><i class=sc>");
    ir_h_number(p, w, n);
    ir_h(p, "</i><i class=pr>");
    ir_h_number(p, IR_W_PAPER_MORE, n);
    ir_h(p, "</i></summary>\n");
}

void ir_h_digits(struct ir_page *p, enum ir_word w, uint64_t n)
{
    struct ir_buf arg = IR_BUF(64);
    ir_buf_fmt(&arg, "%llu", (unsigned long long)n);
    ir_word_fill(p->out, w, &arg, 1);
    ir_buf_free(&arg);
}

void ir_h_count(struct ir_page *p, enum ir_word one, enum ir_word many, uint64_t n)
{
    ir_word_count(p->out, one, many, n);
}

void ir_h_time(struct ir_page *p, bool known, int64_t ns)
{
    char utc[IR_TIME_TEXT];
    if (!known) {
        ir_h_word(p, IR_W_NO_TIME);
        return;
    }
    ir_buf_str(p->out, IR_S("<time datetime="));
    ir_buf_add(p->out, utc, ir_time_rfc3339(ns, utc));
    ir_buf_chr(p->out, '>');
    ir_word_time(p->out, ns, p->opt);
    ir_buf_str(p->out, IR_S("</time>"));
}

void ir_h_period(struct ir_page *p, bool known, int64_t from, int64_t to)
{
    ir_h_time(p, known, from);
    if (!known || from / IR_NS == to / IR_NS) return;
    ir_h_word(p, IR_W_SPAN);
    ir_h_time(p, true, to);
}

void ir_h_level(struct ir_page *p, enum ir_level level)
{
    ir_buf_fmt(p->out, "<span class='l l%d'>%s</span>", (int)level, ir_word_level(level));
}

void ir_h_section(struct ir_page *p, const char *id, enum ir_word heading)
{
    ir_buf_fmt(p->out, "<section id=%s aria-labelledby=h-%s>\n<h2 id=h-%s>", id, id, id);
    ir_h_word(p, heading);
    ir_h(p, "</h2>\n");
}

bool ir_h_drain(struct ir_page *p)
{
    if (!p->stopped && !p->d->drain(p->d->user)) p->stopped = true;
    return !p->stopped;
}
