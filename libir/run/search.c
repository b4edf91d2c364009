/*
 * Searching raw records. See search.h. Hostile: what is searched, so that regular expressions run
 * with limits, and the list of indicators, which comes from a stranger.
 */
#include "run/search.h"

#include <stdlib.h>

#include "rules/hits.h"
#include "rules/literal.h"
#include "run/spelling.h"

#define MATCH_LIMIT 200000u
#define DEPTH_LIMIT 2000u
#define HEAP_LIMIT  4096u             /* KiB */
#define HITS_MAX    ((size_t)4 << 20) /* of one block; more: all its records are looked at */
#define ALWAYS      UINT32_MAX

enum kind { TEXT, REGEX, IOC };

struct item {
    enum kind kind;
    struct ir_str text; /* as written */
    struct ir_ioc ioc;
    pcre2_code *re;
    uint64_t tried; /* REGEX: the record it was tried on last */
    bool always;    /* REGEX: no text is known that stands in each match */
};

struct lit {
    struct ir_str text;
    uint32_t item;
};

struct ir_search {
    struct ir_arena arena;
    bool ignore_case;
    struct item *item;
    struct lit *lit;
    uint32_t nitems, capitems, nlits, caplits, nalways;
    hs_database_t *db;
    hs_scratch_t *scratch;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    struct ir_hits hits;
    size_t at;     /* the first of them behind the records that were asked about */
    bool too_many; /* of the block: each of its records is searched alone */
    struct ir_str data;
    struct ir_buf found;
    uint32_t told[IR_SEARCH_TOLD];
    uint32_t ntold;
    uint64_t undecided, record; /* record: number of the current one */
    bool regexes;
};

struct ir_search *ir_search_new(bool ignore_case)
{
    struct ir_search *se = calloc(1, sizeof *se);
    if (se == NULL) return NULL;
    se->arena = IR_ARENA((size_t)256 << 20);
    se->ignore_case = ignore_case;
    se->found = IR_BUF(1 << 16);
    se->hits.max = HITS_MAX;
    se->match_data = pcre2_match_data_create(1, NULL);
    se->match_context = pcre2_match_context_create(NULL);
    if (se->match_data != NULL && se->match_context != NULL) {
        pcre2_set_match_limit(se->match_context, MATCH_LIMIT);
        pcre2_set_depth_limit(se->match_context, DEPTH_LIMIT);
        pcre2_set_heap_limit(se->match_context, HEAP_LIMIT);
        return se;
    }
    ir_search_free(se);
    return NULL;
}

void ir_search_free(struct ir_search *se)
{
    if (se == NULL) return;
    for (uint32_t i = 0; i < se->nitems; i++)
        pcre2_code_free(se->item[i].re);
    hs_free_scratch(se->scratch);
    hs_free_database(se->db);
    pcre2_match_data_free(se->match_data);
    pcre2_match_context_free(se->match_context);
    ir_buf_free(&se->found);
    ir_arena_free(&se->arena);
    free(se->item);
    free(se->lit);
    ir_hits_free(&se->hits);
    free(se);
}

size_t ir_search_count(const struct ir_search *se)
{
    return se->nitems;
}

uint64_t ir_search_undecided(const struct ir_search *se)
{
    return se->undecided;
}

struct ir_str ir_search_found(const struct ir_search *se)
{
    return ir_buf_view(&se->found);
}

static struct item *add_item(struct ir_search *se, enum kind kind, struct ir_err *err)
{
    if (se->nitems == IR_SEARCH_MAX) {
        ir_fail(err, IR_BAD, "more than %u things to look for", IR_SEARCH_MAX);
        return NULL;
    }
    if (se->nitems == se->capitems) {
        uint32_t cap = se->capitems ? se->capitems * 2 : 64;
        struct item *v = realloc(se->item, cap * sizeof *v);
        if (v == NULL) {
            ir_fail(err, IR_BAD, "out of memory");
            return NULL;
        }
        se->item = v;
        se->capitems = cap;
    }
    struct item *it = &se->item[se->nitems++];
    *it = (struct item){.kind = kind};
    return it;
}

/* A literal of the last item. */
static bool add_lit(void *user, struct ir_str text)
{
    struct ir_search *se = user;
    if (se->nlits == se->caplits) {
        uint32_t cap = se->caplits ? se->caplits * 2 : 64;
        struct lit *v = realloc(se->lit, cap * sizeof *v);
        if (v == NULL) return false;
        se->lit = v;
        se->caplits = cap;
    }
    text = ir_arena_dup(&se->arena, text);
    if (text.p == NULL) return false;
    se->lit[se->nlits++] = (struct lit){text, se->nitems - 1};
    return true;
}

