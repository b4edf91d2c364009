/*
 * What an image is taken of: a block device, or a file that holds one. Only ever opened for
 * reading.
 *
 *     struct ir_drive d;
 *     if (ir_drive_open("/dev/sdb", &d, &err) == IR_OK) …
 *     ir_drive_close(&d);
 */
#ifndef IR_EVIDENCE_DRIVE_H
#define IR_EVIDENCE_DRIVE_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"

struct ir_drive {
    int fd;
    int direct; /* the same past the page cache, for single sectors; -1: not possible */
    bool block; /* a block device */
    bool read_only;
    uint64_t size;
    unsigned sector, physical; /* bytes */
    struct statx st;
    /* From sysfs; "" where it tells nothing. backing: of a loop device. */
    char model[128], serial[128], vendor[64], wwn[128], backing[256];
    bool removable, rotational;
    char in_use[320]; /* why it may change while it is read: mounted for writing; "": it is not */
};

/* IR_FATAL: cannot be opened, or is neither a block device nor a file. */
int ir_drive_open(const char *path, struct ir_drive *ret_d, struct ir_err *err);
void ir_drive_close(struct ir_drive *d);
/* Its size now; 0 when it cannot be told. */
uint64_t ir_drive_size(const struct ir_drive *d);
/* Members of JSON, without braces: "type", "size", "sector_size", "model", … */
void ir_drive_facts(const struct ir_drive *d, const char *path, struct ir_buf *out);

/* Of the text of /proc/self/mountinfo: whether the device or a part of it is mounted, and whether
 * for writing; `where` gets the mount point of the one that matters. belongs: whether a device
 * number, or the device at a path (when path is not NULL), is this device or a part of it. */
enum ir_mounted { IR_MOUNTED_NOT, IR_MOUNTED_READ, IR_MOUNTED_WRITE };
enum ir_mounted ir_drive_mounted(struct ir_str mountinfo,
                                 bool (*belongs)(void *user, unsigned major, unsigned minor,
                                                 const char *path),
                                 void *user, char *where, size_t size);

#endif
