/*
 * The order in which a bag is checked, and the words for what is wrong with a file (see bag.h).
 */
#include "evidence/bag.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "evidence/bag_int.h"

void ir_bag_tell(struct ir_bag *b, enum ir_bag_grade grade, const char *place, const char *text)
{
    if (grade == IR_BAG_PROBLEM) {
        b->t->problems++;
        b->report->problem(b->report->user, place, text);
    } else {
        b->t->warnings++;
        b->report->note(b->report->user, place, text);
    }
}

void ir_bag_say(struct ir_bag *b, enum ir_bag_grade grade, const char *place, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    ir_bag_tell(b, grade, place, text);
}

enum ir_bag_grade ir_bag_since(const struct ir_bag *b, unsigned version)
{
    return b->version == 0 || b->version >= version ? IR_BAG_PROBLEM : IR_BAG_WARN;
}

/* The first manifest of this algorithm that lists the entry. */
static const char *manifest_of(const struct ir_bag_table *t, const struct ir_bag_entry *e,
                               unsigned alg)
{
    for (unsigned m = 0; m < t->nm; m++)
        if (t->m[m].alg == (enum ir_digest_alg)alg && (e->listed & (1u << m))) return t->m[m].name;
    return "";
}

static void tell_changed(struct ir_bag *b, const struct ir_bag_table *t, uint32_t i)
{
    char when[IR_TIME_TEXT] = "?";
    struct stat st;
    const char *path = ir_bag_name(t, i).p;
    int fd = ir_open_beneath(b->fd, path, O_PATH);
    if (fd >= 0 && fstat(fd, &st) == 0)
        ir_time_rfc3339(st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec, when);
    if (fd >= 0) close(fd);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (t->v[i].bad & IR_DIGEST_BIT(a))
            ir_bag_say(b, IR_BAG_PROBLEM, path,
                       "its %s is not that of %s: one of the two was changed (the file, on this "
                       "disk, last %s)",
                       ir_digest_name((enum ir_digest_alg)a), manifest_of(t, &t->v[i], a), when);
}

static void tell_entry(struct ir_bag *b, const struct ir_bag_table *t, uint32_t i)
{
    const struct ir_bag_entry *e = &t->v[i];
    const char *path = ir_bag_name(t, i).p;
    if (e->same != i) return; /* told with the other */
    if (e->there == IR_BAG_ABSENT)
        ir_bag_tell(b, IR_BAG_PROBLEM, path,
                    e->fetch ? N_("is missing: fetch.txt tells where to get it, but nobody did")
                             : N_("is missing"));
    else if (e->there == IR_BAG_OTHER)
        ir_bag_say(b, IR_BAG_PROBLEM, path, "is no file but a directory, a link or a device");
    else if (e->why != NULL)
        ir_bag_say(b, IR_BAG_PROBLEM, path, "cannot be read: %-s", e->why);
    if (e->why != NULL) b->t->unreadable++;
    if (e->bad != 0) tell_changed(b, t, i);
    bool all =
        t->kind == IR_BAG_PAYLOAD ? ir_bag_since(b, IR_BAG_V1) == IR_BAG_PROBLEM : b->o->exhibit;
    for (unsigned m = 0; all && m < t->nm; m++)
        if (!(e->listed & (1u << m)))
            ir_bag_say(b, IR_BAG_PROBLEM, path, "is not in %s", t->m[m].name);
}

/* Each tag manifest lists each payload manifest (RFC 8493 section 2.2.1). */
static void check_cover(struct ir_bag *b, const struct ir_bag_table *t)
{
    if (ir_bag_since(b, IR_BAG_V1) == IR_BAG_WARN) return;
    for (unsigned k = 0; k < b->npayload; k++) {
        struct ir_str name = ir_str_z(b->payload[k].name);
        if (!ir_bag_picked(b, t, ir_bag_key(name), name)) continue;
        uint32_t i = ir_map_find(&t->names, name);
        for (unsigned m = 0; m < t->nm; m++)
            if (i == UINT32_MAX || !(t->v[i].listed & (1u << m)))
                ir_bag_say(b, IR_BAG_PROBLEM, t->m[m].name, "does not list %s", b->payload[k].name);
    }
}

static int check_pass(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    int rc = ir_bag_load(b, t, err);
    if (rc != IR_OK) return rc;
    if (t->pick == IR_BAG_PICK_FILE && t->n == 0 && t->pass == 0)
        ir_bag_say(b, IR_BAG_PROBLEM, b->o->file, "is in no manifest");
    if (t->kind == IR_BAG_PAYLOAD && t->pick == IR_BAG_PICK_ALL) ir_bag_fetch(b, t, t->pass == 0);
    if (t->pick == IR_BAG_PICK_ALL) rc = ir_bag_walk(b, t, err);
    ir_bag_look(b, t);
    if (rc == IR_OK && b->o->mode != IR_BAG_FAST) rc = ir_bag_hash(b, t, err);
    for (uint32_t i = 0; rc == IR_OK && i < t->n; i++)
        tell_entry(b, t, i);
    if (rc == IR_OK && t->kind == IR_BAG_TAGS && t->pick != IR_BAG_PICK_FILE) check_cover(b, t);
    return rc;
}

