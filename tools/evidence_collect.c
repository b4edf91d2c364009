/*
 * ir evidence collect and resume: files and trees into an exhibit, which is then sealed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence.h"
#include "evidence/collect.h"
#include "evidence/files.h"
#include "evidence/scope.h"
#include "evidence/tree.h"
#include "meter.h"
#include "report/page.h"

#define JOB_MAX ((size_t)16 << 20)

struct collect_options {
    struct evidence_options ev;
    struct opt_list also;
    uint64_t max_size;
    bool one_filesystem, networks, keep_open, no_types, members;
};

#define AT(member) offsetof(struct collect_options, member)
static const struct opt collect_opts[] = {
    EVIDENCE_CASE_OPTS(struct collect_options),
    EVIDENCE_ITEM_OPT(struct collect_options),
    EVIDENCE_WHO_OPTS(struct collect_options),
    {"also", 0, OPT_LIST, AT(also), "DIGEST",
     N_("md5 or sha1 besides SHA-256 and SHA-512, for old programs; may be repeated"), NULL},
    {"max-size", 0, OPT_NUMBER, AT(max_size), "MIB",
     N_("larger files are listed, not copied (default: no limit)"), NULL},
    {"one-file-system", 'x', OPT_FLAG, AT(one_filesystem), NULL,
     N_("stay on the file system of the first directory"), NULL},
    {"networks", 0, OPT_FLAG, AT(networks), NULL, N_("copy from network file systems as well"),
     NULL},
    {"no-types", 0, OPT_FLAG, AT(no_types), NULL, N_("do not look what each file is (libmagic)"),
     NULL},
    {"members", 0, OPT_FLAG, AT(members), NULL,
     N_("list what archives hold, with digests, in archives in them too"), NULL},
    {"no-seal", 0, OPT_FLAG, AT(keep_open), NULL,
     N_("leave the exhibit open: ir evidence seal closes it"), NULL},
    OPT_END,
};

static const struct opt resume_opts[] = {
    EVIDENCE_CASE_OPTS(struct collect_options),
    EVIDENCE_ITEM_OPT(struct collect_options),
    EVIDENCE_WHO_OPTS(struct collect_options),
    OPT_END,
};

/* What looks into files. Without its rules libmagic knows nothing: the collection goes on. */
static int lookers(const struct evidence *e, bool types, bool members,
                   struct ir_collect_options *co)
{
    const struct cmd *cmd = e->cmd;
    if (types && (co->types = ir_filetype_new(evidence_confine(e))) == NULL)
        say(cmd, _("libmagic has no rules here: what each file is is not told"));
    if (members && (co->members = ir_members_new(evidence_confine(e))) == NULL) {
        say(cmd, _("--members: no temporary file can be made in /var/tmp or /tmp"));
        return IR_EXIT_FAILED;
    }
    return IR_EXIT_OK;
}

static void forget(struct ir_collect_options *co)
{
    ir_filetype_free(co->types);
    ir_members_free(co->members);
}

/* What a resumed run must know: the paths as bytes, and the options. */
static void write_job(struct ir_buf *b, const struct opt_list *paths,
                      const struct ir_collect_options *co)
{
    struct ir_buf whole = IR_BUF(1 << 20);
    ir_buf_str(b, IR_S("{\"paths_raw\":["));
    for (size_t i = 0; i < paths->n; i++) {
        ir_buf_clear(&whole);
        bool found = ir_tree_absolute(paths->v[i], &whole);
        ir_buf_str(b, i > 0 ? IR_S(",\"") : IR_S("\""));
        ir_base64(b, found ? ir_buf_view(&whole) : ir_str_z(paths->v[i]));
        ir_buf_chr(b, '"');
    }
    ir_buf_fmt(b,
               "],\"max_size\":%" PRIu64 ",\"one_filesystem\":%d,\"networks\":%d,\"types\":%d,"
               "\"members\":%d}\n",
               co->max_size, co->one_filesystem, co->networks, co->types != NULL,
               co->members != NULL);
    ir_buf_free(&whole);
}

