/*
 * Where the log ends. Each checkpoint but the last is told by the line after it; the last one, and
 * lines together with it, can be taken away without a trace in the log, and a program that dies
 * before it has written a checkpoint leaves the same. So what was made after a checkpoint is asked:
 * receipts and requests for time-stamps that lie here, and what others keep (struct
 * ir_check_known). Who can write here can also plant a file: of what lies here only a signature
 * with a key of this log proves anything.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "evidence/check_int.h"
#include "evidence/checkpoint.h"
#include "evidence/files.h"
#include "evidence/receipt.h"

struct end {
    struct ir_check *k;
    uint64_t had; /* lines that the log had once, as `by` proves */
    char by[600];
};

static void had(struct end *e, uint64_t lines, const char *by)
{
    if (lines <= e->had) return;
    e->had = lines;
    snprintf(e->by, sizeof e->by, "%s", by);
}

/* The checkpoint is one of this log, as far as the log goes. */
static bool is_of_log(const struct end *e, struct ir_str text, uint64_t *ret_n)
{
    const uint64_t lines = e->k->t->lines;
    struct ir_buf right = IR_BUF(1 << 12);
    struct ir_checkpoint cp;
    if (!ir_checkpoint_parse(text, &cp)) return false;
    *ret_n = cp.n;
    ir_checkpoint_text(e->k->c, cp.n <= lines ? cp.n : lines, &right);
    struct ir_str have = text, want = ir_buf_view(&right);
    const bool same = cp.n <= lines ? ir_str_eq(have, want)
                                    : ir_str_eq(ir_str_cut(&have, '\n'), ir_str_cut(&want, '\n'));
    ir_buf_free(&right);
    return same;
}

/* A receipt whose proof holds, of this log and signed with one of its keys. */
static bool receipt_of_log(const struct end *e, struct ir_str file, uint64_t *ret_n)
{
    struct ir_receipt r;
    if (ir_receipt_prove(file, &r, NULL) != IR_OK || !is_of_log(e, r.checkpoint, ret_n))
        return false;
    for (unsigned i = 0; i < r.signers; i++)
        for (size_t j = 0; j < e->k->nkeys; j++)
            if (e->k->keys[j].named && strcmp(r.signer[i].fingerprint, e->k->keys[j].id) == 0)
                return true;
    return false;
}

/* The number in the name of a file that belongs to a line: checkpoint-000007.sig, R-0007.txt. */
static uint64_t number_in(struct ir_str name, struct ir_str before)
{
    uint64_t n = 0;
    if (!ir_str_starts(name, before)) return 0;
    name = ir_str_skip(name, before.n);
    const size_t dot = ir_str_chr(name, '.');
    return ir_str_u64(dot == IR_NPOS ? name : ir_str_head(name, dot), &n) ? n : 0;
}

uint64_t ir_check_number(const char *name)
{
    const uint64_t n = number_in(ir_str_z(name), IR_S("custody/checkpoint-"));
    return n > 0 ? n : number_in(ir_str_z(name), IR_S("custody/receipts/R-"));
}

