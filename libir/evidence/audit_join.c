/*
 * Files and entries brought together (see audit.h): a part of the files in memory, the lists past
 * it. By names the part is that of all names whose hash falls into it, since an entry must know
 * whether any file bears its name; by digests it is as many files as memory holds.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/intl.h"
#include "base/map.h"
#include "evidence/audit_int.h"

#define FILE_COST 160u /* bytes in memory for a file, besides its name */
#define NONE      UINT32_MAX

struct member {
    uint64_t file;
    uint32_t next; /* another file of the same digest; NONE */
    unsigned set;
    const unsigned char *digests; /* those of the set, one behind the other */
};

struct part {
    struct ir_map map; /* name, or kind and digest → first member */
    struct ir_arena arena;
    struct member *v;
    uint32_t n, cap;
    uint64_t cost;
};

static void part_free(struct part *p)
{
    ir_map_free(&p->map);
    ir_arena_free(&p->arena);
    free(p->v);
    *p = (struct part){0};
}

static int no_memory(struct ir_audit *a)
{
    return ir_fail(a->err, IR_FATAL, "out of memory");
}

static int spool_failed(struct ir_audit *a)
{
    return ir_fail(a->err, IR_FATAL, "a temporary file failed: %-s", ir_errno_text(errno));
}

static bool add(struct part *p, uint64_t file, const struct ir_digest_sum *sum)
{
    if (p->n == p->cap) {
        uint32_t cap = p->cap ? 2 * p->cap : 1024;
        struct member *more = realloc(p->v, cap * sizeof *more);
        if (more == NULL) return false;
        p->v = more;
        p->cap = cap;
    }
    size_t n = 0;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (sum->set & IR_DIGEST_BIT(a)) n += ir_digest_size((enum ir_digest_alg)a);
    unsigned char *d = ir_arena_alloc(&p->arena, n);
    if (d == NULL) return false;
    p->v[p->n] = (struct member){.file = file, .next = NONE, .set = sum->set, .digests = d};
    n = 0;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(sum->set & IR_DIGEST_BIT(a))) continue;
        memcpy(d + n, sum->v[a], ir_digest_size((enum ir_digest_alg)a));
        n += ir_digest_size((enum ir_digest_alg)a);
    }
    p->n++;
    return true;
}

/* ---- by names --------------------------------------------------------------------------------*/

bool ir_audit_place(const struct ir_audit *a, struct ir_str name, struct ir_buf *out)
{
    ir_buf_clear(out);
    if (a->o->base != NULL || name.n == 0 || name.p[0] != '/')
        ir_buf_str(out, ir_buf_view(&a->base));
    if (out->n == 1) ir_buf_clear(out); /* "/" */
    for (struct ir_str rest = name; rest.p != NULL;) {
        struct ir_str part = ir_str_cut(&rest, '/');
        if (part.n == 0 || ir_str_eq(part, IR_S("."))) continue;
        if (ir_str_eq(part, IR_S(".."))) {
            size_t slash = ir_str_rchr(ir_buf_view(out), '/');
            out->n = slash == IR_NPOS ? 0 : slash;
            continue;
        }
        ir_buf_chr(out, '/');
        ir_buf_str(out, part);
    }
    return !out->full;
}

/* Of one name: does the entry tell the same digests? */
static enum ir_audit_state compare(const struct member *m, const struct ir_digest_sum *want)
{
    const unsigned char *d = m->digests;
    bool compared = false;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        size_t n = ir_digest_size((enum ir_digest_alg)a);
        if (!(m->set & IR_DIGEST_BIT(a))) continue;
        if (want->set & IR_DIGEST_BIT(a)) {
            if (memcmp(d, want->v[a], n) != 0) return IR_FILE_CHANGED;
            compared = true;
        }
        d += n;
    }
    return compared ? IR_FILE_MATCHED : IR_FILE_OTHER;
}

static void meet(struct ir_audit *a, const struct member *m, const struct ir_digest_sum *want)
{
    unsigned char *state = &a->state[m->file];
    enum ir_audit_state now = *state;
    if (now == IR_FILE_LEFT || now == IR_FILE_GONE)
        now = IR_FILE_GONE;
    else if (now != IR_FILE_TOLD)
        now = compare(m, want);
    if (now > *state) *state = (unsigned char)now;
}

