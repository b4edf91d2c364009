/*
 * ir evidence image: a disk, or a file that holds one, into an exhibit, and a second copy of it at
 * the same time. What a resumed run must know is in meta/image.json.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence.h"
#include "evidence/carry.h"
#include "evidence/files.h"
#include "evidence/image.h"
#include "evidence/jline.h"
#include "evidence/safename.h"
#include "meter.h"

#define JOB_MAX ((size_t)1 << 20)

struct image_options {
    struct evidence_options ev;
    struct opt_list also;
    const char *copy, *mounted;
    uint64_t retries;
    bool direct;
};

#define AT(member) offsetof(struct image_options, member)
static const struct opt image_opts[] = {
    EVIDENCE_CASE_OPTS(struct image_options),
    EVIDENCE_ITEM_OPT(struct image_options),
    EVIDENCE_WHO_OPTS(struct image_options),
    {"also", 0, OPT_LIST, AT(also), "DIGEST",
     N_("md5 or sha1 besides SHA-256 and SHA-512, for old programs; may be repeated"), NULL},
    {"copy", 0, OPT_TEXT, AT(copy), "DIR",
     N_("make a second copy below this directory at the same time"), NULL},
    {"retries", 0, OPT_NUMBER, AT(retries), "N",
     N_("how often each bad sector is tried again (default: 1)"), NULL},
    {"direct", 0, OPT_FLAG, AT(direct), NULL, N_("read past the page cache from the beginning"),
     NULL},
    {"force-mounted", 0, OPT_TEXT, AT(mounted), "REASON",
     N_("take a device that is in use for writing as well; the record tells why"), NULL},
    OPT_END,
};

/* What is known before the work begins, or read from meta/image.json. */
struct job {
    char source[4096], copy[4096]; /* absolute; copy: "" for none */
    char name[256], serial[128], forced[1024];
    uint64_t size, retries, set;
    bool direct;
};

static void base64_member(struct ir_jline *l, const char *key, const char *value)
{
    ir_jline_key(l, key);
    ir_jline_base64(l->b, ir_str_z(value));
}

static void write_job(const struct job *j, struct ir_buf *b)
{
    struct ir_jline l = ir_jline_open(b);
    base64_member(&l, "source_raw", j->source);
    base64_member(&l, "copy_raw", j->copy);
    ir_jline_text(&l, "name", ir_str_z(j->name));
    ir_jline_text(&l, "serial", ir_str_z(j->serial));
    ir_jline_text(&l, "forced", ir_str_z(j->forced));
    ir_jline_number(&l, "size", j->size);
    ir_jline_number(&l, "retries", j->retries);
    ir_jline_number(&l, "set", j->set);
    ir_jline_number(&l, "direct", j->direct);
    ir_jline_close(&l);
}

static bool base64_of(struct ir_str object, const char *key, char *out, size_t size)
{
    char text[8192];
    struct ir_buf b = IR_BUF(size);
    bool good = ir_json_member(object, key, text, sizeof text) &&
                ir_base64_decode(&b, ir_str_z(text)) && b.n < size && !b.full;
    snprintf(out, size, "%.*s", good ? (int)b.n : 0, good && b.n > 0 ? b.p : "");
    ir_buf_free(&b);
    return good;
}

static bool parse_job(struct ir_str text, struct job *j)
{
    uint64_t direct = 0;
    ir_json_member(text, "serial", j->serial, sizeof j->serial);
    ir_json_member(text, "forced", j->forced, sizeof j->forced);
    bool good = base64_of(text, "source_raw", j->source, sizeof j->source) &&
                base64_of(text, "copy_raw", j->copy, sizeof j->copy) &&
                ir_json_member(text, "name", j->name, sizeof j->name) &&
                ir_json_member_u64(text, "size", &j->size) &&
                ir_json_member_u64(text, "retries", &j->retries) &&
                ir_json_member_u64(text, "set", &j->set) &&
                ir_json_member_u64(text, "direct", &direct);
    j->direct = direct == 1;
    return good && j->name[0] != '\0' && strchr(j->name, '/') == NULL;
}

/* The path as it is on this machine, so that a resumed run finds it from anywhere. */
static bool whole_path(const struct cmd *cmd, const char *path, char *out, size_t size)
{
    char *whole = realpath(path, NULL);
    bool good = whole != NULL && strlen(whole) < size;
    if (good) snprintf(out, size, "%s", whole);
    if (!good) say(cmd, "%s: %s", path, ir_errno_local(whole == NULL ? errno : ENAMETOOLONG));
    free(whole);
    return good;
}