/* Sealing writes a tag manifest for each algorithm that it writes a manifest for. */
static void check_pairs(struct ir_bag *b, const struct ir_bag_table *t)
{
    for (unsigned k = 0; k < b->npayload; k++) {
        char name[sizeof b->payload[k].name + 3];
        bool there = false;
        snprintf(name, sizeof name, "tag%s", b->payload[k].name);
        for (unsigned m = 0; m < t->nm; m++)
            there |= strcmp(t->m[m].name, name) == 0;
        if (!there) ir_bag_say(b, IR_BAG_PROBLEM, name, "is missing");
    }
}

static int check_kind(struct ir_bag *b, enum ir_bag_kind kind, enum ir_bag_pick pick,
                      struct ir_err *err)
{
    struct ir_bag_table *t = calloc(1, sizeof *t);
    if (t == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    t->kind = kind;
    t->pick = pick;
    int rc = ir_bag_manifests(b, t, err);
    if (kind == IR_BAG_PAYLOAD) {
        memcpy(b->payload, t->m, sizeof b->payload);
        b->npayload = t->nm;
        if (rc == IR_OK && t->nm == 0)
            ir_bag_say(b, IR_BAG_PROBLEM, ".", "has no payload manifest");
    }
    if (kind == IR_BAG_TAGS && t->nm == 0 && b->o->exhibit)
        ir_bag_say(b, IR_BAG_PROBLEM, ".", "has no tag manifest: it is not sealed");
    else if (kind == IR_BAG_TAGS && b->o->exhibit && pick == IR_BAG_PICK_ALL)
        check_pairs(b, t);
    for (; rc == IR_OK && t->nm > 0 && t->pass < t->passes; t->pass++) {
        rc = check_pass(b, t, err);
        ir_bag_table_clear(t);
    }
    free(t);
    return rc;
}

static void check_payload_dir(struct ir_bag *b)
{
    int fd = ir_open_beneath(b->fd, "data", O_RDONLY | O_DIRECTORY);
    if (fd >= 0)
        close(fd);
    else if (fd == -EACCES)
        b->t->unreadable++;
    if (fd < 0)
        ir_bag_say(b, IR_BAG_PROBLEM, "data", "there is no such directory: %-s",
                   ir_errno_text(-fd));
}

static void check_oxum(struct ir_bag *b)
{
    const struct ir_bag_totals *t = b->t;
    if (b->has_oxum && (b->oxum_bytes != t->bytes || b->oxum_files != t->files))
        ir_bag_say(b, IR_BAG_PROBLEM, "data",
                   "Payload-Oxum tells of %" PRIu64 " bytes in %" PRIu64
                   " files, but there are %" PRIu64 " in %" PRIu64,
                   b->oxum_bytes, b->oxum_files, t->bytes, t->files);
    else if (!b->has_oxum && b->o->mode == IR_BAG_FAST)
        ir_bag_say(b, IR_BAG_WARN, "data",
                   "there is no Payload-Oxum: only the names were compared");
}

int ir_bag_check(int bag_fd, const struct ir_bag_options *o, const struct ir_check_report *report,
                 struct ir_bag_totals *ret_totals, struct ir_err *err)
{
    struct ir_bag b = {.fd = bag_fd, .o = o, .report = report, .t = ret_totals};
    int rc;
    *ret_totals = (struct ir_bag_totals){0};
    ir_bag_declaration(&b);
    if (o->mode == IR_BAG_FILE) {
        bool data = strncmp(o->file, "data/", 5) == 0;
        rc = check_kind(&b, data ? IR_BAG_PAYLOAD : IR_BAG_TAGS, IR_BAG_PICK_FILE, err);
        return rc == IR_OK && data ? check_kind(&b, IR_BAG_TAGS, IR_BAG_PICK_MANIFESTS, err) : rc;
    }
    ir_bag_info(&b);
    check_payload_dir(&b);
    rc = check_kind(&b, IR_BAG_PAYLOAD, IR_BAG_PICK_ALL, err);
    if (rc == IR_OK && b.npayload > 0) check_oxum(&b);
    return rc == IR_OK ? check_kind(&b, IR_BAG_TAGS, IR_BAG_PICK_ALL, err) : rc;
}