static bool is_ascii(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

/* One more text of an expression. */
static bool add_quoted(void *user, struct ir_str text)
{
    struct ir_buf *re = user;
    if (re->n > 0) ir_buf_chr(re, '|');
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < 0x80 && !ir_isalnum(text.p[i])) ir_buf_chr(re, '\\');
        ir_buf_chr(re, text.p[i]);
    }
    return !re->full;
}

int ir_search_text(struct ir_search *se, struct ir_str text, struct ir_err *err)
{
    if (text.n == 0) return ir_fail(err, IR_BAD, "an empty pattern");
    if (memchr(text.p, '\n', text.n) != NULL)
        return ir_fail(err, IR_BAD, "a pattern of two lines: records are searched one by one");
    if (se->ignore_case && !is_ascii(text)) { /* other letters have case too */
        struct ir_buf re = IR_BUF(1 << 20);
        bool ok = add_quoted(&re, text) && ir_json_spellings(text, add_quoted, &re);
        int rc = !ok ? ir_fail(err, IR_BAD, "a pattern that is too long")
                     : ir_search_regex(se, ir_buf_view(&re), err);
        ir_buf_free(&re);
        if (rc == IR_OK) se->item[se->nitems - 1].text = ir_arena_dup(&se->arena, text);
        return rc;
    }
    struct item *it = add_item(se, TEXT, err);
    if (it == NULL) return IR_BAD;
    it->text = ir_arena_dup(&se->arena, text);
    return add_lit(se, text) && ir_json_spellings(text, add_lit, se)
               ? IR_OK
               : ir_fail(err, IR_BAD, "out of memory");
}

/* The longest text that any match holds. Long enough to be rare, or it would not help. */
static bool required(struct ir_search *se, struct ir_str re)
{
    struct ir_buf runs = IR_BUF(1 << 16);
    struct ir_str best = {NULL, 0}, rest, run;
    if (ir_regex_runs(re, &runs)) {
        for (rest = ir_buf_view(&runs); rest.p != NULL && rest.n > 0;) {
            run = ir_str_cut(&rest, '\0');
            if (run.n > best.n && is_ascii(run)) best = run;
        }
    }
    bool ok = best.n >= 2 && add_lit(se, best);
    ir_buf_free(&runs);
    return ok;
}

int ir_search_regex(struct ir_search *se, struct ir_str re, struct ir_err *err)
{
    uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    int code;
    PCRE2_SIZE at;
    if (re.n == 0) return ir_fail(err, IR_BAD, "an empty pattern");
    if (se->ignore_case) flags |= PCRE2_CASELESS;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)re.p, re.n, flags, &code, &at, NULL);
    if (compiled == NULL) {
        char msg[160] = "";
        pcre2_get_error_message(code, (PCRE2_UCHAR *)msg, sizeof msg);
        return ir_fail(err, IR_BAD, "regular expression: %s at offset %zu", msg, (size_t)at);
    }
    struct item *it = add_item(se, REGEX, err);
    if (it == NULL) {
        pcre2_code_free(compiled);
        return IR_BAD;
    }
    pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE); /* without JIT it runs interpreted */
    it->re = compiled;
    se->regexes = true;
    it->text = ir_arena_dup(&se->arena, re);
    it->always = !required(se, re);
    se->nalways += it->always;
    return IR_OK;
}

int ir_search_ioc(struct ir_search *se, struct ir_str line, struct ir_err *err)
{
    struct ir_ioc ioc;
    const char *why = NULL;
    int rc = ir_ioc_parse(&se->arena, line, &ioc, &why);
    if (rc > 0) return IR_END;
    if (rc < 0) return ir_fail(err, IR_BAD, "%s", why);
    struct item *it = add_item(se, IOC, err);
    if (it == NULL) return IR_BAD;
    it->ioc = ioc;
    it->text = ioc.text;
    bool ok = ir_ioc_literals(&ioc, add_lit, se) &&
              (ioc.kind == IR_IOC_NET || ir_json_spellings(ioc.text, add_lit, se));
    return ok ? IR_OK : ir_fail(err, IR_BAD, "out of memory");
}

/* Two letters outside ASCII fold to k and s: with them in a record a text that a caseless
 * expression needs may be spelt otherwise, so such records are always looked at. */
static const char *const odd_letters[] = {"\xe2\x84\xaa", "\xc5\xbf"};
#define NODD 2u

