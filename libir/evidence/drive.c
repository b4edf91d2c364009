/*
 * Block devices and what sysfs tells of them (see drive.h).
 */
#include "evidence/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/jline.h"

#define MOUNTS_MAX ((size_t)16 << 20)

/* A short text of /sys, its ends trimmed; what cannot be shown becomes a blank. Of a partition the
 * disk's is taken when it has none of its own. */
static void sys_text(const struct ir_drive *d, const char *name, char *out, size_t size)
{
    static const char *const from[] = {"", "../"};
    char path[256], buf[256];
    if (out[0] != '\0') return;
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/sys/dev/block/%u:%u/%s%s", d->st.stx_rdev_major,
                 d->st.stx_rdev_minor, from[i], name);
        int fd = ir_io_open(AT_FDCWD, path, 0);
        ssize_t n = fd >= 0 ? ir_io_read_full(fd, buf, sizeof buf) : 0;
        if (fd >= 0) close(fd);
        for (ssize_t k = 0; k < n; k++)
            if ((unsigned char)buf[k] < ' ') buf[k] = ' ';
        struct ir_str text = ir_str_trim(ir_str_n(buf, n > 0 ? (size_t)n : 0));
        if (text.n == 0) continue;
        snprintf(out, size, "%.*s", (int)text.n, text.p);
        return;
    }
}

static bool sys_flag(const struct ir_drive *d, const char *name)
{
    char text[8] = "";
    sys_text(d, name, text, sizeof text);
    return text[0] == '1';
}

static bool is_part_of(const struct ir_drive *d, unsigned major, unsigned minor)
{
    char path[128], buf[64];
    unsigned a, b;
    if (major == d->st.stx_rdev_major && minor == d->st.stx_rdev_minor) return true;
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/../dev", major, minor);
    int fd = ir_io_open(AT_FDCWD, path, 0);
    ssize_t n = fd >= 0 ? ir_io_read_full(fd, buf, sizeof buf - 1) : 0;
    if (fd >= 0) close(fd);
    buf[n > 0 ? n : 0] = '\0';
    return sscanf(buf, "%u:%u", &a, &b) == 2 && a == d->st.stx_rdev_major &&
           b == d->st.stx_rdev_minor;
}

static bool belongs(void *user, unsigned major_no, unsigned minor_no, const char *path)
{
    const struct ir_drive *d = user;
    struct stat st;
    if (is_part_of(d, major_no, minor_no)) return true;
    /* btrfs and others give numbers of their own; the source's path tells */
    return path != NULL && stat(path, &st) == 0 && S_ISBLK(st.st_mode) &&
           is_part_of(d, major(st.st_rdev), minor(st.st_rdev));
}

/* The n-th word of a line, n from 0; empty: there is none. */
static struct ir_str word(struct ir_str line, unsigned n)
{
    struct ir_str w = {0};
    while (line.p != NULL) {
        w = ir_str_cut(&line, ' ');
        if (n-- == 0) return w;
    }
    return ir_str_n("", 0);
}

static bool has_option(struct ir_str options, struct ir_str name)
{
    while (options.p != NULL)
        if (ir_str_eq(ir_str_cut(&options, ','), name)) return true;
    return false;
}

enum ir_mounted ir_drive_mounted(struct ir_str mountinfo,
                                 bool (*part)(void *, unsigned, unsigned, const char *), void *user,
                                 char *where, size_t size)
{
    enum ir_mounted found = IR_MOUNTED_NOT;
    struct ir_str line;
    bool ended;
    where[0] = '\0';
    while (found != IR_MOUNTED_WRITE && ir_str_line(&mountinfo, &line, &ended)) {
        char number[32], source[4096];
        unsigned a, b;
        size_t dash = ir_str_find(line, IR_S(" - "));
        struct ir_str device = word(line, 2), rest = ir_str_skip(line, dash + 3);
        if (dash == IR_NPOS || device.n >= sizeof number) continue;
        snprintf(number, sizeof number, "%.*s", (int)device.n, device.p);
        snprintf(source, sizeof source, "%.*s", IR_FMT(word(rest, 1)));
        if (sscanf(number, "%u:%u", &a, &b) != 2 ||
            !part(user, a, b, source[0] == '/' ? source : NULL))
            continue;
        found = has_option(word(rest, 2), IR_S("rw")) ? IR_MOUNTED_WRITE : IR_MOUNTED_READ;
        snprintf(where, size, "%.*s", IR_FMT(word(line, 4)));
    }
    return found;
}

/* Whether the kernel has it in use for writing. Opening exclusively fails for all uses, also those
 * of other mount namespaces, RAID, LVM and swap; the list of mounts then tells of the harmless one,
 * mounted read-only. */
