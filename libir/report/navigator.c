/*
 * Layers for the ATT&CK Navigator, layer file format 4.5 (attack-navigator, layers/spec/v4.5), and
 * the writer of a scan's findings as one.
 *
 * The versions of ATT&CK and of the Navigator are left out on purpose: the tags of rules do not say
 * theirs, and the Navigator then takes its own. Text in rules and records is hostile: it stands in
 * JSON strings only, and technique numbers are digits (ir_technique), whatever a tag holds. The
 * same findings give the same bytes: no clock is in it.
 */
#include "report/navigator.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/time.h"
#include "report/gather.h"
#include "report/json_out.h"
#include "report/page.h"
#include "report/words.h"

#define LINES_MAX 100u /* of one comment; Navigator shows them all at once */

struct ir_layer_row { /* one rule's mark on one technique */
    char technique[16];
    struct ir_layer_mark mark;
    size_t number; /* in the order they were added */
};

static bool push(struct ir_layer *l, const struct ir_layer_row *row)
{
    if (l->nrows == l->caprows) {
        size_t cap = l->caprows > 0 ? l->caprows * 2 : 256;
        struct ir_layer_row *p = realloc(l->row, cap * sizeof *p);
        if (p == NULL) return false;
        l->row = p;
        l->caprows = cap;
    }
    l->row[l->nrows] = *row;
    l->row[l->nrows].number = l->nrows;
    l->nrows++;
    return true;
}

bool ir_layer_add(struct ir_layer *l, const struct ir_str *tags, size_t ntags,
                  const struct ir_layer_mark *m)
{
    const size_t first = l->nrows;
    struct ir_layer_row row = {.mark = *m};
    bool named = false;
    for (size_t i = 0; i < ntags; i++) {
        char number[16];
        struct ir_str t = ir_technique(tags[i], number);
        bool again = false;
        for (size_t k = first; k < l->nrows && !again; k++)
            again = ir_str_eq(t, ir_str_z(l->row[k].technique));
        if (t.n == 0 || again) continue;
        if (!named) row.mark.text = ir_arena_dup(&l->arena, m->text);
        named = true;
        memcpy(row.technique, t.p, t.n);
        row.technique[t.n] = '\0';
        if (row.mark.text.p == NULL || !push(l, &row)) l->out_of_memory = true;
    }
    return named;
}