/* The paths, each with its NUL, in room. */
static bool read_paths(struct ir_str job, struct opt_list *ret_paths, struct ir_buf *room)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    ir_json_begin(&j, job);
    while ((rc = ir_json_next(&j, &t)) == IR_OK)
        if (t.type == IR_JSON_STRING && t.depth == 2) {
            if (!ir_base64_decode(room, t.text)) return false;
            ir_buf_chr(room, '\0');
        }
    if (rc != IR_END || room->full) return false;
    for (struct ir_str rest = ir_buf_view(room); rest.n > 0;
         rest = ir_str_skip(rest, strlen(rest.p) + 1))
        if (!opt_list_add(ret_paths, rest.p)) return false;
    return true;
}

static int read_job(struct evidence *e, const struct ir_exhibit *x, struct opt_list *ret_paths,
                    struct ir_buf *room, struct ir_collect_options *ret_co)
{
    struct ir_buf text = IR_BUF(JOB_MAX);
    struct ir_err err = {0};
    uint64_t flag;
    int rc = ir_file_read(ir_exhibit_fd(x), "meta/collect.json", JOB_MAX - 1, &text, &err);
    struct ir_str all = ir_buf_view(&text);
    if (rc == IR_OK && !read_paths(all, ret_paths, room))
        rc = ir_fail(&err, IR_FATAL, "is damaged");
    if (rc != IR_OK) {
        evidence_say(e, &err);
        ir_buf_free(&text);
        return IR_EXIT_FAILED;
    }
    ir_json_member_u64(all, "max_size", &ret_co->max_size);
    ret_co->one_filesystem = ir_json_member_u64(all, "one_filesystem", &flag) && flag == 1;
    bool types = ir_json_member_u64(all, "types", &flag) && flag == 1;
    bool members = ir_json_member_u64(all, "members", &flag) && flag == 1;
    ret_co->networks = ir_json_member_u64(all, "networks", &flag) && flag == 1;
    ir_buf_free(&text);
    return lookers(e, types, members, ret_co);
}

/* The JSON members that the events of a collection share. */
static void details(struct ir_buf *b, const struct ir_exhibit_totals *t, int64_t start)
{
    char from[IR_TIME_TEXT];
    ir_time_rfc3339(start, from);
    ir_buf_fmt(b,
               "\"method\":\"logical, live\",\"start\":\"%s\",\"objects\":%" PRIu64
               ",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"not_collected\":%" PRIu64
               ",\"changed_while_read\":%" PRIu64 ",\"further_names\":%" PRIu64
               ",\"list\":\"meta/files.jsonl\",\"not_collected_list\":\"meta/errors.jsonl\"",
               from, t->objects, t->files, t->bytes, t->not_taken, t->changed, t->links);
}

static void sum_up(const struct evidence *e, const struct ir_exhibit_totals *t)
{
    evidence_say_taken(e, t->objects, t->files, t->bytes);
    if (t->not_taken > 0)
        say(e->cmd, _("%s could not be taken: see meta/errors.jsonl"),
            EVIDENCE_COUNT(t->not_taken, "%s object", "%s objects"));
    if (t->changed > 0)
        say(e->cmd, _("%s changed or had errors while being read: see meta/errors.jsonl"),
            EVIDENCE_COUNT(t->changed, "%s file", "%s files"));
}

/* A minute and more without a word would look like a program that hangs. */
static void on_sparse(void *user, struct ir_str path, uint64_t bytes, uint64_t of_data)
{
    const struct evidence *e = user;
    const uint64_t rate = (uint64_t)1 << 30; /* a second, of zeros, on what is usual today */
    say(e->cmd,
        _("%s: %s MiB, of which %s are data: digesting the holes takes about %s (--max-size leaves "
          "the file out)"),
        path.p, EVIDENCE_NUMBER(bytes >> 20), EVIDENCE_NUMBER(of_data >> 20),
        EVIDENCE_COUNT(1 + (bytes - of_data) / rate / 60, "%s minute", "%s minutes"));
}

/* Links are not followed, also not those that were named: who named one may think otherwise. */
static void tell_links(const struct cmd *cmd, const struct opt_list *paths)
{
    struct stat st;
    for (size_t i = 0; i < paths->n; i++) {
        size_t n = strlen(paths->v[i]);
        if (n == 0 || lstat(paths->v[i], &st) != 0 || !S_ISLNK(st.st_mode)) continue;
        say(cmd,
            stat(paths->v[i], &st) == 0 && S_ISDIR(st.st_mode)
                ? _("%s: is a symbolic link, which alone is taken: name %s/. as well for what it "
                    "leads to")
                : _("%s: is a symbolic link, which alone is taken: name what %s leads to as well"),
            paths->v[i], paths->v[i]);
    }
}

