/*
 * CSV files of another project: the cells are those that stand in the JSON beside each. Skips
 * without IR_SHARED.
 */
#include "samples.h"

static struct lines t;

/* Each string of the JSON is looked for, in order, among the native fields of the records. */
static unsigned cells(struct ir_str text, char got[][256], unsigned max)
{
    const struct ir_format *f = ir_format_by_name(IR_S("csv"));
    struct ir_str rec, rest = ir_str_head(text, f->cut(text, true));
    unsigned n = 0;
    ir_parser_close(&t.parser); /* the header of the file before */
    ir_parser_open(&t.parser, f, t.names);
    for (bool first = true; f->next(&rest, &rec); first = false) {
        ir_arena_reset(&t.arena);
        ir_event_begin(t.ev, rec, 0, 1);
        if (f->parse(&t.parser, rec, t.ev) != IR_OK || first) continue;
        for (uint32_t i = 0; i < t.ev->nfields && n < max; i++)
            if (t.ev->fields[i].id == IR_F_NONE)
                snprintf(got[n++], 256, "%.*s=%.*s", IR_FMT(t.ev->fields[i].name),
                         IR_FMT(t.ev->fields[i].val));
    }
    return n;
}

/* The next "key": "value" of flat JSON, as "key=value" with escapes undone. */
static bool next_pair(const char **at, const char *end, char out[256])
{
    char part[2][128];
    for (unsigned i = 0; i < 2; i++) {
        const char *p = memchr(*at, '"', (size_t)(end - *at));
        size_t n = 0;
        if (p == NULL) return false;
        for (p++; p < end && *p != '"' && n < 127; p++) {
            char c = *p;
            if (c == '\\' && ++p < end) c = *p == 'n' ? '\n' : *p;
            /* the file with CRLF has lost its CRs on the way into the collection */
            if (c == 'r' && p[-1] == '\\') continue;
            part[i][n++] = c;
        }
        part[i][n] = '\0';
        *at = p + 1;
    }
    snprintf(out, 256, "%s=%s", part[0], part[1]);
    return true;
}

int main(void)
{
    static char got[256][256];
    char json[1300], want[256];
    struct score cell = {0};
    glob_t g;
    if (!sample_files("data/csv/csvs", "*.csv", &g)) {
        skip("the CSV files are not below IR_SHARED");
        return done();
    }
    lines_open(&t, "csv", 1795309300);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        const char *base = strrchr(g.gl_pathv[i], '/') + 1;
        snprintf(json, sizeof json, "%.*s/json/%.*s.json", (int)(base - g.gl_pathv[i] - 6),
                 g.gl_pathv[i], (int)(strlen(base) - 4), base);
        struct ir_str text = sample_file(g.gl_pathv[i]), other = sample_file(json);
        unsigned n = cells(text, got, 256), k = 0;
        const char *at = other.p;
        for (; other.n > 0 && next_pair(&at, other.p + other.n, want); k++) {
            bool equal = k < n && strcmp(want, got[k]) == 0;
            score_add(&cell, equal);
            if (!equal) printf("# %s: want %s, got %s\n", base, want, k < n ? got[k] : "nothing");
        }
        is_int(n, k, "%s: cells", base);
        free((char *)text.p);
        free((char *)other.p);
    }
    is_int(cell.good, cell.all, "CSV: cells of %zu files", g.gl_pathc);
    lines_close(&t);
    globfree(&g);
    return done();
}
