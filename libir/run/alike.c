/*
 * Keeping what the rules made of a record, for those that are alike (see alike.h).
 *
 * Nothing is taken on trust: a record is kept only when every field of its event lies clear of the
 * stamp and of the numbers that may differ, or is one of the varying fields; and found only by
 * comparing its bytes.
 */
#include "run/alike.h"

#include <stdlib.h>

#include "rules/set.h"
#include "run/blind.h"

#define RECORDS   4096u /* kept in a block; later ones are parsed */
#define SLOTS     (RECORDS * 2)
#define ADDS_MAX  (RECORDS * 4)
#define BODY_MAX  1024u
#define TRIES_MAX 8u
#define TRIAL     256u /* so many searches show whether records repeat: one in four must be found */

struct ir_alike {
    const struct ir_scan *s;
    const struct ir_format *fmt;
    const struct ir_group *group; /* that lit_blind was made for */
    uint8_t *lit_blind;           /* [literal of the group] */
    bool usable, usable_hinted;   /* no rule sees what varies in every record, in hinted ones */
    uint32_t slot[SLOTS];         /* record number + 1 */
    struct ir_alike_record *rec;
    uint32_t nrec;
    struct ir_alike_add *add;
    uint32_t nadds, first;
    uint32_t tries, found;
    bool noting;
};

struct ir_alike *ir_alike_new(const struct ir_scan *s)
{
    struct ir_alike *a = calloc(1, sizeof *a);
    if (a == NULL) return NULL;
    a->s = s;
    a->rec = malloc(RECORDS * sizeof *a->rec);
    a->add = malloc(ADDS_MAX * sizeof *a->add);
    if (a->rec != NULL && a->add != NULL) return a;
    ir_alike_free(a);
    return NULL;
}

void ir_alike_free(struct ir_alike *a)
{
    if (a == NULL) return;
    free(a->lit_blind);
    free(a->rec);
    free(a->add);
    free(a);
}

/* The rules that are candidates whatever stands in a record: of any one, or of those with a hint.
 */
static bool always_blind(const struct ir_alike *a, const struct ir_group *g, bool base)
{
    for (uint32_t i = 0; i < g->nalways + g->nby_number; i++) {
        uint32_t r = i < g->nalways ? g->always[i] : g->by_number[i - g->nalways].rule;
        if (g->base[r] == base && !ir_rule_is_blind(a->s, r, a->fmt->varying)) return false;
    }
    return true;
}

static bool learn_group(struct ir_alike *a, const struct ir_group *g)
{
    if (a->group == g) return true;
    a->group = NULL;
    uint8_t *blind = realloc(a->lit_blind, g->nlits + 1);
    if (blind == NULL) return false;
    a->lit_blind = blind;
    for (uint32_t lit = 0; lit < g->nlits; lit++) {
        blind[lit] = 1;
        for (uint32_t k = g->first[lit]; blind[lit] && k < g->first[lit + 1]; k++)
            blind[lit] = ir_rule_is_blind(a->s, g->owners[k], a->fmt->varying);
    }
    a->usable = always_blind(a, g, true);
    a->usable_hinted = always_blind(a, g, false);
    a->group = g;
    return true;
}

bool ir_alike_begin(struct ir_alike *a, const struct ir_format *fmt, const struct ir_group *g)
{
    a->fmt = fmt;
    a->noting = false;
    if (fmt->varying == NULL || fmt->alike == NULL || g->db == NULL || !learn_group(a, g) ||
        !a->usable)
        return false;
    if (a->nrec > 0) memset(a->slot, 0, sizeof a->slot);
    a->nrec = a->nadds = a->tries = a->found = 0;
    return true;
}

bool ir_alike_blind(const struct ir_alike *a, const struct ir_literal_hit *hits, size_t n)
{
    const struct ir_group *g = a->group;
    for (size_t i = 0; i < n; i++) {
        if (hits[i].lit >= g->nlits + 2) { /* no rule's */
            if ((g->says[hits[i].lit] & IR_HIT_HINT) && !a->usable_hinted) return false;
            continue;
        }
        if (hits[i].lit >= g->nlits || !a->lit_blind[hits[i].lit]) return false;
    }
    return true;
}

/* Digits at the start of s that can stand in the hole; 0: none, or a number out of its range. */
static size_t digits(struct ir_str s, uint32_t max)
{
    uint64_t v = 0;
    size_t n = 0;
    for (; n < s.n && n < 10 && ir_isdigit(s.p[n]); n++)
        v = v * 10 + (uint64_t)(s.p[n] - '0');
    if (n == 0 || v > max || (n > 1 && s.p[0] == '0')) return 0;
    return n < s.n && ir_isdigit(s.p[n]) ? 0 : n;
}

static bool fits(const struct ir_alike_record *e, struct ir_str body)
{
    struct ir_str a = e->body;
    uint32_t from = 0;
    for (uint32_t i = 0; i <= e->nholes; i++) {
        const struct ir_alike_hole *h = &e->hole[i];
        size_t n = (i < e->nholes ? h->at : (uint32_t)a.n) - from;
        if (body.n < n || memcmp(body.p, a.p + from, n) != 0) return false;
        body = ir_str_skip(body, n);
        if (i == e->nholes) break;
        size_t number = digits(body, h->max);
        if (number == 0) return false;
        body = ir_str_skip(body, number);
        from = h->at + h->n;
    }
    return body.n == 0;
}

