/*
 * "Did you mean": the nearest word by edit distance (Levenshtein, two rows).
 */
#include "opt.h"

#define WORD_MAX 64u

static size_t distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    size_t row[WORD_MAX + 1];
    if (la > WORD_MAX || lb > WORD_MAX) return SIZE_MAX;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t above = row[j];
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best) best = above + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[lb];
}

const char *opt_nearest(const char *typed, const char *const *words, size_t n)
{
    const char *nearest = NULL;
    size_t typed_n = strlen(typed);
    size_t best = typed_n / 3 + 1; /* a third may be wrong */
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(typed, words[i]);
        bool prefix = typed_n >= 2 && strncmp(typed, words[i], typed_n) == 0;
        if (prefix) d = 1;
        if (d > best || (d == best && nearest != NULL)) continue;
        best = d;
        nearest = words[i];
    }
    return nearest;
}
