/*
 * One collector after the other (see live.h), and what each of them did.
 */
#include "evidence/live_int.h"
#include "evidence/live_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/time.h"

static const struct collector {
    const char *name;
    enum ir_live_profile profile;
    const char *about;
    void (*run)(struct ir_live *l);
} collectors[] = {
#define IR_LIVE(name, profile, about) {#name, profile, about, ir_live_##name},
#include "evidence/live.def"
#undef IR_LIVE
};

const char *ir_live_profile_name(size_t profile)
{
    static const char *const names[] = {"quick", "standard", "full"};
    return profile < IR_LIVE_PROFILE_MAX ? names[profile] : NULL;
}

static int64_t now(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_REALTIME, &t) == 0 ? t.tv_sec * IR_NS + t.tv_nsec : 0;
}

static void run_one(struct ir_live *l, const struct collector *c, unsigned number)
{
    const struct ir_exhibit_totals *t = ir_exhibit_totals(l->x);
    struct ir_exhibit_totals before = *t;
    struct ir_live_summary was = *l->sum;
    struct ir_jline j = ir_jline_open(&l->index);
    snprintf(l->name, sizeof l->name, "%s", c->name);
    snprintf(l->dir, sizeof l->dir, "%02u-%s", number, c->name);
    if (l->o->progress != NULL) l->o->progress(l->o->user, c->about);
    ir_jline_text(&j, "collector", ir_str_z(l->dir));
    ir_jline_time(&j, "start", now());
    c->run(l);
    ir_jline_time(&j, "end", now());
    ir_jline_number(&j, "objects", t->objects - before.objects);
    ir_jline_number(&j, "files", t->files - before.files);
    ir_jline_number(&j, "bytes", t->bytes - before.bytes);
    ir_jline_number(&j, "denied", l->sum->denied - was.denied);
    ir_jline_number(&j, "vanished", l->sum->vanished - was.vanished);
    ir_jline_number(&j, "refused", l->sum->refused - was.refused);
    ir_jline_number(&j, "findings",
                    l->sum->differences + l->sum->notices - was.differences - was.notices);
    ir_jline_close(&j);
}

static void run_all(struct ir_live *l)
{
    for (unsigned i = 0; i < sizeof collectors / sizeof *collectors && l->rc == IR_OK; i++)
        if (collectors[i].profile <= l->o->profile) run_one(l, &collectors[i], i + 1);
}

static void write_lists(struct ir_live *l)
{
    const struct {
        const char *name;
        const struct ir_buf *b;
    } lists[] = {{"live.jsonl", &l->index},
                 {"findings.jsonl", &l->sum->findings},
                 {"commands.jsonl", &l->commands}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && l->rc == IR_OK; i++)
        l->rc = lists[i].b->full
                    ? ir_fail(l->err, IR_FATAL, "out of memory, or too many findings")
                    : ir_exhibit_meta(l->x, lists[i].name, ir_buf_view(lists[i].b), l->err);
}

static void own_namespace(struct ir_live *l)
{
    struct stat st;
    if (stat("/proc/self/ns/net", &st) == 0) l->own_netns = st.st_ino;
}

int ir_live_run(struct ir_exhibit *x, const struct ir_live_options *o,
                struct ir_live_summary *ret_sum, struct ir_err *err)
{
    struct ir_live l = {.x = x, .o = o, .sum = ret_sum, .err = err};
    *ret_sum = (struct ir_live_summary){.findings = IR_BUF((size_t)64 << 20)};
    l.text = IR_BUF(IR_LIVE_LINE_MAX);
    l.link = IR_BUF(1 << 16);
    l.commands = l.index = IR_BUF((size_t)16 << 20);
    l.exe_hex = IR_BUF((size_t)64 << 20);
    ir_err_at(err, "/proc", -1, 0);
    l.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (l.proc < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    own_namespace(&l);
    ir_live_secrets_begin(&l);
    run_all(&l);
    write_lists(&l);
    close(l.proc);
    ir_buf_free(&l.text);
    ir_buf_free(&l.link);
    ir_buf_free(&l.commands);
    ir_buf_free(&l.index);
    ir_buf_free(&l.exe_hex);
    ir_map_free(&l.exe);
    ir_map_free(&l.secrets);
    ir_map_free(&l.spaces);
    ir_map_free(&l.containers);
    free(l.processes);
    free(l.owners);
    return l.rc;
}
