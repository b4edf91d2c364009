/*
 * Cutting a record into cells: see csv_cells.h. Each byte is read at most twice: after one quote
 * without an end no other is looked for.
 */
#include "format/csv_cells.h"

/* The quote that ends the cell which begins at s.p[0], or IR_NPOS. */
static size_t closing(struct ir_str s, char sep, bool *ret_doubled)
{
    for (size_t i = 1; i < s.n; i++) {
        size_t q = ir_str_chr(ir_str_skip(s, i), '"');
        if (q == IR_NPOS) return IR_NPOS;
        i += q;
        if (i + 1 < s.n && s.p[i + 1] == '"') {
            *ret_doubled = true;
            i++;
        } else if (i + 1 == s.n || s.p[i + 1] == sep) {
            return i;
        }
    }
    return IR_NPOS;
}

bool ir_csv_next(struct ir_csv *c, struct ir_csv_cell *cell)
{
    struct ir_str s = c->rest;
    if (!c->more) return false;
    cell->quoted = cell->doubled = false;
    if (s.n > 0 && s.p[0] == '"' && !c->stray) {
        size_t end = closing(s, c->sep, &cell->doubled);
        if (end != IR_NPOS) {
            cell->quoted = true;
            cell->text = ir_str_n(s.p + 1, end - 1);
            c->more = end + 1 < s.n;
            c->rest = ir_str_skip(s, end + 2);
            return true;
        }
        c->stray = true;
        cell->doubled = false;
    }
    size_t end = ir_str_chr(s, c->sep);
    c->more = end != IR_NPOS;
    cell->text = ir_str_head(s, end);
    c->rest = ir_str_skip(s, end == IR_NPOS ? s.n : end + 1);
    return true;
}

struct ir_str ir_csv_decode(struct ir_str text, struct ir_arena *arena)
{
    char *out = ir_arena_alloc(arena, text.n);
    size_t n = 0;
    if (out == NULL) return text;
    for (size_t i = 0; i < text.n; i++) {
        out[n++] = text.p[i];
        if (text.p[i] == '"' && i + 1 < text.n && text.p[i + 1] == '"') i++;
    }
    return ir_str_n(out, n);
}