static int cmp_row(const void *a, const void *b)
{
    const struct ir_layer_row *x = a, *y = b;
    int c = strcmp(x->technique, y->technique);
    if (c != 0) return c;
    if (x->mark.key != y->mark.key) return x->mark.key > y->mark.key ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static size_t rows_of_technique(const struct ir_layer *l, size_t i, uint64_t *ret_score)
{
    size_t n = 0;
    *ret_score = 0;
    for (; i + n < l->nrows && strcmp(l->row[i].technique, l->row[i + n].technique) == 0; n++)
        *ret_score += l->row[i + n].mark.score;
    return n;
}

static void comment(const struct ir_layer *l, struct ir_buf *out, bool *first, size_t i, size_t n)
{
    struct ir_buf text = IR_BUF((size_t)1 << 24);
    const size_t shown = n <= LINES_MAX ? n : LINES_MAX;
    for (size_t k = i; k < i + shown; k++) {
        const struct ir_layer_mark *m = &l->row[k].mark;
        struct ir_buf arg[2] = {IR_BUF(256), IR_BUF((size_t)1 << 22)};
        if (k > i) ir_buf_chr(&text, '\n');
        ir_buf_str(&arg[0], ir_str_z(l->key[m->key].label));
        ir_buf_str(&arg[1], m->text);
        ir_word_fill(&text, IR_W_LAYER_LINE, arg, 2);
        ir_buf_free(&arg[0]);
        ir_buf_free(&arg[1]);
    }
    if (n > shown) ir_buf_chr(&text, '\n');
    if (n > shown) ir_word_count(&text, IR_W_AND_MORE, IR_W_AND_MORE, n - shown);
    ir_out_text(out, first, "comment", ir_buf_view(&text));
    ir_buf_free(&text);
}

/* Returns the highest score. */
static uint64_t techniques(const struct ir_layer *l, struct ir_buf *out, bool *outer)
{
    uint64_t most = 0;
    ir_json_write_key(out, outer, IR_S("techniques"));
    ir_buf_chr(out, '[');
    for (size_t i = 0, n; i < l->nrows; i += n) {
        uint64_t score;
        bool first = true;
        n = rows_of_technique(l, i, &score);
        if (score > most) most = score;
        ir_buf_str(out, i > 0 ? IR_S(",\n{") : IR_S("\n{"));
        ir_out_text(out, &first, "techniqueID", ir_str_z(l->row[i].technique));
        ir_out_u64(out, &first, "score", score);
        const char *colour = l->key[l->row[i].mark.key].colour;
        if (colour != NULL) ir_out_text(out, &first, "color", ir_str_z(colour));
        comment(l, out, &first, i, n);
        ir_out_raw(out, &first, "enabled", "true");
        ir_buf_chr(out, '}');
    }
    ir_buf_str(out, IR_S("]"));
    return most;
}

static void legend(const struct ir_layer *l, struct ir_buf *out, bool *outer)
{
    bool any = false;
    ir_json_write_key(out, outer, IR_S("legendItems"));
    ir_buf_chr(out, '[');
    for (unsigned k = l->nkeys; k-- > 0;) {
        bool first = true;
        if (l->key[k].colour == NULL) continue; /* the gradient speaks for itself */
        ir_buf_str(out, any ? IR_S(",{") : IR_S("{"));
        ir_out_text(out, &first, "label", ir_str_z(l->key[k].label));
        ir_out_text(out, &first, "color", ir_str_z(l->key[k].colour));
        ir_buf_chr(out, '}');
        any = true;
    }
    ir_buf_chr(out, ']');
}

void ir_layer_write(struct ir_layer *l, struct ir_buf *out, const char *name, struct ir_str about)
{
    bool first = true, inner = true;
    if (l->nrows > 1) qsort(l->row, l->nrows, sizeof *l->row, cmp_row);
    ir_buf_chr(out, '{');
    ir_out_text(out, &first, "name", ir_str_z(name));
    ir_out_raw(out, &first, "versions", "{\"layer\":\"4.5\"}");
    ir_out_text(out, &first, "domain", IR_S("enterprise-attack"));
    ir_out_text(out, &first, "description", about);
    ir_out_u64(out, &first, "sorting", 3); /* by score, the highest first */
    ir_out_raw(out, &first, "layout",
               "{\"layout\":\"side\",\"showID\":true,\"showName\":true,"
               "\"expandedSubtechniques\":\"annotated\"}");
    ir_out_raw(out, &first, "hideDisabled", "false");
    const uint64_t most = techniques(l, out, &first);
    ir_json_write_key(out, &first, IR_S("gradient"));
    ir_buf_str(out, IR_S("{\"colors\":[\"#e5f5e0\",\"#31a354\"]"));
    inner = false;
    ir_out_u64(out, &inner, "minValue", 0);
    ir_out_u64(out, &inner, "maxValue", most > 0 ? most : 1);
    ir_buf_chr(out, '}');
    legend(l, out, &first);
    ir_out_raw(out, &first, "showTacticRowBackground", "false");
    ir_out_raw(out, &first, "selectTechniquesAcrossTactics", "true");
    ir_out_raw(out, &first, "selectSubtechniquesWithParent", "false");
    ir_buf_str(out, IR_S("}\n"));
    if (l->out_of_memory) out->full = true;
}

void ir_layer_free(struct ir_layer *l)
{
    free(l->row);
    ir_arena_free(&l->arena);
    l->row = NULL;
}

/* "Password guessing: 3 findings, 120 records, 2026-11-22T02:02:03Z to …" */
static void hit_text(struct ir_buf *b, const struct ir_gather_rule *r)
{
    struct ir_buf arg[5] = {IR_BUF((size_t)1 << 22), IR_BUF(64), IR_BUF(64), IR_BUF(64),
                            IR_BUF(64)};
    char time[IR_TIME_TEXT];
    ir_buf_str(&arg[0], r->title);
    ir_word_count(&arg[1], IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, r->n);
    ir_word_count(&arg[2], IR_W_N_RECORDS_1, IR_W_N_RECORDS, r->count);
    if (r->has_time)
        ir_buf_add(&arg[3], time, ir_time_rfc3339(r->from, time));
    else
        ir_buf_str(&arg[3], ir_str_z(ir_word(IR_W_NO_TIME)));
    const bool span = r->has_time && r->to > r->from;
    if (span) ir_buf_add(&arg[4], time, ir_time_rfc3339(r->to, time));
    ir_word_fill(b, span ? IR_W_LAYER_HIT_SPAN : IR_W_LAYER_HIT, arg, 5);
    for (size_t i = 0; i < 5; i++)
        ir_buf_free(&arg[i]);
}

static void describe(struct ir_buf *b, const struct ir_document *d, uint64_t elsewhere)
{
    const struct ir_summary *s = d->summary;
    struct ir_buf arg[2] = {IR_BUF(64), IR_BUF(64)};
    char time[IR_TIME_TEXT];
    ir_word_count(&arg[0], IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, d->nfindings);
    ir_word_count(&arg[1], IR_W_N_INPUTS_1, IR_W_N_INPUTS, s->inputs);
    ir_word_fill(b, IR_W_LAYER_HITS_ABOUT, arg, 2);
    if (s->has_time) {
        ir_buf_clear(&arg[0]);
        ir_buf_clear(&arg[1]);
        ir_buf_add(&arg[0], time, ir_time_rfc3339(s->first, time));
        ir_buf_add(&arg[1], time, ir_time_rfc3339(s->last, time));
        ir_word_gap(b);
        ir_word_fill(b, IR_W_SINCE_LOGS, arg, 2);
    }
    if (elsewhere > 0) {
        ir_word_gap(b);
        ir_word_count(b, IR_W_LAYER_ELSEWHERE_1, IR_W_LAYER_ELSEWHERE, elsewhere);
    }
    ir_buf_free(&arg[0]);
    ir_buf_free(&arg[1]);
}

static void document(struct ir_buf *out, const struct ir_document *d,
                     const struct ir_write_options *opt)
{
    (void)opt;
    static const char *const colours[IR_LEVEL_MAX] = {"#deebf7", "#ffffb2", "#fecc5c", "#fd8d3c",
                                                      "#bd0026"};
    struct ir_layer_key keys[IR_LEVEL_MAX];
    struct ir_layer l = {
        .key = keys, .nkeys = IR_LEVEL_MAX, .arena = IR_ARENA(IR_LAYER_MEMORY_MAX)};
    struct ir_buf text = IR_BUF((size_t)1 << 22);
    struct ir_gather g;
    uint64_t elsewhere = 0;
    for (unsigned i = 0; i < IR_LEVEL_MAX; i++)
        keys[i] = (struct ir_layer_key){colours[i], ir_word_level((enum ir_level)i)};
    if (!ir_gather_init(&g, d, true)) l.out_of_memory = true;
    for (uint32_t i = 0; i < g.nrules && !l.out_of_memory; i++) {
        const struct ir_gather_rule *r = &g.rule[g.rank[i]];
        ir_buf_clear(&text);
        hit_text(&text, r);
        const struct ir_layer_mark m = {(unsigned)r->level, r->n, ir_buf_view(&text)};
        if (!ir_layer_add(&l, r->tags, r->ntags, &m)) elsewhere += r->n;
    }
    ir_buf_clear(&text);
    describe(&text, d, elsewhere);
    ir_layer_write(&l, out, ir_word(IR_W_LAYER_HITS), ir_buf_view(&text));
    d->drain(d->user);
    ir_buf_free(&text);
    ir_layer_free(&l);
    ir_gather_free(&g);
}

const struct ir_writer ir_writer_navigator = {
    .name = "navigator",
    .title = N_("a layer for the ATT&CK Navigator: the techniques of the findings"),
    .document = document,
};
