/*
 * The list of formats out of formats.def, the choice of one for an input, and the fallback chain
 * for single records. It knows no format by name; what a format can do stands in its flags.
 */
#include "format/described.h"

#define FORMAT(symbol) extern const struct ir_format ir_format_##symbol;
#include "format/formats.def"
#undef FORMAT

static const struct ir_format *const builtin[] = {
#define FORMAT(symbol) &ir_format_##symbol,
#include "format/formats.def"
#undef FORMAT
    NULL,
};

const struct ir_formats ir_formats_builtin = {
    .list = builtin,
    .n = sizeof builtin / sizeof builtin[0] - 1,
};

const struct ir_format *ir_formats_find(const struct ir_formats *fs, struct ir_str name)
{
    const struct ir_format *const *f = ir_formats_or_builtin(fs)->list;
    while (*f != NULL && !ir_str_ieq(name, ir_str_z((*f)->name)))
        f++;
    return *f;
}

const struct ir_format *ir_format_by_name(struct ir_str name)
{
    return ir_formats_find(NULL, name);
}

static const struct ir_format *fallback(const struct ir_formats *fs)
{
    return fs->list[fs->n - 1];
}

int ir_format_bid(const struct ir_format *fmt, struct ir_str head)
{
    if (fmt->described != NULL) return ir_described_bid(fmt->described, head);
    return fmt->bid != NULL ? fmt->bid(head) : 0;
}

size_t ir_format_cut(const struct ir_format *fmt, struct ir_str data, bool last)
{
    if (fmt->described != NULL) return ir_described_cut(fmt->described, data, last);
    return fmt->cut(data, last);
}

bool ir_parser_next(struct ir_parser *p, struct ir_str *rest, struct ir_str *ret_rec)
{
    if (p->fmt->described != NULL) return ir_described_next(p, rest, ret_rec);
    return p->fmt->next(rest, ret_rec);
}

const struct ir_format *ir_formats_choose(const struct ir_formats *fs, struct ir_str head,
                                          int *ret_bids)
{
    const struct ir_format *best = NULL;
    int best_bid = 0;
    fs = ir_formats_or_builtin(fs);
    for (size_t i = 0; i < fs->n; i++) {
        int b = ir_format_bid(fs->list[i], head);
        if (ret_bids != NULL) ret_bids[i] = b;
        if (b > best_bid) {
            best_bid = b;
            best = fs->list[i];
        }
    }
    return best != NULL ? best : fallback(fs);
}

static bool has_text(const char *const *texts, struct ir_str rec)
{
    for (; texts != NULL && *texts != NULL; texts++)
        if (ir_str_find(rec, ir_str_z(*texts)) != IR_NPOS) return true;
    return false;
}

bool ir_format_must_parse(const struct ir_format *fmt, struct ir_str rec)
{
    return has_text(fmt->triggers, rec) || (fmt->derived != NULL && fmt->derived(rec));
}

static bool is_in(const uint16_t *sources, uint16_t source)
{
    while (sources != NULL && *sources != 0 && *sources != source)
        sources++;
    return sources != NULL && *sources != 0;
}

bool ir_format_may_be(const struct ir_format *fmt, struct ir_str rec, uint16_t source)
{
    if (is_in(fmt->sources, source)) return true;
    for (const struct ir_hint *h = fmt->hints; h != NULL && h->text != NULL; h++)
        if (h->source == source && ir_str_find(rec, ir_str_z(h->text)) != IR_NPOS) return true;
    return false;
}

int ir_parser_open(struct ir_parser *p, const struct ir_format *fmt, const struct ir_names *names)
{
    *p = (struct ir_parser){.fmt = fmt, .names = names};
    return fmt->open ? fmt->open(p) : IR_OK;
}

void ir_parser_close(struct ir_parser *p)
{
    if (p->fmt != NULL && p->fmt->close != NULL) p->fmt->close(p);
    p->state = NULL;
}

/* Empties the event again after a parser refused the record half-way; the place stays. */
static void start_over(struct ir_event *ev, struct ir_str rec)
{
    const struct ir_view base = ev->views[0];
    ir_event_begin(ev, rec, base.offset, base.line);
    ev->views[0].length = base.length;
}

/* Takes the record by fmt without letting a refusal leave traces in the event, clock (which is
 * *before it) or counts. */
static bool try_format(const struct ir_format *fmt, struct ir_parser *p, struct ir_str rec,
                       const struct ir_clock *before, struct ir_event *ev)
{
    const uint64_t damaged = p->damaged;
    if (fmt->parse(p, rec, ev) != IR_BAD) return true;
    p->clock = *before;
    p->damaged = damaged;
    if (!ir_event_untouched(ev)) start_over(ev, rec);
    return false;
}

/* Line formats that can take a record alone, and are certain of it: listed once, as nearly every
 * line of a container goes through them. */
static void list_strays(struct ir_parser *p)
{
    const struct ir_format *const *f = ir_formats_or_builtin(p->formats)->list;
    for (; p->nstrays < IR_STRAYS_MAX && *f != NULL; f++)
        if ((*f)->parse != NULL && ((*f)->flags & IR_FMT_STRAYS)) p->stray[p->nstrays++] = *f;
}

/* A record that starts with a blank or a control character goes on where another ended (a stack
 * trace, a table) or is empty: no line format begins so. */
static bool may_be_record(struct ir_str rec)
{
    return rec.n > 0 && (unsigned char)rec.p[0] > ' ';
}

/* The stray that takes the record, but for one format; NULL: none. ev->raw stays. */
static const struct ir_format *take_stray(struct ir_parser *p, struct ir_str rec,
                                          const struct ir_format *but, struct ir_event *ev)
{
    const struct ir_str raw = ev->raw;
    const struct ir_clock clock = p->clock;
    if (!may_be_record(rec)) return NULL;
    if (p->nstrays == 0) list_strays(p);
    for (uint32_t i = 0; i < p->nstrays; i++) {
        if (p->stray[i] == but) continue;
        const bool took = try_format(p->stray[i], p, rec, &clock, ev);
        ev->raw = raw;
        if (took) return p->stray[i];
    }
    return NULL;
}

const struct ir_format *ir_format_inner(struct ir_parser *p, struct ir_str text,
                                        struct ir_event *ev)
{
    return take_stray(p, text, NULL, ev);
}

int ir_parser_record(struct ir_parser *p, struct ir_str rec, struct ir_event *ev,
                     const struct ir_format **ret_fmt)
{
    const struct ir_format *primary = p->fmt;
    const struct ir_clock clock = p->clock;
    if (primary->parse != NULL && try_format(primary, p, rec, &clock, ev)) {
        *ret_fmt = primary;
        return IR_OK;
    }
    *ret_fmt = take_stray(p, rec, primary, ev);
    if (*ret_fmt != NULL) return IR_OK;
    *ret_fmt = fallback(ir_formats_or_builtin(p->formats));
    (*ret_fmt)->parse(p, rec, ev);
    if (primary != *ret_fmt) ev->flags |= IR_EV_UNRECOGNISED;
    return IR_OK;
}
