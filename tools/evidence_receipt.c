/*
 * ir evidence receipt, receive, copy and label: what goes out of the house, on paper or as files.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/files.h"
#include "evidence_page.h"
#include "meter.h"

#define PAGE_MAX IR_RECEIPT_MAX

struct hand_options {
    struct evidence_options ev;
    const char *seq, *check;
    const char *from, *condition, *keep;
    const char *number, *medium;
    bool html;
};

#define AT(member) offsetof(struct hand_options, member)
#define COMMON_OPTS                                                                                \
    EVIDENCE_CASE_OPTS(struct hand_options), EVIDENCE_ITEM_OPT(struct hand_options),               \
        EVIDENCE_WHO_OPTS(struct hand_options)

static const struct opt receipt_opts[] = {
    COMMON_OPTS,
    {"seq", 0, OPT_TEXT, AT(seq), "N", N_("the line of the log (default: the exhibit's last)"),
     NULL},
    {"check", 0, OPT_TEXT, AT(check), "FILE", N_("check a receipt (R-….txt) by itself"), NULL},
    OPT_END,
};
static const struct opt receive_opts[] = {
    COMMON_OPTS,
    {"from", 0, OPT_TEXT, AT(from), "NAME", N_("who handed it over"), NULL},
    {"condition", 0, OPT_TEXT, AT(condition), "TEXT",
     N_("state of the exhibit, its seals and its package"), NULL},
    {"keep", 0, OPT_TEXT, AT(keep), "DIR", N_("put a copy of the log here as well"), NULL},
    OPT_END,
};
static const struct opt copy_opts[] = {
    COMMON_OPTS,
    {"number", 0, OPT_TEXT, AT(number), "TEXT", N_("which copy it is: master, working, 2"), NULL},
    {"medium", 0, OPT_TEXT, AT(medium), "TEXT", N_("kind and serial number of the medium"), NULL},
    OPT_END,
};
static const struct opt label_opts[] = {
    EVIDENCE_CASE_OPTS(struct hand_options),
    EVIDENCE_ITEM_OPT(struct hand_options),
    {"html", 0, OPT_FLAG, AT(html), NULL, N_("a page to print"), NULL},
    OPT_END,
};

#define SEALED (1u << IR_ITEM_STORED | 1u << IR_ITEM_OUT | 1u << IR_ITEM_ON_WAY)

static int put(struct evidence *e, int dir, const char *name, const char *ending,
               const struct ir_buf *text, struct ir_buf *list)
{
    char file[64], hex[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    struct ir_err err = {0};
    snprintf(file, sizeof file, "%s%s", name, ending);
    if (text->full || ir_file_create(dir, file, 0444, ir_buf_view(text), &err) != IR_OK) {
        if (text->full) ir_fail(&err, IR_FATAL, "the receipt would be too long");
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    ir_sha256(ir_buf_view(text), ir_str_n("", 0), md);
    ir_hex(md, sizeof md, hex);
    ir_buf_fmt(list, "%s  %s\n", hex, file);
    return IR_EXIT_OK;
}

/* The three files of line seq in the checkpoint of n lines, and a signed list of their digests. */
static int write_files(struct evidence *e, const char *name, uint64_t seq, uint64_t n)
{
    struct ir_buf proof = IR_BUF(1 << 18), text = IR_BUF(PAGE_MAX), html = IR_BUF(PAGE_MAX),
                  list = IR_BUF(1 << 12), none = IR_BUF(1 << 12);
    struct ir_receipt r;
    struct ir_err err = {0};
    char base[64];
    if (mkdirat(ir_custody_fd(e->custody), "receipts", 0755) != 0 && errno != EEXIST) errno = 0;
    int dir = openat(ir_custody_fd(e->custody), "receipts",
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = dir >= 0 ? ir_receipt_write(e->custody, seq, n, &text, &err)
                      : ir_fail(&err, IR_FATAL, "custody/receipts cannot be made");
    if (rc == IR_OK) rc = ir_receipt_proof(e->custody, seq, n, &proof, &err);
    if (rc == IR_OK) rc = ir_receipt_check(ir_buf_view(&text), &r, &err);
    int status = rc == IR_OK ? IR_EXIT_OK : IR_EXIT_FAILED;
    if (rc != IR_OK) evidence_say(e, &err);
    if (status == IR_EXIT_OK) {
        receipt_html(&html, &r);
        status = put(e, dir, name, ".html", &html, &list);
    }
    if (status == IR_EXIT_OK) status = put(e, dir, name, ".tlog-proof", &proof, &list);
    if (status == IR_EXIT_OK) status = put(e, dir, name, ".txt", &text, &list);
    if (status == IR_EXIT_OK) status = put(e, dir, name, ".sha256", &list, &none);
    snprintf(base, sizeof base, "receipts/%s", name);
    for (unsigned i = 0; status == IR_EXIT_OK && i < e->nsigners; i++)
        if (ir_checkpoint_sign(e->custody, base, ir_buf_view(&list), &e->signers[i], &err) !=
            IR_OK) {
            evidence_say(e, &err);
            status = IR_EXIT_FAILED;
        }
    if (status == IR_EXIT_OK) printf("%s/custody/%s.txt\n", e->path, base);
    if (dir >= 0) close(dir);
    struct ir_buf *const all[] = {&proof, &text, &html, &list, &none};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ir_buf_free(all[i]);
    return status;
}

/* How many files of the receipt lie there. */
static unsigned count_files(const struct evidence *e, const char *name)
{
    unsigned n = 0;
    int fd = openat(ir_custody_fd(e->custody), "receipts",
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;)
        n += strncmp(entry->d_name, name, strlen(name)) == 0 && entry->d_name[strlen(name)] == '.';
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    return n;
}

/* Receipts that the log tells of and a process that died could not finish. One whose line has no
 * checkpoint was never begun, and is not missed; of another only the same keys can make the same
 * again. */
static int finish_receipts(struct evidence *e)
{
    char name[IR_RECEIPT_NAME], text[64], prefix[IR_RECEIPT_NAME + 16];
    int status = IR_EXIT_OK;
    for (uint64_t n = 1; status == IR_EXIT_OK && n <= ir_custody_count(e->custody); n++) {
        const struct ir_str line = ir_custody_line(e->custody, n - 1);
        uint64_t seq;
        ir_receipt_name(n, name);
        if (!ir_custody_text(line, "event", text, sizeof text) || strcmp(text, "receipt") != 0 ||
            !ir_custody_text(line, "of_seq", text, sizeof text) ||
            !ir_str_u64(ir_str_z(text), &seq) || !ir_checkpoint_is_there(e->custody, n) ||
            !evidence_signs(e, n) || count_files(e, name) >= 4 + e->nsigners)
            continue;
        int dir = openat(ir_custody_fd(e->custody), "receipts",
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        snprintf(prefix, sizeof prefix, "%s.", name);
        if (dir >= 0) ir_files_drop(dir, prefix);
        if (dir >= 0) close(dir);
        status = write_files(e, name, seq, n);
    }
    return status;
}

/* Its number is that of its own line in the log: none can be given twice, and the proof has it. */
static int make_receipt(struct evidence *e, const struct ir_item *item, uint64_t seq)
{
    struct ir_buf details = IR_BUF(1 << 12);
    char name[IR_RECEIPT_NAME];
    if (e->nsigners == 0) {
        say(e->cmd, _("a receipt that nobody signs proves nothing: a key is needed"));
        return IR_EXIT_USAGE;
    }
    ir_receipt_name(ir_custody_count(e->custody) + 1, name);
    ir_custody_detail(&details, "receipt", name);
    ir_custody_detail_u64(&details, "of_seq", seq);
    int status = evidence_append(e, "receipt", item->id[0] ? item->id : NULL,
                                 item->seal[0] ? item->seal : NULL, ir_buf_view(&details));
    ir_buf_free(&details);
    if (status == IR_EXIT_OK) status = evidence_commit(e);
    return status == IR_EXIT_OK ? finish_receipts(e) : status;
}

static void print_fact(struct ir_buf *out, const char *label, const char *value)
{
    ir_buf_fmt(out, "%s: ", label);
    ir_visible(out, ir_str_z(value), 0);
    ir_buf_chr(out, '\n');
}

/* What is proved is printed whatever the page says: who holds a forged one sees the difference. */
static int check_receipt(const struct cmd *cmd, const char *path)
{
    struct ir_buf file = IR_BUF(IR_RECEIPT_MAX + 1);
    struct ir_receipt r;
    struct ir_err err = {0};
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    int rc = ir_file_read(AT_FDCWD, path, IR_RECEIPT_MAX, &file, &err);
    if (rc == IR_OK) rc = ir_receipt_prove(ir_buf_view(&file), &r, &err);
    if (rc == IR_OK) {
        ir_receipt_facts(&r, print_fact, &out.buf);
        ir_buf_fmt(&out.buf, "%s: ", _("the whole line"));
        ir_visible(&out.buf, r.line, 0);
        ir_buf_chr(&out.buf, '\n');
        sink_flush(&out);
        rc = ir_receipt_compare(&r, &err);
    }
    int status = rc == IR_OK ? IR_EXIT_OK : rc == IR_BAD ? IR_EXIT_FINDINGS : IR_EXIT_FAILED;
    if (rc == IR_OK)
        say(cmd, _("the receipt is good, if these keys are those that you know"));
    else if (err.line > 0)
        say(cmd, _("%s:%" PRId64 ": %s: only what is printed here counts"), path, err.line,
            ir_local(err.msg));
    else
        say(cmd, "%s: %s", path, ir_local(err.msg));
    status = sink_close(&out, status);
    ir_buf_free(&file);
    return status;
}

/* The exhibit's last event that is not itself a receipt. */
static uint64_t last_of_substance(const struct evidence *e, const struct ir_item *item)
{
    char text[IR_LEDGER_TEXT];
    for (uint64_t seq = item->last; seq > 0; seq--) {
        const struct ir_str line = ir_custody_line(e->custody, seq - 1);
        if (!ir_custody_text(line, "item_id", text, sizeof text) || strcmp(text, item->id) != 0)
            continue;
        if (!ir_custody_text(line, "event", text, sizeof text) || strcmp(text, "receipt") != 0)
            return seq;
    }
    return item->last;
}

static int run_receipt(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct hand_options *o = options;
    struct ir_item item = {0};
    struct evidence e;
    uint64_t seq = 0;
    (void)operands;
    if (o->check != NULL) return check_receipt(cmd, o->check);
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    if (o->seq == NULL || e.item[0] != '\0')
        status = evidence_item(&e, SEALED | 1u << IR_ITEM_DISPOSED, &item);
    seq = last_of_substance(&e, &item);
    if (status == IR_EXIT_OK && o->seq != NULL &&
        (!ir_str_u64(ir_str_z(o->seq), &seq) || seq == 0 || seq > ir_custody_count(e.custody))) {
        say(cmd, _("--seq: %s: the log has no such line; it has %" PRIu64), o->seq,
            ir_custody_count(e.custody));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK) status = make_receipt(&e, &item, seq);
    return evidence_close(&e, status);
}

/* custody/ of the case, for the receiver's own records. */
static int keep_copy(struct evidence *e, const char *dir)
{
    static const char *const names[] = {"log.jsonl"};
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(IR_CUSTODY_LOG_MAX + 1);
    char name[IR_CHECKPOINT_NAME + 300];
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        say(e->cmd, "--keep: %s: %s", dir, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    int rc = ir_file_read(ir_custody_fd(e->custody), names[0], IR_CUSTODY_LOG_MAX, &b, &err);
    snprintf(name, sizeof name, "%s-%06" PRIu64 ".log.jsonl", ir_custody_case(e->custody),
             ir_custody_count(e->custody));
    if (rc == IR_OK) rc = ir_file_create(fd, name, 0444, ir_buf_view(&b), &err);
    if (rc != IR_OK) say(e->cmd, "--keep: %s: %s", err.input, ir_local(err.msg));
    close(fd);
    ir_buf_free(&b);
    return rc == IR_OK ? IR_EXIT_OK : IR_EXIT_FAILED;
}

int evidence_carry(const struct evidence *e, const struct ir_item *item, int to_fd, bool finish,
                   struct ir_carry_totals *ret_t, struct ir_err *err)
{
    struct meter meter;
    const struct ir_carry_job job = {.case_fd = e->case_fd,
                                     .item = item->id,
                                     .seal = item->seal,
                                     .to_fd = to_fd,
                                     .finish = finish,
                                     .show = meter_on,
                                     .user = &meter};
    meter_begin(&meter, e->env);
    meter.of = item->bytes * (to_fd >= 0 ? 2 : 1); /* the copy is read as well */
    int rc = ir_carry(&job, ret_t, err);
    meter_end(&meter);
    return rc;
}

static int say_carry(const struct evidence *e, int rc, const struct ir_err *err)
{
    say(e->cmd, "%s/%s/%s: %s", e->path, e->item, err->input, ir_local(err->msg));
    return rc == IR_BAD ? IR_EXIT_FINDINGS : IR_EXIT_FAILED;
}

static int receive(struct evidence *e, const struct hand_options *o)
{
    struct ir_buf details = IR_BUF(1 << 14);
    struct ir_carry_totals t;
    struct ir_item item;
    struct ir_err err = {0};
    int status = evidence_item(e, 1u << IR_ITEM_ON_WAY, &item);
    if (status != IR_EXIT_OK) return status;
    int rc = evidence_carry(e, &item, -1, false, &t, &err);
    ir_custody_detail(&details, "from", o->from);
    ir_custody_detail(&details, "condition_on_arrival", o->condition);
    ir_custody_detail(&details, "recomputed", rc == IR_OK ? "all equal" : "not equal");
    if (rc != IR_OK) ir_custody_detail(&details, "problem", err.msg);
    if (rc != IR_OK) ir_custody_detail(&details, "problem_file", err.input);
    ir_custody_detail_u64(&details, "files_read", t.files);
    ir_custody_detail_u64(&details, "bytes_read", t.bytes);
    if (rc != IR_FATAL)
        status = evidence_append(e, rc == IR_OK ? "transfer-in" : "receive-refused", e->item,
                                 item.seal, ir_buf_view(&details));
    ir_buf_free(&details);
    if (rc != IR_OK) return say_carry(e, rc, &err);
    if (status == IR_EXIT_OK) status = make_receipt(e, &item, ir_custody_count(e->custody));
    return status == IR_EXIT_OK && o->keep != NULL ? keep_copy(e, o->keep) : status;
}

static int run_receive(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct hand_options *o = options;
    struct evidence e;
    (void)operands;
    if (o->condition == NULL) {
        say(cmd, _("--%s is needed: the record must tell it"), "condition");
        return IR_EXIT_USAGE;
    }
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_RECEIVE);
    if (status != IR_EXIT_OK) return status;
    return evidence_close(&e, receive(&e, o));
}

static int copy(struct evidence *e, const struct hand_options *o, const char *dir)
{
    struct ir_buf details = IR_BUF(1 << 14);
    struct ir_carry_totals t;
    struct ir_item item;
    struct ir_err err = {0};
    struct stat st;
    int status = evidence_item(e, SEALED, &item);
    int to = status == IR_EXIT_OK ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (status == IR_EXIT_OK && to < 0) {
        say(e->cmd, "%s: %s", dir, ir_errno_local(errno));
        status = IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK && fstatat(to, e->item, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        say(e->cmd, _("%s/%s: is there already: a copy goes where none is"), dir, e->item);
        status = IR_EXIT_FAILED;
    }
    if (status != IR_EXIT_OK) {
        if (to >= 0) close(to);
        return status;
    }
    int rc = evidence_carry(e, &item, to, false, &t, &err);
    close(to);
    if (rc != IR_OK) return say_carry(e, rc, &err);
    ir_custody_detail(&details, "copy_number", o->number);
    ir_custody_detail(&details, "medium", o->medium);
    ir_custody_detail(&details, "destination", dir);
    ir_custody_detail_u64(&details, "files_copied", t.files);
    ir_custody_detail_u64(&details, "bytes_copied", t.bytes);
    ir_buf_str(&details, IR_S(",\"read_back\":true,\"digests_equal\":true"));
    status = evidence_append(e, "copy", e->item, t.seal, ir_buf_view(&details));
    ir_buf_free(&details);
    return status;
}

static int run_copy(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct hand_options *o = options;
    struct evidence e;
    if (o->number == NULL) {
        say(cmd, _("--%s is needed: the record must tell it"), "number");
        return IR_EXIT_USAGE;
    }
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    return evidence_close(&e, copy(&e, o, operands->v[0]));
}

static int run_label(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct hand_options *o = options;
    struct ir_item item;
    struct evidence e;
    struct sink out;
    (void)operands;
    sink_open(&out, cmd, NULL, NULL);
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_READ);
    if (status != IR_EXIT_OK) return sink_close(&out, status);
    status = evidence_item(&e, SEALED, &item);
    if (status == IR_EXIT_OK)
        (o->html ? label_html : label_text)(&out.buf, &item, ir_custody_case(e.custody));
    return sink_close(&out, evidence_close(&e, status));
}

#define HAND_CMD(word, table, what, words, operand)                                                \
    const struct cmd cmd_evidence_##word = {                                                       \
        .name = "evidence " #word,                                                                 \
        .operands = words,                                                                         \
        .brief = what,                                                                             \
        .opts = table,                                                                             \
        .size = sizeof(struct hand_options),                                                       \
        .min_operands = operand,                                                                   \
        .max_operands = operand,                                                                   \
        .run = run_##word,                                                                         \
    }
HAND_CMD(receipt, receipt_opts, N_("Write or check a receipt that can be proved alone"), "", 0);
HAND_CMD(receive, receive_opts, N_("Receive an exhibit: read it again, sign for it"), "", 0);
HAND_CMD(copy, copy_opts, N_("Make an identical copy of an exhibit below DIR"), "DIR", 1);
HAND_CMD(label, label_opts, N_("Print a label with the seal and a QR code"), "", 0);
