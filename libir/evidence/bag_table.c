/*
 * Manifests into a table of names (RFC 8493 sections 2.1.3 and 2.2.1): a map from the path to what
 * each manifest says of it. Of manifests that are too large for memory one part of the names a
 * pass, chosen by the hash of the name, which is the same for names that may be one file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/bag_int.h"

#define PATH_BYTES ((size_t)4 << 20)

bool ir_bag_picked(const struct ir_bag *b, const struct ir_bag_table *t, uint64_t key,
                   struct ir_str path)
{
    switch (t->pick) {
    case IR_BAG_PICK_FILE: return ir_str_eq(path, ir_str_z(b->o->file));
    case IR_BAG_PICK_MANIFESTS:
        return ir_str_starts(path, IR_S("manifest-")) || ir_str_eq(path, IR_S("bagit.txt"));
    default: return key % t->passes == t->pass;
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ir_bag_manifest *)a)->name,
                  ((const struct ir_bag_manifest *)b)->name);
}

int ir_bag_manifests(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    struct ir_str prefix = t->kind == IR_BAG_PAYLOAD ? IR_S("manifest-") : IR_S("tagmanifest-");
    uint64_t limit = b->o->memory != 0 ? b->o->memory : IR_BAG_MEMORY, bytes = 0;
    int fd = ir_open_beneath(b->fd, ".", O_RDONLY | O_DIRECTORY);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        int why = fd < 0 ? -fd : errno;
        if (fd >= 0) close(fd);
        return ir_fail(err, IR_FATAL, "the directory cannot be read: %s", ir_errno_text(why));
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct ir_str name = ir_str_z(e->d_name);
        struct stat st;
        if (!ir_str_starts(name, prefix) || !ir_str_ends(name, IR_S(".txt")) ||
            name.n <= prefix.n + 4)
            continue;
        if (t->nm == IR_BAG_MANIFESTS_MAX) {
            ir_bag_say(b, IR_BAG_PROBLEM, e->d_name, "is one manifest too many: it was not read");
            continue;
        }
        struct ir_bag_manifest *m = &t->m[t->nm++];
        snprintf(m->name, sizeof m->name, "%s", e->d_name);
        m->alg = ir_digest_by_name(ir_str_n(name.p + prefix.n, name.n - prefix.n - 4));
        if (m->alg != IR_DIGEST_ALG_MAX) t->set |= IR_DIGEST_BIT(m->alg);
        if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0) bytes += (uint64_t)st.st_size;
    }
    closedir(d);
    qsort(t->m, t->nm, sizeof t->m[0], by_name);
    for (unsigned i = 0; i < t->nm; i++)
        if (t->m[i].alg == IR_DIGEST_ALG_MAX)
            ir_bag_say(b, t->set == 0 ? IR_BAG_PROBLEM : IR_BAG_WARN, t->m[i].name,
                       "its digests are of an unknown algorithm: only the names were compared");
    /* An entry with its name takes about three times the bytes of its line. */
    t->passes = t->pick == IR_BAG_PICK_ALL ? (unsigned)(bytes / (limit / 3 + 1) + 1) : 1;
    return IR_OK;
}

bool ir_bag_table_room(struct ir_bag_table *t, uint32_t more)
{
    if (t->cap - t->n >= more) return true;
    uint32_t cap = t->cap + t->cap / 2 + more + 64;
    struct ir_bag_entry *v = cap > t->cap ? realloc(t->v, cap * sizeof *v) : NULL;
    if (v == NULL) return false;
    t->v = v;
    t->cap = cap;
    return true;
}

struct load {
    struct ir_bag *b;
    struct ir_bag_table *t;
    unsigned m; /* number of the manifest */
    const char *odd;
    struct ir_buf room;
};

static void complain(struct load *l, enum ir_bag_grade grade, uint64_t line, const char *why)
{
    char place[300];
    snprintf(place, sizeof place, "%s:%" PRIu64, l->t->m[l->m].name, line);
    ir_bag_tell(l->b, grade, place, why);
}

static bool split_line(struct ir_str text, struct ir_str *ret_hex, struct ir_str *ret_path)
{
    size_t n = 0;
    while (n < text.n && ir_hexval(text.p[n]) >= 0)
        n++;
    size_t blanks = n;
    while (blanks < text.n && (text.p[blanks] == ' ' || text.p[blanks] == '\t'))
        blanks++;
    *ret_hex = ir_str_head(text, n);
    *ret_path = ir_str_skip(text, blanks);
    return n > 0 && blanks > n && blanks < text.n;
}

/* The digest and the path of one line; false after having told what is wrong. */
static bool parse(struct load *l, const struct ir_bag_line *line, struct ir_str *ret_hex,
                  struct ir_str *ret_path)
{
    const enum ir_digest_alg alg = l->t->m[l->m].alg;
    bool first = l->t->pass == 0;
    bool split = split_line(line->text, ret_hex, ret_path);
    size_t n = ret_hex->n;
    const char *why = NULL, *odd = NULL;
    if (!split)
        why = N_("a line is not a digest, blanks and a name");
    else if (alg != IR_DIGEST_ALG_MAX && n != 2 * ir_digest_size(alg))
        why = N_("a digest has a wrong number of digits");
    else
        why = ir_bag_path(l->b, ret_path, &l->room, &odd);
    bool data = why == NULL && ir_str_starts(*ret_path, IR_S("data/"));
    if (why == NULL && l->t->kind == IR_BAG_PAYLOAD && !data)
        why = N_("a payload manifest lists a file outside data/");
    if (why != NULL && first) complain(l, IR_BAG_PROBLEM, line->number, why);
    if (why != NULL) return false;
    if (l->odd == NULL) l->odd = odd;
    if (l->t->kind == IR_BAG_TAGS && first) {
        if (ir_str_starts(*ret_path, IR_S("tagmanifest-")))
            complain(l, ir_bag_since(l->b, IR_BAG_V1), line->number,
                     N_("a tag manifest lists a tag manifest"));
        if (data) complain(l, IR_BAG_WARN, line->number, N_("a tag manifest lists the payload"));
    }
    return true;
}