static void look_in_use(struct ir_drive *d, const char *path)
{
    struct ir_buf text = IR_BUF(MOUNTS_MAX);
    char where[256];
    int probe = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
    if (probe >= 0) close(probe);
    if (probe >= 0 || errno != EBUSY) return;
    int fd = ir_io_open(AT_FDCWD, "/proc/self/mountinfo", 0);
    ssize_t got = 1;
    while (fd >= 0 && got > 0 && ir_buf_reserve(&text, 1 << 16)) {
        got = ir_io_read(fd, text.p + text.n, 1 << 16);
        if (got > 0) text.n += (size_t)got;
    }
    if (fd >= 0) close(fd);
    enum ir_mounted m = ir_drive_mounted(ir_buf_view(&text), belongs, d, where, sizeof where);
    if (m == IR_MOUNTED_WRITE)
        snprintf(d->in_use, sizeof d->in_use, N_("mounted for writing at %s"), where);
    else if (m == IR_MOUNTED_NOT)
        snprintf(d->in_use, sizeof d->in_use, "%s",
                 N_("in use by the kernel: RAID, LVM, swap, or mounted elsewhere"));
    ir_buf_free(&text);
}

/* SCSI's unit serial number: four bytes of head, then text. */
static void scsi_serial(struct ir_drive *d)
{
    char raw[128] = "";
    sys_text(d, "device/vpd_pg80", raw, sizeof raw);
    struct ir_str text = ir_str_trim(ir_str_z(raw)); /* the head became blanks */
    size_t i = 0;
    while (i < text.n && !ir_isalnum(text.p[i]))
        i++;
    if (d->serial[0] == '\0')
        snprintf(d->serial, sizeof d->serial, "%.*s", IR_FMT(ir_str_skip(text, i)));
}

static void block_facts(struct ir_drive *d, const char *path)
{
    int n = 0, sector = 0;
    unsigned physical = 0;
    if (ioctl(d->fd, BLKSSZGET, &sector) == 0 && sector > 0) d->sector = (unsigned)sector;
    d->physical = ioctl(d->fd, BLKPBSZGET, &physical) == 0 && physical > 0 ? physical : d->sector;
    d->read_only = ioctl(d->fd, BLKROGET, &n) == 0 && n != 0;
    sys_text(d, "device/model", d->model, sizeof d->model);
    sys_text(d, "device/name", d->model, sizeof d->model);
    sys_text(d, "dm/name", d->model, sizeof d->model);
    sys_text(d, "device/vendor", d->vendor, sizeof d->vendor);
    sys_text(d, "device/serial", d->serial, sizeof d->serial);
    sys_text(d, "serial", d->serial, sizeof d->serial);
    scsi_serial(d);
    sys_text(d, "device/wwid", d->wwn, sizeof d->wwn);
    sys_text(d, "wwid", d->wwn, sizeof d->wwn);
    sys_text(d, "loop/backing_file", d->backing, sizeof d->backing);
    d->removable = sys_flag(d, "removable");
    d->rotational = sys_flag(d, "queue/rotational");
    d->direct = open(path, O_RDONLY | O_DIRECT | O_NONBLOCK | O_CLOEXEC);
    look_in_use(d, path);
}

uint64_t ir_drive_size(const struct ir_drive *d)
{
    struct stat st;
    uint64_t size = 0;
    if (d->block) return ioctl(d->fd, BLKGETSIZE64, &size) == 0 ? size : 0;
    return fstat(d->fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

int ir_drive_open(const char *path, struct ir_drive *ret_d, struct ir_err *err)
{
    struct ir_drive d = {.fd = -1, .direct = -1, .sector = 512, .physical = 512};
    ir_err_at(err, path, -1, 0);
    d.fd = ir_io_open(AT_FDCWD, path, 0);
    if (d.fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(-d.fd));
    int rc = IR_OK;
    if (statx(d.fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &d.st) != 0)
        rc = ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    else if (!S_ISBLK(d.st.stx_mode) && !S_ISREG(d.st.stx_mode))
        rc = ir_fail(err, IR_FATAL, "is neither a block device nor a file");
    if (rc != IR_OK) {
        close(d.fd);
        return rc;
    }
    d.block = S_ISBLK(d.st.stx_mode);
    if (d.block) block_facts(&d, path);
    d.size = ir_drive_size(&d);
    *ret_d = d;
    return IR_OK;
}

void ir_drive_close(struct ir_drive *d)
{
    if (d->direct >= 0) close(d->direct);
    if (d->fd >= 0) close(d->fd);
    d->fd = d->direct = -1;
}

void ir_drive_facts(const struct ir_drive *d, const char *path, struct ir_buf *out)
{
    struct ir_jline l = {out, true};
    ir_jline_bytes(&l, "path", ir_str_z(path));
    ir_jline_text(&l, "type", d->block ? IR_S("block device") : IR_S("file"));
    ir_jline_number(&l, "size", d->size);
    ir_jline_number(&l, "sector_size", d->sector);
    if (!d->block) return;
    ir_jline_number(&l, "physical_sector_size", d->physical);
    ir_jline_text(&l, "vendor", ir_str_z(d->vendor));
    ir_jline_text(&l, "model", ir_str_z(d->model));
    ir_jline_text(&l, "serial", ir_str_z(d->serial));
    ir_jline_text(&l, "wwn", ir_str_z(d->wwn));
    ir_jline_bytes(&l, "backing_file", ir_str_z(d->backing));
    ir_jline_flag(&l, "removable", d->removable);
    ir_jline_flag(&l, "rotational", d->rotational);
    ir_jline_raw(&l, "write_protected", d->read_only ? IR_S("true") : IR_S("false"));
    ir_jline_text(&l, "write_protection_checked_by", IR_S("BLKROGET"));
    ir_jline_text(&l, "in_use", ir_str_z(d->in_use));
}