static bool safe_name(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    struct ir_safenames none = {0};
    struct ir_buf b = IR_BUF(size - 1);
    bool good = ir_safename(&none, ir_str_z(slash != NULL ? slash + 1 : path), &b) && !b.full;
    snprintf(out, size, "%.*s", good ? (int)b.n : 0, good ? b.p : "");
    ir_safenames_free(&none);
    ir_buf_free(&b);
    return good && out[0] != '\0';
}

static int open_drive(const struct evidence *e, const struct job *j, struct ir_drive *ret_d)
{
    struct ir_err err = {0};
    if (ir_drive_open(j->source, ret_d, &err) != IR_OK) {
        say(e->cmd, "%s: %s", j->source, ir_local(err.msg));
        return IR_EXIT_FAILED;
    }
    if (ret_d->in_use[0] == '\0' || j->forced[0] != '\0') return IR_EXIT_OK;
    say(e->cmd,
        _("%s: %s: it would change while it is read. Unmount it or mount it read-only; or say why "
          "it is taken all the same: --force-mounted REASON"),
        j->source, ir_local(ret_d->in_use));
    ir_drive_close(ret_d);
    return IR_EXIT_FAILED;
}

/* The exhibit's directory below `dir`, which must not be there before; -1 after a message. */
static int open_copy(const struct evidence *e, const char *dir, bool resume)
{
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
    if (top >= 0 && (mkdirat(top, e->item, 0700) == 0 || (resume && errno == EEXIST)))
        fd = openat(top, e->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) say(e->cmd, "--copy: %s/%s: %s", dir, e->item, ir_errno_local(errno));
    if (top >= 0) close(top);
    return fd;
}

static void show(void *user, const struct ir_image_progress *p)
{
    meter_show(user, 0, p->done, p->size);
}

static void result_details(const struct evidence *e, const struct job *j, const struct ir_drive *d,
                           const struct ir_image_result *r, struct ir_buf *b)
{
    char hex[IR_DIGEST_TEXT];
    struct ir_jline l = {b, true};
    ir_jline_text(&l, "method", IR_S("image"));
    ir_jline_time(&l, "start", e->env->now);
    ir_jline_key(&l, "source");
    ir_buf_chr(b, '{');
    ir_drive_facts(d, j->source, b);
    ir_buf_chr(b, '}');
    ir_jline_text(&l, "taken_though_in_use", ir_str_z(j->forced));
    ir_jline_text(&l, "image", ir_str_z(j->name));
    ir_jline_number(&l, "image_size", r->size);
    ir_jline_number(&l, "bad_bytes", r->bad);
    ir_jline_number(&l, "bad_areas", r->bad_areas);
    if (r->bad_areas <= 64) ir_jline_raw(&l, "bad_list", ir_buf_view(&r->bad_list));
    ir_jline_number(&l, "retries", j->retries);
    if (r->kept > 0) ir_jline_number(&l, "bytes_of_an_earlier_run", r->kept);
    if (r->changed != NULL) ir_jline_text(&l, "source_changed", ir_str_z(r->changed));
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++) {
        ir_digest_hex(&r->sum, (enum ir_digest_alg)a, hex);
        ir_jline_text(&l, ir_digest_name((enum ir_digest_alg)a), ir_str_z(hex));
    }
    ir_jline_text(&l, "digests_of",
                  r->one_reading ? IR_S("the source, in the one reading")
                                 : IR_S("the image, after its pieces were compared with the "
                                        "digests of what was read from the source"));
    ir_jline_text(&l, "second_copy", ir_str_z(j->copy));
}

