/*
 * The digests of the files of a table, by the threads of hasher.h, and which are wrong.
 */
#include "evidence/bag_int.h"
#include "evidence/hasher.h"

struct job {
    struct ir_bag *b;
    struct ir_bag_table *t;
    uint64_t bytes;
};

static void compare(struct ir_bag_entry *e, const struct ir_digest_sum *sum)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (e->want[a] != NULL &&
            memcmp(e->want[a], sum->v[a], ir_digest_size((enum ir_digest_alg)a)) != 0)
            e->bad |= (uint8_t)IR_DIGEST_BIT(a);
}

static void on_told(void *user, const struct ir_hasher_result *r)
{
    struct job *j = user;
    uint32_t i;
    memcpy(&i, r->extra, sizeof i);
    j->bytes += r->bytes;
    j->t->v[i].why = r->problem;
    if (r->problem == NULL) compare(&j->t->v[i], &r->sum);
}

static void on_tick(void *user, uint64_t bytes)
{
    const struct job *j = user;
    const struct ir_bag_options *o = j->b->o;
    if (o->progress != NULL) o->progress(o->user, j->b->done + bytes, j->b->all);
}

/* Some manifest has a digest of it, and it is not another name of a file that is looked at. */
static bool wanted(const struct ir_bag_table *t, uint32_t i)
{
    const struct ir_bag_entry *e = &t->v[i];
    bool known = false;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        known = known || e->want[a] != NULL;
    return known && e->there == IR_BAG_REGULAR && e->same == i;
}

int ir_bag_hash(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    struct job j = {.b = b, .t = t};
    const struct ir_hasher_options o = {.set = t->set,
                                        .threads = b->o->threads,
                                        .beneath = true,
                                        .told = on_told,
                                        .tick = on_tick,
                                        .user = &j};
    struct ir_hasher *h;
    b->all = b->done;
    for (uint32_t i = 0; i < t->n; i++)
        if (t->v[i].there == IR_BAG_REGULAR && t->v[i].same == i) b->all += t->v[i].size;
    if (t->set == 0) return IR_OK;
    int rc = ir_hasher_new(&o, &h, err);
    if (rc != IR_OK) return rc;
    for (uint32_t i = 0; i < t->n; i++) {
        const struct ir_hasher_file f = {.dirfd = b->fd,
                                         .path = ir_bag_name(t, i),
                                         .size = t->v[i].size,
                                         .extra = &i,
                                         .extra_n = sizeof i};
        if (wanted(t, i) && !ir_hasher_put(h, &f)) break;
    }
    rc = ir_hasher_end(h, err);
    b->done += j.bytes;
    return rc;
}