/* Receipts that lie here; one is written after the checkpoint that it is proved by. */
static void ask_receipts(struct end *e)
{
    const int fd =
        openat(ir_custody_fd(e->k->c), "receipts", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *x; d != NULL && (x = readdir(d)) != NULL;) {
        struct ir_buf text = IR_BUF(IR_RECEIPT_MAX + 1);
        char place[600];
        uint64_t n;
        if (number_in(ir_str_z(x->d_name), IR_S("R-")) >= e->k->t->lines &&
            ir_str_ends(ir_str_z(x->d_name), IR_S(".txt")) &&
            ir_file_read(dirfd(d), x->d_name, IR_RECEIPT_MAX, &text, NULL) == IR_OK &&
            receipt_of_log(e, ir_buf_view(&text), &n)) {
            snprintf(place, sizeof place, "custody/receipts/%s", x->d_name);
            had(e, n, place);
        }
        ir_buf_free(&text);
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
}

/* Checkpoints that lie here, of more lines than the log has, with a signature of one of its keys.
 */
static int ask_checkpoint(void *user, uint64_t n)
{
    struct end *e = user;
    const struct ir_check *k = e->k;
    char name[IR_CHECKPOINT_NAME], file[IR_CHECKPOINT_NAME + 140], place[IR_CHECKPOINT_NAME + 32];
    struct ir_buf text = IR_BUF(IR_CHECK_CONTROL_MAX), sig = IR_BUF(IR_CHECK_CONTROL_MAX);
    uint64_t of;
    if (n <= k->t->lines) return 0;
    ir_checkpoint_name(n, name);
    bool good = ir_file_read(ir_custody_fd(k->c), name, IR_CHECK_CONTROL_MAX - 1, &text, NULL) ==
                    IR_OK &&
                is_of_log(e, ir_buf_view(&text), &of) && of == n,
         is_signed = false;
    for (size_t i = 0; good && i < k->nkeys && !is_signed; i++) {
        const struct ir_check_key *key = &k->keys[i];
        const bool first = strcmp(key->role, "examiner") == 0;
        snprintf(file, sizeof file, "%s.%s%ssig", name, first ? "" : key->role, first ? "" : ".");
        ir_buf_clear(&sig);
        is_signed = key->named &&
                    ir_file_read(ir_custody_fd(k->c), file, IR_SIG_BYTES, &sig, NULL) == IR_OK &&
                    sig.n == IR_SIG_BYTES &&
                    ir_key_verify(key->key, ir_buf_view(&text), (const unsigned char *)sig.p);
    }
    snprintf(place, sizeof place, "custody/%s", name);
    if (is_signed) had(e, n, place);
    ir_buf_free(&text);
    ir_buf_free(&sig);
    return 0;
}

/* The request for a time-stamp over the last checkpoint, which the last line tells of. */
static void ask_request(struct end *e)
{
    const struct ir_check *k = e->k;
    char name[IR_CHECKPOINT_NAME], file[IR_CHECKPOINT_NAME + 32];
    ir_checkpoint_name(k->t->lines, name);
    snprintf(file, sizeof file, "%s.tsq", name);
    if (faccessat(ir_custody_fd(k->c), file, F_OK, AT_SYMLINK_NOFOLLOW) != 0) return;
    snprintf(file, sizeof file, "custody/%s.tsq", name);
    had(e, k->t->lines, file);
}

/* A copy of the log that somebody keeps: line by line the same. */
static void compare_log(struct end *e, struct ir_str copy, const char *path)
{
    struct ir_str line;
    bool ended;
    uint64_t n = 0;
    while (ir_str_line(&copy, &line, &ended) && ended) {
        if (n < e->k->t->lines && !ir_str_eq(line, ir_custody_line(e->k->c, n))) {
            ir_check_problem(e->k, path,
                             "line %" PRIu64 " of this copy is another than in custody/log.jsonl: "
                             "one of the two was changed",
                             n + 1);
            return;
        }
        n++;
    }
    had(e, n, path);
}

static void compare_known(struct end *e, const char *path)
{
    struct ir_buf file = IR_BUF(IR_CUSTODY_LOG_MAX + 1);
    struct ir_err err = {0};
    struct ir_receipt r;
    struct ir_checkpoint cp;
    uint64_t n;
    const int rc = ir_file_read(AT_FDCWD, path, IR_CUSTODY_LOG_MAX, &file, &err);
    const struct ir_str text = ir_buf_view(&file);
    if (rc != IR_OK)
        ir_check_unclear(e->k, path, "%s", rc == IR_END ? "is missing" : err.msg);
    else if (ir_str_starts(text, IR_S("{")))
        compare_log(e, text, path);
    else if (ir_str_find(text, IR_S("\n=== line\n")) != IR_NPOS) {
        if (ir_receipt_prove(text, &r, &err) != IR_OK)
            ir_check_problem(e->k, path, "%s", err.msg);
        else if (!receipt_of_log(e, text, &n))
            ir_check_problem(e->k, path,
                             "this receipt is not of this log, which was written anew, or is "
                             "another; or none of its keys is known here");
        else
            had(e, n, path);
    } else if (!ir_checkpoint_parse(text, &cp))
        ir_check_unclear(e->k, path, "is no receipt, checkpoint or copy of the log");
    else if (!is_of_log(e, text, &n))
        ir_check_problem(e->k, path,
                         "this checkpoint is not of this log, which was written anew, or is "
                         "another");
    else
        had(e, n, path);
    ir_buf_free(&file);
}

/* The last checkpoint is not there, and nothing proves that it ever was. */
static void tell_open(struct ir_check *k, const char *place)
{
    uint64_t last = k->t->lines - 1;
    while (last > 0 && !ir_checkpoint_is_there(k->c, last))
        last--;
    ir_check_unclear(k, place,
                     "is missing: a program died before it was written, or somebody took it away, "
                     "alone or with lines that came after it. Nothing here tells which. Up to line "
                     "%" PRIu64
                     " all is proved by a checkpoint; those after it only hang together. "
                     "The next event writes a checkpoint again. Receipts and copies of the log "
                     "that others keep can tell more (--known)",
                     last);
}

void ir_check_end(struct ir_check *k, const struct ir_check_known *known)
{
    struct end e = {.k = k};
    char name[IR_CHECKPOINT_NAME], place[IR_CHECKPOINT_NAME + 32];
    ask_receipts(&e);
    ir_checkpoint_each(k->c, ask_checkpoint, &e, NULL);
    if (k->open) ask_request(&e);
    for (size_t i = 0; known != NULL && i < known->n; i++)
        compare_known(&e, known->files[i]);
    if (known != NULL && known->lines > 0) had(&e, known->lines, known->lines_by);
    ir_checkpoint_name(k->t->lines, name);
    snprintf(place, sizeof place, "custody/%s", name);
    if (e.had > k->t->lines)
        ir_check_problem(k, "custody/log.jsonl",
                         "has %" PRIu64 " lines, and once had %" PRIu64
                         " or more, as %-s proves: its "
                         "end was cut off",
                         k->t->lines, e.had, e.by);
    if (k->open && e.had >= k->t->lines)
        ir_check_problem(k, place, "is missing, and was there, as %-s proves: it was taken away",
                         e.by);
    else if (k->open)
        tell_open(k, place);
}