static int work(struct evidence *e, struct ir_exhibit *x, const struct opt_list *paths,
                struct ir_collect_options *co, bool keep_open)
{
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(1 << 16);
    struct meter meter;
    co->notice = on_sparse;
    co->links_told = true;
    tell_links(e->cmd, paths);
    co->user = e;
    meter_begin(&meter, e->env);
    if (meter.on) {
        const struct ir_scope scope = {.one_filesystem = co->one_filesystem,
                                       .networks = co->networks};
        meter.of = ir_scope_measure(paths->v, paths->n, scope);
        ir_exhibit_watch(x, meter_on, &meter);
    }
    int rc = ir_collect(x, paths->v, paths->n, co, &err);
    ir_exhibit_watch(x, NULL, NULL);
    meter_end(&meter);
    const struct ir_exhibit_totals *t = ir_exhibit_totals(x);
    if (rc != IR_OK) {
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    details(&b, t, e->env->now);
    int status = evidence_append(e, "collect", ir_exhibit_item(x), NULL, ir_buf_view(&b));
    ir_buf_free(&b);
    sum_up(e, t);
    if (status == IR_EXIT_OK && !keep_open) status = evidence_seal(e, x);
    if (status == IR_EXIT_OK && t->not_taken + t->changed > 0) status = IR_EXIT_DAMAGED;
    return status;
}

static int begin(struct evidence *e, unsigned set, const struct opt_list *paths,
                 const struct ir_collect_options *co, struct ir_exhibit **ret_x)
{
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(JOB_MAX);
    int status = IR_EXIT_OK;
    write_job(&b, paths, co);
    if (ir_exhibit_create(e->case_fd, e->item, set, ret_x, &err) != IR_OK ||
        ir_exhibit_meta(*ret_x, "collect.json", ir_buf_view(&b), &err) != IR_OK) {
        evidence_say(e, &err);
        status = IR_EXIT_FAILED;
    }
    ir_buf_free(&b);
    if (status == IR_EXIT_OK)
        status = evidence_append(e, "collect-begin", e->item, NULL,
                                 IR_S("\"method\":\"logical, live\""));
    return status;
}

static int item_given(const struct evidence *e)
{
    if (e->item[0] != '\0') return IR_EXIT_OK;
    say(e->cmd, _("--item is needed: the number of the exhibit"));
    return IR_EXIT_USAGE;
}

/* When nothing that was named is there, it was mistyped: no exhibit is begun for that. */
static int some_is_there(const struct cmd *cmd, const struct opt_list *paths)
{
    struct stat st;
    for (size_t i = 0; i < paths->n; i++)
        if (lstat(paths->v[i], &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
            return IR_EXIT_OK;
    for (size_t i = 0; i < paths->n; i++)
        say(cmd, "%s: %s", paths->v[i], ir_errno_local(ENOENT));
    return IR_EXIT_FAILED;
}

static int run_collect(const struct cmd *cmd, const void *options, const struct opt_list *paths,
                       const struct env *env)
{
    const struct collect_options *o = options;
    struct ir_collect_options co = {.max_size = o->max_size << 20,
                                    .one_filesystem = o->one_filesystem,
                                    .networks = o->networks};
    struct ir_exhibit *x = NULL;
    struct evidence e;
    unsigned set;
    int status = evidence_algorithms(cmd, &o->also, &set);
    if (status == IR_EXIT_OK) status = some_is_there(cmd, paths);
    if (status == IR_EXIT_OK) status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_MAKE);
    if (status != IR_EXIT_OK) return status;
    status = item_given(&e);
    if (status == IR_EXIT_OK) status = lookers(&e, !o->no_types, o->members, &co);
    if (status == IR_EXIT_OK) status = begin(&e, set, paths, &co, &x);
    if (status == IR_EXIT_OK) status = work(&e, x, paths, &co, o->keep_open);
    ir_exhibit_close(x);
    forget(&co);
    return evidence_close(&e, status);
}

/* Whether the last thing that filled the exhibit came to its end. */
static bool is_filled(const struct evidence *e)
{
    bool filled = false;
    char item[IR_LEDGER_TEXT], event[IR_LEDGER_TEXT];
    for (uint64_t i = 0; i < ir_custody_count(e->custody); i++) {
        const struct ir_str line = ir_custody_line(e->custody, i);
        if (!ir_custody_text(line, "item_id", item, sizeof item) || strcmp(item, e->item) != 0 ||
            !ir_custody_text(line, "event", event, sizeof event))
            continue;
        const struct ir_str s = ir_str_z(event);
        if (ir_str_ends(s, IR_S("-begin")) || ir_str_eq(s, IR_S("resume")))
            filled = false;
        else if (ir_str_eq(s, IR_S("collect")) || ir_str_eq(s, IR_S("live")) ||
                 ir_str_eq(s, IR_S("image")))
            filled = true;
    }
    return filled;
}

/* An exhibit that is not finished. *ret_x NULL: it is, and what the log tells of it is signed. */
static int reopen(struct evidence *e, struct ir_exhibit **ret_x)
{
    struct ir_ledger l;
    struct ir_err err = {0};
    *ret_x = NULL;
    int status = item_given(e);
    if (status != IR_EXIT_OK) return status;
    int rc = ir_ledger_read(e->custody, &l, &err);
    if (rc == IR_OK) {
        const struct ir_item *item = ir_ledger_find(&l, e->item);
        bool sealed = item != NULL && item->seal[0] != '\0', did = false;
        bool stored = item != NULL && item->state == IR_ITEM_STORED;
        ir_ledger_free(&l);
        if (sealed) {
            status = stored ? evidence_image_copy(e, &did) : IR_EXIT_OK;
            if (!did) say(e->cmd, _("%s is sealed: there is nothing left to do"), e->item);
            return status == IR_EXIT_OK ? evidence_recommit(e) : status;
        }
        rc = ir_exhibit_resume(e->case_fd, e->item, ret_x, &err);
    }
    if (rc == IR_OK) return IR_EXIT_OK;
    evidence_say(e, &err);
    return IR_EXIT_FAILED;
}

static int run_seal(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct collect_options *o = options;
    struct ir_exhibit *x = NULL;
    struct evidence e;
    (void)operands;
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    status = item_given(&e);
    if (status == IR_EXIT_OK && !is_filled(&e)) {
        say(cmd, _("%s: nothing was collected into it to the end: see ir evidence resume"), e.item);
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK) status = reopen(&e, &x);
    if (status == IR_EXIT_OK && x != NULL) status = evidence_seal(&e, x);
    ir_exhibit_close(x);
    return evidence_close(&e, status);
}

/* By what it was begun with. */
static int go_on(struct evidence *e, struct ir_exhibit *x)
{
    struct ir_collect_options co = {0};
    struct opt_list paths = {0};
    struct ir_buf room = IR_BUF(JOB_MAX);
    bool is_image = false;
    int status = evidence_append(e, "resume", e->item, NULL, IR_S(""));
    if (status == IR_EXIT_OK) status = evidence_image_resume(e, x, &is_image);
    if (status == IR_EXIT_OK && !is_image) status = read_job(e, x, &paths, &room, &co);
    if (status == IR_EXIT_OK && !is_image) status = work(e, x, &paths, &co, false);
    forget(&co);
    free(paths.v);
    ir_buf_free(&room);
    return status;
}

static int run_resume(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct collect_options *o = options;
    struct ir_exhibit *x = NULL;
    struct evidence e;
    (void)operands;
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    status = reopen(&e, &x);
    if (status == IR_EXIT_OK && x != NULL) status = go_on(&e, x);
    ir_exhibit_close(x);
    return evidence_close(&e, status);
}

const struct cmd cmd_evidence_collect = {
    .name = "evidence collect",
    .operands = "PATH…",
    .brief = N_("Copy files and trees into an exhibit and seal it"),
    .about =
        N_("All digests are made in the same reading, all metadata is kept, nothing is left out "
           "silently. Exit status 3: something could not be taken, or changed meanwhile."),
    .opts = collect_opts,
    .size = sizeof(struct collect_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run_collect,
};

const struct cmd cmd_evidence_seal = {
    .name = "evidence seal",
    .operands = "",
    .brief = N_("Seal an exhibit that was left open"),
    .opts = resume_opts,
    .size = sizeof(struct collect_options),
    .run = run_seal,
};

const struct cmd cmd_evidence_resume = {
    .name = "evidence resume",
    .operands = "",
    .brief = N_("Go on with an exhibit that was interrupted, and seal it"),
    .opts = resume_opts,
    .size = sizeof(struct collect_options),
    .run = run_resume,
};