/* The second copy gets what else is in the exhibit, and is read again as a whole. */
static int finish_copy(struct evidence *e, const struct job *j)
{
    struct ir_buf details = IR_BUF(1 << 14);
    struct ir_carry_totals t;
    struct ir_item item;
    struct ir_err err = {0};
    int status = evidence_item(e, 1u << IR_ITEM_STORED, &item);
    int to = status == IR_EXIT_OK ? open(j->copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (status != IR_EXIT_OK) return status;
    int rc = to >= 0 ? evidence_carry(e, &item, to, true, &t, &err)
                     : ir_fail(&err, IR_FATAL, "%s", ir_errno_text(errno));
    if (to >= 0) close(to);
    if (rc != IR_OK) {
        say(e->cmd, "%s/%s/%s: %s", j->copy, e->item, err.input, ir_local(err.msg));
        return rc == IR_BAD ? IR_EXIT_DAMAGED : IR_EXIT_FAILED;
    }
    ir_custody_detail(&details, "copy_number", "2");
    ir_custody_detail(&details, "destination", j->copy);
    ir_buf_str(&details, IR_S(",\"made\":\"with the image, in one reading of the source\""));
    ir_buf_str(&details, IR_S(",\"read_back\":true,\"digests_equal\":true"));
    status = evidence_append(e, "copy", e->item, t.seal, ir_buf_view(&details));
    ir_buf_free(&details);
    return status;
}

static void sum_up(const struct evidence *e, const struct job *j, const struct ir_image_result *r)
{
    say(e->cmd, _("%s: an image of %s"), j->source, EVIDENCE_COUNT(r->size, "%s byte", "%s bytes"));
    if (r->bad > 0)
        say(e->cmd, _("%s in %s could not be read and became zeros: see data/image/%s.map"),
            EVIDENCE_COUNT(r->bad, "%s byte", "%s bytes"),
            EVIDENCE_COUNT(r->bad_areas, "%s area", "%s areas"), j->name);
    if (r->changed != NULL) say(e->cmd, "%s: %s", j->source, ir_local(r->changed));
}

static int work(struct evidence *e, struct ir_exhibit *x, const struct job *j,
                const struct ir_drive *d, bool resume)
{
    struct ir_err err = {0};
    struct ir_image_result r = {0};
    struct meter meter;
    struct ir_buf details = IR_BUF(JOB_MAX);
    struct ir_image_job job = {.drive = d,
                               .path = j->source,
                               .name = j->name,
                               .set = (unsigned)j->set,
                               .retries = j->retries < 1000 ? (unsigned)j->retries : 1000,
                               .direct = j->direct,
                               .resume = resume,
                               .copy_fd = -1,
                               .confine = evidence_confine(e),
                               .progress = show,
                               .user = &meter};
    if (j->copy[0] != '\0' && (job.copy_fd = open_copy(e, j->copy, resume)) < 0)
        return IR_EXIT_FAILED;
    meter_begin(&meter, e->env);
    int rc = ir_image(x, &job, &r, &err);
    meter_end(&meter);
    if (job.copy_fd >= 0) close(job.copy_fd);
    int status = IR_EXIT_OK;
    if (rc != IR_OK) {
        evidence_say(e, &err);
        say(e->cmd, _("stopped: ir evidence resume goes on"));
        status = rc == IR_BAD ? IR_EXIT_DAMAGED : IR_EXIT_FAILED;
    } else {
        result_details(e, j, d, &r, &details);
        status = evidence_append(e, "image", e->item, NULL, ir_buf_view(&details));
        sum_up(e, j, &r);
    }
    if (status == IR_EXIT_OK) status = evidence_seal(e, x);
    if (status == IR_EXIT_OK && j->copy[0] != '\0') status = finish_copy(e, j);
    if (status == IR_EXIT_OK && (r.bad > 0 || r.changed != NULL)) status = IR_EXIT_DAMAGED;
    ir_buf_free(&details);
    ir_buf_free(&r.bad_list);
    return status;
}

static int begin(struct evidence *e, const struct job *j, const struct ir_drive *d,
                 struct ir_exhibit **ret_x)
{
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(JOB_MAX), facts = IR_BUF(JOB_MAX);
    int status = IR_EXIT_OK;
    write_job(j, &b);
    if (ir_exhibit_create(e->case_fd, e->item, (unsigned)j->set, ret_x, &err) != IR_OK ||
        ir_exhibit_meta(*ret_x, "image.json", ir_buf_view(&b), &err) != IR_OK) {
        evidence_say(e, &err);
        status = IR_EXIT_FAILED;
    }
    ir_buf_str(&facts, IR_S("\"method\":\"image\",\"source\":{"));
    ir_drive_facts(d, j->source, &facts);
    ir_buf_chr(&facts, '}');
    if (status == IR_EXIT_OK)
        status = evidence_append(e, "image-begin", e->item, NULL, ir_buf_view(&facts));
    ir_buf_free(&b);
    ir_buf_free(&facts);
    return status;
}

static void defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct image_options *)options)->retries = 1;
}