int ir_search_finish(struct ir_search *se, struct ir_err *err)
{
    const uint32_t n = se->nlits, total = n + NODD;
    const char **lit = calloc(total, sizeof *lit);
    size_t *len = calloc(total, sizeof *len);
    unsigned *flags = calloc(total, sizeof *flags), *ids = calloc(total, sizeof *ids);
    hs_compile_error_t *e = NULL;
    int rc = IR_OK;
    if (lit == NULL || len == NULL || flags == NULL || ids == NULL) {
        rc = ir_fail(err, IR_FATAL, "out of memory");
    } else if (n > 0) {
        for (uint32_t i = 0; i < n; i++) {
            const bool exact = se->item[se->lit[i].item].kind == TEXT && !se->ignore_case;
            lit[i] = se->lit[i].text.p;
            len[i] = se->lit[i].text.n;
            flags[i] = exact ? 0 : HS_FLAG_CASELESS;
            ids[i] = i;
        }
        for (uint32_t i = 0; i < NODD; i++) {
            lit[n + i] = odd_letters[i];
            len[n + i] = strlen(odd_letters[i]);
            ids[n + i] = ALWAYS;
        }
        if (hs_compile_lit_multi(lit, flags, ids, len, se->regexes ? total : n, HS_MODE_BLOCK, NULL,
                                 &se->db, &e) != HS_SUCCESS ||
            hs_alloc_scratch(se->db, &se->scratch) != HS_SUCCESS)
            rc = ir_fail(err, IR_FATAL, "the patterns cannot be compiled: %s",
                         e != NULL ? e->message : "out of memory");
        hs_free_compile_error(e);
    }
    free(lit);
    free(len);
    free(flags);
    free(ids);
    return rc;
}

/* False: there are more hits than are kept. */
static bool scan(struct ir_search *se, struct ir_str data)
{
    se->at = 0;
    return ir_hits_search(&se->hits, se->db, se->scratch, data);
}

bool ir_search_block(struct ir_search *se, struct ir_str data)
{
    se->data = data;
    se->too_many = !scan(se, data);
    return se->hits.n > 0 || se->too_many || se->nalways > 0;
}

/* Once a record, however often its text stands there. */
static bool regex_fits(struct ir_search *se, struct item *it, struct ir_str rec)
{
    if (se->undecided >= IR_SEARCH_GIVE_UP || it->tried == se->record) return false;
    it->tried = se->record;
    const PCRE2_SPTR p = (PCRE2_SPTR)rec.p;
    int rc = pcre2_match(it->re, p, rec.n, 0, 0, se->match_data, se->match_context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(it->re, p, rec.n, 0, PCRE2_NO_JIT, se->match_data, se->match_context);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) se->undecided++;
    return rc >= 0;
}

static void tell(struct ir_search *se, uint32_t i)
{
    const struct item *it = &se->item[i];
    for (uint32_t k = 0; k < se->ntold; k++)
        if (se->told[k] == i) return;
    if (se->ntold == IR_SEARCH_TOLD) return;
    se->told[se->ntold++] = i;
    if (se->found.n > 0) ir_buf_str(&se->found, IR_S(", "));
    if (it->kind == IOC) ir_buf_fmt(&se->found, "%s ", ir_ioc_kind_name(&it->ioc));
    ir_buf_str(&se->found, it->text);
}

static bool was_told(const struct ir_search *se, uint32_t i)
{
    for (uint32_t k = 0; k < se->ntold; k++)
        if (se->told[k] == i) return true;
    return false;
}

static void all_regexes(struct ir_search *se, struct ir_str rec, bool only_always)
{
    for (uint32_t i = 0; i < se->nitems; i++) {
        struct item *it = &se->item[i];
        if (it->kind != REGEX || (only_always && !it->always) || was_told(se, i)) continue;
        if (regex_fits(se, it, rec)) tell(se, i);
    }
}

/* One hit of the search that lies in rec; hit.end counts from `base`. */
static void one_hit(struct ir_search *se, const struct ir_literal_hit *h, const char *base,
                    struct ir_str rec)
{
    if (h->lit == ALWAYS) {
        all_regexes(se, rec, false);
        return;
    }
    const struct lit *l = &se->lit[h->lit];
    const size_t end = (size_t)(base + h->end - rec.p);
    if (end < l->text.n || was_told(se, l->item)) return; /* begins in the record before */
    struct item *it = &se->item[l->item];
    const bool fits = it->kind == TEXT ||
                      (it->kind == REGEX ? regex_fits(se, it, rec)
                                         : ir_ioc_verify(&it->ioc, rec, end - l->text.n, end));
    if (fits) tell(se, l->item);
}

bool ir_search_record(struct ir_search *se, struct ir_str rec)
{
    const char *base = se->data.p;
    ir_buf_clear(&se->found);
    se->ntold = 0;
    se->record++;
    if (se->too_many) {
        scan(se, rec); /* the first that are kept must do */
        base = rec.p;
    }
    const struct ir_literal_hit *hit = se->hits.v;
    const size_t n = se->hits.n;
    while (se->at < n && base + hit[se->at].end <= rec.p)
        se->at++;
    for (size_t i = se->at; i < n && base + hit[i].end <= rec.p + rec.n; se->at = ++i)
        if (se->ntold < IR_SEARCH_TOLD) one_hit(se, &hit[i], base, rec);
    if (se->nalways > 0) all_regexes(se, rec, true);
    return se->ntold > 0;
}
