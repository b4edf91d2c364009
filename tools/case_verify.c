/*
 * ir case verify: is the database what its audit trail says, and is the trail whole?
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "case.h"
#include "case_anchor.h"
#include "casedb/dbfile.h"
#include "casedb/index.h"
#include "casedb/pages.h"
#include "casedb/query.h"
#include "casedb/shape.h"

struct verify_options {
    struct case_options c;
    struct opt_list heads;
};

static const struct opt verify_opts[] = {
    CASE_READ_OPTS(struct verify_options),
    {"head", 0, OPT_LIST, offsetof(struct verify_options, heads), "N:SHA256",
     N_("a head of the audit trail that was kept elsewhere (may be repeated)"), NULL},
    OPT_END,
};

static void on_fault(void *user, const struct ir_audit_fault *f)
{
    struct case_job *j = user;
    const struct case_cell row[] = {
        {"seq", N_("change"), 8, {NULL, 0}, f->seq, true, false},
        {"table", N_("table"), 10, ir_str_z(f->table), 0, false, false},
        {"row", N_("row"), 36, ir_str_z(f->row), 0, false, false},
        {"field", N_("field"), 14, ir_str_z(f->field), 0, false, false},
        {"what", N_("what is wrong"), 0, ir_str_z(j->json ? f->what : ir_local(f->what)), 0, false,
         false},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

/* Those that somebody kept, and those that the custody logs kept. */
static int read_heads(struct case_job *j, const struct opt_list *heads, struct anchors *ret_a)
{
    if (!anchors_read(j->cmd, j->env, ret_a)) {
        say(j->cmd, "%s", _("out of memory"));
        return IR_EXIT_FAILED;
    }
    for (size_t i = 0; i < heads->n; i++) {
        struct ir_audit_head h, *more;
        if (!anchor_parse(ir_str_z(heads->v[i]), &h)) {
            say(j->cmd, _("--head: %s: write NUMBER:SHA256, as ir case verify prints it"),
                heads->v[i]);
            return IR_EXIT_USAGE;
        }
        more = realloc(ret_a->v, (ret_a->n + 1) * sizeof *more);
        if (more == NULL) return IR_EXIT_FAILED;
        ret_a->v = more;
        ret_a->v[ret_a->n++] = h;
    }
    return IR_EXIT_OK;
}

/* What the proof does not reach. */
static void tell_end(struct case_job *j, const struct ir_audit_head *head, size_t anchors,
                     size_t given_up, int64_t last)
{
    struct ir_buf *out = &j->out.buf;
    int64_t reports = 0;
    ir_buf_fmt(out, _("anchors held against it: %llu\n"), (unsigned long long)anchors);
    if (anchors == 0)
        ir_buf_fmt(out, "%s\n",
                   _("No anchor exists, so an end of the trail that was cut off cannot be found: "
                     "keep the head elsewhere, and give it to --head. Each report makes an "
                     "anchor."));
    if (anchors == 0 &&
        ir_query_number(j->db, "SELECT count(*) FROM report", ir_str_n(NULL, 0), &reports, NULL) ==
            IR_OK &&
        reports > 0)
        ir_buf_fmt(out, _("Reports are recorded, %lld of them, and none left its anchor here.\n"),
                   (long long)reports);
    if (given_up > 0)
        ir_buf_fmt(out, _("anchors that a restore gave up: %llu\n"), (unsigned long long)given_up);
    if (anchors > 0 && last < head->seq)
        ir_buf_fmt(out,
                   _("The last anchor is of change %lld: behind it an end that was cut off cannot "
                     "be found.\n"),
                   (long long)last);
}

static void total(struct case_job *j, const struct ir_audit_result *r,
                  const struct ir_audit_head *head, const struct anchors *a)
{
    struct ir_buf *out = &j->out.buf;
    int64_t last = 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].seq > last) last = a->v[i].seq;
    if (j->json) {
        ir_buf_fmt(out,
                   "{\"ir.kind\":\"summary\",\"changes\":%" PRIu64 ",\"rows\":%" PRIu64
                   ",\"faults\":%" PRIu64 ",\"anchors\":%zu,\"given_up\":%zu,\"anchored\":%" PRId64
                   ",\"head\":\"%" PRId64 ":%s\"}\n",
                   r->changes, r->rows, r->faults, a->n, a->given_up, last, head->seq,
                   head->sha256);
        return;
    }
    const unsigned long long changes = r->changes, rows = r->rows, faults = r->faults;
    if (r->faults == 0 && a->n == 0)
        ir_buf_fmt(out, _("whole in itself: %1$llu changes, %2$llu rows\n"), changes, rows);
    else if (r->faults == 0)
        ir_buf_fmt(out, _("whole: %1$llu changes, %2$llu rows\n"), changes, rows);
    else
        ir_buf_fmt(out, _("NOT whole: %1$llu faults in %2$llu changes, %3$llu rows\n"), faults,
                   changes, rows);
    tell_end(j, head, a->n, a->given_up, last);
    ir_buf_fmt(out, _("head   %lld:%s\n"), (long long)head->seq, head->sha256);
}

