/*
 * Heads of the audit trail in the custody logs. See case_anchor.h. A custody log may have come
 * from elsewhere: its words are digits or they are nothing, and one that is broken is told of.
 */
#include "case_anchor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "casedb/query.h"
#include "evidence.h"

#define ANCHOR_DIR "anchors"  /* of the workspace; also the log's name for itself */
#define GIVEN_UP   "given_up" /* of the event restore: heads, a blank between two */
#define PLACE      "the workspace"
#define NO_WITNESS "recorded by the program"

#define LOST_BYTES ((size_t)4 << 20)

static const struct ir_custody_tool tool = {"ir", IR_VERSION, NULL};

bool anchor_head(const struct env *env, char out[ANCHOR_TEXT])
{
    char path[4096];
    struct ir_casedb *db;
    struct ir_audit_head head;
    if (env->home == NULL ||
        (size_t)snprintf(path, sizeof path, "%s/ir.db", env->home) >= sizeof path ||
        ir_casedb_open(path, IR_CASEDB_READ, &db, NULL) != IR_OK)
        return false;
    const bool good = ir_audit_head(db, &head, NULL) == IR_OK && head.seq > 0;
    ir_casedb_close(db);
    if (good) snprintf(out, ANCHOR_TEXT, "%lld:%s", (long long)head.seq, head.sha256);
    return good;
}

bool anchor_parse(struct ir_str text, struct ir_audit_head *ret_h)
{
    unsigned char bytes[32];
    uint64_t seq;
    const size_t colon = ir_str_chr(text, ':');
    if (colon == IR_NPOS || text.n - colon != IR_AUDIT_HEX ||
        !ir_str_u64(ir_str_head(text, colon), &seq) || seq > INT64_MAX ||
        !ir_unhex(ir_str_skip(text, colon + 1), bytes, sizeof bytes))
        return false;
    ret_h->seq = (int64_t)seq;
    ir_hex(bytes, sizeof bytes, ret_h->sha256);
    return true;
}

/* details: further members, or empty. */
static int put_workspace(const struct cmd *cmd, const struct env *env, const char *actor,
                         const char *event, const char *reason, const char *head,
                         struct ir_buf *details)
{
    const struct ir_custody_who who = {
        .actor = {.name = actor}, .witness_absent = NO_WITNESS, .place = PLACE, .reason = reason};
    char path[4096];
    struct ir_custody_clock clock;
    struct ir_err err = {0};
    struct ir_custody *c = NULL;
    struct ir_custody_event ev = {.event = event, .who = &who, .clock = &clock};
    uint64_t seq;
    snprintf(path, sizeof path, "%s/" ANCHOR_DIR, env->home);
    const int fd = mkdir(path, 0700) == 0 || errno == EEXIST
                       ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
                       : -1;
    if (fd < 0) {
        say(cmd, _("cannot write %s: %s"), path, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    ir_custody_clock_now(&clock);
    ir_custody_detail(details, ANCHOR_MEMBER, head);
    ev.details = ir_buf_view(details);
    int rc = ir_custody_open(fd, ANCHOR_DIR, IR_CUSTODY_WRITE, &tool, &c, &err);
    if (rc == IR_OK) rc = ir_custody_append(c, &ev, &seq, &err);
    if (rc != IR_OK)
        say(cmd, _("%1$s: this custody log cannot be used: %2$s"), path, ir_local(err.msg));
    ir_custody_close(c);
    close(fd);
    return rc == IR_OK ? IR_EXIT_OK : IR_EXIT_FAILED;
}

static int put_evidence(const struct cmd *cmd, const struct env *env, const char *case_no,
                        const char *actor, const char *event, const char *reason, const char *head)
{
    char path[4096];
    struct stat st;
    struct evidence e;
    struct ir_buf details = IR_BUF(1 << 12);
    /* By a program, so without a witness, and unsigned: a key's phrase would be asked for. */
    const struct evidence_options o = {.case_id = case_no,
                                       .actor = actor,
                                       .place = PLACE,
                                       .reason = reason,
                                       .witness_absent = NO_WITNESS,
                                       .unsigned_ = true};
    if ((size_t)snprintf(path, sizeof path, "%s/evidence/%s/custody/log.jsonl", env->home,
                         case_no) >= sizeof path ||
        stat(path, &st) != 0)
        return IR_EXIT_OK;
    int status = evidence_open(&e, cmd, &o, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    ir_custody_detail(&details, ANCHOR_MEMBER, head);
    status = evidence_append(&e, event, NULL, NULL, ir_buf_view(&details));
    ir_buf_free(&details);
    return evidence_close(&e, status);
}

int anchor_put(const struct cmd *cmd, const struct env *env, const char *case_no, const char *actor,
               const char *event, const char *reason)
{
    char head[ANCHOR_TEXT];
    if (!anchor_head(env, head)) return IR_EXIT_OK;
    struct ir_buf details = IR_BUF(1 << 12);
    ir_custody_detail(&details, "about", case_no);
    const int here = put_workspace(cmd, env, actor, event, reason, head, &details);
    ir_buf_free(&details);
    const int there = put_evidence(cmd, env, case_no, actor, event, reason, head);
    return here != IR_EXIT_OK ? here : there;
}

/* Those that do not hold any more. */
static int list_lost(struct ir_casedb *db, const struct anchors *a, struct ir_buf *out,
                     struct ir_err *err)
{
    struct ir_query q;
    int rc = IR_OK;
    for (size_t i = 0; i < a->n && rc == IR_OK; i++) {
        rc = ir_query_open(&q, db, "SELECT 1 FROM audit WHERE seq = ?1 AND sha256 = ?2", err);
        if (rc != IR_OK) break;
        ir_query_int_arg(&q, 1, a->v[i].seq);
        ir_query_text_arg(&q, 2, ir_str_z(a->v[i].sha256));
        rc = ir_query_next(&q, err);
        ir_query_close(&q);
        if (rc == IR_END)
            ir_buf_fmt(out, "%s%lld:%s", out->n > 0 ? " " : "", (long long)a->v[i].seq,
                       a->v[i].sha256);
        if (rc == IR_END) rc = IR_OK;
    }
    return rc;
}

int anchor_restore(const struct cmd *cmd, const struct env *env, const char *actor,
                   const char *reason)
{
    char path[4096], head[ANCHOR_TEXT];
    struct anchors a;
    struct ir_err err = {0};
    struct ir_casedb *db = NULL;
    struct ir_buf lost = IR_BUF(LOST_BYTES), details = IR_BUF(LOST_BYTES + (1 << 12));
    if (!anchor_head(env, head)) return IR_EXIT_OK;
    snprintf(path, sizeof path, "%s/ir.db", env->home);
    int status = anchors_read(cmd, env, &a) ? IR_EXIT_OK : IR_EXIT_FAILED;
    if (status == IR_EXIT_OK && (ir_casedb_open(path, IR_CASEDB_READ, &db, &err) != IR_OK ||
                                 list_lost(db, &a, &lost, &err) != IR_OK)) {
        say(cmd, "%s", ir_local(err.msg));
        status = IR_EXIT_FAILED;
    }
    ir_casedb_close(db);
    if (status == IR_EXIT_OK && lost.n > 0) ir_custody_detail(&details, GIVEN_UP, lost.p);
    if (status == IR_EXIT_OK)
        status = put_workspace(cmd, env, actor, "restore", reason, head, &details);
    ir_buf_free(&lost);
    ir_buf_free(&details);
    free(a.v);
    return status;
}

/* own: the log of anchors; custody logs come from elsewhere, and give up nothing. */
struct reading {
    const struct cmd *cmd;
    struct anchors *a;
    struct anchors lost;
    bool own;
};

static bool add(struct anchors *a, const struct ir_audit_head *h)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].seq == h->seq && strcmp(a->v[i].sha256, h->sha256) == 0) return true;
    struct ir_audit_head *more = realloc(a->v, (a->n + 1) * sizeof *more);
    if (more == NULL) return false;
    a->v = more;
    a->v[a->n++] = *h;
    return true;
}

