/*
 * Searching. See search.h. A word goes into the query of SQLite's FTS5 as a quoted string, so that
 * its operators are letters like others.
 */
#include "casedb/search.h"

#include <stdio.h>

#include "base/utf8.h"
#include "casedb/query.h"

#define WORDS_MAX     64u
#define TRIGRAM       3u
#define TEXT_BYTES    (3 * ((size_t)64 << 20))
#define PHRASE        32u /* letters of a word for which the index is asked */
#define SNIPPET_LEAD  60u /* bytes before the word */
#define SNIPPET_BYTES 240u

/* Words as they are looked for. */
struct words {
    struct ir_buf match;            /* the query of the index */
    struct ir_str brief[WORDS_MAX]; /* too short for the index */
    struct ir_buf whole[WORDS_MAX]; /* folded; of these the index was asked for the beginning */
    size_t nbrief, nwhole, used;
    struct ir_buf text; /* of a row, folded */
};

/* At most so many letters; *ret_n: how many they are. */
static struct ir_str head(struct ir_str s, size_t most, size_t *ret_n)
{
    struct ir_str rest = s;
    size_t n = 0;
    for (; rest.n > 0 && n < most; n++) {
        int32_t cp;
        rest = ir_str_skip(rest, ir_utf8_decode(rest, &cp));
    }
    *ret_n = n;
    return ir_str_head(s, s.n - rest.n);
}

static bool fold(struct ir_buf *out, struct ir_str s)
{
    ir_buf_clear(out);
    if (!ir_buf_reserve(out, 3 * s.n + 1)) return false;
    out->n = ir_fold(s, out->p);
    return true;
}

static void quote(struct ir_buf *b, struct ir_str word)
{
    ir_buf_str(b, b->n > 0 ? IR_S(" \"") : IR_S("\""));
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '"') ir_buf_chr(b, '"');
        ir_buf_chr(b, word.p[i]);
    }
    ir_buf_chr(b, '"');
}

/* A phrase of one letter many times over takes the index hours: of a long word it is asked for the
 * beginning, and the text for all of it. */
static bool take_word(struct words *w, struct ir_str word)
{
    size_t n;
    const struct ir_str phrase = head(word, PHRASE, &n);
    w->used++;
    if (n < TRIGRAM)
        w->brief[w->nbrief++] = word;
    else
        quote(&w->match, phrase);
    if (phrase.n == word.n) return true;
    w->whole[w->nwhole] = IR_BUF(TEXT_BYTES);
    return fold(&w->whole[w->nwhole++], word);
}

static bool has_all(struct words *w, struct ir_str text)
{
    for (size_t i = 0; i < w->nbrief; i++)
        if (ir_str_ifind(text, w->brief[i]) == IR_NPOS) return false;
    if (w->nwhole == 0) return true;
    if (!fold(&w->text, text)) return false;
    for (size_t i = 0; i < w->nwhole; i++)
        if (ir_str_find(ir_buf_view(&w->text), ir_buf_view(&w->whole[i])) == IR_NPOS) return false;
    return true;
}

static void free_words(struct words *w)
{
    for (size_t i = 0; i < w->nwhole; i++)
        ir_buf_free(&w->whole[i]);
    ir_buf_free(&w->match);
    ir_buf_free(&w->text);
}

static bool within(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* What stands around the word. */
static struct ir_str around(struct ir_str text, struct ir_str word)
{
    size_t n, at = ir_str_find(text, word);
    if (at == IR_NPOS) at = ir_str_ifind(text, head(word, PHRASE, &n));
    size_t from = at == IR_NPOS || at < SNIPPET_LEAD ? 0 : at - SNIPPET_LEAD;
    while (from < text.n && within(text.p[from]))
        from++;
    struct ir_str s = ir_str_head(ir_str_skip(text, from), SNIPPET_BYTES);
    while (s.n > 0 && s.n < text.n - from && within(s.p[s.n]))
        s.n--;
    while (s.n > 0 && (s.p[s.n - 1] == '\n'))
        s.n--;
    return s;
}

static const char *known_table(struct ir_str name)
{
    for (size_t i = 0; ir_record_table(i) != NULL; i++)
        if (ir_str_eq(name, ir_str_z(ir_record_table(i)))) return ir_record_table(i);
    return NULL;
}

static int has_column(struct ir_casedb *db, const char *table, const char *column, bool *ret_yes,
                      struct ir_err *err)
{
    struct ir_query q;
    *ret_yes = false;
    int rc = ir_query_open(&q, db, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(table));
    ir_query_text_arg(&q, 2, ir_str_z(column));
    rc = ir_query_next(&q, err);
    *ret_yes = rc == IR_OK;
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* Its numbers. */
static int place(struct ir_casedb *db, struct ir_search_hit *h, struct ir_err *err)
{
    bool no = false, of_case = false;
    char sql[200];
    struct ir_query q;
    int rc = has_column(db, h->table, "no", &no, err);
    if (rc == IR_OK) rc = has_column(db, h->table, "incident_id", &of_case, err);
    if (rc != IR_OK) return rc;
    const bool itself = strcmp(h->table, "incident") == 0;
    snprintf(sql, sizeof sql, "SELECT %s, %s FROM %s t WHERE id = ?1", no ? "no" : "NULL",
             itself    ? "no"
             : of_case ? "(SELECT no FROM incident WHERE id = t.incident_id)"
                       : "NULL",
             h->table);
    rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(h->id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        snprintf(h->no, sizeof h->no, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(h->incident, sizeof h->incident, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

#define ROWS "SELECT r.tbl, r.row, s.text FROM search s JOIN search_row r ON r.n = s.rowid "

int ir_search(struct ir_casedb *db, const char *const *word, size_t n,
              int (*hit)(void *user, const struct ir_search_hit *h), void *user, struct ir_err *err)
{
    struct words w = {.match = IR_BUF(1 << 20), .text = IR_BUF(TEXT_BYTES)};
    struct ir_query q = {.db = db};
    bool room = true;
    ir_err_at(err, "", -1, 0);
    if (n > WORDS_MAX) return ir_fail(err, IR_BAD, "more than 64 words");
    for (size_t i = 0; room && i < n; i++) {
        const struct ir_str word_i = ir_utf8_trim(ir_str_z(word[i]));
        if (word_i.n > 0) room = take_word(&w, word_i);
    }
    int rc = !room || w.match.full ? ir_fail(err, IR_BAD, "the words are too long")
             : w.used == 0         ? ir_fail(err, IR_BAD, "no words to look for")
             : w.match.n == 0
                 ? ir_query_open(&q, db, ROWS "ORDER BY s.rowid DESC", err)
                 : ir_query_open(&q, db, ROWS "WHERE search MATCH ?1 ORDER BY s.rowid DESC", err);
    if (rc == IR_OK && w.match.n > 0) ir_query_text_arg(&q, 1, ir_buf_view(&w.match));
    while (rc == IR_OK && (rc = ir_query_next(&q, err)) == IR_OK) {
        const struct ir_str text = ir_query_text(&q, 2);
        struct ir_search_hit h = {.table = known_table(ir_query_text(&q, 0))};
        if (h.table == NULL || !has_all(&w, text)) continue;
        snprintf(h.id, sizeof h.id, "%.*s", IR_FMT(ir_query_text(&q, 1)));
        h.snippet = around(text, ir_utf8_trim(ir_str_z(word[0])));
        rc = place(db, &h, err);
        if (rc == IR_OK) rc = hit(user, &h);
    }
    ir_query_close(&q);
    free_words(&w);
    return rc == IR_END ? IR_OK : rc;
}
