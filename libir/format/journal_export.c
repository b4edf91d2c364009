/*
 * The journal export format: journalctl -o export, systemd-journal-remote, systemd-journal-upload.
 * Document: https://systemd.io/JOURNAL_EXPORT_FORMATS.
 *
 *     NAME=value\n                          text without control characters
 *     NAME\n <8 bytes, LE: n> <n bytes> \n  anything else
 *     \n                                    ends the entry
 *
 * A program chooses the bytes of its message, so a binary value may hold what looks like the end of
 * an entry and a whole forged one: only the length tells. A length that does not end at a line end,
 * or beyond a limit, is not believed, and the line before it stands alone as damage.
 */
#include "format/journal.h"

#ifdef IR_TINY
#define VALUE_MAX ((uint64_t)4096)
#else
#define VALUE_MAX ((uint64_t)16 << 20)
#endif
#define NAME_MAX_BYTES 128u
#define BID_LINES      8

enum took { FIELD, BLANK, MORE, BROKEN };

struct field {
    struct ir_str name, value;
    size_t n; /* bytes with the line end */
};

static bool is_name(struct ir_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_BYTES || ir_isdigit(s.p[0])) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_' && !ir_isdigit(s.p[i]) && (s.p[i] < 'A' || s.p[i] > 'Z')) return false;
    return true;
}

/* The value behind "NAME\n" at s.p[at]. */
static enum took binary(struct ir_str s, size_t at, bool last, struct field *f)
{
    uint64_t len = 0;
    if (s.n - at < 8) return last ? BROKEN : MORE;
    for (unsigned i = 0; i < 8; i++)
        len |= (uint64_t)(unsigned char)s.p[at + i] << (8 * i);
    if (len > VALUE_MAX) return BROKEN;
    at += 8;
    bool ends = s.n - at == len; /* the last field of an entry, which goes without its line end */
    if (s.n - at < len || (ends && !last)) return last ? BROKEN : MORE;
    if (!ends && s.p[at + len] != '\n') return BROKEN;
    f->value = ir_str_n(s.p + at, (size_t)len);
    f->n = at + (size_t)len + !ends;
    return FIELD;
}

/* The field at the start of s, which is not empty. BROKEN: f->n bytes are no field. */
static enum took take(struct ir_str s, bool last, struct field *f)
{
    size_t end = ir_str_chr(s, '\n');
    if (end == IR_NPOS && !last) return MORE;
    struct ir_str text = end == IR_NPOS ? s : ir_str_head(s, end);
    f->n = end == IR_NPOS ? s.n : end + 1;
    if (text.n == 0) return BLANK;
    size_t eq = ir_str_chr(ir_str_head(text, NAME_MAX_BYTES + 1), '=');
    f->name = eq == IR_NPOS ? text : ir_str_head(text, eq);
    if (!is_name(f->name)) return BROKEN;
    f->value = ir_str_skip(text, eq + 1);
    if (eq != IR_NPOS) return FIELD;
    return end == IR_NPOS ? BROKEN : binary(s, f->n, last, f);
}

static size_t skip_blank(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == '\n')
        n++;
    return n;
}

/* Bytes of the entry at the start of s, without its blank line; IR_NPOS: it needs more. A broken
 * line inside stays a part of it. */
static size_t entry_length(struct ir_str s, bool last)
{
    struct ir_str rest = s;
    while (rest.n > 0) {
        struct field f;
        enum took t = take(rest, last, &f);
        if (t == MORE) return IR_NPOS;
        if (t == BLANK) return s.n - rest.n;
        rest = ir_str_skip(rest, f.n);
    }
    return last ? s.n : IR_NPOS;
}

static size_t cut(struct ir_str data, bool last)
{
    struct ir_str rest = data;
    size_t done = 0;
    if (last) return data.n;
    while (rest.n > 0) {
        rest = ir_str_skip(rest, skip_blank(rest));
        size_t n = rest.n > 0 ? entry_length(rest, false) : IR_NPOS;
        if (n == IR_NPOS) break;
        rest = ir_str_skip(rest, n + 1);
        done = data.n - rest.n;
    }
    return done;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    struct ir_str s = ir_str_skip(*rest, skip_blank(*rest));
    size_t n = s.n > 0 ? entry_length(s, true) : 0;
    *rest = ir_str_skip(s, n);
    if (n == 0) return false;
    *ret_rec = ir_str_head(s, n);
    if (ret_rec->p[n - 1] == '\n') ret_rec->n--;
    return true;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_journal j;
    struct ir_str rest = rec;
    unsigned fields = 0;
    bool broken = false;
    ir_journal_begin(&j);
    while (rest.n > 0) {
        struct field f;
        enum took t = take(rest, true, &f);
        if (t == FIELD) {
            ir_journal_set(&j, ir_journal_slot(f.name), f.value, false);
            ir_event_add_named(ev, f.name, IR_V_STRING, f.value);
            fields++;
        }
        broken = broken || t == BROKEN;
        rest = ir_str_skip(rest, f.n);
    }
    if (fields == 0 || !ir_journal_is(&j)) return IR_BAD;
    ev->verbatim = ev->raw_keywords = false;
    if (broken) {
        ir_event_damage(ev, "a field of the journal entry that is not NAME=value");
        p->damaged++;
    }
    ir_journal_finish(p, &j, ev);
    return IR_OK;
}

/* "__CURSOR=" or "__REALTIME_TIMESTAMP=" among the first lines, and every line a field. */
static int bid(struct ir_str head)
{
    struct ir_str rest = ir_str_skip(head, skip_blank(head));
    bool address = false;
    for (int i = 0; i < BID_LINES && rest.n > 0; i++) {
        struct field f;
        enum took t = take(rest, true, &f);
        if (t == BLANK) break;
        if (t != FIELD) return 0;
        address = address || ir_str_starts(f.name, IR_S("__REALTIME_TIMESTAMP")) ||
                  ir_str_starts(f.name, IR_S("__CURSOR"));
        rest = ir_str_skip(rest, f.n);
    }
    return address ? 95 : 0;
}

const struct ir_format ir_format_journal_export = {
    .name = "journal_export",
    .title = N_("Journal export format (journalctl -o export)"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