static int run_image(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct image_options *o = options;
    struct job j = {.retries = o->retries, .direct = o->direct};
    struct ir_exhibit *x = NULL;
    struct ir_drive d;
    struct evidence e;
    unsigned set;
    int status = evidence_algorithms(cmd, &o->also, &set);
    if (status != IR_EXIT_OK) return status;
    if (!whole_path(cmd, operands->v[0], j.source, sizeof j.source) ||
        (o->copy != NULL && !whole_path(cmd, o->copy, j.copy, sizeof j.copy)))
        return IR_EXIT_FAILED;
    j.set = set;
    if (o->mounted != NULL) snprintf(j.forced, sizeof j.forced, "%s", o->mounted);
    if (!safe_name(j.source, j.name, sizeof j.name)) return IR_EXIT_FAILED;
    status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_MAKE);
    if (status != IR_EXIT_OK) return status;
    if (e.item[0] == '\0') {
        say(cmd, _("--item is needed: the number of the exhibit"));
        return evidence_close(&e, IR_EXIT_USAGE);
    }
    status = open_drive(&e, &j, &d);
    if (status != IR_EXIT_OK) return evidence_close(&e, status);
    j.size = d.size;
    snprintf(j.serial, sizeof j.serial, "%s", d.serial);
    status = begin(&e, &j, &d, &x);
    if (status == IR_EXIT_OK) status = work(&e, x, &j, &d, false);
    ir_exhibit_close(x);
    ir_drive_close(&d);
    return evidence_close(&e, status);
}

/* IR_END: the exhibit is no image. */
static int read_job(const struct evidence *e, int bag_fd, struct job *ret_j)
{
    struct ir_buf text = IR_BUF(JOB_MAX);
    struct ir_err err = {0};
    *ret_j = (struct job){0};
    int rc = ir_file_read(bag_fd, "meta/image.json", JOB_MAX - 1, &text, &err);
    if (rc == IR_OK && !parse_job(ir_buf_view(&text), ret_j))
        rc = ir_fail(&err, IR_FATAL, "is damaged");
    ir_buf_free(&text);
    if (rc != IR_OK && rc != IR_END) evidence_say(e, &err);
    return rc;
}

int evidence_image_resume(struct evidence *e, struct ir_exhibit *x, bool *ret_is)
{
    struct ir_drive d;
    struct job j;
    int rc = read_job(e, ir_exhibit_fd(x), &j);
    *ret_is = rc != IR_END;
    if (rc != IR_OK) return rc == IR_END ? IR_EXIT_OK : IR_EXIT_FAILED;
    int status = open_drive(e, &j, &d);
    if (status != IR_EXIT_OK) return status;
    if (d.size != j.size || strcmp(d.serial, j.serial) != 0) {
        say(e->cmd, _("%s: is another than the first time: its size or serial number differs"),
            j.source);
        status = IR_EXIT_FAILED;
    } else {
        status = work(e, x, &j, &d, true);
    }
    ir_drive_close(&d);
    return status;
}

/* Whether the log tells that the second copy is whole. */
static bool is_copied(const struct evidence *e, const char *to)
{
    char item[sizeof e->item], event[64], destination[4096];
    for (uint64_t i = 0; i < ir_custody_count(e->custody); i++) {
        const struct ir_str line = ir_custody_line(e->custody, i);
        if (ir_custody_text(line, "event", event, sizeof event) && strcmp(event, "copy") == 0 &&
            ir_custody_text(line, "item_id", item, sizeof item) && strcmp(item, e->item) == 0 &&
            ir_custody_text(line, "destination", destination, sizeof destination) &&
            strcmp(destination, to) == 0)
            return true;
    }
    return false;
}

int evidence_image_copy(struct evidence *e, bool *ret_did)
{
    struct job j;
    *ret_did = false;
    int bag = openat(e->case_fd, e->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = bag >= 0 ? read_job(e, bag, &j) : IR_END;
    if (bag >= 0) close(bag);
    if (rc != IR_OK) return rc == IR_END ? IR_EXIT_OK : IR_EXIT_FAILED;
    if (j.copy[0] == '\0' || is_copied(e, j.copy)) return IR_EXIT_OK;
    *ret_did = true;
    return finish_copy(e, &j);
}

const struct cmd cmd_evidence_image = {
    .name = "evidence image",
    .operands = "DEVICE|FILE",
    .brief = N_("Take a raw image of a disk into an exhibit and seal it"),
    .about = N_(
        "Areas that cannot be read become zeros and stand in the map, which is of GNU ddrescue's "
        "format. Exit status 3: there are such areas, or the source changed meanwhile."),
    .opts = image_opts,
    .size = sizeof(struct image_options),
    .min_operands = 1,
    .max_operands = 1,
    .defaults = defaults,
    .run = run_image,
};