static bool read_lost(struct reading *r, struct ir_str line)
{
    struct ir_audit_head h;
    char *text = malloc(line.n + 1);
    bool good = text != NULL;
    if (good && ir_custody_text(line, GIVEN_UP, text, line.n + 1))
        for (struct ir_str rest = ir_str_z(text), head; good && rest.n > 0;) {
            head = ir_str_cut(&rest, ' ');
            if (anchor_parse(head, &h)) good = add(&r->lost, &h);
        }
    free(text);
    return good;
}

static bool read_line(struct reading *r, struct ir_str line)
{
    char head[ANCHOR_TEXT];
    struct ir_audit_head h;
    if (!ir_custody_text(line, ANCHOR_MEMBER, head, sizeof head) ||
        !anchor_parse(ir_str_z(head), &h))
        return true;
    return add(r->a, &h) && (!r->own || read_lost(r, line));
}

/* Who goes back to a backup, which the trail tells, has not lost what was behind it. */
static void give_up(struct reading *r)
{
    struct anchors *a = r->a;
    size_t keep = 0;
    for (size_t i = 0; i < a->n; i++) {
        bool gone = false;
        for (size_t k = 0; k < r->lost.n; k++)
            gone |=
                r->lost.v[k].seq == a->v[i].seq && strcmp(r->lost.v[k].sha256, a->v[i].sha256) == 0;
        if (gone)
            a->given_up++;
        else
            a->v[keep++] = a->v[i];
    }
    a->n = keep;
}

static bool read_log(struct reading *r, int dir_fd, const char *name)
{
    struct ir_err err = {0};
    struct ir_custody *c;
    struct stat st;
    bool good = true;
    const int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstatat(fd, "custody/log.jsonl", &st, 0) != 0) {
        if (fd >= 0) close(fd);
        return true;
    }
    if (ir_custody_open(fd, name, IR_CUSTODY_READ, &tool, &c, &err) == IR_OK) {
        for (uint64_t i = 0; i < ir_custody_count(c) && good; i++)
            good = read_line(r, ir_custody_line(c, i));
        ir_custody_close(c);
    } else {
        say(r->cmd, _("%1$s: this custody log cannot be used: %2$s"), name, ir_local(err.msg));
        r->a->unreadable++;
    }
    close(fd);
    return good;
}

bool anchors_read(const struct cmd *cmd, const struct env *env, struct anchors *ret_a)
{
    char path[4096];
    bool good = true;
    struct reading r = {.cmd = cmd, .a = ret_a};
    *ret_a = (struct anchors){0};
    if (env->home == NULL ||
        (size_t)snprintf(path, sizeof path, "%s/evidence", env->home) >= sizeof path)
        return true;
    const int home = open(env->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home >= 0) {
        r.own = true;
        good = read_log(&r, home, ANCHOR_DIR);
        r.own = false;
        close(home);
    }
    DIR *d = opendir(path);
    for (struct dirent *e; d != NULL && good && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.') good = read_log(&r, dirfd(d), e->d_name);
    if (d != NULL) closedir(d);
    give_up(&r);
    free(r.lost.v);
    return good;
}
