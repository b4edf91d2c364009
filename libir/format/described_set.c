/*
 * The set of described formats, its notes, and the list that it makes with the compiled-in ones.
 * See described.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/intl.h"
#include "format/described_int.h"

#define ARENA_MAX ((size_t)64 << 20)
#define NOTES_MAX 10000u

struct ir_described_set *ir_described_new(void)
{
    struct ir_described_set *set = calloc(1, sizeof *set);
    if (set == NULL) return NULL;
    set->arena = IR_ARENA(ARENA_MAX);
    set->formats = ir_formats_builtin;
    set->names = ir_names_new();
    if (set->names != NULL) return set;
    ir_described_free(set);
    return NULL;
}

static void free_one(struct ir_described *d)
{
    for (uint32_t i = 0; i < d->npatterns; i++)
        ir_regex_free(&d->pattern[i].re);
    ir_regex_free(&d->start);
}

void ir_described_free(struct ir_described_set *set)
{
    if (set == NULL) return;
    for (size_t i = 0; i < set->n; i++)
        free_one(set->described[i]);
    free(set->notes);
    ir_names_free(set->names);
    ir_arena_free(&set->arena);
    free(set);
}

/* What stands in a section for all patterns is read once for each. */
static bool told_before(const struct ir_described_set *set, const char *path, uint64_t line,
                        const char *text)
{
    for (size_t i = set->nnotes; i > 0 && set->nnotes - i < 2 * IR_DESCRIBED_PATTERNS_MAX; i--) {
        const struct ir_described_note *n = set->notes[i - 1];
        if (n->line == line && strcmp(n->reason, text) == 0 && strcmp(n->path, path) == 0)
            return true;
    }
    return false;
}

int ir_described_say(struct ir_described_set *set, const char *path, uint64_t line, bool warning,
                     const char *fmt, ...)
{
    char text[1024];
    va_list args;
    if (set->nnotes >= NOTES_MAX) return IR_OK;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (told_before(set, path, line, text)) return IR_OK;
    if (set->nnotes == set->capnotes) {
        size_t cap = set->capnotes ? set->capnotes * 2 : 32;
        struct ir_described_note **p = realloc(set->notes, cap * sizeof *p);
        if (p == NULL) return IR_FATAL;
        set->notes = p;
        set->capnotes = cap;
    }
    struct ir_described_note *n = ir_arena_alloc(&set->arena, sizeof *n);
    struct ir_str reason = ir_arena_dup(&set->arena, ir_str_z(text));
    struct ir_str name = ir_arena_dup(&set->arena, ir_str_z(path));
    if (n == NULL || reason.p == NULL || name.p == NULL) return IR_FATAL;
    *n = (struct ir_described_note){name.p, line, reason.p, warning};
    set->notes[set->nnotes++] = n;
    return IR_OK;
}

int ir_described_fail(struct ir_described_set *set, const char *path, uint64_t line,
                      const char *reason)
{
    return ir_described_say(set, path, line, false, "%s", reason);
}

static bool same(struct ir_logsource a, struct ir_logsource b)
{
    return ir_str_ieq(a.category, b.category) && ir_str_ieq(a.product, b.product) &&
           ir_str_ieq(a.service, b.service);
}

uint16_t ir_described_source(struct ir_described_set *set, struct ir_logsource ls, bool *ret_known)
{
    *ret_known = true;
    for (uint16_t i = 1; i < IR_LS_MAX; i++)
        if (same(ls, ir_logsource_get((enum ir_logsource_id)i))) return i;
    *ret_known = false;
    for (size_t i = 0; i < set->nown; i++)
        if (same(ls, set->own[i])) return (uint16_t)(IR_LS_MAX + i);
    if (set->nown == IR_LS_OWN_MAX) return 0;
    set->own[set->nown] = ls;
    return (uint16_t)(IR_LS_MAX + set->nown++);
}

struct adding {
    struct ir_described_set *set;
    const char *path;
};

static int on_document(void *user, struct ir_yaml *root)
{
    struct adding *a = user;
    return ir_described_document(a->set, a->path, root);
}

int ir_described_add(struct ir_described_set *set, const char *path, struct ir_str yaml)
{
    struct ir_err err = {0};
    struct adding a = {set, path};
    if (yaml.n > IR_DESCRIBED_FILE_MAX)
        return ir_described_fail(set, path, 0, N_("larger than 1 MiB, no format file"));
    int rc = ir_yaml_each(&set->arena, yaml, on_document, &a, &err);
    if (rc == IR_BAD)
        return ir_described_fail(set, path, (uint64_t)(err.line > 0 ? err.line : 0), err.msg);
    return rc;
}

/* The described ones stand before the fallback, which is last. */
int ir_described_finish(struct ir_described_set *set)
{
    const struct ir_formats *own = &ir_formats_builtin;
    const size_t n = own->n + set->n;
    const struct ir_format **list = ir_arena_alloc(&set->arena, (n + 1) * sizeof *list);
    if (list == NULL) return IR_FATAL;
    for (size_t i = 0; i + 1 < own->n; i++)
        list[i] = own->list[i];
    for (size_t i = 0; i < set->n; i++)
        list[own->n - 1 + i] = &set->described[i]->format;
    list[n - 1] = own->list[own->n - 1];
    list[n] = NULL;
    set->formats = (struct ir_formats){list, n, set->own, set->nown};
    return IR_OK;
}

const struct ir_formats *ir_described_formats(const struct ir_described_set *set)
{
    return &set->formats;
}

size_t ir_described_count(const struct ir_described_set *set)
{
    return set->n;
}

size_t ir_described_notes(const struct ir_described_set *set)
{
    return set->nnotes;
}

const struct ir_described_note *ir_described_note(const struct ir_described_set *set, size_t i)
{
    return set->notes[i];
}

void ir_described_get(const struct ir_described_set *set, size_t i,
                      struct ir_described_info *ret_info)
{
    const struct ir_described *d = set->described[i];
    *ret_info = (struct ir_described_info){.format = &d->format,
                                           .path = d->path,
                                           .line = d->line,
                                           .title_ja = d->title_ja,
                                           .npatterns = d->npatterns,
                                           .nsamples = d->ntests - d->nmisses,
                                           .nmisses = d->nmisses};
}
