/*
 * Prints the literals of the rules that `ir scan` would try on a log, one a line, for a search of
 * the same texts by another program.
 *
 *     literals all SAMPLE RULES…       each plain text of 3 bytes or more in the values of the
 * rules literals required SAMPLE RULES…  only the texts that the rules' prefilter searches
 *
 * Which rules: those that fit a log source of the SAMPLE's first MiB or of its format. The count of
 * these rules goes to standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"
#include "rules/literal.h"
#include "rules/set.h"
#include "run/rulefiles.h"

#define SAMPLE_MAX ((size_t)1 << 20)
#define TEXT_MIN   3u

static void die(const char *what)
{
    fprintf(stderr, "literals: %s\n", what);
    exit(4);
}

static struct ir_str read_sample(const char *path)
{
    char *p = malloc(SAMPLE_MAX);
    FILE *f = fopen(path, "rb");
    if (p == NULL || f == NULL) die("cannot read the sample");
    size_t n = fread(p, 1, SAMPLE_MAX, f);
    fclose(f);
    while (n > 0 && p[n - 1] != '\n')
        n--;
    return ir_str_n(p, n);
}

static void seen_sources(struct ir_names *names, struct ir_str sample, bool seen[IR_LS_MAX])
{
    struct ir_arena arena = IR_ARENA((size_t)64 << 20);
    const struct ir_format *fmt = ir_formats_choose(NULL, sample, NULL), *took;
    struct ir_event *ev = ir_event_new(names, &arena);
    struct ir_parser p;
    if (ev == NULL || ir_parser_open(&p, fmt, names) != IR_OK) die("out of memory");
    if (fmt->flags & IR_FMT_STATEFUL) die("the sample's format cannot be read line by line");
    for (const uint16_t *s = fmt->sources; s != NULL && *s != 0; s++)
        seen[*s] = true;
    while (sample.n > 0) {
        struct ir_str rec = ir_str_cut(&sample, '\n');
        if (rec.n == 0) continue;
        ir_event_begin(ev, rec, 0, 0);
        ir_parser_record(&p, rec, ev, &took);
        for (uint32_t v = 0; v < ev->nviews; v++)
            for (unsigned i = 0; i < ev->views[v].nsources; i++)
                seen[ev->views[v].sources[i]] = true;
        ir_arena_reset(&arena);
    }
    ir_parser_close(&p);
    ir_event_free(ev);
    ir_arena_free(&arena);
}

/* rg takes a line a pattern: what has a line end in it cannot be given. */
static void print_text(struct ir_str s)
{
    if (s.n < TEXT_MIN || memchr(s.p, '\n', s.n) != NULL || memchr(s.p, '\0', s.n) != NULL) return;
    fwrite(s.p, 1, s.n, stdout);
    putchar('\n');
}

static void print_pattern(const struct ir_pattern *p)
{
    for (uint32_t i = 0; i < p->nseg; i++)
        if (p->seg[i].kind == NULL) print_text(p->seg[i].lit);
}

static void print_all(const struct ir_node *n)
{
    if (n == NULL) return;
    for (uint32_t i = 0; i < n->nkids; i++)
        print_all(n->kids[i]);
    if (n->op != IR_NODE_ITEM || n->item == NULL) return;
    for (uint32_t i = 0; i < n->item->nvals; i++)
        if (n->item->vals[i].kind == IR_VAL_PATTERN) print_pattern(&n->item->vals[i].pattern);
    for (uint32_t i = 0; i < n->item->nexact; i++)
        print_text(n->item->exact[i]);
}

static void print_required(struct ir_arena *a, const struct ir_node *n)
{
    struct ir_literals l;
    if (!ir_literals_required(a, n, &l)) return;
    for (uint32_t i = 0; i < l.n; i++)
        print_text(l.lit[i].text);
}

int main(int argc, char **argv)
{
    bool seen[IR_LS_MAX] = {false};
    struct ir_err err = {0};
    size_t used = 0;
    if (argc < 4) return 2;
    struct ir_names *names = ir_names_new();
    struct ir_rules *rs = names ? ir_rules_new(names) : NULL;
    if (rs == NULL) die("out of memory");
    for (int i = 3; i < argc; i++)
        if (ir_rulefiles_load(rs, argv[i], NULL, &err) != IR_OK) die(err.msg);
    if (ir_rules_finish(rs, &err) != IR_OK) die(err.msg);
    struct ir_str sample = read_sample(argv[2]);
    seen_sources(names, sample, seen);
    struct ir_arena arena = IR_ARENA((size_t)64 << 20);
    for (size_t i = 0; i < rs->nrules; i++) {
        const struct ir_rule *r = rs->rule[i];
        bool fits = false;
        for (unsigned ls = 1; ls < IR_LS_MAX && !fits; ls++)
            fits = seen[ls] && r->root != NULL &&
                   ir_logsource_fits(r->info.logsource, ir_logsource_get((enum ir_logsource_id)ls));
        if (!fits) continue;
        used++;
        if (strcmp(argv[1], "all") == 0)
            print_all(r->root);
        else
            print_required(&arena, r->root);
    }
    fprintf(stderr, "%zu\n", used);
    ir_arena_free(&arena);
    free((void *)(uintptr_t)sample.p);
    ir_rules_free(rs);
    ir_names_free(names);
    return fflush(stdout) == 0 ? 0 : 4;
}
