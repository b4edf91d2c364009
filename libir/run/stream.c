/*
 * Opening an input: which format it is, how its years are to be read, and whether it must be read
 * in one go.
 */
#include <fnmatch.h>
#include <string.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "run/scan_int.h"

/* The latest time that stamps of this input may mean. */
static int64_t own_anchor(const struct ir_scan *s, const struct ir_input *in)
{
    if (s->o.reference_time != INT64_MIN) return s->o.reference_time;
    return in->mtime != INT64_MIN && in->mtime < s->o.now ? in->mtime : s->o.now;
}

/* An older member of a rotated set ends where the next one begins; so from the newest back. */
static int64_t set_anchor(const struct ir_scan *s, uint32_t index)
{
    uint32_t last = index, set = ir_inputs_get(s->inputs, index)->set;
    while (last + 1 < ir_inputs_count(s->inputs) && ir_inputs_get(s->inputs, last + 1)->set == set)
        last++;
    int64_t anchor = own_anchor(s, ir_inputs_get(s->inputs, last));
    for (uint32_t i = last; i > index; i--) {
        const struct ir_input *in = ir_inputs_get(s->inputs, i);
        struct ir_blocks *b;
        struct ir_str head;
        int64_t first;
        if (in->is_stdin || ir_blocks_open(in, &b, NULL) != IR_OK) continue;
        if (ir_blocks_peek(b, &head, NULL) == IR_OK &&
            ir_years_first(head, anchor, s->o.zone, &first))
            anchor = first;
        ir_blocks_close(b);
    }
    int64_t own = own_anchor(s, ir_inputs_get(s->inputs, index));
    return own < anchor ? own : anchor;
}

static bool reader_is_plain_file(struct ir_blocks *b)
{
    struct ir_reader *r = ir_blocks_reader(b);
    return ir_reader_seekable(r) && ir_reader_codec(r) == IR_CODEC_NONE &&
           ir_blocks_encoding(b, NULL) == IR_ENC_UTF8;
}

/* For the source layer, which knows no formats. */
static size_t cut_records(const void *user, struct ir_str data, bool last)
{
    return ir_format_cut(user, data, last);
}

int ir_stream_open(struct ir_scan *s, uint32_t index, struct ir_stream *ret_st, struct ir_err *err)
{
    struct ir_stream st = {.in = ir_inputs_get(s->inputs, index), .index = index};
    struct ir_str head = {"", 0};
    int rc = ir_inputs_open(s->inputs, index, &st.blocks, err);
    if (rc != IR_OK) return rc;
    struct ir_reader *r = ir_blocks_reader(st.blocks);
    if (st.in->is_stdin && !ir_reader_seekable(r) && s->spool_fd >= 0)
        ir_reader_spool(r, s->spool_fd, NULL);
    rc = ir_blocks_peek(st.blocks, &head, err);
    if (rc == IR_FATAL) {
        ir_blocks_close(st.blocks);
        return rc;
    }
    st.fmt = s->o.format != NULL ? s->o.format : ir_formats_choose(s->o.formats, head, NULL);
    if (ir_format_cuts(st.fmt)) ir_blocks_set_cut(st.blocks, cut_records, st.fmt);
    bool plain = reader_is_plain_file(st.blocks);
    if (st.fmt->flags & IR_FMT_YEARLESS) {
        uint64_t size = st.in->size > 0 ? (uint64_t)st.in->size : 0;
        ir_years_scan(plain ? r : NULL, size, head, set_anchor(s, index), s->o.zone, &st.years);
    } else { /* strays of formats without a year: each stamp by itself */
        st.years =
            (struct ir_years){.anchor = own_anchor(s, st.in), .zone = s->o.zone, .jumps = true};
    }
    st.whole = (st.fmt->flags & (IR_FMT_STATEFUL | IR_FMT_HEADER)) ||
               ((st.fmt->flags & IR_FMT_YEARLESS) && !plain);
    st.encoding = ir_blocks_encoding(st.blocks, &st.guessed);
    if (s->input != NULL) {
        s->input[index].fmt = st.fmt;
        s->input[index].encoding = st.encoding;
        s->input[index].guessed = st.guessed;
    }
    *ret_st = st;
    return IR_OK;
}

void ir_stream_close(struct ir_stream *st)
{
    if (st->blocks != NULL) ir_blocks_close(st->blocks);
    ir_years_free(&st->years);
    st->blocks = NULL;
}

const char *ir_stream_invalid(const struct ir_stream *st)
{
    static const char *const text[IR_ENC_MAX] = {
        [IR_ENC_UTF16LE] = N_("bytes that are not valid UTF-16"),
        [IR_ENC_UTF16BE] = N_("bytes that are not valid UTF-16"),
        [IR_ENC_CP932] = N_("bytes that are not valid Shift_JIS"),
        [IR_ENC_EUCJP] = N_("bytes that are not valid EUC-JP"),
        [IR_ENC_ISO2022JP] = N_("bytes that are not valid ISO-2022-JP")};
    return text[st->encoding] != NULL ? text[st->encoding] : N_("bytes that are not valid");
}

void ir_stream_not_utf8(const struct ir_stream *st, enum ir_encoding asked, struct ir_str data,
                        struct ir_not_utf8 *t)
{
    if (st->encoding != IR_ENC_UTF8 || asked != IR_ENC_AUTO) return;
    const uint64_t n = ir_utf8_bad_lines(data);
    if (n == 0) return;
    *(memchr(data.p, '\0', data.n) == NULL ? &t->text : &t->binary) += n;
}

uint64_t ir_not_utf8_told(const struct ir_not_utf8 *t)
{
    /* A block of a program may hold no NUL by chance; a log that broke off in one may hold some. */
    return t->text >= 3 && t->text > t->binary ? t->text : 0;
}

const char *ir_guessed_text(enum ir_encoding e)
{
    static const char *const text[IR_ENC_MAX] = {
        [IR_ENC_UTF16LE] =
            N_("looks like UTF-16 (little-endian) and was read so; --encoding overrules"),
        [IR_ENC_UTF16BE] =
            N_("looks like UTF-16 (big-endian) and was read so; --encoding overrules"),
        [IR_ENC_CP932] = N_("looks like Shift_JIS and was read so; --encoding overrules"),
        [IR_ENC_EUCJP] = N_("looks like EUC-JP and was read so; --encoding overrules"),
        [IR_ENC_ISO2022JP] = N_("looks like ISO-2022-JP and was read so; --encoding overrules")};
    return text[e] != NULL ? text[e] : "";
}
