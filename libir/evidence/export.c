/*
 * What the formats of export.h share: the list is read object by object and written as it is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/bodyfile.h"
#include "evidence/exhibit_int.h"
#include "evidence/export_int.h"
#include "evidence/listing.h"

const char *ir_export_format_name(size_t i)
{
    static const char *const names[] = {"tar", "bodyfile", "dfxml", "case"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

/* What a program made during the collection is no file of the source. */
static void bodyfile_object(struct ir_buf *b, const struct ir_export_facts *f,
                            const struct ir_object *o)
{
    char md5[IR_DIGEST_TEXT];
    (void)f;
    if (o->made != NULL) return;
    ir_digest_hex(&o->sum, IR_MD5, md5);
    ir_bodyfile_line(b, md5[0] != '\0' ? md5 : NULL, o->path, o->target, &o->st);
}

static const struct ir_export_ops bodyfile = {.object = bodyfile_object};

static int objects(int bag_fd, const struct ir_export_ops *ops, const struct ir_export_facts *f,
                   struct ir_outlet *out, struct ir_err *err)
{
    struct ir_listing *l;
    struct ir_buf room = IR_BUF(IR_OBJECT_LINE_MAX + 64);
    struct ir_object o;
    struct ir_str line;
    int rc = ir_listing_open(bag_fd, "meta/files.jsonl", &l, err);
    if (rc != IR_OK) return rc;
    if (ops->head != NULL) ops->head(&out->b, f);
    while ((rc = ir_listing_next(l, &line, err)) == IR_OK) {
        rc = ir_object_read(line, &room, &o, err);
        if (rc != IR_OK) break;
        ops->object(&out->b, f, &o);
        if (!ir_outlet_drain(out)) break; /* ir_outlet_close tells why */
    }
    if (ops->foot != NULL) ops->foot(&out->b, f);
    ir_listing_close(l);
    ir_buf_free(&room);
    return rc == IR_END ? IR_OK : rc == IR_WARN ? IR_BAD : rc;
}

int ir_export_bodyfile(int bag_fd, struct ir_outlet *out, struct ir_err *err)
{
    return objects(bag_fd, &bodyfile, NULL, out, err);
}

int ir_export_list(int case_fd, enum ir_export_format format, const struct ir_export_facts *f,
                   struct ir_outlet *out, struct ir_err *err)
{
    static const struct ir_export_ops *const all[IR_EXPORT_FORMAT_MAX] = {
        [IR_EXPORT_BODYFILE] = &bodyfile,
        [IR_EXPORT_DFXML] = &ir_export_dfxml,
        [IR_EXPORT_CASE] = &ir_export_case};
    struct ir_carry_totals t;
    const struct ir_carry_job job = {
        .case_fd = case_fd, .item = f->item, .seal = f->seal, .to_fd = -1, .tags_only = true};
    int rc = ir_carry(&job, &t, err);
    if (rc != IR_OK) return rc;
    int bag = openat(case_fd, f->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (bag < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    rc = objects(bag, all[format], f, out, err);
    close(bag);
    return rc;
}
