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
#include "casedb/db.h"
#include "evidence.h"

#define ANCHOR_DIR "anchors" /* of the workspace; also the log's name for itself */
#define PLACE      "the workspace"
#define NO_WITNESS "recorded by the program"

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

static int put_workspace(const struct cmd *cmd, const struct env *env, const char *case_no,
                         const char *actor, const char *event, const char *reason, const char *head)
{
    const struct ir_custody_who who = {
        .actor = {.name = actor}, .witness_absent = NO_WITNESS, .place = PLACE, .reason = reason};
    char path[4096];
    struct ir_custody_clock clock;
    struct ir_err err = {0};
    struct ir_custody *c = NULL;
    struct ir_buf details = IR_BUF(1 << 12);
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
    ir_custody_detail(&details, "about", case_no);
    ir_custody_detail(&details, ANCHOR_MEMBER, head);
    ev.details = ir_buf_view(&details);
    int rc = ir_custody_open(fd, ANCHOR_DIR, IR_CUSTODY_WRITE, &tool, &c, &err);
    if (rc == IR_OK) rc = ir_custody_append(c, &ev, &seq, &err);
    if (rc != IR_OK)
        say(cmd, _("%1$s: this custody log cannot be used: %2$s"), path, ir_local(err.msg));
    ir_custody_close(c);
    ir_buf_free(&details);
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
    const int here = put_workspace(cmd, env, case_no, actor, event, reason, head);
    const int there = put_evidence(cmd, env, case_no, actor, event, reason, head);
    return here != IR_EXIT_OK ? here : there;
}

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

static bool read_log(const struct cmd *cmd, int dir_fd, const char *name, struct anchors *a)
{
    char text[ANCHOR_TEXT];
    struct ir_audit_head h;
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
            if (ir_custody_text(ir_custody_line(c, i), ANCHOR_MEMBER, text, sizeof text) &&
                anchor_parse(ir_str_z(text), &h))
                good = add(a, &h);
        ir_custody_close(c);
    } else {
        say(cmd, _("%1$s: this custody log cannot be used: %2$s"), name, ir_local(err.msg));
        a->unreadable++;
    }
    close(fd);
    return good;
}

bool anchors_read(const struct cmd *cmd, const struct env *env, struct anchors *ret_a)
{
    char path[4096];
    bool good = true;
    *ret_a = (struct anchors){0};
    if (env->home == NULL ||
        (size_t)snprintf(path, sizeof path, "%s/evidence", env->home) >= sizeof path)
        return true;
    const int home = open(env->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home >= 0) {
        good = read_log(cmd, home, ANCHOR_DIR, ret_a);
        close(home);
    }
    DIR *d = opendir(path);
    for (struct dirent *e; d != NULL && good && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.') good = read_log(cmd, dirfd(d), e->d_name, ret_a);
    if (d != NULL) closedir(d);
    return good;
}