struct pass {
    struct ir_audit *a;
    struct part part;
    uint64_t number, of;
    struct ir_buf place, name;
    struct ir_audit_record entry; /* without a file, not written yet; its name is in `name` */
    bool waits;
};

static bool in_pass(const struct pass *p, struct ir_str path)
{
    return p->of == 1 || ir_hash(path, 1) % p->of == p->number;
}

static int load_names(struct pass *p)
{
    struct ir_audit *a = p->a;
    struct ir_audit_record r;
    uint64_t at;
    int rc;
    bool is_new;
    if (!ir_audit_seek(&a->files, 0)) return spool_failed(a);
    for (uint64_t i = 0; (rc = ir_audit_get(&a->files, &r, &at)) == IR_OK; i++) {
        if (!in_pass(p, r.path)) continue;
        uint32_t *v = ir_map_put(&p->part.map, r.path, &is_new);
        if (v == NULL || !add(&p->part, i, &r.sum)) return no_memory(a);
        *v = p->part.n - 1;
    }
    return rc == IR_END ? IR_OK : spool_failed(a);
}

static bool write_entry(struct pass *p)
{
    bool good = !p->waits || ir_audit_put(&p->a->entries, &p->entry);
    p->waits = false;
    return good;
}

/* Lists with a line a digest tell of a file several times: it is one entry. */
static bool lack(struct pass *p, uint32_t list, const struct ir_known_entry *e)
{
    struct ir_audit_record *r = &p->entry;
    if (p->waits && r->list == list && ir_str_eq(r->path, e->name) &&
        (r->sum.set & e->sum.set) == 0) {
        for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
            if (e->sum.set & IR_DIGEST_BIT(a))
                memcpy(r->sum.v[a], e->sum.v[a], ir_digest_size((enum ir_digest_alg)a));
        r->sum.set |= e->sum.set;
        return true;
    }
    if (!write_entry(p)) return false;
    ir_buf_clear(&p->name);
    ir_buf_str(&p->name, e->name);
    *r = (struct ir_audit_record){
        .path = ir_buf_view(&p->name), .list = list, .line = e->line, .sum = e->sum};
    return p->waits = !p->name.full;
}

static int name_entry(struct pass *p, uint32_t list, const struct ir_known_entry *e)
{
    struct ir_audit *a = p->a;
    if (p->number == 0) a->t->entries++;
    if (e->name.n == 0) {
        a->sets = true;
        return IR_OK;
    }
    if (!ir_audit_place(a, e->name, &p->place)) return no_memory(a);
    if (!in_pass(p, ir_buf_view(&p->place))) return IR_OK;
    uint32_t i = ir_map_find(&p->part.map, ir_buf_view(&p->place));
    if (i != UINT32_MAX) {
        meet(a, &p->part.v[p->part.map.items[i].value], &e->sum);
        return IR_OK;
    }
    return lack(p, list, e) ? IR_OK : spool_failed(a);
}

/* Each entry of each list; tell: also of lines that tell nothing. */
static int each_entry(struct ir_audit *a, bool tell,
                      int (*entry)(struct pass *p, uint32_t list, const struct ir_known_entry *e),
                      struct pass *p)
{
    for (size_t i = 0; i < a->o->nlists; i++) {
        struct ir_known *k;
        struct ir_known_entry e;
        int rc = ir_known_open(a->o->lists[i], &k, a->err);
        if (rc != IR_OK) return rc;
        while ((rc = ir_known_next(k, &e, a->err)) == IR_OK || rc == IR_BAD) {
            if (rc == IR_BAD) {
                if (!tell) continue;
                a->t->notes++;
                a->o->note(a->o->user, a->o->lists[i], ir_known_line(k),
                           N_("this line of the list tells of no file and digest"));
                continue;
            }
            if ((rc = entry(p, (uint32_t)i, &e)) != IR_OK) break;
        }
        ir_known_close(k);
        if (rc != IR_END) return rc;
    }
    return IR_OK;
}

int ir_audit_by_name(struct ir_audit *a)
{
    struct pass p = {.a = a, .place = IR_BUF((size_t)16 << 20), .name = IR_BUF((size_t)16 << 20)};
    uint64_t need = a->files.bytes + a->files.n * FILE_COST;
    int rc = IR_OK;
    p.of = need / a->memory + 1;
    for (; rc == IR_OK && p.number < p.of; p.number++) {
        p.part = (struct part){.arena = IR_ARENA(SIZE_MAX)};
        rc = load_names(&p);
        if (rc == IR_OK) rc = each_entry(a, p.number == 0, name_entry, &p);
        if (rc == IR_OK && !write_entry(&p)) rc = spool_failed(a);
        part_free(&p.part);
    }
    ir_buf_free(&p.place);
    ir_buf_free(&p.name);
    return rc;
}