/* The slot of the hash: of the record that is alike (*ret_e), or the free one; SLOTS: crowded. */
static uint32_t find_slot(const struct ir_alike *a, uint64_t hash, struct ir_str body,
                          const struct ir_alike_record **ret_e)
{
    uint32_t at = (uint32_t)(hash >> 32) % SLOTS;
    *ret_e = NULL;
    for (uint32_t i = 0; i < TRIES_MAX; i++, at = (at + 1) % SLOTS) {
        if (a->slot[at] == 0) return at;
        const struct ir_alike_record *e = &a->rec[a->slot[at] - 1];
        if (e->hash != hash || !fits(e, body)) continue;
        *ret_e = e;
        return at;
    }
    return SLOTS;
}

const struct ir_alike_record *ir_alike_find(struct ir_alike *a, uint64_t hash, struct ir_str body)
{
    const struct ir_alike_record *e;
    find_slot(a, hash, body, &e);
    a->tries++;
    a->found += e != NULL;
    return e;
}

bool ir_alike_pays(struct ir_alike *a)
{
    if (a->tries < TRIAL) return true;
    const bool pays = a->found * 4 >= a->tries;
    a->tries = a->found = 0;
    return pays;
}

const struct ir_alike_add *ir_alike_adds(const struct ir_alike *a, const struct ir_alike_record *e)
{
    return a->add + e->first;
}

void ir_alike_open(struct ir_alike *a)
{
    a->noting = true;
    a->first = a->nadds;
}

void ir_alike_note(struct ir_alike *a, const struct ir_alike_add *add)
{
    if (!a->noting) return;
    if (a->nadds == ADDS_MAX)
        a->noting = false; /* this record is not kept */
    else
        a->add[a->nadds++] = *add;
}

static const struct ir_varying *varies(const struct ir_format *fmt, uint32_t id)
{
    const struct ir_varying *v = fmt->varying;
    while (v->id != IR_F_NONE && v->id != id)
        v++;
    return v->id != IR_F_NONE ? v : NULL;
}

static bool inside(struct ir_str v, struct ir_str whole)
{
    return v.p != NULL && v.p >= whole.p && v.p + v.n <= whole.p + whole.n;
}

static bool has_digit(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ir_isdigit(s.p[i])) return true;
    return false;
}

/* The field's digits as a hole, once. False: too many of them. */
static bool add_hole(struct ir_alike_record *e, struct ir_str val, uint32_t max)
{
    size_t at = (size_t)(val.p - e->body.p);
    uint32_t i = e->nholes;
    if (digits(ir_str_skip(e->body, at), max) != val.n) return true; /* stays as it is */
    if (at > 0 && ir_isdigit(e->body.p[at - 1])) return true;
    for (uint32_t k = 0; k < e->nholes; k++)
        if (e->hole[k].at == at) return true;
    if (i == IR_ALIKE_HOLES) return false;
    for (; i > 0 && e->hole[i - 1].at > at; i--)
        e->hole[i] = e->hole[i - 1];
    e->hole[i] = (struct ir_alike_hole){(uint32_t)at, (uint32_t)val.n, max};
    e->nholes++;
    return true;
}

static bool find_holes(const struct ir_alike *a, const struct ir_event *ev,
                       struct ir_alike_record *e)
{
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_field *f = &ev->fields[i];
        const struct ir_varying *v = varies(a->fmt, f->id);
        if (v == NULL || v->max == 0 || !inside(f->val, e->body)) continue;
        if (!add_hole(e, f->val, v->max)) return false;
    }
    return true;
}

/* True when the value would be the same in a record that is alike. */
static bool is_fixed(const struct ir_alike_record *e, const struct ir_event *ev,
                     const struct ir_field *f)
{
    if (f->val.n == 0) return true;
    if (!inside(f->val, ev->raw)) return !has_digit(f->val); /* a word of ours */
    if (!inside(f->val, e->body)) return false;
    size_t at = (size_t)(f->val.p - e->body.p);
    for (uint32_t i = 0; i < e->nholes; i++)
        if (at < e->hole[i].at + e->hole[i].n && e->hole[i].at < at + f->val.n) return false;
    return true;
}

static bool only_varying_differ(const struct ir_alike *a, const struct ir_alike_record *e,
                                const struct ir_event *ev)
{
    const unsigned no = IR_EV_DAMAGED | IR_EV_TRUNCATED | IR_EV_UNRECOGNISED | IR_EV_LINKED;
    if (!(ev->flags & IR_EV_TIME) || ev->stamps != 1 || (ev->flags & no) || ev->record.n > 0 ||
        ev->keytext.p != NULL)
        return false;
    for (uint32_t i = 0; i < ev->nfields; i++)
        if (!is_fixed(e, ev, &ev->fields[i]) && varies(a->fmt, ev->fields[i].id) == NULL)
            return false;
    for (uint32_t v = 1; v < ev->nviews; v++)
        if (ev->views[v].offset != ev->views[0].offset) return false;
    return true;
}

void ir_alike_close(struct ir_alike *a, const struct ir_event *ev, uint64_t hash,
                    struct ir_str body, bool keep)
{
    const struct ir_alike_record *there;
    keep = keep && a->noting && a->nrec < RECORDS && body.n <= BODY_MAX;
    a->noting = false;
    struct ir_alike_record e = {.hash = hash,
                                .body = body,
                                .weight = ev->weight,
                                .first = a->first,
                                .nadds = a->nadds - a->first};
    keep = keep && find_holes(a, ev, &e) && only_varying_differ(a, &e, ev);
    uint32_t at = keep ? find_slot(a, hash, body, &there) : SLOTS;
    if (at == SLOTS || there != NULL) {
        a->nadds = a->first;
        return;
    }
    a->rec[a->nrec] = e;
    a->slot[at] = ++a->nrec;
}