/* A view in the place of a table is what somebody else wrote, and may have no end. */
static int find_views(struct case_job *j)
{
    int64_t views = 0;
    const int rc = ir_query_number(
        j->db, "SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name <> 'assessment'",
        ir_str_n(NULL, 0), &views, &j->err);
    if (rc != IR_OK || views == 0) return case_status(j, rc);
    say(j->cmd, "%s", _("somebody's view is in the database: nothing more of it was read"));
    return IR_EXIT_DAMAGED;
}

/* What is held against what. */
struct proof {
    struct anchors anchors;
    struct ir_audit_head head;
    uint64_t parts; /* of the shape that are wrong */
};

/* The anchors before anything of the database: one that is written later may be of a later state.
 */
static int begin(struct case_job *j, const struct cmd *cmd, const struct verify_options *o,
                 const struct env *env, struct proof *p)
{
    int status = case_open(j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = read_heads(j, &o->heads, &p->anchors);
    if (status == IR_EXIT_OK)
        status = case_status(j, ir_shape_check(j->db, on_fault, j, &p->parts, &j->err));
    if (status == IR_EXIT_OK && p->parts > 0) status = find_views(j);
    if (status == IR_EXIT_OK) status = case_status(j, ir_audit_head(j->db, &p->head, &j->err));
    return status;
}

/* The database, its indexes and the search index; two of them beside the first. */
static int prove(struct case_job *j, struct proof *p)
{
    const struct anchors *a = &p->anchors;
    struct ir_audit_result r = {0};
    struct ir_index_lists *lists = NULL;
    struct ir_pages *pages = NULL;
    uint64_t unfound = 0, broken = 0;
    bool good = false, holds = false;
    int status = case_status(j, ir_index_lists_begin(j->db, &lists, &j->err));
    if (status == IR_EXIT_OK && p->parts == 0)
        status = case_status(j, ir_pages_begin(j->db, false, &pages, &j->err));
    if (status == IR_EXIT_OK)
        status = case_status(j, ir_audit_verify(j->db, a->v, a->n, on_fault, j, &r, &j->err));
    if (status == IR_EXIT_OK) status = case_status(j, ir_index_holds(j->db, &holds, &j->err));
    const int listed = ir_index_lists_end(lists, &good, &j->err);
    if (status == IR_EXIT_OK) status = case_status(j, listed);
    const int sound = ir_pages_end(pages, on_fault, j, &broken, &j->err);
    if (status == IR_EXIT_OK) status = case_status(j, sound);
    if (status == IR_EXIT_OK && !(good && holds))
        status = case_status(j, ir_index_check(j->db, good, on_fault, j, &unfound, &j->err));
    r.faults += p->parts + broken + unfound;
    if (status == IR_EXIT_OK) {
        total(j, &r, &p->head, a);
        if (r.faults > 0 || a->unreadable > 0) status = IR_EXIT_DAMAGED;
    }
    /* Where a table is gone there is nothing to prove it against, and nothing to prove it with. */
    return status == IR_EXIT_FAILED && p->parts + broken > 0 ? IR_EXIT_DAMAGED : status;
}

static int verify_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    char path[IR_DBFILE_PATH];
    struct proof p = {.parts = 0};
    struct case_job j;
    struct ir_err err = {0};
    int claim = -1;
    (void)operands;
    /* A restoring that is not at its end has yet to tell which anchors it gave up. */
    if (env->home != NULL && ir_dbfile_beside(path, env->home, "/ir.db", NULL) == IR_OK &&
        ir_dbfile_claim(path, &claim, &err) != IR_OK) {
        say(cmd, "%s: %s", err.input, ir_local(err.msg));
        return IR_EXIT_FAILED;
    }
    int status = begin(&j, cmd, options, env, &p);
    if (claim >= 0) close(claim);
    if (status == IR_EXIT_OK)
        status = prove(&j, &p);
    else if (status == IR_EXIT_FAILED && p.parts > 0)
        status = IR_EXIT_DAMAGED;
    free(p.anchors.v);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_verify;
const struct cmd cmd_case_verify = {
    .name = "case verify",
    .operands = "",
    .brief = N_("Prove that nothing was changed past the audit trail"),
    .about = N_("Exit status: 0 when all is whole, 3 when something is not.\n"
                "The head that it prints, kept on paper or elsewhere, proves later that the end\n"
                "of the trail is still there: give it to --head. Each report keeps one in\n"
                "anchors/ of the workspace, and each seal of evidence in the custody log; those\n"
                "are held against it."),
    .opts = verify_opts,
    .size = sizeof(struct verify_options),
    .run = verify_run,
};