/* ---- by digests ------------------------------------------------------------------------------*/

static struct ir_str key(enum ir_digest_alg alg, const unsigned char *digest, char room[80])
{
    size_t n = ir_digest_size(alg);
    room[0] = (char)alg;
    memcpy(room + 1, digest, n);
    return ir_str_n(room, n + 1);
}

static bool load_digest(struct part *p, uint64_t file, const struct ir_digest_sum *sum)
{
    char room[80];
    bool is_new;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        if (!(sum->set & IR_DIGEST_BIT(a))) continue;
        struct ir_str k = key((enum ir_digest_alg)a, sum->v[a], room);
        uint32_t *v = ir_map_put(&p->map, k, &is_new);
        if (v == NULL || !add(p, file, sum)) return false;
        p->v[p->n - 1].next = is_new ? NONE : *v;
        *v = p->n - 1;
        p->cost += FILE_COST;
    }
    return true;
}

/* Marks the files of an entry's digest. True: there are such. */
static bool mark(struct pass *p, const struct ir_digest_sum *sum, enum ir_audit_state state,
                 uint64_t from)
{
    char room[80];
    struct ir_audit *a = p->a;
    enum ir_digest_alg alg = ir_known_strongest(sum->set & a->set);
    if (alg == IR_DIGEST_ALG_MAX) return false;
    uint32_t i = ir_map_find(&p->part.map, key(alg, sum->v[alg], room));
    if (i == UINT32_MAX) return false;
    for (uint32_t m = p->part.map.items[i].value; m != NONE; m = p->part.v[m].next) {
        uint64_t file = p->part.v[m].file;
        if (a->state[file] >= state) continue;
        a->state[file] = (unsigned char)state;
        if (state == IR_FILE_MOVED) a->moved[file] = from;
    }
    return true;
}

static int set_entry(struct pass *p, uint32_t list, const struct ir_known_entry *e)
{
    (void)list;
    if (e->name.n == 0) mark(p, &e->sum, IR_FILE_KNOWN, 0);
    return IR_OK;
}

static int past_part(struct pass *p)
{
    struct ir_audit *a = p->a;
    struct ir_audit_record r;
    uint64_t at;
    int rc;
    if (!ir_audit_seek(&a->entries, 0)) return spool_failed(a);
    for (uint64_t i = 0; (rc = ir_audit_get(&a->entries, &r, &at)) == IR_OK; i++)
        if (mark(p, &r.sum, IR_FILE_MOVED, at)) a->found[i / 8] |= (unsigned char)(1 << i % 8);
    if (rc != IR_END) return spool_failed(a);
    rc = a->sets ? each_entry(a, false, set_entry, p) : IR_OK;
    part_free(&p->part);
    p->part.arena = IR_ARENA(SIZE_MAX);
    return rc;
}

int ir_audit_by_digest(struct ir_audit *a)
{
    struct pass p = {.a = a, .part.arena = IR_ARENA(SIZE_MAX)};
    struct ir_audit_record r;
    uint64_t at;
    int rc = IR_OK, got = IR_END;
    a->found = calloc(1, a->entries.n / 8 + 1);
    a->moved = calloc(a->files.n + 1, sizeof *a->moved);
    if (a->found == NULL || a->moved == NULL) return no_memory(a);
    if ((a->entries.n == 0 && !a->sets) || a->files.n == 0) return IR_OK;
    if (!ir_audit_seek(&a->files, 0)) return spool_failed(a);
    for (uint64_t i = 0; rc == IR_OK && (got = ir_audit_get(&a->files, &r, &at)) == IR_OK; i++) {
        if (a->state[i] != IR_FILE_NONE) continue;
        if (!load_digest(&p.part, i, &r.sum)) rc = no_memory(a);
        if (rc == IR_OK && p.part.cost >= a->memory) rc = past_part(&p);
    }
    if (rc == IR_OK && got != IR_END) rc = spool_failed(a);
    if (rc == IR_OK && p.part.n > 0) rc = past_part(&p);
    part_free(&p.part);
    return rc;
}
