/*
 * What can be read off an expression's tree: an example, and a text that no match is without. See
 * regex_tree.h.
 */
#include "format/regex_tree.h"

#define LITERAL_MIN 3u
#define LITERAL_MAX 64u

/* The plainest byte of the set: for people, and so that neighbours do not fit by accident. */
static char plain_byte(const struct ir_rx *n)
{
    static const char wanted[] = "a0A_ .:-/";
    for (const char *c = wanted; *c != '\0'; c++)
        if (ir_rx_has(n, (unsigned char)*c)) return *c;
    for (unsigned c = '!'; c < 256; c++)
        if (ir_rx_has(n, (unsigned char)c)) return (char)c;
    for (unsigned c = 0; c < '!'; c++)
        if (ir_rx_has(n, (unsigned char)c)) return (char)c;
    return '?';
}

void ir_rx_example(const struct ir_rx *n, struct ir_buf *out)
{
    switch (n->kind) {
    case IR_RX_SET: ir_buf_chr(out, plain_byte(n)); break;
    case IR_RX_CAT:
        for (const struct ir_rx *k = n->kids; k != NULL; k = k->next)
            ir_rx_example(k, out);
        break;
    case IR_RX_ALT: ir_rx_example(n->kids, out); break;
    case IR_RX_REPEAT:
        for (uint32_t i = 0; i < n->min && !out->full; i++)
            ir_rx_example(n->kids, out);
        break;
    case IR_RX_LOOK: break;
    }
}

struct literal { /* the run that is being read, and the best so far */
    char run[LITERAL_MAX], best[LITERAL_MAX];
    size_t n, nbest;
};

static void run_ends(struct literal *l)
{
    if (l->n > l->nbest) {
        memcpy(l->best, l->run, l->n);
        l->nbest = l->n;
    }
    l->n = 0;
}

/* The only byte of the set, or -1. */
static int only_byte(const struct ir_rx *n)
{
    int only = -1;
    for (unsigned c = 0; c < 256; c++) {
        if (!ir_rx_has(n, (unsigned char)c)) continue;
        if (only >= 0) return -1;
        only = (int)c;
    }
    return only;
}

static void read_literal(const struct ir_rx *n, struct literal *l)
{
    int c;
    switch (n->kind) {
    case IR_RX_SET:
        c = only_byte(n);
        if (c < 0 || l->n == LITERAL_MAX) run_ends(l);
        if (c >= 0) l->run[l->n++] = (char)c;
        break;
    case IR_RX_CAT:
        for (const struct ir_rx *k = n->kids; k != NULL; k = k->next)
            read_literal(k, l);
        break;
    case IR_RX_REPEAT:
        run_ends(l);
        if (n->min > 0) read_literal(n->kids, l);
        run_ends(l);
        break;
    case IR_RX_ALT: run_ends(l); break;
    case IR_RX_LOOK: break;
    }
}

struct ir_str ir_rx_literal(struct ir_arena *a, const struct ir_rx *root)
{
    struct literal l = {.n = 0};
    read_literal(root, &l);
    run_ends(&l);
    if (l.nbest < LITERAL_MIN) return ir_str_n("", 0);
    struct ir_str s = ir_arena_dup(a, ir_str_n(l.best, l.nbest));
    return s.p != NULL ? s : ir_str_n("", 0);
}