/* Written as sealing writes it: small digits, two blanks, the name as it is, LF. */
static bool is_canonical(const struct ir_bag_line *line, struct ir_str hex, struct ir_str path)
{
    for (size_t i = 0; i < hex.n; i++)
        if (hex.p[i] >= 'A' && hex.p[i] <= 'F') return false;
    return line->lf && line->text.n == hex.n + 2 + path.n &&
           memcmp(line->text.p + hex.n, "  ", 2) == 0 &&
           ir_str_eq(ir_str_skip(line->text, hex.n + 2), path);
}

static int add(struct load *l, const struct ir_bag_line *line, struct ir_str hex,
               struct ir_str path, uint64_t key, struct ir_err *err)
{
    struct ir_bag_table *t = l->t;
    const enum ir_digest_alg alg = t->m[l->m].alg;
    bool is_new;
    if (!ir_bag_table_room(t, 1) || ir_map_put(&t->names, path, &is_new) == NULL)
        return ir_fail(err, IR_FATAL, "out of memory");
    uint32_t i = is_new ? t->n++ : ir_map_find(&t->names, path);
    struct ir_bag_entry *e = &t->v[i];
    if (is_new) *e = (struct ir_bag_entry){.key = key, .same = i};
    bool twice = (e->listed & (1u << l->m)) != 0;
    e->listed |= 1u << l->m;
    if (twice) complain(l, IR_BAG_WARN, line->number, N_("the file is listed twice"));
    if (alg == IR_DIGEST_ALG_MAX) return IR_OK;
    size_t n = ir_digest_size(alg);
    unsigned char *want = ir_arena_alloc(&t->digests, n);
    if (want == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    if (!ir_unhex(hex, want, n)) return IR_OK; /* parse counted the digits */
    if (e->want[alg] != NULL && memcmp(e->want[alg], want, n) != 0)
        complain(l, IR_BAG_PROBLEM, line->number, N_("the file is listed with two digests"));
    else
        e->want[alg] = want;
    return IR_OK;
}

static int load_manifest(struct load *l, struct ir_err *err)
{
    struct ir_bag_lines *lines = NULL;
    struct ir_bag_line line;
    struct ir_str hex, path;
    bool first = l->t->pass == 0;
    int rc = ir_bag_lines_open(l->b, l->t->m[l->m].name, l->b->encoding, &lines);
    if (rc != IR_OK) return IR_OK; /* told */
    l->odd = NULL;
    while (rc == IR_OK && ir_bag_lines_next(lines, &line) == IR_OK) {
        if (line.text.n == 0) {
            if (first) complain(l, IR_BAG_WARN, line.number, N_("a line is empty"));
            continue;
        }
        if (!parse(l, &line, &hex, &path)) continue;
        if (first && l->b->o->exhibit && l->t->kind == IR_BAG_TAGS &&
            !is_canonical(&line, hex, path))
            complain(l, IR_BAG_PROBLEM, line.number,
                     N_("the line is not written as sealing writes it: it was changed"));
        uint64_t key = ir_bag_key(path);
        if (ir_bag_picked(l->b, l->t, key, path)) rc = add(l, &line, hex, path, key, err);
    }
    if (first && l->odd != NULL) ir_bag_tell(l->b, IR_BAG_WARN, l->t->m[l->m].name, l->odd);
    ir_bag_lines_close(lines, first);
    return rc;
}

static int by_key(const void *a, const void *b, void *table)
{
    const struct ir_bag_table *t = table;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (t->v[i].key != t->v[j].key) return t->v[i].key < t->v[j].key ? -1 : 1;
    return i < j ? -1 : i > j;
}

int ir_bag_load(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    struct load l = {.b = b, .t = t, .room = IR_BUF(PATH_BYTES)};
    int rc = IR_OK;
    t->digests = IR_ARENA(SIZE_MAX);
    for (l.m = 0; l.m < t->nm && rc == IR_OK; l.m++)
        rc = load_manifest(&l, err);
    ir_buf_free(&l.room);
    if (rc != IR_OK) return rc;
    t->order = malloc(((size_t)t->n + 1) * sizeof *t->order);
    if (t->order == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    for (uint32_t i = 0; i < t->n; i++)
        t->order[i] = i;
    qsort_r(t->order, t->n, sizeof *t->order, by_key, t);
    t->sorted = t->n;
    return IR_OK;
}

uint32_t ir_bag_table_find(const struct ir_bag_table *t, uint64_t key, uint32_t *ret_from)
{
    uint32_t low = 0, high = t->sorted, n = 0;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->v[t->order[mid]].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + n < t->sorted && t->v[t->order[low + n]].key == key)
        n++;
    *ret_from = low;
    return n;
}

void ir_bag_table_clear(struct ir_bag_table *t)
{
    ir_map_free(&t->names);
    ir_arena_free(&t->digests);
    free(t->v);
    free(t->order);
    t->names = (struct ir_map){0};
    t->v = NULL;
    t->order = NULL;
    t->n = t->cap = t->sorted = 0;
}
